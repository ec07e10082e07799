"""The colors of reflectivity: usual hues, opacity that grows, nothing where nothing is known."""

from __future__ import annotations

import numpy as np
import pytest

from layers.color_table import FOLDED, load
from models.radar.quantity import CR, NO_ECHO, NOT_SEEN


def code(dbz: float) -> int:
    return int(CR.encode(np.array([dbz], np.float32))[0])


def test_not_seen_and_no_echo_and_weak_echo_are_transparent() -> None:
    table = load("reflectivity")
    for at in (NOT_SEEN, NO_ECHO, code(-32), code(0), code(14.5)):
        assert table.rgba[at, 3] == 0
        assert table.on(dark=True)[at, 3] == 0


def test_the_first_step_begins_exactly_at_15_dbz() -> None:
    table = load("reflectivity")
    assert table.rgba[code(15), 3] > 0
    assert tuple(table.rgba[code(15)]) == tuple(table.rgba[code(19.5)])
    assert tuple(table.rgba[code(20)]) != tuple(table.rgba[code(19.5)])


def test_opacity_grows_from_25_to_75_percent_at_45_dbz_and_ends_at_80() -> None:
    alpha = load("reflectivity").rgba[:, 3] / 255
    assert alpha[code(15)] == pytest.approx(0.25, abs=0.01)
    assert alpha[code(45)] == pytest.approx(0.75, abs=0.01)
    assert alpha.max() == pytest.approx(0.80, abs=0.01)
    assert (np.diff(alpha[code(15) :]) >= 0).all()


def test_the_dark_table_differs_only_where_the_file_says_so() -> None:
    table = load("reflectivity")
    assert tuple(table.on(dark=True)[code(50)]) == tuple(table.on(dark=False)[code(50)])
    assert tuple(table.on(dark=True)[code(15)]) != tuple(table.on(dark=False)[code(15)])
    assert [value for value, _ in table.steps_on(dark=True)] == [value for value, _ in table.steps_on(dark=False)]


def test_a_table_that_does_not_ship_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="no_such_table"):
        load("no_such_table")


def test_a_folded_gate_has_a_color_of_its_own_in_every_table() -> None:
    levels = np.full(256, np.nan, np.float32)
    levels[1], levels[7], levels[255] = -np.inf, 30.0, np.inf
    for name in ("reflectivity", "velocity", "width"):
        rgba = load(name).of_levels(levels).rgba
        assert tuple(rgba[255]) == FOLDED
        assert not rgba[0, 3]
        assert not rgba[1, 3]
