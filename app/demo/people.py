"""People of the exercise: the desk's staff with their exercise PINs, and who answers for each place.

The PINs stand here and nowhere else in code; README shows them as exercise
PINs. All phone numbers begin with 000, the drill range of the office.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from app.demo.county import build_county
from app.demo.names import person_name
from app.demo.scene import SEED
from models.warning.warning import Person

FORECASTER = Person("zhou-lan", "周岚", "QL-0101", "000-0000-0001", frozenset({"forecaster"}))
SIGNER = Person("shen-zhiyuan", "沈知远", "QL-0102", "000-0000-0002", frozenset({"forecaster", "signer", "leader"}))
STAFF: tuple[Person, ...] = (
    FORECASTER,
    SIGNER,
    Person("lin-ruoxi", "林若溪", "QL-0103", "000-0000-0003", frozenset({"forecaster"})),
    Person("gao-zhengyang", "高正阳", "QL-0104", "000-0000-0004", frozenset({"forecaster", "signer"})),
)

# Exercise PINs, good for nothing but the demo office.
EXERCISE_PINS: dict[str, str] = {
    "zhou-lan": "180601",
    "shen-zhiyuan": "180602",
    "lin-ruoxi": "180603",
    "gao-zhengyang": "180604",
}

TOWN_ROLES = ("分管副镇长", "应急办主任", "值班员")
VILLAGE_ROLES = ("村主任", "网格员", "监测员")


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who answers for a place; ``village`` is empty for people of a town."""

    name: str
    role: str
    town: str
    village: str
    phone: str


@cache
def contacts() -> tuple[Contact, ...]:
    """Return three people of each town and of each village, each with a number of their own, 000-0000-0101 on."""
    rng = np.random.default_rng(SEED + 40)
    county = build_county()
    towns = {town.code: town.name for town in county.towns}
    posts = [
        (role if name.endswith("镇") else role.replace("镇长", "乡长"), name, "")
        for name in towns.values()
        for role in TOWN_ROLES
    ]
    posts += [
        (role.replace("村", "社区") if v.name.endswith("社区") else role, towns[v.parent], v.name)
        for v in county.villages
        for role in VILLAGE_ROLES
    ]
    return tuple(
        Contact(person_name(rng), role, town, village, f"000-0000-{101 + n:04d}")
        for n, (role, town, village) in enumerate(posts)
    )


@cache
def town_contacts() -> dict[str, tuple[Contact, ...]]:
    """Return the people of each town, by the town's name: who gets a warning first."""
    found: dict[str, list[Contact]] = {}
    for contact in contacts():
        if not contact.village:
            found.setdefault(contact.town, []).append(contact)
    return {town: tuple(people) for town, people in found.items()}


@cache
def village_contacts() -> dict[tuple[str, str], tuple[Contact, ...]]:
    """Return the people of each village, by the names of town and village."""
    found: dict[tuple[str, str], list[Contact]] = {}
    for contact in contacts():
        if contact.village:
            found.setdefault((contact.town, contact.village), []).append(contact)
    return {place: tuple(people) for place, people in found.items()}
