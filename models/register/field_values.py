"""What a cell says in a field of a register: text, number, date, yes or no, choice, link."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache

from models.register.description import Choice, FieldDescription, FieldType
from models.register.finding import Fact
from models.register.header_lines import number_in
from models.register.record import Value
from models.register.table import Cell, as_text
from models.register.values import in_unit, phone_text

NOTHING = frozenset({"-", "—", "－", "--", "/", "\\", "n/a", "#n/a", "null", "none", "nan", "无", "暂无", "空"})
"""Words for an empty cell where a field is no text."""
YES = frozenset({"是", "有", "yes", "y", "true", "1", "√", "✓", "对"})
NO = frozenset({"否", "无", "没有", "no", "n", "false", "0", "×", "x", "✗"})
_DATE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_DATE_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_EXCEL_DAY_0 = date(1899, 12, 30)
_EXCEL_DAYS = (20_000, 80_000)
_SEVERAL = re.compile(r"[;；、,，]+")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a cell says nothing in its field: a code under ``found`` with its facts."""

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


Reader = Callable[[Cell], Value | Fault]


def reader(description: FieldDescription) -> Reader:
    """Return what reads the cells of a field: a plain value, None for an empty cell, or a `Fault`."""
    read = _READERS[description.type]

    def one(cell: Cell) -> Value | Fault:
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            return None
        return read(cell, description)

    return one


def choice_of(text: str, choices: tuple[Choice, ...]) -> Choice | None:
    """Return the choice that a word means, by key, title or known word; None if it means none."""
    return _choice_words(choices).get(_plain(text))


def choice_words(choices: tuple[Choice, ...]) -> tuple[str, str]:
    """Return the words of choices for a sentence, in Chinese and in English."""
    return "、".join(one.title.zh for one in choices), ", ".join(one.title.en for one in choices)


@cache
def _choice_words(choices: tuple[Choice, ...]) -> dict[str, Choice]:
    return {
        _plain(word): one
        for one in reversed(choices)
        for word in (*one.known, one.title.zh, one.title.en, one.key)
    }  # fmt: skip


def _plain(text: str) -> str:
    return re.sub(r"[\s_]+", "", unicodedata.normalize("NFKC", text).casefold())


def _text(cell: Cell, _: FieldDescription) -> Value | Fault:
    return as_text(cell) or None


def _phone(cell: Cell, _: FieldDescription) -> Value | Fault:
    text = phone_text(as_text(cell))
    return None if not text or unicodedata.normalize("NFKC", text).casefold() in NOTHING else text


def _number(cell: Cell, description: FieldDescription) -> Value | Fault:
    value = number_in(cell)
    if math.isnan(value) and isinstance(cell, str):
        word = unicodedata.normalize("NFKC", cell).strip().casefold()
        if word in NOTHING:
            return None
        value = in_unit(word, description.unit)
    if math.isnan(value):
        return Fault("number", {"value": as_text(cell)})
    least, most = description.least, description.most
    if (least is not None and value < least) or (most is not None and value > most):
        facts: dict[str, Fact] = {"value": f"{value:.15g}"}
        if least is None:
            return Fault("range_most", {**facts, "most": f"{most:.15g}"})
        if most is None:
            return Fault("range_least", {**facts, "least": f"{least:.15g}"})
        return Fault("range", {**facts, "least": f"{least:.15g}", "most": f"{most:.15g}"})
    return value


def _integer(cell: Cell, description: FieldDescription) -> Value | Fault:
    value = _number(cell, description)
    if isinstance(value, float):
        return int(value) if value.is_integer() else Fault("no_whole_number", {"value": as_text(cell)})
    return value


def _date(cell: Cell, _: FieldDescription) -> Value | Fault:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    text = unicodedata.normalize("NFKC", as_text(cell)).strip()
    if text.casefold() in NOTHING:
        return None
    found = _DATE.fullmatch(text) or _DATE_DIGITS.fullmatch(text)
    if found:
        try:
            return date(*(int(part) for part in found.groups())).isoformat()
        except ValueError:
            return Fault("date", {"value": text})
    days = number_in(text)
    if _EXCEL_DAYS[0] <= days <= _EXCEL_DAYS[1]:
        return (_EXCEL_DAY_0 + timedelta(days=int(days))).isoformat()
    return Fault("date", {"value": text})


def _yes_no(cell: Cell, _: FieldDescription) -> Value | Fault:
    word = _plain(as_text(cell))
    if word in YES:
        return True
    if word in NO:
        return False
    return None if word in NOTHING else Fault("yes_no", {"value": as_text(cell)})


def _choice(cell: Cell, description: FieldDescription) -> Value | Fault:
    text = as_text(cell)
    found = choice_of(text, description.choices)
    if found is not None:
        return found.key
    if text.casefold() in NOTHING:
        return None
    zh, en = choice_words(description.choices)
    return Fault("choice", {"value": text, "allowed": zh, "allowed_en": en})


def _link(cell: Cell, _: FieldDescription) -> Value | Fault:
    text = as_text(cell)
    parts: list[object] = [part.strip() for part in _SEVERAL.split(text) if part.strip()]
    parts = [part for part in parts if str(part).casefold() not in NOTHING]
    return (str(parts[0]) if len(parts) == 1 and not _SEVERAL.search(text) else parts) if parts else None


_READERS: dict[FieldType, Callable[[Cell, FieldDescription], Value | Fault]] = {
    FieldType.TEXT: _text,
    FieldType.PHOTO: _text,
    FieldType.PHONE: _phone,
    FieldType.INTEGER: _integer,
    FieldType.NUMBER: _number,
    FieldType.DATE: _date,
    FieldType.YES_NO: _yes_no,
    FieldType.CHOICE: _choice,
    FieldType.LINK: _link,
}
