"""CfRadial files made in memory by netCDF4: version 1 (classic or netCDF-4) and version 2."""

from __future__ import annotations

import struct
from typing import Any

import netCDF4
import numpy as np

RAYS, GATES = 36, 10


def version_1(
    *,
    sweeps: int = 2,
    classic: bool = True,
    floats: bool = False,
    packed: bool = False,
    last_until_deg: float = 360.0,
    extra: dict[str, Any] | None = None,
    **words: object,
) -> bytes:
    """Return a volume of ``sweeps`` cuts: reflectivity in int16 steps of 0.5, or in floats."""
    file = netCDF4.Dataset("made.nc", "w", format="NETCDF3_CLASSIC" if classic else "NETCDF4", memory=4096)
    rays = RAYS * sweeps
    for name, size in (("time", rays), ("range", GATES), ("sweep", sweeps), ("string_length", 20)):
        file.createDimension(name, size)
    put(file, "time", ("time",), np.arange(rays) * 1.0, units="seconds since 2026-06-17T18:30:00Z")
    put(file, "range", ("range",), np.float32(np.arange(GATES) * 250.0 + 125.0), units="meters")
    azimuth = np.tile(np.arange(RAYS) * 10.0 + 5.0, sweeps)
    azimuth[-RAYS:] *= last_until_deg / 360
    put(file, "azimuth", ("time",), azimuth.astype(np.float32), units="degrees")
    put(file, "elevation", ("time",), np.float32(np.repeat(0.5 + np.arange(sweeps), RAYS)), units="degrees")
    put(file, "nyquist_velocity", ("time",), np.full(rays, 26.5, np.float32), units="m/s")
    put(file, "sweep_number", ("sweep",), np.arange(sweeps, dtype=np.int32))
    put(file, "fixed_angle", ("sweep",), np.float32(0.5 + np.arange(sweeps)), units="degrees")
    put(file, "sweep_start_ray_index", ("sweep",), np.int32(np.arange(sweeps) * RAYS))
    put(file, "sweep_end_ray_index", ("sweep",), np.int32(np.arange(sweeps) * RAYS + RAYS - 1))
    mode = np.array([list("azimuth_surveillance")] * sweeps, "S1")
    put(file, "sweep_mode", ("sweep", "string_length"), mode)
    place = {"latitude": 23.5, "longitude": 113.25, "altitude": 120.0, **(extra or {})}
    for name, value in place.items():
        put(file, name, ("time",) if np.ndim(value) else (), np.asarray(value, float))
    codes = np.arange(rays * GATES).reshape(rays, GATES) % 120
    if floats:
        values = (codes * 0.5 - 10).astype(np.float32)
        values[:, 0] = -9999
        put(file, "DBZ", ("time", "range"), values, units="dBZ", _FillValue=np.float32(-9999))
    else:
        stored = codes.astype(np.int16)
        stored[:, 0] = -32768
        words_of = {"units": "dBZ", "scale_factor": 0.5, "add_offset": -10.0, "_FillValue": np.int16(-32768)}
        put(file, "DBZ", ("time", "range"), stored, zlib=packed, **words_of)
    put(file, "PURPLE", ("time", "range"), codes.astype(np.int16))
    named = {"Conventions": "CF/Radial instrument_parameters", "instrument_name": "ZT001", "site_name": "Zhen", **words}
    file.setncatts(named)
    return trimmed(bytes(file.close()))


def version_2(sweeps: int = 2) -> bytes:
    """Return a volume of a group per sweep (FM 301)."""
    file = netCDF4.Dataset("made.nc", "w", format="NETCDF4", memory=4096)
    file.setncatts({"Conventions": "CF-1.8, WMO CF-1.0", "wmo__cf_profile": "FM 301-2022", "instrument_name": "ZT001"})
    file.createDimension("sweep", sweeps)
    for name, value in (("latitude", 23.5), ("longitude", 113.25), ("altitude", 120.0)):
        put(file, name, (), np.asarray(value))
    put(file, "sweep_fixed_angle", ("sweep",), np.float32(0.5 + np.arange(sweeps)))
    put(file, "sweep_group_name", ("sweep",), np.array([f"sweep_{n}" for n in range(sweeps)], object))
    for number in range(sweeps):
        group = file.createGroup(f"sweep_{number}")
        group.createDimension("time", RAYS)
        group.createDimension("range", GATES)
        start = f"seconds since 2026-06-17T18:3{number}:00Z"
        put(group, "time", ("time",), np.arange(RAYS) * 1.0, units=start, standard_name="time")
        put(group, "range", ("range",), np.float32(np.arange(GATES) * 250.0 + 125.0), units="meters")
        put(group, "azimuth", ("time",), np.float32(np.arange(RAYS) * 10.0 + 5.0), units="degrees")
        put(group, "elevation", ("time",), np.full(RAYS, 0.5 + number, np.float32), units="degrees")
        put(group, "sweep_number", (), np.asarray(number, np.int32))
        put(group, "sweep_fixed_angle", (), np.asarray(0.5 + number, np.float32))
        put(group, "sweep_mode", (), np.array("azimuth_surveillance", object))
        stored = (np.arange(RAYS * GATES).reshape(RAYS, GATES) % 120).astype(np.int16)
        stored[:, 0] = -32768
        put(group, "DBZH", ("time", "range"), stored, units="dBZ", scale_factor=0.5, add_offset=-10.0,
            _FillValue=np.int16(-32768))  # fmt: skip
    return trimmed(bytes(file.close()))


def trimmed(raw: bytes) -> bytes:
    """Return a netCDF-4 file without what the library filled its memory up with."""
    return raw[: struct.unpack_from("<Q", raw, 28)[0]] if raw[:4] == b"\x89HDF" else raw


def put(file: Any, name: str, sizes: tuple[str, ...], values: Any, **words: Any) -> None:
    """Make a variable and fill it with what is stored, unscaled."""
    kind: Any = str if values.dtype == object else values.dtype
    fill, packed = words.pop("_FillValue", None), words.pop("zlib", False)
    variable = file.createVariable(name, kind, sizes, fill_value=fill, zlib=packed)
    variable.set_auto_maskandscale(False)
    variable.setncatts(words)
    if values.dtype == object and not sizes:
        variable[...] = np.array([values.item()], object)
    else:
        variable[...] = values
