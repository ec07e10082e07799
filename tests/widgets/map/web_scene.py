"""Two hundred points by level round a county, a road, an area, a field: one scene for both painters."""

from __future__ import annotations

import numpy as np

from layers.color_table import load
from layers.drawing import Areas, Drawings, Labels, Lines, Raster, Symbols
from layers.map_view import MapView
from models.geodesy import FloatArray, to_mercator
from models.grid import GridArea

COUNT, WIDTH, HEIGHT = 200, 1000, 700
HOSTILE = '<img src=x onerror="window.PWNED=1">\u2028</script>'
SPRITES = ("point.none", "level.blue", "level.orange", "level.red")
_SEED, _CENTER, _SCALE = 20261121, (106.7, 28.6), 90.0


def places() -> tuple[FloatArray, FloatArray]:
    """Return lon and lat of the points; the first one stands by itself, so that its name has room."""
    dice = np.random.default_rng(_SEED)
    lon, lat = dice.uniform(106.45, 107.1, COUNT), dice.uniform(28.35, 28.85, COUNT)
    lon[0], lat[0] = 106.32, 28.6
    return lon, lat


def view_of(width: int, height: int) -> MapView:
    """Return the view of the scene on so many pixels."""
    x, y = to_mercator(np.array([_CENTER[0]]), np.array([_CENTER[1]]))
    return MapView(float(x[0]), float(y[0]), _SCALE, width, height)


def drawings() -> Drawings:
    """Return the scene; the name of the first point is code to whoever takes it for that."""
    lon, lat = places()
    x, y = to_mercator(lon, lat)
    sprite = (np.arange(COUNT) % len(SPRITES)).astype(np.uint8)
    names = (HOSTILE, *(f"点{i}" for i in range(1, COUNT)))
    east, north = to_mercator(np.array([106.45, 106.95]), np.array([28.45, 28.75]))
    ring = np.array([[east[i], north[j]] for i, j in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))])
    starts = np.array([0, 5])
    area = GridArea.over((106.5, 28.5, 106.6, 28.6), 1000.0)
    return Drawings(
        (
            Raster("field", area, np.full(area.shape, 100, np.uint8), load("reflectivity")),
            Areas("water", ring, starts, ("lake",), "outside"),
            Lines("warnings", ring, starts, ("town",), "warning.red"),
            Symbols("points", x, y, sprite, SPRITES, tuple(str(i) for i in range(COUNT))),
            Labels("names", x, y, names, np.arange(COUNT)[::-1].astype(np.int64), "point", dx_px=12),
        )
    )
