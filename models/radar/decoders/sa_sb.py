"""Legacy base data of the Chinese SA and SB radars, and of others that use its records: little-endian.

Layout: records of 2432 bytes (CA/CB 4132, SC/CD 3132, CC 1632), one a radial, no file
header and no position. Checked on a real SB volume; the three other sizes are written from what
public readers agree on. V and W stand right behind the Z gates that are there, so the
record's own pointers are followed, never fixed places. The words of the first gate are the
centers of gates; gates centered behind the antenna are left out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.errors import DataError
from models.radar.layouts.cma_radials import DamageError
from models.radar.layouts.legacy_records import (
    RecordCut,
    RecordKind,
    moment_of,
    record_kind,
    records_of,
    times_of,
    whole_cuts,
)
from models.radar.layouts.sweep_checks import odd_azimuths, odd_clock, odd_name, odd_values
from models.radar.oddity import Oddity
from models.radar.volume import CodeArray, Moment, Site, Sweep, Volume

NAME = "legacy base data in records (SA/SB and kin)"

MOST_GATES = 8192
VCP_CUTS = {11: 16, 21: 11, 31: 8, 32: 7}
"""Cuts of a volume by its scan pattern; split cuts count twice. Source: NOAA Warning Decision Training
Division, DLOC topic 3 (11: 14 angles, the lowest two scanned twice; 31: 5 angles, the lowest three twice;
32: 5 angles, the lowest two twice); 21 checked on a real volume."""

_FIRST_VALID = 2
_SHIFT = 3  # codes of a padded cut move up, so that code 2 can say "not scanned"
_NOT_SCANNED = 2
_MOST_LAYOUTS = 64  # of rays within one cut


@dataclass(frozen=True, slots=True)
class _Channel:
    """Where the words of one moment stand in a record."""

    name: str
    at: str
    words: str
    offset: float


_CHANNELS = (
    _Channel("dBZ", "at_z", "log", 66.0),
    _Channel("V", "at_v", "doppler", 129.0),
    _Channel("W", "at_w", "doppler", 129.0),
)


def recognizes(head: bytes, size: int) -> bool:
    """Return whether the file is a row of records of one of the sizes that are known."""
    return record_kind(head, size) is not None


def decode(data: bytes, name: str) -> Volume:
    """Return the volume in unpacked records; its site has neither code nor place.

    Cuts are told apart by the cut number in the records and stay as recorded: the first
    and third of a usual volume hold Z alone, the second and fourth V and W alone. Where the
    file breaks, the whole cuts are kept and ``error`` says byte and cause.

    Parameters
    ----------
    data : bytes
        The whole unpacked file.
    name : str
        What errors call it.

    Raises
    ------
    DataError
        Where not one cut is whole, what broke it: ``radar.cut_off``, ``radar.cut_unended``,
        ``radar.record_size`` and the like.
    """
    kind = record_kind(data[:32_768], len(data))
    if kind is None:
        raise DataError("radar.other.legacy_record", file=name)
    try:
        records = records_of(data, kind)
        cuts, damage, strangers = whole_cuts(records, kind, len(data))
    except DamageError as broken:
        raise broken.error(name) from broken
    oddities = [Oddity("radar.odd.beijing_time")] if kind.beijing else []
    if strangers:
        byte, type_ = strangers[0]
        oddities.append(Oddity("radar.odd.other_record", byte=byte, type=type_, records=len(strangers)))
    seconds = times_of(records, kind)
    sweeps: list[Sweep] = []
    for cut in cuts:
        try:
            sweeps.append(_sweep(data, records, cut, kind, seconds, oddities))
        except DamageError as broken:
            damage = damage or broken
    vcp = int(np.median(records["vcp"][cuts[0].rows])) if cuts else 0
    announced = _announced(cuts, vcp, damaged=damage is not None, oddities=oddities)
    by_pattern = announced == VCP_CUTS.get(vcp)
    error = damage.error(name) if damage else _missing(cuts, announced, by_pattern, len(data), name, oddities)
    if not sweeps:
        raise error or DataError("radar.no_radials", file=name, byte=0)
    oddities += odd_clock(None, [cut.number for cut in cuts], [seconds[cut.rows] for cut in cuts], in_turn=True)
    oddities += odd_values(sweeps)
    site = Site("", "", math.nan, math.nan, math.nan)
    oddities += odd_name(name, site, sweeps[0].started_at)
    calibration = float(records["calibration"][cuts[0].rows[0]])
    return Volume(
        format=kind.name,
        layout=kind.layout,
        site=site,
        started_at=sweeps[0].started_at,
        sweeps=tuple(sweeps),
        announced=announced,
        task=f"VCP{vcp}" if vcp else "",
        calibration={"system_db": round(calibration, 4)} if abs(calibration) < 200 else {},
        oddities=tuple(dict.fromkeys(oddities)),
        error=error,
    )


def _announced(cuts: list[RecordCut], vcp: int, *, damaged: bool, oddities: list[Oddity]) -> int:
    """Return how many cuts there should be: the radar says where the volume ends, else its scan pattern does."""
    highest = max((cut.number for cut in cuts), default=1)
    usual = VCP_CUTS.get(vcp, 0)
    if cuts and cuts[-1].ends_volume:
        if usual and usual != highest and not damaged:
            oddities.append(Oddity("radar.odd.vcp_cuts", vcp=vcp, usual=usual, found=highest))
        return highest
    return max(usual, highest)


def _missing(
    cuts: list[RecordCut], announced: int, by_pattern: bool, size: int, name: str, oddities: list[Oddity]
) -> DataError | None:
    """Complete means as many cuts as announced; one cut alone is a tilt file, sent while the radar scans."""
    if not cuts or (len(cuts) == announced and (cuts[-1].ends_volume or by_pattern)):
        return None
    if len(cuts) == 1:
        if announced > 1:
            oddities.append(Oddity("radar.odd.one_cut", cut=cuts[0].number, announced=announced))
        return None
    if len(cuts) == announced:
        return DataError("radar.volume_unended", file=name, byte=size, found=len(cuts))
    return DataError("radar.cuts_missing", file=name, byte=size, found=len(cuts), announced=announced)


def _sweep(
    data: bytes,
    records: NDArray[np.void],
    cut: RecordCut,
    kind: RecordKind,
    seconds: NDArray[np.float64],
    oddities: list[Oddity],
) -> Sweep:
    rays = records[cut.rows]
    moments = {}
    for channel in _CHANNELS:
        moment = _moment(data, rays, cut, kind, channel, oddities)
        if moment is not None:
            moments[channel.name] = moment
    byte = int(cut.rows[0]) * kind.bytes
    if not moments:
        raise DamageError("no_moment", byte, cut=cut.number)
    azimuth = (rays["azimuth"] * (180 / 32_768)).astype(np.float32)
    elevation = (rays["elevation"] * (180 / 32_768)).astype(np.float32)
    elevation[elevation > 180] -= 360
    if not np.all(np.abs(elevation) <= 90):
        row = int((np.abs(elevation) > 90).argmax())
        raise DamageError("bad_angle", int(cut.rows[row]) * kind.bytes + 42, value=f"{elevation[row]:g}")
    nyquist = float(np.median(rays["nyquist"])) / 100
    sweep = Sweep(
        number=cut.number,
        elevation_deg=round(float(np.median(elevation)), 4),
        azimuth_deg=azimuth,
        ray_elevation_deg=elevation,
        blanked=np.zeros(azimuth.size, np.bool_),
        moments=moments,
        started_at=moment_of(float(seconds[cut.rows[0]])),
        nyquist_ms=nyquist if nyquist > 0 else math.nan,
    )
    oddities += odd_azimuths(sweep, all_round=True)
    return sweep


def _moment(
    data: bytes,
    rays: NDArray[np.void],
    cut: RecordCut,
    kind: RecordKind,
    channel: _Channel,
    oddities: list[Oddity],
) -> Moment | None:
    """Return one moment of a cut, None where its rays hold none."""
    gates = np.where(rays[channel.at] == 0, 0, rays[f"gates_{channel.words}"]).astype(np.intp)
    here = gates > 0
    if not here.any():
        return None
    byte = int(cut.rows[here.argmax()]) * kind.bytes
    step = rays["step"][here] if channel.name == "V" else np.full(int(here.sum()), 2)
    words = np.stack([rays[f"first_{channel.words}"][here], rays[f"gate_{channel.words}"][here], step], axis=1)
    first_m, gate_m, step_word = (int(word) for word in words[0])
    if step_word not in (2, 4) or gates.max() > MOST_GATES:
        raise DamageError("bad_moment", byte + 70, moment=channel.name, cut=cut.number)
    if (words != words[0]).any():
        row = int((words != words[0]).any(axis=1).argmax())
        at = int(cut.rows[here][row]) * kind.bytes + 46
        raise DamageError("coding_changes", at, moment=channel.name, cut=cut.number)
    skipped, start_m = _start(first_m, gate_m) if kind.first_gate else (0, 0.0)
    codes = _codes(data, rays, cut, kind, channel, gates)
    if codes.shape[1] <= skipped:
        oddities.append(Oddity("radar.odd.empty_moment", cut=cut.number, moment=channel.name))
        return None
    shift = 0
    if (gates != gates[0]).any():
        shift = _SHIFT
        facts = {"cut": cut.number, "moment": channel.name, "fewest": int(gates.min()), "most": int(gates.max())}
        oddities.append(Oddity("radar.odd.uneven_gates", **facts))
    scale = 1.0 if step_word == 4 else 2.0
    return Moment(
        channel.name,
        codes[:, skipped:],
        scale,
        channel.offset + shift,
        float(gate_m),
        start_m,
        _FIRST_VALID + shift,
    )


def _start(first_m: int, gate_m: int) -> tuple[int, float]:
    """Return how many gates are centered behind the antenna, and the near edge of the first that is not."""
    skipped = max(0, -(first_m // gate_m)) if first_m < 0 else 0
    return skipped, first_m + skipped * gate_m - gate_m / 2


def _codes(
    data: bytes,
    rays: NDArray[np.void],
    cut: RecordCut,
    kind: RecordKind,
    channel: _Channel,
    gates: NDArray[np.intp],
) -> CodeArray:
    """Return the codes (rays, gates): as they stand where all rays are alike, else padded with *not scanned*."""
    table = np.frombuffer(data, np.uint8, (len(data) // kind.bytes) * kind.bytes).reshape(-1, kind.bytes)
    starts = np.where(gates > 0, rays[channel.at].astype(np.intp) + 28, 0)
    at, count = int(starts[0]), int(gates[0])
    if (starts == at).all() and (gates == count).all():
        first, last = int(cut.rows[0]), int(cut.rows[-1])
        if last - first + 1 == cut.rows.size:
            return table[first : last + 1, at : at + count].copy()
        return table[cut.rows, at : at + count]
    layouts = {(int(s), int(g)) for s, g in zip(starts, gates, strict=True) if g}
    if len(layouts) > _MOST_LAYOUTS:
        raise DamageError("too_uneven", int(cut.rows[0]) * kind.bytes, cut=cut.number)
    shape = (gates.size, int(gates.max()))
    even = bool((gates == count).all())
    out: CodeArray = np.zeros(shape, np.uint8) if even else np.full(shape, _NOT_SCANNED, np.uint16)
    for start, width in layouts:
        alike = np.flatnonzero((starts == start) & (gates == width))
        codes = table[cut.rows[alike], start : start + width]
        up = (codes >= _FIRST_VALID) * np.uint8(0 if even else _SHIFT)
        out[alike, :width] = codes
        out[alike, :width] += up
    return out
