"""The rows of records: what changed is written with its version, its box and its line in the search; no journal here."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice, pairwise
from operator import itemgetter
from typing import Any

import numpy as np
import shapely
from sqlite_utils import Database

from models.errors import StoreError
from models.hazard.register import can_be_judged
from models.register.description import HAZARD_POINTS
from models.register.record import Record
from models.store import search_index
from models.store.text_form import plain, time_text
from models.store.whole_rows import whole_rows

BODY = 'name, kind, lon_deg, lat_deg, town, village, "values", others, wkb'
"""What a version keeps of a record besides register and id, in the order of `body_of`."""
_VERSION = f"register, id, number, at, actor, cause, gone, place_in_list, {BODY}"
AT_ONCE = 500
"""So many records are read from their JSON in one go: all 50,000 would hold every other thread for 60 ms."""
_PLACES = 7  # digits of a degree that are kept apart: a centimeter
_NO_OTHERS: dict[str, str] = {}  # one for all records without
_TEXTS = itemgetter(0, 1, 4, 5, 6, 7)
_HALF = re.compile("[\ud800-\udfff]")
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode

Body = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """Who does what to records, and why; ``cause`` as `RecordVersion.cause`."""

    actor: str
    at: datetime
    cause: str


@dataclass(frozen=True, slots=True)
class Changed:
    """The ids that an act added, changed and took out, in the order they were handed in."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def state(db: Database, register: str) -> dict[str, object]:
    """Return how many records a register has, and a SHA-256 over all of them.

    It is taken over the JSON array of ``[id, name, kind, lon, lat, town, village,
    values, others, wkb in hex]`` by id, values and others as the texts that are kept.
    """
    columns = BODY.replace("wkb", "hex(wkb)")
    rows = db.execute(f"SELECT id, {columns} FROM records WHERE register = ? ORDER BY id", [register]).fetchall()
    body = json.dumps(rows, ensure_ascii=False, separators=(",", ":"), default=repr)  # bytes where a text should be
    return {"records": len(rows), "sha256": hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()}


def bring_in(
    db: Database, register: str, records: Sequence[Record], act: Act, *, places: Mapping[str, int] | None = None
) -> Changed:
    """Keep records of one register: new ones at the end of the list, or at their ``places``; others where they stand.

    Raises
    ------
    StoreError
        ``register.bad_place``, ``register.no_shape``, ``register.bad_thresholds`` (of a hazard point),
        ``register.bad_text``; ``store.refused`` if an id comes twice.
    sqlite3.IntegrityError
        ``register.no_id``.
    """
    if register == HAZARD_POINTS:
        _see_thresholds(records)
    bodies = _bodies(records)
    ids = [record.id for record in records]
    _see_text(bodies)
    if len(bodies) != len(ids):
        twice = next(one for one, count in Counter(ids).items() if count > 1)
        raise StoreError("store.refused", cause=f"{register}: {twice}")
    known = {
        row[0]: row[1:]
        for row in db.execute(
            f"SELECT id, key, version, place_in_list, {BODY} FROM records"
            " WHERE register = ? AND id IN (SELECT value FROM json_each(?))",
            [register, json.dumps(ids)],
        )
    }
    new = [one for one in ids if one not in known]
    changed = [one for one in ids if one in known and known[one][3:] != bodies[one]]
    last_key, last_place = db.execute(
        "SELECT (SELECT coalesce(max(key), 0) FROM records),"
        " (SELECT coalesce(max(place_in_list), -1) FROM records WHERE register = ?)",
        [register],
    ).fetchone()
    before = _last_versions(db, register, new)
    keys = {one: key for key, one in enumerate(new, start=last_key + 1)} | {one: known[one][0] for one in changed}
    stands = {one: place for place, one in enumerate(new, start=last_place + 1)} | dict(places or {})
    stands |= {one: known[one][2] for one in changed}
    numbers = {one: before.get(one, 0) + 1 for one in new} | {one: known[one][1] + 1 for one in changed}
    db.conn.executemany(
        f"INSERT INTO records (key, register, id, version, place_in_list, {BODY})"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(keys[one], register, one, numbers[one], stands[one], *bodies[one]) for one in new],
    )
    db.conn.executemany(
        'UPDATE records SET version = ?, name = ?, kind = ?, lon_deg = ?, lat_deg = ?, town = ?, village = ?, "values" ='
        " ?, others = ?, wkb = ? WHERE key = ?",
        [(numbers[one], *bodies[one], keys[one]) for one in changed],
    )
    _keep_versions(db, register, [(one, numbers[one], 0, stands[one], bodies[one]) for one in (*new, *changed)], act)
    written = [keys[one] for one in (*new, *changed)]
    _box(db, written, [bodies[one] for one in (*new, *changed)])
    search_index.forget_records(db, [keys[one] for one in changed])
    search_index.index_records(db, written)
    return Changed(tuple(new), tuple(changed))


