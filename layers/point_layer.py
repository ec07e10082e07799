"""Points on the map: hazard points by level, gauges, radars, and other places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from layers.drawing import Drawing, Labels, Symbols
from layers.map_view import MapView
from layers.stack import Storey
from models.geodesy import FloatArray, to_mercator
from models.hazard.level import Level
from models.hazard.register import HazardPoint
from models.radar.volume import Site
from models.rain.observations import Gauge

# Worst last, so that it is painted over the others.
POINT_SPRITES = ("point.none", "point.not_judged", "level.blue", "level.yellow", "level.orange", "level.red")
# The same for a crowd that could not be judged: hollow and small, so that the radar is seen through it.
CROWD_SPRITES = ("point.none", "point.not_judged.crowd", *POINT_SPRITES[2:])
_CROWD, _CROWD_ABOVE_M = 100, 25.0
_SPRITE_OF = {
    Level.NONE: 0,
    Level.NOT_JUDGED: 1,
    Level.BLUE: 2,
    Level.YELLOW: 3,
    Level.ORANGE: 4,
    Level.RED: 5,
}
# Which names win where they collide: those of levels, then towns (80), then the rest.
_STATION_PRIORITY = 20
_POINT_PRIORITY = (40, 60, 110, 120, 130, 140)
# Names of points without a level are shown from this scale on, in map meters a pixel.
_ALL_NAMES_BELOW_M = 12.0
_JUDGED_NAMES_BELOW_M = 60.0


@dataclass(frozen=True, slots=True, eq=False)
class PointLayer:
    """Places with a symbol each and a name.

    ``x_m``, ``y_m`` (n,) map meters, ``sprite`` (n,) indexes ``sprites``; ``rank`` (n,)
    orders painting and names: a higher one is painted later and keeps its name.
    ``names_below_m`` (n,) is the scale from which on a name is shown.
    """

    name: str
    x_m: FloatArray
    y_m: FloatArray
    sprite: NDArray[np.uint8]
    sprites: tuple[str, ...]
    ids: tuple[str, ...]
    texts: tuple[str, ...]
    rank: NDArray[np.int64]
    names_below_m: FloatArray
    label_style: str = "point"
    storey: Storey = Storey.POINTS

    @classmethod
    def of_hazards(
        cls, points: Iterable[HazardPoint], levels: Mapping[str, Level], *, name: str = "points"
    ) -> PointLayer:
        """Return hazard points by level; a point that ``levels`` (id to level) lacks is not judged."""
        listed = tuple(points)
        at = [levels.get(point.id, Level.NOT_JUDGED) for point in listed]
        sprite = np.array([_SPRITE_OF[level] for level in at], np.uint8)
        below = np.select(
            [sprite >= 2, sprite == 1], [np.inf, _ALL_NAMES_BELOW_M * 1.5], default=_ALL_NAMES_BELOW_M
        ).astype(float)
        if (sprite == 1).sum() <= 24:  # few stand out and are named; when nothing is judged yet they are the crowd
            below[sprite == 1] = _JUDGED_NAMES_BELOW_M
        return cls._make(
            name,
            [(p.lon_deg, p.lat_deg, p.id, p.name) for p in listed],
            sprite,
            POINT_SPRITES,
            sprite.astype(np.int64),
            below,
        )

    @classmethod
    def of_gauges(
        cls, gauges: Iterable[Gauge], *, name: str = "gauges", silent: frozenset[str] = frozenset()
    ) -> PointLayer:
        """Return rain gauges; those in ``silent`` (ids) look struck out."""
        listed = tuple(gauges)
        sprite = np.array([gauge.id in silent for gauge in listed], np.uint8)
        rows = [(g.lon_deg, g.lat_deg, g.id, g.name) for g in listed]
        below = np.full(len(listed), _ALL_NAMES_BELOW_M)
        made = cls._make(name, rows, sprite, ("gauge", "gauge.silent"), sprite.astype(np.int64), below)
        return made.at_storey(Storey.STATIONS, "station")

    @classmethod
    def of_radars(cls, sites: Iterable[Site], *, name: str = "radars") -> PointLayer:
        """Return radar sites."""
        rows = [(s.lon_deg, s.lat_deg, s.code, s.name) for s in sites]
        zero = np.zeros(len(rows), np.uint8)
        made = cls._make(name, rows, zero, ("radar",), zero.astype(np.int64), np.full(len(rows), np.inf))
        return made.at_storey(Storey.STATIONS, "station")

    @classmethod
    def of_places(
        cls,
        name: str,
        lon_deg: FloatArray,
        lat_deg: FloatArray,
        texts: tuple[str, ...],
        ids: tuple[str, ...],
        *,
        sprite: str = "place",
    ) -> PointLayer:
        """Return places of any kind with one symbol, such as an inventory of past landslides."""
        rows = list(zip(lon_deg.tolist(), lat_deg.tolist(), ids, texts, strict=True))
        zero = np.zeros(len(rows), np.uint8)
        made = cls._make(name, rows, zero, (sprite,), zero.astype(np.int64), np.full(len(rows), _ALL_NAMES_BELOW_M))
        return made.at_storey(Storey.STATIONS, "station")

    @classmethod
    def _make(
        cls,
        name: str,
        rows: list[tuple[float, float, str, str]],
        sprite: NDArray[np.uint8],
        sprites: tuple[str, ...],
        rank: NDArray[np.int64],
        names_below_m: FloatArray,
    ) -> PointLayer:
        """Put places (lon, lat, id, name) into map meters, lowest rank first."""
        lonlat = np.array([row[:2] for row in rows], float).reshape(-1, 2)
        x_m, y_m = to_mercator(lonlat[:, 0], lonlat[:, 1])
        order = np.argsort(rank, kind="stable")
        return cls(
            name,
            x_m[order],
            y_m[order],
            sprite[order],
            sprites,
            tuple(rows[i][2] for i in order),
            tuple(rows[i][3] for i in order),
            rank[order],
            names_below_m[order],
        )

    def at_storey(self, storey: Storey, label_style: str) -> PointLayer:
        """Return the layer at another storey, with another style of names."""
        return PointLayer(
            self.name,
            self.x_m,
            self.y_m,
            self.sprite,
            self.sprites,
            self.ids,
            self.texts,
            self.rank,
            self.names_below_m,
            label_style,
            storey,
        )

    def _sprites_at(self, view: MapView) -> tuple[str, ...]:
        """Return the sprites for a scale: a crowd of points that are not judged takes less room."""
        crowded = self.sprites == POINT_SPRITES and view.meters_per_pixel > _CROWD_ABOVE_M
        return CROWD_SPRITES if crowded and int((self.sprite == 1).sum()) > _CROWD else self.sprites

    def draw(self, view: MapView, opacity: float) -> tuple[Drawing, ...]:
        """Return the symbols, and the names that the scale has room for."""
        named = np.flatnonzero(view.meters_per_pixel <= self.names_below_m)
        symbols = _symbols(self, opacity, self._sprites_at(view))
        return (symbols, _names(self, tuple(named.tolist()), opacity)) if len(named) else (symbols,)


@lru_cache(maxsize=64)
def _symbols(layer: PointLayer, opacity: float, sprites: tuple[str, ...]) -> Symbols:
    return Symbols(layer.name, layer.x_m, layer.y_m, layer.sprite, sprites, layer.ids, opacity)


@lru_cache(maxsize=64)
def _names(layer: PointLayer, which: tuple[int, ...], opacity: float) -> Labels:
    at = np.array(which, np.intp)
    if layer.storey is Storey.POINTS:
        priority = np.array(_POINT_PRIORITY, np.int64)[layer.rank[at]]
    else:
        priority = _STATION_PRIORITY + layer.rank[at]
    return Labels(
        f"{layer.name}.names",
        layer.x_m[at],
        layer.y_m[at],
        tuple(layer.texts[i] for i in which),
        priority,
        layer.label_style,
        dx_px=12,
        opacity=opacity,
    )
