"""What lies round a place: right distances, right order, areas over it, minutes on foot."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pytest
import shapely
from pyproj import Geod

from models.hazard.near import NearPlaces, length_m, walk_minutes
from models.register.record import Record
from tests.counting import calls

HERE = (106.71, 28.837)
GEOD = Geod(ellps="WGS84")


def place(id_: str, lon: float, lat: float, shape: shapely.Geometry | None = None) -> Record:
    return Record("shelters", id_, f"点{id_}", lon_deg=lon, lat_deg=lat, wkb=shape.wkb if shape is not None else b"")


def test_the_nearest_come_first_with_their_distance_along_the_ground() -> None:
    rng = np.random.default_rng(7)
    spots = np.column_stack([rng.uniform(106.4, 107.0, 400), rng.uniform(28.5, 29.1, 400)])
    near = NearPlaces.of(place(str(i), lon, lat) for i, (lon, lat) in enumerate(spots.tolist()))
    _, _, far = GEOD.inv(np.full(400, HERE[0]), np.full(400, HERE[1]), spots[:, 0], spots[:, 1])
    found = near.near(*HERE, most=12)
    assert [n.record.id for n in found] == [str(i) for i in np.argsort(far)[:12]]
    assert [n.distance_m for n in found] == pytest.approx(np.sort(far)[:12].tolist(), abs=0.01)
    within = near.near(*HERE, most=400, within_m=9_000)
    assert {n.record.id for n in within} == {str(i) for i in np.flatnonzero(far <= 9_000)}


def test_a_line_is_as_near_as_its_nearest_place_and_an_area_over_the_place_is_found() -> None:
    line = shapely.LineString([(106.70, 28.80), (106.70, 28.90)])
    ring = shapely.box(106.70, 28.83, 106.72, 28.84)
    other = shapely.box(106.80, 28.83, 106.82, 28.84)
    places = NearPlaces.of(
        (place("L", 106.7, 28.85, line), place("A", 106.71, 28.835, ring), place("B", 106.81, 28.835, other))
    )
    by_id = {n.record.id: n for n in places.near(*HERE, most=3)}
    _, _, across = GEOD.inv(*HERE, 106.70, HERE[1])
    assert by_id["L"].distance_m == pytest.approx(across, rel=1e-4)
    assert by_id["L"].bearing_deg == pytest.approx(270, abs=0.5)
    assert by_id["A"].distance_m == pytest.approx(0, abs=1e-6)
    assert [r.id for r in places.over(*HERE)] == ["A"]


def test_what_has_no_place_is_near_nothing() -> None:
    nowhere = NearPlaces.of((Record("people", "1", "覃立"),))
    assert nowhere.records == ()
    assert nowhere.near(*HERE) == ()
    assert nowhere.over(*HERE) == ()


def test_a_route_is_as_long_as_it_is_along_the_ground() -> None:
    way = shapely.LineString([HERE, (106.72, 28.837), (106.72, 28.847)])
    _, _, east = GEOD.inv(*HERE, 106.72, 28.837)
    _, _, north = GEOD.inv(106.72, 28.837, 106.72, 28.847)
    assert length_m(way.wkb) == pytest.approx(east + north, abs=0.01)
    assert length_m(shapely.Point(HERE).wkb) == 0


@pytest.mark.parametrize(
    ("meters", "climb", "minutes"), [(1230, math.nan, 18.45), (1230, 60, 24.45), (4000, -50, 60), (0, 0, 0)]
)
def test_minutes_on_foot(meters: float, climb: float, minutes: float) -> None:
    assert walk_minutes(meters, climb) == pytest.approx(minutes)


def test_among_50_000_places_the_nearest_is_found_with_the_work_of_500() -> None:
    spent = []
    for count in (500, 50_000):
        rng = np.random.default_rng(3)
        lon, lat = rng.uniform(106, 108, count), rng.uniform(28, 30, count)
        places = NearPlaces.of(place(str(i), float(lon[i]), float(lat[i])) for i in range(count))
        places.near(*HERE, most=3, within_m=10_000)
        spent.append(calls(partial(places.near, *HERE, most=3, within_m=10_000)))
    assert spent[1] <= 2 * spent[0]
