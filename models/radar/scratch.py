"""Memory that a thread works in again and again.

Fresh arrays of a megabyte cost more to get (every page is faulted in) than the work done in them.
"""

from __future__ import annotations

import math
import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MOST_VIEWS = 256


class Scratch(threading.local):
    """Arrays by name, one set for each thread; what `array` gave is overwritten at its next call."""

    def __init__(self) -> None:
        self._kept: dict[str, NDArray[np.uint8]] = {}
        self._views: dict[tuple[str, tuple[int, ...], Any], NDArray[Any]] = {}

    def array(self, name: str, shape: tuple[int, ...], dtype: Any) -> NDArray[Any]:
        """Return an array of any content, contiguous, valid until the same name is asked for again."""
        known = self._views.get((name, shape, dtype))
        if known is not None:
            return known
        wanted = np.dtype(dtype)
        size = math.prod(shape) * wanted.itemsize
        kept = self._kept.get(name)
        if kept is None or kept.size < size or len(self._views) > _MOST_VIEWS:
            self._views.clear()
        if kept is None or kept.size < size:
            kept = self._kept[name] = np.empty(size, np.uint8)
        out: NDArray[Any] = kept[:size].view(wanted).reshape(shape)
        self._views[name, shape, dtype] = out
        return out
