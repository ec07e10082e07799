"""From map meters to the pixels of a screen or of a cached picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF

from layers.map_view import MapView
from models.geodesy import FloatArray
from models.grid import GridArea


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture's place on the map, in device pixels: upper left corner, map meters a pixel, size.

    ``ratio`` is device pixels per logical pixel.
    """

    west_m: float
    north_m: float
    meters_per_pixel: float
    width: int
    height: int
    ratio: float

    @classmethod
    def of_view(cls, view: MapView, ratio: float, *, margin: float = 0.0) -> Frame:
        """Return the frame of a view, larger by ``margin`` of its size on each side."""
        scale = view.meters_per_pixel / ratio
        across, down = round(view.width * ratio * margin), round(view.height * ratio * margin)
        return cls(
            view.west_m - across * scale,
            view.north_m + down * scale,
            scale,
            round(view.width * ratio) + 2 * across,
            round(view.height * ratio) + 2 * down,
            ratio,
        )

    @property
    def east_m(self) -> float:
        return self.west_m + self.width * self.meters_per_pixel

    @property
    def south_m(self) -> float:
        return self.north_m - self.height * self.meters_per_pixel

    def x_px(self, x_m: FloatArray) -> FloatArray:
        """Return device pixels to the right of the frame's left edge."""
        return np.asarray((x_m - self.west_m) / self.meters_per_pixel)

    def y_px(self, y_m: FloatArray) -> FloatArray:
        """Return device pixels below the frame's upper edge."""
        return np.asarray((self.north_m - y_m) / self.meters_per_pixel)

    def pixels(self, xy_m: FloatArray) -> FloatArray:
        """Return (n, 2) device pixels of (n, 2) map meters."""
        out = np.empty_like(xy_m)
        np.subtract(xy_m[:, 0], self.west_m, out=out[:, 0])
        np.subtract(self.north_m, xy_m[:, 1], out=out[:, 1])
        out /= self.meters_per_pixel
        return out

    def rect_of(self, area: GridArea) -> QRectF:
        """Return where a raster lies, in device pixels."""
        scale = self.meters_per_pixel
        return QRectF(
            (area.west_m - self.west_m) / scale,
            (self.north_m - area.north_m) / scale,
            area.columns * area.cell_m / scale,
            area.rows * area.cell_m / scale,
        )
