"""The tiles of a base map that are in memory, no more than fit; those used longest ago go first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from layers.drawing import Tile
from layers.tiles.tile_grid import TileKey

MOST_BYTES = 64_000_000
_MOST_ABSENT = 20_000


class TileShelf:
    """Tiles by key, and which tiles a map does not have."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._tiles: OrderedDict[TileKey, Tile] = OrderedDict()
        self._absent: dict[TileKey, None] = {}
        self.size = 0

    def knows(self, key: TileKey) -> bool:
        """Return whether a tile is here, or is known not to be anywhere."""
        return key in self._tiles or key in self._absent

    def put(self, key: TileKey, tile: Tile | None) -> None:
        """Keep a tile, or that the map has none."""
        self._forget(key)
        if tile is None:
            self._absent[key] = None
            while len(self._absent) > _MOST_ABSENT:
                del self._absent[next(iter(self._absent))]
            return
        self._tiles[key] = tile
        self.size += tile.pixels.nbytes

    def use(self, needed: Iterable[TileKey]) -> None:
        """Note which tiles the screen needs: they stay, and of the others so many as fit."""
        kept = [key for key in needed if key in self._tiles]
        for key in reversed(kept):
            self._tiles.move_to_end(key)
        spare = len(self._tiles) - len(kept)
        while self.size > self._most and spare > 0:
            self._forget(next(iter(self._tiles)))
            spare -= 1

    def clear(self) -> None:
        """Let go of everything: another map is shown."""
        self._tiles.clear()
        self._absent.clear()
        self.size = 0

    def snapshot(self) -> dict[TileKey, Tile]:
        """Return the tiles that are here now."""
        return dict(self._tiles)

    def _forget(self, key: TileKey) -> None:
        old = self._tiles.pop(key, None)
        if old is not None:
            self.size -= old.pixels.nbytes
        self._absent.pop(key, None)
