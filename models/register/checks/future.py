"""Check: dates of what has been done that lie in the future."""

from __future__ import annotations

from models.register.checks.ground import NO_DAY, Ground
from models.register.description import FieldType
from models.register.entries import Entries
from models.register.finding import Finding

KINDS: tuple[str, ...] = ("future",)


def find(entries: Entries, ground: Ground) -> list[Finding]:
    """Return dates after today, of fields that say when something was done."""
    if ground.today == NO_DAY:
        return []
    today = ground.today.isoformat()
    spans = {entries.description.active_from, entries.description.active_until}
    found = []
    for one in entries.description.fields:
        done = one.key.endswith("_on") and one.due_days != 0 and one.key not in spans
        if one.type is not FieldType.DATE or one.key not in entries.values or not done:
            continue
        found += [
            Finding("future", entries.line(row), one.key, "future", {"value": str(value), "today": today}, str(value))
            for row, value in enumerate(entries.values[one.key])
            if value is not None and str(value) > today
        ]
    return found


def missing(entries: Entries, ground: Ground) -> str:
    """Nothing is needed besides the day."""
    del entries, ground
    return ""
