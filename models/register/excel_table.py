"""Registers as Excel and WPS workbooks, looked over before anything large is unpacked."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar

import python_calamine

from models.errors import DataError
from models.file_fault import unreadable
from models.register.excel_errors import NOT_COMPUTED, odd_cells
from models.register.header_lines import Merged, find_header
from models.register.old_excel_errors import odd_cells_of_old
from models.register.table import Cell, Guess, Sheet, Table
from models.register.text_table import MOST_COLUMNS, MOST_ROWS
from models.register.workbook_sheets import listed, sheet_meant, sheets_of

T = TypeVar("T")

MOST_UNPACKED_BYTES = 200 * 1024 * 1024
MOST_CELLS = 6_000_000
_CHUNK = 1 << 20
_REFERENCE = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]*)(\d+)""")
_ROW = re.compile(rb"<(?:[^\s<>:/]+:)?row(?=[\s/>])")
_ROW_WITH = re.compile(rb"""<(?:[^\s<>:/]+:)?row\s+r\s*=\s*["']\d""")
_ROW_END = re.compile(rb"</(?:[^\s<>:/]+:)?row(?=[\s>])")
_CELL = re.compile(rb"<(?:[^\s<>:/]+:)?c(?=[\s/>])")
_CELL_WITH = re.compile(rb"""<(?:[^\s<>:/]+:)?c\s+r\s*=\s*["'][A-Za-z]""")
_FORMULA_OR_ERROR = re.compile(rb"""<(?:\w+:)?f(?=[\s/>])|\bt\s*=\s*["']e["']""")
_OF_OTHERS = {"xl/workbook.bin", "content.xml", "mimetype"}  # what the reader would try next
_FIRST_OF_BOOK = b"\x09\x08\x10\x00\x00\x06\x05\x00"  # BOF of a BIFF8 workbook
_FILEPASS, _BOUNDSHEET, _LOOKED_AT = 0x2F, 0x85, 20
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read_excel(data: bytes, source: str, sheet: str = "", usual: str = "") -> Table:
    """Return the table of a sheet: of the named one, else of the one that has a table, of several the ``usual`` one.

    Raises
    ------
    DataError
        ``table.password``, ``table.broken_zip``, ``table.too_much``, ``table.too_many_rows``, ``table.too_wide``,
        ``table.no_excel``, ``table.no_sheet``, ``table.same_names``, ``table.several_sheets``, ``table.empty``.
    """
    return _read(data, source, lambda book, odd: _sheet_of(book, source, sheet, usual, odd))


def sheets_in(data: bytes, source: str) -> tuple[Sheet, ...]:
    """Return the sheets of a workbook, as `sheets_of` does.

    Raises
    ------
    DataError
        As `read_excel`, when the file cannot be read.
    """
    return _read(data, source, lambda book, _: sheets_of(book, source))


def _read(data: bytes, source: str, take: Callable[[python_calamine.CalamineWorkbook, bytes], T]) -> T:
    """Open a workbook; ``take`` gets it, and the file where it has formulas or errors, that the reader shows empty."""
    odd = False
    if data[:2] == b"PK":
        odd = _look_over(data, source)
    elif _ENCRYPTED in data or _is_locked(data):
        raise DataError("table.password", file=source)
    try:
        with python_calamine.load_workbook(io.BytesIO(data)) as book:
            return take(book, data if odd or data[:2] != b"PK" else b"")
    except python_calamine.PasswordError as error:
        raise DataError("table.password", file=source) from error
    except python_calamine.CalamineError as error:
        if "assword" in str(error):
            raise DataError("table.password", file=source) from error
        raise unreadable(Path(source), error, "table.no_excel") from error
    except BaseException as error:
        # WORKAROUND: a file cut off within its tables makes calamine panic, which is no Exception:
        # https://github.com/tafia/calamine/issues
        if type(error).__name__ != "PanicException":
            raise
        raise unreadable(Path(source), error, "table.no_excel") from error


def _is_locked(data: bytes) -> bool:
    """Say whether an old workbook is encrypted: a FILEPASS record follows its first one."""
    at = data.find(_FIRST_OF_BOOK)
    for _ in range(_LOOKED_AT):
        if at < 0 or at + 4 > len(data):
            return False
        kind, length = struct.unpack_from("<HH", data, at)
        if kind in {_FILEPASS, _BOUNDSHEET}:
            return bool(kind == _FILEPASS)
        at += 4 + length
    return False


