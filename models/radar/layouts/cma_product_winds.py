"""Winds and contours of standard products: one VAD, the profile in time (VWP), contour levels."""

from __future__ import annotations

import math

from models.radar.layouts.cma_product_header import MOST_HEIGHTS
from models.radar.layouts.cma_product_words import Contents, Words
from models.radar.layouts.cma_radials import DamageError
from models.radar.oddity import Oddity
from models.radar.product import Table

_VAD_BYTES = 64


def vad(words: Words) -> Contents:
    """Return where a velocity-azimuth display was taken (VAD): elevation, height and slant range.

    Parameters
    ----------
    words : Words
        At the first table.

    Raises
    ------
    DamageError
        ``cut_off``, ``bad_table_count``, ``bad_table_place``.

    Notes
    -----
    Only these three of its sixteen words are understood; wind is not among them.
    """
    at = words.at
    rows = words.rows("fir", 1, at, "vad")
    words.skip(_VAD_BYTES - 12)
    columns = ("elevation_deg", "height_m", "slant_range_m")
    return Contents(
        (Table("vad", columns, tuple(rows)),),
        words.at,
        oddities=(Oddity("radar.odd.not_understood", byte=at + 12, bytes=_VAD_BYTES - 12),),
    )


def wind_profile(words: Words) -> Contents:
    """Return the wind above the radar volume by volume (VWP); heights without wind are left out.

    Parameters and errors are those of `vad`.
    """
    at = words.at
    nyquist, volumes, speed, direction, height = words.one("fifff")
    words.skip(12)
    layers = words.parameters["layers"]
    layers = layers if isinstance(layers, int) and 0 <= layers <= MOST_HEIGHTS else 0
    words.check(volumes, at + 4, "winds", 32 * max(1, layers))
    rows = words.rows("tiifffxx", volumes * layers, at + 4, "winds")
    known = tuple(
        (when, words.minutes(when), height_m, from_deg, speed_ms, rms)
        for when, height_m, valid, from_deg, speed_ms, rms in rows
        if valid
    )
    columns = ("time_utc", "after_min", "height_m", "from_deg", "speed_ms", "rms_ms")
    said = {"nyquist_ms": nyquist, "volumes": volumes, "max_speed_ms": speed, "max_speed_from_deg": direction}
    return Contents((Table("winds", columns, known),), words.at, {**said, "max_speed_height_m": height})


def contours(words: Words) -> Contents:
    """Return the levels of a contour map and how many lines each has; the lines' points are not read.

    Parameters and errors are those of `vad`.
    """
    words.skip(4)
    byte = words.at
    (levels,) = words.one("i")
    values = [value for (value,) in words.rows("f", levels, byte, "contours")]
    byte = words.at
    (again,) = words.one("i")
    if again != levels:
        raise DamageError("bad_table_count", byte, table="contours", rows=again, left=words.left)
    lines = words.counts(levels, byte, "contours")
    drawn = sum(count for count in lines if count > 0)
    first, step = (words.parameters[key] for key in ("first_level", "level_step"))
    oddities = []
    if (
        values
        and isinstance(first, float)
        and isinstance(step, float)
        and not math.isclose(values[-1] or 0.0, first + step * (levels - 1), rel_tol=1e-3, abs_tol=1e-6)
    ):
        said = f"{first:g} .. {first + step * (levels - 1):g}"
        oddities.append(Oddity("radar.odd.contour_levels", announced=said, lowest=values[0], highest=values[-1]))
    if drawn:
        oddities.append(Oddity("radar.odd.contour_lines", lines=drawn, byte=words.at))
    return Contents(
        (Table("contours", ("level_unit_unknown", "lines"), tuple(zip(values, lines, strict=True))),),
        words.at,
        oddities=tuple(oddities),
        unproven="lines" if drawn else "",
    )
