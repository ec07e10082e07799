"""Four radars that overlap and differ in every way, and the raster product of a fifth."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from models.radar.footprint import AZIMUTH_BINS, PolarGeometry
from models.radar.product import Product, Raster, Role
from models.radar.volume import Moment, Site, Sweep, Volume
from tests.models.radar.scene import AT, sweep_of

BLANKED = tuple(range(80, 97))
PERCENTS = (0, 20, 50, 51, 90, 255)


def cells(dice: np.random.Generator, rays: int, gates: int, highest: int = 200) -> NDArray[np.uint8]:
    """Return codes in patches: echo, nothing, folded and not scanned, some of each."""
    codes = dice.integers(40, highest, (rays, gates)).astype(np.uint8)
    for code, many in ((0, 30), (1, 4), (2, 4)):
        for _ in range(many):
            ray, gate = int(dice.integers(rays)), int(dice.integers(gates))
            codes[ray : ray + int(dice.integers(4, rays // 5)), gate : gate + int(dice.integers(4, gates // 5))] = code
    return codes


def turning(dice: np.random.Generator, rays: int, first_deg: float, step_deg: float) -> NDArray[np.float64]:
    return np.asarray((first_deg + np.arange(rays) * step_deg + dice.uniform(-0.2, 0.2, rays) * step_deg) % 360)


def volume(code: str, lon: float, lat: float, altitude_m: float, minutes: float, sweeps: list[Sweep]) -> Volume:
    at = AT - timedelta(minutes=minutes)
    site = Site(code, f"站{code}", lon, lat, altitude_m)
    return Volume("test", "test", site, at, tuple(sweeps), len(sweeps))


def long_range(seed: int = 11, minutes: float = 5.5) -> Volume:
    """Gates centered at whole km, a split lowest cut, a Doppler cut without reflectivity, cuts out of order."""
    dice = np.random.default_rng(seed)
    sweeps = [
        sweep_of(angle, cells(dice, 360, gates), turning(dice, 360, 37.5, 1.0), blanked=BLANKED, start_m=-500.0)
        for angle, gates in ((2.4, 150), (0.5, 180), (0.5, 90), (4.3, 110), (1.5, 170), (9.9, 60))
    ]
    sweeps.insert(2, sweep_of(0.5, cells(dice, 360, 300), turning(dice, 360, 0, 1.0), name="V"))
    return volume("ZL001", 113.0, 23.5, 120.0, minutes, sweeps)


def fine_sector(seed: int = 12, minutes: float = 0.5) -> Volume:
    """300 m gates from 150 m on, turning left, a sector never looked at, codes of two bytes on another scale."""
    dice = np.random.default_rng(seed)
    sweeps = []
    for angle in (1.2, 3.6, 7.2, 14.0):
        azimuth = turning(dice, 310, 352.0, -0.97)
        sweep = sweep_of(angle, cells(dice, 310, 200, 220), azimuth, gate_m=300.0, start_m=150.0, name="dBT")
        codes = sweep.moments["dBT"].codes
        wide = np.where(codes < 5, codes, (codes.astype(np.float64) - 66) * 50 + 3337).astype(np.uint16)
        sweep.moments["dBT"] = Moment("dBT", wide, 100.0, 3300.0, 300.0, 150.0)
        sweeps.append(sweep)
    return volume("ZX002", 113.5, 23.9, 612.0, minutes, sweeps)


def coarse_high(seed: int = 13, minutes: float = 2.25) -> Volume:
    """On a mountain: two degree rays that come in another order in every cut, as other gates; one leaves all weather."""
    dice = np.random.default_rng(seed)
    gates = ((0.0, 500.0, 0.0, 220), (1.0, 250.0, 375.0, 300), (5.0, 500.0, 250.0, 120), (35.0, 500.0, 0.0, 100))
    orders = (np.arange(180), np.arange(180)[::-1], np.r_[0:180:2, 1:180:2], np.roll(np.arange(180), 71))
    sweeps = [
        sweep_of(angle, cells(dice, 180, many), turning(dice, 180, 5.0, 2.0)[order], gate_m=gate, start_m=start)
        for (angle, gate, start, many), order in zip(gates, orders, strict=True)
    ]
    return volume("ZM003", 113.3, 23.0, 1804.0, minutes, sweeps)


def one_cut(seed: int = 14, minutes: float = 7.0) -> Volume:
    """One cut with holes of several rays in it, on a code table of its own; nobody knows how high it stands."""
    dice = np.random.default_rng(seed)
    azimuth = np.delete(turning(dice, 400, 0.45, 0.9), np.r_[30:45, 200:203])
    sweep = sweep_of(1.5, cells(dice, azimuth.size, 130), azimuth, gate_m=600.0, start_m=100.0)
    moment = replace(sweep.moments["dBZ"], scale=1.5, offset=60.0)
    return volume("ZS004", 112.8, 23.2, 90.0, minutes, [replace(sweep, moments={"dBZ": moment})])


def raster(minutes: float = 4.0) -> Product:
    """Composite reflectivity of another program on cells of 1.7 km, seen to 75 km."""
    dice = np.random.default_rng(15)
    levels = np.array([np.nan, *range(5, 80, 5)], np.float32)
    codes = np.clip(dice.integers(-6, 16, (101, 97)), 0, 15).astype(np.uint8)
    shown = np.where(np.isnan(levels), np.float32(-np.inf), levels)
    made = Raster("CR", "dBZ", codes, shown, 1700.0, 1700.0)
    site = Site("ZP005", "站ZP005", 113.6, 23.35, 90.0)
    at = AT - timedelta(minutes=minutes)
    return Product("test", "test", site, at, 37, "CR", Role.COMPOSITE, "dBZ", (made,), range_m=75_000.0)


def four() -> list[Volume]:
    return [long_range(), fine_sector(), coarse_high(), one_cut()]


class Ground:
    """Blockage with no sense in it, one number for each radar, cut, row and bin; of one radar nothing is known."""

    unknown = "ZX002"

    def __init__(self) -> None:
        self._made: dict[tuple[str, float], NDArray[np.uint8]] = {}

    def __call__(self, site: Site, elevation_deg: float, geometry: PolarGeometry) -> NDArray[np.uint8] | None:
        if site.code == self.unknown:
            return None
        key = site.code, elevation_deg
        if key not in self._made:
            dice = np.random.default_rng([*site.code.encode(), round(elevation_deg * 10)])
            patches = dice.choice(np.array(PERCENTS, np.uint8), (AZIMUTH_BINS // 8, geometry.bins // 8 + 1))
            self._made[key] = np.repeat(np.repeat(patches, 8, axis=0), 8, axis=1)[:, : geometry.bins]
        return self._made[key]

    def percent(self, code: str, elevation_deg: float, row: int, number: int) -> int | None:
        """Return the same, one bin at a time; the mosaic must have been made first."""
        if code == self.unknown:
            return None
        made = self._made[code, elevation_deg]
        return int(made[row, number]) if number < made.shape[1] else 0
