"""Grounds of known shape, as height files and as they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray

from models.radar.footprint import AZIMUTH_BINS, PolarGeometry
from models.radar.sight.heights import PolarHeights
from models.radar.volume import Site

LON, LAT = 112.0, 24.0
SITE = Site("ZTEST", "test", LON, LAT, 500.0)


def write_heights(
    path: Path,
    meters: NDArray[np.float32],
    *,
    west: float,
    north: float,
    cell: float,
    crs: str | None = "EPSG:4326",
    nodata: float | None = None,
    dtype: str = "float32",
) -> Path:
    """Write one band, row 0 north, cells of ``cell`` in units of the projection."""
    profile = {"driver": "GTiff", "height": meters.shape[0], "width": meters.shape[1], "count": 1, "dtype": dtype}
    with rasterio.open(
        path, "w", **profile, crs=crs, nodata=nodata, transform=rasterio.Affine(cell, 0, west, 0, -cell, north)
    ) as file:
        file.write(meters.astype(dtype), 1)
    return path


def plane(path: Path, *, base: float = 200.0, half_deg: float = 1.0, cell: float = 1 / 120) -> Path:
    """Write ground round `LON`, `LAT` that rises 100 m a degree to the east and 40 m to the north."""
    count = round(2 * half_deg / cell)
    at = (np.arange(count) + 0.5) * cell - half_deg
    return write_heights(
        path,
        (base + 100 * at + -40 * at[:, None]).astype(np.float32),
        west=LON - half_deg,
        north=LAT + half_deg,
        cell=cell,
    )


def polar(meters: float | NDArray[np.float32], *, bins: int = 400, bin_m: float = 250.0) -> PolarHeights:
    """Return ground of one height, or of a height for each bin, all round `SITE`; its model's cells are tiny."""
    field = np.empty((AZIMUTH_BINS, bins), np.float32)
    field[:] = meters
    return PolarHeights(PolarGeometry(LON, LAT, bin_m, bins), field, 1.0)
