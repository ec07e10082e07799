"""MOC grids, mosaics and single stations: edges, packing, missing values and zones; every contradiction by name."""

from __future__ import annotations

import bz2
import math
import random
import struct
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from models.errors import DataError
from models.radar.decoders import moc, read
from models.radar.layouts import grid_codes
from models.radar.product import Grid, Role
from models.radar.proven import is_unproven
from tests import data
from tests.counting import ends_soon
from tests.models.radar.grid_bytes import block, mosaic, station

VALUES = [-32768, 0, 105, 700, -32768, 1, 2, 3, 4, 5, 6, 7]


def refusal(raw: bytes) -> DataError:
    with pytest.raises(DataError) as caught:
        moc.decode(raw, "broken.bin")
    assert "broken.bin" in caught.value.sentence("zh")
    assert caught.value.sentence("zh") != str(caught.value)
    return caught.value


@pytest.mark.parametrize("packing", [0, 1, 2])
def test_a_mosaic_comes_out_as_it_was_written_with_north_on_top(tmp_path: Path, packing: int) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(mosaic(VALUES, packing=packing))
    grid = read(path)
    assert isinstance(grid, Grid)
    assert (grid.name, grid.unit, grid.role, grid.source) == ("CREF", "dBZ", Role.COMPOSITE, "全国")
    assert grid.started_at == datetime(2026, 6, 17, 18, 30, tzinfo=UTC)  # 02:30 in Beijing
    values = grid.values()
    assert np.isnan(values[0, 0])
    assert np.isnan(values[1, 0])
    assert values[0, 1:].tolist() == [0.0, 10.5, 70.0]
    assert values[2].tolist() == pytest.approx([0.4, 0.5, 0.6, 0.7])
    assert grid.transform == pytest.approx((0.01, 0, 113.0, 0, -0.01, 24.03))
    assert (grid.crs, grid.parameters["radars"], grid.oddities) == ("EPSG:4326", 12, ())
    assert is_unproven(grid.layout)


def test_edges_are_outer_edges_and_stand_against_the_cell_size() -> None:
    """The national one: 6200 x 4200 cells of 0.01 degrees, 73 to 135 E, 12.2 to 54.2 N."""
    national = mosaic(
        [0] * (62 * 42), columns=62, rows=42, edges=(12_200, 73_000, 54_200, 135_000), cell=(10_000, 10_000)
    )
    grid = moc.decode(national, "a")
    assert grid.transform == pytest.approx((1.0, 0, 73.0, 0, -1.0, 54.2))
    assert grid.oddities == ()
    other = moc.decode(mosaic(VALUES, cell=(200, 100)), "a")
    assert other.transform == pytest.approx((0.01, 0, 113.0, 0, -0.01, 24.03))
    assert [str(odd) for odd in other.oddities] == [
        "the header says cells of 0.02 degrees, its edges make 0.01; the edges stand"
    ]


def test_one_or_two_negative_codes_are_marks_and_more_are_values() -> None:
    two = moc.decode(mosaic([-10, -20, 100, *[0] * 9]), "a").values()
    assert np.isnan(two[0, :2]).all()
    more = moc.decode(mosaic([-10, -20, -30, -9990, 100, *[0] * 7]), "a")
    assert more.values()[0].tolist()[:3] == [-1.0, -2.0, -3.0]
    assert np.isnan(more.values()[0, 3])
    assert [str(odd) for odd in more.oddities] == [
        "there are several negative values: below -60 dBZ they were taken as missing, the others as measured"
    ]


def test_other_fields_have_no_negative_values() -> None:
    grid = moc.decode(mosaic([-10, -20, -30, -40, 100, *[0] * 7], variable=b"ET"), "a")
    assert np.isnan(grid.values()[0]).all()
    assert (grid.unit, grid.role, grid.oddities) == ("km", Role.ECHO_TOP, ())


def test_a_stated_unit_stands_and_an_unknown_field_has_none() -> None:
    assert moc.decode(mosaic(VALUES, variable=b"QPE", unit=b"mm/h"), "a").unit == "mm/h"
    assert moc.decode(mosaic(VALUES, variable=b"X", unit=b"DBZ"), "a").unit == "dBZ"
    grid = moc.decode(mosaic(VALUES, variable=b"XYZ"), "a")
    assert (grid.unit, grid.role) == ("", Role.OTHER)
    assert [str(odd)[:12] for odd in grid.oddities] == ["the name XYZ"]


