"""GeoTIFF files of the exercise: heights, and archived radar rain."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.io import MemoryFile
from rasterio.transform import from_origin

from app.demo.cma_writer import put


def write_grid(
    path: Path,
    values: NDArray[np.float32],
    *,
    west_deg: float,
    north_deg: float,
    cell_deg: tuple[float, float],
    tags: dict[str, str],
) -> Path:
    """Write one band in EPSG:4326 with NaN as nodata, whole or not at all, and return its path.

    ``values`` (rows, columns) float32, row 0 north; ``cell_deg`` is a cell's width and height in degrees.
    """
    rows, columns = values.shape
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff",
            height=rows,
            width=columns,
            count=1,
            dtype="float32",
            crs=rasterio.CRS.from_epsg(4326),
            transform=from_origin(west_deg, north_deg, *cell_deg),
            nodata=float("nan"),
            compress="deflate",
            predictor=3,
            zlevel=1,
        ) as file:
            file.write(values, 1)
            file.update_tags(**tags)
        put(path, bytes(memory.getbuffer()))
    return path
