"""What is typed into a filter: one of several words, at least so many, empty, overdue."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_COMPARED = re.compile(r"^(>=|≥|<=|≤|>|<|=)\s*(\d+(?:\.\d+)?|\d{4}-\d{1,2}(?:-\d{1,2})?)\s*\D*$")
_BETWEEN = re.compile(r"^(\d+(?:\.\d+)?)\s*(?:\.\.|–|~|至)\s*(\d+(?:\.\d+)?)\s*\D*$")
_DAY = re.compile(r"^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?$")
_SPLIT = re.compile(r"[\s,，、;；|]+")


class Asked(StrEnum):
    """What a filter asks for."""

    WORDS = "words"
    """One of several words stands in the cell."""
    RANGE = "range"
    """The figure, or for a date its age in days, lies between two."""
    DAYS = "days"
    """The date lies between two."""
    EMPTY = "empty"
    FILLED = "filled"
    OVERDUE = "overdue"


_SAID = {
    **dict.fromkeys(("空", "缺", "—", "empty", "none"), Asked.EMPTY),
    **dict.fromkeys(("非空", "*", "filled"), Asked.FILLED),
    **dict.fromkeys(("逾期", "overdue"), Asked.OVERDUE),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One filter. ``words`` are in small letters; ``least`` and ``most`` bound a figure, or a day's ordinal."""

    asked: Asked
    words: tuple[str, ...] = ()
    least: float = float("-inf")
    most: float = float("inf")


def condition(typed: str) -> Condition | None:
    """Return what a filter asks for, None if nothing was typed.

    Examples
    --------
    >>> condition("≥ 100 人").least
    100.0
    >>> condition("石坑 白水").words
    ('石坑', '白水')
    """
    said = typed.strip().casefold()
    if not said:
        return None
    if said in _SAID:
        return Condition(_SAID[said])
    if compared := _COMPARED.match(said):
        return _compared(compared[1], compared[2])
    if between := _BETWEEN.match(said):
        return Condition(Asked.RANGE, (), float(between[1]), float(between[2]))
    return Condition(Asked.WORDS, tuple(word for word in _SPLIT.split(said) if word))


def _compared(sign: str, operand: str) -> Condition:
    asked, low, high = Asked.RANGE, 0.0, 0.0
    if day := _DAY.match(operand):
        asked = Asked.DAYS
        low, high = _span(int(day[1]), int(day[2]), int(day[3]) if day[3] else None)
    else:
        low = high = float(operand)
    least, most = float("-inf"), float("inf")
    # One step beyond a figure that is itself left out: the next float, so that 100.5 is more than 100.
    match sign:
        case ">=" | "≥":
            least = low
        case "<=" | "≤":
            most = high
        case ">":
            least = high + 1 if asked is Asked.DAYS else _beyond(high)
        case "<":
            most = low - 1 if asked is Asked.DAYS else -_beyond(-low)
        case _:
            least, most = low, high
    return Condition(asked, (), least, most)


def _beyond(figure: float) -> float:
    return figure + max(abs(figure), 1.0) * 1e-9


def _span(year: int, month: int, day: int | None) -> tuple[float, float]:
    """Return the first and last day of what was typed as ordinals; nothing lies in a day that is none."""
    try:
        first = date(year, month, day or 1)
    except ValueError:
        return float("inf"), float("-inf")
    if day is not None:
        return float(first.toordinal()), float(first.toordinal())
    after = date(year + month // 12, month % 12 + 1, 1)
    return float(first.toordinal()), float(after.toordinal() - 1)
