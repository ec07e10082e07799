"""What a register is: its fields, kinds, symbol and links, as one TOML file says it.

A new register is a new file, on the shelf ``resources/registers/`` or in the
office's own folder ``registers/``; no code knows any register by name but the
judged one (`HAZARD_POINTS`).
"""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import resources
from models.errors import DataError
from models.register.description_file import Entry

_log = logging.getLogger(__name__)
HAZARD_POINTS = "hazard_points"
"""The register whose places are judged against their thresholds."""
_SHELF = "registers"
PLAN_UNITS = ("county", "town", "village", "people_1000", "road_100km")
"""What a plan counts by: so many for each of these."""


class FieldType(StrEnum):
    """What a field holds, and how it is kept in `Record.values`."""

    TEXT = "text"
    """str"""
    INTEGER = "integer"
    """int"""
    NUMBER = "number"
    """float"""
    DATE = "date"
    """str, ``YYYY-MM-DD``"""
    YES_NO = "yes_no"
    """bool"""
    CHOICE = "choice"
    """str, the key of a `Choice`"""
    PHONE = "phone"
    """str, digits and hyphens"""
    LINK = "link"
    """str, the id of a record of `FieldDescription.to`; several as a list"""
    THRESHOLDS = "thresholds"
    """list of ``{"window_h", "level", "rain_mm", "design"}``; in a table a column for each level and window"""
    PHOTO = "photo"
    """str, a file name in the office's ``photos/``"""


class GeometryType(StrEnum):
    """What a register's places look like."""

    POINT = "point"
    LINE = "line"
    AREA = "area"
    ANY = "any"
    NONE = "none"
    """People, and other things without a place of their own."""


@dataclass(frozen=True, slots=True)
class Words:
    """A word in both languages."""

    zh: str
    en: str

    def of(self, language: str) -> str:
        """Return the word in ``zh`` or ``en``."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values of a field, or a kind of record; ``known`` are other words that files use for it."""

    key: str
    title: Words
    known: tuple[str, ...] = ()
    glyph: str = ""


@dataclass(frozen=True, slots=True)
class FieldDescription:
    """One field. ``known`` are headers that files use for it; ``least`` and ``most`` bound a number.

    ``unit`` is as files write it, ``unit_en`` the English word where that is another; ``due_days``: a date that is
    older than so many days is overdue.
    """

    key: str
    type: FieldType
    title: Words
    unit: str = ""
    known: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    required: bool = False
    to: str = ""
    least: float | None = None
    most: float | None = None
    due_days: int | None = None
    in_table: bool = True
    unit_en: str = ""

    def unit_of(self, language: str) -> str:
        """Return the unit in ``zh`` or ``en``."""
        return self.unit if language == "zh" else self.unit_en or self.unit


@dataclass(frozen=True, slots=True)
class RegisterDescription:
    """A register. ``group`` is where its layer stands in the layer panel; ``glyph`` its symbol where a kind has none.

    Every record has id, name, kind, place, town and village besides ``fields``.
    ``active_from`` and ``active_until`` name date fields: outside of them a record is inactive.
    ``inspected_on``, ``finding`` and ``inspected_by`` name the fields into which an inspection goes; empty for none.
    ``known`` are other headers that files use for id, name, kind, town and village.
    ``first`` are the fields whose columns stand right behind the name in the table.
    ``below_m`` is the scale, map meters a pixel, from which on it is drawn: a county's map holds only so much.
    """

    name: str
    title: Words
    geometry: GeometryType
    group: str
    glyph: str
    fields: tuple[FieldDescription, ...]
    kinds: tuple[Choice, ...] = ()
    visible: bool = True
    below_m: float | None = None
    active_from: str = ""
    active_until: str = ""
    inspected_on: str = ""
    finding: str = ""
    inspected_by: str = ""
    plan_per: Mapping[str, float] = field(default_factory=dict)
    known: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first: tuple[str, ...] = ()

    def field(self, key: str) -> FieldDescription | None:
        """Return the field of that key, None if there is none."""
        return next((one for one in self.fields if one.key == key), None)

    def kind(self, key: str) -> Choice | None:
        """Return the kind of that key, None if there is none."""
        return next((one for one in self.kinds if one.key == key), None)


