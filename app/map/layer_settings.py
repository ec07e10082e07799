"""Layers in ``office.toml``: from its tables to wishes, and a wish kept as a new table behind what stands there."""

from __future__ import annotations

import os
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Item

from app.settings import FILE_NAME, LayerSection, checked_settings
from layers.own_layer import LayerWish
from models.errors import DataError, SettingsError
from models.file_fault import unwritable


def wish_of(section: LayerSection, office: Path) -> LayerWish:
    """Return what a ``[[layer]]`` asks for; a relative path lies in the office's folder."""
    values = section.model_dump()
    path = Path(values.pop("path")).expanduser()
    return LayerWish(path=path if path.is_absolute() else office / path, **values)


def section_of(wish: LayerWish, office: Path) -> LayerSection:
    """Return a wish as its table; a file in the office's folder is named from there."""
    path = wish.path.absolute()
    inside = path.is_relative_to(office.absolute())
    values = {name: getattr(wish, name) for name in LayerSection.model_fields if name != "path"}
    file = (path.relative_to(office.absolute()) if inside else path).as_posix()
    return LayerSection.model_validate({"path": file, **values})


def keep_layer(office: Path, wish: LayerWish) -> None:
    """Add a layer to ``office.toml``, whole or not at all; every other line of it stays as it is.

    Raises
    ------
    DataError
        ``layers.name_taken``, ``layers.not_writable``.
    SettingsError
        If the file as it stands is wrong.
    """
    path = office / FILE_NAME
    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError("settings.unreadable", file=path, cause=str(error)) from error
    except TOMLKitError as error:
        raise SettingsError("settings.not_toml", file=path, cause=str(error)) from error
    tables = document.get("layer")
    listed = tables if isinstance(tables, AoT) else AoT([])
    if any(one.get("name") == wish.name for one in listed):
        raise DataError("layers.name_taken", name=wish.name)
    listed.append(_table(section_of(wish, office)))
    if not isinstance(tables, AoT):
        document.append("layer", listed)
    text = tomlkit.dumps(document)
    checked_settings(tomlkit.parse(text).unwrap())
    draft = path.with_name(f"{FILE_NAME}.new")
    try:
        with draft.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise unwritable(path, error) from error


def _table(section: LayerSection) -> Item:
    """Return the table with the keys that say something."""
    table = tomlkit.table()
    usual = LayerSection(name="-", path="-")
    for name in LayerSection.model_fields:
        value = getattr(section, name)
        if value != getattr(usual, name):
            table.add(name, list(value) if isinstance(value, tuple) else value)
    return table
