"""Check: links to entries that another register does not have."""

from __future__ import annotations

from models.register.checks.ground import Ground
from models.register.description import FieldType
from models.register.entries import Entries
from models.register.finding import Fact, Finding

KINDS: tuple[str, ...] = ("links",)


def find(entries: Entries, ground: Ground) -> list[Finding]:
    """Return links that name no entry, neither by id nor by a name that only one has; they are kept as they stand."""
    found: list[Finding] = []
    for one in entries.description.fields:
        known = ground.ids.get(one.to)
        if one.type is not FieldType.LINK or not known or one.key not in entries.values:
            continue
        for row, value in enumerate(entries.values[one.key]):
            for part in value if isinstance(value, list) else [] if value is None else [value]:
                if str(part) not in known:
                    facts: dict[str, Fact] = {"value": str(part), "register": one.title.zh, "register_en": one.title.en}
                    found.append(
                        Finding("links", entries.line(row), one.key, "unknown_link", facts, str(part), refuses=False)
                    )
    return found


def missing(entries: Entries, ground: Ground) -> str:
    """A register without entries is not held against."""
    del entries, ground
    return ""
