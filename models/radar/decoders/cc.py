"""Legacy base data of the Chinese CC radars, version 1.0: a header of 1024 bytes, then records.

Unproven: written from what public readers agree on, no real file was at hand. A record is
three blocks of two-byte numbers, Z, V and W in tenths. No azimuth is stored: ray k of n
is taken to point to k * 360 / n degrees. The gate is twice the header's word (two of four readers).
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
from models.radar.layouts.sweep_checks import odd_name, odd_values
from models.radar.oddity import Oddity
from models.radar.volume import Moment, Sweep, Volume

NAME = "legacy CC base data 1.0"

MOST_GATES = 8192

_HEADER_BYTES, _CUTS_AT, _CUT_BYTES, _MOST_CUTS = 1024, 218, 22, 30
_NORTH_EAST = 61
_MOMENTS = ("dBZ", "V", "W")


def recognizes(head: bytes, size: int) -> bool:
    """Return whether the header starts with CINRADC, or names the radar type CINRAD/CC."""
    return size >= 8 and (head[:7].upper() == b"CINRADC" or head[116:125].upper() == b"CINRAD/CC")


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
        ``radar.cc_north_east`` for the other layout under the same name, ``radar.bad_scan``,
        ``radar.bad_date``, or where not one cut is whole, what broke it.
    """
    if len(data) < _HEADER_BYTES:
        raise DataError("radar.cut_off", file=name, byte=len(data), expected=_HEADER_BYTES)
    oddities = [Oddity("radar.odd.beijing_time")]
    scan, announced = _scan(data, name)
    lon_number, lat_number, height_mm = struct.unpack_from("<iii", data, 168)
    lon, lat = (text_of(data[136:152]), lon_number), (text_of(data[152:168]), lat_number)
    place = place_of(lon, lat, (3_600_000,), oddities)
    site = site_of(text_of(data[106:116]), text_of(data[66:106]), place, height_mm, oddities)
    century, *rest = data[184:191]
    (micro,) = struct.unpack_from("<I", data, 200)
    started_at = utc_of((century * 100 + rest[0], *rest[1:]), name, 184, micro=micro)
    century, *rest = data[192:199]
    try:
        ended_at = utc_of((century * 100 + rest[0], *rest[1:]), name, 192)
    except DataError:
        ended_at = None
    (said_at,) = struct.unpack_from("<I", data, 1020)
    start = said_at if _HEADER_BYTES <= said_at < len(data) else _HEADER_BYTES
    try:
        cuts = _cuts(data, announced, oddities)
        whole, damage = whole_header_cuts(cuts, start, len(data))
    except DamageError as broken:
        raise broken.error(name) from broken
    times = dict(spread_times(cuts, started_at, ended_at))
    oddities += [Oddity("radar.odd.times_spread"), Oddity("radar.odd.azimuths_counted")]
    sweeps: list[Sweep] = []
    for cut, at in whole:
        try:
            angles = _angles(data, cut, scan)
        except DamageError as broken:
            damage = damage or broken
            break
        sweeps.append(sweep_of(cut, angles, _moments(data, at, cut), times[cut.number]))
    error = damage.error(name) if damage else None
    if not sweeps:
        raise error or DataError("radar.no_radials", file=name, byte=start)
    oddities += [*odd_values(sweeps), *odd_name(name, site, started_at)]
    rest_bytes = len(data) - start - sum(cut.bytes for cut in cuts)
    if rest_bytes > 0:
        oddities.append(Oddity("radar.odd.trailing", byte=len(data) - rest_bytes, bytes=rest_bytes))
    return Volume(
        format=NAME,
        layout="cc",
        site=site,
        started_at=started_at,
        sweeps=tuple(sweeps),
        announced=announced,
        task=text_of(data[116:136]),
        frequency_mhz=_frequency_mhz(data),
        oddities=tuple(dict.fromkeys(oddities)),
        error=error,
        scan=scan,
    )


def _scan(data: bytes, name: str) -> tuple[str, int]:
    """Return how the antenna moved, and how many cuts are announced."""
    word = data[199]
    if word == _NORTH_EAST:
        raise DataError("radar.cc_north_east", file=name, byte=199, value=word)
    if word in (1, 10):
        return ("rhi" if word == 1 else "ppi"), 1
    if not 101 <= word <= 100 + _MOST_CUTS:
        raise DataError("radar.bad_scan", file=name, byte=199, value=word, limit=_MOST_CUTS)
    return "volume", word - 100


def _frequency_mhz(data: bytes) -> float:
    (wavelength_um,) = struct.unpack_from("<i", data, 888)
    return round(299_792_458 / wavelength_um, 1) if 10_000 <= wavelength_um <= 200_000 else math.nan


def _cuts(data: bytes, announced: int, oddities: list[Oddity]) -> list[HeaderCut]:
    out = []
    for index in range(announced):
        at = _CUTS_AT + index * _CUT_BYTES
        nyquist_cms, _, word, gates, radials = struct.unpack_from("<5H", data, at)
        (elevation,) = struct.unpack_from("<h", data, at + 18)
        if not 5 <= word <= 2500:
            raise DamageError("no_gate_length", at + 4, cut=index + 1)
        if not 1 <= gates <= MOST_GATES:
            raise DamageError("bad_moment", at + 6, moment="dBZ", cut=index + 1)
        if not -200 <= elevation <= 9000:
            raise DamageError("bad_angle", at + 18, value=f"{elevation / 100:g}")
        oddities.append(Oddity("radar.odd.gate_doubled", word=word, gate_m=2 * word))
        out.append(HeaderCut(index + 1, elevation / 100, nyquist_cms / 100, 2.0 * word, gates, radials, 6 * gates))
    return out


def _angles(data: bytes, cut: HeaderCut, scan: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return azimuth and elevation of the rays, counted out evenly."""
    if scan == "rhi":
        return rhi_angles(data, 204, cut.radials)
    azimuth = (np.arange(cut.radials) * (360 / cut.radials)).astype(np.float32)
    return azimuth, np.full(cut.radials, cut.elevation_deg, np.float32)


def _moments(data: bytes, at: int, cut: HeaderCut) -> dict[str, Moment]:
    """Return Z, V and W; the signed numbers are kept as codes that start from 32768."""
    words = np.frombuffer(data, "<u2", 3 * cut.radials * cut.gates, at).reshape(cut.radials, 3, cut.gates)
    out: dict[str, Moment] = {}
    for block, name in enumerate(_MOMENTS):
        codes = words[:, block].astype(np.uint16)
        codes ^= np.uint16(0x8000)
        out[name] = Moment(name, codes, 10.0, 32_768.0, cut.gate_m, 0.0, 1)
    return out
