"""Rasters of others, opened by rasterio: one named driver, from memory, no neighbors, no network, within bounds."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.io import MemoryFile

from models.errors import DataError
from models.radar.layouts.unpack import LARGEST_BYTES

MOST_BANDS = 64
Transform = tuple[float, float, float, float, float, float]

_OPTIONS = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_CACHEMAX": 16,  # MB
    "GDAL_NUM_THREADS": "1",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "GDAL_HTTP_TIMEOUT": "1",
}


@contextmanager
def opened(data: bytes, driver: str, name: str) -> Iterator[Any]:
    """Open the bytes of a raster file, for the length of a ``with``.

    Parameters
    ----------
    data : bytes
        The whole file.
    driver : str
        The one driver of GDAL that may read it.
    name : str
        What errors call it.

    Yields
    ------
    rasterio.DatasetReader
        Its subdatasets can be opened with `opened_part` meanwhile.

    Raises
    ------
    DataError
        ``radar.foreign_damaged`` with GDAL's words, whatever rasterio raised on opening or inside the ``with``.
    """
    try:
        with warnings.catch_warnings(), _quiet(), rasterio.Env(**_OPTIONS):
            warnings.simplefilter("ignore")
            with MemoryFile(data) as memory, memory.open(driver=driver) as file:
                yield file
    except DataError:
        raise
    except Exception as error:
        words = " ".join(str(error.__cause__ or error).split()) or type(error).__name__
        raise DataError("radar.foreign_damaged", file=name, reader=f"GDAL {driver}", cause=words[:200]) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep rasterio's log still: what matters of it is raised, and the rest is about tags in old encodings."""
    log = logging.getLogger("rasterio")
    level = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        log.setLevel(level)


def opened_part(part: str, driver: str) -> Any:
    """Open a subdataset of a file that `opened` holds."""
    return rasterio.open(part, driver=driver)


def bounded(file: Any, name: str, *, bands: int = 1, cell_bytes: int = 4) -> None:
    """Refuse a raster that is larger than a mosaic can be, before anything is read.

    Raises
    ------
    DataError
        ``radar.grid_too_large`` if ``bands`` of it take more than the bound when decoded.
    """
    if not 1 <= bands <= MOST_BANDS or file.width * file.height * bands * cell_bytes > LARGEST_BYTES:
        raise DataError(
            "radar.grid_too_large",
            file=name,
            columns=file.width,
            rows=file.height,
            bands=bands,
            limit_mib=LARGEST_BYTES // 1024**2,
        )


def band(file: Any, number: int, name: str) -> NDArray[Any]:
    """Return one band (rows, columns): 8- and 16-bit codes as stored, all else as float32."""
    kind = np.dtype(file.dtypes[number - 1])
    as_stored = kind in {np.dtype(np.uint8), np.dtype(np.uint16)}
    bounded(file, name, cell_bytes=kind.itemsize if as_stored else 4)
    out: NDArray[Any] = file.read(number) if as_stored else file.read(number, out_dtype="float32")
    return out


def place(file: Any, name: str, *, degrees: bool = False) -> tuple[str, Transform]:
    """Return projection (WKT) and transform of a raster; ``degrees`` is whether it is in degrees if it does not say.

    Raises
    ------
    DataError
        ``radar.grid_unplaced`` if it has none.
    """
    transform = tuple(float(value) for value in tuple(file.transform)[:6])
    unknown = file.crs is None and not degrees
    if unknown or file.transform.is_identity or not np.isfinite(transform).all():
        raise DataError("radar.grid_unplaced", file=name)
    return "EPSG:4326" if file.crs is None else wkt(file.crs), (
        transform[0],
        transform[1],
        transform[2],
        transform[3],
        transform[4],
        transform[5],
    )


def wkt(crs: Any) -> str:
    """Return a projection as ``EPSG:n`` where it is one exactly, else as WKT."""
    number = crs.to_epsg(confidence_threshold=100)
    return f"EPSG:{number}" if number else str(crs.to_wkt())


def north_up(layer: NDArray[Any], transform: Transform) -> tuple[NDArray[Any], Transform]:
    """Turn a raster (rows, columns) whose first row is the south, so that it is the north."""
    a, b, x, d, e, y = transform
    if e <= 0:
        return layer, transform
    rows = layer.shape[0]
    return layer[::-1], (a, -b, x + b * rows, d, -e, y + e * rows)
