"""A GeoTIFF, or the tiles of a GeoPackage, as a base map: warped to the tile grid when it is looked at."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import rasterio
import rasterio.errors
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, Resampling
from rasterio.transform import from_origin
from rasterio.vrt import WarpedVRT
from rasterio.warp import transform_bounds
from rasterio.windows import Window

from layers.read_raster import open_raster
from layers.tiles.tile_grid import DEEPEST_ZOOM, TILE_PX, Bounds, TileKey, corner_m, side_m
from layers.tiles.tile_source import Picture
from models.errors import DataError
from models.file_fault import unreadable

_MAP_CRS = "EPSG:3857"
# What GDAL says when a file does not hold what it promises.
BROKEN = (rasterio.errors.RasterioError, OSError)
# Without overviews a coarse tile would read the whole file: it is shown from this many zooms above its own on.
_BARE_ZOOMS = 4
_SMALL_PX = 8192
_SAMPLE_PX = 1024
_USUAL_RANGE = (2, 98)


class RasterTiles:
    """A raster of one band (gray or with a palette), three (RGB) or four (RGBA), in any coordinates.

    Values that are no bytes are stretched from their 2nd to their 98th percentile.

    Raises
    ------
    DataError
        ``tiles.unreadable`` with file and cause, ``layers.no_crs``.
    """

    def __init__(self, path: Path, *, table: str = "") -> None:
        self._path = path
        try:
            self._file = open_raster(f"GPKG:{path}:{table}" if table else path)
            if self._file.crs is None:
                raise DataError("layers.no_crs", file=path.name)
            self._bounds: Bounds = transform_bounds(self._file.crs, _MAP_CRS, *self._file.bounds)
            self._zooms = self._zoom_range()
            self._palette = self._palette_of()
            self._stretch = self._stretch_of()
        except BROKEN as error:
            raise unreadable(path, error, "tiles.unreadable") from error

    @property
    def zooms(self) -> tuple[int, int]:
        return self._zooms

    @property
    def bounds_m(self) -> Bounds:
        return self._bounds

    @property
    def tile_px(self) -> int:
        return TILE_PX

    @property
    def attribution(self) -> str:
        return ""

    def tile(self, key: TileKey) -> Picture | None:
        """Return the picture of a tile; see `TileSource.tile`."""
        pixel_m = side_m(key.z) / TILE_PX
        # A palette has no colors between its colors.
        resampling = Resampling.nearest if self._palette is not None else Resampling.bilinear
        try:
            with WarpedVRT(
                self._file,
                crs=_MAP_CRS,
                transform=from_origin(*corner_m(key), pixel_m, pixel_m),
                width=TILE_PX,
                height=TILE_PX,
                resampling=resampling,
                add_alpha=not self._has_alpha,
            ) as warped:
                bands = warped.read()
        except BROKEN as error:
            raise DataError("tiles.damaged", file=self._path.name, tile="/".join(map(str, key))) from error
        alpha = (bands[-1] > 0).astype(np.uint8) * 255 if bands.dtype != np.uint8 else bands[-1]
        return self._colored(bands[:-1], alpha) if alpha.any() else None

    @property
    def _has_alpha(self) -> bool:
        return bool(self._file.colorinterp[-1] == ColorInterp.alpha)

    def _colored(self, bands: NDArray[np.generic], alpha: NDArray[np.uint8]) -> Picture:
        out = np.empty((TILE_PX, TILE_PX, 4), np.uint8)
        if self._palette is not None:
            out[:] = self._palette[bands[0].astype(np.uint8)]
            out[..., 3] = np.minimum(out[..., 3], alpha)
            return out
        for channel in range(3):
            out[..., channel] = self._as_bytes(bands[channel if len(bands) >= 3 else 0])
        out[..., 3] = alpha
        return out

    def _as_bytes(self, band: NDArray[np.generic]) -> NDArray[np.generic]:
        if self._stretch is None:
            return np.asarray(band)
        low, high = self._stretch
        values = np.nan_to_num(band.astype(np.float32), nan=low)
        return np.asarray(np.clip((values - low) * (254 / (high - low)) + 1, 1, 255), np.uint8)

    def _zoom_range(self) -> tuple[int, int]:
        west, south, east, north = self._bounds
        pixel_m = min((east - west) / self._file.width, (north - south) / self._file.height)
        # The first zoom whose pixels are no larger than the file's; a twentieth of a zoom is no reason for another.
        most = min(DEEPEST_ZOOM, max(0, math.ceil(math.log2(side_m(0) / TILE_PX / pixel_m) - 0.05)))
        longest = max(self._file.width, self._file.height)
        zooms = math.ceil(math.log2(max(1.0, longest / TILE_PX))) + 2
        if not self._file.overviews(1) and longest > _SMALL_PX:
            zooms = _BARE_ZOOMS
        return max(0, most - zooms), most

    def _palette_of(self) -> NDArray[np.uint8] | None:
        if self._file.colorinterp[0] != ColorInterp.palette or self._file.dtypes[0] != "uint8":
            return None
        table = np.zeros((256, 4), np.uint8)
        for value, rgba in self._file.colormap(1).items():
            table[value] = rgba
        return table

    def _stretch_of(self) -> tuple[float, float] | None:
        """Return the values that become black and white, from a piece in the middle; None where values are bytes."""
        if self._file.dtypes[0] == "uint8":
            return None
        file = self._file
        side = min(_SAMPLE_PX, file.width), min(_SAMPLE_PX, file.height)
        middle = Window((file.width - side[0]) // 2, (file.height - side[1]) // 2, *side)
        seen = file.read(1, window=middle, masked=True).astype(np.float32).compressed()
        seen = seen[np.isfinite(seen)]
        if not seen.size:
            return 0.0, 1.0
        low, high = (float(v) for v in np.percentile(seen, _USUAL_RANGE))
        return low, max(high, low + 1e-6)
