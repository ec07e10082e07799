"""What the rows of a register are held against besides themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from models.register.surroundings import Surroundings

NO_DAY = date.max
"""No day is known: nothing lies in the future."""


@dataclass(frozen=True)
class Ground:
    """The places around, the day, the people list and what other registers hold.

    ``numbers`` are by (name, village), and by (name, empty) where unique. ``ids`` has for each register the id behind
    each id and each name that only one entry has; ``standing`` has id, longitude and latitude of each name, ``known``
    name, longitude and latitude (NaN without a place) of each id.
    """

    surroundings: Surroundings = field(default_factory=Surroundings)
    today: date = NO_DAY
    numbers: Mapping[tuple[str, str], str] = field(default_factory=dict)
    ids: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    known: Mapping[str, Mapping[str, tuple[str, float, float]]] = field(default_factory=dict)
    standing: Mapping[str, Mapping[str, tuple[tuple[str, float, float], ...]]] = field(default_factory=dict)

    def number_of(self, person: str, village: str) -> str:
        """Return the number of a person, of that village first; empty if the people list does not know it."""
        return self.numbers.get((person, village)) or self.numbers.get((person, "")) or ""
