"""Standard base data of the Chinese radars (FMT), generic type 1, little-endian.

Layout: ``32 generic | 128 site | 256 task | n x 256 cuts | radials``, each
radial ``64 header, moments { 32 header, codes }``. Written from the published
standard. Radials that lie evenly are taken as one array, after their headers
were compared; where they differ the walk goes from run to run.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from models.errors import DataError
from models.radar.cma_radials import Cut, DamageError, Field, Run, whole_cuts
from models.radar.oddity import Oddity
from models.radar.volume import CodeArray, Moment, Site, Sweep, Volume

NAME = "CMA standard base data (FMT)"

_SITE_AT, _TASK_AT, _CUTS_AT, _CUT_BYTES = 32, 160, 416, 256
MOST_CUTS = 256
MOST_GATES = 8192

_MOMENTS = {
    1: "dBT", 2: "dBZ", 3: "V", 4: "W", 5: "SQI", 6: "CPA", 7: "ZDR", 8: "LDR", 9: "CC", 10: "PhiDP", 11: "KDP",
    12: "CP", 14: "HCL", 15: "CF", 16: "SNRH", 17: "SNRV", 32: "Zc", 33: "Vc", 34: "Wc", 35: "ZDRc",
    36: "PhiDPc", 37: "KDPc", 38: "CCc",
}  # fmt: skip
_DOPPLER = frozenset({3, 4, 33, 34})
_SCANS = {0: "volume", 1: "ppi", 2: "rhi", 3: "sector", 4: "sector", 5: "rhi", 6: "manual"}
_NOT_SCANNED = 2


def recognizes(head: bytes, size: int) -> bool:
    """Return whether the file starts as standard base data of generic type 1."""
    return size >= 12 and head[:4] == b"RSTM" and struct.unpack_from("<i", head, 8)[0] == 1


def decode(data: bytes, name: str) -> Volume:
    """Return the volume in unpacked standard base data.

    Cuts are told apart by the cut number in their radials, never by a count of
    radials or by angles; they stay as recorded, split cuts too. Where the file
    breaks, the whole cuts before are kept and ``error`` says byte and cause.

    Parameters
    ----------
    data : bytes
        The whole unpacked file.
    name : str
        What errors call it.

    Raises
    ------
    DataError
        ``radar.bad_site`` if the position is impossible or was never set; where not one
        cut is whole, what broke it: ``radar.cut_off``, ``radar.bad_radial`` and the like.
    """
    head = _header(data, name)
    cuts, damage = whole_cuts(data, head.data_at, head.announced)
    sweeps: list[Sweep] = []
    oddities: list[Oddity] = list(head.oddities)
    for cut in cuts:
        try:
            sweeps.append(_sweep(data, cut, head, oddities))
        except DamageError as broken:
            damage = broken
            break
    error = damage.error(name) if damage else _cuts_missing(data, cuts, head, name, oddities)
    if not sweeps:
        raise error or DataError("radar.no_radials", file=name, byte=head.data_at)
    return Volume(
        format=NAME,
        layout="fmt",
        site=head.site,
        started_at=head.started_at or sweeps[0].started_at,
        sweeps=tuple(sweeps),
        announced=head.announced,
        task=head.task,
        frequency_mhz=head.frequency_mhz,
        oddities=tuple(dict.fromkeys(oddities)),
        error=error,
        scan=head.scan,
    )


@dataclass(frozen=True)
class _Header:
    """What stands before the radials."""

    site: Site
    task: str
    scan: str
    started_at: datetime | None
    announced: int
    frequency_mhz: float
    data_at: int
    oddities: tuple[Oddity, ...]


def _header(data: bytes, name: str) -> _Header:
    if len(data) < _CUTS_AT:
        raise DataError("radar.cut_off", file=name, byte=len(data), expected=_CUTS_AT)
    code, site_name, lat, lon, antenna, _ground, frequency = struct.unpack_from("<8s32sffiif", data, _SITE_AT)
    if not (abs(lat) <= 90 and abs(lon) <= 180) or (lat == 0 and lon == 0):
        raise DataError("radar.bad_site", file=name, byte=_SITE_AT + 40, lat=f"{lat:g}", lon=f"{lon:g}")
    oddities: list[Oddity] = []
    altitude = float(antenna)
    if not -500 <= antenna <= 9000:
        oddities.append(Oddity("radar.odd.height", height_m=antenna))
        altitude = math.nan
    scan, started_s, announced = struct.unpack_from("<i4xii", data, _TASK_AT + 164)
    if not 1 <= announced <= MOST_CUTS:
        raise DataError("radar.bad_cut_count", file=name, byte=_TASK_AT + 176, announced=announced, limit=MOST_CUTS)
    data_at = _CUTS_AT + announced * _CUT_BYTES
    if len(data) < data_at:
        raise DataError("radar.cut_off", file=name, byte=len(data), expected=data_at)
    if scan not in _SCANS:
        oddities.append(Oddity("radar.odd.scan", scan=scan))
    if started_s <= 0:
        oddities.append(Oddity("radar.odd.no_start"))
    return _Header(
        site=Site(_text(code), _text(site_name), lon, lat, altitude),
        task=_text(data[_TASK_AT : _TASK_AT + 32]),
        scan=_SCANS.get(scan, "unknown"),
        started_at=datetime.fromtimestamp(started_s, UTC) if started_s > 0 else None,
        announced=announced,
        frequency_mhz=frequency if math.isfinite(frequency) and frequency > 0 else math.nan,
        data_at=data_at,
        oddities=tuple(oddities),
    )


def _text(field: bytes) -> str:
    """Decode a fixed field: ASCII or GBK, padded with NUL or blanks."""
    text = field.split(b"\x00", 1)[0].decode("gbk", errors="replace")
    return "".join(letter for letter in text if letter.isprintable()).strip()


def _cuts_missing(data: bytes, cuts: list[Cut], head: _Header, name: str, oddities: list[Oddity]) -> DataError | None:
    """Complete means as many cuts as announced; one cut alone is a tilt file, sent while the radar scans."""
    if len(cuts) == head.announced or not cuts:
        return None
    if len(cuts) == 1:
        oddities.append(Oddity("radar.odd.one_cut", cut=cuts[0].number, announced=head.announced))
        return None
    return DataError("radar.cuts_missing", file=name, byte=len(data), found=len(cuts), announced=head.announced)


def _sweep(data: bytes, cut: Cut, head: _Header, oddities: list[Oddity]) -> Sweep:
    at = _CUTS_AT + (cut.number - 1) * _CUT_BYTES
    log_gate_m, doppler_gate_m = (_gate_m(word) for word in struct.unpack_from("<ii", data, at + 44))
    (start_m,) = struct.unpack_from("<i", data, at + 60)
    (nyquist,) = struct.unpack_from("<f", data, at + 80)
    if not -10_000 <= start_m <= 500_000:
        raise DamageError("bad_start_range", at + 60, cut=cut.number, start_m=start_m)
    headers = cut.headers()
    azimuth, ray_elevation, elevation = _angles(data, at, headers, head, cut.number, oddities)
    blanked = headers["blanked"] != 0
    if blanked.any():
        oddities.append(Oddity("radar.odd.blanked", cut=cut.number, rays=int(blanked.sum()), of=blanked.size))
    moments: dict[str, Moment] = {}
    for kind, codes, scale, offset in _moments_of(cut, oddities):
        own_m, other_m = (doppler_gate_m, log_gate_m) if kind in _DOPPLER else (log_gate_m, doppler_gate_m)
        gate_m = own_m or other_m
        if not gate_m:
            raise DamageError("no_gate_length", at + 44, cut=cut.number)
        moments[_MOMENTS[kind]] = Moment(_MOMENTS[kind], codes, scale, offset, gate_m, float(start_m))
    if not moments:
        raise DamageError("no_moment", cut.byte, cut=cut.number)
    return Sweep(
        number=cut.number,
        elevation_deg=elevation,
        azimuth_deg=azimuth,
        ray_elevation_deg=ray_elevation,
        blanked=blanked,
        moments=moments,
        started_at=_first_moment(headers, head, cut),
        nyquist_ms=float(nyquist) if math.isfinite(nyquist) and nyquist > 0 else math.nan,
    )


def _angles(
    data: bytes, at: int, headers: NDArray[np.void], head: _Header, number: int, oddities: list[Oddity]
) -> tuple[NDArray[np.float32], NDArray[np.float32], float]:
    """Return azimuth and elevation of the rays, and the elevation of the cut.

    In an RHI the azimuth is the cut's; a cut's own elevation stands unless its rays contradict it.
    """
    rhi_azimuth, announced = struct.unpack_from("<ff", data, at + 20)
    azimuth = np.mod(headers["azimuth"], np.float32(360))
    rays = np.where(headers["elevation"] > 180, headers["elevation"] - np.float32(360), headers["elevation"])
    median = round(float(np.median(rays)), 4)
    if head.scan == "rhi":
        if 0 <= rhi_azimuth <= 360:
            azimuth = np.full_like(azimuth, rhi_azimuth)
        return azimuth, rays, median
    announced = announced - 360 if announced > 180 else announced
    if abs(announced - median) <= 2:
        return azimuth, rays, round(announced, 4)
    oddities.append(Oddity("radar.odd.elevation", cut=number, announced=f"{announced:g}", rays=f"{median:.2f}"))
    return azimuth, rays, median


def _gate_m(word: int) -> float:
    """Meters of a gate: plain, or hundredths above 32768; 0 where no radar has such gates."""
    gate = float(word) if word < 32_768 else (word - 32_768) / 100
    return gate if 1 <= gate <= 10_000 else 0.0


def _first_moment(headers: NDArray[np.void], head: _Header, cut: Cut) -> datetime:
    """Return the time of the first ray; the volume's own where the ray has none."""
    seconds, micro = int(headers["seconds"][0]), int(headers["microseconds"][0])
    if seconds > 0:
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micro if 0 <= micro < 1_000_000 else 0)
    if head.started_at is None:
        raise DamageError("no_time", cut.byte + 28)
    return head.started_at


