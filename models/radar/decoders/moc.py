"""MOC grids (V3): mosaics of the Chinese operational centers, and gridded files of a single station.

No real file was at hand. A mosaic has 256 header bytes, a station 758 and then blocks of
132 bytes each; the codes are two signed bytes. Edges in the header are outer edges, so
cells divide the box evenly; where the header's own cell size says otherwise, it is told.
What a negative code means is not settled: see `missing`.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from models.radar.layouts.cma_radials import DamageError
from models.radar.layouts.grid_codes import (
    FIELDS,
    Transform,
    clock,
    shape_of,
    signed_levels,
    text_of,
    transform_of,
    unpacked,
    used_codes,
)
from models.radar.oddity import Oddity
from models.radar.product import Cell, Grid, Levels, Role

NAME = "MOC grid (V3)"

LOWEST_DBZ = -60.0

_MOSAIC_BYTES, _STATION_BYTES, _BLOCK_BYTES = 256, 758, 132
_MOST_BLOCKS = 64
_MOST_ZONE_S = 14 * 3600
_FEW = 2
_CELL_TOLERANCE = 0.01


def recognizes(head: bytes, size: int) -> bool:
    """Return whether the mark stands first and there is a whole header."""
    return size >= (_STATION_BYTES if _is_station(head) else _MOSAIC_BYTES) and head[:3] == b"MOC"


def decode(data: bytes, name: str) -> Grid:
    """Return the grid in a mosaic, or the first variable of a station's file with all its layers.

    Parameters
    ----------
    data : bytes
        The whole file; its inner packing (bz2, gzip) is undone here, within bounds.
    name : str
        What errors call it.

    Raises
    ------
    DataError
        ``radar.bad_grid_shape``, ``radar.bad_grid_place``, ``radar.bad_grid_time``,
        ``radar.bad_grid_zone``, ``radar.bad_grid_packing``, ``radar.bad_grid_scale``,
        ``radar.bad_grid_block``, ``radar.no_grid`` and ``radar.cut_off``, with the byte.
    """
    try:
        return _station(data) if _is_station(data) else _mosaic(data)
    except DamageError as broken:
        raise broken.error(name) from broken


def missing(used: NDArray[np.intp], values: NDArray[np.float32], unit: str) -> NDArray[np.bool_]:
    """Return which codes are no value, (65536,) bool.

    Parameters
    ----------
    used : (codes,) int
        Codes that occur, as unsigned.
    values : (65536,) float32
        What each code would be as a value.
    unit : str
        Negative values exist in dBZ only.

    Notes
    -----
    The one public reader takes every negative code as missing; that would lose true
    negative reflectivity. So in dBZ only values below -60 are missing, but where no more
    than two different negative codes occur in the whole grid, they are marks and not values.
    """
    negative = values < 0
    seen = used[negative[used]]
    if unit != "dBZ" or seen.size <= _FEW:
        return negative
    return values < LOWEST_DBZ


def _is_station(head: bytes) -> bool:
    """Whether a site's code stands where a mosaic has its product number."""
    return head[12:13] in (b"Z", b"z") and head[13:17].isalnum() and head[13:17].isascii()


