"""What belongs to the selected point, put on the map round it: its basin, unit, gauges, shelter and route."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.jobs import Jobs
from app.map.map_desk import MapDesk
from app.registers.register_book import Book
from layers.arrangement import LayerSetting
from layers.register_layer import id_on_map
from layers.relations import NAME, Near, Relations, RelationsLayer
from models.geodesy import distance_m
from models.rain.observations import Gauge
from models.register.description import HAZARD_POINTS, FieldType
from models.register.record import Record

GAUGES_SHOWN, GAUGE_REACH_M = 2, 10_000.0
ABOVE_FILES = 1_000_000
"""What is drawn round a selection stands behind all layers that are of something."""
Linked = Mapping[str, tuple[Record, ...]]


def linked_of(record: Record, book: Book) -> Linked:
    """Return the records that a record's links lead to, by the register they are of."""
    description = book.description(record.register)
    out: dict[str, tuple[Record, ...]] = {}
    for field in description.fields if description is not None else ():
        value = record.values.get(field.key)
        if field.type is not FieldType.LINK or not value:
            continue
        ids = value if isinstance(value, list) else [value]
        found = (book.record(field.to, str(one)) for one in ids)
        out[field.to] = (*out.get(field.to, ()), *(one for one in found if one is not None))
    return out


def relations_of(point: Record, book: Book, gauges: tuple[Gauge, ...]) -> RelationsLayer | None:
    """Return the drawing of what belongs to a point, None without a place; for a job."""
    lon, lat = point.lon_deg, point.lat_deg
    if lon is None or lat is None:
        return None
    linked = linked_of(point, book)
    basin, unit, route = (next(iter(linked.get(name, ())), None) for name in ("basins", "warning_units", "routes"))
    others = tuple(_near(one, lon, lat, "shelter") for one in linked.get("shelters", ()) if one.lon_deg is not None)
    return RelationsLayer.of(
        Relations(
            lon,
            lat,
            linked=_gauges(lon, lat, gauges),
            others=others,
            basin_wkb=basin.wkb if basin is not None else b"",
            basin_name=basin.name if basin is not None else "",
            unit_wkb=unit.wkb if unit is not None else b"",
            unit_name=unit.name if unit is not None else "",
            route_wkb=route.wkb if route is not None else b"",
        )
    )


def _near(record: Record, lon_deg: float, lat_deg: float, glyph: str) -> Near:
    place = record.lon_deg or 0.0, record.lat_deg or 0.0
    far_m = float(distance_m(np.array([place[0]]), np.array([place[1]]), lon_deg, lat_deg)[0])
    return Near(id_on_map(record.register, record.id), record.name, *place, far_m, glyph)


def _gauges(lon_deg: float, lat_deg: float, gauges: tuple[Gauge, ...]) -> tuple[Near, ...]:
    if not gauges:
        return ()
    far_m = distance_m(
        np.array([one.lon_deg for one in gauges]), np.array([one.lat_deg for one in gauges]), lon_deg, lat_deg
    )
    nearest = np.argsort(far_m, kind="stable")[:GAUGES_SHOWN].tolist()
    return tuple(
        Near(gauges[i].id, gauges[i].name, gauges[i].lon_deg, gauges[i].lat_deg, float(far_m[i]))
        for i in nearest
        if far_m[i] <= GAUGE_REACH_M
    )


class PointRelations(QObject):
    """Keeps the drawing round the selected point.

    Signals
    -------
    failed(Exception)  it could not be drawn
    """

    failed = Signal(object)

    def __init__(self, jobs: Jobs, on_map: MapDesk) -> None:
        super().__init__()
        self._jobs, self._map = jobs, on_map
        self._point_id = ""

    def show(self, point_id: str, book: Book, gauges: tuple[Gauge, ...]) -> None:
        """Draw what belongs to a point; an empty id takes it away."""
        self._point_id = point_id
        record = book.record(HAZARD_POINTS, point_id) if point_id else None
        if record is None:
            self._map.take_layer(NAME)
            return
        work = partial(relations_of, record, book, gauges)
        self._jobs.start("relations", work, on_done=partial(self._on_made, point_id), on_error=self.failed.emit)

    def _on_made(self, point_id: str, layer: RelationsLayer | None) -> None:
        if point_id != self._point_id:
            return
        if layer is None:
            self._map.take_layer(NAME)
        else:
            self._map.put_layer(layer, LayerSetting(NAME), rank=ABOVE_FILES)
