"""Legacy PUP products of the Chinese S- and C-band radars: 16 levels, big-endian.

Read here: the run-length rasters CR (37), ET (41) and VIL (57). The layout is
``18 message header | 102 description | symbology | graphic | tabular``, close
to the NIDS form it comes from. Of the several clocks in such a file only the
volume time is UTC everywhere; the others are local time in some files.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from models.errors import DataError
from models.radar.oddity import Oddity
from models.radar.product import Product, Raster, Role
from models.radar.recognize import seems_pup
from models.radar.volume import Site

NAME = "legacy PUP product"

FOOT_M = 0.3048
KILOFOOT_KM = 0.3048
KNOT_MS = 1852 / 3600

_HEADER_BYTES = 120
_RASTERS = (0xBA07, 0xBA0F)
_LEVELS = 16


@dataclass(frozen=True, slots=True)
class _Kind:
    """A product this module reads: its name, role, unit, factor from the file's unit, cell and size."""

    name: str
    role: Role
    unit: str
    factor: float
    cell_m: float
    cells: int
    range_m: float


_KINDS = {
    37: _Kind("CR", Role.COMPOSITE, "dBZ", 1.0, 1000.0, 464, 230_000.0),
    41: _Kind("ET", Role.ECHO_TOP, "km", KILOFOOT_KM, 4000.0, 116, 230_000.0),
    57: _Kind("VIL", Role.VIL, "kg/m2", 1.0, 4000.0, 116, 230_000.0),
}
_OTHER_NAMES = {
    16: "R", 17: "R", 18: "R", 19: "R", 20: "R", 21: "R", 22: "V", 23: "V", 24: "V", 25: "V", 26: "V", 27: "V",
    28: "SW", 29: "SW", 30: "SW", 38: "CR", 46: "SWS", 47: "SWP", 48: "VWP", 58: "STI", 59: "HI", 60: "M",
    61: "TVS", 62: "SS", 78: "OHP", 79: "THP", 80: "STP",
}  # fmt: skip


def recognizes(head: bytes, size: int) -> bool:
    """Return whether the product code stands twice, with the divider between."""
    return seems_pup(head) and size >= 32


def decode(data: bytes, name: str) -> Product:
    """Return the raster product in a legacy PUP file.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        What errors call it.

    Raises
    ------
    DataError
        ``radar.product_not_read`` for other product codes, ``radar.cut_off``,
        ``radar.bad_site``, ``radar.bad_time``, ``radar.bad_block`` and
        ``radar.bad_raster`` where the file contradicts its layout.
    """
    code = int(struct.unpack_from(">h", data)[0])
    kind = _KINDS.get(code)
    if kind is None:
        raise DataError("radar.product_not_read", file=name, code=code, product=_OTHER_NAMES.get(code, "?"))
    (length,) = struct.unpack_from(">I", data, 8)
    if len(data) < max(length, _HEADER_BYTES):
        raise DataError("radar.cut_off", file=name, byte=len(data), expected=max(length, _HEADER_BYTES))
    levels = _raster(data, name, kind.cells)
    thresholds = lower_ends(np.frombuffer(data, ">u2", _LEVELS, 60).astype(np.uint16)) * np.float32(kind.factor)
    maximum = float(struct.unpack_from(">h", data, 92)[0]) * kind.factor
    return Product(
        format=NAME,
        layout=f"pup.{code}",
        site=_site(data, name),
        started_at=_volume_time(data, name),
        code=code,
        name=kind.name,
        role=kind.role,
        unit=kind.unit,
        rasters=(Raster(kind.name, kind.unit, levels, _values_of(thresholds), kind.cell_m, kind.cell_m),),
        range_m=kind.range_m,
        maximum=maximum,
        oddities=_oddities(data, length, levels, thresholds, maximum, kind.factor / 2),
    )


def lower_ends(words: NDArray[np.uint16]) -> NDArray[np.float32]:
    """Return the lower end of each level from the threshold words of the header.

    Parameters
    ----------
    words : (levels,) uint16
        High byte flags: 0x80 a word instead of a number, 0x40 hundredths, 0x20
        twentieths, 0x10 tenths, 0x01 negative; low byte the magnitude.

    Returns
    -------
    (levels,) float32
        In the file's unit; NaN for a level that is no value. A negative
        threshold is the end nearer zero, so such a level starts at the
        threshold before it, and -inf where there is none.

    Examples
    --------
    >>> lower_ends(np.array([0x8002, 0x0105, 0x0101, 0x0205, 0x1019], np.uint16))
    array([ nan, -inf, -5. ,  5. ,  2.5], dtype=float32)
    """
    flags, magnitude = words >> 8, (words & 0xFF).astype(np.float32)
    divisor = np.select([flags & 0x40 > 0, flags & 0x20 > 0, flags & 0x10 > 0], [100, 20, 10], 1)
    values = magnitude / divisor * np.where(flags & 0x01, -1, 1)
    values[flags & 0x80 > 0] = np.nan
    before = np.concatenate([[np.nan], values[:-1]])
    before[np.isnan(before)] = -np.inf
    return np.where(values < 0, before, values).astype(np.float32)


