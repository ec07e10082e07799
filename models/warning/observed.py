"""Rain observed in the towns, as a warning quotes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.geodesy import FloatArray
from models.hazard.register import HazardPoint
from models.rain.windows import RainWindows
from models.warning.area import TownFinder


@dataclass(frozen=True, slots=True)
class TownRain:
    """The most that any point of a town has had in a window, in mm.

    ``at_least`` says that the window was not full. ``point_name`` is where.
    """

    code: str
    name: str
    window_h: int
    rain_mm: float
    at_least: bool
    point_name: str


def town_rains(points: Sequence[HazardPoint], rain: RainWindows, finder: TownFinder) -> tuple[TownRain, ...]:
    """Return for each town and window the most that any of its points has had.

    ``points`` are in the order of the rows of ``rain``; towns and windows in
    which nothing has arrived are left out.
    """
    measured = np.flatnonzero(~np.isnan(rain.rain_mm).all(axis=1)).tolist()
    towns = finder.find_all([points[row] for row in measured])
    codes = sorted({town.code for town in towns if town is not None})
    place = {code: n for n, code in enumerate(codes)}
    code = np.array([-1 if town is None else place[town.code] for town in towns], np.intp)
    order = np.argsort(code, kind="stable")[np.count_nonzero(code < 0) :]
    if not order.size:
        return ()
    rows, of_code = np.array(measured, np.intp)[order], code[order]
    begins = np.searchsorted(of_code, np.arange(len(codes)))
    amount_mm, coverage = _amounts(rain)
    best: dict[tuple[str, int], TownRain] = {}
    for i, window_h in enumerate(rain.windows_h):
        mm = np.where(np.isnan(amount_mm[rows, i]), -np.inf, amount_mm[rows, i])
        most = np.maximum.reduceat(mm, begins)
        greatest = np.flatnonzero((mm == most[of_code]) & (mm > -np.inf)).tolist()
        for at in reversed(greatest):  # of equal ones the first is written last
            town, row = towns[order[at]], int(rows[at])
            if town is not None:
                at_least = bool(coverage[row, i] < 1.0 - 1e-9)
                best[town.code, window_h] = TownRain(
                    town.code, town.name, window_h, float(amount_mm[row, i]), at_least, points[row].name
                )
    return tuple(best[key] for key in sorted(best))


def by_window(rains: Sequence[TownRain], code: str) -> Mapping[int, float]:
    """Return one town's rain in mm by window in h."""
    return {r.window_h: r.rain_mm for r in rains if r.code == code}


def _amounts(rain: RainWindows) -> tuple[FloatArray, FloatArray]:
    """Return the rain of each point and window, or what a nearer broken gauge had measured if that is more; and coverage."""
    more = (rain.partial_mm > rain.rain_mm) | (np.isnan(rain.rain_mm) & ~np.isnan(rain.partial_mm))
    return np.where(more, rain.partial_mm, rain.rain_mm), np.where(more, rain.partial_coverage, rain.coverage)
