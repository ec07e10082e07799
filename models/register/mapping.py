"""Which column of a table is which field of a register: by name, as remembered, or by hand."""

from __future__ import annotations

import dataclasses
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import resources
from models.register.description import FieldDescription, FieldType, GeometryType, RegisterDescription
from models.register.finding import Fact, Finding
from models.register.table import Guess, Table
from models.register.values import factor, units_beside

_RAIN_UNIT = "mm"
_IN_BRACKETS = re.compile(r"\(([^()]+)\)$")
LEVELS = ("blue", "yellow", "orange", "red")
"""Levels of a threshold, rising."""
BASE = ("id", "name", "kind", "lon", "lat", "town", "village")
SHAPE = "wkt"
LEFT_OUT = "-"
"""What is remembered of a column that was left out."""
AS_IT_IS = "+"
"""What is remembered of a column that somebody keeps beside the fields, whatever its name."""
_BOOK = "register_words/points_columns"
_IN_FULL = {"lon": "longitude", "lat": "latitude"}
_OTHERS = {
    SHAPE: ("shape", "图形"),
    "design": ("starter value", "起始阈值"),
    "others": ("other columns", "其他列"),
}
_HOURS = re.compile(r"(?<!\d)(\d{1,3})\s*(h|hr|hour|hours|小时|时)")
_FILLER = re.compile(
    r"预警|阈值|阀值|临界|雨量|降雨量|降雨|降水量|降水|累计|指标|级|值|的|threshold|rainfall|rain|level|mm|毫米|[_\-/\s]"
)


_ROW_NUMBERS = frozenset({"序号", "行号", "#", "row", "s/n"})


class How(StrEnum):
    """How a column came to its field."""

    BY_NAME = "by_name"
    REMEMBERED = "remembered"
    BY_HAND = "by_hand"
    KEPT = "kept"
    """No field is called so: kept as it is beside the fields."""
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file. ``field`` is a key of the register (``red_1h`` for a threshold), empty if none.

    ``is_own`` says that the header is the register's own word for the field, so that nothing was guessed. ``said`` is
    what somebody said of it, now or of an earlier file. ``unit`` is the unit its numbers stand in where that is not
    the field's own, and ``factor`` what they are multiplied by to stand in the field's.
    """

    index: int
    header: str
    field: str
    how: How
    is_own: bool = True
    said: str = ""
    unit: str = ""
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """All columns of a file; ``findings`` are what stands against reading it with them."""

    columns: tuple[Column, ...]
    findings: tuple[Finding, ...] = ()
    words: Mapping[str, Mapping[str, Fact]] = dataclasses.field(default_factory=dict)

    def index(self, field: str) -> int | None:
        """Return the column of a field, None if there is none."""
        return next((one.index for one in self.columns if one.field == field), None)

    @property
    def thresholds(self) -> dict[tuple[int, str], int]:
        """The column of each (window in h, level), shortest window and lowest level first."""
        found = {parsed: one.index for one in self.columns if (parsed := threshold_of_key(one.field)) is not None}
        return {key: found[key] for key in sorted(found, key=lambda key: (key[0], LEVELS.index(key[1])))}

    @property
    def kept(self) -> dict[str, int]:
        """Columns that no field is called for, by header."""
        return {one.header: one.index for one in self.columns if one.how is How.KEPT}

    @property
    def guesses(self) -> tuple[Guess, ...]:
        """Columns that were taken by another name than the register's own."""
        return tuple(
            Guess("column", {"header": one.header, **self.words[one.field]}, 1, one.field)
            for one in self.columns
            if one.how is How.BY_NAME and not one.is_own
        ) + tuple(
            Guess("unit", {"header": one.header, "unit": one.unit}, 1, one.field)
            for one in self.columns
            if one.unit and field_and_unit(one.said)[1] != one.unit
        )

    def as_map(self) -> dict[str, str]:
        """Return what is remembered of this source: header to field, `LEFT_OUT` for what was left out."""
        return {
            one.header: one.said or (LEFT_OUT if one.how is How.LEFT_OUT else with_unit(one.field, one.unit))
            for one in self.columns
            if one.said or one.how is not How.KEPT
        }


