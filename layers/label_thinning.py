"""Which names have room on the map, and where."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import shapely
from numpy.typing import NDArray

from models.geodesy import FloatArray

_BUCKET_PX = 96.0
_STEP = 64
# A hair less on each side, as boxes that only touch do not overlap.
_LESS_PX = np.array([1e-3, 1e-3, -1e-3, -1e-3])
_Box = tuple[float, float, float, float]


def thin(
    boxes: FloatArray,
    priority: NDArray[np.int64],
    *,
    obstacles: FloatArray | None = None,
    gap_px: float = 2.0,
) -> NDArray[np.intp]:
    """Choose a box for each name so that no two overlap.

    Parameters
    ----------
    boxes : (n, k, 4) float64, px
        For each name its possible boxes, best first, as left, top, right, bottom; NaN
        for a box that a name does not have. Only differences between boxes matter, so
        the answer holds while the map is moved.
    priority : (n,) int64
        A higher one is served first; among equals the earlier one.
    obstacles : (m, 4) float64, px
        Boxes that stay free, such as those of level marks.
    gap_px : float, px
        Room between boxes.

    Returns
    -------
    (n,) intp
        Index of the box that each name takes, -1 where it has no room.

    Notes
    -----
    Greedy by priority; boxes taken are kept in square buckets, so that each new one
    meets its neighbors only.
    """
    turns = thinning(boxes, priority, obstacles=obstacles, gap_px=gap_px)
    while True:
        try:
            next(turns)
        except StopIteration as done:
            chosen: NDArray[np.intp] = done.value
            return chosen


def thinning(
    boxes: FloatArray,
    priority: NDArray[np.int64],
    *,
    obstacles: FloatArray | None = None,
    gap_px: float = 2.0,
) -> Generator[None, None, NDArray[np.intp]]:
    """Choose as `thin` does, in steps of about a millisecond, so that a window can live on in between."""
    chosen = np.full(len(boxes), -1, np.intp)
    buckets: dict[tuple[int, int], list[_Box]] = {}
    grown = boxes.copy()
    grown[..., 2:] += gap_px
    usable = _free(grown, obstacles)
    yield
    order = np.argsort(-priority, kind="stable")
    for start in range(0, len(order), _STEP):
        part = order[start : start + _STEP]
        for i, candidates, free in zip(part.tolist(), grown[part].tolist(), usable[part].tolist(), strict=True):
            for k, (left, top, right, bottom) in enumerate(candidates):
                if free[k] and not _is_taken((left, top, right, bottom), buckets):
                    _take((left, top, right, bottom), buckets)
                    chosen[i] = k
                    break
        yield
    return chosen


def crowd(
    x_m: FloatArray, y_m: FloatArray, priority: NDArray[np.int64], cell_m: tuple[float, float]
) -> NDArray[np.intp]:
    """Return which names of a crowd are worth looking at: the one of highest priority of each cell.

    Parameters
    ----------
    x_m, y_m : (n,) float64, map meters
        Places; those that are NaN are left out.
    priority : (n,) int64
        Among equals the earlier one stays.
    cell_m : (float, float), map meters
        Width and height of the cells. They are tied to the map, so the answer holds while it is moved.

    Returns
    -------
    (k,) intp
        Rising indexes.
    """
    known = np.flatnonzero(np.isfinite(x_m) & np.isfinite(y_m))
    column = np.floor(x_m[known] / cell_m[0]).astype(np.int64)
    row = np.floor(y_m[known] / cell_m[1]).astype(np.int64)
    order = np.lexsort((known, -priority[known], row, column))
    first = np.ones(len(order), bool)
    first[1:] = (np.diff(column[order]) != 0) | (np.diff(row[order]) != 0)
    return np.sort(known[order[first]])


def _free(boxes: FloatArray, obstacles: FloatArray | None) -> NDArray[np.bool_]:
    """Return (n, k) bool: boxes that exist and meet no obstacle."""
    free = np.asarray(np.isfinite(boxes).all(axis=2))
    if obstacles is None or len(obstacles) == 0 or not free.any():
        return free
    known = obstacles[np.isfinite(obstacles).all(axis=1)]
    tree = shapely.STRtree(shapely.box(*(known + _LESS_PX).T))
    asked = np.argwhere(free)
    met = tree.query(shapely.box(*boxes[free].T))[0]
    taken = asked[np.unique(met)]
    free[taken[:, 0], taken[:, 1]] = False
    return free


def _cells(box: _Box) -> list[tuple[int, int]]:
    columns = range(int(box[0] // _BUCKET_PX), int(box[2] // _BUCKET_PX) + 1)
    rows = range(int(box[1] // _BUCKET_PX), int(box[3] // _BUCKET_PX) + 1)
    return [(x, y) for x in columns for y in rows]


def _take(box: _Box, buckets: dict[tuple[int, int], list[_Box]]) -> None:
    for cell in _cells(box):
        buckets.setdefault(cell, []).append(box)


def _is_taken(box: _Box, buckets: dict[tuple[int, int], list[_Box]]) -> bool:
    left, top, right, bottom = box
    for cell in _cells(box):
        for other in buckets.get(cell, ()):
            if left < other[2] and other[0] < right and top < other[3] and other[1] < bottom:
                return True
    return False
