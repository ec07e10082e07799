"""What SQLite says when it fails, as an error that somebody can do something about."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

from models.errors import StoreError

_CODE = re.compile(r"(?:CHECK constraint failed: )?([a-z]+\.[a-z_]+)")
_FULL = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR_WRITE,  # what SQLite makes of EFBIG and of a quota
    sqlite3.SQLITE_IOERR_SHMSIZE,
    sqlite3.SQLITE_IOERR_FSYNC,
    sqlite3.SQLITE_IOERR_DIR_FSYNC,
}


def store_error(error: sqlite3.Error, path: Path) -> StoreError:
    """Return the `StoreError` that says what ``error`` means for the operator.

    A refusal by one of `laws.LAWS` keeps its own code; the rest is told by
    SQLite's result code.
    """
    cause = str(error)
    result = getattr(error, "sqlite_errorcode", 0)
    law = _CODE.fullmatch(cause)
    if isinstance(error, sqlite3.IntegrityError) and law:
        return StoreError(law[1], cause=cause, path=path)
    if result in _FULL:
        return StoreError("store.full", path=path, cause=cause)
    return StoreError(_BY_RESULT.get(result & 0xFF, "store.failed"), path=path, cause=cause)


_BY_RESULT = {
    sqlite3.SQLITE_CORRUPT: "store.damaged",
    sqlite3.SQLITE_NOTADB: "store.damaged",
    sqlite3.SQLITE_BUSY: "store.busy",
    sqlite3.SQLITE_LOCKED: "store.busy",
    sqlite3.SQLITE_READONLY: "store.read_only",
    sqlite3.SQLITE_PERM: "store.read_only",
    sqlite3.SQLITE_CANTOPEN: "store.cannot_open",
    sqlite3.SQLITE_IOERR: "store.disk",
    sqlite3.SQLITE_CONSTRAINT: "store.refused",
}
