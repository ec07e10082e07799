"""Levels of danger, and *not judged*, which is none of them."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """Blue is the lowest. ``NOT_JUDGED`` must never look like ``NONE``."""

    NONE = "none"
    BLUE = "blue"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"
    NOT_JUDGED = "not_judged"

    @property
    def rank(self) -> int:
        """0 for none and not judged, 1 blue .. 4 red."""
        return _RANK.get(self, 0)

    @property
    def is_alarm(self) -> bool:
        return self.rank > 0


_RANK = {Level.BLUE: 1, Level.YELLOW: 2, Level.ORANGE: 3, Level.RED: 4}
RISING = (Level.BLUE, Level.YELLOW, Level.ORANGE, Level.RED)
