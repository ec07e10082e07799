"""The storm of the exercise as a formula: reflectivity at any place, height and moment.

A long band of steady rain, cells inside it (`storm_cells`), edges bent and
textured by noise that drifts with the air. Rain on the ground follows
Z = 300 R^1.4 with Z capped at 53 dBZ, the rule by which the console reads it
(domain/risk-models.md section 11).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.demo.noise import Noise
from app.demo.scene import EARLIER_RAIN_AT, SEED, STORM_FROM_AT, to_km
from app.demo.storm_cells import TRACKS, TrueCell, cell_at, true_cells
from models.geodesy import FloatArray

__all__ = ["NO_ECHO_DBZ", "Sheet", "dbz", "rain_rate", "sheet", "true_cells"]

Float32Array = NDArray[np.float32]

NO_ECHO_DBZ = -30.0
RAIN_CAP_DBZ = 53.0
_LOW_M = 1500.0  # height at which rain on the ground is read
_MELTING_M = 5100.0
_BAND_ANGLE_DEG = 23.0
_BAND_KMH = (7.0, 1.2)
_DRIFT_KMH = ((15.0, 6.0), (9.0, 2.0))


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """The storm seen from above: strongest ``dbz`` of the rain layer and the ``convective`` part 0..1 of it."""

    dbz: Float32Array
    convective: Float32Array

    def at_height(self, height_m: FloatArray | Float32Array | float) -> Float32Array:
        """Return float32 dBZ at heights above the sea, which must fit the sheet's shape.

        Even below the melting level, above it 6.5 dB/km less in steady rain
        and 2.8 dB/km less in cells, which also reach 1.6 km higher.
        """
        top = np.float32(_MELTING_M) + np.float32(1600) * self.convective
        fall = np.float32(0.0065) - np.float32(0.0037) * self.convective
        above = np.maximum(np.asarray(height_m, np.float32) - top, np.float32(0))
        return np.maximum(self.dbz - fall * above, np.float32(NO_ECHO_DBZ))


def dbz(lon_deg: FloatArray, lat_deg: FloatArray, height_m: FloatArray | float, at: datetime) -> Float32Array:
    """Return reflectivity in dBZ, float32 in the places' shape; `NO_ECHO_DBZ` where there is none.

    Parameters
    ----------
    lon_deg, lat_deg : float64, degrees
        Places, any shape.
    height_m : float64 or a number, m above the sea
        Of the same shape, or one for all.
    at : aware datetime
        Before the storm's three hours only light steady rain falls.
    """
    return sheet(*to_km(lon_deg, lat_deg), at).at_height(height_m)


def rain_rate(lon_deg: FloatArray, lat_deg: FloatArray, at: datetime) -> Float32Array:
    """Return the true rain on the ground in mm/h, float32 in the places' shape; 0 where it is dry."""
    return rate_of(dbz(lon_deg, lat_deg, _LOW_M, at))


def rate_of(dbz_low: Float32Array) -> Float32Array:
    """Return mm/h of reflectivity near the ground; nothing below 5 dBZ."""
    z = 10.0 ** (np.minimum(dbz_low, np.float32(RAIN_CAP_DBZ)) / 10.0)
    return np.where(dbz_low >= 5.0, (z / 300.0) ** (1 / 1.4), 0.0).astype(np.float32)


def sheet(east_km: ArrayLike, north_km: ArrayLike, at: datetime) -> Sheet:
    """Return the storm from above at places in km from the middle of the county, any one shape."""
    minute = (at - STORM_FROM_AT).total_seconds() / 60
    x, y = np.asarray(east_km, np.float32), np.asarray(north_km, np.float32)
    bend, grain = _tables()
    hours = minute / 60
    (first_east, first_north), (second_east, second_north) = _DRIFT_KMH
    fx, fy = x - np.float32(first_east * hours), y - np.float32(first_north * hours)
    push_x, push_y = bend.at(fx, fy), bend.at(fy + 71, fx + 33)
    wx, wy = x + np.float32(1.5) * push_x, y + np.float32(1.5) * push_y
    gx, gy = x - np.float32(second_east * hours) + 90, y - np.float32(second_north * hours) + 40
    texture = np.asarray(grain.at(fx, fy) + grain.at(gx, gy), np.float32)
    steady = _steady(wx, wy, push_x, minute) + np.float32(1.8 + 1.3 * _build(minute)) * texture
    z_steady = 10.0 ** (steady / 10)
    z_cells = np.zeros(x.shape, np.float32)
    near = np.float32(0.3)
    cx, cy = np.asarray(x + near * push_x, np.float32), np.asarray(y + near * push_y, np.float32)
    for track in TRACKS:
        if track.born_min <= minute < track.died_min:
            _add_cell(z_cells, cx, cy, cell_at(track, minute))
    z_cells *= 10.0 ** (np.float32(0.13) * texture)
    total = np.log10(np.maximum(z_steady + z_cells, np.float32(1e-3))) * 10
    convective = z_cells / (z_cells + z_steady + np.float32(1e-3))
    return Sheet(
        np.where(total < 2.0, np.float32(NO_ECHO_DBZ), total).astype(np.float32), convective.astype(np.float32)
    )


