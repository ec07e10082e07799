"""What lies on the map, in which order, and what of it is shown."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Protocol

from layers.drawing import Drawing, Drawings, Labels
from layers.map_view import MapView


class Storey(IntEnum):
    """Where a layer lies, the ground first; labels are lifted to the top by `draw`."""

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
    """A layer with what the operator set: shown or not, and how strongly (0..1)."""

    layer: Layer
    visible: bool = True
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Stack:
    """All layers of the map; frozen, each change is a new stack.

    ``items`` stand in the order in which they were first put in; ``texts`` are
    facts that go with the drawings to legend and title.
    """

    items: tuple[StackedLayer, ...] = ()
    texts: dict[str, str] = field(default_factory=dict)

    def find(self, name: str) -> StackedLayer | None:
        """Return the stacked layer of that name, None if there is none."""
        return next((item for item in self.items if item.layer.name == name), None)

    def put(self, layer: Layer, *, visible: bool | None = None) -> Stack:
        """Return a stack with the layer in place of the one of its name, or added.

        A layer that takes another's place keeps what the operator set, unless
        ``visible`` says otherwise.
        """
        old = self.find(layer.name)
        if old is None:
            return replace(self, items=(*self.items, StackedLayer(layer, visible=visible is not False)))
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

    def _exchange(self, new: StackedLayer) -> Stack:
        return replace(self, items=tuple(new if item.layer.name == new.layer.name else item for item in self.items))


def draw(stack: Stack, view: MapView) -> Drawings:
    """Return everything visible of a stack for a view, bottom first, labels last."""
    shown = sorted((item for item in stack.items if item.visible and item.opacity > 0), key=_storey)
    drawings = [drawing for item in shown for drawing in item.layer.draw(view, item.opacity)]
    below = tuple(drawing for drawing in drawings if not isinstance(drawing, Labels))
    labels = tuple(drawing for drawing in drawings if isinstance(drawing, Labels))
    return Drawings(below + labels, dict(stack.texts))


def _storey(item: StackedLayer) -> int:
    return int(item.layer.storey)
