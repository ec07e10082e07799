"""The office that issues: its names, its codes, and whether this is an exercise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta, timezone

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Public texts and CAP carry Beijing time; everything inside is UTC."""

METEOROLOGY = "416"


@dataclass(frozen=True, slots=True)
class IssuingOffice:
    """What every message says of its issuer.

    ``adcode`` is the six-digit area code. ``issuer`` overrides the 14-digit
    issuer code that is built from it, ``sender`` the CAP sender.
    ``drill_phones`` are the prefixes that an exercise may send to.
    """

    name: str
    name_en: str
    adcode: str
    exercise: bool
    issuer: str = ""
    sender: str = ""
    drill_phones: tuple[str, ...] = ()

    @property
    def issuer_code(self) -> str:
        """14 digits: area, industry (416 meteorology), unit, extension."""
        return self.issuer or f"{self.adcode}{METEOROLOGY}00000"

    @property
    def cap_sender(self) -> str:
        """The CAP sender: an id without spaces, commas, < and &."""
        return self.sender or self.issuer_code

    def named(self, language: str) -> str:
        """Return the name in ``zh`` or ``en``."""
        return self.name if language == "zh" or not self.name_en else self.name_en
