"""Composite reflectivity on the map: one radar's plane, and the mosaic of several.

A volume is reduced where it was measured, in azimuth and ground range: rays
are taken to bins of a quarter degree, gates to ground bins as long as a gate,
and the maximum over the cuts is kept. One table per radar and map area then
says which bin each cell of the map takes, so a new volume costs one gather.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from models.errors import DataError
from models.geodesy import FloatArray, to_plane
from models.grid import GridArea
from models.radar.beam import ground_range, slant_range
from models.radar.mosaic import NO_ECHO, NOT_SEEN, Mosaic, Plane, Source, encode_dbz
from models.radar.product import Grid, Product, Raster, Reading, Role
from models.radar.volume import Moment, Site, Sweep, Volume

AZIMUTH_BINS = 1440
REFLECTIVITY = ("dBZ", "Zc", "dBT")
"""Moments a composite is made of, the best first: filtered, corrected, unfiltered."""

_BELOW_THRESHOLD = 0
_FARTHEST_M = 600_000.0
_METERS_PER_LAT_DEG = 110_574.0  # the shortest there is, at the equator


@dataclass(frozen=True, slots=True)
class PolarGeometry:
    """Bins round a radar: ``AZIMUTH_BINS`` by ``bins`` of ``bin_m`` along the ground."""

    lon_deg: float
    lat_deg: float
    bin_m: float
    bins: int


def plane_of(reading: Reading, area: GridArea, *, step: timedelta) -> Plane:
    """Return one radar's composite reflectivity on the map.

    Parameters
    ----------
    reading : Volume or Product
        A volume (maximum over its sweeps; an RHI has no place on a map), or a
        reflectivity product (levels at their lower threshold).
    area : GridArea
        The map's raster; a cell takes the gate or product cell its center lies in.
    step : timedelta
        How often this radar speaks.

    Returns
    -------
    Plane
        ``NOT_SEEN`` beyond the range, where the transmitter was off, and where
        a gate says folded, not scanned or unknown; ``NO_ECHO`` where the radar
        looked and found nothing above its threshold.

    Raises
    ------
    DataError
        ``radar.no_reflectivity`` if there is none in the reading.
    """
    if isinstance(reading, Grid):
        raise DataError("radar.no_reflectivity", file=reading.name)
    source = Source(reading.site.code, reading.site.name, reading.started_at, step)
    if isinstance(reading, Product):
        return Plane(source, area, _product_plane(reading, area))
    return Plane(source, area, _volume_plane(reading, area))


def compose(planes: tuple[Plane, ...], area: GridArea, *, at: datetime, max_age: timedelta) -> Mosaic:
    """Return the maximum of all radars that are current, with the source of every cell.

    Parameters
    ----------
    planes : tuple of Plane
        On ``area``. Of several by one radar, the newest one stands.
    area : GridArea
        The map's raster.
    at : datetime
        Now.
    max_age : timedelta
        Radars that last spoke longer ago are left out, and named in ``missing``.

    Returns
    -------
    Mosaic
        Where two radars say the same, the first in ``planes`` is the source.

    Raises
    ------
    ValueError
        If a plane lies on another raster.
    """
    newest: dict[str, Plane] = {}
    for plane in planes:
        if plane.area != area:
            raise ValueError(f"the plane of {plane.source.code} lies on another raster")
        if plane.source.code not in newest or plane.source.at > newest[plane.source.code].source.at:
            newest[plane.source.code] = plane
    current = [plane for plane in newest.values() if at - plane.source.at <= max_age]
    missing = tuple(plane.source for plane in newest.values() if at - plane.source.at > max_age)
    codes = np.zeros(area.shape, np.uint8)
    source = np.zeros(area.shape, np.uint8)
    for number, plane in enumerate(current, start=1):
        np.copyto(source, np.uint8(number), where=plane.codes > codes)
        np.maximum(codes, plane.codes, out=codes)
    return Mosaic(at, area, codes, source, tuple(plane.source for plane in current), missing)


def age_minutes(mosaic: Mosaic) -> NDArray[np.float32]:
    """Return how old each cell's value is, minutes float32 (rows, columns), NaN where none sees."""
    ages = [np.nan, *((mosaic.at - source.at).total_seconds() / 60 for source in mosaic.sources)]
    return np.asarray(ages, np.float32)[mosaic.source]


def ppi(volume: Volume, sweep_index: int, moment: str, area: GridArea) -> NDArray[np.uint8]:
    """Return one sweep of a reflectivity moment on the map, coded as mosaics are, uint8 (rows, columns).

    Raises
    ------
    DataError
        ``radar.no_such_sweep`` if the volume has no such sweep or the sweep no such moment.
    """
    sweep = _sweep(volume, sweep_index, moment)
    geometry = _geometry(volume.site, [(sweep, sweep.moments[moment])])
    return _on_map(_reduced(sweep, sweep.moments[moment], geometry), geometry, area)


