"""Radar volumes of the exercise in the Chinese standard base-data format (FMT).

Written from the layout alone (little-endian: 32 bytes generic, 128 site, 256
task, 256 each cut, then radials of 64 bytes and per moment 32 bytes and the
codes); it shares nothing with the decoder, so that each proves the other.
"""

from __future__ import annotations

import bz2
import struct
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.demo.radar_view import Cut, look
from app.demo.radars import RadarSite

_MISSING = -999999.0
_RADIAL_HEAD = 64
_MOMENT_HEAD = 32
_DBZ, _VELOCITY = 2, 3
# Type, scale, offset; value = (code - offset) / scale, codes under 5 are no values.
_CODING = {_DBZ: (2, 66), _VELOCITY: (2, 129)}
_NOT_SCANNED = 2


def file_name(site: RadarSite, started_at: datetime) -> str:
    """Return the name under which the file comes, as the national exchange names them."""
    band = "SAD" if site.gate_m >= 250 else "XAD"
    return f"Z_RADR_I_{site.code}_{started_at:%Y%m%d%H%M%S}_O_DOR_{band}_CAP_FMT.bin.bz2"


def write_volume(site: RadarSite, started_at: datetime, folder: Path) -> Path:
    """Write one volume into ``folder`` under a temporary name, then rename; return its path."""
    path = folder / file_name(site, started_at)
    put(path, bz2.compress(volume_bytes(site, started_at), 1))
    return path


def put(path: Path, data: bytes) -> None:
    """Write a file so that nobody sees half of it: dotted ``.part`` name first, then rename."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(data)
    part.replace(path)


def volume_bytes(site: RadarSite, started_at: datetime) -> bytes:
    """Return one volume as it stands in the file, unpacked."""
    cuts = look(site, started_at)
    parts = [_generic(), _site(site), _task(started_at, len(cuts))]
    parts += [_cut(site, cut) for cut in cuts]
    first = 1
    for number, cut in enumerate(cuts):
        rays = _radials(site, cut, number, len(cuts), first)
        first += len(rays)
        parts.append(rays.tobytes())
    return b"".join(parts)


def _generic() -> bytes:
    return struct.pack("<4shhii16s", b"RSTM", 2, 0, 1, 0, b"")


def _site(site: RadarSite) -> bytes:
    head = struct.pack(
        "<8s32sffiifffihhhhh", site.code.encode("ascii"), site.name.encode("gbk"), site.lat_deg, site.lon_deg, site.antenna_m,
        site.ground_m, site.frequency_mhz, site.beam_deg, site.beam_deg, 200000, site.kind, site.gain_cdb, 150, 120, 20,
    )  # fmt: skip
    return head.ljust(128, b"\0")


def _task(started_at: datetime, cuts: int) -> bytes:
    name = b"DRILL" + str(cuts).encode()
    head = struct.pack(
        "<32s128siiiii9f", name, b"exercise volume, made by computation", 1, 0, 1570, int(started_at.timestamp()), cuts,
        -112.0, _MISSING, 0.0, _MISSING, 290.0, _MISSING, _MISSING, _MISSING, _MISSING,
    )  # fmt: skip
    return head.ljust(256, b"\0")


def _cut(site: RadarSite, cut: Cut) -> bytes:
    reach = site.gate_m * site.gates
    mask = (1 << _DBZ) | (1 << _VELOCITY)
    head = struct.pack(
        "<iiffi" "fffff" "fiiiiiiii" "ff" "qqi" "7f4x" "5i12x" "iihhhh",
        1, 0, site.prf_hz, site.prf_hz, 1,
        0.0, cut.elevation_deg, 0.0, 360.0, 1.0,
        360.0 / site.cut_s, site.gate_m, site.gate_m, reach, reach, 0, 64, 64, 1,
        0.011, site.nyquist_ms,
        mask, 0, 0,
        0.4, 5.0, 60.0, 3.0, 0.0, 0.45, 5.0,
        0, 1, 1, 0, 0,
        0, 1, 3, 1, 0, 0,
    )  # fmt: skip
    return head.ljust(256, b"\0")


def _radials(site: RadarSite, cut: Cut, number: int, cuts: int, first: int) -> NDArray[np.void]:
    """Return the rays of a cut as records of head, then per moment head and codes."""
    rays, gates = cut.dbz.shape
    moment = [
        ("type", "<i4"),
        ("scale", "<i4"),
        ("offset", "<i4"),
        ("width", "<i2"),
        ("flags", "<i2"),
        ("bytes", "<i4"),
        ("rest", "V12"),
    ]
    layout = np.dtype(
        [
            ("state", "<i4"), ("blanked", "<i4"), ("sequence", "<i4"), ("number", "<i4"), ("cut", "<i4"), ("azimuth", "<f4"),
            ("elevation", "<f4"), ("seconds", "<i4"), ("microseconds", "<i4"), ("length", "<i4"), ("moments", "<i4"), ("gap", "<i2"),
            ("noise_h", "<i2"), ("noise_v", "<i2"), ("zip", "u1"), ("rest", "V13"),
            ("z_head", moment), ("z", "u1", (gates,)), ("v_head", moment), ("v", "u1", (gates,)),
        ]
    )  # fmt: skip
    out = np.zeros(rays, layout)
    state = np.ones(rays, np.int32)
    state[0], state[-1] = (3 if number == 0 else 0), (4 if number == cuts - 1 else 2)
    out["state"] = state
    out["sequence"] = first + np.arange(rays)
    out["number"] = 1 + np.arange(rays)
    out["cut"] = number + 1
    out["azimuth"] = cut.azimuth_deg
    out["elevation"] = cut.elevation_deg
    since = np.arange(rays) * (site.cut_s * 0.96 / rays)
    out["seconds"], out["microseconds"] = _times(cut.started_at, since)
    out["length"] = layout.itemsize - _RADIAL_HEAD
    out["moments"] = 2
    out["noise_h"], out["noise_v"] = 11200, -32768
    for prefix, kind, values in (("z", _DBZ, cut.dbz), ("v", _VELOCITY, cut.velocity_ms)):
        head = out[f"{prefix}_head"]
        head["type"], head["width"], head["flags"], head["bytes"] = kind, 1, -32768, gates
        head["scale"], head["offset"] = _CODING[kind]
        out[prefix] = _codes(values, *_CODING[kind])
    if site.blanked_deg is not None:
        low, high = site.blanked_deg
        off = (cut.azimuth_deg >= low) & (cut.azimuth_deg <= high)
        out["blanked"][off] = 1
        out["z"][off], out["v"][off] = _NOT_SCANNED, _NOT_SCANNED
    return out


def _codes(values: NDArray[np.float32], scale: int, offset: int) -> NDArray[np.uint8]:
    with np.errstate(invalid="ignore"):
        codes = np.clip(np.rint(values * np.float32(scale) + np.float32(offset)), 5, 255)
    return np.where(np.isnan(values), np.float32(0), codes).astype(np.uint8)


def _times(started_at: datetime, since_s: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    whole = started_at.replace(microsecond=0)
    micros = np.rint(since_s * 1e6).astype(np.int64) + (started_at - whole) // timedelta(microseconds=1)
    return int(whole.timestamp()) + micros // 1_000_000, micros % 1_000_000
