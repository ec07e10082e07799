"""Journal lines of what happens to a warning beside its steps: begun, edited, refused."""

from __future__ import annotations

from datetime import datetime

from models.act import JournalEntry
from models.store import warnings
from models.store.database import Database
from models.warning.draft import Draft
from models.warning.warning import WeatherWarning


def begun(warning: WeatherWarning, why: str) -> JournalEntry:
    """Return the line of a draft that was begun."""
    after: dict[str, object] = {
        "state": warning.state.value,
        "why": why,
        "alarms": list(warning.alarm_ids),
        "towns": _towns(warning),
    }
    return JournalEntry(warning.author_id, "warning.draft", _subject(warning), warning.created_at, after=after)


def edited(before: Draft, after: Draft, at: datetime) -> JournalEntry:
    """Return the line of an edit, with what stood before and after."""
    return JournalEntry(
        before.warning.author_id,
        "warning.edit",
        _subject(after.warning),
        at,
        before=_content(before.warning),
        after=_content(after.warning),
    )


def refused(warning: WeatherWarning, person_id: str, step: str, at: datetime, reason: str) -> JournalEntry:
    """Return the line of a step that this person may not take."""
    return JournalEntry(person_id, f"warning.{step}_refused", _subject(warning), at, after={"reason": reason})


def save(db: Database, warning: WeatherWarning, entry: JournalEntry) -> None:
    """Keep a warning and its line; for the store's writer."""
    warnings.save(db, warning, entry)


def _subject(warning: WeatherWarning) -> str:
    return f"warning:{warning.id}"


def _content(warning: WeatherWarning) -> dict[str, object]:
    return {"text": warning.text, "towns": _towns(warning), "hours": warning.valid_hours}


def _towns(warning: WeatherWarning) -> list[dict[str, str]]:
    return [{"name": t.name, "level": t.level.value} for t in warning.towns]
