"""Any local vector file, or a table with longitude and latitude, into values for layers."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyogrio
import pyogrio.errors
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from layers import shape as shapes
from layers.line_layer import LineLayer
from layers.point_layer import PointLayer
from layers.shape import Shape
from models.errors import DataError
from models.geodesy import FloatArray

_LON = ("lon", "longitude", "lng", "x", "经度", "东经")
_LAT = ("lat", "latitude", "y", "纬度", "北纬")
_NAME = ("name", "title", "event_title", "名称")
_ID = ("id", "event_id", "code", "编号")


@dataclass(frozen=True, slots=True, eq=False)
class VectorTable:
    """Features in WGS 84 with their columns as text; ``geometry`` (n,) of shapely geometries.

    ``left_out`` are rows without a usable place, as (line, reason) pairs.
    """

    source: str
    geometry: tuple[shapely.Geometry, ...]
    columns: dict[str, tuple[str, ...]]
    left_out: tuple[tuple[int, str], ...] = ()

    def column(self, *names: str) -> tuple[str, ...]:
        """Return the first column whose name is one of ``names`` in any case; row numbers if none is."""
        by_name = {name.casefold(): values for name, values in self.columns.items()}
        for name in names:
            if name.casefold() in by_name:
                return by_name[name.casefold()]
        return tuple(str(i + 1) for i in range(len(self.geometry)))

    def lonlat(self) -> tuple[FloatArray, FloatArray]:
        """Return lon and lat (n,) in degrees of a point of each feature."""
        spots = shapely.point_on_surface(np.asarray(self.geometry, dtype=object))
        return shapely.get_x(spots), shapely.get_y(spots)

    def as_points(self, name: str, *, sprite: str = "place") -> PointLayer:
        """Return the features as a layer of points, each at a place of its feature."""
        lon_deg, lat_deg = self.lonlat()
        return PointLayer.of_places(name, lon_deg, lat_deg, self.column(*_NAME), self.column(*_ID), sprite=sprite)

    def as_lines(self, name: str, *, style: str = "border") -> LineLayer:
        """Return lines, and the rings of areas, as a layer of lines."""
        return LineLayer(name, style, self.shape())

    def shape(self) -> Shape:
        """Return lines and rings in map meters."""
        return shapes.rings_of(self.geometry, self.column(*_ID))


def read_vector(path: Path) -> VectorTable:
    """Return the features of any vector file that GDAL reads, or of a CSV with lon and lat.

    Raises
    ------
    DataError
        ``layers.unreadable`` with file and cause; ``layers.no_place`` if a table has
        no columns for longitude and latitude; ``layers.no_crs`` if a file does not say
        in which coordinates it is.
    """
    if path.suffix.casefold() in {".csv", ".tsv", ".txt"}:
        return _read_csv(path)
    try:
        meta, _, wkb, fields = pyogrio.raw.read(path)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, OSError) as error:
        raise DataError("layers.unreadable", file=path.name, cause=str(error)) from error
    if meta["crs"] is None:
        raise DataError("layers.no_crs", file=path.name)
    try:
        to_wgs84 = Transformer.from_crs(CRS.from_user_input(meta["crs"]), "EPSG:4326", always_xy=True)
    except CRSError as error:
        raise DataError("layers.unreadable", file=path.name, cause=str(error)) from error
    geometry = shapely.force_2d(shapely.from_wkb(wkb))
    placed = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
    moved = shapely.transform(geometry[placed], lambda xy: np.column_stack(to_wgs84.transform(xy[:, 0], xy[:, 1])))
    columns = {
        str(name): tuple("" if value is None else str(value) for value in values[placed])
        for name, values in zip(meta["fields"], fields, strict=True)
    }
    left_out = tuple((int(row) + 1, "no geometry") for row in np.flatnonzero(~placed))
    return VectorTable(path.name, tuple(moved), columns, left_out)


def _read_csv(path: Path) -> VectorTable:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataError("layers.unreadable", file=path.name, cause=str(error)) from error
    text = _decode(data, path.name)
    try:
        dialect: type[csv.Dialect] | csv.Dialect = csv.Sniffer().sniff(text[:4096], ",;\t")
    except csv.Error:
        dialect = csv.excel
    reader = csv.DictReader(io.StringIO(text), dialect=dialect)
    heads = [head for head in reader.fieldnames or () if head]
    lon_head, lat_head = _head(heads, _LON), _head(heads, _LAT)
    if lon_head is None or lat_head is None:
        raise DataError("layers.no_place", file=path.name)
    rows, spots, left_out = [], [], []
    for row in reader:
        spot = _spot(row.get(lon_head), row.get(lat_head))
        if spot is None:
            left_out.append((reader.line_num, f"{row.get(lon_head)}, {row.get(lat_head)}"))
            continue
        rows.append(row)
        spots.append(spot)
    columns = {head: tuple(row.get(head) or "" for row in rows) for head in heads}
    return VectorTable(path.name, tuple(shapely.points(spots)) if spots else (), columns, tuple(left_out))


def _decode(data: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DataError("layers.unreadable", file=name, cause="neither UTF-8 nor GB18030")


def _head(heads: list[str], names: tuple[str, ...]) -> str | None:
    return next((head for name in names for head in heads if head.strip().casefold() == name), None)


def _spot(lon: str | None, lat: str | None) -> tuple[float, float] | None:
    try:
        lon_deg, lat_deg = float(lon or "nan"), float(lat or "nan")
    except ValueError:
        return None
    return (lon_deg, lat_deg) if abs(lon_deg) <= 180 and abs(lat_deg) <= 90 else None
