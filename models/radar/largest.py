"""The largest value above each place, with the height of the beam that saw it: every cut raised into one field.

What takes time here is memory. So rays are put into rows and packed in one go, in scratch arrays
that are never given back; codes are compared as the file has them, and put right at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.radar.compose import Spread
from models.radar.footprint import AZIMUTH_BINS, Cells, PolarGeometry
from models.radar.quantity import NO_ECHO, NOT_SEEN
from models.radar.rays import Above, as_in_house, gates_above, rows_of, to_house
from models.radar.scratch import Scratch
from models.radar.volume import Moment, Sweep

_WHOLE = (slice(0, AZIMUTH_BINS),)
_HALVES = (slice(0, AZIMUTH_BINS // 2), slice(AZIMUTH_BINS // 2, AZIMUTH_BINS))
_IN_ORDER = np.arange(AZIMUTH_BINS)
_ROOM = Scratch()
"""``codes`` and ``beside`` hold a byte a cell, ``wide`` two. Each serves several steps: more would not fit into
the cache that two threads share."""


@dataclass(frozen=True, slots=True, eq=False)
class _Cut:
    """A cut and the ray of each azimuth row, -1 where nothing was seen."""

    moment: Moment
    rows: NDArray[np.intp]
    all_round: bool


_Level = tuple[Above, list[_Cut]]
"""Cuts of one elevation, and which of their gates lie above which bins."""


def largest(
    parts: list[tuple[Sweep, Moment]],
    geometry: PolarGeometry,
    altitude_m: float,
    *,
    with_heights: bool = True,
    spread: Spread = map,
) -> Cells:
    """Return the cells of a `Footprint`: the maximum of the cuts; of equal values the lower beam stands.

    Parameters
    ----------
    parts : list of (Sweep, Moment)
        Cuts with reflectivity.
    geometry : PolarGeometry
        The bins round the radar.
    altitude_m : float
        Antenna above sea level, m.
    with_heights : bool
        Whether cells are uint16 with the height, or uint8 codes.
    spread : callable
        Like ``map``: two threads may share the two halves of the field.
    """
    cells: Any = np.empty(geometry.cells + 1, np.uint16 if with_heights else np.uint8)
    cells[-1] = 0
    field = cells[:-1].reshape(AZIMUTH_BINS, geometry.bins)
    levels = _levels(parts, geometry, altitude_m)
    cuts = [cut for _, level in levels for cut in level]
    first_valid = {cut.moment.first_valid for cut in cuts}
    as_recorded = len(first_valid) == 1 and all(as_in_house(cut.moment) and cut.all_round for cut in cuts)

    def work(rows: slice) -> None:
        if as_recorded:
            _raise_as_recorded(field[rows], levels, _IN_ORDER[rows], min(first_valid))
        else:
            _raise(field[rows], levels, _IN_ORDER[rows])

    for _ in spread(work, _WHOLE if spread is map else _HALVES):
        pass
    out: Cells = cells
    return out


def _levels(parts: list[tuple[Sweep, Moment]], geometry: PolarGeometry, altitude_m: float) -> list[_Level]:
    """Return the cuts by elevation; those whose gates lie alike have one height, so their codes alone can be compared."""
    out: list[_Level] = []
    for sweep, moment in parts:
        gates = int(moment.codes.shape[1])
        above = gates_above(geometry, sweep.elevation_deg, moment.start_m, moment.gate_m, gates, altitude_m)
        rows = rows_of(sweep)
        if sweep.blanked.any():
            rows[sweep.blanked[rows]] = -1
        cut = _Cut(moment, rows, int(rows.min()) >= 0)
        if out and out[-1][0] is above:
            out[-1][1].append(cut)
        elif above.pieces:
            out.append((above, [cut]))
    return out


def _raise_as_recorded(field: NDArray[Any], levels: list[_Level], rows: NDArray[np.intp], first_valid: int) -> None:
    """Work some rows out from the codes as they are: 0 is no echo, and 1 to below the first valid one say why none is.

    The one looks smaller than the other, though it says more. So what saw no echo is put in at the end from the
    cuts' heights alone, and rows in which one of the others came out on top are worked out once more with care.
    """
    _fill(field, levels, rows, as_recorded=True)
    wide = field.dtype == np.uint16
    one, most = (1 << 8, first_valid << 8) if wide else (1, first_valid)
    doubtful = _ROOM.array("wide", field.shape, field.dtype)
    cv2.threshold(field, most - 1, 0, cv2.THRESH_TOZERO_INV, dst=doubtful)
    again = np.flatnonzero(doubtful.max(axis=1) >= one) if int(doubtful.max(initial=0)) >= one else ()
    floor = _floor(tuple(above for above, _ in levels), field.shape[1])
    even = _ROOM.array("wide", field.shape, field.dtype)
    even[:] = floor if wide else np.minimum(floor, NO_ECHO)
    cv2.max(field, even, dst=field)
    if len(again):
        careful = np.empty((len(again), field.shape[1]), field.dtype)
        _raise(careful, levels, rows[again])
        field[again] = careful


@lru_cache(maxsize=64)
def _floor(above: tuple[Above, ...], bins: int) -> NDArray[np.uint16]:
    """Return the cells (bins,) of rays round which nobody sees an echo."""
    out = np.zeros(bins, np.uint16)
    for one in above:
        for left, right, shift in one.pieces:
            seen = (NO_ECHO << 8) | one.low[left + shift : right + shift].astype(np.uint16)
            np.maximum(out[left:right], seen, out=out[left:right])
    return out


def _raise(field: NDArray[Any], levels: list[_Level], rows: NDArray[np.intp]) -> None:
    """Work some azimuth rows out, code by code."""
    _fill(field, levels, rows, as_recorded=False)
    if field.dtype == np.uint16:
        cv2.threshold(field, (1 << 8) - 1, 0, cv2.THRESH_TOZERO, dst=field)


def _fill(field: NDArray[Any], levels: list[_Level], rows: NDArray[np.intp], *, as_recorded: bool) -> None:
    """Fill a field (rows, bins) with the largest codes of all cuts, or codes and heights; below 256 is not seen."""
    field[:] = 0
    for above, cuts in levels:
        packed = _taken(cuts[0], above, rows, "codes", as_recorded=as_recorded)
        for cut in cuts[1:]:
            cv2.max(packed, _taken(cut, above, rows, "beside", as_recorded=as_recorded), dst=packed)
        if field.dtype == np.uint16:
            packed = _packed(packed, above.low)
        for left, right, shift in above.pieces:
            there = field[:, left:right]
            cv2.max(there, packed[:, left + shift : right + shift], dst=there)


def _taken(cut: _Cut, above: Above, rows: NDArray[np.intp], name: str, *, as_recorded: bool) -> NDArray[Any]:
    """Return a cut's codes by azimuth row (rows, gates), good until the same name is asked for again on this thread."""
    raw: Any = cut.moment.codes
    raw = raw[:, : above.last] if above.taken is None else raw.take(above.taken, axis=1)
    if not raw.flags.c_contiguous:
        plain = _ROOM.array("wide", raw.shape, raw.dtype)
        np.copyto(plain, raw)
        raw = plain
    rays = cut.rows[rows]
    taken = _ROOM.array(name, (rays.size, raw.shape[1]), raw.dtype)
    raw.take(rays, axis=0, out=taken, mode="wrap")
    if as_recorded:
        return taken
    codes = _ROOM.array(f"{name} in house", taken.shape, np.uint8)
    to_house(taken, cut.moment, codes, _ROOM)
    if not cut.all_round:
        codes[rays < 0] = NOT_SEEN
    return codes


def _packed(codes: NDArray[np.uint8], low: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """Return ``code << 8 | 255 - height`` (rows, gates), good until the next call on this thread."""
    lows = _ROOM.array("beside", codes.shape, np.uint8)
    lows[:] = low
    # WORKAROUND: into an even address cv2.merge writes past the cache, which makes all that follows wait for
    # the memory, and strided rows five times slower (opencv/modules/core/src/merge.simd.hpp, STORE_ALIGNED_NOCACHE).
    pairs = _ROOM.array("wide", (2 * codes.size + 1,), np.uint8)[1:]
    cv2.merge([lows, codes], dst=pairs.reshape(*codes.shape, 2))
    return pairs.view(np.uint16).reshape(codes.shape)
