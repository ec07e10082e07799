"""Each check on a few rows: what is wrong is found, what is sound is not accused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from models.register import mends
from models.register.table import Cell
from tests.models.register.given import HEADERS, TODAY, ground, look, only, row, table, told

RAIN = tuple(f"{color}_{hours}h" for hours in (1, 3) for color in "蓝黄橙红")


def with_rain(number: int, *mm: Cell, **cells: Cell) -> list[Cell]:
    return [*row(number, **cells), *mm]


def sound_rain(count: int = 9) -> list[list[Cell]]:
    return [with_rain(n, 20, 30, 40, 50, 40, 50, 60, 70) for n in range(1, count + 1)]


def test_sound_rows_are_not_accused() -> None:
    quality = look(table(*sound_rain(), headers=HEADERS + RAIN))
    assert told(quality) == []
    assert (quality.accepted, quality.importable, quality.not_judged) == (9, True, ())


def test_a_doubled_id_is_found_at_the_later_line_or_at_the_older_date() -> None:
    twice = look(table(row(1), row(2), row(1)))
    assert told(twice, "duplicates") == [(4, "id", "doubled")]
    assert only(twice, "doubled").gives == "2 > 4"
    headers = (*HEADERS, "最近巡查")
    dated = look(table([*row(1), date(2026, 5, 3)], [*row(1), date(2026, 6, 1)], headers=headers))
    assert told(dated, "duplicates") == [(2, "id", "doubled_newer")]
    thrice = look(table(row(1), row(1), row(1)))
    assert [line for line, _, _ in told(thrice, "duplicates")] == [3, 4]


def test_one_name_within_20_m_is_a_double_and_further_away_is_none() -> None:
    near = row(2, 名称="1号坡", 经度=113.02508, 纬度=row(1)[4])
    assert told(look(table(row(1), near)), "duplicates") == [(3, "name", "same_name_near")]
    far = row(2, 名称="1号坡", 经度=113.0254, 纬度=row(1)[4])
    assert told(look(table(row(1), far))) == []


def test_a_new_id_for_what_the_register_has_warns_and_names_the_old_one() -> None:
    standing = {"hazard_points": {"1号坡": (("SH-1", 113.02508, 24.018),), "2号坡": (("P2", 113.025, 24.027),)}}
    known = replace(ground(), standing=standing)
    found = only(look(table(row(1), row(2)), known), "known_twin")
    assert (found.line, found.gives, found.refuses) == (2, "SH-1", False)
    done = mends.apply("id_of_register", look(table(row(1), row(2)), known))
    assert [record.id for record in look(done.table, known).records] == ["SH-1", "P2"]
    assert told(look(table(row(1, 经度=113.026), row(2)), known)) == []
    assert told(look(table(row(1), row(2, 编号="SH-1", 名称="别的坡")), known), "known_twins") == []


def test_swapped_coordinates_are_found_and_turned() -> None:
    found = only(look(table(row(1, 经度=24.02, 纬度=113.02))), "swapped")
    assert (found.line, found.gives, found.mend, found.refuses) == (2, "113.02, 24.02", "swap_coordinates", True)


@pytest.mark.parametrize(
    ("x", "y", "code", "gives"),
    [
        (-113.02, 24.02, "sign", "113.02, 24.02"),
        ("113°01′30″E", "24°01'12\"", "degrees_text", "113.025"),
        ("东经113度1分30秒", 24.02, "degrees_text", "113.025"),
        (1130130, 240112, "packed_degrees", "113.025, 24.02"),
        (11302, 2401, "packed_degrees", "113.0333333, 24.0166667"),
        (1130200, 24.02, "point_lost", "113.02, 24.02"),
        (113.02, 240.2, "point_lost", "113.02, 24.02"),
    ],
)
def test_what_coordinates_were_meant_to_be_is_said(x: Cell, y: Cell, code: str, gives: str) -> None:
    quality = look(table(row(1, 经度=x, 纬度=y)))
    found = next(one for one in quality.findings if one.code == code)
    assert found.gives == gives
    assert found.refuses


@pytest.mark.parametrize(
    ("x", "y", "field", "code"),
    [
        ("x", 24.0, "lon", "number"),
        (None, 24.0, "lon", "empty"),
        (113.0, 91, "lat", "range"),
        (181, 24.0, "lon", "range"),
        (38512345, 2667890, "lon", "projected"),
        ("113.0e999", 24.0, "lon", "number"),
    ],
)
def test_coordinates_that_cannot_be_are_refused(x: Cell, y: Cell, field: str, code: str) -> None:
    assert told(look(table(row(1, 经度=x, 纬度=y)))) == [(2, field, code)]


def test_outside_is_told_with_its_distance_and_warns() -> None:
    quality = look(table(row(1, 经度=113.3, 纬度=24.05, 乡镇="", 村="")))
    assert told(quality) == [(2, "lon", "outside")]
    assert only(quality, "outside").facts["km"] == "10.2"
    assert quality.importable
    assert not look(table(row(1, 经度=113.3, 纬度=24.05, 乡镇="", 村="")), strict=True).importable


def test_a_place_just_beyond_the_border_is_not_accused() -> None:
    assert told(look(table(row(1, 经度=113.2002, 纬度=24.05, 乡镇="", 村="")))) == []


def test_a_village_that_the_place_does_not_lie_in_is_found_and_one_at_its_border_is_not() -> None:
    found = only(look(table(row(1, 村="云台村"))), "other_village")
    assert (found.field, found.gives, found.mend) == ("village", "石坑村", "village_from_position")
    assert found.facts["meters"] == pytest.approx(1995, abs=10)
    assert told(look(table(row(1, 村="云台村", 经度=113.0497)))) == []
    assert told(look(table(row(1, 村="石坑镇石坑村委会", 乡镇="石坑镇人民政府")))) == []
    assert told(look(table(row(1, 村="无名村")))) == [(2, "village", "unknown_village")]


def test_a_town_that_the_place_does_not_lie_in_is_found() -> None:
    assert told(look(table(row(1, 乡镇="桥头乡")))) == [(2, "town", "other_town")]


def test_without_outlines_nothing_is_judged_and_that_is_said() -> None:
    from models.register.checks.ground import Ground  # noqa: PLC0415

    quality = look(table(row(1, 经度=10.0, 村="无名村")), Ground(today=TODAY))
    assert told(quality) == []
    assert quality.not_judged == ("no_county", "no_villages")


def test_a_threshold_that_nearly_all_others_have_is_missed() -> None:
    rows = [*sound_rain(), with_rain(10, 20, 30, None, 50, 40, 50, 60, 70)]
    quality = look(table(*rows, headers=HEADERS + RAIN))
    found = only(quality, "threshold_missing")
    assert (found.line, found.field, found.gives, found.refuses) == (11, "orange_1h", "40", False)
    assert quality.importable


def test_a_kind_that_has_no_such_threshold_is_not_accused() -> None:
    others = [with_rain(n, 20, 30, 40, 50, None, None, None, None, 类型="崩塌") for n in range(20, 29)]
    assert told(look(table(*sound_rain(), *others, headers=HEADERS + RAIN))) == []


def test_a_row_without_any_threshold_is_never_judged_and_says_so() -> None:
    quality = look(table(*sound_rain(), with_rain(10, *[None] * 8), headers=HEADERS + RAIN))
    assert told(quality) == [(11, "", "no_thresholds")]


@pytest.mark.parametrize(
    ("mm", "fields", "gives"),
    [
        ((30, 20, 40, 50), ["yellow_1h"], "20 / 30 / 40 / 50"),
        ((20, 20, 40, 50), ["yellow_1h"], ""),
        ((50, 30, 40, 20), ["yellow_1h", "orange_1h", "red_1h"], "20 / 30 / 40 / 50"),
        ((30, None, 20, 50), ["orange_1h"], "20 / — / 30 / 50"),
        ((40, 30, 20, 10), ["yellow_1h", "orange_1h", "red_1h"], ""),
    ],
)
def test_levels_that_do_not_rise_are_refused(mm: tuple[Cell, ...], fields: list[str], gives: str) -> None:
    quality = look(table(with_rain(1, *mm), headers=HEADERS + RAIN[:4]))
    found = [one for one in quality.findings if one.code == "not_rising"]
    assert [one.field for one in found] == fields
    assert {one.gives for one in found} == {gives}
    assert not quality.importable


def test_a_short_window_that_asks_for_more_than_a_long_one_warns() -> None:
    quality = look(table(with_rain(1, 20, 30, 40, 90, 40, 50, 60, 70), headers=HEADERS + RAIN))
    assert told(quality) == [(2, "red_1h", "shorter_higher")]
    assert quality.importable


def test_a_missing_person_is_found_where_nearly_all_rows_have_one() -> None:
    rows = [row(n) for n in range(1, 10)]
    assert told(look(table(*rows, row(10, 责任人=None)))) == [(11, "person", "no_person_but_phone")]
    assert told(look(table(*rows, row(10, 责任人=None, 电话=None)))) == [(11, "person", "no_person")]
    assert told(look(table(*rows, row(10, 电话=None)))) == [(11, "phone", "no_phone")]
    assert told(look(table(row(1), row(2, 责任人=None, 电话=None)))) == []


def test_a_number_of_two_people_is_found_at_the_one_the_people_list_does_not_know() -> None:
    rows = [row(1), row(2, 电话="000-0000-0001")]
    assert told(look(table(*rows)), "person_doubled") == [(3, "person", "number_of_two")]
    listed = ground(numbers={("张2", "石坑村"): "000-0000-0001"})
    assert told(look(table(*rows), listed), "person_doubled") == [(2, "person", "number_of_two")]


def test_a_person_with_two_numbers_in_one_village_is_found_and_a_namesake_elsewhere_is_not() -> None:
    rows = [row(1), row(2, 责任人="张1")]
    assert told(look(table(*rows)), "person_doubled") == [(3, "phone", "two_numbers")]
    elsewhere = row(2, 责任人="张1", 村="云台村", 经度=113.07)
    assert told(look(table(row(1), elsewhere)), "person_doubled") == []


@pytest.mark.parametrize(
    ("number", "code", "gives"),
    [
        ("000-0000-O010", "phone_letter", "000-0000-0010"),
        ("1.38E+10", "mangled_phone", ""),
        ("同上", "phone_words", ""),
        ("000-0000-010", "phone_short", ""),
        (112, "phone_zeros_lost", ""),
        ("000-0000-00100", "phone_long", ""),
    ],
)
def test_numbers_that_nobody_can_dial_are_found(number: Cell, code: str, gives: str) -> None:
    rows = [row(n) for n in range(1, 10)]
    found = only(look(table(*rows, row(10, 电话=number))), code)
    assert (found.line, found.field, found.gives) == (11, "phone", gives)
    listed = only(look(table(*rows, row(10, 电话=number)), ground(numbers={("张10", ""): "000-0000-0010"})), code)
    assert (listed.gives, listed.mend) == ("000-0000-0010", "number_from_people")


def test_a_letter_that_may_stand_for_any_digit_is_not_turned_into_one() -> None:
    rows = [row(n) for n in range(1, 10)]
    assert only(look(table(*rows, row(10, 电话="000-0000-B010"))), "phone_words").mend == ""


@pytest.mark.parametrize(
    "number",
    ["13800138000", "0763-3366123", "(0763)3366123", "+86 138 0013 8000", "13800138000、13900139000", 13800138000],
)
def test_numbers_that_can_be_dialed_are_not_accused(number: Cell) -> None:
    rows = [row(n) for n in range(1, 10)]
    assert told(look(table(*rows, row(10, 电话=number)))) == []


def test_dates_of_what_was_done_do_not_lie_in_the_future() -> None:
    headers = (*HEADERS, "最近巡查")
    quality = look(table([*row(1), date(2026, 6, 19)], [*row(2), TODAY], headers=headers))
    assert told(quality) == [(2, "inspected_on", "future")]


@pytest.mark.parametrize(
    ("header", "cell", "code"),
    [
        ("受威胁人数", -12, "range"),
        ("受威胁人数", "99999999", "range"),
        ("受威胁人数", "很多", "number"),
        ("受威胁人数", 4.5, "no_whole_number"),
        ("最近巡查", "去年", "date"),
        ("最近巡查", "2026-13-01", "date"),
        ("重点", "也许", "yes_no"),
        ("蓝_1h", 2001, "range"),
        ("蓝_1h", "abc", "number"),
        ("受威胁人数", "#REF!", "formula_error"),
    ],
)
def test_values_that_do_not_fit_their_field_are_refused(header: str, cell: Cell, code: str) -> None:
    quality = look(table([*row(1), cell], headers=(*HEADERS, header)))
    assert code in {one.code for one in quality.refused}
    assert quality.records == ()


def test_an_unknown_kind_is_refused_with_the_kinds_there_are() -> None:
    found = only(look(table(row(1, 类型="地震"))), "choice")
    assert "滑坡" in found.reason("zh")
    assert "Landslide" in found.reason("en")


@pytest.mark.parametrize(
    ("header", "cell", "key", "value"),
    [
        ("受威胁户数", "43户", "households", 43),
        ("受威胁人数", "1,260", "people_at_risk", 1260),
        ("受威胁人数", "无", "people_at_risk", None),
        ("最近巡查", 46185, "inspected_on", "2026-06-12"),
        ("最近巡查", "2026年6月2日", "inspected_on", "2026-06-02"),
        ("最近巡查", "2026/6/2 8:30", "inspected_on", "2026-06-02"),
        ("最近巡查", "20260602", "inspected_on", "2026-06-02"),
        ("重点", "√", "focus", True),
        ("预警单位", "A-1；A-2", "warn_unit", ["A-1", "A-2"]),
    ],
)
def test_values_are_read_as_their_owner_means_them(header: str, cell: Cell, key: str, value: object) -> None:
    (record,) = look(table([*row(1), cell], headers=(*HEADERS, header))).records
    assert record.values.get(key) == value


def test_text_that_looks_like_a_formula_is_kept_as_text_and_said() -> None:
    quality = look(table(row(1, 名称="=HYPERLINK(1)")))
    assert told(quality) == [(2, "name", "formula")]
    assert quality.records[0].name == "=HYPERLINK(1)"


def test_links_to_nothing_warn_and_names_become_ids() -> None:
    from models.register.checks.ground import Ground  # noqa: PLC0415

    known = Ground(ground().surroundings, TODAY, ids={"shelters": {"BX-1": "BX-1", "石坑小学": "BX-1"}})
    headers = (*HEADERS, "避险点")
    quality = look(table([*row(1), "石坑小学"], [*row(2), "无此校"], headers=headers), known)
    assert told(quality) == [(3, "shelter", "unknown_link")]
    assert [record.values["shelter"] for record in quality.records] == ["BX-1", "无此校"]


def test_a_cell_beyond_the_header_refuses_its_row() -> None:
    assert told(look(table([*row(1), "mehr"]))) == [(2, "", "too_many")]


@pytest.mark.parametrize("other", ["b1", "Ｂ１", "B1\u200b", "\ufeffB1"])
def test_ids_that_look_the_same_are_one_id(other: str) -> None:
    found = told(look(table(row(1, 编号="B1"), row(2, 编号=other))), "duplicates")
    assert found == [(3, "id", "doubled")]


def test_control_characters_in_an_id_or_a_name_refuse_the_row() -> None:
    quality = look(table(row(1, 编号="B\x001"), row(2, 名称="坡\x1b[2J"), row(3, 名称="坡\n上")))
    assert told(quality, "control") == [(2, "id", "control"), (3, "name", "control"), (4, "name", "unseen_cut")]
    assert quality.accepted == 1
    for finding in quality.findings:
        assert "\x1b" not in finding.reason("zh") + finding.in_file


@pytest.mark.parametrize(
    ("cells", "code", "refuses"),
    [
        ({"名称": "别的坡", "经度": 113.035}, "other_thing", True),
        ({"名称": "别的坡"}, "other_name", False),
        ({"经度": 113.045}, "other_place", False),
        ({"名称": "１ 号坡"}, "", False),
        ({"经度": 113.0252}, "", False),
        ({"经度": 24.018, "纬度": 113.025}, "", False),
    ],
)
def test_an_id_that_the_register_has_for_something_else_is_named(
    cells: dict[str, Cell], code: str, refuses: bool
) -> None:
    known = replace(ground(), known={"hazard_points": {"P1": ("1号坡", 113.025, 24.018)}})
    quality = look(table(row(1, **cells), row(2)), known)
    assert told(quality, "known_ids") == ([(2, "id", code)] if code else [])
    assert [one.refuses for one in quality.findings if one.kind == "known_ids"] == ([refuses] if code else [])


@pytest.mark.parametrize(
    ("cells", "told_of"),
    [
        ({"经度": 24.018, "纬度": 113.025}, ("swapped", "swapped")),
        ({"经度": 24.018, "纬度": 113.025, "名称": "别的坡"}, ("swapped", "swapped")),
        ({"经度": 113.025, "纬度": 24.2}, ("outside", "outside")),
        ({"经度": 113.19, "纬度": 24.018}, ("known_ids", "other_place")),
    ],
)
def test_a_wrong_place_is_named_once(cells: dict[str, Cell], told_of: tuple[str, str]) -> None:
    known = replace(ground(), known={"hazard_points": {"P1": ("1号坡", 113.025, 24.018)}})
    quality = look(table(row(1, **cells), row(2)), known)
    kinds = {"swapped", "coordinates", "outside", "known_ids"}
    of_place = [(one.kind, one.code) for one in quality.findings if one.kind in kinds and one.code != "other_name"]
    assert of_place == [told_of]


def test_a_formulas_error_is_accused_once_in_whatever_column_it_stands() -> None:
    rows = [
        with_rain(1, "#REF!", "#N/A", "#DIV/0!", 50, 40, 50, 60, 70),
        with_rain(2, "#? =1+44", 30, 40, 50, 40, 50, 60, 70),
        with_rain(3, 20, 30, 40, 50, 40, 50, 60, 70, 经度="#N/A", 类型="#VALUE!"),
        with_rain(4, "nan", "NaN", "-", 50, 40, 50, 60, 70),
        *sound_rain(12)[4:],
    ]
    quality = look(table(*rows, headers=HEADERS + RAIN))
    assert told(quality, "formulas") == [
        (2, "blue_1h", "formula_error"), (2, "yellow_1h", "formula_error"), (2, "orange_1h", "formula_error"),
        (3, "blue_1h", "formula_not_computed"), (4, "lon", "formula_error"), (4, "kind", "formula_error"),
    ]  # fmt: skip
    assert sorted(told(quality, "values")) == [(5, "blue_1h", "number"), (5, "yellow_1h", "number")]
    assert {one.line for one in quality.refused} == {2, 3, 4, 5}
    assert [field for line, field, _ in told(quality) if line == 4] == ["lon", "kind"]
    first = next(one for one in quality.findings if one.field == "yellow_1h")
    assert first.reason() == "Is the error #N/A of a formula."


def test_a_number_of_too_few_or_too_many_digits_is_told_in_the_smallest_file() -> None:
    told_of = {
        text: told(look(table(row(1, 电话=text))), "phones")
        for text in ("1", "1" * 200, "119", "12345", "000-0000-0001")
    }
    assert told_of == {
        "1": [(2, "phone", "phone_length")], "1" * 200: [(2, "phone", "phone_length")],
        "119": [], "12345": [], "000-0000-0001": [],
    }  # fmt: skip
    found = only(look(table(row(1, 电话="1" * 200))), "phone_length")
    assert (found.reason(), found.refuses) == ("200 digits; a number has 5 to 15.", False)


def test_a_number_that_a_program_gave_a_decimal_is_kept_without_it_and_said() -> None:
    rows = [row(n, 电话=f"{13800138000 + n}.0") for n in range(1, 10)]
    quality = look(table(*rows, row(10, 电话="1380013800.0")))
    assert told(quality, "phones")[0] == (2, "phone", "phone_decimal")
    assert told(quality, "phones")[-1] == (11, "phone", "phone_zeros_lost")
    assert [record.values["phone"] for record in quality.records[:2]] == ["13800138001", "13800138002"]
    assert only(look(table(row(1, 电话="13800138000.0"))), "phone_decimal").reason() == (
        'Has ".0" behind it; taken as 13800138000.'
    )
