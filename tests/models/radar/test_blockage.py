"""Blockage: a wall, a plain and a hole whose shadows are known; a plain loop; and an outside reader."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.radar.beam import EFFECTIVE_RADIUS_M, beam_height_above
from models.radar.footprint import AZIMUTH_BINS, PolarGeometry
from models.radar.rays import bin_centers
from models.radar.sight.blockage import MOST_BLOCKED, UNKNOWN, Horizon, blockage_of, horizon_of, share_below, unblocked
from models.radar.sight.heights import PolarHeights, heights_round
from models.radar.volume import Site
from tests import data
from tests.models.radar.ground_files import LAT, LON, polar, write_heights

REFERENCE = Path(__file__).resolve().parents[2] / "reference"
ANTENNA_M = 500.0


def with_wall(top_deg: float, *, at_bin: int = 80, rows: slice = slice(100, 140)) -> tuple[PolarHeights, float]:
    """Low ground with a wall whose top stands at an elevation as seen from the antenna; and its height."""
    heights = polar(0.0)
    top_m = float(beam_height_above(bin_centers(heights.geometry)[[at_bin]], top_deg, antenna_height_m=ANTENNA_M)[0])
    heights.meters[rows, at_bin] = top_m
    return heights, top_m


@pytest.mark.parametrize(
    ("top_deg", "percent"),
    [(0.5, 50), (1.1, 100), (0.0, 0), (0.25, 20), (0.75, 80)],
)
def test_a_wall_takes_the_part_of_the_beam_that_lies_below_its_top(top_deg: float, percent: int) -> None:
    """A beam of 1 degree at 0.5: half a radius below the middle is 19.55 percent of a disc."""
    heights, _ = with_wall(top_deg)
    found = blockage_of(horizon_of(heights, ANTENNA_M), 0.5, 1.0)
    assert (found[100:140, 80:] == percent).all()
    assert (found[100:140, :80] == 0).all()
    assert (found[:100] == 0).all()
    assert (found[140:] == 0).all()


def test_a_wall_in_a_height_file_hides_the_sector_behind_it(tmp_path: Path) -> None:
    """A north-south wall 30 km to the east, from 10 km south to 10 km north: 18.4 degrees to each side."""
    meters = np.full((600, 600), 100.0, np.float32)
    column = round((0.6 + 30_000 / 101_750) * 500)
    half = 10_000 / 110_770
    meters[round((0.6 - half) * 500) : round((0.6 + half) * 500), column] = 1500.0
    path = write_heights(tmp_path / "wall.tif", meters, west=LON - 0.6, north=LAT + 0.6, cell=0.002)
    found = blockage_of(horizon_of(heights_round(path, PolarGeometry(LON, LAT, 250.0, 200)), ANTENNA_M), 0.5, 1.0)
    azimuth = (np.arange(AZIMUTH_BINS) + 0.5) / 2
    hidden = azimuth[found[:, 180] == 100]
    assert hidden.min() == pytest.approx(90 - math.degrees(math.atan2(10, 30)), abs=1.0)
    assert hidden.max() == pytest.approx(90 + math.degrees(math.atan2(10, 30)), abs=1.0)
    assert (found[180, :118] == 0).all()
    assert (found[180, 122:] == 100).all()


def test_a_plain_takes_nothing_from_half_a_degree_and_to_the_horizon_only_what_the_dip_leaves() -> None:
    """A beam of 1 degree at 0 sees the plain at most at its dip, the root of 2h/R below."""
    flat = horizon_of(polar(ANTENNA_M - 40.0, bins=800), ANTENNA_M)
    assert (blockage_of(flat, 0.5, 1.0) == 0).all()
    level = blockage_of(flat, 0.0, 1.0)
    far_m = math.sqrt(2 * EFFECTIVE_RADIUS_M * 40.0)
    y = -math.degrees(far_m / EFFECTIVE_RADIUS_M) / 0.5
    expected = round(100 * (y * math.sqrt(1 - y * y) + math.asin(y) + math.pi / 2) / math.pi)
    assert level[0, -1] == expected
    assert level[0, int(far_m / 250) - 12] == level[0, -1]
    assert level[0, 0] == 0
    assert level[0, 8] < level[0, 20] < level[0, -1]


def loop(heights: PolarHeights, antenna_m: float, elevation_deg: float, width_deg: float) -> list[list[int]]:
    """The percents gate by gate in plain Python: heights over distances, a disc of the beam's size at the ground."""
    radius = 4 / 3 * 6_371_000.0
    out = []
    for row in heights.meters.tolist():
        worst, line = -90.0, []
        known = True
        for number, meters in enumerate(row):
            arc = (number + 0.5) * heights.geometry.bin_m / radius
            known = known and not math.isnan(meters)
            if not math.isnan(meters) and (number + 0.5) * heights.geometry.bin_m >= 1.5 * heights.cell_m:
                top = radius + meters - antenna_m
                seen = math.degrees(math.atan2(top * math.cos(arc) - radius, top * math.sin(arc)))
                worst = max(worst, seen)
            y = min(1.0, max(-1.0, (worst - elevation_deg) / (width_deg / 2)))
            percent = math.floor(100 * (y * math.sqrt(1 - y * y) + math.asin(y) + math.pi / 2) / math.pi + 0.5)
            line.append(percent if known or percent > 50 else 255)
        out.append(line)
    return out


