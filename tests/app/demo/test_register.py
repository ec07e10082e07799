"""Hazard points, gauges and people of the exercise."""

from __future__ import annotations

from collections import Counter

import numpy as np
import shapely

from app.demo.county import build_county
from app.demo.gauges import gauges, is_silent, silences
from app.demo.people import EXERCISE_PINS, FORECASTER, SIGNER, STAFF, contacts, town_contacts
from app.demo.register import hazard_points
from models.geodesy import distance_m
from models.hazard.level import Level
from models.hazard.register import PointKind
from models.warning.persons import plain_phone

GEOHAZARDS = {PointKind.LANDSLIDE, PointKind.COLLAPSE, PointKind.DEBRIS_FLOW}


def test_there_are_160_zones_273_geohazards_and_5_flood_prone_spots() -> None:
    kinds = Counter(p.kind for p in hazard_points())
    assert kinds[PointKind.FLASH_FLOOD] == 160
    assert sum(kinds[kind] for kind in GEOHAZARDS) == 273
    assert min(kinds[kind] for kind in GEOHAZARDS) > 20
    assert kinds[PointKind.WATERLOGGING] == 5


def test_every_point_lies_in_its_village_and_town_and_is_one_of_a_kind() -> None:
    county = build_county()
    villages = {v.name: v for v in county.villages}
    points = hazard_points()
    for point in points:
        village = villages[point.village]
        assert county.town(point.town).code == village.parent
        assert village.border.contains(shapely.Point(point.lon_deg, point.lat_deg))
    assert len({p.id for p in points}) == len({p.name for p in points}) == len(points)
    assert len({(p.lon_deg, p.lat_deg) for p in points}) == len(points)


def test_thresholds_are_those_of_the_paper_and_starters_are_marked() -> None:
    for point in hazard_points():
        rows = {h: tuple(t.rain_mm for t in point.thresholds if t.window_h == h) for h in point.windows_h}
        if point.kind is PointKind.FLASH_FLOOD:
            assert rows == {1: (35, 45, 60, 80), 3: (55, 75, 100, 120), 6: (70, 95, 120, 150)}
        elif point.kind in GEOHAZARDS:
            assert rows == {1: (20, 30, 50, 70)}
            assert point.attributes["土壤状态"] == "湿"
            assert point.attributes["土壤状态日期"] == "2026-06-17"
        else:
            assert tuple(rows) == (1,)
        assert [t.level for t in point.thresholds[:4]] == [Level.BLUE, Level.YELLOW, Level.ORANGE, Level.RED]
        assert all(t.design is (point.kind is not PointKind.FLASH_FLOOD) for t in point.thresholds)


def test_every_number_is_a_drill_number_and_belongs_to_one_person() -> None:
    owners: dict[str, set[str]] = {}
    people = [(c.phone, c.name) for c in contacts()] + [(p.phone, p.name) for p in STAFF]
    people += [(p.phone, p.person) for p in hazard_points()]
    for phone, name in people:
        assert phone.startswith("000-0000-")
        assert plain_phone(phone).startswith("000")
        assert name
        owners.setdefault(phone, set()).add(name)
    assert all(len(names) == 1 for names in owners.values())
    assert set(town_contacts()) == {t.name for t in build_county().towns}


def test_the_desk_has_an_author_and_somebody_else_who_signs() -> None:
    assert (FORECASTER.name, SIGNER.name) == ("周岚", "沈知远")
    assert "signer" in SIGNER.roles
    assert "signer" not in FORECASTER.roles
    assert set(EXERCISE_PINS) == {p.id for p in STAFF}
    assert len(set(EXERCISE_PINS.values())) == len(STAFF) == len({p.staff_no for p in STAFF})


def test_120_gauges_leave_a_corner_bare_and_some_fall_silent() -> None:
    found = gauges()
    assert len(found) == len({g.id for g in found}) == 120
    assert {g.town for g in found} == {t.name for t in build_county().towns}
    lon, lat = np.array([g.lon_deg for g in found]), np.array([g.lat_deg for g in found])
    far = [p for p in hazard_points() if distance_m(lon, lat, p.lon_deg, p.lat_deg).min() > 3000]
    assert 5 <= len(far) <= 60
    for silence in silences():
        assert is_silent(silence.gauge_id, silence.until)
        assert not is_silent(silence.gauge_id, silence.since)
    assert len({s.gauge_id for s in silences()}) == len(silences()) == 5
