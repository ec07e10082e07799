"""A mosaic as a GeoTIFF that any GIS opens."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import rasterio
from rasterio import Affine

from models.errors import DataError
from models.radar.composite import age_minutes
from models.radar.mosaic import NO_ECHO, Mosaic, Source, decode_dbz

NO_ECHO_DBZ = -32.5
"""What the value band says where a radar looked and found nothing."""


def write_mosaic(mosaic: Mosaic, path: Path) -> None:
    """Write a mosaic as a GeoTIFF in Web Mercator (EPSG:3857), whole or not at all.

    Band 1 is composite reflectivity in dBZ (float32, NaN where no radar sees,
    `NO_ECHO_DBZ` where one saw no echo), band 2 the age of each value in
    minutes, band 3 its source (1 for the first of the tag ``SOURCES``, 0 none).
    Tags: ``PRODUCT`` ``UNIT`` ``TIME`` (ISO 8601 UTC) ``SOURCES`` and ``MISSING``
    (JSON lists of code, name, time) ``NO_ECHO``.

    Raises
    ------
    DataError
        ``radar.mosaic_not_written`` if the file cannot be written.
    """
    area = mosaic.area
    dbz = decode_dbz(mosaic.codes)
    dbz[mosaic.codes == NO_ECHO] = NO_ECHO_DBZ
    part = path.with_name(f".{path.name}.part")
    try:
        with rasterio.open(
            part,
            "w",
            driver="GTiff",
            width=area.columns,
            height=area.rows,
            count=3,
            dtype="float32",
            crs="EPSG:3857",
            transform=Affine(area.cell_m, 0.0, area.west_m, 0.0, -area.cell_m, area.north_m),
            nodata=float("nan"),
            compress="deflate",
            tiled=True,
        ) as file:
            for number, (band, name) in enumerate(
                ((dbz, "dBZ"), (age_minutes(mosaic), "age, minutes"), (mosaic.source.astype(np.float32), "source")),
                start=1,
            ):
                file.write(band, number)
                file.set_band_description(number, name)
            file.update_tags(
                PRODUCT="cr",
                UNIT="dBZ",
                TIME=mosaic.at.isoformat(),
                SOURCES=_sources(mosaic.sources),
                MISSING=_sources(mosaic.missing),
                NO_ECHO=str(NO_ECHO_DBZ),
            )
        part.replace(path)
    except (OSError, rasterio.errors.RasterioError) as error:
        part.unlink(missing_ok=True)
        raise DataError("radar.mosaic_not_written", file=str(path), cause=str(error)) from error


def _sources(sources: tuple[Source, ...]) -> str:
    return json.dumps([{"code": s.code, "name": s.name, "at": s.at.isoformat()} for s in sources], ensure_ascii=False)
