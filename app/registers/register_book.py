"""All registers of an office as one value: what they are, what stands in them, and what pages say of them; for jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter, is_
from pathlib import Path

import pyproj
import shapely

from models.errors import StoreError
from models.hazard.register import Place
from models.reach.outbox import DeliveryState
from models.register import completeness, contacts
from models.register.both_edits import with_other_edits
from models.register.checks.duplicates import same_id
from models.register.completeness import COUNTY, PEOPLE, ROAD, TOWN, VILLAGE, PlanLine, Six
from models.register.contacts import Contacts
from models.register.description import RegisterDescription, with_own
from models.register.record import Record, Value
from models.register.row_filter import condition
from models.register.rows import Order, Rows
from models.store import outbox, registers
from models.store.database import Database, Store
from models.store.registers import Origin
from widgets.words import OFFICE_ZONE

Writing = Callable[[Database], "Edit"]
"""What is written into a register in one transaction."""
_GEOD = pyproj.Geod(ellps="WGS84")
BOUNCES_KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """Registers with their records; ``names`` are those of records by register and id, ``origins`` by register.

    ``damaged`` are the records that cannot be read and stand in none of them.
    """

    descriptions: tuple[RegisterDescription, ...] = ()
    records: Mapping[str, tuple[Record, ...]] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    origins: Mapping[str, Origin] = field(default_factory=dict)
    damaged: tuple[StoreError, ...] = ()

    def description(self, register: str) -> RegisterDescription | None:
        """Return what a register is, None if there is none of that name."""
        return next((one for one in self.descriptions if one.name == register), None)

    def with_records(self, register: str, records: tuple[Record, ...], at: datetime) -> Book:
        """Return the book with other records of one register, as somebody changed them."""
        names = {record.id: record.name for record in records}
        origin = replace(self.origins.get(register, Origin(at)), at=at)
        return replace(
            self,
            records={**self.records, register: records},
            names={**self.names, register: names},
            origins={**self.origins, register: origin},
        )

    def has(self, register: str, record_id: str) -> bool:
        """Tell whether a record is there."""
        return record_id in self.names.get(register, {})

    def record(self, register: str, record_id: str) -> Record | None:
        """Return one record, None if it is not there."""
        return next((one for one in self.records.get(register, ()) if one.id == record_id), None)


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """Rows of one register in an order; ``typed`` is what its columns are filtered by, ``ids`` what passes, if any do."""

    rows: Rows
    order: Order
    sort: str = ""
    descending: bool = False
    typed: Mapping[str, str] = field(default_factory=dict)
    ids: frozenset[str] | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether some filter asks for something."""
        return self.ids is not None


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit that was written: ``number`` is the version it made, ``former`` what stood there before, if anything."""

    register: str
    id: str
    number: int
    former: Record | None


def read_book(store: Store, folder: Path, before: Book) -> Book:
    """Read every register of an office; ``folder`` holds its own descriptions.

    A register that is as it was ``before`` is the same tuple, a record the same object: whoever drew it need not
    look again, and nothing has to be let go of.
    """
    return store.read(lambda db: _book(db, with_own(folder), before))


def read_again(store: Store, register: str, before: tuple[Record, ...]) -> tuple[Record, ...]:
    """Read the records of one register anew; those that are as ``before`` are the same objects."""
    return store.read(lambda db: _as_before(before, registers.one_by_one(db, register)))


def in_order(rows: Rows, sort: str, typed: Mapping[str, str], *, descending: bool) -> Shown:
    """Sort and filter rows."""
    filters = {group: condition(text) for group, text in typed.items()}
    order = rows.shown(sort, descending=descending, filters=filters)
    asked = any(one is not None for one in filters.values())
    ids = frozenset([rows.records[row].id for row in order.tolist()]) if asked else None
    return Shown(rows, order, sort, descending, typed, ids)


def put(db: Database, record: Record, *, actor: str, at: datetime, opened: Record | None = None) -> Edit:
    """Keep a record as somebody wrote it; ``opened`` is what stood there when the writing began, None for a new one.

    What others wrote since then stays, field by field.

    Raises
    ------
    StoreError
        ``register.id_taken`` if it is new and another record has that id by now, or one that looks the same;
        ``register.changed_elsewhere`` if somebody changed the same field meanwhile, or took the record out.
    """
    former = registers.record(db, record.register, record.id)
    if opened is None:
        _see_id(db, record)
    elif former != opened:
        record = _merged(opened, record, former)
    registers.put(db, (record,), actor=actor, at=at, cause="edit")
    return Edit(record.register, record.id, _last(db, record.register, record.id), former)


def _merged(opened: Record, mine: Record, now: Record | None) -> Record:
    if now is None:
        raise StoreError("register.changed_elsewhere", name=opened.name, fields="-")
    merged, both = with_other_edits(opened, mine, now)
    if both:
        raise StoreError("register.changed_elsewhere", name=opened.name, fields=", ".join(both))
    return merged


def _see_id(db: Database, record: Record) -> None:
    wanted = same_id(record.id)
    for id_, name in db.execute("SELECT id, name FROM records WHERE register = ?", [record.register]):
        if same_id(id_) == wanted:
            raise StoreError("register.id_taken", id=id_, name=name)


def take_out(db: Database, opened: Record, reason: str, *, actor: str, at: datetime) -> Edit:
    """Take a record out; the reason stands in its version and in the journal.

    Raises
    ------
    StoreError
        ``register.changed_elsewhere`` if it is no longer what was looked at.
    """
    register, record_id = opened.register, opened.id
    former = registers.record(db, register, record_id)
    if former != opened:
        raise StoreError("register.changed_elsewhere", name=opened.name, fields="-")
    registers.remove(db, register, (record_id,), actor=actor, at=at, cause=f"edit:{reason}")
    return Edit(register, record_id, _last(db, register, record_id), former)


def inspect(
    db: Database, description: RegisterDescription, record_id: str, found: str, *, actor: str, name: str, at: datetime
) -> Edit:
    """Write an inspection of today into a record as it stands now: the day, what was ``found``, and by whom.

    An empty ``found`` takes what an earlier inspection found out of the record: its versions keep it.
    ``name`` is that of the ``actor``, who stands in the version and in the journal too.

    Raises
    ------
    StoreError
        ``register.taken_out`` if the record is no longer there.
    """
    former = registers.record(db, description.name, record_id)
    if former is None:
        raise StoreError("register.taken_out", id=record_id)
    seen: dict[str, Value] = {
        description.inspected_on: at.astimezone(OFFICE_ZONE).date().isoformat(),
        description.finding: found or None,
        description.inspected_by: name or None,
    }
    kept = {key: value for key, value in ({**former.values} | seen).items() if key and value is not None}
    cause = f"inspection:{found}" if found else "inspection"
    registers.put(db, (replace(former, values=kept),), actor=actor, at=at, cause=cause)
    return Edit(description.name, record_id, _last(db, description.name, record_id), former)


def undo(db: Database, edit: Edit, *, actor: str, at: datetime) -> Edit:
    """Put what stood before an edit back, as a new version.

    Raises
    ------
    StoreError
        ``register.edited_since`` if the record is no longer what that edit made of it.
    """
    if _last(db, edit.register, edit.id) != edit.number:
        name = edit.former.name if edit.former is not None else edit.id
        raise StoreError("register.edited_since", name=name)
    now, cause = registers.record(db, edit.register, edit.id), f"undo:{edit.number}"
    if edit.former is None:
        registers.remove(db, edit.register, (edit.id,), actor=actor, at=at, cause=cause)
    else:
        registers.put(db, (edit.former,), actor=actor, at=at, cause=cause)
    return Edit(edit.register, edit.id, _last(db, edit.register, edit.id), now)


class VillageFinder:
    """Finds town and village of a place."""

    def __init__(self, places: Iterable[Place] = ()) -> None:
        known = tuple(place for place in places if place.kind in {"town", "village"} and place.wkb)
        towns = {place.code: place.name for place in known if place.kind == "town"}
        # Villages first: what lies in one lies in its town too.
        ordered = sorted(known, key=lambda place: place.kind == "town")
        self._names = [
            (towns.get(place.parent, ""), place.name) if place.kind == "village" else (place.name, "")
            for place in ordered
        ]
        self._shapes = shapely.from_wkb([place.wkb for place in ordered])
        self._tree = shapely.STRtree(self._shapes)

    def at(self, lon_deg: float, lat_deg: float) -> tuple[str, str]:
        """Return town and village that cover a place, empty where none does."""
        hits = self._tree.query(shapely.Point(lon_deg, lat_deg), predicate="intersects")
        return self._names[int(min(hits))] if len(hits) else ("", "")

    def bounds(self, town: str, village: str = "") -> tuple[float, float, float, float] | None:
        """Return west, south, east and north of a town or village in degrees, None if it is unknown."""
        at = next((n for n, name in enumerate(self._names) if name == (town, village)), None)
        if at is None:
            return None
        west, south, east, north = self._shapes[at].bounds
        return west, south, east, north


def villages_of(places: Iterable[Place]) -> tuple[tuple[str, str], ...]:
    """Return all towns, as (town, empty), and villages, as (town, village), by name."""
    places = tuple(places)
    towns = {place.code: place.name for place in places if place.kind == "town"}
    villages = tuple((towns.get(place.parent, place.parent), place.name) for place in places if place.kind == "village")
    return (*((name, "") for name in towns.values()), *villages)


def bases_of(places: Iterable[Place]) -> dict[str, float]:
    """Return how much there is of each unit of the plan; what the places do not say is not named."""
    places = tuple(places)
    kinds = {kind: [place for place in places if place.kind == kind] for kind in ("county", "town", "village", "road")}
    bases = {
        unit: float(len(kinds[kind]))
        for unit, kind in ((COUNTY, "county"), (TOWN, "town"), (VILLAGE, "village"))
        if kinds[kind]
    }
    people = [place.population for kind in ("county", "town") for place in kinds[kind] if place.population]
    if people:
        of_towns = sum(place.population or 0 for place in kinds["town"])
        bases[PEOPLE] = (of_towns or people[0]) / 1000
    if kinds["road"]:
        meters = sum(abs(_GEOD.geometry_length(shapely.from_wkb(place.wkb))) for place in kinds["road"])
        bases[ROAD] = meters / 100_000
    return bases


def look_at_six(book: Book, places: tuple[Place, ...], today: date) -> Six | None:
    """Return the 六个一 page, None where there is no such register."""
    description = book.description(completeness.VILLAGES_SIX)
    if description is None:
        return None
    known = {name: frozenset(its) for name, its in book.names.items()}
    its = book.records.get(description.name, ())
    return completeness.six(description, its, today=today, villages=villages_of(places), known=known)


def look_at_plan(book: Book, places: tuple[Place, ...]) -> tuple[PlanLine, ...]:
    """Return every register against the plan's numbers."""
    return completeness.plan_lines(book.descriptions, book.records, bases_of(places), villages=villages_of(places))


