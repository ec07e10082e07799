"""One radar on the map against a loop over pixels."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from pyproj import Geod

from models.errors import DataError
from models.grid import GridArea
from models.radar.decoders import cma_base, pup
from models.radar.polar import footprint_of
from models.radar.product import Product, Raster, Role
from models.radar.quantity import CR, NO_ECHO, NOT_SEEN, Kind, Quantity
from models.radar.rays import rays_of
from models.radar.volume import Moment, Site, Volume
from tests.models.radar import fmt_bytes as fmt
from tests.models.radar import pup_bytes
from tests.models.radar.scene import AT, SITE, STEP, codes_on, lopsided, sweep_of

EFFECTIVE_RADIUS_M = 4 / 3 * 6_371_000.0


def lonely_pixel(volume: Volume, lon: float, lat: float, *, binned: bool) -> int:
    """Return the code of one pixel by scalar arithmetic; ``binned`` first goes to the middle of its bin."""
    azimuth, _, distance = Geod(ellps="WGS84").inv(SITE.lon_deg, SITE.lat_deg, lon, lat)
    azimuth %= 360
    gate_m = min(sweep.moments["dBZ"].gate_m for sweep in volume.sweeps)
    if binned:
        azimuth = (math.floor(azimuth * 2) + 0.5) / 2
        distance = (math.floor(distance / gate_m) + 0.5) * gate_m
    best = NOT_SEEN
    for sweep in volume.sweeps:
        moment = sweep.moments["dBZ"]
        steps = sorted(float(a) for a in sweep.azimuth_deg)
        usual = float(np.median(np.diff(steps)))
        apart = [abs((float(a) - azimuth + 180) % 360 - 180) for a in sweep.azimuth_deg]
        ray = apart.index(min(apart))
        angle = distance / EFFECTIVE_RADIUS_M
        elevation = math.radians(sweep.elevation_deg)
        slant = EFFECTIVE_RADIUS_M * math.sin(angle) / math.cos(elevation + angle)
        gate = math.floor((slant - moment.start_m) / moment.gate_m)
        if min(apart) > 0.75 * usual or sweep.blanked[ray] or not 0 <= gate < moment.codes.shape[1]:
            continue
        code = int(moment.codes[ray, gate])
        best = max(best, NO_ECHO if code == 0 else NOT_SEEN if code < 5 else min(code, 255))
    return best


AREA = GridArea.over((112.9, 23.0, 114.2, 24.05), 1500.0)


def pixels_by_hand(volume: Volume, *, binned: bool) -> np.ndarray:
    lon, lat = AREA.centers_lonlat()
    return np.array([[lonely_pixel(volume, float(x), float(y), binned=binned) for x in lon] for y in lat], np.uint8)


def test_a_plane_is_what_a_loop_over_pixels_finds() -> None:
    volume = lopsided()
    codes = codes_on(volume, AREA)
    by_hand = pixels_by_hand(volume, binned=True)
    assert {NOT_SEEN, NO_ECHO} < set(by_hand.ravel().tolist())
    lon, lat = AREA.centers_lonlat()
    for row, column in np.argwhere(codes != by_hand):
        _, _, distance = Geod(ellps="WGS84").inv(SITE.lon_deg, SITE.lat_deg, lon[column], lat[row])
        assert abs(distance / 500 - round(distance / 500)) * 500 < 0.2  # the table is right to 0.2 m, no better
    assert np.mean(codes == by_hand) > 0.999


def test_bins_move_a_pixel_by_less_than_a_gate() -> None:
    """Against exact geometry only pixels at the edge of a ray or gate differ."""
    volume = lopsided()
    exact = pixels_by_hand(volume, binned=False)
    assert np.mean(codes_on(volume, AREA) == exact) > 0.85


def test_what_the_radar_did_not_see_is_not_no_echo() -> None:
    codes = np.zeros((360, 50), np.uint8)
    codes[100:120] = np.array([0, 1, 2, 3, 4] * 10, np.uint8)
    sweep = sweep_of(0.5, codes, np.arange(360.0), blanked=tuple(range(200, 220)))
    codes = codes_on(Volume("test", "test", SITE, AT, (sweep,), 1), AREA)
    lon, lat = AREA.centers_lonlat()

    def at(azimuth: float, km: float) -> int:
        x, y, _ = Geod(ellps="WGS84").fwd(SITE.lon_deg, SITE.lat_deg, azimuth, km * 1000)
        return int(codes[np.abs(lat - y).argmin(), np.abs(lon - x).argmin()])

    assert at(45, 30) == NO_ECHO
    assert at(210, 20) == NOT_SEEN
    assert at(45, 53) == NOT_SEEN
    assert set(np.unique(codes)) == {NOT_SEEN, NO_ECHO}


def test_a_sector_is_not_stretched_over_its_gap() -> None:
    sweep = sweep_of(0.5, np.full((60, 50), 90, np.uint8), (np.arange(60.0) + 340) % 360)
    rays = rays_of(sweep, np.array([339.0, 339.4, 340.0, 359.9, 0.4, 38.9, 39.7, 39.9, 180.0]))
    assert rays.tolist() == [-1, 0, 0, 20, 20, 59, 59, -1, -1]
    one = sweep_of(0.5, np.full((1, 50), 90, np.uint8), np.array([10.0]))
    assert rays_of(one, np.array([9.5, 11.0])).tolist() == [0, -1]


def test_the_filtered_reflectivity_is_preferred_and_doppler_cuts_take_no_part() -> None:
    azimuth = np.arange(360.0)
    both = sweep_of(0.5, np.full((360, 30), 100, np.uint8), azimuth)
    both.moments["dBT"] = Moment("dBT", np.full((360, 30), 200, np.uint8), 2.0, 66.0, 1000.0)
    doppler = sweep_of(0.5, np.full((360, 30), 250, np.uint8), azimuth, name="V")
    codes = codes_on(Volume("test", "test", SITE, AT, (both, doppler), 2), AREA)
    assert codes.max() == 100
    only_v = Volume("test", "test", SITE, AT, (doppler,), 1)
    with pytest.raises(DataError, match="no reflectivity"):
        footprint_of(only_v, step=STEP)
    with pytest.raises(DataError, match="no reflectivity"):
        footprint_of(Volume("test", "test", SITE, AT, (both,), 1, scan="rhi"), step=STEP)


def test_two_byte_codes_of_another_scale_keep_their_value() -> None:
    codes = np.full((360, 30), 5000, np.uint16)
    sweep = sweep_of(0.5, np.zeros((360, 30), np.uint8), np.arange(360.0))
    sweep.moments["dBZ"] = Moment("dBZ", codes, 100.0, 1000.0, 1000.0)
    shown = codes_on(Volume("test", "test", SITE, AT, (sweep,), 1), AREA)
    assert float(np.nanmax(CR.decode(shown))) == 40.0


def product_of(levels: np.ndarray, unit: str = "dBZ") -> Product:
    thresholds = np.array([np.nan, *range(5, 80, 5)], np.float32)
    raster = Raster("CR", unit, levels, np.where(np.isnan(thresholds), np.float32(-np.inf), thresholds), 1000.0, 1000.0)
    role = Role.COMPOSITE if unit == "dBZ" else Role.VIL
    return Product("test", "test", SITE, AT, 37, "CR", role, unit, (raster,), range_m=230_000.0)


def test_a_product_lies_north_up_and_west_left_round_its_radar() -> None:
    levels = np.zeros((464, 464), np.uint8)
    levels[232 - 40, 232 + 25] = 9  # 39.5 km north, 25.5 km east
    levels[231, 200:232] = 3
    fine = GridArea.over((112.9, 23.3, 113.7, 24.0), 400.0)
    codes = codes_on(product_of(levels), fine)
    lon, lat = fine.centers_lonlat()
    row, column = np.argwhere(codes == CR.encode(np.array([45.0], np.float32))[0])[0]
    azimuth, _, distance = Geod(ellps="WGS84").inv(SITE.lon_deg, SITE.lat_deg, lon[column], lat[row])
    assert distance * math.cos(math.radians(azimuth)) == pytest.approx(39_500, abs=510)
    assert distance * math.sin(math.radians(azimuth)) == pytest.approx(25_500, abs=510)
    rest = codes[codes != NO_ECHO]
    assert set(rest.tolist()) == {2 * 45 + 66, 2 * 15 + 66}


def test_a_product_sees_nothing_beyond_its_range() -> None:
    levels = np.zeros((464, 464), np.uint8)
    levels[2, 232] = 5  # 229.5 km north
    wide = GridArea.over((110.5, 21.0, 116.0, 26.0), 5000.0)
    codes = codes_on(product_of(levels), wide)
    lon, lat = wide.centers_lonlat()
    grid = np.meshgrid(lon, lat)
    inverse = Geod(ellps="WGS84").inv(np.full(wide.shape, SITE.lon_deg), np.full(wide.shape, SITE.lat_deg), *grid)
    distance = np.asarray(inverse[2])
    assert (codes[distance > 233_000] == NOT_SEEN).all()
    assert (codes[distance < 228_000] == NO_ECHO).all()


def test_a_map_that_a_radar_does_not_reach_shows_nothing_of_it() -> None:
    far = GridArea.over((120.0, 30.0, 121.0, 31.0), 5000.0)
    assert (codes_on(lopsided(), far) == NOT_SEEN).all()
    assert (codes_on(product_of(np.full((464, 464), 9, np.uint8)), far) == NOT_SEEN).all()


def test_the_far_corners_of_a_high_latitude_radar_are_not_lost() -> None:
    """The box that is looked into is wider than the range, also where meridians run together."""
    site = Site("ZN001", "北", 20.6, 67.7, 600.0)
    sweep = sweep_of(0.5, np.zeros((360, 240), np.uint8), np.arange(360.0))
    area = GridArea.over((10.0, 63.0, 31.0, 71.5), 8000.0)
    codes = codes_on(Volume("test", "test", site, AT, (sweep,), 1), area)
    lon, lat = area.centers_lonlat()
    inverse = Geod(ellps="WGS84").inv(np.full(area.shape, 20.6), np.full(area.shape, 67.7), *np.meshgrid(lon, lat))
    distance = np.asarray(inverse[2])
    assert (codes[distance < 238_000] == NO_ECHO).all()
    assert (codes[distance > 242_000] == NOT_SEEN).all()


def test_a_product_without_reflectivity_takes_no_part() -> None:
    with pytest.raises(DataError, match="no reflectivity"):
        footprint_of(product_of(np.zeros((116, 116), np.uint8), unit="km"), step=STEP)


def test_a_decoded_product_goes_the_whole_way() -> None:
    rows = [[0] * 464 for _ in range(464)]
    rows[200][300] = 12
    product = pup.decode(pup_bytes.product(pup_bytes.raster(rows)), "made.200")
    area = GridArea.over((113.8, 23.0, 114.3, 23.5), 500.0)
    assert CR.decode(codes_on(product, area)).max() == 60.0


def test_a_volume_as_decoded_gives_a_plane() -> None:
    volume = cma_base.decode(fmt.small_volume(), "small")
    codes = codes_on(volume, GridArea.over((113.0, 23.3, 113.5, 23.7), 300.0))
    assert codes.max() == 60 + 35 + 19


def test_without_the_antennas_height_no_height_is_said_and_none_is_asked_of_it() -> None:
    volume = lopsided()
    unknown = replace(volume, site=replace(volume.site, altitude_m=math.nan))
    known, blind = (footprint_of(v, step=STEP) for v in (volume, unknown))
    assert np.array_equal(known.codes, blind.codes)
    assert (blind.heights[blind.codes > 0] == 255).all()
    assert (known.heights[known.codes > 0] < 255).all()
    for word in ("cappi:3000", "et"):
        with pytest.raises(DataError) as refused:
            footprint_of(unknown, step=STEP, quantity=Quantity.parse(word))
        assert refused.value.code == "radar.no_antenna_height"


def test_liquid_water_needs_two_cuts_and_little_water_is_not_no_echo() -> None:
    azimuth = np.arange(360.0)
    vil = Quantity(Kind.VIL)

    def water(*cuts: tuple[float, int, int]) -> np.ndarray:
        sweeps = tuple(sweep_of(el, np.full((360, gates), code, np.uint8), azimuth) for el, gates, code in cuts)
        volume = Volume("test", "test", SITE, AT, sweeps, len(sweeps))
        values: np.ndarray = vil.decode(footprint_of(volume, step=STEP, quantity=vil).codes).reshape(720, -1)
        return np.asarray(values[0])

    assert np.isnan(water((0.5, 150, 186))).all(), "one cut of 60 dBZ has no layer"
    far = water((0.5, 150, 176), (1.5, 100, 176), (3.0, 50, 176))
    assert far[30] > 1
    assert far[90] > 1
    assert np.isnan(far[140])
    gap = water((0.5, 150, 166), (1.5, 50, 166), (3.0, 150, 166))
    assert gap[90] > 1, "the next cut that sees is the partner"
    assert water((0.5, 150, 90), (1.5, 150, 90))[20] == 0, "echo, and less than 0.5 kg/m2"
    assert np.isneginf(water((0.5, 150, 0), (1.5, 150, 0))[20])
