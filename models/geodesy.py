"""Places on the earth: Web Mercator, distances, and a plane round a radar."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod, Transformer

FloatArray = NDArray[np.float64]

MERCATOR_RADIUS_M = 6_378_137.0
_GEOD = Geod(ellps="WGS84")


def to_mercator(lon_deg: FloatArray, lat_deg: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return Web Mercator (EPSG:3857) ``(x_m, y_m)`` of WGS 84 degrees; NaN stays NaN."""
    x_m = np.radians(lon_deg) * MERCATOR_RADIUS_M
    y_m = np.log(np.tan(np.pi / 4 + np.radians(lat_deg) / 2)) * MERCATOR_RADIUS_M
    return x_m, y_m


def to_lonlat(x_m: FloatArray, y_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return WGS 84 ``(lon_deg, lat_deg)`` of Web Mercator meters; NaN stays NaN."""
    lon_deg = np.degrees(np.asarray(x_m) / MERCATOR_RADIUS_M)
    lat_deg = np.degrees(2 * np.arctan(np.exp(np.asarray(y_m) / MERCATOR_RADIUS_M)) - np.pi / 2)
    return lon_deg, lat_deg


def mercator_scale(lat_deg: float) -> float:
    """Return map meters per ground meter at a latitude (about 1.1 in South China)."""
    return 1.0 / math.cos(math.radians(lat_deg))


def distance_m(lon_deg: FloatArray, lat_deg: FloatArray, to_lon_deg: float, to_lat_deg: float) -> FloatArray:
    """Return the geodesic distances in m from many places to one; shape of ``lon_deg``."""
    lon, lat = np.asarray(lon_deg, float), np.asarray(lat_deg, float)
    _, _, out = _GEOD.inv(lon, lat, np.full_like(lon, to_lon_deg), np.full_like(lat, to_lat_deg))
    return np.asarray(out, float)


@lru_cache(maxsize=64)
def _plane(lon_deg: float, lat_deg: float) -> Transformer:
    proj = f"+proj=aeqd +lon_0={lon_deg!r} +lat_0={lat_deg!r} +datum=WGS84 +units=m"
    return Transformer.from_crs("EPSG:4326", proj, always_xy=True)


def to_plane(lon_deg: FloatArray, lat_deg: FloatArray, *, center: tuple[float, float]) -> tuple[FloatArray, FloatArray]:
    """Return meters ``(east_m, north_m)`` from ``center`` (lon, lat), azimuthal equidistant."""
    x, y = _plane(*center).transform(lon_deg, lat_deg)
    return np.asarray(x, float), np.asarray(y, float)


def from_plane(
    east_m: FloatArray, north_m: FloatArray, *, center: tuple[float, float]
) -> tuple[FloatArray, FloatArray]:
    """Return ``(lon_deg, lat_deg)`` of meters from ``center`` (lon, lat); inverse of `to_plane`."""
    lon, lat = _plane(*center).transform(east_m, north_m, direction="INVERSE")
    return np.asarray(lon, float), np.asarray(lat, float)


def leg(from_deg: tuple[float, float], to_deg: tuple[float, float]) -> tuple[float, float]:
    """Return the geodesic distance in m and the bearing at the start, 0 to 360 degrees from true north.

    Examples
    --------
    >>> [round(value) for value in leg((106.0, 28.0), (107.0, 28.0))]
    [98364, 90]
    """
    azimuth, _, distance = _GEOD.inv(*from_deg, *to_deg)
    return float(distance), float(azimuth) % 360


def ring_area_m2(ring: list[tuple[float, float]]) -> float:
    """Return the geodesic area within a ring of (lon, lat), m2; of a ring that crosses itself, of all it encloses."""
    if len(ring) < 3:
        return 0.0
    shape = shapely.orient_polygons(untangled(shapely.Polygon(ring)))
    area, _ = _GEOD.geometry_area_perimeter(shape) if not shape.is_empty else (0.0, 0.0)
    return abs(float(area))


def crosses_itself(ring: list[tuple[float, float]]) -> bool:
    """Say whether the sides of a ring of (lon, lat) cross one another."""
    return len(ring) > 3 and not shapely.LinearRing(ring).is_simple


def untangled(shape: shapely.Geometry) -> shapely.Geometry:
    """Return an area, or an array of them, whose rings cross or touch themselves as the union of what they enclose.

    No ground that was meant to be inside falls out of it. What encloses nothing becomes empty; sound areas stay as
    they are.
    """
    return shapely.make_valid(shape, method="structure", keep_collapsed=False)
