"""A mosaic as a GeoTIFF that any GIS opens."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio import Affine
from rasterio.windows import Window

from models.errors import DataError
from models.grid import GridArea
from models.radar.footprint import Source
from models.radar.mosaic import Absent, Mosaic
from models.radar.quantity import NO_ECHO, Quantity

CRS = "EPSG:3857"
NO_ECHO_DBZ = -32.5
"""What the value band of a reflectivity says where a radar looked and found nothing."""


def write_mosaic(mosaic: Mosaic, path: Path, *, count: NDArray[np.uint8] | None = None) -> None:
    """Write a mosaic as a GeoTIFF in Web Mercator (EPSG:3857), whole or not at all.

    Bands, float32: 1 ``value`` in the product's unit (NaN where no radar sees, the tag
    ``NO_ECHO`` where one saw nothing: `NO_ECHO_DBZ`, or 0 km and 0 kg/m2), 2 ``age`` of each
    value in minutes, 3 ``height`` of the beam above sea level in m (both NaN where
    unknown), 4 ``source`` (1 for the first of the tag ``SOURCES``, 0 none), and with
    ``count`` 5 the number of radars that see the cell.
    Tags: ``PRODUCT`` ``UNIT`` ``TIME`` (ISO 8601 UTC) ``CRS`` ``SOURCES`` (JSON list of code, name,
    time) ``MISSING`` (the same, with ``hides_km2``) ``NO_ECHO`` ``RULE`` ``MOVED``.

    Parameters
    ----------
    mosaic : Mosaic
        What to write.
    path : Path
        The file; its folder must exist.
    count : (rows, columns) uint8, optional
        How many radars see each cell, if the mosaic itself does not say.

    Raises
    ------
    DataError
        ``radar.mosaic_not_written`` if the file cannot be written.
    """
    write_strips(iter([mosaic if count is None else replace(mosaic, count=count)]), mosaic.area, path)


def write_strips(strips: Iterator[Mosaic], area: GridArea, path: Path) -> None:
    """Write a mosaic that comes in strips, from north to south, as `write_mosaic` does; only one is held at a time.

    Parameters
    ----------
    strips : iterator of Mosaic
        At least one; together they fill ``area``. What they hide is added up.
    area : GridArea
        The whole raster.
    path : Path
        The file; its folder must exist.
    """
    first = next(strips)
    words = {"value": first.quantity.unit, "age": "minutes", "height": "m", "source": ""}
    words |= {"count": ""} if first.count is not None else {}
    profile = {
        "driver": "GTiff",
        "width": area.columns,
        "height": area.rows,
        "count": len(words),
        "dtype": "float32",
        "crs": CRS,
        "transform": transform_of(area),
        "nodata": float("nan"),
        "compress": "deflate",
        "tiled": True,
    }
    absent: dict[Source, float] = {}
    row, moved = 0, False
    with whole_file(path) as part, rasterio.open(part, "w", **profile) as file:
        for strip in chain((first,), strips):
            file.write(_bands(strip), window=Window(0, row, area.columns, strip.area.rows))
            row, moved = row + strip.area.rows, moved or strip.moved
            for one in strip.absent:
                absent[one.source] = absent.get(one.source, 0.0) + one.hides_km2
        for number, (name, unit) in enumerate(words.items(), start=1):
            file.set_band_description(number, name)
            file.set_band_unit(number, unit)
        file.update_tags(
            PRODUCT=first.quantity.word,
            UNIT=first.quantity.unit,
            TIME=first.at.isoformat(),
            CRS=CRS,
            SOURCES=sources_text(first.sources),
            MISSING=missing_text(tuple(Absent(source, km2) for source, km2 in absent.items())),
            NO_ECHO=str(no_echo_value(first.quantity)),
            RULE=first.rule.value,
            MOVED="yes" if moved else "no",
        )


def _bands(mosaic: Mosaic) -> NDArray[np.float32]:
    """Return (bands, rows, columns) float32 as `write_mosaic` names them."""
    value = mosaic.quantity.decode(mosaic.codes)
    value[mosaic.codes == NO_ECHO] = no_echo_value(mosaic.quantity)
    bands = [value, mosaic.age_minutes(), mosaic.height_m(), mosaic.source.astype(np.float32)]
    if mosaic.count is not None:
        bands.append(mosaic.count.astype(np.float32))
    return np.stack(bands)


def no_echo_value(quantity: Quantity) -> float:
    """Return what stands in a file of values where a radar looked and found nothing."""
    return NO_ECHO_DBZ if quantity.unit == "dBZ" else 0.0


def transform_of(area: GridArea) -> Affine:
    """Return the transform from (column, row) to map meters."""
    return Affine(area.cell_m, 0.0, area.west_m, 0.0, -area.cell_m, area.north_m)


def sources_text(sources: tuple[Source, ...]) -> str:
    """Return radars with their times as a JSON list."""
    return json.dumps([_source(source) for source in sources], ensure_ascii=False)


def missing_text(absent: tuple[Absent, ...]) -> str:
    """Return the radars that are left out, with their last times and the area that hides, as a JSON list."""
    rows = [{**_source(one.source), "hides_km2": round(one.hides_km2)} for one in absent]
    return json.dumps(rows, ensure_ascii=False)


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield the path to write to; it becomes ``path`` once it is on the disk, or is gone if writing fails.

    Raises
    ------
    DataError
        ``radar.mosaic_not_written``.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")  # two may write the same
    try:
        try:
            yield part
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            part.replace(path)
            _sync_folder(path.parent)
        finally:
            part.unlink(missing_ok=True)
    except (OSError, rasterio.errors.RasterioError) as error:
        raise DataError("radar.mosaic_not_written", file=str(path), cause=str(error)) from error


def _source(source: Source) -> dict[str, object]:
    return {"code": source.code, "name": source.name, "at": source.at.isoformat()}


def _sync_folder(folder: Path) -> None:
    """Let the name of a new file outlast a power cut; Windows opens no folders."""
    if os.name != "nt":
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
