"""Legacy base data of the Chinese CC radars, version 2.0 (RD): a header of 2060 bytes, then records.

Unproven: written from what public readers agree on, no real file was at hand. A record
is its angles and time, then blocks of one byte a gate: Z, raw Z, V, W; with data form 48 blocks of
two bytes follow, of which ZDR and PhiDP are read (the readers disagree on the order of the others).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from models.errors import DataError
from models.radar.layouts.cma_radials import DamageError
from models.radar.layouts.legacy_header import (
    HeaderCut,
    place_of,
    site_of,
    sweep_of,
    text_of,
    utc_of,
    whole_header_cuts,
)
from models.radar.layouts.sweep_checks import odd_azimuths, odd_name, odd_values
from models.radar.oddity import Oddity
from models.radar.volume import CodeArray, Moment, Sweep, Volume

NAME = "legacy CC base data 2.0 (RD)"

MOST_GATES = 4096

_HEADER_BYTES, _OBSERVED_AT, _CUTS_AT, _CUT_BYTES, _MOST_CUTS, _ENDED_AT = 2060, 216, 238, 35, 32, 1364
_RECORD_HEAD, _FIXED_GATES = 11, 4096
_PLAIN, _POLARIMETRIC = 24, 48
_HEAD = np.dtype(
    {
        "names": ["elevation", "azimuth", "hour", "minute", "second"],
        "formats": ["<i2", "<u2", "u1", "u1", "u1"],
        "offsets": [0, 2, 4, 5, 6],
        "itemsize": _RECORD_HEAD,
    }
)


@dataclass(frozen=True, slots=True)
class _Cut:
    """A cut of this layout: gates and gate length of Z, V and W, and the gates a block has room for."""

    plan: HeaderCut
    gates: tuple[int, int, int]
    gate_m: tuple[float, float, float]
    room: tuple[int, int, int]
    polarimetric: bool


def recognizes(head: bytes, size: int) -> bool:
    """Return whether the file starts with RD and binary words after it."""
    return size >= 16 and head[:2] == b"RD" and b"\x00" in head[2:16]


def decode(data: bytes, name: str) -> Volume:
    """Return the volume in an unpacked file of this layout.

    Parameters
    ----------
    data : bytes
        The whole unpacked file.
    name : str
        What errors call it.

    Raises
    ------
    DataError
        ``radar.bad_scan``, ``radar.bad_date``, ``radar.data_form``, or where not one cut is
        whole, what broke it.
    """
    if len(data) < _HEADER_BYTES:
        raise DataError("radar.cut_off", file=name, byte=len(data), expected=_HEADER_BYTES)
    oddities = [Oddity("radar.odd.beijing_time")]
    word = data[_OBSERVED_AT]
    announced = 1 if word == 10 else word - 100
    if not 1 <= announced <= _MOST_CUTS:
        raise DataError("radar.bad_scan", file=name, byte=_OBSERVED_AT, value=word, limit=_MOST_CUTS)
    lon_number, lat_number, height_mm = struct.unpack_from("<iii", data, 164)
    lon, lat = (text_of(data[132:148]), lon_number), (text_of(data[148:164]), lat_number)
    place = place_of(lon, lat, (1000,), oddities)
    site = site_of(text_of(data[102:112]), text_of(data[62:102]), place, height_mm, oddities)
    started_at = utc_of(struct.unpack_from("<H5B", data, _OBSERVED_AT + 1), name, _OBSERVED_AT + 1)
    try:
        cuts = _cuts(data, announced)
        whole, damage = whole_header_cuts([cut.plan for cut in cuts], _HEADER_BYTES, len(data), most_mib=200)
    except DamageError as broken:
        raise broken.error(name) from broken
    sweeps: list[Sweep] = []
    for plan, at in whole:
        try:
            sweeps.append(_sweep(data, at, cuts[plan.number - 1], started_at, oddities))
        except DamageError as broken:
            damage = damage or broken
    error = damage.error(name) if damage else None
    if not sweeps:
        raise error or DataError("radar.no_radials", file=name, byte=_HEADER_BYTES)
    oddities += [*odd_values(sweeps), *odd_name(name, site, started_at)]
    rest = len(data) - _HEADER_BYTES - sum(cut.plan.bytes for cut in cuts)
    if rest > 0:
        oddities.append(Oddity("radar.odd.trailing", byte=len(data) - rest, bytes=rest))
    return Volume(
        format=NAME,
        layout="cc2",
        site=site,
        started_at=started_at,
        sweeps=tuple(sweeps),
        announced=announced,
        task=text_of(data[112:132]),
        oddities=tuple(dict.fromkeys(oddities)),
        error=error,
        scan="ppi" if word == 10 else "volume",
    )


def _cuts(data: bytes, announced: int) -> list[_Cut]:
    """Read the table of cuts; two readers differ in how long polarimetric records are: the file's size decides."""
    packed = [_cut(data, index, fixed=False) for index in range(announced)]
    if not any(cut.polarimetric for cut in packed):
        return packed
    fixed = [_cut(data, index, fixed=True) for index in range(announced)]
    for cuts in (packed, fixed):
        if _HEADER_BYTES + sum(cut.plan.bytes for cut in cuts) == len(data):
            return cuts
    return fixed if _second_ray_fits(data, fixed[0]) and not _second_ray_fits(data, packed[0]) else packed


