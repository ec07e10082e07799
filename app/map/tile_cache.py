"""The tiles of a service on disk: written whole or not at all, capped, as old as they are."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from layers.tiles.tile_grid import TileKey

MB = 1_000_000
_ABSENT = b""
_KEPT_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Stored:
    """A tile in the cache: its bytes, none if the service has no such tile, and whether it is young enough."""

    data: bytes
    fresh: bool


class TileCache:
    """Files ``zoom/column/row`` in a folder; any thread may read and write.

    Parameters
    ----------
    folder : Path
        Made when the first tile comes.
    cap_mb : int
        Over it the tiles that were fetched first go, down to nine tenths.
    keep : timedelta
        How long a tile is young.
    """

    def __init__(self, folder: Path, *, cap_mb: int, keep: timedelta) -> None:
        self._folder, self._cap, self._keep = folder, cap_mb * MB, keep
        self._size: int | None = None

    def look(self, key: TileKey, now: datetime) -> Stored | None:
        """Return what is kept of a tile, None if nothing is."""
        path = self._path(key)
        try:
            data, at = path.read_bytes(), datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except OSError:
            return None
        return Stored(data, now - at <= self._keep)

    def holds(self, key: TileKey, now: datetime) -> bool:
        """Return whether a young tile is kept, without reading it."""
        try:
            at = datetime.fromtimestamp(self._path(key).stat().st_mtime, UTC)
        except OSError:
            return False
        return now - at <= self._keep

    def put(self, key: TileKey, data: bytes | None) -> None:
        """Keep the bytes of a tile, or that there is none."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.{threading.get_ident()}.part")
        part.write_bytes(_ABSENT if data is None else data)
        part.replace(path)
        self._size = self.size() + len(data or _ABSENT)
        if self._size > self._cap:
            self._trim()

    def size(self) -> int:
        """Return how many bytes the tiles take."""
        if self._size is None:
            self._size = sum(size for _, size, _ in self._files())
        return self._size

    def mean_bytes(self) -> float:
        """Return how large a tile is on average, 0 if there is none."""
        sizes = [size for _, size, _ in self._files() if size]
        return sum(sizes) / len(sizes) if sizes else 0.0

    def asked_on(self, now: datetime) -> int:
        """Return how many tiles were asked of the service on this day (UTC)."""
        try:
            return self._counter(now).stat().st_size
        except OSError:
            return 0

    def note_asked(self, now: datetime) -> None:
        """Count one more: a byte at the end of the day's file, which no two threads can lose."""
        counter = self._counter(now)
        counter.parent.mkdir(parents=True, exist_ok=True)
        with counter.open("ab") as file:
            file.write(b".")
        if counter.stat().st_size == 1:
            for old in counter.parent.glob("asked-*"):
                if old != counter:
                    old.unlink(missing_ok=True)

    def _trim(self) -> None:
        files = sorted(self._files())
        left = sum(size for _, size, _ in files)
        for _, size, path in files:
            if left <= self._cap * _KEPT_SHARE:
                break
            path.unlink(missing_ok=True)
            left -= size
        self._size = left

    def _files(self) -> list[tuple[float, int, Path]]:
        """Return when each tile came, its size and its path."""
        found = []
        for path in self._folder.glob("*/*/*"):
            try:
                stat = path.stat()
            except OSError:
                continue  # another thread has let it go
            if not path.name.startswith("."):
                found.append((stat.st_mtime, stat.st_size, path))
        return found

    def _path(self, key: TileKey) -> Path:
        return self._folder / str(key.z) / str(key.x) / str(key.y)

    def _counter(self, now: datetime) -> Path:
        return self._folder / f"asked-{now:%Y-%m-%d}"
