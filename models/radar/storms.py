"""Storms that a radar's own products list: tracks (STI), hail (HI), mesocyclones (M), tornado vortices (TVS)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np

from models.geodesy import from_plane
from models.radar.product import Cell, Product, Table
from models.radar.proven import is_unproven
from models.radar.volume import Site

Place = tuple[float, float]
Row = dict[str, Cell]

_STEP_MIN = 15.0
"""Between the forecast places of a legacy STI product."""


class StormKind(StrEnum):
    """What a product says of a storm; each is also the name of its sign on the map."""

    TRACK = "storm"
    HAIL = "hail"
    MESOCYCLONE = "mesocyclone"
    VORTEX = "tvs"


_KINDS = {
    "standard.37": StormKind.TRACK,
    "pup.58": StormKind.TRACK,
    "standard.38": StormKind.HAIL,
    "standard.39": StormKind.MESOCYCLONE,
    "standard.40": StormKind.VORTEX,
}
_TABLES = {
    StormKind.TRACK: "storms",
    StormKind.HAIL: "hail",
    StormKind.MESOCYCLONE: "mesocyclones",
    StormKind.VORTEX: "tvs",
}


@dataclass(frozen=True, slots=True)
class Storm:
    """One line of a table with its place, (lon, lat) in degrees.

    ``past`` are earlier places, the oldest first; ``ahead`` are forecast ones with their minutes after the volume.
    ``facts`` is the line as the product has it, by column, whose names end in their units.
    """

    name: str
    place: Place
    facts: tuple[tuple[str, Cell], ...]
    past: tuple[Place, ...] = ()
    ahead: tuple[tuple[Place, float], ...] = ()


@dataclass(frozen=True, slots=True)
class StormList:
    """What one product of one radar lists, also if it lists none; ``unproven`` as `models.radar.proven` has it."""

    kind: StormKind
    site: Site
    at: datetime
    storms: tuple[Storm, ...]
    unproven: bool = False


def storm_list(product: Product) -> StormList | None:
    """Return what a product lists of storms; None for any other product and where nobody knows its place."""
    kind = _KINDS.get(".".join(product.layout.split(".")[:2]))
    table = next((t for t in product.tables if kind is not None and t.name == _TABLES[kind]), None)
    if kind is None or table is None or not product.site.placed:
        return None
    others = {t.name: list(_rows(t)) for t in product.tables}
    storms = []
    for row in _rows(table):
        name = str(row.get("id", row.get("storm", "")))
        place = _place(row, product.site)
        if place is not None:
            past, ahead = _track(name, others, product.site) if kind is StormKind.TRACK else ((), ())
            storms.append(Storm(name, place, tuple(row.items()), past, ahead))
    unproven = is_unproven(product.layout) or is_unproven(f"{product.layout}.rows")
    return StormList(kind, product.site, product.started_at, tuple(storms), unproven)


def _rows(table: Table) -> Iterator[Row]:
    for row in table.rows:
        yield dict(zip(table.columns, row, strict=True))


def _track(
    name: str, tables: dict[str, list[Row]], site: Site
) -> tuple[tuple[Place, ...], tuple[tuple[Place, float], ...]]:
    """Return where a storm was, the oldest first, and where it may be: of either kind of product."""
    if "tracks" in tables:  # a legacy product: steps back and ahead
        steps = sorted(
            ((_number(row["step"]), row) for row in tables["tracks"] if str(row["storm"]) == name),
            key=lambda one: one[0],
        )
        was = [(step, place) for step, row in steps if step and (place := _place(row, site)) is not None]
        return (
            tuple(place for step, place in was if step < 0),
            tuple((place, step * _STEP_MIN) for step, place in was if step > 0),
        )
    past_rows = sorted(_of(tables.get("past", []), name), key=lambda row: _number(row["after_min"]))
    ahead_rows = sorted(_of(tables.get("forecast", []), name), key=lambda row: _number(row["after_min"]))
    return (
        tuple(place for row in past_rows if (place := _place(row, site)) is not None),
        tuple((place, _number(row["after_min"])) for row in ahead_rows if (place := _place(row, site)) is not None),
    )


def _of(rows: Iterable[Row], name: str) -> list[Row]:
    return [row for row in rows if str(row["id"]) == name and row["after_min"] is not None]


def _number(cell: Cell) -> float:
    return float(cell) if cell is not None else 0.0


def _place(row: Row, site: Site) -> Place | None:
    """Return where a line's azimuth and range lead from the radar, None where it has none."""
    azimuth, range_m, range_km = row.get("azimuth_deg"), row.get("range_m"), row.get("range_km")
    away = range_m if range_m is not None else None if range_km is None else _number(range_km) * 1000
    if azimuth is None or away is None:
        return None
    angle = np.radians(_number(azimuth))
    east, north = np.array([np.sin(angle)]) * _number(away), np.array([np.cos(angle)]) * _number(away)
    lon, lat = from_plane(east, north, center=(site.lon_deg, site.lat_deg))
    return float(lon[0]), float(lat[0])
