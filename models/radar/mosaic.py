"""What several radars see together. Values here; see `compose`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from models.grid import GridArea

# Codes of every reflectivity raster of this house.
NOT_SEEN = 0
NO_ECHO = 1
FIRST_ECHO = 2


def encode_dbz(dbz: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return codes: 2..255 for -32..94.5 dBZ in steps of 0.5 (rounded down), 0 where NaN, 1 where -inf."""
    code: NDArray[np.uint8] = np.nan_to_num(np.clip(np.floor(np.clip(dbz, -99, 99) * 2 + 66), FIRST_ECHO, 255)).astype(
        np.uint8
    )
    code[np.isnan(dbz)] = NOT_SEEN
    code[np.isneginf(dbz)] = NO_ECHO
    return code


def decode_dbz(code: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return dBZ float32 of codes: NaN where not seen, -inf where seen without echo."""
    out: NDArray[np.float32] = (code.astype(np.float32) - np.float32(66)) / np.float32(2)
    out[code == NOT_SEEN] = np.nan
    out[code == NO_ECHO] = -np.inf
    return out


@dataclass(frozen=True, slots=True)
class Source:
    """One radar's part in a mosaic: which, from when, and how often it speaks."""

    code: str
    name: str
    at: datetime
    step: timedelta


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """One radar's composite reflectivity on the mosaic's grid; ``codes`` uint8 (rows, columns)."""

    source: Source
    area: GridArea
    codes: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Mosaic:
    """Composite reflectivity of all current radars.

    ``codes`` uint8 (rows, columns); ``source`` uint8: 1 + index into ``sources``
    of the radar whose value stands, 0 where none sees. ``missing`` are radars
    left out because they are too old, with their last time.
    """

    at: datetime
    area: GridArea
    codes: NDArray[np.uint8]
    source: NDArray[np.uint8]
    sources: tuple[Source, ...]
    missing: tuple[Source, ...] = ()
