"""What Ctrl+K finds in the store: records of every register, places, people at this desk, warnings.

Text of a stranger reaches the index as single characters, letters and digits in
quotes, never as an operator.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from models.hazard.level import Level
from models.register.letters import LONGEST, folded, rank, squeezed, tokens
from models.store import people
from models.warning.signals import level_words, signals

_LONGEST_TYPED = 100
_MOST_WORDS = 6
_LOOKED_AT = 60  # of so many that fit, the best are chosen
_WARNINGS = 100  # the newest
_DIGITS = 3  # what trigrams need
_KINDS = ("county", "town", "village")  # of places, the larger ones first
_SCRIPTS = re.compile(r"[a-z0-9]+|[^a-z0-9\s]+")


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found.

    ``group`` is a register's name, ``places``, ``staff`` or ``warnings``. ``key`` is the record's id; of a
    place its kind and code (``town:990001101``), of staff and warnings the id. ``note`` says where it is,
    ``number`` is its first phone number.
    """

    group: str
    key: str
    name: str
    note: str = ""
    number: str = ""


def find(db: Database, typed: str, most: int = 12, language: str = "zh") -> tuple[Hit, ...]:
    """Return what a typed text may mean: what bears that very name first, then what begins so, then what holds it.

    Parameters
    ----------
    typed : str
        Chinese characters of any part of a name; pinyin from any syllable on, whole or begun;
        initials; three digits or more of a number or an id. Several words must all fit.
        Whatever else is in it is passed over.
    most : int
        So many at most.
    language : str
        In which warnings are named, ``zh`` or ``en``.
    """
    words = [word for word in map(squeezed, folded(typed[:_LONGEST_TYPED]).split()) if word][:_MOST_WORDS]
    if not words or most < 1:
        return ()
    found = _ranked(db, words, most)
    if not found:
        apart = [part for word in words for part in _SCRIPTS.findall(word)][:_MOST_WORDS]
        found = _ranked(db, apart, most) if apart != words else []
    found += _few(db, " ".join(words), language)
    found.sort(key=lambda one: one[0])
    return tuple(hit for _, hit in found[:most])


def warm(db: Database) -> None:
    """Do beforehand what the first search would wait for: a tenth of a second for the readings of characters."""
    find(db, "a", 1)


_Rank = tuple[int, int, int, str, str]


def _ranked(db: Database, words: Sequence[str], most: int) -> list[tuple[_Rank, Hit]]:
    """Return hits of the index; looks for worse ones only as long as there are too few."""
    seen: dict[int, tuple[_Rank, Hit]] = {}
    for place, (condition, bound) in enumerate(_tiers(words)):
        rows = db.execute(
            f"SELECT rowid, grp, id, name, note, number FROM search WHERE {condition} LIMIT ?",
            [*bound, max(_LOOKED_AT, most)],
        )
        for rowid, *columns in rows:
            if rowid not in seen:
                hit = Hit(*columns)
                seen[rowid] = (_rank(min(place, 1) if _is_near(hit, words[0]) else place, hit), hit)
        if len(seen) >= most:
            break
    return list(seen.values())


def _tiers(words: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield conditions on ``search``: the very name or number, what begins so, what holds it, what lies near it."""
    yield "search MATCH ?", [f'whole : "{"".join(words)}"']
    first, rest = words[0], [_anywhere(word) for word in words[1:]]
    yield _all([(f"characters : ^ {_phrase(first)}{_spelled('begins', first)}", ""), *rest])
    yield _all([_anywhere(first, "characters"), *rest])
    yield _all([_anywhere(first), *rest])


def _all(parts: Sequence[tuple[str, str]]) -> tuple[str, list[str]]:
    """Return the condition that all parts hold; each is a match of text and, if not empty, one of digits instead."""
    texts = " AND ".join(f"({text})" for text, digits in parts if not digits)
    conditions, bound = (["search MATCH ?"], [texts]) if texts else ([], [])
    for text, digits in parts:
        if digits:
            conditions.append(
                "rowid IN (SELECT rowid FROM search WHERE search MATCH ?"
                " UNION ALL SELECT rowid FROM search_numbers WHERE search_numbers MATCH ?)"
            )
            bound += [text, digits]
    return " AND ".join(conditions), bound


def _anywhere(word: str, columns: str = "{characters around}") -> tuple[str, str]:
    digits = f'"{word}"' if word.isascii() and len(word) >= _DIGITS and not word.isalpha() else ""
    return f"{columns} : {_phrase(word)}{_spelled('{begins inner}', word)}", digits


def _phrase(word: str) -> str:
    parts = tokens(word)
    return f'"{" ".join(parts)}"{" *" if parts[-1].isascii() else ""}'


def _spelled(columns: str, word: str) -> str:
    if not word.isascii() or word.isdigit():
        return ""
    begun = " *" if len(word) > 1 else ""  # the first letter stands there by itself: one list instead of thousands
    return f' OR {columns} : "{word[:LONGEST]}"{begun}'


def _is_near(hit: Hit, word: str) -> bool:
    """Return whether a word begins a name or an id, or ends the id or the number as people say it: the last digits."""
    key = squeezed(hit.key)
    if squeezed(hit.name).startswith(word) or key.startswith(word):
        return True
    return word[-1].isdigit() and (key.endswith(word) or squeezed(hit.number).endswith(word))


def _rank(place: int, hit: Hit) -> _Rank:
    kind = hit.key.partition(":")[0] if hit.group == "places" else ""
    return place, _KINDS.index(kind) if kind in _KINDS else len(_KINDS), len(hit.name), hit.name, hit.key


def _few(db: Database, typed: str, language: str) -> Iterator[tuple[_Rank, Hit]]:
    """Yield the staff and the warnings that fit: too few for an index, and so nothing of it can fail an issue."""
    hits = [Hit("staff", one.id, one.name, one.staff_no, one.phone) for one in people.everybody(db) if one.active]
    for hit in hits + _warnings(db, language):
        own = [rank(typed, text) for text in (hit.name, hit.note, hit.number) if text]
        ranks = [one for one in own if one is not None]
        if not ranks and rank(typed, f"{hit.name} {hit.note} {hit.number}") is not None:
            ranks = [2]
        if ranks:
            yield _rank(min(ranks), hit), hit


def _warnings(db: Database, language: str) -> list[Hit]:
    names = {one.id: one.name(language) for one in signals()}
    hits = []
    for id_, signal_id, towns, year, number in db.execute(
        "SELECT id, signal_id, towns, year, number FROM warnings ORDER BY created_at DESC, id LIMIT ?", [_WARNINGS]
    ):
        places = [(place, Level(level)) for _, place, level in json.loads(towns)]
        worst = max((level for _, level in places), key=lambda level: level.rank, default=Level.NONE)
        color = level_words(worst).word(language) if worst.is_alarm else ""
        parts = names.get(signal_id, signal_id), color, "预警信号" if language == "zh" else "warning"
        name = ("" if language == "zh" else " ").join(filter(None, parts))
        note = "、".join(place for place, _ in places)
        hits.append(Hit("warnings", id_, name, note, f"{year}-{number}" if number else ""))
    return hits
