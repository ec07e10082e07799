"""Classic netCDF: CfRadial 1 and fields on a grid; netCDF-4 is HDF5 and stands there."""

from __future__ import annotations

from models.radar.decoders.hdf5 import cfradial_version
from models.radar.layouts.cfradial import decode_cfradial
from models.radar.layouts.netcdf_grid import decode_netcdf
from models.radar.layouts.netcdf_header import check_whole
from models.radar.product import Reading

NAME = "netCDF"

_MAGIC = (b"CDF\x01", b"CDF\x02", b"CDF\x05")


def recognizes(head: bytes, size: int) -> bool:
    """Return whether the file starts as classic netCDF."""
    return size >= 4 and head[:4] in _MAGIC


def decode(data: bytes, name: str) -> Reading:
    """Return the volume or grid in a classic netCDF file.

    Raises
    ------
    DataError
        ``radar.cut_off`` with the byte where it ends and where it should, ``radar.foreign_damaged``
        where the header contradicts itself, and what the readers of its kinds raise.
    """
    conventions = check_whole(data, name)
    version = cfradial_version(conventions, {})
    return decode_cfradial(data, name, version) if version else decode_netcdf(data, name)
