"""Rasters made in memory: GeoTIFF and pictures by rasterio, GRIB 2 by GDAL, PGM composites byte by byte."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from rasterio import Affine
from rasterio.crs import CRS
from rasterio.io import MemoryFile

NORTH_UP = Affine(0.01, 0, 113.0, 0, -0.01, 24.0)


def raster(
    layers: Any,
    driver: str,
    *,
    tags: dict[str, Any] | None = None,
    names: tuple[str, ...] = (),
    crs: str | None = "EPSG:4326",
    transform: Affine | None = NORTH_UP,
    band_tags: list[dict[str, str]] | None = None,
    **more: Any,
) -> bytes:
    """Return a raster of (layers, rows, columns)."""
    layers = np.asarray(layers)
    place = {} if transform is None else {"transform": transform}
    place |= {} if crs is None else {"crs": CRS.from_string(crs)}
    with warnings.catch_warnings(), MemoryFile() as memory:
        warnings.simplefilter("ignore")
        count, rows, columns = layers.shape
        shape = {"width": columns, "height": rows, "count": count, "dtype": layers.dtype.name}
        with memory.open(driver=driver, **shape, **place, **more) as file:
            file.write(layers)
            file.update_tags(**(tags or {}))
            for number, name in enumerate(names, start=1):
                file.set_band_description(number, name)
            for number, words in enumerate(band_tags or [], start=1):
                file.update_tags(number, **words)
        memory.seek(0)
        return bytes(memory.read())


def geotiff(layers: Any, *, tags: dict[str, Any] | None = None, **more: Any) -> bytes:
    """Return a GeoTIFF with a time and a unit, unless ``tags`` says otherwise."""
    return raster(
        layers, "GTiff", tags={"TIME": "2026-06-17T18:30:00Z", "UNIT": "dBZ"} if tags is None else tags, **more
    )


def pgm(codes: Any, *, drop: str = "", **changed: str) -> bytes:
    """Return a PGM composite of the Finnish kind over a polar stereographic plane of a sphere."""
    from pyproj import Proj  # noqa: PLC0415 - one place needs it

    rows, columns = np.shape(codes)
    plane = Proj("+proj=stere +lat_0=90 +lon_0=25 +lat_ts=60 +R=6371288")
    left, bottom = plane(20.0, 60.0)
    west = plane(left, bottom, inverse=True)
    east = plane(left + columns * 1000.0, bottom + rows * 1000.0, inverse=True)
    lines = {
        "composite_area": "FIN", "obstime": "202606171830", "producttype": "CAPPI", "productname": "LOWEST",
        "param": "CorrectedReflectivity", "metersperpixel_x": "1000.0", "metersperpixel_y": "1000.0",
        "projection": "radar {", "type": "stereographic", "centrallongitude": "25", "centrallatitude": "90",
        "truelatitude": "60", "bottomleft": f"{west[0]:.9f} {west[1]:.9f}", "topright": f"{east[0]:.9f} {east[1]:.9f}",
    }  # fmt: skip
    lines |= changed
    text = "".join(f"# {key} {value}\n" for key, value in lines.items() if key != drop)
    return (
        f"P5\n{text}# radar KOR 1 21.6 60.1\n# }}\n{columns} {rows}\n255\n".encode()
        + np.asarray(codes, np.uint8).tobytes()
    )
