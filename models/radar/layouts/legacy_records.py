"""Records of the old Chinese base data: one message a radial, all of one size, no file header."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from models.radar.layouts.cma_radials import DamageError

MOST_CUTS = 256
MOST_RECORDS = 12_000  # twice what the busiest scan pattern has, in rays of one degree

_MARK = b"\x01\x00"
_MARK_AT, _SIZE_AT, _HEADER_BYTES = 14, 4, 128
_WHOLE_CIRCLE_DEG = 350.0
_STARTS, _ENDS = (0, 3), (2, 4)
_MS_PER_DAY = 86_400_000
_FIELDS = {
    "size": (4, "<u2"), "type": (14, "<u2"), "ms": (28, "<u4"), "day": (32, "<u2"), "azimuth": (36, "<u2"),
    "ray": (38, "<u2"), "state": (40, "<u2"), "elevation": (42, "<u2"), "cut": (44, "<u2"),
    "first_log": (46, "<i2"), "first_doppler": (48, "<i2"), "gate_log": (50, "<u2"), "gate_doppler": (52, "<u2"),
    "gates_log": (54, "<u2"), "gates_doppler": (56, "<u2"), "calibration": (60, "<f4"),
    "at_z": (64, "<u2"), "at_v": (66, "<u2"), "at_w": (68, "<u2"), "step": (70, "<u2"), "vcp": (72, "<u2"),
    "nyquist": (88, "<u2"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RecordKind:
    """One family of such files: its layout key, its name, how long a record is, and what its clock shows.

    ``first_gate`` is whether the words of the first gate hold; without, gate 0 starts at the radar.
    """

    layout: str
    name: str
    bytes: int
    beijing: bool = False
    first_gate: bool = True


KINDS = (
    RecordKind("sa_sb", "legacy SA/SB base data", 2432),
    RecordKind("ca_cb", "legacy CA/CB base data", 4132),
    RecordKind("sc_cd_records", "legacy SC/CD base data (records)", 3132, beijing=True, first_gate=False),
    RecordKind("cc_records", "legacy CC base data (records)", 1632, beijing=True, first_gate=False),
)
"""Source of the last three: the public readers; no real file of them was at hand."""


@dataclass(frozen=True, slots=True)
class Damage:
    """What is wrong with a file of records, and where."""

    byte: int
    error: DamageError


@dataclass(frozen=True, slots=True, eq=False)
class RecordCut:
    """One whole cut: ``rows`` (rays,) are the places of its radials among the records of the file."""

    number: int
    rows: NDArray[np.intp]
    ends_volume: bool


def record_kind(head: bytes, size: int) -> RecordKind | None:
    """Return the family of a file of records, by what repeats from record to record; None if it is none.

    Parameters
    ----------
    head : bytes
        The first bytes of the unpacked file.
    size : int
        How long the unpacked file is, bytes.

    Notes
    -----
    Every record is a message of type 1. The size word of the first record is believed where a
    second record stands at that distance; then what the file's length divides by, and
    last the word alone, as of a file that was cut off within its first record.
    """
    if len(head) < _MARK_AT + 2 or head[_MARK_AT : _MARK_AT + 2] != _MARK:
        return None
    said = struct.unpack_from("<H", head, _SIZE_AT)[0]
    by_word = [kind for kind in KINDS if kind.bytes == said]
    fitting = [kind for kind in KINDS if size % kind.bytes == 0 and size]
    for kind in by_word + fitting:
        if _repeats(head, kind.bytes):
            return kind
    alone = [kind for kind in fitting if kind.bytes == size]
    return next(iter(by_word + alone), None)


def _repeats(head: bytes, length: int) -> bool:
    """Whether second (and third) records start where they should, of those that the head still shows."""
    marks = [head[at : at + 2] for at in range(length + _MARK_AT, len(head) - 1, length)][:3]
    return bool(marks) and all(mark == _MARK for mark in marks)


def records_of(data: bytes, kind: RecordKind) -> NDArray[np.void]:
    """Return the headers of all whole records (records,) over the bytes of the file.

    Raises
    ------
    DamageError
        If there is no whole record, or more than a volume has.
    """
    count = len(data) // kind.bytes
    if not count:
        raise DamageError("cut_off", len(data), expected=kind.bytes)
    if count > MOST_RECORDS:
        raise DamageError("too_many_radials", MOST_RECORDS * kind.bytes, limit=MOST_RECORDS)
    offsets, formats = zip(*_FIELDS.values(), strict=True)
    layout = np.dtype(
        {"names": list(_FIELDS), "formats": list(formats), "offsets": list(offsets), "itemsize": kind.bytes}
    )
    return np.frombuffer(data, layout, count)


def whole_cuts(
    records: NDArray[np.void], kind: RecordKind, size: int
) -> tuple[list[RecordCut], DamageError | None, list[tuple[int, int]]]:
    """Return the cuts that are wholly there, in their order in the file.

    Parameters
    ----------
    records : (records,) record array
        As `records_of` gives them.
    kind : RecordKind
        Their family.
    size : int
        How long the unpacked file is, bytes.

    Returns
    -------
    cuts, damage, strangers
        A cut is whole when its first radial says that it starts and its last that it ends,
        or when its rays go round, and nothing between them is broken. Whole cuts behind a
        broken record are kept too. ``damage`` is the first thing wrong, ``strangers`` the
        (byte, type) of records that are messages of another kind; these are left out.

    Raises
    ------
    DamageError
        If the cut number changes more often than a volume of `MOST_CUTS` can.
    """
    said = np.bincount(records["size"], minlength=kind.bytes + 1)
    usual = kind.bytes if said[kind.bytes] else int(said.argmax())
    strange = (records["type"] != 1) & (records["size"] == usual)
    faults = _faults(records, kind, usual)
    broken = ~np.logical_and.reduce([good for _, _, good, _ in faults]) & ~strange
    strangers = [(int(row) * kind.bytes, int(records["type"][row]) & 0xFF) for row in np.flatnonzero(strange)]
    rows = np.flatnonzero(~strange & ~broken)
    found = [_first_fault(faults, int(broken.argmax()), kind)] if broken.any() else []
    cuts: list[RecordCut] = []
    before = np.concatenate([[0], np.cumsum(broken)])
    for part in _parts(records, rows, kind):
        cut, first, last = int(records["cut"][part[0]]), int(part[0]), int(part[-1])
        end = (last + 1) * kind.bytes if last + 1 < len(records) else size
        if cut in {known.number for known in cuts}:
            found.append(Damage(first * kind.bytes, DamageError("cut_again", first * kind.bytes, cut=cut)))
            break
        if before[last + 1] > before[first]:
            continue  # the broken record itself is named
        if not _is_whole(records[part]):
            found.append(Damage(end, DamageError("cut_unended", end, cut=cut)))
            continue
        cuts.append(RecordCut(cut, part, int(records["state"][last]) == 4))
    rest = size - len(records) * kind.bytes
    if rest and not found:
        found.append(Damage(size, DamageError("cut_off", size, expected=size - rest + kind.bytes)))
    damage = min(found, key=lambda one: one.byte).error if found else None
    return cuts, damage, strangers


def times_of(records: NDArray[np.void], kind: RecordKind) -> NDArray[np.float64]:
    """Return when each radial was measured (records,) float64, s since 1970 UTC."""
    local = (records["day"].astype(np.float64) - 1) * 86_400 + records["ms"] / 1000
    return local - (8 * 3600 if kind.beijing else 0)


def moment_of(seconds: float) -> datetime:
    """Return seconds since 1970 as an aware time, to the millisecond."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=round(seconds * 1000))


