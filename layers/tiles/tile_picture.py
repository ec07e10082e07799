"""From the bytes of a PNG, JPEG or WEBP file to a picture, and from a picture to what the map keeps of it."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from layers.drawing import Tile
from layers.tiles.tile_source import Picture

_USUAL = 240
_OPAQUE = 128
_MOST_PX = 2048
# A JPEG says its size in one of these segments (SOF); 0xC4, 0xC8 and 0xCC between them are others.
_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xDA)})


def decode(data: bytes) -> Picture | None:
    """Return the picture in the bytes of a file, None if no whole square of at most 2048 pixels a side is in them.

    The size is read before anything is unpacked: a small file may hold gigabytes of one color.
    """
    if not _is_whole(data) or not _is_tile(_size(data)):
        return None
    try:
        raw = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:
        return None
    if raw is None or not _is_tile((raw.shape[1], raw.shape[0])):
        return None
    if raw.dtype != np.uint8:
        raw = (raw.astype(np.uint16) >> 8).astype(np.uint8)
    if raw.ndim == 2:
        return np.asarray(cv2.cvtColor(raw, cv2.COLOR_GRAY2RGBA), np.uint8)
    code = cv2.COLOR_BGRA2RGBA if raw.shape[2] == 4 else cv2.COLOR_BGR2RGBA
    return np.asarray(cv2.cvtColor(raw, code), np.uint8)


def _is_whole(data: bytes) -> bool:
    """Return whether bytes begin and end as a picture does: a decoder would fill what was cut off with gray."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return b"IEND" in data[-64:]
    if data.startswith(b"\xff\xd8\xff"):
        return b"\xff\xd9" in data[-64:]
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return len(data) >= int.from_bytes(data[4:8], "little") + 8
    return False


def _is_tile(size: tuple[int, int]) -> bool:
    return 0 < size[0] == size[1] <= _MOST_PX


def _size(data: bytes) -> tuple[int, int]:
    """Return width and height as the head of a picture says them, zeros if it says none."""
    if data.startswith(b"\x89PNG"):
        return (_number(data[16:20]), _number(data[20:24])) if data[12:16] == b"IHDR" else (0, 0)
    if data.startswith(b"\xff\xd8"):
        return _jpeg_size(data)
    kind, head = data[12:16], data[20:30]
    if len(head) < 10:
        return 0, 0
    if kind == b"VP8X":
        return int.from_bytes(head[4:7], "little") + 1, int.from_bytes(head[7:10], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(head[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        return int.from_bytes(head[6:8], "little") & 0x3FFF, int.from_bytes(head[8:10], "little") & 0x3FFF
    return 0, 0


def _jpeg_size(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        kind = data[at + 1]
        if kind in _SIZES:
            return _number(data[at + 7 : at + 9]), _number(data[at + 5 : at + 7])
        at += 1 if kind == 0xFF else 2 if kind in _WITHOUT_LENGTH else 2 + _number(data[at + 2 : at + 4])
    return 0, 0


def _number(data: bytes) -> int:
    return int.from_bytes(data, "big")


def kept(picture: Picture, *, color: bool) -> Tile | None:
    """Return what the map keeps of a picture: grays, or its colors; None if nothing in it can be seen.

    Grays need a quarter of the memory; the theme gives them its own tones.
    """
    alpha = picture[..., 3]
    if not alpha.any():
        return None
    if color:
        return Tile(np.ascontiguousarray(_premultiplied(picture)[..., [2, 1, 0, 3]]))
    gray = np.maximum(cv2.cvtColor(picture, cv2.COLOR_RGBA2GRAY), 1)
    if int(alpha.min()) < 255:
        gray[alpha < _OPAQUE] = 0
    return Tile(np.ascontiguousarray(gray, np.uint8))


def over(below: Picture | None, above: Picture | None) -> Picture | None:
    """Return one picture laid over another of the same size, such as names over a map."""
    if below is None or above is None or below.shape != above.shape:
        return below if below is not None else above
    top, bottom = _premultiplied(above).astype(np.uint16), _premultiplied(below).astype(np.uint16)
    out = top + (bottom * (255 - above[..., 3:].astype(np.uint16)) + 127) // 255
    alpha = out[..., 3:]
    out[..., :3] = np.where(alpha > 0, out[..., :3] * 255 // np.maximum(alpha, 1), 0)
    return np.minimum(out, 255).astype(np.uint8)


def usual_gray(pictures: Iterable[Picture]) -> int:
    """Return the gray that half of the seen pixels are darker than, 1..255; 240 if nothing is seen."""
    grays = [cv2.cvtColor(p, cv2.COLOR_RGBA2GRAY)[::4, ::4][p[::4, ::4, 3] >= _OPAQUE] for p in pictures]
    seen = np.concatenate(grays) if grays else np.zeros(0, np.uint8)
    return max(1, int(np.median(seen))) if seen.size else _USUAL


def _premultiplied(picture: Picture) -> NDArray[np.uint8]:
    if int(picture[..., 3].min()) == 255:
        return picture
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGBA2mRGBA), np.uint8)
