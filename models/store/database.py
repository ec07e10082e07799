"""The store's file: opened, brought forward, looked over, written by one thread and read by many.

A transaction is one call of `Store.write`: what its work does stands in the file
whole or not at all, and its future is done only once SQLite has synced it to disk.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import IO, Self, TypeVar

from sqlite_utils import Database

from models.errors import StoreError
from models.store import head as head_file
from models.store import journal, laws, migrations, session
from models.store.connection import WatchedConnection, open_reader, open_writer
from models.store.failure import store_error
from models.store.head import Head

__all__ = ["Database", "Store", "look_over"]

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Store:
    """An office's store. Open it with `Store.open`, end it with `close`.

    Attributes
    ----------
    path : Path
        The file. ``journal.head`` lies beside it.
    head_error : StoreError or None
        Why the head file could not be written after the last commit; what was
        committed stands all the same.
    """

    def __init__(self, path: Path, after_statement: Callable[[str], None] | None = None) -> None:
        self.path = path
        self.head_path = path.with_name(head_file.FILE_NAME)
        self.head_error: StoreError | None = None
        self._after_statement = after_statement
        self._head = Head()
        self._closed = False
        self._session: IO[bytes] | None = None
        self._readers = threading.local()
        self._all_readers: list[tuple[Database, threading.Lock]] = []
        self._readers_lock = threading.Lock()
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store-writer")
        self._db: Database
        self._connection: WatchedConnection

    @classmethod
    def open(cls, path: Path, *, after_statement: Callable[[str], None] | None = None) -> Store:
        """Open the store, making it where there is none, and bring its tables forward.

        Parameters
        ----------
        path : Path
            The file; its folder must exist.
        after_statement : callable, optional
            Called in the writer thread after every write inside a transaction
            with its name (``"insert outbox"``), after the commit with
            ``"committed"`` and after the head file with ``"head written"``:
            the fault switch of the tests.

        Raises
        ------
        StoreError
            ``store.missing`` (the head names lines, the file is gone), ``store.damaged``,
            ``store.not_ours``, ``store.newer``, ``store.no_triggers``, ``store.full``,
            ``store.busy``, ``store.read_only`` or ``store.cannot_open``.
        """
        store = cls(path)
        try:
            store._executor.submit(store._begin).result()
        except BaseException:
            store.close()
            raise
        store._after_statement = after_statement
        store._connection.after_statement = after_statement
        return store

    def write(self, work: Callable[[Database], T]) -> Future[T]:
        """Run ``work`` in one transaction on the writer thread.

        The future holds what ``work`` returned once that is on the disk. If
        ``work`` raises, nothing of it stays and the future holds the error;
        SQLite's own errors come as `StoreError` (``store.full`` and so on).

        Raises
        ------
        StoreError
            ``store.closed``.
        """
        if self._closed:
            raise StoreError("store.closed", path=self.path)
        return self._executor.submit(self._transact, work)

    def write_now(self, work: Callable[[Database], T]) -> T:
        """Do as `write` does and wait for the answer."""
        return self.write(work).result()

    def read(self, work: Callable[[Database], T]) -> T:
        """Run ``work`` on this thread's own reader, all of it on one state of the store.

        Whatever ``work`` returns must be read out: no open cursors.

        Raises
        ------
        StoreError
            ``store.closed``, ``store.damaged``, or ``store.read_only`` if ``work`` tries to write.
        """
        db, lock = self._reader()
        with lock:
            if self._closed:
                raise StoreError("store.closed", path=self.path)
            try:
                db.execute("BEGIN")
                try:
                    return work(db)
                finally:
                    db.rollback()
            except sqlite3.Error as error:
                raise store_error(error, self.path) from error

    def close(self) -> None:
        """Let queued writes finish, close every connection and join the writer thread; twice is no harm."""
        self._closed = True
        self._executor.shutdown(wait=True)
        with self._readers_lock:
            readers, self._all_readers = self._all_readers, []
        for db, lock in readers:
            with lock:
                db.close()
        if hasattr(self, "_db"):
            self._db.close()
        if self._session is not None:
            self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _reader(self) -> tuple[Database, threading.Lock]:
        mine: tuple[Database, threading.Lock] | None = getattr(self._readers, "mine", None)
        if mine is None:
            if self._closed:
                raise StoreError("store.closed", path=self.path)
            try:
                mine = (open_reader(self.path), threading.Lock())
            except sqlite3.Error as error:
                raise store_error(error, self.path) from error
            self._readers.mine = mine
            with self._readers_lock:
                self._all_readers.append(mine)
        return mine

    def _transact(self, work: Callable[[Database], T]) -> T:
        db = self._db
        try:
            db.execute("BEGIN IMMEDIATE")
            try:
                answer = work(db)
                db.execute("COMMIT")
            except BaseException:
                db.rollback()
                raise
        except sqlite3.Error as error:
            raise store_error(error, self.path) from error
        self._tell("committed")
        self._follow_head()
        return answer

    def _tell(self, name: str) -> None:
        if self._after_statement is not None:
            self._after_statement(name)

    def _follow_head(self) -> None:
        """Write the head file if the journal grew. What is committed stands even if this fails."""
        try:
            last = journal.head(self._db)
            if last.number == self._head.number and self.head_error is None:
                return
            self._head = Head(last.number, last.sha, self._head.since)
            head_file.write(self.head_path, self._head)
            self.head_error = None
            self._tell("head written")
        except OSError as error:
            self.head_error = StoreError("journal.head_unwritten", path=self.head_path, cause=str(error))
            _log.error("%s", self.head_error)

    def _begin(self) -> None:
        """Open, look over and bring forward; on the writer thread."""
        try:
            self._session = session.join(self.path)
            known = self._known_head()
            fresh = not self.path.exists() or self.path.stat().st_size == 0
            if fresh and known is not None and known.number > 0:
                raise StoreError("store.missing", path=self.path, number=known.number)
            if fresh and known is None:
                known = Head()
                head_file.write(self.head_path, known)
            self._db, self._connection = open_writer(self.path)
            look_over(self._db, self.path)
            if migrations.MIGRATIONS.pending(self._db):
                self._migrate()
            absent = laws.missing(self._db)
            if absent:
                raise StoreError("store.no_triggers", path=self.path, names=", ".join(absent))
            self._take_up_head(known)
        except sqlite3.Error as error:
            raise store_error(error, self.path) from error
        except OSError as error:
            raise StoreError("store.cannot_open", path=self.path, cause=str(error)) from error

    def _known_head(self) -> Head | None:
        try:
            return head_file.read(self.head_path)
        except StoreError:
            head_file.keep_aside(self.head_path, "unreadable")
            return None

    def _migrate(self) -> None:
        db = self._db
        db.execute("BEGIN IMMEDIATE")
        try:
            migrations.apply(db)
            db.execute("COMMIT")
        except BaseException:
            db.rollback()
            raise

    def _take_up_head(self, known: Head | None) -> None:
        """Compare the head beside the store with the journal; never overwrite a head that contradicts it."""
        last = journal.head(self._db)
        if known is None:
            self._head = Head(last.number, last.sha, since=max(last.number, 1))
        elif journal.sha_at(self._db, known.number) == known.sha:
            self._head = Head(last.number, last.sha, known.since)
        else:
            head_file.keep_aside(self.head_path, f"{known.number}-{known.sha[:8]}")
            self._head = Head(last.number, last.sha, known.since)
        if self._head != known:
            head_file.write(self.head_path, self._head)


def look_over(db: Database, path: Path) -> None:
    """See that a file is a whole store of this house, of a schema that this program knows.

    Raises
    ------
    StoreError
        ``store.damaged``, ``store.not_ours`` or ``store.newer``.
    sqlite3.Error
        What SQLite raises on a file that is no database.
    """
    tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    kind = db.execute("PRAGMA application_id").fetchone()[0]
    if tables == 0 and kind == 0:
        return
    if kind != migrations.APPLICATION_ID:
        raise StoreError("store.not_ours", path=path)
    found = [row[0] for row in db.execute("PRAGMA quick_check(3)")]
    if found != ["ok"]:
        raise StoreError("store.damaged", path=path, cause="; ".join(found).replace("\n", " "))
    unknown = migrations.newer(db)
    if unknown:
        raise StoreError("store.newer", path=path, names=", ".join(unknown))
