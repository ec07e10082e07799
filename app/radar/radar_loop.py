"""The frames of the loop, kept small: codes as they are, heights, sources and counts packed until they are asked for."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from models.radar.mosaic import Mosaic

KEPT_FRAMES = 60
_NONE = np.zeros((0, 0), np.uint8)
_LEVEL = 7
"""Of zlib: a quarter smaller than the quickest, for 30 ms more in a job; unpacking takes the same."""


@dataclass(frozen=True, slots=True, eq=False)
class KeptFrame:
    """A frame without its heights, sources and counts, and these packed."""

    light: Mosaic
    heights: bytes
    source: bytes
    count: bytes

    def whole(self) -> Mosaic:
        """Return the frame with everything in it."""
        shape = self.light.codes.shape
        count = _unpacked(self.count, shape) if self.count else None
        heights, source = _unpacked(self.heights, shape), _unpacked(self.source, shape)
        return replace(self.light, heights=heights, source=source, count=count)


def _unpacked(packed: bytes, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    return np.frombuffer(zlib.decompress(packed), np.uint8).reshape(shape)


def pack(mosaic: Mosaic) -> KeptFrame:
    """Return a frame in its small form; a job's work, some tens of milliseconds."""
    return KeptFrame(
        replace(mosaic, heights=_NONE, source=_NONE, count=None),
        zlib.compress(mosaic.heights.tobytes(), _LEVEL),
        zlib.compress(mosaic.source.tobytes(), _LEVEL),
        b"" if mosaic.count is None else zlib.compress(mosaic.count.tobytes(), _LEVEL),
    )


class RadarLoop:
    """The newest `KEPT_FRAMES` frames by time; the one that is looked at is kept whole."""

    def __init__(self) -> None:
        self._kept: dict[datetime, KeptFrame] = {}
        self._whole: Mosaic | None = None

    @property
    def times(self) -> tuple[datetime, ...]:
        """Times of the frames, oldest first."""
        return tuple(sorted(self._kept))

    def put(self, mosaic: Mosaic, kept: KeptFrame) -> None:
        """Put a frame in the place of its time."""
        self._kept[mosaic.at] = kept
        if self._whole is None or self._whole.at <= mosaic.at:
            self._whole = mosaic
        while len(self._kept) > KEPT_FRAMES:
            del self._kept[min(self._kept)]

    def drop(self, at: datetime) -> None:
        """Forget the frame of a time."""
        self._kept.pop(at, None)

    def clear(self) -> None:
        """Forget every frame."""
        self._kept.clear()
        self._whole = None

    def light(self, at: datetime) -> Mosaic | None:
        """Return the frame of a time without its heights and sources; None if there is none."""
        kept = self._kept.get(at)
        return kept.light if kept is not None else None

    def frame(self, at: datetime) -> Mosaic | None:
        """Return the frame of a time, whole; None if there is none."""
        kept = self._kept.get(at)
        if kept is None:
            return None
        if self._whole is None or self._whole.at != at:
            self._whole = kept.whole()
        return self._whole
