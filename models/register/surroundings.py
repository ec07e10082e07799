"""The ground that a register is held against: county, towns, villages, roads, waters, houses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from models.geodesy import FloatArray, to_plane


@dataclass(frozen=True)
class Areas:
    """Named areas of one rank, WGS 84; ``parents`` are the names of the towns that villages belong to."""

    names: tuple[str, ...]
    shapes: tuple[Any, ...]
    parents: tuple[str, ...] = ()

    def at(self, lon_deg: FloatArray, lat_deg: FloatArray) -> NDArray[np.intp]:
        """Return the area at each place, -1 outside of all and for NaN; the first one where they overlap."""
        out = np.full(len(lon_deg), -1, np.intp)
        valid = np.isfinite(lon_deg) & np.isfinite(lat_deg)
        if not self.names or not valid.any():
            return out
        places = np.flatnonzero(valid)
        found = self._tree.query(shapely.points(lon_deg[valid], lat_deg[valid]), predicate="intersects")
        order = np.argsort(-found[1], kind="stable")
        out[places[found[0][order]]] = found[1][order]
        return out

    @cached_property
    def _tree(self) -> Any:
        shapes = np.array(self.shapes, dtype=object)
        shapely.prepare(shapes)
        return shapely.STRtree(shapes)

    @cached_property
    def by_name(self) -> dict[str, tuple[int, ...]]:
        """The areas of each plain name."""
        out: dict[str, list[int]] = {}
        for n, name in enumerate(self.plain_names):
            out.setdefault(name, []).append(n)
        return {name: tuple(its) for name, its in out.items()}

    @cached_property
    def plain_names(self) -> tuple[str, ...]:
        """The plain name of each area."""
        return tuple(plain_place(name) for name in self.names)


_NO_AREAS = Areas((), ())


@dataclass(frozen=True)
class Surroundings:
    """What is known of the ground. What is None or empty is not known, and what needs it is not judged.

    ``roads`` and ``houses`` are shapes that points of a register lie near, ``waters`` shapes they do not lie in
    (rivers as lines count with 15 m at each side). All WGS 84.
    """

    county: Any = None
    towns: Areas = _NO_AREAS
    villages: Areas = _NO_AREAS
    roads: tuple[Any, ...] = ()
    houses: tuple[Any, ...] = ()
    waters: tuple[Any, ...] = ()
    _memory: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def center(self) -> tuple[float, float]:
        """Longitude and latitude in the middle of what is known."""
        if "center" not in self._memory:
            self._memory["center"] = self._found_center()
        middle: tuple[float, float] = self._memory["center"]
        return middle

    def _found_center(self) -> tuple[float, float]:
        known = [
            one for one in (self.county, *self.towns.shapes, *self.villages.shapes, *self.roads) if one is not None
        ]
        if not known:
            return 105.0, 35.0
        west, south, east, north = shapely.total_bounds(np.array(known[:5000], dtype=object))
        return float((west + east) / 2), float((south + north) / 2)

    def inside_county(self, lon_deg: FloatArray, lat_deg: FloatArray) -> NDArray[np.bool_]:
        """Return which places lie in the county or on its border; False for NaN and without a county."""
        if self.county is None:
            return np.zeros(len(lon_deg), bool)
        if "county" not in self._memory:
            shapely.prepare(self.county)
            self._memory["county"] = True
        return np.asarray(shapely.intersects_xy(self.county, lon_deg, lat_deg))

    def beyond_border_m(self, lon_deg: FloatArray, lat_deg: FloatArray) -> FloatArray:
        """Return how far places lie from the county's border in m, on the ground; NaN for NaN."""
        return self._distance("border", [shapely.boundary(self.county)], lon_deg, lat_deg)

    def road_or_house_m(self, lon_deg: FloatArray, lat_deg: FloatArray) -> FloatArray:
        """Return how far the nearest road or house is, in m; NaN for NaN and where none is known."""
        return self._distance("ways", [*self.roads, *self.houses], lon_deg, lat_deg)

    def in_water(self, lon_deg: FloatArray, lat_deg: FloatArray) -> NDArray[np.bool_]:
        """Return which places lie in a river or a lake."""
        return np.asarray(self._distance("waters", list(self.waters), lon_deg, lat_deg) <= _RIVER_HALF_M)

    def edge_m(self, rank: Areas, index: NDArray[np.intp], lon_deg: FloatArray, lat_deg: FloatArray) -> FloatArray:
        """Return how far each place lies from the border of the area of that index, in m."""
        borders, _ = self._borders(rank, index)
        east, north = to_plane(lon_deg, lat_deg, center=self.center)
        return np.asarray(shapely.distance(borders[index], shapely.points(east, north)), float)

    def near_edge(
        self, rank: Areas, index: NDArray[np.intp], lon_deg: FloatArray, lat_deg: FloatArray, reach_m: float
    ) -> NDArray[np.bool_]:
        """Return which places lie within so many meters of the border of the area of that index."""
        borders, bounds = self._borders(rank, index)
        east, north = to_plane(lon_deg, lat_deg, center=self.center)
        west, south, far_east, far_north = bounds[index].T
        aside = np.fmax(west - east, east - far_east), np.fmax(south - north, north - far_north)
        near = np.asarray((aside[0] <= reach_m) & (aside[1] <= reach_m))  # the box first: most borders lie far away
        near[near] = shapely.distance(borders[index[near]], shapely.points(east[near], north[near])) <= reach_m
        return near

    def _borders(self, rank: Areas, index: NDArray[np.intp]) -> tuple[Any, FloatArray]:
        """Return the borders of a rank in the plane and their boxes; those of ``index`` are made, once."""
        key = f"borders {id(rank)}"
        if key not in self._memory:
            count = len(rank.shapes)
            self._memory[key] = rank, np.full(count, None, object), np.full((count, 4), np.nan)
        _, borders, bounds = self._memory[key]  # the rank is kept, so that no other one gets its id
        new = np.array([n for n in np.unique(index) if borders[n] is None], np.intp)
        if new.size:
            made = self.in_plane(shapely.boundary(np.array([rank.shapes[n] for n in new], dtype=object)))
            borders[new], bounds[new] = made, shapely.bounds(made)
        return borders, bounds

    def _distance(self, key: str, shapes: Sequence[Any], lon_deg: FloatArray, lat_deg: FloatArray) -> FloatArray:
        out = np.full(len(lon_deg), np.nan)
        valid = np.isfinite(lon_deg) & np.isfinite(lat_deg) & (np.abs(lat_deg) < 90)
        if not shapes or not valid.any():
            return out
        if key not in self._memory:
            self._memory[key] = shapely.STRtree(self.in_plane(_pieces(shapes)))
        east, north = to_plane(lon_deg[valid], lat_deg[valid], center=self.center)
        found, far = self._memory[key].query_nearest(
            shapely.points(east, north), return_distance=True, all_matches=False
        )
        places = np.flatnonzero(valid)
        out[places[found[0]]] = far
        return out

    def in_plane(self, shapes: Any) -> Any:
        """Return shapes in meters from `center`."""

        def turn(xy: FloatArray) -> FloatArray:
            return np.column_stack(to_plane(xy[:, 0], xy[:, 1], center=self.center))

        return shapely.transform(shapes, turn)


