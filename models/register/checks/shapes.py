"""Check: lines and areas that are missing, of the wrong kind, or cross themselves."""

from __future__ import annotations

import numpy as np
import shapely

from models.register.checks.ground import Ground
from models.register.description import GeometryType
from models.register.entries import Entries
from models.register.finding import Finding

KINDS: tuple[str, ...] = ("shapes",)
_FITS = {
    GeometryType.POINT: (0, 4),
    GeometryType.LINE: (1, 2, 5),
    GeometryType.AREA: (3, 6),
    GeometryType.ANY: (0, 1, 2, 3, 4, 5, 6),
    GeometryType.NONE: (),
}


def find(entries: Entries, ground: Ground) -> list[Finding]:
    """Return shapes that do not fit the register."""
    del ground
    wanted = entries.description.geometry
    if entries.shapes is None or wanted is GeometryType.NONE:
        return []
    kinds = shapely.get_type_id(entries.shapes)
    wrong = (kinds >= 0) & ~np.isin(kinds, _FITS[wanted])
    several = (kinds == 4) & (wanted is GeometryType.POINT)
    crossing = (kinds >= 0) & ~shapely.is_valid(entries.shapes) & ~wrong
    found = []
    for row in np.flatnonzero(wrong | several):
        facts = {"shape": shapely.GeometryType(int(kinds[row])).name.lower(), "wanted": wanted.value}
        found.append(Finding("shapes", entries.line(int(row)), "wkt", "wrong_shape", facts, facts["shape"]))
    for row in np.flatnonzero(crossing & ~several):
        cause = shapely.is_valid_reason(entries.shapes[row])
        found.append(
            Finding("shapes", entries.line(int(row)), "wkt", "crossing", {"cause": cause}, "", mend="make_valid")
        )
    return found


def missing(entries: Entries, ground: Ground) -> str:
    """Nothing is needed besides the shapes."""
    del entries, ground
    return ""
