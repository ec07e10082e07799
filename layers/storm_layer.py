"""Storms of the radars' own products on the map: a sign per kind, past and forecast tracks, names and minutes."""

from __future__ import annotations

from collections.abc import Sequence
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
from models.radar.storms import Place, Storm, StormKind, StormList

NAME = "storms"
_PRIORITY = 60
_DX_PX = 14


@dataclass(frozen=True, slots=True, eq=False)
class StormLayer:
    """Every storm of some lists; ``texts`` is what stands beside each, in the order of `storms_of`."""

    lists: tuple[StormList, ...]
    texts: tuple[str, ...]
    name: str = NAME
    storey: Storey = Storey.STATIONS

    def draw(self, view: MapView, opacity: float) -> tuple[Drawing, ...]:
        """Return tracks, then signs, names and the minutes of forecast places."""
        del view
        return _drawn(self, opacity)


def storms_of(lists: Sequence[StormList]) -> tuple[tuple[str, StormList, Storm], ...]:
    """Return the storms of all lists with the id of each on the map: ``storm:KIND:RADAR:NUMBER``."""
    return tuple(
        (f"storm:{one.kind.value}:{one.site.code}:{number}", one, storm)
        for one in lists
        for number, storm in enumerate(one.storms)
    )


@lru_cache(maxsize=8)
def _drawn(layer: StormLayer, opacity: float) -> tuple[Drawing, ...]:
    storms = storms_of(layer.lists)
    if not storms:
        return ()
    out: list[Drawing] = []
    tracks = [(key, storm) for key, one, storm in storms if one.kind is StormKind.TRACK]
    past = [(key, (*storm.past, storm.place)) for key, storm in tracks if storm.past]
    ahead = [(key, (storm.place, *(place for place, _ in storm.ahead))) for key, storm in tracks if storm.ahead]
    for style, lines in (("storm.past", past), ("storm.ahead", ahead)):
        if lines:
            shape = _lines(lines)
            out.append(Lines(f"{NAME}.{style}", shape.xy, shape.starts, shape.ids, style, opacity))
    x_m, y_m = _mercator([storm.place for _, _, storm in storms])
    keys = tuple(Sign(kind.value).key for kind in StormKind)
    sprite = np.array([list(StormKind).index(one.kind) for _, one, _ in storms], np.uint8)
    out.append(Symbols(NAME, x_m, y_m, sprite, keys, tuple(key for key, _, _ in storms), opacity))
    rank = np.full(len(storms), _PRIORITY)
    out.append(Labels(f"{NAME}.names", x_m, y_m, layer.texts, rank, "station", dx_px=_DX_PX, opacity=opacity))
    later = [(place, f"+{minutes:.0f}") for _, storm in tracks for place, minutes in storm.ahead]
    if later:
        x_m, y_m = _mercator([place for place, _ in later])
        texts = tuple(text for _, text in later)
        rank = np.full(len(later), _PRIORITY - 1)
        out.append(Labels(f"{NAME}.ahead", x_m, y_m, texts, rank, "station", opacity=opacity))
    return tuple(out)


def _lines(lines: list[tuple[str, tuple[Place, ...]]]) -> Shape:
    return shapes.rings_of([shapely.LineString(places) for _, places in lines], [key for key, _ in lines])


def _mercator(places: list[Place]) -> tuple[np.ndarray, np.ndarray]:
    lonlat = np.array(places, float).reshape(-1, 2)
    return to_mercator(lonlat[:, 0], lonlat[:, 1])
