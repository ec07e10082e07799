"""A coded field on the map, such as the radar mosaic."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from layers import color_table
from layers.color_table import ColorTable
from layers.drawing import Drawing, Raster
from layers.map_view import MapView
from layers.stack import Storey
from models.grid import GridArea
from models.radar.mosaic import Mosaic


@dataclass(frozen=True, slots=True, eq=False)
class GridLayer:
    """A raster in codes with its colors; ``codes`` (rows, columns) uint8, row 0 north."""

    name: str
    area: GridArea
    codes: NDArray[np.uint8]
    colors: ColorTable
    storey: Storey = Storey.FIELD
    smooth: bool = False

    @classmethod
    def of_mosaic(cls, mosaic: Mosaic, *, name: str = "mosaic") -> GridLayer:
        """Return the layer of a radar mosaic, in the colors of reflectivity."""
        return cls(name, mosaic.area, mosaic.codes, color_table.load("reflectivity"))

    @classmethod
    def of_codes(cls, name: str, area: GridArea, codes: NDArray[np.uint8], table: str = "reflectivity") -> GridLayer:
        """Return the layer of a coded field, such as one PPI, in a named color table."""
        return cls(name, area, codes, color_table.load(table))

    def draw(self, view: MapView, opacity: float) -> tuple[Drawing, ...]:
        """Return the one raster; the canvas takes of it what the view shows."""
        del view
        return (_raster(self, opacity),)


@lru_cache(maxsize=64)
def _raster(layer: GridLayer, opacity: float) -> Raster:
    return Raster(layer.name, layer.area, layer.codes, layer.colors, opacity, layer.smooth)
