"""Rasters and grids of others on the map: every cell at its own place, whatever the projection."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pyproj import Geod, Transformer

from models.errors import DataError
from models.geodesy import to_mercator
from models.grid import GridArea
from models.radar.placed_field import OnPlane, PlacedField, RoundSite, field_of_grid, field_of_raster
from models.radar.product import Grid, Raster, Role
from models.radar.volume import Site
from tests.models.radar.scene import AT, SITE

NUMBERS = np.arange(30 * 50, dtype=np.float32).reshape(30, 50)
PLANES = {
    "degrees": ("EPSG:4326", (0.05, 0.0, 112.0, 0.0, -0.04, 24.0)),
    "degrees from 0 to 360": ("EPSG:4326", (0.05, 0.0, 230.0, 0.0, -0.04, 45.0)),
    "south first": ("EPSG:4326", (0.05, 0.0, 112.0, 0.0, 0.04, 23.0)),
    "polar": (
        "+proj=stere +lat_0=90 +lon_0=25 +lat_ts=60 +R=6371288",
        (8000.0, 0.0, -200_000.0, 0.0, -8000.0, -3_000_000.0),
    ),
    "turned": ("EPSG:3857", (4000.0, 1000.0, 12_500_000.0, 1000.0, -4000.0, 2_700_000.0)),
}


def at(place: tuple[float, float]) -> GridArea:
    """A map of one cell of 20 m with its middle at a place."""
    x, y = to_mercator(np.array([place[0]]), np.array([place[1]]))
    return GridArea(float(x[0]) - 10, float(y[0]) + 10, 20.0, 1, 1)


@pytest.mark.parametrize("plane", PLANES)
def test_every_cell_of_a_grid_is_found_at_its_own_middle(plane: str) -> None:
    crs, transform = PLANES[plane]
    grid = Grid("t", "t", AT, "n", Role.COMPOSITE, "dBZ", NUMBERS[None], None, crs, transform)
    field = field_of_grid(grid)
    assert field.unit == "dBZ"
    back = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    a, b, x0, d, e, y0 = transform
    west, south, east, north = field.bounds_deg
    for row in range(0, 30, 4):
        for column in range(0, 50, 7):
            c, r = column + 0.5, row + 0.5
            lon, lat = back.transform(a * c + b * r + x0, d * c + e * r + y0)
            lon = (lon + 180) % 360 - 180
            assert field.on(at((lon, lat)))[0, 0] == NUMBERS[row, column]
            assert (west - lon) % 360 > 180 or (lon - west) % 360 <= (east - west) % 360 + 1e-9
            assert south <= lat <= north
    assert np.isnan(field.on(at((0.0, -70.0)))).all(), "nothing lies beyond"


def test_a_raster_lies_round_its_radar_with_rows_of_another_height() -> None:
    raster = Raster("CR", "dBZ", NUMBERS, None, 2000.0, 3000.0)
    field = field_of_raster(raster, SITE)
    geod = Geod(ellps="WGS84")
    for row, column in ((0, 0), (3, 40), (29, 49), (14, 25), (15, 24)):
        east, north = (column + 0.5 - 25) * 2000.0, (15 - row - 0.5) * 3000.0
        azimuth = float(np.degrees(np.arctan2(east, north)))
        lon, lat, _ = geod.fwd(SITE.lon_deg, SITE.lat_deg, azimuth, float(np.hypot(east, north)))
        assert field.on(at((lon, lat)))[0, 0] == NUMBERS[row, column]
    west, south, east, north = field.bounds_deg
    assert geod.inv(west, SITE.lat_deg, east, SITE.lat_deg)[2] == pytest.approx(100_000, rel=1e-3)
    assert geod.inv(SITE.lon_deg, south, SITE.lon_deg, north)[2] == pytest.approx(90_000, rel=1e-3)


def test_what_has_no_place_is_refused_in_words() -> None:
    raster = Raster("CR", "dBZ", NUMBERS, None, 2000.0, 3000.0)
    with pytest.raises(DataError) as nowhere:
        field_of_raster(raster, Site("Z1", "", np.nan, np.nan, np.nan))
    assert nowhere.value.code == "radar.no_site"
    for crs in ("EPSG:0", "no projection at all"):
        field = PlacedField("dBZ", NUMBERS, OnPlane(crs, PLANES["degrees"][1]))
        with pytest.raises(DataError) as wrong:
            field.on(at((113.0, 23.0)))
        assert wrong.value.code == "radar.grid_off_the_map"
    far = OnPlane("+proj=geos +h=35785831 +lon_0=100", (1.0, 0.0, 9e6, 0.0, -1.0, 9e6))
    with pytest.raises(DataError):
        far.bounds(10, 10)


def test_a_grid_round_the_pole_and_one_across_the_date_line_have_bounds_on_the_map() -> None:
    polar = OnPlane("+proj=stere +lat_0=90 +lon_0=0 +R=6371000", (1e5, 0.0, -5e5, 0.0, -1e5, 5e5))
    west, south, east, north = polar.bounds(10, 10)
    assert east - west > 300
    assert south < north == 84.0
    across = OnPlane("EPSG:4326", (0.2, 0.0, 175.0, 0.0, -0.2, 30.0))
    west, south, east, north = across.bounds(30, 50)
    assert (east - west, north - south) == pytest.approx((10.0, 6.0))
    field = PlacedField("mm", NUMBERS, replace(across))
    assert np.isfinite(field.on(at((179.0, 29.0)))).all()
    assert np.isfinite(field.on(at((-179.95, 29.0)))).all()


def test_a_picture_keeps_its_codes() -> None:
    colors = np.zeros((4, 4), np.uint8)
    codes = np.array([[[0, 1], [2, 3]]], np.uint8)
    grid = Grid("t", "t", AT, "n", Role.OTHER, "", codes, None, "EPSG:4326", PLANES["degrees"][1], colors=colors)
    np.testing.assert_array_equal(field_of_grid(grid).values, codes[0])
    assert RoundSite(113.0, 23.0, 1.0, 1.0) == RoundSite(113.0, 23.0, 1.0, 1.0)
