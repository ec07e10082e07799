"""What no radar sees, hatched: a place without echo and a place without a radar never look the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from layers.color_table import ColorTable
from layers.coverage_layer import CoverageLayer, colors, signs
from layers.drawing import Drawing, Raster
from layers.map_view import MapView
from layers.stack import Storey
from models.grid import GridArea
from models.radar.quantity import NO_ECHO, NOT_SEEN
from models.radar.sight.coverage import Sight

NAME = "unseen"
HATCH_PX = 8


@dataclass(frozen=True, slots=True, eq=False)
class UnseenLayer:
    """Where a mosaic says nothing, (rows, columns) bool, hatched in the size of the screen at every zoom."""

    area: GridArea
    unseen: NDArray[np.bool_]
    hatched: CoverageLayer
    name: str = NAME
    storey: Storey = Storey.FIELD

    @classmethod
    def of_codes(cls, area: GridArea, codes: NDArray[np.uint8], before: UnseenLayer | None = None) -> UnseenLayer:
        """Return the layer of a field's codes; the one ``before`` if nothing has changed, so that nothing is drawn anew."""
        unseen = codes == NOT_SEEN
        if before is not None and before.area == area and np.array_equal(before.unseen, unseen):
            return before
        classes = np.where(unseen, np.uint8(Sight.UNKNOWN), np.uint8(Sight.BELOW_1_KM))
        return cls(area, unseen, CoverageLayer(area, classes, name=NAME))

    def draw(self, view: MapView, opacity: float) -> tuple[Drawing, ...]:
        """Return one raster of hatching, none where all is seen."""
        if not self.unseen.any():
            return ()
        drawn = self.hatched.draw(view, opacity)
        return tuple(replace(one, colors=_colors()) for one in drawn if isinstance(one, Raster))


def hatch(codes: NDArray[np.uint8], column: int, row: int) -> NDArray[np.uint8]:
    """Return codes of a field in pixels where only every eighth diagonal of what is not seen stays `NOT_SEEN`.

    The rest of it becomes `NO_ECHO`, which is transparent; ``column`` and ``row`` are the first pixel's
    numbers, counted from the map's zero, so that the hatching stands still when the map moves.
    """
    across = np.arange(column, column + codes.shape[1])
    down = np.arange(row, row + codes.shape[0])
    line = (down[:, None] + across[None, :]) % HATCH_PX == 0
    return np.where((codes == NOT_SEEN) & ~line, np.uint8(NO_ECHO), codes)


def with_hatch(table: ColorTable) -> ColorTable:
    """Return a color table in which `NOT_SEEN` has the hatching's color."""
    light, dark = (next(s for s in signs(dark=on) if s.sight is Sight.UNKNOWN).line for on in (False, True))
    rgba, dark_rgba = table.rgba.copy(), table.on(dark=True).copy()
    rgba[NOT_SEEN], dark_rgba[NOT_SEEN] = light, dark
    return replace(table, rgba=rgba, dark_rgba=dark_rgba)


@cache
def _colors() -> ColorTable:
    """Return the coverage's colors under a name of their own: the legend says one word for them."""
    table = colors()
    return replace(table, name=NAME, steps=(), dark_steps=())
