"""The time in a file's name, for files that have none inside."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from models.errors import DataError
from models.radar.oddity import Oddity

_DAY_AND_CLOCK = re.compile(r"(?<!\d)((?:19|20)\d{6})[-_.T ]?(\d{4}(?:\d{2})?)(?!\d)")
_DAY_OF_YEAR = re.compile(r"(?<!\d)(\d{2})(\d{3})(\d{4})(?!\d)")


def time_in(name: str) -> datetime | None:
    """Return the UTC time in a name, None where there is none.

    Read are a date and a clock of four or six digits (``20260617_183000``, ``201609281445``),
    and, where that is not there, the nine digits of Swiss files (``170310945``: year, day of
    the year, clock).
    """
    for date, clock in _DAY_AND_CLOCK.findall(name):
        try:
            return datetime.strptime(date + clock.ljust(6, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            continue
    for year, day, clock in _DAY_OF_YEAR.findall(name):
        if 1 <= int(day) <= 366 and int(clock[:2]) < 24 and int(clock[2:]) < 60:
            start = datetime(2000 + int(year), 1, 1, int(clock[:2]), int(clock[2:]), tzinfo=UTC)
            return start + timedelta(days=int(day) - 1)
    return None


def known_time(at: datetime | None, name: str, oddities: list[Oddity]) -> datetime:
    """Return a time the file gave, else that of its name.

    Raises
    ------
    DataError
        ``radar.grid_no_time`` if neither is there.
    """
    if at is not None:
        return at
    named_at = time_in(name)
    if named_at is None:
        raise DataError("radar.grid_no_time", file=name)
    oddities.append(Oddity("radar.odd.time_from_name"))
    return named_at


def stated_time(words: str) -> datetime | None:
    """Return a time that a file states in words: ISO 8601, or 8 to 14 digits; without a zone it is UTC."""
    text = words.strip()
    if re.fullmatch(r"\d{12}(\d{2})?", text):
        try:
            return datetime.strptime(text.ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            return None
    try:
        at = datetime.fromisoformat(text)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
