"""Holds the index of the search against records and places: lines of things that are not there, and things without one."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from sqlite_utils import Database

from models.errors import StoreError
from models.store.search_index import COLUMNS, RECORDS, TABLES, expected

_NAMED = 5
_KEYS = f"SELECT key + {RECORDS} FROM records"


def check(db: Database) -> tuple[StoreError, ...]:
    """Return ``search.other_index`` if the index is not what records and places make of it.

    It counts the things that the index lacks, the lines of things that are not there, and the lines that say
    something else than their thing does. The lines of records that cannot be read are passed over.
    """
    asked = {line[0]: (line, numbers[1]) for line, numbers in expected(db)}
    numbers = dict(db.execute("SELECT rowid, numbers FROM search_numbers"))
    there: set[int] = set()
    stray: list[str] = []
    other: list[str] = []
    unread = {row[0] for row in db.execute(_KEYS)} - set(asked)
    for row in db.execute(f"SELECT {COLUMNS} FROM search"):
        rowid = row[0]
        kept = numbers.pop(rowid, "")
        if rowid in unread:
            continue
        there.add(rowid)
        if rowid not in asked:
            stray.append(str(row[3]))
        elif asked[rowid] != (row, kept):
            other.append(str(asked[rowid][0][3]))
    stray += ["?" for rowid in numbers if rowid not in asked and rowid not in unread]
    lacking = [str(line[3]) for rowid, (line, _) in asked.items() if rowid not in there]
    if not (lacking or stray or other):
        torn = any(_is_torn(db, name, create) for name, create in TABLES.items())
        return (StoreError("search.torn_index"),) if torn else ()
    names = ", ".join((*lacking, *stray, *other)[:_NAMED])
    return (StoreError("search.other_index", lacking=len(lacking), stray=len(stray), other=len(other), names=names),)


def _is_torn(db: Database, name: str, create: str) -> bool:
    """Return whether the words of an index lead elsewhere than to the lines that hold them.

    SQLite looks into that only where it may write, so that it looks at a copy in memory.
    """
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
        copy.execute(create)
        copy.execute("BEGIN")
        for part in ("data", "idx", "content", "docsize", "config"):
            rows = db.execute(f"SELECT * FROM {name}_{part}")
            places = ", ".join("?" * len(rows.description))
            copy.execute(f"DELETE FROM {name}_{part}")
            copy.executemany(f"INSERT INTO {name}_{part} VALUES ({places})", rows)
        copy.execute("COMMIT")
        try:
            copy.execute(f"INSERT INTO {name} ({name}) VALUES ('integrity-check')")
        except sqlite3.DatabaseError:
            return True
    return False
