"""Each mend on a row that has it: the row passes then, the others stay as they were."""

from __future__ import annotations

from datetime import date

import pytest
import shapely

from models.register import mends
from models.register.description import shipped
from models.register.finding import mend_title
from models.register.quality import Quality
from models.register.table import Table
from tests.models.register.given import HEADERS, ground, look, row, table, told

RAIN = tuple(f"{color}_1h" for color in "蓝黄橙红")


def mended(quality: Quality, mend: str) -> Table:
    done = mends.apply(mend, quality)
    assert done.rows == 1
    return done.table


def test_the_newer_of_doubles_stays() -> None:
    headers = (*HEADERS, "最近巡查")
    quality = look(table([*row(1), date(2026, 5, 3)], row(2), [*row(1), date(2026, 6, 1)], headers=headers))
    left = look(mended(quality, "keep_newer"))
    assert (left.table.lines, left.importable) == ((3, 4), True)


@pytest.mark.parametrize(
    ("x", "y", "mend"),
    [
        (24.02, 113.02, "swap_coordinates"),
        (-113.02, 24.02, "flip_sign"),
        ("113°01′12″", 24.02, "decimal_degrees"),
        (113.02, 240.2, "decimal_point"),
    ],
)
def test_coordinates_become_what_they_were_meant_to_be(x: object, y: object, mend: str) -> None:
    quality = look(table(row(1), row(2, 经度=x, 纬度=y)))  # type: ignore[arg-type]
    after = look(mended(quality, mend))
    assert after.importable
    assert (after.records[1].lon_deg, after.records[1].lat_deg) == (113.02, 24.02)
    assert after.records[0] == look(table(row(1))).records[0]


def test_town_and_village_are_taken_from_the_position() -> None:
    quality = look(table(row(1), row(2, 村="云台村", 乡镇="桥头乡")))
    towns = look(mended(quality, "town_from_position"))
    done = look(mended(towns, "village_from_position"))
    assert (done.records[1].town, done.records[1].village, told(done)) == ("石坑镇", "石坑村", [])


def test_a_missing_threshold_becomes_the_usual_one_and_is_marked_as_such() -> None:
    rows = [[*row(n), 20, 30, 40, 50] for n in range(1, 9)]
    quality = look(table(*rows, [*row(9), 20, 30, None, 50], headers=HEADERS + RAIN))
    done = look(mended(quality, "usual_threshold"))
    limits = done.records[8].values["thresholds"]
    assert limits == [
        {"window_h": 1, "level": "blue", "rain_mm": 20.0, "design": False},
        {"window_h": 1, "level": "yellow", "rain_mm": 30.0, "design": False},
        {"window_h": 1, "level": "orange", "rain_mm": 40.0, "design": True},
        {"window_h": 1, "level": "red", "rain_mm": 50.0, "design": False},
    ]
    assert told(done) == []
    assert done.records[0].others == {}


def test_two_levels_change_places() -> None:
    done = look(mended(look(table([*row(1), 30, 20, 40, 50], headers=HEADERS + RAIN)), "swap_levels"))
    limits = done.records[0].values["thresholds"]
    assert isinstance(limits, list)
    assert [one["rain_mm"] for one in limits if isinstance(one, dict)] == [20, 30, 40, 50]


def test_numbers_come_from_the_people_list_or_from_their_letters() -> None:
    rows = [row(n) for n in range(1, 9)]
    on = ground(numbers={("张9", "石坑村"): "000-0000-0099"})
    listed = look(mended(look(table(*rows, row(9, 电话=112)), on), "number_from_people"), on)
    assert listed.records[8].values["phone"] == "000-0000-0099"
    letters = look(mended(look(table(*rows, row(9, 电话="000-0000-O009"))), "letters_to_digits"))
    assert letters.records[8].values["phone"] == "000-0000-0009"


def test_a_crossing_area_is_untangled_in_a_vector_file_and_as_text() -> None:
    units = next(one for one in shipped() if one.name == "warning_units")
    bow = shapely.Polygon([(113.01, 24.01), (113.03, 24.03), (113.03, 24.01), (113.01, 24.03)])
    of_vector = Table(
        "a.gpkg", ("编号", "名称"), (("U", "单元"),), (1,), 0, wkbs=(shapely.to_wkb(bow),), crs="EPSG:4326"
    )
    as_text = Table("a.csv", ("编号", "名称", "WKT"), (("U", "单元", bow.wkt),), (2,))
    for given in (of_vector, as_text):
        done = look(mended(look(given, description=units), "make_valid"), description=units)
        shape = shapely.from_wkb(done.records[0].wkb)
        assert done.importable
        assert shape.is_valid
        assert shape.area == pytest.approx(0.0002)


def test_the_whole_file_is_converted_by_saying_what_it_rests_on() -> None:
    done = mends.apply("convert_gcj02", look(table(row(1))))
    assert (done.rows, done.crs) == (0, "")  # nothing suspected, nothing done


def test_mends_are_asked_for_by_name_by_kind_or_all_and_come_in_their_order() -> None:
    assert mends.in_order(["phones", "swapped"]) == ("swap_coordinates", "number_from_people", "letters_to_digits")
    assert mends.in_order(["swap_levels"]) == ("swap_levels",)
    assert mends.in_order(["all"]) == mends.names()
    assert mends.in_order(["nonsense"]) == ()


@pytest.mark.parametrize("mend", mends.names())
def test_every_mend_has_its_words(mend: str) -> None:
    assert mend_title(mend, "zh") != mend_title(mend, "en")


def test_rows_that_are_left_out_are_not_mended() -> None:
    given = table(row(1), row(2, 经度=24.02, 纬度=113.02))
    assert mends.apply("swap_coordinates", look(given, left_out=frozenset({3}))).rows == 0
