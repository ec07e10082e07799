"""One sweep of one radar on the map, worked out anew for each view, so that every gate stands where it lies."""

from __future__ import annotations

import math
from dataclasses import dataclass

from layers.color_table import ColorTable
from layers.drawing import Drawing, Raster
from layers.map_view import MapView
from layers.stack import Storey
from layers.unseen_layer import hatch, with_hatch
from models.grid import GridArea
from models.radar.ppi import FOLDED, PpiSweep
from models.radar.quantity import NOT_SEEN

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
        first = math.floor((view.west_m - _BESIDE * view.width * cell) / cell)
        top = math.ceil((view.north_m + _BESIDE * view.height * cell) / cell)
        area = GridArea(first * cell, top * cell, cell, rows, columns)
        seen = self.sweep.on(area)
        notes = tuple(note for note, code in (("unseen", NOT_SEEN), ("folded", FOLDED)) if (seen == code).any())
        codes = hatch(seen, first, -top)
        return (Raster(self.name, area, codes, with_hatch(self.colors), opacity, notes=notes),)
