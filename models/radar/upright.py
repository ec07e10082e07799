"""Columns of beams made into an upright picture: between two beams by height, beyond them as far as they speak."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.geodesy import FloatArray
from models.radar.quantity import FIRST_ECHO, NOT_SEEN

_ROUNDED = 0.5


@dataclass(frozen=True, slots=True)
class Heights:
    """The rows of an upright picture, the lowest first: row i is ``(i + 0.5) * step_m`` above sea level."""

    step_m: float
    rows: int

    @property
    def meters(self) -> FloatArray:
        """The middle of each row, (rows,) m above sea level."""
        return (np.arange(self.rows, dtype=np.float64) + 0.5) * self.step_m

    @property
    def top_m(self) -> float:
        return self.rows * self.step_m


def upright(
    codes: NDArray[np.uint8], height_m: NDArray[np.float32], reach_m: FloatArray, heights: Heights
) -> NDArray[np.uint8]:
    """Return what beams above each other say at every height.

    Parameters
    ----------
    codes : (beams, columns) uint8
        Codes of `models.radar.quantity`, the lowest beam first.
    height_m : (beams, columns) float32, m
        Middle of each beam above sea level, growing with the beam; NaN where one does not reach.
    reach_m : (columns,) float64, m
        How far below the lowest and above the highest beam its own value stands.
    heights : Heights
        The rows of the picture.

    Returns
    -------
    (rows, columns) uint8
        Between two beams codes are blended by height as `models.radar.column.cappi` does (linear in
        dBZ; the nearer one where one of them has no echo or was not scanned); 0 beyond the reach.
    """
    beams, columns = codes.shape
    if not beams:
        return np.zeros((heights.rows, columns), np.uint8)
    good = ~np.isnan(height_m)
    # The beams that reach are put close together, so that each one's neighbor is the next in the table.
    order = np.argsort(~good, axis=0, kind="stable")
    row = np.take_along_axis(height_m, order, axis=0) / heights.step_m - 0.5
    code = np.take_along_axis(np.where(good, codes, NOT_SEEN), order, axis=0).astype(np.float64)
    first, base, slope = _segments(row.astype(np.float64), code, good.sum(axis=0), reach_m / heights.step_m)
    # Whole rows at which a segment begins: no segment begins before the one under it.
    edges = np.clip(np.ceil(np.nan_to_num(first, nan=1e9)), 0, heights.rows).astype(np.intp)
    edges = np.append(np.maximum.accumulate(edges, axis=0), np.full((1, columns), heights.rows), axis=0)
    counts = np.diff(edges, axis=0, prepend=0).T.ravel()
    out = np.repeat(slope.T.ravel(), counts).reshape(columns, heights.rows)
    out *= np.arange(heights.rows)
    out += np.repeat(base.T.ravel(), counts).reshape(columns, heights.rows)
    return np.asarray(cv2.transpose(out.astype(np.uint8)), np.uint8)


def _segments(row: FloatArray, code: FloatArray, count: NDArray[np.intp], reach: FloatArray) -> tuple[FloatArray, ...]:
    """Return where each segment of a column begins (in rows), and its code as ``base + slope * row``.

    Parameters
    ----------
    row, code : (beams, columns) float64
        Where each beam passes, in rows, and its code; the first ``count`` beams of a column reach.
    count : (columns,)
        How many beams reach.
    reach : (columns,) float64
        How many rows a beam speaks for beyond it.

    Returns
    -------
    first : (segments - 1, columns) float64
    base, slope : (segments, columns) float64
        From below: not seen, under the lowest beam, two halves between each beam and the next,
        over the highest, not seen.
    """
    beams, columns = row.shape
    first = np.full((2 * beams + 1, columns), np.nan)
    base, slope = np.zeros((2 * beams + 2, columns)), np.zeros((2 * beams + 2, columns))
    first[0] = row[0] - reach
    base[1] = code[0]
    both = np.minimum(code[:-1], code[1:]) >= FIRST_ECHO
    rise = row[1:] - row[:-1]
    steep = np.divide(code[1:] - code[:-1], rise, out=np.zeros_like(rise), where=both & (rise > 0))
    low, high = base[2:-2:2], base[3:-2:2]
    low[:] = np.where(
        both, code[:-1] - steep * row[:-1] + _ROUNDED, np.where(code[:-1] == NOT_SEEN, code[1:], code[:-1])
    )
    high[:] = np.where(both, low, np.where(code[1:] == NOT_SEEN, code[:-1], code[1:]))
    slope[2:-2:2] = slope[3:-2:2] = steep
    first[1:-2:2] = row[:-1]
    first[2:-1:2] = (row[:-1] + row[1:]) / 2
    across = np.arange(columns)
    last = np.maximum(count - 1, 0)
    top = row[last, across]
    # Over the highest beam: in a column of fewer beams its segments begin where the next pair's would.
    first[2 * last + 1, across] = top
    base[2 * last + 2, across] = code[last, across]
    slope[2 * last + 2, across] = 0.0
    beyond = np.arange(2 * beams + 1)[:, None] > 2 * last + 1
    np.copyto(first, np.floor(top + reach) + 1, where=beyond)
    base[1:][beyond] = slope[1:][beyond] = 0.0
    first[:, count == 0] = np.nan
    return first, base, slope
