"""A sweep taken from rays and gates to the azimuth rows and ground bins round its radar."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.geodesy import FloatArray
from models.radar.beam import beam_height, ground_range, slant_range
from models.radar.footprint import AZIMUTH_BINS, PolarGeometry, height_steps
from models.radar.quantity import CR, FIRST_ECHO, NO_ECHO, NOT_SEEN
from models.radar.scratch import Scratch
from models.radar.volume import Moment, Site, Sweep

REFLECTIVITY = ("dBZ", "Zc", "dBT")
"""Moments that products are made of, the best first: filtered, corrected, unfiltered."""

HIGHEST_M = 20_000.0
"""Above this no cut is read: no weather stands there."""

_FARTHEST_M = 600_000.0
_FINEST_M = 30.0
_COARSE_M = 1_000.0
_BELOW_THRESHOLD = 0
_MOST_PIECES = 64
_FEWEST_RAYS = 2
_SEEN = 1 << 8
_HOUSE_SCALE, _HOUSE_OFFSET = 2.0, 66.0


def reflectivity_of(sweep: Sweep) -> Moment | None:
    """Return the moment of a sweep that products are made of, None if it has none."""
    return next((sweep.moments[name] for name in REFLECTIVITY if name in sweep.moments), None)


def geometry_of(site: Site, parts: list[tuple[Sweep, Moment]]) -> PolarGeometry:
    """Return bins as fine as the finest gate, out to the farthest one.

    Coarse gates that begin half a gate off (legacy SA/SB Z is centered at whole kilometers) get bins half as
    long: a bin across two of them would move echoes by half a kilometer.
    """
    bin_m = max(_FINEST_M, min(_no_longer_than(moment) for _, moment in parts))
    far_m = max(
        _ground_m(moment.start_m + moment.codes.shape[1] * moment.gate_m, sweep.elevation_deg)
        for sweep, moment in parts
    )
    return PolarGeometry(site.lon_deg, site.lat_deg, bin_m, max(1, math.ceil(min(far_m, _FARTHEST_M) / bin_m)))


@lru_cache(maxsize=512)
def _ground_m(slant_m: float, elevation_deg: float) -> float:
    return float(ground_range(np.array([slant_m]), elevation_deg)[0])


def _no_longer_than(moment: Moment) -> float:
    half_off = abs(moment.start_m % moment.gate_m - moment.gate_m / 2) < 1
    return moment.gate_m / 2 if half_off and moment.gate_m >= _COARSE_M else moment.gate_m


@cache
def row_centers() -> FloatArray:
    """Return the middle of each azimuth row, (AZIMUTH_BINS,) degrees; not to be written to."""
    out = (np.arange(AZIMUTH_BINS, dtype=np.float64) + 0.5) * (360 / AZIMUTH_BINS)
    out.flags.writeable = False
    return out


def bin_centers(geometry: PolarGeometry) -> FloatArray:
    """Return the middle of each ground bin, (bins,) m."""
    return (np.arange(geometry.bins, dtype=np.float64) + 0.5) * geometry.bin_m


def rays_of(sweep: Sweep, azimuth_deg: FloatArray) -> NDArray[np.intp]:
    """Return the index of the ray each azimuth lies in, -1 where the antenna did not look.

    A ray reaches half way to its neighbors, at most three quarters of the usual step.
    """
    order = sweep.azimuth_deg.argsort(kind="stable")
    own = sweep.azimuth_deg[order].astype(np.float64)
    wanted = np.asarray(azimuth_deg, np.float64)
    if azimuth_deg is not row_centers():
        wanted = wanted % 360
    nearest = ((own[1:] + own[:-1]) / 2).searchsorted(wanted)
    over_north = (own[0] + own[-1] - 360) / 2  # half way from the last ray to the first, around north
    nearest[wanted < over_north] = own.size - 1
    nearest[wanted > over_north + 360] = 0
    away = np.abs(own[nearest] - wanted)
    away = np.minimum(away, 360 - away)
    found = order[nearest]
    steps = own[1:] - own[:-1]
    if steps.size and away.max(initial=0) <= 0.75 * min(steps.min(), 5.0):
        return found  # the usual step is no less than the least: nothing can be too far away
    real = steps[steps > 0]
    usual = float(np.partition(real, real.size // 2)[real.size // 2]) if real.size else 1.0
    found[away > 0.75 * min(usual, 5.0)] = -1
    return found


def rows_of(sweep: Sweep) -> NDArray[np.intp]:
    """Return what `rays_of` says of the middles of the azimuth rows, (AZIMUTH_BINS,); quicker where no ray is missing.

    Then the rows between two borders half way from ray to ray are those of the ray in between, and nothing as wide
    as the rows is worked on. Threads that make footprints wait for each other here, so it counts twice.
    """
    order = sweep.azimuth_deg.argsort(kind="stable")
    own = sweep.azimuth_deg[order].astype(np.float64)
    if own.size < _FEWEST_RAYS:
        return rays_of(sweep, row_centers())
    steps = own[1:] - own[:-1]
    widest = max(float(steps.max()), float(own[0] - own[-1]) + 360)
    if widest / 2 > 0.75 * min(float(steps.min()), 5.0):
        return rays_of(sweep, row_centers())
    borders = np.empty(own.size + 1, np.intp)
    borders[0], borders[-1] = 0, AZIMUTH_BINS
    scale = AZIMUTH_BINS / 360
    borders[1:-1] = (own[1:] + own[:-1]) * (scale / 2) + 0.5  # to whole rows, downwards
    rows = order.repeat(borders[1:] - borders[:-1])
    north = (float(own[0] + own[-1]) - 360) * (scale / 2)  # the border over north, in rows; negative to the west of it
    if north > 0.5:
        rows[: math.ceil(north - 0.5)] = order[-1]
    else:
        rows[math.floor(north + AZIMUTH_BINS - 0.5) + 1 :] = order[0]
    return rows


@dataclass(frozen=True, slots=True, eq=False)
class GroundCut:
    """One cut above the ground: ``codes`` (rays + 1, gates) uint8 of `models.radar.quantity`, the last ray not seen.

    ``rows`` (AZIMUTH_BINS,) is the ray of each azimuth row, the last one where the antenna did not
    look. ``pieces`` (first bin, last bin, shift) say which gates lie above which ground bins;
    ``height_m`` (bins,) is the beam above sea level there, NaN for a bin without a gate, and
    ``low`` (gates,) is 255 less the gates' heights in steps of 100 m.
    """

    elevation_deg: float
    codes: NDArray[np.uint8]
    rows: NDArray[np.intp]
    pieces: tuple[tuple[int, int, int], ...]
    low: NDArray[np.uint8]
    height_m: FloatArray

    @property
    def bins(self) -> int:
        return int(self.height_m.size)

    def in_rows(self) -> NDArray[np.uint8]:
        """Return the codes by azimuth row and ground bin, uint8 (AZIMUTH_BINS, bins)."""
        taken = self.codes.take(self.rows, axis=0, mode="clip")
        out = np.zeros((AZIMUTH_BINS, self.bins), np.uint8)
        for first, last, shift in self.pieces:
            out[:, first:last] = taken[:, first + shift : last + shift]
        return out

    def packed_in_rows(self) -> NDArray[np.uint16]:
        """Return the cut as cells of a `Footprint`, uint16 (AZIMUTH_BINS, bins), 0 where not seen."""
        out = np.zeros((AZIMUTH_BINS, self.bins), np.uint16)
        self.raise_to(out, Scratch())
        return np.where(out < _SEEN, np.uint16(0), out)

    def raise_to(self, field: NDArray[np.uint16], room: Scratch) -> None:
        """Raise the cells of a field (AZIMUTH_BINS, bins or more) to this cut's; below 256 a cell is not seen."""
        if not self.pieces:
            return
        low = room.array("low", self.codes.shape, np.uint8)
        low[:] = self.low
        pairs = room.array("pairs", (*self.codes.shape, 2), np.uint8)
        cv2.merge([low, self.codes], dst=pairs)
        taken = room.array("taken", (AZIMUTH_BINS, self.codes.shape[1]), np.uint16)
        pairs.view(np.uint16)[..., 0].take(self.rows, axis=0, out=taken, mode="clip")
        for first, last, shift in self.pieces:
            there = field[:, first:last]
            cv2.max(there, taken[:, first + shift : last + shift], dst=there)


