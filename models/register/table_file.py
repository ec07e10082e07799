"""Reads a register from any file that holds a table; the bytes say what it is, not the name."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

from models.errors import DataError
from models.file_fault import unreadable
from models.register import excel_table
from models.register.excel_table import MOST_UNPACKED_BYTES, read_excel
from models.register.table import Sheet, Table
from models.register.text_table import read_text
from models.register.vector_table import LARGEST_BYTES as LARGEST_VECTOR_BYTES
from models.register.vector_table import read_vector
from models.vector_kind import driver_of

LARGEST_BYTES = 50_000_000
"""Of a workbook or a text file; a vector file may be larger, it is read feature by feature."""
_HEAD = 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_VECTOR_ENDINGS = frozenset({".shp", ".kml", ".kmz", ".fgb", ".gpkg", ".gml", ".gpx"})
_WORKBOOK_ENDINGS = frozenset({".xlsx", ".xls", ".xlsm", ".et", ".ett"})
_PARTS_OF_SHAPEFILE = (".dbf", ".shx", ".prj", ".cpg", ".sbn", ".sbx")


def read_table(path: Path, sheet: str = "", usual: str = "") -> Table:
    """Return the table in a file.

    Parameters
    ----------
    path : Path
        Excel (.xlsx, .xls), WPS (.et), CSV, GeoPackage, Shapefile (or one of its parts), GeoJSON, KML, FlatGeobuf.
    sheet : str, optional
        Sheet or layer; default: the one sheet with a table, the first layer with shapes.
    usual : str, optional
        The sheet to take of several where none is named, such as that of the last file of this source.

    Raises
    ------
    DataError
        ``table.*``, ``vector.*``: what the file is, and what would mend it.
    """
    if path.suffix.lower() in _PARTS_OF_SHAPEFILE:
        path = next((one for one in (path.with_suffix(".shp"), path.with_suffix(".SHP")) if one.exists()), path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise DataError("table.no_ordinary_file", file=path.name)
        with path.open("rb") as source:
            head = source.read(_HEAD)
            if _is_vector(head, path):
                size = path.stat().st_size
                if size > LARGEST_VECTOR_BYTES:
                    raise DataError("table.too_large", file=path.name, most=LARGEST_VECTOR_BYTES)
                return read_vector(path, sheet)
            data = head + source.read(max(0, LARGEST_BYTES + 1 - len(head)))  # what never ends is not read to its end
    except OSError as error:
        raise unreadable(path, error, "table.unreadable") from error
    if len(data) > LARGEST_BYTES:
        raise DataError("table.too_large", file=path.name, most=LARGEST_BYTES)
    return read_bytes(data, path.name, sheet, usual)


def sheets_in(path: Path) -> tuple[Sheet, ...]:
    """Return the sheets of a workbook; none of a file that is no workbook.

    Raises
    ------
    DataError
        ``table.*``, where a workbook cannot be read.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise DataError("table.no_ordinary_file", file=path.name)
        with path.open("rb") as source:
            data = source.read(_HEAD)
            if not _is_workbook(data) or _is_vector(data, path):
                return ()
            data += source.read(LARGEST_BYTES + 1 - len(data))
    except OSError as error:
        raise unreadable(path, error, "table.unreadable") from error
    if len(data) > LARGEST_BYTES:
        raise DataError("table.too_large", file=path.name, most=LARGEST_BYTES)
    return excel_table.sheets_in(data, path.name)


def read_bytes(data: bytes, source: str, sheet: str = "", usual: str = "") -> Table:
    """Return the table of a workbook or a text file.

    Raises
    ------
    DataError
        ``table.*``, ``vector.other_kind``.
    """
    if _is_workbook(data):
        return read_excel(data, source, sheet, usual)
    word = _first_word(data)
    if word.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"mime-version:", b"<body", b"<style")):
        raise DataError("table.html", file=source)
    if word.startswith(b"<?xml") and b"office:spreadsheet" in data[:_HEAD].lower():
        raise DataError("table.xml_2003", file=source)
    if word.startswith((b"%pdf", b"\x89png", b"\xff\xd8\xff")):
        raise DataError("table.other_kind", file=source)
    if Path(source).suffix.casefold() in _WORKBOOK_ENDINGS:
        raise DataError("table.no_workbook", file=source)
    if word.startswith(b"<") or Path(source).suffix.casefold() in _VECTOR_ENDINGS:  # no table begins so
        raise DataError("vector.other_kind", file=source)
    return read_text(data, source)


def _is_workbook(head: bytes) -> bool:
    return head[:2] == b"PK" or head[:8] == _OLE


def _is_vector(head: bytes, path: Path) -> bool:
    driver = driver_of(head, path)
    if driver == "LIBKML":
        with zipfile.ZipFile(path) as packed:
            size = sum(one.file_size for one in packed.infolist())
        if size > MOST_UNPACKED_BYTES:
            raise DataError("table.too_much", file=path.name, most_mib=MOST_UNPACKED_BYTES >> 20)
    if not driver and head.startswith(b"SQLite format 3\0"):
        raise DataError("vector.other_kind", file=path.name)
    return bool(driver)


def _first_word(data: bytes) -> bytes:
    return io.BytesIO(data[:_HEAD]).read().removeprefix(b"\xef\xbb\xbf").lstrip().lower()
