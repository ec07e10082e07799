"""Check: two rows of one id, or of one name within 20 m; an id or name with characters that nobody sees."""

from __future__ import annotations

import unicodedata

import numpy as np

from models.geodesy import FloatArray
from models.register.checks.ground import Ground
from models.register.description import GeometryType
from models.register.entries import Entries
from models.register.finding import Fact, Finding

KINDS: tuple[str, ...] = ("duplicates", "control")
NEAR_M = 20.0
_M_PER_DEG = 111_195.0


def find(entries: Entries, ground: Ground) -> list[Finding]:
    """Return of each pair the row that goes: the one with the older date, the later line where dates do not say."""
    del ground
    found: dict[int, Finding] = {}
    stamps = newest_stamp(entries)
    newest: dict[str, int] = {}
    for row, text in enumerate(entries.texts.get("id", [])):
        key = same_id(text)
        if key and key in newest:
            stays, goes = _newer(stamps, newest[key], row)
            facts: dict[str, Fact] = {"value": text, "line": entries.line(stays)}
            code = "doubled" if stays < goes else "doubled_newer"
            found[goes] = _finding(entries, stamps, stays, goes, "id", code, facts)
            newest[key] = stays
        elif key:
            newest[key] = row
    has_place = entries.description.geometry is not GeometryType.NONE  # two people may share name and village
    for rows in _of_one_name(entries.texts.get("name", [])) if has_place else ():
        for later, row in enumerate(rows[1:], start=1):
            if row in found:
                continue
            far = np.where(_same_day(entries, row, rows[:later]), _far_m(entries, row, rows[:later]), np.inf)
            near = [(far[n], other) for n, other in enumerate(rows[:later]) if far[n] <= NEAR_M and other not in found]
            if near:
                meters, other = min(near)
                stays, goes = _newer(stamps, other, row)
                facts = {"line": entries.line(stays), "meters": round(float(meters))}
                found[goes] = _finding(entries, stamps, stays, goes, "name", "same_name_near", facts)
    return [*found.values(), *_with_control(entries)]


def missing(entries: Entries, ground: Ground) -> str:
    """Nothing is needed besides the rows."""
    del entries, ground
    return ""


def same_id(text: str) -> str:
    """Return what two ids have in common that look the same: width, case and unseen characters do not count.

    Examples
    --------
    >>> same_id("Ｂ１\u200b") == same_id("b1")
    True
    """
    wide = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", "".join(one for one in wide if unicodedata.category(one) != "Cf")).strip()


def _with_control(entries: Entries) -> list[Finding]:
    """Return ids and names with control characters: no list shows them. A name may stand on two lines."""
    found: list[Finding] = []
    for field, allowed in (("id", ""), ("name", "\t\r\n")):
        for row, text in enumerate(entries.texts.get(field, [])):
            if any(unicodedata.category(one) == "Cc" and one not in allowed for one in text):
                shown = repr(text)[1:-1]
                found.append(Finding("control", entries.line(row), field, "control", {"value": shown}, shown))
    return found


def newest_stamp(entries: Entries) -> list[str]:
    """Return the latest date in each row that is no deadline, ISO, empty without one."""
    dates = [one.key for one in entries.description.fields if one.type == "date" and one.due_days != 0]
    columns = [entries.values[key] for key in dates if key in entries.values]
    return [max((str(value) for value in row if value), default="") for row in zip(*columns, strict=True)] or (
        [""] * entries.count
    )


def _newer(stamps: list[str], first: int, second: int) -> tuple[int, int]:
    """Return which of two rows stays and which goes."""
    return (second, first) if stamps[second] > stamps[first] else (first, second)


def _finding(
    entries: Entries, stamps: list[str], stays: int, goes: int, field: str, code: str, facts: dict[str, Fact]
) -> Finding:
    in_file = " ".join(part for part in (entries.text("id", goes), stamps[goes]) if part)
    gives = f"{entries.line(stays)} > {entries.line(goes)}"
    return Finding("duplicates", entries.line(goes), field, code, facts, in_file, gives, mend="keep_newer")


def _of_one_name(names: list[str]) -> list[list[int]]:
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        if name:
            rows.setdefault(name, []).append(row)
    return [its for its in rows.values() if len(its) > 1]


def _same_day(entries: Entries, row: int, others: list[int]) -> list[bool]:
    """Say which rows tell of the same day, where every entry has a day; what happened twice is no double."""
    days = [one.key for one in entries.description.fields if one.type == "date" and one.required]
    columns = [entries.values[key] for key in days if key in entries.values]
    return [all(column[row] == column[other] for column in columns) for other in others]


def _far_m(entries: Entries, row: int, others: list[int]) -> FloatArray:
    """Return how far other rows lie, in m on the ground; NaN without a place."""
    index = np.array(others)
    east = (entries.lon_deg[index] - entries.lon_deg[row]) * np.cos(np.radians(entries.lat_deg[row]))
    return _M_PER_DEG * np.asarray(np.hypot(east, entries.lat_deg[index] - entries.lat_deg[row]), float)
