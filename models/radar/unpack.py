"""The bytes of a radar file, unpacked within bounds."""

from __future__ import annotations

import bz2
import zlib
from pathlib import Path

from models.errors import DataError

LARGEST_BYTES = 200 * 1024 * 1024
MOST_STREAMS = 512


def load(path: Path) -> tuple[bytes, DataError | None]:
    """Return the unpacked bytes of a file, and the error where the packing was cut off.

    bz2 and gzip are known by their first bytes, not by the name. What a packed
    file gave before it was cut off is returned with the error; packing that is
    damaged (a flipped byte) gives nothing that could be trusted.

    Raises
    ------
    DataError
        ``radar.unreadable`` if the file cannot be opened (absent, locked, a
        folder), ``radar.empty``, ``radar.too_large`` over 200 MiB packed or
        unpacked, ``radar.packing_damaged`` where the packed bytes contradict
        themselves.
    """
    try:
        with path.open("rb") as file:
            packed = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise DataError("radar.unreadable", file=path.name, cause=error.strerror or str(error)) from error
    if not packed:
        raise DataError("radar.empty", file=path.name)
    if len(packed) > LARGEST_BYTES:
        raise DataError("radar.too_large", file=path.name, limit_mib=LARGEST_BYTES // 1024**2)
    if packed[:3] == b"BZh":
        return _unpacked(packed, path.name, "bz2")
    if packed[:2] == b"\x1f\x8b":
        return _unpacked(packed, path.name, "gzip")
    return packed, None


def _unpacked(packed: bytes, name: str, packing: str) -> tuple[bytes, DataError | None]:
    """Unpack one or several streams that follow each other, never beyond the bound."""
    start = b"BZh" if packing == "bz2" else b"\x1f\x8b"
    chunks: list[bytes] = []
    total = 0
    rest = packed
    while rest.startswith(start) or not chunks:
        begin = len(packed) - len(rest)
        try:
            chunk, rest, ended = _one_stream(rest, packing, LARGEST_BYTES + 1 - total)
        except (OSError, zlib.error) as error:
            raise DataError(
                "radar.packing_damaged", file=name, packing=packing, byte=begin, cause=str(error)
            ) from error
        chunks.append(chunk)
        total += len(chunk)
        if total > LARGEST_BYTES or len(chunks) > MOST_STREAMS:
            raise DataError("radar.too_large", file=name, limit_mib=LARGEST_BYTES // 1024**2)
        if not ended:
            cut = DataError("radar.packing_cut_off", file=name, packing=packing, byte=len(packed), unpacked=total)
            return b"".join(chunks), cut
    return chunks[0] if len(chunks) == 1 else b"".join(chunks), None


def _one_stream(data: bytes, packing: str, limit: int) -> tuple[bytes, bytes, bool]:
    """Return what one stream holds (at most ``limit`` bytes), the bytes after it, and whether it ended."""
    if packing == "bz2":
        bz = bz2.BZ2Decompressor()
        chunk = bz.decompress(data, limit)
        return chunk, bz.unused_data if bz.eof else b"", bz.eof
    gz = zlib.decompressobj(wbits=31)
    chunk = gz.decompress(data, limit)
    return chunk, gz.unused_data if gz.eof else b"", gz.eof
