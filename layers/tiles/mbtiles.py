"""MBTiles files of pictures; vector tiles are refused."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from layers.tiles.tile_grid import DEEPEST_ZOOM, TILE_PX, WORLD, Bounds, TileKey, in_meters
from layers.tiles.tile_picture import decode
from layers.tiles.tile_source import Picture
from models.errors import DataError
from models.file_fault import unreadable
from models.store.tile_file import TileFile

_VECTORS = frozenset({"pbf", "mvt"})
_GZIP = b"\x1f\x8b"


class MbTiles:
    """The pictures of an MBTiles file.

    Raises
    ------
    DataError
        ``tiles.unreadable`` with file and cause, ``tiles.vector``.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._file = path, TileFile(path)
        metadata, first = self._file.metadata, self._file.first()
        if metadata.get("format", "").lower() in _VECTORS or (first or b"").startswith(_GZIP):
            self._file.close()
            raise DataError("tiles.vector", file=path.name)
        least, most = self._file.zooms
        if most < 0 or least > DEEPEST_ZOOM:
            self._file.close()
            raise unreadable(path, ValueError(f"zooms {least}..{most}"), "tiles.unreadable")
        self._zooms = max(0, least), min(most, DEEPEST_ZOOM)
        self._bounds = _bounds(metadata.get("bounds", ""))
        picture = decode(first) if first else None
        self._tile_px = TILE_PX if picture is None else picture.shape[0]

    @property
    def zooms(self) -> tuple[int, int]:
        return self._zooms

    @property
    def bounds_m(self) -> Bounds:
        return self._bounds

    @property
    def tile_px(self) -> int:
        return self._tile_px

    @property
    def attribution(self) -> str:
        return self._file.metadata.get("attribution", "")

    def tile(self, key: TileKey) -> Picture | None:
        """Return the picture of a tile; see `TileSource.tile`."""
        data = self._file.tile(*key)
        if not data:
            return None
        picture = decode(data)
        if picture is None:
            raise DataError("tiles.damaged", file=self._path.name, tile="/".join(map(str, key)))
        return picture

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _bounds(said: str) -> Bounds:
    """Return the bounds that a file states in degrees, the world if it states none that can be."""
    with suppress(ValueError):
        west, south, east, north = (float(part) for part in said.split(","))
        if -180 <= west < east <= 180 and -90 <= south < north <= 90:
            return in_meters((west, south, east, north))
    return WORLD
