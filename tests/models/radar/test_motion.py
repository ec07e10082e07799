"""How echoes move: known shifts are found, nothing is made up, and what was not seen stays so."""

from __future__ import annotations

from datetime import timedelta

import cv2
import numpy as np
import pytest

from models.geodesy import mercator_scale
from models.grid import GridArea
from models.radar.compose import Plane, PlaneTile, compose
from models.radar.footprint import Source, codes_of, heights_of, packed
from models.radar.mosaic import Mosaic
from models.radar.motion import FASTEST_MS, motion_between, moved
from models.radar.quantity import CR, NO_ECHO, NOT_SEEN
from models.radar.tables import band_rows, bands
from tests.models.radar.scene import AT, STEP

AREA = GridArea.over((112.0, 22.1, 114.8, 24.9), 1000.0)
SCALE = mercator_scale(23.5)


def storms(area: GridArea, east_m: float = 0.0, south_m: float = 0.0) -> np.ndarray:
    """Return codes of blobs of rain, all shifted by map meters; between them it is dry."""
    dice = np.random.default_rng(21)
    noise = cv2.GaussianBlur(dice.standard_normal((area.rows + 200, area.columns + 200)).astype(np.float32), (0, 0), 6)
    y, x = np.mgrid[0 : area.rows, 0 : area.columns].astype(np.float32)
    across, down = (np.float32(meters / area.cell_m) for meters in (east_m, south_m))
    there = cv2.remap(noise / noise.std(), x - across + 100, y - down + 100, cv2.INTER_LINEAR)
    values = np.where(there > 0.6, 10 + 18 * there, -np.inf).astype(np.float32)
    return CR.encode(values)


def plane(codes: np.ndarray, area: GridArea, minutes: float, code: str = "Z1") -> Plane:
    cells = packed(codes.astype(np.uint8), 15)
    tiles = tuple(PlaneTile(band, 0, cells[band_rows(area, band)]) for band in bands(area))
    return Plane(Source(code, code, AT - timedelta(minutes=minutes), STEP), CR, area, tiles)


def mosaic(codes: np.ndarray, minutes: float, area: GridArea = AREA) -> Mosaic:
    at = AT - timedelta(minutes=minutes)
    return compose((plane(codes, area, minutes),), area, at=at, max_age=timedelta(hours=1))


def whole(shown: Plane) -> np.ndarray:
    return np.concatenate([codes_of(tile.cells) for tile in shown.tiles])


@pytest.mark.parametrize("minutes", [4.0, 6.0, 12.0])
@pytest.mark.parametrize(("east_ms", "south_ms"), [(0.0, 0.0), (3.0, -1.5), (-14.0, 9.0), (27.0, 4.0)])
def test_a_known_shift_is_found(minutes: float, east_ms: float, south_ms: float) -> None:
    meters = 60 * minutes * SCALE
    before, after = storms(AREA), storms(AREA, east_ms * meters, south_ms * meters)
    motion = motion_between(mosaic(before, minutes), mosaic(after, 0.0))
    assert motion is not None
    assert motion.at == AT
    found = motion.at_cells(AREA, slice(40, 270), slice(40, 245)) * AREA.cell_m / SCALE
    wet = after[40:270, 40:245] > NO_ECHO
    off = np.hypot(found[wet][:, 0] - east_ms, found[wet][:, 1] - south_ms)
    print(f"shift of {east_ms}, {south_ms} m/s over {minutes} min: off by {off.mean():.2f} m/s, worst {off.max():.2f}")
    assert off.mean() < 0.6


def test_a_frame_moved_on_is_the_frame_that_came() -> None:
    meters = 360 * SCALE
    before, after = storms(AREA), storms(AREA, 12 * meters, -7 * meters)
    motion = motion_between(mosaic(before, 6.0), mosaic(after, 0.0))
    assert motion is not None
    later = whole(moved(plane(before, AREA, 6.0), motion, 360.0))
    inside = (slice(20, -20), slice(20, -20))
    still = np.mean(before[inside] != after[inside])
    close = cv2.dilate(later, np.ones((3, 3), np.uint8))
    assert still > 0.3
    assert np.mean((close < after)[inside]) < 0.02
    assert np.mean(np.abs(later[inside].astype(int) - after[inside]) > 6) < still / 3


