"""The register desk over a real store: what is looked at, what is written, what is taken back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import shapely
from pytestqt.qtbot import QtBot

from app.clock import DrillClock
from app.jobs import Jobs
from app.registers import register_book
from app.registers.register_book import Edit, Shown, VillageFinder, bases_of, villages_of
from app.registers.register_desk import RegisterDesk
from models.errors import ConsoleError, StoreError
from models.hazard.register import Place
from models.register.completeness import Six
from models.register.contacts import Contacts, Fault
from models.register.record import Record
from models.store import journal, registers
from models.store.database import Store
from tests import make
from tests.models.warning.scene import NOW

RESERVOIRS = """
name = "reservoirs"
inspected_on = "seen_on"
finding = "found"
title = { zh = "水库", en = "Reservoirs" }
kind = [ { key = "small", title = { zh = "小型", en = "Small" } } ]
field = [
  { key = "storage_m3", type = "number", unit = "m³", title = { zh = "库容", en = "Storage" } },
  { key = "seen_on", type = "date", due_days = 10, title = { zh = "巡查", en = "Inspected" } },
  { key = "found", type = "text", in_table = false, title = { zh = "情况", en = "Found" } },
]
"""


def lake(number: int, **values: object) -> Record:
    name = ("石坑水库", "半山水库", "龙潭水库")[number % 3]
    kept = {"storage_m3": 1000.0 * number, **values}
    return Record("reservoirs", f"R{number}", name, "small", 106.7, 28.8, "石坑镇", "石坑村", kept)  # type: ignore[arg-type]


def place(code: str, name: str, kind: str, parent: str, west: float, south: float, size: float) -> Place:
    return Place(code, name, kind, parent, shapely.to_wkb(shapely.box(west, south, west + size, south + size)), 2500)


PLACES = (
    place("T1", "石坑镇", "town", "C", 106.0, 28.0, 1.0),
    place("T2", "白水镇", "town", "C", 107.0, 28.0, 1.0),
    place("V1", "石坑村", "village", "T1", 106.0, 28.0, 0.4),
    Place("R1", "G210", "road", "", shapely.to_wkb(shapely.LineString([(106.0, 28.0), (107.0, 28.0)]))),
)


class Heard:
    """A desk with what it said last."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.jobs, self.store, self.clock = Jobs(), store, DrillClock(make.NOW)
        self.desk = RegisterDesk(self.jobs, store, folder, clock=self.clock)
        self.shown: list[Shown] = []
        self.filtered: list[tuple[str, frozenset[str] | None]] = []
        self.written: list[Edit] = []
        self.failed: list[Exception] = []
        self.desk.shown_changed.connect(self.shown.append)
        self.desk.filtered_changed.connect(lambda register, ids: self.filtered.append((register, ids)))
        self.desk.written.connect(self.written.append)
        self.desk.failed.connect(self.failed.append)

    @property
    def ids(self) -> list[str]:
        """Ids in the order they are shown in."""
        shown = self.shown[-1]
        return [shown.rows.records[int(row)].id for row in shown.order]


@pytest.fixture(name="heard")
def _heard(qtbot: QtBot, tmp_path: Path) -> Iterator[Heard]:
    folder = tmp_path / "registers"
    folder.mkdir()
    (folder / "reservoirs.toml").write_text(RESERVOIRS, encoding="utf-8")
    store = Store.open(tmp_path / "store.sqlite")
    lakes = [lake(3), lake(1), lake(2, seen_on="2026-01-01")]
    store.write_now(lambda db: registers.put(db, lakes, actor="system", at=make.ago(900), cause="import:x"))
    made = Heard(folder, store)
    made.desk.open(PLACES)
    qtbot.waitUntil(lambda: made.desk.is_read and made.jobs.idle)
    made.desk.choose("reservoirs")
    qtbot.waitUntil(lambda: made.jobs.idle and bool(made.shown))
    yield made
    made.jobs.close()
    store.close()


def settle(qtbot: QtBot, heard: Heard) -> None:
    qtbot.waitUntil(lambda: heard.jobs.idle)


