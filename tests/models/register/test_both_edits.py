"""Two edits of one record: what only one of them touched is kept, what both changed is named."""

from __future__ import annotations

from dataclasses import replace

from models.register.both_edits import with_other_edits
from models.register.record import Record

OPENED = Record(
    "people",
    "P-1",
    "韦青山",
    "duty",
    106.7,
    28.8,
    "石坑镇",
    "上坑村",
    values={"phone": "1", "role": "网格员"},
    others={"备注": "甲"},
)


def test_fields_that_only_one_changed_are_both_kept() -> None:
    mine = replace(OPENED, name="韦青", values={"phone": "1", "mail": "a"}, others={})
    now = replace(OPENED, town="云台镇", lon_deg=106.9, values={"phone": "2", "role": "网格员"})
    merged, both = with_other_edits(OPENED, mine, now)
    assert both == ()
    assert merged == replace(now, name="韦青", values={"phone": "2", "mail": "a"}, others={})


def test_the_same_change_made_twice_is_no_conflict() -> None:
    same = replace(OPENED, name="韦青", values={"phone": "2"})
    assert with_other_edits(OPENED, same, same) == (same, ())


def test_what_both_changed_to_something_else_is_named() -> None:
    mine = replace(OPENED, lat_deg=28.9, values={**OPENED.values, "phone": "2"})
    now = replace(OPENED, lon_deg=106.8, values={"role": "网格员"})
    assert with_other_edits(OPENED, mine, now)[1] == ("place", "phone")


def test_an_edit_that_changed_nothing_leaves_what_stands_there() -> None:
    now = replace(OPENED, name="别人", values={})
    assert with_other_edits(OPENED, OPENED, now) == (now, ())
