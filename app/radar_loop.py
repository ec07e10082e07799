"""The frames of the loop, kept small: codes as they are, heights and sources packed until they are asked for."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from models.radar.mosaic import Mosaic

KEPT_FRAMES = 60
_NONE = np.zeros((0, 0), np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class KeptFrame:
    """A frame without its heights and sources, and these two packed."""

    light: Mosaic
    heights: bytes
    source: bytes

    def whole(self) -> Mosaic:
        """Return the frame with everything in it."""
        shape = self.light.codes.shape
        heights, source = (
            np.frombuffer(zlib.decompress(packed), np.uint8).reshape(shape) for packed in (self.heights, self.source)
        )
        return replace(self.light, heights=heights, source=source)


def pack(mosaic: Mosaic) -> KeptFrame:
    """Return a frame in its small form; a job's work, some milliseconds."""
    return KeptFrame(
        replace(mosaic, heights=_NONE, source=_NONE),
        zlib.compress(mosaic.heights.tobytes(), 1),
        zlib.compress(mosaic.source.tobytes(), 1),
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