def test_a_register_of_the_offices_own_is_shown_in_its_order(heard: Heard) -> None:
    assert heard.desk.register == "reservoirs"
    assert heard.ids == ["R3", "R1", "R2"]
    assert [column.key for column in heard.shown[-1].rows.columns][-3:] == ["storage_m3", "seen_on", "state"]
    assert heard.desk.book.names["reservoirs"]["R1"] == "半山水库"


def test_rows_are_sorted_and_filtered_and_the_map_is_told_which_pass(qtbot: QtBot, heard: Heard) -> None:
    heard.desk.sort("storage_m3", True)
    settle(qtbot, heard)
    assert heard.ids == ["R3", "R2", "R1"]
    assert heard.filtered == []
    heard.desk.filter("storage_m3", ">= 2000")
    settle(qtbot, heard)
    assert heard.ids == ["R3", "R2"]
    heard.desk.unfilter()
    settle(qtbot, heard)
    assert heard.filtered == [("reservoirs", frozenset({"R2", "R3"})), ("reservoirs", None)]
    assert heard.ids == ["R3", "R2", "R1"]


def test_another_register_begins_unsorted_and_its_filters_are_let_go(qtbot: QtBot, heard: Heard) -> None:
    heard.desk.filter("name", "石坑")
    settle(qtbot, heard)
    heard.desk.choose("shelters")
    settle(qtbot, heard)
    assert heard.filtered[-1] == ("reservoirs", None)
    assert heard.shown[-1].rows.description.name == "shelters"
    assert (heard.ids, heard.shown[-1].sort, dict(heard.shown[-1].typed)) == ([], "", {})


def test_rows_stand_as_long_as_nothing_that_they_rest_on_is_written(qtbot: QtBot, heard: Heard) -> None:
    def read_after(*written: Record) -> int:
        if written:
            heard.store.write_now(lambda db: registers.put(db, written, actor="system", at=make.NOW))
        before = len(heard.shown)
        heard.desk.read()
        settle(qtbot, heard)
        return len(heard.shown) - before

    shelter = Record("shelters", "B1", "石坑小学")
    assert read_after() == 0
    assert read_after(shelter) == 0, "lakes rest on no shelter"
    assert heard.desk.book.record("shelters", "B1") == shelter
    assert read_after(lake(4)) == 1
    assert heard.ids == ["R3", "R1", "R2", "R4"]
    heard.clock.set(heard.clock.now() + timedelta(days=1))
    assert read_after() == 1, "what is overdue is counted anew each day"
    heard.desk.choose("routes")
    settle(qtbot, heard)
    assert read_after(Record("routes", "L1", "石坑路", values={"shelter": "B1"})) == 1
    assert read_after(replace(shelter, name="石坑中学")) == 1, "a route names its shelter"
    rows = heard.shown[-1].rows
    column = rows.column("shelter")
    assert column is not None
    assert rows.text(0, column) == "石坑中学"


def test_typing_quickly_ends_with_what_was_typed_last(qtbot: QtBot, heard: Heard) -> None:
    for typed in ("石", "石坑", "石坑水", "龙潭"):
        heard.desk.filter("name", typed)
    settle(qtbot, heard)
    assert heard.ids == ["R2"]


def test_an_edit_makes_a_version_and_is_taken_back_and_done_again(qtbot: QtBot, heard: Heard) -> None:
    heard.desk.show_actor(make.AUTHOR)
    changed = replace(lake(1), name="新名", values={"storage_m3": 7.0})
    heard.desk.save(changed, lake(1))
    qtbot.waitUntil(lambda: len(heard.written) == 1 and heard.jobs.idle)
    assert heard.written == [Edit("reservoirs", "R1", 2, lake(1))]
    assert heard.desk.book.record("reservoirs", "R1") == changed
    assert heard.shown[-1].rows.records[1] == changed
    heard.desk.undo()
    qtbot.waitUntil(lambda: len(heard.written) == 2 and heard.jobs.idle)
    assert heard.desk.book.record("reservoirs", "R1") == lake(1)
    heard.desk.undo()
    qtbot.waitUntil(lambda: len(heard.written) == 3 and heard.jobs.idle)
    versions = heard.store.read(lambda db: registers.history(db, "reservoirs", "R1"))
    assert [(one.actor, one.cause, one.record.name) for one in versions] == [
        ("system", "import:x", "半山水库"),
        ("p-zhou", "edit", "新名"),
        ("p-zhou", "undo:2", "半山水库"),
        ("p-zhou", "undo:3", "新名"),
    ]
    lines = heard.store.read(lambda db: journal.of_subject(db, "register:reservoirs"))
    assert [(line.entry.actor, line.entry.act) for line in lines[1:]] == [("p-zhou", "register.put")] * 3


