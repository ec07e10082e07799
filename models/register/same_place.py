"""Whether two places are one: what a conversion there and back moves by its rounding is no change."""

from __future__ import annotations

import numpy as np
import shapely

from models.geodesy import FloatArray
from models.register.record import Record

SAME_M = 1.0
"""Nobody measures a place of a register better; the datums themselves come back to some centimeters."""
_M_PER_DEG = 111_195.0


def is_same_place(one: Record, other: Record) -> bool:
    """Say whether two records lie within a meter of each other; two without a place do, one without does not."""
    if one.lon_deg is None or one.lat_deg is None or other.lon_deg is None or other.lat_deg is None:
        return (one.lon_deg, one.lat_deg) == (other.lon_deg, other.lat_deg)
    return _far_m(np.array([[one.lon_deg, one.lat_deg]]), np.array([[other.lon_deg, other.lat_deg]])) <= SAME_M


def is_same_shape(one: Record, other: Record) -> bool:
    """Say whether two lines or areas have the same corners, each within a meter; True for two without a shape."""
    if one.wkb == other.wkb:
        return True
    if not one.wkb or not other.wkb:
        return False
    shapes = shapely.from_wkb([one.wkb, other.wkb])
    first, second = (shapely.get_coordinates(shape) for shape in shapes)
    if first.shape != second.shape or shapely.get_type_id(shapes[0]) != shapely.get_type_id(shapes[1]):
        return False
    return _far_m(first, second) <= SAME_M


def _far_m(first: FloatArray, second: FloatArray) -> float:
    """Return the longest way between corners (n, 2) of lon, lat, m; on a plane, as only what is near matters."""
    east = (first[:, 0] - second[:, 0]) * np.cos(np.radians(second[:, 1]))
    return _M_PER_DEG * float(np.hypot(east, first[:, 1] - second[:, 1]).max())
