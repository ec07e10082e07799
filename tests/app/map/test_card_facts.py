"""What a card says, worked out from a real store: rain of the day, people, shelter, past, inspection."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
import shapely
from PySide6.QtGui import QColor, QImage

from app.map.card_facts import GAUGE_REACH_M, hours_of, overdue_days, point_facts, wish_of
from app.map.card_numbers import numbers_of
from app.map.card_registers import PAST, CardRegisters, read_registers, registers_of
from app.map.card_views import PHOTO_MOST_PX, read_photo
from models.hazard.register import HazardPoint
from models.rain.observations import Gauge, GaugeReport, PointRates
from models.register.description import shipped
from models.register.record import Record
from models.store import observations, registers
from models.store.database import Database, Store
from tests.make import AUTHOR, NOW, issued, point
from widgets.map.card_values import PointFacts

NEAR = Gauge("Q1", "石坑站", 106.715, 28.837)
FARTHER = Gauge("Q2", "岭脚站", 106.735, 28.837)
FAR = Gauge("Q3", "白水站", 106.90, 28.837)
WAY = shapely.LineString([(106.71, 28.837), (106.718, 28.840)])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store.open(tmp_path / "store.sqlite")
    yield made
    made.close()


def record(register: str, id_: str, name: str, **values: object) -> Record:
    return Record(register, id_, name, "", 106.712, 28.838, "石坑镇", "", values)  # type: ignore[arg-type]


def fill(store: Store, *, linked: bool = True) -> None:
    of_point = {
        "people_at_risk": 126,
        "households": 43,
        "to_be_carried": 11,
        "inspected_on": "2026-06-01",
        "finding": "沟口淤积",
        "source": "2025 普查",
        "confirmed_on": "2026-04-02",
        "focus": True,
        "warn_unit": "W1",
    }
    if linked:
        of_point |= {"shelter": "B1", "route": "L1", "people": ["P2"]}
    unit = Record(
        "warning_units", "W1", "石坑-03", "", 106.71, 28.837, wkb=shapely.box(106.70, 28.83, 106.72, 28.84).wkb
    )
    records = (
        Record("hazard_points", "SH-0117", "石坑沟", "flash_flood", 106.71, 28.837, "石坑镇", "", of_point),  # type: ignore[arg-type]
        record("people", "P1", "黄秀兰", role="监测员", phone="000-0000-0118", points=["SH-0117"], confirmed_on="2026-03-28"),
        record("people", "P2", "覃立", role="镇包村", phone="000-0000-0108", confirmed_on="2026-06-11"),
        record("people", "P3", "别人", role="村主任", phone="000-0000-0119", points=["SH-0001"]),
        record("shelters", "B1", "石坑小学", capacity=260, above_stream_m=14.0),
        Record("routes", "L1", "石坑路", "", 106.712, 28.838, values={"point": "SH-0117", "shelter": "B1", "length_m": 1230}, wkb=WAY.wkb),
        record("past_events", "E1", "2019", point="SH-0117", happened_on="2019-06-10", what="进水 17 户", rain_total_mm=88),
        record("past_events", "E2", "2024", point="SH-0117", happened_on="2024-06-19", what="便桥冲毁", rain_3h_mm=61),
        unit,
    )  # fmt: skip
    store.write(lambda db: registers.put(db, records, actor=AUTHOR.id, at=NOW)).result()


def facts_of(store: Store, gauges: tuple[Gauge, ...] = (), rates: tuple[PointRates, ...] = ()) -> PointFacts:
    known = store.read(lambda db: read_registers(db, shipped()))
    return facts_with(store, known, point(), gauges, rates)


def facts_with(
    store: Store,
    known: CardRegisters,
    at: HazardPoint,
    gauges: tuple[Gauge, ...] = (),
    rates: tuple[PointRates, ...] = (),
) -> PointFacts:
    wish = wish_of(at, 0, NOW, gauges, rates, (replace(issued(), signal_id="rainstorm"),))
    return store.read(lambda db: point_facts(db, wish, known))


def test_who_answers_is_named_by_the_point_and_by_the_people_themselves(store: Store) -> None:
    fill(store)
    people = facts_of(store).people
    assert people is not None
    assert [(p.role, p.name, p.phone) for p in people] == [
        ("镇包村", "覃立", "000-0000-0108"),
        ("监测员", "黄秀兰", "000-0000-0118"),
    ]
    assert [p.overdue_days for p in people] == [None, 52], "18 June less 28 March is 82 days, 30 are allowed"
    assert people[1].link == "record:people:P1"


def test_the_way_to_the_shelter_is_the_route_with_its_length(store: Store) -> None:
    fill(store)
    shelter = facts_of(store).shelter
    assert shelter is not None
    assert (shelter.name, shelter.places, shelter.by_route, shelter.above_m) == ("石坑小学", 260, True, 14.0)
    assert shelter.distance_m == 1230
    assert shelter.minutes == pytest.approx(18.45)
    assert (shelter.link, shelter.route_link) == ("record:shelters:B1", "record:routes:L1")


def test_without_a_link_the_nearest_shelter_is_named_and_a_route_of_the_point_leads_there(store: Store) -> None:
    fill(store, linked=False)
    shelter = facts_of(store).shelter
    assert shelter is not None
    assert shelter.by_route, "the route names the point itself"
    store.write(lambda db: registers.remove(db, "routes", ["L1"], actor=AUTHOR.id, at=NOW)).result()
    straight = facts_of(store).shelter
    assert straight is not None
    assert not straight.by_route
    assert straight.distance_m == pytest.approx(225, abs=5)


def test_risk_past_unit_inspection_source_and_warnings(store: Store) -> None:
    fill(store)
    facts = facts_of(store)
    assert facts.at_risk is not None
    assert (facts.at_risk.households, facts.at_risk.people, facts.at_risk.helped) == (43, 126, 11)
    assert facts.past is not None
    assert [(p.on, p.rain, p.what) for p in facts.past] == [
        ("2024-06-19", "3 h 61 mm", "便桥冲毁"),
        ("2019-06-10", "88 mm", "进水 17 户"),
    ]
    assert (facts.unit, facts.unit_link) == ("石坑-03", "record:warning_units:W1")
    assert facts.inspection is not None
    assert facts.inspection.next_on == date(2026, 6, 11)
    assert facts.inspection.overdue_days == 7
    assert facts.inspection.by == "", "who answers is not who looked"
    assert (facts.inspection.confirmed_on, facts.inspection.confirm_overdue_days) == (date(2026, 4, 2), None)
    assert facts.warnings is not None
    assert [w.level.value for w in facts.warnings] == ["red"]
    assert "2025 普查" in facts.source
    assert ("Focus", "yes") in facts.details


def test_an_office_without_registers_says_of_each_thing_that_it_is_not_entered(store: Store) -> None:
    facts = facts_of(store)
    assert facts.past is None
    assert facts.shelter is None
    assert not facts.has_shelters
    assert facts.gauges is None
    assert facts.inspection is None
    assert facts.people is not None
    assert [p.name for p in facts.people] == ["韦青山"], "the point's own person stands in"


def reports(gauge: Gauge, hours: range, mm: float) -> list[GaugeReport]:
    end = NOW.replace(second=0)
    return [GaugeReport(gauge.id, end - timedelta(hours=h), 60, mm) for h in hours]


def test_the_day_is_the_nearest_gauges_hours_and_radar_where_it_has_none(store: Store) -> None:
    everything = (*reports(NEAR, range(6), 2.0), *reports(FARTHER, range(3, 9), 5.0), *reports(FAR, range(24), 9.0))
    store.write(lambda db: observations.add_reports(db, everything)).result()
    end = NOW.replace(second=0)
    by_radar = tuple(
        PointRates("Z1", end - timedelta(minutes=6 * i), timedelta(minutes=6), np.array([1.0], np.float32))
        for i in range(110)
    )
    facts = facts_of(store, (FAR, FARTHER, NEAR), by_radar)
    assert facts.rain is not None
    assert facts.rain.rain_mm[-6:] == (2.0,) * 6, "石坑站 is nearer"
    assert facts.rain.rain_mm[-9:-6] == (5.0,) * 3
    assert facts.rain.rain_mm[-11:-9] == (1.0,) * 2, "radar"
    assert all(math.isnan(mm) for mm in facts.rain.rain_mm[:-11])
    assert not facts.rain.whole
    assert facts.rain.source.startswith("石坑站")
    assert facts.gauges is not None
    assert [g.name for g in facts.gauges] == ["石坑站", "岭脚站"]
    assert facts.gauges[0].hour_mm == 2.0
    assert math.isnan(facts.gauges[0].day_mm), "18 hours are missing: no sum is said"
    assert not facts.gauges[0].stale
    assert facts.gauges[1].stale
    assert all(g.distance_m < GAUGE_REACH_M for g in facts.gauges)


def test_what_a_change_elsewhere_leaves_alone_is_not_put_in_order_again(store: Store) -> None:
    fill(store)
    before = store.read(lambda db: read_registers(db, shipped()))
    written = {**before.records, PAST: (*before.records[PAST], record(PAST, "E3", "2025", point="SH-0117"))}
    now = registers_of(shipped(), written, before)
    assert (now.shelters, now.units, now.people_of, now.route_of) == (
        *(before.shelters, before.units, before.people_of, before.route_of),
    )
    assert {name for name, its in now.by_id.items() if its is not before.by_id[name]} == {PAST}
    assert [one.id for one in now.past_of["SH-0117"]] == ["E2", "E1", "E3"]
    gone = registers_of(shipped(), {name: its for name, its in written.items() if name != PAST}, now)
    assert (gone.past_of, PAST in gone.by_id, PAST in gone.entered) == ({}, False, False)


def test_a_card_asks_the_store_as_often_however_much_the_registers_hold(store: Store) -> None:
    fill(store)
    asked = questions_of(store)
    more = tuple(record("people", f"M{n}", f"人{n}", role="监测员", points=["SH-0117"]) for n in range(200))
    store.write(lambda db: registers.put(db, more, actor=AUTHOR.id, at=NOW)).result()
    assert questions_of(store) == asked
    assert len(asked) == 2, "the point's record, and the reports of its gauges"


def questions_of(store: Store) -> list[str]:
    known = store.read(lambda db: read_registers(db, shipped()))
    asked: list[str] = []

    def work(db: Database) -> None:
        db.conn.set_trace_callback(asked.append)
        try:
            point_facts(db, wish_of(point(), 0, NOW, (NEAR, FARTHER), (), ()), known)
        finally:
            db.conn.set_trace_callback(None)

    store.read(work)
    return [one.partition(" WHERE ")[0] for one in asked if one.startswith("SELECT")]


def test_whom_a_card_can_ring_is_its_own_number_then_those_it_names_each_once(store: Store) -> None:
    fill(store)
    known = store.read(lambda db: read_registers(db, shipped()))
    unit = record("key_units", "K1", "石坑小学", person="唐万里", phone="000-0000-2001", people=["P1", "P2", "P9"])
    lines = numbers_of(unit, known)
    assert [(one.name, one.phone) for one in lines] == [
        ("唐万里", "000-0000-2001"),
        ("黄秀兰", "000-0000-0118"),
        ("覃立", "000-0000-0108"),
    ]
    assert [one.role for one in lines[1:]] == ["监测员", "镇包村"]
    twice = record("people", "P4", "覃力", phone="000-0000-0108", substitute="P2")
    assert [one.name for one in numbers_of(twice, known)] == ["覃力"]
    assert numbers_of(record("basins", "B", "流域"), known) == ()


def test_an_hour_with_less_than_nine_tenths_is_no_hour() -> None:
    minutes = np.full((1, 180), 0.1)
    minutes[0, 60:67] = np.nan
    minutes[0, 120:126] = np.nan
    assert hours_of(minutes)[0] == pytest.approx([5.4, math.nan, 6.0], nan_ok=True)


@pytest.mark.parametrize(
    ("on", "due", "late"),
    [(date(2026, 6, 1), 10, 7), (date(2026, 6, 8), 10, None), (date(2026, 6, 1), None, None), (None, 10, None)],
)
def test_overdue(on: date | None, due: int | None, late: int | None) -> None:
    assert overdue_days(on, due, date(2026, 6, 18)) == late


def test_a_photo_is_read_no_larger_than_it_is_shown_and_a_broken_one_is_none(tmp_path: Path) -> None:
    big = QImage(3000, 1500, QImage.Format.Format_RGB32)
    big.fill(QColor(1, 2, 3))
    assert big.save(str(tmp_path / "big.png"))
    photo = read_photo(tmp_path / "big.png")
    assert photo is not None
    assert (photo.width(), photo.height()) == (PHOTO_MOST_PX, PHOTO_MOST_PX // 2)
    (tmp_path / "broken.jpg").write_bytes(b"no picture")
    assert read_photo(tmp_path / "broken.jpg") is None
    assert read_photo(tmp_path / "absent.jpg") is None
