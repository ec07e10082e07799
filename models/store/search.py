"""What Ctrl+K finds in the store: records of every register, places, people at this desk, warnings.

Text of a stranger reaches the index as single characters, letters and digits in
quotes, never as an operator.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

from sqlite_utils import Database

from models.hazard.level import Level
from models.register.description import RegisterDescription, Words
from models.register.letters import LONGEST, folded, rank, squeezed, tokens
from models.store import people
from models.store.search_index import RECORDS
from models.warning.signals import level_words, signals

_LONGEST_TYPED = 100
_MOST_WORDS = 6
_LOOKED_AT = 60  # of so many that fit, the best are chosen
_WARNINGS = 100  # the newest
_DIGITS = 3  # what trigrams need
_KINDS = ("county", "town", "village")  # of places, the larger ones first
_SUFFIX = re.compile(r"(?<=.)[县区市镇乡村]$")
"""What people leave out when they name a place: 石坑 is 石坑镇 itself."""
_USE = {"hazard_points": 0, "people": 1, "staff": 1, "warnings": 1, "places": 2}
"""What is looked for at this desk, of what fits equally well; other registers come after it."""
_HIT = "grp, id, name, note, number"
_OF_KIND = 4
_OF_PLACES = frozenset({"villages_six"})
_LEAST_HAN, _LEAST_LATIN = 2, 3  # characters or letters of a word that names a kind
_SCRIPTS = re.compile(r"[a-z0-9]+|[^a-z0-9\s]+")


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found.

    ``group`` is a register's name, ``places``, ``staff`` or ``warnings``. ``key`` is the record's id; of a
    place its kind and code (``town:990001101``), of staff and warnings the id. ``note`` says where it is,
    ``number`` is its first phone number, ``kind`` the kind of a record, empty for what is none.
    """

    group: str
    key: str
    name: str
    note: str = ""
    number: str = ""
    kind: str = ""


def find(
    db: Database,
    typed: str,
    most: int = 12,
    language: str = "zh",
    registers: Iterable[RegisterDescription] = (),
) -> tuple[Hit, ...]:
    """Return what a typed text may mean: what bears that very name first, then what begins so, then what holds it.

    What is written so stands before what is only spelled so. Equally good ones stand by use: hazard points, people,
    places from large to small, then other registers; none of them takes more than a third while others wait.

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
    registers : iterable of RegisterDescription
        A word that stands in the title of one of these, or of one of their kinds, means all of that kind (石坑 山洪).
    """
    words = [word for word in map(squeezed, folded(typed[:_LONGEST_TYPED]).split()) if word][:_MOST_WORDS]
    if not words or most < 1:
        return ()
    found = _ranked(db, words, most)
    if not found:
        apart = [part for word in words for part in _SCRIPTS.findall(word)][:_MOST_WORDS]
        found = _ranked(db, apart, most) if apart != words else []
    found = _places_once(found)
    if len(found) < most:
        known = {hit for _, hit in found}
        found += [one for one in _of_kind(db, words, most, registers) if one[1] not in known]
    found += _few(db, words, language)
    found.sort(key=itemgetter(0))
    return _with_kinds(db, [hit for _, hit in _shared(found, most)])


def warm(db: Database) -> None:
    """Do beforehand what the first search would wait for: a tenth of a second for the readings of characters."""
    find(db, "a", 1)


_Rank = tuple[int, int, int, int, str, str]


def _ranked(db: Database, words: Sequence[str], most: int) -> list[tuple[_Rank, Hit]]:
    """Return hits of the index; looks for worse ones only as long as there are too few."""
    seen: dict[int, tuple[_Rank, Hit]] = {}
    for place, (condition, bound) in enumerate(_tiers(words)):
        for side in ("rowid < ?", "rowid >= ?"):  # places, records: where many fit, the ones do not hide the others
            rows = db.execute(
                f"SELECT rowid, {_HIT} FROM search WHERE {condition} AND {side} LIMIT ?",
                [*bound, RECORDS, max(_LOOKED_AT, most)],
            )
            for rowid, *columns in rows:
                if rowid not in seen:
                    hit = Hit(*columns)
                    seen[rowid] = _rank(_tier(place, hit, words), hit), hit
        if len(seen) >= most:
            break
    return list(seen.values())


def _places_once(found: list[tuple[_Rank, Hit]]) -> list[tuple[_Rank, Hit]]:
    """Leave out what a register says of a village that is found itself; who asks for that register has it by its kind."""
    places = {hit.name for _, hit in found if hit.group == "places"}
    return [one for one in found if one[1].group not in _OF_PLACES or one[1].name not in places]


