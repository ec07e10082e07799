"""The outbox: what waits, what a channel took, what came back."""

from __future__ import annotations

import sqlite3
from functools import partial
from pathlib import Path

import pytest

from models.errors import StoreError
from models.reach.outbox import DeliveryState, Receipt
from models.store import outbox, warnings
from models.store.database import Store
from tests.models.store.values import draft, entry, keep_issued, messages, minutes, outsider

DELIVERED, FAILED = DeliveryState.DELIVERED, DeliveryState.FAILED


@pytest.fixture
def sent(store: Store) -> Store:
    """A store with an issued warning and three messages."""
    keep_issued(store)
    return store


def states(store: Store) -> list[str]:
    return [message.state.value for message in store.read(lambda db: outbox.messages(db, "w-1"))]


def test_handed_over_is_not_delivered_and_no_longer_waits(sent: Store) -> None:
    sent.write_now(lambda db: outbox.mark_handed_over(db, "w-1-m1", minutes(6)))
    assert states(sent) == ["queued", "handed_over", "queued"]
    assert [message.id for message in sent.read(outbox.queued)] == ["w-1-m0", "w-1-m2"]
    taken = sent.read(outbox.messages)[1]
    assert (taken.attempts, taken.handed_over_at) == (1, minutes(6))


def test_a_channel_that_refuses_leaves_the_message_waiting_with_the_reason(sent: Store) -> None:
    for minute in (6, 7):
        sent.write_now(partial(outbox.mark_error, id="w-1-m0", error="文件夹不可写", at=minutes(minute)))
    waiting = sent.read(outbox.queued)[0]
    assert (waiting.state, waiting.attempts, waiting.error) == (DeliveryState.QUEUED, 2, "文件夹不可写")
    sent.write_now(lambda db: outbox.mark_handed_over(db, "w-1-m0", minutes(8)))
    taken = sent.read(outbox.messages)[0]
    assert (taken.state, taken.attempts, taken.error) == (DeliveryState.HANDED_OVER, 3, "")


def test_a_receipt_counts_once(sent: Store) -> None:
    receipt = Receipt("r-1", "w-1-m0", DELIVERED, minutes(9), "已送达")
    assert sent.write_now(lambda db: outbox.add_receipt(db, receipt)) is True
    assert sent.write_now(lambda db: outbox.add_receipt(db, receipt)) is False
    assert sent.read(lambda db: outbox.receipts(db, "w-1")) == (receipt,)
    assert states(sent) == ["delivered", "queued", "queued"]


def test_a_receipt_for_a_message_of_another_desk_is_not_kept(sent: Store) -> None:
    assert sent.write_now(lambda db: outbox.add_receipt(db, Receipt("r-1", "other", DELIVERED, minutes(9)))) is False
    assert sent.read(lambda db: outbox.receipts(db, "w-1")) == ()


def test_what_reached_somebody_has_reached_him(sent: Store) -> None:
    for number, state in enumerate((FAILED, DELIVERED, FAILED)):
        receipt = Receipt(f"r-{number}", "w-1-m0", state, minutes(9 + number))
        sent.write_now(partial(outbox.add_receipt, receipt=receipt))
    assert states(sent)[0] == "delivered"
    assert len(sent.read(lambda db: outbox.receipts(db, "w-1"))) == 3


def test_a_message_handed_over_again_after_its_receipt_stays_delivered(sent: Store) -> None:
    """After a kill the hand-over is repeated; the answer may be there already."""
    sent.write_now(lambda db: outbox.add_receipt(db, Receipt("r-1", "w-1-m0", DELIVERED, minutes(9))))
    sent.write_now(lambda db: outbox.mark_handed_over(db, "w-1-m0", minutes(10)))
    assert states(sent)[0] == "delivered"


def test_silence_is_marked_and_broken_by_a_late_receipt(sent: Store) -> None:
    sent.write_now(lambda db: outbox.mark_handed_over(db, "w-1-m0", minutes(6)))
    sent.write_now(lambda db: outbox.mark_handed_over(db, "w-1-m1", minutes(8)))
    silent = sent.write_now(lambda db: outbox.mark_silent(db, minutes(6)))
    assert [message.id for message in silent] == ["w-1-m0"]
    assert states(sent) == ["silent", "handed_over", "queued"]
    assert sent.write_now(lambda db: outbox.mark_silent(db, minutes(6))) == ()
    sent.write_now(lambda db: outbox.add_receipt(db, Receipt("r-1", "w-1-m0", DELIVERED, minutes(30))))
    assert states(sent)[0] == "delivered"


def test_a_gateway_that_numbers_anew_for_each_message_loses_no_receipt(sent: Store) -> None:
    for message in ("w-1-m0", "w-1-m1"):
        first, again = (Receipt("1", message, state, minutes(9)) for state in (DELIVERED, FAILED))
        assert sent.write_now(partial(outbox.add_receipt, receipt=first))
        assert not sent.write_now(partial(outbox.add_receipt, receipt=again))
    assert states(sent) == ["delivered", "delivered", "queued"]
    assert [r.id for r in sent.read(lambda db: outbox.receipts(db, "w-1"))] == ["1", "1@w-1-m1"]


def test_a_message_nobody_knows_is_said(sent: Store) -> None:
    for work in (
        lambda db: outbox.mark_handed_over(db, "ghost", minutes(1)),
        lambda db: outbox.mark_error(db, "ghost", "x", minutes(1)),
    ):
        with pytest.raises(StoreError) as refused:
            sent.write_now(work)
        assert refused.value.code == "outbox.unknown"


def test_nothing_goes_out_of_a_warning_that_is_not_issued(store: Store) -> None:
    store.write_now(lambda db: warnings.save(db, draft(), entry("draft")))
    with pytest.raises(StoreError) as refused:
        store.write_now(lambda db: outbox.put(db, messages()[0]))
    assert refused.value.code == "outbox.not_issued"


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM outbox",
        "UPDATE outbox SET body = 'other'",
        "UPDATE outbox SET address = '110'",
        "UPDATE outbox SET recipient = 'x'",
        "UPDATE OR REPLACE outbox SET id = 'w-1-m1' WHERE id = 'w-1-m0'",
        "REPLACE INTO outbox SELECT * FROM outbox WHERE id = 'w-1-m0'",
        "DELETE FROM receipts",
        "UPDATE receipts SET state = 'failed'",
        "REPLACE INTO receipts SELECT id, message_id, 'failed', at, detail FROM receipts",
    ],
)
def test_what_went_out_and_what_came_back_is_never_changed(sent: Store, path: Path, statement: str) -> None:
    sent.write_now(lambda db: outbox.add_receipt(db, Receipt("r-1", "w-1-m0", DELIVERED, minutes(9))))
    db = outsider(path)
    with pytest.raises(sqlite3.IntegrityError, match=r"(outbox|receipts)\."):
        db.execute(statement)
    db.close()
