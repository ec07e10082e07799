"""Alarms: once per level-up, with evidence that can be kept."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from models.hazard.alarms import AlarmState
from models.hazard.level import Level
from models.hazard.raising import HeldLevel, hold, levels_of, new_alarms
from models.hazard.rules import judge
from tests.models.hazard.test_rules import NOW, point, rain

LATER = NOW + timedelta(minutes=6)


def verdict_at(mm: float, coverage: float = 1.0):  # type: ignore[no-untyped-def]
    return judge([point()], rain((1, mm, coverage), (3, mm, coverage), (6, mm, coverage)), NOW)


def test_a_level_up_raises_one_alarm_with_its_evidence() -> None:
    (alarm,) = new_alarms({}, verdict_at(61.0), NOW)
    assert (alarm.level, alarm.window_h, alarm.rain_mm, alarm.threshold_mm) == (Level.ORANGE, 1, 61.0, 60.0)
    assert alarm.state is AlarmState.OPEN
    assert alarm.raised_at == NOW
    kept = json.loads(json.dumps(alarm.evidence, allow_nan=False))
    assert [w["window_h"] for w in kept["windows"]] == [1, 3, 6]
    assert len(kept["thresholds"]) == 12


def test_the_same_level_again_raises_nothing_and_a_higher_one_does() -> None:
    assert new_alarms({"p": Level.ORANGE}, verdict_at(61.0), LATER) == ()
    assert new_alarms({"p": Level.RED}, verdict_at(61.0), LATER) == ()
    (alarm,) = new_alarms({"p": Level.YELLOW}, verdict_at(61.0), LATER)
    assert alarm.level is Level.ORANGE


def test_coming_out_of_not_judged_raises() -> None:
    assert len(new_alarms({"p": Level.NOT_JUDGED}, verdict_at(36.0), NOW)) == 1


def test_neither_none_nor_not_judged_raises() -> None:
    assert new_alarms({}, verdict_at(1.0), NOW) == ()
    assert new_alarms({}, verdict_at(1.0, 0.1), NOW) == ()


def test_missing_rain_is_kept_as_null_in_the_evidence() -> None:
    verdicts = judge([point()], rain((1, 90.0, 0.5), (3, float("nan"), 0.0), (6, float("nan"), 0.0)), NOW)
    (alarm,) = new_alarms({}, verdicts, NOW)
    assert alarm.at_least
    windows = alarm.evidence["windows"]
    assert isinstance(windows, list)
    assert windows[1]["rain_mm"] is None


def test_every_alarm_has_an_id_of_its_own() -> None:
    ids = {new_alarms({}, verdict_at(61.0), NOW)[0].id for _ in range(50)}
    assert len(ids) == 50


def test_a_level_is_let_go_only_after_thirty_minutes_well_below() -> None:
    held = hold({}, verdict_at(36.0), NOW)
    assert levels_of(held) == {"p": Level.BLUE}
    almost = hold(held, verdict_at(29.0), NOW + timedelta(minutes=1))
    assert almost["p"] == HeldLevel(Level.BLUE)
    low = hold(held, verdict_at(27.9), NOW + timedelta(minutes=2))
    assert low["p"] == HeldLevel(Level.BLUE, NOW + timedelta(minutes=2))
    not_yet = hold(low, verdict_at(1.0), NOW + timedelta(minutes=31))
    assert not_yet["p"].level is Level.BLUE
    gone = hold(not_yet, verdict_at(1.0), NOW + timedelta(minutes=32))
    assert gone["p"] == HeldLevel(Level.NONE)


def test_a_gap_lets_nothing_go() -> None:
    held = {"p": HeldLevel(Level.RED, NOW - timedelta(hours=2))}
    assert hold(held, verdict_at(0.0, 0.5), NOW)["p"] == HeldLevel(Level.RED)


def test_a_pause_in_the_low_begins_it_anew() -> None:
    low = hold({"p": HeldLevel(Level.BLUE)}, verdict_at(1.0), NOW)
    back = hold(low, verdict_at(30.0), NOW + timedelta(minutes=20))
    assert back["p"].low_since is None


def test_a_higher_level_is_held_at_once() -> None:
    held = hold({"p": HeldLevel(Level.BLUE, NOW)}, verdict_at(85.0), LATER)
    assert held["p"] == HeldLevel(Level.RED)


def test_letting_go_falls_to_the_level_that_still_stands() -> None:
    verdicts = judge([point()], rain((1, 46.0, 1.0), (3, 46.0, 1.0), (6, 46.0, 1.0)), NOW)
    held = {"p": HeldLevel(Level.RED, NOW - timedelta(minutes=40))}
    assert hold(held, verdicts, NOW)["p"] == HeldLevel(Level.YELLOW)


@pytest.mark.parametrize("aware", [datetime(2026, 6, 18, tzinfo=UTC)])
def test_alarms_come_the_worst_first(aware: datetime) -> None:
    low, high = verdict_at(36.0)[0], verdict_at(81.0)[0]
    assert [a.level for a in new_alarms({}, (low, high), aware)] == [Level.RED, Level.BLUE]
