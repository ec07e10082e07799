"""Judging: which level has the rain reached at each point, and what cannot be said.

Rain that has arrived can reach a threshold whatever is missing; only "below"
needs 90 % of the window. So a gap never hides a red hour, and a point whose
windows are thin is *not judged* rather than safe.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.geodesy import FloatArray
from models.hazard.alarms import PointVerdict, RainSource, WindowVerdict
from models.hazard.level import RISING, Level
from models.hazard.point_table import PointTable, ThresholdRows
from models.hazard.register import HazardPoint
from models.rain.windows import FROM_GAUGE, FROM_RADAR, FULL, NO_SOURCE, RainWindows

_EQUAL_MM = 0.005
_BY_CODE = (Level.NONE, *RISING, Level.NOT_JUDGED)
_UNJUDGED = len(RISING) + 1
"""A level's code is its rank; one that was not judged has the next."""
_SOURCES = {FROM_GAUGE: RainSource.GAUGE, FROM_RADAR: RainSource.RADAR}


def reaches(rain_mm: float, threshold_mm: float) -> bool:
    """Return whether rain has reached a threshold: equal is reached, NaN never is.

    Half a hundredth of a millimeter, finer than any gauge, is taken for equal.
    """
    return rain_mm - threshold_mm > -_EQUAL_MM


def judge(points: Sequence[HazardPoint] | PointTable, windows: RainWindows, now: datetime) -> tuple[PointVerdict, ...]:
    """Return the verdict on each point, in their order.

    Parameters
    ----------
    points : Sequence[HazardPoint] or PointTable
        In the order of the rows of ``windows``; a table keeps its arrays for the next judgement.
    windows : RainWindows
        The rain. A window that a point has a threshold for but that was not
        summed counts as missing.
    now : datetime
        The moment of the judgement.

    Returns
    -------
    tuple[PointVerdict, ...]
        A point's level is the highest that any window reached. If none is
        reached and a window is not judged, the point is *not judged*; so is a
        point without thresholds.

    Raises
    ------
    ValueError
        If the rain is of another number of points.
    """
    table = points if isinstance(points, PointTable) else PointTable(tuple(points))
    if len(table.points) != len(windows.rain_mm):
        msg = f"{len(windows.rain_mm)} rows of rain for {len(table.points)} points"
        raise ValueError(msg)
    judged = _judged_windows(table.thresholds, windows)
    rows = table.thresholds
    ends = rows.windows_from
    rank = _most(judged.rank, ends, 0)
    unjudged = _most(judged.unjudged.astype(np.int64), ends, 1) > 0  # a point without thresholds is not judged either
    levels = [_BY_CODE[code] for code in np.where(rank > 0, rank, np.where(unjudged, _UNJUDGED, 0)).tolist()]
    # The highest level decides, rather by a full window, rather by a short one.
    worth = np.where(judged.rank > 0, 2 * judged.rank + ~judged.at_least, 0)
    deciding = _first_with(worth, _most(worth, ends, 0), ends, rows.row)
    deciding[rank == 0] = -1
    next_of = _nearest_higher(rows, judged, rank)
    verdicts = _verdicts_of(rows, judged)
    to_go = rows.mm - judged.rain_mm[rows.window_of]
    next_level = [_BY_CODE[code] if code else None for code in _picked(rows.rank, next_of, 0)]
    next_mm = [round(mm, 2) for mm in _picked(to_go, next_of, math.nan)]
    next_h = _picked(rows.window_h[rows.window_of], next_of, 0)
    of_point = [tuple(verdicts[first:last]) for first, last in itertools.pairwise(ends.tolist())]
    decides = [None if at < 0 else verdicts[at] for at in deciding.tolist()]
    silent, told = windows.silent_gauge, (next_level, next_mm, next_h)
    return tuple([
        PointVerdict(point, now, *said)
        for point, *said in zip(table.points, levels, of_point, decides, *told, silent, strict=True)
    ])  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Judged:
    """Each window of each point, judged: (windows,) arrays in the order of `ThresholdRows`; ``rank`` 0 without a level."""

    rain_mm: FloatArray
    coverage: FloatArray
    rank: NDArray[np.int64]
    unjudged: NDArray[np.bool_]
    at_least: NDArray[np.bool_]
    source: NDArray[np.int8]
    source_id: NDArray[np.object_]


