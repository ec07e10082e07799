"""Columns become fields by name, as remembered, or by hand; what no field is called for is kept."""

from __future__ import annotations

import pytest

from models.register import mends
from models.register.description import shipped
from models.register.mapping import AS_IT_IS, LEFT_OUT, How, column_words, map_columns, plain_word, threshold_of_key
from models.register.quality import judge
from tests.models.register.given import HEADERS, ground, points, row, table


def fields(*headers: str, **how: dict[str, str]) -> dict[str, tuple[str, How]]:
    mapping = map_columns(table(headers=headers), points(), **how)
    return {one.header: (one.field, one.how) for one in mapping.columns}


def test_own_words_and_those_that_files_use_are_known() -> None:
    found = fields("编号", "隐患点名称", "Longitude", "纬度(°)", "受威胁人口", "Warning unit", "最近巡查")
    assert [field for field, _ in found.values()] == [
        *("id", "name", "lon", "lat", "people_at_risk", "warn_unit", "inspected_on"),
    ]
    assert {how for _, how in found.values()} == {How.BY_NAME}


@pytest.mark.parametrize(
    "header",
    [
        *("red_1h", "红_1h", "红 1小时", "红色1小时", "红色预警1小时雨量(mm)", "1h红", "1小时红色阈值", "RED 1 h"),
        *("1小时雨量阈值（红色）", "红色阈值 1小时", "１小时红色"),
    ],
)
def test_thresholds_are_known_however_they_are_spelled(header: str) -> None:
    assert fields(header) == {header: ("red_1h", How.BY_NAME)}


@pytest.mark.parametrize("header", ["1小时雨量", "红色", "红色预警", "0小时红色", "近红1h外", "red_1d"])
def test_what_names_no_level_or_no_window_is_no_threshold(header: str) -> None:
    assert fields(header)[header] == ("", How.KEPT)


def test_windows_and_levels_come_in_order() -> None:
    mapping = map_columns(table(headers=("红_6h", "蓝_1h", "红_1h")), points())
    assert list(mapping.thresholds) == [(1, "blue"), (1, "red"), (6, "red")]
    assert threshold_of_key("red_24h") == (24, "red")
    assert threshold_of_key("red_0h") is None
    assert threshold_of_key("pink_1h") is None


def test_a_hand_goes_before_what_is_remembered_and_that_before_the_name() -> None:
    remembered = {"备注2": "source", "名称": LEFT_OUT, "点": "name"}
    found = fields("名称", "备注2", "点", "填报人", remembered=remembered, by_hand={"填报人": "person"})
    assert found == {
        "名称": ("", How.LEFT_OUT),
        "备注2": ("source", How.REMEMBERED),
        "点": ("name", How.REMEMBERED),
        "填报人": ("person", How.BY_HAND),
    }
    by_hand = fields("名称", "点", remembered={"点": "name"}, by_hand={"名称": "name"})
    assert by_hand == {"名称": ("name", How.BY_HAND), "点": ("", How.KEPT)}


def test_a_name_does_not_claim_a_field_that_was_given_to_another_column() -> None:
    assert fields("编号", "统一编号", by_hand={"统一编号": "id"})["编号"] == ("", How.KEPT)


def test_what_is_remembered_of_a_field_that_is_gone_counts_as_not_said() -> None:
    assert fields("编号", remembered={"编号": "no_such_field"})["编号"] == ("id", How.BY_NAME)


def test_what_is_remembered_reads_the_next_file_alike() -> None:
    mapping = map_columns(table(headers=("编号", "点", "备注")), points(), by_hand={"点": "name", "备注": LEFT_OUT})
    again = map_columns(table(headers=("编号", "点", "备注")), points(), remembered=mapping.as_map())
    assert [(one.field, one.how) for one in again.columns] == [
        ("id", How.REMEMBERED),
        ("name", How.REMEMBERED),
        ("", How.LEFT_OUT),
    ]


def test_row_numbers_are_left_out_and_other_columns_kept() -> None:
    found = fields("序号", "填报人")
    assert found == {"序号": ("", How.LEFT_OUT), "填报人": ("", How.KEPT)}


