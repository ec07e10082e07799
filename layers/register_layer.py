"""The records of one register on the map: signs by kind and state, lines, outlines, names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely

from layers import shape as shapes
from layers.drawing import Areas, Drawing, Lines
from layers.map_view import MapView
from layers.point_layer import PointLayer
from layers.record_state import PLAIN, RecordState
from layers.shape import Shape
from layers.sign import Sign
from layers.stack import Storey
from models.hazard.level import Level
from models.register.description import HAZARD_POINTS, RegisterDescription
from models.register.record import Record

_AREAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def id_on_map(register: str, record_id: str) -> str:
    """Return the id of a record among all symbols of the map; a hazard point keeps its own.

    Examples
    --------
    >>> id_on_map("shelters", "S-7")
    'shelters/S-7'
    """
    return record_id if register == HAZARD_POINTS else f"{register}/{record_id}"


def of_map(map_id: str, registers: Iterable[str]) -> tuple[str, str]:
    """Return register and id of a symbol's id; what names none of the registers is a hazard point."""
    register, slash, record_id = map_id.partition("/")
    return (register, record_id) if slash and register in set(registers) else (HAZARD_POINTS, map_id)


@dataclass(frozen=True, slots=True, eq=False)
class RegisterLayer:
    """One register on the map.

    ``points`` has a sign for every record with a place, also for lines and areas;
    ``outlines`` goes from style to the lines and outlines drawn in it; ``rings`` are
    all areas, without ink: the map outlines the selected one.
    """

    name: str
    points: PointLayer
    outlines: tuple[tuple[str, Shape], ...] = ()
    rings: Shape | None = None
    storey: Storey = Storey.POINTS

    @classmethod
    def of_records(
        cls,
        description: RegisterDescription,
        records: Iterable[Record],
        states: Mapping[str, RecordState] | None = None,
        *,
        name: str = "",
        clusters: bool = True,
    ) -> RegisterLayer:
        """Return the layer of a register.

        Parameters
        ----------
        description : RegisterDescription
            Gives the glyph of each kind.
        records : Iterable[Record]
            Its records; one without a place is not on the map.
        states : Mapping[str, RecordState], optional
            By the record's id; one that is lacking has no level and nothing against it.
        name : str
            Name of the layer; that of the register if empty.
        clusters : bool
            Whether crowded signs become clusters at small scales; alarms never do.
        """
        listed = tuple(records)
        known = {} if states is None else states
        glyphs = {kind.key: kind.glyph for kind in description.kinds if kind.glyph}
        placed = [record for record in listed if record.lon_deg is not None and record.lat_deg is not None]
        rows, signs, joins = [], [], np.zeros(len(placed), bool)
        for i, record in enumerate(placed):
            state = known.get(record.id, PLAIN)
            lon_deg, lat_deg = record.lon_deg or 0.0, record.lat_deg or 0.0
            rows.append((lon_deg, lat_deg, id_on_map(description.name, record.id), record.name))
            signs.append(_sign(glyphs.get(record.kind, description.glyph), state))
            joins[i] = state.may_join
        layer_name = name or description.name
        points = PointLayer.of_signs(layer_name, rows, signs, may_join=joins if clusters else None)
        outlines, rings = _shapes(description.name, [record for record in listed if record.wkb], known)
        return cls(layer_name, points, outlines, rings)

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids on the map of all signs."""
        return self.points.ids

    def draw(self, view: MapView, opacity: float) -> tuple[Drawing, ...]:
        """Return areas, lines and outlines, signs, names."""
        octave = shapes.octave_of(view)
        out: list[Drawing] = []
        if self.rings is not None:
            out.append(_rings(self.name, self.rings, octave, opacity))
        out += [_outline(f"{self.name}.{style}", shape, style, octave, opacity) for style, shape in self.outlines]
        return (*out, *self.points.draw(view, opacity))


def _sign(glyph: str, state: RecordState) -> Sign:
    return Sign(glyph, state.level, state.doubtful, state.overdue, state.inactive)


def _shapes(
    register: str, records: list[Record], states: Mapping[str, RecordState]
) -> tuple[tuple[tuple[str, Shape], ...], Shape | None]:
    """Return lines and outlines by style, the worst last, and the rings of all areas."""
    if not records:
        return (), None
    geometries = shapely.from_wkb([record.wkb for record in records], on_invalid="ignore")
    sound = [(record, shape) for record, shape in zip(records, geometries, strict=True) if shape is not None]
    by_style: dict[str, list[tuple[str, shapely.Geometry]]] = {}
    areas: list[tuple[str, shapely.Geometry]] = []
    for record, geometry in sound:
        if shapely.get_type_id(geometry) in (shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOINT):
            continue
        areal = shapely.get_type_id(geometry) in _AREAL
        map_id = id_on_map(register, record.id)
        style = _style(areal=areal, state=states.get(record.id, PLAIN))
        by_style.setdefault(style, []).append((map_id, geometry))
        if areal:
            areas.append((map_id, geometry))
    order = sorted(by_style, key=_style_rank)
    outlines = tuple((style, _lines_of(by_style[style])) for style in order)
    return outlines, _lines_of(areas) if areas else None


def _lines_of(things: list[tuple[str, shapely.Geometry]]) -> Shape:
    return shapes.rings_of([geometry for _, geometry in things], [map_id for map_id, _ in things])


def _style(*, areal: bool, state: RecordState) -> str:
    kind = "area" if areal else "stretch"
    if state.level.is_alarm or state.level is Level.NOT_JUDGED:
        return f"{kind}.{state.level.value}"
    return f"{kind}.inactive" if state.inactive else kind


def _style_rank(style: str) -> int:
    state = style.partition(".")[2]
    return {"inactive": -1, "": 0, "not_judged": 1}.get(state, 1 + Level(state).rank if state in set(Level) else 0)


@lru_cache(maxsize=128)
def _outline(name: str, shape: Shape, style: str, octave: int, opacity: float) -> Lines:
    lines = shape.simplified(shapes.tolerance_m(octave))
    return Lines(name, lines.xy, lines.starts, lines.ids, style, opacity)


@lru_cache(maxsize=64)
def _rings(name: str, shape: Shape, octave: int, opacity: float) -> Areas:
    rings = shape.simplified(shapes.tolerance_m(octave))
    return Areas(f"{name}.areas", rings.xy, rings.starts, rings.ids, "", opacity)
