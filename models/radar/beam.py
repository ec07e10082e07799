"""The way of the beam: slant range, ground range and height, 4/3 earth radius."""

from __future__ import annotations

import math

import numpy as np

from models.geodesy import FloatArray

EFFECTIVE_RADIUS_M = 4.0 / 3.0 * 6_371_000.0


def beam_height(slant_range_m: FloatArray, elevation_deg: float, *, antenna_height_m: float = 0.0) -> FloatArray:
    """Return the height of the beam center above sea level.

    Parameters
    ----------
    slant_range_m : (gates,) float64, m
        Distance along the beam.
    elevation_deg : float, degrees
        Antenna elevation above the horizon.
    antenna_height_m : float, m
        Height of the antenna above sea level.

    Returns
    -------
    (gates,) float64, m
        NaN where ``slant_range_m`` is NaN.

    Notes
    -----
    Standard atmosphere. Source: Doviak and Zrnic (1993), *Doppler Radar and
    Weather Observations*, eq. 2.28b.

    Examples
    --------
    >>> beam_height(np.array([100_000.0]), 0.5).round()
    array([1461.])
    """
    slant = np.asarray(slant_range_m, float)
    rise = 2.0 * slant * EFFECTIVE_RADIUS_M * math.sin(math.radians(elevation_deg))
    return np.sqrt(slant**2 + EFFECTIVE_RADIUS_M**2 + rise) - EFFECTIVE_RADIUS_M + antenna_height_m


def ground_range(slant_range_m: FloatArray, elevation_deg: float) -> FloatArray:
    """Return the distance along the ground below each place on the beam, m.

    NaN where ``slant_range_m`` is NaN. Source: Doviak and Zrnic (1993), eq. 2.28c.

    Examples
    --------
    >>> ground_range(np.array([100_000.0]), 19.5).round()
    array([93891.])
    """
    slant = np.asarray(slant_range_m, float)
    height = beam_height(slant, elevation_deg)
    share = slant * math.cos(math.radians(elevation_deg)) / (EFFECTIVE_RADIUS_M + height)
    return EFFECTIVE_RADIUS_M * np.arcsin(np.clip(share, -1.0, 1.0))


def slant_range(ground_range_m: FloatArray, elevation_deg: float) -> FloatArray:
    """Return the distance along the beam to the place above each ground range, m.

    The inverse of `ground_range`: the law of sines in the triangle of earth's
    center, antenna and target. NaN where ``ground_range_m`` is NaN, and where
    the beam never comes above that place (only near 90 degrees).

    Examples
    --------
    >>> slant_range(ground_range(np.array([100_000.0]), 19.5), 19.5).round()
    array([100000.])
    """
    angle = np.asarray(ground_range_m, float) / EFFECTIVE_RADIUS_M
    below = np.cos(math.radians(elevation_deg) + angle)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 1e-9, EFFECTIVE_RADIUS_M * np.sin(angle) / below, np.nan)


def beam_height_above(ground_range_m: FloatArray, elevation_deg: float, *, antenna_height_m: float = 0.0) -> FloatArray:
    """Return the height of the beam center above sea level over each ground range, m; NaN as `slant_range` has it.

    Examples
    --------
    >>> beam_height_above(ground_range(np.array([100_000.0]), 0.5), 0.5).round()
    array([1461.])
    """
    return beam_height(slant_range(ground_range_m, elevation_deg), elevation_deg, antenna_height_m=antenna_height_m)


def elevation_to(ground_range_m: FloatArray, height_m: FloatArray, *, antenna_height_m: float = 0.0) -> FloatArray:
    """Return the elevation at which the beam center passes through a place, degrees.

    Parameters
    ----------
    ground_range_m : (n,) float64, m
        Distance along the ground.
    height_m : (..., n) float64, m
        Height of the place above sea level.
    antenna_height_m : float, m
        Height of the antenna above sea level.

    Returns
    -------
    (..., n) float64, degrees
        Shape of ``height_m``; NaN where either is NaN.

    Notes
    -----
    The inverse of `beam_height_above`: a beam is straight over an earth of 4/3 radius.

    Examples
    --------
    >>> elevation_to(np.array([99_979.0]), np.array([1461.0])).round(2)
    array([0.5])
    """
    angle = np.asarray(ground_range_m, float) / EFFECTIVE_RADIUS_M
    rise = np.asarray(height_m, float) - antenna_height_m
    up = rise * np.cos(angle) - 2.0 * EFFECTIVE_RADIUS_M * np.sin(angle / 2) ** 2
    along = (EFFECTIVE_RADIUS_M + rise) * np.sin(angle)
    return np.degrees(np.arctan2(up, along))
