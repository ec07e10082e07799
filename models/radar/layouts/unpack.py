"""The bytes of a radar file, unpacked within bounds."""

from __future__ import annotations

import bz2
import os
import zlib
from collections.abc import Iterator
from pathlib import Path

from models.errors import DataError

LARGEST_BYTES = 200 * 1024 * 1024
MOST_STREAMS = 512

_PIECE_BYTES = 4 * 1024 * 1024
_FED_BYTES = 256 * 1024
_MARKS = {"bz2": b"BZh", "gzip": b"\x1f\x8b"}
_SUSPECT_BYTES = 48 * 1024 * 1024
_SUSPECT_RATIO = 1000


def load(path: Path) -> tuple[bytes, DataError | None]:
    """Return the unpacked bytes of a file, and the error where the packing was cut off.

    bz2 and gzip are known by their first bytes, not by the name. What a packed
    file gave before it was cut off is returned with the error; packing that is
    damaged (a flipped byte) gives nothing that could be trusted.

    Raises
    ------
    DataError
        ``radar.unreadable`` if the file cannot be opened (absent, locked),
        ``radar.folder``, ``radar.empty``, ``radar.too_large`` over 200 MiB packed or
        unpacked, ``radar.packing_damaged`` where the packed bytes contradict
        themselves.
    """
    try:
        with path.open("rb") as file:
            # Asked for 200 MiB, Python makes room for 200 MiB first; that takes ten times as long as the file.
            size = os.fstat(file.fileno()).st_size
            packed = file.read(min(size, LARGEST_BYTES) + 1)
    except OSError as error:
        if path.is_dir():
            raise DataError("radar.folder", file=path.name) from error
        raise DataError("radar.unreadable", file=path.name, cause=error.strerror or str(error)) from error
    if not packed:
        raise DataError("radar.empty", file=path.name)
    if len(packed) > LARGEST_BYTES:
        raise DataError("radar.too_large", file=path.name, limit_mib=LARGEST_BYTES // 1024**2)
    packing = next((word for word, mark in _MARKS.items() if packed.startswith(mark)), None)
    return (packed, None) if packing is None else _unpacked(packed, path.name, packing)


def _unpacked(packed: bytes, name: str, packing: str) -> tuple[bytes, DataError | None]:
    """Join the pieces of a packed file.

    Where a few bytes swell beyond what radar files do, the rest is only counted, so that a
    bomb costs no memory; if it ends below the bound after all, it is unpacked once more.
    """
    pieces: list[bytes] = []
    total = 0
    counting = False
    cut: DataError | None = None
    for piece in _pieces(packed, name, packing):
        if isinstance(piece, DataError):
            cut = piece
            break
        total += len(piece)
        if total > LARGEST_BYTES:
            raise DataError("radar.too_large", file=name, limit_mib=LARGEST_BYTES // 1024**2)
        if not counting and total > _SUSPECT_BYTES and total > _SUSPECT_RATIO * len(packed):
            counting = True
            pieces.clear()
        if not counting:
            pieces.append(piece)
    if counting:
        pieces = [piece for piece in _pieces(packed, name, packing) if isinstance(piece, bytes)]
    return pieces[0] if len(pieces) == 1 else b"".join(pieces), cut


def _pieces(packed: bytes, name: str, packing: str) -> Iterator[bytes | DataError]:
    """Unpack one or several streams that follow each other, piece by piece; the last thing may be where it broke off."""
    feed = memoryview(packed)
    begin, streams, total = 0, 0, 0
    while begin == 0 or packed.startswith(_MARKS[packing], begin):
        streams += 1
        if streams > MOST_STREAMS:
            raise DataError("radar.too_large", file=name, limit_mib=LARGEST_BYTES // 1024**2)
        stream = _Bz2() if packing == "bz2" else _Gzip()
        at = begin
        while not stream.ended:
            hungry = stream.hungry
            if hungry and at >= len(packed):
                yield DataError("radar.packing_cut_off", file=name, packing=packing, byte=len(packed), unpacked=total)
                return
            try:
                piece = stream.next_piece(feed[at : at + _FED_BYTES] if hungry else b"")
            except (OSError, zlib.error) as error:
                raise DataError(
                    "radar.packing_damaged", file=name, packing=packing, byte=begin, cause=str(error)
                ) from error
            at += _FED_BYTES if hungry else 0
            total += len(piece)
            yield piece
        begin = min(at, len(packed)) - stream.left_over


class _Bz2:
    """One stream of bz2, fed block by block."""

    def __init__(self) -> None:
        self._engine = bz2.BZ2Decompressor()

    @property
    def ended(self) -> bool:
        return self._engine.eof

    @property
    def hungry(self) -> bool:
        return self._engine.needs_input

    @property
    def left_over(self) -> int:
        return len(self._engine.unused_data)

    def next_piece(self, packed: memoryview | bytes) -> bytes:
        return self._engine.decompress(packed, _PIECE_BYTES)


class _Gzip:
    """One stream of gzip, fed block by block."""

    def __init__(self) -> None:
        self._engine = zlib.decompressobj(wbits=31)

    @property
    def ended(self) -> bool:
        return self._engine.eof

    @property
    def hungry(self) -> bool:
        return not self._engine.unconsumed_tail

    @property
    def left_over(self) -> int:
        return len(self._engine.unused_data)

    def next_piece(self, packed: memoryview | bytes) -> bytes:
        return self._engine.decompress(packed or self._engine.unconsumed_tail, _PIECE_BYTES)