def take_out(db: Database, register: str, ids: Iterable[str], act: Act) -> Changed:
    """Take records out of a register; each gets a last version that says so. Ids that are not there are passed over."""
    rows = db.execute(
        f"SELECT id, key, version, place_in_list, {BODY} FROM records"
        " WHERE register = ? AND id IN (SELECT value FROM json_each(?)) ORDER BY place_in_list",
        [register, json.dumps(list(ids))],
    ).fetchall()
    _keep_versions(db, register, [(row[0], row[2] + 1, 1, row[3], row[4:]) for row in rows], act)
    keys = [(row[1],) for row in rows]
    search_index.forget_records(db, [key for (key,) in keys])
    db.conn.executemany("DELETE FROM records_box WHERE key = ?", keys)
    db.conn.executemany("DELETE FROM records WHERE key = ?", keys)
    return Changed(removed=tuple(row[0] for row in rows))


def set_order(db: Database, register: str, ids: Sequence[str]) -> None:
    """Let the records of a register stand in the order of these ids; where they do, their places stay."""
    stands = dict(db.execute("SELECT id, place_in_list FROM records WHERE register = ?", [register]).fetchall())
    if all(stands[before] < stands[after] for before, after in pairwise(ids)):
        return
    moved = [(place, register, one) for place, one in enumerate(ids) if stands[one] != place]
    db.conn.executemany("UPDATE records SET place_in_list = ? WHERE register = ? AND id = ?", moved)


def record_of(register: str, id_: str, body: Body) -> Record:
    """Return the record of a row; ``body`` as `BODY`.

    Raises
    ------
    StoreError
        ``register.damaged`` if it cannot be read.
    """
    damaged: list[StoreError] = []
    for record in records_of([(register, id_, *body)], damaged):
        return record
    raise damaged[0]


def records_of(rows: Iterable[tuple[Any, ...]], damaged: list[StoreError] | None = None) -> Iterator[Record]:
    """Yield the records of rows of register, id and body, as they are asked for; equal places are one text.

    Rows that cannot be read are left out, and named in ``damaged``.
    """
    asked, known = iter(rows), dict[str, str]()
    one = known.setdefault
    while some := list(islice(asked, AT_ONCE)):
        for row, value, other in whole_rows(some, damaged):
            register, id_, name, kind, lon, lat, town, village = row[:8]
            yield Record(
                *(
                    one(register, register),
                    id_,
                    name,
                    one(kind, kind),
                    lon,
                    lat,
                    one(town, town),
                    one(village, village),
                ),
                *(value, other or _NO_OTHERS, row[10]),
            )


def _bodies(records: Sequence[Record]) -> dict[str, Body]:
    points = _points(records)
    return {
        r.id: (r.name, r.kind, *place, r.town, r.village, _json(r.values), _json(r.others), bytes(r.wkb))
        for r, place in zip(records, points, strict=True)
    }


def _see_text(bodies: Mapping[str, Body]) -> None:
    """Refuse half characters, which no file can hold."""
    try:
        "".join(chain(bodies, chain.from_iterable(map(_TEXTS, bodies.values())))).encode()
    except UnicodeEncodeError as error:
        for id_, body in bodies.items():
            if _HALF.search("".join((id_, *_TEXTS(body)))):
                raise StoreError("register.bad_text", id=ascii(id_), name=ascii(body[0])) from error


