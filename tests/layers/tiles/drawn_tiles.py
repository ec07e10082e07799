"""Tiles to try readers with: each has a gray of its own, and a corner that says which way is up."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from layers.tiles.tile_grid import TileKey
from models.store.tile_file import write_tiles


def gray_of(key: TileKey) -> int:
    """Return the gray that the tile's ground has."""
    return 60 + 37 * key.z % 90 + 11 * key.x % 50 + 7 * key.y % 40


def picture(key: TileKey, side: int = 256) -> NDArray[np.uint8]:
    """Return a tile as BGR: its gray, a white upper left corner, a red lower right one."""
    out = np.full((side, side, 3), gray_of(key), np.uint8)
    out[: side // 8, : side // 8] = 255
    out[-side // 8 :, -side // 8 :] = (0, 0, 255)
    return out


def packed(key: TileKey, suffix: str = ".png", side: int = 256) -> bytes:
    """Return a tile as the bytes of a picture file."""
    done, data = cv2.imencode(suffix, picture(key, side))
    assert done
    return bytes(data)


def whole_zoom(z: int) -> list[TileKey]:
    """Return all tiles of a zoom."""
    return [TileKey(z, x, y) for y in range(2**z) for x in range(2**z)]


def mbtiles(path: Path, zooms: range = range(3), **metadata: str) -> Path:
    """Write the whole world as an MBTiles file."""
    keys = [key for z in zooms for key in whole_zoom(z)]
    facts = {"name": "test", "format": "png", "minzoom": str(zooms[0]), "maxzoom": str(zooms[-1]), **metadata}
    return write_tiles(path, facts, ((*key, packed(key)) for key in keys))


def folder(path: Path, suffix: str = ".png", zooms: range = range(3), *, tms: bool = False) -> Path:
    """Write the whole world as a folder of tiles."""
    for key in (key for z in zooms for key in whole_zoom(z)):
        row = 2**key.z - 1 - key.y if tms else key.y
        file = path / str(key.z) / str(key.x) / f"{row}{suffix}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(packed(key, suffix))
    return path
