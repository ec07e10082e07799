"""What is said of a reading: the keys of its oddities."""

from __future__ import annotations

from collections.abc import Iterable

from models.radar.oddity import Oddity


def said(oddities: Iterable[str]) -> list[str]:
    """Return the keys of oddities without what all of them begin with; each has its sentence in both languages."""
    keys = []
    for odd in oddities:
        assert isinstance(odd, Oddity)
        assert odd.sentence("zh") != odd.sentence("en")
        keys.append(odd.code.removeprefix("radar.odd."))
    return keys
