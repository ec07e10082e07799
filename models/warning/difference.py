"""What a message changes against the one in force."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.hazard.level import Level
from models.warning.warning import MessageType, WeatherWarning


class Part(StrEnum):
    """The parts of a warning that can differ."""

    TOWN = "town"
    VALID = "valid"
    TEXT = "text"
    GUIDE = "guide"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: ``before`` and ``after`` are levels for a town (``none`` where it is not warned).

    For `Part.VALID` they are hours, for texts the texts, for the guide its lines
    joined by line ends. ``subject`` is the town's name, else empty.
    """

    part: Part
    subject: str
    before: str
    after: str


def differences(previous: WeatherWarning | None, warning: WeatherWarning) -> tuple[Difference, ...]:
    """Return what changes, towns first (the highest new level first); nothing in force means all is new."""
    before = {t.code: t for t in previous.towns} if previous else {}
    lifting = warning.message_type is MessageType.CANCEL
    after = {} if lifting else {t.code: t for t in warning.towns}
    out = []
    for code in dict.fromkeys([*after, *before]):
        old, new = before.get(code), after.get(code)
        old_level, new_level = (t.level if t else Level.NONE for t in (old, new))
        if old_level is not new_level:
            name = (new or old or warning.towns[0]).name
            out.append((new_level.rank, Difference(Part.TOWN, name, old_level.value, new_level.value)))
    found = [d for _, d in sorted(out, key=lambda pair: -pair[0])]
    if previous is None or lifting:
        return tuple(found)
    if previous.valid_hours != warning.valid_hours:
        found.append(Difference(Part.VALID, "", f"{previous.valid_hours:g}", f"{warning.valid_hours:g}"))
    if previous.guide != warning.guide:
        found.append(Difference(Part.GUIDE, "", "\n".join(previous.guide), "\n".join(warning.guide)))
    if previous.text != warning.text:
        found.append(Difference(Part.TEXT, "", previous.text, warning.text))
    return tuple(found)
