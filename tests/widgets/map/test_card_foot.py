"""The foot of a card: acts with keys, refused ones with their reason, and the one word of an inspection."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.widgets import fit
from tests.widgets.hand import heard
from widgets.keys import Keys
from widgets.map.card_foot import CALL, EDIT, INSPECT, KEYS, TABLE, CardFoot

FREE: dict[str, str] = dict.fromkeys((EDIT, INSPECT, CALL, TABLE), "")


def shown(qtbot: QtBot, width: int = 352) -> tuple[QWidget, CardFoot, Keys]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(width, 200)
    window.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    foot = CardFoot(window)
    foot.resize(width, foot.height())
    window.show()
    assert QTest.qWaitForWindowActive(window)
    window.setFocus()
    foot.show_acts("hazard_points/SH-1", FREE)
    return window, foot, Keys(window)


def test_every_act_has_a_key_of_its_own_that_acts(qtbot: QtBot) -> None:
    window, foot, keys = shown(qtbot)
    spy = QSignalSpy(foot.act_requested)
    for act in (EDIT, CALL, TABLE):
        QTest.keyClick(window, Qt.Key(ord(KEYS[act])))
    assert heard(spy) == [[EDIT], [CALL], [TABLE]]
    assert [key for key, _ in keys.listed()] == list(KEYS.values())


def test_what_does_not_apply_is_disabled_with_its_reason_and_its_key_is_free(qtbot: QtBot) -> None:
    window, foot, keys = shown(qtbot)
    foot.show_acts("hazard_points/SH-1", {**FREE, EDIT: "Sign in first."}, {CALL: "韦青山  000-0000-0117"})
    spy = QSignalSpy(foot.act_requested)
    QTest.keyClick(window, Qt.Key(ord(KEYS[EDIT])))
    assert heard(spy) == []
    assert not foot.buttons[EDIT].isEnabled()
    assert foot.buttons[EDIT].toolTip() == "Sign in first."
    assert foot.buttons[CALL].toolTip() == "韦青山  000-0000-0117"
    assert KEYS[EDIT] not in [key for key, _ in keys.listed()]


def test_an_inspection_asks_once_for_a_word_and_escape_keeps_none(qtbot: QtBot) -> None:
    window, foot, _ = shown(qtbot)
    spy = QSignalSpy(foot.inspect_requested)
    QTest.keyClick(window, Qt.Key(ord(KEYS[INSPECT])))
    assert foot.asks
    assert foot.word.hasFocus()
    QTest.keyClick(foot.word, Qt.Key.Key_Escape)
    assert not foot.asks
    assert window.hasFocus()
    QTest.keyClick(window, Qt.Key(ord(KEYS[INSPECT])))
    foot.word.setText(" 沟口淤积 ")
    QTest.keyClick(foot.word, Qt.Key.Key_Return)
    assert heard(spy) == [["沟口淤积"]]
    assert not foot.asks


def test_a_word_begun_for_one_thing_is_not_kept_for_another(qtbot: QtBot) -> None:
    window, foot, _ = shown(qtbot)
    spy = QSignalSpy(foot.inspect_requested)
    QTest.keyClick(window, Qt.Key(ord(KEYS[INSPECT])))
    foot.word.setText("沟口淤积")
    foot.show_acts("hazard_points/SH-1", FREE)
    assert foot.word.text() == "沟口淤积", "news of the same thing takes nothing away"
    foot.show_acts("hazard_points/SH-2", FREE)
    assert not foot.asks
    QTest.keyClick(window, Qt.Key(ord(KEYS[INSPECT])))
    assert foot.word.text() == ""
    foot.show_acts("hazard_points/SH-2", {**FREE, INSPECT: "Sign in first."})
    assert not foot.asks
    assert heard(spy) == []


@pytest.mark.parametrize("spoken", ["zh", "en"])
@pytest.mark.parametrize("width", [320, 352])
def test_the_acts_fit_both_docks_in_one_row(
    qtbot: QtBot, put_on: Callable[[str, str], None], spoken: str, width: int
) -> None:
    put_on("light", spoken)
    _, foot, _ = shown(qtbot, width)
    assert fit.faults(foot) == []
    assert len({button.y() for button in foot.buttons.values()}) == 1