def _cut(data: bytes, index: int, *, fixed: bool) -> _Cut:
    """Read one cut; ``fixed`` is whether polarimetric blocks have room for 4096 gates each, whatever is used."""
    at = _CUTS_AT + index * _CUT_BYTES
    nyquist_cms, _, *words, radials, elevation, form = struct.unpack_from("<10x9HhB", data, at)
    gate_m = tuple(word / 10 for word in words[:3])
    gates = tuple(words[3:6])
    if form not in (_PLAIN, _POLARIMETRIC):
        raise DamageError("data_form", at + 30, value=form, cut=index + 1)
    if not 10 <= gate_m[0] <= 5000 or any(
        count and not 10 <= m <= 5000 for m, count in zip(gate_m, gates, strict=True)
    ):
        raise DamageError("no_gate_length", at + 14, cut=index + 1)
    if not 1 <= gates[0] <= MOST_GATES or max(gates) > MOST_GATES:
        raise DamageError("bad_moment", at + 20, moment="dBZ", cut=index + 1)
    if not -9000 <= elevation <= 9000:
        raise DamageError("bad_angle", at + 28, value=f"{elevation / 100:g}")
    polarimetric = form == _POLARIMETRIC
    room = (_FIXED_GATES, _FIXED_GATES, _FIXED_GATES) if polarimetric and fixed else gates
    extra = (8 * _FIXED_GATES if fixed else 10 * gates[0]) if polarimetric else 0
    record = _RECORD_HEAD + 2 * room[0] + room[1] + room[2] + extra
    plan = HeaderCut(index + 1, elevation / 100, nyquist_cms / 100, gate_m[0], gates[0], radials, record)
    z, v, w = gates
    return _Cut(plan, (z, v, w), (gate_m[0], gate_m[1], gate_m[2]), (room[0], room[1], room[2]), polarimetric)


def _second_ray_fits(data: bytes, cut: _Cut) -> bool:
    """Whether a second record stands where records of this length would have it."""
    at = _HEADER_BYTES + cut.plan.record_bytes
    if at + _RECORD_HEAD > len(data):
        return False
    elevation, azimuth, hour, minute, second = struct.unpack_from("<hHBBB", data, at)
    (before,) = struct.unpack_from("<H", data, _HEADER_BYTES + 2)
    turned = abs((azimuth - before + 18_000) % 36_000 - 18_000)
    near = abs(elevation / 100 - cut.plan.elevation_deg) <= 2 and 0 < turned <= 2000
    return bool(near and azimuth <= 36_000 and hour < 24 and minute < 60 and second < 60)


