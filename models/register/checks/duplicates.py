"""Check: two rows of one id, or of one name within 20 m."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.geodesy import FloatArray
from models.register.checks.ground import Ground
from models.register.entries import Entries
from models.register.finding import Fact, Finding

KINDS: tuple[str, ...] = ("duplicates",)
NEAR_M = 20.0
_M_PER_DEG = 111_195.0


def find(entries: Entries, ground: Ground) -> list[Finding]:
    """Return each row that repeats one before it; the mend says which of the two is the newer."""
    del ground
    found: list[Finding] = []
    stamps = newest_stamp(entries)
    first: dict[str, int] = {}
    same_id: set[int] = set()
    for row, text in enumerate(entries.texts.get("id", [])):
        if not text:
            continue
        if text in first:
            same_id.add(row)
            facts: dict[str, Fact] = {"value": text, "line": entries.line(first[text])}
            found.append(_finding(entries, stamps, first[text], row, "doubled", facts, text))
        first.setdefault(text, row)
    names = entries.texts.get("name", [])
    for rows in _of_one_name(names):
        for later, row in enumerate(rows[1:], start=1):
            if row in same_id:
                continue
            far = _far_m(entries, row, rows[:later])
            near = [(far[n], other) for n, other in enumerate(rows[:later]) if far[n] <= NEAR_M]
            if near:
                meters, other = min(near)
                facts = {"line": entries.line(other), "meters": round(float(meters))}
                found.append(_finding(entries, stamps, other, row, "same_name_near", facts, entries.text("id", row)))
    return found


def missing(entries: Entries, ground: Ground) -> str:
    """Nothing is needed besides the rows."""
    del entries, ground
    return ""


def newest_stamp(entries: Entries) -> list[str]:
    """Return the latest date in each row that is no deadline, ISO, empty without one."""
    dates = [one.key for one in entries.description.fields if one.type == "date" and one.due_days != 0]
    columns = [entries.values[key] for key in dates if key in entries.values]
    return [max((str(value) for value in row if value), default="") for row in zip(*columns, strict=True)] or (
        [""] * entries.count
    )


def _finding(
    entries: Entries, stamps: list[str], other: int, row: int, code: str, facts: dict[str, str | int], text: str
) -> Finding:
    """Return the finding of the later row; the later line is the newer one where no date says otherwise."""
    stays, goes = (row, other) if stamps[row] >= stamps[other] else (other, row)
    gives = f"{entries.line(stays)} > {entries.line(goes)}"
    in_file = " ".join(part for part in (text, stamps[row]) if part)
    return Finding("duplicates", entries.line(row), "id" if code == "doubled" else "name", code, facts, in_file, gives,
                   mend="keep_newer")  # fmt: skip


def _of_one_name(names: list[str]) -> list[list[int]]:
    column = pd.Series(names, dtype="object")
    again = column[column.duplicated(keep=False) & (column != "")]
    return [sorted(int(again.index[n]) for n in rows) for rows in again.groupby(again, sort=False).indices.values()]


def _far_m(entries: Entries, row: int, others: list[int]) -> FloatArray:
    """Return how far other rows lie, in m on the ground; NaN without a place."""
    index = np.array(others)
    east = (entries.lon_deg[index] - entries.lon_deg[row]) * np.cos(np.radians(entries.lat_deg[row]))
    return _M_PER_DEG * np.asarray(np.hypot(east, entries.lat_deg[index] - entries.lat_deg[row]), float)
