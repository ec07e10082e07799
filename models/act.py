"""An act of a person or of the system, as the journal will keep it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One act to be written: who did what to which thing, with the value before and after.

    ``actor`` is a person's id or ``system``; ``subject`` names the thing
    (``warning:<id>``, ``alarm:<id>``, ``people:<id>``, ``feed:<file>``).
    """

    actor: str
    act: str
    subject: str
    at: datetime
    before: dict[str, object] = field(default_factory=dict)
    after: dict[str, object] = field(default_factory=dict)
