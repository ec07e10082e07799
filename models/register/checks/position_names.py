"""Check: the town and the village that a row names, against where it lies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

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
        lies_in = [rank.plain_names[n] if n >= 0 else "" for n in here.tolist()]
        plain = {name: plain_place(name) for name in set(names)}
        odd = [
            row
            for row, name in enumerate(names)
            if name and here[row] >= 0 and lies_in[row] != plain[name] and not plain[name].endswith(lies_in[row])
        ]
        odd = _untouched(entries, rank, names, odd)
        rows = np.array(odd, np.intp)
        rows = rows[~_near_own(entries, ground, rank, names, rows)]
        if not rows.size:
            continue
        deep = around.edge_m(rank, here[rows], entries.lon_deg[rows], entries.lat_deg[rows])
        for row, meters in zip(rows.tolist(), deep.tolist(), strict=True):
            if field == "town":
                of_other_town.add(row)
            elif row in of_other_town and not _known(rank, names[row]):
                continue
            there = rank.names[here[row]]
            code = f"other_{field}" if _known(rank, names[row]) else f"unknown_{field}"
            facts = {"meters": round(meters), "there": there, "value": names[row]}
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


def _untouched(entries: Entries, rank: Areas, names: list[str], odd: list[int]) -> list[int]:
    """Return the rows without the lines and areas that go through the place that they name."""
    shaped = [row for row in odd if entries.has_shape[row]]
    pairs = _with_own(rank, names, shaped)
    if not pairs:
        return odd
    own = np.array([rank.shapes[n] for _, n in pairs], dtype=object)
    meets = shapely.intersects(own, entries.shapes[[shaped[k] for k, _ in pairs]])
    touched = {shaped[k] for (k, _), met in zip(pairs, meets.tolist(), strict=True) if met}
    return [row for row in odd if row not in touched]


def _with_own(rank: Areas, names: list[str], rows: Sequence[int]) -> list[tuple[int, int]]:
    """Return for each row, by its number in ``rows``, the areas of the name that it gives."""
    return [(k, n) for k, row in enumerate(rows) for n in rank.by_name.get(plain_place(names[row]), ())]


def _known(rank: Areas, name: str) -> bool:
    return plain_place(name) in rank.by_name


def _near_own(
    entries: Entries, ground: Ground, rank: Areas, names: list[str], rows: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """Say of each row whether it lies within 50 m of the area that it names."""
    near = np.zeros(len(rows), bool)
    pairs = np.array(_with_own(rank, names, rows.tolist()), np.intp).reshape(-1, 2)
    if not len(pairs):
        return near
    at = rows[pairs[:, 0]]
    meets = ground.surroundings.near_edge(rank, pairs[:, 1], entries.lon_deg[at], entries.lat_deg[at], NEAR_BORDER_M)
    near[pairs[meets, 0]] = True
    return near
