"""What other programs made of radar data: products of one radar, and gridded mosaics."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.radar.volume import Site, Volume

Codes = NDArray[np.uint8] | NDArray[np.uint16] | NDArray[np.float32]
Levels = NDArray[np.float32]
"""(codes,) float32: the value of each code, or the lower end of its level; NaN where
the code is no value (not seen, folded, flag), -inf where it means "seen, nothing there"."""


class Role(StrEnum):
    """What a product is to this house, whatever its maker calls it."""

    COMPOSITE = "composite"  # reflectivity, maximum of the column: the one that goes into the mosaic
    SWEEP = "sweep"  # one cut of one moment
    CAPPI = "cappi"
    ECHO_TOP = "echo_top"
    VIL = "vil"
    RAIN = "rain"
    CLASSES = "classes"
    SECTION = "section"
    TABLE = "table"
    OTHER = "other"


def linear_levels(codes: int, scale: float, offset: float, *, first_valid: int = 5, below: int | None = 0) -> Levels:
    """Return the levels of ``value = (code - offset) / scale``.

    Parameters
    ----------
    codes : int
        How many codes there are (256, 65536, or the largest in use and one more).
    scale, offset : float
        Of the rule.
    first_valid : int
        Codes below it are no value.
    below : int or None
        The code that means "seen, below the threshold": -inf; None where there is none.
    """
    out: Levels = ((np.arange(codes) - offset) / scale).astype(np.float32)
    out[:first_valid] = np.nan
    if below is not None:
        out[below] = -np.inf
    return out


def _decoded(codes: Codes, levels: Levels | None) -> NDArray[np.float32]:
    if levels is None:
        return codes.astype(np.float32)
    index: Any = codes
    out: NDArray[np.float32] = levels.take(index, mode="clip")
    return out


@dataclass(frozen=True, slots=True, eq=False)
class Raster:
    """A raster of one product, ``codes`` (rows, columns), centered on the site unless it is a section.

    Row 0 is north and column 0 west; of a section (``upright``) row 0 is the top, columns
    follow the cut and ``row_m`` is height. ``levels`` is None where ``codes`` are values.
    """

    name: str
    unit: str
    codes: Codes
    levels: Levels | None
    cell_m: float
    row_m: float
    upright: bool = False

    def values(self) -> NDArray[np.float32]:
        """Return (rows, columns) float32 in the unit: NaN not seen or no value, -inf seen with nothing there."""
        return _decoded(self.codes, self.levels)


@dataclass(frozen=True, slots=True, eq=False)
class Radial:
    """One layer of a radial product: ``codes`` (rays, bins); rays start at ``azimuth_deg`` and are ``width_deg`` wide.

    ``elevation_deg`` is NaN for a layer at one height, ``height_m`` is NaN for a cut.
    """

    name: str
    unit: str
    codes: Codes
    levels: Levels | None
    azimuth_deg: NDArray[np.float32]
    width_deg: NDArray[np.float32]
    gate_m: float
    start_m: float = 0.0
    elevation_deg: float = math.nan
    height_m: float = math.nan

    def values(self) -> NDArray[np.float32]:
        """Return (rays, bins) float32 in the unit: NaN not seen or no value, -inf seen with nothing there."""
        return _decoded(self.codes, self.levels)


Cell = float | int | str | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table of one product: ``columns`` are names that end in their unit, a cell is None where nothing is said."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Product:
    """One product of one radar: rasters, radial layers, tables, or only its header.

    ``code`` and ``name`` are the maker's, ``role`` is ours. ``range_m`` is how far the
    product reaches (NaN if it does not say); level "below" inside is seen, outside not seen.
    ``parameters`` are what the header says of it, names that end in their unit.
    """

    format: str
    layout: str
    site: Site
    started_at: datetime
    code: int
    name: str
    role: Role
    unit: str
    rasters: tuple[Raster, ...] = ()
    radials: tuple[Radial, ...] = ()
    tables: tuple[Table, ...] = ()
    parameters: dict[str, Cell] = field(default_factory=dict)
    range_m: float = math.nan
    maximum: float = math.nan
    oddities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """A gridded mosaic that another program made.

    ``codes`` (layers, rows, columns), row 0 north; ``crs`` is WKT or ``EPSG:n``;
    ``transform`` takes (column, row) of a cell's corner to the plane: x = a c + b r + x0,
    y = d c + e r + y0, as (a, b, x0, d, e, y0). ``heights_m`` (layers,) is NaN for a
    layer without a height. ``levels`` is None where ``codes`` are values. ``quality`` are
    further fields of the same shape by name (quality1 of ODIM). ``colors`` (codes, 4) are the
    RGBA of each code of a picture, whose codes are no values; None for all else.
    """

    format: str
    layout: str
    started_at: datetime
    name: str
    role: Role
    unit: str
    codes: Codes
    levels: Levels | None
    crs: str
    transform: tuple[float, float, float, float, float, float]
    heights_m: tuple[float, ...] = (math.nan,)
    source: str = ""
    quality: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    parameters: dict[str, Cell] = field(default_factory=dict)
    oddities: tuple[str, ...] = ()
    colors: NDArray[np.uint8] | None = None

    def values(self, layer: int = 0) -> NDArray[np.float32]:
        """Return one layer (rows, columns) float32 in the unit: NaN not seen, -inf seen with nothing there."""
        return _decoded(self.codes[layer], self.levels)


Reading = Volume | Product | Grid
