"""A weather warning: what is said, to which towns, by whom, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.hazard.level import RISING, Level


class WarningState(StrEnum):
    """Where a warning stands in its life; see `lifecycle.STEPS`."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SIGNED = "signed"
    ISSUED = "issued"
    REPLACED = "replaced"
    LIFTED = "lifted"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class MessageType(StrEnum):
    """First issue, update or lifting (CAP Alert, Update, Cancel)."""

    ALERT = "alert"
    UPDATE = "update"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account at this desk.

    ``staff_no`` names the human being: two accounts with one staff number, or
    with one name and one phone, are the same person. ``roles`` are
    ``forecaster`` (may draft and submit), ``signer`` (may sign), ``leader``.
    """

    id: str
    name: str
    staff_no: str
    phone: str = ""
    roles: frozenset[str] = frozenset({"forecaster"})
    active: bool = True


@dataclass(frozen=True, slots=True)
class TownLevel:
    """One town of a warning with its own level."""

    code: str
    name: str
    level: Level


@dataclass(frozen=True, slots=True)
class WeatherWarning:
    """One message in a chain of warnings, from draft to end.

    ``chain_id`` is the id of the first message; ``number`` the legal number of
    the year, given at issue. ``valid_hours`` runs from the issue: the time of
    issue is a blank until then. ``alarm_ids`` are what it rests on; ``previous_id``
    is the message it updates or lifts.
    """

    id: str
    chain_id: str
    signal_id: str
    message_type: MessageType
    state: WarningState
    towns: tuple[TownLevel, ...]
    text: str
    guide: tuple[str, ...]
    valid_hours: float
    author_id: str
    created_at: datetime
    exercise: bool
    alarm_ids: tuple[str, ...] = ()
    previous_id: str = ""
    number: int = 0
    submitted_at: datetime | None = None
    signer_id: str = ""
    signed_at: datetime | None = None
    issued_at: datetime | None = None
    expires_at: datetime | None = None
    ended_at: datetime | None = None
    identifier: str = ""
    note: str = ""

    @property
    def level(self) -> Level:
        """The worst level of any town."""
        return max((t.level for t in self.towns), key=lambda level: level.rank, default=Level.NONE)

    def towns_at(self, level: Level) -> tuple[TownLevel, ...]:
        """The towns that stand at exactly this level."""
        return tuple(t for t in self.towns if t.level is level)

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels present, worst first."""
        return tuple(level for level in reversed(RISING) if self.towns_at(level))
