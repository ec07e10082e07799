"""Rows and rays of legacy PUP products in their 16 levels, and what the levels mean."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.radar.layouts.cma_radials import DamageError
from models.radar.layouts.pup_packets import DIGITAL_RADIAL, Packet
from models.radar.product import Levels, linear_levels

MOST_CELLS = 4_000_000
MOST_BINS = 8192

_THRESHOLDS_AT, _LEVELS = 60, 16
_FARTHEST_TENTHS, _WIDEST_TENTHS = 3700, 300


@dataclass(frozen=True, slots=True, eq=False)
class Rays:
    """The rays of one radial packet: ``codes`` (rays, bins), ``first`` the number of the first bin.

    Rays start at ``azimuth_deg`` and are ``width_deg`` wide; they overlap, and their widths may sum to 379.
    """

    codes: NDArray[np.uint8]
    azimuth_deg: NDArray[np.float32]
    width_deg: NDArray[np.float32]
    first: int


def thresholds(data: bytes) -> Levels:
    """Return the thresholds in a product's header, (16,) float32 in the file's unit.

    Notes
    -----
    High byte: 0x80 a word instead of a number (NaN), 0x40 hundredths, 0x20 twentieths,
    0x10 tenths, 0x01 negative; low byte the magnitude. A threshold is the lower end of
    its level; of velocity a negative one is the upper end, nearer zero (only so levels
    k and 15 - k of the real files fill alike).

    Examples
    --------
    >>> words = np.array([0x8002, 0x0105, 0x0000, 0x0205, 0x1019, *[0x8000] * 11], ">u2")
    >>> thresholds(bytes(60) + words.tobytes())[:5]
    array([ nan, -5. ,  0. ,  5. ,  2.5], dtype=float32)
    """
    words = np.frombuffer(data, ">u2", _LEVELS, _THRESHOLDS_AT).astype(np.uint16)
    flags, magnitude = words >> 8, (words & 0xFF).astype(np.float32)
    divisor = np.select([flags & 0x40 > 0, flags & 0x20 > 0, flags & 0x10 > 0], [100, 20, 10], 1)
    out: Levels = (magnitude / divisor * np.where(flags & 0x01, -1, 1)).astype(np.float32)
    out[flags & 0x80 > 0] = np.nan
    return out


def levels_of(data: bytes, factor: float) -> Levels:
    """Return the 16 levels, thresholds times ``factor``; level 0 is "seen, below the first threshold"."""
    out = (thresholds(data) * np.float32(factor)).astype(np.float32)
    out[0] = -np.inf
    return out


def digital_levels(data: bytes) -> Levels:
    """Return the levels of a digital radial (unproven): h31 the least value x 10, h32 the step x 10, h33 how many.

    Codes 0 (below threshold) and 1 (folded) are no values.

    Raises
    ------
    DamageError
        ``bad_digital_levels`` where there is no step.
    """
    least, step, count = struct.unpack_from(">hhh", data, _THRESHOLDS_AT)
    if step <= 0 or not 1 <= count <= 254:
        raise DamageError("bad_digital_levels", _THRESHOLDS_AT, step=step, levels=count)
    out = linear_levels(256, 10 / step, 2 - least / step, first_valid=2)
    out[2 + count :] = np.nan
    return out


def raster_codes(data: bytes, packet: Packet, cells: int) -> NDArray[np.uint8]:
    """Return the levels of a raster packet, (cells, cells) uint8, row 0 north.

    Raises
    ------
    DamageError
        ``bad_row_count``, ``bad_row_width`` where rows or cells are not as many as due.
    """
    rows = len(packet.parts)
    if rows != cells:
        raise DamageError("bad_row_count", packet.at + 18, rows=rows, due=cells)
    return _expanded(data, packet, cells, angles=0)


def rays(data: bytes, packet: Packet) -> Rays:
    """Return the rays of a radial packet, runs or (unproven) plain codes.

    Raises
    ------
    DamageError
        ``bad_rays`` for an impossible number of rays or bins, ``bad_ray_angle``, and
        ``bad_row_width`` where a ray has not as many bins as the packet says.
    """
    first, bins = struct.unpack_from(">hh", data, packet.at + 2)
    count = len(packet.parts)
    if not 1 <= bins <= MOST_BINS or not 0 <= first <= MOST_BINS or count == 0 or count * bins > MOST_CELLS:
        raise DamageError("bad_rays", packet.at + 2, rays=count, bins=bins, first=first)
    heads = packet.parts[:, 0, None] - 4 + np.arange(4)
    start, step = np.frombuffer(data, np.uint8)[heads].view(">i2").astype(np.intp).T
    wrong = np.flatnonzero((start < 0) | (start > _FARTHEST_TENTHS) | (step < 1) | (step > _WIDEST_TENTHS))
    if wrong.size:
        ray = int(wrong[0])
        facts = {"start_deg": f"{start[ray] / 10:g}", "width_deg": f"{step[ray] / 10:g}"}
        raise DamageError("bad_ray_angle", int(heads[ray, 0]), ray=ray + 1, **facts)
    codes = _plain(data, packet, bins) if packet.code == DIGITAL_RADIAL else _expanded(data, packet, bins, angles=4)
    azimuth = (start % 3600 / 10).astype(np.float32)
    return Rays(codes, azimuth, (step / 10).astype(np.float32), first)


def _expanded(data: bytes, packet: Packet, columns: int, *, angles: int) -> NDArray[np.uint8]:
    """Unroll the runs (length << 4 | level) of every row; each row must have ``columns`` cells."""
    starts, lengths = packet.parts.T
    too_long = np.flatnonzero(lengths > columns + 2)
    if too_long.size:
        row = int(too_long[0])
        raise DamageError("bad_row", int(starts[row]) - 2 - angles, row=row + 1)
    ends = np.cumsum(lengths)
    where = np.repeat(starts - (ends - lengths), lengths) + np.arange(ends[-1])
    runs = np.frombuffer(data, np.uint8)[where]
    widths = np.add.reduceat((runs >> 4).astype(np.intp), ends - lengths)
    wrong = np.flatnonzero(widths != columns)
    if wrong.size:
        row = int(wrong[0])
        raise DamageError("bad_row_width", int(starts[row]), row=row + 1, cells=int(widths[row]), due=columns)
    return np.repeat(runs & 0x0F, runs >> 4).reshape(-1, columns)


def _plain(data: bytes, packet: Packet, bins: int) -> NDArray[np.uint8]:
    """Take the codes of every ray as they stand."""
    starts, lengths = packet.parts.T
    wrong = np.flatnonzero((lengths != bins) & (lengths != bins + bins % 2))
    if wrong.size:
        row = int(wrong[0])
        raise DamageError("bad_row_width", int(starts[row]), row=row + 1, cells=int(lengths[row]), due=bins)
    codes: NDArray[np.uint8] = np.frombuffer(data, np.uint8)[starts[:, None] + np.arange(bins)]
    return codes
