"""Base data of a phased array for tests, made byte by byte; shares nothing with the decoder."""

from __future__ import annotations

import struct
from collections.abc import Sequence

STARTED_S = 1_789_000_000


def beam(
    *, width: float = 1.1, frequency: float = 9400.0, said: Sequence[float] = (0.0,) * 9, size: int = 640
) -> bytes:
    """Return one beam of the table: its own 128 bytes and its sub-pulses."""
    out = bytearray(size)
    struct.pack_into("<iiifff", out, 0, 1, 1, 1, 0.0, width, width)
    struct.pack_into("<iiffi9f", out, 128, 1, 1, frequency, 2.0, 40_000, *said)
    return bytes(out)


def cut_header(
    elevation: float,
    *,
    transmit_beam: int = 1,
    receive_width: float = 0.9,
    azimuth: float = 0.0,
    angles: tuple[float, float] = (0.0, 360.0),
    log_gate: float = 30.0,
    doppler_gate: float = 30.0,
    start_m: int = 0,
    nyquist: float = 20.0,
) -> bytes:
    """Return the 256 bytes of one cut in the table."""
    out = bytearray(256)
    struct.pack_into("<hhfffff", out, 0, 1, transmit_beam, elevation, 30.0, receive_width, receive_width, 30.0)
    struct.pack_into("<fffff", out, 52, azimuth, *angles, 1.0, 6.0)
    struct.pack_into("<ff", out, 72, log_gate, doppler_gate)
    struct.pack_into("<i", out, 88, start_m)
    struct.pack_into("<f", out, 108, nyquist)
    return bytes(out)


def head(
    cuts: Sequence[bytes],
    *,
    beams: Sequence[bytes] = (beam(),),
    announced: int | None = None,
    announced_beams: int | None = None,
    place: tuple[float, float] = (23.5, 113.25),
    scan: int = 0,
    order: int = 0,
    started_s: int = STARTED_S,
    frequency: float = 9400.0,
) -> bytes:
    """Return everything before the radials."""
    out = bytearray(416)
    struct.pack_into("<4shhi", out, 0, b"RSTM", 2, 0, 16)
    struct.pack_into("<8s32sffiif", out, 32, b"ZX001", b"array", *place, 120, 0, frequency)
    struct.pack_into("<32s", out, 160, b"PA60")
    count = len(cuts) if announced is None else announced
    of_beams = len(beams) if announced_beams is None else announced_beams
    struct.pack_into("<iiii", out, 320, 3, scan, of_beams, count)
    struct.pack_into("<iq", out, 336, order, started_s)
    return bytes(out) + b"".join(beams) + b"".join(cuts)


def radial(
    cut: int,
    number: int,
    azimuth: float,
    elevation: float,
    moments: Sequence[bytes],
    *,
    state: int = 1,
    seconds: int = STARTED_S,
    micro: int = 500_000,
) -> bytes:
    """Return one radial: 128 bytes of header and its moments, made by `fmt_bytes.moment`."""
    body = b"".join(moments)
    out = bytearray(128)
    struct.pack_into("<iiiiiff", out, 0, state, 0, 0, number, cut, azimuth, elevation)
    struct.pack_into("<qiii", out, 28, seconds, micro, len(body), len(moments))
    struct.pack_into("<hhhI", out, 48, 1, -32_768, -32_768, 11)
    return bytes(out) + body
