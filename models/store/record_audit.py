"""Holds the registers against their versions and against the journal: what a hand outside of the console changed."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlite_utils import Database

from models.errors import StoreError
from models.register.description import HAZARD_POINTS
from models.store import registers
from models.store.record_rows import BODY, state

_NAMED = 5
_ACTS = ("register.put", "register.removed", "register.replaced", "import.undone", registers.VOUCHED)
_BODY_DIFFERS = " OR ".join(f"r.{column} IS NOT v.{column}" for column in BODY.split(", "))
_OTHER_BODY = (
    "SELECT r.register, r.id FROM records AS r LEFT JOIN record_versions AS v"
    " ON v.register = r.register AND v.id = r.id AND v.number = r.version"
    f" WHERE v.id IS NULL OR v.gone OR {_BODY_DIFFERS} ORDER BY r.register, r.id"
)
_OTHER_NUMBER = (
    "WITH newest AS (SELECT register, id, max(number) AS number FROM record_versions GROUP BY register, id)"
    " SELECT n.register, n.id FROM newest AS n"
    " JOIN record_versions AS v ON v.register = n.register AND v.id = n.id AND v.number = n.number"
    " LEFT JOIN records AS r ON r.register = n.register AND r.id = n.id"
    " WHERE (r.id IS NULL AND NOT v.gone) OR (r.id IS NOT NULL AND r.version IS NOT n.number)"
    " ORDER BY n.register, n.id"
)
_ACTS_OF_VERSIONS = (
    "SELECT register, at, actor, min(id), count(*) FROM record_versions WHERE NOT (cause = 'migration'"
    f" AND number = 1 AND actor = 'system' AND register = '{HAZARD_POINTS}') GROUP BY register, at, actor"
)

_OTHER_IMPORT = (
    "WITH came AS (SELECT DISTINCT register, substr(cause, 8) AS id, at, actor FROM record_versions"
    " WHERE cause LIKE 'import:%'),"
    " back AS (SELECT DISTINCT register, substr(cause, 6) AS id FROM record_versions WHERE cause LIKE 'undo:%')"
    " SELECT c.register, c.id FROM came AS c LEFT JOIN imports AS i"
    " ON i.id = c.id AND i.register = c.register AND i.at = c.at AND i.actor = c.actor WHERE i.id IS NULL"
    " UNION SELECT i.register, i.id FROM imports AS i JOIN came AS c ON c.id = i.id AND c.register = i.register"
    " LEFT JOIN back AS b ON b.id = i.id AND b.register = i.register"
    " WHERE (i.undone_at IS NULL) <> (b.id IS NULL) ORDER BY 1, 2"
)
_OTHER_BOX = (
    "SELECT r.register, r.id FROM records AS r LEFT JOIN records_box AS b ON b.key = r.key"
    " WHERE r.lon_deg IS NOT NULL AND r.lat_deg IS NOT NULL AND (b.key IS NULL OR r.lon_deg < b.west"
    " OR r.lon_deg > b.east OR r.lat_deg < b.south OR r.lat_deg > b.north) ORDER BY r.register, r.id"
)


def check(db: Database) -> tuple[StoreError, ...]:
    """Return what does not agree.

    Returns
    -------
    tuple of StoreError
        ``register.damaged`` for each record that cannot be read, ``register.other_than_version`` (a record is not
        what its last version says), ``register.forged_version`` (a version that no record came of, or that no line of
        the journal tells of), ``register.forged_import`` (an import is not what its versions say, or was taken out of
        the list), ``register.other_box`` (a record is not found where it lies), ``register.other_sum`` (a register is not what its last line in the journal says),
        ``register.unproven`` (its last line is of a store from before the registers, whose sum is over other rows).
    """
    damaged: list[StoreError] = []
    for _ in registers.one_by_one(db, damaged=damaged):
        pass
    found = [*damaged]
    found += _named("register.other_than_version", db.execute(_OTHER_BODY))
    found += _named("register.forged_version", db.execute(_OTHER_NUMBER))
    found += _untold(db)
    found += _named("register.forged_import", db.execute(_OTHER_IMPORT))
    found += _named("register.other_box", db.execute(_OTHER_BOX))
    found += _other_sums(db)
    return tuple(found)


def _named(code: str, rows: Iterable[tuple[str, str]]) -> list[StoreError]:
    """Return one finding for each register, with some of the ids."""
    by_register: dict[str, list[str]] = {}
    for register, id_ in rows:
        by_register.setdefault(register, []).append(str(id_))
    return [
        StoreError(code, register=register, count=len(ids), ids=", ".join(ids[:_NAMED]))
        for register, ids in by_register.items()
    ]


def _untold(db: Database) -> list[StoreError]:
    """Return the versions of which no line of the journal tells: other time, or other hand."""
    told = set(
        db.execute(
            "SELECT iif(subject = 'points', ?, substr(subject, 10)), at, actor FROM journal"
            " WHERE subject = 'points' OR subject LIKE 'register:%'",
            [HAZARD_POINTS],
        ).fetchall()
    )
    return [
        StoreError("register.forged_version", register=register, count=count, ids=str(id_))
        for register, at, actor, id_, count in db.execute(_ACTS_OF_VERSIONS)
        if (register, at, actor) not in told
    ]


def _other_sums(db: Database) -> list[StoreError]:
    rows = db.execute(
        "SELECT iif(act = 'points.replaced', ?, substr(subject, 10)), number, at, act, after FROM journal"
        f" WHERE act IN ({', '.join('?' * len(_ACTS))}, 'points.replaced') ORDER BY number",
        [HAZARD_POINTS, *_ACTS],
    )
    last = {register: line for register, *line in rows}
    out = []
    for register, (number, at, act, after) in last.items():
        now = state(db, register)
        if act == "points.replaced" and _came_forward(db, at):  # its sum is over tables that are gone
            out.append(StoreError("register.unproven", register=register, number=number, records=now["records"]))
        elif now["sha256"] != json.loads(after).get("sha256"):
            out.append(StoreError("register.other_sum", register=register, number=number, records=now["records"]))
    return out


def _came_forward(db: Database, at: str) -> bool:
    """Return whether the points that this line of the journal brought came forward from a store before the registers."""
    found = db.execute("SELECT 1 FROM record_versions WHERE cause = 'migration' AND at = ? LIMIT 1", [at]).fetchone()
    return found is not None
