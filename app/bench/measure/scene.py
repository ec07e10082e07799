"""The scene of the radar's benches: nine S-band radars in a square lattice, their volumes made from a seed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import cv2
import numpy as np
from numpy.typing import NDArray

from models.geodesy import FloatArray, from_plane, mercator_scale, to_mercator
from models.grid import GridArea
from models.radar.volume import CodeArray, Moment, Site, Sweep, Volume

SEED = 20260618
STEP = timedelta(minutes=6)
STARTED_AT = datetime(2026, 6, 18, 8, 0, tzinfo=UTC)
CENTER = (113.0, 26.7)
APART_M, SIDE_M = 300_000.0, 1_000_000.0
ELEVATIONS = (0.5, 0.5, 1.45, 1.45, 2.4, 3.35, 4.3, 6.0, 9.9, 14.6, 19.5)
# In how many of a cut's gates there is echo: less the higher the beam.
ECHO_SHARES = (0.15, 0.15, 0.13, 0.13, 0.11, 0.09, 0.08, 0.06, 0.04, 0.03, 0.02)
FINE_CUTS, FINE_RAYS, RAYS = 4, 720, 360
GATE_M, GATES = 250.0, 1832
MOST_RADARS = 9
_SKY_CELLS, _SKY_M = 1500, 1_600_000.0
_COARSE = 4
_SPEED_MS = (14.0, 6.0)


@dataclass(frozen=True, slots=True)
class Coding:
    """How a moment is coded in the file: type, value = (code - offset) / scale."""

    name: str
    kind: int
    scale: int
    offset: int


DBZ = Coding("dBZ", 2, 2, 66)
OTHERS = (Coding("V", 3, 2, 129), Coding("W", 4, 2, 129), Coding("ZDR", 7, 16, 130), Coding("CC", 9, 200, 5))
OTHER_GATES = 920
"""The other moments reach as far as their pulses allow, 230 km."""


def area_of(cells: int) -> GridArea:
    """Return the map of the scene: 1000 km wide, ``cells`` x ``cells``, km of ground at its middle."""
    x, y = to_mercator(np.array([CENTER[0]]), np.array([CENTER[1]]))
    side_m = SIDE_M * mercator_scale(CENTER[1])
    return GridArea(float(x[0]) - side_m / 2, float(y[0]) + side_m / 2, side_m / cells, cells, cells)


def site_of(number: int) -> Site:
    """Return one of the nine places, from the upper left one row by row."""
    east, north = APART_M * (number % 3 - 1), APART_M * (1 - number // 3)
    lon, lat = from_plane(np.array([east]), np.array([north]), center=CENTER)
    return Site(f"ZQ{number + 1:03d}", f"B{number + 1}", float(lon[0]), float(lat[0]), 60.0 + 35.0 * number)


def volumes(count: int = MOST_RADARS, *, minutes: float = 0.0) -> tuple[Volume, ...]:
    """Return what the radars see some minutes after the start, reflectivity alone; always the same bytes."""
    sky = _sky()
    at = STARTED_AT + timedelta(minutes=minutes)
    return tuple(_volume(number % MOST_RADARS, sky, at, minutes * 60) for number in range(count))


def others_of(sweep: Sweep, number: int) -> tuple[tuple[Coding, CodeArray], ...]:
    """Return the moments beside reflectivity of one sweep, for files: codes (rays, OTHER_GATES) where it has echo."""
    dice = np.random.default_rng((SEED, number, sweep.number))
    z = sweep.moments["dBZ"].codes[:, :OTHER_GATES]
    out: list[tuple[Coding, CodeArray]] = []
    for coding in OTHERS:
        middle = 175 if coding.name == "CC" else coding.offset + 20
        wave = middle + 12 * np.sin(np.arange(OTHER_GATES) / (90 + 10 * coding.kind))
        noise = dice.integers(0, 16, z.shape, np.uint8)
        codes = np.where(z >= 5, (wave[None, :] + noise).astype(np.uint8), 0).astype(np.uint8)
        out.append((coding, codes))
    return tuple(out)


def _sky() -> NDArray[np.float32]:
    """Return how strong the weather is over a plane round the scene's middle: storms of some tens of km."""
    dice = np.random.default_rng(SEED)
    sky = np.zeros((_SKY_CELLS, _SKY_CELLS), np.float32)
    for width, weight in ((60.0, 1.0), (18.0, 0.6), (5.0, 0.25)):
        noise = dice.standard_normal((_SKY_CELLS, _SKY_CELLS), np.float32)
        smooth = cv2.GaussianBlur(noise, (0, 0), width / 2, borderType=cv2.BORDER_REFLECT)
        sky += np.float32(weight) * (smooth / np.float32(smooth.std())).astype(np.float32)
    return sky


