"""Whose hand a step is by: nobody's edits, a return without a PIN, people who may no longer, two consoles on one draft."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import Qt

from app.demo.people import EXERCISE_PINS, FORECASTER, SIGNER
from app.office import Office, open_office
from models.errors import StoreError
from models.hazard.level import Level
from models.reach.outbox import DeliveryState
from models.store import journal, people, warnings
from models.warning import draft as drafting
from models.warning.warning import Person, WarningState
from tests.walks.duty import Duty, on_duty
from tests.walks.open_console import open_console

pytestmark = pytest.mark.xdist_group("whose_hand")


def take_over(duty: Duty, person_id: str) -> None:
    duty.console.rooms.window.top_bar.search.chosen.emit("act:sign_out")
    duty.console.duty.sign_in(person_id, EXERCISE_PINS[person_id])
    duty.desk.until(lambda: duty.console.duty.on_duty is not None)


def test_only_the_author_on_duty_writes_in_a_draft(morning: Office) -> None:
    with on_duty(morning) as duty:
        duty.begin_from_alarm()
        before, sheet = duty.draft, duty.rooms.sheet
        duty.console.duty.sign_out()
        duty.console.warnings.drafts.edit(lambda d: drafting.with_text(d, "nobody's"))
        take_over(duty, SIGNER.id)
        duty.console.warnings.drafts.set_town(before.towns[0].code, Level.BLUE)
        duty.console.warnings.drafts.edit(lambda d: drafting.with_text(d, "another's"))
        duty.desk.settle()
        assert duty.draft == before
        assert sheet.text.isReadOnly()
        assert "warning.edit" not in {act for _, act in duty.acts()}
        take_over(duty, FORECASTER.id)
        assert not sheet.text.isReadOnly()
        duty.console.warnings.drafts.edit(lambda d: drafting.with_text(d, "the author's"))
        assert (FORECASTER.id, "warning.edit") in duty.acts()


def test_a_return_takes_the_pin_of_the_person_in_whose_name_it_is(morning: Office) -> None:
    with on_duty(morning) as duty:
        duty.begin_from_alarm()
        duty.submit()
        panel = duty.rooms.sign
        duty.choose(panel.signer, SIGNER)
        panel.return_button.click()
        panel.reason.setText("请核对雨量")
        panel.reason.setFocus()
        duty.desk.press(Qt.Key.Key_Return)
        assert panel.pin.hasFocus()
        assert not panel.sign_button.isEnabled()
        duty.desk.type("999999")
        duty.desk.press(Qt.Key.Key_Return)
        duty.desk.until(lambda: not duty.console.warnings.busy)
        assert duty.draft.state is WarningState.SUBMITTED
        assert (SIGNER.id, "people.pin_wrong") in duty.acts()
        duty.desk.type(EXERCISE_PINS[SIGNER.id])
        duty.desk.press(Qt.Key.Key_Return)
        duty.desk.until(lambda: duty.draft.state is WarningState.DRAFT)
        assert duty.draft.note == "请核对雨量"
        assert (SIGNER.id, "warning.return") in duty.acts()


@pytest.mark.logs
def test_who_may_no_longer_neither_signs_nor_issues(morning: Office) -> None:
    with on_duty(morning) as duty:
        store, at = duty.console.store, duty.console.clock.now()

        def change(person: Person) -> None:
            store.write_now(partial(people.change, person=person, actor="leader", at=at))

        duty.begin_from_alarm()
        duty.submit()
        change(replace(SIGNER, roles=frozenset({"forecaster"})))
        duty.sign()
        assert duty.draft.state == "submitted"
        assert (SIGNER.id, "warning.sign_refused") in duty.acts()
        change(SIGNER)
        duty.sign()
        assert duty.draft.state == "signed"
        change(replace(FORECASTER, active=False))
        duty.console.warnings.issue()
        duty.desk.settle()
        assert duty.draft.state == "signed"
        assert not duty.console.reach.messages


@pytest.mark.logs
def test_what_another_console_changed_is_not_signed_unread(morning: Office) -> None:
    with on_duty(morning) as duty:
        duty.begin_from_alarm()
        duty.submit()
        store, shown = duty.console.store, duty.draft
        other = replace(shown, text=shown.text + " 另一台改过")
        store.write_now(lambda db: warnings._put(db, other))
        duty.sign()
        assert duty.draft.state is WarningState.SUBMITTED
        assert store.read(lambda db: warnings.find(db, shown.id)) == other
        assert duty.refusal()
    with open_console(open_office(morning.folder), duty.console.clock.now()) as desk:
        assert desk.console.warnings.drafts.draft is not None
        assert desk.console.warnings.drafts.draft.warning == other


@pytest.mark.logs
def test_a_recalled_text_is_not_issued_under_a_later_signature(morning: Office) -> None:
    with on_duty(morning) as duty:
        duty.begin_from_alarm()
        duty.submit()
        duty.sign()
        signed, store = duty.draft, duty.console.store
        recalled = replace(signed, state=WarningState.DRAFT, signer_id="", signed_at=None)
        again = replace(signed, text=signed.text + " 改后又签")
        for step in (recalled, replace(recalled, text=again.text), again):  # as another console would
            store.write_now(partial(warnings._put, warning=step))
        refused: list[Exception] = []
        duty.console.warnings.refused.connect(refused.append)
        duty.console.warnings.issue()
        duty.desk.settle()
        assert [e.code for e in refused if isinstance(e, StoreError)] == ["warnings.changed_elsewhere"]
        assert store.read(lambda db: warnings.find(db, signed.id)).state is WarningState.SIGNED


def test_a_receipt_with_a_wrong_clock_counts_from_when_it_came(morning: Office) -> None:
    with on_duty(morning) as duty:
        duty.begin_from_alarm()
        warning = duty.send_out()
        console, now = duty.console, duty.console.clock.now()
        duty.desk.until(lambda: all(m.state is DeliveryState.HANDED_OVER for m in console.reach.of(warning.id)))
        first, second, *_ = console.reach.of(warning.id)
        for message, at in ((first, "1970-01-01T00:00:00Z"), (second, "2099-01-01T00:00:00Z")):
            content = {"receipt": "1", "message": message.id, "state": "delivered", "at": at}
            (console.office.inbox / ".r").write_text(json.dumps(content), encoding="utf-8")
            (console.office.inbox / ".r").rename(console.office.inbox / f"{message.id}.json")
        duty.desk.settle()
        duty.desk.until(lambda: len(console.reach.answered_at) == 2)
        assert set(console.reach.answered_at.values()) == {now}
        lines = console.store.read(lambda db: journal.of_subject(db, f"message:{first.id}"))
        assert str(lines[-1].entry.after["claimed_at"]).startswith("1970-01-01")
