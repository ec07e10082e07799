"""Any local vector file into features on the map's datum."""

from __future__ import annotations

import math
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from layers.gdal_vector import layers_in, listed, shapes_in
from layers.mended import mended, some
from layers.note import Note
from layers.read_table import TABLES, coordinates_of, looks_like_degrees, read_table
from layers.vector_table import NAMES, VectorTable
from models import datum
from models.datum import Datum
from models.errors import DataError
from models.file_fault import unreadable
from models.shapefile_text import text_encoding
from models.vector_kind import see_kind

_HEAD = 4096
_CRS_LOOK = 1 << 16
_CRS_NAME = re.compile(
    rb'"crs"\s*:\s*\{\s*(?:"type"\s*:\s*"[^"]*"\s*,\s*)?"properties"\s*:\s*\{\s*"name"\s*:\s*"([^"]*)"'
)
_BESIDE_LOOK = 1 << 20
_MOST_MEMBERS = 2000
# GDAL follows what stands in files of these kinds, to services and to other files.
_POINTERS = re.compile(
    rb"(?:<|&lt;)\s*(?:vrtdataset|gdal_wm\w*|wmt_\w+|wms_\w+|tiledwms|tileservice|tilemap\b|wcs_\w+|wfs_\w+"
    rb"|ogrvrt\w*|ogrwfs\w*|ogrcsw\w*|ogrwcs\w*|gdaltileindex\w*|mrf_meta|capabilities\b)"
    rb"|/vsi(?:curl|s3|gs|az|adls|oss|swift|hdfs|webhdfs)|gdal_streamed_alg"
)


def read_vector(path: Path, *, crs: str = "", part: str = "") -> VectorTable:
    """Return the features of any vector file that GDAL reads, or of a table with lon and lat.

    Parameters
    ----------
    path : Path
        GeoPackage, Shapefile, GeoJSON, FlatGeobuf, KML ...; CSV, Excel or WPS with coordinates.
    crs : str
        ``gcj02``, ``bd09``: what the file's degrees rest on, whatever the file says of them; ``EPSG:n``: its
        system in place of what it says; empty: what it says.
    part : str
        Layer of a file with several, sheet of a workbook; the first with shapes, the one with a table if empty.

    Notes
    -----
    A Shapefile whose table is not in the encoding it says, or says none, is read as UTF-8 if it is that, else as
    GB18030. Rings that cross themselves are mended (`layers.mended`), rows without a shape left out, both with a note.

    Raises
    ------
    DataError
        ``layers.unreadable`` with file and cause; ``layers.cut_off``, ``layers.is_html``; ``layers.no_place`` if a
        table has no columns for longitude and latitude; ``layers.no_crs`` if a file does not say in which
        coordinates it is; ``layers.outside_earth`` if they cannot be what they are said to be; ``layers.no_part``;
        ``layers.crs_unknown`` if a GeoJSON names a system that is none; ``datum.unknown_crs``; ``vector.other_kind``, ``vector.geojson``; for tables ``table.*``.
    """
    if path.suffix.casefold() in TABLES:
        return read_table(path, crs=crs, part=part)
    _refuse_other_kinds(path)
    chosen, notes = _chosen(path, part)
    encoding, guess = encoding_of(path)
    meta, geometry, fields = shapes_in(path, chosen, encoding, force_2d=True)
    placed = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
    rows = np.flatnonzero(placed)
    said = str(meta["crs"] or "")
    if not crs:
        _refuse_unknown_crs(path)
    moved = _moved(geometry[placed], said, crs, path.name)
    beyond = rows[shapely.is_missing(moved)]
    rows, moved = rows[~shapely.is_missing(moved)], moved[~shapely.is_missing(moved)]
    if len(beyond):
        named = some(beyond + 1, _names(meta["fields"], fields, beyond))
        notes.append(Note("outside_earth", {"count": len(beyond), "rows": named}))
    whole = mended(moved, rows + 1, _names(meta["fields"], fields, rows))
    kept = ~shapely.is_missing(whole.geometry)
    rows = rows[kept]
    columns = {str(name): _texts(values, rows) for name, values in zip(meta["fields"], fields, strict=True)}
    gone = np.setdiff1d(np.arange(len(geometry)), rows)
    left_out = tuple((int(row) + 1, "no geometry") for row in gone)
    if not placed.all():
        empty = np.flatnonzero(~placed)
        notes.append(
            Note("no_shape", {"count": len(empty), "rows": some(empty + 1, _names(meta["fields"], fields, empty))})
        )
    geometries = tuple(whole.geometry[kept])
    if not crs and _says_nothing(path) and (shapely.get_type_id(whole.geometry[kept]) == 0).any():
        notes.append(Note("taken_as_wgs84"))
    return VectorTable(path.name, geometries, columns, left_out, (*notes, *guess, *whole.notes), crs or said)


