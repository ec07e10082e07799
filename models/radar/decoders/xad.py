"""Base data of older X-band phased arrays (XAD, DXK): records of 16,104 bytes without a file header.

One record a ray and elevation, all elevations of one azimuth beside each other:
``100 header | 8 x 2000 codes | 4``. Written from the published layout; no real file was at hand.
"""

from __future__ import annotations

import math
import struct
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from models.errors import DataError
from models.radar.layouts.cma_header import clock_is_set
from models.radar.layouts.cma_radials import MOST_RADIALS, DamageError
from models.radar.layouts.sweep_checks import code_in, odd_azimuths, odd_clock, odd_name, odd_values
from models.radar.oddity import Oddity
from models.radar.volume import Moment, Site, Sweep, Volume

NAME = "older X-band phased-array base data (XAD)"

RECORD_BYTES = 16_104
MOST_ELEVATIONS = 128
MOST_AZIMUTHS = 4096
MOST_GATES = 2000

_CODES_AT = 100
_ANGLE_DEG = 360 / 65_535
_LENGTH_M = 1000 / 65_535
_MOMENTS = {
    "dBT": (106.0, -20.0), "dBZ": (106.0, -20.0), "V": (101.0, -50.0), "W": (101.0, -50.0), "ZDR": (16.0, -5.0),
    "PhiDP": (181.0, 0.0), "KDP": (31.0, -10.0), "CC": (1.1, 0.0),
}  # fmt: skip
_FIELDS = {
    "lon": ("<i2", 2), "lat": ("<i2", 4), "height": ("<u2", 8), "seconds": ("<u4", 32), "azimuth": ("<u2", 42),
    "azimuths": ("<u2", 44), "elevation": ("<u2", 46), "elevations": ("<u2", 48), "first": ("<u2", 52),
    "gate": ("<u2", 54), "gates": ("<u2", 56),
}  # fmt: skip
_RECORD = np.dtype(
    {
        "names": list(_FIELDS),
        "formats": [kind for kind, _ in _FIELDS.values()],
        "offsets": [at for _, at in _FIELDS.values()],
        "itemsize": RECORD_BYTES,
    }
)
_SAME = ("lon", "lat", "height", "azimuths", "elevations", "first", "gate", "gates")


def recognizes(head: bytes, size: int) -> bool:
    """Return whether the first record says what such records say, and the file is as long as it says, or shorter.

    There is no mark: the counts of azimuths, elevations and gates, the gate length, the position and
    the clock have to be possible, all of them.
    """
    if len(head) < _CODES_AT:
        return False
    record = np.frombuffer(head[:_CODES_AT].ljust(RECORD_BYTES, b"\0"), _RECORD)[0]
    azimuths, elevations, gates = int(record["azimuths"]), int(record["elevations"]), int(record["gates"])
    return (
        4 <= azimuths <= MOST_AZIMUTHS
        and 1 <= elevations <= MOST_ELEVATIONS
        and azimuths * elevations <= MOST_RADIALS
        and 10 <= gates <= MOST_GATES
        and int(record["gate"]) * _LENGTH_M >= 1
        and abs(int(record["lat"])) * _ANGLE_DEG <= 90
        and clock_is_set(int(record["seconds"]))
        and 0 < size <= azimuths * elevations * RECORD_BYTES
    )


