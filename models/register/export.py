"""Writes a register, or the rows of one that were refused, to files that other programs open without harm."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from models.errors import DataError
from models.register.description import FieldDescription, FieldType, GeometryType, RegisterDescription
from models.register.mapping import BASE, LEVELS, column_title, threshold_key
from models.register.record import Record, Value
from models.register.table import Cell

FORMATS = (".csv", ".xlsx", ".geojson", ".gpkg")
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "'")
_MOST_EXCEL_TEXT = 32_767
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Titles and rows as they are written; numbers are numbers. ``places`` are the columns of longitude and latitude."""

    titles: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    places: tuple[int, ...] = ()


def export(records: Sequence[Record], description: RegisterDescription, path: Path, *, language: str = "zh") -> None:
    """Write the records of a register; the file's ending says how.

    What is written comes back the same through `read_table` and `judge`: titles are the register's own words,
    numbers are written in full, choices by their titles, several links joined by semicolons. A file that is there
    is replaced only when the new one is whole.

    Raises
    ------
    DataError
        ``export.format`` for another ending, ``export.unwritable`` with the cause.
    """
    ending = path.suffix.lower()
    if ending not in FORMATS:
        raise DataError("export.format", file=path.name, formats=", ".join(FORMATS))
    sheet = sheet_of(records, description, language, with_wkt=ending in {".csv", ".xlsx"})
    draft = path.with_name(f".{path.stem}.new{path.suffix}")
    try:
        if ending == ".csv":
            draft.write_bytes(as_csv(sheet))
        elif ending == ".xlsx":
            draft.write_bytes(as_excel(sheet, description.title.of(language)))
        else:
            _write_vector(records, sheet, draft, path.stem)
        draft.replace(path)
    except (OSError, RuntimeError) as error:  # all errors of pyogrio are RuntimeErrors
        cause = getattr(error, "strerror", None) or str(error)
        raise DataError("export.unwritable", file=path, cause=cause) from error
    finally:
        for left in (draft, draft.with_name(f"{draft.name}-journal")):
            with contextlib.suppress(OSError):
                left.unlink(missing_ok=True)


def sheet_of(
    records: Sequence[Record], description: RegisterDescription, language: str, *, with_wkt: bool = True
) -> Sheet:
    """Return the records as a table with the register's own titles; columns nobody uses are left out."""
    columns: list[tuple[str, list[Cell]]] = []
    has_place = description.geometry is not GeometryType.NONE
    for name in BASE:
        cells = [_base(record, name, description, language) for record in records]
        needed = name in {"id", "name"} or (name == "kind" and description.kinds)
        if needed or (name in {"lon", "lat"} and has_place) or any(cell is not None for cell in cells):
            columns.append((column_title(name, description, language), cells))
    for one in description.fields:
        if one.type is FieldType.THRESHOLDS:
            columns += _threshold_columns(records, one, description, language)
            continue
        cells = [_cell(record.values.get(one.key), one, language) for record in records]
        if any(cell is not None for cell in cells) or one.required:
            columns.append((one.title.of(language), cells))
    taken = {title for title, _ in columns}
    for header in dict.fromkeys(key for record in records for key in record.others):
        title = header if header not in taken else f"{header} *"
        columns.append((title, [record.others.get(header) or None for record in records]))
    if with_wkt and any(record.wkb for record in records):
        columns.append(("WKT", [_wkt(record) for record in records]))
    titles = tuple(title for title, _ in columns)
    of_place = {column_title(name, description, language) for name in ("lon", "lat")}
    places = tuple(n for n, title in enumerate(titles) if title in of_place)
    return Sheet(titles, tuple(zip(*(cells for _, cells in columns), strict=True)), places)