def _volume(number: int, sky: NDArray[np.float32], at: datetime, since_s: float) -> Volume:
    dice = np.random.default_rng((SEED, number, round(since_s)))
    site = site_of(number)
    sweeps = tuple(_sweep(number, index, sky, at, since_s, dice) for index in range(len(ELEVATIONS)))
    return Volume("bench", "fmt", site, at, sweeps, len(sweeps), task="VCP21")


def _sweep(
    number: int, index: int, sky: NDArray[np.float32], at: datetime, since_s: float, dice: np.random.Generator
) -> Sweep:
    rays = FINE_RAYS if index < FINE_CUTS else RAYS
    step = 360 / rays
    start = dice.uniform(0, 360)
    if rays == FINE_RAYS:  # real ones are indexed: each ray stands in the middle of its half degree
        start = math.floor(start / step) * step + step / 2
    azimuth = (np.arange(rays) * step + start + dice.normal(0, 0.04 * step, rays)) % 360
    strength = _strength(number, azimuth, ELEVATIONS[index], sky, since_s)
    limit = float(np.quantile(strength, 1 - ECHO_SHARES[index]))
    above = (strength - limit) / max(1e-6, float(strength.max()) - limit)
    noise = dice.integers(0, 4, (rays, GATES), np.uint8)
    codes = np.where(np.repeat(above > 0, _COARSE, axis=1), 76, 0).astype(np.uint8)
    codes += np.repeat(np.clip(above * 130, 0, 130).astype(np.uint8), _COARSE, axis=1)
    codes += np.where(codes > 0, noise, 0).astype(np.uint8)
    moment = Moment("dBZ", codes, float(DBZ.scale), float(DBZ.offset), GATE_M)
    angle = np.full(rays, ELEVATIONS[index], np.float32)
    calm = np.zeros(rays, bool)
    later = at + timedelta(seconds=18 * index)
    return Sweep(index + 1, ELEVATIONS[index], azimuth.astype(np.float32), angle, calm, {"dBZ": moment}, later, 26.5)


def _strength(
    number: int, azimuth: FloatArray, elevation_deg: float, sky: NDArray[np.float32], since_s: float
) -> NDArray[np.float32]:
    """Return the weather along the rays, (rays, GATES / 4); weaker where the beam is high."""
    slant = (np.arange(GATES // _COARSE) + 0.5) * GATE_M * _COARSE
    ground = slant * math.cos(math.radians(elevation_deg))
    height_km = (slant * math.sin(math.radians(elevation_deg)) + ground**2 / 1.7e7) / 1000
    turn = np.radians(azimuth)[:, None]
    east = APART_M * (number % 3 - 1) + ground * np.sin(turn) - _SPEED_MS[0] * since_s
    north = APART_M * (1 - number // 3) + ground * np.cos(turn) - _SPEED_MS[1] * since_s
    cell_m = _SKY_M / _SKY_CELLS
    column = (east / cell_m + _SKY_CELLS / 2).astype(np.intp) % _SKY_CELLS
    row = (_SKY_CELLS / 2 - north / cell_m).astype(np.intp) % _SKY_CELLS
    return (sky[row, column] - np.float32(0.08) * height_km.astype(np.float32)).astype(np.float32)
