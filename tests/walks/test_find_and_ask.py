"""Ctrl+K over everything of the office, and a shape drawn on the map asked for what lies inside."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import shapely
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from shapely.geometry import mapping

from app.demo.people import EXERCISE_PINS, FORECASTER
from app.demo.scene import OPENING_AT
from app.office import Office
from app.search import entries_of
from layers.drawing import Symbols
from models.register.ask import Answer
from models.store import places, registers
from tests.walks.open_console import OpenConsole, open_console
from widgets.map.measure_sheet import MeasureSheet

CONTROL = Qt.KeyboardModifier.ControlModifier


def on_duty(opened: OpenConsole) -> OpenConsole:
    opened.settle()
    opened.console.duty.sign_in(FORECASTER.id, EXERCISE_PINS[FORECASTER.id])
    opened.settle()
    return opened


def typed(opened: OpenConsole, text: str) -> list[str]:
    """Type into the search and return what it then shows."""
    box = opened.console.rooms.window.top_bar.search
    if not box.hasFocus():
        opened.press(Qt.Key.Key_K, CONTROL)
    box.clear()
    opened.commit(text)
    opened.until(lambda: not box._waits)
    return [entry.name for entry in box.results]


def test_anything_is_found_by_characters_pinyin_initials_and_numbers(morning: Office) -> None:
    with open_console(morning, OPENING_AT) as opened:
        on_duty(opened)
        assert "石坑沟" in typed(opened, "石坑")
        assert "石坑沟" in typed(opened, "shikeng")
        assert "石坑沟" in typed(opened, "skg")
        assert any("青" in name for name in typed(opened, "ql"))
        number = next(
            str(value)
            for record in opened.console.store.read(lambda db: registers.records(db, "people"))
            for value in record.values.values()
            if isinstance(value, str) and value.startswith("000-")
        )
        assert typed(opened, number)
        assert not typed(opened, "绝无此名")


def test_every_key_that_acts_and_every_hidden_layer_is_found(zoned_morning: Office) -> None:
    with open_console(zoned_morning, OPENING_AT) as opened:
        on_duty(opened)
        console = opened.console
        box = console.rooms.window.top_bar.search
        own = {entry.key for entry in entries_of()}  # these have words of their own
        for key, said in console.rooms.window.keys.listed():
            if key not in own:
                assert said in typed(opened, said), said
        console.map.set_visible("roads", False)
        opened.settle()
        assert typed(opened, "道路") or typed(opened, "Roads")
        entry = next(entry for entry in box.results if entry.id == "layer:roads")
        box.chosen.emit(entry.id)
        item = console.map.stack.find("roads")
        assert item is not None
        assert item.visible


def test_enter_waits_for_the_answer_to_what_was_typed_last(morning: Office) -> None:
    with open_console(morning, OPENING_AT) as opened:
        on_duty(opened)
        box = opened.console.rooms.window.top_bar.search
        chosen: list[str] = []
        box.chosen.connect(chosen.append)
        opened.press(Qt.Key.Key_K, CONTROL)
        opened.commit("石坑沟")
        QTest.keyClick(box, Qt.Key.Key_Return)  # before the store can have answered
        opened.until(lambda: chosen)
        assert chosen[0].startswith("point:")
        opened.settle()
        assert opened.console.rooms.point_card.point_id == chosen[0].removeprefix("point:")


def test_what_is_chosen_is_gone_to_and_marked_and_a_place_closes_its_card(morning: Office) -> None:
    with open_console(morning, OPENING_AT) as opened:
        on_duty(opened)
        one_map, canvas = opened.console.one_map, opened.console.rooms.canvas
        opened.until(lambda: one_map.registers.desk.is_read)
        shelter = one_map.registers.desk.book.records["shelters"][-1]
        opened.console.rooms.window.top_bar.search.chosen.emit(f"record:shelters:{shelter.id}")
        opened.until(lambda: one_map.cards.record_card.shown == ("shelters", shelter.id))
        opened.settle()
        signs = [item for item in canvas._items if isinstance(item, Symbols) and item.name == "shelters"]
        assert canvas._selected_point in signs[0].ids
        assert canvas.sees(shelter.lon_deg or 0.0, shelter.lat_deg or 0.0)
        town = opened.console.store.read(lambda db: places.of_kind(db, "town"))[2]
        opened.console.rooms.window.top_bar.search.chosen.emit(f"place:town:{town.code}")
        opened.settle()
        assert one_map.cards.record_card.shown == ("", "")
        x, y = shapely.from_wkb(town.wkb).centroid.coords[0]
        lon, lat = canvas._lonlat(canvas.free_room().center())
        assert lon == pytest.approx(x, abs=0.05)
        assert lat == pytest.approx(y, abs=0.05)


def test_an_alarm_opens_its_card_and_a_card_moves_to_its_alarm(morning: Office) -> None:
    """At half past two a key leads from the alarm to who answers; what D acts on is what the card says."""
    with open_console(morning, OPENING_AT) as opened:
        on_duty(opened)
        rooms, cards = opened.console.rooms, opened.console.one_map.cards
        opened.until(lambda: len(rooms.alarms._alarms) > 2)
        first, second, third = list(rooms.alarms._alarms.values())[:3]
        rooms.alarms.list.setFocus()
        opened.press(Qt.Key.Key_Down)
        opened.until(lambda: cards.point_id == second.point_id)
        opened.settle()
        assert rooms.right == "point"
        assert rooms.point_card.isVisible()
        opened.console.views.select_point(third.point_id)
        assert rooms.alarms.list.selected == third.id
        opened.console.views.show_on_map(90.0, 30.0, 91.0, 31.0)
        opened.settle()
        rooms.alarms.alarm_selected.emit(first.id)
        point = next(p for p in opened.console.alarms.points if p.id == first.point_id)
        assert rooms.canvas.sees(point.lon_deg, point.lat_deg)


def drawn(sheet: MeasureSheet, *spots: QPoint) -> None:
    for spot in spots:
        QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=spot)


def test_what_lies_in_a_drawn_shape_is_counted_named_and_exported(morning: Office, tmp_path: Path) -> None:
    with open_console(morning, OPENING_AT) as opened:
        on_duty(opened)
        console = opened.console
        answers: list[Answer] = []
        console.one_map.ask.answered.connect(answers.append)
        opened.press(Qt.Key.Key_Q)
        sheet = console.one_map.ask.sheet
        assert sheet.isVisible()
        assert console.rooms.right == "answer"
        room = console.rooms.canvas.free_room().toRect().adjusted(60, 140, -60, -140)
        drawn(sheet, room.topLeft(), room.topRight(), room.bottomRight(), room.bottomLeft(), room.topLeft())
        opened.until(lambda: answers)
        opened.settle()
        ring = shapely.Polygon(sheet.corners)
        points = console.store.read(lambda db: registers.records(db, "hazard_points"))
        inside = {p.id for p in points if ring.intersects(shapely.Point(p.lon_deg, p.lat_deg))}
        found = {one.register: one for one in answers[0].registers}
        assert {record.id for record in found["hazard_points"].records} == inside
        assert inside
        assert f"hazard_points\x1f{next(iter(inside))}" in console.one_map.ask.panel.list.row_ids
        written: list[tuple[Path, ...]] = []
        console.one_map.ask.saved.connect(written.append)
        console.one_map.ask.save(tmp_path / "inside.csv")
        opened.until(lambda: written)
        file = tmp_path / "inside-hazard_points.csv"
        assert file in written[0]
        rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
        assert {row["编号"] for row in rows} == inside
        answers.clear()
        opened.press(Qt.Key.Key_Q)  # takes what is there
        assert sheet.mode == "pick"
        drawn(sheet, room.center())
        opened.until(lambda: answers)
        opened.settle()
        towns = console.store.read(lambda db: places.of_kind(db, "town"))
        corner = console.rooms.canvas._lonlat(QPointF(room.center()))
        town = next(one for one in towns if shapely.from_wkb(one.wkb).intersects(shapely.Point(corner)))
        assert console.one_map.ask.panel._head._title == town.name
        within = shapely.from_wkb(town.wkb)
        taken = {p.id for p in points if within.intersects(shapely.Point(p.lon_deg, p.lat_deg))}
        found = {one.register: one for one in answers[0].registers}
        assert {record.id for record in found["hazard_points"].records} == taken
        answers.clear()
        drawn(sheet, room.center())  # again at the same place: what lies round it
        opened.until(lambda: answers)
        assert console.one_map.ask.panel._head._title != town.name
        assert answers[0].area_km2 > 1.5 * shapely.area(within) * 10_000
        opened.press(Qt.Key.Key_Escape)
        assert not sheet.isVisible()
        assert console.rooms.right == "next"


def test_a_plume_from_a_file_is_asked_like_a_drawn_shape(morning: Office, tmp_path: Path) -> None:
    with open_console(morning, OPENING_AT) as opened:
        on_duty(opened)
        console = opened.console
        opened.press(Qt.Key.Key_Q, Qt.KeyboardModifier.ShiftModifier)
        assert "GeoJSON" in console.notices.kept[0].what  # nothing is loaded yet
        points = console.store.read(lambda db: registers.records(db, "hazard_points"))
        first = next(point for point in points if point.lon_deg is not None)
        plume = shapely.Point(first.lon_deg, first.lat_deg).buffer(0.03)
        file = tmp_path / "plume.geojson"
        feature = {"type": "Feature", "properties": {"time": "2026-06-18T03:00:00Z"}, "geometry": mapping(plume)}
        file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
        console.one_map.layers.desk.add(file)
        opened.until(lambda: any(item.layer.name.endswith("plume") for item in console.map.stack.items))
        opened.settle()
        answers: list[Answer] = []
        console.one_map.ask.answered.connect(answers.append)
        opened.press(Qt.Key.Key_Q, Qt.KeyboardModifier.ShiftModifier)
        opened.until(lambda: answers)
        inside = {p.id for p in points if p.lon_deg and plume.intersects(shapely.Point(p.lon_deg, p.lat_deg))}
        found = {one.register: one for one in answers[0].registers}
        assert {record.id for record in found["hazard_points"].records} == inside
        assert first.id in inside


def test_the_ruler_opens_no_card_and_escape_puts_it_away(morning: Office) -> None:
    with open_console(morning, OPENING_AT) as opened:
        on_duty(opened)
        opened.press(Qt.Key.Key_R)
        sheet = opened.console.one_map.ask.sheet
        center = opened.console.rooms.canvas.free_room().toRect().center()
        drawn(sheet, center, center + QPoint(120, 60))
        opened.press(Qt.Key.Key_Backspace)
        assert len(sheet.corners) == 1
        assert opened.console.rooms.right == "next"
        opened.press(Qt.Key.Key_Escape)
        assert sheet.mode == ""
