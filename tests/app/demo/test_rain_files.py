"""Gauge reports, archived sums and the schedule: what comes, when, and that it is true."""

from __future__ import annotations

import pickle
from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path

import numpy as np

from app.demo.deliveries import Delivery, DeliveryKind, due, earlier
from app.demo.gauge_writer import hour_ends, reports_csv, true_rain_mm, write_earlier_reports, write_hour_sum
from app.demo.gauges import gauges, silences
from app.demo.radars import RADARS, seen_by
from app.demo.register import hazard_points
from app.demo.scene import CLOSING_AT, EARLIER_RAIN_AT, HISTORY_AT, OPENING_AT
from models.rain.gauge_csv import read_gauges
from models.rain.sum_grid import read_rain_sum


def test_gauges_tell_the_true_rain_but_for_their_own_error() -> None:
    end = OPENING_AT + timedelta(minutes=30)
    reports = read_gauges(reports_csv([end - timedelta(minutes=5 * n) for n in range(12)]).encode())
    sums: defaultdict[str, float] = defaultdict(float)
    heard: Counter[str] = Counter()
    for report in reports:
        sums[report.gauge_id] += report.rain_mm
        heard[report.gauge_id] += report.minutes
    lon, lat = np.array([g.lon_deg for g in gauges()]), np.array([g.lat_deg for g in gauges()])
    true = true_rain_mm(lon, lat, end, 60)
    whole = [n for n, g in enumerate(gauges()) if heard[g.id] == 60]
    assert len(whole) >= 115
    assert all(abs(sums[gauges()[n].id] - true[n]) <= 0.2 + 0.16 * true[n] for n in whole)
    assert max(true) > 70
    assert all(round(r.rain_mm * 10) == r.rain_mm * 10 or abs(r.rain_mm * 10 % 1) < 1e-6 for r in reports)


def test_silent_gauges_are_missing_from_the_files_and_others_are_not(tmp_path: Path) -> None:
    reports = read_gauges(write_earlier_reports(tmp_path).read_bytes())
    heard = Counter(r.gauge_id for r in reports)
    most = int((HISTORY_AT - EARLIER_RAIN_AT) / timedelta(minutes=5))
    short = {gauge_id for gauge_id, count in heard.items() if count < most}
    silent = {s.gauge_id for s in silences() if s.since < HISTORY_AT}
    assert {g.id for g in gauges()} - set(heard) == {s.gauge_id for s in silences() if s.since < EARLIER_RAIN_AT}
    assert short <= silent
    assert min(r.at for r in reports) == EARLIER_RAIN_AT + timedelta(minutes=5)
    assert max(r.at for r in reports) == HISTORY_AT


def test_archived_hours_hold_the_true_rain_where_a_radar_saw(tmp_path: Path) -> None:
    points = hazard_points()
    lon, lat = np.array([p.lon_deg for p in points]), np.array([p.lat_deg for p in points])
    seen = np.any([seen_by(r, lon, lat) for r in RADARS], axis=0)
    assert hour_ends()[0] == EARLIER_RAIN_AT + timedelta(hours=1)
    assert hour_ends()[-1] == HISTORY_AT
    end = hour_ends()[-1]
    at, minutes, mm = read_rain_sum(write_hour_sum(end, tmp_path), lon, lat)
    assert (at, minutes) == (end, 60)
    assert 2 <= np.isnan(mm).sum() <= 25
    assert np.mean(np.isnan(mm) == ~seen) > 0.99
    true = true_rain_mm(lon, lat, end, 60)
    there = ~np.isnan(mm)
    assert np.mean(np.abs(mm - true)[there] <= 0.5 + 0.3 * true[there]) > 0.9


def test_the_schedule_has_no_gap_and_no_repeat_however_it_is_cut() -> None:
    whole = due(HISTORY_AT, CLOSING_AT)
    pieces: list[Delivery] = []
    at = HISTORY_AT
    while at < CLOSING_AT:
        step = timedelta(minutes=1 + len(pieces) % 4)
        pieces += due(at, min(at + step, CLOSING_AT))
        at += step
    assert tuple(pieces) == whole
    assert len({d.name for d in whole}) == len(whole)
    assert all(d.at > d.valid_at and d.at.second == 0 for d in whole)
    assert [d.at for d in whole] == sorted(d.at for d in whole)


def test_an_hour_brings_ten_s_band_and_sixty_x_band_volumes_and_twelve_reports() -> None:
    hour = due(OPENING_AT, OPENING_AT + timedelta(hours=1))
    assert Counter(d.radar for d in hour) == {"QLS01": 10, "QLX01": 30, "QLX02": 30, "": 12}
    assert Counter(d.kind for d in earlier()) == {DeliveryKind.GAUGES: 1, DeliveryKind.RAIN_SUM: 6}


def test_a_delivery_travels_to_another_process_and_writes_the_name_it_said(tmp_path: Path) -> None:
    first = {d.kind: d for d in (*due(OPENING_AT, OPENING_AT + timedelta(minutes=10)), *earlier()[1:])}
    assert set(first) == set(DeliveryKind)
    for delivery in first.values():
        again = pickle.loads(pickle.dumps(delivery))
        assert again == delivery
        assert again.write(tmp_path) == tmp_path / delivery.name
        assert (tmp_path / delivery.name).stat().st_size > 100
    assert {p.name for p in tmp_path.iterdir()} == {d.name for d in first.values()}
