"""Hazard points as arrays, for judging all of them at once: places, windows, and every threshold in one row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.geodesy import FloatArray
from models.hazard.register import HazardPoint

_Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class ThresholdRows:
    """The thresholds of all points, point by point, each point's by window, and in its own order within one.

    ``rank`` (thresholds,) is the level's, 1 blue .. 4 red; ``mm`` (thresholds,) is what reaches it. A *window* is one
    window of one point: ``window_of`` (thresholds,) says in which a threshold stands, ``first`` (windows,) where its
    thresholds begin, ``row`` (windows,) is the point and ``window_h`` (windows,) the hours. ``windows_from``
    (points + 1,) says where the windows of a point begin.
    """

    rank: NDArray[np.int64]
    mm: FloatArray
    window_of: _Index
    first: _Index
    row: _Index
    window_h: NDArray[np.int64]
    windows_from: _Index


@dataclass(frozen=True, eq=False)
class PointTable:
    """Points in the order of their register; what is made of them is made once, by whoever asks first."""

    points: tuple[HazardPoint, ...] = ()

    def made(self) -> PointTable:
        """Return the table with everything made: for a job, whose reader has no time for it."""
        for name in ("by_id", "lonlat", "windows_h"):
            getattr(self, name)
        return self

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The id of each point."""
        return tuple([point.id for point in self.points])

    @cached_property
    def by_id(self) -> Mapping[str, HazardPoint]:
        """The points by id."""
        return dict(zip(self.ids, self.points, strict=True))

    @cached_property
    def lonlat(self) -> FloatArray:
        """Where the points lie, (points, 2) degrees, longitude first."""
        lon_deg = np.fromiter((point.lon_deg for point in self.points), float, len(self.points))
        return np.column_stack([lon_deg, np.fromiter((point.lat_deg for point in self.points), float, len(lon_deg))])

    @cached_property
    def windows_h(self) -> tuple[int, ...]:
        """The windows that any point is judged in, rising."""
        return tuple(np.unique(self.thresholds.window_h).tolist())

    @cached_property
    def thresholds(self) -> ThresholdRows:
        """Every threshold of every point."""
        counts = np.fromiter((len(point.thresholds) for point in self.points), np.intp, len(self.points))
        count = int(counts.sum())
        every = [one for point in self.points for one in point.thresholds]
        hours = np.fromiter((one.window_h for one in every), np.int64, count)
        mm = np.fromiter((one.rain_mm for one in every), float, count)
        rank = np.fromiter((one.level.rank for one in every), np.int64, count)
        row = np.repeat(np.arange(len(self.points)), counts)
        order = np.lexsort((hours, row))
        hours, row = hours[order], row[order]
        begins = np.ones(count, bool)
        begins[1:] = (row[1:] != row[:-1]) | (hours[1:] != hours[:-1])
        first = np.flatnonzero(begins)
        windows_from = np.searchsorted(row[first], np.arange(len(self.points) + 1))
        return ThresholdRows(
            rank[order], mm[order], np.cumsum(begins) - 1, first, row[first], hours[first], windows_from
        )
