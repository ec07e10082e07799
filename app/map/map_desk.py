"""What lies on the map: the stack of layers, drawn in a job and handed to the canvas."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.jobs import Jobs
from app.map.map_layers import Leveled, base_layers, points_layer
from layers import color_table
from layers.arrangement import Arrangement, LayerSetting, group_of, may_change_group
from layers.coverage_layer import CoverageLayer
from layers.facet_layer import Facet, FacetLayer
from layers.grid_layer import GridLayer
from layers.line_layer import WarningLayer
from layers.map_view import MapView
from layers.own_layer import Drawn, OwnLayer
from layers.point_layer import PointLayer
from layers.ppi_layer import PpiLayer
from layers.stack import Layer, Stack, StackedLayer, draw
from layers.unseen_layer import NAME as UNSEEN
from layers.unseen_layer import UnseenLayer
from models.hazard.alarms import PointVerdict
from models.hazard.level import Level
from models.hazard.register import HazardPoint, Place
from models.radar.called import called
from models.radar.mosaic import Mosaic
from models.radar.ppi import PpiSweep
from models.radar.sight.coverage import Coverage
from models.radar.volume import Site
from models.rain.observations import Gauge

_log = logging.getLogger(__name__)
_GROUND = ("relief", "rivers", "roads", "county", "towns", "villages")


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """What the panel says of a layer besides its settings; ``day`` is that of its data, where they have one.

    ``title`` is empty for a layer whose name the panel knows by itself.
    """

    title: str = ""
    group: str = ""
    glyph: str = ""
    source: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class LayerRow:
    """One layer as the layer panel shows it; ``at`` is the time of its data, None if it has none.

    It is drawn from ``least_m`` up to ``most_m`` map meters a pixel; ``storey`` is what it can be moved within.
    ``signs`` and ``ramp`` are its legend: sprites of its kinds, or values with their colors.
    """

    name: str
    visible: bool
    opacity: float
    at: datetime | None = None
    count: int | None = None
    title: str = ""
    group: str = ""
    glyph: str = ""
    source: str = ""
    day: date | None = None
    least_m: float = 0.0
    most_m: float = math.inf
    storey: int = 0
    signs: tuple[str, ...] = ()
    ramp: tuple[tuple[float, color_table.Rgba], ...] = ()


def _count(layer: Layer) -> int | None:
    """Return how many things a layer has, None for a field."""
    if isinstance(layer, OwnLayer):
        return None if layer.kind is Drawn.GRID else layer.count
    points = layer if isinstance(layer, PointLayer) else getattr(layer, "points", None)
    return len(points.ids) if isinstance(points, PointLayer) else None


def _signs(layer: Layer) -> tuple[str, ...]:
    """Return the sprites of a layer's kinds, without their states."""
    points = layer if isinstance(layer, PointLayer) else getattr(layer, "points", None)
    if not isinstance(points, PointLayer):
        return ()
    kinds = (sprite.partition("/")[2] for sprite in points.sprites)
    return tuple(f"point.none/{kind}" for kind in dict.fromkeys(kinds) if kind)


def _ramp(layer: Layer) -> tuple[tuple[float, color_table.Rgba], ...]:
    """Return the values of a field with their colors."""
    colors = getattr(layer, "colors", None)
    return colors.steps if isinstance(colors, color_table.ColorTable) and not colors.labels else ()


def _draw(stack: Stack, view: MapView) -> tuple[object, MapView]:
    return draw(stack, view), view