def _sweep(data: bytes, at: int, cut: _Cut, started_at: datetime, oddities: list[Oddity]) -> Sweep:
    plan = cut.plan
    table = np.frombuffer(data, np.uint8, plan.bytes, at).reshape(plan.radials, plan.record_bytes)
    heads = np.ndarray((plan.radials,), _HEAD, data, at, (plan.record_bytes,))
    for field, byte, good in (
        ("azimuth", 2, heads["azimuth"] <= 36_000),
        ("elevation", 0, np.abs(heads["elevation"].astype(np.int32)) <= 9000),
    ):
        if not good.all():
            row = int(good.argmin())
            value = f"{int(heads[field][row]) / 100:g}"
            raise DamageError("bad_angle", at + row * plan.record_bytes + byte, value=value)
    azimuth = (heads["azimuth"] / 100 % 360).astype(np.float32)
    elevation = (heads["elevation"] / 100).astype(np.float32)
    if cut.polarimetric:
        oddities.append(Oddity("radar.odd.moments_disputed"))
    sweep = sweep_of(plan, (azimuth, elevation), _moments(table, cut, oddities), _first_ray(heads, started_at))
    oddities += odd_azimuths(sweep, all_round=True)
    return sweep


def _first_ray(heads: NDArray[np.void], started_at: datetime) -> datetime:
    """Return the time of the first ray, on the volume's day or the next; the volume's own where it has none."""
    hour, minute, second = (int(heads[name][0]) for name in ("hour", "minute", "second"))
    if hour > 23 or minute > 59 or second > 59:
        return started_at
    midnight = started_at.replace(hour=0, minute=0, second=0, microsecond=0)
    at = midnight + timedelta(hours=hour - 8, minutes=minute, seconds=second)
    while at < started_at - timedelta(hours=12):
        at += timedelta(days=1)
    while at > started_at + timedelta(hours=12):
        at -= timedelta(days=1)
    return at


def _moments(table: NDArray[np.uint8], cut: _Cut, oddities: list[Oddity]) -> dict[str, Moment]:
    """Return the moments of a cut; V and W only where the cut names its Nyquist velocity."""
    z, v, w = cut.room
    starts = {"dBZ": _RECORD_HEAD, "dBT": _RECORD_HEAD + z, "V": _RECORD_HEAD + 2 * z, "W": _RECORD_HEAD + 2 * z + v}

    def block(name: str, channel: int) -> CodeArray:
        return table[:, starts[name] : starts[name] + cut.gates[channel]].copy()

    def moment(name: str, channel: int, codes: CodeArray, scale: float, offset: float) -> Moment:
        return Moment(name, codes, scale, offset, cut.gate_m[channel], 0.0, 1)

    out = {name: moment(name, 0, block(name, 0), 2.0, 64.0) for name in ("dBZ", "dBT")}
    nyquist = cut.plan.nyquist_ms
    if nyquist > 0 and cut.gates[1] and cut.gates[2]:
        out["V"] = moment("V", 1, block("V", 1) ^ np.uint8(0x80), 127 / nyquist, 128.0)
        out["W"] = moment("W", 2, block("W", 2), 512 / nyquist, 0.0)
    elif nyquist <= 0:
        oddities.append(Oddity("radar.odd.no_nyquist", cut=cut.plan.number))
    if cut.polarimetric:
        start = _RECORD_HEAD + 2 * z + v + w
        for place, name in enumerate(("ZDR", "PhiDP")):
            at = start + place * 2 * z
            words = np.ascontiguousarray(table[:, at : at + 2 * cut.gates[0]]).view("<u2")
            out[name] = moment(name, 0, words.astype(np.uint16) ^ np.uint16(0x8000), 100.0, 32_768.0)
    return out
