"""A night's work in a real window, by keys: alarm, draft, the second person's PIN, issue, update, lifting."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.demo.people import EXERCISE_PINS, FORECASTER, SIGNER
from app.demo.player import GatewayProcess
from app.demo.scene import OPENING_AT
from app.office import Office, open_office
from models.act import JournalEntry
from models.errors import StoreError
from models.hazard.level import Level
from models.reach.outbox import DeliveryState
from models.store import people, warnings
from models.warning.cap.checker import check
from models.warning.warning import Person, WarningState, WeatherWarning
from tests.walks.duty import Duty, on_duty
from tests.walks.open_console import OpenConsole, open_console

CTRL = Qt.KeyboardModifier.ControlModifier
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
WRONG = "999999"


@contextmanager
def gateway(desk: OpenConsole) -> Iterator[Path]:
    """The gateway, a process of its own, on the desk's clock."""
    office = desk.console.office
    clock = office.folder / "drill_clock"
    clock.write_text(desk.clock.now().isoformat(), encoding="utf-8")
    process = GatewayProcess(outbox=office.outbox, inbox=office.inbox, clock=clock, silent=False)
    try:
        yield clock
    finally:
        process.close()


def let_answer(duty: Duty, clock: Path, warning: WeatherWarning) -> None:
    """Let drill minutes pass until every message of a warning is answered."""
    answered = {DeliveryState.DELIVERED, DeliveryState.FAILED}
    reach = duty.console.reach

    def all_answered() -> bool:
        duty.desk.clock.set(duty.desk.clock.now() + timedelta(seconds=5))
        clock.write_text(duty.desk.clock.now().isoformat(), encoding="utf-8")
        return all(m.state in answered for m in reach.of(warning.id))

    assert reach.of(warning.id)
    duty.desk.until(all_answered)
    duty.desk.settle()


def test_the_whole_walk_by_keys(morning: Office) -> None:
    with open_console(morning, OPENING_AT) as desk:
        duty, console, rooms = Duty(desk), desk.console, desk.console.rooms
        assert rooms.sign_in.pin.hasFocus(), "the PIN is the first thing to type"
        duty.sign_in()
        assert rooms.alarms.list.hasFocus(), "the alarms come next"

        duty.begin_from_alarm()
        assert rooms.window.task == "issue"
        assert rooms.sheet.towns.list.hasFocus(), "the towns come next"
        desk.press(Qt.Key.Key_Down)
        town = rooms.sheet.towns.list.selected
        before = {t.code: t.level for t in duty.draft.towns}
        chosen = Level.RED if before[town] is not Level.RED else Level.ORANGE
        desk.press(Qt.Key.Key_4 if chosen is Level.RED else Qt.Key.Key_3)
        assert {t.code: t.level for t in duty.draft.towns} == before | {town: chosen}

        duty.submit()
        assert rooms.sign.pin.hasFocus(), "the second person's PIN comes next"
        assert FORECASTER.id not in [rooms.sign.signer.itemData(n) for n in range(rooms.sign.signer.count())]
        duty.sign()
        assert rooms.sheet.hasFocus(), "Enter issues only on the sheet"
        with gateway(desk) as clock:
            first = duty.issue()
            desk.press(Qt.Key.Key_C, CTRL_SHIFT)
            assert QGuiApplication.clipboard().text() == first.text
            let_answer(duty, clock, first)
            rows = rooms.sheet.receipts.list.row_ids
            assert set(rows) == {m.id for m in console.reach.of(first.id)}
            assert DeliveryState.DELIVERED in {m.state for m in console.reach.of(first.id)}
            assert duty.acts().count(("system", "message.receipt")) == len(rows), "each receipt is a journal line"

            desk.press(Qt.Key.Key_F1)
            desk.press(Qt.Key.Key_U)
            desk.until(lambda: console.warnings.drafts.products is not None)
            second = duty.send_out()
            assert (second.previous_id, second.chain_id) == (first.id, first.chain_id)
            assert state_of(duty, first) is WarningState.REPLACED
            assert [w.id for w in console.warnings.in_force()] == [second.id]

            desk.clock.set(desk.clock.now() + timedelta(minutes=1))
            desk.press(Qt.Key.Key_F1)
            desk.press(Qt.Key.Key_X)
            desk.until(lambda: console.warnings.drafts.products is not None)
            third = duty.send_out()
            assert state_of(duty, second) is WarningState.LIFTED
            assert console.warnings.in_force() == ()
            let_answer(duty, clock, third)

        for warning in (first, second, third):
            assert check(console.store.read(partial(warnings.cap_of, warning_id=warning.id)).encode()).valid
        steps = [act for act in duty.acts() if act[1] in {"warning.submit", "warning.sign", "warning.issue"}]
        once = [(FORECASTER.id, "warning.submit"), (SIGNER.id, "warning.sign"), (FORECASTER.id, "warning.issue")]
        assert steps == once * 3


