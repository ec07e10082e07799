"""Damaged files and bombs: each ends in a named error, keeps what is whole, and costs little time and memory."""

from __future__ import annotations

import bz2
import os
import struct
import zlib
from pathlib import Path

import pytest

from tests import data

if os.name == "nt":
    pytest.skip("Windows cannot fork, and does not say what a child used", allow_module_level=True)

from tests.models.radar import grid_bytes
from tests.models.radar.bombs import bz2_bomb, gzip_bomb
from tests.models.radar.read_apart import Ending, endings

LIMIT_S = 5.0
LIMIT_BYTES = 500_000_000
GIB = 1024**3

KEPT = {"Z9398*trunc_mid*": 4, "ZS140*trunc_mid*": 1, "ZS140*plain_named_bz2*": 1}


def damaged() -> dict[Path, Ending]:
    paths = sorted(data.need("radar/damaged").iterdir()) + sorted(data.need("radar/odim_single").glob("CORRUPT*"))
    assert len(paths) == 17
    return dict(zip(paths, endings(paths), strict=True))


def held(path: Path, ending: Ending) -> None:
    """See that a reading ended by name and within its bounds."""
    assert not ending.fault, f"{path.name}: {ending.fault}"
    assert ending.code.startswith("radar."), f"{path.name} was taken for whole"
    zh, en = ending.sentences
    assert path.name in zh
    assert path.name in en
    assert ending.seconds < LIMIT_S, path.name
    assert ending.peak_bytes < LIMIT_BYTES, f"{path.name}: {ending.peak_bytes / 1e6:.0f} MB"


def test_every_damaged_file_ends_by_name_with_its_whole_cuts_kept() -> None:
    found = damaged()
    for path, ending in found.items():
        held(path, ending)
        kept = next((count for pattern, count in KEPT.items() if path.match(f"*{pattern}")), 0)
        assert ending.sweeps == kept, f"{path.name}: {ending}"
        assert kept == 0 or ending.announced > kept
    assert sum(ending.sweeps > 0 for ending in found.values()) == len(KEPT)


def test_a_bomb_is_refused_before_it_goes_off(tmp_path: Path) -> None:
    files = {"bomb.bz2": bz2_bomb(4 * GIB), "bomb.gz": gzip_bomb(4 * GIB)}
    paths = [tmp_path / name for name in files]
    for path in paths:
        path.write_bytes(files[path.name])
        assert path.stat().st_size < 10_000_000
    for path, ending in zip(paths, endings(paths), strict=True):
        held(path, ending)
        assert ending.code == "radar.too_large"


def test_a_bomb_inside_of_a_grid_is_refused_too(tmp_path: Path) -> None:
    bombs = {1: bz2_bomb(4 * GIB), 2: gzip_bomb(4 * GIB)}
    paths = []
    for packing, bomb in bombs.items():
        for columns, rows in ((4, 3), (30_000, 30_000)):
            mosaic = bytearray(grid_bytes.mosaic([], columns=columns, rows=rows, packing=packing))[:256]
            struct.pack_into("<2i", mosaic, 88, 256, len(bomb))
            struct.pack_into("<i", mosaic, 172, min(2 * columns * rows, 2**31 - 1))
            paths.append(tmp_path / f"mosaic-{packing}-{columns}.bin")
            paths[-1].write_bytes(bytes(mosaic) + bomb)
        station = grid_bytes.station(b"", count=60, packing=packing)[:758]
        paths.append(tmp_path / f"station-{packing}.bin")
        paths[-1].write_bytes(station + bomb)
    for path, ending in zip(paths, endings(paths), strict=True):
        held(path, ending)


def test_the_bombs_are_what_they_are_called() -> None:
    """As small ones they unpack to zeros, so it is not for a fault of theirs that large ones are refused."""
    packed = bz2_bomb(20_000_000)
    unpacked = bz2.BZ2Decompressor().decompress(packed, 16_000_000)
    assert unpacked == bytes(16_000_000)
    unpacked = zlib.decompressobj(wbits=31).decompress(gzip_bomb(20_000_000), 16_000_000)
    assert unpacked == bytes(16_000_000)
