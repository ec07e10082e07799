"""Many names: planned in short steps, none over another, the worst level first."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

import numpy as np
import pytest
import shapely
from PySide6.QtGui import QFontMetricsF

from layers.drawing import Drawings, Labels, Symbols
from layers.point_layer import PointLayer
from layers.sign import Sign
from models.hazard.level import Level
from tests.counting import calls
from tests.data import long_count
from tests.widgets.map.drawn import VIEW
from widgets import theme as look
from widgets.map.canvas import MapCanvas
from widgets.map.ink import ink_of
from widgets.map.label_painter import LabelPlan, Region, _width, plan_labels

INK = ink_of(look.LIGHT)
KEYS = (Sign("landslide").key, Sign("landslide", Level.RED).key)


def boxes(plan: LabelPlan, meters_per_pixel: float) -> np.ndarray:
    """Return (n, 4) left, top, right, bottom in pixels from the map's origin."""
    left, top = plan.x_m / meters_per_pixel + plan.dx_px, -plan.y_m / meters_per_pixel + plan.dy_px
    return np.stack([left, top, left + plan.width_px, top + plan.height_px], axis=1)


def overlaps(found: np.ndarray) -> int:
    """Return how many pairs of boxes share more than an edge."""
    made = shapely.box(*(found + np.array([1e-6, 1e-6, -1e-6, -1e-6])).T)
    pairs = shapely.STRtree(made).query(made, predicate="intersects")
    return int((pairs[0] < pairs[1]).sum())


def scene(count: int, side_m: float) -> tuple[Labels, Symbols]:
    """Return as many places with names, one in fifty red."""
    rng = np.random.default_rng(12)
    x, y = rng.uniform(-side_m / 2, side_m / 2, (2, count))
    red = np.arange(count) % 50 == 0
    texts = tuple(f"{'石坑云台马蹄白水'[i % 8]}{'沟岭坪湾'[i % 4]}{i}" for i in range(count))
    priority = np.where(red, 140, 40)
    names = Labels("names", x, y, texts, priority, "point", dx_px=14)
    return names, Symbols("points", x, y, red.astype(np.int64), KEYS, texts)


def planned(
    names: Labels, signs: Symbols, scale: float, region: Region | None = None, *, steps: list[int] | None = None
) -> LabelPlan:
    """Return the plan, and in ``steps`` how many calls each step took."""
    turns, made = plan_labels((names,), (signs,), scale, INK, region), list[LabelPlan]()

    def step() -> None:
        try:
            next(turns)
        except StopIteration as done:
            made.append(done.value)

    while not made:
        if steps is None:
            step()
        else:
            steps.append(calls(step))
    return made[0]


def run(turns: Generator[None, None, LabelPlan]) -> LabelPlan:
    """Return what the last step gives."""
    while True:
        try:
            next(turns)
        except StopIteration as done:
            plan: LabelPlan = done.value
            return plan


@pytest.mark.parametrize("scale", [10.0, 30.0, 120.0])
def test_no_two_names_overlap_and_none_lies_on_a_level(scale: float) -> None:
    names, signs = scene(1500, 20_000.0)
    plan = planned(names, signs, scale)
    found = boxes(plan, scale)
    assert overlaps(found) == 0
    assert len(plan.texts) > 10
    red = signs.sprite == 1
    marks = np.stack([signs.x_m[red] / scale, -signs.y_m[red] / scale], axis=1)
    inside = (
        (found[:, None, 0] < marks[:, 0])
        & (found[:, None, 2] > marks[:, 0])
        & (found[:, None, 1] < marks[:, 1])
        & (found[:, None, 3] > marks[:, 1])
    )
    assert not inside.any()


def test_a_worse_level_has_its_name_where_only_one_has_room() -> None:
    names, signs = scene(1500, 20_000.0)
    plan = planned(names, signs, 60.0)
    shown = set(plan.texts)
    red = [text for text, sprite in zip(names.texts, signs.sprite.tolist(), strict=True) if sprite == 1]
    calm = set(names.texts) - set(red)
    assert len(shown & set(red)) / len(red) > 3 * len(shown & calm) / len(calm)


