"""The one rule of judging a window, against a plain loop over minutes."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import numpy as np
import pytest

from models.geodesy import distance_m
from models.rain.observations import Gauge, GaugeReport, PointRates
from models.rain.windows import FROM_GAUGE, FROM_RADAR, NO_SOURCE, align, horizon, rain_windows
from tests.counting import calls
from tests.data import long_count

NOW = datetime(2026, 6, 18, 3, 12, 40, tzinfo=UTC)
END = datetime(2026, 6, 18, 3, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def frame(radar: str, at: datetime, step_min: float, *rates: float, is_sum: bool = False) -> PointRates:
    return PointRates(radar, at, timedelta(minutes=step_min), np.array(rates, np.float32), is_sum)


def lonlat(*places: tuple[float, float]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.array(places, float).reshape(-1, 2)


ONE_POINT = lonlat((113.2, 24.1))


def test_a_frame_holds_for_its_step_up_to_its_own_time() -> None:
    got = rain_windows(ONE_POINT, (1,), [frame("S", END, 6, 60.0)], [], [], NOW)
    assert got.rain_mm[0, 0] == 6.0
    assert got.coverage[0, 0] == pytest.approx(0.1)
    assert got.source[0, 0] == FROM_RADAR
    assert got.source_id[0, 0] == "S"


def test_the_window_is_open_at_the_left_and_closed_at_the_right() -> None:
    first_out = frame("S", END - timedelta(hours=1), 6, 60.0)
    first_in = frame("S", END - timedelta(minutes=54), 6, 60.0)
    assert math.isnan(rain_windows(ONE_POINT, (1,), [first_out], [], [], NOW).rain_mm[0, 0])
    assert rain_windows(ONE_POINT, (1,), [first_in], [], [], NOW).rain_mm[0, 0] == 6.0
    half_in = frame("S", END - timedelta(minutes=57), 6, 60.0)
    assert rain_windows(ONE_POINT, (1,), [half_in], [], [], NOW).rain_mm[0, 0] == 3.0


def test_what_ends_after_now_counts_only_for_the_minutes_up_to_now() -> None:
    later = frame("S", END + timedelta(minutes=2), 6, 60.0)
    assert rain_windows(ONE_POINT, (1,), [later], [], [], NOW).rain_mm[0, 0] == 4.0


def test_several_radars_combine_minute_by_minute_by_the_maximum() -> None:
    frames = [frame("S", END, 6, 30.0), frame("X", END, 2, 60.0), frame("X", END - 2 * MINUTE, 2, 6.0)]
    got = rain_windows(ONE_POINT, (1,), frames, [], [], NOW)
    assert got.rain_mm[0, 0] == pytest.approx(2 * 1.0 + 4 * 0.5)
    assert got.source_id[0, 0] == "S+X"


def test_an_archived_sum_fills_only_minutes_that_no_frame_has() -> None:
    hour = frame("archive", END, 60, 10.0, is_sum=True)
    dry_frame = frame("S", END, 6, 0.0)
    got = rain_windows(ONE_POINT, (1,), [hour, dry_frame], [], [], NOW)
    assert got.rain_mm[0, 0] == pytest.approx(9.0)
    assert got.coverage[0, 0] == 1.0


def test_not_seen_is_missing_and_no_echo_is_a_dry_minute() -> None:
    points = lonlat((113.2, 24.1), (113.3, 24.1))
    got = rain_windows(points, (1,), [frame("S", END, 60, math.nan, 0.0)], [], [], NOW)
    assert math.isnan(got.rain_mm[0, 0])
    assert got.source[0, 0] == NO_SOURCE
    assert got.rain_mm[1, 0] == 0.0
    assert got.coverage[:, 0].tolist() == [0.0, 1.0]


def test_a_sum_of_rates_that_equals_a_threshold_reaches_it_whatever_the_floating_point_says() -> None:
    rates = [frame("S", END - k * 6 * MINUTE, 6, 35.0) for k in range(10)]
    assert rain_windows(ONE_POINT, (1,), rates, [], [], NOW).rain_mm[0, 0] == 35.0
    tenth = [frame("S", END - k * 6 * MINUTE, 6, 0.1) for k in range(10)]
    assert rain_windows(ONE_POINT, (1,), tenth, [], [], NOW).rain_mm[0, 0] == 0.1


def reports(gauge: str, minutes: int, *rain: float, until: datetime = END) -> list[GaugeReport]:
    """Reports one after the other, the last ending at ``until``."""
    count = len(rain)
    return [
        GaugeReport(gauge, until - timedelta(minutes=minutes * (count - 1 - i)), minutes, mm)
        for i, mm in enumerate(rain)
    ]


NEAR = Gauge("G1", "near", 113.205, 24.1)
NEXT = Gauge("G2", "next", 113.215, 24.1)
FAR = Gauge("G3", "far", 113.24, 24.1)


def test_the_nearest_gauge_within_three_kilometers_whose_window_is_full_gives_the_rain() -> None:
    assert distance_m(np.array([113.24]), np.array([24.1]), 113.2, 24.1)[0] > 3_000
    radar = [frame("S", END, 60, 99.0)]
    told = [*reports("G1", 5, *[1.0] * 10), *reports("G2", 5, *[2.0] * 12), *reports("G3", 5, *[3.0] * 12)]
    got = rain_windows(ONE_POINT, (1,), radar, [NEAR, NEXT, FAR], told, NOW)
    assert (got.rain_mm[0, 0], got.source[0, 0], got.source_id[0, 0]) == (24.0, FROM_GAUGE, "G2")
    without_next = rain_windows(ONE_POINT, (1,), radar, [NEAR, FAR], told, NOW)
    assert (without_next.rain_mm[0, 0], without_next.source_id[0, 0]) == (99.0, "S")


def test_each_window_chooses_its_own_source() -> None:
    radar = [frame("S", END, 180, 1.0)]
    got = rain_windows(ONE_POINT, (1, 3), radar, [NEAR], reports("G1", 5, *[1.0] * 12), NOW)
    assert got.source[0].tolist() == [FROM_GAUGE, FROM_RADAR]


def test_what_a_nearer_broken_gauge_had_measured_is_kept_beside_the_rain() -> None:
    radar = [frame("S", END, 60, 20.0)]
    told = reports("G1", 5, *[10.0] * 9, until=END - 15 * MINUTE)
    got = rain_windows(ONE_POINT, (1,), radar, [NEAR], told, NOW)
    assert (got.rain_mm[0, 0], got.source_id[0, 0]) == (20.0, "S")
    assert (got.partial_mm[0, 0], got.partial_id[0, 0]) == (90.0, "G1")
    assert got.partial_coverage[0, 0] == 0.75


def test_without_any_radar_a_broken_gauge_gives_what_it_has() -> None:
    told = reports("G1", 5, *[10.0] * 3, until=END - 15 * MINUTE)
    got = rain_windows(ONE_POINT, (1,), [], [NEAR], told, NOW)
    assert (got.rain_mm[0, 0], got.coverage[0, 0], got.source[0, 0]) == (30.0, 0.25, FROM_GAUGE)


def test_an_hourly_sum_beside_five_minute_reports_is_counted_once() -> None:
    told = [*reports("G1", 5, *[1.0] * 6, until=END - 30 * MINUTE), GaugeReport("G1", END, 60, 20.0)]
    got = rain_windows(ONE_POINT, (1,), [], [NEAR], told, NOW)
    assert got.rain_mm[0, 0] == 20.0
    assert got.coverage[0, 0] == 1.0


def test_overlapping_hourly_sums_are_not_counted_twice() -> None:
    told = [GaugeReport("G1", END - 10 * MINUTE, 60, 12.0), GaugeReport("G1", END, 60, 16.0)]
    got = rain_windows(ONE_POINT, (1,), [], [NEAR], told, NOW)
    assert got.rain_mm[0, 0] == pytest.approx(16.0)


def test_a_report_that_was_sent_again_corrected_holds_as_last_sent() -> None:
    told = [GaugeReport("G1", END, 60, 12.0), GaugeReport("G1", END, 60, 7.0)]
    assert rain_windows(ONE_POINT, (1,), [], [NEAR], told, NOW).rain_mm[0, 0] == 7.0


def test_reports_of_no_known_gauge_and_nonsense_reports_are_left_out() -> None:
    told = [
        GaugeReport("nobody", END, 60, 50.0),
        GaugeReport("G1", END, 60, -1.0),
        GaugeReport("G1", END, 60, math.nan),
        GaugeReport("G1", END, 0, 5.0),
    ]
    got = rain_windows(ONE_POINT, (1,), [], [NEAR], told, NOW)
    assert math.isnan(got.rain_mm[0, 0])


def test_a_gauge_that_has_fallen_silent_is_named_and_an_hourly_one_is_given_its_time() -> None:
    quiet = reports("G1", 5, *[1.0] * 4, until=END - 25 * MINUTE)
    assert rain_windows(ONE_POINT, (1,), [], [NEAR], quiet, NOW).silent_gauge == ("G1",)
    talking = reports("G1", 5, *[1.0] * 4, until=END - 10 * MINUTE)
    assert rain_windows(ONE_POINT, (1,), [], [NEAR], talking, NOW).silent_gauge == ("",)
    hourly = [GaugeReport("G1", END - 55 * MINUTE, 60, 5.0)]
    assert rain_windows(ONE_POINT, (1,), [], [NEAR], hourly, NOW).silent_gauge == ("",)
    assert rain_windows(ONE_POINT, (1,), [], [NEAR], [], NOW).silent_gauge == ("G1",)
    assert rain_windows(ONE_POINT, (1,), [], [FAR], [], NOW).silent_gauge == ("",)


def test_a_frame_of_another_number_of_points_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="2,"):
        rain_windows(ONE_POINT, (1,), [frame("S", END, 6, 1.0, 2.0)], [], [], NOW)


def test_a_stored_frame_is_put_into_the_order_of_todays_points() -> None:
    got = align(frame("S", END, 6, 1.0, 2.0), ("a", "b"), ("b", "new", "a"))
    assert got.rates[0] == 2.0
    assert math.isnan(got.rates[1])
    assert got.rates[2] == 1.0
    same = frame("S", END, 6, 1.0)
    assert align(same, ("a",), ["a"]) is same


def test_the_horizon_reaches_behind_the_longest_window() -> None:
    assert horizon(NOW, (1, 3, 6)) == END - timedelta(hours=7)


def test_no_points_and_no_data_are_no_fault() -> None:
    empty = rain_windows(lonlat(), (1, 3), [], [NEAR], [], NOW)
    assert empty.rain_mm.shape == (0, 2)
    nothing = rain_windows(ONE_POINT, (1, 3), [], [], [], NOW)
    assert np.isnan(nothing.rain_mm).all()
    assert nothing.source_id.tolist() == [["", ""]]


# Against a plain loop


def plain_radar(p: int, minutes: Sequence[datetime], rates: Sequence[PointRates]) -> list[float]:
    """Rain of each minute that any frame, or else any archived sum, has: the largest."""
    out = []
    for minute in minutes:
        held = [(f.is_sum, float(f.rates[p])) for f in rates if f.at - f.step < minute <= f.at]
        frames = [rate for is_sum, rate in held if not is_sum and not math.isnan(rate)]
        sums = [rate for is_sum, rate in held if is_sum and not math.isnan(rate)]
        if frames or sums:
            out.append(max(frames or sums) / 60)
    return out


def plain_rule(
    points: Sequence[tuple[float, float]],
    windows_h: Sequence[int],
    rates: Sequence[PointRates],
    gauges: Sequence[Gauge],
    told: Sequence[GaugeReport],
) -> list[list[tuple[float, float, str, float]]]:
    """The rule written down as one would say it: per point, per window, per minute (reports do not overlap)."""
    out = []
    for p, (lon, lat) in enumerate(points):
        row = []
        for w in windows_h:
            minutes = [END - k * MINUTE for k in range(w * 60)]
            radar = plain_radar(p, minutes, rates)
            near = sorted(
                (distance_m(np.array([g.lon_deg]), np.array([g.lat_deg]), lon, lat)[0], i) for i, g in enumerate(gauges)
            )
            chosen: tuple[float, float, str] | None = None
            most = math.nan
            for meters, i in near:
                if meters > 3_000:
                    break
                mine = [
                    r.rain_mm / r.minutes
                    for minute in minutes
                    for r in told
                    if r.gauge_id == gauges[i].id and r.at - r.minutes * MINUTE < minute <= r.at
                ]
                if len(mine) >= 0.9 * len(minutes):
                    chosen = (sum(mine), len(mine) / len(minutes), gauges[i].id)
                    break
                if mine and not sum(mine) <= most:
                    most = sum(mine)
            if chosen is None and radar:
                chosen = (sum(radar), len(radar) / len(minutes), "radar")
            elif chosen is None and not math.isnan(most):
                chosen = (most, math.nan, "partial")
            row.append((*(chosen or (math.nan, 0.0, "")), most))
        out.append(row)
    return out


def lopsided(seed: int) -> tuple[list[tuple[float, float]], list[PointRates], list[Gauge], list[GaugeReport]]:
    """A night with gaps: radars that fail for a while, gauges that stop, points near and far."""
    dice = random.Random(seed)
    points = [(113 + dice.random() * 0.08, 24 + dice.random() * 0.06) for _ in range(dice.randint(1, 6))]
    gauges = [
        Gauge(f"G{i}", "", 113 + dice.random() * 0.08, 24 + dice.random() * 0.06) for i in range(dice.randint(0, 5))
    ]
    rates: list[PointRates] = []
    for radar, step in (("S", 6), ("X1", 2), ("X2", 5)):
        gap = dice.randint(0, 150), dice.randint(0, 120)
        for k in range(-1, 200 // step):
            ago = k * step + dice.choice((0, 0, 1))
            if gap[0] <= ago <= gap[0] + gap[1] or dice.random() < 0.15:
                continue
            values = [math.nan if dice.random() < 0.2 else dice.expovariate(0.05) for _ in points]
            rates.append(frame(radar, END - ago * MINUTE, step, *values))
    rates += [
        frame("archive", END - 60 * k * MINUTE - 7 * MINUTE, 60, *[dice.expovariate(0.1) for _ in points], is_sum=True)
        for k in range(3)
        if dice.random() < 0.6
    ]
    told: list[GaugeReport] = []
    for gauge in gauges:
        length = dice.choice((1, 5, 10, 60))
        stop = dice.choice((0, 0, 0, 30))
        offset = dice.randint(-3, 3)
        for k in range(240 // length):
            ago = k * length + offset
            if ago < stop or dice.random() < dice.choice((0.0, 0.05, 0.3)):
                continue
            told.append(GaugeReport(gauge.id, END - ago * MINUTE, length, round(dice.expovariate(1.0), 1)))
    dice.shuffle(rates)
    dice.shuffle(told)
    return points, rates, gauges, told


@pytest.mark.parametrize("seed", range(long_count(40, 400)))
def test_the_fast_rule_agrees_with_a_plain_loop_over_minutes(seed: int) -> None:
    points, rates, gauges, told = lopsided(seed)
    windows_h = (1, 3)
    got = rain_windows(lonlat(*points), windows_h, rates, gauges, told, NOW)
    for p, row in enumerate(plain_rule(points, windows_h, rates, gauges, told)):
        for w, (rain, coverage, source, most) in enumerate(row):
            where = f"seed {seed} point {p} window {windows_h[w]}"
            assert got.rain_mm[p, w] == pytest.approx(rain, abs=0.0051, nan_ok=True), where
            if source != "partial":
                assert got.coverage[p, w] == pytest.approx(coverage), where
            assert bool(source) == (got.source[p, w] != NO_SOURCE), where
            if source == "radar":
                assert got.source[p, w] == FROM_RADAR, where
            elif source.startswith("G"):
                assert got.source_id[p, w] == source, where
            assert got.partial_mm[p, w] == pytest.approx(most, abs=0.0051, nan_ok=True), where


def test_a_county_of_points_is_summed_without_a_loop_over_them() -> None:
    dice, spent = np.random.default_rng(5), []
    for count in (14, 1_409):
        points = np.column_stack([dice.uniform(113, 113.6, count), dice.uniform(24, 24.5, count)])
        rates = [
            PointRates(
                name,
                END - timedelta(minutes=step * k),
                timedelta(minutes=step),
                dice.gamma(1, 5, count).astype(np.float32),
            )
            for name, step in (("S", 6), ("X1", 2), ("X2", 2))
            for k in range(360 // step)
        ]
        spent.append(calls(partial(rain_windows, points, (1, 3, 6), rates, [], [], NOW)))
        assert rain_windows(points, (1, 3, 6), rates, [], [], NOW).coverage.min() == 1.0
    assert spent[1] <= 1.2 * spent[0]
