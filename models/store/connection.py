"""Connections to the store: how each is opened, and one that tells what it wrote."""

from __future__ import annotations

import re
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlite_utils import Database

BUSY_MS = 10_000
_AGAIN_S = 0.02
_WRITES = re.compile(
    r"\s*(INSERT|UPDATE|DELETE|REPLACE)(?:\s+OR\s+\w+)?(?:\s+INTO|\s+FROM)?\s+[\"\[]?(\w+)", re.IGNORECASE
)


class WatchedConnection(sqlite3.Connection):
    """A connection that calls ``after_statement(name)`` after each write, such as ``"insert outbox"``."""

    after_statement: Callable[[str], None] | None = None

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """Run one statement, then tell of it."""
        cursor = super().execute(sql, parameters)
        self._tell(sql)
        return cursor

    def executemany(self, sql: str, parameters: Any, /) -> sqlite3.Cursor:
        """Run one statement over many rows, then tell of it once."""
        cursor = super().executemany(sql, parameters)
        self._tell(sql)
        return cursor

    def _tell(self, sql: str) -> None:
        if self.after_statement is None:
            return
        write = _WRITES.match(sql)
        if write:
            self.after_statement(f"{write[1].lower()} {write[2]}")


def open_writer(path: Path) -> tuple[Database, WatchedConnection]:
    """Return a connection for writing: transactions by hand, WAL, foreign keys, every commit synced to disk."""
    connection = sqlite3.connect(
        path, factory=WatchedConnection, isolation_level=None, check_same_thread=False, timeout=BUSY_MS / 1000
    )
    try:
        db = Database(connection)
        db.execute("PRAGMA trusted_schema = OFF")
        db.execute("PRAGMA cell_size_check = ON")
        _use_wal(db)
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        connection.close()
        raise
    return db, connection


def _use_wal(db: Database) -> None:
    """Switch to WAL; another session may be doing just that, and SQLite asks no busy handler then, so it is tried again."""
    end = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            threading.Event().wait(_AGAIN_S)  # as the busy handler does for every other statement
        else:
            return


def open_reader(path: Path) -> Database:
    """Return a connection that cannot write."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=BUSY_MS / 1000)
    try:
        db = Database(connection)
        db.execute("PRAGMA trusted_schema = OFF")
        db.execute("PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return db


def open_untouched(path: Path) -> Database:
    """Return a connection to a file that nobody writes to, such as a backup; leaves no ``-wal`` beside it."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
    try:
        return Database(connection)
    except BaseException:
        connection.close()
        raise
