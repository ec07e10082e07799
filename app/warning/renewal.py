"""Hazard points that take the place of others: which are the same ones, and the rain that stays theirs; for a job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.geodesy import leg
from models.hazard.point_table import PointTable
from models.rain.observations import PointRates

SAME_PLACE_M = 50.0
"""A point that is entered anew this near to where it was keeps its rain: coordinates lose digits on their way."""


@dataclass(frozen=True, slots=True, eq=False)
class Renewal:
    """The points ``before`` and those of ``table`` that take their place.

    ``row_before`` (points,) is the row of each new point among those before, -1 for one that is new or stands
    elsewhere now; ``gone`` are the ids before that are no longer there, or elsewhere. ``frames`` has each radar frame
    that was known, by `id`, as it was and in the order of the new points.
    """

    before: PointTable
    table: PointTable
    row_before: NDArray[np.intp]
    gone: frozenset[str]
    frames: Mapping[int, tuple[PointRates, PointRates]]

    def in_order(self, frame: PointRates) -> PointRates:
        """Return a frame of the points before as one of the new ones; NaN where its rain is nobody's now."""
        known = self.frames.get(id(frame))
        return known[1] if known is not None else _moved(frame, self.row_before)


def renewal(before: PointTable, table: PointTable, rates: tuple[PointRates, ...]) -> Renewal:
    """Return what becomes of points and of their rain, ``rates`` in the order of those before; for a job."""
    row_of = {id_: row for row, id_ in enumerate(before.ids)}
    rows = np.array([row_of.get(id_, -1) for id_ in table.ids], np.intp)
    there = np.flatnonzero(rows >= 0)
    moved = there[(before.lonlat[rows[there]] != table.lonlat[there]).any(axis=1)]
    for row in moved.tolist():
        one, other = before.points[rows[row]], table.points[row]
        if leg((one.lon_deg, one.lat_deg), (other.lon_deg, other.lat_deg))[0] > SAME_PLACE_M:
            rows[row] = -1
    stayed = np.zeros(len(before.ids), bool)
    stayed[rows[rows >= 0]] = True
    gone = frozenset(before.ids[row] for row in np.flatnonzero(~stayed).tolist())
    return Renewal(before, table, rows, gone, {id(frame): (frame, _moved(frame, rows)) for frame in rates})


def _moved(frame: PointRates, rows: NDArray[np.intp]) -> PointRates:
    padded = np.append(np.asarray(frame.rates, np.float32), np.float32(np.nan))
    return replace(frame, rates=padded[rows])
