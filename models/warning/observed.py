"""Rain observed in the towns, as a warning quotes it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.hazard.register import HazardPoint, Place
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
    best: dict[tuple[str, int], TownRain] = {}
    measured = np.flatnonzero(~np.isnan(rain.rain_mm).all(axis=1)).tolist()
    for row in measured:
        point = points[row]
        town = finder.find(point.town, point.lon_deg, point.lat_deg)
        if town is None:
            continue
        for i, window_h in enumerate(rain.windows_h):
            found = _of_window(point, town, window_h, rain, row, i)
            known = best.get((town.code, window_h))
            if not math.isnan(found.rain_mm) and (known is None or found.rain_mm > known.rain_mm):
                best[town.code, window_h] = found
    return tuple(best[key] for key in sorted(best))


def by_window(rains: Sequence[TownRain], code: str) -> Mapping[int, float]:
    """Return one town's rain in mm by window in h."""
    return {r.window_h: r.rain_mm for r in rains if r.code == code}


def _of_window(point: HazardPoint, town: Place, window_h: int, rain: RainWindows, row: int, i: int) -> TownRain:
    """Take the rain of a window, or what a nearer broken gauge had measured if that is more."""
    amount, coverage = float(rain.rain_mm[row, i]), float(rain.coverage[row, i])
    partial = float(rain.partial_mm[row, i])
    if partial > amount or (math.isnan(amount) and not math.isnan(partial)):
        amount, coverage = partial, float(rain.partial_coverage[row, i])
    return TownRain(town.code, town.name, window_h, amount, coverage < 1.0 - 1e-9, point.name)
