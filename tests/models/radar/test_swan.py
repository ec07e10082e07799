"""SWAN grids: codes, corners, clock and scale, as the layout says; every contradiction by name."""

from __future__ import annotations

import math
import random
import struct
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from models.errors import DataError
from models.radar.decoders import read, swan
from models.radar.product import Grid, Role
from models.radar.proven import is_unproven
from tests import data
from tests.counting import ends_soon
from tests.models.radar.grid_bytes import swan as made

CODES = bytes([0, 66, 86, 255, 1, 2, 3, 4, 5, 6, 7, 8])
NAME = "Z_OTHE_RADAMCR_20260617183000.bin"


def refusal(raw: bytes) -> DataError:
    with pytest.raises(DataError) as caught:
        swan.decode(raw, NAME)
    assert NAME in caught.value.sentence("zh")
    assert caught.value.sentence("zh") != str(caught.value)
    return caught.value


def test_reflectivity_comes_out_in_dbz_with_north_on_top(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_bytes(made(CODES))
    grid = read(path)
    assert isinstance(grid, Grid)
    assert (grid.name, grid.unit, grid.role, grid.source) == ("MCR", "dBZ", Role.COMPOSITE, "华南")
    values = grid.values()
    assert values.shape == (3, 4)
    assert math.isnan(values[0, 0])  # 0 is not seen
    assert values[0, 1:].tolist() == [0.0, 10.0, 94.5]
    assert values[2].tolist() == [(code - 66) / 2 for code in (5, 6, 7, 8)]
    assert grid.started_at == datetime(2026, 6, 17, 18, 30, tzinfo=UTC)
    assert is_unproven(grid.layout)
    assert grid.crs == "EPSG:4326"
    assert math.isnan(grid.heights_m[0])
    assert grid.parameters["stations"] == "Z9200 Z9763"
    assert grid.parameters["radars"] == 3
    assert grid.oddities == ()


@pytest.mark.parametrize("mark", [b"SWAN", b"swan", b"Swan    "])
def test_the_mark_is_known_in_any_case(mark: bytes) -> None:
    raw = made(CODES, mark=mark)
    assert swan.recognizes(raw[:4096], len(raw))
    assert not swan.recognizes(raw[:1000], 1000)
    assert not swan.recognizes(made(CODES, mark=b"SWIM"), len(raw))


def test_the_start_point_is_what_the_stated_center_makes_it() -> None:
    """The center of 4 x 3 points lies 1.5 steps east of the first point, 2 of a first corner."""
    center = swan.decode(made(CODES, middle=(113.015, 24.99)), NAME)
    corner = swan.decode(made(CODES, middle=(113.02, 24.985)), NAME)
    assert center.parameters["start_point_is"] == "cell center"
    assert center.transform == pytest.approx((0.01, 0, 112.995, 0, -0.01, 25.005))
    assert corner.parameters["start_point_is"] == "cell corner"
    assert corner.transform == pytest.approx((0.01, 0, 113.0, 0, -0.01, 25.0))
    assert center.oddities == corner.oddities == ()


@pytest.mark.parametrize("middle", [(0.0, 0.0), (113.02, 24.99), (math.nan, math.nan), (113.5, 24.5)])
def test_a_center_that_fits_neither_reading_is_said(middle: tuple[float, float]) -> None:
    grid = swan.decode(made(CODES, middle=middle), NAME)
    assert grid.parameters["start_point_is"] == "cell center"
    assert [str(odd)[:18] for odd in grid.oddities] == ["the stated center "]


def test_layers_have_heights_and_a_three_dimensional_mosaic_is_no_composite() -> None:
    raw = made(CODES * 3, layers=3, heights_km=(0.5, 1.0, 99.0))
    grid = swan.decode(raw, "Z_OTHE_RADAMOSAIC_20260617183000.bin")
    assert grid.role is Role.CAPPI
    assert grid.heights_m[:2] == (500.0, 1000.0)
    assert math.isnan(grid.heights_m[2])
    assert grid.codes.shape == (3, 3, 4)
    assert grid.values(2)[0, 1] == 0.0
    assert swan.decode(raw, NAME).role is Role.CAPPI
    forty_two = swan.decode(made(bytes(12 * 42), layers=42), NAME)
    assert len(forty_two.heights_m) == 42


@pytest.mark.parametrize(
    ("name", "unit", "role"),
    [
        ("Z_OTHE_RADAMTOP_20260617183000", "km", Role.ECHO_TOP),
        ("RADAMVIL_20260617183000", "kg/m2", Role.VIL),
        ("20260617183000_VILD.dat", "g/m3", Role.OTHER),
        ("20260617183000.QPE", "mm", Role.RAIN),
    ],
)
def test_known_fields_are_stored_in_tenths(name: str, unit: str, role: Role) -> None:
    grid = swan.decode(made(CODES), name)
    assert (grid.unit, grid.role) == (unit, role)
    assert grid.values()[0, 1:].tolist() == pytest.approx([6.6, 8.6, 25.5])
    assert grid.oddities == ()


@pytest.mark.parametrize("name", ["TREC_20260617183000.bin", "SCREEN_20260617183000"])
def test_a_field_that_the_name_does_not_tell_has_no_unit(name: str) -> None:
    grid = swan.decode(made(CODES), name)
    assert (grid.unit, grid.role, grid.name) == ("", Role.OTHER, "组合反射率")
    assert grid.values()[0, 1:].tolist() == [66, 86, 255]
    assert [str(odd) for odd in grid.oddities] == [
        f"the name {name} does not tell which field this is; values stand as they are, without a unit"
    ]


def test_the_clock_without_a_zone_is_settled_by_the_name() -> None:
    beijing = made(CODES, at=(2026, 6, 18, 2, 30, 6))
    assert swan.decode(beijing, NAME).started_at == datetime(2026, 6, 17, 18, 30, tzinfo=UTC)
    assert swan.decode(beijing, NAME).oddities == ()
    assert swan.decode(beijing, "MCR_202606171830.bin").started_at == datetime(2026, 6, 17, 18, 30, tzinfo=UTC)
    for name in ("MCR.bin", "MCR_20260617120000", "MCR_20269917120000", "MCR_20260617183"):
        grid = swan.decode(beijing, name)
        assert grid.started_at == datetime(2026, 6, 18, 2, 30, tzinfo=UTC)
        assert [str(odd)[:35] for odd in grid.oddities] == ["the time zone is not stated and the"]


@pytest.mark.parametrize(
    ("kind", "form", "stored", "values"),
    [
        (1, "<b", [-10, 0, 20], [-1.0, None, 2.0]),
        (2, "<H", [40_000, 0, 20], [4000.0, None, 2.0]),
        (3, "<h", [-10, 0, 20], [-1.0, None, 2.0]),
        (4, "<H", [40_000, 0, 20], [4000.0, None, 2.0]),
        (0, "<h", [-10, 0, 20], [-1.0, None, 2.0]),  # an older header without a kind
        (3, "<B", [200, 0, 20], [20.0, None, 2.0]),
        (4, "<i", [-10, 0, 20], [-1.0, None, 2.0]),
        (5, "<f", [2.5, 0, -1.25], [2.5, None, -1.25]),
    ],
)
def test_the_length_of_the_file_tells_how_wide_a_cell_is(
    kind: int, form: str, stored: list[float], values: list[float | None]
) -> None:
    cells = b"".join(struct.pack(form, value) for value in [*stored, *[1] * 9])
    grid = swan.decode(made(cells, kind=kind), "MTOP_20260617183000")
    expected = [math.nan if value is None else value for value in values]
    assert grid.values()[0, :3].tolist() == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("raw", "code", "byte"),
    [
        (made(CODES, columns=0), "radar.bad_grid_shape", 78),
        (made(CODES, layers=65), "radar.bad_grid_shape", 78),
        (made(CODES, columns=20_001), "radar.bad_grid_shape", 78),
        (made(CODES, columns=19_000, rows=19_000), "radar.bad_grid_shape", 78),
        (made(CODES[:-1]), "radar.bad_grid_size", 1035),
        (made(CODES * 3), "radar.bad_grid_size", 1060),
        (made(b""), "radar.bad_grid_size", 1024),
        (made(CODES, at=(2026, 13, 1, 0, 0, 6)), "radar.bad_grid_time", 66),
        (made(CODES, at=(0, 0, 0, 0, 0, 0)), "radar.bad_grid_time", 66),
        (made(CODES, start=(math.nan, 25.0)), "radar.bad_grid_place", 88),
        (made(CODES, start=(200.0, 25.0)), "radar.bad_grid_place", 88),
        (made(CODES, start=(113.0, 95.0)), "radar.bad_grid_place", 88),
        (made(CODES, start=(0.0, 0.0)), "radar.bad_grid_place", 88),
        (made(CODES, step=(0.0, 0.01)), "radar.bad_grid_place", 88),
        (made(CODES, step=(0.01, 0.0)), "radar.bad_grid_place", 88),
        (made(CODES, step=(9.0, 0.01)), "radar.bad_grid_place", 88),
        (made(CODES, step=(math.inf, 0.01)), "radar.bad_grid_place", 88),
        (made(struct.pack("<12f", *[3e30] * 12), kind=5), "radar.bad_grid_values", 1024),
        (made(struct.pack("<12f", *[math.nan] * 12), kind=5), "radar.bad_grid_values", 1024),
    ],
)
def test_what_is_wrong_is_named_with_its_byte(raw: bytes, code: str, byte: int) -> None:
    error = refusal(raw)
    assert (error.code, error.facts["byte"]) == (code, byte)


def test_mutants_end_in_a_named_error_or_a_grid() -> None:
    dice = random.Random(20261121)
    original = made(CODES * 3, layers=3, heights_km=(0.5, 1.0, 2.0))
    read_whole = 0
    for _ in range(data.long_count(400, 10_000)):
        raw = bytearray(original)
        at = dice.randrange(60, 120) if dice.random() < 0.7 else dice.randrange(len(raw) - 4)
        raw[at : at + 4] = dice.choice([dice.randbytes(4), b"\xff" * 4, b"\0" * 4, struct.pack("<f", math.inf)])
        if dice.random() < 0.2:
            del raw[dice.randrange(1024, len(raw)) :]
        with ends_soon():
            try:
                grid = swan.decode(bytes(raw), NAME)
            except DataError as error:
                sentence = error.sentence("zh")
            else:
                sentence = NAME
                read_whole += 1
                assert np.isfinite(grid.transform).all()
                assert grid.values().shape == grid.codes.shape[1:]
            assert NAME in sentence
    assert read_whole > 20
