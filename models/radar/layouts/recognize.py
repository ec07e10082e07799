"""What a file seems to be, so that a refusal can name it."""

from __future__ import annotations

import struct

HEAD_BYTES = 32_768

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"MOC", "moc_mosaic"),
    (50, b"SWAN", "swan"),
    (0, b"PK\x03\x04", "zip"),
    (0, b"BUFR", "bufr"),
    (0, b"%PDF", "pdf"),
)
_RSTM_KINDS = (1, 2, 16)
_OLD_PHASED_RECORD = 16_104


def seems_to_be(head: bytes, size: int) -> str:
    """Return a word for what a file is that no decoder took, the last part of a phrase ``radar.other.<word>``.

    Parameters
    ----------
    head : bytes
        The first bytes of the unpacked file, `HEAD_BYTES` of them or all.
    size : int
        How long the unpacked file is, bytes.

    Notes
    -----
    By content alone; the ending of a name proves nothing. The tests and their
    order are section 0 of the layouts this house was given; ``unknown`` where
    none fits.
    """
    if not head.strip(b"\x00"):
        return "zeros" if size else "empty"
    return _by_mark(head) or _by_records(head, size) or ("text" if _is_text(head) else "unknown")


def seems_pup(head: bytes) -> bool:
    """Return whether the first bytes are those of a legacy PUP product: the code twice, and the divider."""
    if len(head) < 32:
        return False
    code, divider, again = struct.unpack_from(">h16xh10xh", head, 0)
    return bool(code == again and divider == -1 and 0 < code < 1000)


def _by_mark(head: bytes) -> str:
    """Name it by a magic word, or by the standard headers behind a broken one; empty where none fits."""
    if head[:4] == b"RSTM":
        return "rstm_unknown"
    if _standard_without_magic(head):
        return "rstm_magic_lost"
    upper = head[:160].upper()
    return next((word for at, magic, word in _MAGIC if upper.startswith(magic.upper(), at)), "")


def _by_records(head: bytes, size: int) -> str:
    """Name formats without a mark by fields that repeat; empty where none fits."""
    if head[14:16] == b"\x01\x00" and size >= 28:
        return "legacy_record"
    return "old_phased" if size % _OLD_PHASED_RECORD == 0 and not _is_text(head) else ""


def _standard_without_magic(head: bytes) -> bool:
    """Whether all but the first four bytes are the headers of standard base data."""
    if len(head) < 416 or _i4(head, 8) not in _RSTM_KINDS:
        return False
    lat, lon = struct.unpack_from("<ff", head, 72)
    return abs(lat) <= 90 and abs(lon) <= 180 and (lat, lon) != (0, 0) and 1 <= _i4(head, 336) <= 256


def _i4(head: bytes, at: int) -> int:
    return int(struct.unpack_from("<i", head, at)[0]) if len(head) >= at + 4 else -1


def _is_text(head: bytes) -> bool:
    """Whether it reads as text: no control characters, and UTF-8 or GB18030."""
    if any(byte < 32 and byte not in b"\t\r\n\f\x1b" for byte in head):
        return False
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False
