"""A coded field on the map, such as the radar mosaic."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from layers import color_table
from layers.color_table import ColorTable
from layers.drawing import Drawing, Raster
from layers.map_view import MapView
from layers.stack import Storey
from models.grid import GridArea
from models.radar.mosaic import Mosaic
from models.radar.quantity import Kind, Quantity


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
        """Return the layer of a radar mosaic, in the colors of its quantity."""
        return cls(name, mosaic.area, mosaic.codes, colors_of(mosaic.quantity))

    @classmethod
    def of_codes(cls, name: str, area: GridArea, codes: NDArray[np.uint8], table: str = "reflectivity") -> GridLayer:
        """Return the layer of a coded field, such as one PPI, in a named color table."""
        return cls(name, area, codes, color_table.load(table))

    def draw(self, view: MapView, opacity: float) -> tuple[Drawing, ...]:
        """Return the one raster; the canvas takes of it what the view shows."""
        del view
        return (_raster(self, opacity),)


@cache
def colors_of(quantity: Quantity) -> ColorTable:
    """Return the color table of what a mosaic shows, for its codes."""
    name = {Kind.ECHO_TOP: "echo_top", Kind.VIL: "vil"}.get(quantity.kind, "reflectivity")
    return color_table.load(name).of_levels(quantity.decode(np.arange(256, dtype=np.uint8)))


@lru_cache(maxsize=64)
def _raster(layer: GridLayer, opacity: float) -> Raster:
    return Raster(layer.name, layer.area, layer.codes, layer.colors, opacity, layer.smooth)