class MapDesk(QObject):
    """Leads the map.

    Signals
    -------
    drawings_changed(Drawings)              what the canvas shall show
    layers_changed(tuple[LayerRow, ...])    what the layer panel shall show
    failed(Exception)                       a layer could not be read
    """

    drawings_changed = Signal(object)
    layers_changed = Signal(object)
    failed = Signal(object)

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self._stack = Stack()
        self._view: MapView | None = None
        self._towns: tuple[Place, ...] = ()
        self._times: dict[str, datetime] = {}
        self._facts: dict[str, LayerFacts] = {}
        self._placed: dict[str, str] = {}
        self._points_shown: Leveled = ((), {})
        self._points_asked: tuple[tuple[HazardPoint, ...], tuple[PointVerdict, ...]] = ((), ())
        self._outlined: tuple[Mapping[str, Level], Mapping[str, Level]] | None = None
        self._based, self._relief = False, True
        self.drawn = False

    @property
    def stack(self) -> Stack:
        """What lies on the map now."""
        return self._stack

    @property
    def hides_mosaic(self) -> bool:
        """Whether there is a radar frame, and nothing of it is shown."""
        names = {"mosaic", *(facet.value for facet in Facet)}
        items = [item for item in self._stack.items if item.layer.name in names]
        return bool(items) and not any(item.visible and item.opacity > 0 for item in items)

    @property
    def sides_shown(self) -> tuple[str, ...]:
        """Names of the layers that show the mosaic's age, beam height, radar or number of radars now."""
        items = {item.layer.name for item in self._stack.items if item.visible and item.opacity > 0}
        return tuple(facet.value for facet in Facet if facet.value in items)

    @property
    def shows_mosaic(self) -> bool:
        """Whether the mosaic's own value is shown."""
        item = self._stack.find("mosaic")
        return item is not None and item.visible and item.opacity > 0

    def open(
        self,
        places: tuple[Place, ...],
        dem: Path | None,
        gauges: tuple[Gauge, ...],
        radars: Iterable[Site],
        ground: LayerFacts = LayerFacts(),
    ) -> None:
        """Lay the base: relief, water, roads, borders, gauges, radars; ``ground`` is what is said of places and relief."""
        self._facts |= dict.fromkeys(_GROUND, ground)
        self._towns = tuple(p for p in places if p.kind == "town") or tuple(p for p in places if p.kind == "county")
        self._put(PointLayer.of_radars(radars))
        self._jobs.start(
            "base", partial(base_layers, places, dem, gauges), on_done=self._on_base, on_error=self.failed.emit
        )

    def show_view(self, view: MapView) -> None:
        """Draw for another part of the map."""
        self._view = view
        self._redraw()

    def show_mosaic(self, mosaic: Mosaic | None) -> None:
        """Put a radar frame on the map."""
        if mosaic is None:
            return
        self._times["mosaic"] = mosaic.at
        self._facts["mosaic"] = LayerFacts(
            source="、".join(called(source.name, source.code) for source in mosaic.sources)
        )
        for facet in Facet:
            self._times[facet.value] = mosaic.at
            first = self._stack.find(facet.value) is None
            self._stack = self._stack.put(FacetLayer(facet.value, mosaic, facet), visible=False if first else None)
        old = self._stack.find(UNSEEN)
        before = old.layer if old is not None and isinstance(old.layer, UnseenLayer) else None
        self._stack = self._stack.put(UnseenLayer.of_codes(mosaic.area, mosaic.codes, before))
        self._put(GridLayer.of_mosaic(mosaic))

    def show_coverage(self, coverage: Coverage) -> None:
        """Put on the map how low the radars see; hidden until the operator asks for it."""
        first = self._stack.find("coverage") is None
        self._stack = self._stack.put(CoverageLayer.of_coverage(coverage), visible=False if first else None)
        self._changed()

    def show_storms(self, layer: Layer, at: datetime | None, source: str) -> None:
        """Put storms of the radars' products on the map; hidden until the operator asks for them."""
        self._facts[layer.name] = LayerFacts(source=source)
        if at is None:
            self._times.pop(layer.name, None)
        else:
            self._times[layer.name] = at
        first = self._stack.find(layer.name) is None
        self._stack = self._stack.put(layer, visible=False if first else None)
        self._changed()

    def show_ppi(self, ppi: PpiSweep | None) -> None:
        """Put one sweep on the map in place of the mosaic, or take it away."""
        if ppi is None:
            self._times.pop("ppi", None)
            self._stack = self._stack.without("ppi").with_visible("mosaic", visible=True)
            self._stack = self._stack.with_visible(UNSEEN, visible=True)
            self._changed()
            return
        self._times["ppi"] = ppi.at
        self._stack = self._stack.with_visible("mosaic", visible=False).with_visible(UNSEEN, visible=False)
        self._put(PpiLayer("ppi", ppi, color_table.load(color_table.of_moment(ppi.moment)).of_levels(ppi.levels)))

    def show_points(self, points: tuple[HazardPoint, ...], verdicts: tuple[PointVerdict, ...]) -> None:
        """Put the hazard points on the map, by level."""
        if verdicts:
            self._times["points"] = verdicts[0].at
        self._points_asked = points, verdicts
        self._make_points()

    def show_warnings(self, levels: Mapping[str, Level], draft: Mapping[str, Level]) -> None:
        """Outline the towns under warnings in force, and those of the draft."""
        towns = self._towns
        if (levels, draft) == self._outlined:
            return
        self._outlined = (dict(levels), dict(draft))

        def work() -> tuple[Layer, Layer]:
            in_force = WarningLayer.of_towns("warnings", levels, towns)
            return in_force, WarningLayer.of_towns("draft", draft, towns, draft=True)

        self._jobs.start("outlines", work, on_done=self._on_outlines, on_error=self.failed.emit)

    def show_base(self, layer: Layer | None, relief: bool) -> None:
        """Put a base map under everything, or take it away; the hillshade shows or not."""
        self._relief = relief
        self._stack = self._stack.with_visible("relief", visible=relief)
        self._stack = self._stack.without("base_map") if layer is None else self._stack.put(layer)
        self._changed()

    def put_layer(self, layer: Layer, wanted: LayerSetting, at: datetime | None = None, *, rank: int = 1) -> None:
        """Put a layer from a file on the map, over those of lower rank; what the operator set for its name stays."""
        if at is not None:
            self._times[layer.name] = at
        if self._stack.find(layer.name) is None:
            stack = self._stack.put(layer, visible=wanted.visible, rank=rank).with_opacity(layer.name, wanted.opacity)
            self._stack = stack.with_scales(layer.name, wanted.least_m, wanted.most_m).as_wanted(layer.name)
        else:
            self._stack = self._stack.put(layer)
        self._changed()

    def take_layer(self, name: str) -> None:
        """Take a layer off the map."""
        self._facts.pop(name, None)
        self._stack = self._stack.without(name)
        self._changed()

    def set_visible(self, name: str, visible: bool) -> None:
        """Show or hide a layer."""
        self._stack = self._stack.with_visible(name, visible=visible)
        self._changed()

    def set_opacity(self, name: str, opacity: float) -> None:
        """Set how strongly a layer is drawn, 0..1."""
        self._stack = self._stack.with_opacity(name, opacity)
        self._changed()

    def set_scales(self, name: str, least_m: float, most_m: float) -> None:
        """Draw a layer between two scales only, map meters a pixel."""
        self._stack = self._stack.with_scales(name, least_m, most_m)
        self._changed()

    def move(self, name: str, beside: str) -> None:
        """Take a layer to the place of another of its storey."""
        self._stack = self._stack.moved(name, beside)
        self._changed()

    @property
    def arrangement(self) -> Arrangement:
        """How the layers are arranged."""
        return self._stack.arrangement

    def arrange(self, wanted: Arrangement) -> None:
        """Arrange the layers; those that come later take their settings from there too."""
        self._stack = self._stack.arranged(wanted)
        self._changed()

    @property
    def placed(self) -> Mapping[str, str]:
        """The group of each layer that the operator took out of its own."""
        return self._placed

    def place(self, placed: Mapping[str, str]) -> None:
        """Take layers into groups of the panel; an empty group takes one back to its own."""
        mine = {name: group for name, group in placed.items() if may_change_group(name)}
        self._placed = {name: group for name, group in {**self._placed, **mine}.items() if group}
        self._tell_layers()

    def describe(self, name: str, facts: LayerFacts) -> None:
        """Say what the layer panel shall say of a layer."""
        self._facts[name] = facts
        self._tell_layers()

    def _put(self, layer: Layer) -> None:
        self._stack = self._stack.put(layer)
        self._changed()

    def _on_base(self, layers: tuple[Layer, ...]) -> None:
        for layer in layers:
            hidden = layer.name == "gauges" or (layer.name == "relief" and not self._relief)
            self._stack = self._stack.put(layer, visible=False if hidden else None)
        self._based = True
        self._changed()

    def _make_points(self) -> None:
        before = self._points_shown
        self._jobs.start(
            "points",
            partial(points_layer, *self._points_asked, before),
            on_done=lambda answer: self._on_points(before, *answer),
            on_error=self.failed.emit,
        )

    def _on_points(self, before: Leveled, leveled: Leveled, layer: PointLayer | None) -> None:
        if layer is not None:
            self._points_shown = leveled
            self._put(layer)
        elif self._points_shown is before:
            self._tell_layers()
        else:  # as it was before others were shown in between
            self._make_points()

    def _on_outlines(self, layers: tuple[Layer, Layer]) -> None:
        for layer in layers:
            self._stack = self._stack.put(layer)
        self._changed()

    def _changed(self) -> None:
        self._tell_layers()
        self._redraw()

    def _tell_layers(self) -> None:
        rows = tuple(self._row(item) for item in self._stack.items)
        self.layers_changed.emit(rows)

    def _row(self, item: StackedLayer) -> LayerRow:
        name = item.layer.name
        facts = self._facts.get(name, LayerFacts())
        return LayerRow(
            name,
            item.visible,
            item.opacity,
            self._times.get(name),
            _count(item.layer),
            facts.title,
            group_of(name, self._placed.get(name) or facts.group or str(getattr(item.layer, "group", ""))),
            facts.glyph,
            facts.source,
            facts.day,
            item.least_m,
            item.most_m,
            int(item.layer.storey),
            _signs(item.layer),
            _ramp(item.layer),
        )

    def _redraw(self) -> None:
        if self._view is not None:
            self._jobs.start(
                "draw", partial(_draw, self._stack, self._view), on_done=self._on_drawn, on_error=self.failed.emit
            )

    def _on_drawn(self, answer: tuple[object, MapView]) -> None:
        self.drawn = self._based
        self.drawings_changed.emit(answer[0])
