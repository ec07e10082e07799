"""What Ctrl+K finds in the store (thin; being built)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. ``group`` is a register's name, ``places``, ``staff`` or ``warnings``; ``key`` its id there."""

    group: str
    key: str
    name: str
    note: str = ""


def find(db: Database, typed: str, most: int = 12) -> tuple[Hit, ...]:
    """Return what a typed text may mean, the best first."""
    rows = db.execute(
        "SELECT register, id, name, town || ' ' || village FROM records WHERE instr(name, ?) OR instr(id, ?) LIMIT ?",
        [typed, typed, most],
    )
    return tuple(Hit(*row) for row in rows)


def index_records(db: Database, keys: Sequence[int]) -> None:
    """Bring the index of records up to what their rows say."""


def forget_records(db: Database, keys: Sequence[int]) -> None:
    """Take records out of the index."""


def index_places(db: Database) -> None:
    """Index all places anew."""


def rebuild(db: Database) -> None:
    """Make the index anew."""
