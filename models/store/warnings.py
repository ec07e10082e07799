"""Warnings: each step kept with its journal line, and the issue in one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlite_utils import Database

from models.act import JournalEntry
from models.errors import StoreError
from models.hazard.level import Level
from models.reach.outbox import OutboxMessage
from models.store import journal, outbox
from models.store.text_form import json_text, time_of, time_or_none, time_or_null, time_text
from models.warning.warning import MessageType, TownLevel, WarningState, WeatherWarning

LEGAL_ZONE = timezone(timedelta(hours=8))
"""The year of a legal number is that of Beijing time."""

_COLUMNS = (
    *("id", "chain_id", "signal_id", "message_type", "state", "towns", "text", "guide", "valid_hours", "author_id"),
    *("created_at", "exercise", "alarm_ids", "previous_id", "number", "submitted_at", "signer_id", "signed_at"),
    *("issued_at", "expires_at", "ended_at", "identifier", "note", "year"),
)
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM warnings"


def save(db: Database, warning: WeatherWarning, entry: JournalEntry) -> None:
    """Keep a warning as it stands after a step, and the step's journal line.

    Issue has a door of its own: `issue`.

    Raises
    ------
    StoreError
        What the laws refuse: ``warnings.same_person``, ``warnings.signed_fixed``,
        ``warnings.issued_fixed``, ``warnings.no_way_back``, ``warnings.not_signed`` ...
    """
    _put(db, warning)
    journal.append(db, entry)


def issue(
    db: Database,
    warning: WeatherWarning,
    ended: WeatherWarning | None,
    messages: tuple[OutboxMessage, ...],
    cap_xml: str,
    entries: Iterable[JournalEntry],
) -> None:
    """Issue a signed warning: its state, the end of the one before it, the journal and the outbox.

    All of it in the caller's transaction, so it stands whole or not at all.

    Parameters
    ----------
    warning : WeatherWarning
        With state ``issued``, its legal number (see `next_number`) and times.
    ended : WeatherWarning or None
        The message in force that this one replaces or lifts, in its new state.
    messages : tuple of OutboxMessage
        What goes out, each for this warning.
    cap_xml : str
        The CAP message as checked before.
    entries : iterable of JournalEntry
        The journal lines of the issue, at least one.

    Raises
    ------
    StoreError
        ``warnings.not_signed`` (never signed, or issued by somebody else a moment ago),
        ``warnings.number_taken``, ``warnings.same_person``, ``warnings.incomplete``,
        ``warnings.wrong_message``, or what else the laws refuse.
    """
    lines = tuple(entries)
    if warning.state is not WarningState.ISSUED or not warning.number or not cap_xml or not lines:
        raise StoreError("warnings.incomplete", warning=warning.id)
    if any(message.warning_id != warning.id for message in messages):
        raise StoreError("warnings.wrong_message", warning=warning.id)
    found = db.execute("SELECT state FROM warnings WHERE id = ?", [warning.id]).fetchone()
    if found is None or found[0] != WarningState.SIGNED:
        raise StoreError("warnings.not_signed", warning=warning.id)
    _put(db, warning, cap_xml=cap_xml)
    if ended is not None:
        _put(db, ended)
    for line in lines:
        journal.append(db, line)
    for message in messages:
        outbox.put(db, message)


def next_number(db: Database, year: int) -> int:
    """Return the next legal number of a year (Beijing time); `issue` refuses it if it is taken meanwhile."""
    return int(db.execute("SELECT coalesce(max(number), 0) + 1 FROM warnings WHERE year = ?", [year]).fetchone()[0])


def all_warnings(db: Database) -> tuple[WeatherWarning, ...]:
    """Return every warning, oldest first."""
    return tuple(_warning(row) for row in db.query(f"{_SELECT} ORDER BY created_at, id"))


def find(db: Database, warning_id: str) -> WeatherWarning:
    """Return one warning.

    Raises
    ------
    StoreError
        ``warnings.unknown``.
    """
    for row in db.query(f"{_SELECT} WHERE id = ?", [warning_id]):
        return _warning(row)
    raise StoreError("warnings.unknown", warning=warning_id)


def cap_of(db: Database, warning_id: str) -> str:
    """Return the CAP message as it was issued.

    Raises
    ------
    StoreError
        ``warnings.unknown``, or ``warnings.no_cap`` before the issue.
    """
    found = db.execute("SELECT cap_xml FROM warnings WHERE id = ?", [warning_id]).fetchone()
    if found is None:
        raise StoreError("warnings.unknown", warning=warning_id)
    if found[0] is None:
        raise StoreError("warnings.no_cap", warning=warning_id)
    return str(found[0])


def _put(db: Database, warning: WeatherWarning, *, cap_xml: str | None = None) -> None:
    row = _row(warning)
    if cap_xml is not None:
        row["cap_xml"] = cap_xml
    known = db.execute("SELECT 1 FROM warnings WHERE id = ?", [warning.id]).fetchone()
    if known:
        sets = ", ".join(f"{name} = :{name}" for name in row if name != "id")
        db.execute(f"UPDATE warnings SET {sets} WHERE id = :id", row)
    else:
        marks = ", ".join(f":{name}" for name in row)
        db.execute(f"INSERT INTO warnings ({', '.join(row)}) VALUES ({marks})", row)


def _row(w: WeatherWarning) -> dict[str, Any]:
    return {
        "id": w.id,
        "chain_id": w.chain_id,
        "signal_id": w.signal_id,
        "message_type": w.message_type.value,
        "state": w.state.value,
        "towns": json_text([[town.code, town.name, town.level] for town in w.towns]),
        "text": w.text,
        "guide": json_text(w.guide),
        "valid_hours": w.valid_hours,
        "author_id": w.author_id,
        "created_at": time_text(w.created_at),
        "exercise": int(w.exercise),
        "alarm_ids": json_text(w.alarm_ids),
        "previous_id": w.previous_id or None,
        "number": w.number or None,
        "submitted_at": time_or_null(w.submitted_at),
        "signer_id": w.signer_id or None,
        "signed_at": time_or_null(w.signed_at),
        "issued_at": time_or_null(w.issued_at),
        "expires_at": time_or_null(w.expires_at),
        "ended_at": time_or_null(w.ended_at),
        "identifier": w.identifier,
        "note": w.note,
        "year": _legal_year(w.issued_at) if w.number and w.issued_at else None,
    }


def _legal_year(issued_at: datetime) -> int:
    return issued_at.astimezone(LEGAL_ZONE).year


def _warning(row: dict[str, Any]) -> WeatherWarning:
    return WeatherWarning(
        id=row["id"],
        chain_id=row["chain_id"],
        signal_id=row["signal_id"],
        message_type=MessageType(row["message_type"]),
        state=WarningState(row["state"]),
        towns=tuple(TownLevel(code, name, Level(level)) for code, name, level in json.loads(row["towns"])),
        text=row["text"],
        guide=tuple(json.loads(row["guide"])),
        valid_hours=row["valid_hours"],
        author_id=row["author_id"],
        created_at=time_of(row["created_at"]),
        exercise=bool(row["exercise"]),
        alarm_ids=tuple(json.loads(row["alarm_ids"])),
        previous_id=row["previous_id"] or "",
        number=row["number"] or 0,
        submitted_at=time_or_none(row["submitted_at"]),
        signer_id=row["signer_id"] or "",
        signed_at=time_or_none(row["signed_at"]),
        issued_at=time_or_none(row["issued_at"]),
        expires_at=time_or_none(row["expires_at"]),
        ended_at=time_or_none(row["ended_at"]),
        identifier=row["identifier"],
        note=row["note"],
    )
