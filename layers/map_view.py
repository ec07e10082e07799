"""What part of the map is on the screen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.geodesy import FloatArray


@dataclass(frozen=True, slots=True)
class MapView:
    """A window on the map: center in Web Mercator meters, map meters per pixel, size in pixels.

    Pixels are logical ones; y grows downwards on the screen and northwards on the map.
    """

    center_x_m: float
    center_y_m: float
    meters_per_pixel: float
    width: int
    height: int

    @property
    def west_m(self) -> float:
        return self.center_x_m - self.width / 2 * self.meters_per_pixel

    @property
    def north_m(self) -> float:
        return self.center_y_m + self.height / 2 * self.meters_per_pixel

    def to_pixels(self, x_m: FloatArray, y_m: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return pixel positions (x right, y down) of map meters."""
        return (np.asarray(x_m) - self.west_m) / self.meters_per_pixel, (
            self.north_m - np.asarray(y_m)
        ) / self.meters_per_pixel

    def to_map(self, x_px: float, y_px: float) -> tuple[float, float]:
        """Return map meters of a pixel position."""
        return self.west_m + x_px * self.meters_per_pixel, self.north_m - y_px * self.meters_per_pixel
