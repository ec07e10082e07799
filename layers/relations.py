"""What belongs to the selected point, drawn round it: gauges with distance, basin, warning unit, shelter, route."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely

from layers import shape as shapes
from layers.drawing import Drawing, Labels, Lines, Symbols
from layers.map_view import MapView
from layers.shape import Shape
from layers.sign import Sign
from layers.stack import Storey
from models.geodesy import to_mercator

NAME = "relations"
AREAS_NAMED = ("basins", "warning_units")
"""Registers whose areas are drawn round the point with their names."""
# Names of what belongs to the selected point go before those of towns, after those of levels.
_PRIORITY = 100
_LINK, _BASIN, _UNIT, _ROUTE = "relation.link", "relation.basin", "relation.unit", "relation.route"


@dataclass(frozen=True, slots=True)
class Near:
    """Something near the point: ``id`` as on the map, ``glyph`` as in `layers.sign`, the distance on the ground in m."""

    id: str
    name: str
    lon_deg: float
    lat_deg: float
    distance_m: float
    glyph: str = "gauge"

    @property
    def text(self) -> str:
        """Return name and distance: ``石坑站 0.9 km``."""
        return f"{self.name} {distance_words(self.distance_m)}"


@dataclass(frozen=True, slots=True)
class Relations:
    """What is known of a point's surroundings; what is not known is empty and not drawn.

    ``linked`` are tied to the point by a thin line (gauges), ``others`` stand without one (shelter).
    Shapes are WKB in WGS 84; their names are shown as they are given.
    """

    lon_deg: float
    lat_deg: float
    linked: tuple[Near, ...] = ()
    others: tuple[Near, ...] = ()
    basin_wkb: bytes = b""
    basin_name: str = ""
    unit_wkb: bytes = b""
    unit_name: str = ""
    route_wkb: bytes = b""


def distance_words(distance_m: float) -> str:
    """Return a distance in meters below one kilometer, in tenths of it above.

    Examples
    --------
    >>> [distance_words(value) for value in (874.0, 2640.0, 31_000.0)]
    ['870 m', '2.6 km', '31.0 km']
    """
    return f"{round(distance_m, -1):.0f} m" if distance_m < 995 else f"{distance_m / 1000:.1f} km"


@dataclass(frozen=True, slots=True, eq=False)
class RelationsLayer:
    """The drawings of one point's relations."""

    lines: tuple[tuple[str, Shape], ...]
    near: tuple[Near, ...]
    names: tuple[tuple[str, float, float], ...]
    name: str = NAME
    storey: Storey = Storey.OVERLAY

    @classmethod
    def of(cls, relations: Relations) -> RelationsLayer:
        """Return the layer of a point's relations."""
        lines = []
        names = []
        for style, wkb, text in (
            (_BASIN, relations.basin_wkb, relations.basin_name),
            (_UNIT, relations.unit_wkb, relations.unit_name),
            (_ROUTE, relations.route_wkb, ""),
        ):
            geometry = shapely.from_wkb(wkb, on_invalid="ignore") if wkb else None
            if geometry is None or shapely.is_empty(geometry):
                continue
            lines.append((style, shapes.rings_of([geometry], [style])))
            if text:
                names.append((text, *_spot(geometry)))
        if relations.linked:
            here = (relations.lon_deg, relations.lat_deg)
            links = [shapely.LineString([here, (near.lon_deg, near.lat_deg)]) for near in relations.linked]
            lines.append((_LINK, shapes.rings_of(links, [near.id for near in relations.linked])))
        return cls(tuple(lines), (*relations.linked, *relations.others), tuple(names))

    def draw(self, view: MapView, opacity: float) -> tuple[Drawing, ...]:
        """Return outlines and links, then signs and names."""
        octave = shapes.octave_of(view)
        lines = tuple(_line(shape, f"{NAME}.{style}", style, octave, opacity) for style, shape in self.lines)
        return (*lines, *_signs(self, opacity))


@lru_cache(maxsize=64)
def _line(shape: Shape, name: str, style: str, octave: int, opacity: float) -> Lines:
    lines = shape.simplified(shapes.tolerance_m(octave))
    return Lines(name, lines.xy, lines.starts, lines.ids, style, opacity)


@lru_cache(maxsize=8)
def _signs(layer: RelationsLayer, opacity: float) -> tuple[Drawing, ...]:
    out: list[Drawing] = []
    if layer.near:
        x_m, y_m = _mercator([(near.lon_deg, near.lat_deg) for near in layer.near])
        keys = tuple(dict.fromkeys(Sign(near.glyph).key for near in layer.near))
        sprite = np.array([keys.index(Sign(near.glyph).key) for near in layer.near])
        out.append(Symbols(NAME, x_m, y_m, sprite, keys, tuple(near.id for near in layer.near), opacity))
        texts = tuple(near.text for near in layer.near)
        priority = np.full(len(texts), _PRIORITY)
        out.append(Labels(f"{NAME}.near", x_m, y_m, texts, priority, "relation", dx_px=14, opacity=opacity))
    if layer.names:
        x_m, y_m = _mercator([(lon_deg, lat_deg) for _, lon_deg, lat_deg in layer.names])
        texts = tuple(text for text, _, _ in layer.names)
        priority = np.full(len(texts), _PRIORITY - 1)
        out.append(Labels(f"{NAME}.names", x_m, y_m, texts, priority, "relation", opacity=opacity))
    return tuple(out)


def _mercator(places: list[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    lonlat = np.array(places, float).reshape(-1, 2)
    return to_mercator(lonlat[:, 0], lonlat[:, 1])


def _spot(geometry: shapely.Geometry) -> tuple[float, float]:
    """Return where a shape's name stands: inside, near its southern end, off its outline and off the point."""
    xy = shapely.get_coordinates(geometry)
    south, middle = xy[int(np.argmin(xy[:, 1]))], shapely.get_coordinates(shapely.centroid(geometry))[0]
    lon_deg, lat_deg = south + 0.2 * (middle - south)
    return float(lon_deg), float(lat_deg)
