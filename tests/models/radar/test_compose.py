"""One radar on the map against a loop over pixels, and several in one mosaic."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from pyproj import Geod

from models.errors import DataError
from models.grid import GridArea
from models.radar import composite
from models.radar.composite import age_minutes, compose, plane_of, ppi, ppi_values, rays_of
from models.radar.decoders import cma_base, pup, read
from models.radar.mosaic import NO_ECHO, NOT_SEEN, Plane, Source, decode_dbz, encode_dbz
from models.radar.product import Product, Raster, Role
from models.radar.volume import Moment, Site, Sweep, Volume
from tests import data
from tests.models.radar import fmt_bytes as fmt
from tests.models.radar import pup_bytes

STEP = timedelta(minutes=6)
AT = datetime(2026, 6, 18, 8, 0, tzinfo=UTC)
SITE = Site("ZT001", "青岚", 113.25, 23.5, 120.0)
EFFECTIVE_RADIUS_M = 4 / 3 * 6_371_000.0


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


def lonely_pixel(volume: Volume, lon: float, lat: float, *, binned: bool) -> int:
    """Return the code of one pixel by scalar arithmetic; ``binned`` first goes to the middle of its bin."""
    azimuth, _, distance = Geod(ellps="WGS84").inv(SITE.lon_deg, SITE.lat_deg, lon, lat)
    azimuth %= 360
    gate_m = min(sweep.moments["dBZ"].gate_m for sweep in volume.sweeps)
    if binned:
        azimuth = (math.floor(azimuth * 4) + 0.5) / 4
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
    plane = plane_of(volume, AREA, step=STEP)
    assert plane.source == Source("ZT001", "青岚", AT, STEP)
    by_hand = pixels_by_hand(volume, binned=True)
    assert {NOT_SEEN, NO_ECHO} < set(by_hand.ravel().tolist())
    assert np.array_equal(plane.codes, by_hand)


def test_bins_move_a_pixel_by_less_than_a_gate() -> None:
    """Against exact geometry only pixels at the edge of a ray or gate differ."""
    volume = lopsided()
    exact = pixels_by_hand(volume, binned=False)
    assert np.mean(plane_of(volume, AREA, step=STEP).codes == exact) > 0.85


def test_what_the_radar_did_not_see_is_not_no_echo() -> None:
    codes = np.zeros((360, 50), np.uint8)
    codes[100:120] = np.array([0, 1, 2, 3, 4] * 10, np.uint8)
    sweep = sweep_of(0.5, codes, np.arange(360.0), blanked=tuple(range(200, 220)))
    plane = plane_of(Volume("test", "test", SITE, AT, (sweep,), 1), AREA, step=STEP)
    lon, lat = AREA.centers_lonlat()

    def at(azimuth: float, km: float) -> int:
        x, y, _ = Geod(ellps="WGS84").fwd(SITE.lon_deg, SITE.lat_deg, azimuth, km * 1000)
        return int(plane.codes[np.abs(lat - y).argmin(), np.abs(lon - x).argmin()])

    assert at(45, 30) == NO_ECHO
    assert at(210, 20) == NOT_SEEN
    assert at(45, 53) == NOT_SEEN
    assert set(np.unique(plane.codes)) == {NOT_SEEN, NO_ECHO}


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
    plane = plane_of(Volume("test", "test", SITE, AT, (both, doppler), 2), AREA, step=STEP)
    assert plane.codes.max() == 100
    only_v = Volume("test", "test", SITE, AT, (doppler,), 1)
    with pytest.raises(DataError, match="no reflectivity"):
        plane_of(only_v, AREA, step=STEP)
    with pytest.raises(DataError, match="no reflectivity"):
        plane_of(Volume("test", "test", SITE, AT, (both,), 1, scan="rhi"), AREA, step=STEP)


def test_two_byte_codes_of_another_scale_keep_their_value() -> None:
    codes = np.full((360, 30), 5000, np.uint16)
    sweep = sweep_of(0.5, np.zeros((360, 30), np.uint8), np.arange(360.0))
    sweep.moments["dBZ"] = Moment("dBZ", codes, 100.0, 1000.0, 1000.0)
    plane = plane_of(Volume("test", "test", SITE, AT, (sweep,), 1), AREA, step=STEP)
    assert float(np.nanmax(decode_dbz(plane.codes))) == 40.0


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
    plane = plane_of(product_of(levels), fine, step=STEP)
    lon, lat = fine.centers_lonlat()
    row, column = np.argwhere(plane.codes == encode_dbz(np.array([45.0], np.float32))[0])[0]
    azimuth, _, distance = Geod(ellps="WGS84").inv(SITE.lon_deg, SITE.lat_deg, lon[column], lat[row])
    assert distance * math.cos(math.radians(azimuth)) == pytest.approx(39_500, abs=510)
    assert distance * math.sin(math.radians(azimuth)) == pytest.approx(25_500, abs=510)
    rest = plane.codes[plane.codes != NO_ECHO]
    assert set(rest.tolist()) == {2 * 45 + 66, 2 * 15 + 66}


def test_a_product_sees_nothing_beyond_its_range() -> None:
    levels = np.zeros((464, 464), np.uint8)
    levels[2, 232] = 5  # 229.5 km north
    wide = GridArea.over((110.5, 21.0, 116.0, 26.0), 5000.0)
    codes = plane_of(product_of(levels), wide, step=STEP).codes
    lon, lat = wide.centers_lonlat()
    grid = np.meshgrid(lon, lat)
    inverse = Geod(ellps="WGS84").inv(np.full(wide.shape, SITE.lon_deg), np.full(wide.shape, SITE.lat_deg), *grid)
    distance = np.asarray(inverse[2])
    assert (codes[distance > 233_000] == NOT_SEEN).all()
    assert (codes[distance < 228_000] == NO_ECHO).all()


def test_a_map_that_a_radar_does_not_reach_shows_nothing_of_it() -> None:
    far = GridArea.over((120.0, 30.0, 121.0, 31.0), 5000.0)
    assert (plane_of(lopsided(), far, step=STEP).codes == NOT_SEEN).all()
    assert (plane_of(product_of(np.full((464, 464), 9, np.uint8)), far, step=STEP).codes == NOT_SEEN).all()


def test_the_far_corners_of_a_high_latitude_radar_are_not_lost() -> None:
    """The box that is looked into is wider than the range, also where meridians run together."""
    site = Site("ZN001", "北", 20.6, 67.7, 600.0)
    sweep = sweep_of(0.5, np.zeros((360, 240), np.uint8), np.arange(360.0))
    area = GridArea.over((10.0, 63.0, 31.0, 71.5), 8000.0)
    codes = plane_of(Volume("test", "test", site, AT, (sweep,), 1), area, step=STEP).codes
    lon, lat = area.centers_lonlat()
    inverse = Geod(ellps="WGS84").inv(np.full(area.shape, 20.6), np.full(area.shape, 67.7), *np.meshgrid(lon, lat))
    distance = np.asarray(inverse[2])
    assert (codes[distance < 238_000] == NO_ECHO).all()
    assert (codes[distance > 242_000] == NOT_SEEN).all()


def test_a_product_without_reflectivity_takes_no_part() -> None:
    with pytest.raises(DataError, match="no reflectivity"):
        plane_of(product_of(np.zeros((116, 116), np.uint8), unit="km"), AREA, step=STEP)


def test_a_decoded_product_goes_the_whole_way() -> None:
    rows = [[0] * 464 for _ in range(464)]
    rows[200][300] = 12
    product = pup.decode(pup_bytes.product(pup_bytes.raster(rows)), "made.200")
    area = GridArea.over((113.8, 23.0, 114.3, 23.5), 500.0)
    assert decode_dbz(plane_of(product, area, step=STEP).codes).max() == 60.0


def plane(code: str, at: datetime, codes: list[int], area: GridArea) -> Plane:
    return Plane(Source(code, code, at, STEP), area, np.array([codes], np.uint8))


ROW = GridArea(0.0, 0.0, 1000.0, 1, 5)


def test_the_mosaic_takes_the_maximum_and_knows_whose_it_is() -> None:
    first = plane("A", AT - timedelta(minutes=5), [0, 1, 80, 90, 0], ROW)
    second = plane("B", AT - timedelta(minutes=1), [1, 1, 90, 80, 0], ROW)
    mosaic = compose((first, second), ROW, at=AT, max_age=timedelta(minutes=10))
    assert mosaic.codes.tolist() == [[1, 1, 90, 90, 0]]
    assert mosaic.source.tolist() == [[2, 1, 2, 1, 0]]
    assert [source.code for source in mosaic.sources] == ["A", "B"]
    assert mosaic.missing == ()
    assert age_minutes(mosaic)[0, :4].tolist() == [1, 5, 1, 5]
    assert np.isnan(age_minutes(mosaic)[0, 4])


def test_a_radar_too_old_is_missing_and_not_drawn() -> None:
    old = plane("A", AT - timedelta(minutes=15, seconds=1), [200] * 5, ROW)
    just = plane("B", AT - timedelta(minutes=15), [80] * 5, ROW)
    mosaic = compose((old, just), ROW, at=AT, max_age=timedelta(minutes=15))
    assert mosaic.codes.max() == 80
    assert [source.code for source in mosaic.missing] == ["A"]
    assert [source.code for source in mosaic.sources] == ["B"]
    nothing = compose((old,), ROW, at=AT, max_age=timedelta(minutes=15))
    assert nothing.codes.max() == NOT_SEEN
    assert nothing.sources == ()


def test_of_one_radar_the_newest_plane_stands() -> None:
    older = plane("A", AT - timedelta(minutes=12), [200] * 5, ROW)
    newer = plane("A", AT - timedelta(minutes=6), [80] * 5, ROW)
    for order in ((older, newer), (newer, older)):
        mosaic = compose(order, ROW, at=AT, max_age=timedelta(minutes=15))
        assert mosaic.codes.max() == 80
        assert len(mosaic.sources) == 1


def test_planes_of_another_raster_are_our_own_fault() -> None:
    with pytest.raises(ValueError, match="another raster"):
        compose((plane("A", AT, [1] * 5, GridArea(1.0, 0.0, 1000.0, 1, 5)),), ROW, at=AT, max_age=STEP)


def test_one_sweep_is_shown_in_codes_and_in_values() -> None:
    volume = lopsided()
    codes = ppi(volume, 0, "dBZ", AREA)
    single = Volume("test", "test", SITE, AT, volume.sweeps[:1], 1)
    assert np.array_equal(codes, plane_of(single, AREA, step=STEP).codes)
    values = ppi_values(volume, 0, "dBZ", AREA)
    echo = codes >= 5
    assert np.array_equal(np.isfinite(values), echo)
    assert np.array_equal(values[echo], decode_dbz(codes)[echo])
    for sweep, moment in ((2, "dBZ"), (-1, "dBZ"), (0, "V")):
        with pytest.raises(DataError, match="there is no sweep"):
            ppi(volume, sweep, moment, AREA)
        with pytest.raises(DataError, match="there is no sweep"):
            ppi_values(volume, sweep, moment, AREA)


def test_zg170_lies_where_its_gates_are() -> None:
    """Gates of the real volume, picked by value, are found at their own place on the map."""
    volume = read(next(data.need("radar/cinrad_base").glob("*ZG170*")))
    assert isinstance(volume, Volume)
    area = GridArea.over((112.85, 23.0, 113.17, 23.3), 30.0)
    values = ppi_values(volume, 2, "dBZ", area)
    sweep = volume.sweeps[2]
    measured = sweep.moments["dBZ"].values()
    lon, lat = area.centers_lonlat()
    checked = 0
    for ray in range(0, 363, 9):
        for gate in range(40, 200, 16):
            value = measured[ray, gate]
            slant = (gate + 0.5) * 75.0
            ground = slant * math.cos(math.radians(sweep.elevation_deg))
            x, y, _ = Geod(ellps="WGS84").fwd(
                volume.site.lon_deg, volume.site.lat_deg, float(sweep.azimuth_deg[ray]), ground
            )
            row, column = int(np.abs(lat - y).argmin()), int(np.abs(lon - x).argmin())
            near = values[row - 2 : row + 3, column - 2 : column + 3]
            if np.isfinite(value):
                assert value in near
                checked += 1
    assert checked > 100


def test_the_table_of_a_radar_is_made_once_and_serves_every_volume_of_it() -> None:
    """A new volume of the same geometry is one gather: 4 ms for 5 cuts of 500 gates on 600 x 600, on two cores."""
    area = GridArea.over((112.61, 22.91, 113.9, 24.1), 900.0)
    azimuth = np.arange(360.0)
    for level in (70, 90, 110):
        sweep = sweep_of(0.5, np.full((360, 500), level, np.uint8), azimuth, gate_m=250.0)
        geometry = composite._geometry(SITE, [(sweep, sweep.moments["dBZ"])])
        before = composite._table.cache_info()
        codes = plane_of(Volume("test", "test", SITE, AT, (sweep,), 1), area, step=STEP).codes
        after = composite._table.cache_info()
        assert codes.max() == level
        assert after.misses - before.misses == (1 if level == 70 else 0)
        table = composite._table(geometry, area)
        assert table.dtype == np.uint32
        assert not table.flags.writeable


def test_a_volume_as_decoded_gives_a_plane() -> None:
    volume = cma_base.decode(fmt.small_volume(), "small")
    codes = plane_of(volume, GridArea.over((113.0, 23.3, 113.5, 23.7), 300.0), step=STEP).codes
    assert codes.max() == 60 + 35 + 19
