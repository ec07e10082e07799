"""Judging: which level has the rain reached at each point, and what cannot be said.

Rain that has arrived can reach a threshold whatever is missing; only "below"
needs 90 % of the window. So a gap never hides a red hour, and a point whose
windows are thin is *not judged* rather than safe.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime

from models.hazard.alarms import PointVerdict, RainSource, WindowVerdict
from models.hazard.level import Level
from models.hazard.register import HazardPoint, Threshold
from models.rain.windows import FROM_GAUGE, FROM_RADAR, RainWindows, is_full

_EQUAL_MM = 0.005
_SOURCES = {FROM_GAUGE: RainSource.GAUGE, FROM_RADAR: RainSource.RADAR}


def reaches(rain_mm: float, threshold_mm: float) -> bool:
    """Return whether rain has reached a threshold: equal is reached, NaN never is.

    Half a hundredth of a millimeter, finer than any gauge, is taken for equal.
    """
    return rain_mm - threshold_mm > -_EQUAL_MM


def judge(points: Sequence[HazardPoint], windows: RainWindows, now: datetime) -> tuple[PointVerdict, ...]:
    """Return the verdict on each point, in their order.

    Parameters
    ----------
    points : Sequence[HazardPoint]
        In the order of the rows of ``windows``.
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
    if len(points) != len(windows.rain_mm):
        msg = f"{len(windows.rain_mm)} rows of rain for {len(points)} points"
        raise ValueError(msg)
    column = {window_h: i for i, window_h in enumerate(windows.windows_h)}
    rain, coverage = windows.rain_mm.tolist(), windows.coverage.tolist()
    source, source_id = windows.source.tolist(), windows.source_id.tolist()
    partial = (windows.partial_mm.tolist(), windows.partial_coverage.tolist(), windows.partial_id.tolist())
    out = []
    for row, point in enumerate(points):
        by_window: dict[int, list[Threshold]] = {}
        for threshold in point.thresholds:
            by_window.setdefault(threshold.window_h, []).append(threshold)
        verdicts = []
        for window_h in sorted(by_window):
            thresholds = by_window[window_h]
            i = column.get(window_h)
            if i is None:
                verdicts.append(_missing(window_h))
                continue
            verdict = _window(
                window_h,
                thresholds,
                rain[row][i],
                coverage[row][i],
                _SOURCES.get(source[row][i], RainSource.NONE),
                source_id[row][i],
            )
            if not math.isnan(partial[0][row][i]):
                hidden = _window(
                    window_h, thresholds, partial[0][row][i], partial[1][row][i], RainSource.GAUGE, partial[2][row][i]
                )
                verdict = hidden if hidden.level.rank > verdict.level.rank else verdict
            verdicts.append(verdict)
        out.append(_point(point, now, tuple(verdicts), by_window, windows.silent_gauge[row]))
    return tuple(out)


def threshold_of(point: HazardPoint, window_h: int, level: Level) -> float:
    """Return the millimeters that reach a level in a window, NaN where the point has none."""
    return next(
        (t.rain_mm for t in point.thresholds if t.window_h == window_h and t.level is level),
        math.nan,
    )


def _missing(window_h: int) -> WindowVerdict:
    return WindowVerdict(window_h, math.nan, 0.0, Level.NOT_JUDGED, at_least=False, source=RainSource.NONE)


def _window(
    window_h: int, thresholds: list[Threshold], rain_mm: float, coverage: float, source: RainSource, source_id: str
) -> WindowVerdict:
    level = Level.NONE if is_full(coverage) else Level.NOT_JUDGED
    for threshold in thresholds:
        if reaches(rain_mm, threshold.rain_mm) and threshold.level.rank > level.rank:
            level = threshold.level
    at_least = level.is_alarm and coverage < 1.0 - 1e-9
    return WindowVerdict(window_h, rain_mm, coverage, level, at_least, source, source_id)


def _point(
    point: HazardPoint,
    now: datetime,
    verdicts: tuple[WindowVerdict, ...],
    by_window: dict[int, list[Threshold]],
    silent: str,
) -> PointVerdict:
    deciding = max(
        (v for v in verdicts if v.level.is_alarm),
        key=lambda v: (v.level.rank, not v.at_least, -v.window_h),
        default=None,
    )
    if deciding is not None:
        level = deciding.level
    elif not verdicts or any(v.level is Level.NOT_JUDGED for v in verdicts):
        level = Level.NOT_JUDGED
    else:
        level = Level.NONE
    next_level, next_mm, next_window_h = _next(level, verdicts, by_window)
    return PointVerdict(point, now, level, verdicts, deciding, next_level, next_mm, next_window_h, silent)


def _next(
    level: Level, verdicts: tuple[WindowVerdict, ...], by_window: dict[int, list[Threshold]]
) -> tuple[Level | None, float, int]:
    """Find the nearest higher threshold among the windows that can be spoken of."""
    found: tuple[Level | None, float, int] = (None, math.nan, 0)
    for verdict in verdicts:
        if verdict.level is Level.NOT_JUDGED:
            continue
        for threshold in by_window[verdict.window_h]:
            to_go = threshold.rain_mm - verdict.rain_mm
            if not to_go >= found[1] and threshold.level.rank > level.rank:
                found = (threshold.level, to_go, verdict.window_h)
    return found[0], round(found[1], 2), found[2]
