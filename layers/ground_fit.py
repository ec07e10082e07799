"""How well the things of a file fit the ground that the office knows: its villages, its named places, its lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.shape import Shape
from models import datum
from models.geodesy import FloatArray, to_lonlat, to_mercator
from models.register.shift import CERTAIN, gain_deviate, sign_deviate
from models.register.surroundings import Areas, Surroundings, plain_place

NamedPlaces = Mapping[str, tuple[tuple[float, float], ...]]
"""Where things of a name lie, WGS 84 degrees."""
_VERTICES = 3000
_REACH_M, _APART_M, _LEAST_VERTICES = 1500.0, 120.0, 20
_FAR_M = 5000.0
_LEAST_VILLAGES, _LEAST_NAMES, _SAME_PLACE_M = 5, 3, 60.0
_MOST_OF_A_NAME = 3
_TOWN_AHEAD = re.compile(r"^.{2,12}?(?:镇|乡|街道)(?=.{2,})")
_GROUP_BEHIND = re.compile(r"^(.{1,12}?(?:村|社区)).+$")


@dataclass(frozen=True, eq=False)
class KnownGround:
    """What readings of a file are held against; what is empty is not known and speaks for nothing.

    ``lines`` are borders and roads in map meters, ``waters`` rivers, ``villages`` their areas, ``named`` where the
    entries of the office's registers lie by name and by id.
    """

    lines: Shape | None = None
    waters: Shape | None = None
    villages: Areas = field(default_factory=lambda: Areas((), ()))
    roads: tuple[shapely.Geometry, ...] = ()
    named: NamedPlaces = field(default_factory=dict)


NOTHING_KNOWN = KnownGround()


@dataclass(frozen=True, slots=True)
class Fit:
    """How one reading fits, in figures; 0 of 0 and NaN where that is not known.

    Of the things that name a village ``village_agrees`` of ``village_named`` lie in it; ``named`` things have the name
    of an entry of the office's, and lie ``named_m`` from it in the middle; ``line_m`` is the middle distance to a known
    border or road, of points to a road.
    """

    village_named: int = 0
    village_agrees: int = 0
    named: int = 0
    named_m: float = float("nan")
    line_m: float = float("nan")


NO_FIT = Fit()


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """One reading row by row: bool (things,), and distances in m, NaN where not known."""

    agrees: NDArray[np.bool_]
    named_m: FloatArray
    line_m: FloatArray
    water_m: FloatArray


class GroundFit:
    """The things of a file held against the ground in several readings of their coordinates.

    Parameters
    ----------
    geometry : (n,) array of shapely geometries
        As they stand in the file.
    columns : mapping of str to sequence of str
        Their texts, n each.
    ground : KnownGround
        What is known.
    """

    def __init__(
        self, geometry: NDArray[np.object_], columns: Mapping[str, Sequence[str]], ground: KnownGround
    ) -> None:
        self._ground = ground
        self._spots = shapely.get_coordinates(shapely.point_on_surface(geometry)) if len(geometry) else np.zeros((0, 2))
        whole = len(self._spots) == len(geometry)
        columns = columns if whole else {}
        vertices = shapely.get_coordinates(geometry)
        self._vertices = vertices[:: max(1, len(vertices) // _VERTICES)]
        self._is_points = bool(np.isin(shapely.get_type_id(geometry), (0, 4)).all())
        self._villages = _best_column(columns, lambda text: _village(text, ground.villages), _LEAST_VILLAGES)
        named = [
            str(key) for key in _best_column(columns, lambda text: text if text in ground.named else "", _LEAST_NAMES)
        ]
        self._named = {row: ground.named[name] for row, name in enumerate(named) if name}
        self._around = Surroundings(roads=ground.roads)
        self._trees = tuple(
            _tree(shape) if shape is not None and len(shape.ids) and not self._is_points else None
            for shape in (ground.lines, ground.waters)
        )
        self._rows: dict[str, _Rows] = {}

    def figures(self, crs: str) -> Fit:
        """Return how one reading fits."""
        rows = self._read(crs)
        known = rows.named_m[np.isfinite(rows.named_m)]
        line_m = rows.line_m[rows.line_m < _FAR_M]
        if self._is_points and (self._named or self._villages):
            line_m = line_m[:0]  # how far points lie from roads is a figure for want of a better one
        return Fit(
            sum(map(bool, self._villages)),
            int(rows.agrees.sum()),
            len(known),
            float(np.median(known)) if len(known) else float("nan"),
            float(np.median(line_m)) if len(line_m) else float("nan"),
        )

    def best_of(self, readings: Iterable[str]) -> str:
        """Return the reading that fits better than every other beyond chance; empty if none does."""
        listed = tuple(readings)
        for one in listed if len(listed) > 1 else ():
            if all(self._evidence(other, one) >= CERTAIN for other in listed if other != one):
                return one
        return ""

    def _evidence(self, before: str, after: str) -> float:
        """Return how much better the rows fit after, as a normal deviate; below 0 where anything speaks against it."""
        old, new = self._read(before), self._read(after)
        compare = _by_way if self._is_points else _by_line
        ways, waters = compare(old.line_m, new.line_m), compare(old.water_m, new.water_m)
        parts = (gain_deviate(old.agrees, new.agrees), _by_name(old.named_m, new.named_m), ways, waters)
        return -1.0 if min(parts) < -2 else float(np.sqrt(sum(max(0.0, part) ** 2 for part in parts)))

    def _read(self, crs: str) -> _Rows:
        if crs not in self._rows:
            lon, lat = datum.to_wgs84(self._spots[:, 0], self._spots[:, 1], crs)
            here = self._ground.villages.at(lon, lat)
            plain = [plain_place(name) for name in self._ground.villages.names]
            wanted = self._villages or [""] * len(lon)
            agrees = [bool(name) and n >= 0 and plain[n] == name for n, name in zip(here, wanted, strict=True)]
            self._rows[crs] = _Rows(np.array(agrees, bool), self._to_names(lon, lat), *self._to_lines(crs, lon, lat))
        return self._rows[crs]

    def _to_names(self, lon: FloatArray, lat: FloatArray) -> FloatArray:
        out = np.full(len(lon), np.nan)
        for row, places in self._named.items():
            east, north = (np.array(places) - (lon[row], lat[row])).T * 111_195.0
            out[row] = np.min(np.hypot(east * np.cos(np.radians(lat[row])), north))
        return out

    def _to_lines(self, crs: str, lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
        if self._is_points:
            return np.minimum(self._around.road_or_house_m(lon, lat), _FAR_M), np.full(len(lon), np.nan)
        lon, lat = datum.to_wgs84(self._vertices[:, 0], self._vertices[:, 1], crs)
        ways, waters = (_distances(tree, lon, lat) for tree in self._trees)
        return ways, waters


def focus_of(lonlat: FloatArray, lines: Shape | None) -> tuple[float, float]:
    """Return a place in degrees in the midst of a file's vertices (n, 2) where known lines are dense too.

    Of all squares of some kilometers it is the one with most of both; without known lines the one with most vertices.
    """
    good = lonlat[np.isfinite(lonlat).all(axis=1)]
    if not len(good):
        return 0.0, 0.0
    xy = np.column_stack(to_mercator(good[:, 0], good[:, 1]))
    here = np.floor(xy / _FOCUS_M).astype(np.int64)
    cells, which, many = np.unique(here, axis=0, return_inverse=True, return_counts=True)
    score = np.sqrt(np.minimum(many, _ENOUGH))
    if lines is not None and len(lines.ids):
        there, vertices = np.unique(np.floor(lines.xy / _FOCUS_M).astype(np.int64), axis=0, return_counts=True)
        known = {(int(x), int(y)): int(n) for (x, y), n in zip(there, vertices, strict=True)}
        dense = np.array([known.get((int(x), int(y)), 0) for x, y in cells], float)
        score = score * np.sqrt(1.0 + np.minimum(dense, 8.0 * _ENOUGH))
    x, y = np.median(xy[which.ravel() == int(np.argmax(score))], axis=0)
    lon, lat = to_lonlat(np.array([x]), np.array([y]))
    return float(lon[0]), float(lat[0])


_FOCUS_M, _ENOUGH = 6000.0, 30


def named_places(entries: Iterable[tuple[str, str, float, float]]) -> NamedPlaces:
    """Return where entries lie by their id and by their name; what many entries share tells nothing and is left out.

    ``entries`` are (id, name, longitude, latitude).
    """
    found: dict[str, list[tuple[float, float]]] = {}
    for id_, name, lon_deg, lat_deg in entries:
        for key in {id_, name} - {""}:
            found.setdefault(key, []).append((lon_deg, lat_deg))
    return {key: tuple(places) for key, places in found.items() if len(places) <= _MOST_OF_A_NAME}


def _best_column(columns: Mapping[str, Sequence[str]], read: Callable[[str], str], least: int) -> list[str]:
    """Return what the column reads as in which most texts say something; nothing if they are fewer than ``least``."""
    best: list[str] = []
    for texts in columns.values():
        known = {text: read(text) for text in set(texts)}
        found = [known[text] for text in texts]
        if sum(map(bool, found)) > sum(map(bool, best)):
            best = found
    return best if sum(map(bool, best)) >= least else []


def _village(text: str, villages: Areas) -> str:
    """Return the plain name of the village that a text names, with its town ahead and a group behind or without."""
    word = text.strip()
    if not word or len(word) > 40 or not villages.names:
        return ""
    tries = [word, _TOWN_AHEAD.sub("", word)]
    tries += [found[1] for one in tries if (found := _GROUP_BEHIND.match(one))]
    return next((plain for one in tries if (plain := plain_place(one)) in villages.by_name), "")


def _by_name(before: FloatArray, after: FloatArray) -> float:
    """Return how much nearer things come to the office's entries of their names, as a normal deviate."""
    known = np.isfinite(before) & np.isfinite(after) & (np.abs(before - after) > 5)
    if known.sum() < _LEAST_NAMES:
        return 0.0
    nearer = int((after[known] < before[known]).sum())
    first, then = float(np.median(before[known])), float(np.median(after[known]))
    if min(first, then) > 0.5 * max(first, then) or abs(first - then) < _APART_M:
        return 0.0
    deviate = sign_deviate(nearer, int(known.sum()) - nearer)
    plain = min(first, then) < _SAME_PLACE_M and nearer in {0, int(known.sum())}
    return max(deviate, CERTAIN) if plain and deviate > 0 else min(deviate, -CERTAIN) if plain else deviate


