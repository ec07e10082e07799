"""Features in WGS 84 with their columns: what any vector file or table with coordinates becomes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely
from numpy.typing import NDArray

from layers import shape as shapes
from layers.note import Note
from layers.point_layer import PointLayer
from layers.shape import Shape
from models.geodesy import FloatArray

NAMES = ("name", "title", "event_title", "名称")
"""Columns that usually say what a feature is called."""
_ID = ("id", "event_id", "code", "编号")


class Kind(StrEnum):
    """Kinds of drawing that a feature can ask for."""

    AREA = "area"
    LINE = "line"
    POINT = "point"


_KIND_OF_TYPE = {0: Kind.POINT, 4: Kind.POINT, 1: Kind.LINE, 2: Kind.LINE, 5: Kind.LINE, 3: Kind.AREA, 6: Kind.AREA}
_COLLECTION = 7


@dataclass(frozen=True, slots=True, eq=False)
class VectorTable:
    """Features in WGS 84 with their columns as text; ``geometry`` (n,) of shapely geometries.

    ``left_out`` are rows without a usable place, as (line, reason) pairs; ``notes`` say what
    was mended or taken for granted; ``crs`` is what the coordinates were read as.
    """

    source: str
    geometry: tuple[shapely.Geometry, ...]
    columns: dict[str, tuple[str, ...]]
    left_out: tuple[tuple[int, str], ...] = ()
    notes: tuple[Note, ...] = ()
    crs: str = ""

    def column(self, *names: str) -> tuple[str, ...]:
        """Return the first column whose name is one of ``names`` in any case; row numbers if none is."""
        by_name = {name.casefold(): values for name, values in self.columns.items()}
        for name in names:
            if name.casefold() in by_name:
                return by_name[name.casefold()]
        return tuple(str(i + 1) for i in range(len(self.geometry)))

    def names(self, column: str = "") -> tuple[str, ...]:
        """Return what each feature is called: by a column, or by the usual ones."""
        return self.column(*((column,) if column else NAMES))

    def ids(self) -> tuple[str, ...]:
        """Return the id of each feature; row numbers if no column is one."""
        return self.column(*_ID)

    def kinds(self) -> tuple[Kind, ...]:
        """Return the kinds of drawing that occur, areas first; a collection counts by its parts."""
        types = set(np.unique(shapely.get_type_id(self._parts()[0])).tolist())
        return tuple(kind for kind in Kind if any(_KIND_OF_TYPE.get(t) is kind for t in types))

    def of_kind(self, kind: Kind) -> VectorTable:
        """Return the features of a kind; of a mixed one its parts of that kind, of many points each by itself."""
        parts, owner = self._parts()
        wanted = [t for t, k in _KIND_OF_TYPE.items() if k is kind]
        keep = np.isin(shapely.get_type_id(parts), wanted)
        parts, owner = parts[keep], owner[keep]
        if kind is Kind.POINT:
            parts, index = shapely.get_parts(parts, return_index=True)
            owner = owner[index]
        columns = {name: tuple(values[i] for i in owner.tolist()) for name, values in self.columns.items()}
        return VectorTable(self.source, tuple(parts), columns, (), self.notes, self.crs)

    def lonlat(self) -> tuple[FloatArray, FloatArray]:
        """Return lon and lat (n,) in degrees of a point of each feature."""
        spots = shapely.point_on_surface(np.asarray(self.geometry, dtype=object))
        return shapely.get_x(spots), shapely.get_y(spots)

    def as_points(self, name: str, *, sprite: str = "place") -> PointLayer:
        """Return the features as a layer of points, each at a place of its feature."""
        lon_deg, lat_deg = self.lonlat()
        return PointLayer.of_places(name, lon_deg, lat_deg, self.names(), self.ids(), sprite=sprite)

    def shape(self) -> Shape:
        """Return lines and rings in map meters."""
        return shapes.rings_of(self.geometry, self.ids())

    def _parts(self) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
        """Return the geometries with collections taken apart, and the row each comes from."""
        parts = np.empty(len(self.geometry), object)
        parts[:] = self.geometry
        owner = np.arange(len(parts))
        while (mixed := shapely.get_type_id(parts) == _COLLECTION).any():
            inner, index = shapely.get_parts(parts[mixed], return_index=True)
            joined = np.concatenate([owner[~mixed], owner[mixed][index]])
            order = np.argsort(joined, kind="stable")
            parts, owner = np.concatenate([parts[~mixed], inner])[order], joined[order]
        return parts, owner
