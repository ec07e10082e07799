"""The journal on screen: newest first, filtered by any word."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from models.act import JournalEntry
from models.duty.log import JournalLine
from tests import make
from widgets import pieces
from widgets.duty.journal_panel import JournalPanel
from widgets.duty.journal_words import flat, told


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


def entry(act: str, subject: str, **after: object) -> JournalEntry:
    return JournalEntry(make.AUTHOR.id, act, subject, make.NOW, {}, after)


def test_an_alarm_is_told_by_name_level_and_rain() -> None:
    raised = entry(
        "alarm.raised", "alarm:1", name="石坑沟", level="red", rain_mm=62.3, threshold_mm=60.0, window_h=3, at_least=True
    )  # fmt: skip
    assert told(raised) == "石坑沟  red  at least  62.3 / 60 mm  3 h"


def test_a_warning_is_told_by_number_and_towns() -> None:
    towns = [{"code": "1", "name": "石坑镇", "level": "red"}]
    said = told(entry("warning.issue", "warning:1", number=4, state="issued", towns=towns, text="…"))
    assert said == "No. 4  石坑镇 red"


def test_a_line_without_a_name_takes_that_of_another_line(qtbot: QtBot) -> None:
    values: dict[str, object] = {"level": "red", "rain_mm": 62.3, "threshold_mm": 60.0, "window_h": 3}
    raised = JournalLine(1, entry("alarm.raised", "alarm:1", name="石坑沟", **values), "", "a")
    seen = JournalLine(2, entry("alarm.seen", "alarm:1", state="seen"), "a", "b")
    made = JournalPanel()
    made.resize(592, 300)
    qtbot.addWidget(made)
    made.show()
    made.show_lines((raised, seen), {}, make.NOW)
    assert "石坑沟  seen" in texts(made)


def test_a_line_that_lacks_values_is_shown_as_it_is_written() -> None:
    assert told(entry("archive.mended", "archive", found=47, found_files=["a"], gone=2)) == "47 files found  2 gone"
    assert told(entry("alarm.raised", "alarm:1", level="red")) == "level red"
    assert told(entry("warning.draft", "warning:1", state="draft", towns=7)) == "state draft  towns 7"


def test_messages_that_met_the_same_fate_are_one_row_until_something_is_looked_for(qtbot: QtBot) -> None:
    def sent(number: int, act: str, who: str, **more: object) -> JournalLine:
        return JournalLine(number, entry(act, f"message:{number}", recipient=who, **more), "a", "b")

    issued = JournalLine(1, entry("warning.issue", "warning:1", number=4), "", "a")
    handed = tuple(sent(n, "message.handed_over", who) for n, who in ((2, "何伯安"), (3, "何培根"), (4, "何德明")))
    came = (
        sent(5, "message.receipt", "何伯安", state="delivered"),
        sent(6, "message.receipt", "何培根", state="failed"),
    )
    made = JournalPanel()
    made.resize(592, 300)
    qtbot.addWidget(made)
    made.show()
    made.show_lines((issued, *handed, *came), {}, make.NOW)
    assert made.list.row_ids == ("6", "5", "4", "1")
    assert {"2–4", "× 3", "何伯安  何培根  何德明"} <= set(texts(made))
    made.filter.setText("何")
    assert len(made.list.row_ids) == 5


def test_a_refused_file_is_told_with_the_reason_first() -> None:
    line = JournalEntry("system", "feed.refused", "feed:x.bin", make.NOW, {}, {"reason": "x.bin: the file is empty."})
    assert told(line) == "the file is empty.  x.bin"