def map_columns(
    table: Table,
    description: RegisterDescription,
    *,
    remembered: Mapping[str, str] | None = None,
    by_hand: Mapping[str, str] | None = None,
) -> ColumnMapping:
    """Return which column is which field.

    Parameters
    ----------
    table : Table
        Its headers are looked at.
    description : RegisterDescription
        Fields with their titles and the other names files use.
    remembered, by_hand : mapping of header to field, optional
        What the source's last file was read with, and what somebody says now; this wins. `LEFT_OUT` leaves a
        column out, `AS_IT_IS` keeps it beside the fields, ``red_1h[cm]`` says the unit its numbers stand in.

    Notes
    -----
    Two columns of one field, and a field without which no row can be read, are findings of line 1.
    """
    names = _names_of(description)
    known_fields = _fields(description)
    columns: list[Column] = []
    taken: dict[str, str] = {}
    findings: list[Finding] = []
    chosen = _chosen(table.headers, known_fields, remembered or {}, by_hand or {})
    spoken_for = {field for field, _, _, _ in chosen.values()}
    for index, title in enumerate(table.headers):
        header = title.strip()
        if not plain_word(header):
            continue
        field, how, is_own, told, unit = "", How.KEPT, True, "", ""
        if index in chosen:
            field, how, told, unit = chosen[index]
        else:
            field, is_own = _field_of(header, names, description)
            # A field that somebody pointed at is not claimed by another column's name as well.
            how = How.BY_NAME if field and field not in spoken_for else How.KEPT
            field = field if how is How.BY_NAME else ""
            how = How.LEFT_OUT if how is How.KEPT and plain_word(header) in _ROW_NUMBERS else how
        if field and field in taken:
            facts: dict[str, Fact] = {"first": taken[field], "second": header, **column_facts(field, description)}
            findings.append(Finding("columns", table.header_line, field, "same_column", facts))
            continue
        if field:
            taken[field] = header
        own_unit = _unit_of(field, description)
        unit = unit or _unit_in(header, own_unit)
        times = factor(unit, own_unit) if unit else 1.0
        unit = "" if math.isnan(times) or times == 1.0 else unit
        columns.append(Column(index, header, field, how, is_own, told, unit, times if unit else 1.0))
    findings += [
        Finding("columns", max(1, table.header_line), field, "missing_column", column_facts(field, description))
        for field in _needed(table, description)
        if field not in taken and not (field in {"lon", "lat"} and SHAPE in taken)
    ]
    words = {one.field: column_facts(one.field, description) for one in columns if one.field}
    return ColumnMapping(tuple(columns), tuple(findings), words)


def plain_word(text: str) -> str:
    """Return a word in one width and one case, without space, trailing brackets and byte order mark."""
    word = unicodedata.normalize("NFKC", text).replace("\ufeff", "").casefold()
    word = re.sub(r"\s+", "", word).rstrip("*:")
    return re.sub(r"(?<=.)\([^()]*\)$", "", word)


def threshold_key(window_h: int, level: str) -> str:
    """Return ``red_1h`` for a window and a level."""
    return f"{level}_{window_h}h"


def threshold_of_key(key: str) -> tuple[int, str] | None:
    """Return (window in h, level) of ``red_1h``, None if it is none."""
    level, _, window = key.partition("_")
    if level not in LEVELS or not re.fullmatch(r"\d{1,3}h", window) or int(window[:-1]) < 1:
        return None
    return int(window[:-1]), level


def level_words(level: str) -> tuple[str, ...]:
    """Return the words for a level, the first one English, the second one Chinese."""
    return tuple(resources.table(_BOOK)["levels"][level])


def base_titles(field: str) -> tuple[str, str]:
    """Return the English and the Chinese name of a field that every register has."""
    own = resources.table(_BOOK)["column"][field]["own"]
    return str(own[0]), str(own[1])


def field_and_unit(said: str) -> tuple[str, str]:
    """Return field and unit of ``red_1h[cm]``; the unit is empty where none is said."""
    field, bracket, unit = said.partition("[")
    return (field, unit.rstrip("]")) if bracket else (said, "")


def with_unit(field: str, unit: str) -> str:
    """Return ``red_1h[cm]``, or the field alone where no unit is said."""
    return f"{field}[{unit}]" if unit else field


def units_of(field: str, description: RegisterDescription) -> tuple[str, ...]:
    """Return the units a column of this field may stand in, the field's own first; none where it has no unit."""
    return units_beside(_unit_of(field, description))


def column_words(field: str, description: RegisterDescription) -> tuple[str, str]:
    """Return what people call a column, in Chinese and in English."""
    window = threshold_of_key(field)
    if window is not None:
        return (
            f"{level_words(window[1])[1]} {window[0]} 小时",
            f"{level_words(window[1])[0].capitalize()} {window[0]} h",
        )
    found = description.field(field)
    if found is not None:
        return found.title.zh, found.title.en
    en, zh = base_titles(field) if field in BASE else _OTHERS.get(field, (field, field))
    return zh, _IN_FULL.get(en, en).capitalize()


def column_title(field: str, description: RegisterDescription, language: str) -> str:
    """Return the title a column is written under, in words; it is read back as the register's own."""
    return column_words(field, description)[0 if language == "zh" else 1]


def column_facts(field: str, description: RegisterDescription) -> dict[str, Fact]:
    """Return a column's key and its words, for a sentence."""
    zh, en = column_words(field, description)
    return {"column": field, "column_zh": zh, "column_en": en}


def fields_of(description: RegisterDescription) -> tuple[str, ...]:
    """Return every key a column can have, for a list to choose from; thresholds are spelled ``red_1h``."""
    return tuple(sorted(_fields(description)))


