"""告警: what stands, in which order, and what the keys and buttons say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from models.hazard.alarms import AlarmState
from models.hazard.level import Level
from tests import make
from tests.widgets.hand import heard, move, press
from widgets import pieces
from widgets.hazard.alarm_panel import AlarmPanel, worst_first
from widgets.keys import Keys


@pytest.fixture
def panel(qtbot: QtBot) -> AlarmPanel:
    made = AlarmPanel()
    made.resize(320, 700)
    made.show_alarms(make.alarms(), make.NOW)
    Keys(made)
    qtbot.addWidget(made)
    made.show()
    assert QTest.qWaitForWindowActive(made)
    return made


def texts(panel: AlarmPanel, alarm_id: str) -> list[str]:
    rect = panel.list.row_rect(alarm_id)
    return [p.text for p in panel.list.pieces() if isinstance(p, pieces.Text) and rect.contains(p.rect.center())]


def test_the_worst_and_newest_stands_first_and_shelved_ones_last() -> None:
    order = worst_first((*make.alarms(), make.alarm("X", "关", level=Level.RED, state=AlarmState.CLOSED)))
    ranks = [a.level.rank for a in order if a.state is not AlarmState.SHELVED]
    assert ranks == sorted(ranks, reverse=True)
    assert [a.point_name for a in order[:3]] == ["石坑沟", "云台", "鹰嘴崖"]
    assert order[-1].state is AlarmState.SHELVED
    assert all(a.state is not AlarmState.CLOSED for a in order)


def test_a_row_says_value_threshold_window_time_and_at_least(panel: AlarmPanel) -> None:
    assert texts(panel, "a-SH-0021") == [
        "云台", "at least", "104.6", "/ 90 mm 6 h", "flash flood 云台镇", "crossed 02:58",
    ]  # fmt: skip
    assert "seen" in texts(panel, "a-SH-0031")


def test_the_head_counts_by_level_without_shelved_ones(panel: AlarmPanel) -> None:
    head = panel._head.pieces()
    marks = [p.level for p in head if isinstance(p, pieces.Mark)]
    figures = {p.text for p in head if isinstance(p, pieces.Text)}
    assert set(marks) == {Level.RED, Level.ORANGE, Level.YELLOW, Level.BLUE}
    assert figures == {"Alarms", "12", "2", "4", "1"}


@pytest.mark.parametrize(
    ("key", "signal"),
    [
        (Qt.Key.Key_D, "draft_requested"),
        (Qt.Key.Key_A, "acknowledged"),
        (Qt.Key.Key_S, "shelve_requested"),
    ],
)
def test_a_key_acts_on_the_chosen_alarm(panel: AlarmPanel, key: Qt.Key, signal: str) -> None:
    panel.show_selected("a-HP-0042")
    spy = QSignalSpy(getattr(panel, signal))
    press(panel, key)
    assert heard(spy) == [["a-HP-0042"]]


def test_arrows_move_to_the_next_alarm(panel: AlarmPanel) -> None:
    spy = QSignalSpy(panel.alarm_selected)
    QTest.keyClick(panel.list, Qt.Key.Key_Down)
    assert heard(spy) == [["a-SH-0021"]]


def test_what_was_seen_cannot_be_seen_again(panel: AlarmPanel) -> None:
    panel.show_selected("a-SH-0031")
    assert not panel.seen_button.isEnabled()
    assert panel.shelve_button.isEnabled()


def test_showing_alarms_emits_nothing_and_keeps_the_choice(panel: AlarmPanel) -> None:
    panel.show_selected("a-SH-0052")
    spies = [
        QSignalSpy(s) for s in (panel.alarm_selected, panel.draft_requested, panel.acknowledged, panel.shelve_requested)
    ]
    newer = make.alarm("NEW", "新点", level=Level.RED, minutes_ago=0)
    panel.show_alarms((newer, *make.alarms()), make.NOW + timedelta(minutes=1))
    assert [s.count() for s in spies] == [0, 0, 0, 0]
    assert panel.list.selected == "a-SH-0052"


def test_a_new_alarm_does_not_move_the_row_under_the_hand(panel: AlarmPanel, qtbot: QtBot) -> None:
    row = panel.list.row_rect("a-SH-0044")
    move(panel.list.viewport(), QPoint(40, round(row.center().y())))
    qtbot.waitUntil(lambda: panel.list.viewport().underMouse())
    panel.show_alarms((make.alarm("NEW", "新点", level=Level.RED, minutes_ago=0), *make.alarms()), make.NOW)
    assert panel.list.row_rect("a-SH-0044") == row


def test_the_first_is_the_chosen_one_until_the_hand_has_moved(panel: AlarmPanel) -> None:
    panel.list.viewport().setAttribute(Qt.WidgetAttribute.WA_UnderMouse, on=False)  # where an earlier test left it
    worse = make.alarm("Z", "新沟", level=Level.RED, minutes_ago=-1)
    panel.show_alarms((*make.alarms(), worse), make.NOW)
    assert panel.list.selected == worse.id
    panel.list.setFocus()
    press(panel, Qt.Key.Key_Down)
    moved_to = panel.list.selected
    last = make.alarm("Y", "末沟", level=Level.RED, minutes_ago=-2)
    panel.show_alarms((*make.alarms(), worse, last), make.NOW)
    assert panel.list.selected == moved_to
    spy = QSignalSpy(panel.shelve_requested)
    press(panel, Qt.Key.Key_S)
    assert heard(spy) == [[moved_to]]
    panel.show_alarms((*make.alarms(), worse, last), make.NOW)
    assert panel.list.selected == last.id, "what is shelved is left, not followed out of sight"


def test_without_alarms_the_panel_says_what_will_stand_there(panel: AlarmPanel) -> None:
    panel.show_alarms((), make.NOW)
    said = " ".join(p.text for p in panel.list.pieces() if isinstance(p, pieces.Text))
    assert said.startswith("No alarm.")
    assert not panel.draft_button.isEnabled()
