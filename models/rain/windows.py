"""Rain of the last hours at every point: one value per point and window, and how much of it is there.

The rule is the house's one rule of judging a window. Rain is kept minute by
minute; a window of ``w`` hours up to ``t`` holds the minutes that end in
``(t - w, t]``; what is missing stays missing and is counted as such.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from models.geodesy import FloatArray
from models.rain.gauge_minutes import GaugeMinutes, gauge_minutes
from models.rain.near_gauges import NearGauges, near_gauges
from models.rain.observations import Gauge, GaugeReport, PointRates
from models.rain.radar_minutes import RadarMinutes, radar_minutes

FULL = 0.9
"""The part of a window that must be there before "below" may be said."""

NO_SOURCE, FROM_GAUGE, FROM_RADAR = 0, 1, 2
_ROUNDING = 2


@dataclass(frozen=True, slots=True, eq=False)
class RainWindows:
    """Rain of every point in every window up to ``at``.

    ``rain_mm`` (points, windows) float64 is what has arrived, rounded to 0.01 mm,
    NaN where nothing has; ``coverage`` (points, windows) is the part of the
    window's minutes that have data; ``source`` (points, windows) int8 is
    `NO_SOURCE`, `FROM_GAUGE` or `FROM_RADAR`, and ``source_id`` names the gauge
    or the radars ("SZ01+XB02").

    ``partial_mm`` (points, windows) is the most that a nearer gauge has measured
    whose window is not full, NaN where there is none: the rain of the window is
    not taken from it, but a threshold that it reaches is reached.
    ``partial_id`` and ``partial_coverage`` belong to it. ``silent_gauge``
    (points,) names the nearest gauge within reach that has fallen silent, else "".
    """

    at: datetime
    windows_h: tuple[int, ...]
    rain_mm: FloatArray
    coverage: FloatArray
    source: NDArray[np.int8]
    source_id: NDArray[np.object_]
    partial_mm: FloatArray
    partial_coverage: FloatArray
    partial_id: NDArray[np.object_]
    silent_gauge: tuple[str, ...]


def is_full(coverage: float) -> bool:
    """Return whether so much of a window is there that "below" may be said (90 %)."""
    return coverage >= FULL - 1e-9


def whole_minute(at: datetime) -> datetime:
    """Return the last whole minute at or before a moment."""
    return at.replace(second=0, microsecond=0)


def rain_windows(
    points_lonlat: FloatArray,
    windows_h: Sequence[int],
    rates: Sequence[PointRates],
    gauges: Sequence[Gauge],
    reports: Sequence[GaugeReport],
    now: datetime,
) -> RainWindows:
    """Return the rain of every point in every window up to the last whole minute.

    Parameters
    ----------
    points_lonlat : (points, 2) float64, degrees
        WGS 84 longitude and latitude.
    windows_h : Sequence[int]
        Lengths of the windows in hours.
    rates : Sequence[PointRates]
        Radar frames and archived hourly sums, in the order of the points; what
        lies outside the windows is ignored.
    gauges, reports : Sequence
        The gauges and what they reported; reports of unknown gauges are ignored.
    now : datetime
        Aware; the windows end at its last whole minute. A frame or report that
        ends later counts for the minutes up to it.

    Returns
    -------
    RainWindows
        A point's rain is that of the nearest gauge within 3 km whose window is
        90 % there, else the radar's; where the radar has nothing at all, the
        partial gauge's.

    Raises
    ------
    ValueError
        If a frame has another number of points.

    Notes
    -----
    A frame's rate holds for the radar's step up to its own rounded time.
    Several radars combine minute by minute by the maximum; an archived sum
    fills only minutes that no frame has. Sums are rounded to 0.01 mm, so that
    ten times 3.5 mm reaches 35 mm whatever the floating point says.
    """
    lonlat = np.asarray(points_lonlat, float).reshape(-1, 2)
    end_at = whole_minute(now)
    hours = tuple(windows_h)
    minutes = 60 * max(hours, default=1)
    radar = radar_minutes(len(lonlat), rates, end_at, minutes)
    gauge = gauge_minutes(gauges, reports, end_at, minutes)
    near = near_gauges(lonlat, tuple(gauges))
    return _choose(end_at, hours, len(lonlat), radar, gauge, near)


def align(rates: PointRates, point_ids: Sequence[str], wanted_ids: Sequence[str]) -> PointRates:
    """Return a frame in the order of ``wanted_ids``; points it does not know become NaN."""
    if tuple(point_ids) == tuple(wanted_ids):
        return rates
    place = {id_: i for i, id_ in enumerate(point_ids)}
    index = np.array([place.get(id_, -1) for id_ in wanted_ids], dtype=np.intp)
    padded = np.append(np.asarray(rates.rates, np.float32), np.float32(np.nan))
    return PointRates(rates.radar, rates.at, rates.step, padded[index], rates.is_sum)


def horizon(now: datetime, windows_h: Sequence[int]) -> datetime:
    """Return since when data can matter for the windows up to ``now`` (with room for an archived hour)."""
    return whole_minute(now) - timedelta(hours=max(windows_h, default=1) + 1)


def _choose(
    at: datetime, hours: tuple[int, ...], points: int, radar: RadarMinutes, gauge: GaugeMinutes, near: NearGauges
) -> RainWindows:
    """Give each point and window its source."""
    shape = (points, len(hours))
    rain, coverage = np.full(shape, np.nan), np.zeros(shape)
    source, source_id = np.zeros(shape, np.int8), np.full(shape, "", dtype=object)
    partial_mm, partial_coverage = np.full(shape, np.nan), np.zeros(shape)
    partial_id = np.full(shape, "", dtype=object)
    gauge_ids = np.array([*gauge.ids, ""], dtype=object)
    for w, window_h in enumerate(hours):
        minutes = window_h * 60
        radar_mm, radar_coverage = radar.window(minutes)
        gauge_mm, gauge_coverage = gauge.window(minutes)
        chosen = near.first_full(gauge_coverage >= FULL - 1e-9)
        by_gauge = chosen >= 0
        by_radar = ~by_gauge & (radar_coverage > 0)
        partial = near.most_before(chosen, gauge_mm, gauge_coverage)
        has_partial = partial >= 0
        partial_mm[has_partial, w] = gauge_mm[partial[has_partial]]
        partial_coverage[has_partial, w] = gauge_coverage[partial[has_partial]]
        partial_id[:, w] = gauge_ids[partial]
        by_partial = ~by_gauge & ~by_radar & has_partial
        taken = np.where(by_gauge, chosen, np.where(by_partial, partial, -1))
        from_gauge = taken >= 0
        rain[from_gauge, w] = gauge_mm[taken[from_gauge]]
        coverage[from_gauge, w] = gauge_coverage[taken[from_gauge]]
        rain[by_radar, w] = radar_mm[by_radar]
        coverage[by_radar, w] = radar_coverage[by_radar]
        source[from_gauge, w] = FROM_GAUGE
        source[by_radar, w] = FROM_RADAR
        source_id[:, w] = np.where(by_radar, radar.names(minutes), gauge_ids[taken])
    silent = gauge_ids[near.nearest_of(gauge.silent)]
    return RainWindows(
        at,
        hours,
        np.round(rain, _ROUNDING),
        coverage,
        source,
        source_id,
        np.round(partial_mm, _ROUNDING),
        partial_coverage,
        partial_id,
        tuple(silent.tolist()),
    )
