"""A folder of tiles, ``zoom/column/row.png``, as most tools write them."""

from __future__ import annotations

import stat
from pathlib import Path

from layers.tiles.tile_grid import DEEPEST_ZOOM, TILE_PX, WORLD, Bounds, TileKey
from layers.tiles.tile_picture import decode
from layers.tiles.tile_source import Picture
from models.errors import DataError
from models.file_fault import unreadable

PICTURES = (".png", ".jpg", ".jpeg", ".webp")
VECTORS = (".pbf", ".mvt")


class TileFolder:
    """Pictures in a folder; ``tms`` counts rows from the south, as gdal2tiles does.

    Without ``tms`` a ``tilemapresource.xml`` in the folder says that they are counted so.

    Raises
    ------
    DataError
        ``tiles.empty_folder`` if no picture lies in it, ``tiles.vector`` if there are vector tiles.
    """

    def __init__(self, path: Path, *, tms: bool | None = None) -> None:
        self._path = path
        self._tms = (path / "tilemapresource.xml").exists() if tms is None else tms
        levels = {
            int(p.name)
            for p in _entries(path)
            if p.name.isascii() and p.name.isdecimal() and int(p.name) <= DEEPEST_ZOOM
        }
        first = next(filter(None, (_some(path / str(z)) for z in sorted(levels))), None)
        if first is None:
            raise DataError("tiles.empty_folder", file=path.name)
        if first.suffix.lower() in VECTORS:
            raise DataError("tiles.vector", file=path.name)
        self._suffix = first.suffix
        self._zooms = min(levels), max(levels)
        try:
            picture = decode(first.read_bytes())
        except OSError as error:
            raise unreadable(path, error, "tiles.unreadable") from error
        self._tile_px = TILE_PX if picture is None else picture.shape[0]

    @property
    def zooms(self) -> tuple[int, int]:
        return self._zooms

    @property
    def bounds_m(self) -> Bounds:
        return WORLD

    @property
    def tile_px(self) -> int:
        return self._tile_px

    @property
    def attribution(self) -> str:
        return ""

    def tile(self, key: TileKey) -> Picture | None:
        """Return the picture of a tile; see `TileSource.tile`."""
        row = 2**key.z - 1 - key.y if self._tms else key.y
        try:
            found = self._path / str(key.z) / str(key.x) / f"{row}{self._suffix}"
            picture = decode(found.read_bytes()) if stat.S_ISREG(found.stat().st_mode) else None
        except FileNotFoundError:
            return None
        except OSError as error:
            raise DataError("tiles.damaged", file=self._path.name, tile="/".join(map(str, key))) from error
        if picture is None:
            raise DataError("tiles.damaged", file=self._path.name, tile="/".join(map(str, key)))
        return picture


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise unreadable(folder, error, "tiles.unreadable") from error


def _some(level: Path) -> Path | None:
    """Return a tile of the first column that has any."""
    for column in _entries(level) if level.is_dir() else []:
        pictures = [p for p in _entries(column) if p.suffix.lower() in PICTURES + VECTORS] if column.is_dir() else []
        found = next((p for p in pictures if p.is_file()), None)
        if found:
            return found
    return None
