"""The author's sheet: what it shows, what it asks for, and that showing asks for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from models.warning.warning import MessageType, WarningState
from tests import make
from tests.widgets import fit
from tests.widgets.scene import sheet
from widgets.keys import Keys
from widgets.warning.draft_sheet import DraftSheet


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[DraftSheet]:
    window = QWidget()  # held by this generator until the test is over
    window.resize(520, 880)
    made = DraftSheet(window)
    made.resize(520, 880)
    Keys(window)
    qtbot.addWidget(window)
    made.show_sheet(sheet())
    window.show()
    assert QTest.qWaitForWindowActive(window)
    made.setFocus()
    yield made
    window.close()


def spies(desk: DraftSheet) -> dict[str, QSignalSpy]:
    names = (
        "town_level_chosen", "text_edited", "guide_edited", "valid_hours_chosen", "undo_requested", "submit_requested",
        "recall_requested", "issue_requested", "withdraw_requested", "text_copied", "print_requested", "close_requested",
    )  # fmt: skip
    return {name: QSignalSpy(getattr(desk, name)) for name in names}


def heard(spied: dict[str, QSignalSpy]) -> dict[str, list[object]]:
    return {name: spy.at(spy.count() - 1) for name, spy in spied.items() if spy.count()}


def test_showing_a_sheet_in_any_state_emits_nothing(desk: DraftSheet) -> None:
    spied = spies(desk)
    for state in WarningState:
        desk.show_sheet(sheet(state, card=state is WarningState.ISSUED))
    desk.show_sheet(None)
    desk.show_sheet(sheet())
    assert heard(spied) == {}


@pytest.mark.parametrize(
    ("state", "key", "modifier", "signal"),
    [
        (WarningState.DRAFT, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier, "submit_requested"),
        (WarningState.DRAFT, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier, "undo_requested"),
        (WarningState.DRAFT, Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier, "withdraw_requested"),
        (WarningState.SUBMITTED, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier, "recall_requested"),
        (WarningState.SIGNED, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "issue_requested"),
        (WarningState.ISSUED, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier, "print_requested"),
        (WarningState.ISSUED, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier, "close_requested"),
    ],
)
def test_each_step_has_its_key(
    desk: DraftSheet, state: WarningState, key: Qt.Key, modifier: Qt.KeyboardModifier, signal: str
) -> None:
    shown = sheet(state, card=state is WarningState.ISSUED)
    desk.show_sheet(shown)
    spied = spies(desk)
    QTest.keyClick(desk, key, modifier)
    assert heard(spied) == {signal: [shown.warning.id]}


def test_a_step_that_is_not_open_has_no_key(desk: DraftSheet) -> None:
    desk.show_sheet(replace(sheet(), steps=frozenset()))
    spied = spies(desk)
    QTest.keyClick(desk, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(desk, Qt.Key.Key_Return)
    assert heard(spied) == {}


def test_enter_does_not_issue_a_submitted_draft(desk: DraftSheet) -> None:
    desk.show_sheet(sheet(WarningState.SUBMITTED))
    spied = spies(desk)
    QTest.keyClick(desk, Qt.Key.Key_Return)
    assert heard(spied) == {}
    assert not desk.issue_button.isEnabled()


def test_enter_in_the_text_makes_a_line_and_issues_nothing(desk: DraftSheet) -> None:
    desk.text.setFocus()
    spied = spies(desk)
    QTest.keyClick(desk.text, Qt.Key.Key_Return)
    assert list(heard(spied)) == ["text_edited"]


def test_typing_is_told_and_its_echo_does_not_move_the_cursor(desk: DraftSheet) -> None:
    desk.text.setFocus()
    spied = spies(desk)
    QTest.keyClicks(desk.text, "ab")
    told = spied["text_edited"]
    assert [str(told.at(n)[0])[:2] for n in range(told.count())] == ["a【", "ab"]
    first = str(told.at(0)[0])
    shown = sheet()
    desk.show_sheet(replace(shown, warning=replace(shown.warning, text=first)))  # late echo of the first letter
    assert desk.text.toPlainText().startswith("ab")
    assert desk.text.textCursor().position() == 2


def test_the_text_cannot_be_written_in_once_it_is_submitted(desk: DraftSheet) -> None:
    desk.show_sheet(sheet(WarningState.SUBMITTED))
    desk.text.setFocus()
    spied = spies(desk)
    QTest.keyClicks(desk.text, "ab")
    assert heard(spied) == {}
    assert desk.text.toPlainText() == make.TEXT


def test_the_guide_is_told_line_by_line_without_its_numbers(desk: DraftSheet) -> None:
    assert desk.guide.toPlainText().split("\n") == list(make.GUIDE)
    desk.guide.setFocus()
    spied = spies(desk)
    QTest.keyClicks(desk.guide, "x")
    assert heard(spied)["guide_edited"][0] == "x" + "\n".join(make.GUIDE)


def test_a_towns_level_is_chosen_by_key(desk: DraftSheet) -> None:
    desk.towns.list.show_selected("990001105")
    desk.towns.list.setFocus()
    spied = spies(desk)
    QTest.keyClick(desk.towns.list, Qt.Key.Key_4)
    assert heard(spied) == {"town_level_chosen": ["990001105", "red"]}
    QTest.keyClicks(desk.towns.list, "-")
    assert heard(spied) == {"town_level_chosen": ["990001105", "yellow"]}


def test_a_towns_level_is_chosen_by_click_on_the_chosen_row(desk: DraftSheet) -> None:
    desk.towns.list.show_selected("990001107")
    desk.towns.list.row_selected.emit("990001107")
    row = desk.towns.list.row_rect("990001107")
    spied = spies(desk)
    for x in range(200, 420, 4):
        if desk.towns.list.tip_at(QPoint(x, round(row.center().y()))) == "Orange":
            QTest.mouseClick(
                desk.towns.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, round(row.center().y()))
            )
            break
    assert heard(spied) == {"town_level_chosen": ["990001107", "orange"]}


def test_levels_of_a_submitted_draft_stay(desk: DraftSheet) -> None:
    desk.show_sheet(sheet(WarningState.SUBMITTED))
    desk.towns.list.show_selected("990001105")
    spied = spies(desk)
    QTest.keyClick(desk.towns.list, Qt.Key.Key_4)
    assert heard(spied) == {}


def test_the_other_towns_stand_behind_one_row(desk: DraftSheet) -> None:
    assert len(desk.towns.list.row_ids) == 8
    desk.towns.list.show_selected("rest")
    QTest.keyClick(desk.towns.list, Qt.Key.Key_Return)
    assert len(desk.towns.list.row_ids) == 22
    desk.towns.list.show_selected("990001203")
    spied = spies(desk)
    QTest.keyClick(desk.towns.list, Qt.Key.Key_1)
    assert heard(spied) == {"town_level_chosen": ["990001203", "blue"]}


def test_a_lifting_has_no_levels_or_hours_to_choose(desk: DraftSheet) -> None:
    shown = sheet()
    desk.show_sheet(replace(shown, warning=replace(shown.warning, message_type=MessageType.CANCEL)))
    desk.towns.list.show_selected("990001105")
    spied = spies(desk)
    QTest.keyClick(desk.towns.list, Qt.Key.Key_4)
    assert heard(spied) == {}
    assert not [p for p in desk._time.pieces() if getattr(p, "hit", "")]


def test_half_an_hour_more(desk: DraftSheet) -> None:
    spied = spies(desk)
    plus = next(p for p in desk._time.pieces() if getattr(p, "hit", "") == "+")
    QTest.mouseClick(desk._time, Qt.MouseButton.LeftButton, pos=plus.rect.center().toPoint())
    assert heard(spied) == {"valid_hours_chosen": [3.0]}


def test_one_key_copies_the_signal_text(desk: DraftSheet) -> None:
    spied = spies(desk)
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(desk, Qt.Key.Key_C, both)
    assert QGuiApplication.clipboard().text() == make.TEXT
    assert list(heard(spied)) == ["text_copied"]


def test_after_the_issue_the_sheet_is_the_card_with_clocks_and_receipts(desk: DraftSheet) -> None:
    desk.show_sheet(sheet(card=True))
    said = fit.texts_of(desk.window())
    assert {"02:58", "03:07", "2/4", "—", "韦青山", "无回执"} <= set(said)
    assert desk.receipts.list.row_ids[:2] == ("m1", "m2")  # what was not reached stands first
    assert not desk.submit_button.isVisible()


def test_the_time_of_issue_is_a_blank_until_the_issue(desk: DraftSheet) -> None:
    assert "time of issue" in fit.texts_of(desk.window())
    desk.show_sheet(sheet(card=True))
    assert "time of issue" not in fit.texts_of(desk.window())


def test_a_failed_check_says_what_was_found(desk: DraftSheet) -> None:
    shown = sheet()
    failed = replace(shown.checks[0], passed=False, detail="no areaDesc")
    desk.show_sheet(replace(shown, checks=(failed, *shown.checks[1:])))
    assert "✗ CAP: no areaDesc" in fit.texts_of(desk.window())


def test_without_a_draft_the_sheet_says_how_one_begins(desk: DraftSheet) -> None:
    desk.show_sheet(None)
    assert any("press D" in text for text in fit.texts_of(desk.window()))