def _mosaic(data: bytes) -> Grid:
    (length,) = struct.unpack_from("<i", data, 8)
    if len(data) < length:
        raise DamageError("cut_off", len(data), expected=length)
    south, west, north, east = struct.unpack_from("<4i", data, 124)
    columns, rows, cell_x, cell_y = struct.unpack_from("<4i", data, 148)
    shape = shape_of(rows, columns, 1, 148)
    oddities: list[Oddity] = []
    transform = _box(south / 1e3, west / 1e3, north / 1e3, east / 1e3, shape, 124)
    _check_cells(transform, cell_x / 1e4, cell_y / 1e4, oddities)
    height, packing = struct.unpack_from("<HH", data, 164)
    radars = struct.unpack_from("<i", data, 168)[0]
    block_at, block_bytes = struct.unpack_from("<ii", data, 88)
    if (block_at, block_bytes) == (0, 0):
        block_at, block_bytes = _MOSAIC_BYTES, len(data) - _MOSAIC_BYTES
    if block_at < _MOSAIC_BYTES or block_bytes < 1 or block_at + block_bytes > len(data):
        raise DamageError("bad_grid_block", 88)
    raw = unpacked(memoryview(data)[block_at : block_at + block_bytes], packing, 2 * rows * columns, 166)
    variable, stated_unit = text_of(data[16:24]), text_of(data[188:196])
    role, unit = _field(variable, stated_unit, oddities)
    (scale,) = struct.unpack_from("<H", data, 176)
    codes = np.frombuffer(raw, "<u2").reshape(shape)
    parameters: dict[str, Cell] = {"radars": radars, "description": text_of(data[24:88])}
    return Grid(
        format=NAME,
        layout="moc",
        started_at=_moment(data, 96, 100),
        name=variable,
        role=role,
        unit=unit,
        codes=codes,
        levels=_levels(codes, scale, 176, unit, oddities),
        crs="EPSG:4326",
        transform=transform,
        heights_m=(float(height) if role is Role.CAPPI and height else math.nan,),
        source=text_of(data[180:188]),
        parameters=parameters,
        oddities=tuple(oddities),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """One block of a station's file."""

    variable: str
    transform: Transform
    height_m: float
    scale: int
    codes: NDArray[np.uint16]

    def fits(self, other: _Block) -> bool:
        """Whether both can be layers of one grid."""
        mine = (self.variable, self.transform, self.scale, self.codes.shape)
        return mine == (other.variable, other.transform, other.scale, other.codes.shape)


def _station(data: bytes) -> Grid:
    lat, lon = (word / 1e4 for word in struct.unpack_from("<ii", data, 72))
    if not (abs(lat) <= 90 and abs(lon) <= 180) or (lat == 0 and lon == 0):
        raise DamageError("bad_site", 72, lat=f"{lat:g}", lon=f"{lon:g}")
    announced, packing = struct.unpack_from("<HH", data, 112)
    if not 1 <= announced <= _MOST_BLOCKS:
        raise DamageError("bad_grid_block", 112)
    oddities: list[Oddity] = []
    blocks = _blocks(unpacked(memoryview(data)[_STATION_BYTES:], packing, 0, 114), announced, (lon, lat))
    if not blocks:
        raise DamageError("no_grid", _STATION_BYTES)
    first = blocks[0]
    layers = [block for block in blocks if block.fits(first)]
    others = dict.fromkeys(block.variable for block in blocks if not block.fits(first))
    if others:
        oddities.append(Oddity("radar.odd.grid_others", shown=first.variable, others=", ".join(others)))
    rows, columns = first.codes.shape
    shape_of(rows, columns, len(layers), _STATION_BYTES)
    codes = np.stack([block.codes for block in layers])
    role, unit = _field(first.variable, "", oddities)
    altitude_m, vcp = struct.unpack_from("<i", data, 80)[0], struct.unpack_from("<H", data, 756)[0]
    parameters: dict[str, Cell] = {
        "site_lon_deg": lon,
        "site_lat_deg": lat,
        "site_altitude_m": altitude_m,
        "radar_type": text_of(data[60:72]),
        "vcp": vcp,
    }
    return Grid(
        format=NAME,
        layout="moc.station",
        started_at=_moment(data, 84, 88),
        name=first.variable,
        role=role,
        unit=unit,
        codes=codes,
        levels=_levels(codes, first.scale, _STATION_BYTES + 120, unit, oddities),
        crs="EPSG:4326",
        transform=first.transform,
        heights_m=tuple(block.height_m for block in layers),
        source=text_of(data[12:20]),
        parameters=parameters,
        oddities=tuple(oddities),
    )


def _blocks(raw: memoryview, announced: int, site: tuple[float, float]) -> list[_Block]:
    """Return the blocks that carry data; bytes in errors count from the start of the unpacked blocks."""
    out: list[_Block] = []
    at = 0
    for _ in range(announced):
        if at + _BLOCK_BYTES > len(raw):
            raise DamageError("bad_grid_block", _STATION_BYTES + at)
        south, west, north, east = struct.unpack_from("<4i", raw, at + 64)
        rows, columns = struct.unpack_from("<ii", raw, at + 88)
        if rows * columns == 0:
            at += _BLOCK_BYTES
            continue
        shape = shape_of(rows, columns, 1, _STATION_BYTES + at + 88)
        end = at + _BLOCK_BYTES + 2 * rows * columns
        if end > len(raw):
            raise DamageError("bad_grid_block", _STATION_BYTES + at)
        (height,) = struct.unpack_from("<H", raw, at + 110)
        (scale,) = struct.unpack_from("<H", raw, at + 120)
        out.append(
            _Block(
                variable=text_of(raw[at + 4 : at + 12]),
                transform=_round_site((south, west, north, east), site, shape, _STATION_BYTES + at + 64),
                height_m=float(height) if height else math.nan,
                scale=scale,
                codes=np.frombuffer(raw, "<u2", rows * columns, at + _BLOCK_BYTES).reshape(rows, columns),
            )
        )
        at = end
    return out


def _round_site(
    edges: tuple[int, int, int, int], site: tuple[float, float], shape: tuple[int, ...], byte: int
) -> Transform:
    """Return the transform of a station's box: its unit (1e-3 or 1e-4 degrees) is the one that holds the site."""
    lon, lat = site
    for unit in (1e3, 1e4):
        south, west, north, east = (edge / unit for edge in edges)
        if west <= lon <= east and south <= lat <= north:
            return _box(south, west, north, east, shape, byte)
    raise DamageError("bad_grid_place", byte, west=edges[1], north=edges[2], step="?")


def _box(south: float, west: float, north: float, east: float, shape: tuple[int, ...], byte: int) -> Transform:
    rows, columns = shape[-2:]
    return transform_of(west, north, (east - west) / columns, (north - south) / rows, shape, byte)


def _check_cells(transform: Transform, cell_x: float, cell_y: float, oddities: list[Oddity]) -> None:
    """Say so where the header's cell size is not what its edges and its number of cells make."""
    for made, said in ((transform[0], cell_x), (-transform[4], cell_y)):
        if abs(made - said) > _CELL_TOLERANCE * made:
            oddities.append(Oddity("radar.odd.grid_cells", said=f"{said:g}", made=f"{made:g}"))
            return


def _field(variable: str, stated_unit: str, oddities: list[Oddity]) -> tuple[Role, str]:
    """Return role and unit of a variable, by its name; a unit that the header states stands."""
    role, unit = FIELDS.get(variable.upper(), (Role.OTHER, ""))
    if not unit and not stated_unit:
        oddities.append(Oddity("radar.odd.grid_field", name=variable))
    if stated_unit.lower() == "dbz":
        stated_unit = "dBZ"
    return role, stated_unit or unit


def _levels(codes: NDArray[np.uint16], scale: int, byte: int, unit: str, oddities: list[Oddity]) -> Levels:
    if scale == 0:
        raise DamageError("bad_grid_scale", byte)
    values = signed_levels(2, True, float(scale), 0.0)
    none = missing(used_codes(codes), values, unit)
    if unit == "dBZ" and bool((values[~none] < 0).any()):
        oddities.append(Oddity("radar.odd.grid_negative", lowest=f"{LOWEST_DBZ:g}"))
    values[none] = np.nan
    return values


def _moment(data: bytes, zone_at: int, clock_at: int) -> datetime:
    """Return the moment in UTC: the header's clock less its zone."""
    (zone_s,) = struct.unpack_from("<i", data, zone_at)
    if abs(zone_s) > _MOST_ZONE_S:
        raise DamageError("bad_grid_zone", zone_at, zone_s=zone_s)
    year, month, day, hour, minute, second = struct.unpack_from("<6H", data, clock_at)
    return clock(year, month, day, hour, minute, second, byte=clock_at) - timedelta(seconds=zone_s)
