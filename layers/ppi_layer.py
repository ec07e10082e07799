"""One sweep of one radar on the map, worked out anew for each view, so that every gate stands where it lies."""

from __future__ import annotations

from dataclasses import dataclass

from layers.color_table import ColorTable
from layers.drawing import Drawing, Raster
from layers.map_view import MapView
from layers.stack import Storey
from models.grid import GridArea
from models.radar.ppi import PpiSweep

_BESIDE = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class PpiLayer:
    """A sweep with its colors."""

    name: str
    sweep: PpiSweep
    colors: ColorTable
    storey: Storey = Storey.FIELD

    def draw(self, view: MapView, opacity: float) -> tuple[Drawing, ...]:
        """Return the sweep in cells as large as the view's pixels, a quarter of the view more on each side."""
        cell = view.meters_per_pixel
        columns, rows = (int(size * (1 + 2 * _BESIDE)) for size in (view.width, view.height))
        west = view.west_m - _BESIDE * view.width * cell
        north = view.north_m + _BESIDE * view.height * cell
        area = GridArea(west, north, cell, rows, columns)
        return (Raster(self.name, area, self.sweep.on(area), self.colors, opacity),)