def _chosen(
    headers: Sequence[str], known: frozenset[str], remembered: Mapping[str, str], by_hand: Mapping[str, str]
) -> dict[int, tuple[str, How, str, str]]:
    """Return field, way, what was said, and unit of each column that was pointed at.

    What names no field any more counts as not said.
    """
    out: dict[int, tuple[str, How, str, str]] = {}
    for index, title in enumerate(headers):
        for source, how in ((by_hand, How.BY_HAND), (remembered, How.REMEMBERED)):
            told = source.get(title.strip(), "")
            field, unit = field_and_unit(told)
            if not told or (field not in {*known, LEFT_OUT, AS_IT_IS} and threshold_of_key(field) is None):
                continue
            without = {LEFT_OUT: How.LEFT_OUT, AS_IT_IS: How.KEPT}.get(field)
            out[index] = (field, how, told, unit) if without is None else ("", without, told, "")
            break
    by_hand_fields = {one[0] for one in out.values() if one[1] is How.BY_HAND}
    return {n: one for n, one in out.items() if one[1] is not How.REMEMBERED or one[0] not in by_hand_fields}


def _unit_of(field: str, description: RegisterDescription) -> str:
    if threshold_of_key(field) is not None:
        return _RAIN_UNIT
    found = description.field(field)
    return found.unit if found is not None else ""


def _unit_in(header: str, own: str) -> str:
    """Return the unit that a header names behind its words, where the field can be had in it."""
    found = _IN_BRACKETS.search(unicodedata.normalize("NFKC", header).strip())
    return found[1].strip() if own and found is not None and not math.isnan(factor(found[1], own)) else ""


def _fields(description: RegisterDescription) -> frozenset[str]:
    own = {one.key for one in description.fields if one.type is not FieldType.THRESHOLDS}
    return frozenset({*BASE, SHAPE, "design", *own})


def _needed(table: Table, description: RegisterDescription) -> tuple[str, ...]:
    has_place = description.geometry is not GeometryType.NONE
    required = tuple(one.key for one in description.fields if one.required and one.type is not FieldType.THRESHOLDS)
    return ("id", "name", *(("lon", "lat") if has_place and not table.wkbs else ()), *required)


def _names_of(description: RegisterDescription) -> dict[str, tuple[str, bool]]:
    """Return each known word with its field and whether it is the register's own."""
    found: dict[str, tuple[str, bool]] = {}
    book = resources.table(_BOOK)["column"]
    keys = {one.key for one in description.fields}
    for field, words in book.items():
        if field in BASE or field in keys:
            found |= {plain_word(word): (field, False) for word in words["known"]}
    for field, known in description.known.items():
        found |= {plain_word(word): (field, False) for word in known}
    for one in description.fields:
        if one.type is FieldType.THRESHOLDS:
            continue
        found |= {plain_word(word): (one.key, False) for word in one.known}
        found |= {plain_word(_with_unit(one, word)): (one.key, True) for word in (one.title.zh, one.title.en)}
    for field, words in book.items():
        if field in BASE or field in keys:
            found |= {plain_word(word): (field, True) for word in words["own"]}
    found |= {one.key: (one.key, True) for one in description.fields if one.type is not FieldType.THRESHOLDS}
    found |= {
        "wkt": (SHAPE, True),
        "geometry": (SHAPE, False),
        "design": ("design", True),
        "起始阈值": ("design", True),
        "startervalue": ("design", True),
    }
    found |= {plain_word(word): (field, True) for field, word in _IN_FULL.items()}
    return found


def _with_unit(field: FieldDescription, word: str) -> str:
    return word.removesuffix(f", {field.unit}") if field.unit else word


def _field_of(header: str, names: Mapping[str, tuple[str, bool]], description: RegisterDescription) -> tuple[str, bool]:
    if any(one.type is FieldType.THRESHOLDS for one in description.fields):
        threshold = _threshold_of(header)
        if threshold is not None:
            return threshold_key(*threshold), _is_own_threshold(header)
    return names.get(plain_word(header), ("", False))


@cache
def _level_by_word() -> dict[str, str]:
    levels = resources.table(_BOOK)["levels"]
    return {word: level for level, words in levels.items() for word in words}


def _threshold_of(header: str) -> tuple[int, str] | None:
    """Return window and level of ``red_1h``, ``红 1小时``, ``红色预警1小时雨量(mm)``, ``1h红色阈值``."""
    word = unicodedata.normalize("NFKC", header).casefold()
    word = re.sub(r"\((mm|毫米)\)", "", word)
    hours = _HOURS.search(word)
    if hours is None or int(hours[1]) < 1:
        return None
    rest = _FILLER.sub("", (word[: hours.start()] + " " + word[hours.end() :]).replace("(", " ").replace(")", " "))
    level = _level_by_word().get(rest)
    return None if level is None else (int(hours[1]), level)


def _is_own_threshold(header: str) -> bool:
    return re.fullmatch(r"(blue|yellow|orange|red|蓝|黄|橙|红)[_ ]?\d{1,3}(h|小时)", plain_word(header)) is not None
