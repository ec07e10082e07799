"""Standard base data for tests, made byte by byte; shares nothing with decoder or demo."""

from __future__ import annotations

import struct
from collections.abc import Sequence

Coded = tuple[int, int, int, bytes]
"""scale, offset, bytes per code, codes"""

STARTED_S = 1_789_000_000


def moment(kind: int, coded: Coded, *, announced_bytes: int | None = None) -> bytes:
    """Return one moment: 32 bytes of header and its codes."""
    scale, offset, width, codes = coded
    size = len(codes) if announced_bytes is None else announced_bytes
    return struct.pack("<iiihhi12x", kind, scale, offset, width, 0, size) + codes


def radial(
    cut: int,
    azimuth: float,
    elevation: float,
    moments: Sequence[bytes],
    *,
    state: int = 1,
    blanked: int = 0,
    seconds: int = STARTED_S,
    micro: int = 250_000,
    packing: int = 0,
    tail: bytes = b"",
) -> bytes:
    """Return one radial: 64 bytes of header and its moments."""
    body = b"".join(moments) + tail
    head = struct.pack(
        "<iiiiiffiiiihhhB13x",
        state,
        blanked,
        0,
        0,
        cut,
        azimuth,
        elevation,
        seconds,
        micro,
        len(body),
        len(moments),
        0,
        0,
        0,
        packing,
    )
    return head + body


def cut_header(
    elevation: float,
    *,
    log_gate: int = 1000,
    doppler_gate: int = 1000,
    start_m: int = 0,
    nyquist: float = 26.5,
    azimuth: float = 0.0,
    angles: tuple[float, float] = (-999_999.0, -999_999.0),
) -> bytes:
    """Return the 256 bytes of one cut in the task's table."""
    out = bytearray(256)
    struct.pack_into("<ffff", out, 20, azimuth, elevation, *angles)
    struct.pack_into("<ii", out, 44, log_gate, doppler_gate)
    struct.pack_into("<i", out, 60, start_m)
    struct.pack_into("<f", out, 80, nyquist)
    return bytes(out)


def head(
    cuts: Sequence[bytes],
    *,
    announced: int | None = None,
    lat: float = 23.5,
    lon: float = 113.25,
    antenna: int = 120,
    scan: int = 0,
    started_s: int = STARTED_S,
    kind: int = 1,
    frequency: float = 2860.0,
    name: bytes = "青岚".encode("gbk"),
    code: bytes = b"ZT001",
    beam_width: float = 0.95,
    said: Sequence[float] = (-74.5, -74.0, 45.5, 45.25, 351.0, 343.0, -0.25, 143.5, 0.5),
) -> bytes:
    """Return everything before the radials."""
    out = bytearray(416)
    struct.pack_into("<4shhi", out, 0, b"RSTM", 2, 0, kind)
    struct.pack_into("<8s32sffiifff", out, 32, code, name, lat, lon, antenna, 0, frequency, beam_width, beam_width)
    struct.pack_into("<32s", out, 160, b"VCP21D")
    struct.pack_into("<i", out, 324, scan)
    struct.pack_into("<ii", out, 332, started_s, len(cuts) if announced is None else announced)
    struct.pack_into("<9f", out, 340, *said)
    return bytes(out) + b"".join(cuts)


def even_cut(number: int, elevation: float, codes: Sequence[Sequence[int]], *, last: bool = False) -> bytes:
    """Return a cut of rays all round, dBZ (kind 2, scale 2, offset 66) with the codes given per ray."""
    step = 360 / len(codes)
    rays = []
    for index, row in enumerate(codes):
        state = 0 if index == 0 else 1
        if index == len(codes) - 1:
            state = 4 if last else 2
        rays.append(radial(number, index * step, elevation, [moment(2, (2, 66, 1, bytes(row)))], state=state))
    return b"".join(rays)


def turn(
    number: int,
    elevation: float,
    moments: Sequence[bytes],
    *,
    azimuths: Sequence[float] = tuple(range(0, 360, 10)),
    seconds: Sequence[int] | None = None,
    end: int = 2,
) -> bytes:
    """Return a cut of one ray for each azimuth, all with the same moments."""
    last = len(azimuths) - 1
    return b"".join(
        radial(
            number,
            azimuth,
            elevation,
            moments,
            state=0 if index == 0 else end if index == last else 1,
            seconds=STARTED_S if seconds is None else seconds[index],
        )
        for index, azimuth in enumerate(azimuths)
    )


def small_volume() -> bytes:
    """Return two cuts of 36 rays and 20 gates, codes 5 and more growing with ray and gate."""
    table = [cut_header(0.5), cut_header(1.5)]
    first = even_cut(1, 0.5, [[5 + ray + gate for gate in range(20)] for ray in range(36)])
    second = even_cut(2, 1.5, [[60 + ray + gate for gate in range(20)] for ray in range(36)], last=True)
    return head(table) + first + second
