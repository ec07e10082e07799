"""Check: names with line breaks or unseen signs, that were cut out of them; names that no list can show."""

from __future__ import annotations

from models.register.checks.ground import Ground
from models.register.entries import Entries
from models.register.finding import Finding
from models.register.seen_text import FIELDS
from models.register.table import as_text

KINDS: tuple[str, ...] = ("control",)
MOST_SIGNS = 200
_SHOWN = 60


def find(entries: Entries, ground: Ground) -> list[Finding]:
    """Return the cells of which something was cut, and names of more than `MOST_SIGNS` signs."""
    del ground
    found: list[Finding] = []
    for field in sorted(FIELDS & entries.texts.keys()):
        for row, (cell, text) in enumerate(zip(entries.cells[field], entries.texts[field], strict=True)):
            if isinstance(cell, str) and cell is not text and as_text(cell) != text:
                shown = _written_out(as_text(cell))
                facts = {"value": text[:_SHOWN]}
                found.append(Finding("control", entries.line(row), field, "unseen_cut", facts, shown, refuses=False))
            if len(text) > MOST_SIGNS:
                facts_long = {"count": len(text), "most": MOST_SIGNS}
                found.append(
                    Finding("control", entries.line(row), field, "too_long", facts_long, text[:_SHOWN], refuses=False)
                )
    return found


def missing(entries: Entries, ground: Ground) -> str:
    """Nothing is needed besides the rows."""
    del entries, ground
    return ""


def _written_out(text: str) -> str:
    """Return a text with its unseen signs as figures, so that they can be found."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)[:_SHOWN]
