"""Which vector format a file is, by its bytes: five are read, whatever the file is called."""

from __future__ import annotations

import re
import warnings
import zipfile
from pathlib import Path

from models.errors import DataError
from models.geojson_check import check_geojson

DRIVERS = ("GPKG", "ESRI Shapefile", "GeoJSON", "FlatGeobuf", "KML", "LIBKML")
"""The only drivers of GDAL that may read a file of somebody else's: none of them asks a service or another file."""
_HEAD = 4096
_GPKG_IDS = (b"GPKG", b"GP10", b"GP11")
_KML_ROOT = re.compile(r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:[\w.-]+:)?kml[\s>/]", re.DOTALL)
MOST_UNPACKED_BYTES = 200 * 1024 * 1024
"""A packed KML that unpacks to more is not read."""
_SURE_BYTES = 16 * 1024 * 1024
_MOST_RATIO = 150  # a real KML packs 5 to 30 times
_WORD = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/|\b(with|recursive)\b", re.DOTALL | re.IGNORECASE)
_JSON_ENDINGS = (".json", ".geojson")


def driver_of(head: bytes, path: Path) -> str:
    """Return the driver for a file, empty if it is none of the five formats.

    Parameters
    ----------
    head : bytes
        The first 4096 bytes of the file.
    path : Path
        Its ending tells a JSON text from a table; a packed KML is looked into.
    """
    if head.startswith(b"SQLite format 3\0"):
        return "GPKG" if head[68:72] in _GPKG_IDS or path.suffix.casefold() == ".gpkg" else ""
    if head.startswith(b"fgb\x03fgb"):
        return "FlatGeobuf"
    if head.startswith(b"\x00\x00\x27\x0a"):
        return "ESRI Shapefile"
    text = _text(head)
    if text.startswith("{") or (path.suffix.casefold() in _JSON_ENDINGS and not text.startswith("<")):
        return "GeoJSON"
    if _KML_ROOT.match(text):
        return "KML"
    return "LIBKML" if head[:4] == b"PK\x03\x04" and _is_packed_kml(path) else ""


def see_kind(path: Path) -> str:
    """Return the driver for a file of which GDAL may read the vectors; a GeoJSON is looked through before.

    Raises
    ------
    DataError
        ``vector.other_kind``, ``vector.too_much`` for a packed KML that unpacks to too much, ``vector.endless_view``
        for a GeoPackage with a view that may never end, or what `check_geojson` says.
    OSError
        If it cannot be opened.
    """
    with path.open("rb") as source:
        driver = driver_of(source.read(_HEAD), path)
    if not driver:
        raise DataError("vector.other_kind", file=path.name)
    if driver == "GeoJSON":
        check_geojson(path)
    elif driver == "LIBKML":
        _refuse_bomb(path)
    elif driver == "GPKG":
        for name, made_by in views_in(path).items():
            if any(one.group(1) for one in _WORD.finditer(made_by)):
                raise DataError("vector.endless_view", file=path.name, view=name)
    return driver


def views_in(path: Path) -> dict[str, str]:
    """Return the views of a GeoPackage and how each is made; none where it cannot be opened, which its reader says."""
    import pyogrio  # noqa: PLC0415  60 MB with the pandas that it loads: for the worker that reads, not for the console

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # GDAL's remarks come as warnings of Python
            *_, columns = pyogrio.raw.read(path, sql="SELECT name, sql FROM sqlite_master WHERE type = 'view'")
    except (RuntimeError, OSError, UnicodeError, IndexError):
        return {}
    return {str(name): str(made_by) for name, made_by in zip(*columns, strict=True)} if columns else {}


def _refuse_bomb(path: Path) -> None:
    with zipfile.ZipFile(path) as packed:
        texts = [one for one in packed.infolist() if one.filename.lower().endswith(".kml")]
    size = sum(one.file_size for one in texts)
    ratio = size / max(1, sum(one.compress_size for one in texts))
    if size > MOST_UNPACKED_BYTES or (size > _SURE_BYTES and ratio > _MOST_RATIO):
        raise DataError("vector.too_much", file=path.name, mib=size >> 20)


def see_driver(path: Path, driver: str) -> None:
    """Refuse what GDAL took for another format than the five.

    Raises
    ------
    DataError
        ``vector.other_kind``.
    """
    if driver not in DRIVERS:
        raise DataError("vector.other_kind", file=path.name)


def _text(head: bytes) -> str:
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return head.decode("utf-16", "replace").lstrip("\ufeff").lstrip()
    return head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").lstrip()


def _is_packed_kml(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as packed:
            names = {one.filename for one in packed.infolist()}
    except (zipfile.BadZipFile, OSError, UnicodeError):
        return False
    return "xl/workbook.xml" not in names and any(name.lower().endswith(".kml") for name in names)
