"""The radials of standard base data: walked from the first to the last byte, in blocks that lie evenly."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import DataError
from models.radar.volume import CodeArray

MOST_RADIALS = 100_000
MOST_MOMENTS = 64
MOST_FIELDS = 200_000
MOST_BLOCKS = 30_000

MOMENT_BYTES = 32
_TRIED_ONE_BY_ONE = 8
_FEW_FIELDS = 16


class DamageError(Exception):
    """Where and why the file cannot be followed any further; inside the decoder only."""

    def __init__(self, code: str, byte: int, /, **facts: Any) -> None:
        super().__init__(code, byte, facts)
        self.code, self.byte, self.facts = code, byte, facts

    def error(self, name: str) -> DataError:
        """Return it as the error for people, ``name`` being the file's."""
        return DataError(f"radar.{self.code}", file=name, byte=self.byte, **self.facts)


@dataclass(frozen=True, slots=True)
class RadialLayout:
    """Where the header of a radial holds what.

    ``header`` names state, blanked, number (in the cut), cut, azimuth, elevation, seconds and
    microseconds; at ``length_at`` stand the bytes that follow and the count of moments.
    In an ``interleaved`` file the cuts of several beams take turns, radial by radial.
    """

    header: np.dtype[np.void]
    length_at: int
    packing_at: int | None
    interleaved: bool

    @property
    def bytes(self) -> int:
        return self.header.itemsize


def _header(seconds: str, microseconds_at: int, size: int) -> np.dtype[np.void]:
    return np.dtype(
        {
            "names": ["state", "blanked", "number", "cut", "azimuth", "elevation", "seconds", "microseconds"],
            "formats": ["<i4", "<i4", "<i4", "<i4", "<f4", "<f4", seconds, "<i4"],
            "offsets": [0, 4, 12, 16, 20, 24, 28, microseconds_at],
            "itemsize": size,
        }
    )


BASE = RadialLayout(_header("<i4", 32, 64), length_at=36, packing_at=50, interleaved=False)
PHASED = RadialLayout(_header("<i8", 36, 128), length_at=40, packing_at=None, interleaved=True)