def _moments_of(cut: Cut, oddities: list[Oddity]) -> list[tuple[int, CodeArray, float, float]]:
    """Return (kind, codes (rays, gates), scale, offset) of each known moment of a cut, by kind."""
    by_kind: dict[int, list[tuple[Run, Field]]] = {}
    for run in cut.runs:
        for kind, field in {field.kind: field for field in reversed(run.fields)}.items():
            by_kind.setdefault(kind, []).append((run, field))
    out: list[tuple[int, CodeArray, float, float]] = []
    for kind, parts in sorted(by_kind.items()):
        if kind not in _MOMENTS:
            oddities.append(Oddity("radar.odd.moment", kind=kind))
            continue
        filled = [(run, field) for run, field in parts if field.bytes]
        if not filled:
            oddities.append(Oddity("radar.odd.empty_moment", cut=cut.number, moment=_MOMENTS[kind]))
            continue
        first = filled[0][1]
        for run, field in filled:
            if field.width not in (1, 2) or field.scale <= 0 or field.bytes % field.width or field.gates > MOST_GATES:
                raise DamageError("bad_moment", run.byte + field.at - 32, moment=_MOMENTS[kind], cut=cut.number)
            if field.coding != first.coding:
                raise DamageError("coding_changes", run.byte + field.at - 32, moment=_MOMENTS[kind], cut=cut.number)
        out.append((kind, _codes(cut, filled), float(first.scale), float(first.offset)))
    return out


def _codes(cut: Cut, filled: list[tuple[Run, Field]]) -> CodeArray:
    """Join the runs of one moment; short or absent radials are *not scanned*, never *no echo*."""
    if len(cut.runs) == 1:
        return filled[0][0].codes(filled[0][1])
    first = filled[0][1]
    rays, gates = sum(run.rays for run in cut.runs), max(field.gates for _, field in filled)
    held = sum(run.rays * field.bytes for run, field in filled)
    if rays * gates * first.width > 4 * held + 65_536:
        raise DamageError("too_uneven", cut.byte, cut=cut.number)
    codes = np.full((rays, gates), _NOT_SCANNED, np.uint8 if first.width == 1 else np.uint16)
    rows = dict(zip((run.byte for run in cut.runs), np.cumsum([0, *(run.rays for run in cut.runs)]), strict=False))
    for run, field in filled:
        row = int(rows[run.byte])
        codes[row : row + run.rays, : field.gates] = run.codes(field)
    return codes
