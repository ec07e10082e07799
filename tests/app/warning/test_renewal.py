"""Other points take the place of those before: whose rain stays, whose does not, and frames that came in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from app.warning.renewal import SAME_PLACE_M, renewal
from models.geodesy import leg
from models.hazard.point_table import PointTable
from models.hazard.register import HazardPoint, PointKind
from models.rain.observations import PointRates
from models.rain.windows import align

NOW = datetime(2026, 6, 18, 3, 12, tzinfo=UTC)


def point(number: int, lon: float, lat: float) -> HazardPoint:
    return HazardPoint(f"p{number}", f"{number}号坡", PointKind.LANDSLIDE, lon, lat)


def frame(minute: int, count: int) -> PointRates:
    rates = np.arange(count, dtype=np.float32) + minute
    return PointRates("R1", NOW + timedelta(minutes=minute), timedelta(minutes=6), rates)


def test_points_keep_their_rain_by_id_and_place() -> None:
    rng = np.random.default_rng(1)
    before = PointTable(tuple(point(n, *rng.uniform((113, 24), (114, 25)).tolist()) for n in range(200)))
    after = []
    for n in rng.permutation(260).tolist():
        if n >= 200:
            after.append(point(n, *rng.uniform((113, 24), (114, 25)).tolist()))
        elif n % 4:
            one = before.points[n]
            aside = (0.0, 0.0001, 0.02)[n % 3]  # 10 m is the same place, 2 km is none
            after.append(replace(one, lon_deg=one.lon_deg + aside))
    table = PointTable(tuple(after))
    known, late = frame(0, 200), frame(6, 200)
    found = renewal(before, table, (known,))
    stood = {p.id: (p.lon_deg, p.lat_deg) for p in before.points}
    stayed = {p.id for p in after if p.id in stood and leg(stood[p.id], (p.lon_deg, p.lat_deg))[0] <= SAME_PLACE_M}
    assert found.gone == set(before.ids) - stayed
    assert 20 < len(stayed) < 150
    ids = tuple(id_ if id_ in stayed else "" for id_ in before.ids)
    for one in (known, late):
        expected = align(one, ids, table.ids)
        mine = found.in_order(one)
        assert np.array_equal(mine.rates, expected.rates, equal_nan=True)
        assert (mine.radar, mine.at, mine.step, mine.is_sum) == (one.radar, one.at, one.step, one.is_sum)
    assert found.in_order(known) is found.in_order(known), "what the job has put in order is not done again"


def test_the_same_points_lose_nothing() -> None:
    before = PointTable((point(1, 113.0, 24.0), point(2, 113.1, 24.0)))
    found = renewal(before, PointTable(before.points[::-1]), (frame(0, 2),))
    assert found.gone == frozenset()
    assert found.in_order(frame(0, 2)).rates.tolist() == [1.0, 0.0]
    nobody = renewal(before, PointTable(), (frame(0, 2),))
    assert nobody.gone == frozenset({"p1", "p2"})
    assert nobody.in_order(frame(0, 2)).rates.tolist() == []
