"""The index of the search: one line for each record and each place, brought up to date by whoever writes one.

``search`` keeps names as single characters, so that a phrase finds any part of
a name, and the tails of their pinyin (`models.register.letters`); ``search_numbers``
keeps ids and phone numbers in trigrams, so that any three digits are found.
A line's rowid says of which group it is: places, then records.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlite_utils import Database

from models.register.letters import letters, squeezed, tokens

RECORDS = 1 << 40
"""From here on a rowid is that of a record: this plus its key."""
COLUMNS = "rowid, grp, id, name, note, number, whole, characters, around, begins, inner"
"""Of the table ``search``."""
Line = tuple[tuple[Any, ...], tuple[int, str]]
"""One line: its row in ``search``, and rowid and numbers as they stand in ``search_numbers``."""
_OF_RECORD = 'key, register, id, name, town, village, "values"'
_PLACES = 1
_LONGEST_TEXT = 40  # characters of a value that are worth finding
_CHUNK = 5000
_UNREADABLE = (ValueError, TypeError, AttributeError, RecursionError)
_PHONE = re.compile(r"\+?[\d(（][\d\-—()（） ]{4,30}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[\U00020000-\U0003ffff]")

TABLES = {
    "search": """
CREATE VIRTUAL TABLE search USING fts5(
    grp UNINDEXED, id UNINDEXED, name UNINDEXED, note UNINDEXED, number UNINDEXED,
    whole, characters, around, begins, inner, tokenize = 'ascii'
)
""",
    "search_numbers": "CREATE VIRTUAL TABLE search_numbers USING fts5(numbers, tokenize = 'trigram')",
}
"""How the tables of the index are made, by name."""


def rebuild(db: Database) -> None:
    """Make the index anew from all records and places that can be read."""
    for name, create in TABLES.items():
        db.execute(f"DROP TABLE IF EXISTS {name}")
        db.execute(create)
    lines = expected(db)
    while chunk := list(islice(lines, _CHUNK)):
        _keep(db, chunk)


def index_records(db: Database, keys: Sequence[int]) -> None:
    """Index records that the index does not hold; of one that changed the old line is taken out before."""
    for begin in range(0, len(keys), _CHUNK):
        rows = db.execute(
            f"SELECT {_OF_RECORD} FROM records WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key",
            [json.dumps(keys[begin : begin + _CHUNK])],
        ).fetchall()
        values = json.loads(f"[{','.join([row[6] for row in rows])}]")
        _keep(db, [_record_line(row, kept) for row, kept in zip(rows, values, strict=True)])


def forget_records(db: Database, keys: Iterable[int]) -> None:
    """Take the lines of records out of the index."""
    rowids = [(RECORDS + key,) for key in keys]
    db.conn.executemany("DELETE FROM search WHERE rowid = ?", rowids)
    db.conn.executemany("DELETE FROM search_numbers WHERE rowid = ?", rowids)


def index_places(db: Database) -> None:
    """Index all places anew; one of several parts that bear one name, such as a river, is one line."""
    db.execute("DELETE FROM search WHERE rowid < ?", [RECORDS])
    db.execute("DELETE FROM search_numbers WHERE rowid < ?", [RECORDS])
    _keep(db, list(_place_lines(db)))


def expected(db: Database) -> Iterator[Line]:
    """Yield every line that the index should hold; a record or a place that cannot be read has none."""
    yield from _place_lines(db)
    for row in db.execute(f"SELECT {_OF_RECORD} FROM records ORDER BY key"):
        try:
            line = _record_line(row, json.loads(row[6]))
        except _UNREADABLE:
            continue
        yield line


def _record_line(row: Sequence[Any], values: dict[str, Any]) -> Line:
    return _line(RECORDS + row[0], row[1], row[2], row[3], " ".join(filter(None, row[4:6])), *_said(values))


def _place_lines(db: Database) -> Iterator[Line]:
    rows = db.execute(
        "SELECT min(p.id), p.kind || ':' || p.code, p.name, coalesce((SELECT u.name FROM places AS u"
        " WHERE u.code = p.parent AND p.parent <> '' LIMIT 1), '') FROM places AS p WHERE trim(p.name) <> ''"
        " GROUP BY p.kind, p.name, p.parent ORDER BY 1"
    ).fetchall()
    for row in rows:
        try:
            line = _line(_PLACES + row[0], "places", row[1], row[2], row[3])
        except _UNREADABLE:
            continue
        yield line


def _keep(db: Database, lines: Sequence[Line]) -> None:
    db.conn.executemany(
        f"INSERT INTO search ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [line for line, _ in lines],
    )
    db.conn.executemany(
        "INSERT INTO search_numbers (rowid, numbers) VALUES (?, ?)", [numbers for _, numbers in lines if numbers[1]]
    )


def _line(
    rowid: int, group: str, id_: str, name: str, note: str, phones: Sequence[str] = (), texts: Sequence[str] = ()
) -> Line:
    own = squeezed(id_.rpartition(":")[2] if group == "places" else id_)
    numbers = [squeezed(phone) for phone in phones]
    ways = letters(name)
    begins = dict.fromkeys((*ways.whole, *(way[0] for way in ways.whole)))
    inner = dict.fromkeys(tail for tail in (*ways.full, *ways.initials) if tail not in begins)
    around = [token for text in (id_, note, *texts) for token in tokens(text)]
    whole = " ".join(filter(None, (squeezed(name), own, *numbers, *ways.whole)))
    line = (
        *(rowid, group, id_, name, note, phones[0] if phones else "", whole, " ".join(tokens(name))),
        *(" ".join(around), " ".join(begins), " ".join(inner)),
    )
    return line, (rowid, " ".join(filter(None, (own, *numbers))))


def _said(values: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Return the phone numbers among the values of a record, and what is said in Chinese."""
    texts = [text for text in _texts(values.values()) if len(text) <= _LONGEST_TEXT]
    phones = [text for text in texts if _PHONE.fullmatch(text) and not _DATE.fullmatch(text)]
    return phones, [text for text in texts if _HAN.search(text)]


def _texts(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from (one for one in value if isinstance(one, str))