def test_calm_names_keep_off_the_rings_of_others_and_names_of_levels_need_not() -> None:
    x, y = np.array([0.0, 500.0]), np.zeros(2)
    rings = Symbols(
        "points",
        np.array([300.0, -300.0, 0.0, 0.0]),
        np.array([0, 0, 200.0, -200.0]),
        np.zeros(4, int),
        KEYS,
        tuple("abcd"),
    )
    calm = Labels("names", x[:1], y[:1], ("石坑沟",), np.array([40]), "point", dx_px=14)
    assert planned(calm, rings, 10.0).texts == ()
    assert planned(replace(calm, priority=np.array([140])), rings, 10.0).texts == ("石坑沟",)
    assert planned(replace(calm, dx_px=0), rings, 10.0).texts == ("石坑沟",)


def test_a_thing_that_is_named_with_its_distance_is_not_named_a_second_time() -> None:
    place = np.array([0.0]), np.array([0.0])
    fuller = Labels("relations.near", *place, ("石坑站 0.9 km",), np.array([100]), "relation", dx_px=14)
    there = np.array([20.0, 20.0, 900.0]), np.array([-20.0, 40.0, 0.0])
    own = Labels("gauges.names", *there, ("石坑站", "石坑", "石坑站"), np.array([15, 15, 15]), "station", dx_px=14)
    none = Symbols("points", *(np.zeros(0),) * 2, np.zeros(0, np.int64), KEYS, ())
    plan = run(plan_labels((own, fuller), (none,), 10.0, INK))
    wanted = [("石坑", 20.0), ("石坑站", 900.0), ("石坑站 0.9 km", 0.0)]  # the others are things of their own
    assert sorted(zip(plan.texts, plan.x_m.tolist(), strict=True)) == wanted
    area = Labels("relations.names", *place, ("石坑-03",), np.array([99]), "relation")
    units = Labels(
        "warning_units.names", *there, ("石坑-03", "石坑-04", "x"), np.array([15, 15, 15]), "station", dx_px=14
    )
    units = replace(units, x_m=there[0] + 2000.0)  # where its own name stands, away from that of its outline
    plan = run(
        plan_labels((units, replace(units, name="sites.names", y_m=there[1] + 2000.0), area), (none,), 10.0, INK)
    )
    assert plan.texts.count("石坑-03") == 2, "that of the outline, and of a site that is called so"


def test_a_name_gives_way_to_small_rings_where_it_can_and_stays_where_it_cannot() -> None:
    for priority in (40, 140):
        name = Labels("names", np.zeros(1), np.zeros(1), ("石坑沟",), np.array([priority]), "point", dx_px=14)

        def at(*places: tuple[float, float], name: Labels = name) -> tuple[float, float]:
            x, y = np.array([(0.0, 0.0), *places]).T * 10.0  # its own ring first
            rings = Symbols("points", x, y, np.zeros(len(x), int), ("point.none",), tuple(map(str, range(len(x)))))
            plan = planned(name, rings, 10.0)
            assert plan.texts == ("石坑沟",), "a small ring keeps no name off"
            return float(plan.dx_px[0]), float(plan.dy_px[0])

        right, left = at(), at((30.0, 0.0))
        assert right[0] == 14
        assert left[0] < -14
        above = at((30.0, 0.0), (-30.0, 0.0))
        assert above[1] < -14
        round_it = [(30.0, 0.0), (34.0, 0.0), (-30.0, 0.0), (0.0, 24.0), (3.0, 24.0), (0.0, -24.0), (4.0, -24.0)]
        assert at(*round_it) == left, "one ring is less than two"


