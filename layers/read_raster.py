"""Any local raster file into values on the map's grid, of whatever size it is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import rasterio
import rasterio.errors
import shapely
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.io import DatasetReader
from rasterio.transform import array_bounds
from rasterio.warp import Resampling, reproject, transform_bounds
from rasterio.windows import Window, from_bounds

from layers.gdal_vector import listed, remarks_logged
from layers.note import Note
from layers.read_vector import refuse_pointers, refuse_strangers
from models import datum
from models.datum import Datum
from models.errors import DataError
from models.file_fault import unreadable
from models.geodesy import to_lonlat, to_mercator
from models.grid import GridArea

_ZIP = "/vsizip/"
_MAP_CRS = "EPSG:3857"
_DEGREES = "EPSG:4326"
_MOST_CELLS = 4_000_000
_MOST_ACROSS = 32_000
_MOST_LAT_DEG = 85.0
MOST_FIELDS = 200
"""More fields of one file are not offered: nobody looks through them."""
# A grid's edge lies half a cell beyond the pole; a longitude may count on from 180.
_MOST_EDGE_DEG = (540.0, 95.0)
# Memory that GDAL may keep for blocks of a file, MB.
_CACHE_MB = 64
# Values that say "unknown" in files that forget to name them as such.
_UNTAGGED = (-999.0, -9999.0, -32768.0)

# What GDAL may open: none of these asks a service or reads another file that its own text names.
_DRIVERS = [
    *("GTiff", "netCDF", "HDF5", "HDF5Image", "GRIB", "SRTMHGT", "AAIGrid", "AIG", "HFA", "ENVI", "EHdr", "DTED", "BAG"),
    *("USGSDEM", "GSAG", "GSBG", "GS7BG", "SAGA", "RST", "ILWIS", "NITF", "XYZ", "GXF", "BT", "SIGDEM", "NWT_GRD"),
    *("PNG", "JPEG", "JP2OpenJPEG", "WEBP", "GIF", "BMP", "PNM", "Terragen", "GPKG", "MBTiles"),
]  # fmt: skip

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class RasterTable:
    """One band in the map's coordinates: ``values`` (rows, columns) float32, NaN where unknown, row 0 north.

    ``unit`` and ``valid_at`` are what the file says of it, empty and None where it says nothing.
    """

    source: str
    area: GridArea
    values: NDArray[np.float32]
    title: str = ""
    unit: str = ""
    valid_at: datetime | None = None
    notes: tuple[Note, ...] = ()
    crs: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a raster file, one layer or sheet of another: ``part`` is what is said to read it.

    The last one may have no part but say how many ``more`` there are. Of a sheet ``rows`` and ``columns`` are known,
    -1 where they are not; ``is_usual`` marks what was taken last of such a file.
    """

    part: str
    title: str
    unit: str = ""
    valid_at: datetime | None = None
    more: int = 0
    rows: int = -1
    columns: int = 0
    is_hidden: bool = False
    is_usual: bool = False