def sample_of(path: Path, part: str, most: int) -> tuple[NDArray[np.object_], str, dict[str, tuple[str, ...]]]:
    """Return the first ``most`` shapes of a file as they stand in it, its system (empty if it says none), their texts.

    Raises
    ------
    DataError
        As `read_vector`.
    """
    if path.suffix.casefold() in TABLES:
        x, y, texts = coordinates_of(path, part)
        rows = np.flatnonzero(np.isfinite(x) & np.isfinite(y))[:most]
        said = Datum.WGS84.value if looks_like_degrees(x, y) else ""
        points = np.atleast_1d(np.asarray(shapely.points(np.column_stack([x[rows], y[rows]])), object))
        return points, said, {head: tuple(column[row] for row in rows.tolist()) for head, column in texts.items()}
    _refuse_other_kinds(path)
    chosen, _ = _chosen(path, part)
    encoding, _ = encoding_of(path)
    meta, found, fields = shapes_in(path, chosen, encoding, force_2d=True, max_features=most)
    rows = np.flatnonzero(~(shapely.is_missing(found) | shapely.is_empty(found)))
    columns = {str(name): _texts(values, rows) for name, values in zip(meta["fields"], fields, strict=True)}
    return np.asarray(found[rows]), str(meta["crs"] or ""), columns


def _refuse_unknown_crs(path: Path) -> None:
    """Refuse a GeoJSON with a system that nobody knows: GDAL would take it for WGS 84 without a word."""
    if path.suffix.casefold() not in {".geojson", ".json"}:
        return
    with path.open("rb") as file:
        look = file.read(_CRS_LOOK)
        if (size := file.seek(0, os.SEEK_END)) > _CRS_LOOK:
            file.seek(max(_CRS_LOOK, size - _CRS_LOOK))
            look += b"\n" + file.read()
    found = _CRS_NAME.search(look)
    named = found.group(1).decode("utf-8", "replace") if found else ""
    if named and not re.search(r"CRS:?84|4326", named, re.IGNORECASE):
        try:
            CRS.from_user_input(named)
        except CRSError as error:
            raise DataError("layers.crs_unknown", file=path.name, crs=named[:60]) from error


def _says_nothing(path: Path) -> bool:
    """Return whether a file is GeoJSON without a word on its system: WGS 84 by the book, and often by the book only."""
    if path.suffix.casefold() not in {".geojson", ".json"}:
        return False
    with path.open("rb") as file:
        return b'"crs"' not in file.read(_HEAD)


def parts_of(path: Path) -> tuple[str, ...]:
    """Return the names of the layers with shapes in a file; empty names nothing where a file is one layer.

    Raises
    ------
    DataError
        ``layers.unreadable``, ``layers.cut_off``, ``layers.is_html``.
    """
    if path.suffix.casefold() in TABLES:
        return ()
    _refuse_other_kinds(path)
    return tuple(name for name, kind in layers_in(path) if kind is not None)


def _refuse_other_kinds(path: Path) -> None:
    """Let GDAL read the vectors of five formats only, whatever a file is called."""
    refuse_strangers(path)
    try:
        see_kind(path)
    except OSError as error:
        raise unreadable(path, error) from error


def refuse_strangers(path: Path) -> None:
    """Look at the first bytes of a file, before a library guesses.

    Raises
    ------
    DataError
        ``layers.unreadable`` if it cannot be opened or is empty, ``layers.is_html`` for a page of the web under another
        name, ``layers.cut_off`` if it is shorter than it says; as `refuse_pointers`.
    """
    refuse_pointers(path)
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
        size = path.stat().st_size
    except OSError as error:
        raise unreadable(path, error) from error
    word = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:200].lower()
    if word.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        raise DataError("layers.is_html", file=path.name)
    if not head:
        raise DataError("layers.cut_off", file=path.name, has=0, needs=1)
    if (needs := _bytes_needed(head)) > size:
        raise DataError("layers.cut_off", file=path.name, has=size, needs=needs)


def refuse_pointers(path: Path) -> None:
    """Refuse what would wait for ever, and what holds no data but says where some are: a layer asks no service.

    Raises
    ------
    DataError
        ``layers.no_ordinary_file`` for a pipe, a device or a folder, ``layers.pointer``; ``layers.unreadable``.
    """
    try:
        with os.scandir(path.parent) as entries:
            beside = [path.parent / entry.name for entry in entries if entry.name.startswith(f"{path.stem}.")]
        for one in (path, *beside):
            mode = one.stat().st_mode if one == path or one.exists() else stat.S_IFREG
            if not stat.S_ISREG(mode) and (one == path or not stat.S_ISDIR(mode)):
                raise DataError("layers.no_ordinary_file", file=one.name)
        heads = [head for one in beside if one.name.startswith(f"{path.name}.") for head in _head_beside(one)]
        if any(map(_points, (*_heads(path), *heads))):
            raise DataError("layers.pointer", file=path.name)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError) as error:
        raise unreadable(path, error) from error