def test_a_new_record_is_taken_back_by_taking_it_out(qtbot: QtBot, heard: Heard) -> None:
    heard.desk.show_actor(make.AUTHOR)
    heard.desk.save(lake(9))
    qtbot.waitUntil(lambda: len(heard.written) == 1 and heard.jobs.idle)
    assert heard.ids == ["R3", "R1", "R2", "R9"]
    heard.desk.undo()
    qtbot.waitUntil(lambda: len(heard.written) == 2 and heard.jobs.idle)
    assert heard.ids == ["R3", "R1", "R2"]


def test_taking_out_keeps_the_reason_and_comes_back(qtbot: QtBot, heard: Heard) -> None:
    heard.desk.show_actor(make.AUTHOR)
    heard.desk.take_out(lake(1), "已退役")
    qtbot.waitUntil(lambda: len(heard.written) == 1 and heard.jobs.idle)
    assert heard.ids == ["R3", "R2"]
    with qtbot.waitSignal(heard.desk.history_changed) as got:
        heard.desk.ask_history("reservoirs", "R1")
    assert got.args is not None
    assert [(one.gone, one.cause) for one in got.args[0]] == [(False, "import:x"), (True, "edit:已退役")]
    heard.desk.undo()
    qtbot.waitUntil(lambda: len(heard.written) == 2 and heard.jobs.idle)
    assert heard.desk.book.record("reservoirs", "R1") == lake(1)


def test_an_edit_after_which_somebody_else_wrote_is_not_taken_back(qtbot: QtBot, heard: Heard) -> None:
    heard.desk.show_actor(make.AUTHOR)
    heard.desk.save(replace(lake(1), name="甲"), lake(1))
    qtbot.waitUntil(lambda: len(heard.written) == 1 and heard.jobs.idle)
    theirs = replace(lake(1), name="乙")
    heard.store.write_now(lambda db: registers.put(db, [theirs], actor="p-shen", at=make.NOW))
    heard.desk.undo()
    qtbot.waitUntil(lambda: len(heard.failed) == 1)
    assert isinstance(heard.failed[0], ConsoleError)
    assert heard.failed[0].code == "register.edited_since"
    assert heard.store.read(lambda db: registers.record(db, "reservoirs", "R1")) == theirs


def test_an_edit_keeps_what_others_wrote_meanwhile_into_other_fields(qtbot: QtBot, heard: Heard) -> None:
    """The command line imports while a form stands open: neither loses the other's work."""
    heard.desk.show_actor(make.AUTHOR)
    opened = lake(1)
    theirs = replace(opened, values={**opened.values, "storage_m3": 9.0})
    heard.store.write_now(lambda db: registers.put(db, [theirs], actor="p-shen", at=make.NOW))
    heard.desk.save(replace(opened, name="新名"), opened)
    qtbot.waitUntil(lambda: len(heard.written) == 1 and heard.jobs.idle)
    assert heard.desk.book.record("reservoirs", "R1") == replace(theirs, name="新名")


def test_the_same_field_changed_by_two_is_refused_and_both_words_are_kept(qtbot: QtBot, heard: Heard) -> None:
    heard.desk.show_actor(make.AUTHOR)
    opened = lake(1)
    theirs = replace(opened, values={**opened.values, "storage_m3": 9.0})
    heard.store.write_now(lambda db: registers.put(db, [theirs], actor="p-shen", at=make.NOW))
    heard.desk.save(replace(opened, values={**opened.values, "storage_m3": 3.0}), opened)
    qtbot.waitUntil(lambda: len(heard.failed) == 1 and heard.jobs.idle)
    assert isinstance(heard.failed[0], ConsoleError)
    assert heard.failed[0].code == "register.changed_elsewhere"
    assert "storage_m3" not in heard.failed[0].sentence("en"), "fields are called as people call them"
    assert heard.desk.book.record("reservoirs", "R1") == theirs, "what others wrote is shown"
    heard.desk.take_out(opened, "已退役")
    qtbot.waitUntil(lambda: len(heard.failed) == 2)
    assert heard.store.read(lambda db: registers.record(db, "reservoirs", "R1")) == theirs


