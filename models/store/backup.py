"""Backups of the store by SQLite's own backup call, each with the journal's head beside it.

A backup is ``store-<UTC time>.sqlite``, one plain file that stands whole or not
at all, and ``store-<UTC time>.head``. The time is that of the clock handed in;
two of one second are told apart by ``-1``, ``-2``.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from models.errors import StoreError
from models.store import head as head_file
from models.store import journal, laws
from models.store.connection import open_reader, open_untouched
from models.store.database import Store, look_over
from models.store.failure import store_error
from models.store.head import Head

KEPT_NEWEST = 20
KEPT_DAYS = 60
_NAME = re.compile(r"store-(\d{8}T\d{6}Z)(?:-(\d+))?\.sqlite")
_TIME = "%Y%m%dT%H%M%SZ"


def make(store: Store, folder: Path, now: datetime) -> Path:
    """Copy the store as it stands into ``folder``, look over the copy, and drop backups beyond those kept.

    Call it in a job; the writer goes on meanwhile.

    Returns
    -------
    Path
        The backup, with its head beside it.

    Raises
    ------
    StoreError
        ``backup.failed`` (nothing is left of a copy that is not whole), ``store.full``, ``store.damaged``.
    """
    target = _free_name(folder, now)
    draft = target.with_suffix(".new")
    try:
        _copy(store.path, draft)
        head = _examined(draft)
        _sync(draft)
        head_file.write(head_of(target), head)
        draft.replace(target)
        head_file.sync_folder(folder)
    except sqlite3.Error as error:
        _drop(draft, head_of(target))
        raise store_error(error, draft) from error
    except OSError as error:
        _drop(draft, head_of(target))
        raise StoreError("backup.failed", path=target, cause=str(error)) from error
    except StoreError:
        _drop(draft, head_of(target))
        raise
    prune(folder)
    return target


def all_of(folder: Path) -> tuple[Path, ...]:
    """Return the backups in a folder, newest first."""
    return tuple(
        sorted((p for p in folder.glob("store-*.sqlite") if _NAME.fullmatch(p.name)), key=_order, reverse=True)
    )


def made_at(backup: Path) -> datetime:
    """Return when a backup was made, by its name."""
    return _order(backup)[0]


def head_of(backup: Path) -> Path:
    """Return where the head of a backup lies."""
    return backup.with_suffix(".head")


def prune(folder: Path) -> tuple[Path, ...]:
    """Drop all but the newest 20 backups and the last one of each of the newest 60 days; return what went."""
    backups = all_of(folder)
    keep = set(backups[:KEPT_NEWEST])
    last_of_day: dict[str, Path] = {}
    for backup in backups:
        last_of_day.setdefault(f"{made_at(backup):%Y%m%d}", backup)
    keep.update(list(last_of_day.values())[:KEPT_DAYS])
    gone = tuple(backup for backup in backups if backup not in keep)
    for backup in gone:
        _drop(backup, head_of(backup))
    return gone


def examine(backup: Path) -> Head:
    """Look over a backup and return its journal's head.

    Raises
    ------
    StoreError
        Why it is no good: ``store.damaged``, ``store.not_ours``, ``store.newer``,
        ``store.no_triggers``, or ``backup.other_head`` if its head file tells otherwise.
    """
    try:
        head = _examined(backup)
    except sqlite3.Error as error:
        raise store_error(error, backup) from error
    beside = head_file.read(head_of(backup))
    if beside is None or (beside.number, beside.sha) != (head.number, head.sha):
        raise StoreError("backup.other_head", path=backup)
    return head


def newest_good(folder: Path) -> Path | None:
    """Return the newest backup that `examine` finds good, or None."""
    for backup in all_of(folder):
        with contextlib.suppress(StoreError):
            examine(backup)
            return backup
    return None


def _copy(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    reader = open_reader(source)
    try:
        copy = sqlite3.connect(target, isolation_level=None)
        try:
            reader.conn.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE").fetchone()  # one file, no -wal beside it
        finally:
            copy.close()
    finally:
        reader.close()


def _examined(path: Path) -> Head:
    db: Database = open_untouched(path)
    try:
        look_over(db, path)
        absent = laws.missing(db)
        if absent:
            raise StoreError("store.no_triggers", path=path, names=", ".join(absent))
        return journal.head(db)
    finally:
        db.close()


def _free_name(folder: Path, now: datetime) -> Path:
    stem = f"store-{now.astimezone(UTC).strftime(_TIME)}"
    path, count = folder / f"{stem}.sqlite", 0
    while path.exists():
        count += 1
        path = folder / f"{stem}-{count}.sqlite"
    return path


def _order(backup: Path) -> tuple[datetime, int]:
    name = _NAME.fullmatch(backup.name)
    if name is None:
        raise ValueError(f"no backup by its name: {backup.name}")
    return datetime.strptime(name[1], _TIME).replace(tzinfo=UTC), int(name[2] or 0)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _drop(*paths: Path) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