def as_csv(sheet: Sheet) -> bytes:
    """Return a table as CSV in UTF-8 with the mark that spreadsheets look for.

    Text that a spreadsheet would take for a formula gets an apostrophe in front; numbers stay numbers.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_harmless(title) for title in sheet.titles])
    writer.writerows([_harmless(cell) for cell in row] for row in sheet.rows)
    return out.getvalue().encode("utf-8-sig")


def as_excel(sheet: Sheet, title: str, *, widths: Sequence[int] = (), wrapped: bool = False) -> bytes:
    """Return a table as a workbook; every text cell is text, also one that begins like a formula."""
    from openpyxl import Workbook  # noqa: PLC0415  10 MB that a console which exports nothing need not hold
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = Workbook(write_only=True)
    page = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "1")
    page.freeze_panes = "A2"
    for n, name in enumerate(sheet.titles):
        width = widths[n] if n < len(widths) else min(40, max(9, 2 * len(name) + 2))
        page.column_dimensions[get_column_letter(n + 1)].width = width
    bold = Font(bold=True)
    looks = {}
    for is_head in (False, True):
        model = WriteOnlyCell(page)
        if is_head:
            model.font = bold
        if wrapped:
            model.alignment = Alignment(wrap_text=True, vertical="top")
        looks[is_head] = model._style  # noqa: SLF001  openpyxl looks a style up anew for each cell that is given one

    def cell(value: Cell, *, head: bool = False) -> Any:
        if isinstance(value, float) and float(f"{value:.16g}") != value:
            full = WriteOnlyCell(page, repr(value))
            full.data_type = "n"  # WORKAROUND: openpyxl writes numbers with 16 digits, some need 17
            return full
        if not isinstance(value, str):
            return WriteOnlyCell(page, value) if head else value
        text = _CONTROL.sub("\ufffd", value)[:_MOST_EXCEL_TEXT]
        made = WriteOnlyCell(page, text)
        made.data_type = "s"  # openpyxl takes what begins with = for a formula
        made._style = looks[head]  # noqa: SLF001
        return made

    page.append([cell(title, head=True) for title in sheet.titles])
    for row in sheet.rows:
        page.append([cell(value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _base(record: Record, name: str, description: RegisterDescription, language: str) -> Cell:
    if name == "lon":
        return record.lon_deg
    if name == "lat":
        return record.lat_deg
    if name == "kind":
        kind = description.kind(record.kind)
        return kind.title.of(language) if kind else record.kind or None
    return str(getattr(record, name)) or None


def _cell(value: Value, one: FieldDescription, language: str) -> Cell:
    if value is None:
        return None
    if isinstance(value, bool):
        return {("zh", True): "是", ("zh", False): "否", ("en", True): "yes", ("en", False): "no"}[language, value]
    if isinstance(value, list):
        return ";".join(str(part) for part in value) + (";" if len(value) == 1 else "")  # a list of one stays a list
    if one.type is FieldType.CHOICE:
        chosen = next((choice for choice in one.choices if choice.key == value), None)
        return chosen.title.of(language) if chosen else str(value)
    return value


def _threshold_columns(
    records: Sequence[Record], one: FieldDescription, description: RegisterDescription, language: str
) -> list[tuple[str, list[Cell]]]:
    found: dict[tuple[int, int], list[Cell]] = {}
    design: list[Cell] = []
    for row, record in enumerate(records):
        listed = record.values.get(one.key)
        marks = []
        for threshold in listed if isinstance(listed, list) else ():
            if not isinstance(threshold, dict):
                continue
            key = int(threshold["window_h"]), LEVELS.index(str(threshold["level"]))
            if key not in found:
                found[key] = [None] * len(records)
            found[key][row] = float(threshold["rain_mm"])
            if threshold.get("design"):
                marks.append(f"{threshold['level']}_{threshold['window_h']}h")
        count = len(listed) if isinstance(listed, list) else 0
        design.append("all" if marks and len(marks) == count else ",".join(marks) or None)
    columns = [
        (column_title(threshold_key(window_h, LEVELS[level]), description, language), found[window_h, level])
        for window_h, level in sorted(found)
    ]
    return [*columns, (column_title("design", description, language), design)] if any(design) else columns


def _wkt(record: Record) -> Cell:
    if record.wkb:
        return str(shapely.to_wkt(shapely.from_wkb(record.wkb), rounding_precision=-1))
    return None if record.lon_deg is None else f"POINT ({record.lon_deg!r} {record.lat_deg!r})"


def _harmless(cell: Cell) -> Cell:
    if isinstance(cell, float):
        return repr(cell)
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_DANGEROUS) else cell


def _write_vector(records: Sequence[Record], sheet: Sheet, draft: Path, layer: str) -> None:
    """Write shapes with their fields."""
    shapes = [
        shapely.from_wkb(one.wkb)
        if one.wkb
        else None
        if one.lon_deg is None
        else shapely.Point(one.lon_deg, one.lat_deg or 0.0)
        for one in records
    ]
    with_shape = any(one.wkb for one in records)  # then the point that a name stands at is written beside the shape
    keep = [n for n in range(len(sheet.titles)) if with_shape or n not in sheet.places]
    columns = [[row[n] for row in sheet.rows] for n in keep]
    kinds = {shape.geom_type for shape in shapes if shape is not None}
    if draft.suffix.lower() == ".geojson":
        features = [
            {
                "type": "Feature",
                "geometry": None if shape is None else shapely.geometry.mapping(shape),
                "properties": {sheet.titles[n]: row[n] for n in keep if row[n] is not None},
            }
            for shape, row in zip(shapes, sheet.rows, strict=True)
        ]
        document = {"type": "FeatureCollection", "features": features}
        draft.write_text(json.dumps(document, ensure_ascii=False, allow_nan=False), encoding="utf-8")
    else:
        import pyogrio  # noqa: PLC0415  60 MB with the pandas that it loads

        draft.unlink(missing_ok=True)
        pyogrio.raw.write(
            draft,
            np.array([None if shape is None else shapely.to_wkb(shape) for shape in shapes], dtype=object),
            [_array(column) for column in columns],
            [sheet.titles[n] for n in keep],
            layer=layer,
            driver="GPKG",
            geometry_type=kinds.pop() if len(kinds) == 1 else "Unknown",
            crs="EPSG:4326",
        )
        found = pyogrio.read_info(draft, force_feature_count=True)["features"]
        if found != len(records):
            raise OSError(f"{found} < {len(records)}")


def _array(column: list[Cell]) -> Any:
    """Return a column for the vector writer: numbers where all are, else text."""
    filled = [cell for cell in column if cell is not None]
    if filled and all(isinstance(cell, int | float) for cell in filled):
        return np.array([np.nan if cell is None else cell for cell in column], float)
    return np.array([None if cell is None else str(cell) for cell in column], dtype=object)
