"""When a key acts: outside text fields, and never while an input method composes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from widgets.action_button import ActionButton
from widgets.key_cap import key_name
from widgets.keys import Keys
from widgets.warning.pin_field import PinField


class Desk:
    """A window with a field and a few keys."""

    def __init__(self, qtbot: QtBot) -> None:
        self.pressed: list[str] = []
        self.window = QWidget()
        self.window.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.keys = Keys(self.window)
        self.field = QLineEdit()
        self.text = QTextEdit()
        self.sheet = QWidget()
        self.sheet.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.draft = ActionButton("Draft", "D")
        self.issue = ActionButton("Issue", "Return", scope=self.sheet)
        self.submit = ActionButton("Submit", "Ctrl+Return")
        column = QVBoxLayout(self.window)
        for part in (self.field, self.text, self.sheet, self.draft, self.submit):
            column.addWidget(part)
        QVBoxLayout(self.sheet).addWidget(self.issue)
        for button in (self.draft, self.issue, self.submit):
            button.clicked.connect(lambda _c=False, b=button: self.pressed.append(b.key))
        self.keys.add("F2", "issue", lambda: self.pressed.append("F2"))
        self.keys.add("Space", "play", lambda: self.pressed.append("Space"))
        self.keys.add("?", "keys", lambda: self.pressed.append("?"))
        qtbot.addWidget(self.window)
        self.window.show()
        assert QTest.qWaitForWindowActive(self.window)
        self.window.setFocus()


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def compose(widget: QWidget, letters: str, commit: str = "") -> None:
    event = QInputMethodEvent(letters, [])
    if commit:
        event.setCommitString(commit)
    QCoreApplication.sendEvent(widget, event)


def test_a_single_key_presses_its_button(qtbot: QtBot, desk: Desk) -> None:
    QTest.keyClick(desk.window, Qt.Key.Key_D)
    assert desk.pressed == ["D"]


@pytest.mark.parametrize("name", ["field", "text"])
def test_a_single_key_is_only_a_letter_inside_a_text_field(qtbot: QtBot, desk: Desk, name: str) -> None:
    field = getattr(desk, name)
    field.setFocus()
    QTest.keyClicks(field, "d? ")
    assert desk.pressed == []
    assert (field.text() if name == "field" else field.toPlainText()) == "d? "


def test_keys_with_control_and_function_keys_act_inside_a_text_field(qtbot: QtBot, desk: Desk) -> None:
    desk.text.setFocus()
    QTest.keyClick(desk.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(desk.text, Qt.Key.Key_F2)
    assert desk.pressed == ["Ctrl+Return", "F2"]
    assert desk.text.toPlainText() == ""


def test_undo_inside_a_text_field_is_the_fields_own(qtbot: QtBot, desk: Desk) -> None:
    desk.keys.add("Ctrl+Z", "recall", lambda: desk.pressed.append("Ctrl+Z"))
    desk.text.setFocus()
    QTest.keyClicks(desk.text, "abc")
    QTest.keyClick(desk.text, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert desk.pressed == []
    desk.window.setFocus()
    QTest.keyClick(desk.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert desk.pressed == ["Ctrl+Z"]


def test_nothing_acts_while_an_input_method_composes(qtbot: QtBot, desk: Desk) -> None:
    desk.text.setFocus()
    compose(desk.text, "shi keng")
    assert desk.keys.composing
    QTest.keyClick(desk.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(desk.text, Qt.Key.Key_F2)
    assert desk.pressed == []


def test_the_key_that_commits_does_not_act_and_the_next_one_does(qtbot: QtBot, desk: Desk) -> None:
    desk.text.setFocus()
    compose(desk.text, "shi")
    compose(desk.text, "", commit="石坑")
    assert desk.keys.composing
    QTest.keyClick(desk.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desk.pressed == []
    qtbot.waitUntil(lambda: not desk.keys.composing)
    QTest.keyClick(desk.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desk.pressed == ["Ctrl+Return"]
    assert "石坑" in desk.text.toPlainText()


def test_enter_issues_only_with_the_focus_on_the_sheet(qtbot: QtBot, desk: Desk) -> None:
    QTest.keyClick(desk.window, Qt.Key.Key_Return)
    assert desk.pressed == []
    desk.sheet.setFocus()
    QTest.keyClick(desk.sheet, Qt.Key.Key_Return)
    QTest.keyClick(desk.sheet, Qt.Key.Key_Enter)
    assert desk.pressed == ["Return", "Return"]


def test_a_button_that_is_disabled_or_hidden_has_no_key(qtbot: QtBot, desk: Desk) -> None:
    desk.draft.setEnabled(False)
    QTest.keyClick(desk.window, Qt.Key.Key_D)
    desk.draft.setEnabled(True)
    desk.draft.hide()
    QTest.keyClick(desk.window, Qt.Key.Key_D)
    assert desk.pressed == []
    assert "D" not in [key for key, _ in desk.keys.listed()]


def test_the_list_says_each_act_once_and_in_words(qtbot: QtBot, desk: Desk) -> None:
    step = ActionButton("◀", "Left", desk.window)
    step.setAccessibleName("one frame back")
    step.show()
    for key in ("+", "="):
        desk.keys.add(key, "Zoom in", lambda: None)
    listed = desk.keys.listed()
    assert ("Left", "one frame back") in listed
    assert [key for key, words in listed if words == "Zoom in"] == ["+"]
    assert [key_name(key) for key in ("+", "Ctrl++", "Shift+Up")] == ["+", "Ctrl +", "⇧↑"]


def test_a_pin_takes_letters_that_are_keys_elsewhere(qtbot: QtBot, desk: Desk) -> None:
    pin = PinField(desk.window)
    pin.show()
    pin.setFocus()
    QTest.keyClicks(pin, "dd12")
    assert desk.pressed == []
    assert pin.take() == "dd12"
    QTest.keyClicks(pin, "a b")  # an older PIN, taken by the command line before new ones were digits
    assert not pin.is_enough
    QTest.keyClicks(pin, "-1" * 9)
    assert pin.is_enough
    assert pin.take() == "a b" + "-1-1-1-1-", "no more than a PIN has"


def test_a_pin_is_pasted_without_the_blanks_round_it_and_nothing_else_is(desk: Desk) -> None:
    pin = PinField(desk.window)
    pin.show()
    pin.setFocus()
    for copied, taken in ((" １２34\n", "1234"), ("石坑", ""), ("12 34", "12 34"), ("1" * 40, "")):
        QGuiApplication.clipboard().setText(copied)
        QTest.keySequence(pin, QKeySequence.StandardKey.Paste)
        assert pin.take() == taken


def test_space_and_enter_press_the_button_that_has_the_focus(qtbot: QtBot, desk: Desk) -> None:
    desk.draft.setFocus()
    QTest.keyClick(desk.draft, Qt.Key.Key_Space)
    QTest.keyClick(desk.draft, Qt.Key.Key_Return)
    assert desk.pressed == ["D", "D"]


def test_a_question_mark_needs_no_shift_in_its_name(qtbot: QtBot, desk: Desk) -> None:
    QTest.keyClick(desk.window, Qt.Key.Key_Question, Qt.KeyboardModifier.ShiftModifier)
    assert desk.pressed == ["?"]
