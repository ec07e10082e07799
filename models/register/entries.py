"""The rows of a table as fields of a register, column by column, before anything is judged."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from models.datum import Datum, convert
from models.errors import DataError
from models.geodesy import FloatArray
from models.register.description import FieldType, RegisterDescription
from models.register.excel_errors import ERRORS, error_in
from models.register.field_values import NOTHING, Fault, choice_of, choice_words, reader
from models.register.finding import Finding
from models.register.header_lines import number_in
from models.register.mapping import LEVELS, SHAPE, Column, ColumnMapping, threshold_key
from models.register.record import Value
from models.register.seen_text import FIELDS, seen
from models.register.table import Cell, Table, as_text
from models.register.vector_table import point_inside

_DATUMS = {"": Datum.WGS84, "wgs84": Datum.WGS84, "cgcs2000": Datum.WGS84, "gcj02": Datum.GCJ02, "bd09": Datum.BD09}


@dataclass(frozen=True)
class Entries:
    """Columns by field, each as long as the table has rows.

    ``texts`` are cells as their owner reads them (names without unseen signs; ``cells`` have them), ``values`` what described fields say (None where empty or
    faulty), ``thresholds_mm`` NaN where empty or faulty. ``lon_deg`` and ``lat_deg`` are WGS 84, NaN without a
    place; ``read_x`` and ``read_y`` are the numbers as they stand in the file. ``faults`` is what could not be read.
    """

    description: RegisterDescription
    mapping: ColumnMapping
    lines: NDArray[np.intp]
    texts: Mapping[str, list[str]]
    kinds: list[str]
    lon_deg: FloatArray
    lat_deg: FloatArray
    read_x: FloatArray
    read_y: FloatArray
    values: Mapping[str, list[Value]]
    thresholds_mm: Mapping[tuple[int, str], FloatArray]
    cells: Mapping[str, Sequence[Cell]]
    shapes: Any = None
    crs: str = ""
    faults: tuple[Finding, ...] = field(default=())

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.lines)

    @cached_property
    def line_set(self) -> frozenset[int]:
        """All lines that are rows."""
        return frozenset(self.lines.tolist())

    def line(self, row: int) -> int:
        """Return the line of a row."""
        return int(self.lines[row])

    def text(self, field_: str, row: int) -> str:
        """Return a cell as its owner reads it, empty where there is no such column."""
        column = self.texts.get(field_)
        return column[row] if column is not None else ""

    @cached_property
    def has_shape(self) -> NDArray[np.bool_]:
        """Which rows are lines or areas."""
        if self.shapes is None:
            return np.zeros(self.count, bool)
        kinds = shapely.get_type_id(self.shapes)
        return np.asarray((kinds > 0) & (kinds != 4))

    @cached_property
    def unread(self) -> frozenset[tuple[int, str]]:
        """Line and field of the cells that could not be read, and are accused of it."""
        return frozenset((one.line, one.field) for one in self.faults)

    def place_text(self, row: int) -> str:
        """Return the coordinates as they stand in the file."""
        if "lon" in self.texts and "lat" in self.texts:
            return f"{self.texts['lon'][row]}, {self.texts['lat'][row]}"
        return "" if math.isnan(self.read_x[row]) else f"{self.read_x[row]:.6g}, {self.read_y[row]:.6g}"


def entries_of(
    table: Table, mapping: ColumnMapping, description: RegisterDescription, *, kind: str = "", crs: str = ""
) -> Entries:
    """Read the rows of a table.

    Parameters
    ----------
    table, mapping, description
        What the file holds, which column is what, and what a field is.
    kind : str, optional
        Key of the kind of every row where the file has no such column.
    crs : str, optional
        What the coordinates rest on, in place of what the file says: ``wgs84``, ``gcj02``, ``bd09`` or ``EPSG:n``.

    Raises
    ------
    DataError
        ``table.crs`` if the CRS is none.
    """
    crs = crs or table.crs
    faults: list[Finding] = []
    columns = table.columns()
    cells: dict[str, Sequence[Cell]] = {one.field: columns[one.index] for one in mapping.columns if one.field}
    shown = {key: _seen(column) if key in FIELDS else column for key, column in cells.items()}
    texts = {key: [as_text(cell) for cell in column] for key, column in shown.items()}
    cells |= {one.field: _in_own_unit(columns[one.index], one) for one in mapping.columns if one.unit}
    lines = np.array(table.lines, np.intp)
    width = len(table.headers)
    for row, whole in enumerate(table.rows):
        if len(whole) > width and any(cell is not None for cell in whole[width:]):
            facts = {"count": len(whole), "columns": width}
            faults.append(Finding("rows", table.lines[row], "", "too_many", facts, str(len(whole))))
    values: dict[str, list[Value]] = {}
    for one in description.fields:
        if one.key not in cells or one.type is FieldType.THRESHOLDS:
            continue
        values[one.key], bad = _read(shown[one.key] if one.key in FIELDS else cells[one.key], reader(one))
        kind_ = "choices" if one.type is FieldType.CHOICE else "values"
        for row, fault in bad:
            faults.append(Finding(kind_, table.lines[row], one.key, fault.code, fault.facts, texts[one.key][row]))
        if one.required:
            gone = {row for row, _ in bad}
            faults += [
                Finding("empty", table.lines[row], one.key, "empty")
                for row, value in enumerate(values[one.key])
                if value is None and row not in gone
            ]
    kinds = _kinds(texts.get("kind"), len(lines), kind, description, table.lines, faults)
    mm = {key: _millimeters(cells[threshold_key(*key)], key, table.lines, faults) for key in mapping.thresholds}
    shapes, x, y = _places(table, cells, texts, faults)
    lon, lat, shapes = in_wgs84(x, y, shapes, crs)
    broken = _broken_formulas(cells, table.lines)
    faults = [one for one in faults if (one.line, one.field) not in broken] + list(broken.values())
    return Entries(
        description, mapping, lines, texts, kinds, lon, lat, x, y, values, mm, cells, shapes, crs, tuple(faults)
    )


def _broken_formulas(cells: Mapping[str, Sequence[Cell]], lines: Sequence[int]) -> dict[tuple[int, str], Finding]:
    """Return the cells that hold a formula's error, or a formula without a value, by line and field."""
    found = {}
    for key, column in cells.items():
        odd = {cell: text for cell in set(column) if isinstance(cell, str) and (text := error_in(cell))}
        for row, cell in enumerate(column) if odd else ():
            if not isinstance(cell, str) or cell not in odd:
                continue
            code = "formula_error" if odd[cell] in ERRORS else "formula_not_computed"
            facts = {"value": odd[cell]} if odd[cell] in ERRORS else {}
            found[lines[row], key] = Finding("formulas", lines[row], key, code, facts, odd[cell])
    return found


