"""Names that do not overlap."""

from __future__ import annotations

from functools import partial

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from layers.label_thinning import covered, thin
from tests.counting import calls


def boxes_at(x: list[float], y: list[float], wide: float = 60, high: float = 16) -> np.ndarray:
    left, top = np.array(x, float), np.array(y, float)
    return np.stack([left, top, left + wide, top + high], axis=1)[:, None, :]


def overlap(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3])


def test_the_higher_priority_stays() -> None:
    boxes = boxes_at([0, 30, 200], [0, 5, 0])
    assert thin(boxes, np.array([1, 9, 1])).tolist() == [-1, 0, 0]


def test_among_equals_the_earlier_one_stays() -> None:
    assert thin(boxes_at([0, 30], [0, 5]), np.array([3, 3])).tolist() == [0, -1]


def test_a_name_takes_its_second_place_where_the_first_is_taken() -> None:
    first = boxes_at([0, 30], [0, 0])
    second = boxes_at([0, 30], [0, 40])
    second[0] = np.nan
    assert thin(np.concatenate([first, second], axis=1), np.array([2, 1])).tolist() == [0, 1]


def test_obstacles_stay_free() -> None:
    obstacle = np.array([[10.0, 0.0, 20.0, 10.0]])
    assert thin(boxes_at([0, 100], [0, 0]), np.array([1, 1]), obstacles=obstacle).tolist() == [-1, 0]


def test_a_name_without_a_place_never_stays() -> None:
    assert thin(boxes_at([np.nan, 0], [0, 0]), np.array([9, 1])).tolist() == [-1, 0]


@given(arrays(np.float64, (60, 2), elements=st.floats(-400, 400)), arrays(np.int64, 60, elements=st.integers(0, 5)))
def test_no_two_that_stay_overlap_and_none_that_has_room_is_left_out(xy: np.ndarray, priority: np.ndarray) -> None:
    boxes = boxes_at(xy[:, 0].tolist(), xy[:, 1].tolist())
    kept = [i for i, k in enumerate(thin(boxes, priority)) if k >= 0]
    for n, i in enumerate(kept):
        for j in kept[n + 1 :]:
            assert not overlap(boxes[i, 0], boxes[j, 0])
    for i in set(range(60)) - set(kept):
        grown = boxes[i, 0] + np.array([-2, -2, 2, 2])
        assert any(overlap(grown, boxes[j, 0]) and priority[j] >= priority[i] for j in kept)


def test_the_answer_holds_while_the_map_is_moved() -> None:
    rng = np.random.default_rng(5)
    boxes = boxes_at(rng.uniform(0, 2000, 400).tolist(), rng.uniform(0, 1000, 400).tolist())
    priority = rng.integers(0, 9, 400)
    moved = boxes + np.array([513.5, -77.25, 513.5, -77.25])
    np.testing.assert_array_equal(thin(boxes, priority), thin(moved, priority))


def test_twice_the_names_are_thinned_with_little_more_than_twice_the_work() -> None:
    rng, spent = np.random.default_rng(6), []
    for count in (1000, 2000):
        boxes = boxes_at(rng.uniform(0, 1920, count).tolist(), rng.uniform(0, 1080, count).tolist())
        spent.append(calls(partial(thin, boxes, rng.integers(0, 9, count))))
    assert spent[1] < 3 * spent[0]


def test_signs_on_a_box_are_counted_to_a_cell() -> None:
    rng = np.random.default_rng(3)
    corner = rng.uniform(-300, 300, (40, 4, 2))
    boxes = np.concatenate([corner, corner + rng.uniform(10, 60, (40, 4, 2))], axis=2)
    boxes[3, 1:] = np.nan
    x, y = rng.uniform(-400, 400, (2, 500))
    x[7] = np.nan

    def counted(reach: float) -> np.ndarray:
        left, top, right, bottom = np.moveaxis(boxes, 2, 0)[..., None]
        inside = (x >= left - reach) & (x <= right + reach) & (y >= top - reach) & (y <= bottom + reach)
        return np.asarray(inside.sum(axis=2))

    found = covered(boxes, x, y, 3.0)
    there = np.isfinite(boxes[..., 0])
    assert (found[~there] == -1).all()
    assert (found[there] >= counted(3.0)[there]).all()
    assert (found[there] <= counted(3.0 + 6.0)[there]).all()
    moved = covered(boxes + 60.0, x + 60.0, y + 60.0, 3.0)
    assert (moved == found).all()
    assert (covered(boxes, np.zeros(0), np.zeros(0), 3.0)[there] == 0).all()