def decode(data: bytes, name: str) -> Volume:
    """Return the volume in such a file, one sweep an elevation.

    Code 255 means *missing*; as no other code tells an empty gate from one that was not scanned,
    it becomes code 0, below the threshold, and all other codes move up by one. Positions are no
    finer than 600 m. Times are taken as UTC.

    Parameters
    ----------
    data : bytes
        The whole unpacked file.
    name : str
        What errors call it.

    Raises
    ------
    DataError
        ``radar.other.old_phased`` where the first record is none, ``radar.cut_off`` where
        azimuths are lacking (then no elevation is whole), ``radar.record_differs`` where a record
        contradicts the first, ``radar.no_moment`` where every code is *missing*.
    """
    if not recognizes(data[:_CODES_AT], len(data)):
        raise DataError("radar.other.old_phased", file=name, byte=0)
    azimuths, elevations = struct.unpack_from("<H2xH", data, 44)
    expected = azimuths * elevations * RECORD_BYTES
    if len(data) < expected:
        raise DataError("radar.cut_off", file=name, byte=len(data), expected=expected)
    records = np.frombuffer(data, _RECORD, azimuths * elevations).reshape(azimuths, elevations)
    codes = np.frombuffer(data, np.uint8, expected).reshape(azimuths, elevations, RECORD_BYTES)
    oddities: list[Oddity] = []
    try:
        _alike(records)
        sweeps = tuple(
            _sweep(number, records[:, number - 1], codes[:, number - 1], oddities)
            for number in range(1, elevations + 1)
        )
    except DamageError as broken:
        raise broken.error(name) from broken
    for sweep in sweeps:
        oddities += odd_azimuths(sweep, all_round=True)
    times = [records["seconds"][:, column].astype(np.float64) for column in range(elevations)]
    oddities += odd_clock(None, [sweep.number for sweep in sweeps], times, in_turn=False)
    oddities += odd_values(sweeps)
    site = _site(records[0, 0], name, oddities)
    started_at = min(sweep.started_at for sweep in sweeps)
    oddities += odd_name(name, site, started_at)
    return Volume(
        format=NAME,
        layout="xad",
        site=site,
        started_at=started_at,
        sweeps=sweeps,
        announced=elevations,
        oddities=tuple(dict.fromkeys(oddities)),
    )


def _alike(records: NDArray[np.void]) -> None:
    """Refuse a file whose records do not say the same of site, counts and gates."""
    flat = records.ravel()
    for field in _SAME:
        other = np.flatnonzero(flat[field] != flat[field][0])
        if other.size:
            record = int(other[0])
            raise DamageError("record_differs", record * RECORD_BYTES + _FIELDS[field][1], record=record + 1)


def _site(record: np.void, name: str, oddities: list[Oddity]) -> Site:
    lon, lat = float(record["lon"]) * _ANGLE_DEG, float(record["lat"]) * _ANGLE_DEG
    if lon == 0 and lat == 0:
        oddities.append(Oddity("radar.odd.site_unset", byte=2))
        lon = lat = math.nan
    code = code_in(name)
    return Site(code, code, lon, lat, round(float(record["height"]) * _LENGTH_M, 1))


def _sweep(number: int, records: NDArray[np.void], codes: NDArray[np.uint8], oddities: list[Oddity]) -> Sweep:
    first = records[0]
    gates = int(first["gates"])
    moments: dict[str, Moment] = {}
    for index, (moment, (span, lowest)) in enumerate(_MOMENTS.items()):
        at = _CODES_AT + index * MOST_GATES
        moved = codes[:, at : at + gates] + np.uint8(1)
        if not moved.any():
            oddities.append(Oddity("radar.odd.empty_moment", cut=number, moment=moment))
            continue
        scale = 255 / span
        gate_m, start_m = float(first["gate"]) * _LENGTH_M, float(first["first"]) * _LENGTH_M
        moments[moment] = Moment(
            moment, moved, scale, 1 - lowest * scale, round(gate_m, 2), round(start_m, 2), first_valid=1
        )
    if not moments:
        raise DamageError("no_moment", (number - 1) * RECORD_BYTES, cut=number)
    seconds = int(first["seconds"])
    if not clock_is_set(seconds):
        raise DamageError("no_time", (number - 1) * RECORD_BYTES + 32)
    elevation = records["elevation"].astype(np.float32) * np.float32(_ANGLE_DEG)
    elevation[elevation > 180] -= np.float32(360)
    return Sweep(
        number=number,
        elevation_deg=round(float(np.median(elevation)), 3),
        azimuth_deg=np.mod(records["azimuth"].astype(np.float32) * np.float32(_ANGLE_DEG), np.float32(360)),
        ray_elevation_deg=elevation,
        blanked=np.zeros(records.size, np.bool_),
        moments=moments,
        started_at=datetime.fromtimestamp(seconds, UTC),
    )