def test_nobody_on_duty_writes_nothing(qtbot: QtBot, heard: Heard) -> None:
    heard.desk.save(lake(9))
    heard.desk.take_out(lake(1), "x")
    settle(qtbot, heard)
    codes = [one.code for one in heard.failed if isinstance(one, ConsoleError)]
    assert codes == ["step.nobody_on_duty"] * 2
    assert heard.store.read(lambda db: len(registers.records(db, "reservoirs"))) == 3


def test_levels_stand_in_the_table_of_points_and_points_nobody_judged_say_so(qtbot: QtBot, heard: Heard) -> None:
    points = [replace(lake(n), register="hazard_points", kind="flash_flood", values={}) for n in (1, 2)]
    heard.store.write_now(lambda db: registers.put(db, points, actor="system", at=make.NOW))
    heard.desk.read()
    heard.desk.choose("hazard_points")
    heard.desk.show_levels({"R1": "red"})
    settle(qtbot, heard)
    rows = heard.shown[-1].rows
    assert [rows.state(n).level for n in (0, 1)] == ["red", "not_judged"]
    heard.desk.choose("reservoirs")
    settle(qtbot, heard)
    assert heard.shown[-1].rows.state(0).level == ""


def test_the_pages_are_made_of_the_registers_and_the_places(qtbot: QtBot, heard: Heard) -> None:
    six = Record("villages_six", "V1", "石坑村", "village", 106.1, 28.1, "石坑镇", "石坑村", {"receiver": True})
    person = Record("people", "P1", "韦青山", "village", values={"role": "监测员", "phone": "000-0000-0117"})
    heard.store.write_now(lambda db: registers.put(db, [six, person], actor="system", at=make.NOW))
    heard.desk.read()
    settle(qtbot, heard)
    with qtbot.waitSignal(heard.desk.six_changed) as page:
        heard.desk.look_at_six()
    with qtbot.waitSignal(heard.desk.plan_changed) as plan:
        heard.desk.look_at_plan()
    with qtbot.waitSignal(heard.desk.contacts_changed) as contacts:
        heard.desk.look_at_contacts()
    assert page.args is not None
    assert plan.args is not None
    assert contacts.args is not None
    assert isinstance(page.args[0], Six)
    assert {town.town: len(town.rows) for town in page.args[0].towns} == {"石坑镇": 2, "白水镇": 1}
    road = next(line for line in plan.args[0] if line.unit == "road_100km")
    assert road.base == pytest.approx(0.982, abs=0.002)  # one degree along 28° N is 98.2 km
    assert isinstance(contacts.args[0], Contacts)
    assert {one.fault for one in contacts.args[0].faults} == {Fault.NEVER_CONFIRMED, Fault.NO_SUBSTITUTE}


def test_a_number_that_a_channel_could_not_reach_is_told_as_bounced(
    qtbot: QtBot, issued_folder: Path, tmp_path: Path
) -> None:
    shutil.copy(issued_folder / "store.sqlite", tmp_path / "store.sqlite")
    with Store.open(tmp_path / "store.sqlite") as store:
        people = [
            Record("people", f"P{n}", f"人{n}", "village", values={"role": "监测员", "phone": f"000-200{n}"})
            for n in (1, 2)
        ]
        store.write_now(lambda db: registers.put(db, people, actor="system", at=NOW))
        made = Heard(tmp_path / "none", store)
        made.clock.set(NOW + timedelta(days=2))
        made.desk.open(())
        settle(qtbot, made)
        with qtbot.waitSignal(made.desk.contacts_changed) as got:
            made.desk.look_at_contacts()
        made.jobs.close()
    assert got.args is not None
    faults = got.args[0].of(Fault.BOUNCED)
    assert [(one.id, one.cause, one.number) for one in faults] == [("P2", "空号", "000-2002")]


