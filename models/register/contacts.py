"""People who may not be reached: numbers unconfirmed, bounced, doubled or missing, and nobody to stand in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.register.description import FieldDescription, FieldType, RegisterDescription
from models.register.record import Record

PEOPLE = "people"
"""The register of responsible people."""
CONFIRMED, BOUNCED, BOUNCE, SUBSTITUTE = "confirmed_on", "bounced_on", "bounce", "substitute"
_NO_DIGITS = re.compile(r"\D+")


class Fault(StrEnum):
    """What is wrong with a contact, the worst first."""

    BOUNCED = "bounced"
    NO_NUMBER = "no_number"
    SAME_NUMBER = "same_number"
    """Another person has the same number."""
    OTHER_NUMBER = "other_number"
    """The same person stands elsewhere with other numbers."""
    STALE = "stale"
    NEVER_CONFIRMED = "never_confirmed"
    NO_SUBSTITUTE = "no_substitute"


@dataclass(frozen=True, slots=True)
class ContactFault:
    """One thing that is wrong with one entry.

    ``number`` is the number it is about; ``others`` the ids of the entries it collides with, ``names`` their
    names; ``days`` by how many days a confirmation is overdue, or how long ago a message bounced; ``cause`` why.
    """

    fault: Fault
    register: str
    id: str
    name: str
    role: str
    town: str
    village: str
    number: str = ""
    others: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    days: int | None = None
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Contacts:
    """Everything that is wrong, the worst kind first; ``people`` is how many entries were looked at."""

    people: int
    faults: tuple[ContactFault, ...]

    def of(self, fault: Fault) -> tuple[ContactFault, ...]:
        """Return the faults of one kind."""
        return tuple(one for one in self.faults if one.fault is fault)

    @property
    def sound(self) -> int:
        """How many entries nothing is wrong with."""
        return self.people - len({one.id for one in self.faults if one.register == PEOPLE})


def contacts(
    description: RegisterDescription,
    people: Iterable[Record],
    *,
    today: date,
    bounced: Mapping[str, tuple[date, str]] | None = None,
    elsewhere: Iterable[tuple[RegisterDescription, Iterable[Record]]] = (),
) -> Contacts:
    """Look at all people.

    Parameters
    ----------
    description, people
        The register `PEOPLE`.
    bounced : mapping of str to (date, str)
        Numbers a channel could not reach since they were last confirmed: digits alone, when, and why.
    elsewhere : iterable of (description, records)
        Other registers that name a ``person`` and a ``phone``: theirs must be among the numbers
        of the person of that name in the same town.

    Notes
    -----
    A person is a name in a town: people of one name in two towns are two people.
    """
    records = tuple(people)
    numbers = {record.id: numbers_of(record, description) for record in records}
    faults = [
        *_bounced(records, numbers, today, bounced or {}),
        *(_fault(Fault.NO_NUMBER, one) for one in records if not numbers[one.id]),
        *_same_number(records, numbers),
        *_other_number(records, numbers),
        *_elsewhere(records, numbers, elsewhere),
        *_unconfirmed(records, description.field(CONFIRMED), today),
    ]
    if description.field(SUBSTITUTE) is not None:
        ids = {record.id for record in records}
        faults += [_fault(Fault.NO_SUBSTITUTE, one) for one in records if not _stands_in(one, ids)]
    order = list(Fault)
    return Contacts(len(records), tuple(sorted(faults, key=lambda one: (order.index(one.fault), -(one.days or 0)))))


def numbers_of(record: Record, description: RegisterDescription) -> tuple[str, ...]:
    """Return a record's numbers as they are written, each once."""
    fields = (one.key for one in description.fields if one.type is FieldType.PHONE)
    return tuple(dict.fromkeys(str(record.values[key]) for key in fields if record.values.get(key)))


def digits(number: str) -> str:
    """Return a number's digits, by which numbers are compared."""
    return _NO_DIGITS.sub("", number)


