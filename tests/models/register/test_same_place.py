"""Places and shapes within a meter of each other are one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from models.datum import Datum, convert
from models.geodesy import FloatArray
from models.register.record import Record
from models.register.same_place import is_same_place, is_same_shape

POINT = Record("routes", "R1", "路", lon_deg=106.9, lat_deg=28.8)
LINE = shapely.LineString([(106.9, 28.8), (106.91, 28.81), (106.93, 28.8)])


@pytest.mark.parametrize(
    ("lon_deg", "lat_deg", "same"),
    [(106.900008, 28.8, True), (106.9, 28.80002, False), (106.90002, 28.8, False), (None, None, False)],
)
def test_a_meter_parts_two_places(lon_deg: float | None, lat_deg: float | None, same: bool) -> None:
    assert is_same_place(POINT, replace(POINT, lon_deg=lon_deg, lat_deg=lat_deg)) is same


def test_two_without_a_place_are_the_same() -> None:
    nowhere = replace(POINT, lon_deg=None, lat_deg=None)
    assert is_same_place(nowhere, nowhere)


def test_a_line_that_went_through_another_datum_is_the_same_and_one_with_a_corner_moved_is_not() -> None:
    def there_and_back(xy: FloatArray) -> FloatArray:
        there = convert(xy[:, 0], xy[:, 1], Datum.WGS84, Datum.BD09)
        back = convert(there[0].round(6), there[1].round(6), Datum.BD09, Datum.WGS84)
        return np.column_stack(back)

    before = replace(POINT, wkb=LINE.wkb)
    assert is_same_shape(before, replace(POINT, wkb=shapely.transform(LINE, there_and_back).wkb))
    moved = shapely.LineString([(106.9, 28.8), (106.91, 28.8101), (106.93, 28.8)])
    for other in (moved, shapely.LineString(LINE.coords[:2]), shapely.Polygon(LINE.coords)):
        assert not is_same_shape(before, replace(POINT, wkb=other.wkb))
    assert not is_same_shape(before, POINT)
