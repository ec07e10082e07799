"""Pictures that are no tiles: too large, not square, broken; and folders and files that only look like base maps."""

from __future__ import annotations

import sqlite3
import struct
import zlib
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np
import pytest

from layers.tiles.open_tiles import open_tiles
from layers.tiles.tile_grid import TileKey
from layers.tiles.tile_picture import decode
from models.errors import DataError
from tests.layers.tiles.drawn_tiles import folder, mbtiles

LOSSLESS = [cv2.IMWRITE_WEBP_QUALITY, 101]


def packed(width: int, height: int, suffix: str, options: list[int] | None = None, channels: int = 3) -> bytes:
    good, data = cv2.imencode(suffix, np.full((height, width, channels), 90, np.uint8), options or [])
    assert good
    return data.tobytes()


def png_saying(side: int) -> bytes:
    """A PNG whose head says more than there is in it."""
    chunks = {b"IHDR": struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0), b"IDAT": zlib.compress(b""), b"IEND": b""}
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks.items()
    )


@pytest.mark.parametrize(
    ("suffix", "options", "channels"),
    [
        (".png", None, 3),
        (".png", None, 4),
        (".jpg", None, 3),
        (".jpg", [cv2.IMWRITE_JPEG_PROGRESSIVE, 1], 3),
        (".webp", [cv2.IMWRITE_WEBP_QUALITY, 80], 3),
        (".webp", [cv2.IMWRITE_WEBP_QUALITY, 80], 4),
        (".webp", LOSSLESS, 3),
    ],
)
def test_a_picture_is_a_tile_if_it_is_square_and_not_too_large(
    suffix: str, options: list[int] | None, channels: int
) -> None:
    for side in (1, 256, 2048):
        found = decode(packed(side, side, suffix, options, channels))
        assert found is not None
        assert found.shape == (side, side, 4)
    assert decode(packed(2049, 2049, suffix, options, channels)) is None
    assert decode(packed(256, 128, suffix, options, channels)) is None


@pytest.mark.parametrize("side", [0, 16_000, 60_000, 2**32 - 1])
def test_a_picture_that_would_fill_the_memory_is_not_unpacked(side: int) -> None:
    assert decode(png_saying(side)) is None


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
def test_a_picture_with_any_wrong_byte_in_its_head_is_a_tile_or_none(suffix: str) -> None:
    data = packed(16, 16, suffix)
    for at in range(min(len(data), 200)):
        for value in (0, 0xFF, data[at] ^ 0x10):
            found = decode(data[:at] + bytes([value]) + data[at + 1 :])
            assert found is None or found.shape[0] == found.shape[1]


def test_a_picture_that_the_decoder_refuses_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise cv2.error("no")

    monkeypatch.setattr(cv2, "imdecode", refuse)
    assert decode(packed(256, 256, ".png")) is None


def test_a_folder_of_another_script_is_no_zoom(tmp_path: Path) -> None:
    (folder(tmp_path / "tiles", ".png") / "²").mkdir()
    assert open_tiles(tmp_path / "tiles").zooms == (0, 2)


def test_a_folder_named_like_a_picture_is_none(tmp_path: Path) -> None:
    (tmp_path / "tiles" / "0" / "0" / "0.png").mkdir(parents=True)
    with pytest.raises(DataError) as refused:
        open_tiles(tmp_path / "tiles")
    assert refused.value.code == "tiles.empty_folder"


def test_a_folder_in_place_of_one_tile_is_a_damaged_tile(tmp_path: Path) -> None:
    tile = folder(tmp_path / "tiles", ".png") / "1" / "1" / "1.png"
    tile.unlink()
    tile.mkdir()
    source = open_tiles(tmp_path / "tiles")
    with pytest.raises(DataError, match="1/1/1") as damaged:
        source.tile(TileKey(1, 1, 1))
    assert damaged.value.code == "tiles.damaged"
    assert source.tile(TileKey(1, 0, 1)) is not None


@pytest.mark.parametrize("zoom", [-5, 99])
def test_mbtiles_without_a_zoom_that_can_be_are_refused(tmp_path: Path, zoom: int) -> None:
    path = mbtiles(tmp_path / "a.mbtiles")
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("DELETE FROM tiles WHERE zoom_level > 0")
        file.execute("UPDATE tiles SET zoom_level = ?", (zoom,))
    with pytest.raises(DataError) as refused:
        open_tiles(path)
    assert refused.value.code == "tiles.unreadable"


def test_why_a_base_map_cannot_be_opened_is_said_in_our_words(tmp_path: Path) -> None:
    for name in ("a.mbtiles", "a.tif"):
        (tmp_path / name).write_text("<html>please log in</html>", encoding="utf-8")
        with pytest.raises(DataError) as refused:
            open_tiles(tmp_path / name)
        said = str(refused.value.facts["cause"])  # the library's own words: for the log
        assert said
        assert said not in refused.value.sentence("zh") + refused.value.sentence("en")


def test_mbtiles_with_one_zoom_below_zero_show_the_others(tmp_path: Path) -> None:
    path = mbtiles(tmp_path / "a.mbtiles")
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE tiles SET zoom_level = -5 WHERE zoom_level = 2")
    assert open_tiles(path).zooms == (0, 1)
