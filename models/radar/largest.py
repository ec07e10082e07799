"""The largest value above each place, with the height of the beam that saw it: every cut raised into one field.

What takes time here is memory. So rays are put into rows and packed in one go, in scratch arrays
that are never given back; codes are compared as the file has them, and put right at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
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
_MOST_RUNS = 3
_ROOM = Scratch()


@dataclass(frozen=True, slots=True, eq=False)
class _Cut:
    """A cut, which of its gates lie above which bins, and the ray of each azimuth row, -1 where nothing was seen."""

    moment: Moment
    above: Above
    rows: NDArray[np.intp]
    all_round: bool


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
    cuts = [_cut(sweep, moment, geometry, altitude_m) for sweep, moment in parts]
    cuts = [cut for cut in cuts if cut.above.pieces]
    first_valid = {cut.moment.first_valid for cut in cuts}
    as_recorded = len(first_valid) == 1 and all(as_in_house(cut.moment) and cut.all_round for cut in cuts)

    def work(rows: slice) -> None:
        if as_recorded:
            _raise_as_recorded(field[rows], cuts, rows, min(first_valid))
        else:
            _raise(field[rows], cuts, _IN_ORDER[rows])

    for _ in spread(work, _WHOLE if spread is map else _HALVES):
        pass
    out: Cells = cells
    return out


def _cut(sweep: Sweep, moment: Moment, geometry: PolarGeometry, altitude_m: float) -> _Cut:
    gates = int(moment.codes.shape[1])
    above = gates_above(geometry, sweep.elevation_deg, moment.start_m, moment.gate_m, gates, altitude_m)
    rows = rows_of(sweep)
    if sweep.blanked.any():
        rows[sweep.blanked[rows]] = -1
    return _Cut(moment, above, rows, int(rows.min()) >= 0)


def _raise_as_recorded(field: NDArray[Any], cuts: list[_Cut], rows: slice, first_valid: int) -> None:
    """Work some rows out from the codes as they are: 0 is no echo, and 1 to below the first valid one say why none is.

    The one looks smaller than the other, though it says more. So what saw no echo is put in at the end from the
    cuts' heights alone, and rows in which one of the others came out on top are worked out once more with care.
    """
    wide = field.dtype == np.uint16
    field[:] = 0
    for cut in cuts:
        _max(field, cut, cut.rows[rows], as_recorded=True)
    floor = _floor(tuple(cut.above for cut in cuts), field.shape[1])
    one, most = (1 << 8, first_valid << 8) if wide else (1, first_valid)
    doubtful = _ROOM.array("doubtful", field.shape, field.dtype)
    cv2.threshold(field, most - 1, 0, cv2.THRESH_TOZERO_INV, dst=doubtful)
    again = np.flatnonzero(doubtful.max(axis=1) >= one) if int(doubtful.max(initial=0)) >= one else ()
    even = _ROOM.array("floor", field.shape, field.dtype)
    even[:] = floor if wide else np.minimum(floor, NO_ECHO)
    cv2.max(field, even, dst=field)
    if len(again):
        careful = np.zeros((len(again), field.shape[1]), field.dtype)
        _raise(careful, cuts, _IN_ORDER[rows][again])
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


def _raise(field: NDArray[Any], cuts: list[_Cut], rows: NDArray[np.intp]) -> None:
    """Work some azimuth rows out, code by code."""
    field[:] = 0
    for cut in cuts:
        _max(field, cut, cut.rows[rows], as_recorded=False)
    if field.dtype == np.uint16:
        cv2.threshold(field, (1 << 8) - 1, 0, cv2.THRESH_TOZERO, dst=field)


def _max(field: NDArray[Any], cut: _Cut, rays: NDArray[np.intp], *, as_recorded: bool) -> None:
    """Raise a field (rows, bins) to a cut's values; ``rays`` (rows,) are those above, -1 where there is none."""
    whole = rays.size == AZIMUTH_BINS
    for start, stop in ((0, AZIMUTH_BINS),) if whole else _runs(rays[1:] < rays[:-1]):
        own = rays[start:stop]
        first, last = 0, cut.moment.codes.shape[0]
        if not whole:
            first, last = int(own[own >= 0].min(initial=last)), int(own.max(initial=-1)) + 1
        if first >= last:
            continue
        local = own if cut.all_round else np.where(own < 0, last, own)
        local = local - first if first else local
        packed = _packed(cut, slice(first, last), field.dtype, as_recorded=as_recorded)
        # Codes alone come straight from the file's memory, which is quicker read ray by ray than piece by piece.
        in_runs = field.dtype == np.uint16 and 4 * (last - first) > 3 * local.size
        runs = _runs(local[1:] - local[:-1] != 1) if in_runs else [(0, local.size)]
        if len(runs) == 1:
            packed, local = _taken(packed, local), _IN_ORDER
        for low, high in runs:
            source = packed[int(local[low]) : int(local[low]) + high - low]
            for left, right, shift in cut.above.pieces:
                there = field[start + low : start + high, left:right]
                cv2.max(there, source[:, left + shift : right + shift], dst=there)


def _runs(breaks: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the parts between breaks (rows - 1,); all rows as one where there are many."""
    at = (np.flatnonzero(breaks) + 1).tolist()
    return list(pairwise([0, *(at if len(at) < _MOST_RUNS else ()), breaks.size + 1]))


def _packed(cut: _Cut, rays: slice, kind: np.dtype[Any], *, as_recorded: bool) -> NDArray[Any]:
    """Return the gates of some rays (rays, gates), and one ray not seen below them unless codes are as recorded.

    uint16 is ``code << 8 | 255 - height``. Good until the next call on this thread.
    """
    raw: NDArray[Any] = cut.moment.codes[rays]
    raw = raw[:, : cut.above.last] if cut.above.taken is None else raw.take(cut.above.taken, axis=1)
    many, gates = raw.shape
    codes = raw
    if not as_recorded:
        codes = _ROOM.array("codes", (many + 1, gates), np.uint8)
        to_house(raw, cut.moment, codes[:many], _ROOM)
        codes[many] = NOT_SEEN
    if kind == np.uint8:
        return codes
    low = _ROOM.array("low", codes.shape, np.uint8)
    low[:] = cut.above.low
    # WORKAROUND: into an even address cv2.merge writes past the cache, which makes all that follows wait for
    # the memory, and strided rows five times slower (opencv/modules/core/src/merge.simd.hpp, STORE_ALIGNED_NOCACHE).
    pairs = _ROOM.array("pairs", (2 * codes.size + 1,), np.uint8)[1:]
    cv2.merge([low, codes], dst=pairs.reshape(*codes.shape, 2))
    return pairs.view(np.uint16).reshape(codes.shape)


def _taken(packed: NDArray[Any], local: NDArray[np.intp]) -> NDArray[Any]:
    """Return rays in the order that is asked for; as bytes, since numpy copies what lies at an odd address."""
    plain = packed
    if not packed.flags.c_contiguous:
        plain = _ROOM.array("plain", packed.shape, packed.dtype)
        np.copyto(plain, packed)
    width = packed.shape[1] * packed.itemsize
    out = _ROOM.array("taken", (local.size, width), np.uint8)
    plain.view(np.uint8).reshape(-1, width).take(local, axis=0, out=out, mode="clip")
    return out.view(packed.dtype)