def test_a_layer_at_one_height_says_it() -> None:
    assert moc.decode(mosaic(VALUES, variable=b"CAP", height=3000), "a").heights_m == (3000.0,)
    assert math.isnan(moc.decode(mosaic(VALUES, height=3000), "a").heights_m[0])


def test_a_block_without_a_place_follows_the_header() -> None:
    assert moc.decode(mosaic(VALUES, block=(0, 0)), "a").values()[0, 3] == 70.0


@pytest.mark.parametrize("packing", [0, 1, 2])
def test_a_stations_layers_become_one_grid(packing: int) -> None:
    blocks = [
        block([], columns=0, variable=b"NONE"),
        block(VALUES, variable=b"CAP", height=1000),
        block([*VALUES[:-1], 99], variable=b"CAP", height=2000),
        block(VALUES, variable=b"CREF"),
        block([1] * 6, columns=2, rows=3, variable=b"ET"),
    ]
    grid = moc.decode(station(b"".join(blocks), count=5, packing=packing), "a")
    assert (grid.layout, grid.name, grid.role, grid.source) == ("moc.station", "CAP", Role.CAPPI, "Z9200")
    assert grid.heights_m == (1000.0, 2000.0)
    assert grid.codes.shape == (2, 3, 4)
    assert (grid.values(0)[2, 3], grid.values(1)[2, 3]) == pytest.approx((0.7, 9.9))
    assert grid.transform == pytest.approx((0.01, 0, 113.0, 0, -0.01, 24.03))
    assert grid.started_at == datetime(2026, 6, 17, 18, 30, tzinfo=UTC)
    assert (grid.parameters["site_lon_deg"], grid.parameters["site_lat_deg"]) == (113.02, 24.015)
    assert [str(odd) for odd in grid.oddities] == ["CAP is shown; the file also holds CREF, ET"]
    assert is_unproven(grid.layout)


def test_the_unit_of_a_stations_box_is_the_one_that_holds_the_station() -> None:
    finer = block(VALUES, edges=(240_000, 1_130_000, 240_300, 1_130_400))
    assert moc.decode(station(finer), "a").transform == pytest.approx((0.01, 0, 113.0, 0, -0.01, 24.03))


def test_what_is_a_station_and_what_a_mosaic_is_told_by_byte_12() -> None:
    raw = station(block(VALUES))
    assert moc.recognizes(raw[:4096], len(raw))
    assert not moc.recognizes(raw[:700], 700)
    assert moc.recognizes(mosaic(VALUES), 280)
    assert not moc.recognizes(mosaic(VALUES)[:200], 200)
    assert not moc.recognizes(b"MOD" + mosaic(VALUES)[3:], 280)


