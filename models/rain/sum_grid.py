"""Archived radar rain sums: one GeoTIFF per hour, read at points."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import DatasetReader

from models.errors import DataError
from models.geodesy import FloatArray

MOST_CELLS = 25_000_000
MOST_MM = 1000.0


def read_rain_sum(path: Path, lon_deg: FloatArray, lat_deg: FloatArray) -> tuple[datetime, int, NDArray[np.float32]]:
    """Return an archived rain sum at points.

    Parameters
    ----------
    path : Path
        A GeoTIFF of one float32 band in EPSG:4326, NaN where no radar saw, with the tags
        ``PRODUCT=rain_sum``, ``TIME`` (end of the sum, ISO 8601 with zone), ``MINUTES``
        (1 to 1440) and ``UNIT=mm``.
    lon_deg, lat_deg : (points,) float64, degrees
        WGS 84; a point takes the cell it lies in.

    Returns
    -------
    at, minutes, mm
        End of the sum (UTC), how long it is, and (points,) float32 mm, NaN where
        no radar saw the point or the point lies outside.

    Raises
    ------
    DataError
        ``rain.sum_unreadable`` if it is no raster that can be opened,
        ``rain.sum_wrong`` (with ``field`` and ``value``) if a tag, the grid or a value is not as above.
    """
    try:
        with warnings.catch_warnings(), _opened(path) as file:
            at, minutes = _what_it_is(file, path.name)
            row, column = _cells(file, lon_deg, lat_deg)
            grid = file.read(1)
    except (OSError, rasterio.errors.RasterioError) as error:
        raise DataError("rain.sum_unreadable", file=path.name, cause=str(error)) from error
    with np.errstate(invalid="ignore"):
        wrong = np.isinf(grid) | (grid < 0) | (grid > MOST_MM)
    if wrong.any():
        raise DataError("rain.sum_wrong", file=path.name, field="mm", value=f"{grid[wrong][0]:g}")
    inside = (row >= 0) & (row < grid.shape[0]) & (column >= 0) & (column < grid.shape[1])
    mm = np.full(row.shape, np.nan, np.float32)
    mm[inside] = grid[row[inside].astype(np.intp), column[inside].astype(np.intp)]
    return at, minutes, mm


def _opened(path: Path) -> DatasetReader:
    """Open as a GeoTIFF and nothing else; a raster without a place is refused later, without a warning."""
    warnings.simplefilter("ignore", NotGeoreferencedWarning)
    return rasterio.open(path, driver="GTiff")


def _what_it_is(file: DatasetReader, name: str) -> tuple[datetime, int]:
    """Check tags and grid; return the end of the sum and its minutes."""
    tags = {key.lower(): value for key, value in file.tags().items()}
    facts = {
        "product": (tags.get("product"), tags.get("product") == "rain_sum"),
        "unit": (tags.get("unit"), tags.get("unit") == "mm"),
        "crs": (str(file.crs), file.crs is not None and file.crs.to_epsg() == 4326),
        "bands": (file.count, file.count == 1),
        "dtype": (file.dtypes[0], file.dtypes[0] == "float32"),
        "size": (f"{file.width} x {file.height}", file.width * file.height <= MOST_CELLS),
        "transform": (str(tuple(file.transform)[:6]), file.transform.is_rectilinear and file.transform.e < 0),
    }
    for field, (value, good) in facts.items():
        if not good:
            raise DataError("rain.sum_wrong", file=name, field=field, value=value)
    return _time(tags.get("time", ""), name), _minutes(tags.get("minutes", ""), name)


def _time(text: str, name: str) -> datetime:
    at: datetime | None
    try:
        at = datetime.fromisoformat(text)
        at = at.astimezone(UTC) if at.tzinfo is not None else None
    except (ValueError, OverflowError):  # the year 1 east of Greenwich has no UTC
        at = None
    if at is None:
        raise DataError("rain.sum_wrong", file=name, field="time", value=text)
    return at


def _minutes(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= 1440):
        raise DataError("rain.sum_wrong", file=name, field="minutes", value=text)
    return int(text)


def _cells(file: DatasetReader, lon_deg: FloatArray, lat_deg: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return row and column (whole numbers as float) of the cells that places lie in."""
    across, down = file.transform.a, file.transform.e
    column = np.floor((np.asarray(lon_deg, float) - file.transform.c) / across)
    row = np.floor((np.asarray(lat_deg, float) - file.transform.f) / down)
    return np.nan_to_num(row, nan=-1.0), np.nan_to_num(column, nan=-1.0)
