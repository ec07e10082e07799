"""The polar stage: one radar's volume or product becomes its field of one quantity.

This is done once, in the worker process that read the file. Only one gather per
radar is then left for the map (`models.radar.compose`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from models.errors import DataError
from models.radar import column
from models.radar.compose import Spread
from models.radar.footprint import (
    AZIMUTH_BINS,
    HEIGHT_UNKNOWN,
    Cells,
    Footprint,
    PolarGeometry,
    RasterGeometry,
    Source,
    packed,
)
from models.radar.largest import largest
from models.radar.layouts.sweep_checks import only_believable
from models.radar.product import Grid, Product, Raster, Reading, Role
from models.radar.quantity import CR, NOT_SEEN, Kind, Quantity
from models.radar.rays import bin_centers, geometry_of, ground_cut, reflectivity_of
from models.radar.sight.blockage import UNKNOWN, unblocked
from models.radar.volume import Moment, Site, Sweep, Volume

Blockage = Callable[[Site, float, PolarGeometry], NDArray[np.uint8] | None]
"""How many per cent of the beam the ground takes: (site, elevation, geometry) to uint8
(AZIMUTH_BINS, bins), 255 where nobody knows; None where nothing is known of this radar."""

WEIGHT_RANGE_M = 100_000.0
_WEIGHT_STEP_M = 1500.0
_BY_HEIGHT = frozenset({Kind.CAPPI, Kind.ECHO_TOP})


def footprint_of(
    reading: Reading,
    *,
    step: timedelta,
    quantity: Quantity = CR,
    blockage: Blockage | None = None,
    with_heights: bool = True,
    with_weights: bool = False,
    spread: Spread = map,
) -> Footprint:
    """Return what one radar says of a quantity, round itself.

    Parameters
    ----------
    reading : Volume or Product
        A volume (an RHI has no place on a map), or for composite reflectivity a product of
        that kind, levels at their lower threshold and heights unknown.
    step : timedelta
        How often this radar speaks.
    quantity : Quantity
        What to make of the cuts; see `models.radar.column` for each.
    blockage : callable, optional
        What the ground hides; without it the lowest cut counts as free.
    with_heights : bool
        Whether ``cells`` carry heights; composite reflectivity alone can do without.
    with_weights : bool
        Whether to say how far each value is to be trusted: exp(-(d/100 km)²) of the distance,
        less the blocked share. Source of the form: Zhang et al. (2005), *J. Atmos. Oceanic
        Technol.* 22, 30-42.
    spread : callable
        Like ``map``: how composite reflectivity shares out its halves, see `models.radar.largest`.

    Returns
    -------
    Footprint
        Not seen beyond the range, where the transmitter was off, and where a gate says folded,
        not scanned or unknown, or holds a value that cannot be believed (`radar.odd.values`);
        seen without echo where the radar found nothing above its threshold.

    Raises
    ------
    DataError
        ``radar.no_reflectivity`` if there is none in the reading; ``radar.no_site`` if nobody
        knows where the radar stands, ``radar.no_antenna_height`` if a CAPPI or echo top is asked
        for and nobody knows how high.
    """
    if isinstance(reading, Grid):
        raise DataError("radar.no_reflectivity", file=reading.name)
    source = Source(reading.site.code, reading.site.name, reading.started_at, step)
    if not reading.site.placed:
        raise DataError("radar.no_site", radar=reading.site.code or "?")
    if isinstance(reading, Product):
        if quantity.kind is not Kind.COMPOSITE:
            raise DataError("radar.no_reflectivity", file=f"{reading.site.code} {reading.name}")
        return _of_product(reading, source, with_heights=with_heights)
    geometry, altitude_m, parts = _parts_of(reading)
    if quantity.kind in _BY_HEIGHT and np.isnan(reading.site.altitude_m):
        raise DataError("radar.no_antenna_height", radar=reading.site.code or "?")
    hidden: list[NDArray[np.uint8] | None] = [None] * len(parts)
    if blockage is not None and (with_weights or quantity.kind is Kind.HYBRID):
        hidden = [blockage(reading.site, sweep.elevation_deg, geometry) for sweep, _ in parts]
    free = [None if h is None else unblocked(h) for h in hidden]
    cells: Cells
    if quantity.kind is Kind.COMPOSITE:
        cells = largest(parts, geometry, altitude_m, with_heights=with_heights, spread=spread)
        weights = _weights(geometry, hidden) if with_weights else None
        return Footprint(source, quantity, geometry, _with_known_heights(cells, reading.site), weights)
    cuts = [ground_cut(sweep, moment, geometry, altitude_m) for sweep, moment in parts]
    if quantity.kind is Kind.HYBRID:
        cells = column.hybrid(cuts, geometry, free)
    elif quantity.kind is Kind.CAPPI:
        cells = column.cappi(cuts, geometry, float(quantity.height_m))
    elif quantity.kind is Kind.ECHO_TOP:
        cells = column.echo_top(cuts, geometry)
    else:
        cells = column.vil(cuts, geometry)
    weights = _weights(geometry, hidden) if with_weights else None
    return Footprint(source, quantity, geometry, _with_known_heights(cells, reading.site), weights)


def _with_known_heights(cells: Cells, site: Site) -> Cells:
    """Return cells without heights where nobody knows how high the antenna stands."""
    if cells.dtype == np.uint16 and np.isnan(site.altitude_m):
        cells &= np.uint16(0xFF00)
    return cells


def _parts_of(volume: Volume) -> tuple[PolarGeometry, float, list[tuple[Sweep, Moment]]]:
    """Return the bins round a radar, its height, and its cuts with reflectivity, the lowest first."""
    volume = only_believable(volume)
    parts = [(sweep, moment) for sweep in volume.sweeps if (moment := reflectivity_of(sweep)) is not None]
    if not parts or volume.scan == "rhi":
        raise DataError("radar.no_reflectivity", file=volume.site.code)
    geometry = geometry_of(volume.site, parts)
    altitude_m = 0.0 if np.isnan(volume.site.altitude_m) else volume.site.altitude_m
    parts.sort(key=lambda part: part[0].elevation_deg)
    return geometry, altitude_m, parts


def _weights(geometry: PolarGeometry, hidden: list[NDArray[np.uint8] | None]) -> NDArray[np.uint8]:
    """Return weights (cells + 1,) uint8, 1 to 255, of the distance and of what the least blocked cut sees.

    Kept as 255 less the distance (1.5 km a step) at which a free beam weighs as much: the weight itself
    would be the same step for all far places, and a radar at 190 km could not be told from one at 230 km.
    """
    away = np.broadcast_to(bin_centers(geometry) ** 2, (AZIMUTH_BINS, geometry.bins))
    known = [np.where(h == UNKNOWN, 0, h) for h in hidden if h is not None]
    if known:
        away = away - WEIGHT_RANGE_M**2 * np.log(np.maximum(1 - np.min(known, axis=0) / 100, 1e-9))
    weights = np.clip(255 - np.round(np.sqrt(away) / _WEIGHT_STEP_M), 1, 255).astype(np.uint8)
    return np.append(weights.ravel(), np.uint8(0))


def _of_product(product: Product, source: Source, *, with_heights: bool) -> Footprint:
    raster = composite_raster(product)
    values = raster.values()
    codes = CR.encode(values)
    codes[np.isneginf(values) & ~within_range(raster, product.range_m)] = NOT_SEEN
    kept: Cells = packed(codes, HEIGHT_UNKNOWN) if with_heights else codes
    cells = np.append(kept.ravel(), np.zeros(1, kept.dtype))
    rows, columns = codes.shape
    geometry = RasterGeometry(product.site.lon_deg, product.site.lat_deg, raster.cell_m, rows, columns)
    return Footprint(source, CR, geometry, cells)


def composite_raster(product: Product) -> Raster:
    """Return the raster of a product that is composite reflectivity.

    Raises
    ------
    DataError
        ``radar.no_reflectivity`` for every other product.
    """
    if product.role is not Role.COMPOSITE or not product.rasters:
        raise DataError("radar.no_reflectivity", file=f"{product.site.code} {product.name}")
    return product.rasters[0]


def within_range(raster: Raster, range_m: float) -> NDArray[np.bool_]:
    """Return which cells (rows, columns) of a centered raster have their center within a range; NaN is everywhere."""
    rows, columns = raster.codes.shape
    north = (rows / 2 - np.arange(rows) - 0.5) * raster.row_m
    east = (np.arange(columns) + 0.5 - columns / 2) * raster.cell_m
    near: NDArray[np.bool_] = ~(np.hypot(north[:, None], east[None, :]) > range_m)
    return near
