"""Writes the smallest .xls there is (BIFF8 in an OLE container), as old Excel and WPS do, for tests of reading."""

from __future__ import annotations

import struct
from collections.abc import Sequence

_SECTOR = 512
ERRORS = {"#N/A": 0x2A, "#REF!": 0x17, "#DIV/0!": 0x07}
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def workbook(rows: Sequence[Sequence[str | float | None]], *, locked: bool = False, sheet: str = "点位") -> bytes:
    """Return a workbook of one sheet; ``locked`` says in it that it is encrypted."""
    name = sheet.encode("utf-16-le")
    head = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    if locked:
        head += _record(0x002F, struct.pack("<HHH", 1, 1, 1) + bytes(48))
    page = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    width = max(map(len, rows), default=0)
    page += _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            if isinstance(cell, str) and cell in ERRORS:
                page += _record(0x0205, struct.pack("<HHHBB", y, x, 0, ERRORS[cell], 1))
            elif isinstance(cell, str) and cell[:1] == "=":  # a formula whose result is an error
                page += _record(
                    0x0006,
                    struct.pack("<HHH8sHIH", y, x, 0, bytes([2, 0, ERRORS[cell[1:]], 0, 0, 0, 255, 255]), 0, 0, 0),
                )
            elif isinstance(cell, str):
                text = cell.encode("utf-16-le")
                page += _record(0x0204, struct.pack("<HHHHB", y, x, 0, len(cell), 1) + text)
            elif cell is not None:
                page += _record(0x0203, struct.pack("<HHHd", y, x, 0, cell))
    page += _record(0x000A, b"")
    bound = struct.pack("<BBBB", 0, 0, len(sheet), 1) + name
    start = len(head) + 4 + 4 + len(bound) + 4
    globals_ = head + _record(0x0085, struct.pack("<I", start) + bound) + _record(0x000A, b"")
    return _container(globals_ + page)


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _container(stream: bytes) -> bytes:
    """Return an OLE file with one stream, ``Workbook``, padded so that it needs no short sectors."""
    stream = stream.ljust(max(4096, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
    count = len(stream) // _SECTOR
    fat = [_FAT, _END, *range(3, count + 2), _END]
    assert len(fat) <= 128
    fat += [_FREE] * (128 - len(fat))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    entries = _entry("Root Entry", 5, child=1, start=_END, size=0) + _entry("Workbook", 2, start=2, size=len(stream))
    return header + struct.pack("<128I", *fat) + entries.ljust(_SECTOR, b"\0") + stream


def _entry(name: str, kind: int, *, child: int = _FREE, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<III", _FREE, _FREE, child)
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text), kind, 1)
        + links
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
