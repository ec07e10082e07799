"""A volume made of the header and the radials of standard base data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from models.errors import DataError
from models.radar.layouts.cma_cuts import ENDS, Cut, whole_cuts
from models.radar.layouts.cma_header import ALL_ROUND, LAST_S, CutHeader, Header, clock_is_set
from models.radar.layouts.cma_moments import DOPPLER, NAMES, Moments
from models.radar.layouts.cma_radials import DamageError, RadialLayout, Radials, walk
from models.radar.layouts.sweep_checks import code_in, odd_azimuths, odd_clock, odd_name, odd_values
from models.radar.oddity import Oddity
from models.radar.volume import Moment, Sweep, Volume

_FIXED_DIFFERS_DEG = 2.0
_MOST_NAMED = 4


def volume_of(data: bytes, name: str, head: Header, layout: RadialLayout) -> Volume:
    """Return the volume whose header was read.

    Parameters
    ----------
    data : bytes
        The whole unpacked file.
    name : str
        What errors call it.
    head : Header
        What stands before the radials.
    layout : RadialLayout
        Of the radials.

    Raises
    ------
    DataError
        Where not one cut is whole, what broke the first: ``radar.cut_off``, ``radar.bad_radial`` and the like.
    """
    radials = walk(data, head.data_at, layout)
    cuts, damages = whole_cuts(radials, [cut.span(head.scan) for cut in head.cuts])
    oddities = list(head.oddities)
    kept: list[Cut] = []
    sweeps: list[Sweep] = []
    moments = Moments(data)
    for cut in cuts:
        try:
            sweeps.append(_sweep(cut, head, moments, oddities))
        except DamageError as broken:
            damages.append(broken)
        else:
            kept.append(cut)
    damages = _before_the_end(radials, kept, len(head.cuts), damages, oddities)
    error = damages[0].error(name) if damages else _cuts_missing(data, kept, len(head.cuts), name, oddities)
    if not sweeps:
        raise error or DataError("radar.no_radials", file=name, byte=head.data_at)
    oddities += [Oddity("radar.odd.left_out", byte=damage.byte) for damage in damages[1:_MOST_NAMED]]
    volume = Volume(
        format=head.format,
        layout=head.layout,
        site=head.site,
        started_at=head.started_at or min(sweep.started_at for sweep in sweeps),
        sweeps=tuple(sweeps),
        announced=len(head.cuts),
        task=head.task,
        frequency_mhz=head.frequency_mhz,
        beam_width_deg=head.beam_width_deg,
        calibration=head.calibration,
        oddities=tuple(oddities),
        error=error,
        scan=head.scan,
    )
    return _looked_over(volume, name, head, kept)


def _looked_over(volume: Volume, name: str, head: Header, cuts: Sequence[Cut]) -> Volume:
    """Say what is strange about the rays and the name of a volume."""
    oddities = list(volume.oddities)
    for sweep in volume.sweeps if volume.scan != "rhi" else ():
        oddities += odd_azimuths(sweep, all_round=volume.scan in ALL_ROUND)
    times = [_times_s(cut.headers) for cut in cuts]
    in_turn = not cuts[0].radials.layout.interleaved
    oddities += odd_clock(head.started_at, [cut.number for cut in cuts], times, in_turn=in_turn)
    oddities += odd_values(volume.sweeps)
    site = volume.site
    if not site.code and code_in(name):
        site = replace(site, code=code_in(name))
        oddities.append(Oddity("radar.odd.code_from_name", code=site.code))
    oddities += odd_name(name, site, volume.started_at)
    return replace(volume, site=site, oddities=tuple(dict.fromkeys(oddities)))


def _before_the_end(
    radials: Radials, cuts: Sequence[Cut], announced: int, damages: list[DamageError], oddities: list[Oddity]
) -> list[DamageError]:
    """Return the damages by byte; where all cuts are whole and the volume has ended, what follows is only odd."""
    if len(cuts) == announced:
        last = max(int(cut.rows.max()) for cut in cuts)
        end, size = int(radials.byte[last + 1]), len(radials.data)
        if int(radials.headers["state"][last]) in ENDS[1:] and end < size:
            oddities.append(Oddity("radar.odd.trailing", byte=end, bytes=size - end))
            damages = [damage for damage in damages if damage.byte < end]
    return sorted(damages, key=lambda damage: damage.byte)


def _cuts_missing(
    data: bytes, cuts: Sequence[Cut], announced: int, name: str, oddities: list[Oddity]
) -> DataError | None:
    """Complete means as many cuts as announced; one cut alone is a tilt file, sent while the radar scans."""
    if len(cuts) == announced or not cuts:
        return None
    if len(cuts) == 1:
        oddities.append(Oddity("radar.odd.one_cut", cut=cuts[0].number, announced=announced))
        return None
    return DataError("radar.cuts_missing", file=name, byte=len(data), found=len(cuts), announced=announced)


def _sweep(cut: Cut, head: Header, moments: Moments, oddities: list[Oddity]) -> Sweep:
    table = head.cuts[cut.number - 1]
    if not -10_000 <= table.start_m <= 500_000:
        raise DamageError("bad_start_range", table.start_byte, cut=cut.number, start_m=f"{table.start_m:g}")
    headers = cut.headers
    azimuth, ray_elevation, elevation = _angles(table, headers, head.scan, cut.number, oddities)
    blanked = headers["blanked"] != 0
    if blanked.any():
        oddities.append(Oddity("radar.odd.blanked", cut=cut.number, rays=int(blanked.sum()), of=blanked.size))
    centered = table.starts_at_center()
    if centered:
        oddities.append(Oddity("radar.odd.start_is_center", start_m=table.start_m, gate_m=f"{table.gate_m():g}"))
    found: dict[str, Moment] = {}
    for kind, (codes, scale, offset) in moments.of(cut, oddities).items():
        gate_m = table.gate_m(doppler=kind in DOPPLER)
        if not gate_m:
            raise DamageError("no_gate_length", table.byte, cut=cut.number)
        near_m = table.start_m - gate_m / 2 if centered else float(table.start_m)
        found[NAMES[kind]] = Moment(NAMES[kind], codes, scale, offset, gate_m, near_m)
    if not found:
        raise DamageError("no_moment", cut.byte, cut=cut.number)
    return Sweep(
        number=cut.number,
        elevation_deg=elevation,
        azimuth_deg=azimuth,
        ray_elevation_deg=ray_elevation,
        blanked=blanked,
        moments=found,
        started_at=_first_moment(headers, head, cut),
        nyquist_ms=table.nyquist_ms if 0 < table.nyquist_ms < 1000 else math.nan,
    )


def _angles(
    table: CutHeader, headers: NDArray[np.void], scan: str, number: int, oddities: list[Oddity]
) -> tuple[NDArray[np.float32], NDArray[np.float32], float]:
    """Return azimuth and elevation of the rays, and the elevation of the cut.

    In an RHI the azimuth is the cut's; a cut's own elevation stands unless its rays contradict it.
    """
    azimuth = np.mod(headers["azimuth"], np.float32(360))
    rays = np.where(headers["elevation"] > 180, headers["elevation"] - np.float32(360), headers["elevation"])
    median = round(float(np.median(rays)), 4)
    if scan == "rhi":
        if 0 <= table.azimuth_deg <= 360:
            azimuth = np.full_like(azimuth, table.azimuth_deg)
        return azimuth, rays, median
    announced = table.elevation_deg - 360 if table.elevation_deg > 180 else table.elevation_deg
    if abs(announced - median) <= _FIXED_DIFFERS_DEG:
        return azimuth, rays, round(announced, 4)
    oddities.append(Oddity("radar.odd.elevation", cut=number, announced=f"{announced:g}", rays=f"{median:.2f}"))
    return azimuth, rays, median


def _times_s(headers: NDArray[np.void]) -> NDArray[np.float64]:
    """Return the rays' times (rays,) in s since 1970, NaN where a ray has none."""
    seconds, micro = headers["seconds"], headers["microseconds"]
    times = seconds.astype(np.float64) + np.where((micro >= 0) & (micro < 1_000_000), micro, 0) / 1e6
    times[(seconds <= 0) | (seconds >= LAST_S)] = np.nan
    return times


def _first_moment(headers: NDArray[np.void], head: Header, cut: Cut) -> datetime:
    """Return the time of the first ray; the volume's own where the ray has none."""
    seconds, micro = int(headers["seconds"][0]), int(headers["microseconds"][0])
    if clock_is_set(seconds):
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micro if 0 <= micro < 1_000_000 else 0)
    if head.started_at is None:
        raise DamageError("no_time", cut.byte + 28)
    return head.started_at
