"""A journal line's values in the operator's words; what has no words of its own is shown as it is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication

from models.act import JournalEntry
from models.hazard.alarms import AlarmState
from models.hazard.level import Level
from models.reach.outbox import DeliveryState
from widgets import words

_SHORT = 48


def told(entry: JournalEntry) -> str:
    """Return what an act did, on one line."""
    after = entry.after
    if entry.act == "alarm.raised" and {"rain_mm", "threshold_mm", "window_h"} <= after.keys():
        return _alarm(after)
    if entry.act.startswith("warning."):
        return _warning(after) or flat(after)
    if entry.act.startswith("message."):
        return _message(after)
    if entry.act == "feed.refused" and "reason" in after:
        file = entry.subject.removeprefix("feed:")
        return f"{str(after['reason']).removeprefix(f'{file}: ')}  {file}"
    if entry.act == "feed.odd" and "reason" in after:
        return str(after["reason"])
    if entry.act == "archive.mended":
        return _mended(after)
    if entry.act.startswith("alarm.") and after.get("state") in set(AlarmState):
        return words.alarm_state(AlarmState(str(after["state"])))
    return flat(after)


def name_in(entry: JournalEntry) -> str:
    """Return how this entry names its subject, empty where it does not."""
    if entry.subject.startswith("warning:") and "number" in entry.after:
        return QCoreApplication.translate("JournalPanel", "No. {n}").format(n=entry.after["number"])
    return str(entry.after.get("name", ""))


def flat(values: Mapping[str, object]) -> str:
    """Return values as they are written, on one line: ``state signed  number 4``."""
    return "  ".join(f"{key} {_short(value)}" for key, value in values.items() if value not in (None, "", {}, []))


def _mended(after: Mapping[str, Any]) -> str:
    parts = (
        ("found", QCoreApplication.translate("JournalPanel", "{n} files found")),
        ("changed", QCoreApplication.translate("JournalPanel", "{n} of another length")),
        ("gone", QCoreApplication.translate("JournalPanel", "{n} gone")),
    )
    return "  ".join(word.format(n=after[key]) for key, word in parts if key in after)


def _alarm(after: Mapping[str, Any]) -> str:
    least = QCoreApplication.translate("JournalPanel", "at least") if after.get("at_least") else ""
    amount = f"{words.number(float(after['rain_mm']))} / {words.millimeters(float(after['threshold_mm']))} mm"
    parts = (str(after.get("name", "")), _level(after.get("level")), least, amount, words.window(after["window_h"]))
    return "  ".join(part for part in parts if part)


def _warning(after: Mapping[str, Any]) -> str:
    towns = after.get("towns")
    listed = [t for t in towns if isinstance(t, Mapping)] if isinstance(towns, list | tuple) else []
    named = "  ".join(f"{t.get('name', '')} {_level(t.get('level', ''))}" for t in listed)
    number = (
        QCoreApplication.translate("JournalPanel", "No. {n}").format(n=after["number"]) if "number" in after else ""
    )
    reason = str(after.get("reason", "") or after.get("note", ""))
    return "  ".join(part for part in (number, str(after.get("identifier", "")), reason, named) if part)


def _message(after: Mapping[str, Any]) -> str:
    state = str(after.get("state", ""))
    known = next((words.delivery(s) for s in DeliveryState if s.value == state), state)
    parts = (
        after.get("recipient", ""),
        after.get("address", ""),
        after.get("channel", ""),
        known,
        after.get("detail", ""),
    )
    return "  ".join(str(part) for part in parts if part)


def _level(value: object) -> str:
    return next((words.level(level) for level in Level if level.value == value), str(value))


def _short(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + flat(value) + "}"
    if isinstance(value, list | tuple):
        return f"[{len(value)}]"
    text = str(value)
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"