def _by_way(before: FloatArray, after: FloatArray) -> float:
    """Return how much nearer points come to roads, as a normal deviate; 0 for less than half as far."""
    known = np.isfinite(before) & np.isfinite(after) & (np.abs(before - after) > 5)
    if known.sum() < _LEAST_VERTICES:
        return 0.0
    nearer = int((after[known] < before[known]).sum())
    less, more = sorted((float(np.median(before[known])), float(np.median(after[known]))))
    # A little nearer is what any shift along a valley brings.
    return sign_deviate(nearer, int(known.sum()) - nearer) if less < 0.5 * more else 0.0


def _by_line(before: FloatArray, after: FloatArray) -> float:
    """Return 4 where vertices come to lie plainly nearer to known lines, -4 where farther, else 0.

    Vertices of one line do not speak independently: how many come nearer is no measure.
    """
    near = np.fmin(before, after) < _REACH_M
    if near.sum() < _LEAST_VERTICES:
        return 0.0
    first, then = float(np.median(before[near])), float(np.median(after[near]))
    if abs(first - then) < _APART_M or min(first, then) > 0.5 * max(first, then):
        return 0.0
    return 4.0 if then < first else -4.0


def _distances(tree: shapely.STRtree | None, lon: FloatArray, lat: FloatArray) -> FloatArray:
    """Return how far vertices lie from known lines, m on the ground, `_FAR_M` at most; NaN where none are known."""
    if tree is None:
        return np.full(len(lon), np.nan)
    good = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lat) < 85)
    out = np.full(len(lon), _FAR_M)
    x, y = to_mercator(lon[good], lat[good])
    _, far = tree.query_nearest(shapely.points(x, y), return_distance=True, all_matches=False)
    out[good] = np.minimum(far * np.cos(np.radians(lat[good])), _FAR_M)
    return out


def _tree(known: Shape) -> shapely.STRtree:
    """Return the known lines piece by piece: a short piece is found sooner than a long line."""
    inside = np.ones(max(0, len(known.xy) - 1), bool)
    inside[known.starts[1:-1] - 1] = False
    ends = np.stack([known.xy[:-1], known.xy[1:]], axis=1)[inside]
    return shapely.STRtree(shapely.linestrings(ends))
