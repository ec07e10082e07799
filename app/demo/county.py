"""The fictional county of the exercise: its outline, 21 towns and 381 villages.

Villages are grown over the ground from their seats, so that borders follow
ridges and rivers; a town is the union of its villages and the county that of
its towns, and all share their vertices.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Polygon, mapping

from app.demo.names import NAMED_VILLAGES, TOWNS, village_names
from app.demo.noise import Noise
from app.demo.outlines import areas_of_labels, wander
from app.demo.scene import COUNTY_CODE, COUNTY_NAME, HALF_HEIGHT_KM, HALF_WIDTH_KM, SEED, to_lonlat
from app.demo.terrain import build_terrain
from app.demo.ways import grow
from models.geodesy import FloatArray

VILLAGES = 381

# A free-hand outline in km from the middle, clockwise from the north.
_SKETCH = (
    (-14.0, 21.2), (-11.4, 17.8), (-8.6, 18.4), (-5.6, 17.4), (-4.9, 20.4), (-2.6, 21.0), (-0.6, 23.8), (2.2, 24.2), (5.0, 23.2),
    (8.4, 21.9), (8.0, 19.4), (10.2, 16.6), (13.4, 17.4), (18.8, 17.4), (23.0, 16.0), (24.6, 11.0), (22.4, 8.6), (23.2, 5.4),
    (25.4, 2.0), (25.8, -2.4), (24.2, -4.6), (28.4, -7.2), (28.6, -10.2), (26.4, -12.6), (25.0, -15.4), (22.8, -18.0), (19.0, -20.4),
    (15.8, -20.6), (13.2, -18.0), (11.4, -17.6), (10.8, -19.2), (7.4, -21.8), (3.6, -22.4), (1.2, -22.0), (-1.0, -19.8),
    (-2.4, -22.8), (-6.0, -22.4), (-8.4, -21.6), (-10.0, -22.8), (-12.0, -20.6), (-14.4, -19.4), (-16.0, -16.6), (-17.6, -12.4),
    (-20.8, -8.2), (-23.0, -8.0), (-25.0, -6.6), (-25.2, -3.6), (-26.0, -0.8), (-27.6, 2.2), (-26.8, 4.4), (-27.6, 6.6),
    (-28.6, 11.4), (-26.8, 14.2), (-24.0, 15.2), (-21.0, 16.4), (-18.8, 15.4), (-16.4, 17.2), (-14.8, 19.6),
)  # fmt: skip
_CELL_KM = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class DemoArea:
    """A town or village: its border in WGS 84 degrees, its seat and how many live there."""

    code: str
    name: str
    parent: str
    border: Polygon | MultiPolygon
    seat_lon_deg: float
    seat_lat_deg: float
    population: int


@dataclass(frozen=True, slots=True, eq=False)
class County:
    """The county: ``border`` in WGS 84 degrees, towns and villages in the order of their codes."""

    border: Polygon | MultiPolygon
    towns: tuple[DemoArea, ...]
    villages: tuple[DemoArea, ...]

    @property
    def population(self) -> int:
        return sum(town.population for town in self.towns)

    def town(self, name: str) -> DemoArea:
        """Return a town by its name; KeyError if there is none."""
        for town in self.towns:
            if town.name == name:
                return town
        raise KeyError(name)


@cache
def build_county() -> County:
    """Return the county; the same for every call, about 1 s after the terrain."""
    rng = np.random.default_rng(SEED + 10)
    east, north, cost, low = _ground()
    inside = _inside(east, north)
    seats = _town_seats(east, north, low, inside)
    towns = grow(cost, inside, seats, [0.0 if name == "城关镇" else 2.5 for name, *_ in TOWNS])
    inside = towns >= 0
    counts = _village_counts(towns, rng)
    labels = np.full(towns.shape, -1, np.int32)
    owners: list[int] = []
    village_seats: list[tuple[int, int]] = []
    for town, count in enumerate(counts):
        spots = _village_spots(towns == town, seats[town], low, count, rng)
        grown = grow(cost, towns == town, spots)
        labels[grown >= 0] = grown[grown >= 0] + len(owners)
        owners += [town] * count
        village_seats += spots
    return _assemble(labels, owners, village_seats, seats, east, north, rng)


def write_geojson(folder: Path) -> tuple[Path, Path]:
    """Write ``county.geojson`` and ``towns.geojson`` as an office hands them in; return both paths."""
    county = build_county()
    whole = [(COUNTY_CODE, COUNTY_NAME, "", county.population, county.border)]
    towns = [(t.code, t.name, t.parent, t.population, t.border) for t in county.towns]
    paths = folder / "county.geojson", folder / "towns.geojson"
    for path, rows in zip(paths, (whole, towns), strict=True):
        features = [
            {
                "type": "Feature",
                "properties": {"code": code, "name": name, "parent": parent, "population": people},
                "geometry": mapping(border),
            }
            for code, name, parent, people, border in rows
        ]
        text = json.dumps({"type": "FeatureCollection", "name": path.stem, "features": features}, ensure_ascii=False)
        path.write_text(text, encoding="utf-8")
    return paths


def _ground() -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return cell centers in km, what a step costs (ridges and big rivers part people), and heights."""
    terrain = build_terrain()
    x = np.arange(-HALF_WIDTH_KM + _CELL_KM / 2, HALF_WIDTH_KM, _CELL_KM)
    y = np.arange(HALF_HEIGHT_KM - _CELL_KM / 2, -HALF_HEIGHT_KM, -_CELL_KM)
    east, north = np.meshgrid(x, y)
    height = terrain.height_at(east, north)
    down, right = np.gradient(height, _CELL_KM * 1000)
    rough = Noise.from_seed(SEED + 11, cells=512, cell_km=_CELL_KM, longest_km=5.0, slope=0.75).at(east, north)
    near = (height - _wide_mean(height, 9)) / 90.0
    cost = (1.0 + 5.0 * np.hypot(down, right) + np.clip(near, 0, 3)) * np.exp(0.35 * rough)
    return east, north, cost, height