def _heads(path: Path) -> Iterator[bytes]:
    """The first bytes of a file, and of what is packed in it where GDAL would look there."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    yield head
    if head.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(path) as packed:
            for member in packed.infolist()[:_MOST_MEMBERS]:
                with packed.open(member) as inner:
                    yield inner.read(_HEAD)


def _head_beside(path: Path) -> Iterator[bytes]:
    """What GDAL reads together with a raster: its overviews, its mask, and what else is said of it."""
    if path.is_file() and path.name.casefold().endswith((".ovr", ".msk", ".aux", ".aux.xml")):
        with path.open("rb") as file:
            yield file.read(_BESIDE_LOOK)


def _points(head: bytes) -> bool:
    return _POINTERS.search(head.split(b"\0")[0].lower()) is not None


def _bytes_needed(head: bytes) -> int:
    """Return how long a file says it is; 0 if it does not say."""
    if head[:4] == b"\x00\x00\x27\x0a" and len(head) >= 28:  # a Shapefile counts words of 16 bits
        return int(struct.unpack(">i", head[24:28])[0]) * 2
    if head.startswith(b"SQLite format 3\0") and len(head) >= 32:
        page = int(struct.unpack(">H", head[16:18])[0])
        return (65_536 if page == 1 else page) * int(struct.unpack(">I", head[28:32])[0])
    return 0


def _chosen(path: Path, part: str) -> tuple[str | None, list[Note]]:
    names = parts_of(path)
    if part and part not in names:
        raise DataError("layers.no_part", file=path.name, part=part, parts=listed(names))
    if part or len(names) < 2:
        return part or None, []
    return names[0], [Note("first_of", {"part": names[0], "count": len(names)})]


def _moved(geometry: NDArray[Any], said: str, crs: str, name: str) -> NDArray[Any]:
    """Return geometries in WGS 84: from what the file says, from what the caller says, or both."""
    wanted = crs.casefold()
    if not said and not crs:
        raise DataError("layers.no_crs", file=name)
    steps = (
        [crs] if wanted not in {Datum.GCJ02, Datum.BD09} else ([said] if said and not _is_degrees(said) else []) + [crs]
    )
    steps = [said] if not crs else steps
    xy = shapely.get_coordinates(geometry)
    new = xy
    for step in steps:
        new = np.column_stack(datum.to_wgs84(new[:, 0], new[:, 1], step))
    with np.errstate(invalid="ignore"):
        wrong = ~((np.abs(new[:, 0]) <= 360) & (np.abs(new[:, 1]) <= 90))
    if len(new) and wrong.mean() > 0.5:
        place = f"{xy[wrong][0][0]:g}, {xy[wrong][0][1]:g}"
        raise DataError("layers.outside_earth", file=name, crs=crs or said[:40], place=place)
    if wrong.any():  # a few vertices from nowhere: their things are left out, which `read_vector` notes
        bad = np.unique(np.repeat(np.arange(len(geometry)), shapely.get_num_coordinates(geometry))[wrong])
        new = np.where(wrong[:, None], 0.0, new)
        out = shapely.set_coordinates(geometry.copy(), new)
        out[bad] = None
        return np.asarray(out)
    return np.asarray(geometry if new is xy or np.array_equal(new, xy) else shapely.set_coordinates(geometry, new))


def _is_degrees(said: str) -> bool:
    try:
        return bool(CRS.from_user_input(said).is_geographic)
    except CRSError:
        return False


def _names(heads: Sequence[Any], fields: Sequence[NDArray[Any]], rows: NDArray[np.intp]) -> tuple[str, ...]:
    """Return what the file calls some of its features, empty where it does not say."""
    plain = [str(head).casefold() for head in heads]
    at = next((plain.index(name) for name in NAMES if name in plain), -1)
    return _texts(fields[at], rows) if at >= 0 else ("",) * len(rows)


def _texts(values: NDArray[Any], rows: NDArray[np.intp]) -> tuple[str, ...]:
    """Return a column as text; missing values are empty, whole numbers have no point."""
    kept = values[rows]
    if kept.dtype.kind == "f":
        return tuple(
            "" if math.isnan(v) else str(int(v)) if v.is_integer() and abs(v) < 1e15 else repr(v) for v in kept.tolist()
        )
    if kept.dtype.kind == "M":
        return tuple("" if text == "NaT" else text for text in np.datetime_as_string(kept).tolist())
    return tuple("" if value is None else str(value) for value in kept.tolist())


def encoding_of(path: Path) -> tuple[str | None, tuple[Note, ...]]:
    """Return in which encoding a Shapefile's texts are, None for other files and where it says so truly."""
    if path.suffix.casefold() != ".shp":
        return None, ()
    if not any(path.with_suffix(end).exists() for end in (".dbf", ".DBF")):
        return None, (Note("no_table"),)
    encoding, guessed = text_encoding(path)
    return encoding, (Note("text_taken_as", {"encoding": str(encoding)}),) if guessed else ()
