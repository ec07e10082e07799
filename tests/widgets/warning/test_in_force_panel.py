"""生效中: the worst in the one filled card, the others as rows, clocks without a source as a dash."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from models.hazard.level import Level
from tests import make
from tests.widgets import fit
from tests.widgets.hand import heard, press
from widgets import pieces
from widgets.keys import Keys
from widgets.warning.in_force_panel import InForcePanel
from widgets.warning.sheet import InForce

RED = InForce(make.issued(), "暴雨", make.ago(14), 19, 21)
YELLOW = InForce(make.issued(levels=(Level.YELLOW,), number=2, minutes_left=137), "暴雨", make.ago(90), 3, 3)


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[InForcePanel]:
    window = QWidget()  # held by this generator until the test is over
    window.resize(352, 500)
    made = InForcePanel(window)
    made.resize(352, 500)
    Keys(window)
    qtbot.addWidget(window)
    made.show_warnings((YELLOW, RED), make.NOW)
    window.show()
    assert QTest.qWaitForWindowActive(window)
    yield made
    window.close()


def test_the_worst_stands_in_the_card_with_what_is_left_of_it(panel: InForcePanel) -> None:
    said = fit.texts_of(panel.window())
    assert {"暴雨 Red", "47", "石坑镇　云台镇　白水镇", "02:58", "03:07", "19/21"} <= set(said)
    assert said.count("—") == 2


def test_a_clock_without_a_source_says_why(panel: InForcePanel) -> None:
    tips = {p.tip for p in panel._card.pieces() if isinstance(p, pieces.Text) and p.text == "—"}
    assert len(tips) == 2
    assert all("later version" in tip for tip in tips)


def test_only_the_worst_fills_a_surface(panel: InForcePanel) -> None:
    def filled() -> list[str]:
        return [p.token for p in panel._card.pieces() if isinstance(p, pieces.Fill) and p.token.startswith("fill.")]

    assert set(filled()) == {"fill.red"}
    panel.show_selected("w-2")
    assert filled() == []


@pytest.mark.parametrize(
    ("key", "modifier", "signal"),
    [
        (Qt.Key.Key_U, Qt.KeyboardModifier.NoModifier, "continue_requested"),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier, "raise_requested"),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier, "lower_requested"),
        (Qt.Key.Key_X, Qt.KeyboardModifier.NoModifier, "lift_requested"),
    ],
)
def test_each_act_has_its_key(panel: InForcePanel, key: Qt.Key, modifier: Qt.KeyboardModifier, signal: str) -> None:
    spy = QSignalSpy(getattr(panel, signal))
    press(panel, key, modifier)
    assert heard(spy) == [["w-3"]]


def test_keys_act_on_the_warning_that_was_put_into_the_card(panel: InForcePanel) -> None:
    spy, chosen = QSignalSpy(panel.lift_requested), QSignalSpy(panel.warning_selected)
    panel.list.setFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_Down)
    assert heard(chosen) == [["w-2"]]
    press(panel, Qt.Key.Key_X)
    assert heard(spy) == [["w-2"]]


def test_an_act_that_is_not_open_has_no_key(panel: InForcePanel) -> None:
    panel.show_warnings((replace(RED, acts=frozenset({"lift"})),), make.NOW)
    spy = QSignalSpy(panel.raise_requested)
    press(panel, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert spy.count() == 0


def test_with_nothing_in_force_the_panel_says_how_a_warning_begins(panel: InForcePanel) -> None:
    panel.show_warnings((), make.NOW)
    assert any("No warning is in force" in text for text in fit.texts_of(panel.window()))
    spy = QSignalSpy(panel.lift_requested)
    press(panel, Qt.Key.Key_X)
    assert spy.count() == 0


def test_nothing_in_force_is_one_line_while_a_card_needs_the_room(qtbot: QtBot) -> None:
    panel = InForcePanel()
    qtbot.addWidget(panel)
    panel.show_warnings((), make.NOW)
    panel.show_brief(True)
    assert panel.list.height() == 0
    panel.show_brief(False)
    assert panel.list.height() == 52
