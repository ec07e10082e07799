"""Check: the town and the village that a row names, against where it lies."""

from __future__ import annotations

import numpy as np
import shapely

from models.register.checks.ground import Ground
from models.register.description import GeometryType
from models.register.entries import Entries
from models.register.finding import Finding
from models.register.surroundings import Areas, plain_place

KINDS: tuple[str, ...] = ("village", "town")
NEAR_BORDER_M = 50.0


def find(entries: Entries, ground: Ground) -> list[Finding]:
    """Return rows that lie in another town or village than they name, 50 m and more from its border."""
    around = ground.surroundings
    found: list[Finding] = []
    of_other_town: set[int] = set()
    for field, rank in (("town", around.towns), ("village", around.villages)):
        names = entries.texts.get(field)
        if names is None or not rank.names:
            continue
        here = rank.at(entries.lon_deg, entries.lat_deg)
        lies_in = [plain_place(rank.names[n]) if n >= 0 else "" for n in here]
        plain = {name: plain_place(name) for name in set(names)}
        odd = [
            row
            for row, name in enumerate(names)
            if name and here[row] >= 0 and lies_in[row] != plain[name] and not plain[name].endswith(lies_in[row])
        ]
        odd = [row for row in odd if not (entries.has_shape[row] and _touches(entries, rank, names[row], row))]
        if not odd:
            continue
        rows = np.array(odd, np.intp)
        deep = around.edge_m(rank, here[rows], entries.lon_deg[rows], entries.lat_deg[rows])
        near = _near_own(entries, ground, rank, names, rows)
        for row, meters, is_near in zip(odd, deep, near, strict=True):
            if is_near:
                continue
            if field == "town":
                of_other_town.add(row)
            elif row in of_other_town and not _known(rank, names[row]):
                continue
            there = rank.names[here[row]]
            code = f"other_{field}" if _known(rank, names[row]) else f"unknown_{field}"
            facts = {"meters": round(float(meters)), "there": there, "value": names[row]}
            found.append(
                Finding(field, entries.line(row), field, code, facts, names[row], there, refuses=False,
                        mend=f"{field}_from_position")
            )  # fmt: skip
    return found


def missing(entries: Entries, ground: Ground) -> str:
    """Village names can be held against village outlines only."""
    if entries.description.geometry is GeometryType.NONE:
        return ""
    if "village" in entries.texts and not ground.surroundings.villages.names:
        return "no_villages"
    if "town" in entries.texts and not ground.surroundings.towns.names:
        return "no_towns"
    return ""


def _touches(entries: Entries, rank: Areas, name: str, row: int) -> bool:
    """Say whether a line or an area goes through the place that it names."""
    own = rank.by_name.get(plain_place(name), ())
    return any(shapely.intersects(rank.shapes[n], entries.shapes[row]) for n in own)


def _known(rank: Areas, name: str) -> bool:
    return plain_place(name) in rank.by_name


def _near_own(entries: Entries, ground: Ground, rank: Areas, names: list[str], rows: np.ndarray) -> list[bool]:
    """Say of each row whether it lies within 50 m of the area that it names."""
    out = []
    for row in rows:
        own = rank.by_name.get(plain_place(names[row]), ())
        here = slice(int(row), int(row) + 1)
        far = [
            ground.surroundings.edge_m(rank, np.array([n], np.intp), entries.lon_deg[here], entries.lat_deg[here])[0]
            for n in own
        ]
        out.append(bool(far) and min(far) <= NEAR_BORDER_M)
    return out
