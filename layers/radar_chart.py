"""What a radar file shows, as one chart of so many pixels: on the map, or upright over distance and height."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.color_table import ColorTable, load, of_moment
from layers.grid_layer import colors_of
from layers.radar_colors import colors_for, in_own_colors, in_steps
from models.errors import DataError
from models.geodesy import to_mercator
from models.grid import GridArea
from models.radar.compose import compose, plane_of
from models.radar.placed_field import Bounds, PlacedField, RoundSite, field_of_grid, field_of_raster
from models.radar.polar import footprint_of, within_range
from models.radar.ppi import UNITS, PpiSweep, ppi_of, ppi_of_radial, shown
from models.radar.product import Grid, Product, Radial, Raster, Reading, Role
from models.radar.quantity import CR, NOT_SEEN, Kind, Quantity
from models.radar.rays import REFLECTIVITY, reflectivity_of
from models.radar.rhi import gates_of
from models.radar.section import Section
from models.radar.tables import make_table
from models.radar.upright import Heights
from models.radar.volume import Site, Sweep, Volume

_BESIDE = 0.04
_STEP = timedelta(minutes=6)
_RHI_TOP_M = 18_000.0
_STRIP_CELLS = 1_000_000


@dataclass(frozen=True, slots=True)
class ChartWish:
    """What is to be drawn of a file, in ``width`` x ``height`` pixels.

    ``number`` is a cut's, or that of a layer of a product or grid, from 1; 0 takes the first that has
    the ``moment`` (reflectivity if empty). ``quantity`` asks for a product of all cuts.
    """

    width: int
    height: int
    number: int = 0
    moment: str = ""
    quantity: Quantity | None = None


@dataclass(frozen=True, slots=True)
class ChartFacts:
    """What is to be said of a chart; what is not known is NaN, empty or None.

    ``what`` is the moment's or the product's name; ``quantity`` the product of all cuts, where it is one.
    ``highest`` is the largest value of the whole field. ``cut`` is the number of a volume's cut, 0 where it
    is none; ``layer`` which of the ``layers`` of a product or grid it is.
    """

    format: str
    layout: str
    code: str
    name: str
    at: datetime
    what: str
    unit: str
    cut: int = 0
    layer: int = 1
    layers: int = 1
    elevation_deg: float = math.nan
    height_m: float = math.nan
    azimuth_deg: float = math.nan
    nyquist_ms: float = math.nan
    highest: float = math.nan
    quantity: Quantity | None = None
    error: Exception | None = None


@dataclass(frozen=True, slots=True, eq=False)
class MapChart:
    """A field on the map: ``codes`` (height, width) uint8 of ``area``, 0 not seen.

    ``site`` is where the radar stands and ``range_m`` how far it reaches, None and NaN for grids.
    """

    facts: ChartFacts
    colors: ColorTable
    area: GridArea
    codes: NDArray[np.uint8]
    site: Site | None = None
    range_m: float = math.nan


@dataclass(frozen=True, slots=True, eq=False)
class UprightChart:
    """A field over distance and height: ``codes`` (rows, columns) uint8, the lowest row first, 0 not seen.

    ``span_m`` are the distances of the left and the right edge, ``top_m`` the height of the upper one above
    sea level; ``ground_m`` (columns,) float32 is the ground, None where nobody knows it.
    """

    facts: ChartFacts
    colors: ColorTable
    codes: NDArray[np.uint8]
    span_m: tuple[float, float]
    top_m: float
    ground_m: NDArray[np.float32] | None = None


Chart = MapChart | UprightChart


def chart_of(reading: Reading, wish: ChartWish, *, file: str) -> Chart:
    """Return the chart of a file.

    Parameters
    ----------
    reading : Volume, Product or Grid
        What the file holds.
    wish : ChartWish
        What to draw of it.
    file : str
        What errors call it.

    Raises
    ------
    DataError
        ``radar.no_such_cut``, ``radar.no_such_layer``, ``radar.nothing_to_draw`` (a file of tables),
        ``radar.no_cuts`` (a product of cuts asked of what has none), ``radar.no_site``,
        ``radar.no_reflectivity``.
    """
    if isinstance(reading, Volume):
        return _of_volume(reading, wish, file)
    asked = wish.quantity
    if asked is not None and (isinstance(reading, Grid) or asked != CR or reading.role is not Role.COMPOSITE):
        raise DataError("radar.no_cuts", file=file, what=f"{reading.format} {reading.name}")
    return _of_grid(reading, wish, file) if isinstance(reading, Grid) else _of_product(reading, wish, file)


def chart_of_section(section: Section, facts: ChartFacts) -> UprightChart:
    """Return the chart of a section."""
    ground = section.ground_m if np.isfinite(section.ground_m).any() else None
    return UprightChart(facts, colors_of(CR), section.codes, (0.0, section.length_m), section.heights.top_m, ground)


def area_for(bounds_deg: Bounds, width: int, height: int) -> GridArea:
    """Return so many cells with places in the middle and a little room beside them."""
    west, south, east, north = bounds_deg
    x, y = to_mercator(np.array([west, east]), np.array([south, north]))
    cell = max(float(x[1] - x[0]) / width, float(y[1] - y[0]) / height) * (1 + 2 * _BESIDE)
    west_m, north_m = (float(x.mean()) - width / 2 * cell, float(y.mean()) + height / 2 * cell)
    return GridArea(west_m, north_m, max(cell, 1e-3), height, width)


def _of_volume(volume: Volume, wish: ChartWish, file: str) -> Chart:
    site = volume.site
    said = ChartFacts(volume.format, volume.layout, site.code, site.name, volume.started_at, "", "", error=volume.error)
    if wish.quantity is not None:
        if volume.scan == "rhi":
            raise DataError("radar.no_cuts", file=file, what="RHI")
        return _of_quantity(volume, wish, wish.quantity, said)
    index, moment = _chosen(volume, wish, file)
    sweep = volume.sweeps[index]
    said = replace(
        said,
        at=sweep.started_at,
        what=moment,
        unit=UNITS.get(moment, ""),
        cut=sweep.number,
        elevation_deg=sweep.elevation_deg,
        nyquist_ms=sweep.nyquist_ms,
    )
    if volume.scan == "rhi":
        return _of_rhi(site, sweep, moment, wish, said)
    return _of_ppi(ppi_of(volume, index, moment), wish, said, load(of_moment(moment)))


def _chosen(volume: Volume, wish: ChartWish, file: str) -> tuple[int, str]:
    """Return which sweep and moment are meant: those named, else the lowest cut with reflectivity, else the first."""
    sweeps = volume.sweeps
    able = [
        (index, found)
        for index, sweep in enumerate(sweeps)
        if wish.number in {0, sweep.number} and (found := _moment_in(sweep, wish.moment))
    ]
    if not able:
        known = ", ".join(dict.fromkeys(name for sweep in sweeps for name in sweep.moments))
        wanted = f"{wish.number or '?'} {wish.moment}".strip()
        raise DataError("radar.no_such_cut", file=file, wanted=wanted, cuts=len(sweeps), moments=known)
    return min(able, key=lambda one: _how_far_down(volume, *one, wanted=wish.moment))


def _how_far_down(volume: Volume, index: int, moment: str, *, wanted: str) -> tuple[bool, float, int]:
    """Order cuts: those with reflectivity where nothing else is wanted, of these the lowest; of an RHI the first."""
    elevation_deg = volume.sweeps[index].elevation_deg if volume.scan != "rhi" else 0.0
    return not wanted and moment not in REFLECTIVITY, elevation_deg, index


def _moment_in(sweep: Sweep, wanted: str) -> str:
    """Return the name of the wanted moment as the sweep has it, empty if it has none."""
    if wanted:
        return next((name for name in sweep.moments if name.lower() == wanted.lower()), "")
    best = reflectivity_of(sweep)
    return best.name if best is not None else next(iter(sweep.moments), "")


def _of_ppi(sweep: PpiSweep, wish: ChartWish, said: ChartFacts, colors: ColorTable) -> MapChart:
    area = area_for(sweep.bounds_deg, wish.width, wish.height)
    said = replace(said, highest=_largest(sweep.levels[np.unique(sweep.codes)]))
    codes = _by_strips(area, sweep.on)
    return MapChart(said, colors.of_levels(sweep.levels), area, codes, sweep.site, sweep.range_m)


def _of_rhi(site: Site, sweep: Sweep, moment: str, wish: ChartWish, said: ChartFacts) -> UprightChart:
    data = sweep.moments[moment]
    heights = Heights(_RHI_TOP_M / wish.height, wish.height)
    ray, gate, _, length_m = gates_of(sweep, data, site, columns=wish.width, heights=heights)
    own, levels = shown(data)
    codes = np.where(ray < 0, NOT_SEEN, own[np.maximum(ray, 0), gate]).astype(np.uint8)
    azimuth = float(sweep.azimuth_deg[sweep.azimuth_deg.size // 2])
    said = replace(said, elevation_deg=math.nan, azimuth_deg=azimuth, highest=_largest(levels[np.unique(own)]))
    return UprightChart(said, load(of_moment(moment)).of_levels(levels), codes, (0.0, length_m), heights.top_m)


def _of_quantity(volume: Volume, wish: ChartWish, quantity: Quantity, said: ChartFacts) -> MapChart:
    footprint = footprint_of(volume, step=_STEP, quantity=quantity)
    reach_m = footprint.geometry.reach_m
    round_site = RoundSite(volume.site.lon_deg, volume.site.lat_deg, 2 * reach_m, 2 * reach_m)
    area = area_for(round_site.bounds(1, 1), wish.width, wish.height)

    def on(part: GridArea) -> NDArray[np.uint8]:
        plane = plane_of(footprint, make_table(footprint.geometry, part))
        return compose((plane,), part, at=footprint.source.at, max_age=_STEP).codes

    highest = _largest(quantity.decode(np.unique(footprint.codes)))
    height_m = float(quantity.height_m) if quantity.kind is Kind.CAPPI else math.nan
    said = replace(said, quantity=quantity, unit=quantity.unit, height_m=height_m, highest=highest)
    return MapChart(said, colors_of(quantity), area, _by_strips(area, on), volume.site, reach_m)


def _of_product(product: Product, wish: ChartWish, file: str) -> Chart:
    layers: tuple[Raster | Radial, ...] = (*product.rasters, *product.radials)
    if not layers:
        raise DataError("radar.nothing_to_draw", file=file, what=f"{product.format} {product.name}")
    layer = layers[_layer_number(wish, len(layers), file)]
    site, values = product.site, layer.values()
    colors = colors_for(layer.name, layer.unit, product.role, values)
    said = ChartFacts(
        product.format,
        product.layout,
        site.code,
        site.name,
        product.started_at,
        product.name if layer.name == product.name else f"{product.name} {layer.name}",
        layer.unit,
        layer=max(wish.number, 1),
        layers=len(layers),
        highest=_largest(values),
    )
    if isinstance(layer, Radial):
        said = replace(said, elevation_deg=layer.elevation_deg, height_m=layer.height_m)
        if not site.placed:
            raise DataError("radar.no_site", radar=f"{site.code or '?'} ({file})")
        return _of_ppi(ppi_of_radial(layer, site, product.started_at), wish, said, colors)
    if layer.upright:
        codes, table = in_steps(values[::-1], colors)
        half_m = layer.codes.shape[1] * layer.cell_m / 2
        return UprightChart(said, table, codes, (-half_m, half_m), layer.codes.shape[0] * layer.row_m)
    field = field_of_raster(layer, site)
    beyond = np.isneginf(values) & ~within_range(layer, product.range_m)
    field = replace(field, values=np.where(beyond, np.float32(np.nan), values))
    return _of_field(field, colors, wish, said, site, product.range_m)


def _of_grid(grid: Grid, wish: ChartWish, file: str) -> MapChart:
    index = _layer_number(wish, len(grid.codes), file)
    field = field_of_grid(grid, index)
    said = ChartFacts(
        grid.format,
        grid.layout,
        "",
        grid.source,
        grid.started_at,
        grid.name,
        grid.unit,
        layer=index + 1,
        layers=len(grid.codes),
        height_m=grid.heights_m[index],
        highest=math.nan if grid.colors is not None else _largest(field.values),
    )
    if grid.colors is None:
        return _of_field(field, colors_for(grid.name, grid.unit, grid.role, field.values), wish, said)
    area = area_for(field.bounds_deg, wish.width, wish.height)
    codes, colors = in_own_colors(_by_strips(area, field.on), grid.colors)
    return MapChart(said, colors, area, codes)


def _of_field(
    field: PlacedField,
    colors: ColorTable,
    wish: ChartWish,
    said: ChartFacts,
    site: Site | None = None,
    range_m: float = math.nan,
) -> MapChart:
    area = area_for(field.bounds_deg, wish.width, wish.height)
    codes, table = in_steps(_by_strips(area, field.on), colors)
    return MapChart(said, table, area, codes, site, range_m)


def _by_strips(area: GridArea, on: Callable[[GridArea], NDArray[Any]]) -> NDArray[Any]:
    """Return what ``on`` says of an area, worked out in strips, so that a large picture needs no more than it shows."""
    rows = max(1, _STRIP_CELLS // area.columns)
    tops = range(0, area.rows, rows)
    strips = [replace(area, north_m=area.north_m - t * area.cell_m, rows=min(rows, area.rows - t)) for t in tops]
    return np.concatenate([on(strip) for strip in strips])


def _layer_number(wish: ChartWish, layers: int, file: str) -> int:
    if wish.number > layers:
        raise DataError("radar.no_such_layer", file=file, number=wish.number, layers=layers)
    return max(wish.number, 1) - 1


def _largest(values: NDArray[np.float32]) -> float:
    real = values[np.isfinite(values)]
    return float(real.max()) if real.size else math.nan
