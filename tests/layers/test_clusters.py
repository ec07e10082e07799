"""Clusters: counts that hide nothing, and stay where they are while the map is moved."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from layers.clusters import CELL_PX, LEAST, cell_m, cluster

SPOTS = arrays(np.float64, (80, 2), elements=st.floats(-5000, 5000))
JOINS = arrays(np.bool_, 80)


@given(SPOTS, JOINS)
def test_every_point_is_single_or_counted_once_and_what_may_not_join_is_single(
    xy: np.ndarray, joins: np.ndarray
) -> None:
    found = cluster(xy[:, 0], xy[:, 1], joins, 1000.0)
    assert found.single.sum() + found.counts.sum() == len(xy)
    assert sorted(found.members.tolist()) == np.flatnonzero(~found.single).tolist()
    assert found.single[~joins].all()
    assert (found.counts >= LEAST).all()


@given(SPOTS, JOINS)
def test_no_two_rings_lie_on_each_other_at_the_coarsest_scale_of_the_octave(xy: np.ndarray, joins: np.ndarray) -> None:
    found = cluster(xy[:, 0], xy[:, 1], joins, cell_m(4))
    coarsest = 2.0**5
    x, y = found.x_m / coarsest, found.y_m / coarsest
    apart = np.maximum(np.abs(x[:, None] - x), np.abs(y[:, None] - y))
    apart[np.diag_indices(len(x))] = np.inf
    assert (apart >= CELL_PX / 2 * (2 / 3) - 1e-9).all()


def test_two_points_are_no_cluster_and_three_are() -> None:
    x, y = np.array([10.0, 20.0, 30.0, 1500.0, 1600.0]), np.full(5, 10.0)
    found = cluster(x, y, np.ones(5, bool), 1000.0)
    assert found.counts.tolist() == [3]
    assert found.single.tolist() == [False, False, False, True, True]


def test_the_order_of_the_points_changes_nothing_but_indexes() -> None:
    rng = np.random.default_rng(3)
    xy, turn = rng.uniform(0, 9000, (500, 2)), rng.permutation(500)
    one = cluster(xy[:, 0], xy[:, 1], np.ones(500, bool), 1000.0)
    other = cluster(xy[turn, 0], xy[turn, 1], np.ones(500, bool), 1000.0)
    np.testing.assert_allclose(one.x_m, other.x_m)
    np.testing.assert_array_equal(one.counts, other.counts)


def test_a_point_without_a_place_stays_out_of_every_count() -> None:
    x = np.array([1.0, 2.0, 3.0, np.nan])
    found = cluster(x, x, np.ones(4, bool), 100.0)
    assert found.counts.tolist() == [3]
    assert found.single.tolist() == [False, False, False, True]


def test_no_points_make_no_clusters() -> None:
    found = cluster(np.zeros(0), np.zeros(0), np.zeros(0, bool), 100.0)
    assert len(found.counts) == len(found.single) == 0