def _judged_windows(rows: ThresholdRows, windows: RainWindows) -> _Judged:
    """Judge by the rain that was chosen, or by what a nearer gauge without a full window has measured, if that is worse."""
    column = {window_h: i for i, window_h in enumerate(windows.windows_h)}
    hours, each = np.unique(rows.window_h, return_inverse=True)
    at = np.array([column.get(window_h, -1) for window_h in hours.tolist()], np.intp)[each]
    missing = at < 0

    def taken(values: NDArray[Any], where_missing: Any) -> Any:
        if not values.shape[1]:
            return np.full(len(at), where_missing, values.dtype)
        return np.where(missing, where_missing, values[rows.row, at]).astype(values.dtype)

    rain_mm, coverage = taken(windows.rain_mm, math.nan), taken(windows.coverage, 0.0)
    source, source_id = taken(windows.source, NO_SOURCE), taken(windows.source_id, "")
    partial_mm = taken(windows.partial_mm, math.nan)
    rank, partial_rank = _reached(rows, rain_mm), _reached(rows, partial_mm)
    hidden = partial_rank > rank
    rank = np.where(hidden, partial_rank, rank)
    rain_mm = np.where(hidden, partial_mm, rain_mm)
    coverage = np.where(hidden, taken(windows.partial_coverage, 0.0), coverage)
    source = np.where(hidden, FROM_GAUGE, source)
    source_id = np.where(hidden, taken(windows.partial_id, ""), source_id)
    unjudged = (rank == 0) & (coverage < FULL - 1e-9)
    return _Judged(rain_mm, coverage, rank, unjudged, (rank > 0) & (coverage < 1.0 - 1e-9), source, source_id)


def _reached(rows: ThresholdRows, rain_mm: FloatArray) -> NDArray[np.int64]:
    """Return the rank of the highest level that the rain of each window reaches, 0 where none is."""
    if not len(rows.first):
        return np.zeros(0, np.int64)
    reached = np.where(rain_mm[rows.window_of] - rows.mm > -_EQUAL_MM, rows.rank, 0)  # as `reaches`
    return np.asarray(np.maximum.reduceat(reached, rows.first))


def _verdicts_of(rows: ThresholdRows, judged: _Judged) -> list[WindowVerdict]:
    codes = np.where(judged.unjudged, _UNJUDGED, judged.rank)
    return [
        WindowVerdict(window_h, mm, part, _BY_CODE[code], at_least, _SOURCES.get(source, RainSource.NONE), source_id)
        for window_h, mm, part, code, at_least, source, source_id in zip(
            rows.window_h.tolist(), judged.rain_mm.tolist(), judged.coverage.tolist(), codes.tolist(),
            judged.at_least.tolist(), judged.source.tolist(), judged.source_id.tolist(), strict=True,
        )
    ]  # fmt: skip


def _nearest_higher(rows: ThresholdRows, judged: _Judged, rank: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return for each point the nearest higher threshold among the windows that can be spoken of, -1 without one."""
    row = rows.row[rows.window_of]
    counts = ~judged.unjudged[rows.window_of] & (rows.rank > rank[row])
    to_go = np.where(counts, rows.mm - judged.rain_mm[rows.window_of], np.inf)
    ends = np.append(rows.first, len(rows.mm))[rows.windows_from]
    return _first_with(-to_go, _most(-to_go, ends, -np.inf), ends, row, but=-np.inf)


def _most(values: NDArray[Any], ends: NDArray[np.intp], where_none: float) -> NDArray[Any]:
    """Return the greatest value of each point, whose values are those from its end to the next one's."""
    out = np.full(len(ends) - 1, where_none, values.dtype)
    filled = np.flatnonzero(ends[1:] > ends[:-1])
    if filled.size:
        out[filled] = np.maximum.reduceat(values, ends[filled])
    return out


def _first_with(
    values: NDArray[Any], most: NDArray[Any], ends: NDArray[np.intp], row: NDArray[np.intp], *, but: float = -1.0
) -> NDArray[np.intp]:
    """Return where the first of the greatest values of each point stands, -1 for none, and where it is ``but``."""
    where = np.flatnonzero((values == most[row]) & (values != but))
    out = np.full(len(ends) - 1, -1, np.intp)
    out[row[where][::-1]] = where[::-1]  # of several the first is written last
    return out


def _picked(values: NDArray[Any], at: NDArray[np.intp], where_none: float) -> list[Any]:
    """Return the values at places, another one where the place is -1."""
    out = np.full(len(at), where_none, values.dtype)
    out[at >= 0] = values[at[at >= 0]]
    return list(out.tolist())


def threshold_of(point: HazardPoint, window_h: int, level: Level) -> float:
    """Return the millimeters that reach a level in a window, NaN where the point has none."""
    return next(
        (t.rain_mm for t in point.thresholds if t.window_h == window_h and t.level is level),
        math.nan,
    )
