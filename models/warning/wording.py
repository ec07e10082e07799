"""The words of a warning: signal text in Chinese and English, and headlines.

Texts come from ``resources/phrases/warning.toml``. The time of issue is a blank
until the warning is issued; `fill_times` puts it in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import resources
from models.hazard.level import Level
from models.warning.issuing_office import BEIJING, IssuingOffice
from models.warning.observed import TownRain
from models.warning.signals import level_words, signal
from models.warning.warning import MessageType, TownLevel, WeatherWarning

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MOST_RAINS = 4
_UNTIL = re.compile(r"〔签发后[\d.]+小时〕|\[[\d.]+ h after issue\]")


class Change(StrEnum):
    """What a message does to the one in force."""

    ALERT = "alert"
    UP = "up"
    DOWN = "down"
    CHANGE = "change"
    CONTINUE = "continue"
    CANCEL = "cancel"


def change_of(warning: WeatherWarning, previous: WeatherWarning | None) -> Change:
    """Return what a message does: up if some town rises and none falls, down the other way, change if both."""
    if warning.message_type is MessageType.CANCEL:
        return Change.CANCEL
    if warning.message_type is MessageType.ALERT or previous is None:
        return Change.ALERT
    before = {t.code: t.level.rank for t in previous.towns}
    after = {t.code: t.level.rank for t in warning.towns}
    rises = any(rank > before.get(code, 0) for code, rank in after.items())
    falls = any(rank > after.get(code, 0) for code, rank in before.items())
    if rises and falls:
        return Change.CHANGE
    return Change.UP if rises else Change.DOWN if falls else Change.CONTINUE


def signal_text(
    warning: WeatherWarning,
    office: IssuingOffice,
    language: str,
    *,
    previous: WeatherWarning | None = None,
    observed: Sequence[TownRain] = (),
) -> str:
    """Return the text of the signal in ``zh`` or ``en``.

    Parameters
    ----------
    warning : WeatherWarning
        A draft, with a blank for the time of issue, or an issued warning.
    office : IssuingOffice
        Who issues; decides whether 【演练】 stands in front.
    language : str
        ``zh`` or ``en``.
    previous : WeatherWarning, optional
        The message in force, for an update or a lifting.
    observed : Sequence[TownRain]
        Rain of the towns; left out where there is none.
    """
    say = _Sayer(language)
    words = level_words(warning.level)
    kind = signal(warning.signal_id)
    act = say(
        f"act.{change_of(warning, previous)}",
        signal=_lower(kind.name(language), language),
        color=_lower(words.word(language), language),
    )
    opening = say(
        "sentence.opening",
        drill=drill(warning, language),
        office=office.named(language),
        time=_issue_time(warning, say),
        act=act,
    )
    if warning.message_type is MessageType.CANCEL:
        return (opening + _lifted(warning, office, previous, say)).strip()
    parts = [opening, _observed(warning, observed, say)]
    for level in warning.levels:
        key = "sentence.level" if len(warning.levels) == 1 else "sentence.colored_level"
        parts.append(
            say(
                key,
                color=level_words(level).word(language),
                towns=_names(warning.towns_at(level), say),
                criteria=kind.at(level).criteria_text(language),
            )
        )
    dropped = _dropped(warning, previous)
    if dropped:
        parts.append(say("sentence.dropped", towns=_names(dropped, say)))
    parts.append(say("sentence.valid", until=_until(warning, say)))
    parts.append(say("sentence.call", call=kind.at(warning.level).call(language)))
    return "".join(parts).strip()


def headline(warning: WeatherWarning, office: IssuingOffice, level: Level, language: str) -> str:
    """Return the headline of one level: office, act, signal, color, grade."""
    words = level_words(level)
    return _Sayer(language)(
        f"headline.{warning.message_type.value}",
        drill=drill(warning, language),
        office=office.named(language),
        signal=_lower(signal(warning.signal_id).name(language), language),
        color=words.word(language),
        grade=words.grade(language),
    )


def fill_times(text: str, issued_at: datetime, expires_at: datetime) -> str:
    """Return a text with the blanks for the time of issue and the end filled in."""
    for language in ("zh", "en"):
        say = _Sayer(language)
        text = text.replace(say("blank"), long_time(issued_at, language))
    zh_until, en_until = long_time(expires_at, "zh"), long_time(expires_at, "en")
    return _UNTIL.sub(lambda m: zh_until if m.group().startswith("〔") else en_until, text)


def drill(warning: WeatherWarning, language: str) -> str:
    """Return the mark that stands in front of every text of an exercise, else nothing."""
    return _Sayer(language)("drill") if warning.exercise else ""


def long_time(at: datetime, language: str) -> str:
    """Return month, day and Beijing time of day."""
    return _time(at, "time.long", language)


def short_time(at: datetime, language: str) -> str:
    """Return day and Beijing time of day in few signs."""
    return _time(at, "time.short", language)


def _time(at: datetime, key: str, language: str) -> str:
    local = at.astimezone(BEIJING)
    return _Sayer(language)(
        key,
        month=local.month,
        month_name=_MONTHS[local.month - 1],
        day=local.day,
        hour=local.hour,
        minute=local.minute,
    )


class _Sayer:
    """Says phrases of the book in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, **facts: Any) -> str:
        return resources.phrase("warning", key, self.language).format_map(facts)


def _lower(word: str, language: str) -> str:
    return word if language == "zh" else word.lower()


def _names(towns: Sequence[TownLevel], say: _Sayer) -> str:
    return say("list").join(t.name for t in towns)


def _issue_time(warning: WeatherWarning, say: _Sayer) -> str:
    return long_time(warning.issued_at, say.language) if warning.issued_at else say("blank")


def _until(warning: WeatherWarning, say: _Sayer) -> str:
    if warning.expires_at is not None:
        return long_time(warning.expires_at, say.language)
    return say("blank_until", hours=f"{warning.valid_hours:g}")


def _dropped(warning: WeatherWarning, previous: WeatherWarning | None) -> tuple[TownLevel, ...]:
    if previous is None:
        return ()
    kept = {t.code for t in warning.towns}
    return tuple(t for t in previous.towns if t.code not in kept)


def _lifted(warning: WeatherWarning, office: IssuingOffice, previous: WeatherWarning | None, say: _Sayer) -> str:
    text = say("sentence.lifted", towns=_names(warning.towns, say))
    if previous is not None and previous.issued_at is not None and previous.number:
        text += say(
            "sentence.lifted_since",
            office=office.named(say.language),
            time=long_time(previous.issued_at, say.language),
            number=previous.number,
        )
    return text


def _observed(warning: WeatherWarning, observed: Sequence[TownRain], say: _Sayer) -> str:
    """Say the most rain of the warned towns, in the shortest window that a criterion speaks of."""
    codes = {t.code for t in warning.towns}
    windows = {c.window_h for c in signal(warning.signal_id).at(warning.level).criteria}
    rains = [r for r in observed if r.code in codes and r.window_h in windows and r.rain_mm >= 0.1]
    if not rains:
        return ""
    window_h = min(r.window_h for r in rains)
    worst = sorted((r for r in rains if r.window_h == window_h), key=lambda r: (-r.rain_mm, r.code))[:_MOST_RAINS]
    return say(
        "sentence.observed",
        window_h=window_h,
        rains=say("list").join(say("sentence.rain", town=r.name, amount=_amount(r, say)) for r in worst),
    )


def _amount(rain: TownRain, say: _Sayer) -> str:
    amount = f"{rain.rain_mm:.1f}"
    return say("sentence.at_least", amount=amount) if rain.at_least else amount
