"""From a finished warning to messages in the outbox, and what overdue receipts mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from models.errors import DeliveryError
from models.identity import new_id
from models.reach.outbox import DeliveryState, OutboxMessage
from models.warning.issuing_office import IssuingOffice
from models.warning.persons import plain_phone
from models.warning.products import Products
from models.warning.recipient import Recipient

CAP, TEXT = "cap", "text"
RECEIPT_DUE_AFTER = timedelta(minutes=10)
_NAMED_AT_MOST = 5


def check_drill_range(office: IssuingOffice, recipients: Iterable[Recipient]) -> None:
    """Refuse an exercise that would reach a real phone.

    Raises
    ------
    DeliveryError
        ``delivery.outside_drill`` naming the persons; in an exercise without
        declared drill numbers every phone is outside.
    """
    if not office.exercise:
        return
    allowed = tuple(prefix for prefix in (plain_phone(p) for p in office.drill_phones) if prefix)
    outside = [r for r in recipients if not allowed or not plain_phone(r.phone).startswith(allowed)]
    if outside:
        named = "、".join(f"{r.name} {r.phone}" for r in outside[:_NAMED_AT_MOST])
        raise DeliveryError(
            "delivery.outside_drill",
            count=len(outside),
            persons=named + ("…" if len(outside) > _NAMED_AT_MOST else ""),
            allowed="、".join(office.drill_phones) or "—",
        )


def messages_for(
    products: Products,
    office: IssuingOffice,
    at: datetime,
    *,
    channels: Sequence[str] = ("folder",),
    platform: str = "",
) -> tuple[OutboxMessage, ...]:
    """Return what goes out: on each channel one CAP message, and one text per person.

    Parameters
    ----------
    products : Products
        Made and checked from the signed warning, with its recipients.
    office : IssuingOffice
        Who issues.
    at : datetime
        When they are queued.
    channels : Sequence[str]
        Names on the shelf `models.reach.channels`.
    platform : str
        Address of the CAP message; by default the office's CAP sender.

    Returns
    -------
    tuple[OutboxMessage, ...]
        Each with an id of its own (UUIDv7) by which a receiver drops repeats.

    Raises
    ------
    DeliveryError
        See `check_drill_range`; then nothing at all is queued.
    """
    check_drill_range(office, (r for r, _ in products.messages))
    warning_id, address = products.issued.id, platform or office.cap_sender
    out = []
    for channel in channels:
        out.append(_message(warning_id, channel, CAP, office.name, address, products.cap_xml, at))
        out += [_message(warning_id, channel, TEXT, r.name, r.phone, text, at) for r, text in products.messages]
    return tuple(out)


def overdue(
    messages: Iterable[OutboxMessage], now: datetime, *, after: timedelta = RECEIPT_DUE_AFTER
) -> tuple[OutboxMessage, ...]:
    """Return as silent the messages that were handed over so long ago without a receipt."""
    return tuple(
        replace(m, state=DeliveryState.SILENT)
        for m in messages
        if m.state is DeliveryState.HANDED_OVER and m.handed_over_at is not None and now - m.handed_over_at >= after
    )


def _message(
    warning_id: str, channel: str, kind: str, recipient: str, address: str, body: str, at: datetime
) -> OutboxMessage:
    return OutboxMessage(new_id(), warning_id, channel, kind, recipient, address, body, at)
