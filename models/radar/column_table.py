"""The column over a place as a table: what stands in each kilometer of height, and which radar says so."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from models.radar.quantity import NOT_SEEN
from models.radar.stack_of_cuts import Column
from models.radar.volume import Site

MOST_ROWS = 12
TOP_M = 18_000.0
STEP_M = 1_000.0


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of heights above sea level over a place.

    ``dbz`` is NaN where no beam lies in it, -inf where one does and sees no echo; ``height_m`` is the middle of the
    beam whose value stands. ``site`` and ``at`` are of its radar, None where none sees; ``radars`` is how many see.
    """

    bottom_m: float
    top_m: float
    dbz: float = math.nan
    height_m: float = math.nan
    site: Site | None = None
    at: datetime | None = None
    radars: int = 0

    @property
    def is_seen(self) -> bool:
        """Whether any beam lies in it."""
        return self.site is not None


def layers_over(columns: Sequence[Column]) -> tuple[Layer, ...]:
    """Return the layers over a place, the highest first; none where no radar sees the place at any height.

    Parameters
    ----------
    columns : sequence of Column
        What each radar's beams say there. A beam speaks for every layer that it touches within half its
        width; of several in one layer the strongest echo stands, of equal ones that nearest to its middle.

    Returns
    -------
    tuple of Layer
        From the highest beam (at most 18 km) down to the sea, of 1 km or, where there would be more than
        12, of as many whole kilometers as keep to that.
    """
    beams = [
        (float(height), float(value), column)
        for column in columns
        for height, value, code in zip(column.height_m, column.values(), column.codes, strict=True)
        if code != NOT_SEEN and math.isfinite(height) and 0 <= height < TOP_M
    ]
    if not beams:
        return ()
    top_m = (math.floor(max(height for height, _, _ in beams) / STEP_M) + 1) * STEP_M  # the highest lies within
    step_m = STEP_M * math.ceil(top_m / STEP_M / MOST_ROWS)
    bottoms = np.arange(0.0, top_m, step_m)[::-1]
    return tuple(_layer(float(bottom), float(bottom) + step_m, beams) for bottom in bottoms)


def _layer(bottom_m: float, top_m: float, beams: list[tuple[float, float, Column]]) -> Layer:
    middle_m = (bottom_m + top_m) / 2
    there = [beam for beam in beams if bottom_m <= beam[0] < top_m or abs(beam[0] - middle_m) <= beam[2].reach_m]
    if not there:
        return Layer(bottom_m, top_m)
    height_m, dbz, column = max(there, key=lambda beam: (beam[1], -abs(beam[0] - middle_m)))
    radars = len({beam[2].site.code for beam in there})
    return Layer(bottom_m, top_m, dbz, height_m, column.site, column.at, radars)
