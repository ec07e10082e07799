"""Check: a new id for what the register has under another id: the same name within 20 m."""

from __future__ import annotations

import math

import numpy as np

from models.register.checks.duplicates import NEAR_M
from models.register.checks.ground import Ground
from models.register.description import GeometryType
from models.register.entries import Entries
from models.register.finding import Finding

KINDS: tuple[str, ...] = ("known_twins",)
_M_PER_DEG = 111_195.0


def find(entries: Entries, ground: Ground) -> list[Finding]:
    """Return rows that would stand in the register twice; the mend is the id that it has there."""
    known = ground.standing.get(entries.description.name, {})
    ids = entries.texts.get("id")
    if not known or ids is None or entries.description.geometry is GeometryType.NONE:
        return []
    in_file, found = set(ids), []
    for row, name in enumerate(entries.texts.get("name", [])):
        others = known.get(name, ())
        if not others or any(id_ == ids[row] for id_, _, _ in others):
            continue
        narrow = math.cos(math.radians(entries.lat_deg[row])) if np.isfinite(entries.lat_deg[row]) else math.nan
        for id_, lon, lat in others:
            far = math.hypot((lon - entries.lon_deg[row]) * narrow, lat - entries.lat_deg[row]) * _M_PER_DEG
            if id_ not in in_file and far <= NEAR_M:
                facts: dict[str, str | int] = {"value": id_, "meters": round(far)}
                found.append(
                    Finding("known_twins", entries.line(row), "id", "known_twin", facts, ids[row], id_, refuses=False,
                            mend="id_of_register")
                )  # fmt: skip
                break
    return found


def missing(entries: Entries, ground: Ground) -> str:
    """An empty register has no twins."""
    del entries, ground
    return ""
