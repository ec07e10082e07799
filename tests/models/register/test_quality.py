"""The report of a file: all or nothing, what is left out, and a whole file that is shifted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from models.datum import Datum, wgs84_to_bd09, wgs84_to_gcj02
from models.errors import DataError
from models.geodesy import FloatArray
from models.register.checks.ground import Ground
from models.register.description import shipped
from models.register.quality import lines_to_leave_out
from models.register.surroundings import Areas, Surroundings, plain_place
from models.register.table import Table
from tests.models.register.given import HEADERS, TODAY, ground, look, points, row, table, told


def test_one_bad_row_leaves_all_unimportable_until_it_is_left_out() -> None:
    given = table(row(1), row(2, 名称=None), row(3))
    quality = look(given)
    assert (quality.rows_read, quality.accepted, quality.importable) == (3, 2, False)
    assert quality.refused_lines == {3}
    left = look(given, left_out=lines_to_leave_out(quality))
    assert (left.accepted, left.importable, [one.id for one in left.records]) == (2, True, ["P1", "P3"])
    assert left.lines == (2, 4)
    assert left.refused == ()
    assert told(left) == [(3, "name", "empty")]


def test_strict_lets_a_warning_refuse_its_row() -> None:
    given = table(row(1), row(2, 村="云台村"))
    assert look(given).importable
    strict = look(given, strict=True)
    assert (strict.accepted, set(strict.refused_lines)) == (1, {3})


def test_a_missing_column_lets_no_row_pass() -> None:
    quality = look(table(row()[:4], headers=HEADERS[:4]))
    assert (quality.accepted, quality.importable, [one.field for one in quality.refused]) == (0, False, ["lat"])


def test_groups_come_in_the_order_of_the_shelf_with_their_mends() -> None:
    given = table(row(1), row(1, 村="云台村"), row(3, 经度=24.04, 纬度=113.02))
    groups = look(given).groups
    assert [(group.kind, group.rows, group.refuses, dict(group.mends)) for group in groups[:3]] == [
        ("columns", 1, False, {}),
        ("duplicates", 1, True, {"keep_newer": 1}),
        ("swapped", 1, True, {"swap_coordinates": 1}),
    ]
    assert groups[3].kind == "village"


def test_the_kind_may_be_said_for_all_rows_or_left_out_of_a_look() -> None:
    without = table(*(r[:2] + r[3:] for r in (row(1), row(2))), headers=HEADERS[:2] + HEADERS[3:])
    assert [one.code for one in look(without).refused] == ["no_kind"]
    assert look(without, kind="landslide").records[0].kind == "landslide"
    looked = look(without, look_only=True)
    assert (looked.accepted, looked.records, looked.importable) == (2, (), False)


def test_shapes_without_a_crs_are_asked_about() -> None:
    wkb = shapely.to_wkb(shapely.Point(113.02, 24.02))
    given = Table("a.shp", ("编号", "名称", "类型"), (("A", "坡", "滑坡"),), (1,), 0, wkbs=(wkb,))
    asked = look(given)
    assert [one.code for one in asked.refused] == ["no_crs_shp"]
    codes = {name: look(replace(given, source=name)).refused[0].code for name in ("a.gpkg", "A.FGB", "a.geojson")}
    assert codes == {"a.gpkg": "no_crs_gpkg", "A.FGB": "no_crs_fgb", "a.geojson": "no_crs"}
    assert look(given, crs="wgs84").records[0].lon_deg == 113.02
    assert look(given, crs="EPSG:4490").importable
    with pytest.raises(DataError) as caught:
        look(given, crs="EPSG:0")
    assert caught.value.code == "table.crs"


def test_plane_coordinates_are_read_in_the_system_that_is_said() -> None:
    (record,) = look(table(row(1, 经度=500000.0 + 2029.4, 纬度=2658000.0)), crs="EPSG:4547").records
    assert record.lon_deg == pytest.approx(114.02, abs=0.01)


def test_shapes_that_do_not_fit_are_refused_and_crossing_ones_mended() -> None:
    bow = shapely.Polygon([(113.01, 24.01), (113.03, 24.03), (113.03, 24.01), (113.01, 24.03)])
    units = next(one for one in shipped() if one.name == "warning_units")
    shapes = (bow, shapely.Point(113.02, 24.02), shapely.box(113.01, 24.01, 113.02, 24.02), None)
    given = Table(
        "a.gpkg",
        ("编号", "名称"),
        tuple((f"U{n}", f"单元{n}") for n in range(4)),
        (1, 2, 3, 4),
        0,
        wkbs=tuple(b"" if shape is None else shapely.to_wkb(shape) for shape in shapes),
        crs="EPSG:4326",
    )
    quality = look(given, description=units)
    assert [(one.line, one.code) for one in quality.findings if one.kind == "shapes"] == [
        *((1, "crossing"), (2, "wrong_shape"), (4, "no_shape")),
    ]
    assert (quality.accepted, set(quality.refused_lines)) == (1, {1, 2, 4})


COUNT = 300


def scattered(shift: object = None, *, villages: bool = True) -> Table:
    """Points all over the county, each naming the village it lies in."""
    rng = np.random.default_rng(5)
    lon, lat = 113 + 0.2 * rng.random(COUNT), 24 + 0.1 * rng.random(COUNT)
    names = [_small().villages.names[n] for n in _small().villages.at(lon, lat)]
    if callable(shift):
        lon, lat = shift(lon, lat)
    return table(
        *(
            row(n, 经度=float(lon[n]), 纬度=float(lat[n]), 乡镇="", 村=names[n] if villages else "", 名称=f"点{n}")
            for n in range(COUNT)
        )
    )


def _small() -> Surroundings:
    """The county in 200 villages of 1 km, as a real one has them."""
    boxes = [
        shapely.box(113 + 0.01 * x, 24 + 0.01 * y, 113.01 + 0.01 * x, 24.01 + 0.01 * y)
        for x in range(20)
        for y in range(10)
    ]
    names = tuple(f"第{n}村" for n in range(len(boxes)))
    return Surroundings(county=shapely.box(113, 24, 113.2, 24.1), villages=Areas(names, tuple(boxes)))


@pytest.mark.parametrize(
    ("shift", "datum", "meters"), [(wgs84_to_gcj02, Datum.GCJ02, 600), (wgs84_to_bd09, Datum.BD09, 1280)]
)
def test_a_shifted_file_is_suspected_by_its_villages_and_no_row_is_blamed(
    shift: object, datum: Datum, meters: int
) -> None:
    quality = look(scattered(shift), Ground(_small(), TODAY))
    position = quality.position
    assert position is not None
    assert position.suspected is datum
    assert position.shift_m == pytest.approx(meters, rel=0.15)
    assert position.as_read.village_agrees < 0.6 * COUNT
    assert position.converted[datum].village_agrees == COUNT
    assert position.as_read.offset_m == pytest.approx(position.shift_m, abs=60)
    assert position.converted[datum].offset_m < 60
    assert told(quality) == []
    assert [(one.line, one.code, one.mend) for one in quality.refused] == [(0, "shifted", f"convert_{datum.value}")]
    assert not quality.importable


def test_a_shifted_file_that_is_said_to_be_so_is_converted() -> None:
    quality = look(scattered(wgs84_to_gcj02), Ground(_small(), TODAY), crs="gcj02")
    assert (quality.importable, quality.accepted) == (True, COUNT)
    sound = look(scattered(), Ground(_small(), TODAY))
    for one, other in zip(quality.records, sound.records, strict=True):
        assert one.lon_deg == pytest.approx(other.lon_deg, abs=1e-8)
        assert one.lat_deg == pytest.approx(other.lat_deg, abs=1e-8)


def test_what_somebody_says_of_the_datum_is_believed_with_a_warning() -> None:
    quality = look(scattered(wgs84_to_gcj02), Ground(_small(), TODAY), crs="wgs84")
    assert [one.code for one in quality.findings if one.line == 0] == ["shifted_though_said"]
    assert quality.importable


def test_a_sound_file_is_not_suspected_however_few_rows_name_another_village() -> None:
    quality = look(scattered(), Ground(_small(), TODAY))
    assert quality.position is not None
    assert quality.position.suspected is None
    assert quality.importable


def test_a_shifted_file_is_suspected_by_roads_alone() -> None:
    rng = np.random.default_rng(7)
    roads = [shapely.LineString([(113 + 0.02 * n, 24.0), (113 + 0.02 * n + 0.004, 24.1)]) for n in range(11)]
    lat = 24 + 0.1 * rng.random(200)
    lon: FloatArray = 113 + 0.02 * rng.integers(0, 11, 200) + 0.04 * (lat - 24) + rng.normal(0, 0.0002, 200)
    around = Ground(Surroundings(county=shapely.box(112.9, 23.9, 113.3, 24.2), roads=tuple(roads)), TODAY)
    for shift, expected in ((None, None), (wgs84_to_gcj02, Datum.GCJ02)):
        x, y = (lon, lat) if shift is None else shift(lon, lat)
        rows = [row(n, 经度=float(x[n]), 纬度=float(y[n]), 乡镇="", 村="", 名称=f"点{n}") for n in range(200)]
        position = look(table(*rows), around).position
        assert position is not None
        assert position.suspected is expected
        figures = position.as_read if expected is None else position.converted[expected]
        assert figures.way_m < 25
        assert figures.curve[-1] == 1.0
        assert list(figures.curve) == sorted(figures.curve)


def test_points_in_a_river_are_counted() -> None:
    river = shapely.LineString([(113.0, 24.05), (113.2, 24.05)])
    around = ground(waters=(river,))
    rows = [row(n, 经度=113.01 + 0.001 * n, 纬度=24.05 if n < 3 else 24.06) for n in range(8)]
    position = look(table(*rows), around).position
    assert position is not None
    assert position.as_read.in_water == 3


@pytest.mark.parametrize(
    "name",
    [
        "石坑村",
        "石坑",
        "石坑村委会",
        "石坑村民委员会",
        "石坑社区",
        "石坑社区居委会",
        "石坑街道办事处",
        "石坑 镇",
        "石坑行政村",
    ],
)
def test_a_place_is_known_by_its_bare_name(name: str) -> None:
    assert plain_place(name) == "石坑"


def test_points_of_the_shipped_register_have_what_the_checks_look_at() -> None:
    assert {"person", "phone", "thresholds", "inspected_on"} <= {one.key for one in points().fields}
