"""Rings and lines in map meters, and how much of them a scale can show."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from layers.map_view import MapView
from models.geodesy import FloatArray, to_mercator

# A simplified line strays from the true one by at most so many pixels.
_STRAY_PX = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """Many lines or rings: line i is ``xy[starts[i]:starts[i + 1]]``, of the thing ``ids[i]``.

    ``xy`` (vertices, 2) float64 Web Mercator meters; ``starts`` (lines + 1,) int64.
    """

    xy: FloatArray
    starts: NDArray[np.int64]
    ids: tuple[str, ...]

    def simplified(self, tolerance_m: float) -> Shape:
        """Return the shape without vertices that stray less than ``tolerance_m`` (map meters).

        Ends of lines stay; a ring keeps at least four vertices.
        """
        if len(self.ids) == 0:
            return self
        lines = shapely.linestrings(self.xy, indices=np.repeat(np.arange(len(self.ids)), np.diff(self.starts)))
        lines = shapely.simplify(lines, tolerance_m, preserve_topology=True)
        return of_lines(lines, self.ids)


def octave_of(view: MapView) -> int:
    """Return the power of two of the view's scale, rounded down: one simplification serves each."""
    return math.floor(math.log2(max(view.meters_per_pixel, 1e-6)))


def tolerance_m(octave: int) -> float:
    """Return how far in map meters a line may stray in an octave of scales."""
    return float(2.0**octave * _STRAY_PX)


def of_lines(lines: Iterable[BaseGeometry], ids: tuple[str, ...]) -> Shape:
    """Return a shape of shapely lines that already lie in map meters."""
    array = np.asarray(lines, dtype=object)
    xy = shapely.get_coordinates(array)
    starts = np.concatenate([[0], np.cumsum(shapely.get_num_coordinates(array))]).astype(np.int64)
    return Shape(xy, starts, ids)


def rings_of(geometries: Iterable[BaseGeometry], ids: Iterable[str]) -> Shape:
    """Return the outer and inner rings of (multi)polygons, or the parts of (multi)lines, in WGS 84.

    Rings of one thing share its id, in the order of the things. Empty geometries give nothing.
    """
    things = np.asarray(list(geometries), dtype=object)
    names = list(ids)
    parts, of_thing = shapely.get_parts(things, return_index=True)
    areal = np.isin(shapely.get_type_id(parts), (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    rings, of_part = shapely.get_rings(parts[areal], return_index=True)
    owners = np.concatenate([of_thing[areal][of_part], of_thing[~areal]])
    order = np.argsort(owners, kind="stable")
    lines = np.concatenate([rings, parts[~areal]])[order]
    shape = of_lines(lines, tuple(names[i] for i in owners[order].tolist()))
    x_m, y_m = to_mercator(shape.xy[:, 0], shape.xy[:, 1])
    return Shape(np.column_stack([x_m, y_m]), shape.starts, shape.ids)


def borders(shape: Shape, drawn: Shape | None = None) -> Shape:
    """Return each border once, as lines: rings cut where a neighbor, or ``drawn``, has the edge already.

    Two areas that share vertices share a border; drawn twice it would be darker
    than the rest, and a dashed border over a plain one would not look dashed.
    """
    edges, line_of = _edges(shape)
    if len(edges) == 0:
        return shape
    known = edges if drawn is None else np.concatenate([_edges(drawn)[0], edges])
    _, first = np.unique(known, axis=0, return_index=True)
    keep = np.zeros(len(known), bool)
    keep[first] = True
    if drawn is not None:
        keep = keep[len(known) - len(edges) :]
    # Runs of kept edges that follow one another in the same ring become one line.
    begin = keep & np.concatenate([[True], ~keep[:-1] | (line_of[1:] != line_of[:-1])])
    end = keep & np.concatenate([~keep[1:] | (line_of[1:] != line_of[:-1]), [True]])
    first_edge, last_edge = np.flatnonzero(begin), np.flatnonzero(end)
    # Edge e of line l starts at vertex e + l, as each line has one vertex more than edges.
    first_vertex = first_edge + line_of[first_edge]
    counts = last_edge - first_edge + 2
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    vertices = np.repeat(first_vertex - starts[:-1], counts) + np.arange(starts[-1])
    return Shape(shape.xy[vertices], starts, tuple(shape.ids[int(i)] for i in line_of[first_edge]))


def _edges(shape: Shape) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the edges (n, 4) in centimeters without direction, and the line each belongs to."""
    cm = np.round(shape.xy * 100).astype(np.int64)
    lengths = np.diff(shape.starts)
    line_of = np.repeat(np.arange(len(lengths)), np.maximum(lengths - 1, 0))
    tails = np.arange(len(line_of)) + line_of
    a, b = cm[tails], cm[tails + 1]
    swap = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
    a[swap], b[swap] = b[swap], a[swap].copy()
    return np.concatenate([a, b], axis=1), line_of