def _look_over(data: bytes, source: str) -> bool:
    """Refuse what is cut off, unpacks to too much or spreads too far; return whether there is a formula or an error.

    Which member is a sheet only the reader knows, by its own lists: each that could be one is looked over.
    """
    odd, unpacked = False, 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            members = packed.infolist()
            names = {one.filename.replace("\\", "/").casefold().lstrip("/") for one in members}
            if "xl/workbook.xml" not in names or names & _OF_OTHERS:
                raise DataError("table.other_zip", file=source)
            if sum(one.file_size for one in members) > MOST_UNPACKED_BYTES:
                raise DataError("table.too_much", file=source, most_mib=MOST_UNPACKED_BYTES >> 20)
            for one in members:
                if one.flag_bits & 1:
                    raise DataError("table.password", file=source)
                one.file_size = MOST_UNPACKED_BYTES + 1  # read to the real end: the directory may lie
                with packed.open(one) as part:
                    look = _Look(source)
                    while piece := part.read(_CHUNK):
                        unpacked += len(piece)
                        if unpacked > MOST_UNPACKED_BYTES:
                            raise DataError("table.too_much", file=source, most_mib=MOST_UNPACKED_BYTES >> 20)
                        look.take(piece)
                odd |= look.finish()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise unreadable(Path(source), error, "table.broken_zip") from error
    return odd


