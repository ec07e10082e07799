"""Heights of the ground from any raster that GDAL reads: round a radar, on the map, at places."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
import rasterio.errors
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from rasterio.io import DatasetReader
from rasterio.warp import Resampling, reproject
from rasterio.windows import Window

from models.errors import DataError
from models.file_fault import unreadable
from models.geodesy import FloatArray, from_plane
from models.grid import GridArea
from models.radar.footprint import AZIMUTH_BINS, PolarGeometry

HEIGHTS_M = (-500.0, 9000.0)
"""Heights that ground can have; what lies outside, such as an untagged -999, is unknown."""

_MOST_CELLS = 16_000_000
_BLOCK_CELLS = 2_000_000
_MOST_ALONG, _MOST_ACROSS = 16, 4
_NODES_EVERY_M = 4_000.0
_LATTICE = 33


@dataclass(frozen=True, slots=True, eq=False)
class PolarHeights:
    """The ground round a radar: ``meters`` (AZIMUTH_BINS, bins) float32 above sea level, NaN where unknown.

    Of the ground inside a bin the highest counts along the ray, and the mean across it.
    ``cell_m`` is the size of the cells that were looked at, NaN where the projection has none.
    """

    geometry: PolarGeometry
    meters: NDArray[np.float32]
    cell_m: float


@dataclass(frozen=True, slots=True, eq=False)
class _Patch:
    """A part of a raster: ``meters`` (rows, columns) float32, NaN where unknown; cells of ``step`` cells of the file."""

    meters: NDArray[np.float32]
    row: int
    column: int
    step: int


def heights_round(dem: Path, geometry: PolarGeometry) -> PolarHeights:
    """Return the ground in the azimuth rows and ground bins of a radar.

    Parameters
    ----------
    dem : Path
        Heights in m above sea level, in any raster and projection that GDAL reads.
    geometry : PolarGeometry
        The radar's place and bins.

    Returns
    -------
    PolarHeights
        All NaN where the raster does not reach.

    Raises
    ------
    DataError
        ``layers.unreadable`` with file and cause; ``layers.no_crs``.

    Notes
    -----
    A bin is looked at in up to 16 x 4 places, as dense as the raster's own cells,
    linear between them. Places are exact every 4 km along a ray and straight in
    between, which strays less than a meter.
    """
    nodes_m = np.linspace(0.0, geometry.reach_m, 1 + max(1, math.ceil(geometry.reach_m / _NODES_EVERY_M)))
    with _opened(dem) as band:
        patch = _read(band, *_cells_of(band, *_along_rays(geometry, nodes_m, 1)))
        cell_m = _cell_at(band, geometry) * patch.step
        across = _parts(geometry.reach_m * 2 * math.pi / AZIMUTH_BINS, cell_m, _MOST_ACROSS)
        along = _parts(geometry.bin_m, cell_m, _MOST_ALONG)
        column, row = _cells_of(band, *_along_rays(geometry, nodes_m, across))
    hat = _between(nodes_m, (np.arange(geometry.bins * along, dtype=np.float64) + 0.5) * (geometry.bin_m / along))
    meters = np.full((AZIMUTH_BINS, geometry.bins), np.nan, np.float32)
    block = max(1, _BLOCK_CELLS // (across * along * geometry.bins))
    for first in range(0, AZIMUTH_BINS, block):
        rays = slice(first * across, (first + block) * across)
        ground = _linear(patch, column[rays] @ hat, row[rays] @ hat)
        ground = _mean(ground.reshape(-1, across, geometry.bins * along), axis=1)
        meters[first : first + block] = np.fmax.reduce(ground.reshape(-1, geometry.bins, along), axis=2)
    return PolarHeights(geometry, meters, cell_m)


def heights_on(dem: Path, area: GridArea) -> NDArray[np.float32]:
    """Return the ground on the map, float32 (rows, columns) m above sea level, NaN where unknown.

    Raises
    ------
    DataError
        ``layers.unreadable`` with file and cause; ``layers.no_crs``.
    """
    out = np.full(area.shape, np.nan, np.float32)
    with _opened(dem) as band:
        lon, lat = area.centers_lonlat()
        some = np.linspace(0, len(lon) - 1, _LATTICE).astype(int), np.linspace(0, len(lat) - 1, _LATTICE).astype(int)
        column, row = _cells_of(band, *np.meshgrid(lon[some[0]], lat[some[1]]))
        patch = _read(band, column, row)
        if not patch.meters.size:
            return out
        finer = np.nanmax(np.ptp(column, axis=1)) / patch.step > area.columns
        to_file = rasterio.Affine.translation(patch.column, patch.row) * rasterio.Affine.scale(patch.step)
        reproject(
            patch.meters,
            out,
            src_transform=band.transform * to_file,
            src_crs=band.crs,
            src_nodata=np.nan,
            dst_transform=rasterio.Affine(area.cell_m, 0.0, area.west_m, 0.0, -area.cell_m, area.north_m),
            dst_crs="EPSG:3857",
            dst_nodata=np.nan,
            resampling=Resampling.average if finer else Resampling.bilinear,
        )
    return out


def heights_at(dem: Path, lon_deg: FloatArray, lat_deg: FloatArray) -> NDArray[np.float32]:
    """Return the ground at places, float32 (n,) m above sea level, NaN where unknown; linear between cells.

    Raises
    ------
    DataError
        ``layers.unreadable`` with file and cause; ``layers.no_crs``.
    """
    with _opened(dem) as band:
        column, row = _cells_of(band, np.asarray(lon_deg, float), np.asarray(lat_deg, float))
        return _linear(_read(band, column, row), column, row)


@contextmanager
def _opened(dem: Path) -> Iterator[DatasetReader]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
            band = rasterio.open(dem)
        with band:
            if band.crs is None:
                raise DataError("layers.no_crs", file=dem.name)
            if band.count == 0:
                raise unreadable(dem, ValueError("no layer"))
            yield band
    except (rasterio.errors.RasterioError, CRSError, OSError) as error:
        raise unreadable(dem, error) from error


def _cells_of(band: DatasetReader, lon_deg: FloatArray, lat_deg: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return column and row of places in cells of the file, corners at whole numbers; NaN where there is none."""
    crs = Transformer.from_crs("EPSG:4326", CRS.from_wkt(band.crs.to_wkt()), always_xy=True)
    x, y = crs.transform(lon_deg, lat_deg)
    back = ~band.transform
    column, row = back.a * x + back.b * y + back.c, back.d * x + back.e * y + back.f
    good = np.isfinite(column) & np.isfinite(row)
    return np.where(good, column, np.nan), np.where(good, row, np.nan)


