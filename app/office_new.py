"""Makes an office from the files that a county has: outline, towns, heights."""

from __future__ import annotations

import math
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import rasterio
import rasterio.errors
import shapely
from pyproj import Geod
from rasterio.warp import transform_bounds
from rasterio.windows import Window, from_bounds

from app.office import Office, create
from app.settings import Settings
from layers.read_vector import read_vector
from layers.vector_table import VectorTable
from models.act import JournalEntry
from models.errors import DataError
from models.file_fault import unreadable
from models.hazard.register import Place
from models.store import journal, places
from models.store.database import Database, Store

COUNTY_KM2 = (0.1, 300_000.0)
DEM_MARGIN_DEG = 0.2
DEM_UNKNOWN = -9999
HEIGHTS_M = (-500.0, 9000.0)
_CODE_COLUMN = re.compile(r"code|^gb$|^pac$|^adcd$|^id$|代码|编码", re.IGNORECASE)
_NAMES = ("name", "district_name", "county_name", "town_name", "town", "乡镇", "名称", "short_name")
_GEOD = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class NewOffice:
    """What was made: the office, its areas, and what was left out of the files, in words of data."""

    office: Office
    county: Place
    towns: tuple[Place, ...]
    left_out: tuple[str, ...]


def make_office(
    folder: Path,
    settings: Settings,
    *,
    boundary: Path,
    towns: Path | None = None,
    dem: Path | None = None,
    now: datetime,
    language: str = "zh",
) -> NewOffice:
    """Read the files, and if all of them will do, make the office with its store.

    Parameters
    ----------
    folder : Path
        New or empty.
    settings : Settings
        With the county's name and code.
    boundary : Path
        Any vector file: one area, or many of which those are taken whose code is the county's.
    towns : Path, optional
        The towns' areas. Without them the county is the one area.
    dem : Path, optional
        Heights; what lies round the county is kept as ``archive/dem.tif``.
    now : datetime
        When, for the journal.
    language : str
        Of the comments in ``office.toml``.

    Raises
    ------
    DataError
        ``office.no_area``, ``office.no_code``, ``office.other_county``, ``office.not_a_county``,
        ``office.town_names``, ``office.towns_elsewhere``, ``office.dem_elsewhere`` or what reading says;
        then nothing is made.
    SettingsError
        ``office.exists``, ``office.not_empty``, ``office.not_writable``.
    """
    adcode = settings.office.adcode
    county = read_county(boundary, adcode, settings.office.name)
    town_places, left_out = read_towns(towns, county) if towns is not None else ((), ())
    heights = _heights_near(dem, county) if dem is not None else None
    office = create(folder, settings, language=language)
    try:
        if dem is not None and heights is not None:
            _write_heights(dem, heights, office.dem_path)
        facts: dict[str, object] = {
            "name": settings.office.name,
            "adcode": adcode,
            "exercise": settings.office.exercise,
            "boundary": boundary.name,
            "towns": len(town_places),
            "dem": dem.name if dem is not None else None,
        }

        def work(db: Database) -> None:
            places.replace(db, (county, *town_places), actor="system", at=now)
            journal.append(db, JournalEntry("system", "office.made", "office", now, {}, facts))

        with Store.open(office.store_path) as store:
            store.write_now(work)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)  # it was made a moment ago, and is of no use half
        raise
    return NewOffice(office, county, town_places, left_out)


def read_county(path: Path, adcode: str, fallback_name: str) -> Place:
    """Return the area of the county with this code in a file.

    Raises
    ------
    DataError
        ``office.no_area``, ``office.no_code``, ``office.other_county`` or ``office.not_a_county``.
    """
    table = read_vector(path)
    rows = _areas(table)
    if not rows:
        raise DataError("office.no_area", file=path.name)
    codes = _code_columns(table)
    mine = [row for row in rows if any(_is_code(codes[name][row], adcode) for name in codes)]
    if not mine:  # a prefecture is all of its counties
        parents = _column(table, ("parent",))
        mine = [row for row in rows if adcode in re.findall(r"\d{6}", parents[row])]
    if not mine and len(rows) == 1 and not any(_looks_like_code(codes[name][rows[0]]) for name in codes):
        mine = rows
    if not mine and not codes:
        raise DataError("office.no_code", file=path.name, count=len(rows), columns=", ".join(table.columns) or "-")
    if not mine:
        found = sorted({v for column in codes.values() for v in column if _looks_like_code(v)})
        raise DataError("office.other_county", file=path.name, adcode=adcode, found=_some(found))
    shape = _one_area(table.geometry[row] for row in mine)
    km2 = area_km2(shape)
    west, south, east, north = shape.bounds
    if not COUNTY_KM2[0] <= km2 <= COUNTY_KM2[1] or not (-180 <= west <= east <= 180 and -85 <= south <= north <= 85):
        raise DataError("office.not_a_county", file=path.name, km2=round(km2, 2), bounds=_bounds_text(shape))
    name = _column(table, _NAMES)[mine[0]] if len(mine) == 1 and _has(table, _NAMES) else fallback_name
    return Place(adcode, name.strip() or fallback_name, "county", "", shapely.to_wkb(shape))


