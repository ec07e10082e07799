"""Color tables: which color and opacity a raster's code has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class ColorTable:
    """256 colors for codes 0..255 as (256, 4) uint8 RGBA, and the legend's steps.

    ``steps`` are (value, RGBA) pairs in ``unit``, lowest first.
    """

    name: str
    unit: str
    rgba: NDArray[np.uint8]
    steps: tuple[tuple[float, tuple[int, int, int, int]], ...]