def in_wgs84(x: FloatArray, y: FloatArray, shapes: Any, crs: str) -> tuple[FloatArray, FloatArray, Any]:
    """Return places and shapes in WGS 84.

    Raises
    ------
    DataError
        ``table.crs`` if nobody knows that CRS.
    """
    datum = _DATUMS.get(crs.casefold())
    if datum is Datum.WGS84:
        return x, y, shapes
    if datum is not None:
        chosen = datum

        def turn(xs: FloatArray, ys: FloatArray) -> tuple[FloatArray, FloatArray]:
            return convert(xs, ys, chosen, Datum.WGS84)

    else:
        # A mere name is not asked for: pyproj would find something for "beijing".
        if re.fullmatch(r"[a-z]{2,8}:\d+", crs, re.IGNORECASE) is None and "[" not in crs:
            raise DataError("table.crs", crs=crs[:60])
        try:
            way = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
        except pyproj.exceptions.ProjError as error:
            raise DataError("table.crs", crs=crs[:60]) from error

        def turn(xs: FloatArray, ys: FloatArray) -> tuple[FloatArray, FloatArray]:
            lon, lat = way.transform(xs, ys)
            lon, lat = np.asarray(lon, float), np.asarray(lat, float)
            bad = ~np.isfinite(lon) | ~np.isfinite(lat)
            return np.where(bad, np.nan, lon), np.where(bad, np.nan, lat)

    lon, lat = turn(x, y)
    if shapes is not None:
        shapes = shapely.transform(shapes, lambda xy: np.column_stack(turn(xy[:, 0], xy[:, 1])))
    return lon, lat, shapes


def degrees_in(text: str) -> float:
    """Return decimal degrees of ``113°12′18″E``, ``113度12分18秒``, ``东经113.2``; NaN if it is not written so."""
    word = unicodedata.normalize("NFKC", text).strip()
    found = _DEGREES.fullmatch(word)
    if found is None:
        return math.nan
    degrees, minutes, seconds = (float(found[n] or 0) for n in ("deg", "min", "sec"))
    if minutes >= 60 or seconds >= 60:
        return math.nan
    south_or_west = re.search(r"[SW]|南|西", word, re.IGNORECASE) is not None or found["sign"] == "-"
    value = degrees + minutes / 60 + seconds / 3600
    return round(-value if south_or_west else value, 7)


_DEGREES = re.compile(
    r"(?:东经|西经|北纬|南纬|[EWNS])?\s*(?P<sign>-?)(?P<deg>\d{1,3}(?:\.\d+)?)\s*(?:°|º|度|:|\s)?\s*"
    r"(?:(?P<min>\d{1,2}(?:\.\d+)?)\s*(?:'|′|’|分|:|\s)\s*)?"
    r"(?:(?P<sec>\d{1,2}(?:\.\d+)?)\s*(?:\"|″|”|''|′′|秒)?\s*)?(?:[EWNS])?",
    re.IGNORECASE,
)


def _seen(column: Sequence[Cell]) -> list[Cell]:
    return [seen(cell) if isinstance(cell, str) else cell for cell in column]


