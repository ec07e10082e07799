"""The catalog of warning signals, and what rain proposes by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import resources
from models.errors import DataError
from models.hazard.level import Level


@dataclass(frozen=True, slots=True)
class Criterion:
    """Rain of ``window_h`` hours that reaches a level, in mm."""

    element: str
    window_h: int
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class LevelWords:
    """How a level is named and shown, the same in every signal."""

    level: Level
    word_zh: str
    word_en: str
    grade_zh: str
    grade_en: str
    fill: str
    ink: str
    cap_severity: str
    cap_color: str

    def word(self, language: str) -> str:
        """Return the color word in ``zh`` or ``en``."""
        return self.word_zh if language == "zh" else self.word_en

    def grade(self, language: str) -> str:
        """Return the grade in ``zh`` or ``en``."""
        return self.grade_zh if language == "zh" else self.grade_en


@dataclass(frozen=True, slots=True)
class SignalLevel:
    """One level of a signal: its criteria, what to do, how long it runs."""

    level: Level
    criteria_zh: str
    criteria_en: str
    short_zh: str
    call_zh: str
    call_en: str
    guide_zh: tuple[str, ...]
    guide_en: tuple[str, ...]
    response: tuple[str, ...]
    valid_hours: float
    criteria: tuple[Criterion, ...]

    def guide(self, language: str) -> tuple[str, ...]:
        """Return the guide lines in ``zh`` or ``en``."""
        return self.guide_zh if language == "zh" else self.guide_en

    def criteria_text(self, language: str) -> str:
        """Return the criteria in words, ``zh`` or ``en``."""
        return self.criteria_zh if language == "zh" else self.criteria_en

    def call(self, language: str) -> str:
        """Return the call to act, ``zh`` or ``en``."""
        return self.call_zh if language == "zh" else self.call_en


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal. ``ready`` is False where drafts of it cannot be made yet; then ``details`` is empty."""

    id: str
    name_zh: str
    name_en: str
    event_code: str
    category: str
    status: str
    levels: tuple[Level, ...]
    ready: bool
    details: tuple[SignalLevel, ...]

    def name(self, language: str) -> str:
        """Return the name in ``zh`` or ``en``."""
        return self.name_zh if language == "zh" else self.name_en

    def at(self, level: Level) -> SignalLevel:
        """Return one level.

        Raises
        ------
        DataError
            If the signal has no such level.
        """
        found = next((d for d in self.details if d.level is level), None)
        if found is None:
            raise DataError("warning.no_such_level", signal=self.id, level=level.value)
        return found

    def proposed(self, rain_mm: Mapping[int, float]) -> Level:
        """Return the highest level whose criteria the rain (mm by window in h) has reached.

        A window that is not there, or NaN, reaches nothing; equal is reached, to 0.01 mm.
        """
        reached = [d.level for d in self.details if any(_met(c, rain_mm) for c in d.criteria)]
        return max(reached, key=lambda level: level.rank, default=Level.NONE)

    @property
    def windows_h(self) -> tuple[int, ...]:
        """The windows that the criteria speak of, shortest first."""
        return tuple(sorted({c.window_h for d in self.details for c in d.criteria}))


@cache
def signals() -> tuple[Signal, ...]:
    """Return every signal of the catalog, those that can be drafted first."""
    found = tuple(_signal(entry) for entry in resources.table("signals/signals_cn")["signal"])
    return tuple(sorted(found, key=lambda s: not s.ready))


@cache
def signal(signal_id: str) -> Signal:
    """Return one signal.

    Raises
    ------
    DataError
        If the catalog does not list it.
    """
    found = next((s for s in signals() if s.id == signal_id), None)
    if found is None:
        raise DataError("warning.no_such_signal", signal=signal_id)
    return found


@cache
def level_words(level: Level) -> LevelWords:
    """Return the words and colors of an alarm level (blue to red)."""
    entry = resources.table("signals/signals_cn")["levels"][level.value]
    return LevelWords(
        level,
        entry["word_zh"],
        entry["word_en"],
        entry["grade_zh"],
        entry["grade_en"],
        entry["fill"],
        entry["ink"],
        entry["cap_severity"],
        entry["cap_color"],
    )


def _met(criterion: Criterion, rain_mm: Mapping[int, float]) -> bool:
    rain = rain_mm.get(criterion.window_h, float("nan"))
    return criterion.element == "rain_accum" and round(rain, 2) >= round(criterion.value, 2)


def _signal(entry: dict[str, Any]) -> Signal:
    return Signal(
        entry["id"],
        entry["name_zh"],
        entry["name_en"],
        entry["event_code"],
        entry["category"],
        entry["status"],
        tuple(Level(level) for level in entry["levels"]),
        entry["ready"],
        tuple(_level(part) for part in entry.get("level", ())),
    )


def _level(entry: dict[str, Any]) -> SignalLevel:
    return SignalLevel(
        Level(entry["level"]),
        entry["criteria_zh"],
        entry["criteria_en"],
        entry["short_zh"],
        entry["call_zh"],
        entry["call_en"],
        tuple(entry["guide_zh"]),
        tuple(entry["guide_en"]),
        tuple(entry["response"]),
        float(entry["valid_hours"]),
        tuple(Criterion(c["element"], int(c["window_h"]), float(c["value"]), c["unit"]) for c in entry["criterion"]),
    )