def read_towns(path: Path, county: Place) -> tuple[tuple[Place, ...], tuple[str, ...]]:
    """Return the towns of a file that lie in the county, and the names of what was left out.

    Raises
    ------
    DataError
        ``office.no_area``, ``office.town_names`` or ``office.towns_elsewhere``.
    """
    table = read_vector(path)
    rows = _areas(table)
    if not rows:
        raise DataError("office.no_area", file=path.name)
    if not _has(table, _NAMES):
        raise DataError("office.town_names", file=path.name, columns=", ".join(table.columns) or "-")
    names = _column(table, _NAMES)
    codes = next((values for values in _code_columns(table).values() if _tells_apart(values, rows)), None)
    outline = shapely.from_wkb(county.wkb)
    parts: dict[str, list[int]] = {}
    left_out = []
    for row in rows:
        if not shapely.covers(outline, shapely.point_on_surface(table.geometry[row])):
            left_out.append(names[row])
            continue
        code = _town_code(codes[row]) if codes is not None else f"{county.code}{len(parts) + 1:03d}"
        parts.setdefault(code, []).append(row)
    if not parts:
        raise DataError("office.towns_elsewhere", file=path.name, county=county.name, found=_some(left_out))
    found = tuple(
        Place(
            code,
            names[mine[0]].strip(),
            "town",
            county.code,
            shapely.to_wkb(_one_area(table.geometry[r] for r in mine)),
        )
        for code, mine in parts.items()
    )
    return found, tuple(left_out)


def area_of(place: Place) -> float:
    """Return the area of a place in km²."""
    return area_km2(shapely.from_wkb(place.wkb))


def area_km2(shape: shapely.Geometry) -> float:
    """Return the area on the WGS 84 ellipsoid in km²."""
    square_m, _ = _GEOD.geometry_area_perimeter(shapely.orient_polygons(shape))
    return abs(square_m) / 1e6


def _areas(table: VectorTable) -> list[int]:
    kinds = {shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON}
    return [row for row, shape in enumerate(table.geometry) if shapely.get_type_id(shape) in kinds]


def _one_area(shapes: Iterable[shapely.Geometry]) -> shapely.Geometry:
    """Return one valid area of several, without the lines and points that mending leaves."""
    whole = shapely.union_all([shapely.make_valid(shape) for shape in shapes])
    flat = [part for part in shapely.get_parts(whole) if shapely.get_dimensions(part) == 2]
    return shapely.multipolygons([polygon for part in flat for polygon in shapely.get_parts(part)])


def _code_columns(table: VectorTable) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(_tidy(value) for value in values)
        for name, values in table.columns.items()
        if _CODE_COLUMN.search(name)
    }


def _tidy(value: str) -> str:
    return value.strip().removesuffix(".0")


def _looks_like_code(value: str) -> bool:
    return bool(re.fullmatch(r"(156)?\d{6}(0{3}|0{6})?", value))


def _is_code(value: str, adcode: str) -> bool:
    """Say whether a code names the county: six digits, with China's 156 before or zeros behind."""
    return _looks_like_code(value) and re.sub(r"^156(?=\d{6})", "", value)[:6] == adcode


def _tells_apart(values: tuple[str, ...], rows: list[int]) -> bool:
    """Say whether a column of codes is one of the towns, not that of their county."""
    mine = [values[row] for row in rows]
    return all(mine) and len(set(mine)) > len(mine) / 2


def _town_code(value: str) -> str:
    """Return the nine digits of a town where its code is written with twelve."""
    return value[:9] if re.fullmatch(r"\d{9}000", value) else value


def _has(table: VectorTable, names: tuple[str, ...]) -> bool:
    there = {name.casefold() for name in table.columns}
    return any(name.casefold() in there for name in names)


def _column(table: VectorTable, names: tuple[str, ...]) -> tuple[str, ...]:
    return table.column(*names)


def _some(values: Iterable[str], most: int = 8) -> str:
    found = list(values)
    return ", ".join(found[:most]) + (f" … ({len(found)})" if len(found) > most else "") or "-"


def _bounds_text(shape: shapely.Geometry) -> str:
    return ", ".join(f"{value:.3f}" for value in shape.bounds)


def _heights_near(path: Path, county: Place) -> Window:
    """Return the part of a raster of heights that lies round the county."""
    west, south, east, north = shapely.from_wkb(county.wkb).bounds
    margin = DEM_MARGIN_DEG
    try:
        with rasterio.open(path) as band:
            if band.crs is None:
                raise DataError("layers.no_crs", file=path.name)
            wanted = transform_bounds(
                "EPSG:4326", band.crs, west - margin, south - margin, east + margin, north + margin
            )
            inside = band.bounds
            west, east = max(wanted[0], inside.left), min(wanted[2], inside.right)
            south, north = max(wanted[1], inside.bottom), min(wanted[3], inside.top)
            if west >= east or south >= north:
                raise DataError("office.dem_elsewhere", file=path.name, county=county.name)
            near = from_bounds(west, south, east, north, band.transform)
            column, row = max(0, math.floor(near.col_off)), max(0, math.floor(near.row_off))
            right = min(band.width, math.ceil(near.col_off + near.width))
            bottom = min(band.height, math.ceil(near.row_off + near.height))
            return Window(column, row, right - column, bottom - row)
    except (rasterio.errors.RasterioError, OSError) as error:
        raise unreadable(path, error) from error


def _write_heights(source: Path, window: Window, target: Path) -> None:
    """Keep a part of a raster as GeoTIFF; heights that cannot be are marked as unknown."""
    try:
        with rasterio.open(source) as band:
            values = band.read(1, window=window).astype(np.float32)
            unknown = ~((values >= HEIGHTS_M[0]) & (values <= HEIGHTS_M[1]))
            if band.nodata is not None:
                unknown |= values == band.nodata
            values[unknown] = DEM_UNKNOWN
            profile = {
                "driver": "GTiff",
                "width": values.shape[1],
                "height": values.shape[0],
                "count": 1,
                "dtype": "float32",
                "crs": band.crs,
                "transform": band.window_transform(window),
                "nodata": DEM_UNKNOWN,
                "compress": "deflate",
            }
        with rasterio.open(target, "w", **profile) as out:
            out.write(values, 1)
    except (rasterio.errors.RasterioError, OSError) as error:
        raise unreadable(source, error) from error
