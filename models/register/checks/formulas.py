"""Check: text that a spreadsheet would take for a formula, or a formula's error."""

from __future__ import annotations

from models.register.checks.ground import Ground
from models.register.entries import Entries
from models.register.finding import Finding

KINDS: tuple[str, ...] = ("formulas",)
_ERRORS = ("#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#N/A", "#NULL!", "#NUM!")


def find(entries: Entries, ground: Ground) -> list[Finding]:
    """Return cells with the text of a formula (kept as text, never run) and errors of formulas (refused)."""
    del ground
    found = []
    for key, column in entries.cells.items():
        odd = {cell for cell in set(column) if isinstance(cell, str) and cell[:1] in {"=", "@", "#"}}
        for row, cell in enumerate(column) if odd else ():
            if cell not in odd or not isinstance(cell, str):
                continue
            if cell[0] != "#":
                found.append(Finding("formulas", entries.line(row), key, "formula", {}, cell[:60], refuses=False))
            elif cell.strip() in _ERRORS:
                found.append(Finding("formulas", entries.line(row), key, "formula_error", {"value": cell}, cell))
    return found


def missing(entries: Entries, ground: Ground) -> str:
    """Nothing is needed besides the rows."""
    del entries, ground
    return ""
