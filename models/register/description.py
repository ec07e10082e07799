"""What a register is: its fields, kinds, symbol and links, as one TOML file says it.

A new register is a new file, on the shelf ``resources/registers/`` or in the
office's own folder ``registers/``; no code knows any register by name but the
judged one (`HAZARD_POINTS`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import resources
from models.errors import DataError

HAZARD_POINTS = "hazard_points"
"""The register whose places are judged against their thresholds."""
_SHELF = "registers"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


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

    ``due_days``: a date that is older than so many days is overdue.
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


@dataclass(frozen=True, slots=True)
class RegisterDescription:
    """A register. ``group`` is where its layer stands in the layer panel; ``glyph`` its symbol where a kind has none.

    Every record has id, name, kind, place, town and village besides ``fields``.
    ``active_from`` and ``active_until`` name date fields: outside of them a record is inactive.
    """

    name: str
    title: Words
    geometry: GeometryType
    group: str
    glyph: str
    fields: tuple[FieldDescription, ...]
    kinds: tuple[Choice, ...] = ()
    visible: bool = True
    active_from: str = ""
    active_until: str = ""
    plan_per: Mapping[str, float] = field(default_factory=dict)

    def field(self, key: str) -> FieldDescription | None:
        """Return the field of that key, None if there is none."""
        return next((one for one in self.fields if one.key == key), None)

    def kind(self, key: str) -> Choice | None:
        """Return the kind of that key, None if there is none."""
        return next((one for one in self.kinds if one.key == key), None)


def parse(table: Mapping[str, Any], source: str) -> RegisterDescription:
    """Return a description from the content of a TOML file.

    Raises
    ------
    DataError
        ``register.bad_description`` with file, entry and cause.
    """

    def bad(entry: str, cause: str) -> DataError:
        return DataError("register.bad_description", file=source, entry=entry, cause=cause)

    def words(value: object, entry: str) -> Words:
        if isinstance(value, Mapping) and isinstance(value.get("zh"), str) and isinstance(value.get("en"), str):
            return Words(value["zh"], value["en"])
        raise bad(entry, "needs zh and en")

    def choice(value: Mapping[str, Any], entry: str) -> Choice:
        if not _NAME.fullmatch(str(value.get("key", ""))):
            raise bad(entry, "needs a key of small letters, digits and _")
        known = tuple(str(word) for word in value.get("known", ()))
        return Choice(str(value["key"]), words(value.get("title"), entry), known, str(value.get("glyph", "")))

    def one_field(value: Mapping[str, Any], number: int) -> FieldDescription:
        entry = f"field {value.get('key', number)}"
        if not _NAME.fullmatch(str(value.get("key", ""))):
            raise bad(entry, "needs a key of small letters, digits and _")
        try:
            kind = FieldType(str(value.get("type", "text")))
        except ValueError as error:
            raise bad(entry, f"type is none of {', '.join(FieldType)}") from error
        if kind is FieldType.LINK and not value.get("to"):
            raise bad(entry, "a link needs `to`, the name of a register")
        return FieldDescription(
            key=str(value["key"]),
            type=kind,
            title=words(value.get("title"), entry),
            unit=str(value.get("unit", "")),
            known=tuple(str(word) for word in value.get("known", ())),
            choices=tuple(choice(one, entry) for one in value.get("choice", ())),
            required=bool(value.get("required", False)),
            to=str(value.get("to", "")),
            least=value.get("least"),
            most=value.get("most"),
            due_days=value.get("due_days"),
            in_table=bool(value.get("in_table", True)),
        )

    name = str(table.get("name", ""))
    if not _NAME.fullmatch(name):
        raise bad("name", "needs small letters, digits and _")
    try:
        geometry = GeometryType(str(table.get("geometry", "point")))
    except ValueError as error:
        raise bad("geometry", f"is none of {', '.join(GeometryType)}") from error
    fields = tuple(one_field(value, number) for number, value in enumerate(table.get("field", ()), start=1))
    keys = [one.key for one in fields]
    if doubled := sorted({key for key in keys if keys.count(key) > 1}):
        raise bad(f"field {doubled[0]}", "comes twice")
    for date in ("active_from", "active_until"):
        if table.get(date) and table[date] not in keys:
            raise bad(date, f"there is no field {table[date]}")
    return RegisterDescription(
        name=name,
        title=words(table.get("title"), "title"),
        geometry=geometry,
        group=str(table.get("group", "registers")),
        glyph=str(table.get("glyph", "place")),
        fields=fields,
        kinds=tuple(choice(one, "kind") for one in table.get("kind", ())),
        visible=bool(table.get("visible", True)),
        active_from=str(table.get("active_from", "")),
        active_until=str(table.get("active_until", "")),
        plan_per={str(key): float(value) for key, value in dict(table.get("plan_per", {})).items()},
    )


@cache
def shipped() -> tuple[RegisterDescription, ...]:
    """Return the registers that ship, by the names of their files."""
    names = sorted(path.stem for path in resources.path(_SHELF).glob("*.toml") if path.stem != "points_columns")
    return tuple(parse(resources.table(f"{_SHELF}/{name}"), f"{name}.toml") for name in names)


def with_own(folder: Path) -> tuple[RegisterDescription, ...]:
    """Return the shipped registers and those in an office's folder; one of a shipped name takes its place.

    Raises
    ------
    DataError
        ``register.bad_description``; ``register.unreadable`` if a file is no TOML.
    """
    out = {one.name: one for one in shipped()}
    for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise DataError("register.unreadable", file=path.name, cause=str(error)) from error
        made = parse(table, path.name)
        out[made.name] = made
    return tuple(out.values())