def ppi_values(volume: Volume, sweep_index: int, moment: str, area: GridArea) -> NDArray[np.float32]:
    """Return one sweep of any moment on the map in its unit, float32 (rows, columns), NaN where no value is.

    Raises
    ------
    DataError
        ``radar.no_such_sweep`` if the volume has no such sweep or the sweep no such moment.
    """
    sweep = _sweep(volume, sweep_index, moment)
    data = sweep.moments[moment]
    geometry = _geometry(volume.site, [(sweep, data)])
    values = data.values()
    values[sweep.blanked] = np.nan
    gates, good = _gates_of(sweep, data, geometry)
    polar = values[:, gates]
    polar[:, ~good] = np.nan
    rays = rays_of(sweep, _bin_centers())
    polar = polar[rays]
    polar[rays < 0] = np.nan
    flat = np.append(polar.ravel(), np.float32(np.nan))
    return flat.take(_table(geometry, area), mode="clip")


def reflectivity_of(sweep: Sweep) -> Moment | None:
    """Return the moment of a sweep that composites are made of, None if it has none."""
    return next((sweep.moments[name] for name in REFLECTIVITY if name in sweep.moments), None)


def seen_codes(sweep: Sweep, moment: Moment) -> NDArray[np.uint8]:
    """Return a sweep's reflectivity in the codes of this house, uint8 (rays, gates)."""
    size = 256 if moment.codes.dtype == np.uint8 else 65_536
    table = encode_dbz(((np.arange(size) - moment.offset) / moment.scale).astype(np.float32))
    table[: moment.first_valid] = NOT_SEEN
    table[_BELOW_THRESHOLD] = NO_ECHO
    out = table.take(moment.codes)
    out[sweep.blanked] = NOT_SEEN
    return out


def rays_of(sweep: Sweep, azimuth_deg: FloatArray) -> NDArray[np.intp]:
    """Return the index of the ray each azimuth lies in, -1 where the antenna did not look.

    A ray reaches half way to its neighbors, at most three quarters of the usual step.
    """
    order = np.argsort(sweep.azimuth_deg, kind="stable")
    sorted_deg = sweep.azimuth_deg[order].astype(float)
    steps = np.diff(sorted_deg)
    usual = float(np.median(steps[steps > 0])) if (steps > 0).any() else 1.0
    around = np.concatenate([[sorted_deg[-1] - 360], sorted_deg, [sorted_deg[0] + 360]])
    wanted = np.asarray(azimuth_deg, float) % 360
    right = np.clip(np.searchsorted(around, wanted), 1, around.size - 1)
    nearest = np.where(wanted - around[right - 1] <= around[right] - wanted, right - 1, right)
    found = order[(nearest - 1) % order.size]
    return np.where(np.abs(around[nearest] - wanted) <= 0.75 * min(usual, 5.0), found, -1)


def _sweep(volume: Volume, sweep_index: int, moment: str) -> Sweep:
    if not 0 <= sweep_index < len(volume.sweeps) or moment not in volume.sweeps[sweep_index].moments:
        raise DataError("radar.no_such_sweep", radar=volume.site.code, sweep=sweep_index + 1, moment=moment)
    return volume.sweeps[sweep_index]


def _volume_plane(volume: Volume, area: GridArea) -> NDArray[np.uint8]:
    parts = [(sweep, moment) for sweep in volume.sweeps if (moment := reflectivity_of(sweep)) is not None]
    if not parts or volume.scan == "rhi":
        raise DataError("radar.no_reflectivity", file=volume.site.code)
    geometry = _geometry(volume.site, parts)
    polar = np.zeros((AZIMUTH_BINS, geometry.bins), np.uint8)
    for sweep, moment in parts:
        np.maximum(polar, _reduced(sweep, moment, geometry), out=polar)
    return _on_map(polar, geometry, area)


def _geometry(site: Site, parts: list[tuple[Sweep, Moment]]) -> PolarGeometry:
    """Return bins as fine as the finest gate, out to the farthest one."""
    bin_m = max(50.0, min(moment.gate_m for _, moment in parts))
    far_m = max(
        float(ground_range(np.array([moment.start_m + moment.codes.shape[1] * moment.gate_m]), sweep.elevation_deg)[0])
        for sweep, moment in parts
    )
    return PolarGeometry(site.lon_deg, site.lat_deg, bin_m, max(1, int(np.ceil(min(far_m, _FARTHEST_M) / bin_m))))


def _bin_centers() -> FloatArray:
    return (np.arange(AZIMUTH_BINS, dtype=np.float64) + 0.5) * (360 / AZIMUTH_BINS)


