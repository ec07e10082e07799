"""What several radars see together: the frame that the map shows. Values here; see `compose`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from models.grid import GridArea
from models.radar.footprint import HEIGHT_STEP_M, HEIGHT_UNKNOWN, Source
from models.radar.quantity import Quantity


class Rule(StrEnum):
    """Which radar's value stands where several see."""

    MAXIMUM = "maximum"
    LOWEST = "lowest"
    WEIGHT = "weight"


@dataclass(frozen=True, slots=True)
class Absent:
    """A radar that is left out of a frame as its last word is too old, and what that hides."""

    source: Source
    hides_km2: float


@dataclass(frozen=True, slots=True, eq=False)
class Mosaic:
    """One quantity as all current radars see it, (rows, columns) uint8 each, row 0 north.

    ``codes`` are those of ``quantity``; ``source`` is 1 + index into ``sources`` of the radar
    whose value stands, 0 where none sees; ``heights`` are the beam's, in steps of 100 m above
    sea level, 255 where unknown or not seen. ``moved`` says that the radars were shifted to
    the frame's time along the motion of the echoes. ``absent`` are radars left out.
    ``count`` is how many radars see a cell, where somebody counted (`compose.counts`).
    """

    at: datetime
    area: GridArea
    quantity: Quantity
    codes: NDArray[np.uint8]
    heights: NDArray[np.uint8]
    source: NDArray[np.uint8]
    sources: tuple[Source, ...]
    absent: tuple[Absent, ...] = ()
    rule: Rule = Rule.MAXIMUM
    moved: bool = False
    count: NDArray[np.uint8] | None = None

    def age_minutes(self) -> NDArray[np.float32]:
        """Return how old each cell's value is, minutes float32 (rows, columns), NaN where none sees."""
        ages = [np.nan, *((self.at - source.at).total_seconds() / 60 for source in self.sources)]
        return np.asarray(ages, np.float32)[self.source]

    def height_m(self) -> NDArray[np.float32]:
        """Return the beam's height above sea level, m float32 (rows, columns), NaN where unknown."""
        table = (np.arange(256) * HEIGHT_STEP_M).astype(np.float32)
        table[HEIGHT_UNKNOWN] = np.nan
        return table[self.heights]
