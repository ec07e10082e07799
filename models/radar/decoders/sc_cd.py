"""Legacy base data of the Chinese SC and CD radars: a header of 1024 bytes, then records.

Unproven: written from what public readers agree on, no real file was at hand. Where they
differ: the elevation is the cut's own (the scale of the word in the record is
disputed), the four bytes of a gate are taken as dBZ, V, dBT, W (one reader has dBZ, V, W, dBT),
and gates beyond the cut's range are left out.
"""

from __future__ import annotations

import math
import struct

import numpy as np
from numpy.typing import NDArray

from models.errors import DataError
from models.radar.layouts.cma_radials import DamageError
from models.radar.layouts.legacy_header import (
    HeaderCut,
    place_of,
    rhi_angles,
    site_of,
    spread_times,
    sweep_of,
    text_of,
    utc_of,
    whole_header_cuts,
)
from models.radar.layouts.sweep_checks import odd_azimuths, odd_name, odd_values
from models.radar.oddity import Oddity
from models.radar.volume import Moment, Sweep, Volume

NAME = "legacy SC/CD base data"

MOST_GATES = 8192

_HEADER_BYTES, _CUTS_AT, _CUT_BYTES, _MOST_CUTS = 1024, 217, 21, 30
_RECORD_BYTES, _RECORD_HEAD = 4000, 8
_MARKS = (b"CINRAD/SC", b"CINRAD/CD")


def recognizes(head: bytes, size: int) -> bool:
    """Return whether the radar type in the header is CINRAD/SC or CINRAD/CD."""
    return size >= 109 and head[100:109].upper() in _MARKS


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
        ``radar.bad_scan``, ``radar.bad_date``, or where not one cut is whole, what broke it.
    """
    if len(data) < _HEADER_BYTES:
        raise DataError("radar.cut_off", file=name, byte=len(data), expected=_HEADER_BYTES)
    oddities = [Oddity("radar.odd.beijing_time")]
    scan, announced = _scan(data, name)
    lon_number, lat_number, height_mm = struct.unpack_from("<iii", data, 152)
    lon, lat = (text_of(data[120:136]), lon_number), (text_of(data[136:152]), lat_number)
    place = place_of(lon, lat, (100, 3_600_000), oddities)
    site = site_of(text_of(data[90:100]), text_of(data[50:90]), place, height_mm, oddities)
    (micro,) = struct.unpack_from("<I", data, 210)
    started_at = utc_of(struct.unpack_from("<H5B", data, 202), name, 202, micro=micro)
    try:
        ended_at = utc_of(struct.unpack_from("<H5B", data, 853), name, 853)
    except DataError:
        ended_at = None
    try:
        cuts = _cuts(data, announced)
        whole, damage = whole_header_cuts(cuts, _HEADER_BYTES, len(data))
    except DamageError as broken:
        raise broken.error(name) from broken
    times = dict(spread_times(cuts, started_at, ended_at))
    oddities.append(Oddity("radar.odd.times_spread"))
    sweeps: list[Sweep] = []
    for cut, at in whole:
        try:
            angles = _angles(data, at, cut, scan)
        except DamageError as broken:
            damage = damage or broken
            break
        sweep = sweep_of(cut, angles, _moments(data, at, cut, oddities), times[cut.number])
        oddities += odd_azimuths(sweep, all_round=True) if scan == "volume" else ()
        sweeps.append(sweep)
    error = damage.error(name) if damage else None
    if not sweeps:
        raise error or DataError("radar.no_radials", file=name, byte=_HEADER_BYTES)
    oddities += [*odd_values(sweeps), *odd_name(name, site, started_at)]
    rest = len(data) - _HEADER_BYTES - sum(cut.bytes for cut in cuts)
    if rest > 0:
        oddities.append(Oddity("radar.odd.trailing", byte=len(data) - rest, bytes=rest))
    return Volume(
        format=NAME,
        layout="sc_cd",
        site=site,
        started_at=started_at,
        sweeps=tuple(sweeps),
        announced=announced,
        task=text_of(data[100:120]),
        frequency_mhz=_frequency_mhz(data),
        oddities=tuple(dict.fromkeys(oddities)),
        error=error,
        scan=scan,
    )


def _scan(data: bytes, name: str) -> tuple[str, int]:
    """Return how the antenna moved, and how many cuts are announced."""
    word = data[201]
    if word in (1, 10):
        return ("rhi" if word == 1 else "ppi"), 1
    if not 101 <= word <= 100 + _MOST_CUTS:
        raise DataError("radar.bad_scan", file=name, byte=201, value=word, limit=_MOST_CUTS)
    return "volume", word - 100


def _frequency_mhz(data: bytes) -> float:
    (wavelength_um,) = struct.unpack_from("<i", data, 184)
    return round(299_792_458 / wavelength_um, 1) if 10_000 <= wavelength_um <= 200_000 else math.nan


def _cuts(data: bytes, announced: int) -> list[HeaderCut]:
    """Read the table of cuts; the record's length is what the size of the file bears out."""
    rows = [struct.unpack_from("<BHHHHHHHHHh", data, _CUTS_AT + i * _CUT_BYTES) for i in range(announced)]
    said = sum(row[8] * row[9] for row in rows)
    body = len(data) - _HEADER_BYTES
    even = all((row[8] - _RECORD_HEAD) % 4 == 0 and row[8] > _RECORD_HEAD for row in rows)
    believed = even and (body == said or body % _RECORD_BYTES != 0)
    out = []
    for index, row in enumerate(rows):
        nyquist_cms, range_10m, gate_dm, word, radials, elevation = row[5:]
        at = _CUTS_AT + index * _CUT_BYTES
        gate_m = gate_dm / 10
        if not 10 <= gate_m <= 5000:
            raise DamageError("no_gate_length", at + 13, cut=index + 1)
        if not -200 <= elevation <= 9000:
            raise DamageError("bad_angle", at + 19, value=f"{elevation / 100:g}")
        record = word if believed else _RECORD_BYTES
        gates = (record - _RECORD_HEAD) // 4
        inside = int(range_10m * 10 / gate_m)
        if 1 <= inside < gates:
            gates = inside
        if gates > MOST_GATES:
            raise DamageError("bad_moment", at + 15, moment="dBZ", cut=index + 1)
        out.append(HeaderCut(index + 1, elevation / 100, nyquist_cms / 100, gate_m, gates, radials, record))
    return out


