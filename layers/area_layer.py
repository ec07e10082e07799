"""Areas on the map: their borders, their fill, their names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import shapely

from layers import shape as shapes
from layers.drawing import Areas, Drawing, Labels, Lines
from layers.map_view import MapView
from layers.shape import Shape
from layers.stack import Storey
from models.geodesy import FloatArray, to_mercator
from models.hazard.register import Place


@dataclass(frozen=True, slots=True, eq=False)
class AreaLayer:
    """Areas of one kind.

    ``rings`` are the areas (drawn filled by a style that has a fill), ``lines`` their
    borders, each once. ``anchors`` (n, 2) map meters and ``texts`` are their names,
    shown while a pixel is at most ``labels_below_m`` map meters. ``word`` is what the legend says,
    under ``heading``.
    """

    name: str
    style: str
    rings: Shape
    lines: Shape | None = None
    anchors: FloatArray = field(default_factory=lambda: np.zeros((0, 2)))
    texts: tuple[str, ...] = ()
    label_style: str = ""
    label_priority: int = 0
    labels_below_m: float = float("inf")
    drawn_below_m: float = float("inf")
    storey: Storey = Storey.BORDERS
    word: str = ""
    heading: str = ""

    @classmethod
    def of_places(
        cls,
        name: str,
        places: Iterable[Place],
        style: str,
        *,
        inside: AreaLayer | None = None,
        label_style: str = "",
        label_priority: int = 0,
        labels_below_m: float = float("inf"),
        drawn_below_m: float = float("inf"),
    ) -> AreaLayer:
        """Return the layer of counties, towns or villages.

        Borders that ``inside`` draws already are left out; names stand where the
        area is widest, if ``label_style`` is given.
        """
        listed = tuple(places)
        geometries = shapely.from_wkb([place.wkb for place in listed])
        rings = shapes.rings_of(geometries, [place.code for place in listed])
        drawn = None if inside is None else _all_borders(inside)
        anchors = np.zeros((0, 2))
        texts: tuple[str, ...] = ()
        if label_style and listed:
            anchors = np.array([_anchor(geometry) for geometry in geometries])
            texts = tuple(place.name for place in listed)
        return cls(
            name,
            style,
            rings,
            shapes.borders(rings, drawn),
            anchors,
            texts,
            label_style,
            label_priority,
            labels_below_m,
            drawn_below_m,
        )

    def draw(self, view: MapView, opacity: float) -> tuple[Drawing, ...]:
        """Return borders (or filled areas where the layer has no separate borders) and names."""
        out: tuple[Drawing, ...] = ()
        if view.meters_per_pixel <= self.drawn_below_m:
            out += _outlines(self, shapes.octave_of(view), opacity)
        if self.texts and view.meters_per_pixel <= self.labels_below_m:
            out += (_labels(self, opacity),)
        return out


@dataclass(frozen=True, slots=True, eq=False)
class VeilLayer:
    """All the map but one area, so that what lies outside the county steps back."""

    name: str
    hole: Shape
    style: str = "outside"
    storey: Storey = Storey.GROUND

    @classmethod
    def around(cls, place: Place, *, name: str = "outside") -> VeilLayer:
        """Return the veil round a county."""
        return cls(name, shapes.rings_of(shapely.from_wkb([place.wkb]), [place.code]))

    def draw(self, view: MapView, opacity: float) -> tuple[Drawing, ...]:
        """Return one area with a hole."""
        return (_veil(self, shapes.octave_of(view), opacity),)


@lru_cache(maxsize=128)
def _outlines(layer: AreaLayer, octave: int, opacity: float) -> tuple[Drawing, ...]:
    """Return the areas, and their borders if they are drawn by themselves; then the areas have no ink."""
    tolerance = shapes.tolerance_m(octave)
    rings = layer.rings.simplified(tolerance)
    if layer.lines is None:
        return (Areas(layer.name, rings.xy, rings.starts, rings.ids, layer.style, opacity, layer.word, layer.heading),)
    lines = layer.lines.simplified(tolerance)
    return (
        Areas(f"{layer.name}.areas", rings.xy, rings.starts, rings.ids, "", opacity),
        Lines(layer.name, lines.xy, lines.starts, lines.ids, layer.style, opacity),
    )


@lru_cache(maxsize=128)
def _labels(layer: AreaLayer, opacity: float) -> Labels:
    priority = np.full(len(layer.texts), layer.label_priority, np.int64)
    x_m, y_m = layer.anchors[:, 0], layer.anchors[:, 1]
    return Labels(f"{layer.name}.names", x_m, y_m, layer.texts, priority, layer.label_style, opacity=opacity)


@lru_cache(maxsize=32)
def _veil(layer: VeilLayer, octave: int, opacity: float) -> Areas:
    hole = layer.hole.simplified(shapes.tolerance_m(octave))
    far = 20_037_508.0
    world = np.array([[-far, -far], [far, -far], [far, far], [-far, far], [-far, -far]])
    xy = np.concatenate([world, hole.xy])
    starts = np.concatenate([[0], hole.starts + len(world)]).astype(np.int64)
    ids = ("outside",) * (len(starts) - 1)  # one id: the rings make one area with holes
    return Areas(layer.name, xy, starts, ids, layer.style, opacity)


@lru_cache(maxsize=32)
def _all_borders(layer: AreaLayer) -> Shape:
    """Return the full rings of a layer: every edge that it, or what it lies in, has drawn."""
    return layer.rings


def _anchor(geometry: shapely.Geometry) -> tuple[float, float]:
    """Return where a name stands, in map meters: the middle of the widest free circle."""
    biggest = max(shapely.get_parts(geometry), key=shapely.area)
    west, south, east, north = shapely.bounds(biggest)
    tolerance = max(east - west, north - south) / 40 or 1e-6
    spot = shapely.get_coordinates(shapely.maximum_inscribed_circle(biggest, tolerance))[0]
    x_m, y_m = to_mercator(spot[0], spot[1])
    return float(x_m), float(y_m)
