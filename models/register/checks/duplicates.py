"""Check: two rows of one id, or of one name within 20 m; an id or name with characters that nobody sees."""

from __future__ import annotations

import math
import unicodedata

import numpy as np

from models.geodesy import FloatArray
from models.register.checks.ground import Ground
from models.register.description import GeometryType
from models.register.entries import Entries
from models.register.finding import Fact, Finding
from models.register.record import Value

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
    if entries.description.geometry is not GeometryType.NONE:  # two people may share name and village
        _same_name_near(entries, stamps, found)
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
    if text.isascii():
        return text.casefold().strip()  # nothing in it is wide or unseen
    wide = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", "".join(one for one in wide if unicodedata.category(one) != "Cf")).strip()


def _with_control(entries: Entries) -> list[Finding]:
    """Return ids and names with control characters: no list shows them. A name may stand on two lines."""
    found: list[Finding] = []
    for field, allowed in (("id", ""), ("name", "\t\r\n")):
        for row, text in enumerate(entries.texts.get(field, [])):
            if text.isprintable():
                continue
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


def _same_name_near(entries: Entries, stamps: list[str], found: dict[int, Finding]) -> None:
    """Add the rows that go because another one of their name and day stands within 20 m; ``found`` are gone already.

    Rows that stay are kept in strips of latitude of that width, so that a row is held against three strips alone.
    """
    strip = np.floor(entries.lat_deg * (_M_PER_DEG / (1.001 * NEAR_M))).tolist()
    days = _days(entries)
    for rows in _of_one_name(entries.texts.get("name", [])):
        standing: dict[tuple[float, tuple[Value, ...]], list[int]] = {}
        for row in rows:
            if row in found or not math.isfinite(strip[row]):
                continue
            day = days[row] if days else ()
            others = [one for n in (-1, 0, 1) for one in standing.get((strip[row] + n, day), ())]
            far_m = _far_m(entries, row, others) if others else np.empty(0)
            near = [(meters, other) for meters, other in zip(far_m, others, strict=True) if meters <= NEAR_M]
            if not near:
                standing.setdefault((strip[row], day), []).append(row)
                continue
            meters, other = min(near)
            stays, goes = _newer(stamps, other, row)
            facts: dict[str, Fact] = {"line": entries.line(stays), "meters": round(float(meters))}
            found[goes] = _finding(entries, stamps, stays, goes, "name", "same_name_near", facts)
            if goes == other:
                standing[strip[other], day].remove(other)
                standing.setdefault((strip[row], day), []).append(row)


def _of_one_name(names: list[str]) -> list[list[int]]:
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        if name:
            rows.setdefault(name, []).append(row)
    return [its for its in rows.values() if len(its) > 1]


def _days(entries: Entries) -> list[tuple[Value, ...]]:
    """Return the day of each row where every entry has one, as what happened twice is no double; empty where none has."""
    days = [one.key for one in entries.description.fields if one.type == "date" and one.required]
    return list(zip(*(entries.values[key] for key in days if key in entries.values), strict=True))


def _far_m(entries: Entries, row: int, others: list[int]) -> FloatArray:
    """Return how far other rows lie, in m on the ground; NaN without a place."""
    index = np.array(others)
    east = (entries.lon_deg[index] - entries.lon_deg[row]) * np.cos(np.radians(entries.lat_deg[row]))
    return _M_PER_DEG * np.asarray(np.hypot(east, entries.lat_deg[index] - entries.lat_deg[row]), float)
