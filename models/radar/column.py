"""What the cuts above a place say together: lowest free scan, one height, echo top, water.

Every function takes cuts from low to high on the bins of one geometry, and returns
cells of a `Footprint` (cells + 1,) uint16.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from models.geodesy import FloatArray
from models.radar.footprint import AZIMUTH_BINS, PolarGeometry, height_steps, packed
from models.radar.quantity import CR, FIRST_ECHO, NO_ECHO, NOT_SEEN, Kind, Quantity
from models.radar.rays import GroundCut

HALF_BEAM_DEG = 0.5
"""How far beside its axis a cut still speaks for a height."""

ECHO_TOP_DBZ = 18.0
VIL_CAP_DBZ = 56.0

Mask = NDArray[np.bool_]


def hybrid(cuts: list[GroundCut], geometry: PolarGeometry, free: list[Mask | None]) -> NDArray[np.uint16]:
    """Return the lowest scan that the ground leaves free: reflectivity nearest to where people are.

    Parameters
    ----------
    free : list of (AZIMUTH_BINS, bins) bool or None
        Where each cut is not blocked; None where nobody knows, which counts as free.

    Notes
    -----
    A bin takes the lowest cut that is free and was scanned there. The idea of a hybrid
    scan: Fulton et al. (1998), *Weather and Forecasting* 13, 377-395.
    """
    cells, field = _empty(geometry)
    for cut, is_free in zip(cuts, free, strict=True):
        there = field[:, : cut.bins]
        candidate = cut.packed_in_rows()
        wanted = there < _SEEN
        if is_free is not None:
            wanted &= is_free[:, : cut.bins]
        np.copyto(there, candidate, where=wanted)
    field[field < _SEEN] = 0
    return cells


def cappi(cuts: list[GroundCut], geometry: PolarGeometry, height_m: float) -> NDArray[np.uint16]:
    """Return reflectivity at one height above sea level, between the cut below and the cut above.

    Codes of both are blended by height (linear in dBZ); where one of them saw no echo, or was
    not scanned, the nearer one stands. Below the lowest and above the highest cut its own
    value stands as far as half a beam width reaches; beyond, nothing was seen at this height.
    """
    cells, field = _empty(geometry)
    cuts = distinct(cuts)
    tall = np.full((len(cuts), geometry.bins), np.nan)
    for index, cut in enumerate(cuts):
        tall[index, : cut.bins] = cut.height_m
    reach = np.radians(HALF_BEAM_DEG) * (np.arange(geometry.bins) + 0.5) * geometry.bin_m
    number = np.arange(len(cuts))[:, None]
    with np.errstate(invalid="ignore"):
        low = np.where(tall <= height_m, number, -1).max(axis=0)
        high = np.where(tall > height_m, number, len(cuts)).min(axis=0)
    codes = [cut.in_rows() for cut in cuts]
    step = int(height_steps(np.array([height_m]))[0])
    for pair in np.unique(low * (len(cuts) + 1) + high):
        bins = np.flatnonzero(low * (len(cuts) + 1) + high == pair)
        a, b = int(low[bins[0]]), int(high[bins[0]])
        if a >= 0 and b < len(cuts):
            share = (height_m - tall[a, bins]) / (tall[b, bins] - tall[a, bins])
            field[:, bins] = packed(_blend(codes[a][:, bins], codes[b][:, bins], share), step)
        elif a >= 0 or b < len(cuts):
            only = max(a, 0) if b == len(cuts) else b
            near = np.abs(tall[only, bins] - height_m) <= reach[bins]
            lone = np.where(near, codes[only][:, bins], NOT_SEEN).astype(np.uint8)
            field[:, bins] = packed(lone, height_steps(tall[only, bins]))
    return cells


def echo_top(cuts: list[GroundCut], geometry: PolarGeometry, *, dbz: float = ECHO_TOP_DBZ) -> NDArray[np.uint16]:
    """Return the height above sea level up to which reflectivity reaches ``dbz``, in codes of 0.1 km.

    Between the highest cut that reaches it and the next one above the height is found where a line
    in dBZ crosses ``dbz``; where there is no cut above, it is the beam's own height, "at least".
    Source: Lakshmanan et al. (2013), *Weather and Forecasting* 28, 1261-1278.
    """
    cells, field = _empty(geometry)
    shape = (AZIMUTH_BINS, geometry.bins)
    top = np.full(shape, np.nan, np.float32)
    seen = np.zeros(shape, bool)
    cuts = distinct(cuts)
    rows = [CR.decode(cut.in_rows()) for cut in cuts]
    for index, cut in enumerate(cuts):
        value = rows[index]
        n = cut.bins
        seen[:, :n] |= ~np.isnan(value)
        height = np.broadcast_to(cut.height_m.astype(np.float32), value.shape).copy()
        if index + 1 < len(cuts):
            above = cuts[index + 1]
            m = min(n, above.bins)
            higher = np.maximum(rows[index + 1][:, :m], np.float32(-33.0))
            with np.errstate(invalid="ignore", divide="ignore"):
                share = (value[:, :m] - dbz) / (value[:, :m] - higher)
            rise = np.where((higher < dbz) & np.isfinite(share), share, 0.0)
            height[:, :m] += (rise * (above.height_m[:m] - cut.height_m[:m])).astype(np.float32)
        np.copyto(top[:, :n], height, where=value >= dbz)
    codes = Quantity(Kind.ECHO_TOP).encode(top / np.float32(1000))
    codes[np.isnan(top)] = NO_ECHO
    codes[~seen] = NOT_SEEN
    field[:] = packed(codes, height_steps(top.astype(np.float64)))
    return cells


def vil(cuts: list[GroundCut], geometry: PolarGeometry) -> NDArray[np.uint16]:
    """Return vertically integrated liquid water, in codes of 0.5 kg/m2.

    The sum over the cuts that see a cell, each with the next one that does, of
    3.44e-6 ((Z1 + Z2)/2)^(4/7) dh, reflectivity capped at 56 dBZ against hail. Source: Greene and
    Clark (1972), *Monthly Weather Review* 100, 548-552. A cell that fewer than two cuts see has no
    layer and is not seen; one with echo and less than 0.5 kg/m2 says 0, never "no echo". The height
    of a cell is that of the lowest cut that counts.
    """
    cells, field = _empty(geometry)
    shape = (AZIMUTH_BINS, geometry.bins)
    water, below_m = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    below, layers, wet = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8), np.zeros(shape, bool)
    lowest = np.full(shape, np.nan, np.float32)
    table = _water_between()
    for cut in distinct(cuts):
        code = cut.in_rows()
        part = np.s_[:, : cut.bins]
        seen = code != NOT_SEEN
        height = np.broadcast_to(cut.height_m.astype(np.float32), code.shape)
        pair = np.left_shift(below[part], 8, dtype=np.intp)
        pair |= code
        thick = np.where(seen & (layers[part] > 0), height - below_m[part], np.float32(0))
        water[part] += table.take(pair, mode="wrap") * thick
        np.copyto(lowest[part], height, where=seen & (layers[part] == 0))
        np.copyto(below[part], code, where=seen)
        np.copyto(below_m[part], height, where=seen)
        wet[part] |= code >= FIRST_ECHO
        layers[part] += seen
    codes = Quantity(Kind.VIL).encode(water)
    codes[~wet] = NO_ECHO
    codes[layers < _LEAST_LAYERS] = NOT_SEEN
    field[:] = packed(codes, height_steps(lowest.astype(np.float64)))
    return cells


@cache
def _water_between() -> NDArray[np.float32]:
    """Return the water of each pair of codes in a layer of 1 m, (65536,) kg/m2 by 256 times the lower plus the upper.

    Some thousand powers once instead of one for each cell.
    """
    values = CR.decode(np.arange(256, dtype=np.uint8))
    linear = 10 ** (np.minimum(np.nan_to_num(values, nan=-np.inf), VIL_CAP_DBZ) / 10).astype(np.float32)
    mean = (linear[:, None] + linear[None, :]) * np.float32(0.5)
    return np.asarray(np.float32(3.44e-6) * mean ** np.float32(4 / 7), np.float32).ravel()


def distinct(cuts: list[GroundCut]) -> list[GroundCut]:
    """Return one cut of each elevation: of a split pair the one that reaches farther."""
    out: list[GroundCut] = []
    for cut in cuts:
        if out and abs(cut.elevation_deg - out[-1].elevation_deg) < _SAME_ELEVATION_DEG:
            out[-1] = max(out[-1], cut, key=lambda one: one.bins)
        else:
            out.append(cut)
    return out


_SEEN = 1 << 8
_LEAST_LAYERS = 2
_SAME_ELEVATION_DEG = 0.2


def _empty(geometry: PolarGeometry) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    cells = np.zeros(geometry.cells + 1, np.uint16)
    return cells, cells[:-1].reshape(AZIMUTH_BINS, geometry.bins)


def _blend(low: NDArray[np.uint8], high: NDArray[np.uint8], share: FloatArray) -> NDArray[np.uint8]:
    """Return codes between two cuts, ``share`` 0 at the lower one; the nearer cut where one has no echo."""
    weight = np.round(share * 256).astype(np.uint16)
    mixed = ((low.astype(np.uint16) * (256 - weight) + high.astype(np.uint16) * weight + 128) >> 8).astype(np.uint8)
    both = (low >= FIRST_ECHO) & (high >= FIRST_ECHO)
    nearer = np.where(share < 0.5, low, high)
    other = np.where(share < 0.5, high, low)
    single = np.where(nearer == NOT_SEEN, other, nearer)
    return np.where(both, mixed, single).astype(np.uint8)
