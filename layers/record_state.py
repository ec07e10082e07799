"""In what state a record of a register is, as far as its sign on the map shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from models.hazard.level import Level
from models.register.description import FieldType, RegisterDescription
from models.register.record import Record


@dataclass(frozen=True, slots=True)
class RecordState:
    """What stands beside a record's kind.

    ``level`` is `Level.NONE` where nobody judges the record. ``was_judged``: it is not judged now
    but was before, so it stays a sign of its own at every scale, as an alarm does.
    """

    level: Level = Level.NONE
    doubtful: bool = False
    overdue: bool = False
    inactive: bool = False
    was_judged: bool = False

    @property
    def may_join(self) -> bool:
        """Whether a cluster may stand in its place: never in that of an alarm, or of one that fell silent."""
        return not self.level.is_alarm and not (self.level is Level.NOT_JUDGED and self.was_judged)


PLAIN = RecordState()


def states_of(
    description: RegisterDescription,
    records: Iterable[Record],
    today: date,
    *,
    levels: Mapping[str, Level] | None = None,
    doubtful: frozenset[str] = frozenset(),
    was_judged: frozenset[str] = frozenset(),
) -> dict[str, RecordState]:
    """Return the state of each record by its id.

    Parameters
    ----------
    description : RegisterDescription
        Says which dates fall due, and between which a record is active.
    records : Iterable[Record]
        Records of that register.
    today : date
        The local day.
    levels : Mapping[str, Level], optional
        Levels by id where the register is judged: one that is lacking is not judged. None if it never is.
    doubtful, was_judged : frozenset[str]
        Ids whose position is in doubt; ids that were judged before.
    """
    lasting = {one.key: one.due_days for one in description.fields if one.type is FieldType.DATE and one.due_days}
    out = {}
    for record in records:
        level = Level.NONE if levels is None else levels.get(record.id, Level.NOT_JUDGED)
        out[record.id] = RecordState(
            level,
            record.id in doubtful,
            any(_is_past(record, key, days, today) for key, days in lasting.items()),
            _is_inactive(description, record, today),
            record.id in was_judged,
        )
    return out


def _is_past(record: Record, key: str, days: int, today: date) -> bool:
    day = _day(record, key)
    return day is not None and (today - day).days > days


def _is_inactive(description: RegisterDescription, record: Record, today: date) -> bool:
    begin, end = _day(record, description.active_from), _day(record, description.active_until)
    return (begin is not None and today < begin) or (end is not None and today > end)


def _day(record: Record, key: str) -> date | None:
    value = record.values.get(key) if key else None
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
