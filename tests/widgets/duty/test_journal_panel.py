"""The journal on screen: newest first, filtered by any word."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from tests import make
from widgets import pieces
from widgets.duty.journal_panel import JournalPanel, flat


@pytest.fixture
def panel(qtbot: QtBot) -> JournalPanel:
    made = JournalPanel()
    made.resize(592, 600)
    qtbot.addWidget(made)
    made.show_lines(make.journal(), {make.AUTHOR.id: "周岚", make.SIGNER.id: "沈知远"}, make.NOW)
    made.show()
    return made


def texts(panel: JournalPanel) -> list[str]:
    return [p.text for p in panel.list.pieces() if isinstance(p, pieces.Text)]


def test_the_newest_line_stands_first_with_who_and_what(panel: JournalPanel) -> None:
    assert panel.list.row_ids == ("7", "6", "5", "4", "3", "2", "1")
    assert {"周岚", "沈知远", "system", "signed the warning", "typed a wrong PIN"} <= set(texts(panel))


def test_the_filter_takes_names_words_and_values(panel: JournalPanel) -> None:
    panel.filter.setText("沈知远 sign")
    assert panel.list.row_ids == ("5",)
    panel.filter.setText("81920")
    assert panel.list.row_ids == ("7",)
    panel.filter.setText("")
    assert len(panel.list.row_ids) == 7


def test_showing_and_filtering_emit_nothing(panel: JournalPanel) -> None:
    spy = QSignalSpy(panel.line_selected)
    panel.show_lines(make.journal(), {}, make.NOW)
    panel.filter.setText("issue")
    assert spy.count() == 0


def test_values_are_told_on_one_line() -> None:
    assert (
        flat({"state": "signed", "empty": None, "towns": [1, 2], "in": {"a": 1}}) == "state signed  towns [2]  in {a 1}"
    )
