"""Receipts: read whole, or refused with the field and the reason."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from models.errors import DataError
from models.reach.outbox import DeliveryState, Receipt
from models.reach.receipts import LARGEST_BYTES, read_receipt, write_receipt

GOOD = {"receipt": "r1", "message": "m1", "state": "delivered", "at": "2026-06-18T03:15:00+08:00", "detail": "短信已达"}


def data(**change: object) -> bytes:
    content = {**GOOD, **change}
    return json.dumps({k: v for k, v in content.items() if v is not ...}, ensure_ascii=False).encode()


def test_a_receipt_is_read_with_its_time_in_utc() -> None:
    expected = Receipt("r1", "m1", DeliveryState.DELIVERED, datetime(2026, 6, 17, 19, 15, tzinfo=UTC), "短信已达")
    assert read_receipt(data()) == expected
    assert read_receipt(b"\xef\xbb\xbf" + data()) == expected


def test_a_failure_without_detail_is_a_receipt_too() -> None:
    receipt = read_receipt(data(state="failed", detail=...))
    assert (receipt.state, receipt.detail) == (DeliveryState.FAILED, "")


def test_what_is_written_is_read_back() -> None:
    receipt = read_receipt(data())
    assert read_receipt(write_receipt(receipt)) == receipt


def test_a_long_detail_is_cut() -> None:
    assert len(read_receipt(data(detail="长" * 9_000)).detail) == 500


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "receipt.broken"),
        (b"{", "receipt.broken"),
        (b"\xff\xfe", "receipt.broken"),
        (b"[" * 50_000, "receipt.broken"),
        (b"[]", "receipt.no_object"),
        (b" " * (LARGEST_BYTES + 1), "receipt.too_large"),
        (data(receipt=...), "receipt.field"),
        (data(message=""), "receipt.field"),
        (data(message=7), "receipt.field"),
        (data(detail=["x"]), "receipt.field"),
        (data(state=...), "receipt.field"),
        (data(state="queued"), "receipt.state"),
        (data(at="yesterday"), "receipt.time"),
        (data(at="2026-06-18T03:15:00"), "receipt.time"),
    ],
)
def test_a_broken_receipt_is_refused_with_a_sentence(content: bytes, code: str) -> None:
    with pytest.raises(DataError) as caught:
        read_receipt(content)
    assert caught.value.code == code
    for language in ("zh", "en"):
        assert "{" not in caught.value.sentence(language) or code == "receipt.broken"
