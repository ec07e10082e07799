"""Packed files: as many streams as there are, never beyond the bound, and a bomb costs little."""

from __future__ import annotations

import bz2
import gzip
import random
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from models.errors import DataError
from models.radar.layouts import unpack

MIB = 1024**2
Pack = Callable[[bytes], bytes]
PACKS = [bz2.compress, gzip.compress]


def written(folder: Path, raw: bytes) -> Path:
    path = folder / "file"
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("size", [0, 1, 300_000, 5 * MIB, 9 * MIB + 3])
def test_what_was_packed_comes_out_whole(tmp_path: Path, pack: Pack, size: int) -> None:
    noise = random.Random(size).randbytes
    raw = noise(min(size, 300_000)) + bytes(size) + noise(7)
    assert unpack.load(written(tmp_path, pack(raw))) == (raw, None)


@pytest.mark.parametrize("pack", PACKS)
def test_streams_that_follow_each_other_are_one_file_and_what_follows_them_is_not(tmp_path: Path, pack: Pack) -> None:
    dice = random.Random(3)
    parts = [dice.randbytes(dice.randrange(1, 400_000)) for _ in range(12)]
    packed = b"".join(map(pack, parts))
    assert unpack.load(written(tmp_path, packed)) == (b"".join(parts), None)
    assert unpack.load(written(tmp_path, packed + b"\0" * 5000)) == (b"".join(parts), None)
    kept, cut = unpack.load(written(tmp_path, packed + pack(dice.randbytes(300_000))[:150_000]))
    assert kept.startswith(b"".join(parts))
    assert cut is not None
    assert (cut.code, cut.facts["unpacked"]) == ("radar.packing_cut_off", len(kept))


@pytest.mark.parametrize("pack", PACKS)
def test_a_bomb_is_counted_and_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: Pack) -> None:
    """Once a few bytes have become too many, pieces are let go as they come; an honest file is unpacked again."""
    monkeypatch.setattr(unpack, "_SUSPECT_BYTES", 4 * MIB)
    monkeypatch.setattr(unpack, "_SUSPECT_RATIO", 100)
    monkeypatch.setattr(unpack, "LARGEST_BYTES", 48 * MIB)
    path = written(tmp_path, pack(bytes(64 * MIB)))
    tracemalloc.start()
    try:
        with pytest.raises(DataError) as caught:
            unpack.load(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert caught.value.code == "radar.too_large"
    assert peak < 24 * MIB
    assert unpack.load(written(tmp_path, pack(bytes(40 * MIB)))) == (bytes(40 * MIB), None)
    kept, cut = unpack.load(written(tmp_path, pack(bytes(40 * MIB))[:-6]))
    assert not kept.strip(b"\0")
    assert isinstance(cut, DataError)
    assert cut.facts["unpacked"] == len(kept)


def test_a_plain_file_is_handed_on_as_it_is(tmp_path: Path) -> None:
    assert unpack.load(written(tmp_path, b"BZ")) == (b"BZ", None)
