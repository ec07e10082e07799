"""Mosaics of others, made in memory: where they lie, when they are of, what is seen and what is not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pyproj import CRS, Proj
from rasterio import Affine

from models.errors import DataError
from models.radar.decoders import fmi_pgm, geotiff, grib, picture, read
from models.radar.layouts.raster_file import north_up
from models.radar.product import Grid, Role
from models.radar.proven import is_unproven
from tests import data
from tests.models.radar import raster_bytes as made
from tests.models.radar.said import said

AT = datetime(2026, 6, 17, 18, 30, tzinfo=UTC)
CODES = np.arange(12, dtype=np.uint8).reshape(1, 3, 4) * 10
NAMED = "mosaic_20260617_183000"


def floats(values: Any) -> NDArray[np.float32]:
    return np.array(values, np.float32)


def refused(error: DataError) -> str:
    assert "mosaic" in error.sentence("zh")
    assert "mosaic" in error.sentence("en")
    return error.code


def code_of(decoder: object, raw: bytes, name: str = "mosaic") -> str:
    with pytest.raises(DataError) as caught:
        decoder.decode(raw, name)  # type: ignore[attr-defined]
    return refused(caught.value)


# GeoTIFF


def test_a_geotiff_says_gain_offset_undetect_and_nodata_in_its_tags() -> None:
    """The Finnish form: one text of items, with the unit as an attribute."""
    items = (
        '<GDALMetadata><Item name="Observation time" format="YYYYMMDDhhmm">202606171830</Item>'
        '<Item name="Quantity" unit="dBZ">Corrected reflectivity</Item><Item name="Gain">0.5</Item>'
        '<Item name="Offset">-32.0</Item><Item name="Nodata">110</Item><Item name="Undetect">0</Item></GDALMetadata>'
    )
    grid = geotiff.decode(made.geotiff(CODES, tags={"GDAL_METADATA": items}), "mosaic")
    assert (grid.started_at, grid.unit, grid.role, grid.crs) == (AT, "dBZ", Role.COMPOSITE, "EPSG:4326")
    assert grid.codes.dtype == np.uint8
    values = grid.values()
    assert (values[0, 0], values[0, 1]) == (-np.inf, -27)
    assert np.isnan(values[2, 3])
    assert grid.transform == pytest.approx((0.01, 0, 113, 0, -0.01, 24))


def test_a_mosaic_of_this_house_comes_back_with_its_bands() -> None:
    value = np.full((3, 4), 35.5, np.float32)
    value[0, 0], value[0, 1] = np.nan, -32.5
    layers = np.stack([value, np.full_like(value, 6), np.full_like(value, 2)])
    tags = {"PRODUCT": "cappi:3000", "UNIT": "dBZ", "TIME": "2026-06-18T02:30:00+08:00", "NO_ECHO": "-32.5"}
    grid = geotiff.decode(made.geotiff(layers, tags=tags, names=("dBZ", "age, minutes", "source")), "mosaic")
    assert (grid.started_at, grid.role, grid.heights_m) == (AT, Role.CAPPI, (3000,))
    assert np.isnan(grid.values()[0, 0])
    assert grid.values()[0, 1] == -np.inf
    assert grid.values()[2, 3] == 35.5
    assert {key: float(layer[1, 1]) for key, layer in grid.quality.items()} == {"age, minutes": 6, "source": 2}
    assert grid.parameters["product"] == "cappi:3000"


def test_a_rain_sum_of_this_house_is_a_grid_of_rain() -> None:
    tags = {"PRODUCT": "rain_sum", "UNIT": "mm", "TIME": "2026-06-17T18:30:00Z", "MINUTES": "60"}
    grid = geotiff.decode(made.geotiff(np.full((1, 3, 4), 12.5, np.float32), tags=tags), "mosaic")
    assert (grid.role, grid.unit, grid.parameters["minutes"]) == (Role.RAIN, "mm", "60")


def test_a_geotiff_without_a_time_takes_that_of_its_name_or_is_refused() -> None:
    raw = made.geotiff(CODES, tags={})
    grid = geotiff.decode(raw, f"{NAMED}.tif")
    assert grid.started_at == AT
    assert said(grid.oddities) == ["time_from_name"]
    assert code_of(geotiff, raw) == "radar.grid_no_time"


def test_a_raster_that_lies_nowhere_is_refused() -> None:
    assert code_of(geotiff, made.geotiff(CODES, crs=None)) == "radar.grid_unplaced"
    assert code_of(geotiff, made.geotiff(CODES, transform=None)) == "radar.grid_unplaced"


def test_a_raster_with_the_south_on_top_is_turned() -> None:
    grid = geotiff.decode(made.geotiff(CODES, transform=Affine(0.01, 0, 113, 0, 0.01, 23.97)), "mosaic")
    assert grid.transform == pytest.approx((0.01, 0, 113, 0, -0.01, 24))
    assert grid.codes[0, 2].tolist() == CODES[0, 0].tolist()
    turned, transform = north_up(CODES[0], (2.0, 0.5, 10.0, 0.0, 3.0, 5.0))
    assert transform == (2.0, -0.5, 11.5, 0.0, -3.0, 14.0)
    assert turned[0].tolist() == CODES[0, 2].tolist()


def test_a_raster_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.radar.layouts.raster_file.LARGEST_BYTES", 11)
    assert code_of(geotiff, made.geotiff(CODES)) == "radar.grid_too_large"


def test_a_cut_geotiff_is_named() -> None:
    raw = made.geotiff(np.random.default_rng(0).integers(0, 255, (1, 200, 200), np.uint8))
    for part in (0.05, 0.5, 0.9):
        assert code_of(geotiff, raw[: int(len(raw) * part)]) == "radar.foreign_damaged"


# GRIB


def grib_bytes(layers: np.ndarray, *, number: str = "16 5", heights_m: tuple[int, ...] = (1000, 3000)) -> bytes:
    """Return GRIB 2, one message a layer; 16 5 is composite reflectivity, 1 7 the rate of rain."""
    how: dict[str, Any] = {
        "DATA_ENCODING": "IEEE_FLOATING_POINT", "DISCIPLINE": "0", "PDS_PDTN": "0",
        "IDS": "CENTER=161 SUBCENTER=0 MASTER_TABLE=2 LOCAL_TABLE=1 SIGNF_REF_TIME=3 REF_TIME=2026-06-17T18:30:00Z "
               "PROD_STATUS=0 TYPE=7",
    }  # fmt: skip
    for layer, height in enumerate(heights_m[: len(layers)], start=1):
        how[f"BAND_{layer}_PDS_TEMPLATE_ASSEMBLED_VALUES"] = f"{number} 8 0 97 0 0 1 0 102 0 {height} 255 0 0"
    return made.raster(layers.astype(np.float32), "GRIB", **how)


def test_messages_at_several_heights_are_layers_and_what_was_not_seen_is_nan() -> None:
    values = floats([[[-999, -99, 0, 35], [10, 20, 30, 40]], [[1, 2, 3, 4], [5, 6, 7, 8]]])
    grid = grib.decode(grib_bytes(values), "mosaic")
    assert (grid.name, grid.unit, grid.role, grid.source) == ("REFC", "dBZ", Role.COMPOSITE, "US-OAR")
    assert (grid.started_at, grid.heights_m, grid.codes.shape) == (AT, (1000, 3000), (2, 2, 4))
    np.testing.assert_array_equal(grid.values(0), floats([[np.nan, -np.inf, 0, 35], [10, 20, 30, 40]]))
    np.testing.assert_array_equal(grid.values(1), values[1])
    assert grid.transform == pytest.approx((0.01, 0, 113, 0, -0.01, 24))


def test_a_rate_by_the_second_is_one_by_the_hour_and_below_nothing_is_not_seen() -> None:
    grid = grib.decode(grib_bytes(floats([[[-3, 0], [0.001, 0.01]]]), number="1 7"), "mosaic")
    assert (grid.unit, grid.role) == ("mm/h", Role.RAIN)
    np.testing.assert_allclose(grid.values(), [[np.nan, 0], [3.6, 36]], rtol=1e-5)


def test_a_further_field_is_not_read_and_said() -> None:
    raw = grib_bytes(CODES) + grib_bytes(CODES, number="1 7")
    grid = grib.decode(raw, "mosaic")
    assert grid.codes.shape == (1, 3, 4)
    assert said(grid.oddities) == ["other_fields"]


def test_a_cut_grib_says_where_it_ends_and_where_it_should() -> None:
    raw = grib_bytes(np.stack([CODES[0], CODES[0] + 1]))
    assert raw.count(b"7777") >= 2
    with pytest.raises(DataError) as caught:
        grib.decode(raw[: len(raw) - 9], "mosaic")
    assert (caught.value.code, caught.value.facts["byte"]) == ("radar.cut_off", len(raw) - 9)
    assert caught.value.facts["expected"] == len(raw)
    assert code_of(grib, raw[:12]) == "radar.cut_off"
    assert code_of(grib, raw[:-4] + b"7770") == "radar.foreign_damaged"


def test_a_real_grib_cut_anywhere_says_where_it_ends_and_where_it_should() -> None:
    (path, *_) = sorted(data.need("sequences/mrms_grib2_20190610").iterdir())
    raw = path.read_bytes()
    for byte in (3, 10, 100, 5000, len(raw) - 1):
        with pytest.raises(DataError) as caught:
            grib.decode(raw[:byte], "mosaic")
        assert (caught.value.code, caught.value.facts["byte"]) == ("radar.cut_off", byte)


# pictures


def beside(folder: Path, name: str, world: str | None, prj: str | None = None) -> Path:
    path = folder / name
    if world is not None:
        path.with_suffix(".pgw").write_text(world)
    if prj is not None:
        path.with_suffix(".prj").write_text(prj)
    return path


DEGREES = "0.01\n0\n0\n-0.01\n113.005\n23.995\n"
METERS = "1000\n0\n0\n-1000\n500500\n2699500\n"


def png(layers: np.ndarray) -> bytes:
    return made.raster(layers, "PNG", crs=None, transform=None)


def test_a_picture_lies_where_its_world_file_says_and_has_colors_but_no_values(tmp_path: Path) -> None:
    path = beside(tmp_path, f"{NAMED}.png", DEGREES)
    path.write_bytes(png(CODES))
    grid = read(path)
    assert isinstance(grid, Grid)
    assert (grid.started_at, grid.crs, grid.role, grid.unit) == (AT, "EPSG:4326", Role.OTHER, "")
    assert grid.transform == pytest.approx((0.01, 0, 113, 0, -0.01, 24))
    np.testing.assert_array_equal(grid.codes, CODES)
    assert np.isnan(grid.values()).all()
    assert grid.colors is not None
    assert grid.colors[110].tolist() == [110, 110, 110, 255]
    assert is_unproven(grid.layout)


def test_a_picture_in_meters_needs_its_projection_beside_it(tmp_path: Path) -> None:
    path = beside(tmp_path, f"{NAMED}.png", METERS)
    path.write_bytes(png(CODES))
    with pytest.raises(DataError) as caught:
        read(path)
    assert (caught.value.code, caught.value.facts["projection"]) == ("radar.picture_no_projection", f"{NAMED}.prj")
    beside(tmp_path, f"{NAMED}.png", METERS, CRS.from_epsg(32649).to_wkt("WKT1_GDAL"))
    grid = read(path)
    assert isinstance(grid, Grid)
    assert grid.crs == "EPSG:32649"
    assert grid.transform == (1000, 0, 500_000, 0, -1000, 2_700_000)
    beside(tmp_path, f"{NAMED}.png", METERS, "nonsense")
    with pytest.raises(DataError) as caught:
        read(path)
    assert caught.value.code == "radar.foreign_damaged"


@pytest.mark.parametrize(
    ("world", "line"),
    [
        ("", 1),
        ("0.01\n0\n0\n", 4),
        ("0.01\n0\nx\n-0.01\n1\n2\n", 3),
        ("0\n0\n0\n-1\n1\n2\n", 1),
        ("1\n0\n0\n0\n1\n2\n", 4),
    ],
)
def test_a_world_file_that_is_none_is_named_with_its_line(tmp_path: Path, world: str, line: int) -> None:
    path = beside(tmp_path, f"{NAMED}.png", world)
    path.write_bytes(png(CODES))
    with pytest.raises(DataError) as caught:
        read(path)
    assert (caught.value.code, caught.value.facts["line"]) == ("radar.world_file", line)


def test_a_picture_without_a_place_is_told_how_to_get_one(tmp_path: Path) -> None:
    path = tmp_path / f"{NAMED}.png"
    path.write_bytes(png(CODES))
    with pytest.raises(DataError) as caught:
        read(path)
    assert (caught.value.code, caught.value.facts["world"]) == ("radar.picture_unplaced", f"{NAMED}.pgw")
    assert code_of(picture, png(CODES)) == "radar.picture_unplaced"


def test_a_picture_without_a_time_in_its_name_is_refused(tmp_path: Path) -> None:
    path = beside(tmp_path, "mosaic.png", DEGREES)
    path.write_bytes(png(CODES))
    with pytest.raises(DataError) as caught:
        read(path)
    assert refused(caught.value) == "radar.grid_no_time"


def test_colors_are_kept_to_5_6_and_5_bits_and_what_is_clear_stays_clear(tmp_path: Path) -> None:
    red, green, blue = (
        np.array([[255, 0, 0, 8]], np.uint8),
        np.array([[0, 0, 255, 16]], np.uint8),
        np.array([[0, 0, 0, 255]], np.uint8),
    )
    alpha = np.array([[255, 255, 255, 0]], np.uint8)
    path = beside(tmp_path, f"{NAMED}.png", DEGREES)
    path.write_bytes(png(np.stack([red, green, blue, alpha])))
    grid = read(path)
    assert isinstance(grid, Grid)
    assert grid.colors is not None
    shown = grid.colors[grid.codes[0, 0]]
    assert np.abs(shown[:3, :3].astype(int) - [[255, 0, 0], [0, 0, 0], [0, 255, 0]]).max() < 8
    assert shown[:, 3].tolist() == [255, 255, 255, 0]


def test_a_real_picture_with_a_world_file_is_read_in_its_own_colors(tmp_path: Path) -> None:
    (real, *_) = sorted(data.need("sequences/mch_gif_20170131").iterdir())
    path = tmp_path / real.name
    path.write_bytes(real.read_bytes())
    path.with_suffix(".gfw").write_text("1000\n0\n0\n-1000\n255500\n479500\n")
    path.with_suffix(".prj").write_text("EPSG:21781")
    grid = read(path)
    assert isinstance(grid, Grid)
    assert grid.codes.shape == (1, 640, 710)
    assert grid.started_at == datetime(2017, 1, 31, 9, 45, tzinfo=UTC)
    assert grid.crs == "EPSG:21781"
    assert grid.colors is not None
    assert grid.colors[1].tolist() == [255, 254, 254, 255]


# PGM


def test_a_pgm_lies_on_the_sphere_that_its_header_means() -> None:
    codes = np.full((50, 40), 128, np.uint8)
    codes[0, 0], codes[0, 1] = 0, 255
    grid = fmi_pgm.decode(made.pgm(codes), "mosaic")
    assert grid.started_at == AT
    values = grid.values()
    assert (values[0, 0], values[9, 9]) == (-np.inf, 32)
    assert np.isnan(values[0, 1])
    a, _, x, _, e, y = grid.transform
    assert (a, e) == (1000, -1000)
    assert Proj(CRS(grid.crs))(20, 60) == pytest.approx((x, y - 50_000), abs=0.5)
    assert (grid.parameters["nodes"], grid.name) == ("KOR", "LOWEST")


@pytest.mark.parametrize(
    "word", ["type", "centrallatitude", "truelatitude", "bottomleft", "topright", "metersperpixel_x"]
)
def test_a_pgm_that_lacks_a_word_of_its_place_is_refused_with_the_word(word: str) -> None:
    with pytest.raises(DataError) as caught:
        fmi_pgm.decode(made.pgm(CODES[0], drop=word), "mosaic")
    assert caught.value.code == "radar.pgm_header"
    assert word in str(caught.value.facts["field"])


def test_a_pgm_whose_numbers_contradict_each_other_is_refused() -> None:
    assert code_of(fmi_pgm, made.pgm(CODES[0], metersperpixel_x="2000.0")) == "radar.pgm_header"
    assert code_of(fmi_pgm, made.pgm(CODES[0], topright="20.0 60.0")) == "radar.pgm_header"
    assert code_of(fmi_pgm, made.pgm(CODES[0], drop="obstime")) == "radar.grid_no_time"
    raw = made.pgm(CODES[0])
    with pytest.raises(DataError) as caught:
        fmi_pgm.decode(raw[:-1], "mosaic")
    assert (caught.value.code, caught.value.facts["expected"]) == ("radar.cut_off", len(raw))
    assert code_of(fmi_pgm, raw.replace(b"\n4 3\n", b"\n999999 999999\n")) == "radar.grid_too_large"
    assert code_of(fmi_pgm, raw.replace(b"\n255\n", b"\n65535\n")) == "radar.pgm_header"