def test_a_fast_storm_is_not_doubled() -> None:
    """Two radars see the same storm, one six minutes late: moved to one time it covers as much as it does."""
    meters = 360 * SCALE
    earlier, now = storms(AREA, -22 * meters, 6 * meters), storms(AREA)
    motion = motion_between(mosaic(earlier, 6.0), mosaic(now, 0.0))
    assert motion is not None
    late, fresh = plane(earlier, AREA, 6.0, "Z1"), plane(now, AREA, 0.0, "Z2")
    plain = compose((late, fresh), AREA, at=AT, max_age=timedelta(hours=1))
    shifted = compose((moved(late, motion, 360.0), fresh), AREA, at=AT, max_age=timedelta(hours=1))
    inside = (slice(20, -20), slice(20, -20))
    wet = {
        name: int(np.count_nonzero(codes[inside] > NO_ECHO))
        for name, codes in (("true", now), ("plain", plain.codes), ("moved", shifted.codes))
    }
    print(f"cells with echo: {wet}")
    assert wet["plain"] > 1.3 * wet["true"]
    assert wet["moved"] < 1.05 * wet["true"]


def test_what_a_radar_did_not_see_stays_not_seen_and_nothing_seen_is_lost() -> None:
    before, after = storms(AREA), storms(AREA, 9000.0, 0.0)
    motion = motion_between(mosaic(before, 6.0), mosaic(after, 0.0))
    assert motion is not None
    seen = before.copy()
    seen[:, :90] = NOT_SEEN
    seen[150:160] = NOT_SEEN
    later = moved(plane(seen, AREA, 6.0), motion, 360.0)
    assert np.array_equal(whole(later) == NOT_SEEN, seen == NOT_SEEN)
    assert not np.array_equal(whole(later), seen)
    heights = np.concatenate([heights_of(tile.cells) for tile in later.tiles])
    assert set(np.unique(heights[seen != NOT_SEEN])) == {15}
    assert moved(plane(seen, AREA, 6.0), motion, 0.0).tiles[0].cells is not later.tiles[0].cells
    nothing = plane(seen, AREA, 0.0)
    assert moved(nothing, motion, 0.0) is nothing


def test_where_there_is_nothing_to_follow_no_motion_is_told() -> None:
    rain = storms(AREA)
    dry = np.full(AREA.shape, NO_ECHO, np.uint8)
    assert motion_between(mosaic(rain, 0.0), mosaic(rain, 6.0)) is None
    assert motion_between(mosaic(rain, 0.0), mosaic(rain, 0.0)) is None
    assert motion_between(mosaic(dry, 6.0), mosaic(dry, 0.0)) is None
    assert motion_between(mosaic(dry, 6.0), mosaic(rain, 0.0)) is None
    other = GridArea(AREA.west_m, AREA.north_m, AREA.cell_m * 2, AREA.rows, AREA.columns)
    assert motion_between(mosaic(rain, 6.0, other), mosaic(rain, 0.0)) is None


def test_faster_than_any_echo_is_not_believed() -> None:
    shift = 90.0 * 360 * SCALE
    motion = motion_between(mosaic(storms(AREA), 6.0), mosaic(storms(AREA, shift), 0.0))
    speed = 0.0 if motion is None else float(np.hypot(*np.moveaxis(motion.velocity, 2, 0)).max())
    assert speed <= FASTEST_MS * SCALE * 1.01


@pytest.mark.parametrize("shape", [(1, 5), (3, 3), (10, 40), (40, 10), (9, 300)])
def test_the_smallest_maps_are_no_danger(shape: tuple[int, int]) -> None:
    """DIS of OpenCV 5.0 ends the process on pictures of a few cells."""
    area = GridArea(AREA.west_m, AREA.north_m, 1000.0, *shape)
    codes = np.full(shape, 140, np.uint8)
    motion = motion_between(mosaic(codes, 6.0, area), mosaic(codes, 0.0, area))
    assert motion is not None
    assert np.array_equal(whole(moved(plane(codes, area, 6.0), motion, 360.0)), codes)