@dataclass(frozen=True, slots=True)
class Field:
    """One moment in the radials of a block: ``at`` is where its codes start, from the radial's first byte."""

    kind: int
    scale: int
    offset: int
    width: int
    bytes: int
    at: int

    @property
    def coding(self) -> tuple[int, int, int]:
        return self.width, self.scale, self.offset

    @property
    def gates(self) -> int:
        return self.bytes // max(1, self.width)


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Radials that follow each other and are laid out alike, whatever their cut; ``first`` counts in the file."""

    byte: int
    stride: int
    rays: int
    fields: tuple[Field, ...]
    first: int

    def codes(self, data: bytes, field: Field) -> CodeArray:
        """Return a field's codes (rays, gates) as a view on the file's bytes, uint8 or uint16."""
        dtype = np.dtype("<u1" if field.width == 1 else "<u2")
        view: CodeArray = np.ndarray(
            (self.rays, field.gates), dtype, data, self.byte + field.at, (self.stride, field.width)
        )
        return view


@dataclass(frozen=True, slots=True, eq=False)
class Radials:
    """All radials of a file up to where it breaks.

    ``headers`` (radials,) is a copy of their headers, ``block_of`` (radials,) says in which
    block each lies, ``byte`` (radials + 1,) where it starts, and where the last one ends.
    ``damage`` is None where the radials fill the file to its last byte.
    """

    data: bytes
    layout: RadialLayout
    blocks: tuple[Block, ...]
    headers: NDArray[np.void]
    block_of: NDArray[np.intp]
    byte: NDArray[np.int64]
    damage: DamageError | None

    def bad_angle(self, row: int) -> DamageError:
        """Return what is impossible about the state or the angles of a radial that is not sane."""
        header, byte = self.headers[row], int(self.byte[row])
        state, azimuth, elevation = int(header["state"]), float(header["azimuth"]), float(header["elevation"])
        if not 0 <= state <= 6:
            return DamageError("bad_state", byte, value=state)
        if not -1 <= azimuth <= 361:
            return DamageError("bad_angle", byte + 20, value=f"{azimuth:g}")
        return DamageError("bad_angle", byte + 24, value=f"{elevation:g}")

    def sane(self) -> NDArray[np.bool_]:
        """Return (radials,) bool: False where a state or an angle is one that no antenna has."""
        state, azimuth, elevation = self.headers["state"], self.headers["azimuth"], self.headers["elevation"]
        with np.errstate(invalid="ignore"):
            level = (abs(elevation) <= 90) | ((elevation >= 270) & (elevation <= 360))
            sane: NDArray[np.bool_] = (state >= 0) & (state <= 6) & (azimuth >= -1) & (azimuth <= 361) & level
        return sane


def walk(data: bytes, start: int, layout: RadialLayout) -> Radials:
    """Return the radials from a byte to the end of the file.

    Parameters
    ----------
    data : bytes
        The unpacked file.
    start : int
        Byte of the first radial.
    layout : RadialLayout
        `BASE` or `PHASED`.

    Notes
    -----
    Every length is compared with what is left of the file before anything is made of it.
    Radials alike in length, moments and coding become one block, found by comparing their
    headers as arrays; a file whose radials all differ costs some microseconds each.
    """
    blocks: list[Block] = []
    byte, radials, fields = start, 0, 0
    damage: DamageError | None = None
    while byte < len(data):
        if radials >= MOST_RADIALS or fields > MOST_FIELDS or len(blocks) >= MOST_BLOCKS:
            damage = DamageError("too_many_radials", byte, limit=MOST_RADIALS)
            break
        try:
            block = _block(data, byte, layout, radials)
        except DamageError as broken:
            damage = broken
            break
        blocks.append(block)
        radials, fields = radials + block.rays, fields + len(block.fields)
        byte += block.rays * block.stride
    return _radials(data, layout, blocks, byte, damage)


def _radials(data: bytes, layout: RadialLayout, blocks: list[Block], end: int, damage: DamageError | None) -> Radials:
    rays = np.array([block.rays for block in blocks], np.intp)
    total = int(rays.sum())
    block_of = np.repeat(np.arange(len(blocks)), rays)
    byte = np.full(total + 1, end, np.int64)
    headers = np.empty(total, layout.header)
    opaque = np.dtype((np.void, layout.bytes))
    raw = headers.view(opaque)
    for block in blocks:
        rows = slice(block.first, block.first + block.rays)
        raw[rows] = np.ndarray((block.rays,), opaque, data, block.byte, (block.stride,))
        byte[rows] = block.byte + block.stride * np.arange(block.rays)
    return Radials(data, layout, tuple(blocks), headers, block_of, byte, damage)


def _block(data: bytes, byte: int, layout: RadialLayout, first: int) -> Block:
    """Return the radials from a byte on that are laid out alike."""
    if byte + layout.bytes > len(data):
        raise DamageError("cut_off", len(data), expected=byte + layout.bytes)
    length, moments = struct.unpack_from("<ii", data, byte + layout.length_at)
    if not 0 <= moments <= MOST_MOMENTS or length < moments * MOMENT_BYTES:
        raise DamageError("bad_radial", byte + layout.length_at, length=length, moments=moments)
    stride = layout.bytes + length
    if byte + stride > len(data):
        raise DamageError("cut_off", len(data), expected=byte + stride)
    if layout.packing_at is not None and data[byte + layout.packing_at]:
        packing = data[byte + layout.packing_at]
        raise DamageError("packed_radials", byte + layout.packing_at, packing=packing)
    fields = _fields(data, byte, layout, stride, moments)
    rays = _alike(data, byte, layout, stride, fields, min(MOST_RADIALS - first, (len(data) - byte) // stride))
    return Block(byte, stride, rays, fields, first)


def _fields(data: bytes, byte: int, layout: RadialLayout, stride: int, moments: int) -> tuple[Field, ...]:
    """Walk the moment headers of one radial."""
    out: list[Field] = []
    at = layout.bytes
    for _ in range(moments):
        if at + MOMENT_BYTES > stride:
            raise DamageError("moment_beyond_radial", byte + at)
        kind, scale, offset, width, size = struct.unpack_from("<iiih2xi", data, byte + at)
        at += MOMENT_BYTES
        if size < 0 or at + size > stride:
            raise DamageError("moment_beyond_radial", byte + at - 16)
        out.append(Field(kind, scale, offset, width, size, at))
        at += size
    return tuple(out)


def _alike(data: bytes, byte: int, layout: RadialLayout, stride: int, fields: tuple[Field, ...], most: int) -> int:
    """Count the radials from a byte on whose headers say the same of length and coding."""
    spans = [(layout.length_at, layout.length_at + 8)]
    if layout.packing_at is not None:
        spans.append((layout.packing_at, layout.packing_at + 1))
    for field in fields:
        at = field.at - MOMENT_BYTES
        spans += [(at, at + 14), (at + 16, at + 20)]
    # A file of ever changing radials would pay for arrays of one row: the first few are compared as they lie.
    done, tries = 1, _TRIED_ONE_BY_ONE if len(fields) <= _FEW_FIELDS else 2
    while done < min(most, tries):
        at = byte + done * stride
        if any(data[byte + a : byte + b] != data[at + a : at + b] for a, b in spans):
            return done
        done += 1
    columns = np.concatenate([np.arange(a, b) for a, b in spans])
    rows = np.frombuffer(data, np.uint8, most * stride, byte).reshape(most, stride)
    first, size = rows[0, columns], 64
    while done < most:
        same = (rows[done : done + size][:, columns] == first).all(axis=1)
        if not same.all():
            return done + int(same.argmin())
        done, size = done + same.size, size * 2
    return done
