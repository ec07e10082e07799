"""An act of a person or of the system, as the journal will keep it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

COMMAND_LINE = "cli:"
"""Stands before the name of the system's user where somebody acted on the command line without an account."""


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One act to be written: who did what to which thing, with the value before and after.

    ``actor`` is a person's id, ``system``, or ``cli:<user>`` (`COMMAND_LINE`); ``subject`` names the thing
    (``warning:<id>``, ``alarm:<id>``, ``people:<id>``, ``feed:<file>``).
    """

    actor: str
    act: str
    subject: str
    at: datetime
    before: dict[str, object] = field(default_factory=dict)
    after: dict[str, object] = field(default_factory=dict)
