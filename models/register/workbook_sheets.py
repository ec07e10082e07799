"""The sheets of a workbook: what stands in each, and which of them is meant where nobody says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import python_calamine

from models.errors import DataError
from models.register.header_lines import find_header
from models.register.table import Sheet

_LOOKED_AT = 40
_NAMED, _LONGEST_NAME = 20, 31  # Excel itself takes no longer ones
_VISIBLE = python_calamine.SheetVisibleEnum.Visible


def sheets_of(book: python_calamine.CalamineWorkbook, source: str) -> tuple[Sheet, ...]:
    """Return the sheets of a workbook in their order; charts and macros are none.

    A workbook with one sheet alone is not looked into: its rows are 0.

    Raises
    ------
    DataError
        ``table.same_names``: of two sheets of one name, the reader would give the first for either.
    """
    sheets = [one for one in book.sheets_metadata if one.typ == python_calamine.SheetTypeEnum.WorkSheet]
    if len(sheets) < 2:
        return tuple(Sheet(one.name, is_hidden=one.visible != _VISIBLE) for one in sheets)
    (name, count), *_ = Counter(one.name for one in sheets).most_common(1)
    if count > 1:
        raise DataError("table.same_names", file=source, count=count, name=listed([name]))
    return tuple(
        Sheet(one.name, *_extent(book.get_sheet_by_name(one.name)), is_hidden=one.visible != _VISIBLE) for one in sheets
    )


def tables_among(sheets: Sequence[Sheet]) -> tuple[Sheet, ...]:
    """Return the sheets one of which must be meant: those that are seen and hold rows under a header."""
    return tuple(one for one in sheets if one.is_table and not one.is_hidden)


def sheet_meant(sheets: Sequence[Sheet], source: str, usual: str = "") -> str:
    """Return the one sheet with a table, or the ``usual`` one of several; empty where none has one.

    Raises
    ------
    DataError
        ``table.several_sheets`` with their names, rows and columns.
    """
    found = tables_among(sheets)
    if len(found) > 1:
        if usual and any(one.name == usual and one.is_table for one in sheets):
            return usual
        names = listed([one.name for one in found], [f" ({one.rows} × {one.columns})" for one in found])
        raise DataError("table.several_sheets", file=source, count=len(found), names=names)
    return found[0].name if found else ""


def listed(names: Sequence[str], more: Sequence[str] = ()) -> str:
    """Return names of sheets as a sentence can hold them, each with what stands behind it: the first, each on one line."""
    shown = [
        "".join(sign if sign.isprintable() else " " for sign in name[:_LONGEST_NAME])
        + ("…" if len(name) > _LONGEST_NAME else "")
        + behind
        for name, behind in zip(names[:_NAMED], more or [""] * len(names), strict=False)
    ]
    return ", ".join([*shown, *(["…"] if len(names) > _NAMED else [])])


def _extent(sheet: python_calamine.CalamineSheet) -> tuple[int, int]:
    """Return how many lines go from a sheet's header to its last one, and how many columns have a title."""
    if sheet.end is None:
        return 0, 0
    header = find_header(
        sheet.to_python(skip_empty_area=False, nrows=_LOOKED_AT),  # type: ignore[arg-type]  # its cells are wider
        sheet.merged_cell_ranges or (),
    )
    if header is None:
        return 0, 0
    return max(0, sheet.end[0] + 1 - header.row - header.depth), sum(map(bool, header.titles))
