"""What an area adds up to: people and households at risk, points by level, units, shelters with places, km of road."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely

from models.geodesy import untangled
from models.hazard.level import Level
from models.hazard.register import Place
from models.register.ask import Answer, Inside, length_km
from models.register.description import HAZARD_POINTS

_UNITS, _SHELTERS = "key_units", "shelters"
_PEOPLE, _HOUSEHOLDS, _PLACES = "people_at_risk", "households", "capacity"


@dataclass(frozen=True, slots=True)
class Figure:
    """A sum over what is known; of ``unknown`` things nobody has entered it, so that the sum is at least so much."""

    total: float = 0.0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Totals:
    """What an area adds up to.

    ``people`` and ``households`` are those at risk at its hazard points: a person who lives in a zone, in a warning unit
    and in a grid cell is not counted three times. ``levels`` counts the points by level, the worst first.
    ``road_km`` is the geodesic length of the roads inside, km; NaN where the office has no roads.
    """

    points: int = 0
    levels: Mapping[Level, int] = field(default_factory=dict)
    people: Figure = field(default_factory=Figure)
    households: Figure = field(default_factory=Figure)
    units: int = 0
    shelters: int = 0
    shelter_places: Figure = field(default_factory=Figure)
    road_km: float = float("nan")


def totals(answer: Answer, area: bytes, levels: Mapping[str, Level], roads: tuple[Place, ...]) -> Totals:
    """Return what an answer adds up to.

    Parameters
    ----------
    answer : Answer
        What lies inside the area.
    area : bytes
        The (multi)polygon in WGS 84 as WKB.
    levels : mapping of str to Level
        The present level of each hazard point by its id; a point that is not in it is not judged.
    roads : tuple of Place
        The county's roads.
    """
    by_register = {one.register: one for one in answer.registers}
    points, shelters = by_register.get(HAZARD_POINTS), by_register.get(_SHELTERS)
    counts = Counter(
        levels.get(record.id, Level.NOT_JUDGED) for record in (points.records if points is not None else ())
    )
    units = by_register.get(_UNITS)
    return Totals(
        counts.total(),
        {level: counts[level] for level in sorted(counts, key=lambda level: level.rank, reverse=True)},
        _figure(points, _PEOPLE),
        _figure(points, _HOUSEHOLDS),
        len(units.records) if units is not None else 0,
        len(shelters.records) if shelters is not None else 0,
        _figure(shelters, _PLACES),
        _road_km(area, roads),
    )


def _figure(inside: Inside | None, key: str) -> Figure:
    return Figure() if inside is None else Figure(inside.sums.get(key, 0.0), inside.unknown.get(key, 0))


def _road_km(area: bytes, roads: tuple[Place, ...]) -> float:
    if not roads:
        return float("nan")
    shape = untangled(shapely.from_wkb(area))
    shapely.prepare(shape)
    lines = shapely.from_wkb([road.wkb for road in roads])
    touched = lines[shapely.intersects(shape, lines)]
    parts = shapely.intersection(shape, touched)
    return float(sum(length_km(part) for part in np.atleast_1d(parts)))
