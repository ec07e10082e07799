"""SWAN grids: mosaics of the Chinese nowcasting system, 1024 header bytes, then layers of codes.

No real file was at hand; five public readers agree on the layout. Two things the
header does not say are decided here: whether the start point is the outer corner of the
first cell or its center (by the center point the header states; where that fits
neither, the center), and the clock's zone (by the clock in the file's name).
"""

from __future__ import annotations

import math
import re
import struct
from datetime import UTC, datetime, timedelta

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
    zone_by_name,
)
from models.radar.oddity import Oddity
from models.radar.product import Cell, Codes, Grid, Levels, Role

NAME = "SWAN grid"

_HEADER_BYTES = 1024
_HEIGHTS_AT, _HEIGHTS = 112, 40
_STATIONS_AT, _STATIONS, _IN_MOSAIC_AT = 272, 20, 832
_TYPE_AT = 852
_KINDS = {0: (1, False), 1: (1, True), 2: (2, False), 3: (2, True), 4: (2, False)}  # bytes, signed; 4 may have 4 bytes
_FIELD = re.compile(r"(?:RADA|(?<![A-Z]))(MOSAIC|QREF|MTOP|TOP|ET|CREF|MCR|CR|VILD|MVIL|VIL|QPE|OHP)(?![A-Z])")
_CLOCK = re.compile(r"(?<!\d)(20\d{12}|20\d{10})(?!\d)")
_NO_INT = 2**24  # more than any counted value; the bits of a float of one or more are far above
_LARGEST_VALUE = 1e6


def recognizes(head: bytes, size: int) -> bool:
    """Return whether the mark stands at byte 50 and there is a whole header."""
    return size >= _HEADER_BYTES and head[50:54].upper() == b"SWAN"


def decode(data: bytes, name: str) -> Grid:
    """Return the grid in a SWAN file.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        What errors call it. Only by the name are the field (its unit and scale) and the
        zone of the clock known; place and codes come from the bytes.

    Returns
    -------
    Grid
        Code 0 is "not seen": the format has no code for "seen, nothing there".

    Raises
    ------
    DataError
        ``radar.bad_grid_shape``, ``radar.bad_grid_place``, ``radar.bad_grid_time``,
        ``radar.bad_grid_size`` and ``radar.bad_grid_values``, with the byte.
    """
    try:
        return _grid(data, name)
    except DamageError as broken:
        raise broken.error(name) from broken


def _grid(data: bytes, name: str) -> Grid:
    columns, rows, layers = struct.unpack_from("<3H", data, 78)
    shape = shape_of(rows, columns, layers, 78)
    oddities: list[Oddity] = []
    transform, start_is = _placed(data, shape, oddities)
    field = _FIELD.search(name.upper())
    role, unit = FIELDS[field[1]] if field else (Role.OTHER, "")
    if layers > 1 and role is Role.COMPOSITE:
        role = Role.CAPPI
    codes, levels = _codes(data, shape, unit)
    if not field:
        oddities.append(Oddity("radar.odd.grid_field", name=name))
    (interval_min,) = struct.unpack_from("<H", data, 76)
    radars = struct.unpack_from("<i", data, 84)[0]
    parameters: dict[str, Cell] = {"start_point_is": start_is, "radars": radars, "interval_min": interval_min}
    parameters["stations"] = " ".join(_stations(data))
    return Grid(
        format=NAME,
        layout="swan",
        started_at=_time(data, name, interval_min, oddities),
        name=field[1] if field else text_of(data[12:50]),
        role=role,
        unit=unit,
        codes=codes,
        levels=levels,
        crs="EPSG:4326",
        transform=transform,
        heights_m=_heights(data, layers),
        source=text_of(data[:12]),
        parameters=parameters,
        oddities=tuple(oddities),
    )


def _placed(data: bytes, shape: tuple[int, int, int], oddities: list[Oddity]) -> tuple[Transform, str]:
    """Return the transform, and what the start point is: the first cell's center or its outer corner."""
    start_lon, start_lat, middle_lon, middle_lat, step_lon, step_lat = struct.unpack_from("<6f", data, 88)
    if not all(map(math.isfinite, (start_lon, start_lat, step_lon, step_lat))):
        raise DamageError("bad_grid_place", 88, west=f"{start_lon:g}", north=f"{start_lat:g}", step=f"{step_lon:g}")
    step_lon, step_lat = (round(abs(step), 6) for step in (step_lon, step_lat))
    _, rows, columns = shape
    # How many steps the stated center lies beyond the middle of points that begin at the start: 0 or a half.
    beyond = [
        (middle_lon - start_lon) / step_lon - (columns - 1) / 2 if step_lon else math.nan,
        (start_lat - middle_lat) / step_lat - (rows - 1) / 2 if step_lat else math.nan,
    ]
    if all(abs(steps - 0.5) < 0.25 for steps in beyond):
        return transform_of(round(start_lon, 6), round(start_lat, 6), step_lon, step_lat, shape, 88), "cell corner"
    if not all(abs(steps) < 0.25 for steps in beyond):
        oddities.append(Oddity("radar.odd.grid_middle", lon=f"{middle_lon:g}", lat=f"{middle_lat:g}"))
    west, north = round(start_lon - step_lon / 2, 6), round(start_lat + step_lat / 2, 6)
    return transform_of(west, north, step_lon, step_lat, shape, 88), "cell center"


