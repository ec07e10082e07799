"""Rows of a register: cells, order, filters; arrays against what a plain loop says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from models.register.description import FieldType, GeometryType, shipped
from models.register.record import Record
from models.register.row_filter import Asked, Condition, condition
from models.register.rows import Rows, RowState, ems
from models.register.table_columns import columns_of
from tests.counting import calls
from tests.models.register.table_records import TODAY, UNITS, days_ago, units

NAMES = {"shelters": {"S1": "石坑小学操场", "S2": "文化室"}}


def rows(**facts: object) -> Rows:
    return Rows(UNITS, units(), today=TODAY, names=NAMES, **facts)  # type: ignore[arg-type]


def ids(made: Rows, sort: str = "", *, descending: bool = False, typed: Mapping[str, str] | None = None) -> list[str]:
    filters = {group: condition(text) for group, text in (typed or {}).items()}
    return [made.records[row].id for row in made.shown(sort, descending=descending, filters=filters)]


def said(made: Rows, row: int) -> dict[str, str]:
    return {column.key: made.text(row, column) for column in made.columns}


def test_columns_follow_the_fields_of_the_table_and_each_window_has_one() -> None:
    keys = [column.key for column in rows().columns]
    assert keys == [
        *("name", "kind", "town", "village", "thresholds:1", "thresholds:3", "people", "seen_on", "phone"),
        *("rating", "focus", "shelter", "state"),
    ]
    assert "from_on" not in keys


def test_what_a_register_wants_first_stands_behind_the_name() -> None:
    wanted = replace(UNITS, first=("phone", "people"))
    assert [one.key for one in columns_of(wanted)][:4] == ["name", "phone", "people", "kind"]
    shipped_first = {one.name: one.first for one in shipped() if one.first}
    assert shipped_first == {"people": ("role", "phone"), "key_units": ("inspected_on",)}


def test_people_without_places_have_no_column_of_a_town() -> None:
    placeless = replace(UNITS, geometry=GeometryType.NONE, kinds=())
    assert [one.key for one in columns_of(placeless)][:2] == ["name", "people"]


def test_cells_say_what_the_record_holds() -> None:
    made = rows(levels={"U1": "orange"}, words={"orange": "橙"})
    assert said(made, 0) == {
        "name": "石坑矿",
        "kind": "矿山",
        "town": "石坑镇",
        "village": "石坑村",
        "thresholds:1": "35",
        "thresholds:3": "45",
        "people": "318",
        "seen_on": "2026-04-17",
        "phone": "000-0000-0131",
        "rating": "差",
        "focus": "✓",
        "shelter": "石坑小学操场、文化室",
        "state": "橙 overdue",
    }
    assert said(made, 1)["shelter"] == "S9"  # a link that leads nowhere shows where it should
    assert set(said(made, 2).values()) == {"云台矿", "矿山", "云台镇", "not judged", ""}


def test_states_say_level_period_days_and_position() -> None:
    assert rows(levels={"U1": "red"}).state(2) == RowState("not_judged")  # nobody judged it: never fine
    made = rows()
    assert made.state(0) == RowState(overdue_days=51)
    assert made.state(1) == RowState(no_place=True)
    assert made.state(2) == RowState()
    assert made.state(3) == RowState(inactive=True, overdue_days=1)
    assert made.state(4) == RowState()


def test_a_date_is_overdue_after_its_days_and_not_on_the_last_of_them() -> None:
    made = rows()
    column = made.column("seen_on")
    assert column is not None
    assert [made.overdue_days(row, column) for row in range(5)] == [51, 0, 0, 1, 0]
    assert made.overdue(column).tolist() == [51, 0, 0, 1, 0]
    assert [made.age_days(row, column) for row in range(5)] == [61, 10, None, 11, 0]


@pytest.mark.parametrize(
    ("key", "rising", "falling"),
    [
        ("people", ["U2", "U5", "U4", "U1", "U3"], ["U1", "U4", "U2", "U5", "U3"]),
        ("seen_on", ["U1", "U4", "U2", "U5", "U3"], ["U5", "U2", "U4", "U1", "U3"]),
        ("thresholds:1", ["U1", "U4", "U2", "U3", "U5"], ["U4", "U1", "U2", "U3", "U5"]),
        ("town", ["U2", "U5", "U1", "U4", "U3"], ["U3", "U1", "U4", "U5", "U2"]),
        ("village", ["U2", "U4", "U5", "U1", "U3"], ["U1", "U5", "U4", "U2", "U3"]),
        ("focus", ["U2", "U1", "U3", "U4", "U5"], ["U1", "U2", "U3", "U4", "U5"]),
        ("state", ["U5", "U4", "U2", "U3", "U1"], ["U1", "U3", "U2", "U4", "U5"]),
    ],
)
def test_empty_cells_stand_last_either_way_and_equal_ones_as_they_came(
    key: str, rising: list[str], falling: list[str]
) -> None:
    made = rows(levels={"U1": "red", "U2": "none", "U4": "none", "U5": "none"})
    assert ids(made, key) == rising
    assert ids(made, key, descending=True) == falling


def test_chinese_names_stand_in_the_order_of_their_sound() -> None:
    records = [Record("units", name, name) for name in ("竹溪", "阿坝", "石坑", "白水", "茶坪", "龙潭")]
    made = Rows(UNITS, records, today=TODAY)
    assert ids(made, "name") == ["阿坝", "白水", "茶坪", "龙潭", "石坑", "竹溪"]


@pytest.mark.parametrize(
    ("group", "typed", "passes"),
    [
        ("name", "石坑", ["U1", "U4"]),
        ("name", "u3", ["U3"]),
        ("town", "石坑 云台", ["U1", "U3", "U4"]),
        ("town", "石坑、白水镇", ["U1", "U2", "U4"]),
        ("kind", "学校", ["U2", "U4"]),
        ("people", ">= 95", ["U1", "U2", "U4", "U5"]),
        ("people", "> 95 人", ["U1", "U4"]),
        ("people", "≤ 95", ["U2", "U5"]),
        ("people", "< 95", []),
        ("people", "= 246", ["U4"]),
        ("people", "90..300", ["U2", "U4", "U5"]),
        ("people", "24", ["U4"]),
        ("people", "空", ["U3"]),
        ("people", "*", ["U1", "U2", "U4", "U5"]),
        ("thresholds", ">= 45", ["U1", "U4"]),
        ("thresholds", ">= 46", ["U4"]),
        ("seen_on", "overdue", ["U1", "U4"]),
        ("seen_on", "逾期", ["U1", "U4"]),
        ("seen_on", ">= 11 天", ["U1", "U4"]),
        ("seen_on", ">= 2026-06", ["U2", "U4", "U5"]),
        ("seen_on", "< 2026-06", ["U1"]),
        ("seen_on", "= 2026-04-17", ["U1"]),
        ("seen_on", "> 2026-06-06", ["U2", "U5"]),
        ("seen_on", ">= 2026-13", []),
        ("state", "overdue", ["U1", "U4"]),
        ("state", "inactive", ["U4"]),
        ("state", "position", ["U2"]),
        ("phone", "0000-0131", ["U1"]),
        ("phone", "00000131", ["U1"]),
        ("phone", "empty", ["U3", "U4", "U5"]),
        ("focus", "✓", ["U1"]),
        ("shelter", "文化", ["U1"]),
        ("town", ">= 3", []),
        ("no_such_column", "x", ["U1", "U2", "U3", "U4", "U5"]),
    ],
)
def test_filters_pass_what_they_say(group: str, typed: str, passes: list[str]) -> None:
    assert ids(rows(), typed={group: typed}) == passes


def test_all_filters_must_pass_and_an_empty_one_asks_for_nothing() -> None:
    assert ids(rows(), typed={"town": "石坑", "kind": "学校", "people": " "}) == ["U4"]
    assert condition("  ") is None


def test_a_filter_is_read_as_what_it_says() -> None:
    assert condition("Overdue") == Condition(Asked.OVERDUE)
    assert condition("石坑, 白水") == Condition(Asked.WORDS, ("石坑", "白水"))
    read = condition("3至7")
    assert read is not None
    assert (read.asked, read.least, read.most) == (Asked.RANGE, 3.0, 7.0)


def test_widths_are_those_of_nine_cells_in_ten() -> None:
    made = rows()
    assert made.widths["village"] == 3.0
    assert made.widths["people"] == pytest.approx(2.0)  # its head is wider than its figures
    assert ems("石坑 3") == pytest.approx(2 + 2 * 0.56)


def many(count: int) -> tuple[Record, ...]:
    chance = np.random.default_rng(7)
    towns = ("石坑镇", "白水镇", "云台镇", "")
    return tuple(
        Record(
            *("units", f"U{n:05d}", f"点{n % 977}", "mine", 106.0, 28.0, towns[n % 4]),
            values={"people": int(people), "seen_on": days_ago(int(age))} if people else {},
        )
        for n, (people, age) in enumerate(
            zip(chance.integers(0, 400, count), chance.integers(0, 30, count), strict=True)
        )
    )


@pytest.mark.parametrize("descending", [False, True])
def test_arrays_say_the_same_as_a_plain_loop(*, descending: bool) -> None:
    records = many(2_000)
    made = Rows(UNITS, records, today=TODAY)
    people = {one.id: int(str(one.values.get("people", 0))) for one in records}
    wanted = [one for one in records if one.town == "石坑镇" and people[one.id] >= 100]
    typed = {"town": "石坑", "people": ">= 100"}
    wanted.sort(key=lambda one: -people[one.id] if descending else people[one.id])
    assert ids(made, "people", descending=descending, typed=typed) == [one.id for one in wanted]


def test_fifty_thousand_rows_are_sorted_and_filtered_with_the_work_of_fifty() -> None:
    wish = {"town": condition("石坑 白水"), "people": condition(">= 9")}
    tables, spent = [Rows(UNITS, many(count), today=TODAY) for count in (50, 50_000)], []
    for made in tables:
        for column in made.columns:
            if column.type is not FieldType.THRESHOLDS:
                made.ranks(column)
        spent.append(calls(partial(made.shown, "people", descending=True, filters=wish)))
    assert spent[1] <= 1.2 * spent[0]
    made = tables[1]
    order = made.shown("people", descending=True, filters=wish)
    people = made.column("people")
    assert people is not None
    figures = made.figures(people)
    assert len(order) > 20_000
    assert (np.diff(figures[order]) <= 0).all()
