"""How echoes move: one displacement field from two mosaics, and what a field looks like some minutes on."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.geodesy import mercator_scale
from models.grid import GridArea
from models.radar.compose import Plane, PlaneTile
from models.radar.mosaic import Mosaic
from models.radar.quantity import CR
from models.radar.tables import band_rows

FASTEST_MS = 45.0
"""No echo moves faster; what the flow says beyond is not believed."""

_WEAKEST_DBZ = 10.0
_STRONGEST_DBZ = 60.0
_COARSEST_M = 2000.0
_LEAST_CELLS = 32  # of a side: on less, DIS refuses or even crashes
_SPREAD_M = 80_000.0
_LEAST_WEIGHT = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """Displacement per second, (rows, columns, 2) float32 map meters east and south, on a coarse raster of ``area``.

    0 where no echo moves anywhere near. ``at`` is the later of the two mosaics it was seen in.
    """

    area: GridArea
    at: datetime
    velocity: NDArray[np.float32]

    def at_cells(self, area: GridArea, rows: slice, columns: slice) -> NDArray[np.float32]:
        """Return the displacement per second in cells of ``area`` for a part of it, (rows, columns, 2) float32."""
        ratio = area.cell_m / self.area.cell_m
        across = (np.arange(columns.start, columns.stop) + 0.5) * ratio - 0.5
        down = (np.arange(rows.start, rows.stop) + 0.5) * ratio - 0.5
        map_x, map_y = np.meshgrid(across.astype(np.float32), down.astype(np.float32))
        out = cv2.remap(self.velocity, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(out / np.float32(area.cell_m), np.float32)


def motion_between(before: Mosaic, after: Mosaic) -> Motion | None:
    """Return how the echoes moved between two mosaics on the same raster.

    Returns
    -------
    Motion or None
        None where there is nothing to see: times in the wrong order, or hardly any echo in one of them.

    Notes
    -----
    Dense inverse search, run on reflectivity from 10 to 60 dBZ at cells of 2 km or coarser,
    averaged over 80 km with the echo as weight, so that still edges and ground do not pull.
    Source: Kroeger et al. (2016), "Fast Optical Flow using Dense Inverse Search", ECCV.
    """
    seconds = (after.at - before.at).total_seconds()
    if seconds <= 0 or before.area != after.area:
        return None
    first, area = _picture(before)
    second, _ = _picture(after)
    weight = np.minimum(first, second).astype(np.float32) / 255
    wet = np.count_nonzero(np.maximum(first, second))
    if wet < _LEAST_WEIGHT * first.size or not weight.any():
        return None
    flow_of = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    flow_of.setFinestScale(0)
    flow: Any = flow_of.calc(first, second, np.zeros((*first.shape, 2), np.float32))
    scale = mercator_scale(_middle_lat(area))
    largest = FASTEST_MS * scale * seconds / area.cell_m
    weight[np.hypot(flow[..., 0], flow[..., 1]) > largest] = 0
    size = 2 * math.ceil(_SPREAD_M * scale / area.cell_m / 2) + 1
    blurred = cv2.GaussianBlur(flow * weight[..., None], (0, 0), size / 4, borderType=cv2.BORDER_CONSTANT)
    share = cv2.GaussianBlur(weight, (0, 0), size / 4, borderType=cv2.BORDER_CONSTANT)
    smooth = blurred / np.maximum(share, _LEAST_WEIGHT)[..., None]
    return Motion(area, after.at, (smooth * np.float32(area.cell_m / seconds)).astype(np.float32))


def moved(plane: Plane, motion: Motion, seconds: float) -> Plane:
    """Return a radar's plane as it would look ``seconds`` later: each cell takes the one its echo came from.

    Where that lies outside of what the radar saw, its own cell stands.
    """
    if not plane.tiles or seconds == 0:
        return plane
    area = plane.area
    left = min(tile.column for tile in plane.tiles)
    right = max(tile.end for tile in plane.tiles)
    top = band_rows(area, plane.tiles[0].band).start
    bottom = band_rows(area, plane.tiles[-1].band).stop
    whole: Any = np.zeros((bottom - top, right - left), plane.tiles[0].cells.dtype)
    for tile in plane.tiles:
        rows = band_rows(area, tile.band)
        whole[rows.start - top : rows.stop - top, tile.column - left : tile.end - left] = tile.cells
    step = motion.at_cells(area, slice(top, bottom), slice(left, right))
    column, row = np.meshgrid(np.arange(right - left, dtype=np.float32), np.arange(bottom - top, dtype=np.float32))
    came: Any = cv2.remap(
        whole,
        column - step[..., 0] * np.float32(seconds),
        row - step[..., 1] * np.float32(seconds),
        cv2.INTER_NEAREST,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(0,),
    )
    tiles = []
    for tile in plane.tiles:
        rows = band_rows(area, tile.band)
        part = came[rows.start - top : rows.stop - top, tile.column - left : tile.end - left]
        cells = np.where(tile.cells == 0, tile.cells, np.where(part == 0, tile.cells, part))
        tiles.append(PlaneTile(tile.band, tile.column, cells, tile.weights))
    return replace(plane, tiles=tuple(tiles))


def _picture(mosaic: Mosaic) -> tuple[NDArray[np.uint8], GridArea]:
    """Return reflectivity as a gray picture uint8, 0 at 10 dBZ and below, on a raster no finer than 2 km."""
    values = np.nan_to_num(CR.decode(np.arange(256, dtype=np.uint8)), nan=-99, neginf=-99)
    gray = np.clip((values - _WEAKEST_DBZ) / (_STRONGEST_DBZ - _WEAKEST_DBZ), 0, 1) * 255
    picture: Any = cv2.LUT(mosaic.codes, gray.astype(np.uint8))
    area = mosaic.area
    many = max(1, round(_COARSEST_M * mercator_scale(_middle_lat(area)) / area.cell_m))
    rows = max(_LEAST_CELLS, math.ceil(area.rows / many))
    columns = max(_LEAST_CELLS, math.ceil(area.columns / many))
    full = cv2.copyMakeBorder(
        picture, 0, rows * many - area.rows, 0, columns * many - area.columns, cv2.BORDER_CONSTANT, value=(0,)
    )
    small: Any = cv2.resize(full, (columns, rows), interpolation=cv2.INTER_AREA)
    return small, GridArea(area.west_m, area.north_m, area.cell_m * many, rows, columns)


def _middle_lat(area: GridArea) -> float:
    _, lat = area.centers_lonlat()
    return float(lat[lat.size // 2])
