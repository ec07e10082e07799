"""A county of four square towns that share their borders; lopsided, so that east is not west."""

from __future__ import annotations

import shapely

from models.hazard.register import Place

WEST, SOUTH, SIDE = 107.0, 29.0, 0.1


def square(column: int, row: int, *, wide: int = 1, high: int = 1) -> shapely.Polygon:
    """Return a square of 0.1 degrees; column 0 is west, row 0 south; vertices at every 0.1 degrees."""
    west, south = WEST + column * SIDE, SOUTH + row * SIDE
    bottom = [(west + i * SIDE, south) for i in range(wide)]
    right = [(west + wide * SIDE, south + i * SIDE) for i in range(high)]
    top = [(west + (wide - i) * SIDE, south + high * SIDE) for i in range(wide)]
    left = [(west, south + (high - i) * SIDE) for i in range(high)]
    return shapely.Polygon(bottom + right + top + left)


def place(code: str, name: str, kind: str, shape: shapely.Geometry, parent: str = "990001") -> Place:
    """Return a place of any kind."""
    return Place(code, name, kind, parent, shapely.to_wkb(shape))


COUNTY = place("990001", "青岚县", "county", square(0, 0, wide=2, high=2), "")
TOWNS = (
    place("990001101", "石坑镇", "town", square(0, 0)),
    place("990001102", "云台镇", "town", square(1, 0)),
    place("990001103", "马蹄镇", "town", square(0, 1)),
    place("990001104", "沙田镇", "town", square(1, 1)),
)
