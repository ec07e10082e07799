"""Holds the places against the journal: outlines and names that a hand outside of the console changed."""

from __future__ import annotations

import shapely
from sqlite_utils import Database

from models.errors import StoreError
from models.store.places import last_said, state

_NAMED = 5
_SPARE_DEG = 1e-4
"""The R*Tree keeps four bytes a number, and rounds them outwards."""


def check(db: Database) -> tuple[StoreError, ...]:
    """Return what of the places does not agree.

    Returns
    -------
    tuple of StoreError
        ``places.other_sum`` (the places are not what the journal's last line on them says), ``places.unproven``
        (there are places, and no line holds their sum: they came before the journal kept it),
        ``places.other_box`` (places are not found where they lie).
    """
    found: list[StoreError] = []
    now = state(db)
    last = last_said(db)
    if last is None:
        if now["places"]:
            found.append(StoreError("places.unproven", count=now["places"]))
    elif last[1].get("sha256") != now["sha256"]:
        found.append(StoreError("places.other_sum", number=last[0], count=now["places"]))
    lost = _not_found(db)
    if lost:
        found.append(StoreError("places.other_box", count=len(lost), names=", ".join(lost[:_NAMED])))
    return tuple(found)


def _not_found(db: Database) -> list[str]:
    """Return the names of the places that no box, or another one than theirs, stands for."""
    out = []
    for name, wkb, *box in db.execute(
        "SELECT p.name, p.wkb, b.west, b.south, b.east, b.north FROM places AS p"
        " LEFT JOIN places_box AS b ON b.id = p.id ORDER BY p.id"
    ):
        try:
            bounds = shapely.from_wkb(wkb).bounds
        except (shapely.errors.ShapelyError, TypeError):  # no outline: the sum tells of it
            continue
        if None in box or any(abs(a - b) > _SPARE_DEG for a, b in zip(box, bounds, strict=True)):
            out.append(str(name))
    strays = db.execute("SELECT count(*) FROM places_box WHERE id NOT IN (SELECT id FROM places)").fetchone()[0]
    return out + ["?"] * strays
