"""The rows of a file on the ground, for two small maps beside each other: as they stand there, and as they are taken."""

from __future__ import annotations

import numpy as np
import shapely

from layers import shape as shapes
from layers.drawing import Drawing, Drawings, Labels, Lines, Symbols
from layers.map_view import MapView
from models.datum import Datum, convert
from models.geodesy import FloatArray, to_lonlat, to_mercator
from models.register.quality import Quality
from models.register.surroundings import Surroundings

_METERS_PER_PIXEL = 14.0
_REACH_X_M, _REACH_Y_M = 2400.0, 1200.0
"""Half of what a small picture shows, in map meters."""
_INNER = 0.85
_MOST_SHOWN = 3000


def view_of(quality: Quality, ground: Surroundings) -> MapView | None:
    """Return a view of some kilometers where most rows lie close together, near a road where places are alike."""
    lon, lat = _placed(quality.entries.lon_deg, quality.entries.lat_deg)
    rows = np.flatnonzero(np.isfinite(lon))[:_MOST_SHOWN]
    if not rows.size:
        return None
    x, y = to_mercator(lon[rows], lat[rows])
    reach = shapely.box(x - _REACH_X_M, y - _REACH_Y_M, x + _REACH_X_M, y + _REACH_Y_M)
    here, others = shapely.STRtree(shapely.points(x, y)).query(reach)
    many = np.bincount(here, minlength=rows.size)
    best = np.flatnonzero(many == many.max())
    way_m = ground.road_or_house_m(lon[rows[best]], lat[rows[best]])
    row = int(best[np.nanargmin(way_m)] if np.isfinite(way_m).any() else best[0])
    near = others[here == row]
    return MapView(_middle(x[near]), _middle(y[near]), _METERS_PER_PIXEL, 300, 300)


def _middle(values: FloatArray) -> float:
    return float((values.min() + values.max()) / 2)


def drawings_of(quality: Quality, ground: Surroundings) -> tuple[Drawings, Drawings]:
    """Return roads, villages and the rows: as they stand in the file, and as they are taken."""
    lon, lat = _placed(quality.entries.lon_deg, quality.entries.lat_deg)
    position, is_converted = quality.position, quality.entries.crs.casefold() in {"gcj02", "bd09"}
    datum = position.suspected if position is not None else None
    if is_converted:
        raw = convert(lon, lat, Datum.WGS84, Datum(quality.entries.crs.casefold()))
        read, taken = raw, (lon, lat)
    elif datum is not None:
        read, taken = (lon, lat), convert(lon, lat, datum, Datum.WGS84)
    else:
        read = taken = (lon, lat)
    base: list[Drawing] = []
    for name, style, things in (("villages", "village", ground.villages.shapes), ("roads", "road", ground.roads),
                                ("rivers", "river", ground.waters)):  # fmt: skip
        if things:
            made = shapes.rings_of([_geometry(one) for one in things], [str(n) for n in range(len(things))])
            base.append(Lines(f"import.{name}", made.xy, made.starts, made.ids, style))
    if ground.villages.shapes:
        base.append(_village_names(ground, view_of(quality, ground)))
    return Drawings((*base, _points(*read))), Drawings((*base, *_arrows(read, taken), _points(*taken)))


def _village_names(ground: Surroundings, view: MapView | None) -> Labels:
    """Return the names of the villages, each in the middle of its area, or of the part of it that the view shows."""
    areas = np.array([_geometry(one) for one in ground.villages.shapes], dtype=object)
    if view is not None:
        x = view.center_x_m + np.array([-_REACH_X_M, _REACH_X_M]) * _INNER
        y = view.center_y_m + np.array([-_REACH_Y_M, _REACH_Y_M]) * _INNER
        lon, lat = to_lonlat(x, y)
        seen = shapely.intersection(shapely.make_valid(areas), shapely.box(lon[0], lat[0], lon[1], lat[1]))
        areas = np.where(shapely.is_empty(seen), areas, seen)
    middle = shapely.point_on_surface(areas)
    x, y = to_mercator(shapely.get_x(middle), shapely.get_y(middle))
    return Labels("import.names", x, y, ground.villages.names, np.zeros(len(x), np.int64), "village")


def _placed(lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return places that a map can show, NaN for the others."""
    shown = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 85)
    return np.where(shown, lon, np.nan), np.where(shown, lat, np.nan)


def _geometry(one: object) -> shapely.Geometry:
    return shapely.from_wkb(one) if isinstance(one, bytes) else one


def _points(lon: FloatArray, lat: FloatArray) -> Symbols:
    x, y = to_mercator(lon[:_MOST_SHOWN], lat[:_MOST_SHOWN])
    ids = tuple(str(n) for n in range(len(x)))
    return Symbols("import.points", x, y, np.zeros(len(x), np.uint8), ("point.none",), ids)


def _arrows(read: tuple[FloatArray, FloatArray], taken: tuple[FloatArray, FloatArray]) -> tuple[Drawing, ...]:
    """Return a thin line from where each row stood to where it is taken to stand."""
    if read[0] is taken[0]:
        return ()
    first, last = (np.column_stack(to_mercator(one[0][:_MOST_SHOWN], one[1][:_MOST_SHOWN])) for one in (read, taken))
    known = np.isfinite(first).all(axis=1) & np.isfinite(last).all(axis=1)
    xy = np.stack([first[known], last[known]], axis=1).reshape(-1, 2)
    starts = np.arange(0, len(xy) + 1, 2, dtype=np.int64)
    return (Lines("import.moved", xy, starts, tuple(str(n) for n in range(len(starts) - 1)), "link"),)
