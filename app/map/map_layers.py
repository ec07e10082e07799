"""Layers of the map that are made in jobs: what stands still, and the hazard points by level."""

from __future__ import annotations

from pathlib import Path

from layers.area_layer import AreaLayer, VeilLayer
from layers.line_layer import LineLayer
from layers.point_layer import PointLayer
from layers.read_raster import read_raster
from layers.relief_layer import relief_layer
from layers.stack import Layer, Storey
from models.hazard.alarms import PointVerdict
from models.hazard.level import Level
from models.hazard.register import HazardPoint, Place
from models.rain.observations import Gauge

VILLAGES_BELOW_M = 40.0
Leveled = tuple[tuple[HazardPoint, ...], dict[str, Level]]
"""Hazard points, and the level of each that was judged, by id."""


def base_layers(places: tuple[Place, ...], dem: Path | None, gauges: tuple[Gauge, ...]) -> tuple[Layer, ...]:
    """Make the layers that stand still; runs in a job."""
    by_kind: dict[str, list[Place]] = {}
    for place in places:
        by_kind.setdefault(place.kind, []).append(place)
    layers: list[Layer] = []
    if dem is not None and dem.exists():
        raster = read_raster(dem)
        layers.append(relief_layer(raster.values, raster.area))
    county = by_kind.get("county", [])
    if len(county) == 1:
        layers.append(VeilLayer.around(county[0]))
    if rivers := by_kind.get("river"):
        layers.append(LineLayer.of_places("rivers", rivers, "river", storey=Storey.WATER))
    if roads := by_kind.get("road"):
        layers.append(LineLayer.of_places("roads", roads, "road"))
    outline = AreaLayer.of_places("county", county, "county") if county else None
    towns = None
    if town_places := by_kind.get("town"):
        towns = AreaLayer.of_places("towns", town_places, "town", inside=outline, label_style="town", label_priority=80)
    if villages := by_kind.get("village"):
        layers.append(
            AreaLayer.of_places(
                "villages",
                villages,
                "village",
                inside=towns,
                label_style="village",
                label_priority=10,
                labels_below_m=VILLAGES_BELOW_M / 2,
                drawn_below_m=VILLAGES_BELOW_M,
            )
        )
    layers.extend(layer for layer in (towns, outline) if layer is not None)
    layers.append(PointLayer.of_gauges(gauges))
    return tuple(layers)


def points_layer(
    points: tuple[HazardPoint, ...], verdicts: tuple[PointVerdict, ...], before: Leveled
) -> tuple[Leveled, PointLayer | None]:
    """Return points with their levels and their layer, None where all is as before; for a job."""
    leveled = points, {verdict.point.id: verdict.level for verdict in verdicts}
    return leveled, None if leveled == before else PointLayer.of_hazards(*leveled)
