"""The form of one entry: what is written is told whole or not at all; versions say who, when and what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from models.register.description import shipped
from models.register.record import Record, RecordVersion
from tests import make
from tests.models.register.table_records import UNITS, units
from tests.widgets import fit
from tests.widgets.hand import heard
from widgets.choice_box import ChoiceBox
from widgets.pieces import Text
from widgets.register.record_form import RecordForm

NAMES = {"shelters": {"S1": "石坑小学操场", "S2": "文化室"}, "units": {one.id: one.name for one in units()}}


def shown(qtbot: QtBot, record: Record | None = None, size: tuple[int, int] = (1248, 500)) -> RecordForm:
    form = RecordForm()
    form.resize(*size)
    qtbot.addWidget(form)
    form.show()
    assert QTest.qWaitForWindowActive(form)
    form.show_record(record or units()[0], UNITS, names=NAMES, taken=NAMES["units"], id_="U6")
    return form


def write(form: RecordForm, key: str, text: str) -> None:
    editor = form.field(key).editor
    if isinstance(editor, ChoiceBox):
        editor.setCurrentIndex(editor.findData(text))
        editor.activated.emit(editor.currentIndex())
    else:
        assert isinstance(editor, QLineEdit)
        editor.clear()
        event = QInputMethodEvent()  # Chinese comes from an input method
        event.setCommitString(text)
        QApplication.sendEvent(editor, event)


@pytest.mark.parametrize("spoken", ["zh", "en"])
@pytest.mark.parametrize("size", [(1248, 500), (774, 640)])
def test_every_text_of_the_form_fits(
    qtbot: QtBot, put_on: Callable[[str, str], None], size: tuple[int, int], spoken: str
) -> None:
    put_on("dark", spoken)
    form = shown(qtbot, size=size)
    write(form, "people", "many")
    form._on_save()
    assert fit.faults(form) == []


def test_every_described_field_of_every_register_has_its_place(qtbot: QtBot) -> None:
    form = shown(qtbot)
    for description in shipped():
        form.show_record(Record(description.name, "X1", "x"), description, names={})
        for one in description.fields:
            assert not form.field(f"field.{one.key}" if one.key == "name" else one.key).geometry().isEmpty()


def test_a_long_text_takes_as_many_columns_as_it_needs(qtbot: QtBot) -> None:
    description = next(one for one in shipped() if one.name == "hazard_points")
    form = shown(qtbot)
    for text, columns in (("", 1), ("2020年地质灾害详细调查成果，2026年汛前排查复核更新，坐标已实地核对", 3)):
        form.show_record(Record("hazard_points", "P1", "x", values={"source": text}), description, names={})
        field, other = form.field("source"), form.field("lon")
        assert field.width() == columns * other.width()
        assert field.whole_px <= field.width()


def test_saving_tells_the_record_with_what_was_written(qtbot: QtBot) -> None:
    form = shown(qtbot)
    assert not form.save_button.isEnabled()
    write(form, "people", "320")
    write(form, "rating", "good")
    write(form, "focus", "no")
    write(form, "shelter", "文化室")
    assert form.save_button.isEnabled()
    with qtbot.waitSignal(form.save_requested) as got:
        QTest.mouseClick(form.save_button, Qt.MouseButton.LeftButton)
    assert got.args is not None
    before = units()[0]
    wanted = {**before.values, "people": 320, "rating": "good", "focus": False, "shelter": "S2"}
    assert got.args[0] == replace(before, values=wanted)


def test_what_cannot_be_read_is_said_in_its_field_and_nothing_is_told(qtbot: QtBot) -> None:
    form = shown(qtbot)
    spy = QSignalSpy(form.save_requested)
    write(form, "people", "many")
    write(form, "shelter", "nowhere")
    form._on_save()
    assert spy.count() == 0
    assert form.field("people").fault == '"many" is no number.'
    assert "nowhere" in form.field("shelter").fault
    assert form.field("people").editor.hasFocus()
    write(form, "people", "3")
    assert form.field("people").fault == ""


def test_a_new_entry_takes_its_place_from_the_map_and_a_proposed_id(qtbot: QtBot) -> None:
    form = shown(qtbot, Record("units", "", ""))
    assert form.field("id").text == "U6"
    assert not form.take_out_button.isVisible()
    spy = QSignalSpy(form.place_requested)
    form.place_button.setChecked(True)
    form.show_place(106.7123456, 28.8376543, town="石坑镇", village="石坑村")
    assert heard(spy) == [[True], [False]]
    write(form, "name", "新矿")
    write(form, "kind", "mine")
    with qtbot.waitSignal(form.save_requested) as got:
        form._on_save()
    assert got.args is not None
    assert got.args[0] == Record("units", "U6", "新矿", "mine", 106.712346, 28.837654, "石坑镇", "石坑村")


def test_an_id_stays_what_it_is_and_a_line_keeps_its_shape(qtbot: QtBot) -> None:
    form = shown(qtbot, replace(units()[0], wkb=b"line"))
    for key in ("id", "lon", "lat"):
        editor = form.field(key).editor
        assert isinstance(editor, QLineEdit)
        assert editor.isReadOnly()
    assert not form.place_button.isVisible()
    form.show_place(1.0, 2.0)
    assert form.field("lon").text == "106.7"


def test_taking_out_needs_a_reason(qtbot: QtBot) -> None:
    form = shown(qtbot)
    assert not form.take_out_button.isEnabled()
    QTest.keyClicks(form.reason, "  ")
    assert not form.take_out_button.isEnabled()
    QTest.keyClicks(form.reason, "closed")
    with qtbot.waitSignal(form.take_out_requested) as got:
        QTest.mouseClick(form.take_out_button, Qt.MouseButton.LeftButton)
    assert got.args == ["U1", "closed"]


def test_unsaved_writing_is_let_go_only_when_asked_twice(qtbot: QtBot) -> None:
    form = shown(qtbot)
    spy = QSignalSpy(form.close_requested)
    write(form, "people", "7")
    QTest.mouseClick(form.close_button, Qt.MouseButton.LeftButton)
    assert spy.count() == 0
    assert form.close_button.text() == "Discard"
    write(form, "people", "8")
    assert form.close_button.text() == "Close"
    assert not form.leave()
    QTest.mouseClick(form.close_button, Qt.MouseButton.LeftButton)
    assert spy.count() == 1


def test_versions_stand_newest_first_with_who_and_what(qtbot: QtBot) -> None:
    form = shown(qtbot)
    first = units()[0]
    second = replace(first, name="石坑煤矿", values={**first.values, "people": 1})
    versions = (
        RecordVersion(first, 1, make.ago(500), "system", "import:abc"),
        RecordVersion(second, 2, make.ago(50), "p-zhou", "edit"),
        RecordVersion(second, 3, make.ago(40), "p-zhou", "edit:closed for good", gone=True),
        RecordVersion(second, 4, make.ago(30), "p-shen", "undo:3"),
    )
    form.show_versions(versions, {"p-zhou": "周岚", "p-shen": "沈知远"}, make.NOW)
    said = [one.text for one in form.versions.list.pieces() if isinstance(one, Text) and one.text]
    assert said == [
        *("4", "沈知远", "02:42", "put in (by an undo)"),
        *("3", "周岚", "02:32", "taken out: closed for good"),
        *("2", "周岚", "02:22", "changed name, People"),
        *("1", "the program", "06-17 18:52", "put in (by an import)"),
    ]


def test_a_link_says_the_name_and_small_beside_it_the_id(qtbot: QtBot) -> None:
    form = shown(qtbot)
    assert form.field("shelter").text == "石坑小学操场、文化室"
    assert form.field("shelter").note == "S1 S2"
    write(form, "shelter", "文化室")
    assert form.field("shelter").note == "S2"
    write(form, "shelter", "nowhere")
    assert form.field("shelter").note == ""


def test_a_form_that_is_not_left_says_what_is_selected_meanwhile(qtbot: QtBot) -> None:
    form = shown(qtbot)
    assert not form.notice.isVisible()
    form.show_elsewhere("白水小学")
    assert form.notice.isVisible()
    assert form.notice.said == "白水小学 is selected; this is still 石坑矿, and not saved yet."
    assert fit.faults(form) == []
    with qtbot.waitSignal(form.follow_requested):
        form.notice.go.click()
    form.show_record(units()[1], UNITS, names=NAMES)
    assert not form.notice.isVisible()


def test_a_title_that_names_the_unit_is_not_followed_by_it(qtbot: QtBot) -> None:
    form = shown(qtbot)
    points = next(one for one in shipped() if one.name == "hazard_points")
    form.show_record(Record("hazard_points", "P1", "x"), points, names={})
    labels = [p.text for p in form.field("people_at_risk").pieces() if isinstance(p, Text)]
    assert labels == ["People at risk"]
    labels = [p.text for p in form.field("to_be_carried").pieces() if isinstance(p, Text)]
    assert labels == ["To be carried", "people"]
