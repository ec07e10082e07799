"""The outbox: what has to go out, what a channel took, and what came back.

A message is written once, with the issue of its warning; only its delivery
moves. Handing over is repeated after a crash, so a receiver drops repeats by
the message's id.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from models.errors import StoreError
from models.reach.outbox import DeliveryState, OutboxMessage, Receipt
from models.store.text_form import time_of, time_or_none, time_or_null, time_text

_COLUMNS = "id, warning_id, channel, kind, recipient, address, body, created_at, state, attempts, handed_over_at, error"


def put(db: Database, message: OutboxMessage) -> None:
    """Queue a message of a warning that is issued in this same transaction.

    Raises
    ------
    StoreError
        ``outbox.not_issued`` or ``outbox.exists``.
    """
    m = message
    row = [
        *(m.id, m.warning_id, m.channel, m.kind, m.recipient, m.address, m.body, time_text(m.created_at)),
        *(m.state.value, m.attempts, time_or_null(m.handed_over_at), m.error),
    ]
    db.execute(f"INSERT INTO outbox ({_COLUMNS}) VALUES ({', '.join('?' * len(row))})", row)


def queued(db: Database) -> tuple[OutboxMessage, ...]:
    """Return what no channel has taken yet, oldest first."""
    return _messages(db, "state = 'queued'", [])


def messages(db: Database, warning_id: str | None = None) -> tuple[OutboxMessage, ...]:
    """Return the messages of one warning, or all of them, oldest first."""
    if warning_id is None:
        return _messages(db, "1", [])
    return _messages(db, "warning_id = ?", [warning_id])


def recent(db: Database, since: datetime) -> tuple[OutboxMessage, ...]:
    """Return the messages made since a moment, oldest first."""
    return _messages(db, "created_at >= ?", [time_text(since)])


def recent_receipts(db: Database, since: datetime) -> tuple[Receipt, ...]:
    """Return the receipts given since a moment, oldest first."""
    rows = db.execute(
        "SELECT id, message_id, state, at, detail FROM receipts WHERE at >= ? ORDER BY at, id", [time_text(since)]
    )
    return tuple(Receipt(rid, mid, DeliveryState(state), time_of(at), detail) for rid, mid, state, at, detail in rows)


def mark_handed_over(db: Database, id: str, at: datetime) -> None:  # noqa: A002 (the word of the seam)
    """Say that the channel took a message. One that is answered already stays answered.

    Raises
    ------
    StoreError
        ``outbox.unknown``.
    """
    _find(db, id)
    db.execute(
        "UPDATE outbox SET attempts = attempts + 1, tried_at = ?1, handed_over_at = ?1, error = '',"
        " state = CASE WHEN state IN ('queued', 'silent') THEN 'handed_over' ELSE state END WHERE id = ?2",
        [time_text(at), id],
    )


def mark_error(db: Database, id: str, error: str, at: datetime) -> None:  # noqa: A002 (the word of the seam)
    """Say why the channel could not take a message; it stays queued.

    Raises
    ------
    StoreError
        ``outbox.unknown``.
    """
    _find(db, id)
    db.execute(
        "UPDATE outbox SET attempts = attempts + 1, tried_at = ?, error = ? WHERE id = ?", [time_text(at), error, id]
    )


def add_receipt(db: Database, receipt: Receipt) -> bool:
    """Keep what the other side said of a message; False if it is a repeat or speaks of no message of ours.

    A gateway that numbers its receipts anew for each message loses none of them:
    where the id stands for another message, it is kept as ``id@message``.
    """
    known = db.execute("SELECT state FROM outbox WHERE id = ?", [receipt.message_id]).fetchone()
    there = db.execute("SELECT message_id FROM receipts WHERE id = ?", [receipt.id]).fetchone()
    if there is not None and there[0] != receipt.message_id:
        receipt = replace(receipt, id=f"{receipt.id}@{receipt.message_id}")
        there = db.execute("SELECT message_id FROM receipts WHERE id = ?", [receipt.id]).fetchone()
    if known is None or there is not None:
        return False
    db.execute(
        "INSERT INTO receipts (id, message_id, state, at, detail) VALUES (?, ?, ?, ?, ?)",
        [receipt.id, receipt.message_id, receipt.state.value, time_text(receipt.at), receipt.detail],
    )
    if known[0] != DeliveryState.DELIVERED.value:  # what reached somebody has reached him
        db.execute("UPDATE outbox SET state = ? WHERE id = ?", [receipt.state.value, receipt.message_id])
    return True


def knows(db: Database, message_id: str) -> bool:
    """Say whether a message is one of ours."""
    return db.execute("SELECT 1 FROM outbox WHERE id = ?", [message_id]).fetchone() is not None


def receipts(db: Database, warning_id: str) -> tuple[Receipt, ...]:
    """Return the receipts of one warning's messages, oldest first."""
    rows = db.execute(
        "SELECT r.id, r.message_id, r.state, r.at, r.detail FROM receipts AS r JOIN outbox AS o ON o.id = r.message_id"
        " WHERE o.warning_id = ? ORDER BY r.at, r.id",
        [warning_id],
    )
    return tuple(Receipt(rid, mid, DeliveryState(state), time_of(at), detail) for rid, mid, state, at, detail in rows)


def mark_silent(db: Database, before_at: datetime) -> tuple[OutboxMessage, ...]:
    """Mark and return what was handed over at or before ``before_at`` and has no receipt."""
    overdue = _messages(db, "state = 'handed_over' AND handed_over_at <= ?", [time_text(before_at)])
    for message in overdue:
        db.execute("UPDATE outbox SET state = 'silent' WHERE id = ?", [message.id])
    return tuple(_messages(db, "id = ?", [message.id])[0] for message in overdue)


def _find(db: Database, message_id: str) -> None:
    if db.execute("SELECT 1 FROM outbox WHERE id = ?", [message_id]).fetchone() is None:
        raise StoreError("outbox.unknown", message=message_id)


def _messages(db: Database, condition: str, values: list[Any]) -> tuple[OutboxMessage, ...]:
    rows = db.execute(f"SELECT {_COLUMNS} FROM outbox WHERE {condition} ORDER BY created_at, id", values)
    return tuple(_message(row) for row in rows)


def _message(row: tuple[Any, ...]) -> OutboxMessage:
    (mid, warning_id, channel, kind, recipient, address, body, created_at, state, attempts, handed_at, error) = row
    return OutboxMessage(
        *(mid, warning_id, channel, kind, recipient, address, body, time_of(created_at)),
        state=DeliveryState(state),
        attempts=attempts,
        handed_over_at=time_or_none(handed_at),
        error=error,
    )
