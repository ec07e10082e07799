"""Values of other formats as codes of this house: 0 below threshold, 1 folded, 2 not scanned, then values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import DataError
from models.radar.oddity import Oddity
from models.radar.volume import CodeArray, Moment

BELOW, FOLDED, NOT_SCANNED, FIRST_VALID = 0, 1, 2, 3

_STEPS = (1.0, 0.5, 0.25, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001)
_MOST_CODES = 65_535 - FIRST_VALID
_ON_A_STEP = 0.01


@dataclass(frozen=True, slots=True)
class Stored:
    """How a file writes the values of a field: ``value = gain * stored + offset``.

    ``undetect`` is the stored number that means "seen, below the threshold", ``nodata`` the one
    that means "not seen"; None where the file has no such number. NaN is not seen, unless
    ``nan_is_below``: then the file does not tell the two apart and they are taken as below.
    """

    gain: float = 1.0
    offset: float = 0.0
    undetect: float | None = None
    nodata: float | None = None
    nan_is_below: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a moment stands, for codes and for what is said of it."""

    file: str
    cut: int
    moment: str
    gate_m: float
    start_m: float


def coded(stored: NDArray[Any], how: Stored, place: Place, oddities: list[Oddity]) -> Moment:
    """Return a moment in codes.

    Whole numbers keep their steps: they are shifted so that the codes 0 to 2 are free, into
    uint8 where they fit. Numbers with a fraction lie on a step of 1, 0.5 ... 0.001 in most
    files and are coded by it; where they do not, by the finest step that has room, and
    an oddity says so.

    Parameters
    ----------
    stored : (rays, gates) of any number type
        As in the file.
    how : Stored
        What the numbers mean.
    place : Place
        Names and geometry.
    oddities : list
        Takes what is strange.

    Raises
    ------
    DataError
        ``radar.moment_scale`` if gain or offset is no number, ``radar.moment_span`` if the values
        are spread wider than any moment's.
    """
    if not (math.isfinite(how.gain) and math.isfinite(how.offset)) or how.gain == 0:
        raise DataError(
            "radar.moment_scale", file=place.file, cut=place.cut, moment=place.moment, gain=how.gain, offset=how.offset
        )
    below, unseen = _masks(stored, how)
    if stored.dtype.kind in "iu" and how.gain > 0:
        moment = _shifted(stored, how, below, unseen, place)
        if moment is not None:
            return moment
    return _stepped(stored, how, below, unseen, place, oddities)


def _masks(stored: NDArray[Any], how: Stored) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    nothing = np.zeros(stored.shape, bool)
    below = _is(stored, how.undetect) if how.undetect is not None else nothing
    unseen = _is(stored, how.nodata) & ~below if how.nodata is not None else nothing.copy()
    if stored.dtype.kind == "f":
        unseen |= ~np.isfinite(stored)
    if how.nan_is_below:
        below, unseen = below | unseen, nothing
    return below, unseen


def _is(stored: NDArray[Any], number: float) -> NDArray[np.bool_]:
    """Compare as the file means it: a float64 attribute beside float32 values is the same number."""
    out: NDArray[np.bool_]
    if stored.dtype.kind == "f":
        out = stored == stored.dtype.type(number)
    elif float(number).is_integer():
        out = stored == number
    else:
        out = np.zeros(stored.shape, bool)
    return out


def _shifted(
    stored: NDArray[Any], how: Stored, below: NDArray[np.bool_], unseen: NDArray[np.bool_], place: Place
) -> Moment | None:
    """Shift whole numbers clear of the codes that are no values; None where they need more than 16 bits."""
    valid = ~(below | unseen)
    lowest = int(np.iinfo(stored.dtype).min)
    if lowest in {how.undetect, how.nodata}:
        lowest += 1
    if valid.any():
        low, high = int(stored[valid].min()), int(stored[valid].max())
    else:
        low = high = lowest
    shift = FIRST_VALID - lowest
    if high + shift > 65_535:
        shift = FIRST_VALID - low
        if high + shift > 65_535:
            return None
    dtype: Any = np.uint8 if high + shift <= 255 else np.uint16
    codes = (stored.astype(np.int64) + shift).astype(dtype)
    return _moment(codes, below, unseen, (1 / how.gain, shift - how.offset / how.gain), place)


def _stepped(
    stored: NDArray[Any],
    how: Stored,
    below: NDArray[np.bool_],
    unseen: NDArray[np.bool_],
    place: Place,
    oddities: list[Oddity],
) -> Moment:
    """Code numbers with a fraction by the step they lie on, or by the finest one that has room."""
    valid = ~(below | unseen)
    values = stored[valid].astype(np.float64) * how.gain + how.offset
    step, first = _step(values, place, oddities)
    number = np.rint(values / step)
    top = int(number.max()) if number.size else first
    dtype: Any = np.uint8 if top - first + FIRST_VALID <= 255 else np.uint16
    codes = np.zeros(stored.shape, dtype)
    codes[valid] = (number - first + FIRST_VALID).astype(dtype)
    return _moment(codes, below, unseen, (1 / step, float(FIRST_VALID - first)), place)


def _step(values: NDArray[np.float64], place: Place, oddities: list[Oddity]) -> tuple[float, int]:
    """Return the step and the number of the lowest value in steps from 0."""
    if not values.size:
        return 1.0, 0
    low, high = float(values.min()), float(values.max())
    room = [step for step in _STEPS if (high - low) / step <= _MOST_CODES]
    if not room or not math.isfinite(high - low):
        raise DataError(
            "radar.moment_span",
            file=place.file,
            cut=place.cut,
            moment=place.moment,
            low=f"{low:g}",
            high=f"{high:g}",
        )
    for step in room:
        steps = values / step
        if float(np.abs(steps - np.rint(steps)).max()) <= _ON_A_STEP:
            break
    else:
        step = room[-1]
        oddities.append(
            Oddity("radar.odd.requantised", cut=place.cut, moment=place.moment, step=f"{step:g}", most=f"{step / 2:g}")
        )
    return step, round(low / step)


def _moment(
    codes: CodeArray,
    below: NDArray[np.bool_],
    unseen: NDArray[np.bool_],
    rule: tuple[float, float],
    place: Place,
) -> Moment:
    codes[below] = BELOW
    codes[unseen] = NOT_SCANNED
    scale, offset = rule
    return Moment(place.moment, codes, scale, offset, place.gate_m, place.start_m, FIRST_VALID)
