"""A raster on the map: north up, square cells, Web Mercator meters."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.geodesy import FloatArray, mercator_scale, to_lonlat, to_mercator


@dataclass(frozen=True, slots=True)
class GridArea:
    """Where a raster lies: upper left corner, cell size (map meters) and shape."""

    west_m: float
    north_m: float
    cell_m: float
    rows: int
    columns: int

    @property
    def shape(self) -> tuple[int, int]:
        return self.rows, self.columns

    @property
    def east_m(self) -> float:
        return self.west_m + self.columns * self.cell_m

    @property
    def south_m(self) -> float:
        return self.north_m - self.rows * self.cell_m

    @classmethod
    def over(cls, bounds_deg: tuple[float, float, float, float], resolution_m: float) -> GridArea:
        """Return the area over ``(west, south, east, north)`` degrees.

        ``resolution_m`` is ground meters at the middle latitude; the last row
        and column reach over the bounds where the size is no multiple.
        """
        west, south, east, north = bounds_deg
        xs, ys = to_mercator(np.array([west, east]), np.array([south, north]))
        cell_m = resolution_m * mercator_scale((south + north) / 2)
        rows = max(1, math.ceil((ys[1] - ys[0]) / cell_m - 1e-9))
        columns = max(1, math.ceil((xs[1] - xs[0]) / cell_m - 1e-9))
        return cls(float(xs[0]), float(ys[1]), cell_m, rows, columns)

    def centers_lonlat(self) -> tuple[FloatArray, FloatArray]:
        """Return lon (columns,) and lat (rows,) of the cell centers, degrees."""
        x = self.west_m + (np.arange(self.columns, dtype=np.float64) + 0.5) * self.cell_m
        y = self.north_m - (np.arange(self.rows, dtype=np.float64) + 0.5) * self.cell_m
        lon, _ = to_lonlat(x, np.zeros_like(x))
        _, lat = to_lonlat(np.zeros_like(y), y)
        return lon, lat

    def cells_of(self, x_m: FloatArray, y_m: FloatArray) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return (row, column) of the cell each place lies in, -1 where outside."""
        column = np.floor((np.asarray(x_m) - self.west_m) / self.cell_m)
        row = np.floor((self.north_m - np.asarray(y_m)) / self.cell_m)
        with np.errstate(invalid="ignore"):
            inside = (row >= 0) & (row < self.rows) & (column >= 0) & (column < self.columns)
        return np.where(inside, row, -1).astype(np.intp), np.where(inside, column, -1).astype(np.intp)
