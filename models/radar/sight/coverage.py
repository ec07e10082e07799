"""What several radars can see together: how low, by which of them, and where nothing is seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from models.grid import GridArea
from models.radar.sight.blockage import MOST_BLOCKED, UNKNOWN
from models.radar.sight.site_view import SiteView
from models.radar.tables import box_of, offsets

STEPS_M = (1000.0, 2000.0, 3000.0)
MOST_RADARS = 254


class Sight(IntEnum):
    """How low the radars see a place: the codes of `Coverage.codes`."""

    OUT_OF_RANGE = 0
    BELOW_1_KM = 1
    BELOW_2_KM = 2
    BELOW_3_KM = 3
    ABOVE_3_KM = 4
    BLOCKED = 5
    UNKNOWN = 6


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """What radars can see together; all arrays (rows, columns), row 0 north.

    ``codes`` uint8 of `Sight`. Of the lowest beam center that is known to be free, ``above_sea_m``
    and ``above_ground_m`` float32 are its height (NaN where there is none), ``radar`` uint8 is 1 +
    index into ``radars`` of who sends it (0 none), and ``percent`` uint8 what the ground takes of it;
    where every beam is blocked, the least that is taken of any (255 where that is not known, or none
    reaches). ``count`` uint8 is how many radars have a beam there that is not known to be blocked.
    """

    area: GridArea
    codes: NDArray[np.uint8]
    above_ground_m: NDArray[np.float32]
    above_sea_m: NDArray[np.float32]
    radar: NDArray[np.uint8]
    count: NDArray[np.uint8]
    percent: NDArray[np.uint8]
    radars: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Lowest:
    """The lowest beam over each polar cell of one radar, flat: free or not, known or not, and of the free one more."""

    above_sea_m: NDArray[np.float32]
    percent: NDArray[np.uint8]
    reached: NDArray[np.bool_]
    open: NDArray[np.bool_]


def coverage_of(views: Iterable[SiteView], area: GridArea, ground_m: NDArray[np.float32]) -> Coverage:
    """Return what radars see together on the map.

    Parameters
    ----------
    views : iterable of SiteView
        One a radar, taken one after the other, so that a generator needs the room of one only; at most 254.
    area : GridArea
        The map's raster.
    ground_m : (rows, columns) float32
        Height of the ground above sea level, NaN where unknown.

    Returns
    -------
    Coverage
        A beam of which more than `MOST_BLOCKED` percent is lost sees nothing, and one above all storms
        (`models.radar.sight.site_view.STORM_TOP_M`) does not count. Where no beam is known to be
        free, but one is not known to be blocked either, and where the ground's height is not known,
        the class is ``UNKNOWN``.

    Raises
    ------
    ValueError
        If there are too many radars or the ground lies on another raster.
    """
    if ground_m.shape != area.shape:
        raise ValueError("the ground lies on another raster")
    lowest = np.full(area.shape, np.inf, np.float32)
    percent = np.full(area.shape, UNKNOWN, np.uint8)
    radar, count = np.zeros(area.shape, np.uint8), np.zeros(area.shape, np.uint8)
    reached, blind = np.zeros(area.shape, np.bool_), np.full(area.shape, UNKNOWN, np.uint8)
    names = []
    for number, view in enumerate(views, start=1):
        if number > MOST_RADARS:
            raise ValueError(f"more than {MOST_RADARS} radars")
        names.append(view.site.code)
        place = view.geometry.lon_deg, view.geometry.lat_deg
        box = box_of(*place, view.geometry.reach_m, area)
        if any(side.start == side.stop for side in box):
            continue
        cells = view.geometry.cells_at(*offsets(*place, area, *box))
        beam = _lowest_of(view)
        inside = cells >= 0
        there = beam.reached.take(cells, mode="clip") & inside
        height = np.where(there, beam.above_sea_m.take(cells, mode="clip"), np.float32(np.inf))
        taken = beam.percent.take(cells, mode="clip")
        better = height < lowest[box]
        np.copyto(lowest[box], height, where=better)
        np.copyto(percent[box], taken, where=better)
        np.copyto(radar[box], np.uint8(number), where=better)
        np.copyto(blind[box], taken, where=there & (taken < blind[box]))
        reached[box] |= there
        count[box] += beam.open.take(cells, mode="clip") & there
    free = np.isfinite(lowest)
    above_sea = np.where(free, lowest, np.float32(np.nan))
    above_ground = above_sea - ground_m
    codes = np.full(area.shape, Sight.UNKNOWN, np.uint8)
    codes[~reached] = Sight.OUT_OF_RANGE
    codes[reached & (count == 0)] = Sight.BLOCKED
    seen = np.isfinite(above_ground)
    codes[seen] = Sight.BELOW_1_KM + np.searchsorted(STEPS_M, above_ground[seen], side="right")
    percent[~free] = np.where(count == 0, blind, UNKNOWN)[~free]
    return Coverage(area, codes, above_ground, above_sea, radar, count, percent, tuple(names))


def _lowest_of(view: SiteView) -> _Lowest:
    """Return the lowest beam over each polar cell that is known to be free, or what hides them all."""
    shape = view.looks.shape[1:]
    height = np.full(shape, np.inf, np.float32)
    percent = np.full(shape, UNKNOWN, np.uint8)
    blind = np.full(shape, UNKNOWN, np.uint8)
    is_open = np.zeros(shape, np.bool_)
    useful = view.useful
    for looks, taken, above_sea in zip(useful[::-1], view.percent[::-1], view.height_m[::-1], strict=True):
        free = looks & (taken <= MOST_BLOCKED)
        level = np.broadcast_to(np.nan_to_num(above_sea, nan=np.inf).astype(np.float32), shape)
        np.copyto(height, level, where=free)
        np.copyto(percent, taken, where=free)
        np.copyto(blind, taken, where=looks & (taken < blind))
        is_open |= looks & ((taken <= MOST_BLOCKED) | (taken == UNKNOWN))
    percent[np.isinf(height)] = blind[np.isinf(height)]
    return _Lowest(height.ravel(), percent.ravel(), useful.any(axis=0).ravel(), is_open.ravel())
