"""Rivers that the terrain made, and roads that join the towns."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

import numpy as np
from shapely import LineString

from app.demo.county import build_county
from app.demo.outlines import smooth_line, wander
from app.demo.scene import HALF_HEIGHT_KM, HALF_WIDTH_KM, to_km, to_lonlat
from app.demo.terrain import Terrain, build_terrain, unbend
from app.demo.ways import cheapest_way
from models.geodesy import FloatArray

_RIVER_KM2 = 20.0
_MAIN_RIVER_KM2 = 260.0
_ROAD_CELL_KM = 0.5

# Roads that leave the county: from, and the km where they run to.
_THROUGH_ROADS = (
    ("石坑镇", (-63.0, 14.0)),
    ("双河镇", (63.0, -22.0)),
    ("三渡镇", (-14.0, -47.0)),
    ("松柏镇", (15.0, 47.0)),
)
_MAIN_CHAIN = ("石坑镇", "白水镇", "城关镇", "双河镇", "长岗乡", "岩口镇")


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """A river or a road in WGS 84 degrees; ``kind`` is ``river`` or ``road``.

    Codes begin with R1 or R2 (main river, branch), S1 or X1 (provincial road, county road).
    """

    code: str
    name: str
    kind: str
    line: LineString


@cache
def build_lines() -> tuple[Way, ...]:
    """Return all rivers and roads of the base map; the same for every call."""
    return _rivers(build_terrain()) + _roads(build_terrain())


def _rivers(terrain: Terrain) -> tuple[Way, ...]:
    """One line for each stretch between two confluences; the biggest water first."""
    rows, columns = terrain.flow_m.shape
    water, to = terrain.drained_km2.ravel(), terrain.receiver
    wet = np.flatnonzero(water >= _RIVER_KM2)
    feeders: dict[int, int] = defaultdict(int)
    for i in wet.tolist():
        if to[i] != i:
            feeders[int(to[i])] += 1
    ways: list[Way] = []
    for head in sorted((i for i in wet.tolist() if feeders[i] != 1), key=lambda i: (-water[i], i)):
        chain = [head]
        while to[chain[-1]] != chain[-1]:
            chain.append(int(to[chain[-1]]))
            if feeders[chain[-1]] != 1:
                break
        rim = [i for i in chain if 1 < i % columns < columns - 2 and 1 < i // columns < rows - 2]
        if len(rim) < 4:
            continue
        main = water[chain[0]] >= _MAIN_RIVER_KM2
        cell = terrain.flow_cell_km
        km = np.array(
            [((i % columns + 0.5) * cell - HALF_WIDTH_KM, HALF_HEIGHT_KM - (i // columns + 0.5) * cell) for i in rim]
        )
        ways.append(
            Way(f"R{1 if main else 2}-{len(ways) + 1:03d}", "青岚河" if main else "", "river", _line(km, 2, bent=True))
        )
    return tuple(ways)


def _roads(terrain: Terrain) -> tuple[Way, ...]:
    county = build_county()
    x = np.arange(-HALF_WIDTH_KM + _ROAD_CELL_KM / 2, HALF_WIDTH_KM, _ROAD_CELL_KM)
    y = np.arange(HALF_HEIGHT_KM - _ROAD_CELL_KM / 2, -HALF_HEIGHT_KM, -_ROAD_CELL_KM)
    height = terrain.height_at(*np.meshgrid(x, y))
    down, right = np.gradient(height, _ROAD_CELL_KM * 1000)
    cost = 1.0 + (np.hypot(down, right) / 0.06) ** 1.6
    seats = {t.name: to_km(np.float64(t.seat_lon_deg), np.float64(t.seat_lat_deg)) for t in county.towns}
    ways: list[Way] = []
    chain = list(itertools.pairwise(_MAIN_CHAIN))
    jobs = [(seats[a], seats[b], True) for a, b in chain] + [(seats[a], end, True) for a, end in _THROUGH_ROADS]
    jobs += [
        (seats[a], seats[b], False)
        for a, b in _joined({n: (float(p[0]), float(p[1])) for n, p in seats.items()})
        if (a, b) not in chain
    ]
    for start, goal, provincial in jobs:
        way = cheapest_way(cost, _cell(start), _cell(goal))
        for column, row in way.astype(int).tolist():
            cost[row, column] = min(cost[row, column], 0.45)
        km = np.column_stack([x[way[:, 0].astype(int)], y[way[:, 1].astype(int)]])
        km[0] = start
        km[-1] = goal
        number = len(ways) + 1
        name = f"S9{number:02d}" if provincial else f"X9{number:02d}"
        ways.append(Way(f"{'S' if provincial else 'X'}1-{number:03d}", name, "road", _line(km, 2)))
    return tuple(ways)


def _joined(seats: dict[str, tuple[float, float]]) -> list[tuple[str, str]]:
    """Return the shortest net that joins all towns, and a few shortcuts."""
    names = list(seats)

    def far(a: str, b: str) -> float:
        return float(np.hypot(seats[a][0] - seats[b][0], seats[a][1] - seats[b][1]))

    joined, pairs = {names[0]}, []
    while len(joined) < len(names):
        _, a, b = min((far(a, b), a, b) for a in joined for b in names if b not in joined)
        joined.add(b)
        pairs.append((a, b))
    for a in names:
        for b in names:
            if a < b and far(a, b) < 11.5 and (a, b) not in pairs and (b, a) not in pairs:
                between = any(far(a, c) < far(a, b) and far(b, c) < far(a, b) for c in names if c not in (a, b))
                if not between:
                    pairs.append((a, b))
    return pairs


def _cell(place: tuple[FloatArray, FloatArray] | tuple[float, float]) -> tuple[int, int]:
    return int((HALF_HEIGHT_KM - place[1]) / _ROAD_CELL_KM), int((float(place[0]) + HALF_WIDTH_KM) / _ROAD_CELL_KM)


def _line(km: FloatArray, rounds: int, *, bent: bool = False) -> LineString:
    soft = np.array(km, float)
    for _ in range(2):
        soft[1:-1] = (soft[:-2] + 2 * soft[1:-1] + soft[2:]) / 4
    xy = smooth_line(soft, rounds)
    if bent:
        xy = np.column_stack(unbend(xy[:, 0], xy[:, 1]))
    else:
        ends = xy[[0, -1]]
        xy = np.column_stack(wander(xy[:, 0], xy[:, 1]))
        xy[[0, -1]] = ends
    thin = np.asarray(LineString(xy).simplify(0.03).coords)
    return LineString(np.round(np.column_stack(to_lonlat(thin[:, 0], thin[:, 1])), 7))
