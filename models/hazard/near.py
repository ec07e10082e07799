"""What lies round a place: the nearest of a register, the areas over it, and how long it takes on foot."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from pyproj import Geod

from models.geodesy import FloatArray, mercator_scale, to_lonlat, to_mercator
from models.register.record import Record

WALK_M_PER_MIN = 4_000.0 / 60.0
"""On foot on a hill path, with children and old people: 4 km an hour."""
CLIMB_M_PER_MIN = 600.0 / 60.0
_SLACK = 1.02
_GEOD = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class NearRecord:
    """A record with how far it lies from a place, in m along the ground; ``bearing_deg`` is from the place to it."""

    record: Record
    distance_m: float
    bearing_deg: float


@dataclass(frozen=True, slots=True, eq=False)
class NearPlaces:
    """Records of one or several registers, found by place.

    ``shapes`` (n,) are their points, lines and areas in Web Mercator meters, ``tree`` an R-tree of them; records
    without a place are left out. Made once for many questions: building takes about 4 µs a point.
    """

    records: tuple[Record, ...]
    shapes: Any
    tree: Any

    @classmethod
    def of(cls, records: Iterable[Record]) -> NearPlaces:
        """Return the records that have a place, ready to be asked."""
        placed = tuple(r for r in records if r.wkb or (r.lon_deg is not None and r.lat_deg is not None))
        lonlat = np.array([(r.lon_deg or 0.0, r.lat_deg or 0.0) for r in placed], float).reshape(-1, 2)
        shapes = shapely.points(lonlat)
        with_shape = [i for i, r in enumerate(placed) if r.wkb]
        if with_shape:
            shapes[with_shape] = shapely.from_wkb([placed[i].wkb for i in with_shape])
        shapes = shapely.transform(shapes, _in_mercator)
        return cls(placed, shapes, shapely.STRtree(shapes))

    def near(
        self, lon_deg: float, lat_deg: float, *, most: int = 1, within_m: float = 50_000.0
    ) -> tuple[NearRecord, ...]:
        """Return the nearest records, the nearest first; a line or area counts by its nearest place.

        Parameters
        ----------
        lon_deg, lat_deg : float, degrees
            WGS 84.
        most : int
            So many at most.
        within_m : float, m
            So far away at most, along the ground.
        """
        if not self.records:
            return ()
        here = _point(lon_deg, lat_deg)
        found = self.tree.query(here, predicate="dwithin", distance=within_m * mercator_scale(lat_deg) * _SLACK)
        if len(found) == 0:
            return ()
        ends = shapely.get_coordinates(shapely.shortest_line(np.full(len(found), here), self.shapes[found]))
        lon, lat = to_lonlat(ends[1::2, 0], ends[1::2, 1])
        bearing, _, far = _GEOD.inv(np.full(len(lon), lon_deg), np.full(len(lat), lat_deg), lon, lat)
        far = np.asarray(far, float)
        order = np.argsort(far, kind="stable")[:most]
        return tuple(
            NearRecord(self.records[int(found[i])], float(far[i]), float(bearing[i]) % 360.0)
            for i in order.tolist()
            if far[i] <= within_m
        )

    def over(self, lon_deg: float, lat_deg: float) -> tuple[Record, ...]:
        """Return the areas in which a place lies, in the order of the register."""
        if not self.records:
            return ()
        found = self.tree.query(_point(lon_deg, lat_deg), predicate="intersects")
        areas = found[shapely.get_dimensions(self.shapes[found]) == 2]
        return tuple(self.records[i] for i in np.sort(areas).tolist())


def length_m(wkb: bytes) -> float:
    """Return how long a line in WGS 84 is along the ground, in m; 0 for what is no line."""
    shape = shapely.from_wkb(wkb)
    if shapely.get_dimensions(shape) != 1:
        return 0.0
    return float(_GEOD.geometry_length(shape))


def walk_minutes(distance_m: float, climb_m: float = math.nan) -> float:
    """Return how many minutes a way takes on foot.

    Parameters
    ----------
    distance_m : float, m
        Along the way.
    climb_m : float, m
        How much higher the end lies; NaN where nobody knows, and a way down, count as level.

    Notes
    -----
    4 km an hour, and a minute more for each 10 m of climb: Naismith's rule of the climb (Naismith 1892) with a
    pace for a whole village instead of a walker's 5 km an hour.

    Examples
    --------
    >>> round(walk_minutes(1230.0))
    18
    >>> round(walk_minutes(1230.0, 60.0))
    24
    """
    climb = climb_m if math.isfinite(climb_m) and climb_m > 0 else 0.0
    return distance_m / WALK_M_PER_MIN + climb / CLIMB_M_PER_MIN


def _in_mercator(lonlat: FloatArray) -> FloatArray:
    return np.column_stack(to_mercator(lonlat[:, 0], lonlat[:, 1]))


def _point(lon_deg: float, lat_deg: float) -> Any:
    x_m, y_m = to_mercator(np.array([lon_deg]), np.array([lat_deg]))
    return shapely.Point(float(x_m[0]), float(y_m[0]))