def ground_cut(sweep: Sweep, moment: Moment, geometry: PolarGeometry, altitude_m: float) -> GroundCut:
    """Return a cut above the ground bins; a bin takes the gate above its middle."""
    gates = int(moment.codes.shape[1])
    above = gates_above(geometry, sweep.elevation_deg, moment.start_m, moment.gate_m, gates, altitude_m)
    raw: NDArray[Any] = moment.codes[:, : above.last] if above.taken is None else moment.codes.take(above.taken, axis=1)
    rays = raw.shape[0]
    codes = np.empty((rays + 1, raw.shape[1]), np.uint8)
    to_house(raw, moment, codes[:rays], Scratch())
    if sweep.blanked.any():
        codes[:rays][sweep.blanked] = NOT_SEEN
    codes[rays] = NOT_SEEN
    rows = rays_of(sweep, row_centers())
    seen = np.where(rows < 0, rays, rows).astype(np.intp)
    return GroundCut(sweep.elevation_deg, codes, seen, above.pieces, above.low, above.height_m)


def as_in_house(moment: Moment) -> bool:
    """Return whether the valid codes of a moment are those of `models.radar.quantity`, as most radars' are."""
    coding = (moment.codes.dtype.itemsize, moment.scale, moment.offset)
    return coding == (1, _HOUSE_SCALE, _HOUSE_OFFSET) and moment.first_valid >= FIRST_ECHO


