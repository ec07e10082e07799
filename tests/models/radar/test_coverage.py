"""Coverage against a plain loop over cells, radars and cuts."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pyproj import Geod

from models.grid import GridArea
from models.radar.beam import beam_height_above
from models.radar.footprint import AZIMUTH_BINS
from models.radar.sight.blockage import UNKNOWN
from models.radar.sight.coverage import Coverage, Sight, coverage_of
from models.radar.sight.heights import heights_on
from models.radar.sight.horizon_shelf import SiteBlockage
from models.radar.sight.site_view import ScanCut, SiteView, all_round, view_of
from models.radar.volume import Site
from tests.models.radar.ground_files import LAT, LON, SITE, write_heights

AREA = GridArea.over((LON - 0.55, LAT - 0.4, LON + 0.55, LAT + 0.4), 4000.0)


def hills(path: Path) -> Path:
    """Low ground with a ridge 25 km to the east and high ground in the north; nothing known in the far west."""
    at = (np.arange(400) + 0.5) / 400 * 1.2 - 0.6
    meters = np.full((400, 400), 100.0, np.float32)
    meters[np.abs(at + 0.15) < 0.25, (np.abs(at - 0.25) < 0.01).argmax() : (np.abs(at - 0.25) < 0.01).argmax() + 6] = (
        1400.0
    )
    meters[:60] = 900.0
    meters[:, :40] = -999.0
    return write_heights(path, meters, west=LON - 0.6, north=LAT + 0.6, cell=1.2 / 400, dtype="int16")


def three(tmp_path: Path) -> tuple[tuple[SiteView, ...], Path]:
    """Return three radars: a long one, a near one with few cuts, and one that is silent to the north."""
    dem = hills(tmp_path / "dem.tif")
    blockage = SiteBlockage(tmp_path / "shelf", dem, {"A": 0.95, "B": 1.2, "C": 1.0})
    looked = (np.arange(AZIMUTH_BINS) > 120) & (np.arange(AZIMUTH_BINS) < 600)
    a = view_of(Site("A", "", LON, LAT, 300.0), all_round((0.5, 1.5), 150_000.0), blockage)
    b = view_of(Site("B", "", LON + 0.3, LAT - 0.3, 200.0), all_round((1.0, 4.0), 20_000.0), blockage, bin_m=75.0)
    c = view_of(Site("C", "", LON - 0.3, LAT + 0.1, 250.0), (ScanCut(2.0, 30_000.0, looked),), blockage)
    return (a, b, c), dem


def loop(views: tuple[SiteView, ...], area: GridArea, ground: np.ndarray) -> dict[str, np.ndarray]:
    """Return the same fields cell by cell in plain Python."""
    geod = Geod(ellps="WGS84")
    lon, lat = area.centers_lonlat()
    out = {name: np.zeros(area.shape) for name in ("codes", "radar", "count", "percent", "sea")}
    for r, c in np.ndindex(*area.shape):
        best = (math.inf, 0, UNKNOWN)
        reached, count, blind = False, 0, UNKNOWN
        for number, view in enumerate(views, start=1):
            azimuth, _, distance = geod.inv(view.site.lon_deg, view.site.lat_deg, lon[c], lat[r])
            row, column = int((azimuth % 360) * 2) % 720, int(distance / view.geometry.bin_m)
            usable = False
            for k, cut in enumerate(view.cuts):
                if column >= view.geometry.bins or not view.looks[k, row, column]:
                    continue
                reached = True
                percent = int(view.percent[k, row, column])
                usable |= percent <= 50 or percent == UNKNOWN
                blind = min(blind, percent)
                middle = np.array([(column + 0.5) * view.geometry.bin_m])
                height = float(beam_height_above(middle, cut.elevation_deg, antenna_height_m=view.site.altitude_m)[0])
                if percent <= 50 and height < best[0]:
                    best = (height, number, percent)
            count += usable
        above = best[0] - ground[r, c]
        sight = Sight.UNKNOWN
        if not reached:
            sight = Sight.OUT_OF_RANGE
        elif not count:
            sight = Sight.BLOCKED
        elif math.isfinite(above):
            sight = Sight(1 + sum(bool(above >= step) for step in (1000, 2000, 3000)))
        out["codes"][r, c], out["radar"][r, c], out["count"][r, c] = sight, best[1], count
        out["percent"][r, c] = best[2] if best[1] else blind if not count else UNKNOWN
        out["sea"][r, c] = best[0] if best[1] else math.nan
    return out


def test_every_cell_is_as_a_plain_loop_finds_it(tmp_path: Path) -> None:
    views, dem = three(tmp_path)
    ground = heights_on(dem, AREA)
    found, expected = coverage_of(views, AREA, ground), loop(views, AREA, ground)
    # A cell whose middle lies on the edge of two bins may take either: the loop's places are exact, ours within meters.
    same = (found.codes == expected["codes"]) & (found.radar == expected["radar"]) & (found.count == expected["count"])
    same &= found.percent == expected["percent"]
    assert same.mean() > 0.985
    assert found.above_sea_m[same] == pytest.approx(expected["sea"][same], abs=15.0, nan_ok=True)
    assert {Sight.BELOW_1_KM, Sight.BELOW_2_KM, Sight.UNKNOWN} <= {Sight(int(code)) for code in np.unique(found.codes)}
    assert set(np.unique(found.radar).tolist()) == {0, 1, 2, 3}
    assert found.radars == ("A", "B", "C")
    assert found.above_ground_m == pytest.approx(found.above_sea_m - ground, abs=0.01, nan_ok=True)


def one(*cuts: float, tmp_path: Path, range_m: float = 40_000.0) -> Coverage:
    dem = hills(tmp_path / "dem.tif")
    blockage = SiteBlockage(tmp_path / "shelf", dem, {})
    return coverage_of(
        [view_of(replace(SITE, altitude_m=150.0), all_round(cuts, range_m), blockage)], AREA, heights_on(dem, AREA)
    )


def cell(coverage: Coverage, east_deg: float, north_deg: float) -> tuple[int, int]:
    lon, lat = coverage.area.centers_lonlat()
    return int(np.abs(lat - LAT - north_deg).argmin()), int(np.abs(lon - LON - east_deg).argmin())


def test_behind_a_ridge_lies_a_blind_zone_until_a_higher_cut_passes_over_it(tmp_path: Path) -> None:
    low = one(0.5, tmp_path=tmp_path)
    behind = cell(low, 0.36, 0.0)
    assert low.codes[behind] == Sight.BLOCKED
    assert (low.radar[behind], low.count[behind], low.percent[behind]) == (0, 0, 100)
    assert np.isnan(low.above_sea_m[behind])
    assert low.codes[cell(low, 0.2, 0.0)] == Sight.BELOW_1_KM
    both = one(0.5, 3.5, tmp_path=tmp_path)
    assert both.codes[behind] == Sight.BELOW_3_KM
    assert (both.radar[behind], both.count[behind], both.percent[behind]) == (1, 1, 0)


def test_beyond_the_range_and_without_heights_are_two_things(tmp_path: Path) -> None:
    coverage = one(0.5, tmp_path=tmp_path, range_m=20_000.0)
    assert coverage.codes[cell(coverage, 0.3, 0.0)] == Sight.OUT_OF_RANGE
    wide = one(0.5, tmp_path=tmp_path, range_m=90_000.0)
    west = cell(wide, -0.53, 0.0)
    assert wide.codes[west] == Sight.UNKNOWN
    assert (wide.radar[west], wide.count[west], wide.percent[west]) == (0, 1, UNKNOWN)


def test_no_radar_sees_nothing_and_one_far_away_neither() -> None:
    ground = np.zeros(AREA.shape, np.float32)
    far = view_of(replace(SITE, lon_deg=LON + 8), all_round((0.5,), 100_000.0), None)
    for views in ((), (far,)):
        coverage = coverage_of(views, AREA, ground)
        assert (coverage.codes == Sight.OUT_OF_RANGE).all()
        assert not coverage.radar.any()
        assert not coverage.count.any()


def test_the_ground_must_lie_on_the_same_raster() -> None:
    with pytest.raises(ValueError, match="another raster"):
        coverage_of((), AREA, np.zeros((2, 2), np.float32))
