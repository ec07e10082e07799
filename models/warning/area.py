"""Which ground a warning speaks of: towns into polygons, and points into towns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from models.errors import DataError
from models.geodesy import untangled
from models.hazard.level import Level
from models.hazard.register import HazardPoint, Place
from models.warning.warning import TownLevel, WeatherWarning

MOST_VERTICES = 300
"""Vertices of one level's outlines; CAP readers want a few hundred at most."""

_GRID_DEG = 1e-5
_SMALLEST_HOLE = 0.002
_FIRST_TOLERANCE_DEG = 5e-5


@dataclass(frozen=True, slots=True, eq=False)
class WarnedArea:
    """The area of one level.

    ``rings`` are closed outlines without holes, each (vertices, 2) lon, lat in
    degrees rounded to five decimals; together they are the towns' area.
    """

    level: Level
    towns: tuple[TownLevel, ...]
    rings: tuple[np.ndarray[tuple[int, int], np.dtype[np.float64]], ...]


def areas_of(warning: WeatherWarning, places: Iterable[Place]) -> tuple[WarnedArea, ...]:
    """Return the area of each level, the worst first.

    Raises
    ------
    DataError
        ``area.unknown_town`` if a town of the warning is not among the places.
    """
    by_code = {p.code: p for p in places}
    out = []
    for level in warning.levels:
        towns = warning.towns_at(level)
        for town in towns:
            if town.code not in by_code:
                raise DataError("area.unknown_town", town=town.name, town_code=town.code)
        out.append(WarnedArea(level, towns, outlines([by_code[t.code] for t in towns])))
    return tuple(out)


def outlines(places: Sequence[Place]) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.float64]], ...]:
    """Return the closed outlines of places taken together, simplified, valid, without holes."""
    shapes = [untangled(shapely.from_wkb(p.wkb)) for p in places if p.wkb]
    whole = shapely.union_all(shapes) if shapes else Polygon()
    tolerance = 0.0
    while True:
        parts = list(_without_holes(_coarser(whole, tolerance)))
        if sum(len(p.exterior.coords) for p in parts) <= MOST_VERTICES or tolerance > 1:
            break
        tolerance = tolerance * 1.6 or _FIRST_TOLERANCE_DEG
    parts.sort(key=lambda p: -p.area)
    return tuple(np.round(np.asarray(p.exterior.coords, float), 5) for p in parts)


class TownFinder:
    """Finds the town a point lies in; the county where there are no towns."""

    def __init__(self, places: Iterable[Place]) -> None:
        known = tuple(places)
        towns = tuple(p for p in known if p.kind == "town")
        self._towns = towns or tuple(p for p in known if p.kind == "county")
        self._by_word = {w: p for p in self._towns for w in (p.code, p.name)}
        self._shapes = [shapely.from_wkb(p.wkb) if p.wkb else Polygon() for p in self._towns]
        self._tree = shapely.STRtree(self._shapes)

    @property
    def towns(self) -> tuple[Place, ...]:
        """The places a warning can name: the towns, or the county."""
        return self._towns

    def find(self, town: str, lon_deg: float, lat_deg: float) -> Place | None:
        """Return the town by its name or code if the register knows it, else by where the point lies."""
        named = self._by_word.get(town.strip()) if town.strip() else None
        return named or self.at(lon_deg, lat_deg)

    def find_all(self, points: Sequence[HazardPoint]) -> list[Place | None]:
        """Return the town of each point as `find` does."""
        words = {point.town: point.town.strip() for point in points}
        named = {said: self._by_word.get(word) if word else None for said, word in words.items()}
        found = [named[point.town] for point in points]
        lost = [n for n, town in enumerate(found) if town is None]
        if lost:
            places = shapely.points([(points[n].lon_deg, points[n].lat_deg) for n in lost])
            which, towns = self._tree.query(places, predicate="intersects")
            for k in np.argsort(-towns, kind="stable").tolist():  # of several the first is written last, as in `at`
                found[lost[which[k]]] = self._towns[towns[k]]
        return found

    def bounds(self, code: str) -> tuple[float, float, float, float] | None:
        """Return west, south, east and north of a town in degrees; None for one that is unknown or has no outline."""
        shape = next((s for p, s in zip(self._towns, self._shapes, strict=True) if p.code == code), Polygon())
        if shape.is_empty:
            return None
        west, south, east, north = shape.bounds
        return west, south, east, north

    def at(self, lon_deg: float, lat_deg: float) -> Place | None:
        """Return the town that covers a place, None where none does."""
        hits = self._tree.query(Point(lon_deg, lat_deg), predicate="intersects")
        return self._towns[int(min(hits))] if len(hits) else None


def _coarser(shape: BaseGeometry, tolerance: float) -> BaseGeometry:
    """Simplify and lay on the grid of five decimals; the result is valid."""
    simple = shapely.simplify(shape, tolerance, preserve_topology=True) if tolerance else shape
    return shapely.set_precision(simple, _GRID_DEG)


def _polygons(shape: BaseGeometry) -> Iterator[Polygon]:
    if isinstance(shape, Polygon):
        if not shape.is_empty:
            yield shape
    elif hasattr(shape, "geoms"):
        for part in shape.geoms:
            yield from _polygons(part)


def _without_holes(shape: BaseGeometry) -> Iterator[Polygon]:
    """Yield polygons without holes: specks are filled, a real hole is cut open along its middle."""
    for polygon in _polygons(shape):
        holes = [Polygon(r) for r in polygon.interiors]
        real = [h for h in holes if h.area > _SMALLEST_HOLE * polygon.area]
        if not real:
            yield Polygon(polygon.exterior)
            continue
        x = real[0].representative_point().x
        x = round(x / _GRID_DEG) * _GRID_DEG
        west, south, east, north = polygon.bounds
        kept = Polygon(polygon.exterior, [h.exterior for h in real])
        for half in (box(west - 1, south - 1, x, north + 1), box(x, south - 1, east + 1, north + 1)):
            yield from _without_holes(shapely.set_precision(kept.intersection(half), _GRID_DEG))
