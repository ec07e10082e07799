"""The radials of standard base data: runs that lie evenly, and cuts made of runs."""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import DataError
from models.radar.volume import CodeArray

MOST_RADIALS = 100_000
MOST_MOMENTS = 64
MOST_FIELDS = 300_000
STARTS = frozenset({0, 3, 5})
ENDS = frozenset({2, 4, 6})

_HEADER_BYTES, _MOMENT_BYTES = 64, 32
_HEADER = np.dtype(
    {
        "names": ["state", "blanked", "cut", "azimuth", "elevation", "seconds", "microseconds"],
        "formats": ["<i4", "<i4", "<i4", "<f4", "<f4", "<i4", "<i4"],
        "offsets": [0, 4, 16, 20, 24, 28, 32],
        "itemsize": _HEADER_BYTES,
    }
)
_SAME_IN_HEADER = (*range(16, 20), *range(36, 44), 50)
_SAME_IN_MOMENT = (*range(14), *range(16, 20))
_WHOLE_CIRCLE_DEG = 350.0


class DamageError(Exception):
    """Where and why the file cannot be followed any further; inside the decoder only."""

    def __init__(self, code: str, byte: int, /, **facts: Any) -> None:
        super().__init__(code, byte, facts)
        self.code, self.byte, self.facts = code, byte, facts

    def error(self, name: str) -> DataError:
        """Return it as the error for people, ``name`` being the file's."""
        return DataError(f"radar.{self.code}", file=name, byte=self.byte, **self.facts)


@dataclass(frozen=True, slots=True)
class Field:
    """One moment in the radials of a run: ``at`` is where its codes start, from the radial's first byte."""

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
class Run:
    """Radials of one cut that follow each other and are laid out alike."""

    data: bytes
    byte: int
    stride: int
    rays: int
    fields: tuple[Field, ...]

    def headers(self) -> NDArray[np.void]:
        """Return the radial headers (rays,) as a record array over the file's bytes."""
        return np.ndarray((self.rays,), _HEADER, self.data, self.byte, (self.stride,))

    def codes(self, field: Field) -> CodeArray:
        """Return a copy (rays, gates) of a field's codes, uint8 or uint16."""
        shape, strides = (self.rays, field.gates), (self.stride, field.width)
        dtype = np.dtype("<u1" if field.width == 1 else "<u2")
        view: NDArray[Any] = np.ndarray(shape, dtype, self.data, self.byte + field.at, strides)
        return view.astype(dtype.newbyteorder("="), order="C")


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """One whole cut: the runs of radials that carry its number."""

    number: int
    runs: tuple[Run, ...]

    @property
    def byte(self) -> int:
        return self.runs[0].byte

    def headers(self) -> NDArray[np.void]:
        """Return the headers of all its radials (rays,), in their order in the file."""
        return np.concatenate([run.headers() for run in self.runs])


def whole_cuts(data: bytes, start: int, announced: int) -> tuple[list[Cut], DamageError | None]:
    """Return the cuts that are wholly there, in their order in the file.

    Parameters
    ----------
    data : bytes
        The unpacked file.
    start : int
        Byte of the first radial.
    announced : int
        How many cuts the header promises; radials number theirs from 1 to this.

    Returns
    -------
    cuts, damage
        A cut is whole when its last radial says that it ends, or when its
        rays go round. ``damage`` is None where
        the radials fill the file to its last byte.
    """
    cuts: list[Cut] = []
    finished: set[int] = set()
    runs: list[Run] = []
    number, byte, radials, fields = 0, start, 0, 0
    damage: DamageError | None = None
    while byte < len(data):
        try:
            found, run = _run(data, byte, announced, MOST_RADIALS - radials)
        except DamageError as broken:
            damage = broken
            break
        radials, fields = radials + run.rays, fields + len(run.fields)
        if radials >= MOST_RADIALS or fields > MOST_FIELDS:
            damage = DamageError("too_many_radials", byte, limit=MOST_RADIALS)
            break
        if runs and (found != number or _starts_anew(runs[-1], run)):
            if not _ended(runs):
                damage = DamageError("cut_unended", byte, cut=number)
                break
            cuts.append(Cut(number, tuple(runs)))
            finished.add(number)
            runs = []
        if found in finished:
            damage = DamageError("cut_again", byte, cut=found)
            break
        number = found
        runs.append(run)
        byte += run.rays * run.stride
    if runs and _ended(runs):
        cuts.append(Cut(number, tuple(runs)))
    elif runs and damage is None:
        damage = DamageError("cut_unended", len(data), cut=number)
    return cuts, damage