def state_of(duty: Duty, warning: WeatherWarning) -> WarningState | None:
    found = duty.console.warnings.find(warning.id)
    return found.state if found else None


def test_single_keys_and_enter_write_in_a_text_and_do_nothing_else(morning: Office) -> None:
    with on_duty(morning) as duty:
        duty.begin_from_alarm()
        text, draft = duty.rooms.sheet.text, duty.draft
        QTest.mouseClick(text.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
        assert text.hasFocus()
        QTest.keyClick(text, Qt.Key.Key_Home)
        duty.desk.type("dux")
        duty.desk.press(Qt.Key.Key_Return)
        assert text.toPlainText().startswith("dux\n")
        assert duty.draft.id == draft.id
        assert duty.draft.text.startswith("dux\n")
        assert duty.draft.state is WarningState.DRAFT
        assert duty.rooms.window.task == "issue"


def test_no_key_acts_while_an_input_method_composes(morning: Office) -> None:
    with on_duty(morning) as duty:
        focus = duty.rooms.window.focusWidget()
        assert focus is not None
        QApplication.sendEvent(focus, QInputMethodEvent("ni", []))
        duty.desk.press(Qt.Key.Key_D)
        duty.desk.settle()
        assert duty.console.warnings.drafts.draft is None
        QApplication.sendEvent(focus, QInputMethodEvent("", []))
        duty.desk.until(lambda: not duty.rooms.window.keys.composing)
        duty.begin_from_alarm()
        assert duty.draft.state is WarningState.DRAFT


def test_a_key_that_is_held_does_not_take_the_next_step(morning: Office) -> None:
    with on_duty(morning) as duty:
        duty.begin_from_alarm()
        duty.submit()
        duty.sign()
        duty.desk.until(duty.rooms.sheet.issue_button.isEnabled)
        held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", True)
        QApplication.sendEvent(duty.rooms.sheet, held)
        duty.desk.settle()
        assert duty.draft.state is WarningState.SIGNED


def test_the_author_cannot_sign_whoever_asks(morning: Office) -> None:
    with on_duty(morning) as duty:
        duty.begin_from_alarm()
        duty.submit()
        # Past the panel, which does not even offer the author.
        duty.rooms.sign.sign_requested.emit(FORECASTER.id, EXERCISE_PINS[FORECASTER.id])
        assert "拟稿人" in duty.refusal()
        assert duty.draft.state is WarningState.SUBMITTED
        assert (FORECASTER.id, "warning.sign_refused") in duty.acts()
        row = duty.draft
        signed = replace(row, state=WarningState.SIGNED, signer_id=row.author_id, signed_at=duty.desk.clock.now())
        with pytest.raises(StoreError):
            duty.console.store.write_now(lambda db: warnings.save(db, signed, duty_line(row)))


def duty_line(warning: WeatherWarning) -> JournalEntry:
    return JournalEntry(warning.author_id, "warning.sign", f"warning:{warning.id}", OPENING_AT)


def test_the_same_human_under_a_second_account_is_not_taken_in_and_cannot_sign(morning: Office) -> None:
    again = Person("zhou-2", "周　岚", "QL-0999", "000 0000 0001", frozenset({"forecaster", "signer"}))
    with on_duty(morning) as duty, pytest.raises(StoreError, match="account"):
        duty.console.store.write_now(lambda db: people.add(db, again, "123456", actor="test", at=duty.desk.clock.now()))
    with sqlite3.connect(morning.store_path) as db:  # somebody goes round the door
        db.execute(
            "INSERT INTO people (id, name, staff_no, phone, roles, active, pin_hash)"
            " SELECT ?, ?, ?, ?, ?, 1, pin_hash FROM people WHERE id = ?",
            [again.id, again.name, again.staff_no, again.phone, "forecaster signer", FORECASTER.id],
        )
    db.close()
    with on_duty(morning) as duty:
        duty.begin_from_alarm()
        duty.submit()
        duty.rooms.sign.sign_requested.emit(again.id, EXERCISE_PINS[FORECASTER.id])
        duty.desk.until(lambda: not duty.console.warnings.busy)
        assert duty.refusal()
        assert duty.draft.state is WarningState.SUBMITTED


@pytest.mark.logs
def test_a_wrong_pin_is_refused_with_a_sentence_and_a_line_and_five_lock_the_account(morning: Office) -> None:
    with on_duty(morning) as duty:
        duty.begin_from_alarm()
        duty.submit()
        for count in range(1, 6):
            duty.sign(pin=WRONG)
            duty.desk.until(lambda: "PIN 不对" in duty.refusal())
            assert duty.draft.state is WarningState.SUBMITTED
            assert duty.acts().count((SIGNER.id, "people.pin_wrong")) == count
        duty.sign()
        duty.desk.until(lambda: "锁定" in duty.refusal() and "分钟后" in duty.refusal())
        assert duty.draft.state is WarningState.SUBMITTED
        duty.desk.clock.set(duty.desk.clock.now() + timedelta(minutes=5, seconds=1))
        duty.sign()
        duty.desk.until(lambda: duty.draft.state is WarningState.SIGNED)


def test_a_wrong_pin_takes_nobody_on_duty(morning: Office) -> None:
    with open_console(morning, OPENING_AT) as desk:
        duty = Duty(desk)
        duty.choose(desk.console.rooms.sign_in.who, FORECASTER)
        desk.console.rooms.sign_in.pin.setFocus()
        desk.type(WRONG)
        desk.press(Qt.Key.Key_Return)
        desk.until(lambda: (FORECASTER.id, "people.pin_wrong") in duty.acts())
        assert desk.console.duty.on_duty is None
        desk.press(Qt.Key.Key_D)
        assert desk.console.warnings.drafts.draft is None
        QTest.mouseClick(desk.console.rooms.alarms.draft_button, Qt.MouseButton.LeftButton)
        assert desk.console.warnings.drafts.draft is None
        assert any("没有人值班" in notice.what for notice in desk.console.notices.kept)


def test_a_draft_left_open_comes_back_after_a_restart_and_goes_on(morning: Office) -> None:
    with on_duty(morning) as duty:
        duty.begin_from_alarm()
        duty.desk.press(Qt.Key.Key_Down)
        duty.desk.press(Qt.Key.Key_4)
        duty.desk.settle()
        left = duty.draft
    with on_duty(morning) as duty:
        assert duty.draft == left
        duty.desk.press(Qt.Key.Key_F2)
        duty.submit()
        duty.sign()
        signed = duty.draft
    with on_duty(morning) as duty:
        assert duty.draft == signed
        duty.desk.press(Qt.Key.Key_F2)
        duty.rooms.sheet.setFocus()
        issued = duty.issue()
        assert issued.signer_id == SIGNER.id
        assert {t.code: t.level for t in issued.towns} == {t.code: t.level for t in left.towns}


def test_the_loop_comes_back_after_a_restart(morning_folder: Path, tmp_path: Path) -> None:
    office = open_office(Path(shutil.copytree(morning_folder, tmp_path / "office")))
    volumes = len(list(office.archive.rglob("Z_RADR*")))
    with open_console(office, OPENING_AT) as desk:
        desk.settle()
        frames = desk.console.radar.frames
        assert volumes > 30
        assert len(frames) == 15, "one frame for each step of the quickest radar"
        shown = desk.console.radar.shown
        assert shown is not None
        assert shown.at == frames[-1]
        assert {s.code for s in shown.sources} == {"QLS01", "QLX01", "QLX02"}
        assert not any(source.late for source in desk.console.sources.health if source.code != "gauges")
        assert len(list(office.archive.rglob("Z_RADR*"))) == volumes
        assert list(office.inbox.iterdir()) == []
