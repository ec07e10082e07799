"""Check: a row without the person that nearly all others have; one number for two people, two for one."""

from __future__ import annotations

import re
from collections import defaultdict

from models.register.checks.ground import Ground
from models.register.checks.phones import impossible_rows
from models.register.entries import Entries
from models.register.finding import Fact, Finding
from models.register.values import without_decimal

KINDS: tuple[str, ...] = ("person_missing", "person_doubled")
_LEAST_ROWS = 5
_USUAL = 0.8


def find(entries: Entries, ground: Ground) -> list[Finding]:
    """Return rows whose responsible person is missing or doubled."""
    names = entries.texts.get("person")
    if names is None:
        return []
    numbers = entries.texts.get("phone", [""] * entries.count)
    undialed = impossible_rows(entries, "phone") if "phone" in entries.texts else frozenset()
    found: list[Finding] = []
    if entries.count >= _LEAST_ROWS and sum(map(bool, names)) >= _USUAL * entries.count:
        for row, name in enumerate(names):
            if not name:
                code = "no_person_but_phone" if numbers[row] else "no_person"
                found.append(
                    Finding("person_missing", entries.line(row), "person", code, {}, numbers[row], refuses=False)
                )
    if "phone" in entries.texts:
        found += [
            Finding("person_missing", entries.line(row), "phone", "no_phone", {"person": name}, refuses=False)
            for row, name in enumerate(names)
            if name and not numbers[row]
        ]
        found += _doubled(
            entries, ground, names, ["" if n in undialed else without_decimal(text) for n, text in enumerate(numbers)]
        )
    return found


def missing(entries: Entries, ground: Ground) -> str:
    """Nothing is needed besides the rows."""
    del entries, ground
    return ""


def _doubled(entries: Entries, ground: Ground, names: list[str], numbers: list[str]) -> list[Finding]:
    """Return rows in which a number has another name than before, or a person of one village another number."""
    digits = [re.sub(r"\D", "", number) for number in numbers]
    by_number: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    by_person: dict[tuple[str, str, str], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row, (name, number) in enumerate(zip(names, digits, strict=True)):
        if name and len(number) >= 5:
            by_number[number][name].append(row)
            if village := entries.text("village", row):
                by_person[name, entries.text("town", row), village][number].append(row)
    listed = {
        row for row, name in enumerate(names) if name and numbers[row] and digits[row] == _listed(entries, ground, row)
    }
    found: list[Finding] = []
    for people in by_number.values():
        for row, other in _rarer(people, listed):
            facts: dict[str, Fact] = {"person": names[other], "line": entries.line(other), "value": names[row]}
            found.append(
                Finding("person_doubled", entries.line(row), "person", "number_of_two", facts,
                        f"{names[row]} {numbers[row]}", refuses=False)
            )  # fmt: skip
    for (name, _, _), of_person in by_person.items():
        for row, other in _rarer(of_person, listed):
            facts = {"person": name, "line": entries.line(other), "value": numbers[other]}
            found.append(
                Finding("person_doubled", entries.line(row), "phone", "two_numbers", facts,
                        f"{name} {numbers[row]}", refuses=False)
            )  # fmt: skip
    return found


def _listed(entries: Entries, ground: Ground, row: int) -> str:
    """Return the digits that the people list has for the person of a row."""
    return re.sub(r"\D", "", ground.number_of(entries.text("person", row), entries.text("village", row)))


def _rarer(groups: dict[str, list[int]], listed: set[int]) -> list[tuple[int, int]]:
    """Return each row of all groups but the one that holds, with a row of that one.

    It holds where the people list says the same; else the largest does, the first of equal ones.
    """
    if len(groups) < 2:
        return []
    holds = max(groups.values(), key=lambda rows: (any(row in listed for row in rows), len(rows), -rows[0]))
    return [(row, holds[0]) for rows in groups.values() if rows is not holds for row in rows if row not in listed]
