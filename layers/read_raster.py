"""Any local raster file into values on the map's grid."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
import rasterio.errors
from numpy.typing import NDArray
from rasterio.warp import Resampling, reproject, transform_bounds

from models.errors import DataError
from models.grid import GridArea

_MAP_CRS = "EPSG:3857"
_MOST_CELLS = 4_000_000
# Values that say "unknown" in files that forget to name them as such.
_UNTAGGED = (-999.0, -9999.0, -32768.0)


@dataclass(frozen=True, slots=True, eq=False)
class RasterTable:
    """One band in the map's coordinates: ``values`` (rows, columns) float32, NaN where unknown, row 0 north."""

    source: str
    area: GridArea
    values: NDArray[np.float32]


def read_raster(
    path: Path, *, bounds_deg: tuple[float, float, float, float] | None = None, resolution_m: float = 0.0
) -> RasterTable:
    """Return the first band of any raster that GDAL reads, warped to the map.

    Parameters
    ----------
    path : Path
        GeoTIFF, HGT, ASCII grid ...; GDAL's ``/vsizip/`` paths too.
    bounds_deg : (west, south, east, north), degrees
        What is wanted; the whole raster if None.
    resolution_m : float, m on the ground
        Size of the cells; that of the file if 0. Coarsened so that at most 4 million cells come out.

    Raises
    ------
    DataError
        ``layers.unreadable`` with file and cause; ``layers.no_crs`` if the file does not
        say where it lies.
    """
    try:
        with rasterio.open(path) as band:
            if band.crs is None:
                raise DataError("layers.no_crs", file=path.name)
            bounds = bounds_deg or transform_bounds(band.crs, "EPSG:4326", *band.bounds)
            cell_m = resolution_m or _cell_of(bounds, band.width, band.height)
            area = GridArea.over(bounds, cell_m)
            if area.rows * area.columns > _MOST_CELLS:
                area = GridArea.over(bounds, cell_m * (area.rows * area.columns / _MOST_CELLS) ** 0.5)
            values = np.full(area.shape, np.nan, np.float32)
            reproject(
                rasterio.band(band, 1),
                values,
                src_nodata=band.nodata if band.nodata is not None else _untagged(band.read(1)),
                dst_transform=rasterio.Affine(area.cell_m, 0.0, area.west_m, 0.0, -area.cell_m, area.north_m),
                dst_crs=_MAP_CRS,
                dst_nodata=np.nan,
                resampling=Resampling.bilinear,
            )
    except (rasterio.errors.RasterioError, OSError) as error:
        raise DataError("layers.unreadable", file=path.name, cause=str(error)) from error
    return RasterTable(path.name, area, values)


def _untagged(values: NDArray[np.generic]) -> float | None:
    """Return the value that plainly means "unknown" in a file that does not say so: its lowest, if it is a usual one."""
    lowest = float(values.min()) if values.size else 0.0
    return lowest if lowest in _UNTAGGED else None


def _cell_of(bounds_deg: tuple[float, float, float, float], columns: int, rows: int) -> float:
    """Return the size of the file's cells on the ground in m, the finer of both ways."""
    west, south, east, north = bounds_deg
    high = (north - south) * 111_195 / max(rows, 1)
    wide = (east - west) * 111_195 * np.cos(np.radians((south + north) / 2)) / max(columns, 1)
    return max(1.0, float(min(high, wide)))
