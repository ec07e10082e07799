"""Small classic netCDF files for tests, made in memory by netCDF4: a field on a grid, and one sweep as CfRadial 1."""

from __future__ import annotations

from typing import Any

import numpy as np
from netCDF4 import Dataset


def grid() -> bytes:
    """Return a field of dBZ on degrees, with one time."""
    file = _file()
    for name, size in (("lat", 5), ("lon", 6), ("time", 1)):
        file.createDimension(name, size)
    _put(file, "lat", ("lat",), np.linspace(24.0, 23.6, 5), units="degrees_north", standard_name="latitude")
    _put(file, "lon", ("lon",), np.linspace(113.0, 113.5, 6), units="degrees_east", standard_name="longitude")
    _put(file, "time", ("time",), np.array([300.0]), units="seconds since 2026-06-17 18:30:00", standard_name="time")
    cells = np.arange(30, dtype=np.float32).reshape(1, 5, 6)
    _put(file, "dbz", ("time", "lat", "lon"), cells, units="dBZ", grid_mapping="crs")
    _put(file, "crs", (), np.array(0, np.int32), grid_mapping_name="latitude_longitude", semi_major_axis=6378137.0)
    file.Conventions = "CF-1.7"
    return bytes(file.close())


def sweep() -> bytes:
    """Return one sweep of 12 rays and 8 gates as CfRadial 1."""
    file = _file()
    for name, size in (("time", 12), ("range", 8), ("sweep", 1), ("string_length", 8)):
        file.createDimension(name, size)
    _put(file, "time", ("time",), np.arange(12.0), units="seconds since 2026-06-17T18:30:00Z", standard_name="time")
    _put(file, "range", ("range",), np.arange(8, dtype=np.float32) * 1000 + 500, units="meters",
         meters_to_center_of_first_gate=500.0, meters_between_gates=1000.0)  # fmt: skip
    _put(file, "azimuth", ("time",), np.arange(12, dtype=np.float32) * 30, units="degrees")
    _put(file, "elevation", ("time",), np.full(12, 0.5, np.float32), units="degrees")
    for name, value in (("sweep_number", 0), ("sweep_start_ray_index", 0), ("sweep_end_ray_index", 11)):
        _put(file, name, ("sweep",), np.array([value], np.int32))
    _put(file, "fixed_angle", ("sweep",), np.array([0.5], np.float32), units="degrees")
    for name, place in (("latitude", 23.5), ("longitude", 113.25), ("altitude", 120.0)):
        _put(file, name, (), np.array(place))
    _put(file, "sweep_mode", ("sweep", "string_length"), np.array([list("ppi     ")], "S1"))
    cells = np.arange(96, dtype=np.int16).reshape(12, 8)
    _put(file, "DBZ", ("time", "range"), cells, units="dBZ", scale_factor=0.5, add_offset=-10.0)
    file.Conventions, file.version, file.instrument_name = "CF/Radial", "1.3", "ZT001"
    return bytes(file.close())


def _file() -> Any:
    return Dataset("made.nc", "w", format="NETCDF3_CLASSIC", memory=4096)


def _put(file: Any, name: str, sizes: tuple[str, ...], values: Any, **words: object) -> None:
    variable = file.createVariable(name, values.dtype, sizes)
    variable.set_auto_maskandscale(False)
    variable.setncatts(words)
    variable[...] = values
