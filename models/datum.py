"""The datums that Chinese maps use: WGS 84 (and CGCS2000, equal here), GCJ-02 and BD-09."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from models.errors import DataError
from models.geodesy import FloatArray

# The published formula is written on the Krasovsky ellipsoid of 1940.
_RADIUS_M = 6_378_245.0
_E2 = 0.006693421622965943
# Where the formula is used: a rough box round China that takes in parts of its neighbors.
CHINA_BOX_DEG = (72.004, 0.8293, 137.8347, 55.8271)
"""West, south, east, north of the published box; outside of it the three datums are one."""
_BD_WAVE = np.radians(3000.0)
_BD_EAST_DEG, _BD_NORTH_DEG = 0.0065, 0.006
# An inverse is found when its last step is below a tenth of a millimeter.
_STEP_DEG = 1e-9
_MOST_STEPS = 20
# WGS 84 and CGCS2000 in degrees, flat and with heights: equal to some centimeters.
_SAME = (4326, 4979, 4490, 4480)

Places = tuple[FloatArray, FloatArray]
_Shift = Callable[[FloatArray, FloatArray], Places]


class Datum(StrEnum):
    """What longitude and latitude of a file rest on."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def in_china_box(lon_deg: FloatArray, lat_deg: FloatArray) -> NDArray[np.bool_]:
    """Return which places lie in `CHINA_BOX_DEG`, as booleans of their shape; NaN does not."""
    west, south, east, north = CHINA_BOX_DEG
    lon, lat = np.asarray(lon_deg, float), np.asarray(lat_deg, float)
    return np.asarray((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))


def wgs84_to_gcj02(lon_deg: FloatArray, lat_deg: FloatArray) -> Places:
    """Return GCJ-02 ``(lon_deg, lat_deg)`` of WGS 84 degrees, any shape.

    Places outside of `CHINA_BOX_DEG` come back unchanged, NaN stays NaN.

    Notes
    -----
    Source: the formula found in the first mobile maps and published since 2010 (Wikipedia,
    "Restrictions on geographic data in China"; on GitHub ``googollee/eviltransform``):
    polynomials and sines in degrees from 105 E 35 N. It gives what Chinese map services show
    to about a meter.
    """
    return _shifted(_gcj_shift, lon_deg, lat_deg)


def gcj02_to_wgs84(lon_deg: FloatArray, lat_deg: FloatArray) -> Places:
    """Return WGS 84 ``(lon_deg, lat_deg)`` of GCJ-02 degrees: `wgs84_to_gcj02` undone to below a millimeter.

    Places outside of `CHINA_BOX_DEG` come back unchanged, NaN stays NaN.
    """
    return _undone(_gcj_shift, lon_deg, lat_deg)


def gcj02_to_bd09(lon_deg: FloatArray, lat_deg: FloatArray) -> Places:
    """Return BD-09 ``(lon_deg, lat_deg)`` of GCJ-02 degrees, any shape.

    Places outside of `CHINA_BOX_DEG` come back unchanged, NaN stays NaN.

    Notes
    -----
    Source: the formula published with the one of GCJ-02 (GitHub ``hujiulong/gcoord``): distance and angle from
    0 E 0 N are changed by small waves, then 0.0065 and 0.006 degrees are added.
    """
    return _shifted(_bd_shift, lon_deg, lat_deg)


def bd09_to_gcj02(lon_deg: FloatArray, lat_deg: FloatArray) -> Places:
    """Return GCJ-02 ``(lon_deg, lat_deg)`` of BD-09 degrees: `gcj02_to_bd09` undone to below a millimeter.

    Places outside of `CHINA_BOX_DEG` come back unchanged, NaN stays NaN.
    """
    return _undone(_bd_shift, lon_deg, lat_deg)