def read_raster(
    path: Path,
    *,
    bounds_deg: Bounds | None = None,
    resolution_m: float = 0.0,
    crs: str = "",
    part: str = "",
    classes: bool = False,
) -> RasterTable:
    """Return one field of any raster that GDAL reads, warped to the map.

    Only the cells that the result can show are read, from overviews where the file has them, so that memory
    does not grow with the file.

    Parameters
    ----------
    path : Path
        GeoTIFF, NetCDF, GRIB2, HGT, ASCII grid ...; GDAL's ``/vsizip/`` paths too.
    bounds_deg : (west, south, east, north), degrees
        What is wanted; the whole raster if None.
    resolution_m : float, m on the ground
        Size of the cells; that of the file if 0. Coarsened so that at most 4 million cells come out.
    crs : str
        As in `read_vector`: ``gcj02``, ``bd09``, or ``EPSG:n`` in place of what the file says.
    part : str
        Which field: a band's number, a NetCDF variable, or ``variable:band``; the first if empty.
    classes : bool
        Cells are classes: never a value between two of them.

    Raises
    ------
    DataError
        ``layers.unreadable`` with file and cause; ``layers.no_crs`` if the file does not
        say where it lies; ``layers.no_part``, ``layers.is_html``, ``datum.unknown_crs``,
        ``layers.no_cells_place`` if its cells lie nowhere, ``layers.outside_earth`` if not on earth, ``layers.complex``.
    """
    if (packed := path.as_posix()).startswith(_ZIP):  # any other of GDAL's own paths is no file, and refused so
        inside = Path(packed.removeprefix(_ZIP))
        refuse_pointers(next((one for one in reversed(inside.parents) if one.is_file()), inside))
    else:
        refuse_strangers(path)
    name, number = _address(path, part)
    shifted = crs.casefold() in {Datum.GCJ02, Datum.BD09}
    try:
        with remarks_logged(path), rasterio.Env(GDAL_CACHEMAX=_CACHE_MB), open_raster(name) as band:
            if not 1 <= number <= band.count:
                parts = listed([str(n) for n in range(1, band.count + 1)])
                raise DataError("layers.no_part", file=path.name, part=part, parts=parts)
            if band.dtypes[number - 1].startswith("complex"):
                raise DataError("layers.complex", file=path.name)
            system, notes = _system(band, "" if shifted else crs, path.name)
            whole = _whole(band, system, path.name)
            area = _area(bounds_deg or whole, resolution_m or _cell_of(whole, band.width, band.height))
            if area.cell_m > 1.5 * _area(whole, _cell_of(whole, band.width, band.height), most=math.inf).cell_m:
                notes.append(Note("coarsened", {"cell_m": round(resolution_m or _ground_m(area))}))
            values = _warped(band, number, system, area, classes=classes)
            about = _field(band, number, part)
    except (rasterio.errors.RasterioError, OSError) as error:
        raise unreadable(path, error) from error
    if shifted:
        area, values = _without_shift(area, values, Datum(crs.casefold()), classes=classes)
    said = crs or system.to_string()
    return RasterTable(path.name, area, values, about.title, about.unit, about.valid_at, tuple(notes), said)


def open_raster(name: str | Path) -> Any:
    """Return a raster that GDAL has opened, if it is of a kind that holds its data itself.

    Raises
    ------
    RasterioError
        Whatever GDAL says of it.
    """
    with rasterio.Env():
        return DatasetReader(str(name), driver=_DRIVERS)


def fields_of(path: Path) -> tuple[Field, ...]:
    """Return the fields that a raster file holds: bands, GRIB messages, NetCDF variables by time; 200 at most.

    Raises
    ------
    DataError
        ``layers.unreadable``, ``layers.is_html``.
    """
    refuse_strangers(path)
    found: list[Field] = []
    more = 0
    try:
        with remarks_logged(path), open_raster(path) as file:
            inner = [str(name) for name in file.subdatasets]
            if not inner:
                found = [_field(file, n, str(n)) for n in range(1, min(file.count, MOST_FIELDS) + 1)]
                more = file.count - len(found)
        for at, name in enumerate(inner):
            if len(found) >= MOST_FIELDS:  # what is not opened counts as one
                more += len(inner) - at
                break
            variable = name.rsplit(":", 1)[-1].strip("/")
            with remarks_logged(path), open_raster(name) as file:
                taken = min(file.count, MOST_FIELDS - len(found))
                found += [_field(file, n, f"{variable}:{n}") for n in range(1, taken + 1)]
                more += file.count - taken
    except (rasterio.errors.RasterioError, OSError) as error:
        raise unreadable(path, error) from error
    return (*found, Field("", "", more=more)) if more else tuple(found)


def outline_of(path: Path, part: str = "") -> shapely.Geometry:
    """Return the outline of a raster in the numbers of its own system, whichever that is.

    Raises
    ------
    DataError
        ``layers.unreadable``, ``layers.no_part``.
    """
    name, _ = _address(path, part)
    try:
        with remarks_logged(path), open_raster(name) as band:
            return shapely.box(*band.bounds)
    except (rasterio.errors.RasterioError, OSError) as error:
        raise unreadable(path, error) from error


