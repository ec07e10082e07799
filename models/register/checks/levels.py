"""Check: the thresholds of a window rise with the level; those of a level rise with the window."""

from __future__ import annotations

import itertools

import numpy as np

from models.geodesy import FloatArray
from models.register.checks.ground import Ground
from models.register.entries import Entries, rising_levels
from models.register.finding import Fact, Finding
from models.register.mapping import LEVELS, level_words, threshold_key

KINDS: tuple[str, ...] = ("levels",)


def find(entries: Entries, ground: Ground) -> list[Finding]:
    """Return levels that do not rise (refused), and shorter windows that ask for more rain (a warning)."""
    del ground
    windows = sorted({window for window, _ in entries.thresholds_mm})
    found: list[Finding] = []
    for window_h in windows:
        found += _of_window(entries, window_h)
    for level in LEVELS:
        of_level = [window for window in windows if (window, level) in entries.thresholds_mm]
        for short_h, long_h in itertools.pairwise(of_level):
            found += _shorter_higher(entries, level, short_h, long_h)
    return found


def missing(entries: Entries, ground: Ground) -> str:
    """Nothing is needed besides the rows."""
    del entries, ground
    return ""


def rising_by_swap(values: FloatArray) -> FloatArray | None:
    """Return the values in rising order if exchanging two of them is all it takes, else None; NaN stays in place."""
    filled = np.flatnonzero(~np.isnan(values))
    ordered = np.sort(values[filled])
    if (np.diff(ordered) <= 0).any() or (ordered != values[filled]).sum() != 2:
        return None
    out = values.copy()
    out[filled] = ordered
    return out


def _of_window(entries: Entries, window_h: int) -> list[Finding]:
    levels = rising_levels(entries, window_h)
    if len(levels) < 2:
        return []
    table = np.column_stack([entries.thresholds_mm[window_h, level] for level in levels])
    # The highest value of the lower levels; an empty cell lets the one below it through.
    below = np.fmax.accumulate(table, axis=1)
    wrong = np.zeros(table.shape, bool)
    with np.errstate(invalid="ignore"):
        wrong[:, 1:] = table[:, 1:] <= below[:, :-1]
    found = []
    for row in np.flatnonzero(wrong.any(axis=1)):
        values = table[row]
        swapped = rising_by_swap(values)
        shown = " / ".join("—" if np.isnan(value) else f"{value:g}" for value in values)
        gives = "" if swapped is None else " / ".join("—" if np.isnan(v) else f"{v:g}" for v in swapped)
        for n in np.flatnonzero(wrong[row]):
            lower = max((k for k in range(n) if not np.isnan(values[k])), key=lambda k: values[k])
            facts: dict[str, Fact] = {
                "window_h": str(window_h),
                "lower": level_words(levels[lower])[1],
                "higher": level_words(levels[n])[1],
                "lower_en": levels[lower],
                "higher_en": levels[n],
                "lower_mm": f"{values[lower]:g}",
                "higher_mm": f"{values[n]:g}",
            }
            found.append(
                Finding("levels", entries.line(int(row)), threshold_key(window_h, levels[n]), "not_rising", facts,
                        f"{window_h} h {shown}", gives, mend="swap_levels" if gives else "")
            )  # fmt: skip
    return found


def _shorter_higher(entries: Entries, level: str, short_h: int, long_h: int) -> list[Finding]:
    short, long = entries.thresholds_mm[short_h, level], entries.thresholds_mm[long_h, level]
    with np.errstate(invalid="ignore"):
        odd = np.flatnonzero(short > long)
    return [
        Finding(
            *("levels", entries.line(int(row)), threshold_key(short_h, level), "shorter_higher"),
            {
                "color": level_words(level)[1],
                "color_en": level,
                "short_h": str(short_h),
                "short_mm": f"{short[row]:g}",
                "long_h": str(long_h),
                "long_mm": f"{long[row]:g}",
            },
            f"{short_h} h {short[row]:g}, {long_h} h {long[row]:g}",
            refuses=False,
        )
        for row in odd
    ]