def test_places_tell_towns_villages_and_how_much_there_is_of_each() -> None:
    assert villages_of(PLACES) == (("石坑镇", ""), ("白水镇", ""), ("石坑镇", "石坑村"))
    bases = bases_of(PLACES)
    assert (bases["town"], bases["village"], bases["people_1000"]) == (2.0, 1.0, 5.0)
    assert "county" not in bases
    assert bases_of(()) == {}


def test_a_place_lies_in_its_village_else_in_its_town() -> None:
    finder = VillageFinder(PLACES)
    assert finder.at(106.1, 28.1) == ("石坑镇", "石坑村")
    assert finder.at(106.9, 28.9) == ("石坑镇", "")
    assert finder.at(100.0, 20.0) == ("", "")
    assert finder.bounds("石坑镇", "石坑村") == (106.0, 28.0, 106.4, 28.4)
    assert finder.bounds("没有") is None
    assert VillageFinder().at(106.1, 28.1) == ("", "")


@pytest.mark.logs
def test_a_bad_description_is_told_once_and_the_others_are_shown(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("name = ", encoding="utf-8")
    with Store.open(tmp_path / "store.sqlite") as store:
        made = Heard(tmp_path, store)
        made.desk.open(())
        qtbot.waitUntil(lambda: len(made.failed) == 1 and made.jobs.idle)
        assert isinstance(made.failed[0], ConsoleError)
        assert made.failed[0].code == "register.unreadable"
        qtbot.waitUntil(lambda: made.desk.is_read)
        made.desk.read()
        qtbot.waitUntil(lambda: made.jobs.idle)
        assert len(made.failed) == 1
        assert made.desk.book.description("hazard_points") is not None
        made.jobs.close()


@pytest.mark.parametrize("id_", ["HP-1", "hp-1", "ＨＰ-1"])
def test_a_new_entry_whose_id_somebody_gave_meanwhile_is_refused_with_a_sentence(tmp_path: Path, id_: str) -> None:
    with Store.open(tmp_path / "store.sqlite") as store:
        there, mine = (Record("people", one, name) for one, name in (("HP-1", "韦青山"), (id_, "黄秀兰")))
        store.write_now(lambda db: registers.put(db, [there], actor="system", at=NOW))
        with pytest.raises(StoreError) as refused:
            store.write_now(lambda db: register_book.put(db, mine, actor="p", at=NOW))
        assert refused.value.code == "register.id_taken"
        assert "韦青山" in refused.value.sentence("zh")
        assert store.read(lambda db: registers.records(db, "people")) == (there,)


def test_an_inspection_is_written_into_its_fields_by_whom_and_into_the_journal(qtbot: QtBot, heard: Heard) -> None:
    heard.desk.inspect("reservoirs", "R2", "坝脚渗水")
    assert [one.code for one in heard.failed if isinstance(one, ConsoleError)] == ["step.nobody_on_duty"]
    heard.desk.show_actor(make.AUTHOR)
    heard.desk.inspect("reservoirs", "R2", "坝脚渗水")
    qtbot.waitUntil(lambda: len(heard.written) == 1)
    kept = heard.desk.book.record("reservoirs", "R2")
    assert kept is not None
    assert kept.values == {**lake(2).values, "seen_on": "2026-06-18", "found": "坝脚渗水"}
    last = heard.store.read(lambda db: registers.history(db, "reservoirs", "R2"))[-1]
    assert (last.actor, last.cause) == (make.AUTHOR.id, "inspection:坝脚渗水")
    line = heard.store.read(lambda db: journal.newest(db, limit=1))[0]
    assert (line.entry.actor, line.entry.after["cause"]) == (make.AUTHOR.id, "inspection:坝脚渗水")
    heard.desk.inspect("reservoirs", "R2", "")
    qtbot.waitUntil(lambda: len(heard.written) == 2)
    again = heard.desk.book.record("reservoirs", "R2")
    assert again is not None
    assert "found" not in again.values, "what was found in the morning was not found again"
    heard.desk.undo()
    qtbot.waitUntil(lambda: heard.desk.book.record("reservoirs", "R2") == kept)
