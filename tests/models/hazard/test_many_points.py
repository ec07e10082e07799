"""Many points judged at once: the same verdicts as point by point, in their order; and each threshold read once."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
import shapely

from models.hazard.alarms import PointVerdict, RainSource, WindowVerdict
from models.hazard.level import RISING, Level
from models.hazard.point_table import PointTable
from models.hazard.raising import HeldLevel, hold
from models.hazard.register import HazardPoint, Place, PointKind, Threshold
from models.hazard.rules import judge, reaches
from models.rain.windows import RainWindows, is_full
from models.warning.area import TownFinder
from models.warning.observed import TownRain, town_rains

NOW = datetime(2026, 6, 18, 3, 12, tzinfo=UTC)
HOURS = (1, 3, 6)
SOURCES = (RainSource.NONE, RainSource.GAUGE, RainSource.RADAR)


def points(rng: np.random.Generator, count: int) -> tuple[HazardPoint, ...]:
    """Points with none to all of their levels, in any order, some twice, and in a window that nobody sums."""
    out = []
    for n in range(count):
        every = [
            Threshold(h, level, float(mm)) for h in (*HOURS, 24) for level, mm in zip(RISING, rising(rng), strict=True)
        ]
        chosen = rng.permutation(len(every))[: rng.integers(0, len(every))]
        listed = [every[k] for k in chosen]
        if n % 5 == 0 and listed:
            listed.append(Threshold(listed[0].window_h, listed[0].level, listed[0].rain_mm + 3.0))
        town = ("甲镇", " 甲镇 ", "乙镇", "", "丙镇")[n % 5]
        lon, lat = rng.uniform(0, 2.5), rng.uniform(0, 1)
        out.append(HazardPoint(f"p{n}", f"{n}号", PointKind.LANDSLIDE, lon, lat, town, thresholds=tuple(listed)))
    return tuple(out)


def rising(rng: np.random.Generator) -> list[float]:
    return [float(mm) for mm in np.sort(rng.integers(2, 12, 4)) * 5]


def rain(rng: np.random.Generator, count: int) -> RainWindows:
    """Rain in steps of 5 mm, so that much of it is just a threshold; with gaps, and gauges that broke off."""
    shape = count, len(HOURS)
    coverage = rng.choice([0.0, 0.5, 0.9, 0.95, 1.0], shape)
    mm = np.where(coverage > 0, rng.integers(0, 14, shape) * 5.0, np.nan)
    partial = np.where(rng.random(shape) < 0.2, rng.integers(0, 14, shape) * 5.0, np.nan)
    source = np.where(coverage > 0, rng.integers(1, 3, shape), 0).astype(np.int8)
    return RainWindows(
        *(NOW, HOURS, mm, coverage, source, np.where(source > 0, "S", "").astype(object)),
        *(partial, np.where(np.isnan(partial), 0.0, 0.4), np.where(np.isnan(partial), "", "G").astype(object)),
        tuple("G9" if n % 7 == 0 else "" for n in range(count)),
    )


def window_verdict(point: HazardPoint, window_h: int, *said: object) -> WindowVerdict:
    mm, coverage, source, source_id = said
    assert isinstance(mm, float)
    assert isinstance(coverage, float)
    level = Level.NONE if is_full(coverage) else Level.NOT_JUDGED
    for one in point.thresholds:
        if one.window_h == window_h and reaches(mm, one.rain_mm) and one.level.rank > level.rank:
            level = one.level
    at_least = level.is_alarm and coverage < 1.0 - 1e-9
    return WindowVerdict(window_h, mm, coverage, level, at_least, source, source_id)  # type: ignore[arg-type]


def point_by_point(point: HazardPoint, row: int, of: RainWindows) -> PointVerdict:
    """The rule as it reads: window by window, then the point."""
    windows = []
    for window_h in sorted({one.window_h for one in point.thresholds}):
        if window_h not in HOURS:
            windows.append(window_verdict(point, window_h, math.nan, 0.0, RainSource.NONE, ""))
            continue
        i = HOURS.index(window_h)
        source = SOURCES[int(of.source[row, i])]
        verdict = window_verdict(
            point, window_h, float(of.rain_mm[row, i]), float(of.coverage[row, i]), source, of.source_id[row, i]
        )
        if not math.isnan(of.partial_mm[row, i]):
            hidden = float(of.partial_mm[row, i]), float(of.partial_coverage[row, i])
            other = window_verdict(point, window_h, *hidden, RainSource.GAUGE, of.partial_id[row, i])
            verdict = other if other.level.rank > verdict.level.rank else verdict
        windows.append(verdict)
    reached = [one for one in windows if one.level.is_alarm]
    deciding = max(reached, key=lambda one: (one.level.rank, not one.at_least, -one.window_h), default=None)
    level = Level.NONE if windows and all(one.level is not Level.NOT_JUDGED for one in windows) else Level.NOT_JUDGED
    level = level if deciding is None else deciding.level
    upward = [
        (threshold.rain_mm - one.rain_mm, n, threshold.level, one.window_h)
        for one in windows
        for n, threshold in enumerate(point.thresholds)
        if one.level is not Level.NOT_JUDGED
        and threshold.window_h == one.window_h
        and threshold.level.rank > level.rank
    ]
    nearest = min(upward, key=lambda one: (one[0], one[3], one[1]), default=None)
    said = PointVerdict(point, NOW, level, tuple(windows), deciding, silent_gauge=of.silent_gauge[row])
    if nearest is None:
        return said
    return replace(said, next_level=nearest[2], next_mm=round(nearest[0], 2), next_window_h=nearest[3])


@pytest.mark.parametrize("seed", range(6))
def test_all_at_once_is_point_by_point(seed: int) -> None:
    rng = np.random.default_rng(seed)
    listed, fell = points(rng, 300), rain(rng, 300)
    verdicts = judge(PointTable(listed), fell, NOW)
    assert [repr(one) for one in verdicts] == [repr(point_by_point(p, n, fell)) for n, p in enumerate(listed)]
    assert {one.level for one in verdicts} == set(Level)
    assert any(one.source_id == "G" for verdict in verdicts for one in verdict.windows)


def test_no_points_have_no_verdicts() -> None:
    assert judge(PointTable(), rain(np.random.default_rng(1), 0), NOW) == ()
    bare = HazardPoint("p", "坡", PointKind.LANDSLIDE, 113.0, 24.0)
    (verdict,) = judge([bare], rain(np.random.default_rng(1), 1), NOW)
    assert (verdict.level, verdict.windows, verdict.next_level) == (Level.NOT_JUDGED, (), None)


def test_a_table_reads_its_thresholds_once_and_has_them_by_point_and_window() -> None:
    listed = points(np.random.default_rng(3), 50)
    table = PointTable(listed)
    rows = table.thresholds
    assert table.thresholds is rows
    assert len(rows.mm) == sum(len(point.thresholds) for point in listed)
    assert table.windows_h == tuple(sorted({one.window_h for point in listed for one in point.thresholds}))
    for n, point in enumerate(listed):
        mine = slice(*rows.windows_from[n : n + 2].tolist())
        assert rows.window_h[mine].tolist() == list(point.windows_h)
        assert table.by_id[point.id] is point
    assert table.lonlat.tolist() == [[point.lon_deg, point.lat_deg] for point in listed]


def test_what_is_held_at_nothing_and_calm_stays_at_nothing() -> None:
    rng = np.random.default_rng(4)
    listed, fell = points(rng, 200), rain(rng, 200)
    verdicts = judge(listed, fell, NOW)
    held = hold({}, verdicts, NOW)
    expected = {v.point.id: HeldLevel(v.level if v.level.is_alarm else Level.NONE) for v in verdicts}
    assert held == expected


def town(code: str, name: str, west: float) -> Place:
    return Place(code, name, "town", "", shapely.box(west, 0, west + 1, 1).wkb)


@pytest.mark.parametrize("seed", range(4))
def test_the_rain_of_a_town_is_that_of_its_first_wettest_point(seed: int) -> None:
    rng = np.random.default_rng(seed)
    listed, fell = points(rng, 200), rain(rng, 200)
    finder = TownFinder((town("440002", "乙镇", 1.0), town("440001", "甲镇", 0.0)))
    best: dict[tuple[str, int], TownRain] = {}
    for row, point in enumerate(listed):
        place = finder.find(point.town, point.lon_deg, point.lat_deg)
        if place is None or np.isnan(fell.rain_mm[row]).all():
            continue
        for i, window_h in enumerate(HOURS):
            mm, coverage, partial = (float(of[row, i]) for of in (fell.rain_mm, fell.coverage, fell.partial_mm))
            if partial > mm or (math.isnan(mm) and not math.isnan(partial)):
                mm, coverage = partial, float(fell.partial_coverage[row, i])
            known = best.get((place.code, window_h))
            if not math.isnan(mm) and (known is None or mm > known.rain_mm):
                best[place.code, window_h] = TownRain(
                    place.code, place.name, window_h, mm, coverage < 1.0 - 1e-9, point.name
                )
    assert town_rains(listed, fell, finder) == tuple(best[key] for key in sorted(best))
    assert len(best) == 6


def test_the_towns_of_many_points_are_those_of_each() -> None:
    finder = TownFinder((town("1", "甲镇", 0.0), town("2", "乙镇", 0.8)))  # they overlap: the first one has it
    listed = points(np.random.default_rng(5), 200)
    assert finder.find_all(listed) == [finder.find(p.town, p.lon_deg, p.lat_deg) for p in listed]
    assert None in finder.find_all(listed)
    assert finder.find_all([]) == []