def look_at_contacts(store: Store, book: Book, now: datetime, today: date) -> Contacts | None:
    """Return which contacts may fail, None where there is no register of people."""
    description = book.description(contacts.PEOPLE)
    if description is None:
        return None
    bounced = store.read(lambda db: _bounced(db, now - BOUNCES_KEPT))
    elsewhere = [
        (one, book.records.get(one.name, ()))
        for one in book.descriptions
        if one.field("person") is not None and one.field("phone") is not None
    ]
    people = book.records.get(description.name, ())
    return contacts.contacts(description, people, today=today, bounced=bounced, elsewhere=elsewhere)


def _book(db: Database, descriptions: tuple[RegisterDescription, ...], before: Book) -> Book:
    damaged: list[StoreError] = []
    read = groupby(registers.one_by_one(db, damaged=damaged), key=attrgetter("register"))
    records = {name: _as_before(before.records.get(name, ()), its) for name, its in read}
    names = {one.name: {record.id: record.name for record in records.get(one.name, ())} for one in descriptions}
    return Book(descriptions, records, names, registers.origins(db), tuple(damaged))


def _as_before(before: tuple[Record, ...], now: Iterable[Record]) -> tuple[Record, ...]:
    """Return what there is now, with the objects from before wherever they are equal; their copies go one by one."""
    known = {record.id: record for record in before}
    out = tuple([old if (old := known.get(one.id)) is not None and old == one else one for one in now])
    return before if len(out) == len(before) and all(map(is_, out, before)) else out


def _bounced(db: Database, since: datetime) -> dict[str, tuple[date, str]]:
    """Return the numbers whose newest receipt says that a message did not arrive: when, and why."""
    addresses = {message.id: contacts.digits(message.address) for message in outbox.recent(db, since)}
    newest = {
        addresses[receipt.message_id]: receipt
        for receipt in sorted(outbox.recent_receipts(db, since), key=lambda one: one.at)
        if addresses.get(receipt.message_id)
    }
    return {
        number: (receipt.at.date(), receipt.detail)
        for number, receipt in newest.items()
        if receipt.state is DeliveryState.FAILED
    }


def _last(db: Database, register: str, record_id: str) -> int:
    versions = registers.history(db, register, record_id)
    return versions[-1].number if versions else 0