def _in_own_unit(column: Sequence[Cell], told: Column) -> list[Cell]:
    """Return cells with bare numbers in the field's unit; a cell that names a unit of its own keeps it."""
    numbers = [number_in(cell) for cell in column]
    return [
        cell if math.isnan(number) else round(number * told.factor, 9)
        for cell, number in zip(column, numbers, strict=True)
    ]


def _read(column: Sequence[Cell], read: Any) -> tuple[list[Value], list[tuple[int, Fault]]]:
    """Return the values of a column and what could not be read; equal cells are read once."""
    known: dict[tuple[type, Cell], Value | Fault] = {}
    out: list[Value] = []
    bad: list[tuple[int, Fault]] = []
    for row, cell in enumerate(column):
        key = (type(cell), cell)
        found = known[key] if key in known else known.setdefault(key, read(cell))
        if isinstance(found, Fault):
            bad.append((row, found))
            found = None
        out.append(found)
    return out, bad


def _kinds(
    texts: list[str] | None,
    count: int,
    given: str,
    description: RegisterDescription,
    lines: Sequence[int],
    faults: list[Finding],
) -> list[str]:
    if texts is None or not description.kinds:
        return [given] * count if texts is None else texts
    zh, en = choice_words(description.kinds)
    known = {text: choice_of(text, description.kinds) for text in set(texts)}
    out: list[str] = []
    for row, text in enumerate(texts):
        found = known[text]
        if found is None and text:
            facts = {"value": text, "allowed": zh, "allowed_en": en}
            faults.append(Finding("choices", lines[row], "kind", "choice", facts, text))
        elif found is None and not given:
            faults.append(Finding("empty", lines[row], "kind", "empty"))
        out.append(found.key if found is not None else given)
    return out


MOST_RAIN_MM = 2_000.0


def _millimeters(
    column: Sequence[Cell], key: tuple[int, str], lines: Sequence[int], faults: list[Finding]
) -> FloatArray:
    name = threshold_key(*key)
    read = {cell: _rain_mm(cell) for cell in set(column)}
    bad = {cell: one for cell, one in read.items() if isinstance(one, Fault)}
    for row, cell in enumerate(column) if bad else ():
        if (fault := bad.get(cell)) is not None:
            faults.append(Finding("values", lines[row], name, fault.code, fault.facts, as_text(cell)))
    numbers = {cell: math.nan if isinstance(one, Fault) else one for cell, one in read.items()}
    return np.array([numbers[cell] for cell in column], float)


def _rain_mm(cell: Cell) -> float | Fault:
    """Return the mm of a threshold, NaN for an empty cell."""
    value = number_in(cell)
    if math.isnan(value):
        word = re.sub(r"(mm|毫米)$", "", unicodedata.normalize("NFKC", as_text(cell)).casefold()).strip()
        if word != "nan" and (not word or word in NOTHING):
            return math.nan  # "nan" is what a program leaves of a value it lost, no word of an owner
        value = number_in(word)
    if math.isnan(value):
        return Fault("number", {"value": as_text(cell)})
    if not 0 < value <= MOST_RAIN_MM:
        return Fault("range", {"value": f"{value:.15g}", "least": "0.1", "most": f"{MOST_RAIN_MM:g}"})
    return value


def _places(
    table: Table, cells: Mapping[str, Sequence[Cell]], texts: Mapping[str, list[str]], faults: list[Finding]
) -> tuple[Any, FloatArray, FloatArray]:
    """Return shapes (None for points) and the coordinates as they stand in the file."""
    given = [
        np.full(len(table.lines), np.nan) if column is None else np.array([number_in(cell) for cell in column], float)
        for column in (cells.get("lon"), cells.get("lat"))
    ]
    if table.wkbs:
        shapes, xy = point_inside(table.wkbs)
    elif SHAPE in cells:
        shapes = shapely.from_wkt(np.array([text or None for text in texts[SHAPE]], dtype=object), on_invalid="ignore")
        unread = [n for n, text in enumerate(texts[SHAPE]) if text and shapes[n] is None]
        faults += [
            Finding("shapes", table.lines[n], SHAPE, "shape_unreadable", {}, texts[SHAPE][n][:40]) for n in unread
        ]
        shapes, xy = point_inside(tuple(b"" if one is None else shapely.to_wkb(one) for one in shapes))
    else:
        return None, given[0], given[1]
    # A point that stands beside a line or an area is where its name stands, if it lies by the shape at all.
    west, south, east, north = shapely.bounds(shapes).T
    by_shape = (given[0] >= west) & (given[0] <= east) & (given[1] >= south) & (given[1] <= north)
    by_shape &= ~np.isin(shapely.get_type_id(shapes), (0, 4))
    if SHAPE in cells:
        by_shape |= shapely.get_type_id(shapes) < 0
    return shapes, np.where(by_shape, given[0], xy[:, 0]), np.where(by_shape, given[1], xy[:, 1])


def rising_levels(entries: Entries, window_h: int) -> tuple[str, ...]:
    """Return the levels that the file has columns for in a window, rising."""
    return tuple(level for level in LEVELS if (window_h, level) in entries.thresholds_mm)