def _cell_at(band: DatasetReader, geometry: PolarGeometry) -> float:
    """Return the size of the file's cells at the radar in m, the coarser of both ways."""
    step_m = 100.0
    east, north = np.array([0.0, step_m, 0.0]), np.array([0.0, 0.0, step_m])
    column, row = _cells_of(band, *from_plane(east, north, center=(geometry.lon_deg, geometry.lat_deg)))
    cells = np.hypot(np.diff(column[[1, 0, 2]]), np.diff(row[[1, 0, 2]]))
    return float(step_m / cells.min()) if np.isfinite(cells).all() and cells.min() > 0 else math.nan


def _along_rays(geometry: PolarGeometry, nodes_m: FloatArray, across: int) -> tuple[FloatArray, FloatArray]:
    """Return lon and lat (AZIMUTH_BINS * across, nodes) of places on rays, ``across`` of them in each row."""
    turn = np.radians((np.arange(AZIMUTH_BINS * across, dtype=np.float64) + 0.5) * (360 / AZIMUTH_BINS / across))[
        :, None
    ]
    return from_plane(np.sin(turn) * nodes_m, np.cos(turn) * nodes_m, center=(geometry.lon_deg, geometry.lat_deg))


def _parts(length_m: float, cell_m: float, most: int) -> int:
    """Return in how many places a length is looked at, so that no cell is stepped over."""
    return 1 if math.isnan(cell_m) else min(most, max(1, math.ceil(length_m / cell_m)))


