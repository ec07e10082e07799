"""Volumes of the scene as files in the Chinese standard base-data format (FMT), plain and packed."""

from __future__ import annotations

import bz2
import struct
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.bench.measure.scene import DBZ, GATE_M, Coding, others_of
from models.radar.volume import CodeArray, Sweep, Volume

_MISSING = -999999.0
_HEAD_BYTES = 64


@dataclass(frozen=True, slots=True)
class Files:
    """One volume's two files, and how many MB it has unpacked."""

    plain: Path
    packed: Path
    megabytes: float


def write_files(volumes: Sequence[Volume], folder: Path) -> tuple[Files, ...]:
    """Write each volume plain and as bz2; two at a time, as packing is slow."""
    with ThreadPoolExecutor(2) as threads:
        return tuple(threads.map(lambda pair: _write(pair[0], pair[1], folder), enumerate(volumes)))


def _write(number: int, volume: Volume, folder: Path) -> Files:
    name = f"Z_RADR_I_{volume.site.code}_{volume.started_at:%Y%m%d%H%M%S}_O_DOR_SAD_CAP_FMT.bin"
    data = volume_bytes(volume, number)
    plain, packed = folder / name, folder / f"{name}.bz2"
    plain.write_bytes(data)
    packed.write_bytes(bz2.compress(data))
    return Files(plain, packed, len(data) / 1e6)


def volume_bytes(volume: Volume, number: int) -> bytes:
    """Return a volume as it stands in the file."""
    parts = [struct.pack("<4shhii16s", b"RSTM", 2, 0, 1, 0, b""), _site(volume), _task(volume)]
    parts += [_cut(sweep) for sweep in volume.sweeps]
    first = 1
    for sweep in volume.sweeps:
        moments = ((DBZ, sweep.moments["dBZ"].codes), *others_of(sweep, number))
        parts.append(_radials(sweep, moments, first, len(volume.sweeps)).tobytes())
        first += sweep.azimuth_deg.size
    return b"".join(parts)


def _site(volume: Volume) -> bytes:
    site = volume.site
    head = struct.pack(
        "<8s32sffiifff", site.code.encode(), site.name.encode(), site.lat_deg, site.lon_deg, round(site.altitude_m),
        round(site.altitude_m) - 20, 2860.0, 0.95, 0.95,
    )  # fmt: skip
    return head.ljust(128, b"\0")


def _task(volume: Volume) -> bytes:
    head = struct.pack(
        "<32s128siiiii9f", b"VCP21D", b"made from a seed", 1, 0, 1570, _epoch(volume.started_at)[0], len(volume.sweeps),
        -112.0, _MISSING, 0.0, _MISSING, 290.0, _MISSING, _MISSING, _MISSING, _MISSING,
    )  # fmt: skip
    return head.ljust(256, b"\0")


def _cut(sweep: Sweep) -> bytes:
    reach = round(GATE_M * sweep.moments["dBZ"].codes.shape[1])
    head = struct.pack(
        "<iiff" "ifffff" "fiiiiiiii" "ff",
        1, 0, 320.0, 1014.0,
        1, 0.0, sweep.elevation_deg, 0.0, 360.0, 360 / sweep.azimuth_deg.size,
        20.0, round(GATE_M), round(GATE_M), reach, reach, 0, 64, 64, 1,
        0.011, sweep.nyquist_ms,
    )  # fmt: skip
    return head.ljust(256, b"\0")


def _radials(sweep: Sweep, moments: Sequence[tuple[Coding, CodeArray]], first: int, cuts: int) -> NDArray[np.void]:
    """Return the rays of a cut as records of a head, then per moment a head and its codes."""
    rays = sweep.azimuth_deg.size
    moment = [("kind", "<i4"), ("scale", "<i4"), ("offset", "<i4"), ("width", "<i2"), ("flags", "<i2"),
              ("bytes", "<i4"), ("rest", "V12")]  # fmt: skip
    layout = np.dtype(
        [
            ("state", "<i4"), ("blanked", "<i4"), ("sequence", "<i4"), ("number", "<i4"), ("cut", "<i4"), ("azimuth", "<f4"),
            ("elevation", "<f4"), ("seconds", "<i4"), ("microseconds", "<i4"), ("length", "<i4"), ("moments", "<i4"), ("rest", "V20"),
            *(part for coding, codes in moments for part in
              ((f"{coding.name}_head", moment), (coding.name, "u1", (codes.shape[1],)))),
        ]
    )  # fmt: skip
    out = np.zeros(rays, layout)
    out["state"] = 1
    out["state"][0], out["state"][-1] = 3 if sweep.number == 1 else 0, 4 if sweep.number == cuts else 2
    out["sequence"], out["number"], out["cut"] = first + np.arange(rays), 1 + np.arange(rays), sweep.number
    out["azimuth"], out["elevation"] = sweep.azimuth_deg, sweep.ray_elevation_deg
    seconds, micros = _epoch(sweep.started_at)
    since = micros + (np.arange(rays) * 17_000_000) // rays
    out["seconds"], out["microseconds"] = seconds + since // 1_000_000, since % 1_000_000
    out["length"], out["moments"] = layout.itemsize - _HEAD_BYTES, len(moments)
    for coding, codes in moments:
        head = out[f"{coding.name}_head"]
        head["kind"], head["scale"], head["offset"] = coding.kind, coding.scale, coding.offset
        head["width"], head["bytes"] = 1, codes.shape[1]
        out[coding.name] = codes
    return out


def _epoch(at: datetime) -> tuple[int, int]:
    whole = at.astimezone(UTC).replace(microsecond=0)
    return int(whole.timestamp()), at.microsecond
