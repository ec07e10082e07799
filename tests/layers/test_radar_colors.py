"""Which colors a field is shown in."""

from __future__ import annotations

import numpy as np
import pytest

from layers.color_table import load
from layers.radar_colors import colors_for, in_own_colors, in_steps
from models.radar.product import Role

SOME = np.array([[1.0, 5.0]], np.float32)


@pytest.mark.parametrize(
    ("name", "unit", "role", "table"),
    [
        ("dBZ", "dBZ", Role.SWEEP, "reflectivity"),
        ("V", "m/s", Role.SWEEP, "velocity"),
        ("SW", "m/s", Role.SWEEP, "velocity"),
        ("W", "m/s", Role.SWEEP, "width"),
        ("KDP", "deg/km", Role.SWEEP, "kdp"),
        ("CR", "dBZ", Role.COMPOSITE, "reflectivity"),
        ("ET", "km", Role.ECHO_TOP, "echo_top"),
        ("VIL", "kg/m2", Role.VIL, "vil"),
        ("OHP", "mm", Role.RAIN, "rain"),
        ("HCL", "class", Role.CLASSES, "classes"),
        ("anything", "mm/h", Role.OTHER, "rain"),
    ],
)
def test_what_is_known_has_its_national_table(name: str, unit: str, role: Role, table: str) -> None:
    colors = colors_for(name, unit, role, SOME)
    assert (colors.name, colors.steps, colors.unit) == (table, load(table).steps, unit)


def test_what_is_not_known_is_gray_in_even_steps_over_its_values() -> None:
    colors = colors_for("shear", "1/s", Role.OTHER, np.array([2.0, np.nan, -np.inf, 12.0], np.float32))
    assert colors.unit == "1/s"
    assert [value for value, _ in colors.steps] == [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    assert all(r == g == b for _, (r, g, b, _) in (*colors.steps, *colors.dark_steps))
    nothing = colors_for("shear", "", Role.OTHER, np.array([np.nan], np.float32))
    assert len(nothing.steps) == 10


def test_values_land_in_their_own_step_and_nowhere_else() -> None:
    table = load("reflectivity")
    values = np.array([np.nan, -np.inf, 14.99, 15.0, 19.99, 20.0, 70.0, 95.0], np.float32)
    codes, colors = in_steps(values, table)
    assert codes.tolist() == [0, 1, 1, 2, 2, 3, 13, 13]
    for dark in (False, True):
        painted = [tuple(colors.on(dark=dark)[code].tolist()) for code in codes]
        steps = [rgba for _, rgba in table.steps_on(dark=dark)]
        assert painted[:3] == [(0, 0, 0, 0)] * 3
        assert painted[3:] == [steps[0], steps[0], steps[1], steps[-1], steps[-1]]


def test_a_picture_keeps_its_own_colors() -> None:
    rgba = np.array([[0, 0, 0, 0], [10, 20, 30, 255]], np.uint8)
    codes, colors = in_own_colors(np.array([[0.0, 1.0]], np.float32), rgba)
    assert codes.tolist() == [[0, 1]]
    assert colors.on(dark=True)[1].tolist() == [10, 20, 30, 255]
    assert colors.steps == ()
