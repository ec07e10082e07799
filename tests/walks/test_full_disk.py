"""A disk that fills while the console runs: the operator sees it, and nothing that was confirmed is lost."""

from __future__ import annotations

import sqlite3

import pytest
from PySide6.QtCore import Qt

from app.office import Office
from models.reach.outbox import DeliveryState
from models.store import warnings
from models.store.database import Database
from models.warning.warning import WarningState
from tests.walks.duty import on_duty


@pytest.mark.logs
def test_a_full_disk_is_told_and_nothing_that_was_confirmed_is_lost(morning: Office) -> None:
    with on_duty(morning) as duty:
        duty.begin_from_alarm()
        duty.desk.settle()
        confirmed = duty.console.store.read(warnings.all_warnings)
        lines = len(duty.acts())
        pages = duty.console.store.write_now(full)
        duty.rooms.sheet.text.setFocus()
        duty.desk.press(Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
        duty.desk.commit("补充" * 3000)
        duty.desk.until(lambda: any("磁盘已满" in notice.what for notice in duty.console.notices.kept))
        duty.desk.until(duty.rooms.window.notices.isVisible)
        duty.desk.settle()
        assert "补充" in duty.draft.text, "the draft stays on the sheet"
        assert duty.console.store.read(warnings.all_warnings) == confirmed
        assert len(duty.acts()) == lines
        assert [n.what for n in duty.console.notices.kept].count(duty.console.notices.kept[0].what) == 1
        duty.console.store.write_now(lambda db: set_most_pages(db, pages))
        duty.rooms.sheet.setFocus()
        duty.desk.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        duty.desk.settle()
        issued = duty.send_out()
        duty.desk.settle()
        assert issued.state is WarningState.ISSUED
        assert {m.state for m in duty.console.reach.of(issued.id)} == {DeliveryState.HANDED_OVER}
    with sqlite3.connect(morning.store_path) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()


@pytest.mark.logs
def test_an_issue_that_meets_a_full_disk_is_no_issue_and_can_be_done_again(morning: Office) -> None:
    with on_duty(morning) as duty:
        duty.begin_from_alarm()
        duty.submit()
        duty.sign()
        pages = duty.console.store.write_now(full)
        duty.desk.until(duty.rooms.sheet.issue_button.isEnabled)
        duty.rooms.sheet.setFocus()
        duty.desk.press(Qt.Key.Key_Return)
        duty.desk.until(lambda: any("磁盘已满" in notice.what for notice in duty.console.notices.kept))
        duty.desk.settle()
        assert duty.draft.state is WarningState.SIGNED
        assert duty.console.reach.messages == ()
        assert list(morning.outbox.iterdir()) == []
        duty.console.store.write_now(lambda db: set_most_pages(db, pages))
        assert duty.issue().state is WarningState.ISSUED


def full(db: Database) -> int:
    """Let the store grow no more, as on a full disk; returns how far it could before."""
    before = int(db.execute("PRAGMA max_page_count").fetchone()[0])
    db.execute("CREATE TABLE IF NOT EXISTS ballast (bytes BLOB)")
    while int(db.execute("PRAGMA freelist_count").fetchone()[0]):  # pages that the archive's index gave back
        db.execute("INSERT INTO ballast VALUES (zeroblob(3500))")
    set_most_pages(db, int(db.execute("PRAGMA page_count").fetchone()[0]))
    return before


def set_most_pages(db: Database, count: int) -> None:
    db.execute(f"PRAGMA max_page_count = {count}").fetchone()
