"""Base maps as MBTiles files: the bytes of each picture by zoom, column and row, read as they stand, and written.

Columns count from the west and rows from the north; the file itself counts rows
from the south (MBTiles 1.3), which is turned here.
"""

from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from models.errors import DataError
from models.file_fault import unreadable

LIMIT_S = 15.0
"""How long one question to a file may take: its ``tiles`` may be a view, and a view may never end."""
_STEPS = 20_000
_TILE_LIMIT_S = 5.0
_TABLES = (
    "CREATE TABLE metadata (name TEXT, value TEXT)",
    "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)",
    "CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row)",
)


class TileFile:
    """An MBTiles file that is read; never changed, and by one thread at a time.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    DataError
        ``tiles.unreadable`` with file and cause, ``tiles.too_slow`` with file and limit in seconds.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._limit_s, self._late_at_s = LIMIT_S, math.inf
        try:
            # Jobs take turns on several threads; the desk starts one at a time.
            self._file = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
            self._file.set_progress_handler(self._is_late, _STEPS)
            try:
                self.metadata = {
                    str(name): str(value) for name, value in self._rows("SELECT name, value FROM metadata LIMIT 10000")
                }
                self.zooms = self._one("MIN(zoom_level)"), self._one("MAX(zoom_level)")
                self._limit_s = _TILE_LIMIT_S
            except BaseException:
                self._file.close()
                raise
        except (sqlite3.Error, TypeError, ValueError) as error:
            if self._is_late():
                raise DataError("tiles.too_slow", file=path.name, limit_s=f"{LIMIT_S:g}") from error
            raise unreadable(path, error, "tiles.unreadable") from error

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """Return the bytes of a picture, None if the file has none there.

        Raises
        ------
        DataError
            ``tiles.damaged`` with file and tile, where the file was cut off.
        """
        try:
            rows = self._rows(
                "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?",
                z,
                x,
                2**z - 1 - y,
            )
        except sqlite3.Error as error:
            raise DataError("tiles.damaged", file=self._path.name, tile=f"{z}/{x}/{y}") from error
        return bytes(rows[0][0]) if rows and isinstance(rows[0][0], bytes) else None

    def first(self) -> bytes | None:
        """Return the bytes of any picture of the coarsest zoom, None if they cannot be read."""
        try:
            rows = self._rows("SELECT tile_data FROM tiles WHERE zoom_level = ? LIMIT 1", self.zooms[0])
        except sqlite3.Error:
            return None
        return rows[0][0] if rows and isinstance(rows[0][0], bytes) else None

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _one(self, what: str) -> int:
        return int(self._rows(f"SELECT {what} FROM tiles")[0][0])

    def _rows(self, query: str, *values: int) -> list[tuple[Any, ...]]:
        self._late_at_s = time.monotonic() + self._limit_s
        return self._file.execute(query, values).fetchall()

    def _is_late(self) -> bool:
        return time.monotonic() > self._late_at_s


def write_tiles(path: Path, metadata: Mapping[str, str], tiles: Iterable[tuple[int, int, int, bytes]]) -> Path:
    """Write an MBTiles 1.3 file, whole or not at all, and return its path.

    Parameters
    ----------
    path : Path
        What lies there is replaced.
    metadata : Mapping
        ``name``, ``format``, ``bounds`` ... as the specification names them.
    tiles : Iterable of (zoom, column, row, bytes)
        Rows from the north.
    """
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    with closing(sqlite3.connect(part)) as file, file:
        file.execute("PRAGMA journal_mode = OFF")  # nobody reads the part; it is whole when it gets its name
        file.execute("PRAGMA synchronous = OFF")
        for table in _TABLES:
            file.execute(table)
        file.executemany("INSERT INTO metadata VALUES (?, ?)", metadata.items())
        rows = ((z, x, 2**z - 1 - y, data) for z, x, y, data in tiles)
        file.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
    part.replace(path)
    return path
