"""Which cell of a radar lies above each cell of the map: made once per geometry and area, kept on disk."""

from __future__ import annotations

import hashlib
import logging
import math
import os
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.geodesy import FloatArray, to_lonlat, to_plane
from models.grid import GridArea
from models.radar.footprint import Geometry

BAND_ROWS = 100
"""The map is worked through in bands of so many rows, each by one thread, so that a band stays in the cache."""

_NODE_M = 4000.0
_MOST_NODE_CELLS = 64
_METERS_PER_LAT_DEG = 110_574.0  # the shortest there is, at the equator
_VERSION = 2
MOST_FILES = 300
"""So many tables are kept on disk; a radar that reports another place with each volume would fill it."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """The part of one band that a radar reaches: columns from ``column``; ``index`` (rows, columns) int64, -1 outside.

    int64, as numpy takes by nothing else without a copy.
    """

    band: int
    column: int
    index: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class PixelTable:
    """The way from one radar's cells to the map: a tile for each band it reaches."""

    geometry: Geometry
    area: GridArea
    tiles: tuple[Tile, ...]


def band_rows(area: GridArea, band: int) -> slice:
    """Return the map rows of a band."""
    return slice(band * BAND_ROWS, min(area.rows, (band + 1) * BAND_ROWS))


def bands(area: GridArea) -> range:
    """Return the bands of a map."""
    return range(math.ceil(area.rows / BAND_ROWS))


@lru_cache(maxsize=128)
def pixel_table(geometry: Geometry, area: GridArea, shelf: Path | None = None) -> PixelTable:
    """Return the table of a radar's geometry on an area; from the shelf if it lies there, else made and put there.

    A file on the shelf that is damaged, or was made by another version, is made anew; a shelf that
    cannot be written to costs only time.
    """
    path = shelf / _name(geometry, area) if shelf is not None else None
    found = _load(path, geometry, area) if path is not None else None
    if found is not None:
        return found
    made = make_table(geometry, area)
    if path is not None:
        _keep(path, made.tiles)
    return made


def make_table(geometry: Geometry, area: GridArea) -> PixelTable:
    """Return the table of a radar's geometry on an area, kept nowhere: for an area that is worked through once."""
    return PixelTable(geometry, area, tuple(_make(geometry, area)))


def _make(geometry: Geometry, area: GridArea) -> Iterator[Tile]:
    rows, columns = box_of(geometry.lon_deg, geometry.lat_deg, geometry.reach_m, area)
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return
    east_m, north_m = offsets(geometry.lon_deg, geometry.lat_deg, area, rows, columns)
    index = geometry.cells_at(east_m, north_m)
    for band in bands(area):
        own = band_rows(area, band)
        first, last = max(own.start, rows.start), min(own.stop, rows.stop)
        if first >= last:
            continue
        part = index[first - rows.start : last - rows.start]
        reached = np.flatnonzero((part >= 0).any(axis=0))
        if not reached.size:
            continue
        left, right = int(reached[0]), int(reached[-1]) + 1
        tile = np.full((own.stop - own.start, right - left), -1, np.int64)
        tile[first - own.start : last - own.start] = part[:, left:right]
        yield Tile(band, columns.start + left, tile)


def box_of(lon_deg: float, lat_deg: float, reach_m: float, area: GridArea) -> tuple[slice, slice]:
    """Return the rows and columns of the map that a circle can reach, a little more than needed."""
    lon, lat = area.centers_lonlat()
    high_deg = 1.02 * reach_m / _METERS_PER_LAT_DEG
    wide_deg = high_deg / max(0.05, math.cos(math.radians(min(89.0, abs(lat_deg) + high_deg))))
    rows = np.flatnonzero(np.abs(lat - lat_deg) <= high_deg)
    columns = np.flatnonzero(np.abs((lon - lon_deg + 180) % 360 - 180) <= wide_deg)
    return _span(rows), _span(columns)


