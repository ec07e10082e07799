"""A store from before the registers (0002) comes forward with the same points, each with its first version."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
import shapely
from sqlite_utils import Database, Migrations

from models.act import JournalEntry
from models.hazard.register import HazardPoint, Place, PointKind
from models.store import audit, hazards, journal, laws, migrations, record_audit, registers, search
from models.store.database import Store
from models.store.text_form import json_text
from tests.models.store.test_hazards import BARE, POINT
from tests.models.store.values import AT

EARLIER = datetime(2026, 6, 1, tzinfo=UTC)
LONG = replace(POINT, id="SH-9", lon_deg=106.71000000000001, lat_deg=28.1 + 0.2, attributes={}, warn_unit="", phone="")
TOWN = Place("990001101", "石坑镇", "town", "", shapely.to_wkb(shapely.box(106.6, 28.7, 106.8, 28.9)))


def keep_as_0002(db: Database, points: tuple[HazardPoint, ...]) -> None:
    """Keep points in the two tables that a store of 0002 had."""
    for number, p in enumerate(points):
        row = [p.id, p.name, p.kind.value, p.lon_deg, p.lat_deg, p.town, p.village, p.warn_unit, p.person, p.phone]
        db.execute(f"INSERT INTO points VALUES ({', '.join('?' * 12)})", [*row, json_text(p.attributes), number])
        for place, t in enumerate(p.thresholds):
            values = [p.id, place, t.window_h, t.level.value, t.rain_mm, int(t.design)]
            db.execute("INSERT INTO thresholds VALUES (?, ?, ?, ?, ?, ?)", values)
    db.execute(
        "INSERT INTO places (id, code, name, kind, parent, wkb) VALUES (1, ?, ?, ?, '', ?)",
        [TOWN.code, TOWN.name, TOWN.kind, TOWN.wkb],
    )


@pytest.fixture(name="older")
def _older(path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    second = Migrations("fengsui")
    for known in migrations.MIGRATIONS.pending(Database(memory=True)):
        if known.name < "0003":
            second(name=known.name)(known.fn)
    points = (replace(POINT, id="ZZ-1"), BARE, POINT, LONG)
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "MIGRATIONS", second)
        with Store.open(path) as store:
            store.write_now(lambda db: keep_as_0002(db, points))
            for act in ("office.made", "points.replaced", "feed.silent"):
                line = JournalEntry("system", act, "x", AT if act == "points.replaced" else EARLIER)
                store.write_now(partial(journal.append, entry=line))
            assert "record_versions" not in store.read(lambda db: db.table_names())
    return path


def test_the_points_are_the_same_in_the_same_order(older: Path) -> None:
    with Store.open(older) as store:
        assert store.read(hazards.points) == (replace(POINT, id="ZZ-1"), BARE, POINT, LONG)
        assert store.read(registers.counts) == {"hazard_points": 4}
        tables = set(store.read(lambda db: db.table_names()))
        assert not tables & {"points", "thresholds"}
        assert store.read(laws.missing) == ()
        assert [line.entry.act for line in store.read(journal.lines)] == [
            "office.made",
            "points.replaced",
            "feed.silent",
        ]
    assert audit.check(older) == ()


def test_a_store_that_was_not_opened_yet_is_looked_at_as_far_as_it_goes(older: Path) -> None:
    codes = [one.code for one in audit.check_contents(older)]
    assert codes == ["store.older", "places.unproven", "places.other_box"]
    assert "较早版本" in audit.check_contents(older)[0].sentence("zh")


def test_a_list_from_before_the_registers_is_unproven_and_nobody_is_accused_until_somebody_vouched(older: Path) -> None:
    with Store.open(older) as store:
        assert [one.code for one in store.read(record_audit.check)] == ["register.unproven"]
        assert store.read(audit.unproven_registers) == ("hazard_points",)
        store.write_now(lambda db: registers.vouch(db, "hazard_points", actor="p", at=AT))
        assert store.read(record_audit.check) == ()
        store.write_now(lambda db: db.execute("UPDATE records SET town = '别处' WHERE id = 'SH-9'"))
        assert "register.other_sum" in {one.code for one in store.read(record_audit.check)}


def test_each_has_a_first_version_of_when_the_list_came_and_can_be_changed_from_there(older: Path) -> None:
    with Store.open(older) as store:
        (first,) = store.read(lambda db: registers.history(db, "hazard_points", "SH-9"))
        assert (first.number, first.cause, first.actor, first.at, first.gone) == (1, "migration", "system", AT, False)
        renamed = replace(first.record, name="石坑新沟")
        store.write_now(lambda db: registers.put(db, [renamed], actor="p", at=AT))
        versions = store.read(lambda db: registers.history(db, "hazard_points", "SH-9"))
        assert [(version.number, version.record.name) for version in versions] == [(1, "石坑沟"), (2, "石坑新沟")]


def test_a_replaced_list_that_is_the_same_writes_no_version(older: Path) -> None:
    with Store.open(older) as store:
        points = store.read(hazards.points)
        store.write_now(lambda db: hazards.replace_points(db, points, actor="p", at=AT))
        for point in points:
            assert len(store.read(lambda db, id_=point.id: registers.history(db, "hazard_points", id_))) == 1  # type: ignore[misc]


def test_what_came_forward_is_found_by_search_and_by_place(older: Path) -> None:
    with Store.open(older) as store:
        assert [hit.key for hit in store.read(lambda db: search.find(db, "wudian"))] == []
        assert [hit.key for hit in store.read(lambda db: search.find(db, "无阈值"))] == ["A-1"]
        assert {"SH-0117", "town:990001101"} <= {hit.key for hit in store.read(lambda db: search.find(db, "shikeng"))}
        assert [r.id for r in store.read(lambda db: registers.within(db, 106.4, 28.4, 106.6, 28.6))] == ["A-1"]


def test_a_store_without_points_comes_forward_too(path: Path) -> None:
    with Store.open(path) as store:
        assert store.read(hazards.points) == ()
        assert store.read(registers.counts) == {}
        assert store.read(lambda db: search.find(db, "石坑")) == ()


def test_what_the_register_knows_beyond_the_points_outlives_a_replaced_list(older: Path) -> None:
    outline = shapely.to_wkb(shapely.box(106.70, 28.83, 106.72, 28.84))
    with Store.open(older) as store:
        known = store.read(lambda db: registers.record(db, "hazard_points", "SH-0117"))
        assert known is not None
        more = replace(known, values={**known.values, "households": 12, "warn_unit": ["一单元", "二单元"]}, wkb=outline)
        store.write_now(lambda db: registers.put(db, [more], actor="p", at=AT))
        points = store.read(hazards.points)
        assert {point.id: point.warn_unit for point in points}["SH-0117"] == "一单元、二单元"
        moved = tuple(replace(p, lon_deg=106.8) if p.id == "ZZ-1" else replace(p, name=f"{p.name}甲") for p in points)
        store.write_now(lambda db: hazards.replace_points(db, moved, actor="p", at=AT))
        after = store.read(lambda db: registers.record(db, "hazard_points", "SH-0117"))
        assert after == replace(more, name="石坑沟甲")
        gone = replace(moved[2], lon_deg=106.5)
        store.write_now(lambda db: hazards.replace_points(db, (gone,), actor="p", at=AT))
        assert store.read(hazards.points) == (gone,)
        assert store.read(lambda db: registers.records(db, "hazard_points"))[0].wkb == b"", (
            "an outline elsewhere is none"
        )


def test_a_kind_of_the_office_s_own_is_judged_and_keeps_its_name(older: Path) -> None:
    with Store.open(older) as store:
        known = store.read(lambda db: registers.record(db, "hazard_points", "SH-0117"))
        assert known is not None
        store.write_now(lambda db: registers.put(db, [replace(known, kind="weak_area")], actor="p", at=AT))
        points = store.read(hazards.points)
        assert points[2] == replace(POINT, kind=PointKind.PLACE)
        store.write_now(lambda db: hazards.replace_points(db, points, actor="p", at=AT))
        assert store.read(lambda db: registers.record(db, "hazard_points", "SH-0117")) == replace(
            known, kind="weak_area"
        )


def test_an_entry_without_a_place_is_no_point(older: Path) -> None:
    with Store.open(older) as store:
        known = store.read(lambda db: registers.record(db, "hazard_points", "A-1"))
        assert known is not None
        store.write_now(lambda db: registers.put(db, [replace(known, lon_deg=None, lat_deg=None)], actor="p", at=AT))
        assert "A-1" not in {point.id for point in store.read(hazards.points)}
        assert len(store.read(lambda db: registers.records(db, "hazard_points"))) == 4
