"""An RHI gate by gate, and the column above a place over time."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from pyproj import Geod

from models.errors import DataError
from models.radar.beam import beam_height, ground_range
from models.radar.profile import profile_of
from models.radar.quantity import NOT_SEEN
from models.radar.rhi import rhi_of
from models.radar.stack_of_cuts import column_at, cuts_round
from models.radar.upright import Heights
from models.radar.volume import Moment, Sweep, Volume
from tests.models.radar.scene import AT, SITE
from tests.models.radar.test_section import many_cuts


def rhi() -> Volume:
    """Return one sweep up to 30 degrees at azimuth 60, every gate of another code than its neighbors."""
    rays, gates = 61, 200
    codes = (2 + (np.arange(rays)[:, None] * 7 + np.arange(gates)[None, :] * 3) % 200 + 8).astype(np.uint8)
    elevation = (np.arange(rays) * 0.5).astype(np.float32)
    moment = Moment("dBZ", codes, 2.0, 66.0, 300.0, 150.0)
    sweep = Sweep(1, 0.0, np.full(rays, 60, np.float32), elevation, np.zeros(rays, bool), {"dBZ": moment}, AT)
    return Volume("test", "test", SITE, AT, (sweep,), 1, scan="rhi")


def test_every_cell_of_an_rhi_shows_the_gate_it_lies_in() -> None:
    volume = rhi()
    section = rhi_of(volume, columns=900, heights=Heights(50.0, 360))
    codes = volume.sweeps[0].moments["dBZ"].codes
    checked = 0
    for ray in range(1, 60, 3):
        for gate in range(20, 199, 5):
            slant = np.array([150.0 + (gate + 0.5) * 300.0])
            tall = float(beam_height(slant, ray * 0.5, antenna_height_m=SITE.altitude_m)[0])
            away = float(ground_range(slant, ray * 0.5)[0])
            row, column = int(tall / 50), int(away / section.length_m * 900)
            if row < 360:
                assert section.codes[row, column] == codes[ray, gate]
                assert section.value_at(away, tall) == ((int(codes[ray, gate]) - 66) / 2, "ZT001")
                checked += 1
    assert checked > 400
    assert section.codes[300:, :100].max() == NOT_SEEN  # steeper than the antenna went
    azimuth, _, length = Geod(ellps="WGS84").inv(*section.start, *section.end)
    assert azimuth == pytest.approx(60)
    assert length == pytest.approx(section.length_m)


def test_what_is_no_rhi_says_so() -> None:
    volume = rhi()
    for wrong, code in (
        (many_cuts(), "no_rhi"),
        (replace(volume, sweeps=()), "no_rhi"),
        (replace(volume, site=replace(SITE, lat_deg=math.nan)), "no_site"),
    ):
        with pytest.raises(DataError) as caught:
            rhi_of(wrong)
        assert caught.value.code == f"radar.{code}"


def test_a_profile_shows_volumes_in_their_rhythm_and_gaps_where_one_is_missing() -> None:
    minutes = (0, 6, 12.4, 24, 29.8)
    columns = [
        column_at(replace(cuts_round(many_cuts(seed=i)), at=AT + timedelta(minutes=m)), 113.1, 23.6)
        for i, m in enumerate(minutes)
    ]
    profile = profile_of(list(reversed(columns)), step=timedelta(minutes=6), heights=Heights(200.0, 60))
    assert profile.codes.shape == (60, 6)
    assert profile.present.tolist() == [True, True, True, False, True, True]
    assert not profile.codes[:, 3].any()
    assert (profile.codes[:, [0, 1, 2, 4, 5]] > 0).any(axis=0).all()
    assert profile.first_at == AT
    assert profile.times == tuple(c.at for c in columns)
    lone = profile_of(columns[2:3], step=timedelta(minutes=6), heights=Heights(200.0, 60))
    assert np.array_equal(lone.codes[:, 0], profile.codes[:, 2])


def test_a_profile_never_grows_beyond_its_slots() -> None:
    old = column_at(replace(cuts_round(many_cuts()), at=AT - timedelta(days=40)), 113.1, 23.6)
    new = column_at(cuts_round(many_cuts()), 113.1, 23.6)
    assert profile_of([old, new], step=timedelta(minutes=6)).times == (AT,)