def _gates_of(sweep: Sweep, moment: Moment, geometry: PolarGeometry) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return the gate above the middle of each ground bin, and whether there is one."""
    slant = slant_range((np.arange(geometry.bins, dtype=np.float64) + 0.5) * geometry.bin_m, sweep.elevation_deg)
    gate = np.floor((np.nan_to_num(slant, nan=-1e9) - moment.start_m) / moment.gate_m)
    good = (gate >= 0) & (gate < moment.codes.shape[1])
    return np.where(good, gate, 0).astype(np.intp), good


def _reduced(sweep: Sweep, moment: Moment, geometry: PolarGeometry) -> NDArray[np.uint8]:
    """Return a sweep's codes in azimuth and ground bins, uint8 (AZIMUTH_BINS, bins)."""
    gates, good = _gates_of(sweep, moment, geometry)
    codes = seen_codes(sweep, moment).take(gates, axis=1)
    codes[:, ~good] = NOT_SEEN
    rays = rays_of(sweep, _bin_centers())
    out = codes.take(rays, axis=0, mode="wrap")
    out[rays < 0] = NOT_SEEN
    return out


def _on_map(polar: NDArray[np.uint8], geometry: PolarGeometry, area: GridArea) -> NDArray[np.uint8]:
    flat = np.append(polar.ravel(), np.uint8(NOT_SEEN))
    return flat.take(_table(geometry, area), mode="clip")


@lru_cache(maxsize=32)
def _table(geometry: PolarGeometry, area: GridArea) -> NDArray[np.uint32]:
    """Return which polar bin each cell of the map takes, uint32 (rows, columns); the last slot is "outside"."""
    reach_m = geometry.bins * geometry.bin_m
    east_m, north_m = _offsets(geometry.lon_deg, geometry.lat_deg, reach_m, area)
    distance = np.floor(np.hypot(east_m, north_m) / geometry.bin_m)
    azimuth = np.floor(np.degrees(np.arctan2(east_m, north_m)) % 360 * (AZIMUTH_BINS / 360))
    azimuth[azimuth == AZIMUTH_BINS] = 0
    index = azimuth * geometry.bins + distance
    index[~(distance < geometry.bins)] = AZIMUTH_BINS * geometry.bins
    table = index.astype(np.uint32)
    table.flags.writeable = False
    return table


def _product_plane(product: Product, area: GridArea) -> NDArray[np.uint8]:
    raster = composite_raster(product)
    values = raster.values()
    seen = encode_dbz(values)
    seen[np.isneginf(values) & ~within_range(raster, product.range_m)] = NOT_SEEN
    flat = np.append(seen.ravel(), np.uint8(NOT_SEEN))
    return flat.take(_cell_table(product.site, raster.cell_m, *seen.shape, area), mode="clip")


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
    """Return which cells (rows, columns) of a centered raster have their center within a range."""
    rows, columns = raster.codes.shape
    north = (rows / 2 - np.arange(rows) - 0.5) * raster.row_m
    east = (np.arange(columns) + 0.5 - columns / 2) * raster.cell_m
    near: NDArray[np.bool_] = np.hypot(north[:, None], east[None, :]) <= range_m
    return near


def cells_of(east_m: FloatArray, north_m: FloatArray, cell_m: float, rows: int, columns: int) -> NDArray[np.intp]:
    """Return the flat index of the product cell each place lies in, ``rows * columns`` where outside.

    Places are meters from the site; row 0 is north, column 0 west, and the raster is centered on the site.
    """
    row = np.floor(rows / 2 - north_m / cell_m)
    column = np.floor(columns / 2 + east_m / cell_m)
    inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    return np.where(inside, row * columns + column, rows * columns).astype(np.intp)


@lru_cache(maxsize=32)
def _cell_table(site: Site, cell_m: float, rows: int, columns: int, area: GridArea) -> NDArray[np.uint32]:
    reach_m = math.hypot(rows, columns) / 2 * cell_m
    east_m, north_m = _offsets(site.lon_deg, site.lat_deg, reach_m, area)
    table = cells_of(east_m, north_m, cell_m, rows, columns).astype(np.uint32)
    table.flags.writeable = False
    return table


@lru_cache(maxsize=4)
def _offsets(lon_deg: float, lat_deg: float, reach_m: float, area: GridArea) -> tuple[FloatArray, FloatArray]:
    """Return meters east and north of the radar of each cell's center, (rows, columns), NaN far beyond its reach."""
    lon, lat = area.centers_lonlat()
    high_deg = 1.02 * reach_m / _METERS_PER_LAT_DEG
    wide_deg = high_deg / max(0.05, math.cos(math.radians(min(89.0, abs(lat_deg) + high_deg))))
    rows = np.flatnonzero(np.abs(lat - lat_deg) <= high_deg)
    columns = np.flatnonzero(np.abs((lon - lon_deg + 180) % 360 - 180) <= wide_deg)
    east_m, north_m = np.full(area.shape, np.nan), np.full(area.shape, np.nan)
    if rows.size and columns.size:
        box = np.ix_(rows, columns)
        grid_lon, grid_lat = np.meshgrid(lon[columns], lat[rows])
        east_m[box], north_m[box] = to_plane(grid_lon, grid_lat, center=(lon_deg, lat_deg))
    return east_m, north_m
