"""Error cells of an old workbook (.xls, .et): its records say them, the reader shows them empty."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_NAMES = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
_EOF, _BOUNDSHEET, _BOOLERR, _FORMULA = 0x0A, 0x85, 0x0205, 0x06
_LAST_SECTOR = 0xFFFFFFFA
_DIRECTORY_ENTRY = 128


def odd_cells_of_old(data: bytes, sheet: str) -> dict[tuple[int, int], str]:
    """Return the errors in a sheet's cells by (row, column) from 0; none where the container cannot be followed.

    Source: [MS-CFB] 2.1 to 2.6 and [MS-XLS] 2.4.24 (BoolErr), 2.4.28 (BoundSheet8), 2.4.127 (Formula).
    """
    try:
        stream = _workbook(data)
        start = next(at for at, name in _sheets(stream) if name == sheet)
        return dict(_errors(stream, start))
    except (struct.error, StopIteration, IndexError, UnicodeError):
        return {}


def _errors(stream: bytes, start: int) -> Iterator[tuple[tuple[int, int], str]]:
    for kind, body in _records(stream, start):
        if kind == _EOF:
            return
        error = None
        if kind == _BOOLERR and len(body) >= 8 and body[7] == 1:
            error = body[6]
        elif kind == _FORMULA and len(body) >= 14 and body[6] == 2 and body[12:14] == b"\xff\xff":
            error = body[8]
        if error is not None:
            row, column = struct.unpack_from("<HH", body)
            yield (row, column), _NAMES.get(error, "#VALUE!")


def _sheets(stream: bytes) -> Iterator[tuple[int, str]]:
    """Yield where each sheet begins in the stream, and its name."""
    for kind, body in _records(stream, 0):
        if kind == _EOF:
            return
        if kind == _BOUNDSHEET:
            count, wide = body[6], body[7] & 1
            name = body[8 : 8 + count * (2 if wide else 1)]
            yield struct.unpack_from("<I", body)[0], name.decode("utf-16-le" if wide else "latin-1")


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _workbook(data: bytes) -> bytes:
    """Return the workbook's stream of a compound file; of one below 4096 bytes, nothing."""
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in {9, 12}:
        return b""
    size = 1 << shift
    table = _table(data, size)
    first = struct.unpack_from("<I", data, 48)[0]
    directory = _chain(data, size, table, first)
    least = struct.unpack_from("<I", data, 56)[0]
    for at in range(0, len(directory) - _DIRECTORY_ENTRY + 1, _DIRECTORY_ENTRY):
        entry = directory[at : at + _DIRECTORY_ENTRY]
        name = entry[: max(0, struct.unpack_from("<H", entry, 64)[0] - 2)].decode("utf-16-le", "replace")
        start, length = struct.unpack_from("<II", entry, 116)
        if name in {"Workbook", "Book"} and length >= least:
            return _chain(data, size, table, start)[:length]
    return b""


def _table(data: bytes, size: int) -> tuple[int, ...]:
    """Return which sector follows each sector."""
    parts = list(struct.unpack_from("<109I", data, 76))
    following = struct.unpack_from("<I", data, 68)[0]
    for _ in range(len(data) // size):
        if following > _LAST_SECTOR:
            break
        *more, following = struct.unpack_from(f"<{size // 4}I", data, (following + 1) * size)
        parts += more
    table: list[int] = []
    for part in parts:
        if part <= _LAST_SECTOR:
            table += struct.unpack_from(f"<{size // 4}I", data, (part + 1) * size)
    return tuple(table)


def _chain(data: bytes, size: int, table: tuple[int, ...], sector: int) -> bytes:
    out: list[bytes] = []
    while sector <= _LAST_SECTOR and len(out) <= len(table):
        out.append(data[(sector + 1) * size : (sector + 2) * size])
        sector = table[sector]
    return b"".join(out)