def _read(band: DatasetReader, column: FloatArray, row: FloatArray) -> _Patch:
    """Read what lies round places (in cells of the file), in means of several cells where it would be too much."""
    nothing = _Patch(np.zeros((0, 0), np.float32), 0, 0, 1)
    if not np.isfinite(column).any():
        return nothing
    left, right = _span(column, band.width)
    top, bottom = _span(row, band.height)
    step = max(1, math.ceil(math.sqrt(max(0, right - left) * max(0, bottom - top) / _MOST_CELLS)))
    columns, rows = (right - left) // step, (bottom - top) // step
    if columns <= 0 or rows <= 0:
        return nothing
    meters = np.empty((rows, columns), np.float32)
    strip = max(1, _BLOCK_CELLS // (step * step * columns))
    for first in range(0, rows, strip):
        count = min(strip, rows - first)
        part = band.read(1, window=Window(left, top + first * step, columns * step, count * step)).astype(np.float32)
        with np.errstate(invalid="ignore"):
            unknown = ~((part >= HEIGHTS_M[0]) & (part <= HEIGHTS_M[1]))
        if band.nodata is not None:
            unknown |= part == np.float32(band.nodata)
        part[unknown] = np.nan
        if step > 1:
            part = _mean(part.reshape(count, step, columns, step).transpose(0, 2, 1, 3).reshape(count, columns, -1), 2)
        meters[first : first + count] = part
    return _Patch(meters, top, left, step)


def _span(cells: FloatArray, most: int) -> tuple[int, int]:
    """Return first and last cell of the file round places, two cells more on each side, inside of the file."""
    low = min(float(most), max(0.0, float(np.nanmin(cells)) - 2))
    high = min(float(most), max(0.0, float(np.nanmax(cells)) + 3))
    return math.floor(low), math.floor(high)


def _linear(patch: _Patch, column: FloatArray, row: FloatArray) -> NDArray[np.float32]:
    """Return heights between the middles of cells; NaN outside of them, and beside unknown ones."""
    rows, columns = patch.meters.shape
    if not patch.meters.size:
        return np.full(column.shape, np.nan, np.float32)
    u, v = (column - patch.column) / patch.step, (row - patch.row) / patch.step
    with np.errstate(invalid="ignore"):
        inside = (u >= 0) & (u <= columns) & (v >= 0) & (v <= rows)
    u = np.clip(np.where(inside, u, 0.0) - 0.5, 0.0, columns - 1.0)
    v = np.clip(np.where(inside, v, 0.0) - 0.5, 0.0, rows - 1.0)
    west, north = np.minimum(u.astype(np.intp), max(0, columns - 2)), np.minimum(v.astype(np.intp), max(0, rows - 2))
    right, down = (u - west).astype(np.float32), (v - north).astype(np.float32)
    at = north * columns + west
    east, south = min(1, columns - 1), columns * min(1, rows - 1)
    flat = patch.meters.ravel()
    upper = flat.take(at) * (1 - right) + flat.take(at + east) * right
    lower = flat.take(at + south) * (1 - right) + flat.take(at + south + east) * right
    return np.where(inside, upper * (1 - down) + lower * down, np.float32(np.nan)).astype(np.float32)


def _between(nodes_m: FloatArray, wanted_m: FloatArray) -> FloatArray:
    """Return the weights (nodes, wanted) that draw straight lines between evenly spaced nodes."""
    at = wanted_m / nodes_m[1]
    left = np.minimum(at.astype(np.intp), nodes_m.size - 2)
    out = np.zeros((nodes_m.size, wanted_m.size))
    out[left, np.arange(wanted_m.size)] = 1 - (at - left)
    out[left + 1, np.arange(wanted_m.size)] = at - left
    return out


def _mean(values: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    """Return the mean of what is known, NaN where nothing is."""
    known = ~np.isnan(values)
    count = known.sum(axis=axis)
    total = np.where(known, values, np.float32(0)).sum(axis=axis)
    return np.where(count > 0, total / np.maximum(count, 1), np.float32(np.nan)).astype(np.float32)
