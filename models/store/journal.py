"""The journal: each act a line, each line chained to the one before by SHA-256.

A line's SHA-256 is taken over the one before it (64 hex digits), a line feed,
and the JSON array ``[number, at, actor, act, subject, before, after]`` in UTF-8,
all but the number being the very texts that stand in the row. Anybody can
check it with ten lines of any language.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from models.act import JournalEntry
from models.duty.log import JournalLine
from models.errors import StoreError
from models.store import head as head_file
from models.store import laws
from models.store.head import Head
from models.store.laws import GENESIS
from models.store.migrations import MIGRATIONS
from models.store.text_form import json_text, plain, time_of, time_text

RESTORED = "store.restored"
"""The act of the line that a restoring writes; its ``before`` names the heads of what was lost."""

_COLUMNS = "number, at, actor, act, subject, before, after, before_sha, sha"


def sha_of(before_sha: str, number: int, texts: Sequence[str]) -> str:
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


def after_of(db: Database, act: str) -> Iterator[dict[str, Any]]:
    """Yield what every line of one act says of afterwards, the oldest first."""
    for (after,) in db.execute("SELECT after FROM journal WHERE act = ? ORDER BY number", [act]):
        yield json.loads(after)


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


def each_after(db: Database, last: Head) -> Iterator[JournalLine]:
    """Yield the lines after a head as long as each is whole and follows the one before it."""
    sha = last.sha
    sql = f"SELECT {_COLUMNS} FROM journal WHERE number > ? ORDER BY number"
    for number, row in enumerate(db.execute(sql, [last.number]), start=last.number + 1):
        if row[0] != number or row[7] != sha or sha_of(sha, number, row[1:7]) != row[8]:
            return
        sha = row[8]
        yield _line(row)


def check(db: Database, head: Path, *, backups: tuple[Path, ...] = ()) -> tuple[StoreError, ...]:
    """Go through the whole journal and return what is wrong with it; each finding can say its sentence.

    Parameters
    ----------
    db : Database
        The store.
    head : Path
        The head file beside it. Heads set aside beside it are witnesses too.
    backups : tuple of Path
        Head files of backups.

    Returns
    -------
    tuple of StoreError
        ``store.no_triggers``, ``journal.other_table``, ``journal.broken_numbers``,
        ``journal.broken_chain``, ``journal.changed_line``, ``journal.unreadable_line``, ``journal.cut_tail``,
        ``journal.other_line``, ``journal.head_missing``, ``journal.head_unreadable``,
        ``journal.head_begun_anew``. Empty if the journal is whole.
    """
    # The heads first: whatever is written meanwhile makes the journal longer than they are, never shorter.
    witnesses, findings = _witnesses(head, backups)
    absent = laws.missing(db)
    if absent:
        findings.append(StoreError("store.no_triggers", path=head.with_name("store.sqlite"), names=", ".join(absent)))
    if _table(db) != _proper_table():
        findings.append(StoreError("journal.other_table"))
    chain = _walk(db, findings)
    explained = _explained(db)
    for name, witness in witnesses:
        if (witness.number, witness.sha) in explained:
            continue
        if witness.number > len(chain):
            facts = {"number": witness.number, "last": len(chain)}
            findings.append(StoreError("journal.cut_tail", witness=name, **facts))
        elif witness.number > 0 and chain[witness.number - 1] != witness.sha:
            findings.append(StoreError("journal.other_line", witness=name, number=witness.number))
    return tuple(findings)


def contradicting(db: Database, heads: tuple[Head, ...]) -> tuple[Head, ...]:
    """Return the heads that name a line which is not in this journal."""
    return tuple(witness for witness in heads if sha_at(db, witness.number) != witness.sha)


def _witnesses(head: Path, backups: tuple[Path, ...]) -> tuple[list[tuple[str, Head]], list[StoreError]]:
    witnesses: list[tuple[str, Head]] = []
    findings: list[StoreError] = []
    for path in (head, *head_file.kept_aside(head), *backups):
        try:
            found = head_file.read(path)
        except StoreError as error:
            findings.append(error)
            continue
        if found is not None:
            witnesses.append((path.name, found))
            if path == head and found.since > 0:
                findings.append(StoreError("journal.head_begun_anew", path=path, number=found.since))
        elif path == head:
            findings.append(StoreError("journal.head_missing", path=path))
    return witnesses, findings


def _walk(db: Database, findings: list[StoreError]) -> list[str]:
    """Return the SHA-256 of line 1, 2, ... as stored, adding what is wrong on the way."""
    chain: list[str] = []
    last = GENESIS
    for number, *texts, before_sha, sha in rows(db):
        if number != len(chain) + 1:
            findings.append(StoreError("journal.broken_numbers", number=number, expected=len(chain) + 1))
            chain += [""] * (number - 1 - len(chain))
        elif before_sha != last:
            findings.append(StoreError("journal.broken_chain", number=number))
        try:
            whole = sha_of(before_sha, number, texts) == sha
        except TypeError:  # something that is no text stands where text should
            whole = False
        if not whole:
            findings.append(StoreError("journal.changed_line", number=number))
        elif not _can_be_read(texts):  # a forger can chain it rightly
            findings.append(StoreError("journal.unreadable_line", number=number))
        chain.append(sha)
        last = sha
    return chain


def _explained(db: Database) -> set[tuple[int, str]]:
    """Return the heads that a restoring has named as lost: they are told, not hidden."""
    found = db.execute("SELECT before FROM journal WHERE act = ?", [RESTORED]).fetchall()
    try:
        return {(int(number), str(sha)) for (before,) in found for number, sha in json.loads(before).get("heads", [])}
    except (ValueError, TypeError, AttributeError, RecursionError):  # nobody restored anything by such a line
        return set()


def _can_be_read(texts: Sequence[Any]) -> bool:
    """Return whether a line says when it was, and what stood before and after as objects."""
    at, *_, before, after = texts
    try:
        time_of(at)
        return isinstance(json.loads(before), dict) and isinstance(json.loads(after), dict)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return False


def _table(db: Database) -> list[tuple[Any, ...]]:
    return db.execute(
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'journal' AND type IN ('table', 'index')"
    ).fetchall()


@cache
def _proper_table() -> list[tuple[Any, ...]]:
    with Database(memory=True) as db:
        MIGRATIONS.apply(db)
        return _table(db)


def _line(row: tuple[Any, ...]) -> JournalLine:
    number, at, actor, act, subject, before, after, before_sha, sha = row
    entry = JournalEntry(actor, act, subject, time_of(at), json.loads(before), json.loads(after))
    return JournalLine(number, entry, before_sha, sha)
