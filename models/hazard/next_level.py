"""Which points stand nearest to their next level, out of all that were judged: the few that a list shows, and counts."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.hazard.alarms import PointVerdict
from models.hazard.level import Level

NEAR_MM = 30.0
"""Farther from its next level a point is not worth a row."""
NEAR_ROWS = 40
UNJUDGED_ROWS = 3


@dataclass(frozen=True, slots=True, eq=False)
class NearestPoints:
    """The points that a list has room for, of ``count`` judged ones.

    ``near`` are the first `NEAR_ROWS` of `nearest_first`, ``unjudged`` at most `UNJUDGED_ROWS` of those that could not
    be judged, by what they lack to their next level; there are ``unjudged_count`` of them, and ``lacking_h`` are the
    windows without data of those that have no row.
    """

    near: tuple[PointVerdict, ...] = ()
    unjudged: tuple[PointVerdict, ...] = ()
    unjudged_count: int = 0
    count: int = 0
    lacking_h: tuple[int, ...] = ()


def past_mm(verdict: PointVerdict) -> float:
    """Return by how much the deciding window has passed its own level's threshold, NaN if none decides."""
    deciding = verdict.deciding
    if deciding is None:
        return math.nan
    return deciding.rain_mm - max(
        (t.rain_mm for t in verdict.point.thresholds if t.window_h == deciding.window_h and t.level is verdict.level),
        default=math.nan,
    )


def nearest_first(verdicts: Iterable[PointVerdict], most: int | None = None) -> tuple[PointVerdict, ...]:
    """Return the judged points that are worth a row, or the first ``most``: red ones, then by millimeters to go."""
    near = [
        v
        for v in verdicts
        if v.level is not Level.NOT_JUDGED and (v.level is not Level.NONE or (v.next_mm <= NEAR_MM and _has_rain(v)))
    ]
    return tuple(sorted(near, key=_nearness) if most is None else heapq.nsmallest(most, near, key=_nearness))


def nearest_of(verdicts: Sequence[PointVerdict]) -> NearestPoints:
    """Return what a list shows of all points as judged; for a job."""
    unjudged = [v for v in verdicts if v.level is Level.NOT_JUDGED]
    first = heapq.nsmallest(UNJUDGED_ROWS, unjudged, key=lambda v: (_to_go(v), v.point.id))
    shown = tuple(first if len(unjudged) <= UNJUDGED_ROWS else first[: UNJUDGED_ROWS - 1])
    mine = set(map(id, shown))
    lacking = {w.window_h for v in unjudged if id(v) not in mine for w in v.windows if w.level is Level.NOT_JUDGED}
    near = nearest_first(verdicts, NEAR_ROWS)
    return NearestPoints(near, shown, len(unjudged), len(verdicts), tuple(sorted(lacking)))


def _nearness(verdict: PointVerdict) -> tuple[bool, float, float, int, str]:
    is_red = verdict.level is Level.RED
    return not is_red, _to_go(verdict), -past_mm(verdict) if is_red else 0.0, -verdict.level.rank, verdict.point.id


def _to_go(verdict: PointVerdict) -> float:
    return verdict.next_mm if math.isfinite(verdict.next_mm) else math.inf


def _has_rain(verdict: PointVerdict) -> bool:
    return any(w.rain_mm > 0 for w in verdict.windows)
