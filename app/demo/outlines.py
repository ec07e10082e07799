"""From a map of labels to areas that share their borders, vertex for vertex."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from shapely import LineString, Polygon, STRtree, points, polygonize

from app.demo.noise import Noise
from app.demo.scene import SEED
from models.geodesy import FloatArray


def areas_of_labels(labels: NDArray[np.int32], west_km: float, north_km: float, cell_km: float) -> dict[int, Polygon]:
    """Return one polygon a label in km; -1 is outside.

    The border between two labels is one line that both polygons take, so that
    areas neither overlap nor leave gaps; corners of cells are rounded off.
    """
    arcs = []
    for stair in _arcs(labels):
        bend = _round_off(stair) * [cell_km, -cell_km] + [west_km, north_km]
        arcs.append(LineString(np.column_stack(wander(bend[:, 0], bend[:, 1]))).simplify(0.012))
    faces = list(polygonize(arcs).geoms)
    rows, columns = np.nonzero(labels >= 0)
    centers = points(*wander(west_km + (columns + 0.5) * cell_km, north_km - (rows + 0.5) * cell_km))
    votes: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    cell, face = STRtree(faces).query(centers, predicate="within")
    for label, index in zip(labels[rows[cell], columns[cell]].tolist(), face.tolist(), strict=True):
        votes[index][label] += 1
    found: dict[int, Polygon] = {}
    for index, counts in votes.items():
        label = max(counts, key=counts.__getitem__)
        if label not in found or faces[index].area > found[label].area:
            found[label] = faces[index]
    return found


def smooth_line(xy: FloatArray, rounds: int = 3) -> FloatArray:
    """Return a line with its corners cut (Chaikin 1974), ends kept; (n, 2) in, (m, 2) out."""
    line = np.asarray(xy, float)
    for _ in range(rounds):
        if len(line) < 3:
            break
        inner = np.empty((2 * (len(line) - 1), 2))
        inner[0::2] = 0.75 * line[:-1] + 0.25 * line[1:]
        inner[1::2] = 0.25 * line[:-1] + 0.75 * line[1:]
        line = np.concatenate([line[:1], inner, line[-1:]])
    return line


@cache
def _bend() -> Noise:
    return Noise.from_seed(SEED + 20, cells=1024, cell_km=0.125, longest_km=5.0, slope=1.7)


def wander(east_km: ArrayLike, north_km: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return places shifted by a few hundred meters, neighbors nearly alike: no straight borders or roads."""
    bend = _bend()
    x, y = np.asarray(east_km, float), np.asarray(north_km, float)
    return x + 0.26 * bend.at(x, y), y + 0.26 * bend.at(y + 31, x + 47)


def _round_off(arc: FloatArray) -> FloatArray:
    """Return a stair of cell edges as a bending line; its ends stay, closed ones stay closed."""
    line = arc.astype(float)
    for _ in range(2):
        if len(line) > 2:
            line[1:-1] = (line[:-2] + 2 * line[1:-1] + line[2:]) / 4
    return smooth_line(line, 2)


def _arcs(labels: NDArray[np.int32]) -> list[FloatArray]:
    """Return the lines between labels, (n, 2) of (column, row) corners, cut where three meet."""
    around = np.pad(labels, 1, constant_values=-1)
    links: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for row, column in np.argwhere(around[:-1, 1:-1] != around[1:, 1:-1]).tolist():
        _link(links, (column, row), (column + 1, row))
    for row, column in np.argwhere(around[1:-1, :-1] != around[1:-1, 1:]).tolist():
        _link(links, (column, row), (column, row + 1))
    arcs: list[FloatArray] = []
    used: set[tuple[tuple[int, int], tuple[int, int]]] = set()
    nodes = [corner for corner, ends in links.items() if len(ends) != 2]
    for start in nodes + [corner for corner, ends in links.items() if len(ends) == 2]:
        for step in links[start]:
            if (start, step) in used:
                continue
            way = [start, step]
            used.update({(start, step), (step, start)})
            while len(links[way[-1]]) == 2 and way[-1] != start:
                a, b = links[way[-1]]
                onward = b if a == way[-2] else a
                used.update({(way[-1], onward), (onward, way[-1])})
                way.append(onward)
            arcs.append(np.array(way, float))
    return arcs


def _link(links: dict[tuple[int, int], list[tuple[int, int]]], a: tuple[int, int], b: tuple[int, int]) -> None:
    links[a].append(b)
    links[b].append(a)
