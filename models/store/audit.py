"""Looks over a store without changing it: file, laws, journal, head, backups."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlite_utils import Database

from models.errors import StoreError
from models.store import head as head_file
from models.store import journal, people_audit, places_audit, record_audit, search_audit
from models.store.connection import open_reader
from models.store.database import look_over
from models.store.failure import store_error


def check(path: Path, backups: Path | None = None) -> tuple[StoreError, ...]:
    """Return everything that is wrong with a store, each an error that can say its sentence.

    Parameters
    ----------
    path : Path
        The store; nothing is written to it, and a running console may have it open.
    backups : Path, optional
        Folder of the backups, whose heads are witnesses of the journal too.
    """
    if not path.exists() or path.stat().st_size == 0:
        number = _head_number(path)
        return (StoreError("store.missing" if number else "store.none", path=path, number=number),)
    try:
        db = open_reader(path)
    except sqlite3.Error as error:
        return (store_error(error, path),)
    try:
        look_over(db, path)
        witnesses = sorted(backups.glob("*.head")) if backups is not None and backups.is_dir() else []
        return journal.check(db, path.with_name(head_file.FILE_NAME), backups=tuple(witnesses))
    except sqlite3.Error as error:
        return (store_error(error, path),)
    except StoreError as error:
        return (error,)
    finally:
        db.close()


def check_registers(path: Path) -> tuple[StoreError, ...]:
    """Return what in the registers of a store that `check` found good does not agree with their versions and the journal."""
    return _seen(path, record_audit.check)


def check_contents(path: Path) -> tuple[StoreError, ...]:
    """Return what a hand past the console changed in a store that `check` found good.

    Registers, accounts and places are held against the journal, the index of the search against both.
    """
    if _is_older(path):  # its registers stand in other tables, and nothing is changed here
        findings = (StoreError("store.older", path=path),)
        return (*findings, *_seen(path, people_audit.check), *_seen(path, places_audit.check))
    looks = (record_audit.check, people_audit.check, places_audit.check, search_audit.check)
    return tuple(finding for look in looks for finding in _seen(path, look))


def unproven_registers(db: Database) -> tuple[str, ...]:
    """Return the registers whose last line in the journal says nothing that they could be held against."""
    return tuple(str(one.facts["register"]) for one in record_audit.check(db) if one.code == "register.unproven")


def _is_older(path: Path) -> bool:
    db = open_reader(path)
    try:
        return "records" not in db.table_names()
    finally:
        db.close()


def _seen(path: Path, look: Callable[[Database], tuple[StoreError, ...]]) -> tuple[StoreError, ...]:
    db = open_reader(path)
    try:
        return look(db)
    except sqlite3.Error as error:
        return (store_error(error, path),)
    finally:
        db.close()


def last_number(path: Path) -> int:
    """Return the number of the last journal line of a store that `check` found good."""
    db = open_reader(path)
    try:
        return journal.head(db).number
    finally:
        db.close()


def _head_number(path: Path) -> int:
    try:
        known = head_file.read(path.with_name(head_file.FILE_NAME))
    except StoreError:
        return 0
    return known.number if known else 0
