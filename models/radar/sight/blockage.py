"""How much of a beam the ground takes away, in percent of its power, gate by gate."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.radar.beam import beam_height_above, elevation_to
from models.radar.footprint import PolarGeometry
from models.radar.rays import bin_centers
from models.radar.sight.heights import HEIGHTS_M, PolarHeights

UNKNOWN = 255
"""The blockage of a gate that nothing is known of: the height model does not reach so far."""

MOST_BLOCKED = 50
"""Percent: a gate that has lost more of its beam is not used."""

WIDEST_BEAM_DEG = 20.0

NEAR_CELLS = 1.5
"""So many cells of the height model round the antenna cannot block: its tower stands on them."""


@dataclass(frozen=True, slots=True, eq=False)
class Horizon:
    """How high the ground stands in a radar's sight.

    ``angle_deg`` (AZIMUTH_BINS, bins) float32 is the elevation of the highest ground from the
    antenna out to the middle of a bin, -90 where none is known; ``known`` (AZIMUTH_BINS,) says
    how many bins from the antenna on all ground is known.
    """

    geometry: PolarGeometry
    antenna_m: float
    angle_deg: NDArray[np.float32]
    known: NDArray[np.int32]


def horizon_of(heights: PolarHeights, antenna_m: float) -> Horizon:
    """Return what stands in the way of an antenna ``antenna_m`` above sea level, over an earth of 4/3 radius.

    Raises
    ------
    ValueError
        If the antenna's height is not known.
    """
    if not math.isfinite(antenna_m):
        raise ValueError("the height of the antenna is not known")
    distance = bin_centers(heights.geometry)
    angle = elevation_to(distance, heights.meters.astype(np.float64), antenna_height_m=antenna_m).astype(np.float32)
    unknown = np.isnan(angle)
    angle[:, distance < NEAR_CELLS * heights.cell_m] = -90.0
    angle[unknown] = -90.0
    known = np.where(unknown.any(axis=1), unknown.argmax(axis=1), heights.geometry.bins)
    return Horizon(heights.geometry, antenna_m, np.maximum.accumulate(angle, axis=1), known.astype(np.int32))


def blockage_of(horizon: Horizon, elevation_deg: float, beam_width_deg: float) -> NDArray[np.uint8]:
    """Return how much of one cut's beam the ground has taken before it leaves each bin.

    Parameters
    ----------
    horizon : Horizon
        Of `horizon_of`.
    elevation_deg : float, degrees
        The cut's elevation.
    beam_width_deg : float, degrees
        Between the half-power points.

    Returns
    -------
    (AZIMUTH_BINS, bins) uint8, percent
        0 to 100, growing outwards; `UNKNOWN` from the first bin on whose ground is not known, as long as the
        beam's lower edge is not above all mountains. Where the known ground takes more than `MOST_BLOCKED`,
        its percent stands even behind unknown ground: it can only be more.

    Raises
    ------
    ValueError
        If the beam width is not above 0, or above `WIDEST_BEAM_DEG`.

    Notes
    -----
    The share of a round beam of even power, as wide as its half-power width,
    that lies below the highest ground so far: Bech et al. (2003), The
    sensitivity of single polarization weather radar beam blockage correction
    to variability in the vertical refractivity gradient, J. Atmos. Oceanic
    Technol. 20, 845-855, eq. 2, with angles in place of heights over distance.
    """
    if not 0 < beam_width_deg <= WIDEST_BEAM_DEG:
        raise ValueError(f"a beam of {beam_width_deg} degrees")
    half = beam_width_deg / 2
    percent = (100 * share_below((horizon.angle_deg - np.float32(elevation_deg)) / np.float32(half)) + 0.5).astype(
        np.uint8
    )
    lower_edge = beam_height_above(
        bin_centers(horizon.geometry), elevation_deg - half, antenna_height_m=horizon.antenna_m
    )
    above_all = np.flatnonzero(lower_edge > HEIGHTS_M[1])
    free_from = int(above_all[0]) if above_all.size else horizon.geometry.bins
    first_unknown = np.where(horizon.known < free_from, horizon.known, horizon.geometry.bins)
    behind = np.arange(horizon.geometry.bins) >= first_unknown[:, None]
    percent[behind & (percent <= MOST_BLOCKED)] = UNKNOWN
    return percent


def share_below(offset: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the share of a disc that lies below a line, ``offset`` radii above its middle: 0 to 1 for -1 to 1.

    Source: Bech et al. (2003), eq. 2, divided by the square of the radius.
    """
    y = np.clip(offset, -1.0, 1.0)
    return np.asarray((y * np.sqrt(1 - y * y) + np.arcsin(y)) / math.pi + 0.5, y.dtype)


def unblocked(percent: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return which gates may be used: at most half blocked, or nothing known against them."""
    out: NDArray[np.bool_] = (percent <= MOST_BLOCKED) | (percent == UNKNOWN)
    return out