def _address(path: Path, part: str) -> tuple[str, int]:
    """Return what GDAL opens and the band of it."""
    variable, _, number = (
        part.rpartition(":") if ":" in part else ("", "", part) if part.isdecimal() else (part, "", "")
    )
    try:
        with remarks_logged(path), open_raster(path) as file:
            inner = [str(name) for name in file.subdatasets]
    except (rasterio.errors.RasterioError, OSError) as error:
        raise unreadable(path, error) from error
    if not inner and variable:
        raise DataError("layers.no_part", file=path.name, part=part, parts="—")
    if not inner:
        return str(path), int(number or 1)
    by_name = {name.rsplit(":", 1)[-1].strip("/"): name for name in inner}
    if variable and variable not in by_name:
        raise DataError("layers.no_part", file=path.name, part=part, parts=listed([*by_name]))
    return by_name[variable] if variable else inner[0], int(number or 1)


def _system(band: Any, crs: str, name: str) -> tuple[CRS, list[Note]]:
    """Return in which system a raster lies: what the caller says, or what the file does."""
    if crs:
        try:
            return CRS.from_user_input(_DEGREES if crs.casefold() == Datum.WGS84 else crs), []
        except rasterio.errors.CRSError as error:
            raise DataError("datum.unknown_crs", crs=crs) from error
    if band.crs is not None:
        return band.crs, []
    units = {str(value).casefold() for key, value in band.tags().items() if key.endswith("#units")}
    if {"degrees_north", "degrees_east"} <= units:  # a NetCDF that says so in the words of CF
        return CRS.from_user_input(_DEGREES), [Note("degrees_taken_as_wgs84")]
    band.read(1, window=Window(band.width - 1, band.height - 1, 1, 1))  # a file cut off may have lost the system too
    raise DataError("layers.no_crs", file=name)


def _whole(band: Any, system: CRS, name: str) -> Bounds:
    if band.transform.is_identity:  # what GDAL answers where a file says nothing of its cells
        raise DataError("layers.no_cells_place", file=name)
    west, south, east, north = transform_bounds(system, _DEGREES, *band.bounds)
    most_lon, most_lat = _MOST_EDGE_DEG
    if not (-most_lon <= west < east <= most_lon and -most_lat <= south < north <= most_lat):  # NaN is neither
        place = f"{band.bounds.left:.10g}, {band.bounds.bottom:.10g}"
        raise DataError("layers.outside_earth", file=name, crs=system.to_string()[:40], place=place)
    return west, max(south, -_MOST_LAT_DEG), east, min(north, _MOST_LAT_DEG)


def _area(bounds_deg: Bounds, cell_m: float, *, most: float = _MOST_CELLS) -> GridArea:
    """Return the map's cells over bounds, coarser than asked for where there would be too many."""
    area = GridArea.over(bounds_deg, cell_m)
    over = max(
        math.sqrt(area.rows * area.columns / most), max(area.shape) / (_MOST_ACROSS if most < math.inf else most)
    )
    return GridArea.over(bounds_deg, cell_m * over) if over > 1 else area


def _warped(band: Any, number: int, system: CRS, area: GridArea, *, classes: bool) -> NDArray[np.float32]:
    """Read of a band what the area can show, and warp it there."""
    window = _window(band, system, area)
    values = np.full(area.shape, np.nan, np.float32)
    if window is None:
        return values
    step = max(1, math.floor(min(window.width / area.columns, window.height / area.rows)))
    shape = (math.ceil(window.height / step), math.ceil(window.width / step))
    nodata = band.nodatavals[number - 1]
    average = step > 1 and nodata is not None and not classes
    data = band.read(
        number, window=window, out_shape=shape, resampling=Resampling.average if average else Resampling.nearest
    )
    unknown = nodata if nodata is not None else _untagged(data)
    found = data.astype(np.float32)
    if unknown is not None:
        found[data == np.asarray(unknown).astype(data.dtype)] = np.nan
    found = found * np.float32(band.scales[number - 1]) + np.float32(band.offsets[number - 1])
    west, south, east, north = array_bounds(int(window.height), int(window.width), band.window_transform(window))
    straight = band.transform.b == 0 and band.transform.d == 0
    reproject(
        found,
        values,
        src_transform=rasterio.transform.from_bounds(west, south, east, north, shape[1], shape[0])
        if straight and band.transform.e < 0
        else band.window_transform(window) * rasterio.Affine.scale(window.width / shape[1], window.height / shape[0]),
        src_crs=system,
        src_nodata=np.nan,
        dst_transform=rasterio.Affine(area.cell_m, 0.0, area.west_m, 0.0, -area.cell_m, area.north_m),
        dst_crs=_MAP_CRS,
        dst_nodata=np.nan,
        resampling=Resampling.nearest if classes else Resampling.bilinear,
    )
    return values


