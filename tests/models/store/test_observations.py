"""Rain: gauges, reports, and rates of radar frames."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import numpy as np
import pytest

from models.errors import StoreError
from models.rain.observations import Gauge, GaugeReport, PointRates
from models.store import observations
from models.store.database import Store
from tests.models.store.values import AT, minutes

GAUGES = (Gauge("g-1", "石坑站", 106.71, 28.84, "石坑镇"), Gauge("g-2", "沙田站", 106.6, 28.7))


def frame(minute: float, values: list[float], radar: str = "Z9001", *, is_sum: bool = False) -> PointRates:
    step = timedelta(hours=1) if is_sum else timedelta(minutes=6)
    return PointRates(radar, minutes(minute), step, np.array(values, np.float32), is_sum)


def test_gauges_come_back(store: Store) -> None:
    store.write_now(lambda db: observations.replace_gauges(db, GAUGES))
    assert store.read(observations.gauges) == GAUGES
    store.write_now(lambda db: observations.replace_gauges(db, GAUGES[1:]))
    assert store.read(observations.gauges) == GAUGES[1:]


def test_a_repeated_report_is_dropped_and_what_is_new_is_counted(store: Store) -> None:
    reports = tuple(GaugeReport("g-1", minutes(5 * n), 5, 1.5 * n) for n in range(4))
    assert store.write_now(lambda db: observations.add_reports(db, reports)) == 4
    later = (GaugeReport("g-1", minutes(20), 5, 0.0), GaugeReport("g-1", minutes(15), 10, 7.0))
    assert store.write_now(lambda db: observations.add_reports(db, (*reports, *later))) == 2
    assert store.read(lambda db: observations.reports(db, AT)) == (*reports, later[1], later[0])
    assert store.read(lambda db: observations.reports(db, minutes(15))) == (reports[3], later[1], later[0])


def test_rates_come_back_with_their_gaps(store: Store) -> None:
    ids = ("p-1", "p-2", "p-3")
    kept = frame(6, [0.0, np.nan, 44.7])
    store.write_now(lambda db: observations.add_rates(db, kept, ids))
    ((back, back_ids),) = store.read(lambda db: observations.rates(db, AT))
    assert back_ids == ids
    assert (back.radar, back.at, back.step, back.is_sum) == ("Z9001", minutes(6), timedelta(minutes=6), False)
    assert back.rates.dtype == np.float32
    np.testing.assert_array_equal(back.rates, kept.rates)


def test_a_frame_read_again_takes_the_place_of_the_older_but_a_sum_does_not(store: Store) -> None:
    for one in (frame(6, [1.0]), frame(6, [2.0]), frame(6, [9.0], is_sum=True), frame(6, [3.0], "Z9002")):
        store.write_now(partial(observations.add_rates, rates=one, point_ids=("p-1",)))
    back = store.read(lambda db: observations.rates(db, AT))
    assert [(f.radar, f.is_sum, float(f.rates[0])) for f, _ in back] == [
        ("Z9001", False, 2.0),
        ("Z9001", True, 9.0),
        ("Z9002", False, 3.0),
    ]


def test_each_frame_keeps_the_points_it_was_made_for(store: Store) -> None:
    """The register may change between two frames."""
    store.write_now(lambda db: observations.add_rates(db, frame(6, [1.0, 2.0]), ("p-1", "p-2")))
    store.write_now(lambda db: observations.add_rates(db, frame(12, [3.0]), ("p-9",)))
    assert [ids for _, ids in store.read(lambda db: observations.rates(db, AT))] == [("p-1", "p-2"), ("p-9",)]


def test_rates_without_a_point_each_are_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="2 rates for 1 points"):
        store.write_now(lambda db: observations.add_rates(db, frame(6, [1.0, 2.0]), ("p-1",)))


def test_old_rain_is_forgotten_and_the_new_kept(store: Store) -> None:
    store.write_now(
        lambda db: observations.add_reports(db, tuple(GaugeReport("g", minutes(n), 1, 0.1) for n in (0, 9)))
    )
    for minute in (0, 12):
        store.write_now(partial(observations.add_rates, rates=frame(minute, [1.0]), point_ids=(f"p-{minute}",)))
    assert store.write_now(lambda db: observations.forget_before(db, minutes(5))) == 2
    assert [r.at for r in store.read(lambda db: observations.reports(db, AT))] == [minutes(9)]
    assert [ids for _, ids in store.read(lambda db: observations.rates(db, AT))] == [("p-12",)]
    assert store.read(lambda db: db.execute("SELECT count(*) FROM point_lists").fetchone()) == (1,)
