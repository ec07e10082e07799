"""Check: an id that the register has for something else: another name, a place far away, or both."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
from numpy.typing import NDArray

from models.geodesy import FloatArray
from models.register.checks.coordinates import BORDER_M
from models.register.checks.ground import Ground
from models.register.description import GeometryType
from models.register.entries import Entries, in_wgs84
from models.register.finding import Fact, Finding

KINDS: tuple[str, ...] = ("known_ids",)
FAR_M = 1000.0
"""So far apart two places of one id are doubtful; a better position seldom lies further."""
ELSEWHERE_M = 200.0
"""So far apart, with another name, they are two things."""
_M_PER_DEG = 111_195.0


def find(entries: Entries, ground: Ground) -> list[Finding]:
    """Return rows whose id means something else in the register: refused where name and place differ, else a warning."""
    known = ground.known.get(entries.description.name, {})
    ids, names = entries.texts.get("id"), entries.texts.get("name")
    if not known or ids is None or names is None:
        return []
    rows = np.array([row for row, id_ in enumerate(ids) if id_ in known and names[row]], np.intp)
    if not rows.size:
        return []
    far_m = _far_m(entries, rows, [known[ids[row]][1:] for row in rows.tolist()])
    lost, swapped = _told_elsewhere(entries, ground, rows)
    far_m[swapped] = np.nan
    found: list[Finding] = []
    for row, far, is_lost in zip(rows.tolist(), far_m.tolist(), lost.tolist(), strict=True):
        there = known[ids[row]][0]
        renamed = _plain(there) != _plain(names[row])
        if not renamed and (is_lost or not far > FAR_M):
            continue
        code = "other_thing" if renamed and far > ELSEWHERE_M else "other_name" if renamed else "other_place"
        facts: dict[str, Fact] = {"value": ids[row], "name": there, "km": f"{far / 1000:.1f}"}
        found.append(
            Finding("known_ids", entries.line(row), "id", code, facts, f"{ids[row]} {names[row]}",
                    refuses=code == "other_thing")
        )  # fmt: skip
    return found


def missing(entries: Entries, ground: Ground) -> str:
    """An empty register has no ids."""
    del entries, ground
    return ""


def _far_m(entries: Entries, rows: np.ndarray, places: list[tuple[float, float]]) -> FloatArray:
    """Return how far each row lies from where the register has its id, m; NaN where one has no place."""
    if entries.description.geometry is GeometryType.NONE:
        return np.full(len(rows), np.nan)
    there = np.array(places, float)
    east = (entries.lon_deg[rows] - there[:, 0]) * np.cos(np.radians(there[:, 1]))
    far_m = _M_PER_DEG * np.asarray(np.hypot(east, entries.lat_deg[rows] - there[:, 1]), float)
    # A place that cannot be is another finding.
    return np.where((np.abs(entries.lat_deg[rows]) <= 90) & (np.abs(entries.lon_deg[rows]) <= 180), far_m, np.nan)


def _told_elsewhere(entries: Entries, ground: Ground, rows: np.ndarray) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which rows lie outside of the county, and which of these would not if longitude and latitude were swapped.

    The check of the coordinates names both, and one cause is named once.
    """
    around = ground.surroundings
    if around.county is None:
        return np.zeros(len(rows), bool), np.zeros(len(rows), bool)
    place = entries.lon_deg[rows], entries.lat_deg[rows]
    lost = ~around.inside_county(*place) & ~entries.has_shape[rows]
    lost[lost] = ~(around.beyond_border_m(*(one[lost] for one in place)) <= BORDER_M)
    lon, lat, _ = in_wgs84(entries.read_y[rows], entries.read_x[rows], None, entries.crs)
    return lost, lost & around.inside_county(lon, lat)


def _plain(name: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name).casefold())