def test_the_arrays_say_what_a_plain_loop_says() -> None:
    rng = np.random.default_rng(3)
    rough = np.abs(rng.normal(0, 300, (AZIMUTH_BINS, 60))).astype(np.float32) + np.arange(60, dtype=np.float32) * 8
    rough[rng.random(rough.shape) < 0.002] = np.nan
    heights = PolarHeights(PolarGeometry(LON, LAT, 900.0, 60), rough, 1200.0)
    for elevation, width in ((0.5, 0.95), (1.5, 1.0), (0.0, 2.5)):
        found = blockage_of(horizon_of(heights, ANTENNA_M), elevation, width).astype(int)
        expected = np.array(loop(heights, ANTENNA_M, elevation, width))
        assert (found == UNKNOWN).any()
        assert ((found > 0) & (found < 100)).any()
        assert ((found == UNKNOWN) == (expected == UNKNOWN)).all()
        assert np.abs(found - expected).max() <= 1  # float32 against float64, at the edge between two percents
        assert (found != expected).mean() < 0.002


def test_blockage_never_grows_less_with_distance_and_never_more_with_elevation() -> None:
    rng = np.random.default_rng(4)
    heights = polar(rng.uniform(0, 900, (AZIMUTH_BINS, 400)).astype(np.float32))
    horizon = horizon_of(heights, ANTENNA_M)
    cuts = [blockage_of(horizon, elevation, 1.0).astype(int) for elevation in (0.0, 0.5, 1.0, 2.0)]
    assert all((np.diff(cut, axis=1) >= 0).all() for cut in cuts)
    assert all((lower >= higher).all() for lower, higher in pairwise(cuts))


def test_behind_unknown_ground_nothing_is_known_but_what_known_ground_hides() -> None:
    heights, _ = with_wall(1.1, at_bin=200)
    heights.meters[:, 150:160] = np.nan
    found = blockage_of(horizon_of(heights, ANTENNA_M), 0.5, 1.0)
    assert (found[0, :150] == 0).all()
    assert (found[0, 150:] == UNKNOWN).all()
    assert (found[120, 150:200] == UNKNOWN).all()
    assert (found[120, 200:] == 100).all()


def test_a_beam_above_all_mountains_needs_no_ground_to_be_known() -> None:
    heights = polar(100.0)
    heights.meters[:, 200:] = np.nan
    horizon = horizon_of(heights, ANTENNA_M)
    assert (blockage_of(horizon, 12.0, 1.0) == 0).all()
    assert (blockage_of(horizon, 9.0, 1.0)[:, 200:] == UNKNOWN).all()
    assert float(beam_height_above(np.array([50_000.0]), 8.5, antenna_height_m=ANTENNA_M)[0]) < 9000
    assert (blockage_of(horizon, 19.5, 1.0) == 0).all()
    assert (blockage_of(horizon, 1.5, 1.0)[:, 200:] == UNKNOWN).all()


def test_the_hill_the_tower_stands_on_does_not_blind_it() -> None:
    """Cells of 900 m cannot tell the summit from the tower: what lies within one and a half of them is no wall."""
    heights = polar(300.0)
    heights.meters[:, :5] = ANTENNA_M + 60
    coarse = PolarHeights(heights.geometry, heights.meters, 900.0)
    assert (blockage_of(horizon_of(coarse, ANTENNA_M), 0.5, 1.0) == 0).all()
    assert (blockage_of(horizon_of(heights, ANTENNA_M), 0.5, 1.0) == 100).any()


def test_the_share_of_a_disc_below_a_line() -> None:
    offset = np.array([-3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 7.0], np.float32)
    below = math.acos(0.5) / math.pi - 0.5 * math.sqrt(0.75) / math.pi
    assert share_below(offset) == pytest.approx([0, 0, below, 0.5, 1 - below, 1, 1], abs=1e-6)


def test_half_a_beam_may_be_used_more_lost_may_not_and_the_unknown_counts_as_free() -> None:
    percent = np.array([0, MOST_BLOCKED, MOST_BLOCKED + 1, 100, UNKNOWN], np.uint8)
    assert unblocked(percent).tolist() == [True, True, False, False, True]


def test_what_cannot_be_a_beam_or_an_antenna_is_refused() -> None:
    with pytest.raises(ValueError, match="height of the antenna"):
        horizon_of(polar(0.0, bins=4), math.nan)
    for width in (0.0, -1.0, 20.5, math.nan):
        with pytest.raises(ValueError, match="a beam of"):
            blockage_of(horizon_of(polar(0.0, bins=4), 10.0), 0.5, width)


@pytest.mark.parametrize("place", ["qingyuan", "terceira"])
def test_real_hills_take_of_the_beam_what_wradlib_says(place: str) -> None:
    """All on its own ways: its places, its heights between cells, its earth; ours means what lies across a ray."""
    told: dict[str, Any] = json.loads((REFERENCE / f"blockage_{place}_wradlib.json").read_text(encoding="utf-8"))
    site = Site("", "", told["site"]["lon"], told["site"]["lat"], told["site"]["antenna_m"])
    geometry = PolarGeometry(site.lon_deg, site.lat_deg, told["bin_m"], told["bins"])
    horizon: Horizon = horizon_of(heights_round(data.need(told["dem"]), geometry), site.altitude_m)
    compared = 0
    for cut in told["cuts"]:
        found = blockage_of(horizon, cut["elevation_deg"], told["beam_width_deg"]).astype(float)
        assert found.sum() == pytest.approx(cut["sum_percent"], rel=0.01, abs=found.size * 0.002)
        assert int((found > 50).sum()) == pytest.approx(cut["above_half"], abs=found.size * 0.004)
        for row, column, percent in cut["picked"]:
            assert found[row, column] == pytest.approx(percent, abs=4.0)
            compared += 1
    assert compared == 60
