"""Registers as vector files: GeoPackage, Shapefile, GeoJSON, KML, FlatGeobuf, each feature a row."""

from __future__ import annotations

import math
import warnings
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from models.errors import DataError
from models.file_fault import unreadable
from models.register.table import Cell, Guess, Table
from models.register.text_table import MOST_COLUMNS, MOST_ROWS
from models.shapefile_text import text_encoding
from models.vector_kind import see_driver, see_kind

LARGEST_BYTES = 1 << 30
MOST_VERTICES = 20_000_000
# What the KML driver adds to every placemark; a column of these says nothing unless it varies.
_KML_OWN = frozenset({
    *("id", "timestamp", "begin", "end", "altitudemode", "tessellate", "extrude", "visibility", "draworder", "icon"),
    "snippet",
})  # fmt: skip


def read_vector(path: Path, layer: str = "") -> Table:
    """Return the features of a layer as rows, with their shapes as they stand in the file's own CRS.

    Without a ``layer`` the first one with shapes is taken. A Shapefile's texts are read as
    `models.shapefile_text` finds them. Without a ``.prj`` the CRS stays empty: somebody has to say it.

    Raises
    ------
    DataError
        ``table.unreadable``, ``table.no_sheet``, ``table.no_vector``, ``table.too_many_rows``, ``table.too_wide``,
        ``table.empty``, ``vector.other_kind``, ``vector.geojson``.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # GDAL's remarks come as warnings of Python
        return _read(path, layer)


def _read(path: Path, layer: str) -> Table:
    import pyogrio  # noqa: PLC0415  60 MB with the pandas that it loads: for the worker that reads, not for the console

    try:
        see_kind(path)
    except OSError as error:
        raise unreadable(path, error, "table.no_vector") from error
    try:
        layers = [(str(name), kind) for name, kind in pyogrio.list_layers(path)]
        name, guesses = _chosen(path, layers, layer)
        encoding = _encoding(path, guesses)
        info = pyogrio.read_info(path, layer=name, encoding=encoding)
        see_driver(path, str(info.get("driver", "")))
        if info["features"] > MOST_ROWS:
            raise DataError("table.too_many_rows", file=path.name, most=MOST_ROWS)
        if len(info["fields"]) > MOST_COLUMNS:
            raise DataError("table.too_wide", file=path.name, count=len(info["fields"]), most=MOST_COLUMNS)
        meta, _, wkbs, data = pyogrio.raw.read(
            path, layer=name, encoding=encoding, force_2d=True, max_features=MOST_ROWS
        )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, RuntimeError, UnicodeError) as error:
        raise unreadable(path, error, "table.no_vector") from error
    count = len(wkbs) if wkbs is not None else (len(data[0]) if data else 0)
    if not count:
        raise DataError("table.empty", file=path.name, sheet=name)
    headers = [str(field) for field in meta["fields"]]
    columns = [_column(values) for values in data]
    if "KML" in str(info.get("driver", "")):
        keep = [n for n, title in enumerate(headers) if title.lower() not in _KML_OWN or len(set(columns[n])) > 2]
        headers, columns = [headers[n] for n in keep], [columns[n] for n in keep]
    rows: tuple[tuple[Cell, ...], ...] = tuple(zip(*columns, strict=True)) if columns else ((),) * count
    shapes = tuple(bytes(wkb) if wkb is not None else b"" for wkb in wkbs) if wkbs is not None else ()
    return Table(
        path.name,
        tuple(headers),
        rows,
        tuple(range(1, count + 1)),
        0,
        name,
        shapes,
        str(meta["crs"] or ""),
        tuple(guesses),
    )


def point_inside(wkbs: tuple[bytes, ...]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, np.dtype[np.float64]]]:
    """Return shapes and (n, 2) a point of each: itself, or one inside; None and NaN where there is none or it is bad."""
    shapes = shapely.from_wkb(np.array(wkbs, dtype=object), on_invalid="ignore")
    shapes = np.where(shapely.is_empty(shapes), None, shapes)
    out = np.full((len(shapes), 2), np.nan)
    is_point = shapely.get_type_id(shapes) == 0
    one = shapely.get_type_id(shapes) == 4
    single = one & (shapely.get_num_geometries(shapes) == 1)
    shapes = np.where(single, shapely.get_geometry(shapes, 0), shapes)
    is_point |= single
    out[is_point] = np.column_stack([shapely.get_x(shapes[is_point]), shapely.get_y(shapes[is_point])])
    rest = ~is_point & (shapely.get_type_id(shapes) >= 0)
    if rest.any():
        inside = shapely.point_on_surface(shapes[rest])
        out[rest] = np.column_stack([shapely.get_x(inside), shapely.get_y(inside)])
    return shapes, out


def _chosen(path: Path, layers: list[tuple[str, Any]], wanted: str) -> tuple[str, list[Guess]]:
    names = [name for name, _ in layers]
    if wanted:
        if wanted not in names:
            raise DataError("table.no_sheet", file=path.name, sheet=wanted, names=", ".join(names))
        return wanted, []
    with_shapes = [name for name, kind in layers if kind]
    if not names:
        raise DataError("table.empty", file=path.name, sheet="")
    chosen = (with_shapes or names)[0]
    return chosen, [] if len(names) == 1 else [Guess("sheet", {"sheet": chosen, "count": len(names)})]


def _encoding(path: Path, guesses: list[Guess]) -> str | None:
    """Return in which encoding a Shapefile's table is, None where the file says it itself."""
    if path.suffix.casefold() != ".shp":
        return None
    encoding, guessed = text_encoding(path)
    if guessed:
        guesses.append(Guess("encoding", {"encoding": str(encoding)}))
    return encoding


def _column(values: np.ndarray[Any, Any]) -> list[Cell]:
    if values.dtype.kind == "M":
        return [_moment(value) for value in values.tolist()]
    if values.dtype.kind == "f":
        return [_number(value) for value in values.tolist()]
    if values.dtype.kind == "b":
        return ["TRUE" if value else "FALSE" for value in values.tolist()]
    return [_plain(value) for value in values.tolist()]


def _number(value: float) -> Cell:
    if math.isnan(value):
        return None
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def _moment(value: Any) -> Cell:
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    return value if isinstance(value, date) else None


def _plain(value: Any) -> Cell:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, np.ndarray | list):
        return "; ".join(str(one) for one in value)
    return value if isinstance(value, str | int | float | date) else str(value)
