"""How layers are arranged: kept as a value, held for layers that come later, never above their storey."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import pytest

from layers.arrangement import GROUPS, Arrangement, LayerSetting, group_of, moved, ordered
from layers.drawing import Drawing, Lines
from layers.map_view import MapView
from layers.stack import Stack, Storey, draw
from tests.widgets.map.drawn import line

VIEW = MapView(0, 0, 30.0, 400, 300)


@dataclass(frozen=True)
class Some:
    name: str
    storey: Storey = Storey.POINTS

    def draw(self, view: MapView, opacity: float) -> tuple[Drawing, ...]:
        drawn = line("road", (0, 0), (1, 1))
        assert isinstance(drawn, Lines)
        return (replace(drawn, name=self.name, opacity=opacity),)


def stack_of(*names: str) -> Stack:
    stack = Stack()
    for name in names:
        stack = stack.put(Some(name))
    return stack


def drawn(stack: Stack, meters_per_pixel: float = 30.0) -> list[str]:
    return [item.name for item in draw(stack, replace(VIEW, meters_per_pixel=meters_per_pixel)).items]


def test_a_layer_moves_within_its_storey_and_never_out_of_it() -> None:
    stack = stack_of("a", "b", "c").put(Some("radar", Storey.FIELD))
    assert drawn(stack) == ["radar", "a", "b", "c"]
    assert drawn(stack.moved("a", "c")) == ["radar", "b", "c", "a"]
    assert drawn(stack.moved("c", "a")) == ["radar", "c", "a", "b"]
    assert stack.moved("radar", "c") is stack
    assert stack.moved("a", "nobody") is stack


def test_a_layer_is_drawn_at_its_scales_only() -> None:
    stack = stack_of("a", "b").with_scales("a", 10.0, 25.0)
    assert drawn(stack, 30.0) == ["b"]
    assert drawn(stack, 25.0) == ["a", "b"]
    assert drawn(stack, 9.0) == ["b"]
    assert drawn(stack.with_scales("a", 0.0, math.inf)) == ["a", "b"]


def test_an_arrangement_goes_round_and_holds_for_what_comes_later() -> None:
    made = stack_of("a", "b", "c").with_visible("b", visible=False).with_opacity("c", 0.4).with_scales("a", 0, 50)
    made = made.moved("c", "a")
    kept = made.arrangement
    assert kept.names == ("c", "a", "b")
    again = stack_of("a").arranged(kept).put(Some("b")).put(Some("c"))
    assert again.arrangement == kept
    assert drawn(again) == drawn(made) == ["c", "a"]


def test_what_the_arrangement_does_not_name_keeps_its_settings() -> None:
    kept = Arrangement((LayerSetting("a", visible=False),))
    stack = stack_of("x", "a", "b").with_opacity("b", 0.3).arranged(kept)
    assert drawn(stack) == ["x", "b"]
    b = stack.find("b")
    assert b is not None
    assert b.opacity == 0.3


def test_a_layer_that_takes_anothers_place_keeps_order_and_settings() -> None:
    stack = stack_of("a", "b").moved("b", "a").with_opacity("b", 0.5)
    assert stack.put(Some("b")).arrangement == stack.arrangement


@pytest.mark.parametrize(
    ("name", "said", "group"),
    [
        ("relief", "", "base"),
        ("shelters", "people", "people"),
        ("nasa", "", "own"),
        ("shelters", "no such", "own"),
        ("nasa", "@", "own"),
        ("nasa", "@ a", "own"),
    ],
)
def test_every_layer_has_a_group(name: str, said: str, group: str) -> None:
    assert group_of(name, said) == group
    assert group in GROUPS


def test_names_in_a_wanted_order() -> None:
    assert ordered(("a", "b", "new", "c"), ("c", "b", "a")) == ("c", "b", "new", "a")
    assert moved(("a", "b", "c"), "a", "c") == ("b", "c", "a")
    assert moved(("a", "b"), "a", "a") == ("a", "b")