def _table(data: bytes, at: int, cut: HeaderCut) -> NDArray[np.uint8]:
    return np.frombuffer(data, np.uint8, cut.bytes, at).reshape(cut.radials, cut.record_bytes)


def _angles(data: bytes, at: int, cut: HeaderCut, scan: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the middle of each ray: azimuth of the record, elevation of the cut (RHI: from low to high)."""
    if scan == "rhi":
        return rhi_angles(data, 847, cut.radials)
    words = np.ascontiguousarray(_table(data, at, cut)[:, :_RECORD_HEAD]).view("<u2").astype(np.float64)
    start, end = words[:, 0] * (360 / 65_536), words[:, 2] * (360 / 65_536)
    turn = (end - start + 180) % 360 - 180
    azimuth = np.mod(start + turn / 2, 360).astype(np.float32)
    azimuth[azimuth >= 360] = 0
    elevation = np.full(cut.radials, cut.elevation_deg, np.float32)
    return azimuth, elevation


def _moments(data: bytes, at: int, cut: HeaderCut, oddities: list[Oddity]) -> dict[str, Moment]:
    """Return the moments of a cut; V and W only where the cut names its Nyquist velocity."""
    shape, strides = (cut.radials, cut.gates, 4), (cut.record_bytes, 4, 1)
    gates: NDArray[np.uint8] = np.ndarray(shape, np.uint8, data, at + _RECORD_HEAD, strides)

    def moment(name: str, place: int, scale: float, offset: float) -> Moment:
        return Moment(name, gates[:, :, place].copy(), scale, offset, cut.gate_m, 0.0, 1)

    out = {"dBZ": moment("dBZ", 0, 2.0, 64.0), "dBT": moment("dBT", 2, 2.0, 64.0)}
    if cut.nyquist_ms > 0:
        out["V"] = moment("V", 1, 128 / cut.nyquist_ms, 128.0)
        out["W"] = moment("W", 3, 256 / cut.nyquist_ms, 0.0)
    else:
        oddities.append(Oddity("radar.odd.no_nyquist", cut=cut.number))
    return out
