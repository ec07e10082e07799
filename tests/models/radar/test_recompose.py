"""One new volume into the standing mosaic is the same as composing anew, in every band of the map."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from models.grid import GridArea
from models.radar.compose import Plane, compose, plane_of, recompose
from models.radar.footprint import HEIGHT_UNKNOWN
from models.radar.mosaic import Mosaic, Rule
from models.radar.polar import footprint_of
from models.radar.product import Reading
from models.radar.quantity import CR, NOT_SEEN, Quantity
from models.radar.tables import bands, pixel_table
from models.radar.volume import Volume
from tests.models.radar.four_radars import coarse_high, fine_sector, four, long_range, one_cut, raster
from tests.models.radar.scene import AT, STEP

AREA = GridArea.over((112.0, 22.1, 114.8, 24.9), 1000.0)
LONGEST = timedelta(minutes=30)
NEWER = {"ZL001": long_range(91, 0.0), "ZX002": fine_sector(92, 0.0), "ZM003": coarse_high(93, 0.0)}
NEWER["ZS004"] = one_cut(94, 0.0)


def plane(reading: Reading, quantity: Quantity = CR, *, with_heights: bool = True) -> Plane:
    footprint = footprint_of(reading, step=STEP, quantity=quantity, with_heights=with_heights, with_weights=True)
    return plane_of(footprint, pixel_table(footprint.geometry, AREA))


def assert_same(one: Mosaic, other: Mosaic) -> None:
    assert np.array_equal(one.codes, other.codes)
    assert np.array_equal(one.heights, other.heights)
    assert np.array_equal(one.source, other.source)
    assert np.array_equal(one.age_minutes(), other.age_minutes(), equal_nan=True)
    assert (one.sources, one.absent, one.rule, one.quantity) == (
        other.sources,
        other.absent,
        other.rule,
        other.quantity,
    )


@pytest.mark.parametrize("rule", list(Rule))
@pytest.mark.parametrize("word", ["cr", "hybrid", "cappi:3000", "et", "vil"])
def test_a_new_volume_gives_what_composing_anew_gives(word: str, rule: Rule) -> None:
    quantity = Quantity.parse(word)
    assert len(bands(AREA)) >= 3
    planes = tuple(plane(volume, quantity) for volume in four())
    before = compose(planes, AREA, at=AT, max_age=LONGEST, rule=rule)
    changed = 0
    for number, old in enumerate(planes):
        fresh = plane(NEWER[old.source.code], quantity)
        now = (*planes[:number], fresh, *planes[number + 1 :])
        after = recompose(before, now, old.source.code)
        assert_same(after, compose(now, AREA, at=AT, max_age=LONGEST, rule=rule))
        changed += int(np.count_nonzero(after.codes != before.codes))
    assert changed > 10_000
    assert_same(before, compose(planes, AREA, at=AT, max_age=LONGEST, rule=rule))


@pytest.mark.parametrize("rule", list(Rule))
def test_a_new_volume_that_reaches_less_far_leaves_nothing_of_the_old_one(rule: Rule) -> None:
    planes = tuple(plane(volume) for volume in four())
    before = compose(planes, AREA, at=AT, max_age=LONGEST, rule=rule)
    whole = NEWER["ZL001"]
    short = replace(whole, sweeps=tuple(sweep for sweep in whole.sweeps if sweep.elevation_deg > 9))
    moved = replace(whole, site=replace(whole.site, lon_deg=whole.site.lon_deg + 0.6))
    for volume in (short, moved):
        now = (plane(volume), *planes[1:])
        assert_same(recompose(before, now, "ZL001"), compose(now, AREA, at=AT, max_age=LONGEST, rule=rule))


@pytest.mark.parametrize("rule", [Rule.MAXIMUM, Rule.WEIGHT])
def test_codes_alone_are_the_codes_of_the_full_mosaic(rule: Rule) -> None:
    readings: list[Reading] = [*four(), raster()]
    full = compose(tuple(plane(one) for one in readings), AREA, at=AT, max_age=LONGEST, rule=rule)
    planes = tuple(plane(one, with_heights=False) for one in readings)
    alone = compose(planes, AREA, at=AT, max_age=LONGEST, rule=rule)
    assert np.array_equal(alone.codes, full.codes)
    assert alone.heights.min() == HEIGHT_UNKNOWN
    assert np.array_equal(alone.source > 0, full.source > 0)
    assert {cells.dtype for one in planes for cells in (tile.cells for tile in one.tiles)} == {np.dtype(np.uint8)}
    fresh = plane(NEWER["ZX002"], with_heights=False)
    now = (planes[0], fresh, *planes[2:])
    assert_same(recompose(alone, now, "ZX002"), compose(now, AREA, at=AT, max_age=LONGEST, rule=rule))


def test_bands_worked_by_several_threads_are_the_same() -> None:
    volumes: list[Volume] = four()
    planes = tuple(plane(volume) for volume in volumes)
    with ThreadPoolExecutor(3) as pool:
        for rule in Rule:
            shared = compose(planes, AREA, at=AT, max_age=LONGEST, rule=rule, spread=pool.map)
            assert (shared.codes != NOT_SEEN).any()
            assert_same(shared, compose(planes, AREA, at=AT, max_age=LONGEST, rule=rule))
        for volume, one in zip(volumes, planes, strict=True):
            footprint = footprint_of(volume, step=STEP, with_weights=True, spread=pool.map)
            other = plane_of(footprint, pixel_table(footprint.geometry, AREA), spread=pool.map)
            assert all(np.array_equal(a.cells, b.cells) for a, b in zip(one.tiles, other.tiles, strict=True))
