"""A large mosaic in strips, and the one motion by which its radars are taken to one time."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from app.commands.radar_fields import RadarField, Taken
from models.geodesy import mercator_scale
from models.grid import GridArea
from models.radar.compose import compose, plane_of
from models.radar.footprint import Footprint
from models.radar.mosaic import Mosaic
from models.radar.motion import FASTEST_MS, Motion, motion_between
from models.radar.tables import make_table

STRIP_CELLS = 2_000_000
LOOKED_AT_M = 1000.0
APART = timedelta(minutes=6)
LEAST_APART, MOST_APART = timedelta(minutes=2), timedelta(minutes=20)
_BLOCK_ROWS = 256
_ALIKE = 0.25


@dataclass(frozen=True, slots=True)
class Strip:
    """Some rows of an area; ``wide`` has more rows on both sides, as echoes move in from there.

    ``first_row`` of the area is the first of ``wide``; ``rows_in_wide`` are the strip's own.
    """

    area: GridArea
    wide: GridArea
    first_row: int
    rows_in_wide: slice

    def part_of(self, motion: Motion) -> Motion:
        """Return a motion over the whole area as it lies over ``wide``."""
        skipped = round(self.first_row * self.area.cell_m / motion.area.cell_m)
        whole = motion.area
        north_m = whole.north_m - skipped * whole.cell_m
        area = GridArea(whole.west_m, north_m, whole.cell_m, whole.rows - skipped, whole.columns)
        return Motion(area, motion.at, motion.velocity[skipped:])


def strips_of(area: GridArea, motion: Motion | None, max_age: timedelta) -> Iterator[Strip]:
    """Yield an area in strips of about `STRIP_CELLS`, from north to south.

    With a motion a strip begins at a whole row of it, and is as much wider as the fastest echo
    moves in ``max_age``.
    """
    rows = max(_BLOCK_ROWS, STRIP_CELLS // area.columns // _BLOCK_ROWS * _BLOCK_ROWS)
    many, beside = 1, 0
    if motion is not None:
        many = round(motion.area.cell_m / area.cell_m)
        rows = math.ceil(rows / many) * many
        _, lat = area.centers_lonlat()
        far_m = FASTEST_MS * max_age.total_seconds() * mercator_scale(max(abs(float(lat[0])), abs(float(lat[-1]))))
        beside = math.ceil(far_m / area.cell_m / many + 1) * many
    for first in range(0, area.rows, rows):
        last = min(area.rows, first + rows)
        top, bottom = max(0, first - beside), min(area.rows, last + beside)
        own, wide = (_rows_of(area, a, b) for a, b in ((first, last), (top, bottom)))
        yield Strip(own, wide, top, slice(first - top, last - top))


def motion_of(taken: Taken[RadarField], at: datetime, area: GridArea) -> Motion | None:
    """Return how the echoes move, seen in two volumes of each radar; None where nothing can be told.

    Of each radar with an older file the one about `APART` before its newest counts, if most radars'
    two lie as far apart (within a quarter); cells are of `LOOKED_AT_M` or those of the area.
    """
    pairs = [pair for code in taken.newest if (pair := _pair(taken, code)) is not None]
    if not pairs:
        return None
    usual_s = median((after.source.at - before.source.at).total_seconds() for before, after in pairs)
    alike = [
        (before, after)
        for before, after in pairs
        if abs((after.source.at - before.source.at).total_seconds() - usual_s) <= _ALIKE * usual_s
    ]
    _, lat = area.centers_lonlat()
    many = max(1, round(LOOKED_AT_M * mercator_scale(float(lat[lat.size // 2])) / area.cell_m))
    rows, columns = math.ceil(area.rows / many), math.ceil(area.columns / many)
    coarse = GridArea(area.west_m, area.north_m, area.cell_m * many, rows, columns)
    before = _mosaic([pair[0] for pair in alike], coarse, at - timedelta(seconds=usual_s))
    return motion_between(before, _mosaic([pair[1] for pair in alike], coarse, at))


def _pair(taken: Taken[RadarField], code: str) -> tuple[Footprint, Footprint] | None:
    """Return the echoes of a radar before and now; None if it has no fitting older file."""
    newest = taken.newest[code]
    able = [one for one in taken.older.get(code, ()) if LEAST_APART <= newest.source.at - one.source.at <= MOST_APART]
    if not able or newest.echo is None:
        return None
    before = min(able, key=lambda one: abs(newest.source.at - one.source.at - APART))
    return (before.echo, newest.echo) if before.echo is not None else None


def _mosaic(footprints: list[Footprint], area: GridArea, at: datetime) -> Mosaic:
    planes = tuple(plane_of(one, make_table(one.geometry, area)) for one in footprints)
    return compose(planes, area, at=at, max_age=timedelta(days=1))


def _rows_of(area: GridArea, first: int, last: int) -> GridArea:
    return GridArea(area.west_m, area.north_m - first * area.cell_m, area.cell_m, last - first, area.columns)
