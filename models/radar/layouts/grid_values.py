"""What the stored numbers of a grid mean, and what its field is to this house."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.radar.product import Codes, Levels, Role

_MM_H, _MM, _KM = "mm/h", "mm", "km"

_UNITS: dict[str, tuple[str, float]] = {
    "dbz": ("dBZ", 1.0), "db": ("dBZ", 1.0), "mm/h": (_MM_H, 1.0), "mm/hr": (_MM_H, 1.0), "mm h-1": (_MM_H, 1.0),
    "mm hr-1": (_MM_H, 1.0), "kg m-2 s-1": (_MM_H, 3600.0), "kg/(m^2 s)": (_MM_H, 3600.0),
    "kg m**-2 s**-1": (_MM_H, 3600.0), "m s-1": ("m/s", 1.0), "m/s": ("m/s", 1.0), "mm": (_MM, 1.0),
    "kg m-2": (_MM, 1.0), "kg/(m^2)": (_MM, 1.0), "kg m**-2": (_MM, 1.0), "km": (_KM, 1.0), "kg/m2": ("kg/m2", 1.0),
    "kg/m^2": ("kg/m2", 1.0),
}  # fmt: skip

ODIM: dict[str, tuple[str, float, Role]] = {
    "DBZH": ("dBZ", 1.0, Role.COMPOSITE), "TH": ("dBZ", 1.0, Role.COMPOSITE), "DBZV": ("dBZ", 1.0, Role.COMPOSITE),
    "RATE": (_MM_H, 1.0, Role.RAIN), "ACRR": (_MM, 1.0, Role.RAIN), "HGHT": (_KM, 1.0, Role.ECHO_TOP),
    "VIL": ("kg/m2", 1.0, Role.VIL), "CLASS": ("", 1.0, Role.CLASSES),
}  # fmt: skip
"""Quantities of ODIM in the order in which they are looked for: unit, factor to it, role."""


def unit_of(words: str) -> tuple[str, float]:
    """Return the unit a file means, in this house's spelling, and the factor to it; as it stands where unknown."""
    word = words.strip().strip("[]").strip()
    return _UNITS.get(word.lower(), (word, 1.0))


def role_of(unit: str, words: str) -> Role:
    """Return what a field is by its unit and by the words the file has for it."""
    text = words.lower()
    if "top" in text and unit in {_KM, "m"}:
        return Role.ECHO_TOP
    if unit in {_MM, _MM_H}:
        return Role.VIL if "vil" in text or "integrated" in text else Role.RAIN
    if unit == "kg/m2":
        return Role.VIL
    if unit == "dBZ":
        return Role.CAPPI if "cappi" in text else Role.COMPOSITE
    return Role.OTHER


def graded(
    stored: NDArray[Any],
    *,
    gain: float = 1.0,
    offset: float = 0.0,
    undetect: float | None = None,
    nodata: float | None = None,
) -> tuple[Codes, Levels | None]:
    """Return a field as codes with the table of their values, or as values.

    ``value = gain * stored + offset``; ``undetect`` is -inf (seen, nothing there), ``nodata`` NaN.

    Parameters
    ----------
    stored : (rows, columns) uint8, uint16 or float32
        As `raster_file.band` gives it. Floats are written over: the result is the same memory.

    Returns
    -------
    codes, levels
        (rows, columns), and (256 or 65536,) float32, or None where ``codes`` are values.
    """
    if stored.dtype in {np.dtype(np.uint8), np.dtype(np.uint16)}:
        levels: Levels = (np.arange(np.iinfo(stored.dtype).max + 1) * gain + offset).astype(np.float32)
        for number, meaning in ((nodata, math.nan), (undetect, -math.inf)):
            if number is not None and float(number).is_integer() and 0 <= number < levels.size:
                levels[int(number)] = meaning
        return stored, levels
    values: NDArray[np.float32] = np.ascontiguousarray(stored, np.float32)
    return valued(values, gain=gain, offset=offset, undetect=undetect, nodata=nodata), None


def valued(
    values: NDArray[np.float32],
    *,
    gain: float = 1.0,
    offset: float = 0.0,
    undetect: float | None = None,
    nodata: float | None = None,
) -> NDArray[np.float32]:
    """Return stored floats as values, by the rule of `graded`; they are changed in place."""
    seen_nothing = values == np.float32(undetect) if undetect is not None else None
    unseen = values == np.float32(nodata) if nodata is not None and not math.isnan(nodata) else None
    if gain != 1.0:
        values *= np.float32(gain)
    if offset != 0.0:
        values += np.float32(offset)
    values[np.isposinf(values)] = np.nan
    if unseen is not None:
        values[unseen] = np.nan
    if seen_nothing is not None:
        values[seen_nothing] = -np.inf
    return values
