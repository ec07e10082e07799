"""NEXRAD level II volumes, messages 31 and 1, by xradar.

xradar gives the codes; what it does not tell is ours (`nexrad_messages`): whether cuts are
missing, at which byte the file breaks, where each moment's gates lie (it has one range for
all moments of a cut, and fills the shorter ones up with code 0), the Nyquist velocity, and
the spectrum width of the old messages, which it drops. It is handed one whole cut at a time.
"""

from __future__ import annotations

import math
import struct
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import DataError
from models.radar.layouts.foreign_formats import named, xarray_with_engines
from models.radar.layouts.from_xarray import NAMES, WIDEST_GAP_DEG, agreed_elevation, gap_deg
from models.radar.layouts.nexrad_messages import BODY_AT, HEADER_BYTES, RECORD_BYTES, Block, Cut, Radial, Walk
from models.radar.layouts.sweep_checks import odd_azimuths, odd_clock, odd_values
from models.radar.oddity import Oddity
from models.radar.volume import CodeArray, Moment, Site, Sweep, Volume

NAME = "NEXRAD level II"

_FIRST_VALID = 2
_HEAD_RECORDS = 134
_XRADAR_NAMES = {"REF": "DBZH", "VEL": "VRADH", "SW": "WRADH", "PHI": "PHIDP", "RHO": "RHOHV"}
_CONSTANTS = (b"RVOL", b"RELV", b"RRAD")
_COUNT_AT, _POINTERS_AT = BODY_AT + 30, BODY_AT + 32


def recognizes(head: bytes, size: int) -> bool:
    """Return whether the file starts as an archive II volume."""
    return size >= 8 and (head[:4] == b"AR2V" or head[:8] == b"ARCHIVE2")


def decode(data: bytes, name: str) -> Volume:
    """Return the volume in a level II file, cut by cut as recorded.

    Code 0 is below the threshold and code 1 range folded, as in the file; a moment has its own
    gates. A cut whose end is missing, or of which a record is damaged, is whole if no more than
    10 degrees of azimuth are missing; else it is left out, and ``error`` says at which byte it breaks off.

    Parameters
    ----------
    data : bytes
        The whole unpacked file.
    name : str
        What errors call it.

    Raises
    ------
    DataError
        ``radar.formats_missing`` without the extra; where no cut is whole, what broke it.
    """
    xarray = xarray_with_engines(name, NAME)
    walk = Walk(data)
    sweeps: list[Sweep] = []
    times: list[NDArray[np.float64]] = []
    oddities: list[Oddity] = []
    unended: Cut | None = None
    left: set[str] = set()
    kind = 31
    for cut in walk.cuts():
        if len(cut.radials) == 1 or (
            (cut.torn or not cut.ended)
            and gap_deg(np.array([radial.azimuth_deg for radial in cut.radials])) > WIDEST_GAP_DEG
        ):
            unended = unended or cut
            continue
        kind = cut.radials[0].kind
        sweeps.append(_sweep(cut, walk, xarray, name, oddities, left))
        times.append(np.array([radial.at_ms / 1000 for radial in cut.radials]))
    error = _error(walk, unended, len(sweeps), name, oddities)
    if not sweeps:
        raise error or DataError("radar.no_radials", file=name, byte=HEADER_BYTES)
    if left:
        oddities.append(Oddity("radar.odd.moments_left", names=", ".join(sorted(left))))
    oddities += odd_clock(None, [sweep.number for sweep in sweeps], times, in_turn=True)
    oddities += odd_values(sweeps)
    code = data[20:24].split(b"\x00", 1)[0].decode("ascii", "replace").strip()
    return Volume(
        format=NAME,
        layout=f"nexrad.{kind}",
        site=_site(walk, code, name),
        started_at=min(sweep.started_at for sweep in sweeps),
        sweeps=tuple(sweeps),
        announced=len(walk.elevations) or len(sweeps) + (unended is not None),
        task=f"VCP {walk.pattern}" if walk.pattern else "",
        calibration=walk.calibration,
        oddities=tuple(dict.fromkeys(oddities)),
        error=error,
    )


def _error(walk: Walk, unended: Cut | None, found: int, name: str, oddities: list[Oddity]) -> DataError | None:
    """Say what is missing: a break, a cut without its end, or cuts the pattern announces."""
    if walk.damage is not None:
        return walk.damage.error(name)
    if unended is not None:
        return DataError("radar.cut_unended", file=name, byte=unended.radials[-1].byte, cut=unended.number)
    announced = len(walk.elevations)
    if not found and not announced:
        return None
    if found < announced and walk.closed:
        oddities.append(Oddity("radar.odd.ended_early", found=found, announced=announced))
    elif found < announced or not (walk.closed or announced):
        return DataError("radar.cuts_missing", file=name, byte=len(walk.data), found=found, announced=announced or "?")
    return None


def _site(walk: Walk, code: str, name: str) -> Site:
    lon, lat, altitude = walk.place
    if math.isnan(lon) and math.isnan(lat):
        return Site(code, "", math.nan, math.nan, math.nan)
    if not (abs(lat) <= 90 and abs(lon) <= 180) or (lat == 0 and lon == 0):
        raise DataError("radar.foreign_site", file=name, lat=f"{lat:g}", lon=f"{lon:g}")
    return Site(code, "", round(lon, 6), round(lat, 6), altitude if -500 <= altitude <= 9000 else math.nan)


