"""The storm of the exercise above each pixel, by its formula: no rays, no gates, no bins.

The truth of a product is what a radar would say that sees every pixel's center exactly: the
formula at the height of each of its beams there (4/3 earth), as far as it reaches.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.demo.cma_writer import volume_bytes
from app.demo.radars import RADARS, RadarSite, volume_starts
from app.demo.scene import to_km
from app.demo.storm import Sheet, sheet
from models.geodesy import FloatArray, to_plane
from models.grid import GridArea
from models.radar.compose import Plane, plane_of
from models.radar.decoders import cma_base
from models.radar.polar import footprint_of
from models.radar.product import Reading
from models.radar.quantity import Quantity
from models.radar.tables import pixel_table

AREA = GridArea.over((106.5, 28.85, 107.5, 29.55), 500.0)
EARTH_M = 4 / 3 * 6_371_000.0

Part = tuple[RadarSite, datetime]


def newest(at: datetime) -> tuple[Part, ...]:
    """Return the volume of each radar that has last arrived."""
    return tuple((site, max(volume_starts(site, at - timedelta(minutes=20), at))) for site in RADARS)


def all_at(at: datetime) -> tuple[Part, ...]:
    return tuple((site, at) for site in RADARS)


@lru_cache(maxsize=64)
def volume(site: RadarSite, at: datetime) -> Reading:
    """Return a volume as the exercise's writer makes it and our decoder reads it."""
    return cma_base.decode(volume_bytes(site, at), site.code)


@lru_cache(maxsize=128)
def plane(site: RadarSite, at: datetime, quantity: Quantity) -> Plane:
    footprint = footprint_of(volume(site, at), step=site.step, quantity=quantity, with_weights=True)
    return plane_of(footprint, pixel_table(footprint.geometry, AREA))


def planes(parts: tuple[Part, ...], quantity: Quantity) -> tuple[Plane, ...]:
    return tuple(plane(site, at, quantity) for site, at in parts)


def truth(parts: tuple[Part, ...], quantity: Quantity) -> FloatArray:
    """Return the largest true value of several radars, (rows, columns): NaN not seen, -inf nothing there."""
    each = [_alone(site, at, quantity) for site, at in parts]
    return np.asarray(np.fmax.reduce(each), np.float64)


def _alone(site: RadarSite, at: datetime, quantity: Quantity) -> FloatArray:
    ground_m, tall, seen = _beams(site)
    storm = _storm(at)
    weakest = np.maximum(site.noise_dbz_1km + 20 * np.log10(np.maximum(ground_m, 1) / 1000), -10)
    column = np.full(tall.shape, np.nan)
    for index, height in enumerate(tall):
        value = storm.at_height(np.nan_to_num(height)).astype(float)
        value[value < weakest] = -np.inf
        column[index] = np.where(seen[index], value, np.nan)
    made = {"cr": _strongest, "hybrid": _lowest, "et": _top, "vil": _water}
    kind = quantity.kind.value
    if kind == "cappi":
        value = storm.at_height(float(quantity.height_m)).astype(float)
        value[value < weakest] = -np.inf
        reach = math.radians(0.5) * ground_m
        inside = (np.nanmin(tall, axis=0) - reach <= quantity.height_m) & (
            quantity.height_m <= np.nanmax(tall, axis=0) + reach
        )
        return np.where(inside & seen.any(axis=0), value, np.nan)
    return np.where(seen.any(axis=0), made[kind](column, tall), np.nan)


def _strongest(column: FloatArray, tall: FloatArray) -> FloatArray:
    return np.asarray(np.fmax.reduce(column))


def _lowest(column: FloatArray, tall: FloatArray) -> FloatArray:
    out = column[-1].copy()
    for value in column[::-1]:
        out = np.where(np.isnan(value), out, value)
    return np.asarray(out, np.float64)


def _top(column: FloatArray, tall: FloatArray) -> FloatArray:
    """Return the height in km where a line from the highest beam with 18 dBZ to the next one falls below."""
    out = np.full(column.shape[1:], -np.inf)
    for index, value in enumerate(column):
        top = tall[index]
        if index + 1 < len(column):
            above = np.maximum(column[index + 1], -33.0)
            with np.errstate(invalid="ignore", divide="ignore"):
                share = np.where((above < 18) & (value >= 18), (value - 18) / (value - above), 0.0)
            top = top + share * np.nan_to_num(tall[index + 1] - tall[index])
        out = np.where(value >= 18, top / 1000, out)
    return out


def _water(column: FloatArray, tall: FloatArray) -> FloatArray:
    linear = np.where(np.isfinite(column), 10 ** (np.clip(np.nan_to_num(column), -99, 56) / 10), 0.0)
    thick = np.nan_to_num(np.diff(tall, axis=0))
    return np.asarray((3.44e-6 * ((linear[1:] + linear[:-1]) / 2) ** (4 / 7) * thick).sum(axis=0))


@lru_cache(maxsize=16)
def _storm(at: datetime) -> Sheet:
    lon, lat = AREA.centers_lonlat()
    return sheet(*to_km(*np.meshgrid(lon, lat)), at)


@lru_cache(maxsize=8)
def _beams(site: RadarSite) -> tuple[FloatArray, FloatArray, NDArray[np.bool_]]:
    """Return distance (rows, columns), and of each beam (cuts, rows, columns) its height and whether it was looked."""
    lon, lat = AREA.centers_lonlat()
    east, north = to_plane(*np.meshgrid(lon, lat), center=(site.lon_deg, site.lat_deg))
    ground_m = np.hypot(east, north)
    tall, seen = [], []
    for elevation_deg in site.elevations_deg:
        angle = ground_m / EARTH_M
        slant = EARTH_M * np.sin(angle) / np.cos(math.radians(elevation_deg) + angle)
        rise = 2 * slant * EARTH_M * math.sin(math.radians(elevation_deg))
        reached = slant < site.gate_m * site.gates
        tall.append(np.where(reached, np.sqrt(slant**2 + EARTH_M**2 + rise) - EARTH_M + site.antenna_m, np.nan))
        seen.append(reached)
    azimuth = np.degrees(np.arctan2(east, north)) % 360
    low, high = site.blanked_deg or (400.0, 400.0)
    looked = (azimuth < low - 0.5) | (azimuth > high + 0.5)
    tall[0] = np.where(np.isnan(tall[0]), 1e9, tall[0])  # so that no pixel is all NaN
    return ground_m, np.array(tall), np.array(seen) & looked
