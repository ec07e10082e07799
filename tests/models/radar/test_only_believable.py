"""Values that no weather has make no picture and no rain; the volume itself keeps them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from models.geodesy import from_plane
from models.radar.decoders import cma_base
from models.radar.footprint import AZIMUTH_BINS
from models.radar.layouts.sweep_checks import only_believable
from models.radar.polar import footprint_of
from models.radar.quantity import CR, NOT_SEEN
from models.radar.rain_rate import dbz_at
from models.radar.volume import Volume
from tests.models.radar import fmt_bytes

CODINGS = {"of the house": (2, 66, 1), "of another offset": (2, 64, 1), "of two bytes": (100, 5000, 2)}


def volume(values: list[float], coding: tuple[int, int, int], kind: int = 2) -> Volume:
    """Return one cut whose rays all hold these values, a gate each."""
    scale, offset, width = coding
    codes = np.round(np.array(values) * scale + offset).astype(f"<u{width}").tobytes()
    rays = fmt_bytes.turn(1, 0.5, [fmt_bytes.moment(kind, (scale, offset, width, codes))], end=4)
    return cma_base.decode(fmt_bytes.head([fmt_bytes.cut_header(0.5)]) + rays, "a.bin")


@pytest.mark.parametrize("coding", CODINGS.values(), ids=CODINGS)
def test_what_cannot_be_is_not_seen_in_the_picture_and_makes_no_rain(coding: tuple[int, int, int]) -> None:
    wild = volume([30.0, 80.0, 80.5, 92.0, 20.0], coding)
    footprint = footprint_of(wild, step=timedelta(minutes=6))
    field = CR.decode(footprint.codes.reshape(AZIMUTH_BINS, -1))
    row = field[int(np.flatnonzero(np.isfinite(field[:, 0]))[0])]
    np.testing.assert_array_equal(row[:5], [30.0, 80.0, np.nan, np.nan, 20.0])
    lon, lat = from_plane(np.zeros(5), np.arange(5, dtype=np.float64) * 1000 + 500, center=(113.25, 23.5))
    np.testing.assert_allclose(dbz_at(wild, lon, lat), [30.0, 80.0, np.nan, np.nan, 20.0])
    assert np.nanmax(wild.sweeps[0].moments["dBZ"].values()) == 92.0, "the volume stays as recorded"


def test_unfiltered_reflectivity_may_reach_95() -> None:
    footprint = footprint_of(volume([85.0, 94.5], (2, 66, 1), kind=1), step=timedelta(minutes=6))
    assert sorted(set(footprint.codes.tolist()) - {NOT_SEEN}) == [236, 255]


def test_a_volume_without_such_values_is_the_same_object_and_other_moments_stay() -> None:
    sound = volume([30.0, 80.0], (2, 66, 1))
    assert only_believable(sound) is sound
    wild = volume([30.0, 90.0], (2, 66, 1))
    velocity = replace(wild.sweeps[0].moments["dBZ"], name="V")
    sweep = replace(wild.sweeps[0], moments={**wild.sweeps[0].moments, "V": velocity})
    assert only_believable(replace(wild, sweeps=(sweep,))).sweeps[0].moments["V"] is velocity
