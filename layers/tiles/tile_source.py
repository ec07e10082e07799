"""What a base map is to whoever draws it: a range of zooms, bounds, and one picture for each tile."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from layers.tiles.tile_grid import Bounds, TileKey

Picture = NDArray[np.uint8]
"""(n, n, 4) uint8 RGBA, row 0 north."""


class TileSource(Protocol):
    """A base map that can be asked for its tiles, away from the GUI thread, by one thread at a time."""

    @property
    def zooms(self) -> tuple[int, int]:
        """The coarsest and the finest zoom there is."""

    @property
    def bounds_m(self) -> Bounds:
        """West, south, east, north in map meters; nothing lies outside."""

    @property
    def tile_px(self) -> int:
        """Pixels along the side of a tile."""

    @property
    def attribution(self) -> str:
        """Whose map it is, as the map itself says; empty if it says nothing."""

    def tile(self, key: TileKey) -> Picture | None:
        """Return the picture of a tile, None where the map has none.

        Raises
        ------
        DataError
            ``tiles.damaged`` with file and tile, or ``tiles.service_...`` where a service does not give it now.
        """