def _codes(data: bytes, shape: tuple[int, int, int], unit: str) -> tuple[Codes, Levels | None]:
    """Return the codes and their levels; how many bytes a cell has is decided by the file's length."""
    cells = math.prod(shape)
    (kind,) = struct.unpack_from("<h", data, _TYPE_AT)
    width, rest = divmod(len(data) - _HEADER_BYTES, cells)
    if rest or width not in (1, 2, 4):
        expected = _HEADER_BYTES + cells * _KINDS.get(kind, (2, True))[0]
        raise DamageError("bad_grid_size", len(data), expected=expected, cells=cells)
    if width == 4:
        return _four_bytes(data, shape, unit), None
    stated_width, signed = _KINDS.get(kind, (0, False))
    if stated_width != width:  # older headers have no kind: two bytes are then taken as signed
        signed = width == 2
    scale, offset = _rule(unit)
    codes = np.frombuffer(data, "<u1" if width == 1 else "<u2", cells, _HEADER_BYTES).reshape(shape)
    levels = signed_levels(width, signed, scale, offset)
    levels[0] = np.nan
    return codes, levels


def _rule(unit: str) -> tuple[float, float]:
    """Return scale and offset of ``(code - offset) / scale``: reflectivity, tenths of anything known, or as it stands."""
    return (2.0, 66.0) if unit == "dBZ" else (10.0, 0.0) if unit else (1.0, 0.0)


def _four_bytes(data: bytes, shape: tuple[int, int, int], unit: str) -> NDArray[np.float32]:
    """Return four-byte cells as values: whole numbers or floats, told apart by their bits; 0 is not seen."""
    whole = np.frombuffer(data, "<i4", math.prod(shape), _HEADER_BYTES)
    out = np.empty(whole.size, np.float32)
    if int(whole.max()) < _NO_INT and int(whole.min()) > -_NO_INT:
        scale, offset = _rule(unit)
        np.subtract(whole, np.float32(offset), out=out, casting="unsafe")
        out /= np.float32(scale)
    else:
        out[:] = whole.view("<f4")
        with np.errstate(invalid="ignore"):
            if not (float(out.min()) > -_LARGEST_VALUE and float(out.max()) < _LARGEST_VALUE):
                raise DamageError("bad_grid_values", _HEADER_BYTES)
    out[whole == 0] = np.nan
    return out.reshape(shape)


def _heights(data: bytes, layers: int) -> tuple[float, ...]:
    """Return the layers' heights in m; NaN for a single layer and where a height is impossible."""
    if layers == 1:
        return (math.nan,)
    stated = struct.unpack_from(f"<{_HEIGHTS}f", data, _HEIGHTS_AT)[:layers]
    heights = [round(km * 1000, 1) if 0 < km <= 40 else math.nan for km in stated]
    return (*heights, *[math.nan] * (layers - len(heights)))


def _stations(data: bytes) -> list[str]:
    """Return the names of the radars in the mosaic."""
    names = [text_of(data[_STATIONS_AT + 16 * at : _STATIONS_AT + 16 * (at + 1)]) for at in range(_STATIONS)]
    return [name for at, name in enumerate(names) if name and data[_IN_MOSAIC_AT + at]]


def _time(data: bytes, name: str, interval_min: int, oddities: list[Oddity]) -> datetime:
    """Return the moment in UTC: by the name's clock the header's is UTC or Beijing time; else UTC, and an oddity."""
    year, month, day, hour, minute = struct.unpack_from("<5H", data, 66)
    written = clock(year, month, day, hour, minute, byte=66)
    zone = zone_by_name(written, _named_at(name), timedelta(minutes=min(max(interval_min, 6), 60)))
    if zone is None:
        oddities.append(Oddity("radar.odd.grid_zone", at=f"{written:%Y-%m-%d %H:%M}"))
        return written
    return written - zone


def _named_at(name: str) -> datetime | None:
    """Return the first clock in a file's name."""
    found = _CLOCK.search(name)
    if found is None:
        return None
    try:
        return datetime.strptime(found[1].ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
