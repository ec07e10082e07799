"""The index of the archive: one row for each file that was put away, and which of them are the oldest.

No alarm and no warning rests on a file of the archive: an alarm keeps its verdict
as it stood (`models.hazard.raising.evidence_of`), a warning its text and its CAP
message, a receipt is a row of its own. So whatever is the oldest may go.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlite_utils import Database

from models.act import JournalEntry
from models.store import journal
from models.store.text_form import time_of, time_or_none, time_text

ROLLED = "archive.rolled"
MENDED = "archive.mended"
_NAMED = 10

_COLUMNS = "id, kind, radar, data_at, path, size_bytes, sha256, format, layout, complete, archived_at"
_AGE = "min(data_at, archived_at)"
_INSERT = f"INSERT INTO archive ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (path) DO "
_NEWER_FACTS = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS.split(", ") if name not in {"id", "path"})


class ArchiveKind(StrEnum):
    """What a file of the archive is."""

    RADAR = "radar"
    FRAME = "frame"
    GAUGES = "gauges"
    RAIN_SUM = "rain_sum"
    RECEIPT = "receipt"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """One file of the archive.

    Attributes
    ----------
    id : str
        UUIDv7; it stays when the same path is written again.
    kind : ArchiveKind
        What it is.
    radar : str
        The radar's code, empty where the file is of none or nobody has read it.
    data_at : datetime
        The time of what is in it.
    path : str
        Relative to the office, with slashes: ``archive/20260617/name``.
    size_bytes : int
        Its length.
    sha256 : str
        Of its bytes, in hex.
    format, layout : str
        What the reader called it; empty where nobody has read it.
    complete : bool or None
        Whether it was whole; None where nobody knows.
    archived_at : datetime
        When it was put away.
    """

    id: str
    kind: ArchiveKind
    radar: str
    data_at: datetime
    path: str
    size_bytes: int
    sha256: str
    format: str
    layout: str
    complete: bool | None
    archived_at: datetime

    @property
    def counted_at(self) -> datetime:
        """The time by which it is old or new: a file that claims to be of tomorrow is as old as its coming."""
        return min(self.data_at, self.archived_at)


@dataclass(frozen=True, slots=True)
class Stock:
    """What the index holds: how many files and bytes, and the times of the oldest and the newest."""

    files: int
    size_bytes: int
    oldest_at: datetime | None
    newest_at: datetime | None


def keep(db: Database, files: Iterable[ArchivedFile]) -> None:
    """Index files; one whose path stands there already gets the new facts and keeps its id."""
    db.conn.executemany(f"{_INSERT} UPDATE SET {_NEWER_FACTS}", [_row(file) for file in files])


def forget(db: Database, paths: Iterable[str]) -> int:
    """Drop the rows of these paths and return how many there were."""
    before = db.conn.total_changes
    db.conn.executemany("DELETE FROM archive WHERE path = ?", [[_coded(path)] for path in paths])
    return db.conn.total_changes - before


def roll_off(db: Database, files: tuple[ArchivedFile, ...], *, because: str, at: datetime) -> Stock:
    """Drop the rows of files that were removed, with a journal line, and return what is left.

    Parameters
    ----------
    db : Database
        The store.
    files : tuple of ArchivedFile
        What was removed from the disk.
    because : str
        ``cap``, ``disk`` or ``days``.
    at : datetime
        Now.
    """
    forget(db, (file.path for file in files))
    left = stock(db)
    after: dict[str, object] = {
        "count": len(files),
        "bytes": sum(file.size_bytes for file in files),
        "because": because,
        "kept": left.files,
        "kept_bytes": left.size_bytes,
        "oldest_at": left.oldest_at,
        "newest_at": left.newest_at,
    }
    journal.append(db, JournalEntry("system", ROLLED, "archive", at, after=after))
    return left


def mend(db: Database, found: Iterable[ArchivedFile], changed: Iterable[ArchivedFile], gone: Iterable[str]) -> None:
    """Let the index say what lies on the disk: files found there, files of another length, paths without a file.

    A row that came in meanwhile knows more than the finding, so it stays as it is.
    """
    db.conn.executemany(f"{_INSERT} NOTHING", [_row(file) for file in found])
    keep(db, changed)
    forget(db, gone)


def note_mended(
    db: Database, *, found: tuple[str, ...], changed: tuple[str, ...], gone: tuple[str, ...], at: datetime
) -> None:
    """Write down where index and disk did not agree: how many files, and the names of the first."""
    after: dict[str, object] = {}
    for word, paths in (("found", found), ("changed", changed), ("gone", gone)):
        if paths:
            after[word] = len(paths)
            after[f"{word}_files"] = [_coded(path) for path in paths[:_NAMED]]
    journal.append(db, JournalEntry("system", MENDED, "archive", at, after=after))


def stock(db: Database) -> Stock:
    """Return how much the index holds."""
    files, size_bytes, oldest, newest = db.execute(
        "SELECT count(*), coalesce(sum(size_bytes), 0),"
        f" (SELECT {_AGE} FROM archive ORDER BY {_AGE} LIMIT 1),"
        f" (SELECT {_AGE} FROM archive ORDER BY {_AGE} DESC LIMIT 1) FROM archive"
    ).fetchone()
    return Stock(files, size_bytes, time_or_none(oldest), time_or_none(newest))


def oldest(db: Database, limit: int) -> tuple[ArchivedFile, ...]:
    """Return the oldest files, the oldest first."""
    rows = db.execute(f"SELECT {_COLUMNS} FROM archive ORDER BY {_AGE}, id LIMIT ?", [limit])
    return tuple(_file(row) for row in rows)


def radar_files(db: Database, since: datetime, limit: int) -> tuple[ArchivedFile, ...]:
    """Return the newest radar files whose data is of ``since`` or later, the oldest of them first."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM archive WHERE kind = ? AND data_at >= ? ORDER BY data_at DESC, id DESC LIMIT ?",
        [ArchiveKind.RADAR.value, time_text(since), limit],
    ).fetchall()
    return tuple(_file(row) for row in reversed(rows))