def _fault(fault: Fault, record: Record, **facts: object) -> ContactFault:
    role = str(record.values.get("role", "") or "")
    return ContactFault(
        fault,
        record.register,
        record.id,
        record.name,
        role,
        record.town,
        record.village,
        **facts,  # type: ignore[arg-type]
    )


def _bounced(
    records: tuple[Record, ...],
    numbers: Mapping[str, tuple[str, ...]],
    today: date,
    bounced: Mapping[str, tuple[date, str]],
) -> Iterator[ContactFault]:
    for record in records:
        confirmed = _day(record.values.get(CONFIRMED)) or date.min
        at, cause = _day(record.values.get(BOUNCED)), str(record.values.get(BOUNCE, "") or "")
        number = numbers[record.id][0] if numbers[record.id] else ""
        for one in numbers[record.id]:
            told = bounced.get(digits(one))
            if told is not None and (at is None or told[0] > at):
                (at, cause), number = told, one
        if at is not None and at >= confirmed:
            yield _fault(Fault.BOUNCED, record, number=number, days=(today - at).days, cause=cause)


def _same_number(records: tuple[Record, ...], numbers: Mapping[str, tuple[str, ...]]) -> Iterator[ContactFault]:
    holders: dict[str, list[Record]] = {}
    for record in records:
        for number in numbers[record.id]:
            holders.setdefault(digits(number), []).append(record)
    for record in records:
        for number in numbers[record.id]:
            others = [one for one in holders[digits(number)] if one.name != record.name]
            if others:
                names = tuple(dict.fromkeys(one.name for one in others))
                yield _fault(
                    Fault.SAME_NUMBER, record, number=number, others=tuple(one.id for one in others), names=names
                )


def _other_number(records: tuple[Record, ...], numbers: Mapping[str, tuple[str, ...]]) -> Iterator[ContactFault]:
    people: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        people.setdefault((record.name, record.town), []).append(record)
    for same in people.values():
        sets = {frozenset(digits(number) for number in numbers[one.id]) for one in same if numbers[one.id]}
        if len(sets) < 2:
            continue
        for record in same:
            others = tuple(one.id for one in same if one is not record)
            number = numbers[record.id][0] if numbers[record.id] else ""
            yield _fault(Fault.OTHER_NUMBER, record, number=number, others=others, names=(record.name,))


def _elsewhere(
    records: tuple[Record, ...],
    numbers: Mapping[str, tuple[str, ...]],
    registers: Iterable[tuple[RegisterDescription, Iterable[Record]]],
) -> Iterator[ContactFault]:
    known: dict[tuple[str, str], set[str]] = {}
    ids: dict[tuple[str, str], list[str]] = {}
    for record in records:
        who = (record.name, record.town)
        known.setdefault(who, set()).update(digits(number) for number in numbers[record.id])
        ids.setdefault(who, []).append(record.id)
    for _, others in registers:
        for record in others:
            name, number = str(record.values.get("person") or ""), str(record.values.get("phone") or "")
            its = known.get((name, record.town))
            if name and number and its and digits(number) not in its:
                yield _fault(
                    Fault.OTHER_NUMBER, record, number=number, others=tuple(ids[name, record.town]), names=(name,)
                )


def _unconfirmed(
    records: tuple[Record, ...], confirmed: FieldDescription | None, today: date
) -> Iterator[ContactFault]:
    if confirmed is None or confirmed.due_days is None:
        return
    for record in records:
        at = _day(record.values.get(CONFIRMED))
        if at is None:
            yield _fault(Fault.NEVER_CONFIRMED, record)
        elif (late := (today - at).days - confirmed.due_days) > 0:
            yield _fault(Fault.STALE, record, days=late)


def _stands_in(record: Record, ids: set[str]) -> bool:
    """Whether somebody else who is in the register stands in."""
    value = record.values.get(SUBSTITUTE)
    named = value if isinstance(value, list) else [value]
    return any(str(one) in ids and one != record.id for one in named)


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None
