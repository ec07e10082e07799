"""Where the things of the exercise's registers stand: near a village's seat, inside its border."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import cache

import numpy as np
import shapely

from app.demo.county import DemoArea, build_county
from app.demo.people import Contact, village_contacts
from app.demo.scene import OPENING_AT, to_km, to_lonlat
from models.geodesy import FloatArray
from models.register.record import Record, Value

TODAY = (OPENING_AT + timedelta(hours=8)).date()
"""The day of the exercise in the office, 18 June 2026."""
_TRIES = 24


def days_ago(days: float) -> str:
    """Return a day so many days before `TODAY`, as registers keep it; negative ones are still to come."""
    return (TODAY - timedelta(days=int(days))).isoformat()


def phone(number: int) -> str:
    """Return a drill number by its last four figures."""
    return f"000-0000-{number:04d}"


def stem(village: DemoArea) -> str:
    """Return a village's name without what it is."""
    return village.name.removesuffix("村").removesuffix("社区")


@cache
def first_villages() -> tuple[DemoArea, ...]:
    """Return the village in which each town has its seat, in the order of towns."""
    first: dict[str, DemoArea] = {}
    for village in build_county().villages:
        first.setdefault(village.parent, village)
    return tuple(first.values())


@cache
def town_names() -> dict[str, str]:
    """Return the towns' names by code."""
    return {town.code: town.name for town in build_county().towns}


@cache
def villages_by_name() -> dict[str, DemoArea]:
    """Return all villages by name; no two share one."""
    return {village.name: village for village in build_county().villages}


@cache
def seats_km() -> FloatArray:
    """Return the seats of all villages in km from the middle, (villages, 2)."""
    villages = build_county().villages
    east, north = to_km([v.seat_lon_deg for v in villages], [v.seat_lat_deg for v in villages])
    return np.column_stack([east, north])


def places_km(records: Iterable[Record]) -> FloatArray:
    """Return where records stand, (2, records) of km east and north from the middle; NaN without a place."""
    lonlat = np.array([(r.lon_deg, r.lat_deg) for r in records], float).reshape(-1, 2)
    return np.stack(to_km(lonlat[:, 0], lonlat[:, 1]))


def near_seat(village: DemoArea, rng: np.random.Generator, least_km: float, most_km: float) -> tuple[float, float]:
    """Return ``(lon_deg, lat_deg)`` of a place that far from the seat and inside the village, else the seat."""
    far, turn = rng.uniform(least_km, most_km, _TRIES), rng.uniform(0, 2 * np.pi, _TRIES)
    east, north = to_km(village.seat_lon_deg, village.seat_lat_deg)
    lon, lat = to_lonlat(east + far * np.cos(turn), north + far * np.sin(turn))
    inside = np.flatnonzero(shapely.contains_xy(village.border, lon, lat))
    if not inside.size:
        return round(village.seat_lon_deg, 5), round(village.seat_lat_deg, 5)
    return round(float(lon[inside[0]]), 5), round(float(lat[inside[0]]), 5)


def placed(
    register: str,
    id_: str,
    name: str,
    kind: str,
    lonlat_deg: tuple[float, float],
    village: DemoArea,
    values: dict[str, Value],
    wkb: bytes = b"",
) -> Record:
    """Return the record of a thing that stands in a village; ``wkb`` is its shape where it has one."""
    town = town_names()[village.parent]
    return Record(register, id_, name, kind, *lonlat_deg, town, village.name, values, wkb=wkb)


def keeper(village: DemoArea, rng: np.random.Generator) -> Contact:
    """Return one of the three people of a village."""
    people = village_contacts()[town_names()[village.parent], village.name]
    return people[int(rng.integers(len(people)))]


def pick_villages(count: int, rng: np.random.Generator, *, rural: bool = False) -> list[DemoArea]:
    """Return so many villages, the populous ones more often, in the order of their codes."""
    some = [v for v in build_county().villages if not (rural and v.name.endswith("社区"))]
    weight = np.array([v.population for v in some], float) ** 0.5
    chosen = rng.choice(len(some), count, replace=False, p=weight / weight.sum())
    return [some[int(n)] for n in np.sort(chosen)]
