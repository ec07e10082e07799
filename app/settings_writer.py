"""Writes ``office.toml`` so that a person can read and edit it: each key under its comment."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import BaseModel
from tomlkit.items import AoT, Table

import resources
from app.settings import FILE_NAME, SECTIONS, BaseMapSection, LayerSection, RadarSection, Settings

SAMPLES: dict[str, BaseModel] = {
    "radar": RadarSection(code="Z9999", name="…", lon_deg=106.9, lat_deg=29.1, altitude_m=700.0),
    "layer": LayerSection(name="…", path="layers/zoning.gpkg", style="zoning", source="…", on=date(2025, 1, 1)),
    "base_map": BaseMapSection(name="…", file="maps/county.mbtiles"),
}


def toml_text(settings: Settings, language: str) -> str:
    """Return the settings as TOML with comments in ``zh`` or ``en``."""
    document = tomlkit.document()
    for section, model in SECTIONS.items():
        value = getattr(settings, section)
        if isinstance(value, tuple):
            document.add(tomlkit.comment(resources.phrase("settings", f"section.{section}", language)))
            if not value and section in SAMPLES:
                for line in _sample(section, language):
                    document.add(tomlkit.comment(line))
                document.add(tomlkit.nl())
            if value:
                tables = AoT([_table(model, one, section, language, commented=one is value[0]) for one in value])
                document.add(section, tables)
            continue
        document.add(tomlkit.comment(resources.phrase("settings", f"section.{section}", language)))
        document.add(section, _table(model, value, section, language, commented=True))
    return tomlkit.dumps(document)


def _sample(section: str, language: str) -> list[str]:
    """Lines of a table that nobody has entered yet, to be filled in and to lose their first sign."""
    lines = [f"[[{section}]]"]
    for name, value in SAMPLES[section].model_dump().items():
        written = tomlkit.item(value).as_string()
        lines.append(f"{name} = {written}  # {resources.phrase('settings', f'{section}.{name}', language)}")
    return lines


def write_settings(folder: Path, settings: Settings, language: str) -> Path:
    """Write ``office.toml`` whole or not at all, and return it."""
    path = folder / FILE_NAME
    draft = path.with_name(f"{FILE_NAME}.new")
    with draft.open("w", encoding="utf-8", newline="\n") as file:
        file.write(toml_text(settings, language))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return path


def _table(model: type[BaseModel], value: BaseModel, section: str, language: str, *, commented: bool) -> Table:
    table = tomlkit.table()
    for name in model.model_fields:
        item: Any = getattr(value, name)
        if item is None:
            continue
        if commented:
            table.add(tomlkit.comment(resources.phrase("settings", f"{section}.{name}", language)))
        table.add(name, list(item) if isinstance(item, tuple) else item)
    table.add(tomlkit.nl())
    return table
