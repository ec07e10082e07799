"""The blocks of a legacy PUP product: layers of packets, pages of packets, pages of lines.

Everything stands big-endian. Each block, layer and page says where it ends, and each
is followed to that byte; what ends elsewhere is damage, never read on.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.radar.layouts.cma_radials import DamageError

RADIAL, DIGITAL_RADIAL, DIGITAL_RASTER = 0xAF1F, 16, 17
RASTERS = (0xBA07, 0xBA0F)
LINES = frozenset({6, 9, 10})
"""Packets that only draw lines: frames, grids, legs."""

LARGEST_BYTES = 4 * 1024 * 1024
MOST_PACKETS = 20_000
MOST_PARTS = 32_768
MOST_PAGES = 256
MOST_LINES = 4096
LONGEST_TEXT = 512

_HEADER_BYTES = 120
_SYMBOLOGY, _GRAPHIC, _TABULAR = (108, 1), (112, 2), (116, 3)


@dataclass(frozen=True, slots=True, eq=False)
class Packet:
    """One packet: its code, its first byte and the byte after its last.

    ``parts`` (rows, 2) are first byte and length of each row's or ray's codes, empty for
    packets that are neither raster nor rays.
    """

    code: int
    at: int
    end: int
    parts: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Label:
    """A text where it is drawn: ``x`` and ``y`` in the units of its block, ``color`` 0 where it has none."""

    x: int
    y: int
    color: int
    text: str


def symbology(data: bytes) -> list[Packet]:
    """Return the packets of all layers in their order; none where the product has no such block.

    Raises
    ------
    DamageError
        ``bad_block``, ``bad_packet``, ``bad_row`` or ``packet_not_read``, with the byte.
    """
    found = _block(data, *_SYMBOLOGY)
    if found is None:
        return []
    at, block_end = found
    layers = _i2(data, at, block_end)
    at += 2
    packets: list[Packet] = []
    for _ in range(layers):
        if at + 6 > block_end or data[at : at + 2] != b"\xff\xff":
            raise DamageError("bad_block", min(at, len(data)))
        end = at + 6 + int.from_bytes(data[at + 2 : at + 6], "big")
        if end > block_end:
            raise DamageError("bad_block", at + 2)
        packets += packets_between(data, at + 6, end, most=MOST_PACKETS - len(packets))
        at = end
    if at != block_end or layers < 0:
        raise DamageError("bad_block", at)
    return packets


def graphic(data: bytes) -> list[list[Packet]]:
    """Return the packets of each page of the graphic block; no page where the product has no such block.

    Raises
    ------
    DamageError
        ``bad_block``, ``bad_packet`` and the like, with the byte.
    """
    found = _block(data, *_GRAPHIC)
    if found is None:
        return []
    at, block_end = found
    count = _i2(data, at, block_end)
    at += 2
    pages: list[list[Packet]] = []
    for _ in range(count if count <= MOST_PAGES else -1):
        end = at + 4 + _i2(data, at + 2, block_end)
        if not at + 4 <= end <= block_end:
            raise DamageError("bad_block", at + 2)
        pages.append(packets_between(data, at + 4, end, most=MOST_PACKETS - sum(map(len, pages))))
        at = end
    if at != block_end:
        raise DamageError("bad_block", at)
    return pages


def tabular(data: bytes) -> list[list[str]]:
    """Return the lines of each page of the tabular block; no page where the product has no such block.

    The block carries a second message header, whose length is garbage in some products
    and is not looked at.

    Raises
    ------
    DamageError
        ``bad_block`` with the byte.
    """
    found = _block(data, *_TABULAR)
    if found is None:
        return []
    at, end = found
    at += _HEADER_BYTES
    if _i2(data, at, end) != -1:
        raise DamageError("bad_block", at)
    count = _i2(data, at + 2, end)
    at += 4
    pages: list[list[str]] = []
    left = MOST_LINES
    for _ in range(count if count <= MOST_PAGES else -1):
        lines: list[str] = []
        while (length := _i2(data, at, end)) != -1:
            left -= 1
            if not 0 <= length <= LONGEST_TEXT or at + 2 + length > end or left < 0:
                raise DamageError("bad_block", at)
            lines.append(text_of(data[at + 2 : at + 2 + length]))
            at += 2 + length
        pages.append(lines)
        at += 2
    if at != end:
        raise DamageError("bad_block", at)
    return pages


def packets_between(data: bytes, at: int, end: int, *, most: int = MOST_PACKETS) -> list[Packet]:
    """Return the packets that fill the bytes from ``at`` to ``end``, at most ``most``.

    Raises
    ------
    DamageError
        ``bad_packet`` where one ends elsewhere, ``bad_row`` where a row of one does,
        ``packet_not_read`` for the digital raster (17), whose layout is not known here.
    """
    out: list[Packet] = []
    while at < end:
        if at + 4 > end or len(out) >= most:
            raise DamageError("bad_packet", at)
        code, size = struct.unpack_from(">HH", data, at)
        if code == DIGITAL_RASTER:
            raise DamageError("packet_not_read", at, packet=code)
        if code in RASTERS:
            packet = _in_parts(data, code, at, end, head=22, count_at=18, angles=0, unit=1)
        elif code == RADIAL:
            packet = _in_parts(data, code, at, end, head=14, count_at=12, angles=4, unit=2)
        elif code == DIGITAL_RADIAL:
            packet = _in_parts(data, code, at, end, head=14, count_at=12, angles=4, unit=1)
        else:
            packet = Packet(code, at, at + 4 + size, np.empty((0, 2), np.intp))
        if packet.end > end:
            raise DamageError("bad_packet", at)
        out.append(packet)
        at = packet.end
    return out


def label(data: bytes, packet: Packet) -> Label:
    """Return the text of a packet 1, 2, 8 or 15; only 8 has a color.

    Raises
    ------
    DamageError
        ``bad_packet`` where there is no room for its place.
    """
    colored = packet.code == 8
    at = packet.at + 4 + 2 * colored
    if not at + 4 <= packet.end <= at + 4 + LONGEST_TEXT:
        raise DamageError("bad_packet", packet.at)
    x, y = struct.unpack_from(">hh", data, at)
    color = struct.unpack_from(">h", data, at - 2)[0] if colored else 0
    return Label(x, y, color, text_of(data[at + 4 : packet.end]))


def text_of(field: bytes) -> str:
    """Return ASCII or GBK as text, blanks kept, anything that cannot be printed as a blank."""
    text = field.decode("gbk", errors="replace")
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _block(data: bytes, offset_at: int, number: int) -> tuple[int, int] | None:
    """Return the bytes behind a block's first eight and of its end; None where the header names none."""
    at = int.from_bytes(data[offset_at : offset_at + 4], "big") * 2
    if at == 0:
        return None
    if at < _HEADER_BYTES or at + 10 > len(data) or struct.unpack_from(">hh", data, at) != (-1, number):
        raise DamageError("bad_block", offset_at)
    end = at + int.from_bytes(data[at + 4 : at + 8], "big")
    if not at + 10 <= end <= len(data):
        raise DamageError("bad_block", at + 4)
    return at + 8, end


def _i2(data: bytes, at: int, end: int) -> int:
    if at + 2 > end:
        raise DamageError("bad_block", min(at, end))
    return int(struct.unpack_from(">h", data, at)[0])


def _in_parts(data: bytes, code: int, at: int, end: int, *, head: int, count_at: int, angles: int, unit: int) -> Packet:
    """Follow a raster's rows or a radial's rays: a length in ``unit`` bytes, ``angles`` bytes, the codes."""
    if at + head > end:
        raise DamageError("bad_packet", at)
    count = int.from_bytes(data[at + count_at : at + count_at + 2], "big")
    if count >= MOST_PARTS:
        raise DamageError("bad_packet", at + count_at)
    parts = np.zeros((count, 2), np.intp)
    part_at = at + head
    for row in range(count):
        length = int.from_bytes(data[part_at : part_at + 2], "big") * unit
        codes_at = part_at + 2 + angles
        if length == 0 or codes_at + length > end:
            raise DamageError("bad_row", part_at, row=row + 1)
        parts[row] = codes_at, length
        part_at = codes_at + length
    return Packet(code, at, part_at, parts)