class _Look:
    """Measures a member piece by piece: no sheet that the reader lays out of it is larger than what is found here.

    The reader takes a cell's place from its reference, in any quotes and any case, or counts on from the one before.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._before, self._is_sheet, self._odd = b"", False, False
        self._cells_seen = self._rows_seen = self._uncounted_rows = self._last_row = 0
        self._width = self._in_row = self._widest_row = 0

    def take(self, piece: bytes) -> None:
        """Look at a piece; what stands behind its last tag waits for the next one."""
        text = self._before + piece
        cut = text.rfind(b"</row")
        if cut <= 0 or len(text) - cut > _CHUNK:
            cut = max(text.rfind(b"<"), 0)
        text, self._before = text[:cut], text[cut:]
        self._measure(text)
        if len(self._before) > 4 * _CHUNK:
            if self._is_sheet:
                raise DataError("table.too_much", file=self._source, most_mib=MOST_UNPACKED_BYTES >> 20)
            self._before = self._before[-_CHUNK:]

    def finish(self) -> bool:
        """Refuse a sheet that spreads too far; return whether it has a formula or an error."""
        self._measure(self._before)
        if not self._is_sheet:
            return False
        last_row, width = self._last_row + self._uncounted_rows, self._width + max(self._widest_row, self._in_row)
        if self._rows_seen > MOST_ROWS or last_row > 1_048_576:
            raise DataError("table.too_many_rows", file=self._source, most=MOST_ROWS)
        # The reader lays a sheet out as one block from the first cell to the last.
        if width > MOST_COLUMNS and width * last_row > MOST_CELLS:
            raise DataError("table.too_wide", file=self._source, count=width, most=MOST_COLUMNS)
        if width * last_row > MOST_CELLS:
            raise DataError("table.too_many_rows", file=self._source, most=MOST_ROWS)
        return self._odd

    def _measure(self, text: bytes) -> None:
        self._is_sheet = self._is_sheet or b"sheetData" in text
        found = _REFERENCE.findall(text)
        self._last_row = max(self._last_row, *map(int, {row for _, row in found}), 0)
        self._width = max(self._width, *map(_column_number, {column for column, _ in found}), 0)
        rows = len(_ROW.findall(text))
        self._rows_seen += rows
        self._uncounted_rows += rows - len(_ROW_WITH.findall(text))
        self._odd = self._odd or _FORMULA_OR_ERROR.search(text) is not None
        cells = len(_CELL.findall(text))
        self._cells_seen += cells
        if self._cells_seen > MOST_CELLS:
            raise DataError("table.too_many_rows", file=self._source, most=MOST_ROWS)
        if cells == len(_CELL_WITH.findall(text)):
            return
        for n, part in enumerate(_ROW_END.split(text)):
            if n:
                self._widest_row, self._in_row = max(self._widest_row, self._in_row), 0
            self._in_row += len(_CELL.findall(part)) - len(_CELL_WITH.findall(part))


def _column_number(name: bytes) -> int:
    number = 0
    for letter in name.upper():
        number = number * 26 + letter - 64
    return number


def _sheet_of(book: python_calamine.CalamineWorkbook, source: str, wanted: str, usual: str, odd: bytes) -> Table:
    sheets = sheets_of(book, source)
    names = [one.name for one in sheets if wanted or not one.is_hidden]
    if wanted and wanted not in names:
        raise DataError("table.no_sheet", file=source, sheet=listed([wanted]), names=listed(names))
    meant = wanted or sheet_meant(sheets, source, usual)
    for name in [meant] if meant else names:
        sheet = book.get_sheet_by_name(name)
        if sheet.end is None:
            continue
        if sheet.width > MOST_COLUMNS:
            raise DataError("table.too_wide", file=source, count=sheet.width, most=MOST_COLUMNS)
        if sheet.width * sheet.height > MOST_CELLS:
            raise DataError("table.too_many_rows", file=source, most=MOST_ROWS)
        guesses = [] if len(names) == 1 or wanted else [Guess("sheet", {"sheet": name, "count": len(names)})]
        table = _laid_out(sheet, source, name, guesses, _odd_cells(odd, name))
        if table is not None:
            return replace(table, sheets=sheets if len(sheets) > 1 else ())
    raise DataError("table.empty", file=source, sheet=wanted)


def _laid_out(
    sheet: python_calamine.CalamineSheet,
    source: str,
    name: str,
    guesses: list[Guess],
    odd: Mapping[tuple[int, int], str],
) -> Table | None:
    rows = [tuple(_cell(cell) for cell in row) for row in sheet.to_python(skip_empty_area=False)]
    if without_value := sum(held.startswith(NOT_COMPUTED) for held in odd.values()):
        guesses.append(Guess("formula_without_value", {"count": without_value}))
    _put_odd(rows, odd)
    merged: Sequence[Merged] = sheet.merged_cell_ranges or ()
    header = find_header(rows[:40], merged)
    if header is None:
        return None
    line = header.row + 1
    if sum(any(cell is not None for cell in row) for row in rows[: header.row]):
        guesses.append(Guess("header_line", {"line": line, "count": header.row}, line))
    if header.depth > 1:
        guesses.append(Guess("two_line_header", {"line": line, "count": header.depth}, line))
    first = header.row + header.depth
    width = max((n + 1 for n, title in enumerate(header.titles) if title), default=0)
    filled = _fill_merged(rows, merged, first)
    if filled:
        guesses.append(Guess("merged_cells", {"count": filled}, line))
    kept = [n for n in range(first, len(rows)) if any(cell is not None for cell in rows[n])]
    empty = [n + 1 for n in range(first, kept[-1] if kept else first) if all(cell is None for cell in rows[n])]
    if empty:
        shown = ", ".join(map(str, empty[:6])) + (" …" if len(empty) > 6 else "")
        guesses.append(Guess("empty_rows", {"count": len(empty), "lines": shown}, line))
    return Table(
        source,
        header.titles[:width],
        tuple(_cut(rows[n], width) for n in kept),
        tuple(n + 1 for n in kept),
        line,
        name,
        guesses=tuple(guesses),
    )


def _odd_cells(data: bytes, sheet: str) -> dict[tuple[int, int], str]:
    if not data:
        return {}
    return odd_cells(data, sheet) if data[:2] == b"PK" else odd_cells_of_old(data, sheet)


def _put_odd(rows: list[tuple[Cell, ...]], odd: Mapping[tuple[int, int], str]) -> None:
    """Put errors and formulas without value into their cells; a row that holds nothing else stays empty."""
    filled = {row for row, _ in odd if row < len(rows) and any(cell is not None for cell in rows[row])}
    for (row, column), held in odd.items():
        if row in filled and column < MOST_COLUMNS:
            longer = rows[row] + (None,) * (column + 1 - len(rows[row]))
            rows[row] = (*longer[:column], held, *longer[column + 1 :])


def _cut(row: tuple[Cell, ...], width: int) -> tuple[Cell, ...]:
    """Return a row without the empty cells behind its last column."""
    end = len(row)
    while end > width and row[end - 1] is None:
        end -= 1
    return row[:end]


def _fill_merged(rows: list[tuple[Cell, ...]], merged: Sequence[Merged], first: int) -> int:
    """Repeat what stands once for several rows; return how many cells that filled."""
    filled = 0
    for (top, left), (bottom, right) in merged:
        if top < first or bottom == top or left != right or top >= len(rows):
            continue
        value = rows[top][left] if left < len(rows[top]) else None
        for n in range(top + 1, min(bottom + 1, len(rows))):
            if value is not None and left < len(rows[n]) and any(cell is not None for cell in rows[n]):
                rows[n] = (*rows[n][:left], value, *rows[n][left + 1 :])
                filled += 1
    return filled


def _cell(cell: Any) -> Cell:
    if isinstance(cell, str):
        return cell if cell.strip() else None
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 1e15 else cell
    if isinstance(cell, datetime):
        return cell.date() if cell.time() == time() else cell
    if isinstance(cell, time | timedelta):
        return str(cell)
    return cell if isinstance(cell, date | int) else None
