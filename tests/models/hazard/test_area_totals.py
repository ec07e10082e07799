"""What an area adds up to, against sums and geometry done by hand."""

from __future__ import annotations

import math

import pytest
import shapely
from pyproj import Geod

from models.hazard.area_totals import Figure, Totals, totals
from models.hazard.level import Level
from models.hazard.register import Place
from models.register.ask import inside, shape_of
from models.register.description import shipped
from models.register.record import Record

SQUARE = shape_of([(106.0, 28.0), (107.0, 28.0), (107.0, 29.0), (106.0, 29.0)])


def record(register: str, number: int, lon: float, **values: int) -> Record:
    return Record(register, f"{register}-{number}", f"{number}", lon_deg=lon, lat_deg=28.5, values=values)


def asked(*records: Record, roads: tuple[Place, ...] = (), levels: dict[str, Level] | None = None) -> Totals:
    described = shipped()
    by = [(one, tuple(r for r in records if r.register == one.name)) for one in described]
    return totals(inside(SQUARE, by), SQUARE, levels or {}, roads)


def test_people_households_and_places_are_summed_once_and_what_nobody_entered_is_counted() -> None:
    made = asked(
        record("hazard_points", 1, 106.2, people_at_risk=12, households=4),
        record("hazard_points", 2, 106.4, people_at_risk=30),
        record("hazard_points", 3, 106.6),
        record("hazard_points", 4, 107.6, people_at_risk=1000, households=300),
        record("warning_units", 1, 106.3, population=900, households=300),
        record("key_units", 1, 106.3, people_count=77),
        record("shelters", 1, 106.3, capacity=260),
        record("shelters", 2, 106.9, capacity=40),
    )
    assert (made.people, made.households) == (Figure(42.0, 1), Figure(4.0, 2))
    assert (made.points, made.units, made.shelters, made.shelter_places) == (3, 1, 2, Figure(300.0, 0))
    assert math.isnan(made.road_km), "the office has no roads: nobody knows"


def test_points_are_counted_by_level_the_worst_first_and_one_without_verdict_is_not_judged() -> None:
    points = [record("hazard_points", n, 106.1 + n / 10) for n in range(5)]
    levels = {"hazard_points-0": Level.YELLOW, "hazard_points-1": Level.RED, "hazard_points-2": Level.NONE}
    made = asked(*points, levels={**levels, "hazard_points-3": Level.YELLOW})
    assert made.points == 5
    assert made.levels == {Level.RED: 1, Level.YELLOW: 2, Level.NONE: 1, Level.NOT_JUDGED: 1}
    assert list(made.levels)[:2] == [Level.RED, Level.YELLOW]


def test_roads_are_measured_within_the_area_only() -> None:
    parallel = shapely.LineString([(105.5, 28.5), (106.25, 28.5)])
    beyond = shapely.LineString([(107.2, 28.5), (107.9, 28.5)])
    forth_and_back = shapely.LineString([(106.9, 28.2), (107.1, 28.25), (106.9, 28.3)])
    roads = tuple(
        Place(str(n), "", "road", "", shapely.to_wkb(line)) for n, line in enumerate((parallel, beyond, forth_and_back))
    )
    geod = Geod(ellps="WGS84")
    by_hand = geod.line_length([106.0, 106.25], [28.5, 28.5])
    by_hand += geod.line_length([106.9, 107.0], [28.2, 28.225]) + geod.line_length([107.0, 106.9], [28.275, 28.3])
    assert asked(roads=roads).road_km == pytest.approx(by_hand / 1000, rel=1e-6)
    assert asked(roads=(roads[1],)).road_km == 0.0
