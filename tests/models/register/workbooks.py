"""Workbooks of several sheets for tests."""

from __future__ import annotations

from pathlib import Path

import openpyxl

Rows = list[list[object]]


def workbook(path: Path, sheets: dict[str, Rows], *hidden: str) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path
