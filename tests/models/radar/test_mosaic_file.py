"""A mosaic as a GeoTIFF: place, values, tags, whole or not at all."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import rasterio

from models.errors import DataError
from models.geodesy import to_mercator
from models.grid import GridArea
from models.radar.footprint import HEIGHT_UNKNOWN, Source
from models.radar.mosaic import Absent, Mosaic, Rule
from models.radar.mosaic_file import NO_ECHO_DBZ, write_mosaic
from models.radar.quantity import CR, Kind, Quantity

AT = datetime(2026, 6, 18, 8, 0, tzinfo=UTC)
STEP = timedelta(minutes=6)
AREA = GridArea.over((113.0, 23.0, 113.4, 23.3), 2000.0)


def mosaic() -> Mosaic:
    """Two radars: the first sees the upper row, 42 dBZ in one cell at 2.3 km; the second one cell of 0 dBZ."""
    codes, source = np.zeros(AREA.shape, np.uint8), np.zeros(AREA.shape, np.uint8)
    heights = np.full(AREA.shape, HEIGHT_UNKNOWN, np.uint8)
    codes[0, :], source[0, :] = 1, 1
    codes[0, 3], heights[0, 3] = 66 + 2 * 42, 23
    codes[-1, -1], source[-1, -1] = 66, 2
    radars = (
        Source("Z1", "甲", AT - timedelta(minutes=4), STEP),
        Source("Z2", "乙", AT - timedelta(minutes=2), STEP),
    )
    absent = (Absent(Source("Z3", "丙", AT - timedelta(hours=2), STEP), 123.4),)
    return Mosaic(AT, AREA, CR, codes, heights, source, radars, absent, Rule.LOWEST, moved=True)


def test_values_ages_heights_and_sources_lie_in_their_cells(tmp_path: Path) -> None:
    path = tmp_path / "cr.tif"
    write_mosaic(mosaic(), path)
    with rasterio.open(path) as file:
        value, age, height, source = file.read()
        assert file.crs.to_epsg() == 3857
        assert file.descriptions == ("value", "age", "height", "source")
        assert file.units == ("dBZ", "minutes", "m", None)
        tags = file.tags()
        x, y = file.xy(0, 3)
    assert value[0, 3] == 42.0
    assert value[0, 0] == NO_ECHO_DBZ
    assert value[-1, -1] == 0.0
    assert np.isnan(value[1, 1])
    assert (age[0, 3], age[-1, -1]) == (4.0, 2.0)
    assert np.isnan(age[1, 1])
    assert height[0, 3] == 2300.0
    assert np.isnan(height[[0, 1, -1], [0, 1, -1]]).all()
    assert (source[0, 3], source[-1, -1], source[1, 1]) == (1.0, 2.0, 0.0)
    assert (tags["PRODUCT"], tags["UNIT"], tags["TIME"], float(tags["NO_ECHO"])) == ("cr", "dBZ", AT.isoformat(), -32.5)
    assert (tags["RULE"], tags["MOVED"]) == ("lowest", "yes")
    assert [(s["code"], s["name"]) for s in json.loads(tags["SOURCES"])] == [("Z1", "甲"), ("Z2", "乙")]
    missing = {"code": "Z3", "name": "丙", "at": (AT - timedelta(hours=2)).isoformat(), "hides_km2": 123}
    assert json.loads(tags["MISSING"]) == [missing]
    lon, lat = AREA.centers_lonlat()
    expected = to_mercator(lon[3:4], lat[:1])
    assert (x, y) == pytest.approx((expected[0][0], expected[1][0]), abs=0.01)


def test_the_number_of_radars_is_a_fifth_band_where_it_is_known(tmp_path: Path) -> None:
    count = np.arange(AREA.rows * AREA.columns, dtype=np.uint8).reshape(AREA.shape)
    write_mosaic(mosaic(), tmp_path / "cr.tif", count=count)
    with rasterio.open(tmp_path / "cr.tif") as file:
        assert file.descriptions[4] == "count"
        np.testing.assert_array_equal(file.read(5), count)


def test_an_echo_top_of_nothing_is_zero_not_minus_something(tmp_path: Path) -> None:
    tops = replace(mosaic(), quantity=Quantity(Kind.ECHO_TOP))
    write_mosaic(tops, tmp_path / "et.tif")
    with rasterio.open(tmp_path / "et.tif") as file:
        value, tags = file.read(1), file.tags()
    assert (tags["PRODUCT"], tags["UNIT"], tags["NO_ECHO"]) == ("et", "km", "0.0")
    assert value[0, 0] == 0.0
    assert value[0, 3] == pytest.approx(0.1 * (150 - 2), abs=1e-4)


def test_a_mosaic_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "taken"
    (target / "inside").mkdir(parents=True)
    with pytest.raises(DataError, match="could not be written") as caught:
        write_mosaic(mosaic(), target)
    assert caught.value.code == "radar.mosaic_not_written"
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
    with pytest.raises(DataError):
        write_mosaic(mosaic(), tmp_path / "absent" / "cr.tif")
