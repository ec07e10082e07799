"""Check: a threshold that a row lacks and nearly all others of its kind have."""

from __future__ import annotations

import numpy as np

from models.geodesy import FloatArray
from models.register.checks.ground import Ground
from models.register.entries import Entries
from models.register.finding import Finding
from models.register.mapping import column_words, threshold_key

KINDS: tuple[str, ...] = ("thresholds",)
_LEAST_ROWS = 5
_USUAL = 0.8


def find(entries: Entries, ground: Ground) -> list[Finding]:
    """Return thresholds that are missing; the mend gives what the same kind has in that town, else anywhere."""
    del ground
    if all(one.type != "thresholds" for one in entries.description.fields):
        return []
    mm = entries.thresholds_mm
    if not mm:
        return [Finding("columns", 1, "thresholds", "no_threshold_columns", refuses=False)]
    found: list[Finding] = []
    none = np.ones(entries.count, bool)
    for column in mm.values():
        none &= np.isnan(column)
    kinds = np.array(entries.kinds, dtype=object)
    towns = np.array(entries.texts.get("town", [""] * entries.count), dtype=object)
    for key, column in mm.items():
        name = threshold_key(*key)
        for kind in set(entries.kinds):
            of_kind = kinds == kind
            filled = of_kind & ~np.isnan(column)
            if of_kind.sum() < _LEAST_ROWS or filled.sum() < _USUAL * of_kind.sum():
                continue
            for row in np.flatnonzero(of_kind & ~filled & ~none):
                if (entries.line(int(row)), name) in entries.unread:
                    continue
                gives = _usual(column, filled, towns, int(row))
                there, there_en = _there(entries, int(row))
                zh, en = column_words(name, entries.description)
                facts = {"column_zh": zh, "column_en": en, "there": there, "there_en": there_en}
                found.append(
                    Finding("thresholds", entries.line(int(row)), name, "threshold_missing", facts, "", gives,
                            refuses=False, mend="usual_threshold" if gives else "")
                )  # fmt: skip
    accused = {line for line, field in entries.unread if field.endswith("h")}
    found += [
        Finding("thresholds", entries.line(int(row)), "", "no_thresholds", refuses=False)
        for row in np.flatnonzero(none)
        if entries.line(int(row)) not in accused
    ]
    return found


def missing(entries: Entries, ground: Ground) -> str:
    """Nothing is needed besides the rows."""
    del entries, ground
    return ""


def _usual(column: FloatArray, filled: np.ndarray, towns: np.ndarray, row: int) -> str:
    """Return the middle value of the town's rows of this kind, else of all of this kind."""
    near = filled & (towns == towns[row])
    values = column[near] if near.sum() >= 3 else column[filled]
    return f"{float(np.median(values)):.15g}" if values.size else ""


def _there(entries: Entries, row: int) -> tuple[str, str]:
    """Return the thresholds that the row has, for a sentence in Chinese and in English."""
    has = [key for key, column in entries.thresholds_mm.items() if not np.isnan(column[row])]
    words = [column_words(threshold_key(*key), entries.description) for key in has[:6]]
    more = " …" if len(has) > 6 else ""
    return "、".join(zh for zh, _ in words) + more, ", ".join(en for _, en in words) + more
