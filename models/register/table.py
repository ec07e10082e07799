"""A register as somebody handed it in: headers and rows of cells, with the lines as the owner counts them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import resources

Cell = str | int | float | date | None
"""Text, a number, a date (or a moment), or nothing."""


@dataclass(frozen=True, slots=True)
class Guess:
    """Something that was settled by looking: a code of ``phrases/register.toml`` under ``guessed``, with its facts."""

    code: str
    facts: Mapping[str, str | int] = dataclasses.field(default_factory=dict)
    line: int = 1
    field: str = ""

    def reason(self, language: str = "en") -> str:
        """Return the sentence in ``zh`` or ``en``."""
        return resources.phrase("register", f"guessed.{self.code}", language).format_map(self.facts)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook: its lines under the header and its titled columns."""

    name: str
    rows: int = 0
    columns: int = 0
    is_hidden: bool = False

    @property
    def is_table(self) -> bool:
        """Whether rows stand under a header; a single column is a note, no table."""
        return self.rows > 0 and self.columns > 1


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds.

    Parameters
    ----------
    source : str
        Name of the file.
    headers : tuple of str
        One for each column; empty where the file names none.
    rows : tuple of tuples
        Rows that hold anything, each as long as ``headers`` or longer (cells without a header).
    lines : tuple of int
        The line of each row as the owner's program counts them, from 1; a feature's number in a vector file.
    header_line : int
        Where the header stands; 0 in a vector file.
    sheet : str
        Sheet or layer that was read.
    wkbs : tuple of bytes
        The shape of each row in ``crs``, empty bytes for none; empty where the file has no shapes.
    crs : str
        ``EPSG:n``, WKT, ``wgs84``, ``gcj02`` or ``bd09``; empty if the file does not say.
    guesses : tuple of Guess
        What was settled by looking.
    sheets : tuple of Sheet
        All sheets of a workbook with several.
    """

    source: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    lines: tuple[int, ...]
    header_line: int = 1
    sheet: str = ""
    wkbs: tuple[bytes, ...] = ()
    crs: str = ""
    guesses: tuple[Guess, ...] = ()
    sheets: tuple[Sheet, ...] = ()

    def column(self, index: int) -> list[Cell]:
        """Return the cells of a column, None where a row is shorter."""
        return [row[index] if index < len(row) else None for row in self.rows]

    def columns(self) -> list[tuple[Cell, ...]]:
        """Return the cells of every column that has a header, None where a row is shorter."""
        width = len(self.headers)
        if not self.rows:
            return [()] * width
        return list(zip(*(row if len(row) == width else _fitted(row, width) for row in self.rows), strict=True))


def _fitted(row: tuple[Cell, ...], width: int) -> tuple[Cell, ...]:
    return (*row[:width], *(None,) * (width - len(row)))


def as_text(cell: Cell) -> str:
    """Return a cell as its owner reads it: trimmed text, whole numbers without a point, dates as ``YYYY-MM-DD``."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return str(cell)