def _wide_mean(field: FloatArray, reach: int) -> FloatArray:
    """Return the mean over a square of ``2 * reach + 1`` cells, edges held on."""
    out = field
    for axis in (0, 1):
        wide = np.pad(out, [(reach + 1, reach) if a == axis else (0, 0) for a in (0, 1)], mode="edge").cumsum(axis)
        size = out.shape[axis]
        out = (wide.take(range(2 * reach + 1, size + 2 * reach + 1), axis) - wide.take(range(size), axis)) / (
            2 * reach + 1
        )
    return np.asarray(out, np.float64)


def _inside(east: FloatArray, north: FloatArray) -> NDArray[np.bool_]:
    bend = Noise.from_seed(SEED + 12, cells=1024, cell_km=0.125, longest_km=14.0, slope=0.95)
    x = east + 0.85 * bend.at(east, north)
    y = north + 0.85 * bend.at(north + 50, east + 20)
    within = np.asarray(shapely.contains_xy(Polygon(_SKETCH), x, y))
    middle = (int(np.argmin(np.abs(north[:, 0]))), int(np.argmin(np.abs(east[0]))))
    return _filled(_hanging_together(within, middle))


def _filled(within: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Close holes: what the edge of the map cannot reach belongs to the county."""
    return ~_hanging_together(~within, (0, 0))


def _hanging_together(within: NDArray[np.bool_], cell: tuple[int, int]) -> NDArray[np.bool_]:
    """Return what can be reached from a cell by steps to the four neighbors."""
    _, part = cv2.connectedComponents(within.astype(np.uint8), connectivity=4)
    return np.asarray(part == part[cell])


def _town_seats(
    east: FloatArray, north: FloatArray, low: FloatArray, inside: NDArray[np.bool_]
) -> list[tuple[int, int]]:
    """Seats stand in the lowest cell near where they are wanted."""
    seats = []
    for _, x, y in TOWNS:
        far = np.hypot(east - x, north - y)
        near = inside & (far < 1.6)
        index = int(np.argmin(np.where(near, low + 30 * far, np.inf)))
        seats.append((index // low.shape[1], index % low.shape[1]))
    return seats


def _village_counts(towns: NDArray[np.int32], rng: np.random.Generator) -> list[int]:
    size = np.bincount(towns[towns >= 0], minlength=len(TOWNS)).astype(float)
    share = size**0.75 * rng.uniform(0.85, 1.2, len(TOWNS))
    share[0] *= 1.35
    exact = share / share.sum() * VILLAGES
    counts = np.floor(exact).astype(int)
    for town in np.argsort(counts - exact)[: VILLAGES - counts.sum()]:
        counts[town] += 1
    return [int(n) for n in counts]


def _village_spots(
    town: NDArray[np.bool_], seat: tuple[int, int], low: FloatArray, count: int, rng: np.random.Generator
) -> list[tuple[int, int]]:
    """Return seats of villages: the town's own first, then always a low place far from the others."""
    cells = np.argwhere(town)
    depth = low[town] - np.median(low[town])
    appeal = rng.uniform(0.55, 1.0, len(cells)) * np.exp(-np.clip(depth, -60, 240) / 500)
    spots = [seat]
    nearest = np.hypot(*(cells - seat).T)
    while len(spots) < count:
        pick = int(np.argmax(nearest * appeal))
        spots.append((int(cells[pick, 0]), int(cells[pick, 1])))
        nearest = np.minimum(nearest, np.hypot(*(cells - cells[pick]).T))
    return spots


def _assemble(
    labels: NDArray[np.int32],
    owners: list[int],
    village_seats: list[tuple[int, int]],
    seats: list[tuple[int, int]],
    east: FloatArray,
    north: FloatArray,
    rng: np.random.Generator,
) -> County:
    areas = areas_of_labels(labels, -HALF_WIDTH_KM, HALF_HEIGHT_KM, _CELL_KM)
    taken = {name for names in NAMED_VILLAGES.values() for name in names} | {f"{name[:-1]}村" for name, *_ in TOWNS}
    villages: list[DemoArea] = []
    towns: list[DemoArea] = []
    for town, (name, *_) in enumerate(TOWNS):
        code = _town_code(town)
        mine = sorted(
            (n for n, owner in enumerate(owners) if owner == town),
            key=lambda n: (np.hypot(village_seats[n][0] - seats[town][0], village_seats[n][1] - seats[town][1]), n),
        )
        names = village_names(name, len(mine), taken, rng)
        for k, (n, village) in enumerate(zip(mine, names, strict=True)):
            lon, lat = to_lonlat(*wander(east[village_seats[n]], north[village_seats[n]]))
            people = int(rng.lognormal(7.15 if name != "城关镇" else 8.3, 0.45)) + 180
            border = _in_degrees(areas[n])
            suffix = f"{k + 1:03d}" if village.endswith("社区") else f"{k + 201:03d}"
            villages.append(DemoArea(code[:9] + suffix, village, code, border, float(lon), float(lat), people))
        here = villages[-len(mine) :]
        lon, lat = to_lonlat(*wander(east[seats[town]], north[seats[town]]))
        border = shapely.union_all([v.border for v in here])
        towns.append(DemoArea(code, name, COUNTY_CODE, border, float(lon), float(lat), sum(v.population for v in here)))
    return County(shapely.union_all([t.border for t in towns]), tuple(towns), tuple(villages))


def _town_code(town: int) -> str:
    """Towns (镇) count from 100, townships (乡) from 200, as in the national codes."""
    name = TOWNS[town][0]
    ahead = sum(other[0][-1] == name[-1] for other in TOWNS[:town])
    return f"{COUNTY_CODE}{(100 if name.endswith('镇') else 200) + ahead}000"


def _in_degrees(area: Polygon) -> Polygon:
    """Return a polygon in km as degrees, to 1e-7, so that equal vertices stay equal."""

    def turn(xy: FloatArray) -> FloatArray:
        return np.asarray(np.round(np.column_stack(to_lonlat(xy[:, 0], xy[:, 1])), 7), np.float64)

    return shapely.transform(area, turn)