_KEYS = (
    *("name", "title", "geometry", "group", "glyph", "field", "kind", "visible", "active_from", "active_until"),
    *("plan_per", "below_m", "known", "inspected_on", "finding", "inspected_by", "first"),
)
_OF_EVERY_RECORD = ("id", "name", "kind", "town", "village")
_FIELD_KEYS = (
    *("key", "type", "title", "unit", "known", "choice", "required", "to", "least", "most", "due_days", "in_table"),
)


def parse(table: Mapping[str, Any], source: str) -> RegisterDescription:
    """Return a description from the content of a TOML file.

    Raises
    ------
    DataError
        Each with the file and where in it: ``register.unknown_key``, ``register.wrong_type``,
        ``register.bad_key`` (a name that is none), ``register.no_words``, ``register.not_allowed``,
        ``register.twice``, ``register.no_choices``, ``register.no_target`` (a link without ``to``),
        ``register.least_above_most``, ``register.no_date_field``, ``register.no_text_field``, ``register.bad_plan``.
    """
    entry = Entry(source, "", table)
    entry.only(_KEYS)
    fields = tuple(_field(one) for one in entry.tables("field"))
    kinds = tuple(_choice(one) for one in entry.tables("kind"))
    return RegisterDescription(
        name=entry.name("name"),
        title=Words(*entry.words("title")),
        geometry=GeometryType(entry.one_of("geometry", GeometryType, "point")),
        group=entry.text("group", "registers"),
        glyph=entry.text("glyph", "place"),
        fields=fields,
        kinds=kinds,
        visible=entry.yes("visible", default=True),
        below_m=entry.number("below_m"),
        active_from=_date_field(entry, "active_from", fields),
        active_until=_date_field(entry, "active_until", fields),
        inspected_on=_date_field(entry, "inspected_on", fields) or _same_name("inspected_on", FieldType.DATE, fields),
        finding=_text_field(entry, "finding", fields),
        inspected_by=_text_field(entry, "inspected_by", fields),
        plan_per=_plan(entry, kinds),
        known=entry.lists("known", _OF_EVERY_RECORD),
        first=_first(entry, fields),
    )


def _field(entry: Entry) -> FieldDescription:
    entry.only(_FIELD_KEYS)
    key, kind = entry.name("key"), FieldType(entry.one_of("type", FieldType, "text"))
    choices = tuple(_choice(one) for one in entry.tables("choice"))
    to, least, most = entry.text("to"), entry.number("least"), entry.number("most")
    unit, unit_en = _unit(entry)
    if kind is FieldType.LINK and not to:
        raise DataError("register.no_target", file=entry.file, entry=entry.where)
    if kind is FieldType.CHOICE and not choices:
        raise DataError("register.no_choices", file=entry.file, entry=entry.where)
    if least is not None and most is not None and least > most:
        raise DataError("register.least_above_most", file=entry.file, entry=entry.where, least=least, most=most)
    return FieldDescription(
        key=key,
        type=kind,
        title=Words(*entry.words("title")),
        unit=unit,
        unit_en=unit_en,
        known=entry.texts("known"),
        choices=choices,
        required=entry.yes("required", default=False),
        to=to,
        least=least,
        most=most,
        due_days=entry.count("due_days"),
        in_table=entry.yes("in_table", default=True),
    )


def _choice(entry: Entry) -> Choice:
    entry.only(("key", "title", "known", "glyph"))
    return Choice(entry.name("key"), Words(*entry.words("title")), entry.texts("known"), entry.text("glyph"))


def _date_field(entry: Entry, key: str, fields: tuple[FieldDescription, ...]) -> str:
    name = entry.text(key)
    if name and not any(one.key == name and one.type is FieldType.DATE for one in fields):
        raise DataError("register.no_date_field", file=entry.file, key=key, field=name)
    return name


