"""The tile grid of Web Mercator: which tiles a part of the map needs, and where each of them lies."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from layers.map_view import MapView
from models.geodesy import MERCATOR_RADIUS_M, to_mercator

EDGE_M = math.pi * MERCATOR_RADIUS_M
TILE_PX = 256
DEEPEST_ZOOM = 24
Bounds = tuple[float, float, float, float]
WORLD: Bounds = (-EDGE_M, -EDGE_M, EDGE_M, EDGE_M)


class TileKey(NamedTuple):
    """A tile: zoom, column from the west, row from the north."""

    z: int
    x: int
    y: int

    def ancestor(self, up: int) -> TileKey:
        """Return the tile that holds this one, so many zooms coarser."""
        return TileKey(self.z - up, self.x >> up, self.y >> up)

    @property
    def children(self) -> tuple[TileKey, TileKey, TileKey, TileKey]:
        """The four tiles of the next zoom in it, row by row."""
        z, x, y = self.z + 1, 2 * self.x, 2 * self.y
        return TileKey(z, x, y), TileKey(z, x + 1, y), TileKey(z, x, y + 1), TileKey(z, x + 1, y + 1)


def side_m(z: int) -> float:
    """Return the side of a tile in map meters."""
    return 2 * EDGE_M / float(2**z)


def corner_m(key: TileKey) -> tuple[float, float]:
    """Return the upper left corner of a tile in map meters."""
    side = side_m(key.z)
    return key.x * side - EDGE_M, EDGE_M - key.y * side


def sharp_zoom(meters_per_pixel: float, least: int, most: int, tile_px: int = TILE_PX) -> int:
    """Return the zoom whose pixels come nearest to the screen's, between ``least`` and ``most``."""
    return min(most, max(least, round(math.log2(2 * EDGE_M / tile_px / meters_per_pixel))))


def tiles_over(bounds_m: Bounds, z: int) -> tuple[range, range]:
    """Return columns and rows of the tiles at zoom ``z`` that touch ``(west, south, east, north)`` map meters."""
    side, count = side_m(z), 2**z
    west, south, east, north = bounds_m
    # A tile that is touched by less than a millimeter is not needed.
    slack = 1e-3 / side
    first_x, last_x = math.floor((west + EDGE_M) / side + slack), math.ceil((east + EDGE_M) / side - slack)
    first_y, last_y = math.floor((EDGE_M - north) / side + slack), math.ceil((EDGE_M - south) / side - slack)
    return range(max(0, first_x), min(count, last_x)), range(max(0, first_y), min(count, last_y))


def bounds_of(view: MapView, margin: float) -> Bounds:
    """Return what a view shows, larger by ``margin`` of its size on each side, in map meters."""
    across = view.width * view.meters_per_pixel * (0.5 + margin)
    down = view.height * view.meters_per_pixel * (0.5 + margin)
    return view.center_x_m - across, view.center_y_m - down, view.center_x_m + across, view.center_y_m + down


def shared(one: Bounds, other: Bounds) -> Bounds:
    """Return what two bounds have in common; east lies west of west where there is nothing."""
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def in_meters(bounds_deg: Bounds) -> Bounds:
    """Return ``(west, south, east, north)`` degrees in map meters; latitudes beyond the grid are cut."""
    west, south, east, north = bounds_deg
    x, y = to_mercator(np.array([west, east]), np.clip(np.array([south, north]), -85.0511, 85.0511))
    return float(x[0]), float(y[0]), float(x[1]), float(y[1])
