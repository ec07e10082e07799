"""Heights of the ground against places worked out one by one, and files that forget things."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import rasterio
from pyproj import Geod, Transformer

from models.errors import DataError
from models.grid import GridArea
from models.radar.footprint import AZIMUTH_BINS, PolarGeometry
from models.radar.sight import heights
from models.radar.sight.heights import heights_at, heights_on, heights_round
from tests import data
from tests.models.radar.ground_files import LAT, LON, plane, write_heights


def by_hand(path: Path, lon: float, lat: float) -> float:
    """One height between four cells, in plain Python; NaN where one of them is unknown."""
    with rasterio.open(path) as file:
        grid = file.read(1).tolist()
        column, row = ~file.transform * (lon, lat)
    c, r = math.floor(column - 0.5), math.floor(row - 0.5)
    u, v = column - 0.5 - c, row - 0.5 - r
    if not (0 <= c < len(grid[0]) - 1 and 0 <= r < len(grid) - 1):
        return math.nan
    four = [grid[r][c], grid[r][c + 1], grid[r + 1][c], grid[r + 1][c + 1]]
    if any(value < -500 for value in four):
        return math.nan
    upper, lower = four[0] * (1 - u) + four[1] * u, four[2] * (1 - u) + four[3] * u
    return float(upper * (1 - v) + lower * v)


def test_the_ground_round_a_radar_is_that_of_places_worked_out_one_by_one() -> None:
    """Real hills of 900 m cells: bins of 250 m are looked at once, near the radar each row once as well."""
    path = data.need("dem/qingyuan_30arcsec.tif")
    geometry = PolarGeometry(112.8, 24.2, 250.0, 200)
    found = heights_round(path, geometry)
    assert found.meters.shape == (AZIMUTH_BINS, 200)
    assert found.cell_m == pytest.approx(922.5, abs=2)
    geod, rng = Geod(ellps="WGS84"), np.random.default_rng(7)
    for row, column in zip(rng.integers(0, 720, 60).tolist(), rng.integers(0, 200, 60).tolist(), strict=True):
        lon, lat, _ = geod.fwd(112.8, 24.2, (row + 0.5) / 2, (column + 0.5) * 250.0)
        assert found.meters[row, column] == pytest.approx(by_hand(path, lon, lat), abs=1.0)


def test_ground_is_looked_at_as_densely_as_the_file_and_the_highest_along_the_ray_counts(tmp_path: Path) -> None:
    """A dam of one cell of 110 m, 10.5 km to the north, in bins of 1 km: looked at every 100 m, linear between cells."""
    meters = np.full((400, 400), 100.0, np.float32)
    meters[round((0.2 - 10_500 / 110_770) * 1000)] = 300.0
    path = write_heights(tmp_path / "dam.tif", meters, west=LON - 0.2, north=LAT + 0.2, cell=0.001)
    found = heights_round(path, PolarGeometry(LON, LAT, 1000.0, 15)).meters
    assert found[0, 10] > 205
    assert found[719, 10] > 205
    assert found[0, 9] == pytest.approx(100)
    assert found[0, 11] == pytest.approx(100)
    assert found[360] == pytest.approx(np.full(15, 100.0))


def test_the_azimuth_rows_turn_clockwise_from_the_north(tmp_path: Path) -> None:
    found = heights_round(plane(tmp_path / "plane.tif"), PolarGeometry(LON, LAT, 500.0, 100)).meters
    assert int(np.argmax(found[:, 80])) / 2 == pytest.approx(
        np.degrees(np.arctan2(100 / math.cos(math.radians(LAT)), 40)), abs=3
    )
    assert found[:, 0] == pytest.approx(200.0, abs=2.0)


def test_a_file_in_another_projection_says_the_same(tmp_path: Path) -> None:
    """The same slope in UTM 49 N; 900 m cells of a plane are exact in both."""
    utm = Transformer.from_crs("EPSG:32649", "EPSG:4326", always_xy=True)
    x, y = np.meshgrid(np.arange(480_000.0, 920_000.0, 2000.0), np.arange(2_900_000.0, 2_460_000.0, -2000.0))
    lon, lat = utm.transform(x, y)
    meters = (200 + 100 * (lon - LON) + 40 * (lat - LAT)).astype(np.float32)
    other = write_heights(
        tmp_path / "utm.tif", meters, west=479_000.0, north=2_901_000.0, cell=2000.0, crs="EPSG:32649"
    )
    geometry = PolarGeometry(LON, LAT, 500.0, 100)
    first = heights_round(plane(tmp_path / "plane.tif"), geometry).meters
    assert heights_round(other, geometry).meters == pytest.approx(first, abs=0.5)


@pytest.mark.parametrize("untagged", [-999.0, -9999.0, -32768.0, 32767.0])
def test_heights_that_cannot_be_are_unknown_without_a_tag(tmp_path: Path, untagged: float) -> None:
    meters = np.full((240, 240), 50.0, np.float32)
    meters[:, :60] = untagged
    path = write_heights(tmp_path / "sea.tif", meters, west=LON - 1, north=LAT + 1, cell=1 / 120, dtype="int16")
    found = heights_round(path, PolarGeometry(LON, LAT, 500.0, 150)).meters
    assert np.isnan(found[540, 110:]).all()
    assert found[540, :95] == pytest.approx(np.full(95, 50.0))
    assert found[180] == pytest.approx(np.full(150, 50.0))
    assert np.isnan(heights_at(path, np.array([LON - 0.9, LON]), np.array([LAT, LAT]))).tolist() == [True, False]


def test_the_tag_of_a_file_and_nan_are_unknown(tmp_path: Path) -> None:
    meters = np.full((240, 240), 50.0, np.float32)
    meters[:, :60] = 0.0
    meters[:60] = np.nan
    path = write_heights(tmp_path / "tag.tif", meters, west=LON - 1, north=LAT + 1, cell=1 / 120, nodata=0.0)
    there = heights_at(path, np.array([LON - 0.9, LON, LON]), np.array([LAT, LAT + 0.9, LAT - 0.9]))
    assert np.isnan(there).tolist() == [True, True, False]


def test_where_the_file_does_not_reach_nothing_is_known(tmp_path: Path) -> None:
    path = plane(tmp_path / "plane.tif", half_deg=0.2)
    found = heights_round(path, PolarGeometry(LON, LAT, 500.0, 100)).meters
    assert np.isfinite(found[:, :38]).all()
    assert np.isnan(found[:, 60:]).all()
    away = heights_round(path, PolarGeometry(LON + 5, LAT, 500.0, 10))
    assert np.isnan(away.meters).all()
    assert np.isnan(heights_on(path, GridArea.over((120.0, 30.0, 120.1, 30.1), 500.0))).all()
    assert np.isnan(heights_at(path, np.array([np.nan]), np.array([np.nan]))).all()


def test_a_large_file_is_read_in_means_of_several_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = plane(tmp_path / "plane.tif", cell=1 / 480)
    geometry = PolarGeometry(LON, LAT, 500.0, 100)
    whole = heights_round(path, geometry).meters
    monkeypatch.setattr(heights, "_MOST_CELLS", 50_000)
    monkeypatch.setattr(heights, "_BLOCK_CELLS", 60_000)
    assert heights_round(path, geometry).meters == pytest.approx(whole, abs=0.6)


def test_the_ground_on_the_map_is_that_at_its_cells(tmp_path: Path) -> None:
    path = plane(tmp_path / "plane.tif")
    for resolution_m in (300.0, 4000.0):
        area = GridArea.over((LON - 0.5, LAT - 0.4, LON + 0.5, LAT + 0.4), resolution_m)
        lon, lat = np.meshgrid(*area.centers_lonlat())
        assert heights_on(path, area) == pytest.approx(heights_at(path, lon, lat), abs=2.0)


def test_a_packed_tile_of_the_shuttle_mission_is_read() -> None:
    path = data.need("dem/N38W028.SRTMGL3.hgt.zip")
    assert 500 < float(heights_at(path, np.array([-27.22]), np.array([38.72]))[0]) < 530


def test_a_file_without_a_place_or_without_a_raster_is_refused(tmp_path: Path) -> None:
    lost = write_heights(tmp_path / "lost.tif", np.zeros((4, 4), np.float32), west=LON, north=LAT, cell=0.1, crs=None)
    with pytest.raises(DataError) as no_crs:
        heights_round(lost, PolarGeometry(LON, LAT, 500.0, 10))
    assert (no_crs.value.code, no_crs.value.facts["file"]) == ("layers.no_crs", "lost.tif")
    (tmp_path / "text.tif").write_text("no raster")
    for path in (tmp_path / "text.tif", tmp_path / "not_there.tif"):
        with pytest.raises(DataError) as unreadable:
            heights_at(path, np.array([LON]), np.array([LAT]))
        assert unreadable.value.code == "layers.unreadable"


def test_a_file_that_breaks_off_is_refused_and_not_half_used(tmp_path: Path) -> None:
    whole = plane(tmp_path / "plane.tif").read_bytes()
    (tmp_path / "half.tif").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError) as broken:
        heights_round(tmp_path / "half.tif", PolarGeometry(LON, LAT, 500.0, 200))
    assert broken.value.code == "layers.unreadable"
