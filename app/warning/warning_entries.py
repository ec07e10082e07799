"""What is written of a warning before its issue: begun, edited, a step taken, a step refused."""

from __future__ import annotations

from datetime import datetime

from models.act import JournalEntry
from models.errors import StoreError
from models.store import people, warnings
from models.store.database import Database
from models.warning.draft import Draft
from models.warning.lifecycle import Step, advance
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


def save_edit(db: Database, warning: WeatherWarning, entry: JournalEntry) -> None:
    """Keep an edit and its line, as long as the draft is one.

    Raises
    ------
    StoreError
        ``warnings.changed_elsewhere`` if another console has taken it a step on.
    """
    if warnings.find(db, warning.id).state is not warning.state:
        raise StoreError("warnings.changed_elsewhere")
    warnings.save(db, warning, entry)


def step(
    db: Database, warning: WeatherWarning, to: Step, actor_id: str, at: datetime, *, note: str = ""
) -> WeatherWarning:
    """Take a step of a warning as the desk knows it, by the people as the store knows them now.

    Raises
    ------
    IllegalStepError
        If this person may not, or no longer.
    StoreError
        ``warnings.changed_elsewhere`` if the store holds another warning than the
        desk: what was read is what is signed.
    """
    stored = warnings.find(db, warning.id)
    # The author's own last edit may have met a full disk: handing in writes all of it.
    if stored.state is not warning.state or (to is not Step.SUBMIT and stored != warning):
        raise StoreError("warnings.changed_elsewhere")
    actor, author = people.find(db, actor_id), people.find(db, warning.author_id)
    after, entry = advance(warning, to, actor, at, author=author, note=note)
    warnings.save(db, after, entry)
    return after


def _subject(warning: WeatherWarning) -> str:
    return f"warning:{warning.id}"


def _content(warning: WeatherWarning) -> dict[str, object]:
    return {"text": warning.text, "towns": _towns(warning), "hours": warning.valid_hours}


def _towns(warning: WeatherWarning) -> list[dict[str, str]]:
    return [{"name": t.name, "level": t.level.value} for t in warning.towns]
