"""The tables from a radar to the map: kept on disk, the same from there, made anew when damaged."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.grid import GridArea
from models.radar import tables
from models.radar.footprint import Geometry, PolarGeometry, RasterGeometry
from models.radar.tables import PixelTable, band_rows, bands, pixel_table
from tests import data
from tests.models.radar import by_hand

AREA = GridArea.over((112.6, 22.6, 114.9, 24.6), 1100.0)
POLAR = PolarGeometry(113.0, 23.5, 500.0, 150)
RASTER = RasterGeometry(113.6, 23.35, 1700.0, 101, 97)
made = pixel_table.__wrapped__  # nothing out of memory


def assert_same(one: PixelTable, other: PixelTable) -> None:
    assert [(tile.band, tile.column) for tile in one.tiles] == [(tile.band, tile.column) for tile in other.tiles]
    for a, b in zip(one.tiles, other.tiles, strict=True):
        assert a.index.dtype == b.index.dtype == np.int64
        assert np.array_equal(a.index, b.index)


@pytest.mark.parametrize("geometry", [POLAR, RASTER])
def test_a_table_from_disk_is_the_table_that_was_made(geometry: Geometry, tmp_path: Path) -> None:
    shelf = tmp_path / "not" / "yet"
    fresh = made(geometry, AREA)
    assert 2 <= len(fresh.tiles) <= len(bands(AREA))
    assert_same(made(geometry, AREA, shelf), fresh)
    (path,) = shelf.iterdir()
    before = path.stat()
    assert_same(made(geometry, AREA, shelf), fresh)
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.stat().st_ino == before.st_ino


def test_each_geometry_and_each_area_has_its_own_file(tmp_path: Path) -> None:
    other = GridArea.over((112.6, 22.6, 114.9, 24.6), 1200.0)
    for geometry, area in ((POLAR, AREA), (RASTER, AREA), (POLAR, other), (PolarGeometry(113, 23.5, 500.0, 151), AREA)):
        assert_same(made(geometry, area, tmp_path), made(geometry, area))
    assert len(list(tmp_path.iterdir())) == 4


@pytest.mark.parametrize("harm", ["empty", "half", "one byte more", "zeros", "another file", "a folder"])
def test_a_damaged_table_is_made_anew_and_kept(harm: str, tmp_path: Path) -> None:
    fresh = made(POLAR, AREA, tmp_path)
    (path,) = tmp_path.iterdir()
    good = path.read_bytes()
    harmed = {
        "empty": b"",
        "half": good[: len(good) // 2],
        "one byte more": good + b"\0",
        "zeros": bytes(len(good)),
        "another file": b"PK\x03\x04" + good,
    }
    if harm == "a folder":
        path.unlink()
        path.mkdir()
        assert_same(made(POLAR, AREA, tmp_path), fresh)
        return
    path.write_bytes(harmed[harm])
    assert_same(made(POLAR, AREA, tmp_path), fresh)
    assert path.read_bytes() == good


def test_the_oldest_tables_go_when_there_are_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_FILES", 2)
    kept: list[Path] = []
    for number in range(4):
        made(replace(POLAR, lon_deg=POLAR.lon_deg + 0.1 * number), AREA, tmp_path)
        (new,) = set(tmp_path.iterdir()) - set(kept)
        os.utime(new, ns=(number, number))
        kept.append(new)
    assert set(tmp_path.iterdir()) == set(kept[2:])


def test_tables_of_two_radars_that_were_exchanged_are_made_anew(tmp_path: Path) -> None:
    other = replace(POLAR, lon_deg=POLAR.lon_deg + 0.5)
    fresh = {geometry: made(geometry, AREA, tmp_path) for geometry in (POLAR, other)}
    first, second = tmp_path.iterdir()
    good = {path: path.read_bytes() for path in (first, second)}
    first.write_bytes(good[second])
    second.write_bytes(good[first])
    for geometry, table in fresh.items():
        assert_same(made(geometry, AREA, tmp_path), table)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == good


def test_no_flipped_bit_gets_through(tmp_path: Path) -> None:
    small = GridArea.over((112.9, 23.4, 113.1, 23.6), 2000.0)
    fresh = made(POLAR, small, tmp_path)
    (path,) = tmp_path.iterdir()
    good = path.read_bytes()
    dice = np.random.default_rng(8)
    for _ in range(data.long_count(200, 5000)):
        bad = bytearray(good)
        bad[int(dice.integers(len(good)))] ^= 1 << int(dice.integers(8))
        path.write_bytes(bad)
        assert_same(made(POLAR, small, tmp_path), fresh)
        assert path.read_bytes() == good


def test_a_shelf_that_cannot_be_written_to_costs_only_time(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    assert_same(made(POLAR, AREA, blocked), made(POLAR, AREA))


def test_the_table_names_the_cell_above_every_pixel() -> None:
    """All pixels of the area against exact geodesy, but those within 0.2 m of an edge."""
    table = made(POLAR, AREA)
    whole = np.full(AREA.shape, -1, np.int64)
    for tile in table.tiles:
        whole[band_rows(AREA, tile.band), tile.column : tile.column + tile.index.shape[1]] = tile.index
    far = checked = 0
    for row, column, lon, lat in by_hand.pixels(AREA):
        azimuth, distance = by_hand.place(lon, lat, POLAR.lon_deg, POLAR.lat_deg)
        number, ray = int(distance // POLAR.bin_m), int(azimuth * 2)
        expected = ray * POLAR.bins + number if number < POLAR.bins else -1
        if whole[row, column] != expected:
            along = abs(distance - round(distance / POLAR.bin_m) * POLAR.bin_m)
            across = distance * np.sin(np.radians(abs(azimuth * 2 - round(azimuth * 2)) / 2))
            far += min(along, across) >= by_hand.EDGE_M
        checked += 1
    print(f"table of {POLAR}: {checked} pixels, {far} name another cell")
    assert far == 0
    assert 0.2 < np.mean(whole < 0) < 0.8
