"""Reads the layout of a little-endian TIFF byte for byte: its directories, and where each tile lies."""

from __future__ import annotations

import struct
from dataclasses import dataclass

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 12: 8, 16: 8}
_FORMS = {3: "H", 4: "I", 12: "d", 16: "Q"}


@dataclass(frozen=True)
class Directory:
    """One image of the file: where its directory stands, and its tags as numbers or bytes."""

    offset: int
    end: int
    tags: dict[int, tuple[float, ...] | bytes]

    def number(self, tag: int) -> int:
        value = self.tags[tag]
        return int(value[0])

    def numbers(self, tag: int) -> tuple[int, ...]:
        return tuple(int(value) for value in self.tags[tag])

    @property
    def shape(self) -> tuple[int, int]:
        return self.number(257), self.number(256)

    @property
    def tiles(self) -> tuple[tuple[int, int], ...]:
        """Offset and length of each tile that is there."""
        return tuple((at, size) for at, size in zip(self.numbers(324), self.numbers(325), strict=True) if size)


def directories(data: bytes) -> list[Directory]:
    """Return the directories in the order of the file's chain."""
    assert data[:4] == b"II*\0", "a little-endian classic TIFF"
    found, offset = [], struct.unpack_from("<I", data, 4)[0]
    while offset:
        count = struct.unpack_from("<H", data, offset)[0]
        end = offset + 2 + 12 * count + 4
        tags: dict[int, tuple[float, ...] | bytes] = {}
        for n in range(count):
            tag, kind, length, value = struct.unpack_from("<HHII", data, offset + 2 + 12 * n)
            size = _SIZES[kind] * length
            at = value if size > 4 else offset + 2 + 12 * n + 8
            end = max(end, at + size) if size > 4 else end
            tags[tag] = (
                struct.unpack_from(f"<{length}{_FORMS[kind]}", data, at) if kind in _FORMS else data[at : at + size]
            )
        found.append(Directory(offset, end, tags))
        offset = struct.unpack_from("<I", data, offset + 2 + 12 * count)[0]
    return found