def _sweep(cut: Cut, walk: Walk, xarray: Any, name: str, oddities: list[Oddity], left: set[str]) -> Sweep:
    first, rays = cut.radials[0], len(cut.radials)
    codes = _codes(cut, xarray, name)
    moments: dict[str, Moment] = {}
    for block in first.blocks:
        known = NAMES.get(block.name)
        if known is None or not block.gates:
            if block.gates:
                left.add(block.name)
            continue
        moments[known] = Moment(
            known,
            codes[block.name],
            block.scale,
            block.offset,
            block.gate_m,
            block.first_m - block.gate_m / 2,
            _FIRST_VALID,
        )
    if not moments:
        raise DataError("radar.foreign_no_moment", file=name, cut=cut.number)
    bad = np.array([radial.bad for radial in cut.radials])
    if bad.any():
        oddities.append(Oddity("radar.odd.blanked", cut=cut.number, rays=int(bad.sum()), of=rays))
    elevations = np.array([radial.elevation_deg for radial in cut.radials], np.float32)
    speeds = np.array([radial.nyquist_ms for radial in cut.radials])
    speeds = speeds[np.isfinite(speeds)]
    fixed = walk.elevations[cut.number - 1] if 1 <= cut.number <= len(walk.elevations) else math.nan
    sweep = Sweep(
        number=cut.number,
        elevation_deg=agreed_elevation(fixed, round(float(np.median(elevations)), 4), cut.number, oddities),
        azimuth_deg=np.array([radial.azimuth_deg % 360 for radial in cut.radials], np.float32),
        ray_elevation_deg=elevations,
        blanked=bad,
        moments=moments,
        started_at=datetime.fromtimestamp(first.at_ms / 1000, UTC),
        nyquist_ms=float(np.median(speeds)) if speeds.size else math.nan,
    )
    oddities += odd_azimuths(sweep, all_round=True)
    return sweep


def _codes(cut: Cut, xarray: Any, name: str) -> dict[str, CodeArray]:
    """Return (rays, gates) codes of each moment of a cut, from xradar; of old spectrum width, from the radials."""
    first = cut.radials[0]
    for radial in cut.radials:
        if radial.kind != first.kind or radial.blocks != first.blocks:
            raise DataError("radar.radials_differ", file=name, byte=radial.byte, cut=cut.number)
    out: dict[str, CodeArray] = {}
    wanted = [block for block in first.blocks if block.gates and block.name in NAMES]
    with (
        named(name, "xradar"),
        xarray.open_dataset(
            _one_cut(cut, wanted), engine="nexradlevel2", group="sweep_0", mask_and_scale=False, first_dim="time"
        ) as sweep,
    ):
        # Its order is that of time, ties as they came; the azimuths tell whether that is ours.
        if sweep.sizes["time"] != len(cut.radials):
            raise ValueError(f"{sweep.sizes['time']} rays of {len(cut.radials)}")
        order = np.argsort([radial.at_ms for radial in cut.radials], kind="stable")
        for block in wanted:
            theirs = _XRADAR_NAMES.get(block.name, block.name)
            if theirs in sweep:
                stored = np.asarray(sweep[theirs].values)[:, : block.gates]
                codes = np.empty(stored.shape, np.uint8 if block.bits == 8 else np.uint16)
                codes[order] = stored
            else:
                codes = _straight(cut.radials, block)
            out[block.name] = codes
    return out


def _straight(radials: list[Radial], block: Block) -> CodeArray:
    """Take a moment's codes out of the radials themselves."""
    dtype = ">u1" if block.bits == 8 else ">u2"
    rows = np.stack([np.frombuffer(radial.message, dtype, block.gates, block.at) for radial in radials])
    return rows.astype(np.uint8) if block.bits == 8 else rows.astype(np.uint16)


def _one_cut(cut: Cut, wanted: list[Block]) -> bytes:
    """Return a file of this cut alone, in the plainest form xradar reads.

    The 134 records before the radials are empty; the first radial opens the cut and the last
    ends it, whatever was lost; blocks that xradar does not know are left out of the first
    radial, from which it takes what a radial holds.
    """
    messages = [bytearray(radial.message) for radial in cut.radials]
    status_at = BODY_AT + (21 if cut.radials[0].kind == 31 else 13)
    for message in messages:
        message[status_at] = 1
        if cut.radials[0].kind == 1:
            struct.pack_into(">H", message, 12, (RECORD_BYTES - 12) // 2)
    messages[0][status_at], messages[-1][status_at] = 0, 2
    if cut.radials[0].kind == 31:
        _only_known_blocks(messages[0], wanted)
    return bytes(HEADER_BYTES) + bytes(_HEAD_RECORDS * RECORD_BYTES) + b"".join(messages)


def _only_known_blocks(message: bytearray, wanted: list[Block]) -> None:
    (count,) = struct.unpack_from(">H", message, _COUNT_AT)
    pointers = struct.unpack_from(f">{min(count, 32)}I", message, _POINTERS_AT)
    constants = [p for p in pointers if bytes(message[BODY_AT + p : BODY_AT + p + 4]) in _CONSTANTS]
    kept = [*constants, *(block.at - 28 - BODY_AT for block in wanted)][:10]
    struct.pack_into(">H", message, _COUNT_AT, len(kept))
    struct.pack_into(f">{len(kept)}I", message, _POINTERS_AT, *kept)
