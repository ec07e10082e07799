"""The vertical section: equal to a plain loop, honest beyond the beams."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from pyproj import Geod

from models.errors import DataError
from models.grid import GridArea
from models.radar.footprint import AZIMUTH_BINS
from models.radar.polar import footprint_of
from models.radar.quantity import CR, NO_ECHO, NOT_SEEN, Quantity
from models.radar.section import Ground, section_of
from models.radar.stack_of_cuts import MOST_BYTES, Stack, column_at, cuts_round
from models.radar.upright import Heights, upright
from models.radar.volume import Site, Volume
from tests.models.radar.scene import AT, SITE, STEP, lopsided, sweep_of

GEOD = Geod(ellps="WGS84")
HEIGHTS = Heights(150.0, 80)
START, END = (112.9, 23.2), (113.7, 23.75)


def many_cuts(site: Site = SITE, seed: int = 5, *, gates: int = 80) -> Volume:
    """Return six cuts full of every kind of code, the highest ones not reaching far."""
    dice = np.random.default_rng(seed)
    sweeps = []
    for number, elevation in enumerate((0.5, 1.5, 3.4, 6.0, 9.9, 19.5)):
        codes = dice.integers(0, 160, (180, gates - 9 * number)).astype(np.uint8)
        codes[dice.random(codes.shape) < 0.25] = 0
        sweeps.append(sweep_of(elevation, codes, np.arange(180) * 2.0 + 1.0, blanked=tuple(range(20, 30))))
    return Volume("test", "test", site, AT, tuple(sweeps), 6, beam_width_deg=1.0)


def by_hand(stack: Stack, lon: float, lat: float, height_m: float) -> float:
    """Return the code at one place and height before rounding, worked out beam by beam."""
    azimuth, _, away = GEOD.inv(stack.site.lon_deg, stack.site.lat_deg, lon, lat)
    row, ground_bin = int(azimuth % 360 * 2), int(away / stack.geometry.bin_m)
    if ground_bin >= stack.geometry.bins:
        return NOT_SEEN
    below = above = None
    for cut in range(stack.cuts):
        tall = float(stack.height_m[cut, ground_bin])
        if math.isnan(tall):
            continue
        code = int(stack.codes[cut, row, ground_bin])
        if tall <= height_m:
            below = (tall, code)
        elif above is None:
            above = (tall, code)
    if below is None or above is None:
        only = below or above
        reach = math.radians(stack.half_beam_deg) * away
        return only[1] if only is not None and abs(only[0] - height_m) <= reach else NOT_SEEN
    share = (height_m - below[0]) / (above[0] - below[0])
    if min(below[1], above[1]) >= 2:
        return below[1] + (above[1] - below[1]) * share
    nearer, other = (below[1], above[1]) if share < 0.5 else (above[1], below[1])
    return other if nearer == NOT_SEEN else nearer


def test_a_section_equals_a_plain_loop_over_columns_and_heights() -> None:
    other = replace(SITE, code="ZT002", lon_deg=113.5, lat_deg=23.6)
    stacks = [cuts_round(many_cuts()), cuts_round(many_cuts(other, 6)), cuts_round(lopsided())]
    section = section_of(stacks, START, END, columns=70, heights=HEIGHTS)
    azimuth, _, length = GEOD.inv(*START, *END)
    assert section.length_m == pytest.approx(length, rel=1e-9)
    checked = strayed = 0
    for column in range(70):
        lon, lat, _ = GEOD.fwd(*START, azimuth, (column + 0.5) / 70 * length)
        for row, height_m in enumerate(HEIGHTS.meters):
            each = [by_hand(stack, lon, lat, float(height_m)) for stack in stacks]
            best = max(math.floor(code + 0.5) for code in each)
            got = int(section.codes[row, column])
            checked += 1
            if got != best:
                strayed += 1  # a beam or a bin begins within a millimeter of this cell's middle
                continue
            if got:
                assert math.floor(each[int(section.source[row, column]) - 1] + 0.5) == best
            else:
                assert section.source[row, column] == 0
    assert checked == 70 * 80
    assert strayed <= 3
    assert len(set(section.source.ravel().tolist())) == 4


def test_between_two_beams_it_says_what_the_cappi_says() -> None:
    volume = many_cuts()
    stack = cuts_round(volume)
    height_m = 3000
    field = footprint_of(volume, step=STEP, quantity=Quantity.parse(f"cappi:{height_m}"))
    flat = field.codes.reshape(AZIMUTH_BINS, -1)
    codes = stack.codes.reshape(stack.cuts, -1)
    tall = np.broadcast_to(stack.height_m[:, None, :], stack.codes.shape).reshape(stack.cuts, -1)
    reach = np.radians(0.5) * (np.arange(stack.geometry.bins) + 0.5) * stack.geometry.bin_m
    ours = upright(codes, tall, np.tile(reach, AZIMUTH_BINS), Heights(2.0 * height_m, 1))[0].reshape(flat.shape)
    assert np.array_equal(ours > NO_ECHO, flat > NO_ECHO)
    assert np.abs(ours.astype(int) - flat).max() <= 1
    assert np.mean(ours == flat) > 0.97


def test_beyond_half_a_beam_nothing_was_seen_which_is_not_no_echo() -> None:
    codes = np.zeros((360, 60), np.uint8)
    azimuths = np.arange(360) + 0.5
    volume = Volume("test", "test", SITE, AT, (sweep_of(2.0, codes, azimuths), sweep_of(4.0, codes, azimuths)), 2)
    section = section_of([cuts_round(volume)], (113.25, 23.5), (113.75, 23.5), columns=50, heights=Heights(20.0, 400))
    column = int(np.searchsorted(section.distance_m, 30_000.0))
    meters = section.heights.meters
    at = float(section.distance_m[column])
    low, high = (math.tan(math.radians(e)) * at + 120 + at**2 / 2 / (4 / 3 * 6_371_000) for e in (1.5, 4.5))
    seen = meters[section.codes[:, column] == NO_ECHO]
    assert seen.min() == pytest.approx(low, abs=60)
    assert seen.max() == pytest.approx(high, abs=60)
    assert np.isnan(section.value_at(at, 50.0)[0])
    assert section.value_at(at, (low + high) / 2) == (-math.inf, "ZT001")
    assert np.isnan(section.value_at(at, 1e6)[0])
    assert np.isnan(section.value_at(-5.0, 500.0)[0])
    assert (section.codes[:, section.distance_m > 60_000] == NOT_SEEN).all()


def test_a_column_says_each_beam_above_a_place() -> None:
    stack = cuts_round(many_cuts())
    lon, lat, _ = GEOD.fwd(SITE.lon_deg, SITE.lat_deg, 90.3, 33_400.0)
    column = column_at(stack, float(lon), float(lat))
    assert column.distance_m == pytest.approx(33_400, abs=1)
    assert column.codes.tolist() == stack.codes[:, 180, 33].tolist()
    assert column.height_m[0] == pytest.approx(33_500 * math.sin(math.radians(0.5)) + 120 + 66, abs=15)
    assert np.array_equal(column.values(), CR.decode(column.codes), equal_nan=True)
    away = column_at(stack, 115.0, 23.5)
    assert not away.codes.any()
    assert np.isnan(away.height_m).all()


def test_the_ground_lies_under_the_line() -> None:
    area = GridArea.over((112.5, 23.0, 114.0, 24.0), 1000.0)
    lon, _ = area.centers_lonlat()
    meters = np.broadcast_to(((lon - 112.5) * 100).astype(np.float32), area.shape)
    stack = cuts_round(many_cuts())
    section = section_of([stack], (112.0, 23.5), (114.5, 23.5), columns=200, ground=Ground(area, meters))
    places = 112.0 + 2.5 * (np.arange(200) + 0.5) / 200
    inside = (places > 112.52) & (places < 113.98)
    assert np.allclose(section.ground_m[inside], (places[inside] - 112.5) * 100, atol=1.1)
    assert np.isnan(section.ground_m[(places < 112.48) | (places > 114.02)]).all()


def test_without_a_radar_nothing_is_seen_and_without_a_length_one_column() -> None:
    empty = section_of([], START, END, columns=20)
    assert not empty.codes.any()
    assert empty.radars == ()
    point = section_of([cuts_round(many_cuts())], START, START, columns=20)
    assert point.length_m == 0
    assert (point.codes == point.codes[:, :1]).all()


def test_a_stack_of_long_fine_cuts_is_kept_small() -> None:
    codes = np.full((360, 4000), 90, np.uint8)
    cuts = tuple(sweep_of(float(e), codes, np.arange(360) + 0.5, gate_m=30.0) for e in range(1, 13))
    stack = cuts_round(Volume("test", "test", SITE, AT, cuts, 12))
    assert stack.cuts == 12
    assert stack.codes.nbytes <= MOST_BYTES * 1.01
    assert stack.geometry.reach_m == pytest.approx(120_000, rel=0.01)
    assert (stack.codes[0, :, 1:-1] == 90).all()


def test_what_is_no_volume_scan_has_no_stack() -> None:
    volume = many_cuts()
    for wrong, code in (
        (replace(volume, scan="rhi"), "no_reflectivity"),
        (replace(volume, sweeps=()), "no_reflectivity"),
        (replace(volume, site=replace(SITE, lon_deg=math.nan)), "no_site"),
    ):
        with pytest.raises(DataError) as caught:
            cuts_round(wrong)
        assert caught.value.code == f"radar.{code}"