@pytest.mark.parametrize(
    ("raw", "code", "byte"),
    [
        (mosaic(VALUES)[:-1], "radar.cut_off", 279),
        (mosaic(VALUES, columns=0), "radar.bad_grid_shape", 148),
        (mosaic(VALUES, rows=-3), "radar.bad_grid_shape", 148),
        (mosaic(VALUES, columns=2**30, rows=2**30), "radar.bad_grid_shape", 148),
        (mosaic(VALUES, columns=5), "radar.bad_grid_packing", 166),
        (mosaic(VALUES, columns=3), "radar.bad_grid_packing", 166),
        (mosaic(VALUES, packing=3), "radar.bad_grid_packing", 166),
        (mosaic(VALUES, packing=1)[:-9] + b"x" * 9, "radar.bad_grid_packing", 166),
        (mosaic(VALUES, packing=2)[:-12] + b"x" * 12, "radar.bad_grid_packing", 166),
        (mosaic(VALUES, packing=1, columns=5), "radar.bad_grid_packing", 166),
        (mosaic([0] * 3000, packing=1), "radar.bad_grid_packing", 166),
        (mosaic(VALUES, edges=(24_030, 113_000, 24_000, 113_040)), "radar.bad_grid_place", 124),
        (mosaic(VALUES, edges=(0, 0, 0, 0)), "radar.bad_grid_place", 124),
        (mosaic(VALUES, edges=(24_000, 113_000, 99_000, 113_040)), "radar.bad_grid_place", 124),
        (mosaic(VALUES, block=(100, 24)), "radar.bad_grid_block", 88),
        (mosaic(VALUES, block=(256, 0)), "radar.bad_grid_block", 88),
        (mosaic(VALUES, block=(256, 25)), "radar.bad_grid_block", 88),
        (mosaic(VALUES, scale=0), "radar.bad_grid_scale", 176),
        (mosaic(VALUES, zone_s=99_999), "radar.bad_grid_zone", 96),
        (mosaic(VALUES, at=(2026, 2, 30, 0, 0, 0)), "radar.bad_grid_time", 100),
        (mosaic(VALUES, at=(1, 1, 1, 0, 0, 0)), "radar.bad_grid_time", 100),
        (station(block(VALUES), lat=0, lon=0), "radar.bad_site", 72),
        (station(block(VALUES), lat=950_000), "radar.bad_site", 72),
        (station(block(VALUES), lat=100_000), "radar.bad_grid_place", 822),
        (station(block(VALUES), count=0), "radar.bad_grid_block", 112),
        (station(block(VALUES), count=65), "radar.bad_grid_block", 112),
        (station(block(VALUES), count=2), "radar.bad_grid_block", 914),
        (station(block(VALUES, rows=4)), "radar.bad_grid_block", 758),
        (station(block(VALUES, rows=-4)), "radar.bad_grid_shape", 846),
        (station(block([], rows=0)), "radar.no_grid", 758),
        (station(block(VALUES, scale=0)), "radar.bad_grid_scale", 878),
        (station(block(VALUES), packing=9), "radar.bad_grid_packing", 114),
        (station(block(VALUES), zone_s=-60_000), "radar.bad_grid_zone", 84),
    ],
)
def test_what_is_wrong_is_named_with_its_byte(raw: bytes, code: str, byte: int) -> None:
    error = refusal(raw)
    assert (error.code, error.facts["byte"]) == (code, byte)


def test_an_inner_bomb_is_not_unpacked_beyond_what_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = bytearray(mosaic(VALUES, packing=1))
    bomb = bz2.compress(bytes(20_000_000))
    struct.pack_into("<2i", raw, 88, 256, len(bomb))
    struct.pack_into("<i", raw, 8, 256 + len(bomb))
    with ends_soon():
        assert refusal(bytes(raw[:256]) + bomb).facts["found"] == 25
    monkeypatch.setattr(grid_codes, "_LARGEST_BYTES", 1_000_000)
    single = station(b"", packing=1)[:758] + bomb
    with ends_soon():
        assert refusal(single).facts["found"] == 1_000_001


def test_mutants_end_in_a_named_error_or_a_grid() -> None:
    dice = random.Random(20261121)
    originals = [
        mosaic(VALUES),
        mosaic(VALUES, packing=1),
        station(block(VALUES) + block(VALUES, variable=b"ET"), count=2),
        station(block(VALUES), packing=2),
    ]
    read_whole = 0
    for _ in range(data.long_count(600, 10_000)):
        raw = bytearray(dice.choice(originals))
        at = dice.randrange(8, len(raw) - 4)
        raw[at : at + 4] = dice.choice([dice.randbytes(4), b"\xff" * 4, b"\0" * 4, struct.pack("<i", 2**31 - 1)])
        if dice.random() < 0.2:
            del raw[dice.randrange(8, len(raw)) :]
        if not moc.recognizes(bytes(raw), len(raw)):
            continue
        with ends_soon():
            try:
                grid = moc.decode(bytes(raw), "mutant.bin")
            except DataError as error:
                sentence = error.sentence("zh")
            else:
                sentence = "mutant.bin"
                read_whole += 1
                assert np.isfinite(grid.transform).all()
                assert grid.values().shape == grid.codes.shape[1:]
            assert "mutant.bin" in sentence
    assert read_whole > 50