def _window(band: Any, system: CRS, area: GridArea) -> Window | None:
    """Return the cells of the file under an area, two more on each side; None if there are none."""
    full = Window(0, 0, band.width, band.height)
    if band.transform.b or band.transform.d or band.transform.e > 0:
        return full
    bounds = transform_bounds(_MAP_CRS, system, area.west_m, area.south_m, area.east_m, area.north_m)
    if not all(map(math.isfinite, bounds)):
        return full
    found = from_bounds(*bounds, transform=band.transform)
    left, top = max(0, math.floor(found.col_off) - 2), max(0, math.floor(found.row_off) - 2)
    right = min(band.width, math.ceil(found.col_off + found.width) + 2)
    bottom = min(band.height, math.ceil(found.row_off + found.height) + 2)
    return Window(left, top, right - left, bottom - top) if right > left and bottom > top else None


def _without_shift(
    area: GridArea, values: NDArray[np.float32], shifted: Datum, *, classes: bool
) -> tuple[GridArea, NDArray[np.float32]]:
    """Return a raster whose file lay in GCJ-02 or BD-09 where it belongs, each cell fetched from its shifted place."""
    middle = to_lonlat(np.array([(area.west_m + area.east_m) / 2]), np.array([(area.north_m + area.south_m) / 2]))
    x, y = to_mercator(*datum.convert(*middle, shifted, Datum.WGS84))
    off_x, off_y = float(x[0]) - (area.west_m + area.east_m) / 2, float(y[0]) - (area.north_m + area.south_m) / 2
    moved = GridArea(area.west_m + off_x, area.north_m + off_y, area.cell_m, area.rows, area.columns)
    lon, lat = moved.centers_lonlat()
    grid_lon, grid_lat = np.meshgrid(lon, lat)
    x, y = to_mercator(*datum.convert(grid_lon, grid_lat, Datum.WGS84, shifted))
    column = ((x - area.west_m) / area.cell_m - 0.5).astype(np.float32)
    row = ((area.north_m - y) / area.cell_m - 0.5).astype(np.float32)
    way = cv2.INTER_NEAREST if classes else cv2.INTER_LINEAR
    out = cv2.remap(values, column, row, way, borderMode=cv2.BORDER_CONSTANT, borderValue=math.nan)
    return moved, np.asarray(out, np.float32)


def _field(file: Any, number: int, part: str) -> Field:
    """Return what a file says of one of its bands."""
    tags = file.tags(number)
    title = tags.get("GRIB_COMMENT") or tags.get("long_name") or file.descriptions[number - 1] or ""
    element, level = tags.get("GRIB_ELEMENT", ""), tags.get("GRIB_SHORT_NAME", "")
    unit = (tags.get("GRIB_UNIT") or tags.get("units") or file.units[number - 1] or "").strip("[]")
    seconds = tags.get("GRIB_VALID_TIME", "").split()
    valid_at = datetime.fromtimestamp(int(seconds[0]), UTC) if seconds and seconds[0].isdecimal() else None
    named = title or tags.get("NETCDF_VARNAME", "") or " ".join(filter(None, (element, level)))
    return Field(part or str(number), named, unit, valid_at)


def _untagged(values: NDArray[Any]) -> float | None:
    """Return the value that plainly means "unknown" in a file that does not say so: its lowest, if it is a usual one."""
    lowest = float(values.min()) if values.size else 0.0
    return lowest if lowest in _UNTAGGED else None


def _cell_of(bounds_deg: Bounds, columns: int, rows: int) -> float:
    """Return the size of the file's cells on the ground in m, the finer of both ways."""
    west, south, east, north = bounds_deg
    high = (north - south) * 111_195 / max(rows, 1)
    wide = (east - west) * 111_195 * np.cos(np.radians((south + north) / 2)) / max(columns, 1)
    return max(1.0, float(min(high, wide)))


def _ground_m(area: GridArea) -> float:
    _, lat_deg = to_lonlat(np.array([area.west_m]), np.array([(area.north_m + area.south_m) / 2]))
    return area.cell_m * math.cos(math.radians(float(lat_deg[0])))
