"""A mosaic as a GeoTIFF: place, values, tags, whole or not at all."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import rasterio

from models.errors import DataError
from models.geodesy import to_mercator
from models.grid import GridArea
from models.radar.composite import compose
from models.radar.mosaic import Mosaic, Plane, Source
from models.radar.mosaic_file import NO_ECHO_DBZ, write_mosaic

AT = datetime(2026, 6, 18, 8, 0, tzinfo=UTC)
STEP = timedelta(minutes=6)
AREA = GridArea.over((113.0, 23.0, 113.4, 23.3), 2000.0)


def mosaic() -> Mosaic:
    first = np.zeros(AREA.shape, np.uint8)
    first[0, :] = 1
    first[0, 3] = 66 + 2 * 42
    second = np.zeros(AREA.shape, np.uint8)
    second[-1, -1] = 66
    planes = (
        Plane(Source("Z1", "甲", AT - timedelta(minutes=4), STEP), AREA, first),
        Plane(Source("Z2", "乙", AT - timedelta(minutes=2), STEP), AREA, second),
        Plane(Source("Z3", "丙", AT - timedelta(hours=2), STEP), AREA, second),
    )
    return compose(planes, AREA, at=AT, max_age=timedelta(minutes=20))


def test_values_ages_and_sources_lie_in_their_cells(tmp_path: Path) -> None:
    path = tmp_path / "cr.tif"
    write_mosaic(mosaic(), path)
    with rasterio.open(path) as file:
        value, age, source = file.read()
        assert file.crs.to_epsg() == 3857
        assert file.descriptions == ("dBZ", "age, minutes", "source")
        tags = file.tags()
        x, y = file.xy(0, 3)
    assert value[0, 3] == 42.0
    assert value[0, 0] == NO_ECHO_DBZ
    assert value[-1, -1] == 0.0
    assert np.isnan(value[1, 1])
    assert (age[0, 3], age[-1, -1]) == (4.0, 2.0)
    assert (source[0, 3], source[-1, -1], source[1, 1]) == (1.0, 2.0, 0.0)
    assert (tags["PRODUCT"], tags["UNIT"], tags["TIME"], float(tags["NO_ECHO"])) == ("cr", "dBZ", AT.isoformat(), -32.5)
    assert [(s["code"], s["name"]) for s in json.loads(tags["SOURCES"])] == [("Z1", "甲"), ("Z2", "乙")]
    assert json.loads(tags["MISSING"])[0]["at"] == (AT - timedelta(hours=2)).isoformat()
    lon, lat = AREA.centers_lonlat()
    expected = to_mercator(lon[3:4], lat[:1])
    assert (x, y) == pytest.approx((expected[0][0], expected[1][0]), abs=0.01)


def test_a_mosaic_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "taken"
    (target / "inside").mkdir(parents=True)
    with pytest.raises(DataError, match="could not be written") as caught:
        write_mosaic(mosaic(), target)
    assert caught.value.code == "radar.mosaic_not_written"
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
    with pytest.raises(DataError):
        write_mosaic(mosaic(), tmp_path / "absent" / "cr.tif")