def to_house(raw: NDArray[Any], moment: Moment, out: NDArray[np.uint8], room: Scratch) -> None:
    """Write a moment's codes (rays, gates) into ``out`` as codes of `models.radar.quantity`."""
    if not out.size:
        return
    if as_in_house(moment):
        # 0 becomes 1 (seen, no echo), the codes from 1 to below the first value become 0 (not seen), the rest
        # stays. Three passes that SIMD does are a third of one table look-up.
        none = room.array("none", out.shape, np.uint8)
        cv2.threshold(raw, 0, NO_ECHO, cv2.THRESH_BINARY_INV, dst=none)
        cv2.threshold(raw, moment.first_valid - 1, 0, cv2.THRESH_TOZERO, dst=out)
        cv2.bitwise_or(out, none, dst=out)
        return
    table = _code_table(raw.dtype.itemsize, moment.scale, moment.offset, moment.first_valid)
    if raw.dtype == np.uint8:
        cv2.LUT(raw, table, dst=out)
    else:
        np.take(table, raw, out=out, mode="clip")


def seen_codes(sweep: Sweep, moment: Moment) -> NDArray[np.uint8]:
    """Return a sweep's reflectivity in the codes of `models.radar.quantity`, uint8 (rays, gates)."""
    out = np.empty(moment.codes.shape, np.uint8)
    to_house(moment.codes, moment, out, Scratch())
    out[sweep.blanked] = NOT_SEEN
    return out


@lru_cache(maxsize=32)
def _code_table(width: int, scale: float, offset: float, first_valid: int) -> NDArray[np.uint8]:
    size = 256 if width == 1 else 65_536
    table = CR.encode(((np.arange(size) - offset) / scale).astype(np.float32))
    table[:first_valid] = NOT_SEEN
    table[_BELOW_THRESHOLD] = NO_ECHO
    return table


@dataclass(frozen=True, slots=True, eq=False)
class Above:
    """Which gates of a cut lie above which bins; ``taken`` picks gates first where there is no simpler way."""

    last: int
    pieces: tuple[tuple[int, int, int], ...]
    taken: NDArray[np.intp] | None
    low: NDArray[np.uint8]
    height_m: FloatArray


@lru_cache(maxsize=512)
def gates_above(
    geometry: PolarGeometry, elevation_deg: float, start_m: float, gate_m: float, gates: int, altitude_m: float
) -> Above:
    """Return the gates above the middle of each bin.

    Gates as long as a bin follow the ground with a step now and then, so a few pieces say it all.
    """
    slant = slant_range(bin_centers(geometry), elevation_deg)
    gate = np.floor((np.nan_to_num(slant, nan=-1e9) - start_m) / gate_m)
    middle = start_m + (np.arange(gates, dtype=np.float64) + 0.5) * gate_m
    tall = beam_height(middle, elevation_deg, antenna_height_m=altitude_m)
    good = (gate >= 0) & (gate < gates)
    good[good] &= tall[gate[good].astype(np.intp)] < HIGHEST_M
    bins = int(np.flatnonzero(good)[-1]) + 1 if good.any() else 0
    index = np.where(good, gate, -1).astype(np.intp)[:bins]
    height_m = np.where(index >= 0, tall[index], np.nan)
    low = (255 - height_steps(tall)).astype(np.uint8)
    pieces = _pieces(index)
    if len(pieces) <= _MOST_PIECES:
        last = int(index.max(initial=-1)) + 1
        return Above(last, pieces, None, low[:last], height_m)
    taken = np.maximum(index, 0)
    return Above(bins, _pieces(np.where(index < 0, -1, np.arange(bins))), taken, low[taken], height_m)


def _pieces(index: NDArray[np.intp]) -> tuple[tuple[int, int, int], ...]:
    """Return the runs in which the gate grows with the bin, as (first bin, last bin, shift)."""
    shift = np.where(index < 0, -index.size - 1, index - np.arange(index.size))
    edges = np.concatenate([[0], np.flatnonzero(np.diff(shift)) + 1, [index.size]])
    return tuple((int(a), int(b), int(shift[a])) for a, b in pairwise(edges) if b > a and index[a] >= 0)
