"""The storm is what it says it is: it moves, grows, splits, and rains by the rule."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import numpy as np
import pytest

from app.demo.gauge_writer import true_rain_mm
from app.demo.register import hazard_points
from app.demo.scene import CLOSING_AT, EARLIER_RAIN_AT, OPENING_AT, STORM_FROM_AT, to_km, to_lonlat
from app.demo.storm import NO_ECHO_DBZ, dbz, rain_rate, rate_of, true_cells
from app.demo.storm_cells import SPLIT_MIN, TRACKS, TrueCell
from models.geodesy import FloatArray
from models.hazard.level import Level


def at(minute: float) -> datetime:
    return STORM_FROM_AT + timedelta(minutes=minute)


def cell(name: str, when: datetime) -> TrueCell:
    return next(c for c in true_cells(when) if c.name == name)


def center_of_echo(near: TrueCell, when: datetime) -> tuple[float, float]:
    """Return the center (km) of what is stronger than 45 dBZ within 4 km of a cell."""
    x, y = np.meshgrid(np.arange(-4, 4.01, 0.2) + near.east_km, np.arange(-4, 4.01, 0.2) + near.north_km)
    z = 10 ** (dbz(*to_lonlat(x, y), 1500.0, when).astype(float) / 10)
    z[(np.hypot(x - near.east_km, y - near.north_km) > 4) | (z < 10**4.5)] = 0
    return float((x * z).sum() / z.sum()), float((y * z).sum() / z.sum())


@pytest.mark.parametrize(("name", "minute"), [("A", 40), ("B", 80), ("C", 55), ("G", 90), ("D", 140)])
def test_echo_stands_where_the_truth_says_and_moves_with_it(name: str, minute: float) -> None:
    then, later = at(minute), at(minute + 25)
    first, second = cell(name, then), cell(name, later)
    assert second.east_km - first.east_km == pytest.approx(first.east_ms * 1.5, abs=1e-6)
    assert second.north_km - first.north_km == pytest.approx(first.north_ms * 1.5, abs=1e-6)
    for truth, when in ((first, then), (second, later)):
        assert np.hypot(*np.subtract(center_of_echo(truth, when), (truth.east_km, truth.north_km))) < 1.6


def test_cells_grow_and_fade() -> None:
    track = next(t for t in TRACKS if t.name == "B")
    strength = [cell("B", at(m)).dbz for m in (track.born_min + 4, track.born_min + 15, 90, track.died_min - 8)]
    assert strength[0] < strength[1] < strength[2] > strength[3] + 6
    size = [cell("B", at(m)).long_km for m in (track.born_min + 4, 90)]
    assert size[0] < size[1] - 0.8


def test_one_cell_splits_into_two_that_part() -> None:
    before, after = true_cells(at(SPLIT_MIN - 0.5)), true_cells(at(SPLIT_MIN + 0.5))
    parent = next(c for c in before if c.name == "C")
    assert "C" not in {c.name for c in after}
    children = [c for c in after if c.parent == "C"]
    assert len(children) == 2
    for child in children:
        assert np.hypot(child.east_km - parent.east_km, child.north_km - parent.north_km) < 0.5
    left, right = (cell(f"C-{side}", at(SPLIT_MIN + 35)) for side in ("left", "right"))
    assert np.hypot(left.east_km - right.east_km, left.north_km - right.north_km) > 9


def test_it_lasts_three_hours_and_before_it_only_light_rain_falls() -> None:
    assert timedelta(hours=3) == CLOSING_AT - STORM_FROM_AT
    assert true_cells(STORM_FROM_AT - timedelta(seconds=1)) == ()
    assert true_cells(CLOSING_AT) == ()
    lon, lat = everywhere()
    for hours in (0.5, 2.0, 4.5):
        rain = rain_rate(lon, lat, EARLIER_RAIN_AT + timedelta(hours=hours))
        assert rain.max() < 12
        assert rain.mean() < 1.5
        assert rain.max() > 0.3


def test_it_looks_like_a_storm() -> None:
    lon, lat = everywhere()
    echo = dbz(lon, lat, 1500.0, at(105))
    assert echo.dtype == np.float32
    assert echo.shape == lon.shape
    assert 55 < echo.max() < 66
    assert 0.002 < np.mean(echo >= 50) < 0.03
    assert 0.25 < np.mean((echo >= 20) & (echo < 45)) < 0.8
    assert np.mean(echo == np.float32(NO_ECHO_DBZ)) > 0.02


def test_height_takes_the_tops_off() -> None:
    core = cell("B", at(95))
    lon, lat = np.array([core.lon_deg]), np.array([core.lat_deg])
    profile = [float(dbz(lon, lat, h, at(95))[0]) for h in (500.0, 3000.0, 8000.0, 12000.0, 18000.0)]
    assert profile[0] == profile[1]
    assert profile[1] > profile[2] > profile[3] > profile[4] > 0
    steady = true_steady(at(95))
    assert dbz(*steady, 12000.0, at(95))[0] < 5


def test_rain_follows_the_rule_and_is_capped() -> None:
    found = rate_of(np.array([0, 40, 50, 53, 60, NO_ECHO_DBZ], np.float32))
    assert found == pytest.approx([0, 12.24, 63.4, 103.8, 103.8, 0], abs=0.1)


def test_the_night_has_every_level_and_most_towns_stay_quiet() -> None:
    points = hazard_points()
    lon, lat = np.array([p.lon_deg for p in points]), np.array([p.lat_deg for p in points])
    best = dict.fromkeys((p.id for p in points), 0)
    for minutes in range(0, 70, 10):
        when = OPENING_AT + timedelta(minutes=minutes)
        rain = {h: true_rain_mm(lon, lat, when, 60 * h) for h in (1, 3)}
        for n, point in enumerate(points):
            for t in point.thresholds:
                if t.window_h in rain and rain[t.window_h][n] >= t.rain_mm:
                    best[point.id] = max(best[point.id], t.level.rank)
    counts = Counter(best.values())
    assert 1 <= counts[Level.RED.rank] <= 12
    assert min(counts[level.rank] for level in (Level.BLUE, Level.YELLOW, Level.ORANGE)) >= 4
    hit = {p.town for p in points if best[p.id] >= Level.ORANGE.rank}
    touched = {p.town for p in points if best[p.id]}
    assert 2 <= len(hit) <= 7
    assert len(touched) <= 12
    assert next(best[p.id] for p in points if p.name == "石坑沟") == Level.RED.rank


def everywhere() -> tuple[FloatArray, FloatArray]:
    return to_lonlat(*np.meshgrid(np.arange(-30, 30, 0.5), np.arange(-25, 25, 0.5)))


def true_steady(when: datetime) -> tuple[FloatArray, FloatArray]:
    """Return a place with steady rain, 12 km and more from every cell."""
    lon, lat = everywhere()
    x, y = to_km(lon, lat)
    clear = np.all([np.hypot(x - c.east_km, y - c.north_km) > 12 for c in true_cells(when)], axis=0)
    echo = np.where(clear, dbz(lon, lat, 1500.0, when), -99)
    best = int(np.argmax(echo))
    assert echo.ravel()[best] > 20
    return np.array([lon.ravel()[best]]), np.array([lat.ravel()[best]])
