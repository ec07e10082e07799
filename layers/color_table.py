"""Color tables: which color and opacity a raster's code has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

import resources
from models.radar.mosaic import FIRST_ECHO, decode_dbz

Rgba = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, eq=False)
class ColorTable:
    """256 colors for codes 0..255 as (256, 4) uint8 RGBA, and the legend's steps.

    ``steps`` are (value, RGBA) pairs in ``unit``, lowest first. ``dark_rgba`` and
    ``dark_steps`` are the same on dark ground; None and empty where one set serves both.
    """

    name: str
    unit: str
    rgba: NDArray[np.uint8]
    steps: tuple[tuple[float, Rgba], ...]
    dark_rgba: NDArray[np.uint8] | None = None
    dark_steps: tuple[tuple[float, Rgba], ...] = ()

    def on(self, *, dark: bool) -> NDArray[np.uint8]:
        """Return the (256, 4) uint8 RGBA table for light or dark ground."""
        return self.dark_rgba if dark and self.dark_rgba is not None else self.rgba

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
    return ColorTable(name, str(book["unit"]), _of_codes(steps), tuple(steps), _of_codes(dark_steps), tuple(dark_steps))


def _of_codes(steps: list[tuple[float, Rgba]]) -> NDArray[np.uint8]:
    """Spread steps in dBZ over the 256 codes of a reflectivity raster."""
    values = decode_dbz(np.arange(256).astype(np.uint8))
    starts = np.array([value for value, _ in steps])
    at = np.searchsorted(starts, np.nan_to_num(values, nan=-np.inf), side="right") - 1
    at[:FIRST_ECHO] = -1
    colors = np.array([rgba for _, rgba in steps] + [(0, 0, 0, 0)], np.uint8)
    return np.asarray(colors[at], np.uint8)


def _rgba(color: str, opacity: float) -> Rgba:
    red, green, blue = bytes.fromhex(color.removeprefix("#"))
    return red, green, blue, round(opacity * 255)
