"""Two edits of one record that began at the same state: field by field, the later one keeps what it did not touch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from models.register.record import Record

_V = TypeVar("_V")
_PLAIN = ("name", "kind", "town", "village")
_PLACE = ("lon_deg", "lat_deg", "wkb")


def with_other_edits(opened: Record, mine: Record, now: Record) -> tuple[Record, tuple[str, ...]]:
    """Merge an edit with what others wrote since it began.

    Parameters
    ----------
    opened : Record
        What stood there when the edit began.
    mine : Record
        What the edit made of it.
    now : Record
        What stands there now.

    Returns
    -------
    tuple[Record, tuple[str, ...]]
        What stands there now with the fields that the edit changed, and the keys of the fields
        that both changed, each to something else; longitude, latitude and shape are one field, ``place``.
    """
    both: list[str] = []

    def chosen(key: str, was: _V, wanted: _V, stands: _V) -> _V:
        if wanted == was:
            return stands
        if stands not in (was, wanted):
            both.append(key)
        return wanted

    plain = {key: chosen(key, getattr(opened, key), getattr(mine, key), getattr(now, key)) for key in _PLAIN}
    place = chosen("place", *(tuple(getattr(one, key) for key in _PLACE) for one in (opened, mine, now)))

    def mapped(was: Mapping[str, _V], wanted: Mapping[str, _V], stands: Mapping[str, _V]) -> dict[str, _V]:
        chose = {
            key: chosen(key, was.get(key), wanted.get(key), stands.get(key)) for key in {**stands, **wanted, **was}
        }
        return {key: value for key, value in chose.items() if value is not None}

    values = mapped(opened.values, mine.values, now.values)
    others = mapped(opened.others, mine.others, now.others)
    made = replace(now, **plain, **dict(zip(_PLACE, place, strict=True)), values=values, others=others)
    return made, tuple(both)
