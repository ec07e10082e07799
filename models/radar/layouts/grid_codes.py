"""Codes and corners of gridded mosaics: signed codes as levels, cells on the earth, clocks, bounded unpacking."""

from __future__ import annotations

import bz2
import zlib
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from models.radar.layouts.cma_radials import DamageError
from models.radar.product import Levels, Role

MOST_CELLS = 60_000_000
MOST_CELLS_A_SIDE = 20_000
MOST_LAYERS = 64
FIELDS: dict[str, tuple[Role, str]] = {
    "CREF": (Role.COMPOSITE, "dBZ"),
    "MCR": (Role.COMPOSITE, "dBZ"),
    "CR": (Role.COMPOSITE, "dBZ"),
    "QREF": (Role.OTHER, "dBZ"),
    "MOSAIC": (Role.CAPPI, "dBZ"),
    "CAP": (Role.CAPPI, "dBZ"),
    "CAPPI": (Role.CAPPI, "dBZ"),
    "MTOP": (Role.ECHO_TOP, "km"),
    "TOP": (Role.ECHO_TOP, "km"),
    "ET": (Role.ECHO_TOP, "km"),
    "VILD": (Role.OTHER, "g/m3"),
    "MVIL": (Role.VIL, "kg/m2"),
    "VIL": (Role.VIL, "kg/m2"),
    "QPE": (Role.RAIN, "mm"),
    "OHP": (Role.RAIN, "mm"),
}
"""What the names of fields in these files mean; a name that is not here is neither role nor unit."""

Transform = tuple[float, float, float, float, float, float]

_BEIJING = timedelta(hours=8)
_FIRST_YEAR, _LAST_YEAR = 1980, 2200
_SHORTEST_DEG, _LONGEST_DEG = 0.0005, 5.0
_ALL_CODES = {1: 256, 2: 65_536}
_PIECE = 1_000_000
_LARGEST_BYTES = 2 * MOST_CELLS


def shape_of(rows: int, columns: int, layers: int, byte: int) -> tuple[int, int, int]:
    """Return (layers, rows, columns) within bounds.

    Raises
    ------
    DamageError
        ``bad_grid_shape`` with ``byte`` where the header's numbers are impossible.
    """
    sides = 1 <= rows <= MOST_CELLS_A_SIDE and 1 <= columns <= MOST_CELLS_A_SIDE and 1 <= layers <= MOST_LAYERS
    if not sides or rows * columns * layers > MOST_CELLS:
        raise DamageError("bad_grid_shape", byte, rows=rows, columns=columns, layers=layers)
    return layers, rows, columns


def transform_of(
    west: float, north: float, step_lon: float, step_lat: float, shape: tuple[int, ...], byte: int
) -> Transform:
    """Return the transform of a grid in degrees from its outer upper left corner.

    Raises
    ------
    DamageError
        ``bad_grid_place`` with ``byte`` where the grid does not lie on the earth.
    """
    rows, columns = shape[-2:]
    east, south = west + columns * step_lon, north - rows * step_lat
    steps = _SHORTEST_DEG <= step_lon <= _LONGEST_DEG and _SHORTEST_DEG <= step_lat <= _LONGEST_DEG
    edges = -180.5 <= west < east <= 180.5 and -90.5 <= south < north <= 90.5
    if not (steps and edges) or (abs(west) < step_lon and abs(north) < step_lat):
        where = {"west": f"{west:g}", "north": f"{north:g}", "step": f"{step_lon:g}"}
        raise DamageError("bad_grid_place", byte, **where)
    return step_lon, 0.0, west, 0.0, -step_lat, north


def signed_levels(width: int, signed: bool, scale: float, offset: float) -> Levels:
    """Return the value of each code ``(code - offset) / scale``, codes of one or two bytes, signed or not.

    The codes are those of the file taken as unsigned, so that nothing is copied.

    Examples
    --------
    >>> signed_levels(1, True, 2.0, 0.0)[[0, 1, 127, 128, 255]]
    array([  0. ,   0.5,  63.5, -64. ,  -0.5], dtype=float32)
    """
    codes = np.arange(_ALL_CODES[width])
    if signed:
        codes = np.where(codes < codes.size // 2, codes, codes - codes.size)
    out: Levels = ((codes - offset) / scale).astype(np.float32)
    return out


def clock(year: int, month: int, day: int, hour: int, minute: int, second: int = 0, *, byte: int) -> datetime:
    """Return a clock as written, marked as UTC until its zone is known.

    Raises
    ------
    DamageError
        ``bad_grid_time`` with ``byte``.
    """
    try:
        at = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        at = datetime.min.replace(tzinfo=UTC)
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise DamageError("bad_grid_time", byte, shown=f"{year}-{month}-{day} {hour}:{minute}:{second}")
    return at


def zone_by_name(written_at: datetime, named_at: datetime | None, within: timedelta) -> timedelta | None:
    """Return how far a clock without a zone runs ahead of UTC, by the clock (UTC) in the file's name.

    Zero or eight hours where they agree ``within`` some minutes, None where neither does or the name has no clock.
    """
    if named_at is None:
        return None
    return next((zone for zone in (timedelta(0), _BEIJING) if abs(written_at - zone - named_at) <= within), None)


def unpacked(packed: memoryview, kind: int, expected: int, byte: int) -> memoryview:
    """Return the unpacked bytes of a block: ``kind`` 0 plain, 1 bz2, 2 gzip; never more than expected.

    ``expected`` 0 means "not said": anything up to 120 MB.

    Raises
    ------
    DamageError
        ``bad_grid_packing`` for an unknown kind, packing that breaks, or another length.
    """
    limit = expected or _LARGEST_BYTES
    try:
        if kind == 0:
            out = packed
        elif kind == 1:
            out = memoryview(bz2.BZ2Decompressor().decompress(packed, limit + 1))
        elif kind == 2:
            out = memoryview(zlib.decompressobj(wbits=31).decompress(packed, limit + 1))
        else:
            raise DamageError("bad_grid_packing", byte, packing=kind, found=0, expected=expected)
    except (OSError, ValueError, zlib.error):
        raise DamageError("bad_grid_packing", byte, packing=kind, found=0, expected=expected) from None
    if len(out) != expected if expected else len(out) > limit:
        raise DamageError("bad_grid_packing", byte, packing=kind, found=len(out), expected=limit)
    return out


def text_of(field: bytes | memoryview) -> str:
    """Decode a fixed field: ASCII or GBK, padded with NUL or blanks."""
    text = bytes(field).split(b"\x00", 1)[0].decode("gbk", errors="replace")
    return "".join(letter for letter in text if letter.isprintable()).strip()


def used_codes(codes: NDArray[np.uint8] | NDArray[np.uint16]) -> NDArray[np.intp]:
    """Return which codes occur, ascending."""
    flat = codes.ravel()
    counts = np.zeros(_ALL_CODES[codes.itemsize], np.intp)
    for at in range(0, flat.size, _PIECE):  # bincount makes eight bytes of each code
        counts += np.bincount(flat[at : at + _PIECE], minlength=counts.size)
    found: NDArray[np.intp] = np.flatnonzero(counts)
    return found