def _starts_anew(before: Run, run: Run) -> bool:
    """Whether a cut ended and one of the same number starts."""
    return int(before.headers()["state"][-1]) in ENDS and int(run.headers()["state"][0]) in STARTS


def _ended(runs: list[Run]) -> bool:
    """Whether the last radial says "end", or the rays go round."""
    headers = np.concatenate([run.headers() for run in runs])
    if int(headers["state"][-1]) in ENDS:
        return True
    steps = np.abs((np.diff(headers["azimuth"].astype(float)) + 180) % 360 - 180)
    return bool(steps.sum() >= _WHOLE_CIRCLE_DEG)


def _run(data: bytes, byte: int, announced: int, most: int) -> tuple[int, Run]:
    """Return the cut number at a byte, and the radials from there on that are laid out alike."""
    if byte + _HEADER_BYTES > len(data):
        raise DamageError("cut_off", len(data), expected=byte + _HEADER_BYTES)
    cut, length, moments = struct.unpack_from("<i16xii", data, byte + 16)
    if not 1 <= cut <= announced:
        raise DamageError("bad_cut_number", byte + 16, cut=cut, announced=announced)
    if not 0 <= moments <= MOST_MOMENTS or length < moments * _MOMENT_BYTES:
        raise DamageError("bad_radial", byte + 36, length=length, moments=moments)
    stride = _HEADER_BYTES + length
    if byte + stride > len(data):
        raise DamageError("cut_off", len(data), expected=byte + stride)
    if data[byte + 50]:
        raise DamageError("packed_radials", byte + 50, packing=data[byte + 50])
    fields = _fields(data, byte, stride, moments)
    rays = _alike(data, byte, stride, fields, min(most, (len(data) - byte) // stride))
    run = Run(data, byte, stride, rays, fields)
    _check(run)
    return cut, _one_turn(run)


def _fields(data: bytes, byte: int, stride: int, moments: int) -> tuple[Field, ...]:
    """Walk the moment headers of one radial."""
    out: list[Field] = []
    at = _HEADER_BYTES
    for _ in range(moments):
        if at + _MOMENT_BYTES > stride:
            raise DamageError("moment_beyond_radial", byte + at)
        kind, scale, offset, width, size = struct.unpack_from("<iiih2xi", data, byte + at)
        at += _MOMENT_BYTES
        if size < 0 or at + size > stride:
            raise DamageError("moment_beyond_radial", byte + at - 16)
        out.append(Field(kind, scale, offset, width, size, at))
        at += size
    return tuple(out)


def _alike(data: bytes, byte: int, stride: int, fields: tuple[Field, ...], most: int) -> int:
    """Count the radials from a byte on whose headers say the same of length, cut and coding."""
    columns = np.array(
        [*_SAME_IN_HEADER, *(field.at - _MOMENT_BYTES + i for field in fields for i in _SAME_IN_MOMENT)], np.intp
    )
    rows = np.frombuffer(data, np.uint8, most * stride, byte).reshape(most, stride)
    first = rows[0, columns]
    done, block = 1, 16
    while done < most:
        same = (rows[done : done + block][:, columns] == first).all(axis=1)
        if not same.all():
            return done + int(same.argmin())
        done, block = done + same.size, block * 2
    return done


def _one_turn(run: Run) -> Run:
    """Return a run up to where its cut ends and another of the same number starts."""
    state = run.headers()["state"]
    again = np.flatnonzero(np.isin(state[:-1], list(ENDS)) & np.isin(state[1:], list(STARTS)))
    return replace(run, rays=int(again[0]) + 1) if again.size else run


def _check(run: Run) -> None:
    """Refuse angles and states that no antenna has."""
    headers = run.headers()
    azimuth, elevation, state = headers["azimuth"], headers["elevation"], headers["state"]
    for code, at, good, value in (
        ("bad_state", 0, (state >= 0) & (state <= 6), state),
        ("bad_angle", 20, (azimuth >= -1) & (azimuth <= 361), azimuth),
        ("bad_angle", 24, (abs(elevation) <= 90) | ((elevation >= 270) & (elevation <= 360)), elevation),
    ):
        if not good.all():
            row = int(good.argmin())
            raise DamageError(code, run.byte + row * run.stride + at, value=f"{value[row]:g}")
