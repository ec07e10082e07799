"""What lies on the map, in which order, and what of it is shown."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Protocol

from layers.alarms_last import alarms_last
from layers.arrangement import Arrangement, LayerSetting, moved, ordered
from layers.drawing import Drawing, Drawings, Labels
from layers.map_view import MapView


class Storey(IntEnum):
    """Where a layer lies, the base map first; labels are lifted to the top by `draw`."""

    BASE = -1
    GROUND = 0
    WATER = 1
    FIELD = 2
    BORDERS = 3
    WARNINGS = 4
    STATIONS = 5
    POINTS = 6
    OVERLAY = 7


class Layer(Protocol):
    """A value that can be drawn. Layers are frozen: a change is a new layer of the same name."""

    @property
    def name(self) -> str: ...

    @property
    def storey(self) -> Storey: ...

    def draw(self, view: MapView, opacity: float) -> tuple[Drawing, ...]:
        """Return the drawings for a view; the same objects as long as nothing in them changes."""


@dataclass(frozen=True, slots=True)
class StackedLayer:
    """A layer with what the operator set: shown or not, how strongly (0..1), and at which scales.

    It is drawn from ``least_m`` up to ``most_m`` map meters a pixel. A layer of a higher ``rank`` is put in behind
    those of lower ones, whichever comes first; within a storey it lies over them.
    """

    layer: Layer
    visible: bool = True
    opacity: float = 1.0
    least_m: float = 0.0
    most_m: float = math.inf
    rank: int = 0

    def is_drawn_at(self, meters_per_pixel: float) -> bool:
        """Return whether the layer is drawn at a scale."""
        return self.visible and self.opacity > 0 and self.least_m <= meters_per_pixel <= self.most_m

    @property
    def setting(self) -> LayerSetting:
        """What the operator set, as a value to keep."""
        return LayerSetting(self.layer.name, self.visible, self.opacity, self.least_m, self.most_m)


@dataclass(frozen=True, slots=True)
class Stack:
    """All layers of the map; frozen, each change is a new stack.

    ``items`` stand in the order of their ranks and in which they were first put in, or in that of an
    `Arrangement`; ``texts`` are facts that go with the drawings to legend and title.
    ``wanted`` is an arrangement that also holds for layers that come later.
    """

    items: tuple[StackedLayer, ...] = ()
    texts: dict[str, str] = field(default_factory=dict)
    wanted: Arrangement = field(default_factory=Arrangement)

    def find(self, name: str) -> StackedLayer | None:
        """Return the stacked layer of that name, None if there is none."""
        return next((item for item in self.items if item.layer.name == name), None)

    def put(self, layer: Layer, *, visible: bool | None = None, rank: int = 0) -> Stack:
        """Return a stack with the layer in place of the one of its name, or added behind those of its ``rank``.

        A layer that takes another's place keeps what the operator set, unless
        ``visible`` says otherwise.
        """
        old = self.find(layer.name)
        if old is None:
            at = next((i for i, item in enumerate(self.items) if item.rank > rank), len(self.items))
            added = StackedLayer(layer, visible=visible is not False, rank=rank)
            new = replace(self, items=(*self.items[:at], added, *self.items[at:]))
            return new.as_wanted(layer.name)
        shown = old.visible if visible is None else visible
        return self._exchange(replace(old, layer=layer, visible=shown))

    def without(self, name: str) -> Stack:
        """Return a stack without the layer of that name."""
        return replace(self, items=tuple(item for item in self.items if item.layer.name != name))

    def with_visible(self, name: str, *, visible: bool) -> Stack:
        """Return a stack with that layer shown or hidden; the same stack if there is none."""
        old = self.find(name)
        return self if old is None else self._exchange(replace(old, visible=visible))

    def with_opacity(self, name: str, opacity: float) -> Stack:
        """Return a stack with that layer at an opacity of 0..1; the same stack if there is none."""
        old = self.find(name)
        return self if old is None else self._exchange(replace(old, opacity=min(1.0, max(0.0, opacity))))

    def with_scales(self, name: str, least_m: float, most_m: float) -> Stack:
        """Return a stack with that layer drawn between two scales only, map meters a pixel."""
        old = self.find(name)
        return self if old is None else self._exchange(replace(old, least_m=least_m, most_m=most_m))

    @property
    def arrangement(self) -> Arrangement:
        """How the layers are arranged now, the lowest first."""
        return Arrangement(tuple(item.setting for item in self.items))

    def arranged(self, wanted: Arrangement) -> Stack:
        """Return a stack arranged so; what comes later takes its settings from there too."""
        new = replace(self, wanted=wanted)
        for setting in wanted.settings:
            new = new.as_wanted(setting.name)
        return new

    def moved(self, name: str, beside: str) -> Stack:
        """Return a stack with a layer taken to the place of another of its storey; else the same stack.

        What lies in a lower storey never covers a higher one: no border is lost under the radar.
        """
        one, other = self.find(name), self.find(beside)
        if one is None or other is None or one.layer.storey is not other.layer.storey:
            return self
        order = moved((item.layer.name for item in self.items), name, beside)
        by_name = {item.layer.name: item for item in self.items}
        return replace(self, items=tuple(by_name[one] for one in order))

    def as_wanted(self, name: str) -> Stack:
        """Return a stack with that layer set and placed as ``wanted`` says; the same stack if it says nothing."""
        setting = self.wanted.find(name)
        item = self.find(name)
        if setting is None or item is None:
            return self
        changed = replace(
            item,
            visible=setting.visible,
            opacity=setting.opacity,
            least_m=setting.least_m,
            most_m=setting.most_m,
        )
        new = self._exchange(changed)
        by_name = {item.layer.name: item for item in new.items}
        return replace(new, items=tuple(by_name[one] for one in ordered(by_name, self.wanted.names)))

    def _exchange(self, new: StackedLayer) -> Stack:
        return replace(self, items=tuple(new if item.layer.name == new.layer.name else item for item in self.items))


def draw(stack: Stack, view: MapView) -> Drawings:
    """Return everything visible of a stack for a view, bottom first, signs of alarms over all others, labels last."""
    return together(parts(stack, view), stack.texts)


def parts(stack: Stack, view: MapView) -> dict[str, tuple[Drawing, ...]]:
    """Return the drawings of each layer that is drawn in a view, by the layer's name, bottom first."""
    shown = sorted((item for item in stack.items if item.is_drawn_at(view.meters_per_pixel)), key=_storey)
    return {item.layer.name: item.layer.draw(view, item.opacity) for item in shown}


def together(drawn: Mapping[str, tuple[Drawing, ...]], texts: Mapping[str, str]) -> Drawings:
    """Return the parts of a map as one: signs of alarms over all others, labels last."""
    drawings = [drawing for its in drawn.values() for drawing in its]
    below = tuple(drawing for drawing in drawings if not isinstance(drawing, Labels))
    labels = tuple(drawing for drawing in drawings if isinstance(drawing, Labels))
    return Drawings(alarms_last(below) + labels, dict(texts))


def _storey(item: StackedLayer) -> int:
    return int(item.layer.storey)
