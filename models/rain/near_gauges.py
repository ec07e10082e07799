"""Which gauges stand near a point, the nearest first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from models.geodesy import FloatArray
from models.rain.observations import Gauge

REACH_M = 3_000.0
REACH_DEG = REACH_M / 100_000.0
"""So many degrees on a great circle are farther than the reach."""
_GEOD = Geod(ellps="WGS84")
_Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class NearGauges:
    """The gauges within reach of each point.

    ``index`` (points, most) is the gauge by rank of distance, -1 where there is
    none; ``distance_m`` (points, most) is NaN there.
    """

    index: _Index
    distance_m: FloatArray

    def first_full(self, full: NDArray[np.bool_]) -> _Index:
        """Return (points,) the nearest gauge whose window is full, -1 where there is none."""
        answers = np.append(full, False)[self.index]
        return self._at_rank(answers)

    def nearest_of(self, silent: NDArray[np.bool_]) -> _Index:
        """Return (points,) the nearest gauge if it is one of these, else -1."""
        if self.index.shape[1] == 0:
            return np.full(len(self.index), -1, np.intp)
        nearest = self.index[:, 0]
        return np.where((nearest >= 0) & np.append(silent, False)[nearest], nearest, -1)

    def most_before(self, chosen: _Index, rain_mm: FloatArray, coverage: FloatArray) -> _Index:
        """Return (points,) of the gauges nearer than the chosen one that which has measured most, -1 if none has."""
        rank_of_chosen = np.where(
            chosen >= 0,
            np.argmax(self.index == chosen[:, None], axis=1) if self.index.shape[1] else 0,
            self.index.shape[1],
        )
        before = np.arange(self.index.shape[1])[None, :] < rank_of_chosen[:, None]
        amount = np.append(np.where(coverage > 0, rain_mm, np.nan), np.nan)[self.index]
        amount = np.where(before & ~np.isnan(amount), amount, -1.0)
        if amount.shape[1] == 0:
            return np.full(len(self.index), -1, np.intp)
        best = np.argmax(amount, axis=1)
        rows = np.arange(len(self.index))
        return np.where(amount[rows, best] >= 0, self.index[rows, best], -1)

    def _at_rank(self, answers: NDArray[np.bool_]) -> _Index:
        """Return (points,) the first gauge by rank whose answer is yes, -1 where none is."""
        if answers.shape[1] == 0:
            return np.full(len(self.index), -1, np.intp)
        rank = np.argmax(answers, axis=1)
        return np.where(answers.any(axis=1), self.index[np.arange(len(self.index)), rank], -1)


def near_gauges(points_lonlat: FloatArray, gauges: tuple[Gauge, ...]) -> NearGauges:
    """Return the gauges within 3 km of each point, nearest first.

    Parameters
    ----------
    points_lonlat : (points, 2) float64, degrees
        WGS 84.
    gauges : tuple[Gauge, ...]
        Gauges without a place (NaN) are near nothing.
    """
    lonlat = np.ascontiguousarray(points_lonlat, dtype=np.float64)
    places = np.array([(g.lon_deg, g.lat_deg) for g in gauges], dtype=np.float64).reshape(-1, 2)
    return _near(lonlat.tobytes(), places.tobytes())


@lru_cache(maxsize=8)
def _near(points: bytes, gauges: bytes) -> NearGauges:
    lonlat = np.frombuffer(points).reshape(-1, 2)
    places = np.frombuffer(gauges).reshape(-1, 2)
    if not len(places) or not len(lonlat):
        return NearGauges(np.empty((len(lonlat), 0), np.intp), np.empty((len(lonlat), 0)))
    p, g = _of_one_strip(lonlat[:, 1], places[:, 1], REACH_DEG)
    dx = (lonlat[p, 0] - places[g, 0]) * np.cos(np.radians(lonlat[p, 1]))
    near = np.hypot(dx, lonlat[p, 1] - places[g, 1]) < REACH_DEG
    p, g = p[near], g[near]
    _, _, meters = _GEOD.inv(lonlat[p, 0], lonlat[p, 1], places[g, 0], places[g, 1])
    meters = np.asarray(meters, float)
    keep = meters <= REACH_M
    p, g, meters = p[keep], g[keep], meters[keep]
    order = np.lexsort((g, meters, p))
    p, g, meters = p[order], g[order], meters[order]
    counts = np.bincount(p, minlength=len(lonlat))
    rank = np.arange(len(p)) - np.repeat(np.cumsum(counts) - counts, counts)
    most = int(counts.max(initial=0))
    index = np.full((len(lonlat), most), -1, np.intp)
    distance = np.full((len(lonlat), most), np.nan)
    index[p, rank] = g
    distance[p, rank] = meters
    return NearGauges(index, distance)


def _of_one_strip(point_lat_deg: FloatArray, gauge_lat_deg: FloatArray, reach_deg: float) -> tuple[_Index, _Index]:
    """Return the pairs of point and gauge whose latitudes lie within reach, so that not all are held against all."""
    order = np.argsort(point_lat_deg)
    ordered = point_lat_deg[order]
    first = np.searchsorted(ordered, gauge_lat_deg - 1.001 * reach_deg)
    counts = np.searchsorted(ordered, gauge_lat_deg + 1.001 * reach_deg) - first
    gauge = np.repeat(np.arange(len(gauge_lat_deg)), counts)
    place = np.arange(len(gauge)) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(first, counts)
    return order[place], gauge
