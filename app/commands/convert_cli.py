"""`fengsui convert`: a file from one datum or system to another, its columns and its kind kept."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyogrio.errors
import shapely
from numpy.typing import NDArray

import resources
from app.worker.process_pool import ProcessPool
from layers.gdal_vector import layers_in, listed, remarks_logged, shapes_in
from layers.mended import some
from layers.read_table import TABLES, numbers, place_columns
from layers.read_vector import encoding_of, parts_of, refuse_strangers
from models import datum
from models.datum import Datum
from models.errors import DataError
from models.file_fault import unwritable
from models.geodesy import FloatArray
from models.register import table_file
from models.register.table import Cell, Table, as_text
from models.vector_kind import driver_of, views_in

DRIVERS = {
    ".gpkg": "GPKG",
    ".shp": "ESRI Shapefile",
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
    ".fgb": "FlatGeobuf",
    ".kml": "LIBKML",
}
LIMIT_S = 60.0
"""How long a GeoPackage with views may take."""
_DEGREES = "EPSG:4326"


@dataclass(frozen=True, slots=True)
class Conversion:
    """What was converted: places, things left as they were because they have none, and how far the rest moved, m.

    ``unread`` names the first of the things of a vector file without a shape that can be read.
    """

    source: Path
    target: Path
    from_: str
    to: str
    places: int
    left: int
    least_m: float
    median_m: float
    most_m: float
    east_m: float
    north_m: float
    unread: str = ""

    def as_text(self, language: str) -> str:
        """Return the line that says how far things moved."""
        key = "convert.moved" if self.places else "convert.nothing"
        keys = (key, "convert.unread") if self.unread else (key,)
        return "\n".join(resources.phrase("layers", key, language).format_map(self.as_json()) for key in keys)

    def as_json(self) -> dict[str, Any]:
        """Return the figures."""
        return {
            "source": str(self.source), "target": str(self.target), "from": self.from_, "to": self.to,
            "places": self.places, "left": self.left, "least_m": round(self.least_m, 2),
            "median_m": round(self.median_m, 2), "most_m": round(self.most_m, 2), "east_m": round(self.east_m, 2),
            "north_m": round(self.north_m, 2), "unread": self.unread,
        }  # fmt: skip


def convert_file(
    source: Path, target: Path, from_: str, to: str = "wgs84", *, sheet: str = "", force: bool = False
) -> Conversion:
    """Write a file with its places in other coordinates.

    Parameters
    ----------
    source, target : Path
        GeoPackage (all layers), Shapefile, GeoJSON, FlatGeobuf, KML, or a table (CSV, Excel)
        with columns for its places, to CSV or to points in one of the others.
    from_, to : str
        ``wgs84``, ``gcj02``, ``bd09``, ``EPSG:n``; what the source says of itself is not asked.
    sheet : str
        Sheet of a workbook; without it the one that has a table.
    force : bool
        Write over ``target``.

    Raises
    ------
    DataError
        ``layers.output_exists``, ``layers.output_kind``, ``layers.not_writable``, ``layers.not_whole``, ``datum.unknown_crs``,
        ``layers.row_outside_earth``, and what reading says. Then nothing is written.
    """
    for crs in (from_, to):
        datum.to_wgs84(np.zeros(0), np.zeros(0), crs)
    if target.exists() and (not force or target.samefile(source)):
        raise DataError("layers.output_exists", file=target)
    for part in _parts_beside(target):
        if part.exists() and (not force or part.samefile(source)):
            raise DataError("layers.output_exists", file=part)
    tabular = source.suffix.casefold() in TABLES
    ending = target.suffix.casefold()
    if ending not in DRIVERS and not (tabular and ending == ".csv"):
        kinds = "GPKG, SHP, GeoJSON, FGB, KML"
        raise DataError("layers.output_kind", file=target, kinds=f"CSV, {kinds}" if tabular else kinds)
    if tabular:
        return (_convert_table if ending == ".csv" else _convert_to_points)(source, target, from_, to, sheet)
    if sheet:
        raise DataError("table.no_sheet", file=source.name, sheet=sheet, names="—")
    return _convert_vector(source, target, from_, to)


def _parts_beside(target: Path) -> tuple[Path, ...]:
    """Return the other files of a Shapefile."""
    endings = (".dbf", ".shx", ".prj", ".cpg") if target.suffix.casefold() == ".shp" else ()
    return tuple(target.with_suffix(ending) for ending in endings)


def _convert_table(source: Path, target: Path, from_: str, to: str, sheet: str) -> Conversion:
    table, heads, (at_x, at_y) = _placed(source, sheet)
    new_x, new_y, moved = _in_new_system(source, table, (at_x, at_y), from_, to)
    digits = 8 if _is_degrees(to) else 3
    draft = target.with_name(f"{target.name}.new")
    try:
        with draft.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([_kept(head) for head in heads])
            for row, east, north in zip(table.rows, new_x.tolist(), new_y.tolist(), strict=True):
                cells = [_kept(cell) for cell in row]
                cells += [""] * (len(heads) - len(cells))
                if east == east and north == north:  # noqa: PLR0124 - not NaN
                    cells[at_x], cells[at_y] = f"{east:.{digits}f}", f"{north:.{digits}f}"
                writer.writerow(cells)
        draft.replace(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise unwritable(target, error) from error
    return _summed(source, target, from_, to, moved)


def _convert_to_points(source: Path, target: Path, from_: str, to: str, sheet: str) -> Conversion:
    """Write the rows of a table as points with its columns; a row without a place keeps its texts."""
    table, heads, (at_x, at_y) = _placed(source, sheet)
    x, y, moved = _in_new_system(source, table, (at_x, at_y), from_, to)
    placed = np.isfinite(x) & np.isfinite(y)
    points = np.full(len(x), None, object)
    points[placed] = shapely.to_wkb(shapely.points(x[placed], y[placed]))
    columns = {at_x: np.where(placed, x, np.nan), at_y: np.where(placed, y, np.nan)}
    fields = {head: columns.get(i, _column(table.column(i))) for i, head in enumerate(heads) if head}
    options = {"layer": source.stem, "crs": _said(to), "driver": DRIVERS[target.suffix.casefold()]}
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".convert-") as aside:
            draft = Path(aside) / target.name
            _write(draft, points, list(fields.values()), list(fields), geometry_type="Point", **options)
            _refuse_cut(draft, target, len(points))
            _put(Path(aside), target)
    except (OSError, RuntimeError, UnicodeError) as error:
        raise unwritable(target, error) from error
    return _summed(source, target, from_, to, moved)


def _placed(source: Path, sheet: str) -> tuple[Table, tuple[str, ...], tuple[int, int]]:
    """Read a table whose rows have places; returns its heads and the columns of the places, too."""
    table = table_file.read_table(source, sheet)
    heads = tuple(as_text(head) for head in table.headers)
    at = place_columns(heads)
    if min(at) < 0:
        raise DataError("layers.no_place", file=source.name)
    return table, heads, at


def _in_new_system(
    source: Path, table: Table, at: tuple[int, int], from_: str, to: str
) -> tuple[FloatArray, FloatArray, FloatArray]:
    x, y = (numbers(table.column(column)) for column in at)
    _refuse_beyond(x, y, from_, source.name, np.arange(len(x)) + 1)
    return _converted(x, y, from_, to)


def _column(cells: list[Cell]) -> NDArray[Any]:
    """Return a column as numbers where nothing else stands in it, else as texts."""
    if all(cell is None or (isinstance(cell, int | float) and not isinstance(cell, bool)) for cell in cells):
        return np.array([np.nan if cell is None else cell for cell in cells], float)
    return np.array([as_text(cell) or None for cell in cells], object)


def _said(to: str) -> str | None:
    """Return the system that a file is said to be in; a shifted datum has no name in the register of systems."""
    return None if to.casefold() in {Datum.GCJ02, Datum.BD09} else _DEGREES if to.casefold() == Datum.WGS84 else to


def _put(aside: Path, target: Path) -> None:
    """Put what was written into its place; what told of the former file does not tell of this one."""
    for part in _parts_beside(target):
        part.unlink(missing_ok=True)
    for made in sorted(aside.iterdir()):
        made.replace(target.with_name(made.name))


def _kept(cell: Any) -> str:
    """Return a cell as text that no spreadsheet takes for a formula."""
    text = as_text(cell)
    return (
        f"'{text}"
        if isinstance(cell, str) and text[:1] in {"=", "+", "-", "@", "\t", "\r"} and not _is_number(text)
        else text
    )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _convert_vector(source: Path, target: Path, from_: str, to: str) -> Conversion:
    refuse_strangers(source)
    with _aside(target) as aside:
        work = partial(_write_layers, source, target, aside / target.name, from_, to)
        done = _within_limit(source.name, work) if _has_views(source) else work()
        _put(aside, target)
    return done


@contextmanager
def _aside(target: Path) -> Iterator[Path]:
    """Give a folder beside the target where it is written first."""
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".convert-") as aside:
            yield Path(aside)
    except OSError as error:
        raise unwritable(target, error) from error


def _has_views(source: Path) -> bool:
    with source.open("rb") as file:
        is_geopackage = driver_of(file.read(4096), source) == "GPKG"
    return is_geopackage and bool(views_in(source))


def _within_limit(name: str, work: Callable[[], Conversion]) -> Conversion:
    """Do work in a process of its own that is ended when it is late: what a view asks may take for ever."""
    pool = ProcessPool(1, imports=(__name__,))
    try:
        return pool.submit(name, work, limit_s=LIMIT_S).result()
    finally:
        pool.close()


def _write_layers(source: Path, target: Path, draft: Path, from_: str, to: str) -> Conversion:
    names: tuple[str | None, ...] = parts_of(source) or (None,)
    if len(names) > 1 and target.suffix.casefold() not in {".gpkg", ".kml"}:
        raise DataError("layers.several_parts", file=source.name, parts=listed([*map(str, names)]))
    driver = DRIVERS[target.suffix.casefold()]
    encoding, _ = encoding_of(source)
    moves: list[FloatArray] = []
    unread: list[str] = []
    count = unplaced = 0
    try:
        for number, name in enumerate(names):
            meta, shapes, fields = shapes_in(source, name, encoding)
            geometry, moved = _moved(shapes, from_, to, source.name)
            moves.append(moved)
            count += len(geometry)
            bare = np.flatnonzero(shapely.is_missing(shapes) | shapely.is_empty(shapes)) + 1
            unplaced += len(bare)
            unread += [f"{name} {some(bare)}" if len(names) > 1 else some(bare)] if len(bare) else []
            flat = driver == "ESRI Shapefile" or not shapely.has_z(geometry).any()
            kind = meta["geometry_type"] if flat else "Unknown"
            options = {"layer": name or source.stem, "append": number > 0, "crs": _said(to), "driver": driver}
            _write(draft, shapely.to_wkb(geometry), fields, meta["fields"], geometry_type=kind, **options)
        _refuse_cut(draft, target, count)
    except (OSError, RuntimeError, UnicodeError) as error:
        raise unwritable(target, error) from error
    done = _summed(source, target, from_, to, np.concatenate(moves, axis=0))
    return replace(done, left=unplaced, unread="; ".join(unread[:5]) + (" …" if len(unread) > 5 else ""))


def _refuse_cut(draft: Path, target: Path, count: int) -> None:
    """Read back what was written: on a full disk some drivers say nothing."""
    try:
        layers = [name for name, _ in layers_in(draft)]
        with remarks_logged(draft):
            found = sum(pyogrio.read_info(draft, layer=name, force_feature_count=True)["features"] for name in layers)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, DataError) as error:
        raise DataError("layers.not_whole", file=target, found=0, count=count) from error
    if found != count:
        raise DataError("layers.not_whole", file=target, found=found, count=count)


def _write(path: Path, *values: Any, **options: Any) -> None:
    """Write a layer; that GCJ-02 has no name in the register of systems is known, and no warning."""
    if options.get("driver") == "FlatGeobuf" and any(shape is None for shape in values[0]):
        options["layer_options"] = {"SPATIAL_INDEX": "NO"}  # with it, a thing without a shape cannot be written
    with remarks_logged(path):
        try:
            pyogrio.raw.write(path, *values, encoding="UTF-8", **options)
        except RuntimeError as error:  # as all of pyogrio's: here it is the target that fails, not the source
            raise OSError(str(error)) from error


def _moved(geometry: NDArray[Any], from_: str, to: str, name: str) -> tuple[NDArray[Any], FloatArray]:
    """Return geometries in other coordinates, heights as they were, and how far each vertex moved."""
    xy = shapely.get_coordinates(geometry)
    row = np.repeat(np.arange(len(geometry)) + 1, shapely.get_num_coordinates(geometry))
    _refuse_beyond(xy[:, 0], xy[:, 1], from_, name, row, missing=False)
    x, y, moved = _converted(xy[:, 0], xy[:, 1], from_, to)
    lost = ~(np.isfinite(x) & np.isfinite(y))
    if lost.any():
        place = f"{xy[lost][0][0]:.10g}, {xy[lost][0][1]:.10g}"
        raise DataError("layers.row_outside_earth", file=name, crs=to, place=place, rows=some(np.unique(row[lost])))
    known = ~shapely.is_missing(geometry)
    if known.any() and shapely.has_z(geometry[known]).all():
        heights = shapely.get_coordinates(geometry, include_z=True)[:, 2]
        return np.asarray(shapely.set_coordinates(geometry, np.column_stack([x, y, heights]))), moved
    flat = shapely.force_2d(geometry)
    return np.asarray(shapely.set_coordinates(flat, np.column_stack([x, y]))), moved


def _refuse_beyond(
    x: FloatArray, y: FloatArray, from_: str, name: str, row: NDArray[np.intp], *, missing: bool = True
) -> None:
    """Refuse coordinates that are none on earth; without any is a row of a table that may be so (``missing``)."""
    lon, lat = datum.to_wgs84(x, y, from_)
    with np.errstate(invalid="ignore"):
        wrong = ~((np.abs(lon) <= 360) & (np.abs(lat) <= 90))
    wrong &= ~(missing & (np.isnan(x) | np.isnan(y)))
    if wrong.any():
        place = f"{x[wrong][0]:.10g}, {y[wrong][0]:.10g}"
        raise DataError("layers.row_outside_earth", file=name, crs=from_, place=place, rows=some(np.unique(row[wrong])))


def _converted(x: FloatArray, y: FloatArray, from_: str, to: str) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return coordinates in the new system, and (n, 2) how far each moved in degrees' own plane, m east and north.

    What moves is what a map in the one datum shows against the other: numbers in degrees are compared as degrees of
    WGS 84; a change of system alone moves nothing.
    """
    lon, lat = datum.to_wgs84(x, y, from_)
    new_x, new_y = datum.from_wgs84(lon, lat, to)
    before = (x, y) if from_.casefold() in list(Datum) else (lon, lat)
    after = (new_x, new_y) if to.casefold() in list(Datum) else (lon, lat)
    north_m = (after[1] - before[1]) * 111_195.0
    east_m = (after[0] - before[0]) * 111_195.0 * np.cos(np.radians(lat))
    return new_x, new_y, np.column_stack([east_m, north_m])


def _summed(source: Path, target: Path, from_: str, to: str, moved: FloatArray) -> Conversion:
    known = moved[np.isfinite(moved).all(axis=1)]
    far = np.hypot(known[:, 0], known[:, 1])
    least, median, most = (float(f(far)) for f in (np.min, np.median, np.max)) if len(far) else (0.0, 0.0, 0.0)
    east, north = (float(v) for v in np.median(known, axis=0)) if len(far) else (0.0, 0.0)
    left = len(moved) - len(known)
    return Conversion(source, target, from_, to, len(known), left, least, median, most, east, north)


def _is_degrees(crs: str) -> bool:
    if crs.casefold() in list(Datum):
        return True
    x, _ = datum.from_wgs84(np.array([105.0]), np.array([35.0]), crs)
    return bool(abs(x[0]) <= 180)
