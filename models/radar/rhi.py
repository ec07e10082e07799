"""A sweep that the antenna made up and down at one azimuth (RHI): gate by gate over distance and height."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.errors import DataError
from models.geodesy import FloatArray
from models.radar.beam import EFFECTIVE_RADIUS_M, elevation_to, ground_range
from models.radar.quantity import NOT_SEEN
from models.radar.rays import reflectivity_of, seen_codes
from models.radar.section import COLUMNS, HEIGHTS, Section, place_round
from models.radar.upright import Heights
from models.radar.volume import Moment, Site, Sweep, Volume

_WIDEST_STEP_DEG = 5.0


def rhi_of(volume: Volume, sweep: int = 0, *, columns: int = COLUMNS, heights: Heights = HEIGHTS) -> Section:
    """Return the reflectivity of one RHI sweep as a section from the radar outward.

    Every cell takes the gate that its middle lies in: the ray half way to whose neighbors it
    lies (at most three quarters of the usual step), and the gate at its distance along the beam.

    Raises
    ------
    DataError
        ``radar.no_rhi`` if the volume is none or has no such sweep with reflectivity;
        ``radar.no_site`` if nobody knows where the radar stands.
    """
    if not volume.site.placed:
        raise DataError("radar.no_site", radar=volume.site.code or "?")
    cut = volume.sweeps[sweep] if volume.scan == "rhi" and 0 <= sweep < len(volume.sweeps) else None
    moment = reflectivity_of(cut) if cut is not None else None
    if cut is None or moment is None or not cut.azimuth_deg.size:
        raise DataError("radar.no_rhi", radar=volume.site.code or "?")
    own = seen_codes(cut, moment)
    ray, gate, distance_m, length_m = gates_of(cut, moment, volume.site, columns=columns, heights=heights)
    codes = np.where(ray < 0, NOT_SEEN, own[np.maximum(ray, 0), gate]).astype(np.uint8)
    start = (volume.site.lon_deg, volume.site.lat_deg)
    azimuth = float(cut.azimuth_deg[cut.azimuth_deg.size // 2])
    return Section(
        start=start,
        end=place_round(start, azimuth, length_m),
        codes=codes,
        source=(codes > NOT_SEEN).astype(np.uint8),
        distance_m=distance_m,
        heights=heights,
        ground_m=np.full(columns, np.nan, np.float32),
        radars=((volume.site, cut.started_at),),
    )


def gates_of(
    cut: Sweep, moment: Moment, site: Site, *, columns: int = COLUMNS, heights: Heights = HEIGHTS
) -> tuple[NDArray[np.intp], NDArray[np.intp], FloatArray, float]:
    """Return the gate in which each cell of an upright picture lies.

    Returns
    -------
    ray, gate : (heights, columns) intp
        The lowest row first; ray is -1 (and gate 0) where the antenna did not look.
    distance_m : (columns,) float64, m
        How far each column lies from the radar along the ground.
    length_m : float, m
        How far the whole picture goes.
    """
    altitude_m = 0.0 if np.isnan(site.altitude_m) else site.altitude_m
    gates = moment.codes.shape[1]
    far_m = np.array([moment.start_m + gates * moment.gate_m])
    length_m = float(ground_range(far_m, float(cut.ray_elevation_deg.min()))[0])
    distance_m = (np.arange(columns, dtype=np.float64) + 0.5) * (length_m / columns)
    tall = np.broadcast_to(heights.meters[:, None], (heights.rows, columns))
    wanted = elevation_to(distance_m, tall, antenna_height_m=altitude_m)
    gate = np.floor((_slant(distance_m, tall - altitude_m) - moment.start_m) / moment.gate_m)
    ray = _rays_at(cut.ray_elevation_deg.astype(np.float64), wanted)
    good = (ray >= 0) & (gate >= 0) & (gate < gates)
    return np.where(good, ray, -1), np.where(good, gate, 0).astype(np.intp), distance_m, length_m


def _slant(distance_m: FloatArray, rise_m: FloatArray) -> FloatArray:
    """Return the distance along a straight beam over an earth of 4/3 radius, m."""
    tall = EFFECTIVE_RADIUS_M + rise_m
    half = np.sin(distance_m / EFFECTIVE_RADIUS_M / 2)
    return np.asarray(np.sqrt(rise_m**2 + 4 * EFFECTIVE_RADIUS_M * tall * half**2), np.float64)


def _rays_at(elevation_deg: FloatArray, wanted_deg: FloatArray) -> NDArray[np.intp]:
    """Return the index of the ray each elevation lies in, -1 where the antenna did not look."""
    order = np.argsort(elevation_deg, kind="stable")
    own = elevation_deg[order]
    steps = np.diff(own)
    usual = float(np.median(steps[steps > 0])) if (steps > 0).any() else 1.0
    nearest = np.searchsorted((own[1:] + own[:-1]) / 2, wanted_deg)
    found = order[nearest]
    found[np.abs(own[nearest] - wanted_deg) > 0.75 * min(usual, _WIDEST_STEP_DEG)] = -1
    return found
