"""Which column of a points file is what."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import resources
from models.hazard.level import RISING, Level
from models.hazard.points_report import Finding
from models.hazard.register import PointKind

REQUIRED = ("id", "name", "lon", "lat")
_BOOK = "register_words/points_columns"
_WINDOW = re.compile(r"(?P<level>[^\d_]+?)_?(?P<hours>\d{1,2})(?P<unit>h|小时|时)")


@dataclass(frozen=True, slots=True)
class Columns:
    """``fields`` maps a field to its column, ``thresholds`` (window in h, level); ``others`` are kept as attributes."""

    fields: dict[str, int]
    thresholds: dict[tuple[int, Level], int]
    others: dict[str, int]
    refused: tuple[Finding, ...]
    guesses: tuple[Finding, ...]


def recognize(header: Sequence[str]) -> Columns:
    """Return what each column is, and what was guessed or is missing."""
    fields: dict[str, int] = {}
    thresholds: dict[tuple[int, Level], int] = {}
    others: dict[str, int] = {}
    refused: list[Finding] = []
    guesses: list[Finding] = []
    for index, title in enumerate(header):
        word = plain_word(title)
        if not word:
            continue
        name, is_guess = _field_of(word)
        threshold = _threshold_of(word)
        if threshold is not None:
            window_h, level = threshold
            column, known = f"{level.value}_{window_h}h", thresholds.get(threshold)
            is_guess = not _is_own_threshold(word)
            thresholds.setdefault(threshold, index)
        elif name:
            column, known = name, fields.get(name)
            fields.setdefault(name, index)
        else:
            others[title.strip()] = index
            continue
        if known is not None:
            facts = {"first": header[known], "second": title, "column": column}
            refused.append(Finding(1, column, "refused.same_column", facts))
        elif is_guess:
            guesses.append(Finding(1, column, "guessed.column", {"header": title.strip(), "column": column}))
    missing = [name for name in REQUIRED if name not in fields]
    refused += [Finding(1, name, "refused.missing_column", {"column": name}) for name in missing]
    return Columns(fields, thresholds, others, tuple(refused), tuple(guesses))


def kind_of(text: str) -> PointKind | None:
    """Return the kind a register means, None if it is none that this house knows."""
    return _kinds().get(plain_word(text))


def kind_words() -> str:
    """Return the kinds a register may name, for a sentence."""
    return ", ".join(resources.table(_BOOK)["kinds"])


def plain_word(text: str) -> str:
    """Return a word in one width and one case, without space, unit brackets and byte order mark."""
    word = unicodedata.normalize("NFKC", text).replace("\ufeff", "").casefold()
    return re.sub(r"\s+|\((mm|毫米|度|°)\)$", "", word)


@cache
def _names() -> dict[str, tuple[str, bool]]:
    """Return each known word with its field and whether taking it is a guess."""
    found: dict[str, tuple[str, bool]] = {}
    for field, words in resources.table(_BOOK)["column"].items():
        found |= {plain_word(w): (field, True) for w in words["known"]}
        found |= {plain_word(w): (field, False) for w in words["own"]}
    return found


@cache
def _kinds() -> dict[str, PointKind]:
    kinds = resources.table(_BOOK)["kinds"]
    return {plain_word(word): PointKind(kind) for kind, words in kinds.items() for word in words}


@cache
def _levels() -> dict[str, Level]:
    levels = resources.table(_BOOK)["levels"]
    return {word: Level(level) for level, words in levels.items() for word in words}


def _field_of(word: str) -> tuple[str, bool]:
    return _names().get(word, ("", False))


def _threshold_of(word: str) -> tuple[int, Level] | None:
    found = _WINDOW.fullmatch(word)
    level = _levels().get(found["level"]) if found else None
    if found is None or level is None or int(found["hours"]) < 1:
        return None
    return int(found["hours"]), level


def _is_own_threshold(word: str) -> bool:
    return re.fullmatch(r"(blue|yellow|orange|red|蓝|黄|橙|红)_\d{1,2}h", word) is not None


def template_header(language: str, windows_h: Sequence[int] = (1, 3, 6)) -> list[str]:
    """Return the header of the format in ``zh`` or ``en``."""
    book = resources.table(_BOOK)
    which = 1 if language == "zh" else 0
    fields = ("id", "name", "kind", "lon", "lat", "town", "warn_unit", "person", "phone")
    header = [str(book["column"][field]["own"][which]) for field in fields]
    return header + [f"{book['levels'][level.value][which]}_{w}h" for w in windows_h for level in RISING]
