"""The way of the beam: there and back."""

from __future__ import annotations

import numpy as np
import pytest

from models.radar.beam import (
    EFFECTIVE_RADIUS_M,
    beam_height,
    beam_height_above,
    elevation_to,
    ground_range,
    slant_range,
)

SLANT_M = np.array([500.0, 20_000.0, 150_000.0, 460_000.0])


@pytest.mark.parametrize("elevation", [-0.5, 0.0, 0.5, 4.3, 19.5, 60.0])
def test_the_elevation_to_a_place_on_the_beam_is_that_of_the_beam(elevation: float) -> None:
    ground = ground_range(SLANT_M, elevation)
    height = beam_height(SLANT_M, elevation, antenna_height_m=320.0)
    assert elevation_to(ground, height, antenna_height_m=320.0) == pytest.approx(elevation, abs=1e-6)
    assert slant_range(ground, elevation) == pytest.approx(SLANT_M, rel=1e-9)
    assert beam_height_above(ground, elevation, antenna_height_m=320.0) == pytest.approx(height, abs=1e-4)


def test_the_sea_sinks_below_the_antenna_as_the_earth_curves() -> None:
    """The horizon of a height h lies sqrt(2 R h) away, and as many radians below."""
    far = np.sqrt(2 * EFFECTIVE_RADIUS_M * 50.0)
    around = far + np.array([-5000.0, 0.0, 5000.0])
    dip = elevation_to(around, np.zeros(3), antenna_height_m=50.0)
    assert dip[1] == pytest.approx(-np.degrees(far / EFFECTIVE_RADIUS_M), abs=1e-6)
    assert dip[1] > dip[0]
    assert dip[1] > dip[2]


def test_what_is_unknown_stays_unknown() -> None:
    assert np.isnan(elevation_to(np.array([1000.0, np.nan]), np.array([np.nan, 5.0]))).all()