def _first(entry: Entry, fields: tuple[FieldDescription, ...]) -> tuple[str, ...]:
    names, allowed = entry.texts("first"), [one.key for one in fields if one.in_table]
    facts = {"file": entry.file, "entry": entry.where, "key": "first", "allowed": ", ".join(allowed)}
    for name in names:
        if name not in allowed:
            raise DataError("register.not_allowed", value=name, **facts)
    return names


def _text_field(entry: Entry, key: str, fields: tuple[FieldDescription, ...]) -> str:
    name = entry.text(key)
    if name and not any(one.key == name and one.type is FieldType.TEXT for one in fields):
        raise DataError("register.no_text_field", file=entry.file, key=key, field=name)
    return name or _same_name(key, FieldType.TEXT, fields)


def _same_name(key: str, kind: FieldType, fields: tuple[FieldDescription, ...]) -> str:
    """Return a field's own name where it says already what it is for."""
    return key if any(one.key == key and one.type is kind for one in fields) else ""


def _unit(entry: Entry) -> tuple[str, str]:
    """Return a unit in both languages: one text where they write it alike, such as mm."""
    if isinstance(entry.table.get("unit"), Mapping):
        return entry.words("unit")
    return entry.text("unit"), ""


def _plan(entry: Entry, kinds: tuple[Choice, ...]) -> dict[str, float]:
    plan = entry.numbers("plan_per")
    for key in plan:
        kind, _, unit = key.rpartition(".")
        if unit not in PLAN_UNITS or (kind and all(kind != one.key for one in kinds)):
            raise DataError("register.bad_plan", file=entry.file, key=key, allowed=", ".join(PLAN_UNITS))
    return plan


@cache
def shipped() -> tuple[RegisterDescription, ...]:
    """Return the registers that ship, by the names of their files."""
    names = sorted(path.stem for path in resources.path(_SHELF).glob("*.toml") if path.stem != "points_columns")
    return tuple(parse(resources.table(f"{_SHELF}/{name}"), f"{name}.toml") for name in names)


def with_own(folder: Path) -> tuple[RegisterDescription, ...]:
    """Return the shipped registers and those in an office's folder; one of a shipped name takes its place.

    A file that cannot be used is left out and logged; `faults_of` says what is wrong with it.
    """
    found, faults = _read_own(folder)
    for fault in faults:
        _log.warning("register left out: %s", fault)
    return found


def faults_of(folder: Path) -> tuple[DataError, ...]:
    """Return why files of an office's folder are left out.

    As `parse` says; ``register.unreadable`` if a file is no TOML, ``register.named_twice`` if two files describe
    one register, ``register.unknown_target`` if a field links to a register that is none.
    """
    return _read_own(folder)[1]


def _read_own(folder: Path) -> tuple[tuple[RegisterDescription, ...], tuple[DataError, ...]]:
    own: dict[str, RegisterDescription] = {}
    files: dict[str, str] = {}
    faults: list[DataError] = []
    for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
        try:
            made = _read(path)
        except DataError as error:
            faults.append(error)
            continue
        if made.name in files:
            facts = {"file": path.name, "other": files[made.name], "name": made.name}
            faults.append(DataError("register.named_twice", **facts))
        else:
            own[made.name], files[made.name] = made, path.name
    while lost := _lost_link({one.name: one for one in shipped()} | own, files):
        faults.append(lost[1])
        del own[lost[0]], files[lost[0]]  # what leads to it may be lost now too
    return tuple(({one.name: one for one in shipped()} | own).values()), tuple(faults)


def _read(path: Path) -> RegisterDescription:
    try:
        return parse(tomllib.loads(path.read_text(encoding="utf-8-sig")), path.name)
    except (OSError, ValueError, RecursionError) as error:
        raise DataError("register.unreadable", file=path.name, cause=str(error)) from error


def _lost_link(known: Mapping[str, RegisterDescription], files: Mapping[str, str]) -> tuple[str, DataError] | None:
    """Return a register of the office with a link that leads nowhere, None if there is none."""
    for name, file in files.items():
        for one in known[name].fields:
            if one.to and one.to not in known:
                return name, DataError("register.unknown_target", file=file, entry=f"field {one.key}", to=one.to)
    return None
