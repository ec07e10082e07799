"""Legacy PUP products for tests, made byte by byte; shares nothing with the decoder."""

from __future__ import annotations

import struct
from collections.abc import Sequence

DBZ_WORDS = (0x8002, *(0x0200 | value for value in range(5, 80, 5)))


def row(levels: Sequence[int]) -> bytes:
    """Return one row of runs, each at most 15 long."""
    out = bytearray()
    at = 0
    while at < len(levels):
        length = 1
        while at + length < len(levels) and length < 15 and levels[at + length] == levels[at]:
            length += 1
        out.append(length << 4 | levels[at])
        at += length
    return struct.pack(">h", len(out)) + bytes(out)


def raster(rows: Sequence[Sequence[int]], *, packet: int = 0xBA07, announced: int | None = None) -> bytes:
    """Return one raster packet."""
    count = len(rows) if announced is None else announced
    head = struct.pack(">HHHhhhhhhhh", packet, 0x8000, 0x00C0, 1, 1, 1, 0, 1, 0, count, 2)
    return head + b"".join(row(levels) for levels in rows)


def product(
    packets: bytes,
    *,
    code: int = 37,
    again: int | None = None,
    source: int = 200,
    lat: int = 23_004,
    lon: int = 113_355,
    day: int = 15_234,
    second: int = 360,
    words: Sequence[int] = DBZ_WORDS,
    maximum: int = 0,
    layers: int = 1,
    length: int | None = None,
    symbology: int = 60,
    tail: bytes = b"",
) -> bytes:
    """Return a whole product with one symbology block of one layer."""
    layer = struct.pack(">hI", -1, len(packets)) + packets
    block = struct.pack(">hhIh", -1, 1, 10 + len(layer), layers) + layer
    out = bytearray(120)
    total = 120 + len(block) if length is None else length
    struct.pack_into(">hHIIhhhh", out, 0, code, 15_234, 29_136, total, source, source, 2, -1)
    struct.pack_into(">iihh", out, 20, lat, lon, 592, code if again is None else again)
    struct.pack_into(">HI", out, 40, day, second)
    struct.pack_into(">16H", out, 60, *words)
    struct.pack_into(">h", out, 92, maximum)
    struct.pack_into(">I", out, 108, symbology)
    return bytes(out) + block + tail
