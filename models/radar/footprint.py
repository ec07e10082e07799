"""What one radar says round itself: a field of cells, and which cell lies above a place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from models.geodesy import FloatArray
from models.radar.quantity import Quantity

AZIMUTH_BINS = 720
"""Rows of a polar field: row i holds azimuths i/2 to (i+1)/2 degrees."""

HEIGHT_STEP_M = 100.0
HEIGHT_UNKNOWN = 255
"""Of heights in steps of 100 m above sea level: no height is known here."""

Cells = NDArray[np.uint16] | NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Source:
    """One radar's part in a mosaic: which, from when, and how often it speaks."""

    code: str
    name: str
    at: datetime
    step: timedelta


@dataclass(frozen=True, slots=True)
class PolarGeometry:
    """Bins round a radar: `AZIMUTH_BINS` rows of ``bins`` bins, each ``bin_m`` along the ground."""

    lon_deg: float
    lat_deg: float
    bin_m: float
    bins: int

    @property
    def cells(self) -> int:
        return AZIMUTH_BINS * self.bins

    @property
    def reach_m(self) -> float:
        return self.bins * self.bin_m

    def cells_at(self, east_m: FloatArray, north_m: FloatArray) -> NDArray[np.int64]:
        """Return the flat cell of each place (meters from the radar), -1 where it reaches no farther or NaN."""
        ground = np.floor(np.hypot(east_m, north_m) / self.bin_m)
        row = np.floor(np.degrees(np.arctan2(east_m, north_m)) % 360 * (AZIMUTH_BINS / 360))
        out = np.minimum(row, AZIMUTH_BINS - 1) * self.bins + ground
        with np.errstate(invalid="ignore"):
            return np.where(ground < self.bins, out, -1).astype(np.int64)


@dataclass(frozen=True, slots=True)
class RasterGeometry:
    """Square cells centered on a radar, row 0 north: the products of other programs."""

    lon_deg: float
    lat_deg: float
    cell_m: float
    rows: int
    columns: int

    @property
    def cells(self) -> int:
        return self.rows * self.columns

    @property
    def reach_m(self) -> float:
        return math.hypot(self.rows, self.columns) / 2 * self.cell_m

    def cells_at(self, east_m: FloatArray, north_m: FloatArray) -> NDArray[np.int64]:
        """Return the flat cell of each place (meters from the radar), -1 where outside or NaN."""
        row = np.floor(self.rows / 2 - north_m / self.cell_m)
        column = np.floor(self.columns / 2 + east_m / self.cell_m)
        with np.errstate(invalid="ignore"):
            inside = (row >= 0) & (row < self.rows) & (column >= 0) & (column < self.columns)
            return np.where(inside, row * self.columns + column, -1).astype(np.int64)


Geometry = PolarGeometry | RasterGeometry


@dataclass(frozen=True, slots=True, eq=False)
class Footprint:
    """One radar's field of one product.

    ``cells`` (geometry.cells + 1,): uint16 ``code << 8 | 255 - height`` with the height in
    steps of 100 m above sea level, so that one maximum carries both and equal values keep
    the lower beam; or uint8, codes alone. 0 is not seen, and the last cell is "outside".
    ``weights`` (like ``cells``) uint8 says how far a value is to be trusted, where it was asked for.
    """

    source: Source
    quantity: Quantity
    geometry: Geometry
    cells: Cells
    weights: NDArray[np.uint8] | None = None

    @property
    def codes(self) -> NDArray[np.uint8]:
        """The codes (geometry.cells,) without heights."""
        return codes_of(self.cells[:-1])

    @property
    def heights(self) -> NDArray[np.uint8]:
        """Heights (geometry.cells,) in steps of 100 m, `HEIGHT_UNKNOWN` where there is none."""
        return heights_of(self.cells[:-1])


def codes_of(cells: Cells) -> NDArray[np.uint8]:
    """Return the codes in packed cells, uint8 of their shape."""
    if cells.dtype == np.uint8:
        return cells.astype(np.uint8, copy=False)
    return (cells >> 8).astype(np.uint8)


def heights_of(cells: Cells) -> NDArray[np.uint8]:
    """Return the heights in packed cells, uint8 of their shape, in steps of 100 m."""
    if cells.dtype == np.uint8:
        return np.full(cells.shape, HEIGHT_UNKNOWN, np.uint8)
    return (255 - (cells & 255)).astype(np.uint8)


def packed(codes: NDArray[np.uint8], heights: NDArray[np.uint8] | int) -> NDArray[np.uint16]:
    """Return cells of codes and heights (steps of 100 m); 0 where the code says not seen."""
    out: NDArray[np.uint16] = np.bitwise_or(
        codes.astype(np.uint16) << 8, 255 - np.asarray(heights, np.uint16), dtype=np.uint16
    )
    out[codes == 0] = 0
    return out


def height_steps(height_m: FloatArray) -> NDArray[np.uint8]:
    """Return heights as steps of 100 m, rounded, 0 to 254; `HEIGHT_UNKNOWN` where NaN."""
    steps = np.clip(np.round(height_m / HEIGHT_STEP_M), 0, HEIGHT_UNKNOWN - 1)
    return np.where(np.isnan(steps), HEIGHT_UNKNOWN, steps).astype(np.uint8)
