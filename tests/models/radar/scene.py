"""Small volumes that are lopsided in every way, and one radar alone on a map."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from models.grid import GridArea
from models.radar.compose import compose, plane_of
from models.radar.footprint import codes_of
from models.radar.mosaic import Mosaic
from models.radar.polar import footprint_of
from models.radar.product import Reading
from models.radar.quantity import CR, Quantity
from models.radar.tables import pixel_table
from models.radar.volume import Moment, Site, Sweep, Volume

STEP = timedelta(minutes=6)
AT = datetime(2026, 6, 18, 8, 0, tzinfo=UTC)
SITE = Site("ZT001", "青岚", 113.25, 23.5, 120.0)


def sweep_of(
    elevation_deg: float,
    codes: np.ndarray,
    azimuth_deg: np.ndarray,
    *,
    blanked: tuple[int, ...] = (),
    gate_m: float = 1000.0,
    start_m: float = 0.0,
    name: str = "dBZ",
) -> Sweep:
    rays = codes.shape[0]
    mask = np.zeros(rays, bool)
    mask[list(blanked)] = True
    return Sweep(
        number=1,
        elevation_deg=elevation_deg,
        azimuth_deg=azimuth_deg.astype(np.float32),
        ray_elevation_deg=np.full(rays, elevation_deg, np.float32),
        blanked=mask,
        moments={name: Moment(name, codes, 2.0, 66.0, gate_m, start_m)},
        started_at=AT,
        nyquist_ms=26.0,
    )


def lopsided() -> Volume:
    """Return two sweeps that differ in reach, gates, start and ray order, with every kind of code."""
    dice = np.random.default_rng(3)
    low = dice.integers(0, 120, (120, 60)).astype(np.uint8)
    low[10:40, 5:30] = 0
    high = dice.integers(0, 200, (72, 90)).astype(np.uint8)
    high[:, 40:] = 0
    low_azimuth = (np.arange(120) * 3.0 + 77.3) % 360
    high_azimuth = (355.0 - np.arange(72) * 5.0 + dice.uniform(-0.4, 0.4, 72)) % 360
    sweeps = (
        sweep_of(0.5, low, low_azimuth, blanked=(3, 4, 5, 60)),
        sweep_of(6.0, high, high_azimuth, gate_m=500.0, start_m=250.0),
    )
    return Volume("test", "test", SITE, AT, sweeps, 2)


def alone_on(reading: Reading, area: GridArea, quantity: Quantity = CR) -> Mosaic:
    """Return the mosaic of this one radar."""
    footprint = footprint_of(reading, step=STEP, quantity=quantity)
    plane = plane_of(footprint, pixel_table(footprint.geometry, area))
    return compose((plane,), area, at=reading.started_at, max_age=STEP)


def codes_on(reading: Reading, area: GridArea, quantity: Quantity = CR) -> np.ndarray:
    """Return the codes of this one radar on a map."""
    codes = alone_on(reading, area, quantity).codes
    footprint = footprint_of(reading, step=STEP, quantity=quantity)
    assert codes.max() <= codes_of(footprint.cells).max()
    return codes
