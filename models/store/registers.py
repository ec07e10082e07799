"""The office's registers: what stands in them now, what stood in them before, and the imports they came by."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlite_utils import Database

from models.act import JournalEntry
from models.errors import StoreError
from models.identity import new_id
from models.register.record import Record, RecordVersion
from models.store import journal
from models.store.record_rows import BODY, Act, Changed, bring_in, record_of, records_of, set_order, state, take_out
from models.store.text_form import json_text, time_of, time_or_none, time_text

VOUCHED = "register.vouched"
_NAMED = 20  # so many ids an act names in its journal line; the versions name all


@dataclass(frozen=True, slots=True)
class Import:
    """One file that was taken into a register. Its records carry the cause ``import:<id>``."""

    id: str
    register: str
    at: datetime
    actor: str
    file: str
    sha256: str
    rows: int
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Since when a register is as it is, and the file of its newest import that stands; empty if it was typed in."""

    at: datetime
    file: str = ""


def put(db: Database, records: Iterable[Record], *, actor: str, at: datetime, cause: str = "edit") -> Changed:
    """Keep records as they are handed in, all or none; a version is written for those that changed.

    New ones stand behind the others of their register, in the order given.
    Each register that changed gets one journal line, ``register.put``.

    Parameters
    ----------
    records : iterable of Record
        Of one register or of several. A value of None is an empty field and not kept.
    cause : str
        ``edit`` or ``import:<id>``, see `RecordVersion`.

    Raises
    ------
    StoreError
        ``register.bad_place`` (a position that is none on earth), ``register.no_shape``
        (WKB that cannot be read, or is empty), ``register.no_id``, ``register.bad_text``
        (half a character), ``register.bad_thresholds`` (a hazard point that no verdict could rest on); ``store.refused`` if an id comes twice.
    """
    changed = Changed()
    by_register: dict[str, list[Record]] = {}
    for record in records:
        by_register.setdefault(record.register, []).append(record)
    for register, its in by_register.items():
        before = state(db, register)
        done = bring_in(db, register, its, Act(actor, at, cause))
        _tell(db, register, "register.put", Act(actor, at, cause), before, done)
        changed = Changed(changed.added + done.added, changed.changed + done.changed)
    return changed


def remove(
    db: Database, register: str, ids: Iterable[str], *, actor: str, at: datetime, cause: str = "edit"
) -> Changed:
    """Take records out of a register; their versions stay. Ids that are not in it are passed over."""
    before = state(db, register)
    done = take_out(db, register, ids, Act(actor, at, cause))
    _tell(db, register, "register.removed", Act(actor, at, cause), before, done)
    return done


def replace(
    db: Database, register: str, records: Sequence[Record], *, actor: str, at: datetime, cause: str = "edit"
) -> Changed:
    """Keep these records in the order given, and no others in this register; the line is ``register.replaced``.

    Raises
    ------
    StoreError
        As `put`.
    """
    before = state(db, register)
    done = replace_rows(db, register, records, Act(actor, at, cause))
    _tell(db, register, "register.replaced", Act(actor, at, cause), before, done)
    return done


def replace_rows(db: Database, register: str, records: Sequence[Record], act: Act) -> Changed:
    """Do as `replace` does, without a journal line: the caller writes one of its own."""
    ids = {record.id for record in records}
    there = [row[0] for row in db.execute("SELECT id FROM records WHERE register = ?", [register])]
    gone = take_out(db, register, [one for one in there if one not in ids], act)
    done = bring_in(db, register, records, act)
    set_order(db, register, [record.id for record in records])
    return Changed(done.added, done.changed, gone.removed)


def vouch(db: Database, register: str, *, actor: str, at: datetime) -> None:
    """Write into the journal that somebody looked at a register as it stands and answers for it."""
    now = state(db, register)
    journal.append(db, JournalEntry(actor, VOUCHED, f"register:{register}", at, now, now))


def records(db: Database, register: str) -> tuple[Record, ...]:
    """Return the records of a register in their order."""
    return tuple(one_by_one(db, register))


def everything(db: Database) -> dict[str, tuple[Record, ...]]:
    """Return the records of all registers that have any, by register and in their order."""
    return {register: tuple(its) for register, its in groupby(one_by_one(db), key=attrgetter("register"))}


def one_by_one(db: Database, register: str = "", *, damaged: list[StoreError] | None = None) -> Iterator[Record]:
    """Yield the records of a register, or of all, by register and in their order, as they are asked for.

    A record that cannot be read is left out; ``damaged`` takes a ``register.damaged`` that names it.
    """
    of, asked = ("WHERE register = ?", [register]) if register else ("", [])
    yield from records_of(
        db.execute(f"SELECT register, id, {BODY} FROM records {of} ORDER BY register, place_in_list, key", asked),
        damaged,
    )