def test_two_columns_of_one_field_and_missing_ones_are_findings_of_the_header() -> None:
    mapping = map_columns(table(headers=("编号", "id", "经度")), points())
    assert [(one.line, one.field, one.code) for one in mapping.findings] == [
        (1, "id", "same_column"),
        (1, "name", "missing_column"),
        (1, "lat", "missing_column"),
    ]
    assert "编号" in mapping.findings[0].reason("zh")


def test_only_names_that_are_not_the_registers_own_are_guesses() -> None:
    mapping = map_columns(table(row(), headers=(*HEADERS[:1], "点名", *HEADERS[2:])), points())
    assert [one.facts["column"] for one in mapping.guesses] == ["name"]


def test_words_are_compared_in_one_width_without_unit_and_space() -> None:
    assert plain_word(" 受威胁 户数（户）* ") == "受威胁户数"
    assert plain_word("Ｌｏｎ") == "lon"


def test_a_unit_in_the_header_is_taken_and_one_said_by_hand_goes_before_it() -> None:
    shelters = next(one for one in shipped() if one.name == "shelters")
    told = {"海拔(km)": "height_m[m]"}
    for headers, by_hand, factor in (
        (("高程(cm)",), {}, 0.01),
        (("海拔(km)",), told, 1.0),
        (("高程（m/s）",), {}, 1.0),
    ):
        (column,) = map_columns(table(headers=headers), shelters, by_hand=by_hand).columns
        assert (column.field, column.factor) == ("height_m", factor)
    mapping = map_columns(table(headers=("高程(cm)",)), shelters)
    assert mapping.as_map() == {"高程(cm)": "height_m[cm]"}
    assert [one.code for one in mapping.guesses] == ["unit"]


def test_thresholds_in_centimeters_are_kept_in_millimeters_and_mended_in_the_files_own_unit() -> None:
    headers = (*HEADERS, "blue_1h", "red_1h")
    rows = [[*row(n), 3, 5 if n else 2.5] for n in range(8)]
    told = {"blue_1h": "blue_1h[cm]", "red_1h": "red_1h[cm]"}
    mapping = map_columns(table(*rows, headers=headers), points(), by_hand=told)
    quality = judge(table(*rows, headers=headers), mapping, points(), ground())
    assert quality.entries.thresholds_mm[1, "blue"].tolist() == [30.0] * 8
    assert [one.code for one in quality.refused] == ["not_rising"]
    mended = mends.apply("swap_levels", quality)
    assert mended.table.rows[0][-2:] == (2.5, 3)
    assert not judge(mended.table, mapping, points(), ground()).refused


def test_a_column_that_is_kept_by_hand_is_remembered_as_kept() -> None:
    mapping = map_columns(table(headers=("名称", "类型")), points(), by_hand={"类型": AS_IT_IS})
    assert [(one.field, one.how) for one in mapping.columns] == [("name", How.BY_NAME), ("", How.KEPT)]
    again = map_columns(table(headers=("名称", "类型")), points(), remembered=mapping.as_map())
    assert [one.field for one in again.columns] == ["name", ""]


def test_what_stands_against_a_file_is_said_in_the_words_of_its_fields() -> None:
    description = points()
    for finding in map_columns(table(headers=("类型",)), description).findings:
        for language in ("zh", "en"):
            assert finding.field not in {"lon", "lat", "id"} or f'"{finding.field}"' not in finding.reason(language)
    assert map_columns(table(headers=("类型",)), description).findings[0].reason("zh") == "缺列“编号”。"
    assert column_words("blue_1h", description) == ("蓝 1 小时", "Blue 1 h")
    rows = [[*row(n), 30, None if n == 3 else 50] for n in range(8)]
    headers = (*HEADERS, "blue_1h", "red_1h")
    mapping = map_columns(table(*rows, headers=headers), description)
    reasons = [
        one.reason("zh") for one in judge(table(*rows, headers=headers), mapping, description, ground()).findings
    ]
    assert any("红" in one and "蓝" in one for one in reasons)
    assert not any("_1h" in one for one in reasons)
