"""What the radars can see together, as grays and hatching over the map."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

import resources
from layers.color_table import ColorTable, Rgba
from layers.drawing import Drawing, Raster
from layers.map_view import MapView
from layers.stack import Storey
from models.geodesy import FloatArray
from models.grid import GridArea
from models.radar.sight.coverage import STEPS_M, Coverage, Sight

LINE = 16
"""A code this much higher is a pixel of the class's hatching."""

_TILE_PX = 512


@dataclass(frozen=True, slots=True)
class CoverageSign:
    """How a class of `Sight` is drawn: its fill, and the color and kind of its hatching ("" is none).

    Kinds: ``rising`` and ``crossed``. Its word is ``sight.<name>`` in ``phrases/blind_spot.toml``.
    """

    sight: Sight
    fill: Rgba
    line: Rgba
    hatch: str

    def word(self, language: str) -> str:
        """Return what the class is called in ``zh`` or ``en``."""
        return resources.phrase("blind_spot", f"sight.{self.sight.name.lower()}", language)


@dataclass(frozen=True, slots=True, eq=False)
class CoverageLayer:
    """The classes of a coverage, ``codes`` uint8 of `Sight`; hatching is of the screen's size at every zoom."""

    area: GridArea
    codes: NDArray[np.uint8]
    name: str = "coverage"
    storey: Storey = Storey.FIELD

    @classmethod
    def of_coverage(cls, coverage: Coverage) -> CoverageLayer:
        """Return the layer of a coverage."""
        return cls(coverage.area, coverage.codes)

    def draw(self, view: MapView, opacity: float) -> tuple[Drawing, ...]:
        """Return one raster in the pixels of the view and somewhat more, so that a small move needs no other."""
        tile_m = _TILE_PX * view.meters_per_pixel
        half_m = (
            view.width / 2 * view.meters_per_pixel + tile_m / 2,
            view.height / 2 * view.meters_per_pixel + tile_m / 2,
        )
        left = max(view.center_x_m - half_m[0], self.area.west_m)
        right = min(view.center_x_m + half_m[0], self.area.east_m)
        top = min(view.center_y_m + half_m[1], self.area.north_m)
        bottom = max(view.center_y_m - half_m[1], self.area.south_m)
        if left >= right or bottom >= top:
            return ()
        tiles = (
            math.floor(left / tile_m),
            math.ceil(right / tile_m),
            math.floor(-top / tile_m),
            math.ceil(-bottom / tile_m),
        )
        return (_drawn(self, tiles, view.meters_per_pixel, opacity),)


def signs(*, dark: bool) -> tuple[CoverageSign, ...]:
    """Return how the classes are drawn on light or dark ground, by code."""
    by_name = {entry["sight"]: entry for entry in _book()["class"]}
    made = []
    for sight in Sight:
        entry = by_name[sight.name.lower()]
        color = str(entry["dark_color" if dark else "color"])
        fill = _rgba(color, float(entry["dark_opacity" if dark else "opacity"]))
        line = _rgba(color, float(entry.get("dark_line_opacity" if dark else "line_opacity", 0.0)))
        made.append(CoverageSign(sight, fill, line, str(entry["line"])))
    return tuple(made)


@cache
def colors() -> ColorTable:
    """Return the colors of the codes; the legend's steps are the heights above ground in km."""
    tables, steps = [], []
    for dark in (False, True):
        rgba = np.zeros((256, 4), np.uint8)
        for sign in signs(dark=dark):
            rgba[sign.sight] = sign.fill
            rgba[LINE + sign.sight] = sign.line
        tables.append(rgba)
        low = (0.0, *(step / 1000 for step in STEPS_M))
        fills = [sign.fill for sign in signs(dark=dark) if Sight.BELOW_1_KM <= sign.sight <= Sight.ABOVE_3_KM]
        steps.append(tuple(zip(low, fills, strict=True)))
    return ColorTable("coverage", str(_book()["unit"]), tables[0], steps[0], tables[1], steps[1])


@lru_cache(maxsize=4)
def _drawn(layer: CoverageLayer, tiles: tuple[int, int, int, int], pixel_m: float, opacity: float) -> Raster:
    """Return the layer in pixels of ``pixel_m`` over tiles (west, east, north, south), counted from the map's zero."""
    west, east, north, south = (tile * _TILE_PX for tile in tiles)
    column, row = np.arange(west, east), np.arange(north, south)
    inside_x, from_column = _nearest(
        _middle(column, pixel_m) - layer.area.west_m, layer.area.cell_m, layer.area.columns
    )
    inside_y, from_row = _nearest(_middle(row, pixel_m) + layer.area.north_m, layer.area.cell_m, layer.area.rows)
    column, row = column[inside_x], row[inside_y]
    codes = layer.codes[np.ix_(from_row, from_column)]
    period = int(_book()["period_px"])
    rising = (row[:, None] + column) % period == 0
    falling = (row[:, None] - column) % period == 0
    lines = {"": np.zeros_like(rising), "rising": rising, "crossed": rising | falling}
    hatched = np.zeros_like(rising)
    for sign in signs(dark=False):
        if sign.hatch:
            hatched |= (codes == sign.sight) & lines[sign.hatch]
    codes[hatched] += LINE
    area = GridArea(
        float(column[0]) * pixel_m if column.size else 0.0,
        -float(row[0]) * pixel_m if row.size else 0.0,
        pixel_m,
        len(row),
        len(column),
    )
    return Raster(layer.name, area, codes, colors(), opacity)


def _middle(number: NDArray[np.int64], pixel_m: float) -> FloatArray:
    return (number.astype(np.float64) + 0.5) * pixel_m


def _nearest(away_m: FloatArray, cell_m: float, count: int) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Return which pixels lie in a row of cells, and the cell each of those lies in."""
    cell = np.floor(away_m / cell_m)
    inside = (cell >= 0) & (cell < count)
    return inside, cell[inside].astype(np.intp)


def _rgba(color: str, opacity: float) -> Rgba:
    red, green, blue = bytes.fromhex(color.removeprefix("#"))
    return red, green, blue, round(opacity * 255)


@cache
def _book() -> dict[str, Any]:
    return resources.table("color_tables/coverage")
