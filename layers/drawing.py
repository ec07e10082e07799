"""What a canvas can draw: arrays in Web Mercator meters, and styles by name.

A style is a key that the canvas's theme turns into ink (``county``, ``town``,
``river``, ``road``, ``warning.red`` ...), so that layers know no colors and no
theme. Drawings come in the order in which they are painted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.color_table import ColorTable
from models.geodesy import FloatArray
from models.grid import GridArea


@dataclass(frozen=True, slots=True, eq=False)
class Raster:
    """A coded raster; ``codes`` (rows, columns) uint8 is also the cursor's read-out.

    ``smooth`` blends between cells (relief); a measured field keeps its cells. ``notes`` are
    signs in it that the legend explains: ``unseen``, ``folded``.
    """

    name: str
    area: GridArea
    codes: NDArray[np.uint8]
    colors: ColorTable
    opacity: float = 1.0
    smooth: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Areas:
    """Polygons: ``xy`` (n, 2) vertices of all rings; ring i is ``xy[starts[i]:starts[i+1]]``.

    ``ids`` gives each ring's thing; ``style`` is one key for all, ``word`` what the legend says of it,
    under the ``heading`` of the whole they belong to.
    """

    name: str
    xy: FloatArray
    starts: NDArray[np.int64]
    ids: tuple[str, ...]
    style: str
    opacity: float = 1.0
    word: str = ""
    heading: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Polylines, laid out as in `Areas`."""

    name: str
    xy: FloatArray
    starts: NDArray[np.int64]
    ids: tuple[str, ...]
    style: str
    opacity: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """What a cluster holds: ids of its points, and west, south, east, north of their places in map meters."""

    ids: tuple[str, ...]
    bounds_m: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Symbols:
    """Points: ``x_m``, ``y_m`` (n,), and a sprite key each, as index into ``sprites``.

    Sprite keys: ``point.none``, ``point.not_judged``, ``level.blue`` .. ``level.red``,
    ``gauge``, ``radar``, and those of `layers.sign`; painted worst level last.
    ``groups`` says what the clusters among them hold, by their ids.
    """

    name: str
    x_m: FloatArray
    y_m: FloatArray
    sprite: NDArray[np.integer[Any]]
    sprites: tuple[str, ...]
    ids: tuple[str, ...]
    opacity: float = 1.0
    groups: Mapping[str, Group] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """Texts at places; a higher ``priority`` (n,) wins where two collide.

    ``dx_px`` moves a text off its symbol; 0 centers it on its place.
    """

    name: str
    x_m: FloatArray
    y_m: FloatArray
    texts: tuple[str, ...]
    priority: NDArray[np.int64]
    style: str
    dx_px: int = 0
    opacity: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """One square picture of a base map.

    ``pixels`` is (n, n) uint8 grays, 0 transparent, which the theme gives its own tones,
    or (n, n, 4) uint8 in the order blue, green, red, alpha, with the alpha multiplied in.
    """

    pixels: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class PlacedTile:
    """A square part of a tile and where it lies: upper left corner and side in map meters, the part in its pixels."""

    tile: Tile
    west_m: float
    north_m: float
    side_m: float
    left_px: float
    top_px: float
    side_px: float


@dataclass(frozen=True, slots=True, eq=False)
class Tiles:
    """Pictures of a base map side by side.

    ``usual`` is the gray that most of the map has, 1..255: a theme turns it into its ground.
    ``inverted`` asks dark themes to swap light and dark, for maps that are mostly print.
    """

    name: str
    tiles: tuple[PlacedTile, ...]
    usual: int = 240
    inverted: bool = False
    opacity: float = 1.0


Drawing = Raster | Tiles | Areas | Lines | Symbols | Labels


@dataclass(frozen=True, slots=True, eq=False)
class Drawings:
    """Everything on the map, bottom first; ``texts`` are facts for legend and read-out."""

    items: tuple[Drawing, ...]
    texts: Mapping[str, str] = field(default_factory=dict)
