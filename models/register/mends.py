"""One-click mends: each turns the rows that a kind of finding names into what its owner probably meant."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from models.geodesy import untangled
from models.register.checks.levels import rising_by_swap
from models.register.entries import rising_levels
from models.register.finding import Finding
from models.register.mapping import SHAPE, threshold_key, threshold_of_key
from models.register.quality import Quality
from models.register.table import Cell, Table


@dataclass(frozen=True, slots=True)
class Mended:
    """The table after a mend, how many rows it changed, and what the coordinates are to be read in now."""

    table: Table
    rows: int
    crs: str = ""


def apply(mend: str, quality: Quality) -> Mended:
    """Return the table after one mend of every row that has it; judge it anew then. Left out rows stay as they are."""
    findings = [one for one in quality.findings if one.mend == mend and one.line not in quality.left_out]
    if not findings:
        return Mended(quality.table, 0)
    return MENDS[mend](quality, findings)


def names() -> tuple[str, ...]:
    """Return the names of all mends, in the order they are made."""
    return tuple(MENDS)


def in_order(wanted: Iterable[str]) -> tuple[str, ...]:
    """Return the mends that are meant by their own names or by kinds of findings, in the order they are made."""
    asked = {one.strip().casefold() for one in wanted}
    return tuple(mend for mend in MENDS if mend in asked or _KIND[mend] in asked or "all" in asked)


def _convert(datum: str) -> Callable[[Quality, Sequence[Finding]], Mended]:
    def mend(quality: Quality, findings: Sequence[Finding]) -> Mended:
        del findings
        return Mended(quality.table, quality.rows_read, datum)

    return mend


def _keep_newer(quality: Quality, findings: Sequence[Finding]) -> Mended:
    goes = {int(one.gives.split(">")[1]) for one in findings}
    stays = [n for n, line in enumerate(quality.table.lines) if line not in goes]
    return Mended(_only(quality.table, stays), len(quality.table.lines) - len(stays))


def _put_coordinates(quality: Quality, findings: Sequence[Finding]) -> Mended:
    """Put what a finding gives into both cells."""
    return _put(
        quality, findings, lambda one: dict(zip(("lon", "lat"), one.gives.split(", "), strict=True)), number=True
    )


def _decimal_degrees(quality: Quality, findings: Sequence[Finding]) -> Mended:
    def cells(one: Finding) -> dict[str, str]:
        both = one.gives.split(", ")
        return dict(zip(("lon", "lat"), both, strict=True)) if len(both) == 2 else {one.field: one.gives}

    return _put(quality, findings, cells, number=True)


def _take_what_it_gives(quality: Quality, findings: Sequence[Finding]) -> Mended:
    return _put(quality, findings, lambda one: {one.field: one.gives})


def _usual_threshold(quality: Quality, findings: Sequence[Finding]) -> Mended:
    """Put the usual value in and mark it as one that was not measured here."""
    done = _put(quality, findings, lambda one: {one.field: one.gives}, number=True)
    index = quality.mapping.index("design")
    table = done.table
    if index is None:
        index = len(table.headers)
        wider = tuple((*(*row, *(None,) * (index - len(row)))[:index], None) for row in table.rows)
        table = replace(table, headers=(*table.headers, "design"), rows=wider)
    marks: dict[int, list[str]] = {}
    for one in findings:
        marks.setdefault(one.line, []).append(one.field)
    rows: list[tuple[Cell, ...]] = []
    for line, row in zip(table.lines, table.rows, strict=True):
        if line in marks:
            before = str(row[index]) if index < len(row) and row[index] else ""
            row = _with(row, index, ",".join([*([before] if before else []), *marks[line]]))  # noqa: PLW2901
        rows.append(row)
    return Mended(replace(table, rows=tuple(rows)), done.rows)


def _swap_levels(quality: Quality, findings: Sequence[Finding]) -> Mended:
    entries = quality.entries
    row_of = {int(line): n for n, line in enumerate(entries.lines)}

    def cells(one: Finding) -> dict[str, str]:
        window = threshold_of_key(one.field)
        if window is None:
            return {}
        levels = rising_levels(entries, window[0])
        row = row_of[one.line]
        swapped = rising_by_swap(np.array([entries.thresholds_mm[window[0], level][row] for level in levels]))
        if swapped is None:
            return {}
        pairs = zip(levels, swapped.tolist(), strict=True)
        return {threshold_key(window[0], level): f"{mm:.15g}" for level, mm in pairs if not math.isnan(mm)}

    return _put(quality, findings, cells, number=True)


def _make_valid(quality: Quality, findings: Sequence[Finding]) -> Mended:
    """Untangle shapes and keep of the result what is of the same dimension."""
    lines = {one.line for one in findings}
    table, wkbs = quality.table, list(quality.table.wkbs)
    index = quality.mapping.index(SHAPE)
    rows = list(table.rows)
    for n, line in enumerate(table.lines):
        if line not in lines:
            continue
        if wkbs:
            wkbs[n] = shapely.to_wkb(_untangled(shapely.from_wkb(wkbs[n])))
        elif index is not None:
            rows[n] = _with(rows[n], index, shapely.to_wkt(_untangled(shapely.from_wkt(str(rows[n][index]))), -1))
    return Mended(replace(table, wkbs=tuple(wkbs), rows=tuple(rows)), len(lines))


def _untangled(shape: shapely.Geometry) -> shapely.Geometry:
    if shapely.get_dimensions(shape) == 2 and (whole := untangled(shape)).area > 0:
        return whole
    made = shapely.make_valid(shape)
    parts = [part for part in shapely.get_parts(made) if shapely.get_dimensions(part) == shapely.get_dimensions(shape)]
    return parts[0] if len(parts) == 1 else shapely.union_all(parts) if parts else made


def _put(
    quality: Quality, findings: Sequence[Finding], cells: Callable[[Finding], dict[str, str]], *, number: bool = False
) -> Mended:
    """Return the table with cells changed as each finding says."""
    changes: dict[int, dict[int, Cell]] = {}
    factors = {one.index: one.factor for one in quality.mapping.columns if one.unit}
    for one in findings:
        for field, text in cells(one).items():
            index = quality.mapping.index(field)
            if index is not None:
                changes.setdefault(one.line, {})[index] = (
                    _in_unit_of_file(_number(text), factors.get(index, 1.0)) if number else text
                )
    rows = []
    for line, row in zip(quality.table.lines, quality.table.rows, strict=True):
        for index, cell in changes.get(line, {}).items():
            row = _with(row, index, cell)  # noqa: PLW2901
        rows.append(row)
    return Mended(replace(quality.table, rows=tuple(rows)), len(changes))


def _with(row: tuple[Cell, ...], index: int, cell: Cell) -> tuple[Cell, ...]:
    longer = row + (None,) * (index + 1 - len(row))
    return (*longer[:index], cell, *longer[index + 1 :])


def _number(text: str) -> int | float:
    return int(text) if re.fullmatch(r"-?\d+", text) else float(text)


def _in_unit_of_file(value: float, factor: float) -> Cell:
    return value if factor == 1.0 else round(value / factor, 9)


def _only(table: Table, rows: Sequence[int]) -> Table:
    return replace(
        table,
        rows=tuple(table.rows[n] for n in rows),
        lines=tuple(table.lines[n] for n in rows),
        wkbs=tuple(table.wkbs[n] for n in rows) if table.wkbs else (),
    )


# In the order they are made: what moves the rows comes before what rests on where they lie.
MENDS: dict[str, Callable[[Quality, Sequence[Finding]], Mended]] = {
    "convert_gcj02": _convert("gcj02"),
    "convert_bd09": _convert("bd09"),
    "make_valid": _make_valid,
    "swap_coordinates": _put_coordinates,
    "flip_sign": _put_coordinates,
    "decimal_degrees": _decimal_degrees,
    "decimal_point": _put_coordinates,
    "keep_newer": _keep_newer,
    "id_of_register": _take_what_it_gives,
    "town_from_position": _take_what_it_gives,
    "village_from_position": _take_what_it_gives,
    "usual_threshold": _usual_threshold,
    "swap_levels": _swap_levels,
    "number_from_people": _take_what_it_gives,
    "letters_to_digits": _take_what_it_gives,
}
_KIND = {
    "convert_gcj02": "shift",
    "convert_bd09": "shift",
    "make_valid": "shapes",
    "swap_coordinates": "swapped",
    "flip_sign": "coordinates",
    "decimal_degrees": "coordinates",
    "decimal_point": "coordinates",
    "keep_newer": "duplicates",
    "id_of_register": "known_twins",
    "town_from_position": "town",
    "village_from_position": "village",
    "usual_threshold": "thresholds",
    "swap_levels": "levels",
    "number_from_people": "phones",
    "letters_to_digits": "phones",
}
