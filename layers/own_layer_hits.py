"""What of the layers from files lies at a place: the things under a click, with all that their file says of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely

from layers.area_layer import AreaLayer
from layers.own_layer import Drawn, OwnLayer
from layers.shape import Shape
from models.geodesy import to_mercator

MOST = 4
"""So many things of a layer are listed at most."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing: the layer's title, its source, what the file says of the thing as (column, text)."""

    layer: str
    rows: tuple[tuple[str, str], ...]
    source: str = ""


def hits(layers: Iterable[OwnLayer], lon_deg: float, lat_deg: float, reach_deg: float) -> tuple[Hit, ...]:
    """Return the things at a place, layer by layer; lines and points within ``reach_deg`` of it."""
    spot = shapely.Point(lon_deg, lat_deg)
    found: list[Hit] = []
    for layer in layers:
        if layer.things is not None:
            if layer.kind is Drawn.AREA:
                rows = _tree(layer).query(spot, predicate="intersects")
            else:
                rows = _tree(layer).query(spot, predicate="dwithin", distance=reach_deg)
            found += [hit_of(layer, int(row)) for row in np.sort(rows)[:MOST]]
        elif layer.legend:
            x_m, y_m = to_mercator(np.array([lon_deg]), np.array([lat_deg]))
            found += [
                Hit(layer.title, (("", member.word),), layer.wish.source)
                for member in layer.members
                if isinstance(member, AreaLayer) and _inside(member.rings, float(x_m[0]), float(y_m[0]))
            ]
    return tuple(found)


def hit_of(layer: OwnLayer, row: int) -> Hit:
    """Return one thing of a layer by its row."""
    facts = layer.things.facts(row) if layer.things is not None else {}
    return Hit(layer.title, tuple(facts.items()), layer.wish.source)


@lru_cache(maxsize=32)
def _tree(layer: OwnLayer) -> shapely.STRtree:
    return shapely.STRtree(layer.things.geometry() if layer.things is not None else ())


def _inside(rings: Shape, x_m: float, y_m: float) -> bool:
    """Return whether a place lies inside rings, holes by the even-odd rule."""
    if len(rings.ids) == 0:
        return False
    lines = shapely.linearrings(rings.xy, indices=np.repeat(np.arange(len(rings.ids)), np.diff(rings.starts)))
    return int(shapely.contains_xy(shapely.polygons(lines), x_m, y_m).sum()) % 2 == 1
