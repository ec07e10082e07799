"""Layers compared as arrays: what they draw at which scale."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import numpy as np
import pytest
import shapely

from layers.area_layer import AreaLayer, VeilLayer
from layers.drawing import Areas, Labels, Lines, Raster, Symbols
from layers.grid_layer import GridLayer
from layers.line_layer import LineLayer, WarningLayer
from layers.map_view import MapView
from layers.place_index import PlaceIndex
from layers.point_layer import POINT_SPRITES, PointLayer
from layers.relief_layer import hillshade, relief_layer
from layers.stack import Stack, Storey, draw
from models.geodesy import to_mercator
from models.grid import GridArea
from models.hazard.level import Level
from models.radar.footprint import Source
from models.radar.mosaic import Mosaic
from models.radar.quantity import CR
from models.radar.volume import Site
from models.rain.observations import Gauge
from tests.layers.places import COUNTY, TOWNS, place
from tests.make import point

VIEW = MapView(11_922_000, 3_380_000, 50.0, 800, 600)


def view(meters_per_pixel: float) -> MapView:
    return MapView(11_922_000, 3_380_000, meters_per_pixel, 800, 600)


def mosaic() -> Mosaic:
    area = GridArea(11_900_000, 3_400_000, 500, 3, 4)
    codes = np.arange(12, dtype=np.uint8).reshape(3, 4)
    at = datetime(2026, 6, 17, 19, 10, tzinfo=UTC)
    ones = np.ones((3, 4), np.uint8)
    return Mosaic(at, area, CR, codes, ones, ones, (Source("Z1", "青岚", at, timedelta(minutes=6)),))


def test_a_mosaic_is_drawn_in_its_codes() -> None:
    (raster,) = GridLayer.of_mosaic(mosaic()).draw(VIEW, 0.5)
    assert isinstance(raster, Raster)
    assert raster.opacity == 0.5
    assert not raster.smooth
    np.testing.assert_array_equal(raster.codes, mosaic().codes)


def test_the_same_layer_gives_the_same_objects_so_that_nothing_is_drawn_twice() -> None:
    layer = GridLayer.of_mosaic(mosaic())
    towns = AreaLayer.of_places("towns", TOWNS, "town", label_style="town")
    assert layer.draw(VIEW, 1.0)[0] is layer.draw(view(51.0), 1.0)[0]
    for one, other in zip(towns.draw(VIEW, 1.0), towns.draw(view(51.0), 1.0), strict=True):
        assert one is other


def test_towns_have_areas_borders_and_names_in_their_middle() -> None:
    towns = AreaLayer.of_places("towns", TOWNS, "town", label_style="town", label_priority=80)
    areas, lines, labels = towns.draw(VIEW, 1.0)
    assert isinstance(areas, Areas)
    assert isinstance(lines, Lines)
    assert isinstance(labels, Labels)
    assert set(areas.ids) == {t.code for t in TOWNS}
    assert labels.texts == tuple(t.name for t in TOWNS)
    x, y = to_mercator(np.array([107.05, 107.15]), np.array([29.05, 29.05]))
    assert labels.x_m[:2] == pytest.approx(x, abs=600)
    assert labels.y_m[:2] == pytest.approx(y, abs=600)


def test_names_and_borders_of_villages_wait_for_their_scale() -> None:
    layer = AreaLayer.of_places(
        "villages", TOWNS, "village", label_style="village", labels_below_m=20, drawn_below_m=40
    )
    assert layer.draw(view(50), 1.0) == ()
    assert [type(d) for d in layer.draw(view(30), 1.0)] == [Areas, Lines]
    assert [type(d) for d in layer.draw(view(10), 1.0)] == [Areas, Lines, Labels]


def test_the_veil_is_one_area_with_the_county_as_its_hole() -> None:
    (veil,) = VeilLayer.around(COUNTY).draw(VIEW, 1.0)
    assert isinstance(veil, Areas)
    assert set(veil.ids) == {"outside"}
    assert len(veil.starts) == 3
    x, y = to_mercator(np.array([107.0]), np.array([29.0]))
    hole = veil.xy[veil.starts[1] :]
    assert hole.min(axis=0) == pytest.approx((x[0], y[0]))


def test_hazard_points_are_painted_worst_last_and_named_worst_first() -> None:
    points = [point(f"P{i}", f"名{i}") for i in range(6)]
    levels = {
        "P0": Level.RED,
        "P1": Level.NONE,
        "P2": Level.NOT_JUDGED,
        "P3": Level.BLUE,
        "P4": Level.ORANGE,
        "P5": Level.YELLOW,
    }
    symbols, labels = PointLayer.of_hazards(points, levels).draw(view(5), 1.0)
    assert isinstance(symbols, Symbols)
    assert isinstance(labels, Labels)
    assert symbols.ids == ("P1", "P2", "P3", "P5", "P4", "P0")
    assert [symbols.sprites[i] for i in symbols.sprite] == [f"{key}/flash_flood" for key in POINT_SPRITES]
    assert labels.texts == ("名1", "名2", "名3", "名5", "名4", "名0")
    assert (np.diff(labels.priority) > 0).all()


def test_a_point_without_a_verdict_is_not_judged_and_never_looks_safe() -> None:
    (symbols, *_) = PointLayer.of_hazards([point()], {}).draw(VIEW, 1.0)
    assert isinstance(symbols, Symbols)
    assert symbols.sprites[symbols.sprite[0]] == "point.not_judged/flash_flood"


def test_a_crowd_that_is_not_judged_is_small_from_afar_and_itself_from_near() -> None:
    layer = PointLayer.of_hazards([point(f"P{i}") for i in range(150)], {"P7": Level.RED})
    far, near = layer.draw(view(60), 1.0)[0], layer.draw(view(15), 1.0)[0]
    assert isinstance(far, Symbols)
    assert isinstance(near, Symbols)
    assert far.sprites[far.sprite[0]] == "point.not_judged.crowd"
    assert near.sprites[near.sprite[0]] == "point.not_judged/flash_flood"
    assert far.sprites[far.sprite[-1]] == near.sprites[near.sprite[-1]] == "level.red/flash_flood"


def test_a_hazard_point_in_doubt_or_overdue_says_so_beside_its_level() -> None:
    points = [point("A"), point("B"), point("C")]
    layer = PointLayer.of_hazards(
        points, {"A": Level.RED, "B": Level.NONE}, doubtful=frozenset({"A"}), overdue=frozenset({"B"})
    )
    (symbols, *_) = layer.draw(VIEW, 1.0)
    assert isinstance(symbols, Symbols)
    assert {i: symbols.sprites[k] for i, k in zip(symbols.ids, symbols.sprite.tolist(), strict=True)} == {
        "A": "level.red+doubtful/flash_flood",
        "B": "point.none+overdue/flash_flood",
        "C": "point.not_judged/flash_flood",
    }


def test_a_calm_crowd_is_small_from_afar_and_says_its_kind_from_near() -> None:
    levels = {f"P{i}": Level.NONE for i in range(150)} | {"P7": Level.RED, "P8": Level.NOT_JUDGED}
    layer = PointLayer.of_hazards([point(f"P{i}") for i in range(150)], levels)
    far, near = layer.draw(view(60), 1.0)[0], layer.draw(view(15), 1.0)[0]
    assert isinstance(far, Symbols)
    assert isinstance(near, Symbols)
    assert {far.sprites[i] for i in far.sprite.tolist()} == {
        "point.none",
        "point.not_judged/flash_flood",
        "level.red/flash_flood",
    }
    assert near.sprites[near.sprite[0]] == "point.none/flash_flood"


def test_only_alarms_keep_their_names_at_the_scale_of_the_county() -> None:
    points = [point("A", "甲"), point("B", "乙")]
    drawn = PointLayer.of_hazards(points, {"A": Level.RED, "B": Level.NONE}).draw(view(100), 1.0)
    assert isinstance(drawn[1], Labels)
    assert drawn[1].texts == ("甲",)


def test_a_silent_gauge_has_a_sprite_of_its_own() -> None:
    gauges = [Gauge("G1", "石坑站", 107.0, 29.0), Gauge("G2", "马蹄站", 107.1, 29.1)]
    (symbols,) = PointLayer.of_gauges(gauges, silent=frozenset({"G1"})).draw(view(100), 1.0)
    assert isinstance(symbols, Symbols)
    assert dict(zip(symbols.ids, symbols.sprite.tolist(), strict=True)) == {"G1": 1, "G2": 0}


def test_radars_stand_where_they_stand() -> None:
    (symbols, labels) = PointLayer.of_radars([Site("Z1", "青岚", 107.0, 29.2, 300.0)]).draw(VIEW, 1.0)
    assert isinstance(symbols, Symbols)
    x, y = to_mercator(np.array([107.0]), np.array([29.2]))
    assert (symbols.x_m[0], symbols.y_m[0]) == (x[0], y[0])
    assert isinstance(labels, Labels)


def test_rivers_are_lines() -> None:
    river = place("R1", "青水", "river", shapely.LineString([(107.0, 29.0), (107.1, 29.1), (107.1, 29.2)]))
    (lines,) = LineLayer.of_places("rivers", [river], "river", drawn_below_m=60).draw(VIEW, 1.0)
    assert isinstance(lines, Lines)
    assert lines.ids == ("R1",)
    assert len(lines.xy) == 3
    assert LineLayer.of_places("rivers", [river], "river", drawn_below_m=60).draw(view(61), 1.0) == ()


def test_a_warning_is_outlined_level_by_level_without_inner_borders() -> None:
    levels = {"990001101": Level.RED, "990001102": Level.RED, "990001103": Level.YELLOW, "other": Level.BLUE}
    drawn = WarningLayer.of_towns("warnings", levels, TOWNS).draw(VIEW, 1.0)
    assert [d.style for d in drawn if isinstance(d, Lines)] == ["warning.yellow", "warning.red"]
    red = drawn[1]
    assert isinstance(red, Lines)
    middle = to_mercator(np.array([107.1]), np.array([29.05]))[0][0]
    assert not (red.xy[:, 0] == middle).all()
    assert len(red.starts) == 2
    on_the_border = (red.xy[:-1, 0] == middle) & (red.xy[1:, 0] == middle)
    assert not on_the_border.any()


def test_a_draft_is_outlined_in_a_style_of_its_own() -> None:
    (line,) = WarningLayer.of_towns("draft", {"990001101": Level.BLUE}, TOWNS, draft=True).draw(VIEW, 1.0)
    assert isinstance(line, Lines)
    assert line.style == "draft.blue"


def test_a_slope_to_the_north_west_lies_in_the_light() -> None:
    area = GridArea(11_900_000, 3_400_000, 100, 20, 20)
    row, column = np.mgrid[0:20, 0:20].astype(np.float32)
    to_north_west = hillshade((row + column) * 20, area)  # rises to the south-east
    to_south_east = hillshade(-(row + column) * 20, area)
    flat = hillshade(np.full((20, 20), 300, np.float32), area)
    assert to_north_west[10, 10] > flat[10, 10] > to_south_east[10, 10]
    assert flat[10, 10] == 180


def test_unknown_ground_has_code_0() -> None:
    area = GridArea(11_900_000, 3_400_000, 100, 9, 9)
    height = np.full((9, 9), 300, np.float32)
    height[0, 0] = np.nan
    codes = hillshade(height, area)
    assert codes[0, 0] == 0
    assert codes[8, 8] == 180
    (raster,) = relief_layer(height, area).draw(VIEW, 1.0)
    assert isinstance(raster, Raster)
    assert raster.smooth
    assert raster.colors.rgba[0, 3] == 0


def test_the_stack_draws_from_the_ground_up_and_names_last() -> None:
    towns = AreaLayer.of_places("towns", TOWNS, "town", label_style="town")
    stack = Stack().put(PointLayer.of_hazards([point()], {})).put(towns).put(GridLayer.of_mosaic(mosaic()))
    assert [d.name for d in draw(stack, view(5)).items] == [
        "mosaic", "towns.areas", "towns", "points", "towns.names", "points.names",
    ]  # fmt: skip


def test_a_newer_layer_keeps_what_the_operator_set() -> None:
    stack = Stack().put(GridLayer.of_mosaic(mosaic())).with_opacity("mosaic", 0.4).with_visible("mosaic", visible=False)
    newer = GridLayer.of_mosaic(mosaic())
    stack = stack.put(newer)
    found = stack.find("mosaic")
    assert found is not None
    assert found.layer is newer
    assert (found.visible, found.opacity) == (False, 0.4)
    assert draw(stack, VIEW).items == ()
    assert len(draw(stack.with_visible("mosaic", visible=True), VIEW).items) == 1
    assert stack.without("mosaic").items == ()


def test_an_unknown_layer_changes_nothing_and_opacity_stays_within_0_and_1() -> None:
    stack = Stack().put(GridLayer.of_mosaic(mosaic()))
    assert stack.with_visible("no", visible=False) is stack
    assert stack.with_opacity("no", 0.1) is stack
    found = stack.with_opacity("mosaic", 7).find("mosaic")
    assert found is not None
    assert found.opacity == 1.0


def test_layers_from_files_lie_in_the_order_of_their_ranks_whichever_is_read_first() -> None:
    layers = {name: (LineLayer.of_places(name, (), "road"), rank) for name, rank in (("roads", 0), ("a", 1), ("b", 2))}
    stack = Stack()
    for come in permutations(layers):
        stack = Stack()
        for name in come:
            layer, rank = layers[name]
            stack = stack.put(layer, rank=rank)
        assert [item.layer.name for item in stack.items] == ["roads", "a", "b"]
    assert [item.layer.name for item in stack.moved("b", "a").put(layers["roads"][0]).items] == ["roads", "b", "a"]


def test_layers_of_the_same_storey_keep_their_order() -> None:
    first = GridLayer("a", mosaic().area, mosaic().codes, GridLayer.of_mosaic(mosaic()).colors, Storey.FIELD)
    second = GridLayer("b", mosaic().area, mosaic().codes, first.colors, Storey.FIELD)
    assert [d.name for d in draw(Stack().put(first).put(second), VIEW).items] == ["a", "b"]


def test_the_index_names_town_and_village_under_the_cursor() -> None:
    village = place("v1", "石坑村", "village", shapely.box(107.0, 29.0, 107.02, 29.02), TOWNS[0].code)
    index = PlaceIndex([COUNTY, *TOWNS, village])
    assert index.words_at(107.01, 29.01) == "石坑镇 石坑村"
    assert index.words_at(107.15, 29.15) == "沙田镇"
    assert index.words_at(108.0, 29.0) == ""
    assert PlaceIndex([COUNTY]).words_at(107.15, 29.15) == "青岚县"
