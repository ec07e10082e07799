"""The mosaic of several radars against a loop over pixels: every product, every rule, every band."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
import pytest

from models.grid import GridArea
from models.radar.compose import Plane, compose, counts, plane_of
from models.radar.mosaic import Mosaic, Rule
from models.radar.polar import footprint_of
from models.radar.product import Reading
from models.radar.quantity import NO_ECHO, NOT_SEEN, Quantity
from models.radar.tables import pixel_table
from tests.models.radar import by_hand
from tests.models.radar.four_radars import Ground, four, raster
from tests.models.radar.scene import AT, STEP

AREA = GridArea.over((112.6, 22.6, 114.9, 24.6), 3800.0)
WORDS = ("cr", "hybrid", "hybrid blocked", "cappi:1500", "cappi:3000", "cappi:6000", "et", "vil")
LONGEST = timedelta(minutes=30)


@dataclass
class Columns:
    """What every cut of every radar says above every pixel, looked up once, and where an edge is near."""

    radars: list[by_hand.Radar]
    above: list[list[tuple[int, list[by_hand.Look]]]]
    edge: np.ndarray
    ground: Ground


@pytest.fixture(scope="module")
def columns() -> Columns:
    ground = Ground()
    volumes = four()
    for volume in volumes:  # so that the ground is made
        footprint_of(volume, step=STEP, blockage=ground, with_weights=True)
    radars = [by_hand.Radar(volume, ground.percent) for volume in volumes]
    above, edge = [], np.zeros(AREA.shape, bool)
    for row, column, lon, lat in by_hand.pixels(AREA):
        here = []
        for radar in radars:
            azimuth_row, number, near = by_hand.bin_of(radar, lon, lat)
            edge[row, column] |= near
            here.append((number, by_hand.looks(radar, azimuth_row, number)))
        above.append(here)
    return Columns(radars, above, edge, ground)


def planes_of(readings: list[Reading], quantity: Quantity, ground: Ground | None, area: GridArea) -> tuple[Plane, ...]:
    planes = []
    for reading in readings:
        footprint = footprint_of(reading, step=STEP, quantity=quantity, blockage=ground, with_weights=True)
        planes.append(plane_of(footprint, pixel_table(footprint.geometry, area)))
    return tuple(planes)


def words_of(columns: Columns, quantity: Quantity, *, blocked: bool) -> tuple[list[list[by_hand.Word]], np.ndarray]:
    """Return what each radar says of each pixel, the raster product last; and where an edge is near."""
    edge, out = columns.edge.copy(), []
    product = raster()
    for (row, column, lon, lat), above in zip(by_hand.pixels(AREA), columns.above, strict=True):
        words = []
        for radar, (number, looks) in zip(columns.radars, above, strict=True):
            free = looks if blocked else [replace(look, blocked=None) for look in looks]
            words.append(by_hand.word_of(radar, number, free, quantity))
        if quantity.word == "cr":
            word, near = by_hand.word_of_product(product, lon, lat)
            words.append(word)
            edge[row, column] |= near
        out.append(words)
    return out, edge


def bands_by_hand(words: list[list[by_hand.Word]], readings: list[Reading], rule: Rule) -> dict[str, np.ndarray]:
    out = by_hand.arrays(AREA)
    ages = [(AT - reading.started_at).total_seconds() / 60 for reading in readings]
    for (row, column, _, _), said in zip(by_hand.pixels(AREA), words, strict=True):
        best, whose, many = by_hand.chosen(said, rule)
        out["codes"][row, column], out["heights"][row, column] = best.code, best.height
        out["source"][row, column], out["count"][row, column] = whose, many
        out["age"][row, column] = ages[whose - 1] if whose else np.nan
    return out


def bands_of(mosaic: Mosaic, planes: tuple[Plane, ...]) -> dict[str, np.ndarray]:
    return {
        "codes": mosaic.codes,
        "heights": mosaic.heights,
        "source": mosaic.source,
        "count": counts(planes, mosaic.area),
        "age": mosaic.age_minutes(),
    }


@pytest.mark.parametrize("word", WORDS)
def test_every_band_of_the_mosaic_is_what_a_loop_over_pixels_finds(columns: Columns, word: str) -> None:
    quantity, blocked = Quantity.parse(word.removesuffix(" blocked")), word.endswith("blocked")
    readings: list[Reading] = [radar.volume for radar in columns.radars]
    if word == "cr":
        readings.append(raster())
    planes = planes_of(readings, quantity, columns.ground if blocked else None, AREA)
    words, edge = words_of(columns, quantity, blocked=blocked)
    assert edge.mean() < 0.02
    for rule in Rule:
        mosaic = compose(planes, AREA, at=AT, max_age=LONGEST, rule=rule)
        expected = bands_by_hand(words, readings, rule)
        wrong = {}
        for name, band in bands_of(mosaic, planes).items():
            same = (band == expected[name]) | (np.isnan(band) & np.isnan(expected[name]))
            wrong[name] = int(np.count_nonzero(~same & ~edge))
        print(
            f"{word:15} {rule.value:8} {AREA.rows}x{AREA.columns}: {wrong} differ of {np.count_nonzero(~edge)}, "
            f"{np.count_nonzero(edge)} at an edge, sources {np.bincount(mosaic.source.ravel()).tolist()}"
        )
        assert set(wrong.values()) == {0}
        assert {0, 1, 2, 3} <= set(np.unique(mosaic.source).tolist())
        assert {NOT_SEEN, NO_ECHO} < set(np.unique(mosaic.codes).tolist())
        assert mosaic.heights[mosaic.codes == NOT_SEEN].min() == 255
