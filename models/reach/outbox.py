"""Messages on their way out, and the receipts that come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DeliveryState(StrEnum):
    """Queued → handed over (the channel took it) → delivered or failed by receipt.

    ``SILENT`` is a message whose receipt is overdue: not delivered as far as we know.
    """

    QUEUED = "queued"
    HANDED_OVER = "handed_over"
    DELIVERED = "delivered"
    FAILED = "failed"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """One message to one recipient over one channel.

    ``id`` travels with the message; a receiver drops repeats by it. ``kind`` is
    ``cap`` or ``text``; ``body`` is what is sent.
    """

    id: str
    warning_id: str
    channel: str
    kind: str
    recipient: str
    address: str
    body: str
    created_at: datetime
    state: DeliveryState = DeliveryState.QUEUED
    attempts: int = 0
    handed_over_at: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the other side said of one message."""

    id: str
    message_id: str
    state: DeliveryState
    at: datetime
    detail: str = ""