def record(db: Database, register: str, id_: str) -> Record | None:
    """Return one record, None if it is not there now."""
    row = db.execute(f"SELECT {BODY} FROM records WHERE register = ? AND id = ?", [register, id_]).fetchone()
    return None if row is None else record_of(register, id_, row)


def within(db: Database, west: float, south: float, east: float, north: float) -> tuple[Record, ...]:
    """Return the records of every register whose box meets a box in degrees, by register and in their order."""
    columns = ", ".join(f"r.{column}" for column in BODY.split(", "))
    rows = db.execute(
        f"SELECT r.register, r.id, {columns} FROM records_box AS b JOIN records AS r ON r.key = b.key"
        " WHERE b.west <= ? AND b.east >= ? AND b.south <= ? AND b.north >= ?"
        " ORDER BY r.register, r.place_in_list, r.key",
        [east, west, north, south],
    )
    return tuple(records_of(rows))


def named_places(db: Database) -> tuple[tuple[str, str, float, float], ...]:
    """Return id, name, longitude and latitude of every record that has a place, without reading the rest of it."""
    query = "SELECT id, name, lon_deg, lat_deg FROM records WHERE lon_deg IS NOT NULL AND lat_deg IS NOT NULL"
    return tuple(db.execute(query).fetchall())


def counts(db: Database) -> dict[str, int]:
    """Return how many records each register has; one without any is not named."""
    return dict(db.execute("SELECT register, count(*) FROM records GROUP BY register ORDER BY register").fetchall())


def origins(db: Database) -> dict[str, Origin]:
    """Return where each register that was ever written comes from, and when it was changed last."""
    files: dict[str, str] = {}
    for one in imports(db):
        if one.undone_at is None:
            files.setdefault(one.register, one.file)
    rows = db.execute("SELECT register, max(at) FROM record_versions GROUP BY register ORDER BY register")
    return {register: Origin(time_of(at), files.get(register, "")) for register, at in rows}


def history(db: Database, register: str, id_: str) -> tuple[RecordVersion, ...]:
    """Return every version of a record, the first one first; also of one that was taken out."""
    rows = db.execute(
        f"SELECT number, at, actor, cause, gone, {BODY} FROM record_versions WHERE register = ? AND id = ?"
        " ORDER BY number",
        [register, id_],
    )
    return tuple(
        RecordVersion(record_of(register, id_, row[5:]), row[0], time_of(row[1]), row[2], row[3], bool(row[4]))
        for row in rows
    )


def keep_import(db: Database, register: str, *, file: str, sha256: str, rows: int, actor: str, at: datetime) -> str:
    """Note that a file is taken in and return the import's id; then `put` its records with cause ``import:<id>``.

    Parameters
    ----------
    file : str
        The file's name without its folder.
    sha256 : str
        64 hex digits over the file as it came.
    """
    import_id = new_id()
    db.execute(
        "INSERT INTO imports (id, register, at, actor, file, sha256, rows) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [import_id, register, time_text(at), actor, file, sha256, rows],
    )
    return import_id


def imports(db: Database) -> tuple[Import, ...]:
    """Return the imports of all registers, the newest first."""
    rows = db.execute("SELECT id, register, at, actor, file, sha256, rows, undone_at FROM imports ORDER BY rowid DESC")
    return tuple(_import(row) for row in rows)


def import_to_undo(db: Database, register: str) -> str:
    """Return the id of a register's newest import that changed something and stands; empty if there is none."""
    row = db.execute(
        "SELECT i.id FROM imports AS i WHERE i.register = ? AND i.undone_at IS NULL AND EXISTS"
        " (SELECT 1 FROM record_versions AS v WHERE v.register = i.register AND v.cause = 'import:' || i.id)"
        " ORDER BY i.rowid DESC LIMIT 1",
        [register],
    ).fetchone()
    return "" if row is None else str(row[0])


