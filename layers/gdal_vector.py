"""What GDAL reads of a vector file: the names of its layers and its shapes; whatever goes wrong ends in one sentence."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from models.file_fault import unreadable

_MOST_NAMED = 12
_log = logging.getLogger(__name__)
# All errors of pyogrio are RuntimeErrors; a file that lies about its counts ends in an IndexError or a MemoryError.
_BROKEN = (RuntimeError, OSError, UnicodeError, IndexError, ValueError, MemoryError, shapely.errors.GEOSException)


def layers_in(path: Path) -> tuple[tuple[str, str | None], ...]:
    """Return name and kind of shape of every layer, None for one without shapes.

    Raises
    ------
    DataError
        ``layers.unreadable``.
    """
    import pyogrio  # noqa: PLC0415  60 MB with the pandas that it loads: for the worker that reads, not for the console

    try:
        with remarks_logged(path):
            listed = pyogrio.list_layers(path)
    except _BROKEN as error:
        raise unreadable(path, error) from error
    return tuple((str(name), None if kind is None else str(kind)) for name, kind in listed)


def shapes_in(
    path: Path, layer: str | None, encoding: str | None, **options: Any
) -> tuple[dict[str, Any], NDArray[np.object_], list[NDArray[Any]]]:
    """Return what a layer says of itself, its (n,) shapes (None where it has none that can be read), its columns.

    Parameters
    ----------
    path : Path
        A file that `models.vector_kind` let pass.
    layer, encoding : str or None
        As `layers_in` names it; of a Shapefile's texts.
    options
        As `pyogrio.raw.read` takes them.

    Raises
    ------
    DataError
        ``layers.unreadable``.
    """
    import pyogrio  # noqa: PLC0415  as above

    try:
        with remarks_logged(path):
            meta, _, wkb, fields = pyogrio.raw.read(path, layer=layer, encoding=encoding, **options)
            count = len(fields[0]) if fields else 0
            shapes = shapely.from_wkb(wkb) if wkb is not None else np.full(count, None, object)
    except _BROKEN as error:
        raise unreadable(path, error) from error
    return meta, np.asarray(shapes, object), list(fields)


def listed(names: Sequence[str]) -> str:
    """Return names for a sentence: the first dozen, and how many more there are."""
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" … +{more}" if more > 0 else "") or "—"


@contextmanager
def remarks_logged(path: Path) -> Iterator[None]:
    """Send to the log what GDAL remarks on a file: it comes as warnings of Python, in terms of GDAL's insides."""
    said: list[warnings.WarningMessage] = []
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always", RuntimeWarning)
            warnings.simplefilter("always", UserWarning)
            yield
    finally:
        for one in said:
            _log.info("%s: %s", path.name, one.message)
