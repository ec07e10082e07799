"""The chart of every kind of radar file: what is drawn, where it lies, and what is said of it."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from layers.color_table import load
from layers.grid_layer import colors_of
from layers.radar_chart import Chart, ChartWish, MapChart, UprightChart, area_for, chart_of, chart_of_section
from models.errors import DataError
from models.radar.decoders import read
from models.radar.ppi import ppi_of
from models.radar.product import Grid, Product, Radial, Raster, Reading, Role, Table
from models.radar.quantity import CR, NO_ECHO, NOT_SEEN, Quantity
from models.radar.rhi import rhi_of
from models.radar.section import section_of
from models.radar.stack_of_cuts import cuts_round
from models.radar.upright import Heights
from models.radar.volume import Site, Volume
from tests import data
from tests.models.radar.scene import AT, SITE, codes_on, lopsided, sweep_of
from tests.models.radar.test_rhi import rhi

WISH = ChartWish(200, 150)


def drawn(reading: Reading, **wish: Any) -> Chart:
    return chart_of(reading, replace(WISH, **wish), file="file.bin")


def on_map(reading: Reading, **wish: Any) -> MapChart:
    chart = drawn(reading, **wish)
    assert isinstance(chart, MapChart)
    assert chart.codes.shape == chart.area.shape == (150, 200)
    return chart


def refused(reading: Reading, **wish: Any) -> DataError:
    with pytest.raises(DataError) as caught:
        drawn(reading, **wish)
    for language in ("zh", "en"):
        assert caught.value.sentence(language)
    return caught.value


def product(**facts: Any) -> Product:
    made = Product("test", "test", SITE, AT, 37, "CR", Role.COMPOSITE, "dBZ")
    return replace(made, **facts)


def moments() -> Volume:
    """Three cuts: a high one with reflectivity first, then a low one with it, then one of velocity alone."""
    azimuth = np.arange(36) * 10.0  # the lowest of all is the one without reflectivity
    codes = (10 + np.arange(36)[:, None] + np.arange(20)[None, :]).astype(np.uint8)
    high, low = sweep_of(4.3, codes, azimuth), replace(sweep_of(0.5, codes + 50, azimuth), number=2)
    fast = replace(sweep_of(0.4, codes, azimuth, name="V"), number=3)
    return Volume("test", "test", SITE, AT, (high, low, fast), 3)


def test_the_lowest_cut_with_reflectivity_is_drawn_unless_another_is_named() -> None:
    volume = moments()
    chart = on_map(volume)
    assert (chart.facts.cut, chart.facts.what, chart.facts.unit, chart.facts.elevation_deg) == (2, "dBZ", "dBZ", 0.5)
    np.testing.assert_array_equal(chart.codes, ppi_of(volume, 1, "dBZ").on(chart.area))
    assert chart.facts.highest == (10 + 35 + 19 + 50 - 66) / 2
    assert chart.site == SITE
    assert chart.range_m == 20_000
    assert on_map(volume, number=1).facts.elevation_deg == 4.3
    fast = on_map(volume, moment="v")
    assert (fast.facts.cut, fast.facts.what, fast.colors.name) == (3, "V", "velocity")
    assert on_map(volume, number=3).facts.what == "V", "a cut without reflectivity shows what it has"
    for wish in ({"number": 4}, {"moment": "ZDR"}, {"number": 1, "moment": "V"}):
        error = refused(volume, **wish)
        assert error.code == "radar.no_such_cut"
        assert "dBZ, V" in str(error)


def test_gates_have_the_colors_of_their_values() -> None:
    chart = on_map(moments())
    steps = load("reflectivity")
    values = (chart.codes.astype(float) - 66) / 2
    for lower, (_, rgba) in zip((15, 20), steps.steps[:2], strict=True):
        inside = (chart.codes > NO_ECHO) & (values >= lower) & (values < lower + 5)
        assert inside.any()
        assert (chart.colors.rgba[chart.codes[inside]] == rgba).all()
    assert (chart.colors.rgba[chart.codes[values < 15]][:, 3] == 0).all()


def test_the_whole_reach_lies_in_the_picture_and_fills_it() -> None:
    for size in ((200, 150), (150, 400)):
        chart = on_map(moments()) if size == (200, 150) else drawn(moments(), width=150, height=400)
        assert isinstance(chart, MapChart)
        seen = chart.codes > NOT_SEEN
        assert not seen[[0, -1]].any()
        assert not seen[:, [0, -1]].any()
        rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
        assert max(np.ptp(rows) / size[1], np.ptp(columns) / size[0]) > 0.9
    with pytest.raises(DataError):
        drawn(replace(moments(), site=Site("Z1", "", math.nan, math.nan, math.nan)))


def test_a_large_picture_is_worked_out_in_strips_as_if_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = on_map(moments())
    monkeypatch.setattr("layers.radar_chart._STRIP_CELLS", 3500)
    strips = on_map(moments())
    assert (whole.codes != strips.codes).mean() < 0.001  # places are interpolated anew in each strip


@pytest.mark.parametrize("word", ["cr", "hybrid", "cappi:1000", "et", "vil"])
def test_a_product_of_all_cuts_is_that_of_the_mosaic(word: str) -> None:
    quantity = Quantity.parse(word)
    chart = on_map(lopsided(), quantity=quantity)
    np.testing.assert_array_equal(chart.codes, codes_on(lopsided(), chart.area, quantity))
    assert (chart.facts.quantity, chart.facts.unit, chart.colors) == (quantity, quantity.unit, colors_of(quantity))
    assert (chart.codes > NO_ECHO).any()
    assert chart.facts.height_m == pytest.approx(1000 if word.startswith("cappi") else math.nan, nan_ok=True)


def test_an_rhi_is_drawn_over_distance_and_height_in_any_moment() -> None:
    volume = rhi()
    chart = drawn(volume)
    assert isinstance(chart, UprightChart)
    section = rhi_of(volume, columns=200, heights=Heights(chart.top_m / 150, 150))
    assert (chart.span_m, chart.top_m) == ((0.0, section.length_m), 18_000.0)
    np.testing.assert_array_equal(chart.codes > NOT_SEEN, section.codes > NOT_SEEN)
    np.testing.assert_array_equal(chart.codes, section.codes)
    assert (chart.facts.azimuth_deg, math.isnan(chart.facts.elevation_deg)) == (60.0, True)
    cut = volume.sweeps[0]
    moment = replace(cut.moments["dBZ"], name="V", scale=4.0, offset=129.0)
    fast = drawn(replace(volume, sweeps=(replace(cut, moments={"V": moment}),)))
    assert isinstance(fast, UprightChart)
    assert (fast.facts.what, fast.colors.name) == ("V", "velocity")
    np.testing.assert_array_equal(fast.codes, chart.codes)
    assert refused(volume, quantity=CR).code == "radar.no_cuts"


def test_a_raster_of_a_product_says_not_seen_beyond_its_range() -> None:
    codes = np.zeros((40, 40), np.uint8)
    codes[20, 30] = 200
    levels = np.full(256, -np.inf, np.float32)
    levels[200] = 42.0
    raster = Raster("CR", "dBZ", codes, levels, 1000.0, 1000.0)
    chart = on_map(product(rasters=(raster,), range_m=15_000.0))
    seen = float((chart.codes > NOT_SEEN).sum() * (chart.area.cell_m * math.cos(math.radians(SITE.lat_deg))) ** 2)
    assert seen == pytest.approx(math.pi * 15_000**2, rel=0.05)
    assert (chart.colors.rgba[chart.codes[chart.codes > NO_ECHO]] == load("reflectivity").steps[5][1]).all()
    assert (chart.facts.what, chart.facts.highest, chart.facts.layers) == ("CR", 42.0, 1)
    assert on_map(product(rasters=(raster,)), quantity=CR).facts.what == "CR"
    assert refused(product(rasters=(raster,)), quantity=Quantity.parse("et")).code == "radar.no_cuts"
    assert refused(product(rasters=(raster,), role=Role.VIL), quantity=CR).code == "radar.no_cuts"


def test_layers_of_a_product_are_drawn_by_number_sections_upright() -> None:
    values = np.arange(12, dtype=np.float32).reshape(3, 4) * 6
    flat = Raster("CR", "dBZ", values, None, 1000.0, 1000.0)
    wall = Raster("CR", "dBZ", values, None, 1000.0, 500.0, upright=True)
    azimuth = np.arange(0, 360, 10, dtype=np.float32)
    rays = Radial(
        "V", "m/s", np.tile(values[:1], (36, 1)), None, azimuth, np.full(36, 10, np.float32), 1000.0, 0.0, 1.5
    )
    made = product(rasters=(flat, wall), radials=(rays,))
    assert isinstance(drawn(made), MapChart)
    upright = drawn(made, number=2)
    assert isinstance(upright, UprightChart)
    assert (upright.span_m, upright.top_m, upright.codes.shape) == ((-2000.0, 2000.0), 1500.0, (3, 4))
    rgba = upright.colors.rgba[upright.codes[0]]
    assert (rgba[0] == load("reflectivity").steps[6][1]).all(), "48 dBZ: row 0 of the file is the top, ours the foot"
    sweep = on_map(made, number=3)
    assert (sweep.facts.layer, sweep.facts.layers, sweep.facts.what) == (3, 3, "CR V")
    assert (sweep.colors.name, sweep.facts.elevation_deg, sweep.range_m) == ("velocity", 1.5, 4000.0)
    assert refused(made, number=4).code == "radar.no_such_layer"
    assert refused(product(tables=(Table("storms", ("id",), ()),))).code == "radar.nothing_to_draw"


def test_grids_are_drawn_in_the_colors_of_what_they_hold() -> None:
    values = np.full((2, 20, 30), -np.inf, np.float32)
    values[0, 5:10, 5:10], values[1, 5:10, 5:10], values[:, :, :3] = 31.0, 12.0, np.nan
    place = ("EPSG:4326", (0.05, 0.0, 112.0, 0.0, -0.05, 24.0))
    grid = Grid("test", "test", AT, "RATE", Role.RAIN, "mm/h", values, None, *place, heights_m=(1000.0, 2000.0))
    for layer, (step, value) in enumerate(((6, 31.0), (4, 12.0)), start=1):
        chart = on_map(grid, number=layer)
        assert (chart.site, chart.facts.highest, chart.facts.height_m) == (None, value, layer * 1000.0)
        assert (chart.facts.code, chart.facts.layer, chart.facts.layers, chart.colors.unit) == ("", layer, 2, "mm/h")
        echo = chart.codes > NO_ECHO
        assert 0.01 < echo.mean() < 0.05
        assert (chart.colors.rgba[chart.codes[echo]] == load("rain").steps[step][1]).all()
        assert chart.codes[75, 10] == NOT_SEEN
    assert refused(grid, quantity=CR).code == "radar.no_cuts"
    colors = np.array([[0, 0, 0, 0], [9, 8, 7, 255]], np.uint8)
    codes = np.zeros((1, 20, 30), np.uint8)
    codes[0, :, 15:] = 1
    picture = on_map(replace(grid, codes=codes, colors=colors, heights_m=(math.nan,)))
    assert (picture.colors.rgba[picture.codes[75, 150]] == colors[1]).all()
    assert picture.colors.steps == ()
    assert math.isnan(picture.facts.highest)


def test_a_section_becomes_a_chart_with_its_ground_where_it_is_known() -> None:
    section = section_of([cuts_round(lopsided())], (113.0, 23.4), (113.5, 23.6))
    facts = on_map(lopsided()).facts
    chart = chart_of_section(section, facts)
    assert (chart.span_m, chart.top_m, chart.ground_m) == ((0.0, section.length_m), section.heights.top_m, None)
    known = chart_of_section(replace(section, ground_m=np.full(600, 300, np.float32)), facts)
    assert known.ground_m is not None


def test_places_on_both_sides_of_the_equator_have_room() -> None:
    area = area_for((-1.0, -2.0, 1.0, 2.0), 100, 50)
    assert area.shape == (50, 100)
    assert area.north_m == pytest.approx(-area.south_m)
    assert area.west_m == pytest.approx(-area.east_m)


REAL = {
    "radar/cinrad_base/*ZG170*": ("dBZ", 54.5),
    "radar/cinrad_base/*Z9398*": ("dBZ", 63.0),
    "radar/cinrad_pup_z9200_20110916/CR_37/*001200*": ("CR", 70.0),
    "radar/cinrad_pup_z9200_20110916/V_27/*001801*": ("V", 20.06),
    "radar/cinrad_rstm_nanhai_products/ppi/Z9757_20161021000203Z_PPI_02_dBZ": ("PPI dBZ", 59.0),
    "radar/cinrad_rstm_nanhai_products/max/*": ("MAX dBZ", 57.5),
    "radar/odim_sweden_20090501T1200/composite_swe*": ("DBZH", 47.2),
    "sequences/opera_odim_20180824/*180000*": ("RATE", 1205.22),
    "sequences/mrms_grib2_20190610/*-000000*": ("PrecipRate", 148.8),
    "sequences/bom_nc_20180616/*124800*": ("precipitation", 2.0),
    "sequences/fmi_geotiff_20160928/*1445*": ("Corrected reflectivity", 53.0),
    "sequences/fmi_pgm_20160928/*1540*": ("LOWEST", 49.5),
}


@pytest.mark.parametrize("pattern", REAL)
def test_real_files_of_every_kind_have_a_chart(pattern: str) -> None:
    folder, _, name = pattern.rpartition("/")
    (path,) = data.need(folder).glob(name)
    what, highest = REAL[pattern]
    chart = chart_of(read(path), ChartWish(300, 300), file=Path(path).name)
    assert chart.facts.what == what
    assert chart.facts.highest == pytest.approx(highest, abs=0.06)
    assert (chart.codes > NO_ECHO).any()
    assert (chart.codes == NOT_SEEN).any()
