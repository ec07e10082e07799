"""Rain from reflectivity, and what one radar frame says of given points."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from models.errors import DataError
from models.geodesy import FloatArray, to_plane
from models.radar.beam import slant_range
from models.radar.footprint import RasterGeometry
from models.radar.layouts.sweep_checks import only_believable
from models.radar.polar import composite_raster, within_range
from models.radar.product import Grid, Product, Reading
from models.radar.rays import rays_of, reflectivity_of
from models.radar.volume import Volume

CAP_DBZ = 53.0
"""Above this, hail is the likelier reason than more rain."""


def zr(dbz: NDArray[np.float32], *, a: float = 300.0, b: float = 1.4, cap_dbz: float = CAP_DBZ) -> NDArray[np.float32]:
    """Return the rain rate of a reflectivity, Z = a R^b, by default Z = 300 R^1.4.

    Parameters
    ----------
    dbz : any shape, dBZ
        -inf where the radar saw no echo.
    a, b : float
        Of the relation; Z in mm6/m3, R in mm/h.
    cap_dbz : float, dBZ
        Higher values count as this one.

    Returns
    -------
    same shape, float32, mm/h
        NaN where ``dbz`` is NaN, 0 where it is -inf.

    Notes
    -----
    Convective relation of the WSR-88D. Source: Fulton et al. (1998), *Weather
    and Forecasting* 13, 377-395, with its cap of 53 dBZ.

    Examples
    --------
    >>> zr(np.array([-np.inf, 40.0, 53.0, 75.0], np.float32)).round(1)
    array([  0. ,  12.2, 103.8, 103.8], dtype=float32)
    """
    capped = np.minimum(np.asarray(dbz, np.float64), cap_dbz)
    rate: FloatArray = (10.0 ** (capped / 10) / a) ** (1 / b)
    return rate.astype(np.float32)


def round_to_step(at: datetime, step: timedelta) -> datetime:
    """Return a time rounded to the nearest multiple of the radar's step, in UTC.

    Examples
    --------
    >>> round_to_step(datetime(2011, 9, 16, 0, 6, 1, tzinfo=UTC), timedelta(minutes=6)).isoformat()
    '2011-09-16T00:06:00+00:00'
    """
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    steps = (at - epoch + step / 2) // step
    return epoch + steps * step


def dbz_at(reading: Reading, lon_deg: FloatArray, lat_deg: FloatArray) -> NDArray[np.float32]:
    """Return composite reflectivity at points, (points,) float32 dBZ.

    A point takes the gate (the largest value of all sweeps) or the product
    cell it lies in, levels at their lower threshold. NaN where the radar does
    not see the point, -inf where it saw no echo.

    Raises
    ------
    DataError
        ``radar.no_reflectivity`` if there is none in the reading.
    """
    if isinstance(reading, Grid):
        raise DataError("radar.no_reflectivity", file=reading.name)
    center = (reading.site.lon_deg, reading.site.lat_deg)
    east_m, north_m = to_plane(np.asarray(lon_deg, float), np.asarray(lat_deg, float), center=center)
    if isinstance(reading, Product):
        return _product_dbz(reading, east_m, north_m)
    return _volume_dbz(reading, east_m, north_m)


def rates_at(
    reading: Reading,
    lon_deg: FloatArray,
    lat_deg: FloatArray,
    *,
    a: float = 300.0,
    b: float = 1.4,
    cap_dbz: float = CAP_DBZ,
) -> NDArray[np.float32]:
    """Return the rain rate of a frame at points, (points,) float32 mm/h.

    NaN where the radar does not see the point, 0 where it saw no echo. The
    rate holds for the radar's step up to the frame's time rounded to the step
    (`round_to_step`); ``a``, ``b`` and ``cap_dbz`` are those of `zr`.

    Raises
    ------
    DataError
        ``radar.no_reflectivity`` if there is none in the reading.
    """
    return zr(dbz_at(reading, lon_deg, lat_deg), a=a, b=b, cap_dbz=cap_dbz)


def _product_dbz(product: Product, east_m: FloatArray, north_m: FloatArray) -> NDArray[np.float32]:
    raster = composite_raster(product)
    values = raster.values()
    values[np.isneginf(values) & ~within_range(raster, product.range_m)] = np.nan
    rows, columns = values.shape
    geometry = RasterGeometry(product.site.lon_deg, product.site.lat_deg, raster.cell_m, rows, columns)
    return np.append(values.ravel(), np.float32(np.nan))[geometry.cells_at(east_m, north_m)]


def _volume_dbz(volume: Volume, east_m: FloatArray, north_m: FloatArray) -> NDArray[np.float32]:
    distance = np.hypot(east_m, north_m)
    azimuth = np.degrees(np.arctan2(east_m, north_m)) % 360
    out = np.full(distance.shape, np.nan, np.float32)
    found = False
    for sweep in only_believable(volume).sweeps if volume.scan != "rhi" else ():
        moment = reflectivity_of(sweep)
        if moment is None:
            continue
        found = True
        ray = rays_of(sweep, azimuth)
        with np.errstate(invalid="ignore"):
            gate = np.floor((slant_range(distance, sweep.elevation_deg) - moment.start_m) / moment.gate_m)
            inside = (ray >= 0) & (gate >= 0) & (gate < moment.codes.shape[1])
        inside &= ~sweep.blanked[ray]
        code = moment.codes[np.where(inside, ray, 0), np.where(inside, gate, 0).astype(np.intp)]
        dbz = (code.astype(np.float32) - np.float32(moment.offset)) / np.float32(moment.scale)
        dbz[code < moment.first_valid] = np.nan
        dbz[code == 0] = -np.inf
        dbz[~inside] = np.nan
        out = np.fmax(out, dbz)
    if not found:
        raise DataError("radar.no_reflectivity", file=volume.site.code)
    return out