def wgs84_to_bd09(lon_deg: FloatArray, lat_deg: FloatArray) -> Places:
    """Return BD-09 ``(lon_deg, lat_deg)`` of WGS 84 degrees, by way of GCJ-02."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lon_deg, lat_deg))


def bd09_to_wgs84(lon_deg: FloatArray, lat_deg: FloatArray) -> Places:
    """Return WGS 84 ``(lon_deg, lat_deg)`` of BD-09 degrees, by way of GCJ-02."""
    return gcj02_to_wgs84(*bd09_to_gcj02(lon_deg, lat_deg))


def convert(lon_deg: FloatArray, lat_deg: FloatArray, from_: Datum, to: Datum) -> Places:
    """Return ``(lon_deg, lat_deg)`` in another datum, any shape; unchanged outside of `CHINA_BOX_DEG`."""
    if from_ is to:
        return np.array(lon_deg, float), np.array(lat_deg, float)
    return _WAYS[from_, to](lon_deg, lat_deg)


def to_wgs84(x: FloatArray, y: FloatArray, crs: str) -> Places:
    """Return WGS 84 ``(lon_deg, lat_deg)`` of coordinates of any kind, any shape; what has no place there is NaN.

    Parameters
    ----------
    x, y : degrees or meters, as ``crs`` has them
        East and north, or longitude and latitude: in this order whatever the register of systems says.
    crs : str
        ``wgs84``, ``gcj02``, ``bd09``, or a system that PROJ knows, such as ``EPSG:4490`` (CGCS2000) or its text.

    Raises
    ------
    DataError
        ``datum.unknown_crs``.
    """
    if crs.casefold() in list(Datum):
        return convert(x, y, Datum(crs.casefold()), Datum.WGS84)
    to_lonlat = _transformer(crs)
    if to_lonlat is None:
        return np.array(x, float), np.array(y, float)
    lon, lat = to_lonlat.transform(np.asarray(x, float), np.asarray(y, float))
    return _finite(lon), _finite(lat)


def from_wgs84(lon_deg: FloatArray, lat_deg: FloatArray, crs: str) -> Places:
    """Return coordinates in another system; `to_wgs84` undone, with the same errors."""
    if crs.casefold() in list(Datum):
        return convert(lon_deg, lat_deg, Datum.WGS84, Datum(crs.casefold()))
    to_lonlat = _transformer(crs)
    if to_lonlat is None:
        return np.array(lon_deg, float), np.array(lat_deg, float)
    x, y = to_lonlat.transform(np.asarray(lon_deg, float), np.asarray(lat_deg, float), direction="INVERSE")
    return _finite(x), _finite(y)


@lru_cache(maxsize=32)
def _transformer(crs: str) -> Transformer | None:
    """Return the way from a system to WGS 84; None where there is nothing to do."""
    try:
        system = CRS.from_user_input(crs)
        same = system.is_geographic and system.to_epsg(min_confidence=70) in _SAME
        return None if same else Transformer.from_crs(system, "EPSG:4326", always_xy=True)
    except (CRSError, ProjError) as error:
        raise DataError("datum.unknown_crs", crs=crs) from error


def _finite(values: FloatArray) -> FloatArray:
    found = np.asarray(values, float)
    return np.where(np.isfinite(found), found, np.nan)


def shift_m(lon_deg: FloatArray, lat_deg: FloatArray, from_: Datum, to: Datum) -> Places:
    """Return how far places move when they are converted: ``(east_m, north_m)`` on the ground, to 1 %."""
    lon, lat = convert(lon_deg, lat_deg, from_, to)
    north_m = (lat - np.asarray(lat_deg, float)) * 111_195.0
    return (lon - np.asarray(lon_deg, float)) * 111_195.0 * np.cos(np.radians(lat)), north_m


def _gcj_shift(lon: FloatArray, lat: FloatArray) -> Places:
    """Return the shift of GCJ-02 in degrees; the formula itself, without the box."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    ripple = 20.0 * np.sin(6 * np.pi * x) + 20.0 * np.sin(2 * np.pi * x)
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += 2 / 3 * (ripple + _waves(x, (20.0, 1), (40.0, 3), (150.0, 12), (300.0, 30)))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += 2 / 3 * (ripple + _waves(y, (20.0, 1), (40.0, 3), (160.0, 12), (320.0, 30)))
    latitude = np.radians(lat)
    root_w = np.sqrt(1 - _E2 * np.sin(latitude) ** 2)
    along_parallel = _RADIUS_M / root_w * np.cos(latitude)
    along_meridian = _RADIUS_M * (1 - _E2) / root_w**3
    return np.degrees(east / along_parallel), np.degrees(north / along_meridian)


def _waves(at: FloatArray, *waves: tuple[float, int]) -> FloatArray:
    """Return the sum of sines, each with its height and the degrees of half its length."""
    total = np.zeros_like(at)
    for height, half_deg in waves:
        total += height * np.sin(np.pi / half_deg * at)
    return total


def _bd_shift(lon: FloatArray, lat: FloatArray) -> Places:
    """Return the shift of BD-09 against GCJ-02 in degrees; the formula itself, without the box."""
    reach = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_WAVE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_WAVE)
    return reach * np.cos(angle) + _BD_EAST_DEG - lon, reach * np.sin(angle) + _BD_NORTH_DEG - lat


def _shifted(shift: _Shift, lon_deg: FloatArray, lat_deg: FloatArray) -> Places:
    """Return places moved by ``shift``, those outside of the box as they are."""
    lon, lat = np.asarray(lon_deg, float), np.asarray(lat_deg, float)
    inside = in_china_box(lon, lat)
    east_deg, north_deg = shift(np.where(inside, lon, np.nan), np.where(inside, lat, np.nan))
    return np.where(inside, lon + east_deg, lon), np.where(inside, lat + north_deg, lat)


def _undone(shift: _Shift, lon_deg: FloatArray, lat_deg: FloatArray) -> Places:
    """Return the places that ``shift`` brings to those given; each step is fifty times smaller than the last."""
    to_lon, to_lat = np.asarray(lon_deg, float), np.asarray(lat_deg, float)
    inside = in_china_box(to_lon, to_lat)
    lon, lat = np.where(inside, to_lon, np.nan), np.where(inside, to_lat, np.nan)
    for _ in range(_MOST_STEPS):
        east_deg, north_deg = shift(lon, lat)
        next_lon, next_lat = to_lon - east_deg, to_lat - north_deg
        steps = np.where(inside, np.abs(next_lon - lon) + np.abs(next_lat - lat), 0.0)
        lon, lat = next_lon, next_lat
        if steps.max(initial=0.0) < _STEP_DEG:
            break
    return np.where(inside, lon, to_lon), np.where(inside, lat, to_lat)


_WAYS: dict[tuple[Datum, Datum], _Shift] = {
    (Datum.WGS84, Datum.GCJ02): wgs84_to_gcj02,
    (Datum.GCJ02, Datum.WGS84): gcj02_to_wgs84,
    (Datum.GCJ02, Datum.BD09): gcj02_to_bd09,
    (Datum.BD09, Datum.GCJ02): bd09_to_gcj02,
    (Datum.WGS84, Datum.BD09): wgs84_to_bd09,
    (Datum.BD09, Datum.WGS84): bd09_to_wgs84,
}
