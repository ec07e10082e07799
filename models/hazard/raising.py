"""Raising alarms: a level-up, once, with the evidence it rests on; and when a level is let go."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.hazard.alarms import Alarm, PointVerdict, WindowVerdict
from models.hazard.level import Level
from models.hazard.rules import threshold_of
from models.identity import new_id
from models.rain.windows import is_full

LET_GO_SHARE = 0.8
LET_GO_AFTER = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class HeldLevel:
    """The level a point is held at, and since when its rain has been well below it."""

    level: Level
    low_since: datetime | None = None


def new_alarms(before: Mapping[str, Level], verdicts: Iterable[PointVerdict], now: datetime) -> tuple[Alarm, ...]:
    """Return an alarm for each point whose level is above the one it was held at, the worst first.

    Parameters
    ----------
    before : Mapping[str, Level]
        The level each point (by id) is held at; a point that is not in it, or
        was not judged, stands at none. Keep it with `hold`.
    verdicts : Iterable[PointVerdict]
        The points as judged now.
    now : datetime
        When the alarm is raised.
    """
    raised = [
        _alarm(v, v.deciding, now)
        for v in verdicts
        if v.deciding is not None and v.level.rank > before.get(v.point.id, Level.NONE).rank
    ]
    return tuple(sorted(raised, key=lambda a: (-a.level.rank, a.point_name, a.point_id)))


def hold(before: Mapping[str, HeldLevel], verdicts: Iterable[PointVerdict], now: datetime) -> dict[str, HeldLevel]:
    """Return the level each point is held at after this judgement.

    A higher level is taken at once. A level is let go only after the rain has
    stayed under 80 % of its thresholds for 30 minutes, every window being
    judged: a gap lets nothing go.

    Notes
    -----
    Source: risk-models, rule 13.2 (house starter values).
    """
    held = dict(before)
    nothing = HeldLevel(Level.NONE)
    for verdict in verdicts:
        id_ = verdict.point.id
        now_held = held.get(id_, nothing)
        if now_held.level is Level.NONE and (verdict.level is Level.NONE or verdict.level is Level.NOT_JUDGED):
            held[id_] = nothing
        elif verdict.level.rank >= now_held.level.rank:
            held[id_] = HeldLevel(verdict.level if verdict.level.is_alarm else Level.NONE)
        elif not _is_low(verdict, now_held.level):
            held[id_] = HeldLevel(now_held.level)
        else:
            low_since = now_held.low_since or now
            gone = now - low_since >= LET_GO_AFTER
            held[id_] = (
                HeldLevel(verdict.level if verdict.level.is_alarm else Level.NONE)
                if gone
                else HeldLevel(now_held.level, low_since)
            )
    return held


def levels_of(held: Mapping[str, HeldLevel]) -> dict[str, Level]:
    """Return just the levels, as `new_alarms` takes them."""
    return {id_: value.level for id_, value in held.items()}


def let_go(before: Mapping[str, HeldLevel], after: Mapping[str, HeldLevel]) -> dict[str, Level]:
    """Return the points whose level was let go, each with what it is held at now."""
    return {
        id_: value.level for id_, value in after.items() if id_ in before and value.level.rank < before[id_].level.rank
    }


def evidence_of(verdict: PointVerdict) -> dict[str, object]:
    """Return what a verdict rests on as plain data that JSON can hold (NaN becomes None)."""
    return {
        "at": verdict.at.isoformat(),
        "level": verdict.level.value,
        "thresholds": [
            {"window_h": t.window_h, "level": t.level.value, "rain_mm": t.rain_mm, "design": t.design}
            for t in verdict.point.thresholds
        ],
        "windows": [
            {
                "window_h": w.window_h,
                "rain_mm": None if math.isnan(w.rain_mm) else w.rain_mm,
                "coverage": round(w.coverage, 4),
                "level": w.level.value,
                "at_least": w.at_least,
                "source": w.source.value,
                "source_id": w.source_id,
            }
            for w in verdict.windows
        ],
        "silent_gauge": verdict.silent_gauge,
        "attributes": dict(verdict.point.attributes),
    }


def _is_low(verdict: PointVerdict, level: Level) -> bool:
    """Return whether every window that can give the level is judged and well below it."""
    for window in verdict.windows:
        threshold_mm = threshold_of(verdict.point, window.window_h, level)
        if math.isnan(threshold_mm):
            continue  # the window has no such level
        if not is_full(window.coverage) or not window.rain_mm < LET_GO_SHARE * threshold_mm:
            return False
    return True


def _alarm(verdict: PointVerdict, deciding: WindowVerdict, now: datetime) -> Alarm:
    point = verdict.point
    return Alarm(
        id=new_id(),
        point_id=point.id,
        point_name=point.name,
        kind=point.kind.value,
        town=point.town,
        lon_deg=point.lon_deg,
        lat_deg=point.lat_deg,
        level=verdict.level,
        window_h=deciding.window_h,
        rain_mm=deciding.rain_mm,
        threshold_mm=threshold_of(point, deciding.window_h, verdict.level),
        at_least=deciding.at_least,
        raised_at=now,
        source=deciding.source,
        source_id=deciding.source_id,
        evidence=evidence_of(verdict),
    )
