"""`fengsui warning list|show`: the warnings of an office, read from its store without the console."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import resources
from app.language import system_language
from app.office import default_folder, open_office
from models.duty.log import JournalLine
from models.errors import DataError, StoreError
from models.hazard.level import RISING, Level
from models.reach.outbox import OutboxMessage, Receipt
from models.store import journal, outbox, people, warnings
from models.store.database import Database, Store
from models.warning.issuing_office import BEIJING
from models.warning.signals import level_words, signal
from models.warning.warning import Person, WeatherWarning

Document = dict[str, Any]


def list_warnings(office: Path | None, language: str = "") -> list[Document]:
    """Return the warnings of an office, newest first."""
    language = language or system_language()

    def work(db: Database) -> list[Document]:
        names = _names(people.everybody(db))
        return [_document(warning, names, language) for warning in reversed(warnings.all_warnings(db))]

    with _store(office) as store:
        return store.read(work)


def show_warning(office: Path | None, warning_id: str, language: str = "") -> Document:
    """Return one warning with its CAP message, its journal lines, its messages and their receipts.

    Parameters
    ----------
    office : Path, optional
        The office's folder.
    warning_id : str
        The id, the CAP identifier, or the legal number (the newest warning of that number).
    language : str, optional
        Of the signal's name: ``zh`` or ``en``.

    Raises
    ------
    StoreError
        ``warnings.unknown``.
    """
    language = language or system_language()

    def work(db: Database) -> Document:
        warning = _find(warnings.all_warnings(db), warning_id)
        names = _names(people.everybody(db))
        receipts = outbox.receipts(db, warning.id)
        return _document(warning, names, language) | {
            "text": warning.text,
            "guide": list(warning.guide),
            "note": warning.note,
            "alarms": list(warning.alarm_ids),
            "cap": warnings.cap_of(db, warning.id) if warning.issued_at else None,
            "journal": [_line(line, names) for line in journal.of_subject(db, f"warning:{warning.id}")],
            "messages": [_message(message, receipts) for message in outbox.messages(db, warning.id)],
        }

    with _store(office) as store:
        return store.read(work)


def list_text(documents: list[Document], language: str = "") -> str:
    """Return the list as lines for people, one warning each."""
    language = language or system_language()
    if not documents:
        return _say("warning.none", language)
    return "\n".join(_head(document, language) for document in documents)


def warning_text(document: Document, language: str = "") -> str:
    """Return a document of `show_warning` as lines for people."""
    language = language or system_language()

    def say(key: str, **facts: object) -> str:
        return _say(f"warning.{key}", language, **facts)

    towns: dict[str, list[str]] = {}
    for town in document["towns"]:
        towns.setdefault(town["level"], []).append(town["name"])
    stop = say("stop")
    lines = [
        _head(document, language),
        *(say("towns", level=_level_word(level, language), names=stop.join(names)) for level, names in towns.items()),
        say("people", author=document["author"]["name"], signer=document["signer"]["name"] or say("nobody")),
        say("times", issued=_time(document["issued_at"]), until=_time(document["expires_at"])),
        "",
        document["text"],
        *(f"  {line}" for line in document["guide"]),
        "",
        say("journal", count=len(document["journal"])),
        *(
            f"  {line['number']}  {_time(line['at'], seconds=True)}  {line['actor_name']}  {_act(line['act'], language)}"
            for line in document["journal"]
        ),
        "",
        say("messages", count=len(document["messages"])),
    ]
    for message in document["messages"]:
        state = _say(f"delivery.{message['state']}", language)
        lines.append(
            f"  {message['channel']}  {message['kind']}  {message['recipient']}  {state}  {message['error']}".rstrip()
        )
        lines += [
            f"    {_time(r['at'], seconds=True)}  {_say('delivery.' + r['state'], language)}  {r['detail']}".rstrip()
            for r in message["receipts"]
        ]
    return "\n".join(lines)


def _store(office: Path | None) -> Store:
    return Store.open(open_office(office or default_folder()).store_path)


def _find(everything: tuple[WeatherWarning, ...], wanted: str) -> WeatherWarning:
    for warning in everything:
        if wanted in {warning.id, warning.identifier}:
            return warning
    for warning in reversed(everything):
        if warning.number and wanted == str(warning.number):
            return warning
    raise StoreError("warnings.unknown", warning=wanted)


def _names(everybody: tuple[Person, ...]) -> dict[str, str]:
    return {person.id: person.name for person in everybody}


def _document(warning: WeatherWarning, names: Mapping[str, str], language: str) -> Document:
    return {
        "id": warning.id,
        "chain_id": warning.chain_id,
        "previous_id": warning.previous_id or None,
        "identifier": warning.identifier or None,
        "number": warning.number or None,
        "state": warning.state.value,
        "message_type": warning.message_type.value,
        "signal": {"id": warning.signal_id, "name": _signal_name(warning.signal_id, language)},
        "level": warning.level.value,
        "towns": [{"code": town.code, "name": town.name, "level": town.level.value} for town in warning.towns],
        "exercise": warning.exercise,
        "author": {"id": warning.author_id, "name": names.get(warning.author_id, warning.author_id)},
        "signer": {"id": warning.signer_id or None, "name": names.get(warning.signer_id, warning.signer_id) or None},
        "created_at": _iso(warning.created_at),
        "submitted_at": _iso(warning.submitted_at),
        "signed_at": _iso(warning.signed_at),
        "issued_at": _iso(warning.issued_at),
        "valid_hours": warning.valid_hours,
        "expires_at": _iso(warning.expires_at),
        "ended_at": _iso(warning.ended_at),
    }


def _line(line: JournalLine, names: Mapping[str, str]) -> Document:
    document: Document = json.loads(journal.json_line(line))
    return document | {"actor_name": names.get(line.entry.actor, line.entry.actor)}


def _message(message: OutboxMessage, receipts: tuple[Receipt, ...]) -> Document:
    return {
        "id": message.id,
        "channel": message.channel,
        "kind": message.kind,
        "recipient": message.recipient,
        "address": message.address,
        "state": message.state.value,
        "attempts": message.attempts,
        "created_at": _iso(message.created_at),
        "handed_over_at": _iso(message.handed_over_at),
        "error": message.error,
        "body": message.body,
        "receipts": [
            {"id": r.id, "state": r.state.value, "at": _iso(r.at), "detail": r.detail}
            for r in receipts
            if r.message_id == message.id
        ],
    }


def _head(document: Document, language: str) -> str:
    number = _say("warning.number", language, number=document["number"]) if document["number"] else "—"
    what = f"{document['signal']['name']} {_level_word(document['level'], language)}"
    state = resources.phrase("warning", f"state.{document['state']}", language)
    drill = resources.phrase("warning", "drill", language).strip() if document["exercise"] else ""
    at = _time(document["issued_at"] or document["created_at"])
    kind = _say(f"message.{document['message_type']}", language)
    return "  ".join(part for part in (number, at, drill, what, kind, state, document["id"]) if part)


def _signal_name(signal_id: str, language: str) -> str:
    try:
        return signal(signal_id).name(language)
    except DataError:
        return signal_id


def _level_word(level: str, language: str) -> str:
    return level_words(Level(level)).word(language) if Level(level) in RISING else "—"


def _act(act: str, language: str) -> str:
    """Return the word for what happened to a warning; an act without one stands as its code."""
    step = act.removeprefix("warning.")
    refused = step.endswith("_refused")
    step = step.removesuffix("_refused")
    for book, key in (("command_line", f"act.{step}"), ("warning", f"step.{step}")):
        try:
            word = resources.phrase(book, key, language)
        except KeyError:
            continue
        return _say("act.refused", language, act=word) if refused else word
    return act


def _say(key: str, language: str, **facts: object) -> str:
    return resources.phrase("command_line", key, language).format_map(facts)


def _iso(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None


def _time(iso: str | None, *, seconds: bool = False) -> str:
    """Return a time as the office's clock shows it, UTC+8."""
    if iso is None:
        return "—"
    return (
        datetime.fromisoformat(iso).astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")
    )
