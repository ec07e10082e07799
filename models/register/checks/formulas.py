"""Check: text that a spreadsheet would take for a formula."""

from __future__ import annotations

from models.register.checks.ground import Ground
from models.register.entries import Entries
from models.register.finding import Finding

KINDS: tuple[str, ...] = ("formulas",)


def find(entries: Entries, ground: Ground) -> list[Finding]:
    """Return cells with the text of a formula: kept as text, never run. Errors of formulas are faults of the reading."""
    del ground
    found = []
    for key, column in entries.cells.items():
        odd = {cell for cell in set(column) if isinstance(cell, str) and cell[:1] in {"=", "@"}}
        for row, cell in enumerate(column) if odd else ():
            if cell in odd and isinstance(cell, str):
                found.append(Finding("formulas", entries.line(row), key, "formula", {}, cell[:60], refuses=False))
    return found


def missing(entries: Entries, ground: Ground) -> str:
    """Nothing is needed besides the rows."""
    del entries, ground
    return ""
