"""Areas that cannot be areas: mended with a note, or left out with one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.note import Note
from models.geodesy import untangled

_AREAL = (3, 6)
_SHOWN = 5


@dataclass(frozen=True, slots=True, eq=False)
class Mended:
    """``geometry`` (n,) with None where nothing usable was left, and what was done."""

    geometry: NDArray[np.object_]
    notes: tuple[Note, ...]


def mended(geometry: NDArray[np.object_], rows: NDArray[np.intp], names: tuple[str, ...] = ()) -> Mended:
    """Return features with valid areas.

    Rings that cross or touch themselves become the union of what they enclose, as no ground that was
    meant to be inside may fall out of it; an area that encloses nothing is left out.

    Parameters
    ----------
    geometry : (n,) of shapely geometries
        No empty ones; lines and points stay as they are.
    rows : (n,) int
        The row of each in its file, from 1, for the notes.
    names : tuple of str
        What the file calls each, for the notes; empty if it does not say.
    """
    areal = np.isin(shapely.get_type_id(geometry), _AREAL)
    crossed = np.flatnonzero(areal & ~shapely.is_valid(geometry))
    if len(crossed) == 0:
        return Mended(geometry, ())
    out = geometry.copy()
    whole = untangled(geometry[crossed])
    lost = ~np.isin(shapely.get_type_id(whole), _AREAL) | shapely.is_empty(whole)
    out[crossed] = np.where(lost, None, whole)
    notes = []
    for code, at in (("mended", crossed[~lost]), ("collapsed", crossed[lost])):
        if len(at):
            called = tuple(names[i] for i in at.tolist()) if names else ()
            notes.append(Note(code, {"count": len(at), "rows": some(rows[at], called)}))
    return Mended(out, tuple(notes))


def some(rows: NDArray[np.intp], names: tuple[str, ...] = ()) -> str:
    """Return the first few row numbers as text, each with what it is called: ``3 石坑村, 7``."""
    pairs = zip(rows[:_SHOWN].tolist(), (*names[:_SHOWN], *("",) * _SHOWN), strict=False)
    listed = ", ".join(f"{row} {name}".strip() for row, name in pairs)
    return f"{listed} …" if len(rows) > _SHOWN else listed
