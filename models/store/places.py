"""Counties, towns, villages, roads and rivers, found by place through an R*Tree."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

import shapely
from sqlite_utils import Database

from models.act import JournalEntry
from models.errors import StoreError
from models.hazard.register import Place
from models.store import journal, search_index

_SELECT = "SELECT p.code, p.name, p.kind, p.parent, p.wkb, p.population FROM places AS p"


REPLACED = "places.replaced"
VOUCHED = "places.vouched"


def replace(db: Database, places: tuple[Place, ...], *, actor: str, at: datetime) -> None:
    """Keep these places in the order given, and no others, with a journal line that holds their sum.

    Raises
    ------
    StoreError
        ``places.no_shape`` if a shape cannot be read or is empty; ``store.refused`` if a code of one kind comes twice.
    """
    before = state(db)
    db.execute("DELETE FROM places")
    db.execute("DELETE FROM places_box")
    rows, boxes = [], []
    for number, place in enumerate(places, start=1):
        west, south, east, north = _bounds(place)
        rows.append([number, place.code, place.name, place.kind, place.parent, place.wkb, place.population])
        boxes.append([number, west, east, south, north])
    db.conn.executemany(
        "INSERT INTO places (id, code, name, kind, parent, wkb, population) VALUES (?, ?, ?, ?, ?, ?, ?)", rows
    )
    db.conn.executemany("INSERT INTO places_box (id, west, east, south, north) VALUES (?, ?, ?, ?, ?)", boxes)
    search_index.index_places(db)
    journal.append(db, JournalEntry(actor, REPLACED, "places", at, before, state(db)))


def vouch(db: Database, *, actor: str, at: datetime) -> None:
    """Write into the journal that somebody looked at the places as they stand and answers for them.

    As what was before stands what the journal last said of them, so that the line tells what was vouched for.
    """
    said = last_said(db)
    journal.append(db, JournalEntry(actor, VOUCHED, "places", at, said[1] if said else {}, state(db)))


def last_said(db: Database) -> tuple[int, dict[str, Any]] | None:
    """Return the number of the journal's last line on the places, and the `state` it holds; None if there is none."""
    row = db.execute(
        "SELECT number, after FROM journal WHERE act IN (?, ?) ORDER BY number DESC LIMIT 1", [REPLACED, VOUCHED]
    ).fetchone()
    return None if row is None else (row[0], json.loads(row[1]))


def state(db: Database) -> dict[str, object]:
    """Return how many places there are, and a SHA-256 over all of them.

    It is taken over the JSON array of ``[code, name, kind, parent, wkb in hex, population]`` in their order.
    """
    rows = db.execute("SELECT code, name, kind, parent, hex(wkb), population FROM places ORDER BY id").fetchall()
    body = json.dumps(rows, ensure_ascii=False, separators=(",", ":"), default=repr)  # bytes where a text should be
    return {"places": len(rows), "sha256": hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()}


def of_kind(db: Database, kind: str) -> tuple[Place, ...]:
    """Return the places of a kind (county, town, village, road, river) in the order they were handed in."""
    return tuple(_place(row) for row in db.execute(f"{_SELECT} WHERE p.kind = ? ORDER BY p.id", [kind]))


def areas(db: Database) -> tuple[Place, ...]:
    """Return the areas that warnings speak of: the towns, or the county alone where no town outlines are known."""
    return of_kind(db, "town") or of_kind(db, "county")


def town_at(db: Database, lon: float, lat: float) -> Place | None:
    """Return the area that warnings speak of at a place, or None outside of all.

    Parameters
    ----------
    lon, lat : float, degrees
        WGS 84. A place on a border belongs to the area that was handed in first.
    """
    near = db.execute(
        f"{_SELECT} JOIN places_box AS b ON b.id = p.id"
        " WHERE b.west <= ? AND b.east >= ? AND b.south <= ? AND b.north >= ? AND p.kind IN ('town', 'county')"
        " ORDER BY p.kind DESC, p.id",
        [lon, lon, lat, lat],
    ).fetchall()
    has_towns = db.execute("SELECT 1 FROM places WHERE kind = 'town' LIMIT 1").fetchone() is not None
    here = shapely.Point(lon, lat)
    for row in near:
        place = _place(row)
        if (place.kind == "town" or not has_towns) and shapely.covers(shapely.from_wkb(place.wkb), here):
            return place
    return None


def _bounds(place: Place) -> tuple[float, float, float, float]:
    try:
        shape = shapely.from_wkb(place.wkb)
    except shapely.errors.ShapelyError as error:
        raise StoreError("places.no_shape", name=place.name, code=place.code, cause=str(error)) from error
    if shape.is_empty:
        raise StoreError("places.no_shape", name=place.name, code=place.code, cause="empty")
    west, south, east, north = shape.bounds
    return west, south, east, north


def _place(row: tuple[Any, ...]) -> Place:
    code, name, kind, parent, wkb, population = row
    return Place(code, name, kind, parent, wkb, population)