_RIVER_HALF_M = 15.0


@lru_cache(maxsize=1 << 14)
def plain_place(name: str) -> str:
    """Return the name of a town or village without what kind of place it is and who sits there."""
    word = re.sub(r"\s+", "", name)
    word = re.sub(r"(村民委员会|居民委员会|村委会|居委会|委员会|村委|居委)$", "", word)
    word = re.sub(r"(街道办事处|街道办|人民政府|镇政府|乡政府)$", lambda end: {"街": "街道"}.get(end[0][0], ""), word)
    return re.sub(r"(行政村|社区村|社区|街道|村|镇|乡)$", "", word) or name


def _pieces(shapes: Sequence[Any]) -> Any:
    """Return long lines cut into short ones, so that a tree of boxes finds the nearest quickly."""
    lines = np.array(shapes, dtype=object)
    is_line = np.isin(shapely.get_type_id(lines), (1, 2, 5))
    rest = lines[~is_line]
    parts = shapely.get_parts(lines[is_line]) if is_line.any() else np.array([], dtype=object)
    out = [rest]
    for part in parts:
        xy = shapely.get_coordinates(part)
        cuts = [xy[n : n + 9] for n in range(0, max(1, len(xy) - 1), 8)]
        out.append(np.array([shapely.linestrings(cut) for cut in cuts if len(cut) > 1], dtype=object))
    return np.concatenate(out)
