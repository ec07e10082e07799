"""HDF5: ODIM volumes and composites, CfRadial and other netCDF-4; told apart by what stands in it."""

from __future__ import annotations

import struct

from models.errors import DataError
from models.radar.layouts.cfradial import decode_cfradial
from models.radar.layouts.netcdf_grid import decode_netcdf
from models.radar.layouts.odim_grid import decode_grid
from models.radar.layouts.odim_volume import decode_volume, is_true
from models.radar.layouts.raster_file import opened
from models.radar.product import Reading

NAME = "HDF5 (ODIM, netCDF-4)"

_MAGIC = b"\x89HDF\r\n\x1a\n"
_VOLUMES, _GRIDS = ("PVOL", "SCAN"), ("COMP", "IMAGE", "CVOL")


def recognizes(head: bytes, size: int) -> bool:
    """Return whether the file starts as HDF5."""
    return size >= len(_MAGIC) and head[: len(_MAGIC)] == _MAGIC


def decode(data: bytes, name: str) -> Reading:
    """Return the volume or grid in an HDF5 file.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        What errors call it.

    Raises
    ------
    DataError
        ``radar.cut_off`` with the byte where it ends and where it should, ``radar.foreign_damaged``,
        ``radar.odim_object`` for ODIM of another kind, and what the readers of its kinds raise.
    """
    whole = whole_bytes(data)
    if len(data) < whole:
        raise DataError("radar.cut_off", file=name, byte=len(data), expected=whole)
    kind = ""
    with opened(data, "HDF5", name) as file:
        tags = {str(key): str(value) for key, value in file.tags().items()}
        conventions = tags.get("Conventions", tags.get("NC_GLOBAL#Conventions", ""))
        if "odim" in conventions.lower() or "what_object" in tags:
            kind = tags.get("what_object", "?")
            if kind in _GRIDS:
                return decode_grid(file, name, kind)
    if kind in _VOLUMES:
        if is_true(tags.get("how_malfunc", "")):
            message = tags.get("how_radar_msg", "malfunc").strip()
            raise DataError("radar.malfunction", file=name, message=message[:120])
        return decode_volume(data, name, kind)
    if kind:
        raise DataError("radar.odim_object", file=name, kind=kind[:20])
    version = cfradial_version(conventions, tags)
    return decode_cfradial(data, name, version) if version else decode_netcdf(data, name)


def cfradial_version(conventions: str, tags: dict[str, str]) -> int:
    """Return 1 or 2 for CfRadial by its conventions and its groups, 0 for another netCDF."""
    words = f"{conventions} {tags.get('NC_GLOBAL#Sub_conventions', '')}".lower()
    grouped = any(key.startswith(("sweep_0", "sweep_1", "sweep_00")) and key.count("_") > 1 for key in tags)
    if "radial" not in words and "fm 301" not in words and "fm301" not in words and "wmo cf-1.0" not in words:
        return 0
    return 2 if "radial-2" in words or "301" in words or "wmo cf" in words or grouped else 1


def whole_bytes(data: bytes) -> int:
    """Return how long the file says it is, 0 where its first block does not tell."""
    version = data[8] if len(data) > 8 else 255
    at = {0: 40, 1: 44, 2: 28, 3: 28}.get(version)
    if at is None or len(data) < at + 8:
        return 0
    offsets = data[13] if version < 2 else data[9]
    if offsets != 8:
        return 0
    (end,) = struct.unpack_from("<Q", data, at)
    return int(end) if end < 1 << 48 else 0
