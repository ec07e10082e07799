"""How times and values are written into rows, and read back."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import Enum
from pathlib import PurePath
from typing import Any


def time_text(at: datetime) -> str:
    """Return UTC ISO text of one fixed length, so that text order is time order.

    Raises
    ------
    ValueError
        If ``at`` has no zone.

    Examples
    --------
    >>> time_text(datetime(2026, 5, 1, 8, 30, tzinfo=UTC))
    '2026-05-01T08:30:00.000000Z'
    """
    if at.tzinfo is None:
        raise ValueError(f"a time without a zone cannot be kept: {at!r}")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def time_or_null(at: datetime | None) -> str | None:
    """Return `time_text`, or None for a time that has not come."""
    return None if at is None else time_text(at)


def time_of(text: str) -> datetime:
    """Return the aware UTC time of a row; the inverse of `time_text`."""
    return datetime.fromisoformat(text).astimezone(UTC)


def time_or_none(text: str | None) -> datetime | None:
    """Return `time_of`, or None where the row has none."""
    return None if text is None else time_of(text)


def plain(value: object) -> Any:
    """Return a value as JSON knows it: times and enums as text, NaN and infinities as None, sets sorted.

    Raises
    ------
    TypeError
        If a value has no plain form.
    """
    for kinds, form in _FORMS:
        if isinstance(value, kinds):
            return form(value)
    if hasattr(value, "item"):  # a numpy scalar
        return plain(value.item())
    raise TypeError(f"{type(value).__name__} has no plain form")


_FORMS: tuple[tuple[tuple[type, ...], Callable[[Any], Any]], ...] = (
    ((Enum,), lambda value: plain(value.value)),
    ((type(None), bool, int), lambda value: value),
    ((str, PurePath), str),
    ((float,), lambda value: float(value) if math.isfinite(value) else None),
    ((datetime,), time_text),
    ((Mapping,), lambda value: {str(plain(key)): plain(item) for key, item in value.items()}),
    ((list, tuple), lambda value: [plain(item) for item in value]),
    ((set, frozenset), lambda value: sorted(plain(item) for item in value)),
)


def json_text(value: object) -> str:
    """Return canonical JSON: keys sorted, no spaces, no escapes but those JSON asks for.

    Examples
    --------
    >>> json_text({"b": (1, 2.5), "a": "雨"})
    '{"a":"雨","b":[1,2.5]}'
    """
    return json.dumps(plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
