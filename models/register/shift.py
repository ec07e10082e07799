"""Whether a whole file is shifted: its points held against villages, county, roads and houses, as read and converted."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from models.datum import Datum, convert, shift_m
from models.geodesy import FloatArray, to_plane
from models.register.entries import Entries
from models.register.surroundings import Surroundings, plain_place

CURVE_M = (0, 10, 20, 30, 50, 75, 100, 150, 200, 250, 300, 400, 500)
_MOST_ROWS = 4000
_ROWS_OF_SEARCH = 400
CERTAIN = 3.1
"""Normal deviate above which a gain is no chance: 1 in 1,000, one-sided."""
_REACH_M, _STEP_M, _FINE_M = 1500.0, 150.0, 30.0


@dataclass(frozen=True, slots=True)
class PositionFigures:
    """How well the rows fit the ground in one reading; NaN and 0 of 0 where that ground is not known.

    ``way_m`` is the middle distance to a road or a house, ``curve`` the part of rows (0 to 1) within each distance
    of `CURVE_M`, ``offset_m`` how far the rows would have to be moved to fit best, towards ``bearing_deg``.
    """

    rows: int
    way_m: float
    curve: tuple[float, ...]
    in_water: int
    village_named: int
    village_agrees: int
    inside_county: int
    offset_m: float = math.nan
    bearing_deg: float = math.nan


@dataclass(frozen=True, slots=True)
class PositionCheck:
    """The figures as read, and read in other datums; ``suspected`` is the one that fits better beyond chance.

    ``shift_m`` is how far the conversion to the suspected datum moves the rows in the middle, ``spread_m`` how much
    that differs between them.
    """

    as_read: PositionFigures
    converted: Mapping[Datum, PositionFigures] = field(default_factory=dict)
    suspected: Datum | None = None
    shift_m: float = math.nan
    spread_m: float = math.nan


@dataclass(frozen=True, slots=True)
class _Fit:
    """How each row fits: bool arrays, and meters."""

    named: NDArray[np.bool_]
    agrees: NDArray[np.bool_]
    inside: NDArray[np.bool_]
    way_m: FloatArray
    in_water: NDArray[np.bool_]

    def figures(self, offset: tuple[float, float] = (math.nan, math.nan)) -> PositionFigures:
        known = self.way_m[np.isfinite(self.way_m)]
        curve = tuple(float(np.mean(known <= meters)) for meters in CURVE_M) if known.size else ()
        return PositionFigures(
            rows=len(self.named),
            way_m=float(np.median(known)) if known.size else math.nan,
            curve=curve,
            in_water=int(self.in_water.sum()),
            village_named=int(self.named.sum()),
            village_agrees=int(self.agrees.sum()),
            inside_county=int(self.inside.sum()),
            offset_m=offset[0],
            bearing_deg=offset[1],
        )


def check_position(entries: Entries, around: Surroundings) -> PositionCheck | None:
    """Return how the rows fit the ground, as read and as if they were GCJ-02 or BD-09; None without places.

    Notes
    -----
    A datum is suspected where more rows come to lie in the village they name, in the county, or at half the
    distance to roads and houses, beyond chance (sign test, 1 in 1,000), and nothing speaks against it.
    """
    lon, lat = entries.lon_deg, entries.lat_deg
    rows = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 90))
    if rows.size < 5 or (around.county is None and not around.villages.names and not around.roads):
        return None
    if rows.size > _MOST_ROWS:
        rows = rows[np.linspace(0, rows.size - 1, _MOST_ROWS).astype(int)]
    names = entries.texts.get("village")
    villages = [plain_place(names[row]) if names is not None else "" for row in rows]
    read = lon[rows], lat[rows]
    before = _fit(around, villages, *read)
    fits = {datum: _fit(around, villages, *convert(*read, datum, Datum.WGS84)) for datum in (Datum.GCJ02, Datum.BD09)}
    weights = {datum: _evidence(before, after) for datum, after in fits.items()}
    best = max(weights, key=lambda datum: weights[datum])
    suspected = best if weights[best] >= CERTAIN else None
    offset = _offset(around, villages, *read)
    figures = {datum: after.figures() for datum, after in fits.items()}
    if suspected is None:
        return PositionCheck(before.figures(offset), figures)
    figures[suspected] = fits[suspected].figures(_offset(around, villages, *convert(*read, suspected, Datum.WGS84)))
    moved = np.hypot(*shift_m(*read, suspected, Datum.WGS84))
    return PositionCheck(before.figures(offset), figures, suspected, float(np.median(moved)), float(np.ptp(moved) / 2))


def _fit(around: Surroundings, villages: list[str], lon: FloatArray, lat: FloatArray) -> _Fit:
    named = np.array([name in around.villages.by_name for name in villages], bool)
    here = around.villages.at(lon, lat)
    plain = around.villages.plain_names
    agrees = np.array([n >= 0 and plain[n] == name for n, name in zip(here, villages, strict=True)], bool)
    return _Fit(
        named,
        agrees & named,
        around.inside_county(lon, lat),
        around.road_or_house_m(lon, lat),
        around.in_water(lon, lat) if around.waters else np.zeros(len(lon), bool),
    )


def _evidence(before: _Fit, after: _Fit) -> float:
    """Return how much better the rows fit after, as a normal deviate; below 0 where anything speaks against it."""
    village = gain_deviate(before.agrees, after.agrees)
    county = gain_deviate(before.inside, after.inside)
    way = 0.0
    known = np.isfinite(before.way_m) & np.isfinite(after.way_m) & (np.abs(before.way_m - after.way_m) > 5)
    if known.sum() >= 20:
        nearer = int((after.way_m[known] < before.way_m[known]).sum())
        way = sign_deviate(nearer, int(known.sum()) - nearer)
        if way > 0 and np.median(after.way_m[known]) > 0.5 * np.median(before.way_m[known]):
            way = 0.0  # a little nearer is what any shift along a valley brings
    parts = (village, county, way)
    return -1.0 if min(parts) < -2 else math.sqrt(sum(max(0.0, part) ** 2 for part in parts))


def gain_deviate(before: NDArray[np.bool_], after: NDArray[np.bool_]) -> float:
    """Return how far beyond chance more rows fit after than before, as a normal deviate."""
    return sign_deviate(int((after & ~before).sum()), int((before & ~after).sum()))


def sign_deviate(gained: int, lost: int) -> float:
    """Return the normal deviate of a sign test; 0 where nothing changed."""
    return (gained - lost) / math.sqrt(gained + lost) if gained + lost else 0.0


def _offset(around: Surroundings, villages: list[str], lon: FloatArray, lat: FloatArray) -> tuple[float, float]:
    """Return how far (m) and where to (degrees from north) the rows fit the villages they name best.

    The middle of all shifts of a raster that fit within half a percent of the best: good to some 50 m.
    """
    rank = around.villages
    rows = [n for n, name in enumerate(villages) if len(rank.by_name.get(name, ())) == 1]
    if len(rows) < 30:
        return math.nan, math.nan
    rows = [rows[int(n)] for n in np.linspace(0, len(rows) - 1, min(len(rows), _ROWS_OF_SEARCH))]
    east, north = to_plane(lon[rows], lat[rows], center=around.center)
    own = sorted({rank.by_name[villages[n]][0] for n in rows})
    shapes = around.in_plane(np.array([rank.shapes[n] for n in own], dtype=object))
    shapely.prepare(shapes)
    place = {n: k for k, n in enumerate(own)}
    areas = shapes[[place[rank.by_name[villages[n]][0]] for n in rows]]

    def best(middle: tuple[float, float], reach_m: float, step_m: float) -> tuple[float, float]:
        steps = np.arange(-reach_m, reach_m + step_m / 2, step_m)
        tries = [(middle[0] + x, middle[1] + y) for x in steps for y in steps]
        fits = np.array([np.count_nonzero(shapely.contains_xy(areas, east + x, north + y)) for x, y in tries])
        good = np.array(tries)[fits >= fits.max() - 0.005 * len(rows)]
        return float(good[:, 0].mean()), float(good[:, 1].mean())

    x, y = best(best((0.0, 0.0), _REACH_M, _STEP_M), _STEP_M, _FINE_M)
    return math.hypot(x, y), math.degrees(math.atan2(x, y)) % 360