def _values_of(thresholds: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the levels with level 0 as "seen, below the first threshold"."""
    out = thresholds.astype(np.float32)
    out[0] = -np.inf
    return out


def _site(data: bytes, name: str) -> Site:
    (source,) = struct.unpack_from(">h", data, 12)
    lat, lon, height_ft = struct.unpack_from(">iih", data, 20)
    lat_deg, lon_deg = lat / 1000, lon / 1000
    if not (abs(lat_deg) <= 90 and abs(lon_deg) <= 180) or (lat == 0 and lon == 0):
        raise DataError("radar.bad_site", file=name, byte=20, lat=f"{lat_deg:g}", lon=f"{lon_deg:g}")
    code = f"Z9{source:03d}" if 0 < source < 1000 else str(source)
    return Site(code, code, lon_deg, lat_deg, round(height_ft * FOOT_M, 1))


def _volume_time(data: bytes, name: str) -> datetime:
    day, second = struct.unpack_from(">HI", data, 40)
    if day < 1 or second >= 86_400:
        raise DataError("radar.bad_time", file=name, byte=40, day=day, second=second)
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day - 1, seconds=second)


def _raster(data: bytes, name: str, cells: int) -> NDArray[np.uint8]:
    """Return levels (cells, cells) of the first raster packet in the symbology block."""
    at = _raster_at(data, name)
    if at + 22 > len(data):
        raise DataError("radar.cut_off", file=name, byte=len(data), expected=at + 22)
    (rows,) = struct.unpack_from(">h", data, at + 18)
    if rows != cells:
        raise DataError("radar.bad_raster", file=name, byte=at + 18, rows=rows, columns=cells, cells=cells)
    starts, lengths, row_at = np.zeros(rows, np.intp), np.zeros(rows, np.intp), at + 22
    for row in range(rows):
        if row_at + 2 > len(data):
            raise DataError("radar.cut_off", file=name, byte=len(data), expected=row_at + 2)
        (length,) = struct.unpack_from(">h", data, row_at)
        if length < 1 or row_at + 2 + length > len(data):
            raise DataError("radar.bad_row", file=name, byte=row_at, row=row + 1)
        starts[row], lengths[row] = row_at + 2, length
        row_at += 2 + length
    ends = np.cumsum(lengths)
    where = np.repeat(starts - (ends - lengths), lengths) + np.arange(ends[-1])
    runs = np.frombuffer(data, np.uint8)[where]
    widths = np.add.reduceat((runs >> 4).astype(np.intp), ends - lengths)
    wrong = np.flatnonzero(widths != cells)
    if wrong.size:
        row = int(wrong[0])
        columns = int(widths[row])
        raise DataError(
            "radar.bad_raster", file=name, byte=int(starts[row]), rows=row + 1, columns=columns, cells=cells
        )
    return np.repeat(runs & 0x0F, runs >> 4).reshape(cells, cells)


def _raster_at(data: bytes, name: str) -> int:
    """Find the raster packet: through the layers of the symbology block, and the packets of each."""
    (half_words,) = struct.unpack_from(">I", data, 108)
    at = half_words * 2
    if at + 10 > len(data) or struct.unpack_from(">hh", data, at) != (-1, 1):
        raise DataError("radar.bad_block", file=name, byte=108)
    (layers,) = struct.unpack_from(">h", data, at + 8)
    at += 10
    for _ in range(max(0, layers)):
        if at + 6 > len(data) or struct.unpack_from(">h", data, at) != (-1,):
            raise DataError("radar.bad_block", file=name, byte=min(at, len(data)))
        end = at + 6 + struct.unpack_from(">I", data, at + 2)[0]
        packet: int = at + 6
        while packet + 4 <= min(end, len(data)):
            code, size = struct.unpack_from(">HH", data, packet)
            if code in _RASTERS:
                return packet
            packet += 4 + size
        at = int(end)
    raise DataError("radar.no_raster", file=name, byte=half_words * 2)


def _oddities(
    data: bytes,
    length: int,
    levels: NDArray[np.uint8],
    thresholds: NDArray[np.float32],
    maximum: float,
    rounding: float,
) -> tuple[Oddity, ...]:
    """Say what is strange: bytes after the end, and a stated (rounded) maximum that no cell shows."""
    out: list[Oddity] = []
    if len(data) > length:
        out.append(Oddity("radar.odd.trailing", byte=length, bytes=len(data) - length))
    highest = int(levels.max())
    upper = thresholds[highest + 1] if highest + 1 < _LEVELS else np.inf
    if highest > 0 and not thresholds[highest] - rounding <= maximum <= upper + rounding:
        shown = f"{thresholds[highest]:g}"
        out.append(Oddity("radar.odd.maximum", maximum=f"{maximum:g}", level=highest, threshold=shown))
    return tuple(out)
