"""The scene of the map's bench: relief, borders, names, a radar and so many points, all from one seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.area_layer import AreaLayer
from layers.color_table import load
from layers.drawing import Drawings, Raster, Symbols
from layers.grid_layer import GridLayer
from layers.map_view import MapView
from layers.point_layer import PointLayer
from layers.relief_layer import relief_layer
from layers.shape import Shape
from layers.sign import Sign
from layers.stack import Stack, Storey, draw
from models.geodesy import FloatArray, to_lonlat
from models.grid import GridArea
from models.hazard.level import Level

SEED = 20260617
WIDTH, HEIGHT = 1920, 1080
POLYGONS, VERTICES, NAMES, FRAMES = 2_000, 130_000, 1_000, 24
SIDE_M = 200_000.0
WEST_M, SOUTH_M = 11_800_000.0, 3_300_000.0
_CORNER = np.array([WEST_M, SOUTH_M])
_KINDS = ("flash_flood", "landslide", "collapse", "debris_flow", "waterlogging")
# One point in fifty has a level, one in ten is not judged, as on a busy night.
_STATES = (Level.RED, Level.ORANGE, Level.YELLOW, Level.BLUE, Level.NOT_JUDGED, Level.NONE)
_SHARES = (0.002, 0.004, 0.006, 0.008, 0.1, 0.88)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Frames of the radar, and the stack of everything else."""

    frames: tuple[Raster, ...]
    stack: Stack

    def drawings(self, view: MapView, frame: int = 0) -> Drawings:
        """Return everything for a view, the radar between ground and borders."""
        items = draw(self.stack, view).items
        first = next((i for i, item in enumerate(items) if not isinstance(item, Raster)), len(items))
        return Drawings((*items[:first], self.frames[frame % len(self.frames)], *items[first:]))


OVERVIEW = MapView(WEST_M + SIDE_M / 2, SOUTH_M + SIDE_M / 2, SIDE_M / HEIGHT, WIDTH, HEIGHT)
"""The whole scene on the screen."""
TOWNS = MapView(OVERVIEW.center_x_m, OVERVIEW.center_y_m, 20.0, WIDTH, HEIGHT)
"""A few towns."""


def scene(points: int, *, clusters: bool, frames: int = FRAMES, names: bool = True) -> Scene:
    """Return the scene with so many points; ``clusters`` as in the console, else every point for itself."""
    rng = np.random.default_rng(SEED)
    stack = Stack().put(_relief(rng)).put(_villages(rng)).put(_points(rng, points, clusters=clusters))
    return Scene(_radar(rng, frames), stack.put(_places(rng)) if names else stack)


def changed_states(symbols: Symbols, step: int) -> Symbols:
    """Return the same points, every one in another state."""
    sprite = (symbols.sprite + step) % len(symbols.sprites)
    return Symbols(symbols.name, symbols.x_m, symbols.y_m, sprite, symbols.sprites, symbols.ids)


def spots(rng: np.random.Generator, count: int) -> tuple[FloatArray, FloatArray]:
    """Return lon and lat in degrees, half of them in clumps as villages lie."""
    clump = rng.uniform(0, SIDE_M, (200, 2))[rng.integers(0, 200, count)] + rng.normal(0, 1500, (count, 2))
    xy = np.where(rng.random((count, 1)) < 0.5, clump, rng.uniform(0, SIDE_M, (count, 2)))
    return to_lonlat(WEST_M + xy[:, 0], SOUTH_M + xy[:, 1])


def texts(count: int) -> tuple[str, ...]:
    """Return names of places."""
    return tuple(f"{'石坑云台马蹄白水'[i % 8]}{'沟岭坪湾'[i % 4]}{i}" for i in range(count))


def _points(rng: np.random.Generator, count: int, *, clusters: bool) -> PointLayer:
    lon_deg, lat_deg = spots(rng, count)
    state = rng.choice(len(_STATES), count, p=_SHARES)
    kind = rng.integers(0, len(_KINDS), count)
    made = {(k, s): Sign(_KINDS[k], _STATES[s]) for k in range(len(_KINDS)) for s in range(len(_STATES))}
    signs = [made[key] for key in zip(kind.tolist(), state.tolist(), strict=True)]
    ids = tuple(f"P{i}" for i in range(count))
    rows = list(zip(lon_deg.tolist(), lat_deg.tolist(), ids, texts(count), strict=True))
    calm = state >= _STATES.index(Level.NOT_JUDGED)
    return PointLayer.of_signs("points", rows, signs, may_join=calm if clusters else None)


def _relief(rng: np.random.Generator) -> GridLayer:
    area = GridArea(WEST_M, SOUTH_M + SIDE_M, SIDE_M / 1000, 1000, 1000)
    height = np.cumsum(np.cumsum(rng.normal(size=area.shape), axis=0), axis=1).astype(np.float32)
    return relief_layer(height, area)


def _villages(rng: np.random.Generator) -> AreaLayer:
    corners = VERTICES // POLYGONS
    angle = np.linspace(0, 2 * np.pi, corners)
    centers = rng.uniform(0, SIDE_M, (POLYGONS, 1, 2)) + _CORNER
    wobble = rng.uniform(0.7, 1.0, (POLYGONS, corners, 1))
    wobble[:, -1] = wobble[:, 0]
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1)[None]
    xy = (centers + ring * wobble * SIDE_M / 60).reshape(-1, 2)
    shape = Shape(xy, (np.arange(POLYGONS + 1) * corners).astype(np.int64), tuple(str(i) for i in range(POLYGONS)))
    return AreaLayer("villages", "village", shape, shape)


def _places(rng: np.random.Generator) -> AreaLayer:
    none = Shape(np.zeros((0, 2)), np.zeros(1, np.int64), ())
    at = rng.uniform(0, SIDE_M, (NAMES, 2)) + _CORNER
    return AreaLayer("places", "", none, none, at, texts(NAMES), "town", 80, storey=Storey.BORDERS)


def _radar(rng: np.random.Generator, frames: int) -> tuple[Raster, ...]:
    area = GridArea(WEST_M, SOUTH_M + SIDE_M, SIDE_M / 1000, 1000, 1000)
    smooth = np.cumsum(np.cumsum(rng.normal(size=area.shape), axis=0), axis=1)
    field = np.interp(smooth, np.percentile(smooth, [0, 35, 100]), [-10, 12, 66])
    codes: NDArray[np.uint8] = np.clip(field * 2 + 66, 1, 255).astype(np.uint8)
    return tuple(
        Raster("mosaic", area, np.ascontiguousarray(np.roll(codes, 7 * i, axis=1)), load("reflectivity"))
        for i in range(frames)
    )
