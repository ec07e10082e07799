"""The clock that is handed in as ``now``: the machine's, or the drill's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Whatever can say what time it is for the office."""

    def now(self) -> datetime:
        """Return the moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the machine's moment."""
        return datetime.now(UTC)


class DrillClock:
    """A clock that stands until it is set; only ever forwards.

    Parameters
    ----------
    start_at : datetime
        Aware moment at which the drill begins.
    """

    def __init__(self, start_at: datetime) -> None:
        self._at = start_at.astimezone(UTC)

    def now(self) -> datetime:
        """Return the drill's moment."""
        return self._at

    def set(self, at: datetime) -> None:
        """Move the drill on to ``at``; an earlier moment is not taken."""
        self._at = max(self._at, at.astimezone(UTC))
