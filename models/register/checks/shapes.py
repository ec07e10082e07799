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


_SHAPES = {
    "point": ("点", "point"), "linestring": ("线", "line"), "linearring": ("线", "line"), "polygon": ("面", "area"),
    "multipoint": ("多点", "set of points"), "multilinestring": ("线", "line"), "multipolygon": ("面", "area"),
    "geometrycollection": ("混合图形", "mixture of shapes"),
}  # fmt: skip
_WANTED = {
    GeometryType.POINT: ("点", "point"),
    GeometryType.LINE: ("线", "line"),
    GeometryType.AREA: ("面", "area"),
    GeometryType.ANY: ("点、线或面", "point, line or area"),
}
_CAUSES = {
    "Self-intersection": "边线自相交于", "Ring Self-intersection": "环自相交于", "Hole lies outside shell": "洞在外环之外",
    "Nested holes": "洞套洞", "Interior is disconnected": "内部不相连", "Nested shells": "面套面",
    "Duplicate Rings": "环重复", "Too few points in geometry component": "点数太少", "Invalid Coordinate": "坐标不成数",
    "Holes are nested": "洞套洞",
}  # fmt: skip


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
        is_, wants = _SHAPES[shapely.GeometryType(int(kinds[row])).name.lower()], _WANTED[wanted]
        facts = {"shape": is_[0], "shape_en": is_[1], "wanted": wants[0], "wanted_en": wants[1]}
        found.append(Finding("shapes", entries.line(int(row)), "wkt", "wrong_shape", facts, is_[1]))
    for row in np.flatnonzero(crossing & ~several):
        word, _, place = shapely.is_valid_reason(entries.shapes[row]).partition("[")
        at = place.rstrip("]").replace(" ", ", ")
        facts = {"cause": " ".join((_CAUSES.get(word, word), at)).strip(), "cause_en": f"{word} {at}".strip()}
        found.append(Finding("shapes", entries.line(int(row)), "wkt", "crossing", facts, at, mend="make_valid"))
    return found


def missing(entries: Entries, ground: Ground) -> str:
    """Nothing is needed besides the shapes."""
    del entries, ground
    return ""
