"""Cells of a workbook that hold an error (``#N/A``) or a formula nobody has computed: the reader shows them empty."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from html import unescape

ERRORS = frozenset({
    *("#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#N/A", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#FIELD!"),
    *("#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#BUSY!", "#GETTING_DATA"),
})  # fmt: skip
NOT_COMPUTED = "#?"
"""What the text of a cell begins with whose formula holds no value; the formula follows."""
_CHUNK = 1 << 20
_LONGEST_FORMULA = 60
_ROW_END = re.compile(rb"</(?:\w+:)?row\s*>")
_ROW = re.compile(rb"<(?:\w+:)?row(?=[\s/>])([^<>]*)>")
_CELL = re.compile(rb"<(?:\w+:)?c(?=[\s/>])")
_ATTRIBUTE = re.compile(rb"""\b(r|t)\s*=\s*["']\s*([^"'\s]*)""")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^<>]*)?>([^<]*)</")
_FORMULA = re.compile(rb"<(?:\w+:)?f(?=[\s/>])[^<>]*?(?:/>|>([^<]*)</)")
_ODD = re.compile(rb"""\bt\s*=\s*["']e["']|<(?:\w+:)?f(?=[\s/>])""")
_SHEET = re.compile(r"<(?:\w+:)?sheet\s([^<>]*)>")
_TIE = re.compile(r"<(?:\w+:)?Relationship\s([^<>]*)>")
_PAIR = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def error_in(text: str) -> str:
    """Return the error that a cell's text is, or the formula that holds no value; empty for any other text.

    Examples
    --------
    >>> error_in(" #n/a"), error_in("#? =B1*2"), error_in("#3 gully")
    ('#N/A', '=B1*2', '')
    """
    plain = text.strip()
    if plain.startswith(f"{NOT_COMPUTED} ="):
        return plain.removeprefix(NOT_COMPUTED).strip()
    return plain.upper() if plain.upper() in ERRORS else ""


def odd_cells(data: bytes, sheet: str) -> dict[tuple[int, int], str]:
    """Return what a sheet's cells hold that the reader shows as empty, by (row, column) from 0.

    An error stands as it is shown (``#N/A``); a formula without a stored value as `NOT_COMPUTED` and its text. A
    formula whose value is an empty text is none of these. The workbook has been looked over for its size before.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        member = _member(packed, sheet)
        if member is None:
            return {}
        found: dict[tuple[int, int], str] = {}
        row = -1
        with packed.open(member) as part:
            before = b""
            while piece := part.read(_CHUNK):
                *whole, before = _ROW_END.split(before + piece)
                for text in whole:
                    row = _of_row(text, row, found)
            _of_row(before, row, found)
    return found


def _of_row(text: bytes, last: int, found: dict[tuple[int, int], str]) -> int:
    """Put down the odd cells of a row; return its number, one more than the last where it does not say."""
    head = None
    row = last
    for head in _ROW.finditer(text):  # rows without cells have no end of their own
        said = dict(_ATTRIBUTE.findall(head[1])).get(b"r", b"")
        row = int(said) - 1 if said.isdigit() else row + 1
    if head is None or not _ODD.search(text):
        return row
    cells = _CELL.split(text[head.end() :])[1:]
    for n, cell in enumerate(cells):
        if _ODD.search(cell):
            attributes, _, inner = cell.partition(b">")
            if held := _held(dict(_ATTRIBUTE.findall(attributes)).get(b"t", b""), inner):
                found[row, _column(cells, n)] = held
    return row


def _column(cells: list[bytes], n: int) -> int:
    """Return the column of a cell: as its reference says, or counted on from the one before."""
    for back in range(n, -1, -1):
        said = dict(_ATTRIBUTE.findall(cells[back].partition(b">")[0])).get(b"r", b"")
        letters = said.rstrip(b"0123456789")
        if letters.isalpha():
            return _number(letters) + n - back
    return n


def _held(kind: bytes, inner: bytes) -> str:
    """Return the error or the formula without value of a cell, empty for any other."""
    value = _VALUE.search(inner)
    text = unescape(value[1].decode("utf-8", "replace")).strip() if value else ""
    if kind == b"e":
        return text if text.startswith("#") else "#VALUE!"
    formula = _FORMULA.search(inner)
    if formula is None or text or kind in {b"str", b"s", b"inlineStr"}:
        return ""
    said = unescape((formula[1] or b"").decode("utf-8", "replace")).strip()
    return f"{NOT_COMPUTED} ={said[:_LONGEST_FORMULA]}"


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number - 1


def _member(packed: zipfile.ZipFile, sheet: str) -> str | None:
    """Return the part of the archive that holds a sheet, None where the workbook's lists do not say."""
    names = {one.replace("\\", "/").casefold().lstrip("/"): one for one in packed.namelist()}
    lists = [names.get("xl/workbook.xml"), names.get("xl/_rels/workbook.xml.rels")]
    if None in lists:
        return None
    book, ties = (packed.read(str(one)).decode("utf-8", "replace") for one in lists)
    of_sheet = next((one for one in map(_pairs, _SHEET.findall(book)) if one.get("name") == sheet), {})
    tie = next((value for key, value in of_sheet.items() if key.endswith(":id")), "")
    target = next((one.get("Target", "") for one in map(_pairs, _TIE.findall(ties)) if one.get("Id") == tie), "")
    whole = posixpath.normpath(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
    return names.get(whole.casefold()) if target else None


def _pairs(text: str) -> dict[str, str]:
    return {key: unescape(one or other) for key, one, other in _PAIR.findall(text)}
