"""What is there and what is missing: the 六个一 of each town and village, and registers against the plan's numbers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.register.description import FieldDescription, FieldType, RegisterDescription, Words
from models.register.record import Record, Value

VILLAGES_SIX = "villages_six"
"""The register of what every town and village should have."""
TOWN, VILLAGE, COUNTY, PEOPLE, ROAD = "town", "village", "county", "people_1000", "road_100km"


class Tick(StrEnum):
    """Whether one thing is there."""

    THERE = "there"
    OVERDUE = "overdue"
    """There, but past its days."""
    GAP = "gap"
    UNKNOWN = "unknown"
    """Nobody has written anything down for this place."""


@dataclass(frozen=True, slots=True)
class SixRow:
    """A town's own or a village's ticks, in the order of the elements. ``id`` is empty where there is no entry."""

    town: str
    village: str
    ticks: tuple[Tick, ...]
    id: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether all are there and none is overdue."""
        return all(tick is Tick.THERE for tick in self.ticks)


@dataclass(frozen=True, slots=True)
class TownSix:
    """A town: its own row and those of its villages."""

    town: str
    own: SixRow | None
    villages: tuple[SixRow, ...]

    @property
    def rows(self) -> tuple[SixRow, ...]:
        """Its own row, if it has one, and those of its villages."""
        return (self.own, *self.villages) if self.own is not None else self.villages

    def there(self, element: int) -> int:
        """Return in how many of its rows an element is there and not overdue."""
        return sum(row.ticks[element] is Tick.THERE for row in self.rows)

    @property
    def whole(self) -> int:
        """How many of its rows have everything."""
        return sum(row.is_whole for row in self.rows)


@dataclass(frozen=True, slots=True)
class Six:
    """The page: its elements and towns, the one with most missing first."""

    elements: tuple[FieldDescription, ...]
    towns: tuple[TownSix, ...]

    @property
    def counts(self) -> Mapping[Tick, int]:
        """How many cells there are of each kind."""
        return Counter(tick for town in self.towns for row in town.rows for tick in row.ticks)


def six(
    description: RegisterDescription,
    records: Iterable[Record],
    *,
    today: date,
    villages: Iterable[tuple[str, str]] = (),
    known: Mapping[str, Collection[str]] | None = None,
) -> Six:
    """Return who has what.

    Parameters
    ----------
    description, records
        The register `VILLAGES_SIX`; each of its fields in the table is one element. A record without a
        village, or of kind ``town``, is the town's own.
    villages : iterable of (town, village)
        All there are: one without an entry is unknown, not fine. A village's name may be empty, for the town itself.
    known : mapping of str to ids
        The records of other registers: a link to one that is not there is a gap. Links are believed without it.
    """
    elements = tuple(one for one in description.fields if one.in_table)
    own: dict[str, SixRow] = {}
    of_villages: dict[str, dict[str, SixRow]] = {}
    for record in records:
        ticks = tuple(tick(record.values.get(one.key), one, today, known) for one in elements)
        town = record.town or record.name
        if record.kind == TOWN or not record.village:
            own[town] = SixRow(town, "", ticks, record.id)
        else:
            of_villages.setdefault(town, {})[record.village] = SixRow(town, record.village, ticks, record.id)
    nothing = (Tick.UNKNOWN,) * len(elements)
    for town, village in villages:
        if village:
            of_villages.setdefault(town, {}).setdefault(village, SixRow(town, village, nothing))
        else:
            own.setdefault(town, SixRow(town, "", nothing))
    towns = [
        TownSix(town, own.get(town), tuple(of_villages.get(town, {}).values()))
        for town in dict.fromkeys((*own, *of_villages))
    ]
    towns.sort(key=lambda one: -sum(tick is not Tick.THERE for row in one.rows for tick in row.ticks))
    return Six(elements, tuple(towns))


def tick(
    value: Value, description: FieldDescription, today: date, known: Mapping[str, Collection[str]] | None = None
) -> Tick:
    """Return whether one field of one place is there."""
    if not value:
        return Tick.GAP
    if description.type is FieldType.DATE and description.due_days is not None:
        try:
            age = (today - date.fromisoformat(str(value)[:10])).days
        except ValueError:
            return Tick.GAP
        return Tick.OVERDUE if age > description.due_days else Tick.THERE
    if description.type is FieldType.LINK and known is not None and description.to in known:
        ids = value if isinstance(value, list) else [value]
        return Tick.THERE if any(str(one) in known[description.to] for one in ids) else Tick.GAP
    return Tick.THERE


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A register, or one kind of it, against the plan: ``per`` of them for each ``unit``, of which there are ``base``.

    ``wanted`` is rounded up. ``short`` names the towns or villages that have fewer than ``per`` of their own, and
    ``missing`` is what they lack; for other units it is what the whole county lacks. ``base`` is NaN where
    nobody knows how much there is, and so are ``wanted`` and ``missing``.
    """

    register: str
    title: Words
    kind: Words | None
    unit: str
    per: float
    base: float
    present: int
    wanted: float
    missing: float
    short: tuple[str, ...] = ()


def plan_lines(
    descriptions: Iterable[RegisterDescription],
    records: Mapping[str, Iterable[Record]],
    bases: Mapping[str, float],
    *,
    villages: Iterable[tuple[str, str]] = (),
) -> tuple[PlanLine, ...]:
    """Return every number of the plan with what is there, in the order of the registers.

    Parameters
    ----------
    descriptions
        ``plan_per`` names what there should be, by ``unit`` or ``kind.unit``.
    records : mapping of str to records
        By register.
    bases : mapping of str to float
        How much there is of each unit, such as 20 of ``town`` or 3.4 of ``road_100km``.
    villages : iterable of (town, village)
        All there are, for who is short. A village's name may be empty, for a town.
    """
    pairs = tuple(villages)
    towns = tuple((town, "") for town in dict.fromkeys(town for town, _ in pairs))
    places = {TOWN: towns, VILLAGE: tuple(pair for pair in pairs if pair[1])}
    lines = []
    for one in descriptions:
        its = tuple(records.get(one.name, ()))
        for key, per in one.plan_per.items():
            kind, _, unit = key.rpartition(".")
            counted = [record for record in its if not kind or record.kind == kind]
            base = bases.get(unit, math.nan)
            wanted = math.ceil(per * base - 1e-9) if math.isfinite(base) else math.nan
            missing = math.nan if math.isnan(wanted) else max(0.0, wanted - len(counted))
            short: tuple[str, ...] = ()
            if per >= 1 and places.get(unit):
                lacking = _lacking(counted, per, places[unit])
                missing, short = sum(lacking.values()), tuple(lacking)
            choice = one.kind(kind) if kind else None
            title = choice.title if choice is not None else None
            lines.append(PlanLine(one.name, one.title, title, unit, per, base, len(counted), wanted, missing, short))
    return tuple(lines)


def _lacking(records: list[Record], per: float, places: tuple[tuple[str, str], ...]) -> dict[str, float]:
    """Return how many each place has too few, by its name."""
    by_village = Counter((record.town, record.village) for record in records)
    by_town = Counter(record.town for record in records)
    out = {}
    for town, village in places:
        count = by_village[town, village] if village else by_town[town]
        if count < per:
            out[f"{town}{village}"] = math.ceil(per) - count
    return {name: float(lack) for name, lack in out.items()}
