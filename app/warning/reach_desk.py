"""Messages out, receipts back: the outbox is worked off and every answer is kept."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.clock import Clock
from app.jobs import Jobs
from models.act import JournalEntry
from models.errors import ConsoleError, DeliveryError
from models.rain.late import AHEAD
from models.reach.channels import Channel
from models.reach.outbox import DeliveryState, OutboxMessage, Receipt
from models.store import journal, outbox
from models.store.database import Database, Store

_log = logging.getLogger(__name__)
Sent = tuple[OutboxMessage, ...]
KEPT = timedelta(hours=48)


def work_off(store: Store, channels: Mapping[str, Channel], clock: Clock) -> int:
    """Hand every queued message to its channel; returns how many a channel refused.

    A message that a channel took twice because the console died between the
    hand-over and its note goes out twice under one id; receivers drop repeats.
    """
    refused = 0
    for message in store.read(outbox.queued):
        channel = channels.get(message.channel)
        try:
            if channel is None:
                raise DeliveryError("delivery.no_channel", channel=message.channel, known=", ".join(channels))
            channel.send(message)
        except ConsoleError as error:
            refused += 1
            store.write_now(partial(_refused, message=message, reason=str(error), at=clock.now()))
        else:
            store.write_now(partial(_handed_over, message=message, at=clock.now()))
    return refused


def _handed_over(db: Database, message: OutboxMessage, at: datetime) -> None:
    outbox.mark_handed_over(db, message.id, at)
    facts: dict[str, object] = {"recipient": message.recipient, "address": message.address, "channel": message.channel}
    journal.append(db, JournalEntry("system", "message.handed_over", f"message:{message.id}", at, after=facts))


def _refused(db: Database, message: OutboxMessage, reason: str, at: datetime) -> None:
    """Note why a channel refused; the same reason again is no new line."""
    outbox.mark_error(db, message.id, reason, at)
    if message.error != reason:
        facts: dict[str, object] = {"recipient": message.recipient, "channel": message.channel, "detail": reason}
        journal.append(db, JournalEntry("system", "message.refused", f"message:{message.id}", at, after=facts))


def _keep(db: Database, receipt: Receipt, recipient: str, at: datetime, claimed_at: datetime | None = None) -> bool:
    """Keep a receipt with its journal line; a repeated one changes nothing."""
    new = outbox.add_receipt(db, receipt)
    if new:
        facts: dict[str, object] = {"recipient": recipient, "state": receipt.state.value, "detail": receipt.detail}
        if claimed_at is not None:
            facts["claimed_at"] = claimed_at
        journal.append(db, JournalEntry("system", "message.receipt", f"message:{receipt.message_id}", at, after=facts))
    return new


class ReachDesk(QObject):
    """Leads what goes out and what comes back.

    Signals
    -------
    messages_changed(tuple[OutboxMessage, ...])   of the newest warnings, with their state
    receipt_refused(str, Exception)               a receipt's file, and why it counts for nothing
    failed(Exception)                             a channel or the store refused
    """

    messages_changed = Signal(object)
    receipt_refused = Signal(str, object)
    failed = Signal(object)

    def __init__(
        self, jobs: Jobs, store: Store, *, channels: Mapping[str, Channel], clock: Clock, receipt_wait: timedelta
    ) -> None:
        super().__init__()
        self._jobs, self._store, self._clock = jobs, store, clock
        self._channels, self._receipt_wait = dict(channels), receipt_wait
        self._messages: Sent = ()
        self._answered_at: dict[str, datetime] = {}
        self._refused = 0

    @property
    def messages(self) -> Sent:
        """All messages that the desk knows, oldest first."""
        return self._messages

    @property
    def channels_refusing(self) -> int:
        """How many messages a channel refused at the last try."""
        return self._refused

    @property
    def answered_at(self) -> dict[str, datetime]:
        """When each answered message was answered."""
        return self._answered_at

    def of(self, warning_id: str) -> Sent:
        """The messages of one warning."""
        return tuple(m for m in self._messages if m.warning_id == warning_id)

    def send(self) -> None:
        """Work the outbox off."""
        self._jobs.start(
            "outbox",
            partial(work_off, self._store, self._channels, self._clock),
            on_done=self._on_sent,
            on_error=self.failed.emit,
        )

    def take_receipt(self, receipt: Receipt, file: str) -> None:
        """Keep an answer; a repeated one changes nothing, one to a message that was never sent is refused."""
        message, at = next((m for m in self._messages if m.id == receipt.message_id), None), self._clock.now()
        recipient, kept, claimed_at = message.recipient if message else "", receipt, None
        if message is not None and not message.created_at - AHEAD <= receipt.at <= at + AHEAD:
            # The answer is true, its clock is not: it counts from when it came, and the journal keeps what it claimed.
            kept, claimed_at = replace(receipt, at=at), receipt.at

        def work(db: Database) -> bool:
            return _keep(db, kept, recipient, at, claimed_at) or outbox.knows(db, receipt.message_id)

        self._jobs.follow(
            self._store.write(work), on_done=partial(self._on_receipt, receipt, file), on_error=self.failed.emit
        )

    def tick(self) -> None:
        """Look at the clock: whose receipt is overdue; try again what a channel refused."""
        overdue_at = self._clock.now() - self._receipt_wait
        waiting = [m for m in self._messages if m.state is DeliveryState.HANDED_OVER]
        if any(m.handed_over_at is not None and m.handed_over_at < overdue_at for m in waiting):
            self._jobs.follow(
                self._store.write(partial(outbox.mark_silent, before_at=overdue_at)),
                on_done=lambda _: self.refresh(),
                on_error=self.failed.emit,
            )
        if any(m.state is DeliveryState.QUEUED for m in self._messages):
            self.send()

    def refresh(self) -> None:
        """Read the outbox again."""
        since = self._clock.now() - KEPT

        def work(db: Database) -> tuple[Sent, tuple[Receipt, ...]]:
            return outbox.recent(db, since), outbox.recent_receipts(db, since)

        self._jobs.start(
            "outbox.read", partial(self._store.read, work), on_done=self._on_read, on_error=self.failed.emit
        )

    def _on_receipt(self, receipt: Receipt, file: str, known: bool) -> None:
        if known:
            self.refresh()
        else:
            error = DeliveryError("feed.unknown_message", receipt=receipt.id, message=receipt.message_id)
            self.receipt_refused.emit(file, error)

    def _on_sent(self, refused: int) -> None:
        self._refused = refused
        if refused:
            _log.warning("channels refused %d messages", refused)
        self.refresh()

    def _on_read(self, answer: tuple[Sent, tuple[Receipt, ...]]) -> None:
        messages, receipts = answer
        self._answered_at = {r.message_id: r.at for r in receipts}
        if messages != self._messages:
            self._messages = messages
            self.messages_changed.emit(messages)
