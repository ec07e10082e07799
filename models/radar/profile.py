"""The column above a place volume by volume: a picture of time and height, with gaps where a volume is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from models.radar.quantity import NOT_SEEN
from models.radar.section import HEIGHTS
from models.radar.stack_of_cuts import Column
from models.radar.upright import Heights, upright
from models.radar.volume import Site

MOST_SLOTS = 720


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """What one radar saw above a place.

    ``codes`` (heights, slots) uint8, the lowest row first; slot i is the volume at about
    ``first_at + i * step``. ``present`` (slots,) bool is False where no volume came: all of its
    codes are 0, and it is a gap. ``times`` are those of the volumes that came.
    """

    site: Site
    distance_m: float
    codes: NDArray[np.uint8]
    present: NDArray[np.bool_]
    heights: Heights
    first_at: datetime
    step: timedelta
    times: tuple[datetime, ...]


def profile_of(columns: Sequence[Column], *, step: timedelta, heights: Heights = HEIGHTS) -> Profile:
    """Return the columns of one radar above one place as a picture.

    Parameters
    ----------
    columns : sequence of Column
        At least one, of one radar, in any order; what lies over 720 steps before the newest is left out.
    step : timedelta
        The rhythm of the radar: a volume stands in the slot its time is nearest to.
    heights : Heights
        Rows of the picture, above sea level; between beams as `models.radar.upright.upright` has it.
    """
    newest = max(column.at for column in columns)
    kept = sorted((c for c in columns if newest - c.at < MOST_SLOTS * step), key=lambda c: c.at)
    first = kept[0].at
    slot = [round((column.at - first) / step) for column in kept]
    codes = np.full((heights.rows, slot[-1] + 1), NOT_SEEN, np.uint8)
    present = np.zeros(slot[-1] + 1, bool)
    for number, column in zip(slot, kept, strict=True):  # volumes, not gates: their beams may differ in number
        reach_m = np.array([column.reach_m])
        codes[:, number] = upright(column.codes[:, None], column.height_m[:, None], reach_m, heights)[:, 0]
        present[number] = True
    times = tuple(column.at for column in kept)
    return Profile(kept[-1].site, kept[-1].distance_m, codes, present, heights, first, step, times)
