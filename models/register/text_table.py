"""Registers as text: CSV in UTF-8, UTF-16 or GB18030, with commas, semicolons or tabs."""

from __future__ import annotations

import csv
import io

from models.errors import DataError
from models.file_fault import in_our_words
from models.register.header_lines import find_header
from models.register.table import Cell, Guess, Table

MOST_ROWS = 200_000
MOST_COLUMNS = 400


def read_text(data: bytes, source: str) -> Table:
    """Return the table of a CSV file; a cell is text as it stands there.

    Raises
    ------
    DataError
        ``table.encoding``, ``table.empty``, ``table.broken``, ``table.too_many_rows``, ``table.too_wide``.
    """
    text, guesses = _decoded(data, source)
    head = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max(",;\t", key=lambda sign: (head.count(sign), sign == ","))
    if separator != ",":
        guesses.append(Guess("separator", {"separator": "Tab" if separator == "\t" else separator}))
    rows, lines = _rows(text, separator, source)
    header = find_header(rows[:40])
    if header is None:
        raise DataError("table.empty", file=source, sheet="")
    if header.row:
        guesses.append(Guess("header_line", {"line": lines[header.row], "count": header.row}))
    if header.depth > 1:
        guesses.append(Guess("two_line_header", {"line": lines[header.row], "count": header.depth}))
    first = header.row + header.depth
    return Table(
        source, header.titles, tuple(rows[first:]), tuple(lines[first:]), lines[header.row], guesses=tuple(guesses)
    )


def _decoded(data: bytes, source: str) -> tuple[str, list[Guess]]:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16"), [Guess("encoding", {"encoding": "UTF-16"})]
        except UnicodeDecodeError as broken:
            raise DataError("table.encoding", file=source) from broken
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("gb18030"), [Guess("encoding", {"encoding": "GB18030"})]
    except UnicodeDecodeError as broken:
        raise DataError("table.encoding", file=source) from broken


def _rows(text: str, separator: str, source: str) -> tuple[list[tuple[Cell, ...]], list[int]]:
    """Return the rows that hold anything, each with the line it begins in."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    rows: list[tuple[Cell, ...]] = []
    lines: list[int] = []
    before = 0
    try:
        for cells in reader:
            begins, before = before + 1, reader.line_num
            if len(cells) > MOST_COLUMNS:
                raise DataError("table.too_wide", file=source, count=len(cells), most=MOST_COLUMNS)
            if not any(cell.strip() for cell in cells):
                continue
            if len(rows) > MOST_ROWS:
                raise DataError("table.too_many_rows", file=source, most=MOST_ROWS)
            rows.append(tuple(_unescaped(cell) for cell in cells))
            lines.append(begins)
    except csv.Error as broken:
        zh, en = in_our_words(broken)
        raise DataError("table.broken", file=source, line=before + 1, cause_zh=zh, cause_en=en) from broken
    return rows, lines


def _unescaped(cell: str) -> Cell:
    """Return a cell without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    if not cell or cell.isspace():
        return None
    return cell[1:] if cell[0] == "'" and cell[1:2] in {"=", "+", "-", "@", "\t", "\r", "'"} else cell