def offsets(
    lon_deg: float, lat_deg: float, area: GridArea, rows: slice, columns: slice
) -> tuple[FloatArray, FloatArray]:
    """Return meters east and north of a radar of each cell's center, (rows, columns) float32 precision or better.

    Projected every 4 km or less and filled in between by a bilinear surface, right to within 0.2 m.
    """
    apart = int(min(_MOST_NODE_CELLS, max(1.0, _NODE_M // area.cell_m)))
    shape = (rows.stop - rows.start, columns.stop - columns.start)
    row = _nodes(shape[0], apart)
    column = _nodes(shape[1], apart)
    y = area.north_m - (rows.start + row + 0.5) * area.cell_m
    x = area.west_m + (columns.start + column + 0.5) * area.cell_m
    lon, _ = to_lonlat(x, np.zeros_like(x))
    _, lat = to_lonlat(np.zeros_like(y), y)
    node_lon, node_lat = np.meshgrid(lon, lat)
    east, north = to_plane(node_lon, node_lat, center=(lon_deg, lat_deg))
    at_row, at_column = np.arange(shape[0]) / apart, np.arange(shape[1]) / apart
    return _between(east, at_row, at_column), _between(north, at_row, at_column)


def _nodes(length: int, apart: int) -> FloatArray:
    return np.arange(0, length + apart, apart, dtype=np.float64)


def _between(nodes: FloatArray, row: FloatArray, column: FloatArray) -> FloatArray:
    """Return a field between its nodes, bilinear; numpy, as OpenCV's own weights are too coarse."""
    c0, r0 = column.astype(np.intp), row.astype(np.intp)
    u, v = column - c0, (row - r0)[:, None]
    left = nodes[:, c0] * (1 - u) + nodes[:, c0 + 1] * u
    return np.asarray(left[r0] * (1 - v) + left[r0 + 1] * v)


def _span(found: NDArray[np.intp]) -> slice:
    return slice(int(found[0]), int(found[-1]) + 1) if found.size else slice(0, 0)


def _name(geometry: Geometry, area: GridArea) -> str:
    digest = hashlib.sha256(repr((_VERSION, BAND_ROWS, geometry, area)).encode()).hexdigest()
    return f"table-{digest[:32]}.cells"


def _load(path: Path, geometry: Geometry, area: GridArea) -> PixelTable | None:
    """Return the table in a file, None if there is none, it is another radar's, or a byte of it is wrong.

    int32: how many tiles, each tile after its (band, column, rows, columns), at the end a checksum.
    """
    try:
        flat = np.fromfile(path, np.int32)
        tiles, at = [], 1
        if flat.size < 2 or path.stat().st_size != flat.nbytes or _checksum(flat[:-1], path.name) != flat[-1]:
            _log.info("the table %s is made anew: it is damaged", path.name)
            return None
        for _ in range(int(flat[0])):
            band, column, rows, columns = (int(value) for value in flat[at : at + 4])
            index = flat[at + 4 : at + 4 + rows * columns].reshape(rows, columns).astype(np.int64)
            if rows != band_rows(area, band).stop - band * BAND_ROWS or not 0 <= column <= area.columns - columns:
                return None
            if index.min() < -1 or index.max() >= geometry.cells:
                return None
            tiles.append(Tile(band, column, index))
            at += 4 + rows * columns
    except FileNotFoundError:
        return None
    except (OSError, ValueError, IndexError, EOFError) as error:
        _log.info("the table %s is made anew: %s", path.name, error)
        return None
    return PixelTable(geometry, area, tuple(tiles)) if at == flat.size - 1 else None


def _keep(path: Path, tiles: tuple[Tile, ...]) -> None:
    parts = [np.array([len(tiles)], np.int32)]
    for tile in tiles:
        parts += [np.array([tile.band, tile.column, *tile.index.shape], np.int32), tile.index.astype(np.int32).ravel()]
    flat = np.concatenate(parts)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.append(flat, _checksum(flat, path.name)).tofile(part)
        part.replace(path)
        files = sorted(path.parent.glob("table-*.cells"), key=lambda file: file.stat().st_mtime_ns)
        for old in files[:-MOST_FILES]:
            old.unlink(missing_ok=True)
    except OSError as error:
        _log.info("the table %s was not kept: %s", path.name, error)
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _checksum(flat: NDArray[np.int32], name: str) -> np.int32:
    """Return the checksum of a file under its name, so that a table that lies under another radar's name is seen."""
    return np.uint32(zlib.crc32(flat.data, zlib.crc32(name.encode()))).view(np.int32)
