"""In which colors a radar file's field is shown, by what it is and in which unit it counts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from layers import color_table
from layers.color_table import ColorTable, Rgba
from models.radar.product import Role
from models.radar.quantity import FIRST_ECHO, NO_ECHO, NOT_SEEN

_OF_ROLE = {Role.ECHO_TOP: "echo_top", Role.VIL: "vil", Role.RAIN: "rain", Role.CLASSES: "classes"}
_OF_UNIT = {"dBZ": "reflectivity", "m/s": "velocity", "mm": "rain", "mm/h": "rain", "kg/m2": "vil", "km": "echo_top"}
_EVEN_STEPS = 10
_GRAYS, _DARK_GRAYS = (0xD8, 0x28), (0x38, 0xE0)


def colors_for(name: str, unit: str, role: Role, values: NDArray[np.float32]) -> ColorTable:
    """Return the table for a field.

    Parameters
    ----------
    name, unit : str
        Of the moment or layer, and what it counts in; a known moment has its own table.
    role : Role
        What the product is to this house.
    values : array of float32
        The field: what has no table is shown in ten even shades of gray over its values.
    """
    table = color_table.of_moment(name)
    if role in _OF_ROLE:
        table = _OF_ROLE[role]
    elif table == "reflectivity" and unit != "dBZ":
        table = _OF_UNIT.get(unit, "")
    if table:
        return replace(color_table.load(table), unit=unit or color_table.load(table).unit)
    return _even(unit, values)


def in_steps(values: NDArray[np.float32], colors: ColorTable) -> tuple[NDArray[np.uint8], ColorTable]:
    """Return values as codes of the table's own steps, and the table for these codes.

    Code 0 is not seen (NaN), 1 nothing there or below the first step, 2 the first step and so on:
    no value lands in a neighbor's color, however wide its range is.
    """
    starts = np.array([value for value, _ in colors.steps], np.float32)
    codes = (np.searchsorted(starts, np.nan_to_num(values, nan=-np.inf), side="right") + NO_ECHO).astype(np.uint8)
    codes[np.isnan(values)] = NOT_SEEN
    levels = np.full(256, np.nan, np.float32)
    levels[NO_ECHO] = -np.inf
    levels[FIRST_ECHO : FIRST_ECHO + starts.size] = starts
    return codes, colors.of_levels(levels)


def in_own_colors(values: NDArray[np.float32], rgba: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], ColorTable]:
    """Return the codes of a picture, whose colors are its own, and these as a table without steps."""
    table = np.zeros((256, 4), np.uint8)
    table[: len(rgba)] = rgba[:256]
    codes = np.clip(np.nan_to_num(values), 0, 255).astype(np.uint8)
    return codes, ColorTable("own", "", table, ())


def _even(unit: str, values: NDArray[np.float32]) -> ColorTable:
    real = values[np.isfinite(values)]
    low, high = (float(real.min()), float(real.max())) if real.size else (0.0, 1.0)
    marks = np.linspace(low, max(high, low + 1e-6), _EVEN_STEPS, endpoint=False)
    light, dark = (_grays(marks.tolist(), ends) for ends in (_GRAYS, _DARK_GRAYS))
    none = np.zeros((256, 4), np.uint8)
    return ColorTable("even", unit, none, light, none, dark)


def _grays(marks: list[float], ends: tuple[int, int]) -> tuple[tuple[float, Rgba], ...]:
    tones = np.linspace(*ends, len(marks)).astype(int).tolist()
    return tuple((float(f"{value:.3g}"), (tone, tone, tone, 230)) for value, tone in zip(marks, tones, strict=True))
