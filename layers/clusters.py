"""Many points that lie on each other at a small scale become one ring with their count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.geodesy import FloatArray

CELL_PX = 96.0
"""Side of a cell at the finest scale of an octave; half of it at the coarsest."""
LEAST = 3
"""So many points in a cell make a cluster."""
# A cluster stands in the middle third of its cell, so that two rings never lie on each other.
_INNER = 1 / 3


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """What of n points is a cluster.

    ``x_m``, ``y_m`` (c,) map meters; ``members`` (m,) intp indexes of the points, cluster i holds
    ``members[starts[i]:starts[i + 1]]``; ``single`` (n,) bool: points that stay themselves.
    """

    x_m: FloatArray
    y_m: FloatArray
    members: NDArray[np.intp]
    starts: NDArray[np.intp]
    single: NDArray[np.bool_]

    @property
    def counts(self) -> NDArray[np.intp]:
        """Return (c,) how many points each cluster holds."""
        return np.diff(self.starts)


def cell_m(octave: int) -> float:
    """Return the side of the cells in map meters for an octave of scales."""
    return float(2.0**octave * CELL_PX)


def cluster(
    x_m: FloatArray, y_m: FloatArray, may_join: NDArray[np.bool_], side_m: float, *, least: int = LEAST
) -> Clusters:
    """Put points into cells, and those that are many in one cell into a cluster.

    Parameters
    ----------
    x_m, y_m : (n,) float64, map meters
        NaN for a point without a place, which stays single.
    may_join : (n,) bool
        False for what must never be hidden, such as an alarm.
    side_m : float, map meters
        Side of the cells. They are tied to the map, so the answer holds while it is moved.
    least : int
        So many points make a cluster.

    Returns
    -------
    Clusters
        In the order of the cells, west to east and south to north; the same for the same points.
    """
    joining = np.flatnonzero(may_join & np.isfinite(x_m) & np.isfinite(y_m))
    column = np.floor(x_m[joining] / side_m).astype(np.int64)
    row = np.floor(y_m[joining] / side_m).astype(np.int64)
    order = np.lexsort((joining, row, column))
    column, row, joining = column[order], row[order], joining[order]
    new = np.ones(len(order), bool)
    new[1:] = (np.diff(column) != 0) | (np.diff(row) != 0)
    firsts = np.flatnonzero(new)
    counts = np.diff(np.append(firsts, len(order)))
    many = counts >= least
    members = joining[np.repeat(many, counts)]
    starts = np.concatenate([[0], np.cumsum(counts[many])]).astype(np.intp)
    single = np.ones(len(x_m), bool)
    single[members] = False
    at = firsts[many]
    if len(at) == 0:
        return Clusters(np.zeros(0), np.zeros(0), members, starts, single)
    return Clusters(
        _middle(x_m[members], starts, column[at], side_m),
        _middle(y_m[members], starts, row[at], side_m),
        members,
        starts,
        single,
    )


def _middle(at_m: FloatArray, starts: NDArray[np.intp], cell: NDArray[np.int64], side_m: float) -> FloatArray:
    """Return the mean of each cluster's members along one axis, held in the inner part of its cell."""
    mean = np.add.reduceat(at_m, starts[:-1]) / np.diff(starts)
    low, high = (cell + _INNER) * side_m, (cell + 1 - _INNER) * side_m
    return np.asarray(np.clip(mean, low, high))
