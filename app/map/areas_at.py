"""The areas that lie at a place of the map: towns and villages, areas of registers and of layers from files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from layers.area_layer import AreaLayer
from layers.own_layer import Drawn, OwnLayer
from layers.shape import Shape
from models.geodesy import to_lonlat, to_mercator, untangled
from models.hazard.register import Place
from models.register.ask import area_km2
from models.register.record import Record

_NAMES = ("name", "名称", "title", "区划等级", "等级")
"""Columns of a file that may say what a thing of it is called; else its layer's name stands for it."""


@dataclass(frozen=True, slots=True)
class FoundArea:
    """An area with what people call it; ``wkb`` is a (multi)polygon in WGS 84, never simplified."""

    title: str
    wkb: bytes
    km2: float


def areas_at(
    lon_deg: float,
    lat_deg: float,
    *,
    layers: Iterable[OwnLayer],
    registers: Iterable[tuple[str, tuple[Record, ...]]],
    places: Iterable[Place],
) -> tuple[FoundArea, ...]:
    """Return the areas at a place, the smallest first; for a job.

    Parameters
    ----------
    lon_deg, lat_deg : float, degrees
        WGS 84.
    layers, registers, places
        What may be taken: layers from files, registers as (title, records), and places of the county.
    """
    spot = shapely.Point(lon_deg, lat_deg)
    found = [
        *_of_layers(layers, spot),
        *_of_shapes(((one.name or title, one.wkb) for title, its in registers for one in its if one.wkb), spot),
        *_of_shapes(((one.name, one.wkb) for one in places), spot),
    ]
    return tuple(sorted(found, key=lambda one: one.km2))


def _of_shapes(named: Iterable[tuple[str, bytes]], spot: shapely.Point) -> Iterator[FoundArea]:
    listed = list(named)
    shapes = shapely.from_wkb([wkb for _, wkb in listed])
    areal = shapely.get_dimensions(shapes) == 2
    for i in np.flatnonzero(areal & shapely.intersects(shapes, spot)).tolist():
        yield _found(listed[i][0], shapes[i])


def _of_layers(layers: Iterable[OwnLayer], spot: shapely.Point) -> Iterator[FoundArea]:
    for layer in layers:
        if layer.things is not None and layer.kind is Drawn.AREA:
            shapes = np.array(layer.things.geometry(), object)
            for row in np.flatnonzero(shapely.intersects(shapes, spot)).tolist():
                yield _found(_name_of(layer, row), shapes[row])
        elif layer.legend:
            for member in layer.members:
                part = _part_at(member.rings, spot) if isinstance(member, AreaLayer) else None
                if part is not None and isinstance(member, AreaLayer):
                    yield _found(f"{layer.title} {member.word}", part)


def _name_of(layer: OwnLayer, row: int) -> str:
    facts = layer.things.facts(row) if layer.things is not None else {}
    plain = {column.casefold(): text for column, text in facts.items()}
    said = plain.get(layer.wish.field.casefold(), "") if layer.wish.field else ""
    said = said or next((plain[name] for name in _NAMES if plain.get(name)), "")
    return f"{layer.title} {said}".strip()


def _part_at(rings: Shape, spot: shapely.Point) -> shapely.Geometry | None:
    """Return the connected part of rings, with its holes, that a place lies in, in degrees; None if in none."""
    if len(rings.ids) == 0:
        return None
    x_m, y_m = to_mercator(np.array([spot.x]), np.array([spot.y]))
    here = shapely.Point(float(x_m[0]), float(y_m[0]))
    lines = shapely.linestrings(rings.xy, indices=np.repeat(np.arange(len(rings.ids)), np.diff(rings.starts)))
    for part in shapely.get_parts(shapely.build_area(shapely.multilinestrings(lines))):
        if shapely.intersects(part, here):
            lon, lat = to_lonlat(*shapely.get_coordinates(part).T)
            return shapely.set_coordinates(part, np.column_stack([lon, lat]))
    return None


def _found(title: str, shape: shapely.Geometry) -> FoundArea:
    whole = untangled(shape)
    return FoundArea(title, bytes(shapely.to_wkb(whole)), area_km2(whole))
