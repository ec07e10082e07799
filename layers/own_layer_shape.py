"""Shapes of own layers: rings for drawing, with the largest error of what was simplified known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from layers import shape as shapes
from layers.shape import Shape
from models.geodesy import mercator_scale, to_lonlat

MOST_VERTICES = 2000
"""A ring with more is drawn with fewer; what is counted or said is never simplified."""
_FIRST_M, _LAST_M = 1.0, 64.0


@dataclass(frozen=True, slots=True, eq=False)
class ForDrawing:
    """A shape for drawing; the ``rings`` stray from the true ones by at most ``error_m`` on the ground.

    ``vertices`` are those of the largest of these rings, ``left`` what is drawn of it.
    """

    shape: Shape
    rings: tuple[int, ...] = ()
    error_m: float = 0.0
    vertices: int = 0
    left: int = 0

    @property
    def count(self) -> int:
        """How many rings are drawn with fewer vertices."""
        return len(self.rings)

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the things whose rings these are, each once."""
        return tuple(dict.fromkeys(self.shape.ids[ring] for ring in self.rings))


def for_drawing(shape: Shape) -> ForDrawing:
    """Return a shape whose largest rings have fewer vertices, each by the smallest step that is enough."""
    counts = np.diff(shape.starts)
    large = np.flatnonzero(counts > MOST_VERTICES)
    if len(large) == 0:
        return ForDrawing(shape)
    lines = shapely.linestrings(shape.xy, indices=np.repeat(np.arange(len(shape.ids)), counts))
    worst_m = 0.0
    for at in large.tolist():
        line, tolerance_m = lines[at], _FIRST_M
        fewer = shapely.simplify(line, tolerance_m)
        while shapely.get_num_coordinates(fewer) > MOST_VERTICES and tolerance_m < _LAST_M:
            tolerance_m *= 2
            fewer = shapely.simplify(line, tolerance_m)
        shapely.prepare(fewer)
        off_m = float(shapely.distance(fewer, shapely.points(shapely.get_coordinates(line))).max())
        _, lat_deg = to_lonlat(*(np.array([value]) for value in shapely.get_coordinates(line)[0]))
        worst_m = max(worst_m, off_m / mercator_scale(float(lat_deg[0])))
        lines[at] = fewer
    most = int(large[np.argmax(counts[large])])
    left = int(shapely.get_num_coordinates(lines[most]))
    return ForDrawing(shapes.of_lines(lines, shape.ids), tuple(large.tolist()), worst_m, int(counts[most]), left)