def wind_ms(height_m: Float32Array | float) -> tuple[Float32Array, Float32Array]:
    """Return the wind that carries the drops, east and north in m/s: weaker and backed near the ground."""
    km = np.asarray(height_m, np.float32) / 1000
    return (np.float32(2.0) + np.float32(2.4) * np.minimum(km, 9)).astype(np.float32), (
        np.float32(5.5) - np.float32(0.45) * np.minimum(km, 9)
    ).astype(np.float32)


def _steady(x: Float32Array, y: Float32Array, uneven: Float32Array, minute: float) -> Float32Array:
    """Return dBZ of the band of steady rain, without texture."""
    angle = math.radians(_BAND_ANGLE_DEG)
    hours = minute / 60
    east, north = -5.0 + _BAND_KMH[0] * (hours - 1.6), 3.6 + _BAND_KMH[1] * (hours - 1.6)
    along = (x - np.float32(east)) * np.float32(math.cos(angle)) + (y - np.float32(north)) * np.float32(math.sin(angle))
    across = -(x - np.float32(east)) * np.float32(math.sin(angle)) + (y - np.float32(north)) * np.float32(
        math.cos(angle)
    )
    across = across + np.float32(0.0016) * along * along * np.float32(0.55)
    strength, width = _band_vigor(minute)
    return np.asarray(
        strength
        + np.float32(2.2) * uneven
        - np.float32(9) * (across / np.float32(width)) ** 2
        - np.float32(9) * (along / np.float32(72)) ** 4,
        np.float32,
    )


def _band_vigor(minute: float) -> tuple[float, float]:
    """Return the band's strongest dBZ and its width in km: drizzle before the storm, then it builds and dies."""
    before = (minute * 60 + (STORM_FROM_AT - EARLIER_RAIN_AT).total_seconds()) / 3600
    if before < 0:
        return -20.0, 8.0
    light = 23.0 + 4.5 * math.sin(before * 1.1)
    build = _build(minute)
    fade = 0.5 - 0.5 * math.cos(math.pi * min(1.0, max(0.0, (200 - minute) / 60)))
    return light + (33.5 - light) * build * fade, 10.5 + 2.5 * build


def _build(minute: float) -> float:
    """Return how far the storm has built up, 0 to 1, in a bit more than its first three quarters of an hour."""
    return 0.5 - 0.5 * math.cos(math.pi * min(1.0, max(0.0, (minute + 20) / 70)))


def _add_cell(z_cells: Float32Array, x: Float32Array, y: Float32Array, cell: TrueCell) -> None:
    """Add one cell: steep from the core to 40 dBZ, then a skirt that trails away."""
    reach = cell.long_km * 4.2
    close = (np.abs(x - np.float32(cell.east_km)) < reach) & (np.abs(y - np.float32(cell.north_km)) < reach)
    if not close.any():
        return
    angle = math.radians(cell.angle_deg)
    dx, dy = x[close] - np.float32(cell.east_km), y[close] - np.float32(cell.north_km)
    u = (dx * np.float32(math.cos(angle)) + dy * np.float32(math.sin(angle))) / np.float32(cell.long_km)
    v = (-dx * np.float32(math.sin(angle)) + dy * np.float32(math.cos(angle))) / np.float32(cell.short_km)
    square = u * u + v * v
    fall = np.float32(10) * square / (1 + np.float32(0.16) * square)
    z_cells[close] += 10.0 ** ((np.float32(cell.dbz) - fall) / 10)


@cache
def _tables() -> tuple[Noise, Noise]:
    return (
        Noise.from_seed(SEED + 30, cells=512, cell_km=0.5, longest_km=16.0, slope=1.0),
        Noise.from_seed(SEED + 31, cells=1024, cell_km=0.25, longest_km=7.0, slope=0.75),
    )
