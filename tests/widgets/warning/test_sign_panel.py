"""The second person's panel: the PIN is typed, handed over once, and stands nowhere."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests import make
from tests.widgets import fit
from tests.widgets.hand import heard
from tests.widgets.scene import evidence
from widgets.keys import Keys
from widgets.warning.sheet import DifferenceLine
from widgets.warning.sign_panel import SignPanel

PIN = "739164"


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[SignPanel]:
    window = QWidget()  # held by this generator until the test is over
    window.resize(320, 900)
    made = SignPanel(window)
    made.resize(320, 900)
    Keys(window)
    qtbot.addWidget(window)
    made.show_evidence(evidence(), make.NOW)
    made.show_differences((DifferenceLine("时效", "04:00", "06:00"),), "第 3 号")
    made.show_signers((make.SIGNER, make.LEADER), "周岚")
    made.show_open(True)
    window.show()
    assert QTest.qWaitForWindowActive(window)
    made.pin.setFocus()
    yield made
    window.close()


def test_enter_hands_over_who_and_pin_once(panel: SignPanel) -> None:
    panel.signer.setCurrentIndex(1)
    spy = QSignalSpy(panel.sign_requested)
    QTest.keyClicks(panel.pin, PIN)
    QTest.keyClick(panel.pin, Qt.Key.Key_Return)
    QTest.keyClick(panel.pin, Qt.Key.Key_Return)
    assert heard(spy) == [[make.LEADER.id, PIN]]
    assert panel.pin.take() == ""


def test_the_pin_stands_in_no_text_property_or_log(panel: SignPanel, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        QTest.keyClicks(panel.pin, PIN)
        said = " ".join(fit.texts_of(panel.window()))
        for widget in panel.window().findChildren(QWidget):
            said += (
                f" {widget.accessibleName()} {widget.accessibleDescription()} {widget.toolTip()} {widget.objectName()}"
            )
        QTest.keyClick(panel.pin, Qt.Key.Key_Return)
    assert PIN not in said
    assert not any(sign in repr(panel.pin) for sign in (PIN, "739"))
    assert PIN not in caplog.text


def test_the_picture_is_the_same_for_any_pin_of_that_length(panel: SignPanel) -> None:
    QTest.keyClicks(panel.pin, "1111")
    first = panel.pin.grab().toImage()
    panel.pin.clear()
    QTest.keyClicks(panel.pin, "8264")
    assert panel.pin.grab().toImage() == first


def test_a_refused_pin_is_forgotten_and_the_sentence_is_shown(panel: SignPanel) -> None:
    QTest.keyClicks(panel.pin, "12")
    panel.show_refusal("The PIN is wrong. Three tries are left.")
    assert panel.pin.take() == ""
    assert any("Three tries" in text for text in fit.texts_of(panel.window()))


def test_too_short_a_pin_signs_nothing(panel: SignPanel) -> None:
    spy = QSignalSpy(panel.sign_requested)
    QTest.keyClicks(panel.pin, "123")
    QTest.keyClick(panel.pin, Qt.Key.Key_Return)
    assert spy.count() == 0
    assert not panel.sign_button.isEnabled()


def test_full_width_digits_are_digits_and_backspace_takes_one_back(panel: SignPanel) -> None:
    for sign in "1２34x":
        QCoreApplication.sendEvent(
            panel.pin, QKeyEvent(QKeyEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, sign)
        )
    QTest.keyClick(panel.pin, Qt.Key.Key_Backspace)
    assert panel.pin.take() == "1234"


def test_sending_back_asks_for_a_reason_and_the_pin(panel: SignPanel) -> None:
    spy = QSignalSpy(panel.return_requested)
    QTest.keyClick(panel.pin, Qt.Key.Key_Escape)
    assert panel.reason.isVisible()
    QTest.keyClick(panel.reason, Qt.Key.Key_Return)
    assert spy.count() == 0
    QTest.keyClicks(panel.reason, "Town missing")
    QTest.keyClick(panel.reason, Qt.Key.Key_Return)
    assert spy.count() == 0
    signed = QSignalSpy(panel.sign_requested)
    QTest.keyClicks(panel.pin, PIN)
    assert not panel.sign_button.isEnabled()
    QTest.keyClick(panel.pin, Qt.Key.Key_Return)
    assert heard(spy) == [[make.SIGNER.id, "Town missing", PIN]]
    assert signed.count() == 0
    panel.show_open(False)
    assert not panel.reason.isVisible()


def test_nothing_can_be_signed_before_it_is_submitted(panel: SignPanel) -> None:
    panel.show_open(False)
    spy = QSignalSpy(panel.sign_requested)
    QTest.keyClicks(panel.pin, PIN)
    QTest.keyClick(panel.pin, Qt.Key.Key_Return)
    assert spy.count() == 0
    assert any("Nothing to sign" in text for text in fit.texts_of(panel.window()))


def test_without_a_second_person_the_panel_says_what_to_do(panel: SignPanel) -> None:
    panel.show_signers((), "周岚")
    assert not panel.sign_button.isEnabled()
    assert any("office people add" in text for text in " ".join(fit.texts_of(panel.window())).split("  "))


def test_showing_emits_nothing_and_keeps_who_was_chosen(panel: SignPanel) -> None:
    spies = [QSignalSpy(panel.sign_requested), QSignalSpy(panel.return_requested)]
    panel.signer.setCurrentIndex(1)
    panel.show_signers((make.SIGNER, make.LEADER), "周岚")
    panel.show_evidence(None, make.NOW)
    panel.show_differences(())
    panel.show_open(True)
    assert [s.count() for s in spies] == [0, 0]
    assert panel.signer.currentData() == make.LEADER.id


def test_the_curve_has_a_gap_where_nothing_came_in(panel: SignPanel) -> None:
    plot = panel.chart._plot()
    top = panel.chart._top_mm(evidence())
    stretches = list(panel.chart._stretches(evidence(), plot, top))
    assert [len(s) for s in stretches] == [14, 20]
    assert all(plot.contains(point) for s in stretches for point in s)
