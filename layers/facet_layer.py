"""What stands behind each cell of a mosaic, as a layer: its age, its radar, its beam's height, how many see it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from layers import color_table
from layers.color_table import ColorTable
from layers.drawing import Drawing, Raster
from layers.map_view import MapView
from layers.stack import Storey
from models.radar.called import called
from models.radar.footprint import HEIGHT_STEP_M, HEIGHT_UNKNOWN
from models.radar.mosaic import Mosaic

_TONES = 6


class Facet(StrEnum):
    """Sides of a mosaic besides its value; each is also the layer's name and that of its color table."""

    AGE = "age"
    HEIGHT = "beam_height"
    SOURCE = "source"
    COUNT = "count"


@dataclass(frozen=True, slots=True, eq=False)
class FacetLayer:
    """One facet of one mosaic; it is worked out only when it is drawn."""

    name: str
    mosaic: Mosaic
    facet: Facet
    storey: Storey = Storey.FIELD

    def draw(self, view: MapView, opacity: float) -> tuple[Drawing, ...]:
        """Return the facet as one raster in shades of gray."""
        del view
        codes, colors = facet_codes(self.mosaic, self.facet)
        return (Raster(self.name, self.mosaic.area, codes, colors, opacity),)


def facet_codes(mosaic: Mosaic, facet: Facet) -> tuple[NDArray[np.uint8], ColorTable]:
    """Return a facet's codes (rows, columns) uint8 and its colors; what no radar sees is transparent."""
    table = color_table.load(facet.value)
    codes = np.arange(256, dtype=np.float32)
    if facet is Facet.AGE:
        minutes = np.array([np.nan, *((mosaic.at - s.at).total_seconds() / 60 for s in mosaic.sources)], np.float32)
        levels = np.full(256, np.nan, np.float32)
        levels[: minutes.size] = np.maximum(minutes, 0)
        return mosaic.source, table.of_levels(levels)
    if facet is Facet.HEIGHT:
        kilometers = codes * np.float32(HEIGHT_STEP_M / 1000)
        kilometers[HEIGHT_UNKNOWN] = np.nan
        return mosaic.heights, table.of_levels(kilometers)
    if facet is Facet.SOURCE:
        tones = (codes - 1) % _TONES + 1
        tones[0] = np.nan
        number = [int(i) % _TONES for i in range(len(mosaic.sources))]
        return mosaic.source, replace(
            table.of_levels(tones),
            steps=tuple(table.steps[i] for i in number),
            dark_steps=tuple(table.dark_steps[i] for i in number),
            labels=tuple(called(source.name, source.code, brief=True) for source in mosaic.sources),
        )
    codes[0] = np.nan
    count = mosaic.count if mosaic.count is not None else (mosaic.codes > 0).astype(np.uint8)
    return count, table.of_levels(codes)
