"""Judging points: what has been reached, what is below, and what nobody can say."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from models.hazard.alarms import RainSource
from models.hazard.level import RISING, Level
from models.hazard.register import HazardPoint, PointKind, Threshold
from models.hazard.rules import judge, reaches, threshold_of
from models.rain.observations import Gauge, GaugeReport, PointRates
from models.rain.windows import RainWindows, rain_windows
from tests.data import long_count

NOW = datetime(2026, 6, 18, 3, 12, tzinfo=UTC)
ROWS = {1: (35.0, 45.0, 60.0, 80.0), 3: (55.0, 75.0, 100.0, 120.0), 6: (70.0, 95.0, 120.0, 150.0)}
FLASH_FLOOD = tuple(Threshold(w, level, mm) for w, row in ROWS.items() for level, mm in zip(RISING, row, strict=True))


def point(thresholds: Sequence[Threshold] = FLASH_FLOOD) -> HazardPoint:
    return HazardPoint("p", "石坑沟", PointKind.FLASH_FLOOD, 113.2, 24.1, thresholds=tuple(thresholds))


def rain(*windows: tuple[int, float, float]) -> RainWindows:
    """Rain of one point: (window, mm, coverage) each."""
    shape = (1, len(windows))
    return RainWindows(
        NOW,
        tuple(w for w, _, _ in windows),
        np.array([[mm for _, mm, _ in windows]]),
        np.array([[c for _, _, c in windows]]),
        np.full(shape, 2, np.int8),
        np.full(shape, "S", dtype=object),
        np.full(shape, np.nan),
        np.zeros(shape),
        np.full(shape, "", dtype=object),
        ("",),
    )


@pytest.mark.parametrize(
    ("mm", "level"),
    [(34.99, Level.NONE), (35.0, Level.BLUE), (44.99, Level.BLUE), (60.0, Level.ORANGE), (80.0, Level.RED)],
)
def test_a_value_equal_to_the_threshold_reaches_it(mm: float, level: Level) -> None:
    (verdict,) = judge([point()], rain((1, mm, 1.0), (3, mm, 1.0), (6, mm, 1.0)), NOW)
    assert verdict.level is level


def test_float_noise_neither_makes_nor_misses_a_threshold() -> None:
    assert reaches(0.1 + 0.2, 0.3)
    assert reaches(35.0 - 1e-6, 35.0)
    assert not reaches(34.99, 35.0)
    assert not reaches(math.nan, 0.1)


def test_a_gap_never_hides_a_red_hour() -> None:
    (verdict,) = judge([point()], rain((1, 80.0, 0.2), (3, math.nan, 0.0), (6, math.nan, 0.0)), NOW)
    assert verdict.level is Level.RED
    assert verdict.deciding is not None
    assert verdict.deciding.at_least
    assert verdict.next_level is None


def test_below_needs_ninety_percent_of_the_window() -> None:
    (thin,) = judge([point()], rain((1, 10.0, 53 / 60), (3, 10.0, 1.0), (6, 10.0, 1.0)), NOW)
    assert thin.level is Level.NOT_JUDGED
    assert [w.level for w in thin.windows] == [Level.NOT_JUDGED, Level.NONE, Level.NONE]
    (enough,) = judge([point()], rain((1, 10.0, 54 / 60), (3, 10.0, 162 / 180), (6, 10.0, 0.9)), NOW)
    assert enough.level is Level.NONE


def test_each_window_is_judged_for_itself_and_the_highest_counts() -> None:
    (verdict,) = judge([point()], rain((1, 36.0, 1.0), (3, 76.0, 1.0), (6, 80.0, 0.5)), NOW)
    assert [w.level for w in verdict.windows] == [Level.BLUE, Level.YELLOW, Level.BLUE]
    assert verdict.level is Level.YELLOW
    assert verdict.deciding is verdict.windows[1]


def test_a_reached_window_outweighs_one_that_is_not_judged() -> None:
    (verdict,) = judge([point()], rain((1, 36.0, 1.0), (3, 40.0, 0.3), (6, 40.0, 0.1)), NOW)
    assert verdict.level is Level.BLUE
    assert verdict.windows[1].level is Level.NOT_JUDGED


def test_at_least_is_said_wherever_a_reached_window_is_not_whole() -> None:
    (verdict,) = judge([point()], rain((1, 36.0, 54 / 60), (3, 10.0, 1.0), (6, 10.0, 1.0)), NOW)
    assert verdict.windows[0].at_least
    (whole,) = judge([point()], rain((1, 36.0, 1.0), (3, 10.0, 1.0), (6, 10.0, 1.0)), NOW)
    assert not whole.windows[0].at_least


def test_a_point_without_thresholds_is_not_judged_rather_than_safe() -> None:
    (verdict,) = judge([point(())], rain((1, 0.0, 1.0)), NOW)
    assert verdict.level is Level.NOT_JUDGED
    assert verdict.windows == ()


def test_a_window_that_nobody_summed_is_missing() -> None:
    (verdict,) = judge([point()], rain((1, 0.0, 1.0)), NOW)
    assert verdict.level is Level.NOT_JUDGED
    assert verdict.windows[2].source is RainSource.NONE


def test_the_way_to_the_next_level_is_in_millimeters_and_never_from_a_thin_window() -> None:
    (verdict,) = judge([point()], rain((1, 30.0, 1.0), (3, 52.7, 1.0), (6, 69.0, 0.3)), NOW)
    assert (verdict.next_level, verdict.next_mm, verdict.next_window_h) == (Level.BLUE, 2.3, 3)
    (thin,) = judge([point()], rain((1, 30.0, 0.2), (3, 52.7, 0.2), (6, 69.0, 0.3)), NOW)
    assert thin.next_level is None
    assert math.isnan(thin.next_mm)


def test_rain_of_another_number_of_points_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="2 points"):
        judge([point(), point()], rain((1, 0.0, 1.0)), NOW)


def test_the_millimeters_of_a_level_are_found_and_nan_where_there_are_none() -> None:
    assert threshold_of(point(), 3, Level.RED) == 120.0
    assert math.isnan(threshold_of(point(), 12, Level.RED))


def test_a_red_hour_that_a_nearer_broken_gauge_measured_is_not_hidden_by_a_weaker_radar() -> None:
    gauge = Gauge("G1", "石坑", 113.205, 24.1)
    told = [GaugeReport("G1", NOW - timedelta(minutes=15 + 5 * k), 5, 10.0) for k in range(9)]
    radar = [PointRates("S", NOW, timedelta(hours=6), np.array([20.0], np.float32))]
    windows = rain_windows(np.array([[113.2, 24.1]]), (1, 3, 6), radar, [gauge], told, NOW)
    (verdict,) = judge([point()], windows, NOW)
    assert windows.rain_mm[0, 0] == 20.0
    assert verdict.level is Level.RED
    assert verdict.deciding is not None
    assert (verdict.deciding.rain_mm, verdict.deciding.source, verdict.deciding.source_id) == (
        90.0,
        RainSource.GAUGE,
        "G1",
    )
    assert verdict.deciding.at_least


def test_the_silent_gauge_stands_on_the_verdict() -> None:
    gauge = Gauge("G1", "石坑", 113.205, 24.1)
    windows = rain_windows(np.array([[113.2, 24.1]]), (1,), [], [gauge], [], NOW)
    assert judge([point()], windows, NOW)[0].silent_gauge == "G1"


def plain_level(thresholds: Sequence[Threshold], windows: dict[int, tuple[float, float]]) -> Level:
    """The rule in plain words."""
    reached = [t.level for t in thresholds if windows[t.window_h][0] >= t.rain_mm - 0.004]
    if reached:
        return max(reached, key=RISING.index)
    asked = {t.window_h for t in thresholds}
    if not asked or any(windows[w][1] < 0.9 for w in asked):
        return Level.NOT_JUDGED
    return Level.NONE


@pytest.mark.parametrize("seed", range(long_count(60, 2_000)))
def test_random_cases_agree_with_the_rule_in_plain_words(seed: int) -> None:
    dice = random.Random(seed)
    chosen = [t for t in FLASH_FLOOD if dice.random() < 0.7]
    windows = {
        w: (round(dice.choice((math.nan, dice.uniform(0, 160))), 2), dice.choice((0.0, 0.5, 0.89, 0.9, 1.0)))
        for w in ROWS
    }
    (verdict,) = judge([point(chosen)], rain(*((w, mm, c) for w, (mm, c) in windows.items())), NOW)
    assert verdict.level is plain_level(chosen, windows)
