"""Where the header of a sheet stands: below a title, over two lines, in merged cells."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from models.register.table import Cell

_LOOKED_AT = 20
_TIMES = re.compile(r"\d{1,2}(h|小时|时)?", re.IGNORECASE)

Merged = tuple[tuple[int, int], tuple[int, int]]
"""First and last (row, column) of cells that were made one, from 0, both inside."""


@dataclass(frozen=True, slots=True)
class Header:
    """``row`` is where the header begins, ``depth`` how many rows it takes."""

    titles: tuple[str, ...]
    row: int
    depth: int


def find_header(rows: Sequence[Sequence[Cell]], merged: Sequence[Merged] = ()) -> Header | None:
    """Return the header of a sheet, None if nothing is there.

    The header is the first row that is at least half as full as the fullest of the first twenty, so that a title
    and a line about the sender stand above it. It takes two or more rows where merged cells say so, or where the
    row below names just what the first leaves empty.
    """
    counts = [sum(_filled(cell) for cell in row) for row in rows[:_LOOKED_AT]]
    widest = max(counts, default=0)
    if not widest:
        return None
    first = next(n for n, count in enumerate(counts) if count and count >= min(widest, max(2, widest / 2)))
    depth = _depth(rows, first, merged)
    width = max(len(row) for row in rows[first : first + depth])
    titles = [_own(rows[first], n) for n in range(width)]
    for lower in range(first + 1, first + depth):
        above = _spread(titles, rows[first], lower, merged)
        titles = [_joined(above[n], titles[n], _own(rows[lower], n)) for n in range(width)]
    return Header(tuple(titles), first, depth)


def number_in(cell: Cell) -> float:
    """Return a finite number, also one written as text in any width; NaN if it is none."""
    if isinstance(cell, bool) or cell is None:
        return math.nan
    if isinstance(cell, int | float):
        return float(cell) if math.isfinite(cell) else math.nan
    if not isinstance(cell, str) or "_" in cell:
        return math.nan
    try:
        value = float(unicodedata.normalize("NFKC", cell).strip())
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan


def _filled(cell: Cell) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def _own(row: Sequence[Cell], n: int) -> str:
    cell = row[n] if n < len(row) else None
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else re.sub(r"\s*[\r\n]+\s*", "", str(cell)).strip()


def _depth(rows: Sequence[Sequence[Cell]], first: int, merged: Sequence[Merged]) -> int:
    """Return over how many rows the header goes."""
    down = [end[0] - first + 1 for start, end in merged if start[0] == first and end[0] > first]
    if down and max(down) <= 4 and len(rows) > first + max(down):
        return max(down)
    if first + 2 >= len(rows):
        return 1
    upper, lower = rows[first], rows[first + 1]
    width = max(len(upper), len(lower))
    up, low = ([_filled(row[n]) if n < len(row) else False for n in range(width)] for row in (upper, lower))
    names_gaps = any(b and not a for a, b in zip(up, low, strict=True))
    leaves_rest = any(a and not b for a, b in zip(up, low, strict=True))
    words = all(isinstance(cell, str) and (_TIMES.fullmatch(cell.strip()) or math.isnan(number_in(cell)))
                for cell in lower if _filled(cell))  # fmt: skip
    # A row of data fills more of the named columns than it leaves; the second row of a header does not.
    under = sum(a and b for a, b in zip(up, low, strict=True))
    return 2 if names_gaps and leaves_rest and words and under <= sum(up) / 2 else 1


def _spread(titles: list[str], upper: Sequence[Cell], lower: int, merged: Sequence[Merged]) -> list[str]:
    """Return the titles with each that goes over several columns repeated there."""
    out = list(titles)
    for start, end in merged:
        if start[0] < lower <= end[0] + 1 and end[1] > start[1] and start[1] < len(out):
            for n in range(start[1], min(end[1] + 1, len(out))):
                out[n] = out[n] or out[start[1]]
    if not merged:
        for n in range(1, len(out)):
            if not out[n] and not (n < len(upper) and _filled(upper[n])):
                out[n] = out[n - 1]
    return out


def _joined(above: str, own: str, below: str) -> str:
    return f"{above} {below}" if above and below and above != below else below or own
