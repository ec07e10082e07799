"""What belongs to the selected point."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from layers.drawing import Drawing, Labels, Lines, Symbols
from layers.map_view import MapView
from layers.relations import Near, Relations, RelationsLayer, distance_words
from models.geodesy import to_mercator

HERE = (107.0, 29.0)
GAUGES = (Near("G1", "石坑站", 107.01, 29.0, 973.0), Near("G2", "岭脚站", 107.0, 28.98, 2217.0))
SHELTER = Near("shelters/S1", "石坑小学", 107.005, 29.003, 1230.0, "shelter")
VIEW = MapView(11_911_000.0, 3_374_000.0, 5.0, 800, 600)


def drawn(relations: Relations) -> tuple[Drawing, ...]:
    return RelationsLayer.of(relations).draw(VIEW, 1.0)


def test_each_gauge_is_tied_to_the_point_and_says_how_far_it_is() -> None:
    lines, signs, names = drawn(Relations(*HERE, GAUGES, (SHELTER,)))
    assert isinstance(lines, Lines)
    assert isinstance(signs, Symbols)
    assert isinstance(names, Labels)
    assert (lines.style, lines.ids) == ("relation.link", ("G1", "G2"))
    x, y = to_mercator(np.array([107.0, 107.01]), np.array([29.0, 29.0]))
    np.testing.assert_allclose(lines.xy[:2], np.column_stack([x, y]))
    assert names.texts == ("石坑站 970 m", "岭脚站 2.2 km", "石坑小学 1.2 km")
    assert [signs.sprites[i] for i in signs.sprite.tolist()] == ["point.none/gauge"] * 2 + ["point.none/shelter"]


def test_basin_unit_and_route_are_lines_of_their_own_style_and_named() -> None:
    box = shapely.to_wkb(shapely.box(106.99, 28.99, 107.02, 29.02))
    way = shapely.to_wkb(shapely.LineString([HERE, (107.005, 29.003)]))
    out = drawn(
        Relations(*HERE, basin_wkb=box, basin_name="流域 20.7 km²", unit_wkb=box, unit_name="石坑-03", route_wkb=way)
    )
    assert [d.style for d in out if isinstance(d, Lines)] == ["relation.basin", "relation.unit", "relation.route"]
    (names,) = (d for d in out if isinstance(d, Labels))
    assert names.texts == ("流域 20.7 km²", "石坑-03")
    assert names.dx_px == 0


@pytest.mark.parametrize("wkb", [b"", b"nothing", shapely.to_wkb(shapely.Polygon())])
def test_what_is_not_known_is_not_drawn(wkb: bytes) -> None:
    assert drawn(Relations(*HERE, basin_wkb=wkb, unit_name="石坑-03")) == ()


def test_the_same_relations_give_the_same_drawings_again() -> None:
    layer = RelationsLayer.of(Relations(*HERE, GAUGES))
    first, second = layer.draw(VIEW, 1.0), layer.draw(VIEW, 1.0)
    assert all(one is other for one, other in zip(first, second, strict=True))


@pytest.mark.parametrize(("meters", "said"), [(0, "0 m"), (994, "990 m"), (996, "1.0 km"), (12_340, "12.3 km")])
def test_distances_are_short_words(meters: float, said: str) -> None:
    assert distance_words(meters) == said
