"""NEXRAD level II files made byte by byte: messages 31 and 1, plain or in packed records."""

from __future__ import annotations

import bz2
import struct
from collections.abc import Sequence
from datetime import UTC, datetime

AT = datetime(2026, 6, 17, 18, 30, tzinfo=UTC)
DAY, MS = (AT - datetime(1970, 1, 1, tzinfo=UTC)).days + 1, (18 * 3600 + 30 * 60) * 1000
Field = tuple[str, int, int, int, int, float, float, bytes]


def field(
    name: str,
    codes: bytes,
    *,
    first_m: int = 2125,
    gate_m: int = 250,
    bits: int = 8,
    scale: float = 2.0,
    offset: float = 66.0,
) -> Field:
    """Return a moment of a radial; ``codes`` big-endian."""
    return name, len(codes) * 8 // bits, first_m, gate_m, bits, scale, offset, codes


def radial(
    fields: Sequence[Field],
    azimuth: float,
    *,
    cut: int = 1,
    status: int = 1,
    elevation: float = 0.5,
    ms: int = 0,
    place: tuple[float, float] = (23.5, 113.25),
    nyquist: float = 25.0,
    blanked: int = 0,
    extra: bytes = b"",
) -> bytes:
    """Return a message of type 31 with its 12 leading bytes."""
    blocks = [
        b"RVOL" + struct.pack(">HBBffhHfffffHH", 44, 1, 0, *place, 100, 20, -43.5, 200.0, 200.0, 0.0, 60.0, 35, 0),
        b"RELV" + struct.pack(">Hhf", 12, -12, -43.5),
        b"RRAD" + struct.pack(">HhffhH", 20, 4660, -82.0, -81.0, round(nyquist * 100), 0),
    ]
    for name, gates, first, gate, bits, scale, offset, codes in fields:
        head = struct.pack(">IHhhhhBBff", 0, gates, first, gate, 50, 0, 0, bits, scale, offset)
        blocks.append(b"D" + name.ljust(3).encode() + head + codes + bytes(len(codes) % 2))
    if extra:
        blocks.append(extra)
    at, pointers = 32 + 4 * len(blocks), []
    for block in blocks:
        pointers.append(at)
        at += len(block)
    body = struct.pack(
        ">4sIHHfBBHBBBBfBbH",
        *(b"ZT01", MS + ms, DAY, 1, azimuth, 0, 0, at, 1, status, cut, 0, elevation, blanked, 0, len(blocks)),
    )
    body += struct.pack(f">{len(blocks)}I", *pointers) + b"".join(blocks)
    body += bytes(len(body) % 2)
    return message(31, body)


def old_radial(
    azimuth: float,
    *,
    cut: int = 1,
    status: int = 1,
    elevation: float = 0.5,
    ms: int = 0,
    reflectivity: bytes = b"",
    velocity: bytes = b"",
    width: bytes = b"",
    resolution: int = 2,
) -> bytes:
    """Return a message of type 1, 2432 bytes."""
    at = [100, 100 + len(reflectivity), 100 + len(reflectivity) + len(velocity)]
    body = struct.pack(
        ">IHhHHHHHhhHHHHHfHHHHH",
        *(MS + ms, DAY, 4660, round(azimuth * 32768 / 180), 1, status, round(elevation * 32768 / 180) % 65536, cut),
        *(0, -375, 1000, 250, len(reflectivity), len(velocity), 1, 22.9),
        *(at[0] if reflectivity else 0, at[1] if velocity else 0, at[2] if width else 0, resolution, 11),
    )
    body = body.ljust(60, b"\0") + struct.pack(">h", 2537)
    body = body.ljust(100, b"\0") + reflectivity + velocity + width
    return message(1, body, 2432)


def pattern(elevations: Sequence[float], number: int = 21) -> bytes:
    """Return message 5, which announces the cuts."""
    body = struct.pack(">HHHHHBB", 11 + 23 * len(elevations), 2, number, len(elevations), 1, 2, 2).ljust(22, b"\0")
    for elevation in elevations:
        body += struct.pack(">H", round(elevation * 32768 / 180)).ljust(46, b"\0")
    return message(5, body, 2432)


def message(kind: int, body: bytes, size: int = 0) -> bytes:
    """Return a message with its 12 leading bytes."""
    head = struct.pack(">HBBHHIHH", (16 + len(body)) // 2, 0, kind, 1, DAY, MS, 1, 1)
    return (bytes(12) + head + body).ljust(size, b"\0")


def cut(
    number: int,
    fields: Sequence[Field],
    *,
    rays: int = 36,
    elevation: float = 0.5,
    last: int = 2,
    until_deg: float = 360.0,
    first: int = 0,
) -> list[bytes]:
    """Return the radials of one cut, its first with status ``first`` and its last with ``last``."""
    out = []
    for ray in range(rays):
        status = first if ray == 0 else last if ray == rays - 1 else 1
        step = {"cut": number, "status": status, "elevation": elevation, "ms": 1000 * (rays * (number - 1) + ray)}
        out.append(radial(fields, (ray + 0.5) * until_deg / rays, **step))  # type: ignore[arg-type]
    return out


def volume(messages: Sequence[bytes], *, packed: int = 0, tape: bytes = b"AR2V0006.001") -> bytes:
    """Return a file; ``packed`` is how many messages go into one packed record, 0 for none."""
    head = tape + struct.pack(">II4s", DAY, MS, b"ZT01")
    if not packed:
        return head + b"".join(messages)
    records = [bz2.compress(b"".join(messages[at : at + packed])) for at in range(0, len(messages), packed)]
    sizes = [len(record) if number < len(records) - 1 else -len(record) for number, record in enumerate(records)]
    return head + b"".join(struct.pack(">i", size) + record for size, record in zip(sizes, records, strict=True))
