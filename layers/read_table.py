"""A table with longitude and latitude, CSV or Excel, into features."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import shapely

from layers.mended import some
from layers.note import Note
from layers.vector_table import VectorTable
from models import datum
from models.datum import Datum
from models.errors import DataError
from models.geodesy import FloatArray
from models.register import table_file
from models.register.table import Cell, Table, as_text

TABLES = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsm", ".et", ".ett"})
"""Suffixes of files that are read as tables."""
_LON = ("lon", "longitude", "lng", "long", "lon_deg", "经度", "东经", "jd", "x", "x坐标")
_LAT = ("lat", "latitude", "lat_deg", "纬度", "北纬", "wd", "y", "y坐标")
_UNIT = re.compile(r"[（(\[].*?[)）\]]|\s")
_DEGREES = re.compile(
    r"^\s*(-?\d{1,3})\s*[°度d]\s*(?:(\d{1,2}(?:\.\d+)?)\s*[′'分m]\s*(?:(\d{1,2}(?:\.\d+)?)\s*[″\"”秒s]?)?)?\s*[NESW北东]?\s*$"
)


def read_table(path: Path, *, crs: str = "", part: str = "") -> VectorTable:
    """Return the rows of a table as points.

    Parameters
    ----------
    path : Path
        CSV in UTF-8 or GB18030, Excel, WPS.
    crs : str
        What its coordinates are, see `datum.to_wgs84`; WGS 84 with a note if empty.
    part : str
        Sheet of a workbook; the one that has a table if empty.

    Raises
    ------
    DataError
        ``table.*`` with what the file is; ``layers.no_place`` without columns for longitude and latitude;
        ``layers.no_crs`` if their numbers are no degrees and nobody says what they are.
    """
    table, x, y, (at_lon, at_lat) = _read(path, part)
    heads = [as_text(head) for head in table.headers]
    if not crs and not looks_like_degrees(x, y):
        raise DataError("layers.no_crs", file=path.name)
    lon, lat = datum.to_wgs84(x, y, crs or Datum.WGS84)
    with np.errstate(invalid="ignore"):
        placed = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    rows = np.flatnonzero(placed).tolist()
    columns = {
        head: tuple(as_text(cells[i]) for i in rows)
        for head, cells in zip(heads, map(table.column, range(len(heads))), strict=True)
        if head
    }
    out = np.flatnonzero(~placed).tolist()
    texts = table.column(at_lon), table.column(at_lat)
    left_out = tuple((table.lines[i], f"{as_text(texts[0][i])}, {as_text(texts[1][i])}") for i in out)
    notes = [] if crs else [Note("taken_as_wgs84")]
    if left_out:
        notes.append(Note("no_place", {"count": len(out), "rows": some(np.array([line for line, _ in left_out]))}))
    points = shapely.points(np.column_stack([lon[placed], lat[placed]]))
    return VectorTable(path.name, tuple(np.atleast_1d(points)), columns, left_out, tuple(notes), crs or Datum.WGS84)


def coordinates_of(path: Path, part: str = "") -> tuple[FloatArray, FloatArray, dict[str, tuple[str, ...]]]:
    """Return the coordinates of a table's rows as they stand there, NaN for none, and its columns as text.

    Raises
    ------
    DataError
        ``table.*``, ``layers.no_place``.
    """
    table, x, y, _ = _read(path, part)
    heads = [as_text(head) for head in table.headers]
    return x, y, {head: tuple(map(as_text, table.column(n))) for n, head in enumerate(heads) if head}


def looks_like_degrees(x: FloatArray, y: FloatArray) -> bool:
    """Return whether most coordinates are small enough for degrees, right or wrong; none at all are."""
    known = np.isfinite(x) & np.isfinite(y)
    return not known.any() or bool(np.mean(np.abs(np.concatenate([x[known], y[known]])) <= 360) > 0.5)


def _read(path: Path, part: str) -> tuple[Table, FloatArray, FloatArray, tuple[int, int]]:
    table = table_file.read_table(path, part)
    at = place_columns(tuple(as_text(head) for head in table.headers))
    if min(at) < 0:
        raise DataError("layers.no_place", file=path.name)
    return table, numbers(table.column(at[0])), numbers(table.column(at[1])), at


def place_columns(heads: tuple[str, ...]) -> tuple[int, int]:
    """Return which columns hold longitude and latitude, or east and north; -1 where none does."""
    plain = [_UNIT.sub("", head).casefold() for head in heads]

    def first(names: tuple[str, ...]) -> int:
        return next((plain.index(name) for name in names if name in plain), -1)

    return first(_LON), first(_LAT)


def numbers(cells: list[Cell]) -> FloatArray:
    """Return cells as numbers, ``106°39′12″`` as degrees too; NaN where a cell is neither."""
    return np.array([_number(cell) for cell in cells], float)


def _number(cell: Cell) -> float:
    if isinstance(cell, int | float):
        return float(cell)
    text = as_text(cell)
    try:
        return float(text)
    except ValueError:
        pass
    found = _DEGREES.match(text)
    if found is None:
        return float("nan")
    whole, minutes, seconds = (float(part or 0) for part in found.groups())
    sign = -1.0 if text.lstrip().startswith("-") else 1.0
    return whole + sign * (minutes / 60 + seconds / 3600)
