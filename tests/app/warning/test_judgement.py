"""One judging brings everything the GUI thread shows, made in the job: nothing is left to count or to look up there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from app.warning.judgement import judge_all
from models.hazard.level import RISING, Level
from models.hazard.next_level import nearest_of
from models.hazard.point_table import PointTable
from models.hazard.raising import HeldLevel
from models.hazard.register import HazardPoint, PointKind, Threshold
from models.rain.observations import PointRates
from models.warning.area import TownFinder

NOW = datetime(2026, 6, 18, 3, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
THRESHOLDS = tuple(Threshold(1, level, mm) for level, mm in zip(RISING, (20.0, 30.0, 40.0, 50.0), strict=True))


def table(count: int) -> PointTable:
    """Points of which every tenth has no threshold."""
    return PointTable(
        tuple(
            HazardPoint(
                f"p{n}", f"{n}号坡", PointKind.LANDSLIDE, 113.0, 24.0, thresholds=() if n % 10 == 0 else THRESHOLDS
            )
            for n in range(count)
        )
    )


def hour(rain_mm: np.ndarray) -> tuple[PointRates, ...]:
    """Rain of the last hour, minute by minute the same."""
    return (PointRates("R1", NOW, HOUR, rain_mm.astype(np.float32)),)


def test_words_verdicts_and_the_list_are_those_of_each_point() -> None:
    points = table(200)
    fell = np.random.default_rng(1).uniform(0, 60, 200)
    made = judge_all(points, hour(fell), (), (), {}, TownFinder(()), NOW)
    assert tuple(made.by_id) == tuple(made.levels) == points.ids
    assert tuple(made.by_id.values()) == made.verdicts
    assert all(type(word) is str for word in made.levels.values())
    assert [made.levels[one.point.id] for one in made.verdicts] == [one.level.value for one in made.verdicts]
    assert {alarm.point_id for alarm in made.alarms} == {one.point.id for one in made.verdicts if one.level.is_alarm}
    expected = nearest_of(made.verdicts)
    assert (made.nearest.near, made.nearest.unjudged) == (expected.near, expected.unjudged)
    assert (made.nearest.count, made.nearest.unjudged_count) == (200, 20)
    assert dict(made.fallen) == {}


def test_what_is_let_go_is_told_with_what_it_is_held_at_now() -> None:
    points = table(2)
    held = {"p1": HeldLevel(Level.RED, NOW - HOUR), "p0": HeldLevel(Level.BLUE, NOW - HOUR)}
    before = dict(held)
    made = judge_all(points, hour(np.array([0.0, 25.0])), (), (), held, TownFinder(()), NOW)
    assert dict(made.fallen) == {"p1": Level.BLUE, "p0": Level.NONE}
    assert held == before, "what was held before is not written in"
    assert made.alarms == ()
    again = judge_all(points, hour(np.array([0.0, 45.0])), (), (), made.held, TownFinder(()), NOW)
    assert [(alarm.point_id, alarm.level) for alarm in again.alarms] == [("p1", Level.ORANGE)]


def test_the_list_of_many_points_is_cut_out_of_all_in_their_order() -> None:
    points = table(400)
    fell = np.random.default_rng(2).uniform(5, 60, 400)
    fell[::7] = np.nan
    verdicts = judge_all(points, hour(fell), (), (), {}, TownFinder(()), NOW).verdicts
    nearest = nearest_of(verdicts)
    alarms = sorted((v for v in verdicts if v.level is Level.RED), key=lambda v: (v.deciding is None, v.point.id))
    assert {v.point.id for v in nearest.near} <= {v.point.id for v in verdicts if v.level is not Level.NOT_JUDGED}
    assert [v.level is Level.RED for v in nearest.near] == [True] * len(nearest.near)
    assert len(nearest.near) == 40 <= len(alarms)
    assert nearest.lacking_h == (1,)
    few = [v for v in verdicts if v.level is Level.NOT_JUDGED][:3]
    assert len(nearest.unjudged) == 2, "with more than three the third row says how many"
    assert {v.point.id for v in nearest_of(few).unjudged} == {v.point.id for v in few}
    assert nearest_of(few).lacking_h == ()
    assert nearest_of([]).count == 0
    assert nearest_of([replace(few[0], next_mm=4.0), few[1]]).unjudged[0].point.id == few[0].point.id
