"""The journal: each act a line, each line chained to the one before by SHA-256.

A line's SHA-256 is taken over the one before it (64 hex digits), a line feed,
and the JSON array ``[number, at, actor, act, subject, before, after]`` in UTF-8,
all but the number being the very texts that stand in the row. Anybody can
check it with ten lines of any language.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from sqlite_utils import Database

from models.act import JournalEntry
from models.duty.log import JournalLine
from models.store.head import Head
from models.store.laws import GENESIS
from models.store.text_form import json_text, plain, time_of, time_text

_COLUMNS = "number, at, actor, act, subject, before, after, before_sha, sha"


def sha_of(before_sha: str, number: int, texts: tuple[str, str, str, str, str, str]) -> str:
    """Return the SHA-256 of a line in hex; ``texts`` are at, actor, act, subject, before, after as stored."""
    body = json.dumps([number, *texts], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{before_sha}\n{body}".encode("utf-8", "surrogatepass")).hexdigest()


def head(db: Database) -> Head:
    """Return the last line's number and SHA-256; 0 and zeros for an empty journal."""
    row = db.execute("SELECT number, sha FROM journal ORDER BY number DESC LIMIT 1").fetchone()
    return Head(row[0], row[1]) if row else Head(0, GENESIS)


def sha_at(db: Database, number: int) -> str | None:
    """Return the SHA-256 of one line, zeros for number 0, None where there is no such line."""
    if number == 0:
        return GENESIS
    row = db.execute("SELECT sha FROM journal WHERE number = ?", [number]).fetchone()
    return row[0] if row else None


def append(db: Database, entry: JournalEntry) -> JournalLine:
    """Write one line at the end and return it as it now stands.

    Values in ``before`` and ``after`` are kept as JSON knows them: times and
    enums as text, NaN as null.
    """
    last = head(db)
    number = last.number + 1
    texts = (
        time_text(entry.at),
        entry.actor,
        entry.act,
        entry.subject,
        json_text(entry.before),
        json_text(entry.after),
    )
    sha = sha_of(last.sha, number, texts)
    db.execute(
        f"INSERT INTO journal ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [number, *texts, last.sha, sha],
    )
    return _line((number, *texts, last.sha, sha))


def lines(db: Database, *, since_number: int = 0, limit: int | None = None) -> tuple[JournalLine, ...]:
    """Return the lines after ``since_number``, oldest first, at most ``limit`` of them."""
    sql = f"SELECT {_COLUMNS} FROM journal WHERE number > ? ORDER BY number LIMIT ?"
    return tuple(_line(row) for row in db.execute(sql, [since_number, -1 if limit is None else limit]))


def newest(db: Database, *, limit: int) -> tuple[JournalLine, ...]:
    """Return the last lines, newest first, at most ``limit`` of them."""
    rows = db.execute(f"SELECT {_COLUMNS} FROM journal ORDER BY number DESC LIMIT ?", [limit])
    return tuple(_line(row) for row in rows)


def of_subject(db: Database, subject: str) -> tuple[JournalLine, ...]:
    """Return every line about one thing, such as ``warning:<id>``, oldest first."""
    rows = db.execute(f"SELECT {_COLUMNS} FROM journal WHERE subject = ? ORDER BY number", [subject])
    return tuple(_line(row) for row in rows)


def rows(db: Database) -> Iterator[tuple[Any, ...]]:
    """Yield the bare rows in order of number: the columns of a line with before_sha and sha last."""
    yield from db.execute(f"SELECT {_COLUMNS} FROM journal ORDER BY number")


def json_line(line: JournalLine) -> str:
    """Return a line as one row of a ``.jsonl`` file, with all that its SHA-256 is taken over."""
    entry = line.entry
    return json.dumps(
        {
            "number": line.number,
            "at": time_text(entry.at),
            "actor": entry.actor,
            "act": entry.act,
            "subject": entry.subject,
            "before": plain(entry.before),
            "after": plain(entry.after),
            "before_sha": line.before_sha,
            "sha": line.sha,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _line(row: tuple[Any, ...]) -> JournalLine:
    number, at, actor, act, subject, before, after, before_sha, sha = row
    entry = JournalEntry(actor, act, subject, time_of(at), json.loads(before), json.loads(after))
    return JournalLine(number, entry, before_sha, sha)
