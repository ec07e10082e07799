"""A product's raster, or one layer of another program's grid, on any part of the map."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from models.errors import DataError
from models.geodesy import FloatArray, from_plane
from models.grid import GridArea
from models.radar.product import Grid, Raster
from models.radar.tables import offsets
from models.radar.volume import Site

Bounds = tuple[float, float, float, float]
"""West, south, east, north, degrees."""

_FARTHEST_LAT_DEG = 84.0
_NODES = 33


@dataclass(frozen=True, slots=True)
class RoundSite:
    """Cells centered on a radar, row 0 north."""

    lon_deg: float
    lat_deg: float
    column_m: float
    row_m: float

    def bounds(self, rows: int, columns: int) -> Bounds:
        """Return what ``rows`` x ``columns`` cells reach."""
        half = np.array([-0.5, 0.5])
        center = (self.lon_deg, self.lat_deg)
        lon, _ = from_plane(half * columns * self.column_m, np.zeros(2), center=center)
        _, lat = from_plane(np.zeros(2), half * rows * self.row_m, center=center)
        return float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])

    def on(self, area: GridArea, rows: int, columns: int) -> tuple[FloatArray, FloatArray]:
        """Return (row, column), not whole, of the center of each cell of an area."""
        everything = slice(0, area.rows), slice(0, area.columns)
        east_m, north_m = offsets(self.lon_deg, self.lat_deg, area, *everything)
        return rows / 2 - north_m / self.row_m, columns / 2 + east_m / self.column_m


@dataclass(frozen=True, slots=True)
class OnPlane:
    """Cells of a projection: ``crs`` and ``transform`` as `models.radar.product.Grid` has them."""

    crs: str
    transform: tuple[float, float, float, float, float, float]

    def bounds(self, rows: int, columns: int) -> Bounds:
        """Return what ``rows`` x ``columns`` cells reach, as far as the map goes."""
        down, across = np.meshgrid(np.linspace(0, rows, _NODES), np.linspace(0, columns, _NODES))
        a, b, x0, d, e, y0 = self.transform
        x, y = a * across + b * down + x0, d * across + e * down + y0
        lon, lat = _ways(self.crs)[0].transform(x, y, direction="INVERSE")
        good = np.isfinite(lon) & np.isfinite(lat)
        if not good.any():
            raise DataError("radar.grid_off_the_map", crs=self.crs[:60])
        lon, lat = lon[good], np.clip(lat[good], -_FARTHEST_LAT_DEG, _FARTHEST_LAT_DEG)
        middle = float(lon[lon.size // 2])
        lon = middle + (lon - middle + 180) % 360 - 180
        return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())

    def on(self, area: GridArea, rows: int, columns: int) -> tuple[FloatArray, FloatArray]:
        """Return (row, column), not whole, of the center of each cell of an area; NaN where the plane does not go."""
        del rows
        way, geographic = _ways(self.crs)
        lon, lat = np.meshgrid(*area.centers_lonlat())
        x, y = way.transform(lon, lat)
        a, b, x0, d, e, y0 = self.transform
        if geographic:
            left = min(x0, x0 + a * columns)
            x = left + (x - left) % 360
        x, y = np.where(np.isfinite(x), x, np.nan) - x0, np.where(np.isfinite(y), y, np.nan) - y0
        scale = a * e - b * d
        return (a * y - d * x) / scale, (e * x - b * y) / scale


@dataclass(frozen=True, slots=True, eq=False)
class PlacedField:
    """Values (rows, columns) float32 in ``unit`` (NaN not seen, -inf nothing there), and where they lie."""

    unit: str
    values: NDArray[np.float32]
    place: RoundSite | OnPlane

    @property
    def bounds_deg(self) -> Bounds:
        return self.place.bounds(*self.values.shape)

    def on(self, area: GridArea) -> NDArray[np.float32]:
        """Return the value of each cell of an area, (rows, columns) float32: that of the cell its center lies in."""
        rows, columns = self.values.shape
        row, column = (np.floor(place) for place in self.place.on(area, rows, columns))
        with np.errstate(invalid="ignore"):
            inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        out = np.full(area.shape, np.nan, np.float32)
        out[inside] = self.values[row[inside].astype(np.intp), column[inside].astype(np.intp)]
        return out


def field_of_raster(raster: Raster, site: Site) -> PlacedField:
    """Return a raster round its radar.

    Raises
    ------
    DataError
        ``radar.no_site`` if nobody knows where the radar stands.
    """
    if not site.placed:
        raise DataError("radar.no_site", radar=site.code or "?")
    return PlacedField(raster.unit, raster.values(), RoundSite(site.lon_deg, site.lat_deg, raster.cell_m, raster.row_m))


def field_of_grid(grid: Grid, layer: int = 0) -> PlacedField:
    """Return one layer of a grid; of a picture the values are its codes.

    Raises
    ------
    DataError
        ``radar.grid_off_the_map`` if its projection cannot be brought onto the map.
    """
    values = grid.values(layer) if grid.colors is None else grid.codes[layer].astype(np.float32)
    return PlacedField(grid.unit, values, OnPlane(grid.crs, grid.transform))


@cache
def _ways(crs: str) -> tuple[Transformer, bool]:
    """Return the way from longitude and latitude to a plane, and whether the plane is in degrees."""
    try:
        known = CRS.from_user_input(crs)
        return Transformer.from_crs("EPSG:4326", known, always_xy=True), bool(known.is_geographic)
    except CRSError as error:
        raise DataError("radar.grid_off_the_map", crs=crs[:60]) from error
