"""Grids of own files on the map: shades of gray for values, areas for classes."""

from __future__ import annotations

import math

import numpy as np
import rasterio
import rasterio.features
import shapely
from numpy.typing import NDArray

from layers import shape as shapes
from layers import zoning
from layers.color_table import ColorTable, Rgba
from layers.grid_layer import GridLayer
from layers.shape import Shape
from layers.stack import Storey
from layers.zoning import ZoneClass
from models.errors import DataError
from models.grid import GridArea

_STEPS = 6
_LIGHT, _DARK = (200, 60), (70, 210)
_OPACITY = (0.25, 0.7)


def grid_layer(
    area: GridArea, values: NDArray[np.float32], name: str, unit: str, colors: ColorTable | None = None
) -> GridLayer:
    """Return a grid of values as a layer, in steps of gray that grow darker with the value.

    Parameters
    ----------
    area, values : GridArea, (rows, columns) float32
        NaN is transparent.
    unit : str
        For the legend.
    colors : ColorTable, optional
        Steps to use in place of the grays.
    """
    known = values[np.isfinite(values)]
    low, high = (float(v) for v in np.percentile(known, [2, 98])) if known.size else (0.0, 1.0)
    if not high > low:
        low, high = low - 0.5, low + 0.5
    codes = np.clip(np.round(1 + (values - low) / (high - low) * 254), 1, 255)
    codes = np.where(np.isfinite(values), codes, 0).astype(np.uint8)
    levels = (low + (np.arange(256, dtype=np.float32) - 1) / 254 * (high - low)).astype(np.float32)
    levels[0] = np.nan
    table = colors or ColorTable(
        name, unit, np.zeros((256, 4), np.uint8), _grays(low, high, _LIGHT), None, _grays(low, high, _DARK)
    )
    if colors is None:
        table = ColorTable(name, unit, table.rgba, table.steps, table.rgba, table.dark_steps)
    return GridLayer(name, area, codes, table.of_levels(levels), Storey.WATER, smooth=True)


def class_areas(
    area: GridArea, values: NDArray[np.float32], name: str, rising: tuple[str, ...], *, most: int
) -> tuple[tuple[ZoneClass, Shape], ...]:
    """Return the areas of each class of a grid, in map meters, the least class first.

    The cells hold 1, 2, 3 ...; ``rising`` names them from the least to the worst. Without names the
    numbers are their words, and none is drawn as worse than another.

    Raises
    ------
    DataError
        ``layers.too_many_classes``, ``layers.no_classes`` if cells hold other than small whole numbers.
    """
    known = np.isfinite(values)
    numbers = np.unique(values[known])
    if len(numbers) > most:
        raise DataError("layers.too_many_classes", name=name, count=len(numbers), most=most)
    if len(numbers) == 0 or numbers.min() < 0 or numbers.max() > 255 or (numbers % 1).any():
        raise DataError("layers.no_classes", name=name)
    words = {int(n): rising[int(n) - 1] if 1 <= n <= len(rising) else str(int(n)) for n in numbers}
    codes = np.where(known, values, 0).astype(np.uint8)
    transform = rasterio.Affine(area.cell_m, 0.0, area.west_m, 0.0, -area.cell_m, area.north_m)
    rings: dict[int, list[shapely.Geometry]] = {number: [] for number in words}
    for outline, number in rasterio.features.shapes(codes, mask=known, transform=transform):
        rings[int(number)] += [shapely.LineString(ring) for ring in outline["coordinates"]]
    number_of = {word: number for number, word in words.items()}
    out = []
    for one in zoning.classes_of(tuple(number_of), rising):
        lines = rings[number_of[one.word]]
        # One id for all rings of a class: inner rings are holes of it, whichever outer ring they lie in.
        out.append((one, shapes.of_lines(lines, (one.word,) * len(lines))))
    return tuple(out)


def _grays(low: float, high: float, tones: tuple[int, int]) -> tuple[tuple[float, Rgba], ...]:
    """Return steps at round values, from the first tone to the last."""
    step = _nice((high - low) / _STEPS)
    starts = np.arange(math.floor(low / step), math.ceil(high / step)) * step
    out = []
    for i, start in enumerate(starts.tolist()):
        part = i / max(1, len(starts) - 1)
        gray = round(tones[0] + (tones[1] - tones[0]) * part)
        alpha = round(255 * (_OPACITY[0] + (_OPACITY[1] - _OPACITY[0]) * part))
        out.append((float(start), (gray, gray, gray, alpha)))
    return tuple(out)


def _nice(step: float) -> float:
    """Return the next of 1, 2, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(power * factor for factor in (1.0, 2.0, 5.0, 10.0) if power * factor >= step * (1 - 1e-9))