def _faults(
    records: NDArray[np.void], kind: RecordKind, usual: int
) -> list[tuple[str, int, NDArray[np.bool_], NDArray[np.generic]]]:
    """Return the checks of a record: (code, byte in the record, where it holds, what stands there)."""
    fits = np.ones(len(records), np.bool_)
    for at, gates, gate in (
        ("at_z", "gates_log", "gate_log"),
        ("at_v", "gates_doppler", "gate_doppler"),
        ("at_w", "gates_doppler", "gate_doppler"),
    ):
        start = records[at].astype(np.int64) + 28
        inside = (start >= _HEADER_BYTES) & (start + records[gates] <= kind.bytes)
        fits &= (records[at] == 0) | (records[gates] == 0) | (inside & (records[gate] >= 1) & (records[gate] <= 10_000))
    return [
        ("record_size", _SIZE_AT, records["size"] == usual, records["size"]),
        ("record_type", _MARK_AT, records["type"] == 1, records["type"]),
        ("bad_state", 40, records["state"] <= 4, records["state"]),
        ("record_cut_number", 44, (records["cut"] >= 1) & (records["cut"] <= MOST_CUTS), records["cut"]),
        ("record_time", 28, (records["ms"] < _MS_PER_DAY) & (records["day"] >= 1), records["ms"]),
        ("record_gates", 64, fits, records["at_z"]),
    ]


def _first_fault(
    faults: list[tuple[str, int, NDArray[np.bool_], NDArray[np.generic]]], row: int, kind: RecordKind
) -> Damage:
    """Say what is wrong with a record."""
    code, at, _, value = next(fault for fault in faults if not fault[2][row])
    byte = row * kind.bytes + at
    return Damage(row * kind.bytes, DamageError(code, byte, value=int(value[row]), record=kind.bytes))


def _parts(records: NDArray[np.void], rows: NDArray[np.intp], kind: RecordKind) -> list[NDArray[np.intp]]:
    """Split the rows where the cut number changes, or where one ends and another starts."""
    cut, state = records["cut"][rows], records["state"][rows]
    ended = np.isin(state[:-1], _ENDS) & np.isin(state[1:], _STARTS)
    splits = np.flatnonzero((cut[1:] != cut[:-1]) | ended) + 1
    if splits.size > 2 * MOST_CUTS:
        raise DamageError("too_many_radials", int(rows[splits[2 * MOST_CUTS]]) * kind.bytes, limit=2 * MOST_CUTS)
    return [part for part in np.split(rows, splits) if part.size]


def _is_whole(records: NDArray[np.void]) -> bool:
    """Whether a cut has its first and its last radial, or its rays go round."""
    if int(records["state"][0]) in _STARTS and int(records["state"][-1]) in _ENDS:
        return True
    steps = np.abs((np.diff(records["azimuth"].astype(float) * 180 / 32768) + 180) % 360 - 180)
    return bool(steps.sum() >= _WHOLE_CIRCLE_DEG)
