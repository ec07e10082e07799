"""Rows of records that a hand outside of the console has damaged: they are named, and the others are read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import shapely

from models.errors import StoreError
from models.hazard.register import can_be_judged
from models.register.description import HAZARD_POINTS

Row = tuple[Any, ...]
"""Register, id, then `record_rows.BODY`."""
_PARTS = {
    "values": ("字段", "fields"),
    "others": ("其他列", "other columns"),
    "shape": ("图形", "shape"),
    "place": ("位置", "place"),
    "text": ("文字", "text"),
    "thresholds": ("阈值", "thresholds"),
}
_UNREAD = object()


def whole_rows(some: Sequence[Row], damaged: list[StoreError] | None = None) -> Iterator[tuple[Row, Any, Any]]:
    """Yield the rows that can be read, each with its fields and other columns.

    Parameters
    ----------
    some : sequence of rows
        So many as are read in one go.
    damaged : list of StoreError, optional
        Takes a ``register.damaged`` for each row that is left out, and for a hazard point that no verdict could rest on.
    """
    values, others = texts_of([row[8] for row in some]), texts_of([row[9] for row in some])
    bad_shapes = _bad_shapes(some)
    deep = damaged is not None and any(row[0] == HAZARD_POINTS for row in some)
    if not bad_shapes and not deep and _all_sound(some, values, others):
        yield from zip(some, values, others, strict=True)
        return
    for number, (row, value, other) in enumerate(zip(some, values, others, strict=True)):
        part = "shape" if number in bad_shapes else _part(row, value, other)
        if not part:
            yield row, value, other
        if damaged is not None:
            if not part and row[0] == HAZARD_POINTS and not can_be_judged(value.get("thresholds")):
                part = "thresholds"
            if part:
                damaged.append(fault_of(row, part))


def _part(row: Row, value: Any, other: Any) -> str:
    """Return which part of a row cannot be read, empty if all can."""
    if type(value) is not dict:
        return "values"
    if type(other) is not dict:
        return "others"
    if not (_is_number(row[4], 180) and _is_number(row[5], 90)):
        return "place"
    return "" if all(type(text) is str for text in (row[2], row[3], row[6], row[7])) else "text"


def _all_sound(some: Sequence[Row], values: list[Any], others: list[Any]) -> bool:
    """Look at many rows at once, column by column."""
    columns = list(zip(*some, strict=True))
    return (
        set(map(type, values)) == {dict}
        and set(map(type, others)) == {dict}
        and all(set(map(type, columns[n])) == {str} for n in (2, 3, 6, 7))
        and _all_numbers(columns[4], 180)
        and _all_numbers(columns[5], 90)
    )


def _all_numbers(column: Sequence[Any], most: float) -> bool:
    numbers = [value for value in column if value is not None]
    return set(map(type, numbers)) <= {float, int} and (not numbers or (-most <= min(numbers) and max(numbers) <= most))


def fault_of(row: Row, part: str) -> StoreError:
    """Return what is told of a damaged row; ``row`` begins with register, id and name."""
    zh, en = _PARTS[part]
    name = row[2] if isinstance(row[2], str) else ""
    return StoreError("register.damaged", register=row[0], id=row[1], name=name, part=zh, part_en=en)


def texts_of(texts: Sequence[Any]) -> list[Any]:
    """Return what texts of JSON hold, read in one go; an object that is no JSON for a text that is none."""
    try:
        read: list[Any] = json.loads(f"[{','.join(texts)}]")
        if len(read) == len(texts):
            return read
    except (ValueError, TypeError, RecursionError):
        pass
    return [_one(text) for text in texts]


def _one(text: Any) -> Any:
    try:
        return json.loads(text) if isinstance(text, str) else _UNREAD
    except (ValueError, RecursionError):
        return _UNREAD


def _bad_shapes(some: Iterable[Row]) -> frozenset[int]:
    shaped = [(n, row[10]) for n, row in enumerate(some) if row[10] != b""]
    if not shaped:
        return frozenset()
    bad = {n for n, wkb in shaped if type(wkb) is not bytes}
    shaped = [(n, wkb) for n, wkb in shaped if n not in bad]
    if shaped:
        read = shapely.from_wkb(np.array([wkb for _, wkb in shaped], dtype=object), on_invalid="ignore")
        lost = shapely.is_missing(read) | shapely.is_empty(read)
        bad |= {n for (n, _), is_lost in zip(shaped, lost.tolist(), strict=True) if is_lost}
    return frozenset(bad)


def _is_number(value: Any, most: float) -> bool:
    return value is None or (type(value) in {float, int} and -most <= value <= most)
