"""Columns become fields by name, as remembered, or by hand; what no field is called for is kept."""

from __future__ import annotations

import pytest

from models.register.mapping import LEFT_OUT, How, map_columns, plain_word, threshold_of_key
from tests.models.register.given import HEADERS, points, row, table


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
