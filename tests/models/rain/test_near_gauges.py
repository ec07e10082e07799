"""Gauges near many points: those within reach, the nearest first, whatever lies without a place."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Geod

from models.rain.near_gauges import REACH_DEG, near_gauges
from models.rain.observations import Gauge

GEOD = Geod(ellps="WGS84")


@pytest.mark.parametrize("south", [0.0, 24.0, 70.0])
def test_the_gauges_of_each_point_are_those_that_each_of_all_is_measured_to(south: float) -> None:
    rng = np.random.default_rng(int(south))
    points = rng.uniform((113, south), (113.4, south + 0.4), (300, 2))
    places = rng.uniform((113, south), (113.4, south + 0.4), (80, 2))
    points[:20], places[6] = places[10:30], places[7]  # on the spot, and two gauges in one place
    points[3], places[5] = np.nan, np.nan
    gauges = tuple(Gauge(f"G{n}", "", lon, lat) for n, (lon, lat) in enumerate(places.tolist()))
    found = near_gauges(points, gauges)
    for row, (lon, lat) in enumerate(points):
        along = np.hypot((lon - places[:, 0]) * np.cos(np.radians(lat)), lat - places[:, 1])
        near = np.flatnonzero(along < REACH_DEG)
        here = np.full(near.size, lon), np.full(near.size, lat)
        meters = np.asarray(GEOD.inv(here[0], here[1], places[near, 0], places[near, 1])[2])
        expected = [int(near[n]) for n in np.lexsort((near, meters)) if meters[n] <= 3000.0]
        assert [n for n in found.index[row].tolist() if n >= 0] == expected
    assert found.index.shape[1] > 1
    assert (found.index[3] == -1).all()


def test_points_without_gauges_and_gauges_without_points_are_near_nothing() -> None:
    one = (Gauge("G", "", 113.0, 24.0),)
    assert near_gauges(np.empty((0, 2)), one).index.shape[0] == 0
    assert near_gauges(np.array([[113.0, 24.0]]), ()).index.shape == (1, 0)
    assert (near_gauges(np.array([[115.0, 24.0]]), one).index == -1).all()
