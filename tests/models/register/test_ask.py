"""What lies inside a shape, counted against geometry done by hand."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from models.errors import DataError
from models.geodesy import crosses_itself, ring_area_m2
from models.register.ask import Answer, area_km2, inside, shape_of
from models.register.description import (
    FieldDescription,
    FieldType,
    GeometryType,
    RegisterDescription,
    Words,
)
from models.register.record import Record

PEOPLE = FieldDescription("people", FieldType.INTEGER, Words("受威胁", "At risk"), unit="人")
DEPTH = FieldDescription("depth", FieldType.NUMBER, Words("深", "Depth"), unit="m")
POINTS = RegisterDescription("points", Words("点", "Points"), GeometryType.POINT, "hazards", "place", (PEOPLE, DEPTH))
ROADS = RegisterDescription("roads", Words("路", "Roads"), GeometryType.LINE, "hazards", "road", ())
PERSONS = RegisterDescription("persons", Words("人员", "People"), GeometryType.NONE, "people", "person", ())
SQUARE = shape_of([(106.0, 28.0), (107.0, 28.0), (107.0, 29.0), (106.0, 29.0)])


def point(number: int, lon: float | None, lat: float | None, **values: int) -> Record:
    return Record("points", f"P{number}", f"点{number}", lon_deg=lon, lat_deg=lat, values=values)


def ask(*records: Record, area: bytes = SQUARE) -> Answer:
    return inside(area, [(POINTS, records)])


def test_points_inside_and_on_the_edge_count_and_those_beyond_do_not() -> None:
    answer = ask(point(1, 106.5, 28.5), point(2, 106.0, 28.5), point(3, 105.999, 28.5), point(4, 106.5, 29.001))
    assert [record.id for record in answer.registers[0].records] == ["P1", "P2"]
    assert answer.count == 2


def test_people_are_summed_and_what_is_not_known_is_said() -> None:
    answer = ask(point(1, 106.5, 28.5, people=12, depth=3), point(2, 106.6, 28.5, people=30), point(3, 106.7, 28.5))
    assert answer.registers[0].sums == {"people": 42.0}
    assert answer.registers[0].unknown == {"people": 1}


def test_a_record_without_a_place_is_neither_in_nor_out() -> None:
    answer = ask(point(1, 106.5, 28.5), point(2, None, None))
    assert answer.without_place == {"points": 1}
    assert inside(SQUARE, [(PERSONS, (Record("persons", "A", "甲"),))]).without_place == {}


def test_kilometers_of_a_road_are_those_within_the_shape() -> None:
    meridian = shapely.LineString([(106.5, 27.0), (106.5, 30.0)])
    within = shapely.LineString([(106.2, 28.1), (106.2, 28.2)])
    roads = tuple(
        Record("roads", id_, id_, wkb=shapely.to_wkb(line)) for id_, line in (("S1", meridian), ("S2", within))
    )
    answer = inside(SQUARE, [(ROADS, roads)])
    # A degree of latitude is 110.85 km at 28.5 N on the ellipsoid.
    assert answer.registers[0].length_km == pytest.approx(1.1 * 110.85, rel=2e-3)
    assert answer.registers[0].cut == {"S1"}


def test_the_area_is_that_of_the_ellipsoid() -> None:
    parallel_km = 111.320 * np.cos(np.radians(28.5))
    assert area_km2(shapely.from_wkb(SQUARE)) == pytest.approx(110.85 * parallel_km, rel=3e-3)


def test_a_hole_is_taken_off_whichever_way_its_ring_runs() -> None:
    corners = [(106.0, 28.0), (107.0, 28.0), (107.0, 29.0), (106.0, 29.0)]
    hole = [(106.2, 28.2), (106.6, 28.2), (106.6, 28.6), (106.2, 28.6)]
    rest = area_km2(shapely.Polygon(corners)) - area_km2(shapely.Polygon(hole))
    assert rest < 0.85 * area_km2(shapely.Polygon(corners))
    apart = shapely.box(108.0, 28.0, 109.0, 29.0)
    for outer in (corners, corners[::-1]):
        for inner in (hole, hole[::-1]):
            holed = shapely.Polygon(outer, [inner])
            assert area_km2(holed) == pytest.approx(rest, rel=1e-9)
            both = shapely.MultiPolygon([holed, apart])
            assert area_km2(both) == pytest.approx(rest + area_km2(apart), rel=1e-9)
            answer = ask(point(1, 106.4, 28.4), point(2, 106.1, 28.1), area=bytes(shapely.to_wkb(holed)))
            assert [one.id for one in answer.registers[0].records] == ["P2"]
            assert answer.area_km2 == pytest.approx(rest, rel=1e-9)


def test_a_shape_that_crosses_itself_is_what_it_encloses() -> None:
    bow = shape_of([(106.0, 28.0), (107.0, 29.0), (107.0, 28.0), (106.0, 29.0)])
    answer = ask(point(1, 106.9, 28.5), point(2, 106.5, 28.9), area=bow)
    assert [record.id for record in answer.registers[0].records] == ["P1"]


STAR = [(106 + np.cos(turn) / 10, 28 + np.sin(turn) / 10) for turn in np.radians(90 + 144 * np.arange(5))]
BOW = [(106.0, 28.0), (106.1, 28.1), (106.1, 28.0), (106.0, 28.1)]


def test_an_area_that_crosses_itself_is_all_it_encloses_for_the_ruler_and_for_the_question() -> None:
    assert crosses_itself(STAR)
    assert crosses_itself(BOW)
    assert not crosses_itself([(106.0, 28.0), (106.1, 28.0), (106.1, 28.1), (106.0, 28.1), (106.0, 28.1)])
    # The middle of the star is inside, and its area counts once: 1.1226 of the square of the radius.
    scale = (110.85 * 0.1) * (111.320 * np.cos(np.radians(28.0)) * 0.1)
    assert ring_area_m2(STAR) / 1e6 == pytest.approx(1.1226 * scale, rel=5e-3)
    assert ring_area_m2(BOW) / 1e6 == pytest.approx(scale / 2, rel=5e-3)
    answer = ask(point(1, 106.0, 28.0), area=shape_of(STAR))
    assert answer.count == 1
    assert answer.area_km2 == pytest.approx(ring_area_m2(STAR) / 1e6, rel=1e-6)
    assert ask(point(1, 106.0, 28.0), area=bytes(shapely.to_wkb(shapely.Polygon(STAR)))).count == 1


def test_a_corner_that_is_passed_twice_stays_in_its_order() -> None:
    ring = [(106.0, 28.0), (106.1, 28.0), (106.05, 28.05), (106.1, 28.1), (106.0, 28.1), (106.05, 28.05)]
    assert area_km2(shapely.from_wkb(shape_of(ring))) == pytest.approx(ring_area_m2(ring) / 1e6)


@pytest.mark.parametrize("ring", [[], [(106.0, 28.0)], [(106.0, 28.0), (107.0, 28.0)], [(106.0, 28.0)] * 5])
def test_a_line_or_a_spot_is_no_area(ring: list[tuple[float, float]]) -> None:
    with pytest.raises(DataError, match="area"):
        shape_of(ring)


@pytest.mark.parametrize("area", [b"", b"\x00\x01", shapely.to_wkb(shapely.LineString([(0, 0), (1, 1)]))])
def test_what_is_no_shape_is_refused(area: bytes) -> None:
    with pytest.raises(DataError, match="area"):
        inside(area, [])


def test_fifty_thousand_points_are_asked_as_arrays() -> None:
    dice = np.random.default_rng(5)
    lon, lat = dice.uniform(105, 108, 50_000), dice.uniform(27, 30, 50_000)
    records = tuple(point(n, x, y, people=1) for n, (x, y) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True)))
    answer = ask(*records)
    expected = int(((lon >= 106) & (lon <= 107) & (lat >= 28) & (lat <= 29)).sum())
    assert answer.registers[0].sums["people"] == expected
