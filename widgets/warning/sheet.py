"""What the warning panels are shown: plain values, made by the warning desk."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime

from models.hazard.level import Level
from models.warning.warning import WeatherWarning


@dataclass(frozen=True, slots=True)
class TownRow:
    """One town of the sheet: its level in force, its level in the draft, its rain so far.

    ``rain_mm`` is the largest of the town's points in ``window_h``, NaN where nothing is known.
    """

    code: str
    name: str
    in_force: Level
    draft: Level
    rain_mm: float = math.nan
    window_h: int = 3


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the products: its name, whether it passed, and what it found."""

    name: str
    passed: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One message to one recipient: its state in words, and when that came."""

    id: str
    recipient: str
    note: str
    channel: str
    state: str
    at: datetime | None
    done: bool
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A warning on the author's sheet, from draft to card.

    ``signal`` is its name for the operator (暴雨); ``previous`` the message it
    updates or lifts. ``steps`` are the values of ``lifecycle.Step`` open to the
    person at the desk. ``recipients`` are (town, people) pairs. ``texts`` are
    the products as (name, text) pairs, the short message first; ``text_limit`` the
    most characters of that one. ``can_undo`` says whether an edit can be taken back.
    """

    warning: WeatherWarning
    signal: str
    now: datetime
    previous: WeatherWarning | None = None
    author: str = ""
    signer: str = ""
    towns: tuple[TownRow, ...] = ()
    recipients: tuple[tuple[str, int], ...] = ()
    new_recipients: int = 0
    texts: tuple[tuple[str, str], ...] = ()
    text_limit: int = 0
    checks: tuple[Check, ...] = ()
    steps: frozenset[str] = frozenset()
    can_undo: bool = False
    is_own: bool = True
    alarmed_at: datetime | None = None
    receipts: tuple[ReceiptRow, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source of the evidence: what it is, what it says, from when."""

    name: str
    says: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an alarm rests on, for the person who signs.

    ``times`` and ``rain_mm`` are the curve of the sum over ``window_h`` (NaN is a
    gap, drawn as one); ``bars_mm`` the rain of each step of ``bar_minutes``;
    ``thresholds`` the point's own in this window. ``caution`` is a sentence on what
    the source cannot know.
    """

    point_name: str
    kind: str
    level: Level
    window_h: int
    value_mm: float
    threshold_mm: float
    at_least: bool
    times: tuple[datetime, ...] = ()
    rain_mm: tuple[float, ...] = ()
    thresholds: tuple[tuple[Level, float], ...] = ()
    bars_mm: tuple[float, ...] = ()
    bar_minutes: int = 10
    sources: tuple[SourceLine, ...] = ()
    caution: str = ""


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """One difference against the message in force; levels where the difference is one of level."""

    what: str
    before: str
    after: str
    before_level: Level | None = None
    after_level: Level | None = None


@dataclass(frozen=True, slots=True)
class InForce:
    """One warning in force: the signal's word, its clocks, and the steps open to the person at the desk.

    ``answered`` and ``acted`` are None as long as nothing counts them.
    """

    warning: WeatherWarning
    signal: str
    alarmed_at: datetime | None = None
    delivered: int = 0
    recipients: int = 0
    answered: int | None = None
    acted: int | None = None
    acts: frozenset[str] = field(default_factory=lambda: frozenset({"continue", "raise", "lower", "lift"}))