def test_names_among_small_rings_do_not_overlap_and_few_lie_on_a_ring() -> None:
    names, signs = scene(300, 20_000.0)
    signs = replace(signs, sprites=("point.none", "level.red"))
    plan = planned(names, signs, 20.0)
    found = boxes(plan, 20.0)
    assert overlaps(found) == 0
    x, y = signs.x_m / 20.0, -signs.y_m / 20.0
    small = signs.sprite == 0
    on = (found[:, :1] < x) & (found[:, 2:3] > x) & (found[:, 1:2] < y) & (found[:, 3:] > y)
    assert len(plan.texts) > 270
    assert on[:, small].any(axis=1).mean() < 0.05, "a tenth of them would, if each took its first place"


def test_names_in_a_region_are_those_that_the_whole_map_would_show_there() -> None:
    names, signs = scene(1500, 60_000.0)
    whole = planned(names, signs, 40.0)
    part = planned(names, signs, 40.0, (-20_000.0, -20_000.0, 20_000.0, 20_000.0))
    well_inside = (np.abs(whole.x_m) < 15_000) & (np.abs(whole.y_m) < 15_000)
    inside = {whole.texts[i] for i in np.flatnonzero(well_inside)}
    also = {text for text, x, y in zip(part.texts, part.x_m, part.y_m, strict=True) if max(abs(x), abs(y)) < 15_000}
    assert len(inside ^ also) <= 0.02 * len(inside)


def test_fifty_thousand_names_are_planned_step_by_step_while_the_window_lives(canvas: MapCanvas) -> None:
    counts = 3_000, long_count(15_000, 50_000)
    few, many = list[int](), list[int]()
    for count, steps in zip(counts, (few, many), strict=True):
        plan = planned(*scene(count, 40_000.0), 10.0, steps=steps)
        assert overlaps(boxes(plan, 10.0)) == 0
    assert len(many) > 50
    assert max(many) <= 1.5 * max(few), "more names take more steps, not longer ones"
    assert sum(many) <= 1.5 * counts[1] / counts[0] * sum(few), "and no more work for each of them"
    del canvas


@pytest.mark.parametrize("text", ["石坑镇", "WAVE To 1.1", "青岩AV沟Ty"])
def test_a_measured_name_is_at_least_as_wide_as_it_is_written(text: str, canvas: MapCanvas) -> None:
    written = QFontMetricsF(look.font(look.SECOND_PX)).horizontalAdvance(text)
    assert written - 0.01 <= _width(text, look.SECOND_PX) <= written * 1.1 + 1
    del canvas


def test_a_plan_holds_while_the_map_is_moved(canvas: MapCanvas) -> None:
    names, signs = scene(800, 60_000.0)
    canvas.show_drawings(Drawings((signs, names)))
    canvas.show_view(VIEW)
    canvas.grab()
    first = canvas.planes()[1].label_plan()
    canvas.show_view(replace(VIEW, center_x_m=9_000.0))
    canvas.grab()
    assert canvas.planes()[1].label_plan() is first


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("marks", [(), ((30, 0),), ((30, 0), (-30, 0)), ((30, 0), (-30, 0), (0, 30))])
def test_a_name_never_lacks_room_for_its_own_sign(level: Level, marks: tuple[tuple[int, int], ...]) -> None:
    """A yellow triangle is wider than a blue disk: its name once stood in its own way on all four sides."""
    near = replace(VIEW, meters_per_pixel=5.0)
    layer = PointLayer.of_signs("points", [(0.0, 0.0, "SH-0001", "石坑沟")], [Sign("landslide", level)])
    drawn = layer.draw(near, 1.0)
    names = next(item for item in drawn if isinstance(item, Labels))
    signs = next(item for item in drawn if isinstance(item, Symbols))
    x, y = (np.array([0.0, *side]) * 10.0 for side in ([mark[0] for mark in marks], [mark[1] for mark in marks]))
    other = np.array([0] + [1] * len(marks))
    crowd = replace(
        signs,
        x_m=signs.x_m[0] + x,
        y_m=signs.y_m[0] + y,
        sprite=other,
        sprites=(*signs.sprites, Sign("landslide", Level.RED).key),
        ids=tuple(f"SH-{i}" for i in range(len(x))),
    )
    assert planned(names, crowd, 10.0).texts == ("石坑沟",)
