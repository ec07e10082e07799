"""Color tables: which color and opacity a raster's code has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

import resources
from models.radar.quantity import CR

Rgba = tuple[int, int, int, int]

FOLDED: Rgba = (119, 0, 125, 153)
"""Where an echo of an earlier pulse lies over the place, in the purple that radar pictures have for it."""

_OF_MOMENT = {
    "V": "velocity", "Vc": "velocity", "W": "width", "Wc": "width", "ZDR": "zdr", "ZDRc": "zdr", "LDR": "zdr",
    "CC": "cc", "CCc": "cc", "SQI": "cc", "CPA": "cc", "CP": "cc", "PhiDP": "phidp", "PhiDPc": "phidp",
    "KDP": "kdp", "KDPc": "kdp", "SNRH": "signal", "SNRV": "signal", "HCL": "classes", "CF": "classes",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class ColorTable:
    """256 colors for codes 0..255 as (256, 4) uint8 RGBA, and the legend's steps.

    ``rgba`` are those of the codes of composite reflectivity; `of_levels` gives the table for other codes.

    ``labels`` name the steps where they are things, not values. ``steps`` are (value, RGBA)
    pairs in ``unit``, lowest first. ``dark_rgba`` and
    ``dark_steps`` are the same on dark ground; None and empty where one set serves both.
    """

    name: str
    unit: str
    rgba: NDArray[np.uint8]
    steps: tuple[tuple[float, Rgba], ...]
    dark_rgba: NDArray[np.uint8] | None = None
    dark_steps: tuple[tuple[float, Rgba], ...] = ()
    labels: tuple[str, ...] = ()

    def on(self, *, dark: bool) -> NDArray[np.uint8]:
        """Return the (256, 4) uint8 RGBA table for light or dark ground."""
        return self.dark_rgba if dark and self.dark_rgba is not None else self.rgba

    def of_levels(self, levels: NDArray[np.float32]) -> ColorTable:
        """Return the same colors for codes whose values are ``levels`` (256,); NaN and -inf stay transparent."""
        dark = None if self.dark_rgba is None else _of_levels(self.dark_steps, levels)
        return replace(self, rgba=_of_levels(self.steps, levels), dark_rgba=dark)

    def steps_on(self, *, dark: bool) -> tuple[tuple[float, Rgba], ...]:
        """Return the legend's (value, RGBA) steps for light or dark ground."""
        return self.dark_steps if dark and self.dark_steps else self.steps


@cache
def load(name: str) -> ColorTable:
    """Return the color table ``resources/color_tables/<name>.toml``.

    Each ``[[step]]`` has the lowest ``value`` it stands for, a ``color`` #RRGGBB
    and an ``opacity`` 0..1; ``dark_color`` and ``dark_opacity`` where dark ground
    needs others. Codes are those of `models.radar.mosaic`: below the first step,
    without echo and not seen are transparent.

    Raises
    ------
    FileNotFoundError
        If no table of that name ships.
    """
    book = resources.table(f"color_tables/{name}")
    steps, dark_steps = [], []
    for step in book["step"]:
        value = float(step["value"])
        opacity = float(step["opacity"])
        steps.append((value, _rgba(step["color"], opacity)))
        dark_steps.append(
            (value, _rgba(step.get("dark_color", step["color"]), float(step.get("dark_opacity", opacity))))
        )
    levels = CR.decode(np.arange(256).astype(np.uint8))
    light, dark = tuple(steps), tuple(dark_steps)
    return ColorTable(name, str(book["unit"]), _of_levels(light, levels), light, _of_levels(dark, levels), dark)


def of_moment(moment: str) -> str:
    """Return the name of the table in which a moment is shown."""
    return _OF_MOMENT.get(moment, "reflectivity")


def _of_levels(steps: tuple[tuple[float, Rgba], ...], values: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Spread steps over codes by the value of each; a value below the first step is transparent, +inf is `FOLDED`."""
    starts = np.array([value for value, _ in steps])
    at = np.searchsorted(starts, np.nan_to_num(values, nan=-np.inf), side="right") - 1
    at[~np.isfinite(values)] = len(starts)
    at[at < 0] = len(starts)
    at[np.isposinf(values)] = len(starts) + 1
    colors = np.array([rgba for _, rgba in steps] + [(0, 0, 0, 0), FOLDED], np.uint8)
    return np.asarray(colors[at], np.uint8)


def _rgba(color: str, opacity: float) -> Rgba:
    red, green, blue = bytes.fromhex(color.removeprefix("#"))
    return red, green, blue, round(opacity * 255)