def _of_kind(
    db: Database, words: Sequence[str], most: int, registers: Iterable[RegisterDescription]
) -> Iterator[tuple[_Rank, Hit]]:
    """Yield the records of which one word or several say what they are; the other words must be found in them."""
    described = tuple(registers)
    meant = {word: kinds for word in words if (kinds := tuple(_meant(word, described)))}
    if not meant:
        return
    rest = [_anywhere(word) for word in words if word not in meant]
    condition, bound = _all(rest) if rest else ("", [])
    # What was found leads, and is found once; without other words the records lead. Left to itself SQLite asks the index
    # for each record: 5 s for 50,000.
    found = f"WITH found AS MATERIALIZED (SELECT rowid AS line FROM search WHERE {condition})" if rest else ""
    lead = f"found CROSS JOIN records AS r ON r.key = line - {RECORDS}" if rest else "records AS r"
    said = []
    for kinds in meant.values():
        said.append(" OR ".join(["r.register = ? AND (? = '' OR r.kind = ?)"] * len(kinds)))
        bound += [part for register, kind in kinds for part in (register, kind, kind)]
    for row in db.execute(
        f"{found} SELECT grp, s.id, s.name, note, number FROM {lead} CROSS JOIN search AS s ON s.rowid = r.key + {RECORDS}"
        f" WHERE {' AND '.join(f'({one})' for one in said)} LIMIT ?",
        [*bound, max(_LOOKED_AT, most)],
    ):
        hit = Hit(*row)
        yield _rank(_OF_KIND, hit), hit


def _meant(word: str, registers: Iterable[RegisterDescription]) -> Iterator[tuple[str, str]]:
    """Yield register and kind that a word means; an empty kind is all of the register."""
    for one in registers:
        if _names(word, one.title):
            yield one.name, ""
        else:
            yield from ((one.name, kind.key) for kind in one.kinds if _names(word, kind.title))


def _names(word: str, title: Words) -> bool:
    if word.isascii():
        return len(word) >= _LEAST_LATIN and any(part.startswith(word) for part in folded(title.en).split())
    return len(word) >= _LEAST_HAN and word in squeezed(title.zh)


def _with_kinds(db: Database, hits: list[Hit]) -> tuple[Hit, ...]:
    """Return hits with the kind that each record has in its register."""
    if not hits:
        return ()
    asked = [part for hit in hits for part in (hit.group, hit.key)]
    rows = db.execute(  # a plain IN of pairs would read every record
        f"WITH asked (register, id) AS (VALUES {', '.join(['(?, ?)'] * len(hits))})"
        " SELECT register, id, kind FROM asked CROSS JOIN records USING (register, id)",
        asked,
    )
    kinds = {(register, id_): kind for register, id_, kind in rows}
    return tuple(replace(hit, kind=kinds.get((hit.group, hit.key), "")) for hit in hits)


def _shared(found: Sequence[tuple[_Rank, Hit]], most: int) -> list[tuple[_Rank, Hit]]:
    """Return the best, in their order, so that no group has more than a third while another one waits."""
    share, counts = max(1, most // 3), Counter[str]()
    first: list[tuple[_Rank, Hit]] = []
    rest: list[tuple[_Rank, Hit]] = []
    for one in found:
        counts[one[1].group] += 1
        (first if counts[one[1].group] <= share else rest).append(one)
    return sorted((*first, *rest)[:most], key=itemgetter(0))


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


def _tier(place: int, hit: Hit, words: Sequence[str]) -> int:
    """Return how well a hit fits: 0 is its name or number, 1 begins or ends so, 2 is spelled so, then where it was found."""
    name, key, number, typed = squeezed(hit.name), squeezed(hit.key), squeezed(hit.number), "".join(words)
    if typed in {name, key, number} or (hit.group == "places" and typed == _SUFFIX.sub("", name)):
        return 0
    first = words[0]
    if name.startswith(first) or key.startswith(first):
        return 1
    if first[-1].isdigit() and (key.endswith(first) or number.endswith(first)):
        return 1
    return max(place, 1) + 1


def _rank(tier: int, hit: Hit) -> _Rank:
    kind = hit.key.partition(":")[0] if hit.group == "places" else ""
    size = _KINDS.index(kind) if kind in _KINDS else len(_KINDS)
    return tier, _USE.get(hit.group, len(_USE)), size, len(hit.name), hit.name, hit.key


def _few(db: Database, words: Sequence[str], language: str) -> Iterator[tuple[_Rank, Hit]]:
    """Yield the staff and the warnings that fit: too few for an index, and so nothing of it can fail an issue."""
    typed = " ".join(words)
    hits = [Hit("staff", one.id, one.name, one.staff_no, one.phone) for one in people.everybody(db) if one.active]
    for hit in hits + _warnings(db, language):
        own = [rank(typed, text) for text in (hit.name, hit.note, hit.number) if text]
        ranks = [one for one in own if one is not None]
        if not ranks and rank(typed, f"{hit.name} {hit.note} {hit.number}") is not None:
            ranks = [2]
        if ranks:
            yield _rank(_tier(min(ranks), hit, words), hit), hit


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
