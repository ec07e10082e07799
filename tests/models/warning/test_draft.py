"""Drafting: towns and levels proposed from what has rained, edits as new values, updates and liftings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from models.errors import DataError, IllegalStepError
from models.hazard.level import Level
from models.hazard.register import HazardPoint, PointKind
from models.rain.windows import RainWindows
from models.warning import draft
from models.warning.area import TownFinder
from models.warning.difference import Part, differences
from models.warning.draft import Draft
from models.warning.lifecycle import Step, advance
from models.warning.observed import by_window, town_rains
from models.warning.signals import signal, signals
from models.warning.warning import MessageType, TownLevel, WarningState
from tests.models.warning.scene import (
    AUTHOR,
    COUNTY,
    FINDER,
    NOW,
    OFFICE,
    REAL,
    TOWNS,
    after,
    alarm,
    first_draft,
    from_alarms,
    issued,
    town_rain,
)


def levels(working: Draft) -> dict[str, Level]:
    return {t.name: t.level for t in working.warning.towns}


@pytest.mark.parametrize(
    ("window_h", "mm", "level"),
    [
        (3, 100.0, Level.RED),
        (3, 99.99, Level.ORANGE),
        (3, 50.0, Level.ORANGE),
        (6, 50.0, Level.YELLOW),
        (12, 50.0, Level.BLUE),
        (12, 49.99, Level.NONE),
        (1, 300.0, Level.NONE),
    ],
)
def test_the_signal_proposes_by_its_own_criteria(window_h: int, mm: float, level: Level) -> None:
    assert signal("rainstorm").proposed({window_h: mm}) is level


def test_observed_rain_raises_a_towns_level_above_its_alarm() -> None:
    working = from_alarms(alarm(Level.BLUE, 0), observed=(town_rain(0, 3, 50.0),))
    assert levels(working) == {"石坑镇": Level.ORANGE}


def test_the_worst_alarm_is_the_least_a_town_is_proposed() -> None:
    working = from_alarms(alarm(Level.RED, 0), alarm(Level.BLUE, 0), observed=(town_rain(0, 3, 10.0),))
    assert levels(working) == {"石坑镇": Level.RED}


def test_towns_stand_with_the_worst_first_and_alarms_are_kept() -> None:
    working = from_alarms(alarm(Level.BLUE, 0), alarm(Level.RED, 2), alarm(Level.BLUE, 1, named=False))
    assert list(levels(working)) == ["老鸦岭镇", "石坑镇", "云台镇"]
    assert working.warning.alarm_ids == ("a-0-blue", "a-2-red", "a-1-blue")
    assert working.warning.chain_id == working.warning.id
    assert (working.warning.state, working.warning.author_id) == (WarningState.DRAFT, AUTHOR.id)
    assert working.warning.valid_hours == signal("rainstorm").at(Level.RED).valid_hours
    assert working.warning.guide == signal("rainstorm").at(Level.RED).guide_zh


def test_a_point_without_a_town_name_is_found_by_where_it_lies() -> None:
    assert list(levels(from_alarms(alarm(Level.BLUE, 3, named=False)))) == ["沙田镇"]


def test_an_office_without_towns_warns_its_county() -> None:
    working = from_alarms(alarm(Level.BLUE, 0), alarm(Level.RED, 3), finder=TownFinder([COUNTY]))
    assert levels(working) == {"青岚县": Level.RED}


def test_alarms_outside_every_town_cannot_be_drafted() -> None:
    lost = replace(alarm(Level.RED, 0), town="", lon_deg=10.0)
    with pytest.raises(DataError, match="石坑沟"):
        from_alarms(lost)


def test_signals_that_are_listed_but_not_ready_say_so() -> None:
    assert [s.id for s in signals() if s.ready] == ["rainstorm"]
    assert len(signals()) > 14
    for kind in signals()[1:]:
        with pytest.raises(DataError) as caught:
            from_alarms(alarm(Level.BLUE, 0), signal_id=kind.id)
        assert caught.value.code == "draft.not_ready"
    with pytest.raises(DataError, match="earthquake"):
        from_alarms(alarm(Level.BLUE, 0), signal_id="earthquake")


def test_an_edit_is_a_new_draft_and_the_old_one_stays() -> None:
    before = first_draft()
    edited = draft.with_town(before, TOWNS[3], Level.YELLOW)
    assert levels(edited) == {"石坑镇": Level.RED, "云台镇": Level.ORANGE, "沙田镇": Level.YELLOW}
    assert "沙田镇" in edited.warning.text
    assert "沙田镇" not in before.warning.text
    assert levels(draft.without_town(edited, TOWNS[3].code)) == levels(before)
    assert draft.without_town(edited, TOWNS[3].code) == before


def test_setting_the_level_of_a_town_changes_text_and_guide() -> None:
    lower = draft.with_town(first_draft(), TOWNS[0], Level.BLUE)
    assert lower.warning.level is Level.ORANGE
    assert lower.warning.guide == signal("rainstorm").at(Level.ORANGE).guide_zh
    assert "红色" not in lower.warning.text


def test_a_text_and_a_guide_of_ones_own_are_left_alone_until_given_up() -> None:
    own = draft.with_guide(draft.with_text(first_draft(), "我写的。"), [" 一 ", "", "二"])
    edited = draft.with_valid_hours(draft.with_town(own, TOWNS[3], Level.RED), 6)
    assert edited.warning.text == "我写的。"
    assert edited.warning.guide == ("一", "二")
    again = draft.with_composed_text(edited)
    assert "沙田镇" in again.warning.text
    assert "6小时" in again.warning.text


def test_newer_rain_is_quoted_by_a_composed_text() -> None:
    newer = draft.with_observed(first_draft(), (town_rain(0, 3, 120.4),))
    assert "石坑镇降雨120.4毫米" in newer.warning.text


def test_what_cannot_be_a_draft_is_refused() -> None:
    working = first_draft()
    for level in (Level.NONE, Level.NOT_JUDGED):
        with pytest.raises(DataError):
            draft.with_town(working, TOWNS[0], level)
    for hours in (0, -1, 49, float("nan")):
        with pytest.raises(DataError):
            draft.with_valid_hours(working, hours)
    with pytest.raises(DataError):
        draft.without_town(draft.without_town(working, TOWNS[0].code), TOWNS[1].code)


def test_a_submitted_warning_is_no_draft_any_more() -> None:
    working = first_draft()
    submitted = replace(working, warning=advance(working.warning, Step.SUBMIT, AUTHOR, NOW, author=AUTHOR)[0])
    edits: tuple[Callable[[Draft], Draft], ...] = (
        lambda d: draft.with_town(d, TOWNS[0], Level.BLUE),
        lambda d: draft.with_text(d, "x"),
        lambda d: draft.with_guide(d, ["x"]),
        lambda d: draft.with_valid_hours(d, 2),
        lambda d: draft.with_observed(d, ()),
    )
    for edit in edits:
        with pytest.raises(IllegalStepError) as caught:
            edit(submitted)
        assert "已提交" in caught.value.sentence("zh")


def test_an_update_continues_raises_or_lowers_every_town() -> None:
    out = issued(first_draft())
    how = {"office": OFFICE, "author": AUTHOR, "at": after(30)}
    same = draft.update_of(out, **how)  # type: ignore[arg-type]
    assert (same.warning.message_type, same.warning.previous_id, same.warning.chain_id) == (
        MessageType.UPDATE,
        out.id,
        out.id,
    )
    assert levels(same) == {"石坑镇": Level.RED, "云台镇": Level.ORANGE}
    assert levels(draft.update_of(out, step=1, **how)) == {"石坑镇": Level.RED, "云台镇": Level.RED}  # type: ignore[arg-type]
    assert levels(draft.update_of(out, step=-1, **how)) == {"石坑镇": Level.ORANGE, "云台镇": Level.YELLOW}  # type: ignore[arg-type]
    assert same.warning.alarm_ids == out.alarm_ids


def test_a_lifting_names_the_towns_and_ends_an_hour_later() -> None:
    out = issued(first_draft())
    lifting = draft.lift_of(out, office=OFFICE, author=AUTHOR, at=after(30)).warning
    assert (lifting.message_type, lifting.towns, lifting.guide, lifting.valid_hours) == (
        MessageType.CANCEL,
        out.towns,
        (),
        1.0,
    )
    assert "解除" in lifting.text


def test_what_is_not_in_force_is_neither_updated_nor_lifted() -> None:
    out = issued(first_draft())
    for make in (draft.update_of, draft.lift_of):
        with pytest.raises(IllegalStepError):
            make(out, office=OFFICE, author=AUTHOR, at=after(180))
        with pytest.raises(IllegalStepError):
            make(first_draft().warning, office=OFFICE, author=AUTHOR, at=NOW)


def test_a_draft_taken_up_again_knows_what_was_written_by_hand() -> None:
    working = first_draft()
    same = draft.resume(working.warning, OFFICE, observed=working.observed)
    assert (same.own_text, same.own_guide) == (False, False)
    without_rain = draft.resume(working.warning, OFFICE)
    assert without_rain.own_text
    assert draft.resume(draft.with_guide(working, ["x"]).warning, OFFICE, observed=working.observed).own_guide


def test_an_office_on_real_duty_drafts_real_warnings() -> None:
    working = first_draft(office=REAL)
    assert not working.warning.exercise
    assert "演练" not in working.warning.text


# Differences


def test_the_differences_are_towns_hours_guide_and_text() -> None:
    out = issued(first_draft())
    update = draft.update_of(out, office=OFFICE, author=AUTHOR, at=after(30))
    update = draft.with_town(draft.without_town(update, TOWNS[0].code), TOWNS[2], Level.RED)
    update = draft.with_valid_hours(update, 6)
    found = differences(out, update.warning)
    assert [(d.part, d.subject, d.before, d.after) for d in found[:3]] == [
        (Part.TOWN, "老鸦岭镇", "none", "red"),
        (Part.TOWN, "石坑镇", "red", "none"),
        (Part.VALID, "", "3", "6"),
    ]
    assert found[-1].part is Part.TEXT


def test_everything_is_new_where_nothing_is_in_force_and_everything_goes_in_a_lifting() -> None:
    out = issued(first_draft())
    assert [(d.before, d.after) for d in differences(None, out)] == [("none", "red"), ("none", "orange")]
    lifting = draft.lift_of(out, office=OFFICE, author=AUTHOR, at=after(30)).warning
    assert [(d.before, d.after) for d in differences(out, lifting)] == [("red", "none"), ("orange", "none")]


def test_nothing_differs_from_itself_and_a_changed_guide_is_told() -> None:
    out = issued(first_draft())
    assert differences(out, out) == ()
    assert [d.part for d in differences(out, replace(out, guide=("x",)))] == [Part.GUIDE]
    assert [d.part for d in differences(out, replace(out, towns=(*out.towns, TownLevel("x", "x", Level.BLUE))))] == [
        Part.TOWN
    ]


# Rain of towns


def test_a_towns_rain_is_the_most_of_any_of_its_points() -> None:
    points = [
        HazardPoint(f"p{i}", f"点{i}", PointKind.LANDSLIDE, 113.05 + x, 24.05) for i, x in enumerate((0, 0, 0.1, 9))
    ]
    mm = np.array([[10.0, np.nan], [30.0, np.nan], [np.nan, np.nan], [99.0, 99.0]])
    part = np.full((4, 2), np.nan)
    part[0] = (12.0, 40.0)
    text = np.full((4, 2), "", dtype=object)
    windows = RainWindows(
        NOW, (1, 3), mm, np.full((4, 2), 1.0), np.zeros((4, 2), np.int8), text, part, part * 0 + 0.5, text, ("",) * 4
    )
    found = town_rains(points, windows, FINDER)
    assert [(r.name, r.window_h, r.rain_mm, r.at_least, r.point_name) for r in found] == [
        ("石坑镇", 1, 30.0, False, "点1"),
        ("石坑镇", 3, 40.0, True, "点0"),
    ]
    assert by_window(found, TOWNS[0].code) == {1: 30.0, 3: 40.0}
