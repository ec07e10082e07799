"""The registers as cards need them: who answers for a point, where its people go, what happened there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from models.hazard.near import NearPlaces
from models.register.description import FieldType, RegisterDescription
from models.register.record import Record, Value
from models.store import registers
from models.store.database import Database

PEOPLE, SHELTERS, ROUTES = "people", "shelters", "routes"
PAST, UNITS = "past_events", "warning_units"


@dataclass(frozen=True, slots=True, eq=False)
class CardRegisters:
    """What stands round the points, found by point and by place; made once in a job, and again after a change.

    ``entered`` are the registers that have records at all, ``records`` what stands in them. ``by_id`` holds them by
    register and id; ``people_of``, ``route_of`` and ``past_of`` by the id of a hazard point.
    """

    descriptions: Mapping[str, RegisterDescription]
    by_id: Mapping[str, Mapping[str, Record]]
    records: Mapping[str, tuple[Record, ...]] = field(default_factory=dict)
    entered: frozenset[str] = frozenset()
    people_of: Mapping[str, tuple[Record, ...]] = field(default_factory=dict)
    route_of: Mapping[str, Record] = field(default_factory=dict)
    past_of: Mapping[str, tuple[Record, ...]] = field(default_factory=dict)
    shelters: NearPlaces = field(default_factory=lambda: NearPlaces.of(()))
    units: NearPlaces = field(default_factory=lambda: NearPlaces.of(()))

    def find(self, register: str, record_id: str) -> Record | None:
        """Return a record, None if it is not there."""
        return self.by_id.get(register, {}).get(record_id)

    def name_of(self, register: str, record_id: str) -> str:
        """Return a record's name, its id where it is not there."""
        record = self.find(register, record_id)
        return record.name if record is not None else record_id

    def due_days(self, register: str, key: str) -> int | None:
        """Return after how many days a date of a register is overdue, None if never."""
        description = self.descriptions.get(register)
        one = description.field(key) if description is not None else None
        return one.due_days if one is not None else None


def read_registers(db: Database, descriptions: Iterable[RegisterDescription]) -> CardRegisters:
    """Read all registers and put them in order; 50,000 records take about a second, for a job."""
    return registers_of(descriptions, registers.everything(db))


def registers_of(
    descriptions: Iterable[RegisterDescription],
    of: Mapping[str, tuple[Record, ...]],
    before: CardRegisters | None = None,
) -> CardRegisters:
    """Put registers, by name, in the order that cards need; for a job.

    Of a register that is the same tuple as ``before`` everything stays as it was put there.
    """
    was = before if before is not None else CardRegisters({}, {})
    changed = {name for name in {*of, *was.records} if of.get(name, ()) is not was.records.get(name, ())}
    people, past = of.get(PEOPLE, ()), of.get(PAST, ())
    return CardRegisters(
        descriptions={one.name: one for one in descriptions},
        by_id={
            name: {record.id: record for record in its} if name in changed or name not in was.by_id else was.by_id[name]
            for name, its in of.items()
        },
        records=of,
        entered=frozenset(of),
        people_of=_by_link(people, "points") if PEOPLE in changed else was.people_of,
        route_of=_first(_by_link(of.get(ROUTES, ()), "point")) if ROUTES in changed else was.route_of,
        past_of=_by_link(sorted(past, key=_happened_on, reverse=True), "point") if PAST in changed else was.past_of,
        shelters=NearPlaces.of(of.get(SHELTERS, ())) if SHELTERS in changed else was.shelters,
        units=NearPlaces.of(of.get(UNITS, ())) if UNITS in changed else was.units,
    )


def links(value: Value) -> tuple[str, ...]:
    """Return the ids that a link field holds, one or several."""
    if isinstance(value, list):
        return tuple(str(one) for one in value)
    return (str(value),) if value else ()


def linked_names(registers_: CardRegisters, record: Record) -> dict[tuple[str, str], str]:
    """Return the names of everything that a record links to, by register and id."""
    description = registers_.descriptions.get(record.register)
    out: dict[tuple[str, str], str] = {}
    for one in description.fields if description is not None else ():
        if one.type is FieldType.LINK:
            out |= {(one.to, id_): registers_.name_of(one.to, id_) for id_ in links(record.values.get(one.key))}
    return out


def _by_link(records: Iterable[Record], key: str) -> dict[str, tuple[Record, ...]]:
    out: dict[str, list[Record]] = {}
    for record in records:
        for point_id in links(record.values.get(key)):
            out.setdefault(point_id, []).append(record)
    return {point_id: tuple(its) for point_id, its in out.items()}


def _first(by_point: Mapping[str, tuple[Record, ...]]) -> dict[str, Record]:
    return {point: its[0] for point, its in by_point.items()}


def _happened_on(record: Record) -> str:
    return str(record.values.get("happened_on") or "")
