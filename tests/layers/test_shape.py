"""Rings and borders in map meters."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from layers import shape as shapes
from models.geodesy import to_mercator
from tests.layers.places import COUNTY, TOWNS, square


def towns() -> shapes.Shape:
    return shapes.rings_of([shapely.from_wkb(t.wkb) for t in TOWNS], [t.code for t in TOWNS])


def length(shape: shapes.Shape) -> float:
    parts = [shape.xy[a:b] for a, b in zip(shape.starts, shape.starts[1:], strict=False)]
    return sum(float(np.hypot(*np.diff(part, axis=0).T).sum()) for part in parts)


def test_rings_come_in_map_meters_with_the_id_of_their_thing() -> None:
    shape = towns()
    assert shape.ids == tuple(t.code for t in TOWNS)
    x, y = to_mercator(np.array([107.0]), np.array([29.0]))
    assert shape.xy[0] == pytest.approx((x[0], y[0]))
    assert shape.starts.tolist() == [0, 5, 10, 15, 20]


def test_a_hole_is_a_ring_of_the_same_thing() -> None:
    holed = shapely.Polygon(square(0, 0).exterior, [square(0, 0).buffer(-0.02).exterior])
    shape = shapes.rings_of([holed], ["a"])
    assert shape.ids == ("a", "a")


def test_each_shared_border_is_drawn_once() -> None:
    drawn = shapes.borders(towns())
    side_x = np.diff(to_mercator(np.array([107.0, 107.1]), np.array([29.0, 29.0]))[0])[0]
    _, ys = to_mercator(np.array([107.0, 107.0, 107.0]), np.array([29.0, 29.1, 29.2]))
    # Four towns in a square have 6 horizontal and 6 vertical sides, not 16.
    assert length(drawn) == pytest.approx(6 * side_x + 3 * (ys[2] - ys[0]), rel=1e-9)
    assert length(towns()) > 1.3 * length(drawn)


def test_borders_that_the_county_draws_are_left_to_it() -> None:
    county = shapes.rings_of([shapely.from_wkb(COUNTY.wkb)], [COUNTY.code])
    inner = shapes.borders(towns(), county)
    edge_x = to_mercator(np.array([107.0]), np.array([29.0]))[0][0]
    side_x = np.diff(to_mercator(np.array([107.0, 107.1]), np.array([29.0, 29.0]))[0])[0]
    _, ys = to_mercator(np.array([107.0, 107.0]), np.array([29.0, 29.2]))
    assert length(inner) == pytest.approx(2 * side_x + (ys[1] - ys[0]), rel=1e-9)
    for first, last in zip(inner.starts, inner.starts[1:], strict=False):
        part = inner.xy[first:last]
        assert not (part[:, 0] == edge_x).all()


def test_simplified_lines_stray_less_than_the_tolerance() -> None:
    angle = np.linspace(0, 2 * np.pi, 2000)
    circle = shapely.LineString(np.column_stack([1000 * np.cos(angle), 1000 * np.sin(angle)]))
    shape = shapes.of_lines([circle], ("c",))
    less = shape.simplified(5.0)
    assert len(less.xy) < len(shape.xy) / 10
    assert shapely.hausdorff_distance(shapely.LineString(less.xy), circle) <= 5.0
