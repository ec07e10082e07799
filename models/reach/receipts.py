"""Receipts as gateways write them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from models.errors import DataError
from models.reach.outbox import DeliveryState, Receipt

LARGEST_BYTES = 100_000
_STATES = {"delivered": DeliveryState.DELIVERED, "failed": DeliveryState.FAILED}
_MOST_DETAIL = 500


def read_receipt(data: bytes) -> Receipt:
    """Read one receipt: ``{"receipt", "message", "state": "delivered"|"failed", "at", "detail"}``.

    Raises
    ------
    DataError
        ``receipt.*`` naming the field and what is wrong with it.
    """
    if len(data) > LARGEST_BYTES:
        raise DataError("receipt.too_large", most=LARGEST_BYTES)
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as broken:
        raise DataError("receipt.broken", cause=str(broken)) from broken
    if not isinstance(found, dict):
        raise DataError("receipt.no_object")
    state = _text(found, "state")
    if state not in _STATES:
        raise DataError("receipt.state", value=state, allowed=", ".join(_STATES))
    detail = found.get("detail", "")
    if not isinstance(detail, str):
        raise DataError("receipt.field", field="detail")
    return Receipt(
        _text(found, "receipt"), _text(found, "message"), _STATES[state], _moment(found), detail[:_MOST_DETAIL]
    )


def write_receipt(receipt: Receipt) -> bytes:
    """Return a receipt in the form that `read_receipt` reads; a gateway stand-in uses it."""
    content = {
        "receipt": receipt.id,
        "message": receipt.message_id,
        "state": receipt.state.value,
        "at": receipt.at.astimezone(UTC).isoformat(),
        "detail": receipt.detail,
    }
    return json.dumps(content, ensure_ascii=False).encode("utf-8")


def _text(found: dict[str, Any], field: str) -> str:
    value = found.get(field)
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise DataError("receipt.field", field=field)
    return value.strip()


def _moment(found: dict[str, Any]) -> datetime:
    text = _text(found, "at")
    try:
        at = datetime.fromisoformat(text)
        utc = at.astimezone(UTC)
    except (ValueError, OverflowError) as broken:  # the year 1 east of Greenwich has no UTC
        raise DataError("receipt.time", value=text) from broken
    if at.tzinfo is None:
        raise DataError("receipt.time", value=text)
    return utc
