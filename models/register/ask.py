"""What lies inside a shape on the map: records by register, people and households at risk, kilometers of lines."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from models.errors import DataError
from models.geodesy import untangled
from models.register.description import FieldType, GeometryType, RegisterDescription
from models.register.record import Record

COUNTED_UNITS = ("人", "户")
"""A number field in one of these units is summed up over what lies inside."""
_GEOD = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class Inside:
    """What of one register lies inside: its records in their order, sums by field key, km of its lines.

    ``unknown`` counts, by field key, the records inside that say nothing of it: the sum is at least so much.
    ``cut`` are ids of lines and areas of which only a part lies inside.
    """

    register: str
    records: tuple[Record, ...]
    sums: Mapping[str, float] = field(default_factory=dict)
    unknown: Mapping[str, int] = field(default_factory=dict)
    length_km: float = 0.0
    cut: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """What lies inside a shape of ``area_km2``, registers in the order in which they were asked.

    ``without_place`` counts, by register, the records that nobody can place, so that they are neither in nor out.
    """

    area_km2: float
    registers: tuple[Inside, ...]
    without_place: Mapping[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many records lie inside, of all registers."""
        return sum(len(one.records) for one in self.registers)


def shape_of(ring: Iterable[tuple[float, float]]) -> bytes:
    """Return the WKB (WGS 84) of an area drawn by hand: all it encloses where its sides cross.

    Raises
    ------
    DataError
        ``ask.no_area`` if it has fewer than three corners or no extent.
    """
    corners = list(ring)
    if len(set(corners)) >= 3:
        shape = untangled(shapely.Polygon(corners))
        if shape.area > 0:
            return bytes(shapely.to_wkb(shape))
    raise DataError("ask.no_area")


def inside(area: bytes, registers: Iterable[tuple[RegisterDescription, tuple[Record, ...]]]) -> Answer:
    """Return what lies inside an area.

    Parameters
    ----------
    area : bytes
        A (multi)polygon in WGS 84 as WKB. Its edge belongs to it.
    registers : iterable of (RegisterDescription, tuple of Record)
        What is asked for; registers of which nothing lies inside are left out of the answer.

    Raises
    ------
    DataError
        ``ask.no_area`` if the shape is empty or none.

    Notes
    -----
    Lengths and the area are geodesic, on the WGS 84 ellipsoid.
    """
    shape = _read(area)
    shapely.prepare(shape)
    found: list[Inside] = []
    without: dict[str, int] = {}
    for description, records in registers:
        one, lost = _inside(shape, description, records)
        if lost:
            without[description.name] = lost
        if one.records:
            found.append(one)
    return Answer(area_km2(shape), tuple(found), without)


def area_km2(shape: shapely.Geometry) -> float:
    """Return the geodesic area of (multi)polygons in degrees, km2; 0 of anything else."""
    square_m, _ = _GEOD.geometry_area_perimeter(shapely.orient_polygons(shape))
    return abs(float(square_m)) / 1e6


def length_km(shape: shapely.Geometry) -> float:
    """Return the geodesic length of lines in degrees, km."""
    return float(_GEOD.geometry_length(shape)) / 1000


def _read(area: bytes) -> shapely.Geometry:
    try:
        shape = shapely.from_wkb(area)
        shape = shape if shape is None or shape.is_valid else untangled(shape)
    except shapely.errors.ShapelyError as error:
        raise DataError("ask.no_area") from error
    if shape is None or shape.is_empty or shape.area == 0:
        raise DataError("ask.no_area")
    return shape


def _inside(
    shape: shapely.Geometry, description: RegisterDescription, records: tuple[Record, ...]
) -> tuple[Inside, int]:
    """Return what of one register lies inside, and how many of its records have no place."""
    lon = np.array([math.nan if r.lon_deg is None else r.lon_deg for r in records], float)
    lat = np.array([math.nan if r.lat_deg is None else r.lat_deg for r in records], float)
    shaped = np.array([bool(r.wkb) for r in records], bool)
    placed = shaped | np.isfinite(lon + lat)
    hit: NDArray[np.bool_] = np.zeros(len(records), bool)
    points = placed & ~shaped
    hit[points] = shapely.intersects_xy(shape, lon[points], lat[points])
    geometry = shapely.from_wkb([r.wkb for r in records if r.wkb], on_invalid="ignore")
    hit[shaped] = shapely.intersects(shape, geometry)
    chosen = tuple(record for record, is_in in zip(records, hit.tolist(), strict=True) if is_in)
    kilometers, cut = _parts(shape, geometry[hit[shaped]], [r.id for r in chosen if r.wkb])
    sums, unknown = _sums(description, chosen)
    lost = 0 if description.geometry is GeometryType.NONE else int((~placed).sum())
    return Inside(description.name, chosen, sums, unknown, kilometers, cut), lost


def _parts(shape: shapely.Geometry, geometry: NDArray[np.object_], ids: list[str]) -> tuple[float, frozenset[str]]:
    """Return how many km of lines lie inside, and the ids of what reaches beyond the shape."""
    kinds = shapely.get_dimensions(geometry)
    beyond = ~shapely.covers(shape, geometry)
    lines = shapely.intersection(shape, geometry[kinds == 1])
    return sum(length_km(line) for line in lines), frozenset(id_ for id_, out in zip(ids, beyond, strict=True) if out)


def _sums(description: RegisterDescription, records: tuple[Record, ...]) -> tuple[dict[str, float], dict[str, int]]:
    sums: dict[str, float] = {}
    unknown: dict[str, int] = {}
    for one in description.fields:
        if one.type not in {FieldType.INTEGER, FieldType.NUMBER} or one.unit not in COUNTED_UNITS:
            continue
        values = [record.values.get(one.key) for record in records]
        known = [float(v) for v in values if isinstance(v, (int, float)) and not isinstance(v, bool)]
        if known:
            sums[one.key] = math.fsum(known)
        if len(known) < len(values):
            unknown[one.key] = len(values) - len(known)
    return sums, unknown
