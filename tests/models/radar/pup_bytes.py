"""Legacy PUP products for tests, made byte by byte; shares nothing with the decoder."""

from __future__ import annotations

import struct
from collections.abc import Sequence

DBZ_WORDS = (0x8002, *(0x0200 | value for value in range(5, 80, 5)))
KNOT_WORDS = (
    *(0x8002, 0x0135, 0x0127, 0x011D, 0x0113, 0x010A, 0x0102, 0x0101),
    *(0x0000, 0x0202, 0x020A, 0x0213, 0x021D, 0x0227, 0x0235, 0x8003),
)
INCH_WORDS = (
    *(0xA002, 0x2800, 0x2002, 0x2005, 0x200A, 0x200F, 0x2014, 0x2019),
    *(0x201E, 0x2023, 0x2028, 0x2032, 0x203C, 0x2050, 0x2078, 0x20A0),
)
RMS_WORDS = (0x8000, 0x0000, 0x0004, 0x0008, 0x000C, 0x0010, *[0x8000] * 10)


def runs(levels: Sequence[int]) -> bytes:
    """Return levels as runs, each at most 15 long."""
    out = bytearray()
    at = 0
    while at < len(levels):
        length = 1
        while at + length < len(levels) and length < 15 and levels[at + length] == levels[at]:
            length += 1
        out.append(length << 4 | levels[at])
        at += length
    return bytes(out)


def row(levels: Sequence[int]) -> bytes:
    """Return one row of a raster."""
    out = runs(levels)
    return struct.pack(">h", len(out)) + out


def raster(rows: Sequence[Sequence[int]], *, packet: int = 0xBA07, announced: int | None = None) -> bytes:
    """Return one raster packet."""
    count = len(rows) if announced is None else announced
    head = struct.pack(">HHHhhhhhhhh", packet, 0x8000, 0x00C0, 1, 1, 1, 0, 1, 0, count, 2)
    return head + b"".join(row(levels) for levels in rows)


Ray = tuple[int, int, Sequence[int]]
"""start and step in tenths of a degree, levels"""


def radial(rays: Sequence[Ray], *, bins: int | None = None, first: int = 0, announced: int | None = None) -> bytes:
    """Return one radial packet; rays are padded to whole half-words, as real ones are."""
    bins = len(rays[0][2]) if bins is None else bins
    out = struct.pack(">Hhhhhhh", 0xAF1F, first, bins, 256, 280, 999, len(rays) if announced is None else announced)
    for start, step, levels in rays:
        held = runs(levels)
        held += b"\0" * (len(held) % 2)
        out += struct.pack(">hhh", len(held) // 2, start, step) + held
    return out


def digital(rays: Sequence[Ray], *, bins: int | None = None) -> bytes:
    """Return one digital radial packet: plain codes."""
    bins = len(rays[0][2]) if bins is None else bins
    out = struct.pack(">Hhhhhhh", 16, 0, bins, 0, 0, 999, len(rays))
    for start, step, codes in rays:
        out += struct.pack(">hhh", len(codes), start, step) + bytes(codes)
    return out


def packet(code: int, inner: bytes) -> bytes:
    """Return any packet that states its length."""
    return struct.pack(">HH", code, len(inner)) + inner


def mark(code: int, x: int, y: int, text: str) -> bytes:
    """Return a packet 1, 2 or 15: a text or symbol at a place."""
    return packet(code, struct.pack(">hh", x, y) + text.encode("gbk"))


def text(x: int, y: int, words: str, *, color: int = 1) -> bytes:
    """Return a packet 8: a colored text."""
    return packet(8, struct.pack(">hhh", color, x, y) + words.encode("gbk"))


def barb(color: int, x: int, y: int, direction: int, speed: int) -> bytes:
    """Return a packet 4: a wind barb."""
    return packet(4, struct.pack(">5h", color, x, y, direction, speed))


def graphic(pages: Sequence[bytes], *, announced: int | None = None) -> bytes:
    """Return a graphic block of pages of packets."""
    body = b"".join(struct.pack(">hh", n, len(page)) + page for n, page in enumerate(pages, start=1))
    return struct.pack(">hhIh", -1, 2, 10 + len(body), len(pages) if announced is None else announced) + body


def tabular(pages: Sequence[Sequence[str]], *, announced: int | None = None) -> bytes:
    """Return a tabular block of pages of lines, its second header full of ones."""
    body = b""
    for page in pages:
        body += b"".join(struct.pack(">h", len(line.encode("gbk"))) + line.encode("gbk") for line in page)
        body += struct.pack(">h", -1)
    body = b"\x01" * 120 + struct.pack(">hh", -1, len(pages) if announced is None else announced) + body
    return struct.pack(">hhI", -1, 3, 8 + len(body)) + body


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
    elevation: tuple[int, int] = (0, 0),
    words: Sequence[int] = DBZ_WORDS,
    maximum: int = 0,
    values: Sequence[int] = (),
    layers: int = 1,
    length: int | None = None,
    symbology: int = 60,
    graphic: bytes = b"",
    tabular: bytes = b"",
    tail: bytes = b"",
) -> bytes:
    """Return a whole product with one symbology block of one layer."""
    layer = struct.pack(">hI", -1, len(packets)) + packets
    block = struct.pack(">hhIh", -1, 1, 10 + len(layer), layers) + layer
    block += b"\0" * (len(block) % 2) * bool(graphic or tabular)
    out = bytearray(120)
    blocks = block + graphic + b"\0" * (len(graphic) % 2) * bool(tabular) + tabular
    total = 120 + len(blocks) if length is None else length
    struct.pack_into(">hHIIhhhh", out, 0, code, 15_234, 29_136, total, source, source, 2, -1)
    struct.pack_into(">iihh", out, 20, lat, lon, 592, code if again is None else again)
    struct.pack_into(">hhhh", out, 32, 2, 21, 1516, 32)
    struct.pack_into(">HI", out, 40, day, second)
    struct.pack_into(">hh", out, 56, *elevation)
    struct.pack_into(">16H", out, 60, *words)
    struct.pack_into(f">{len(values) or 1}h", out, 92, *(values or (maximum,)))
    struct.pack_into(">I", out, 108, symbology)
    if graphic:
        struct.pack_into(">I", out, 112, (120 + len(block)) // 2)
    if tabular:
        struct.pack_into(">I", out, 116, (120 + len(blocks) - len(tabular)) // 2)
    return bytes(out) + blocks + tail
