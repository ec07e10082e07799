"""Lines on the map: rivers, roads, and the outlines of warnings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely

from layers import shape as shapes
from layers.drawing import Drawing, Lines
from layers.map_view import MapView
from layers.shape import Shape
from layers.stack import Storey
from models.hazard.level import RISING, Level
from models.hazard.register import Place


@dataclass(frozen=True, slots=True, eq=False)
class LineLayer:
    """Lines of one style, such as the rivers; drawn while a pixel is at most ``drawn_below_m``."""

    name: str
    style: str
    lines: Shape
    drawn_below_m: float = float("inf")
    storey: Storey = Storey.BORDERS

    @classmethod
    def of_places(
        cls,
        name: str,
        places: Iterable[Place],
        style: str,
        *,
        drawn_below_m: float = float("inf"),
        storey: Storey = Storey.BORDERS,
    ) -> LineLayer:
        """Return the layer of places that are lines: roads and rivers."""
        listed = tuple(places)
        lines = shapes.rings_of(shapely.from_wkb([place.wkb for place in listed]), [place.code for place in listed])
        return cls(name, style, lines, drawn_below_m, storey)

    def draw(self, view: MapView, opacity: float) -> tuple[Drawing, ...]:
        """Return the lines, without vertices that the scale cannot show."""
        if view.meters_per_pixel > self.drawn_below_m:
            return ()
        return (_lines(self, shapes.octave_of(view), opacity),)


@dataclass(frozen=True, slots=True, eq=False)
class WarningLayer:
    """Outlines of what is in force, or in the draft: one closed line per level, the worst on top.

    ``outlines`` goes from level to the rings of all its towns together.
    """

    name: str
    outlines: tuple[tuple[Level, Shape], ...]
    draft: bool = False
    storey: Storey = Storey.WARNINGS

    @classmethod
    def of_towns(
        cls, name: str, levels: Mapping[str, Level], towns: Iterable[Place], *, draft: bool = False
    ) -> WarningLayer:
        """Return the outlines of towns under a warning.

        Parameters
        ----------
        name : str
            Name of the layer.
        levels : Mapping[str, Level]
            Town code to its level; other codes and levels below blue draw nothing.
        towns : Iterable[Place]
            Outlines of the towns, or of the county if the office has no towns.
        draft : bool
            Drawn dashed, as it is not in force.
        """
        listed = tuple(towns)
        outlines = []
        for level in RISING:
            inside = [place.wkb for place in listed if levels.get(place.code) is level]
            if inside:
                union = shapely.union_all(shapely.from_wkb(inside))
                rings = shapes.rings_of([_without_slivers(union)], [level.value])
                outlines.append((level, rings))
        return cls(name, tuple(outlines), draft)

    def draw(self, view: MapView, opacity: float) -> tuple[Drawing, ...]:
        """Return one `Lines` a level, blue first."""
        octave = shapes.octave_of(view)
        kind = "draft" if self.draft else "warning"
        return tuple(
            _outline(outline, f"{self.name}.{level.value}", f"{kind}.{level.value}", octave, opacity)
            for level, outline in self.outlines
        )


@lru_cache(maxsize=128)
def _lines(layer: LineLayer, octave: int, opacity: float) -> Lines:
    lines = layer.lines.simplified(shapes.tolerance_m(octave))
    return Lines(layer.name, lines.xy, lines.starts, lines.ids, layer.style, opacity)


@lru_cache(maxsize=128)
def _outline(outline: Shape, name: str, style: str, octave: int, opacity: float) -> Lines:
    lines = outline.simplified(shapes.tolerance_m(octave))
    return Lines(name, lines.xy, lines.starts, lines.ids, style, opacity)


def _without_slivers(union: shapely.Geometry) -> shapely.Geometry:
    """Drop holes under 0.01 km²: gaps between towns whose outlines do not quite meet."""
    kept = []
    for part in shapely.get_parts(union):
        holes = [ring for ring in part.interiors if shapely.area(shapely.polygons(ring)) > 1e-6]
        kept.append(shapely.Polygon(part.exterior, holes))
    return shapely.MultiPolygon(kept) if kept else np.asarray(union).item()
