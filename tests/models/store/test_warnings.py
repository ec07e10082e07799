"""Warnings: kept step by step, issued whole or not at all, and fixed from then on."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from models.errors import StoreError
from models.store import journal, outbox, warnings
from models.store.database import Store
from models.warning.warning import MessageType, WarningState
from tests.models.store.values import (
    CAP,
    draft,
    entry,
    issued,
    keep_issued,
    keep_signed,
    messages,
    minutes,
    outsider,
    signed,
    submitted,
)


def test_a_warning_comes_back_as_it_was_kept_at_every_step(store: Store) -> None:
    for standing in (draft(), submitted(draft()), signed(draft())):
        store.write_now(partial(warnings.save, warning=standing, entry=entry("step")))
        assert store.read(lambda db: warnings.find(db, "w-1")) == standing
    store.write_now(lambda db: warnings.issue(db, issued(draft()), None, messages(), CAP, (entry("issue"),)))
    assert store.read(warnings.all_warnings) == (issued(draft()),)
    assert store.read(lambda db: warnings.cap_of(db, "w-1")) == CAP
    assert store.read(outbox.queued) == messages()


def test_every_step_is_a_journal_line_or_does_not_happen(store: Store) -> None:
    bad = replace(entry("step"), after={"what": object()})
    before = store.read(journal.head)
    with pytest.raises(TypeError):
        store.write_now(lambda db: warnings.save(db, draft(), bad))
    assert store.read(warnings.all_warnings) == ()
    assert store.read(journal.head) == before


def test_the_issue_is_one_transaction(store: Store) -> None:
    """The last message of the outbox cannot stand: nothing of the issue stays."""
    store.write_now(lambda db: keep_signed(db, draft()))
    before = store.read(journal.head)
    twice = (*messages(), messages()[0])
    with pytest.raises(StoreError) as refused:
        store.write_now(lambda db: warnings.issue(db, issued(draft()), None, twice, CAP, (entry("issue"),)))
    assert refused.value.code == "outbox.exists"
    assert store.read(lambda db: warnings.find(db, "w-1")) == signed(draft())
    assert store.read(outbox.messages) == ()
    assert store.read(journal.head) == before


def test_a_warning_is_issued_once(store: Store) -> None:
    """Two sessions press Enter at the same moment: the second is refused."""
    keep_issued(store)
    with pytest.raises(StoreError) as refused:
        store.write_now(lambda db: warnings.issue(db, issued(draft(), 2), None, (), CAP, (entry("issue"),)))
    assert refused.value.code == "warnings.not_signed"


def test_the_numbers_of_a_year_follow_each_other_and_are_given_once(store: Store) -> None:
    assert store.read(lambda db: warnings.next_number(db, 2026)) == 1
    keep_issued(store, "w-1", 1)
    keep_issued(store, "w-2", 2)
    assert store.read(lambda db: warnings.next_number(db, 2026)) == 3
    assert store.read(lambda db: warnings.next_number(db, 2027)) == 1
    store.write_now(lambda db: keep_signed(db, draft("w-3")))
    with pytest.raises(StoreError) as refused:
        store.write_now(lambda db: warnings.issue(db, issued(draft("w-3"), 2), None, (), CAP, (entry("issue"),)))
    assert refused.value.code == "warnings.number_taken"


def test_the_year_of_a_number_is_that_of_beijing(store: Store) -> None:
    new_year = replace(issued(draft()), issued_at=minutes(0).replace(month=12, day=31, hour=16, minute=5))
    store.write_now(lambda db: keep_signed(db, draft()))
    store.write_now(lambda db: warnings.issue(db, new_year, None, (), CAP, (entry("issue"),)))
    assert store.read(lambda db: warnings.next_number(db, 2026)) == 1
    assert store.read(lambda db: warnings.next_number(db, 2027)) == 2


def test_an_update_ends_the_message_before_it_in_the_same_transaction(store: Store) -> None:
    first = keep_issued(store)
    update = replace(draft("w-2"), chain_id="w-1", message_type=MessageType.UPDATE, previous_id="w-1")
    store.write_now(lambda db: keep_signed(db, update))
    ended = replace(first, state=WarningState.REPLACED, ended_at=minutes(60))
    store.write_now(
        lambda db: warnings.issue(
            db, issued(update, 2), ended, messages("w-2"), CAP, (entry("issue"), entry("replace"))
        )
    )
    assert store.read(lambda db: warnings.find(db, "w-1")) == ended
    assert store.read(lambda db: warnings.find(db, "w-2")) == issued(update, 2)


@pytest.mark.parametrize(
    "wrong",
    [
        {"messages": messages("w-9")},
        {"cap_xml": ""},
        {"entries": ()},
    ],
)
def test_an_issue_that_lacks_a_part_is_refused(store: Store, wrong: dict[str, object]) -> None:
    store.write_now(lambda db: keep_signed(db, draft()))
    parts: dict[str, object] = {"ended": None, "messages": (), "cap_xml": CAP, "entries": (entry("issue"),)} | wrong
    with pytest.raises(StoreError) as refused:
        store.write_now(lambda db: warnings.issue(db, issued(draft()), **parts))  # type: ignore[arg-type]
    assert refused.value.code in {"warnings.incomplete", "warnings.wrong_message"}


@pytest.mark.parametrize(
    "change",
    [
        "text = 'other'",
        "towns = '[]'",
        "guide = '[]'",
        "author_id = 'p-shen', signer_id = 'p-zhou'",
        "signer_id = NULL",
        "number = 9",
        "year = 2027",
        "identifier = 'other'",
        "issued_at = '2027'",
        "expires_at = '2027'",
        "signed_at = '2027'",
        "valid_hours = 99",
        "exercise = 0",
        "cap_xml = '<other/>'",
        "signal_id = 'hail'",
        "message_type = 'cancel'",
        "chain_id = 'x'",
        "previous_id = 'w-1'",
        "created_at = '2027'",
        "alarm_ids = '[]'",
        "id = 'w-9'",
        "state = 'draft'",
        "state = 'signed'",
        "state = 'withdrawn'",
    ],
)
def test_what_was_issued_is_never_changed(store: Store, path: Path, change: str) -> None:
    keep_issued(store)
    db = outsider(path)
    with pytest.raises(sqlite3.IntegrityError, match=r"warnings\.(issued_fixed|no_way_back|not_signed)"):
        db.execute(f"UPDATE OR REPLACE warnings SET {change}")
    db.close()


def test_an_issued_warning_cannot_be_deleted_or_pushed_out(store: Store, path: Path) -> None:
    keep_issued(store)
    store.write_now(lambda db: keep_signed(db, draft("w-2")))
    db = outsider(path)
    names = [row[1] for row in db.execute("PRAGMA table_info(warnings)")]

    def copy(**values: str) -> str:
        return f"REPLACE INTO warnings SELECT {', '.join(values.get(name, name) for name in names)} FROM warnings WHERE id='w-1'"

    with pytest.raises(sqlite3.IntegrityError, match=r"warnings\.never_deleted"):
        db.execute("DELETE FROM warnings WHERE id = 'w-1'")
    with pytest.raises(sqlite3.IntegrityError, match=r"warnings\."):
        db.execute(copy())
    with pytest.raises(sqlite3.IntegrityError, match=r"warnings\.number_taken"):
        db.execute(copy(id="'w-7'", state="'draft'"))
    with pytest.raises(sqlite3.IntegrityError, match=r"warnings\.number_taken"):
        db.execute("UPDATE OR REPLACE warnings SET number = 1, year = 2026 WHERE id = 'w-2'")
    assert db.execute("SELECT count(*) FROM warnings").fetchone() == (2,)
    db.close()


@pytest.mark.parametrize("state", [WarningState.REPLACED, WarningState.LIFTED, WarningState.EXPIRED])
def test_an_issued_warning_ends_and_stays_ended(store: Store, state: WarningState) -> None:
    ended = replace(keep_issued(store), state=state, ended_at=minutes(90))
    store.write_now(lambda db: warnings.save(db, ended, entry("end")))
    assert store.read(lambda db: warnings.find(db, "w-1")) == ended
    with pytest.raises(StoreError) as refused:
        store.write_now(lambda db: warnings.save(db, issued(draft()), entry("revive")))
    assert refused.value.code == "warnings.no_way_back"


def test_the_same_warning_may_not_end_without_having_been_issued(store: Store) -> None:
    store.write_now(lambda db: keep_signed(db, draft()))
    lifted = replace(signed(draft()), state=WarningState.LIFTED)
    with pytest.raises(StoreError) as refused:
        store.write_now(lambda db: warnings.save(db, lifted, entry("lift")))
    assert refused.value.code == "warnings.not_signed"


def test_what_was_signed_is_what_is_issued(store: Store) -> None:
    store.write_now(lambda db: keep_signed(db, draft()))
    for other in (
        replace(issued(draft()), towns=draft().towns[:1]),
        replace(issued(draft()), valid_hours=24.0),
        replace(issued(draft()), guide=()),
    ):
        with pytest.raises(StoreError) as refused:
            store.write_now(
                partial(warnings.issue, warning=other, ended=None, messages=(), cap_xml=CAP, entries=(entry("issue"),))
            )
        assert refused.value.code == "warnings.signed_fixed"
    with pytest.raises(StoreError) as refused:
        store.write_now(lambda db: warnings.save(db, replace(signed(draft()), text="other"), entry("edit")))
    assert refused.value.code == "warnings.signed_fixed"


def test_a_recalled_warning_may_be_edited_and_signed_again(store: Store) -> None:
    store.write_now(lambda db: keep_signed(db, draft()))
    edited = draft(text="【演练】改过的文字。")
    store.write_now(lambda db: warnings.save(db, edited, entry("recall")))
    store.write_now(lambda db: warnings.save(db, submitted(edited), entry("submit")))
    store.write_now(lambda db: warnings.save(db, signed(edited), entry("sign")))
    assert store.read(lambda db: warnings.find(db, "w-1")) == signed(edited)


def test_what_is_not_there_is_said(store: Store) -> None:
    store.write_now(lambda db: warnings.save(db, draft(), entry("draft")))
    for code, work in (
        ("warnings.unknown", lambda db: warnings.find(db, "w-9")),
        ("warnings.unknown", lambda db: warnings.cap_of(db, "w-9")),
        ("warnings.no_cap", lambda db: warnings.cap_of(db, "w-1")),
    ):
        with pytest.raises(StoreError) as refused:
            store.read(work)
        assert refused.value.code == code
        assert str(refused.value)
