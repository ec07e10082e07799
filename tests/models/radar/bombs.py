"""Packed files of a few kilobytes that swell to gigabytes: one block of zeros, over and over in one stream."""

from __future__ import annotations

import bz2
import itertools
import struct
import zlib

_BLOCK_BYTES = 1_000_000
_BZ2_HEAD_BITS = 8 * 4
_BZ2_END = 0x177245385090


def bz2_bomb(unpacked_bytes: int) -> bytes:
    """Return one bz2 stream of at least so many zeros; only the sum over all of it is wrong, at its very end.

    Blocks of bz2 end at any bit, so a length is looked for whose block ends with a byte.
    """
    for length in itertools.count(_BLOCK_BYTES):
        packed = bz2.compress(bytes(length))
        bits = f"{int.from_bytes(packed):0{8 * len(packed)}b}"
        end = bits.index(f"{_BZ2_END:048b}")
        if end % 8 == 0:
            block = packed[_BZ2_HEAD_BITS // 8 : end // 8]
            return packed[:4] + block * (unpacked_bytes // length + 1) + packed[end // 8 :]
    raise AssertionError


def gzip_bomb(unpacked_bytes: int) -> bytes:
    """Return one gzip stream of at least so many zeros; only the sum over all of it is wrong, at its very end."""
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = engine.compress(bytes(_BLOCK_BYTES)) + engine.flush(zlib.Z_FULL_FLUSH)
    end = engine.flush()
    head = b"\x1f\x8b\x08" + bytes(7)
    return head + block * (unpacked_bytes // _BLOCK_BYTES + 1) + end + struct.pack("<II", 0, 0)