def in_folder(db: Database, folder: str) -> dict[str, ArchivedFile]:
    """Return the files right in a folder (``archive/20260617``) by path."""
    begin, end = _span(folder)
    rows = db.execute(f"SELECT {_COLUMNS} FROM archive WHERE path > ? AND path < ?", [begin, end])
    files = (_file(row) for row in rows)
    return {file.path: file for file in files if file.path.rpartition("/")[0] == folder}


def folders(db: Database) -> tuple[str, ...]:
    """Return the folders that the index knows files in, in order; one step in its index of paths for each."""
    found: list[str] = []
    row = db.execute("SELECT min(path) FROM archive").fetchone()
    while row[0] is not None:
        folder = row[0].rpartition("/")[0]
        found.append(_decoded(folder))
        row = db.execute("SELECT min(path) FROM archive WHERE path >= ?", [f"{folder}0"]).fetchone()
    return tuple(sorted(set(found)))


def _span(folder: str) -> tuple[str, str]:
    """Return the texts between which every path in a folder stands: ``0`` is the sign after the slash."""
    return f"{_coded(folder)}/", f"{_coded(folder)}0"


def _row(file: ArchivedFile) -> list[object]:
    return [
        *(file.id, file.kind.value, file.radar, time_text(file.data_at), _coded(file.path), file.size_bytes),
        *(file.sha256, file.format, file.layout, None if file.complete is None else int(file.complete)),
        time_text(file.archived_at),
    ]


def _file(row: tuple[Any, ...]) -> ArchivedFile:
    id_, kind, radar, data_at, path, size_bytes, sha256, format_, layout, complete, archived_at = row
    return ArchivedFile(
        *(id_, ArchiveKind(kind), radar, time_of(data_at), _decoded(path), size_bytes, sha256, format_, layout),
        complete=None if complete is None else bool(complete),
        archived_at=time_of(archived_at),
    )


def _coded(path: str) -> str:
    """Return a path as SQLite can keep it: bytes of a name that are no text become ``%DCFF``, a ``%`` ``%0025``."""
    return re.sub("[%\ud800-\udfff]", lambda sign: f"%{ord(sign[0]):04X}", path)


def _decoded(text: str) -> str:
    return re.sub("%([0-9A-F]{4})", lambda sign: chr(int(sign[1], 16)), text)
