"""Which oddities of a reading matter on duty, and which are only for those who look closer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from models.radar.oddity import Oddity
from models.radar.rays import REFLECTIVITY

CLOCK_BACK_S = 30.0
"""Ages are read in minutes; a clock that is set by its time server steps by a second or two."""

MISSING_DEG = 5.0
"""A ray or two are lost now and then; from here on rain may hide in the gap."""

TWICE_SHARE = 0.05
"""The last rays of a cut often overlap its first ones: 2 of 366 in a real SB volume."""

OTHER_VALUES = 100
"""Of moments that are in no mosaic a few wild gates do no harm."""

_ZONE_MIN = 480
_ZONE_WITHIN_MIN = 35


def _always(_: Mapping[str, Any]) -> bool:
    return True


def _values(facts: Mapping[str, Any]) -> bool:
    return facts["moment"] in REFLECTIVITY or int(facts["count"]) >= OTHER_VALUES


def _time_in_name(facts: Mapping[str, Any]) -> bool:
    """A name in Beijing time is no fault."""
    return abs(abs(int(facts["minutes"])) - _ZONE_MIN) > _ZONE_WITHIN_MIN


MATTERS: dict[str, Callable[[Mapping[str, Any]], bool]] = {
    "radar.odd.clock_back": lambda facts: float(facts["seconds"]) >= CLOCK_BACK_S,
    "radar.odd.start_differs": _always,
    "radar.odd.time_in_name": _time_in_name,
    "radar.odd.code_in_name": _always,
    "radar.odd.code_of_place": _always,
    "radar.odd.site_unset": _always,
    "radar.odd.place_dropped": _always,
    "radar.odd.placed_unverified": _always,
    "radar.odd.moved": _always,
    "radar.odd.azimuths_missing": lambda facts: float(facts["missing_deg"]) >= MISSING_DEG,
    "radar.odd.azimuths_twice": lambda facts: int(facts["rays"]) >= TWICE_SHARE * int(facts["of"]),
    "radar.odd.values": _values,
    "radar.odd.empty_moment": lambda facts: facts["moment"] == REFLECTIVITY[0],
    "radar.odd.gate_fallback": _always,
    "radar.odd.malfunction": _always,
}
"""What makes a picture or its rain wrong, late or full of holes, and can be mended by somebody.

What a radar does in every volume by its nature is not among it: sectors that are not scanned,
files of one cut, what a format does not say, moments that nobody here uses.
"""


SAID_BY = {"radar.wrong_code": "radar.odd.code_in_name", "radar.moved": "radar.odd.moved"}
"""What a notice of `models.radar.register.check_place` says is said again by this oddity."""


def matters(oddity: str) -> bool:
    """Return whether an oddity is for those on duty.

    Examples
    --------
    >>> matters(Oddity("radar.odd.azimuths_missing", cut=1, missing_deg="40.0", gaps=1, start_deg="10", end_deg="51"))
    True
    >>> matters(Oddity("radar.odd.one_cut", cut=1, announced=9))
    False
    """
    return isinstance(oddity, Oddity) and oddity.code in MATTERS and MATTERS[oddity.code](oddity.facts)


def kind_of(oddity: Oddity) -> str:
    """Return what kind of oddity it is: its code, and of values the moment they belong to."""
    return f"{oddity.code}:{oddity.facts['moment']}" if "moment" in oddity.facts else oddity.code


def by_kind(oddities: Iterable[str]) -> tuple[tuple[Oddity, int], ...]:
    """Return the first oddity of each kind and how many there are, those that matter first.

    Nine cuts that lack the same sector are one thing to say.
    """
    first: dict[str, Oddity] = {}
    count: dict[str, int] = {}
    for oddity in sorted((o for o in oddities if isinstance(o, Oddity)), key=matters, reverse=True):
        kind = kind_of(oddity)
        first.setdefault(kind, oddity)
        count[kind] = count.get(kind, 0) + 1
    return tuple((oddity, count[kind]) for kind, oddity in first.items())
