"""What the import of a register holds rows against: the office's places and people, out of its store; for jobs."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import shapely

from models.hazard.register import Place
from models.register.checks.ground import Ground
from models.register.record import Record
from models.register.surroundings import Areas, Surroundings
from models.store import places, registers
from models.store.database import Database

PEOPLE = "people"
_WATERS = ("river", "lake")


def ground_of(db: Database, today: date) -> Ground:
    """Return places and people of the store; what it does not hold stays empty and is not judged."""
    known = {kind: places.of_kind(db, kind) for kind in ("county", "town", "village", "road", "house", *_WATERS)}
    counties = _shapes(known["county"])
    towns = known["town"]
    town_names = {town.code: town.name for town in towns}
    surroundings = Surroundings(
        county=shapely.union_all(counties) if counties else None,
        towns=_areas(towns, {}),
        villages=_areas(known["village"], town_names),
        roads=tuple(_shapes(known["road"])),
        houses=tuple(_shapes(known["house"])),
        waters=tuple(shape for kind in _WATERS for shape in _shapes(known[kind])),
    )
    held = registers.everything(db)
    ids = {name: ids_of(records) for name, records in held.items()}
    standing = {name: standing_of(records) for name, records in held.items()}
    named = {name: known_of(records) for name, records in held.items()}
    return Ground(surroundings, today, numbers_of(held.get(PEOPLE, ())), ids, named, standing)


def ids_of(records: Iterable[Record]) -> dict[str, str]:
    """Return the id behind each id, and behind each name that only one entry has."""
    names: dict[str, list[str]] = defaultdict(list)
    for record in records:
        names[record.name].append(record.id)
    by_name = {name: ids[0] for name, ids in names.items() if len(ids) == 1}
    return by_name | {id_: id_ for ids in names.values() for id_ in ids}


def known_of(records: Iterable[Record]) -> dict[str, tuple[str, float, float]]:
    """Return name, longitude and latitude of each id, NaN without a place."""

    def degrees(part: float | None) -> float:
        return math.nan if part is None else part

    return {one.id: (one.name, degrees(one.lon_deg), degrees(one.lat_deg)) for one in records}


def standing_of(records: Iterable[Record]) -> dict[str, tuple[tuple[str, float, float], ...]]:
    """Return id, longitude and latitude of the entries of each name that have a place."""
    found: dict[str, list[tuple[str, float, float]]] = defaultdict(list)
    for record in records:
        if record.lon_deg is not None and record.lat_deg is not None:
            found[record.name].append((record.id, record.lon_deg, record.lat_deg))
    return {name: tuple(places) for name, places in found.items()}


def numbers_of(people: Iterable[Record]) -> dict[tuple[str, str], str]:
    """Return the number of each person by (name, village), and by (name, empty) where the name is one person's."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for person in people:
        number = person.values.get("phone")
        if isinstance(number, str) and number:
            for village in {person.village, ""}:
                found[person.name, village].add(number)
    return {key: next(iter(numbers)) for key, numbers in found.items() if len(numbers) == 1}


def _areas(found: tuple[Place, ...], towns: dict[str, str]) -> Areas:
    return Areas(
        tuple(place.name for place in found),
        tuple(_shapes(found)),
        tuple(towns.get(place.parent, "") for place in found),
    )


def _shapes(found: tuple[Place, ...]) -> list[shapely.Geometry]:
    return list(shapely.from_wkb([place.wkb for place in found]))
