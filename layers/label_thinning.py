"""Which names have room on the map, and where."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from models.geodesy import FloatArray

_BUCKET_PX = 96.0
_STEP = 32
_CELL_PX, _MOST_CELLS = 6.0, 2_000_000
# A hair less on each side, as boxes that only touch do not overlap.
_LESS_PX = np.array([1e-3, 1e-3, -1e-3, -1e-3])
_Box = Sequence[float]
_Buckets = dict[tuple[int, int], list[_Box]]


def thin(
    boxes: FloatArray,
    priority: NDArray[np.int64],
    *,
    obstacles: FloatArray | None = None,
    soft: FloatArray | None = None,
    shy: NDArray[np.bool_] | None = None,
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
    soft : (k, 4) float64, px
        Boxes that only ``shy`` names keep off, such as those of all other signs.
    shy : (n,) bool
        Names of which there are others to spare.
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
    turns = thinning(boxes, priority, obstacles=obstacles, soft=soft, shy=shy, gap_px=gap_px)
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
    soft: FloatArray | None = None,
    shy: NDArray[np.bool_] | None = None,
    gap_px: float = 2.0,
) -> Generator[None, None, NDArray[np.intp]]:
    """Choose as `thin` does, in steps of about a millisecond, so that a window can live on in between."""
    chosen = np.full(len(boxes), -1, np.intp)
    buckets = _Buckets()
    grown = boxes.copy()
    grown[..., 2:] += gap_px
    exists = np.asarray(np.isfinite(grown).all(axis=2))
    blocked, avoided = _Buckets(), _Buckets()
    for taken, given in ((blocked, obstacles), (avoided, soft)):
        for n, (x, y, found) in enumerate(() if given is None else _in_buckets(given)):
            taken.setdefault((x, y), []).extend(found)
            if n % _STEP == 0:
                yield
    careful = np.zeros(len(boxes), bool) if shy is None else shy
    yield
    order = np.argsort(-priority, kind="stable")
    for start in range(0, len(order), _STEP):
        part = order[start : start + _STEP]
        rows = zip(part.tolist(), grown[part].tolist(), exists[part].tolist(), careful[part].tolist(), strict=True)
        for i, candidates, there, wary in rows:
            for k, (left, top, right, bottom) in enumerate(candidates):
                box = (left, top, right, bottom)
                if not there[k] or (wary and _is_taken(box, avoided)):
                    continue
                if not _is_taken(box, blocked) and not _is_taken(box, buckets):
                    _take(box, buckets)
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


def covered(boxes: FloatArray, x_px: FloatArray, y_px: FloatArray, reach_px: float) -> NDArray[np.int64]:
    """Return how many signs lie on each box, to about a cell of 6 px; -1 for a box that a name does not have.

    Parameters
    ----------
    boxes : (n, k, 4) float64, px
        As `thin` takes them.
    x_px, y_px : (m,) float64, px
        Middles of the signs, on the boxes' plane.
    reach_px : float, px
        How far from its middle a sign reaches.

    Returns
    -------
    (n, k) int64

    Notes
    -----
    The signs are counted once into cells, and a box is asked by the four corners of their running sums, so that the
    price hardly grows with the number of signs. Cells are tied to the plane, not to what is looked at.
    """
    there = np.isfinite(boxes[..., 0])
    out = np.where(there, 0, -1)
    if not there.any() or not len(x_px):
        return out
    edges = np.array([-reach_px, -reach_px, reach_px, reach_px]) / _CELL_PX
    left, top, right, bottom = np.floor(boxes[there].T / _CELL_PX + edges[:, None]).astype(np.int32)
    west, north = int(left.min()), int(top.min())
    wide, high = int(right.max()) - west + 2, int(bottom.max()) - north + 2
    if wide * high > _MOST_CELLS:
        return out
    known = np.isfinite(x_px) & np.isfinite(y_px)
    column = np.floor(x_px[known] / _CELL_PX) - (west - 1)
    row = np.floor(y_px[known] / _CELL_PX) - (north - 1)
    inside = (column > 0) & (column < wide) & (row > 0) & (row < high)
    at = (row[inside] * wide + column[inside]).astype(np.int64)
    count = np.bincount(at, minlength=wide * high).astype(np.int32).reshape(high, wide)
    sums = count.cumsum(axis=1, dtype=np.int32).cumsum(axis=0, dtype=np.int32).ravel()
    left, right, top, bottom = left - west, right - west + 1, (top - north) * wide, (bottom - north + 1) * wide
    out[there] = sums[bottom + right] - sums[top + right] - sums[bottom + left] + sums[top + left]
    return out


def _in_buckets(obstacles: FloatArray) -> Iterator[tuple[int, int, list[_Box]]]:
    """Yield buckets with the obstacles that touch them, a bucket once or more."""
    known = obstacles[np.isfinite(obstacles).all(axis=1)] + _LESS_PX
    known = known[(known[:, 2:] > known[:, :2]).all(axis=1)]
    first, last = (np.floor(known[:, at] / _BUCKET_PX).astype(np.int64) for at in (slice(2), slice(2, 4)))
    reach = (last - first).max(axis=0, initial=0).tolist()
    for right in range(reach[0] + 1):
        for down in range(reach[1] + 1):
            touching = np.flatnonzero((last - first >= (right, down)).all(axis=1))
            cells = first[touching] + (right, down)
            order = np.lexsort((cells[:, 1], cells[:, 0]))
            cells, touching = cells[order], touching[order]
            new = np.flatnonzero((np.diff(cells, axis=0, prepend=cells[:1] - 1) != 0).any(axis=1)).tolist()
            for start, end in pairwise([*new, len(cells)]):
                x, y = cells[start].tolist()
                yield x, y, known[touching[start:end]].tolist()


def _cells(box: _Box) -> list[tuple[int, int]]:
    columns = range(int(box[0] // _BUCKET_PX), int(box[2] // _BUCKET_PX) + 1)
    rows = range(int(box[1] // _BUCKET_PX), int(box[3] // _BUCKET_PX) + 1)
    return [(x, y) for x in columns for y in rows]


def _take(box: _Box, buckets: _Buckets) -> None:
    for cell in _cells(box):
        buckets.setdefault(cell, []).append(box)


def _is_taken(box: _Box, buckets: _Buckets) -> bool:
    left, top, right, bottom = box
    for cell in _cells(box):
        for other in buckets.get(cell, ()):
            if left < other[2] and other[0] < right and top < other[3] and other[1] < bottom:
                return True
    return False
