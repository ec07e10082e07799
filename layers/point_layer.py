"""Points on the map: hazard points by level, gauges, radars, and other places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers import shape as shapes
from layers.clusters import cell_m, cluster
from layers.drawing import Drawing, Group, Labels, Symbols
from layers.map_view import MapView
from layers.sign import ClusterSign, Sign, sign_of
from layers.stack import Storey
from models.geodesy import FloatArray, to_mercator
from models.hazard.level import RISING, Level
from models.hazard.register import HazardPoint
from models.radar.called import called
from models.radar.volume import Site
from models.rain.observations import Gauge

# Bare marks, worst last, so that it is painted over the others.
POINT_SPRITES = ("point.none", "point.not_judged", "level.blue", "level.yellow", "level.orange", "level.red")
# One of a crowd that could not be judged: hollow and small, so that the radar is seen through it; one of a calm
# crowd is the bare `point.none`.
CROWD_SPRITE = "point.not_judged.crowd"
_CROWD, _CROWD_ABOVE_M = 100, 25.0
RANKS = (Level.NONE, Level.NOT_JUDGED, *RISING)
"""Which level is painted over which, and keeps its name: the index is the rank."""
RANK_OF = {level: rank for rank, level in enumerate(RANKS)}
# Which names win where they collide: those of levels, then towns (80), then the rest.
_STATION_PRIORITY = 20
_POINT_PRIORITY = (40, 60, 110, 120, 130, 140)
# How far a name stands off its place: a point's must clear the widest sign of a level.
_POINT_ASIDE_PX, _STATION_ASIDE_PX = 17, 12
# Nearer than this every point stands for itself, in map meters a pixel.
CLUSTERS_ABOVE_M = 6.0
# Names of points without a level are shown from this scale on, in map meters a pixel.
_ALL_NAMES_BELOW_M = 12.0
_JUDGED_NAMES_BELOW_M = 60.0


@dataclass(frozen=True, slots=True, eq=False)
class PointLayer:
    """Places with a symbol each and a name.

    ``x_m``, ``y_m`` (n,) map meters, ``sprite`` (n,) indexes ``sprites``; ``rank`` (n,)
    orders painting and names: a higher one is painted later and keeps its name.
    ``names_below_m`` (n,) is the scale from which on a name is shown. ``may_join``
    (n,) bool says which may become part of a cluster at small scales; None if none.
    """

    name: str
    x_m: FloatArray
    y_m: FloatArray
    sprite: NDArray[np.integer[Any]]
    sprites: tuple[str, ...]
    ids: tuple[str, ...]
    texts: tuple[str, ...]
    rank: NDArray[np.int64]
    names_below_m: FloatArray
    label_style: str = "point"
    storey: Storey = Storey.POINTS
    may_join: NDArray[np.bool_] | None = None

    @classmethod
    def of_hazards(
        cls,
        points: Iterable[HazardPoint],
        levels: Mapping[str, Level],
        *,
        name: str = "points",
        doubtful: frozenset[str] = frozenset(),
        overdue: frozenset[str] = frozenset(),
    ) -> PointLayer:
        """Return hazard points by kind and level; a point that ``levels`` (id to level) lacks is not judged.

        ``doubtful`` and ``overdue`` are ids whose position may be wrong, and whose inspection is past due.
        """
        listed = tuple(points)
        signs = [
            Sign(p.kind.value, levels.get(p.id, Level.NOT_JUDGED), p.id in doubtful, p.id in overdue) for p in listed
        ]
        rows = [(p.lon_deg, p.lat_deg, p.id, p.name) for p in listed]
        return cls.of_signs(name, rows, signs)

    @classmethod
    def of_signs(
        cls,
        name: str,
        rows: list[tuple[float, float, str, str]],
        signs: Sequence[Sign],
        *,
        may_join: NDArray[np.bool_] | None = None,
    ) -> PointLayer:
        """Return places (lon, lat, id, name) with a sign each, the worst level on top.

        Parameters
        ----------
        name : str
            Name of the layer.
        rows : list[tuple[float, float, str, str]]
            lon and lat in degrees, id, name.
        signs : Sequence[Sign]
            One a row.
        may_join : (n,) bool, optional
            Which may become part of a cluster; None if the layer has none.
        """
        number: dict[Sign, int] = {}
        sprite = np.array([number.setdefault(sign, len(number)) for sign in signs], np.int64)
        ranks = np.array([RANK_OF[sign.level] for sign in number] or [0], np.int64)
        idle = np.array([sign.inactive and not sign.level.is_alarm for sign in number] or [False], bool)
        rank = ranks[sprite] if len(sprite) else sprite
        below = np.select([rank >= 2, rank == 1], [np.inf, _ALL_NAMES_BELOW_M * 1.5], default=_ALL_NAMES_BELOW_M)
        if (rank == 1).sum() <= 24:  # few stand out and are named; when nothing is judged yet they are the crowd
            below[rank == 1] = _JUDGED_NAMES_BELOW_M
        if len(sprite):
            below[idle[sprite]] /= 2
        keys = tuple(sign.key for sign in number)
        return cls._make(name, rows, sprite, keys, rank, below.astype(float), may_join)

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
        rows = [(s.lon_deg, s.lat_deg, s.code, called(s.name, s.code, brief=True)) for s in sites]
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
        sprite: NDArray[np.integer[Any]],
        sprites: tuple[str, ...],
        rank: NDArray[np.int64],
        names_below_m: FloatArray,
        may_join: NDArray[np.bool_] | None = None,
    ) -> PointLayer:
        """Put places (lon, lat, id, name) into map meters, lowest rank first."""
        # By the row: numpy's own reading of a list of pairs would hold every other thread for 15 ms at 50,000.
        lon_deg, lat_deg = (np.fromiter((row[i] for row in rows), float, len(rows)) for i in (0, 1))
        x_m, y_m = to_mercator(lon_deg, lat_deg)
        order = np.argsort(rank, kind="stable")
        return cls(
            name,
            x_m[order],
            y_m[order],
            sprite[order],
            sprites,
            tuple(rows[i][2] for i in order.tolist()),
            tuple(rows[i][3] for i in order.tolist()),
            rank[order],
            names_below_m[order],
            may_join=None if may_join is None else may_join[order],
        )

    def at_storey(self, storey: Storey, label_style: str) -> PointLayer:
        """Return the layer at another storey, with another style of names."""
        return replace(self, storey=storey, label_style=label_style)

    def _sprites_at(self, view: MapView) -> tuple[str, ...]:
        """Return the sprites for a scale: a crowd without a level takes less room, so that the field is seen."""
        if self.storey is not Storey.POINTS or view.meters_per_pixel <= _CROWD_ABOVE_M:
            return self.sprites
        calm, silent = (int((self.rank == RANK_OF[level]).sum()) > _CROWD for level in (Level.NONE, Level.NOT_JUDGED))
        return _crowd(self.sprites, calm, silent)

    def draw(self, view: MapView, opacity: float) -> tuple[Drawing, ...]:
        """Return the symbols, and the names that the scale has room for."""
        named = view.meters_per_pixel <= self.names_below_m
        sprites = self._sprites_at(view)
        if self.may_join is not None and view.meters_per_pixel > CLUSTERS_ABOVE_M:
            symbols, single = _clustered(self, opacity, sprites, shapes.octave_of(view))
            named = named & single
        else:
            symbols = _symbols(self, opacity, sprites)
        shown = np.flatnonzero(named)
        return (symbols, _names(self, shown.tobytes(), opacity)) if len(shown) else (symbols,)


@lru_cache(maxsize=16)
def _symbols(layer: PointLayer, opacity: float, sprites: tuple[str, ...]) -> Symbols:
    return Symbols(layer.name, layer.x_m, layer.y_m, layer.sprite, sprites, layer.ids, opacity)


@lru_cache(maxsize=256)
def _crowd(sprites: tuple[str, ...], calm: bool, silent: bool) -> tuple[str, ...]:
    """Return sprites in which a crowd has bare small marks; what stands out in it keeps its sign."""
    out = []
    for sprite in sprites:
        head = sprite.partition("/")[0]
        if silent and head == "point.not_judged":
            out.append(CROWD_SPRITE)
        else:
            out.append(head if calm and head == "point.none" else sprite)
    return tuple(out)


@lru_cache(maxsize=16)
def _clustered(
    layer: PointLayer, opacity: float, sprites: tuple[str, ...], octave: int
) -> tuple[Symbols, NDArray[np.bool_]]:
    """Return clusters first and single points over them, and (n,) bool which are single."""
    joins = np.zeros(len(layer.ids), bool) if layer.may_join is None else layer.may_join
    found = cluster(layer.x_m, layer.y_m, joins, cell_m(octave))
    members, starts, counts = found.members, found.starts, found.counts
    at = np.flatnonzero(found.single)
    missing = np.array([sign.level is Level.NOT_JUDGED for sign in _signs(layer.sprites)] or [False], bool)
    numbers: dict[str, int] = {}
    own = np.zeros(len(counts), np.int64)
    groups: dict[str, Group] = {}
    for i, (first, last) in enumerate(zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True)):
        inside = members[first:last]
        sign = ClusterSign(last - first, bool(missing[layer.sprite[inside]].any()))
        own[i] = numbers.setdefault(sign.key, len(sprites) + len(numbers))
        x_m, y_m = layer.x_m[inside], layer.y_m[inside]
        bounds = float(x_m.min()), float(y_m.min()), float(x_m.max()), float(y_m.max())
        ids = tuple([layer.ids[k] for k in inside.tolist()])
        groups[f"cluster:{layer.name}:{ids[0]}"] = Group(ids, bounds)
    return (
        Symbols(
            layer.name,
            np.concatenate([found.x_m, layer.x_m[at]]),
            np.concatenate([found.y_m, layer.y_m[at]]),
            np.concatenate([own, layer.sprite[at]]),
            (*sprites, *numbers),
            (*groups, *[layer.ids[i] for i in at.tolist()]),
            opacity,
            groups,
        ),
        found.single,
    )


def _signs(sprites: tuple[str, ...]) -> list[Sign]:
    return [sign if isinstance(sign := sign_of(key), Sign) else Sign() for key in sprites]


@lru_cache(maxsize=16)
def _names(layer: PointLayer, which: bytes, opacity: float) -> Labels:
    """Return the names of some points; ``which`` are their indexes, as bytes, by which they are known again."""
    at = np.frombuffer(which, np.intp)
    if layer.storey is Storey.POINTS:
        priority = np.array(_POINT_PRIORITY, np.int64)[layer.rank[at]]
    else:
        priority = _STATION_PRIORITY + layer.rank[at]
    return Labels(
        f"{layer.name}.names",
        layer.x_m[at],
        layer.y_m[at],
        tuple([layer.texts[i] for i in at.tolist()]),
        priority,
        layer.label_style,
        dx_px=_POINT_ASIDE_PX if layer.storey is Storey.POINTS else _STATION_ASIDE_PX,
        opacity=opacity,
    )
