"""The small pictures of an import: they show a place with many rows, and name the villages there."""

from __future__ import annotations

import numpy as np

from app.registers.import_preview import drawings_of, view_of
from layers.drawing import Labels, Symbols
from models.geodesy import to_mercator
from models.register.surroundings import Surroundings
from tests.models.register.given import ground, look, row, table


def test_the_view_lies_where_most_rows_are_and_names_the_villages_in_it() -> None:
    around: Surroundings = ground().surroundings
    far = [row(n, 经度=113.01 + 0.06 * n, 纬度=24.01) for n in range(3)]
    near = [row(n, 经度=113.145 + 0.002 * n, 纬度=24.07) for n in range(3, 9)]
    quality = look(table(*far, *near), ground())
    view = view_of(quality, around)
    assert view is not None
    read, _ = drawings_of(quality, around)
    (points,) = (one for one in read.items if isinstance(one, Symbols))
    half_x, half_y = 175 * view.meters_per_pixel, 90 * view.meters_per_pixel
    seen = (np.abs(points.x_m - view.center_x_m) < half_x) & (np.abs(points.y_m - view.center_y_m) < half_y)
    assert int(seen.sum()) == 6
    (names,) = (one for one in read.items if isinstance(one, Labels))
    shown = (np.abs(names.x_m - view.center_x_m) < half_x) & (np.abs(names.y_m - view.center_y_m) < half_y)
    border, _ = to_mercator(np.array([113.15]), np.array([24.07]))
    assert abs(border[0] - view.center_x_m) < half_x, "the border of two villages is in sight"
    assert {one for one, is_shown in zip(names.texts, shown, strict=True) if is_shown} == {"桥头村", "竹溪村"}


def test_a_file_without_any_place_has_no_view() -> None:
    quality = look(table(row(1, 经度="", 纬度="")), ground())
    assert view_of(quality, ground().surroundings) is None
