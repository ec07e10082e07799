"""Registers under the map: one key, one selection with the map, an edit that is written, pages that lead on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QSignalSpy, QTest

from app.bench.measure.card_opening import open_card
from app.demo.people import EXERCISE_PINS, FORECASTER
from app.demo.scene import OPENING_AT
from app.office import Office
from app.registers.register_wires import CONTACTS, PLAN, SIX, RegisterTool
from layers.register_layer import id_on_map
from models.geodesy import to_lonlat
from models.hazard.level import Level
from models.register.description import HAZARD_POINTS
from models.store import registers
from tests.walks.open_console import OpenConsole, open_console
from tests.widgets import fit
from tests.widgets.hand import heard
from widgets.key_sheet import KeySheet
from widgets.map.card_foot import EDIT, KEYS, TABLE

CONTROL = Qt.KeyboardModifier.ControlModifier


@contextmanager
def registers_of(office: Office, *, language: str = "zh") -> Iterator[tuple[OpenConsole, RegisterTool]]:
    """Open a console with its registers, somebody on duty."""
    with open_console(office, OPENING_AT, language=language) as opened:
        console = opened.console
        tool = console.one_map.registers
        console.duty.sign_in(FORECASTER.id, EXERCISE_PINS[FORECASTER.id])
        opened.until(lambda: tool.desk.shown is not None and console.duty.on_duty is not None)
        opened.settle()
        yield opened, tool


def rows_settle(opened: OpenConsole) -> None:
    opened.until(lambda: opened.console.jobs.is_idle_but("inbox"))
    QCoreApplication.processEvents()


def test_one_key_swaps_the_time_line_and_the_table_and_the_map_stays(morning: Office) -> None:
    with registers_of(morning) as (opened, tool):
        window, canvas = opened.console.rooms.window, opened.console.rooms.canvas
        before, view = canvas.geometry(), canvas.view()
        opened.press(Qt.Key.Key_T)
        assert tool.panel.isVisible()
        assert not opened.console.rooms.time_line.isVisible()
        assert (canvas.geometry(), canvas.view()) == (before, view)
        assert tool.panel.table.area.hasFocus()
        assert tool.panel.geometry().bottom() == window.height() - 1
        assert window.map_room().bottom() < before.height() - 100
        opened.press(Qt.Key.Key_T)
        assert opened.console.rooms.time_line.isVisible()
        assert not tool.panel.isVisible()


def test_the_selected_row_and_the_selection_of_the_map_are_one(morning: Office) -> None:
    with registers_of(morning) as (opened, tool):
        rooms, area = opened.console.rooms, tool.panel.table.area
        told = QSignalSpy(tool.record_selected)
        opened.press(Qt.Key.Key_T)
        opened.press(Qt.Key.Key_Down)
        opened.press(Qt.Key.Key_Down)
        first, second = (record.id for record in tool.desk.book.records[HAZARD_POINTS][:2])
        assert heard(told) == [[HAZARD_POINTS, first], [HAZARD_POINTS, second]]
        assert rooms.point_card.point_id == second
        assert rooms.canvas._selected_point == second
        last = tool.desk.book.records[HAZARD_POINTS][-1]
        rooms.canvas.point_clicked.emit(last.id)
        assert area.selected == last.id
        assert area.is_seen(last.id)
        opened.press(Qt.Key.Key_Return)
        view = rooms.canvas.view()
        lon, lat = to_lonlat(*(value * 1.0 for value in (view.center_x_m, view.center_y_m)))  # type: ignore[arg-type]
        assert last.lon_deg is not None
        assert last.lat_deg is not None
        assert abs(float(lon) - last.lon_deg) < 0.05
        assert abs(float(lat) - last.lat_deg) < 0.05


def test_every_register_can_be_chosen_and_its_records_are_found_on_the_map(morning: Office) -> None:
    with registers_of(morning) as (opened, tool):
        tool.show()
        chooser = tool.panel.head.chooser
        names = [str(chooser.itemData(n)) for n in range(chooser.count())]
        assert {one.name for one in tool.desk.book.descriptions} | {SIX, PLAN, CONTACTS} == set(names)
        for name in names:
            if name.startswith("page:"):
                continue
            chooser.activated.emit(names.index(name))
            rows_settle(opened)
            assert tool.panel.table.register == name
            assert tool.panel.table.area.count == len(tool.desk.book.records.get(name, ()))
        tool.show("shelters")
        rows_settle(opened)
        opened.press(Qt.Key.Key_Down)
        shelter = tool.desk.book.records["shelters"][0]
        opened.until(
            lambda: opened.console.one_map.cards.record_card.shown == ("shelters", shelter.id)
        )  # which selects it once more
        assert opened.console.rooms.canvas._selected_point == id_on_map("shelters", shelter.id)


def test_typing_into_a_filter_leaves_single_keys_alone(morning: Office) -> None:
    with registers_of(morning) as (opened, tool):
        told = QSignalSpy(tool.filtered_changed)
        opened.press(Qt.Key.Key_T)
        opened.press(Qt.Key.Key_Slash)
        opened.type("td")
        assert tool.panel.isVisible()
        assert tool.panel.table.filters.field.text() == "td"
        rows_settle(opened)
        opened.press(Qt.Key.Key_Escape)
        opened.commit("")
        tool.panel.table.filters.begin("town")
        opened.commit("石坑 白水")
        rows_settle(opened)
        wanted = {one.id for one in tool.desk.book.records[HAZARD_POINTS] if one.town in {"石坑镇", "白水镇"}}
        assert heard(told)[-1] == [HAZARD_POINTS, frozenset(wanted)]
        assert tool.panel.table.area.count == len(wanted) > 0


def test_an_entry_is_changed_by_the_form_and_taken_back(morning: Office) -> None:
    with registers_of(morning) as (opened, tool):
        opened.press(Qt.Key.Key_T)
        opened.press(Qt.Key.Key_Down)
        opened.press(Qt.Key.Key_E)
        rows_settle(opened)
        record = tool.form.record
        assert tool.form.isVisible()
        assert len(tool.form.versions.list.row_ids) == 1
        field = tool.form.field("people_at_risk")
        field.setFocus()
        opened.press(Qt.Key.Key_A, CONTROL)
        opened.type("321")
        opened.press(Qt.Key.Key_S, CONTROL)
        opened.until(lambda: tool.panel.page is tool.panel.table)
        rows_settle(opened)
        assert tool.panel.table.area.selected == record.id
        kept = opened.console.store.read(lambda db: registers.record(db, HAZARD_POINTS, record.id))
        assert kept is not None
        assert kept.values["people_at_risk"] == 321
        opened.press(Qt.Key.Key_Z, CONTROL)
        opened.until(lambda: tool.desk.book.record(HAZARD_POINTS, record.id) == record)
        versions = opened.console.store.read(lambda db: registers.history(db, HAZARD_POINTS, record.id))
        assert [(one.actor, one.cause) for one in versions[1:]] == [(FORECASTER.id, "edit"), (FORECASTER.id, "undo:2")]
        card_acts_reach_the_register(opened, tool, record.id)
        an_open_form_follows_what_is_selected(opened, tool, record.id)


def card_acts_reach_the_register(opened: OpenConsole, tool: RegisterTool, point_id: str) -> None:
    """Go on with the card of a point: record an inspection, take its number, find it in its table."""
    console, rooms = opened.console, opened.console.rooms
    begun: list[str] = []
    start = console.jobs.start

    def note(name: str, *rest: Any, **more: Any) -> None:
        begun.append(name)
        start(name, *rest, **more)

    console.jobs.start = note  # type: ignore[method-assign]
    try:
        opening = open_card(console, point_id)
    finally:
        console.jobs.start = start  # type: ignore[method-assign]
    assert opening.held_s <= opening.whole_s < 2
    assert begun.count("card") == 1, "one job asks the store, whatever the card says"
    assert not {"card registers", "record card", "registers"} & set(begun)
    rows_settle(opened)
    rooms.window.setFocus()
    keys = [key for key, _ in rooms.window.keys.listed()]
    assert {key: keys.count(key) for key in KEYS.values()} == dict.fromkeys(KEYS.values(), 1)
    opened.press(Qt.Key.Key_I)
    opened.commit("沟口淤积")
    opened.press(Qt.Key.Key_Return)
    opened.until(lambda: tool.desk.book.record(HAZARD_POINTS, point_id).values.get("finding") == "沟口淤积")  # type: ignore[union-attr]
    kept = tool.desk.book.record(HAZARD_POINTS, point_id)
    assert kept is not None
    assert (kept.values["inspected_on"], kept.values["inspected_by"]) == ("2026-06-18", FORECASTER.name)
    opened.until(lambda: any("沟口淤积" in str(getattr(p, "text", "")) for p in rooms.point_card.pieces()))
    opened.press(Qt.Key.Key_H)
    number = QGuiApplication.clipboard().text()
    assert number in {line.phone for line in console.one_map.cards.numbers((HAZARD_POINTS, point_id))}
    assert number in console.notices.kept[0].what
    tool.hide()
    opened.press(Qt.Key.Key_B)
    rows_settle(opened)
    assert tool.panel.isVisible()
    assert tool.panel.table.area.selected == point_id
    assert tool.panel.table.area.is_seen(point_id)
    console.duty.sign_out()
    assert not rooms.point_foot.buttons[EDIT].isEnabled()
    assert rooms.point_foot.buttons[EDIT].toolTip()
    assert rooms.point_foot.buttons[TABLE].isEnabled()
    console.duty.sign_in(FORECASTER.id, EXERCISE_PINS[FORECASTER.id])
    opened.until(rooms.point_foot.buttons[EDIT].isEnabled)


def an_open_form_follows_what_is_selected(opened: OpenConsole, tool: RegisterTool, point_id: str) -> None:
    """Go on with the form of a point while others are clicked on the map."""
    canvas, form = opened.console.rooms.canvas, tool.form
    second, third = [one.id for one in tool.desk.book.records[HAZARD_POINTS] if one.id != point_id][:2]
    opened.press(Qt.Key.Key_G)
    assert (tool.panel.page, form.record.id) == (form, point_id)
    canvas.point_clicked.emit(second)
    assert form.record.id == second, "nothing is written: it follows"
    form.field("households").setFocus()
    opened.type("7")
    assert form.is_changed
    canvas.point_clicked.emit(third)
    assert form.record.id == second
    assert form.notice.isVisible()
    assert opened.console.rooms.point_card.point_id == third
    canvas.point_clicked.emit(second)
    assert not form.notice.isVisible()
    canvas.point_clicked.emit(third)
    opened.press(Qt.Key.Key_G, CONTROL)
    assert (form.record.id, form.is_changed) == (third, False)


def test_a_new_threshold_is_judged_at_once_and_a_new_point_stands_among_the_judged(morning: Office) -> None:
    with registers_of(morning) as (opened, tool):
        desks = opened.console.desks
        quiet = next(
            v.point
            for v in desks.alarms.verdicts
            if v.level is Level.NONE and any(w.window_h == 1 and w.rain_mm > 0.01 for w in v.windows)
        )
        before = desks.alarms.points
        record = tool.desk.book.record(HAZARD_POINTS, quiet.id)
        assert record is not None
        low: list[object] = [{"window_h": 1, "level": "red", "rain_mm": 0.01, "design": False}]
        tool.desk.save(replace(record, values={**record.values, "thresholds": low}), record)
        tool.desk.save(replace(record, id="NEW-1", name="新点", values={**record.values, "thresholds": low}))
        opened.until(lambda: desks.alarms.verdict("NEW-1") is not None)
        opened.settle()
        assert [one.id for one in desks.alarms.points] == [*(one.id for one in before), "NEW-1"]
        verdict = desks.alarms.verdict(quiet.id)
        assert verdict is not None
        assert verdict.level is Level.RED
        wish = desks.feed._wish
        assert wish is not None
        assert len(wish.lon_deg) == len(before) + 1


def test_a_new_entry_is_placed_by_a_click_on_the_map(morning: Office) -> None:
    with registers_of(morning) as (opened, tool):
        tool.show("shelters")
        rows_settle(opened)
        opened.press(Qt.Key.Key_N)
        assert tool.form.place_button.isChecked()
        village = next(one for one in tool.desk.book.records["villages_six"] if one.village)
        assert village.lon_deg is not None
        assert village.lat_deg is not None
        opened.console.rooms.canvas.place_clicked.emit(village.lon_deg, village.lat_deg)
        assert tool.form.field("town").text == village.town
        assert tool.form.field("lat").text == f"{village.lat_deg:.6f}"
        tool.form.field("name").setFocus()
        opened.commit("新避险点")
        tool.form.field("capacity").setFocus()
        opened.type("200")
        kind = tool.form.field("kind")
        kind.show_text("school", was="")
        kind.changed.emit("kind")
        opened.press(Qt.Key.Key_S, CONTROL)
        opened.until(lambda: tool.panel.page is tool.panel.table)
        rows_settle(opened)
        made = tool.desk.book.records["shelters"][-1]
        assert (made.name, made.kind, made.town) == ("新避险点", "school", village.town)
        assert tool.panel.table.area.selected == made.id


def test_the_pages_open_by_keys_and_by_commands_and_lead_to_the_map(morning: Office) -> None:
    with registers_of(morning) as (opened, tool):
        for key, page in ((Qt.Key.Key_6, tool.six), (Qt.Key.Key_7, tool.plan), (Qt.Key.Key_8, tool.contacts)):
            opened.press(key, CONTROL)
            rows_settle(opened)
            assert tool.panel.page is page
            assert page.isVisible()
        opened.console.rooms.window.top_bar.search.chosen.emit("act:six")
        rows_settle(opened)
        assert tool.panel.page is tool.six
        assert len(tool.six.towns.row_ids) > 5
        tool.six.villages.setFocus()
        view = opened.console.rooms.canvas.view()
        QTest.keyClick(tool.six.villages, Qt.Key.Key_Down)
        QTest.keyClick(tool.six.villages, Qt.Key.Key_Down)
        assert opened.console.rooms.canvas.view() != view
        tool.show(CONTACTS)
        rows_settle(opened)
        tool.contacts.list.setFocus()
        QTest.keyClick(tool.contacts.list, Qt.Key.Key_Down)
        QTest.keyClick(tool.contacts.list, Qt.Key.Key_Return)
        rows_settle(opened)
        assert tool.panel.table.register == "people"
        assert tool.panel.table.area.selected


def test_no_key_of_the_table_means_two_things_at_once(morning: Office) -> None:
    with registers_of(morning, language="en") as (opened, tool):
        tool.show()
        rows_settle(opened)
        sheet = opened.console.rooms.window.findChild(KeySheet)
        assert sheet is not None
        keys = [key for key, _ in opened.console.rooms.window.keys.listed()]
        ours = ["N", "Ctrl+I", "Ctrl+Shift+E", "T", "Shift+T", "Ctrl+6", "Ctrl+7", "Ctrl+8"]
        assert {key: keys.count(key) for key in ours if key != "T"} == dict.fromkeys((k for k in ours if k != "T"), 1)


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)])
def test_every_text_of_the_console_fits_while_the_registers_stand_there(morning: Office, size: tuple[int, int]) -> None:
    with registers_of(morning) as (opened, tool):
        window = opened.console.rooms.window
        window.resize(*size)
        found = []
        for page in (HAZARD_POINTS, "people", "key_units", SIX, PLAN, CONTACTS):
            tool.show(page)
            rows_settle(opened)
            found += [fault for fault in fit.faults(tool.panel) if "is partly covered" not in fault]
        assert found == []
