"""The duty log: the acts as they stand in the journal."""

from __future__ import annotations

from dataclasses import dataclass

from models.act import JournalEntry


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line as it stands in the store: the entry, its number and the chain."""

    number: int
    entry: JournalEntry
    before_sha: str
    sha: str
