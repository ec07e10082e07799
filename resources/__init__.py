"""Files that ship with the console, and the one door to them."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parent


def path(name: str) -> Path:
    """Return where a shipped file lies, such as ``path("cap/CAP-v1.2.xsd")``.

    Raises
    ------
    FileNotFoundError
        If nothing of that name ships.
    """
    found = _ROOT / name
    if not found.exists():
        raise FileNotFoundError(name)
    return found


@cache
def table(name: str) -> dict[str, Any]:
    """Return a shipped TOML file as a dict, read once; callers must not change it."""
    return tomllib.loads(path(f"{name}.toml").read_text(encoding="utf-8"))


def phrase(book: str, key: str, language: str) -> str:
    """Return one phrase of ``phrases/<book>.toml`` in ``zh`` or ``en``.

    Keys are dotted: ``radar.cut_off`` is table ``[radar.cut_off]`` with ``zh`` and ``en``.

    Raises
    ------
    KeyError
        If the book has no such phrase in that language.
    """
    entry: Any = table(f"phrases/{book}")
    for part in key.split("."):
        entry = entry[part]
    return str(entry[language])
