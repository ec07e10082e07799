"""Saved views of the map, and how its layers were last arranged: two small files in the office's folder."""

from __future__ import annotations

import math
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import tomlkit

from layers.arrangement import Arrangement, LayerSetting, is_group
from models.errors import DataError

VIEWS_FILE, LAYERS_FILE = "views.toml", "layers.toml"
MOST_VIEWS = 9
NAME_MOST = 40
_DAMAGE = (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class SavedView:
    """A part of the map with its layers, under a number key.

    ``bounds_deg`` are west, south, east, north; ``at`` is the moment that the radar showed, None for the newest.
    """

    number: int
    name: str
    bounds_deg: Bounds
    layers: Arrangement
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SavedViews:
    """All saved views of an office, by number."""

    views: tuple[SavedView, ...] = ()

    def find(self, number: int) -> SavedView | None:
        """Return the view of a number, None if there is none."""
        return next((view for view in self.views if view.number == number), None)

    def put(self, view: SavedView) -> SavedViews:
        """Return the views with this one under its number."""
        others = tuple(one for one in self.views if one.number != view.number)
        return SavedViews(tuple(sorted((*others, view), key=lambda one: one.number)))

    def without(self, number: int) -> SavedViews:
        """Return the views without the one of a number."""
        return SavedViews(tuple(one for one in self.views if one.number != number))


@dataclass(frozen=True, slots=True)
class MapSession:
    """How the map was left: its layers, and which groups of the panel were folded (None if nobody chose).

    ``placed`` is the group of each layer that the operator took out of its own.
    """

    layers: Arrangement = field(default_factory=Arrangement)
    folded: frozenset[str] | None = None
    placed: Mapping[str, str] = field(default_factory=dict)


def read_views(folder: Path) -> SavedViews:
    """Return the saved views of an office, none if there is no file.

    Raises
    ------
    DataError
        ``views.damaged`` with the file's new name: it is set aside, and the office begins with none.
    """
    table = _read(folder / VIEWS_FILE)
    if table is None:
        return SavedViews()
    try:
        views = tuple(_view(entry) for entry in table.get("view", ()))
    except _DAMAGE as error:
        raise _set_aside(folder / VIEWS_FILE, str(error)) from error
    return SavedViews(tuple({view.number: view for view in sorted(views, key=lambda one: one.number)}.values()))


def write_views(folder: Path, views: SavedViews) -> None:
    """Keep the saved views: the file is there whole, or as it was before.

    Raises
    ------
    DataError
        ``views.not_written``.
    """
    document = tomlkit.document()
    tables = tomlkit.aot()
    for view in views.views:
        table = tomlkit.table()
        table.add("number", view.number)
        table.add("name", view.name)
        table.add("bounds_deg", [round(degrees, 6) for degrees in view.bounds_deg])
        if view.at is not None:
            table.add("at", view.at)
        table.add("layer", _layer_tables(view.layers))
        tables.append(table)
    document.add("view", tables)
    _write(folder / VIEWS_FILE, document)


def read_session(folder: Path) -> MapSession:
    """Return how the map was left, the usual arrangement if there is no file.

    Raises
    ------
    DataError
        ``views.damaged``, as `read_views`.
    """
    table = _read(folder / LAYERS_FILE)
    if table is None:
        return MapSession()
    try:
        folded = frozenset(filter(is_group, map(str, table["folded"]))) if "folded" in table else None
        placed = {str(name): str(group) for name, group in dict(table.get("group", {})).items() if is_group(str(group))}
        return MapSession(_arrangement(table.get("layer", ())), folded, placed)
    except _DAMAGE as error:
        raise _set_aside(folder / LAYERS_FILE, str(error)) from error


def write_session(folder: Path, session: MapSession) -> None:
    """Keep how the map is arranged.

    Raises
    ------
    DataError
        ``views.not_written``.
    """
    document = tomlkit.document()
    if session.folded is not None:
        document.add("folded", sorted(session.folded))
    if session.placed:
        document.add("group", tomlkit.item(dict(sorted(session.placed.items()))))
    document.add("layer", _layer_tables(session.layers))
    _write(folder / LAYERS_FILE, document)


def named(name: str, number: int, taken: SavedViews) -> str:
    """Return a name as it is kept: trimmed, one line, not too long; the former one, or the number, if it is empty."""
    clean = " ".join(name.split())[:NAME_MOST]
    old = taken.find(number)
    return clean or (old.name if old is not None else str(number))


def _view(entry: Mapping[str, Any]) -> SavedView:
    number = entry["number"]
    west, south, east, north = (float(degrees) for degrees in entry["bounds_deg"])
    at = entry.get("at")
    whole = type(number) is int and 1 <= number <= MOST_VIEWS
    if not whole or not (-180 <= west < east <= 180 and -85 <= south < north <= 85):
        raise ValueError(f"view {number}: bounds_deg {entry['bounds_deg']}")
    if at is not None and (not isinstance(at, datetime) or at.tzinfo is None):
        raise ValueError(f"view {number}: at {at}")
    name = " ".join(str(entry["name"]).split())[:NAME_MOST]
    return SavedView(number, name, (west, south, east, north), _arrangement(entry.get("layer", ())), at)


def _arrangement(entries: Any) -> Arrangement:
    settings = []
    for entry in entries:
        opacity, least, most = (
            float(entry.get(key, usual)) for key, usual in (("opacity", 1.0), ("least_m", 0.0), ("most_m", math.inf))
        )
        visible = entry.get("visible", True)
        if not isinstance(visible, bool) or not (0 <= opacity <= 1 and 0 <= least <= most):
            raise ValueError(f"layer {entry['name']}")
        settings.append(LayerSetting(str(entry["name"]), visible, opacity, least, most))
    return Arrangement(tuple({one.name: one for one in settings}.values()))


def _layer_tables(layers: Arrangement) -> Any:
    tables = tomlkit.aot()
    for one in layers.settings:
        table = tomlkit.table()
        table.add("name", one.name)
        table.add("visible", one.visible)
        if one.opacity != 1.0:
            table.add("opacity", round(one.opacity, 3))
        if one.least_m > 0:
            table.add("least_m", round(one.least_m, 3))
        if math.isfinite(one.most_m):
            table.add("most_m", round(one.most_m, 3))
        tables.append(table)
    return tables


def _read(path: Path) -> Mapping[str, Any] | None:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise _set_aside(path, str(error)) from error


def _set_aside(path: Path, cause: str) -> DataError:
    """Put a damaged file beside itself under another name, so that the next writing does not lose what is in it."""
    aside = next(
        name
        for number in range(1, 1000)
        if not (name := path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")).exists()
    )
    try:
        path.replace(aside)
    except OSError:
        aside = path
    return DataError("views.damaged", file=path.name, aside=aside.name, cause="".join(cause.splitlines()[:1])[:120])


def _write(path: Path, document: Any) -> None:
    draft = path.with_name(f"{path.name}.new")
    try:
        with draft.open("w", encoding="utf-8", newline="\n") as file:
            file.write(tomlkit.dumps(document))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise DataError("views.not_written", file=path, cause=str(error)) from error
