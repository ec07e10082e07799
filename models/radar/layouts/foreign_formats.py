"""The extra `formats`: xarray and xradar, loaded where a foreign volume is met and nowhere else."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from models.errors import DataError
from models.radar.layouts.cma_radials import DamageError


def xarray_with_engines(file: str, seems: str) -> Any:
    """Return xarray, with the engines of xradar known to it.

    Takes a second and 100 MB the first time, so it is called inside a decoder only.

    Parameters
    ----------
    file : str
        What errors call the file.
    seems : str
        What the file is, in a word or two that hold in every language: ``ODIM HDF5``.

    Raises
    ------
    DataError
        ``radar.formats_missing`` where the extra is not installed.
    """
    try:
        import xarray  # noqa: PLC0415 - a heavy library of an extra
        import xradar  # noqa: F401, PLC0415
    except ImportError as error:
        raise DataError("radar.formats_missing", file=file, format=seems) from error
    return xarray


@contextmanager
def named(file: str, reader: str) -> Iterator[None]:
    """Turn whatever a library of strangers raises on strange bytes into an error with a name.

    Parameters
    ----------
    file : str
        What errors call the file.
    reader : str
        The library.

    Raises
    ------
    DataError
        ``radar.foreign_damaged`` with the library's own words.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (DataError, DamageError):
        raise
    except Exception as error:
        words = " ".join(str(error).split()) or type(error).__name__
        raise DataError("radar.foreign_damaged", file=file, reader=reader, cause=words[:200]) from error