def undo_import(db: Database, import_id: str, *, actor: str, at: datetime) -> Changed:
    """Put every record back to what it was before an import; those that were not there are taken out.

    Raises
    ------
    StoreError
        ``register.no_import``, ``register.import_undone``, or ``register.changed_since`` with
        names if one of its records is no longer what the import made of it.
    """
    row = db.execute(
        "SELECT id, register, at, actor, file, sha256, rows, undone_at FROM imports WHERE id = ?", [import_id]
    ).fetchone()
    if row is None:
        raise StoreError("register.no_import", id=import_id)
    found = _import(row)
    if found.undone_at is not None:
        raise StoreError("register.import_undone", file=found.file, at=found.undone_at)
    facts = {"register": found.register, "cause": f"import:{import_id}"}
    later = [row[0] for row in db.execute(_CHANGED_SINCE, facts)]
    if later:
        some = "、".join(later[:5])
        raise StoreError("register.changed_since", file=found.file, count=len(later), names=some)
    former = db.execute(_BEFORE, facts).fetchall()
    back = [row for row in former if row[1] is not None and not row[1]]
    act = Act(actor, at, f"undo:{import_id}")
    before = state(db, found.register)
    gone = take_out(db, found.register, [row[0] for row in former if row[1] is None or row[1]], act)
    places = {row[0]: row[2] for row in back}
    done = bring_in(
        db, found.register, [record_of(found.register, row[0], row[3:]) for row in back], act, places=places
    )
    changed = Changed(done.added, done.changed, gone.removed)
    db.execute("UPDATE imports SET undone_at = ? WHERE id = ?", [time_text(at), import_id])
    _tell(db, found.register, "import.undone", act, before, changed, file=found.file, always=True)
    return changed


def keep_column_map(db: Database, register: str, source: str, columns: Mapping[str, str]) -> None:
    """Remember which header of a source goes into which field; ``source`` is what its files have in common."""
    db.execute(
        "INSERT INTO column_maps (register, source, columns) VALUES (?, ?, ?)"
        " ON CONFLICT (register, source) DO UPDATE SET columns = excluded.columns",
        [register, source, json_text(columns)],
    )


def column_map(db: Database, register: str, source: str) -> dict[str, str]:
    """Return what `keep_column_map` kept, empty for a source that is not known."""
    row = db.execute("SELECT columns FROM column_maps WHERE register = ? AND source = ?", [register, source]).fetchone()
    return {} if row is None else dict(json.loads(row[0]))


def keep_sheet(db: Database, register: str, source: str, sheet: str) -> None:
    """Remember which sheet of a source's workbooks is meant."""
    db.execute(
        "INSERT INTO column_maps (register, source, columns, sheet) VALUES (?, ?, '{}', ?)"
        " ON CONFLICT (register, source) DO UPDATE SET sheet = excluded.sheet",
        [register, source, sheet],
    )


def kept_sheet(db: Database, register: str, source: str) -> str:
    """Return what `keep_sheet` kept, empty for a source that is not known."""
    row = db.execute("SELECT sheet FROM column_maps WHERE register = ? AND source = ?", [register, source]).fetchone()
    return "" if row is None else str(row[0])


_MINE = (
    "WITH mine AS (SELECT id, min(number) AS first, max(number) AS last FROM record_versions"
    " WHERE register = :register AND cause = :cause GROUP BY id) "
)
_DIFFERS = " OR ".join(f"r.{column} IS NOT v.{column}" for column in BODY.split(", "))
_CHANGED_SINCE = (
    f"{_MINE} SELECT iif(v.name = '', v.id, v.name) FROM mine JOIN record_versions AS v"
    " ON v.register = :register AND v.id = mine.id AND v.number = mine.last"
    " LEFT JOIN records AS r ON r.register = :register AND r.id = mine.id"
    f" WHERE v.gone <> (r.id IS NULL) OR (r.id IS NOT NULL AND ({_DIFFERS})) ORDER BY v.place_in_list"
)
_BEFORE = (
    f"{_MINE} SELECT mine.id, v.gone, v.place_in_list, {', '.join(f'v.{column}' for column in BODY.split(', '))}"
    " FROM mine LEFT JOIN record_versions AS v"
    " ON v.register = :register AND v.id = mine.id AND v.number = mine.first - 1 ORDER BY v.place_in_list"
)


def _tell(
    db: Database,
    register: str,
    deed: str,
    act: Act,
    before: dict[str, object],
    done: Changed,
    *,
    file: str = "",
    always: bool = False,
) -> None:
    """Write the journal line of an act that changed something."""
    if not done and not always:
        return
    after = state(db, register) | {"cause": act.cause}
    if file:
        after["file"] = file
    for word, ids in (("added", done.added), ("changed", done.changed), ("removed", done.removed)):
        if ids:
            after[word] = len(ids)
            after[f"{word}_ids"] = ids[:_NAMED]
    journal.append(db, JournalEntry(act.actor, deed, f"register:{register}", act.at, before, after))


def _import(row: tuple[Any, ...]) -> Import:
    id_, register, at, actor, file, sha256, count, undone_at = row
    return Import(id_, register, time_of(at), actor, file, sha256, count, time_or_none(undone_at))