def _json(values: Mapping[str, Any]) -> str:
    """Return canonical JSON without the empty fields."""
    kept = {key: value for key, value in values.items() if value is not None} if None in values.values() else values
    try:
        return _encode(kept)
    except (TypeError, ValueError):  # a mapping of another kind, or NaN
        return _encode({key: value for key, value in plain(kept).items() if value is not None})


def _see_thresholds(records: Sequence[Record]) -> None:
    for r in records:
        if not can_be_judged(r.values.get("thresholds")):
            raise StoreError("register.bad_thresholds", id=r.id, name=r.name)


def _points(records: Sequence[Record]) -> list[tuple[float | None, float | None]]:
    """Return each record's point; a line or an area without one gets a point inside."""
    out: list[tuple[float | None, float | None]] = []
    for r in records:
        lon, lat = r.lon_deg, r.lat_deg
        if lon is None or lat is None:
            out.append(_inside(r) if r.wkb else (None, None))
        elif -180 <= lon <= 180 and -90 <= lat <= 90:
            out.append((float(lon), float(lat)))
        else:
            raise StoreError("register.bad_place", id=r.id, name=r.name, lon=lon, lat=lat)
    shaped = [r for r in records if r.wkb]
    for r, empty in zip(shaped, shapely.is_empty(_shapes(shaped)), strict=True):
        if empty:
            raise StoreError("register.no_shape", id=r.id, name=r.name, cause="empty")
    return out


def _inside(record: Record) -> tuple[float, float]:
    shape = _shapes([record])[0]
    if shape.is_empty:
        raise StoreError("register.no_shape", id=record.id, name=record.name, cause="empty")
    point = shapely.point_on_surface(shape)
    return round(point.x, _PLACES), round(point.y, _PLACES)


def _shapes(records: Sequence[Record]) -> Any:
    try:
        return shapely.from_wkb(np.array([r.wkb for r in records], dtype=object))
    except shapely.errors.ShapelyError as error:
        for r in records:
            try:
                shapely.from_wkb(r.wkb)
            except shapely.errors.ShapelyError as cause:
                raise StoreError("register.no_shape", id=r.id, name=r.name, cause=str(cause)) from error
        raise


def _last_versions(db: Database, register: str, ids: Sequence[str]) -> dict[str, int]:
    """Return the last version of ids that are not in the register now, but once were."""
    return dict(
        db.execute(
            "SELECT id, max(number) FROM record_versions WHERE register = ? AND id IN (SELECT value FROM json_each(?))"
            " GROUP BY id",
            [register, json.dumps(list(ids))],
        ).fetchall()
    )


def _keep_versions(db: Database, register: str, rows: Sequence[tuple[Any, ...]], act: Act) -> None:
    at = time_text(act.at)
    db.conn.executemany(
        f"INSERT INTO record_versions ({_VERSION}) VALUES ({', '.join('?' * 17)})",
        [
            (register, id_, number, at, act.actor, act.cause, gone, place, *body)
            for id_, number, gone, place, body in rows
        ],
    )


def _box(db: Database, keys: Sequence[int], bodies: Sequence[Body]) -> None:
    """Keep the box of each record that has a place; a shape's box, else the point."""
    points = np.array([(body[2], body[3]) for body in bodies], dtype=np.float64).reshape(-1, 2)
    bounds = np.concatenate([points, points], axis=1)
    shaped = [row for row, body in enumerate(bodies) if body[8]]
    if shaped:
        bounds[shaped] = shapely.bounds(shapely.from_wkb(np.array([bodies[row][8] for row in shaped], dtype=object)))
    placed = np.flatnonzero(np.isfinite(bounds).all(axis=1)).tolist()
    db.conn.executemany("DELETE FROM records_box WHERE key = ?", [(key,) for key in keys])
    db.conn.executemany(
        "INSERT INTO records_box (key, west, south, east, north) VALUES (?, ?, ?, ?, ?)",
        [(keys[row], *bounds[row].tolist()) for row in placed],
    )
