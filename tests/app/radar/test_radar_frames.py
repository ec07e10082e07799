"""Frames of the loop: the box of one radar, radars moved to one time, and frames kept small."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from app.radar.radar_frames import Composed, FrameWish, frame_of, too_many
from app.radar.radar_loop import KEPT_FRAMES, RadarLoop, pack
from models.grid import GridArea
from models.radar.compose import Plane, PlaneTile
from models.radar.footprint import Source, packed
from models.radar.motion import Motion
from models.radar.quantity import CR
from models.radar.tables import band_rows, bands

AT = datetime(2026, 6, 18, 2, 30, tzinfo=UTC)
AREA = GridArea(12_000_000.0, 3_400_000.0, 1000.0, 230, 180)
AGE = timedelta(minutes=15)


def plane(code: str, at: datetime, seed: int, columns: tuple[int, int] = (0, 180)) -> Plane:
    dice = np.random.default_rng(seed)
    tiles = []
    for band in bands(AREA):
        rows = band_rows(AREA, band)
        codes = dice.integers(0, 255, (rows.stop - rows.start, columns[1] - columns[0]), dtype=np.uint8)
        tiles.append(PlaneTile(band, columns[0], packed(codes, dice.integers(0, 200, codes.shape, dtype=np.uint8))))
    return Plane(Source(code, code, at, timedelta(minutes=6)), CR, AREA, tuple(tiles))


def composed(planes: tuple[Plane, ...], at: datetime, last: Composed | None = None) -> Composed:
    return frame_of(planes, FrameWish(AREA, at, AGE), map, last)


def assert_same(one: Composed, other: Composed) -> None:
    for name in ("codes", "heights", "source", "count"):
        assert np.array_equal(getattr(one.mosaic, name), getattr(other.mosaic, name)), name
    assert (one.mosaic.at, one.mosaic.sources, one.mosaic.moved) == (
        other.mosaic.at,
        other.mosaic.sources,
        other.mosaic.moved,
    )


def test_one_new_radar_gives_the_same_frame_as_all_of_it_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    old = (plane("A", AT, 1, (0, 120)), plane("B", AT, 2, (60, 180)), plane("C", AT, 3, (20, 70)))
    first = composed(old, AT)
    later = AT + timedelta(minutes=2)
    new = (old[0], plane("B", later, 4, (60, 180)), old[2])
    whole = composed(new, later)
    monkeypatch.setattr("app.radar.radar_frames.compose", None)  # only the box of B may be worked out
    assert_same(composed(new, later, first), whole)


def test_more_than_one_new_radar_is_worked_out_whole() -> None:
    old = (plane("A", AT, 1), plane("B", AT, 2))
    first = composed(old, AT)
    later = AT + timedelta(minutes=2)
    both = (plane("A", later, 5), plane("B", later, 6))
    assert_same(composed(both, later, first), composed(both, later))
    three = (*old, plane("C", later, 7))
    assert_same(composed(three, later, first), composed(three, later))
    assert_same(composed(old, AT + timedelta(hours=1), first), composed(old, AT + timedelta(hours=1)))


def test_an_older_radar_is_moved_to_the_frames_time_and_the_frame_says_so() -> None:
    codes = np.ones((230, 180), np.uint8)
    codes[100, 40] = 150
    tiles = tuple(PlaneTile(b, 0, packed(codes[band_rows(AREA, b)], 20)) for b in bands(AREA))
    late = Plane(Source("A", "A", AT - timedelta(minutes=5), timedelta(minutes=6)), CR, AREA, tiles)
    now = plane("B", AT, 1, (170, 180))
    velocity = np.zeros((230, 180, 2), np.float32)
    velocity[..., 0], velocity[..., 1] = 20.0, -10.0
    wish = FrameWish(AREA, AT, AGE, motion=Motion(AREA, AT, velocity))
    made = frame_of((late, now), wish, map).mosaic
    assert made.moved
    assert made.codes[100 - 3, 40 + 6] == 150
    assert made.codes[100, 40] == 1
    assert made.sources[0].at == AT - timedelta(minutes=5), "its age stays what it is"


def test_sixty_frames_are_kept_and_each_comes_back_whole() -> None:
    loop = RadarLoop()
    first = composed((plane("A", AT, 1),), AT)
    for minute in range(KEPT_FRAMES + 3):
        at = AT + timedelta(minutes=minute)
        made = composed((plane("A", at, minute),), at)
        loop.put(made.mosaic, made.kept)
    assert len(loop.times) == KEPT_FRAMES
    assert loop.frame(AT) is None
    at = AT + timedelta(minutes=20)
    again, truth = loop.frame(at), composed((plane("A", at, 20),), at).mosaic
    assert again is not None
    for name in ("codes", "heights", "source", "count"):
        assert np.array_equal(getattr(again, name), getattr(truth, name))
    light = loop.light(at)
    assert light is not None
    assert light.heights.size == 0
    assert len(pack(first.mosaic).heights) > 0


def test_the_oldest_planes_go_first_and_the_newest_of_each_radar_stays() -> None:
    times = [AT - timedelta(minutes=6 * i) for i in range(4)]
    planes = {code: {at: plane(code, at, 1) for at in times} for code in ("A", "B")}
    planes["C"] = {times[3]: plane("C", times[3], 1)}
    each = sum(tile.cells.nbytes for tile in planes["A"][AT].tiles)
    assert too_many(planes, 9 * each) == []
    assert too_many(planes, 6 * each) == [("A", times[3]), ("B", times[3]), ("A", times[2])]
    assert set(too_many(planes, 0)) == {(code, at) for code in ("A", "B") for at in times[1:]}
