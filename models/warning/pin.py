"""What a PIN may be: the one rule of command line, boxes and store. New ones are digits; older ones may hold more and keep working."""

from __future__ import annotations

import unicodedata

from models.errors import DataError

LEAST, MOST = 4, 12
"""So many signs a PIN has, a new one and an older one."""
_LOOKED_AT = 64
"""What is longer is no PIN in any width, and a text of megabytes takes hours to be brought into one form."""


def normed(text: str) -> str:
    """Return a PIN as it is compared: full-width digits of a Chinese keyboard are the same digits, blanks round it are none."""
    return unicodedata.normalize("NFKC", text.strip()[:_LOOKED_AT]).strip()


def can_be_typed(signs: str) -> bool:
    """Return whether signs may stand in a PIN that somebody has: letters, marks and blanks, as older ones were taken."""
    return bool(signs) and signs.isascii() and signs.isprintable()


def see_new(pin: str) -> str:
    """Return a new PIN as it is kept.

    Raises
    ------
    DataError
        ``people.pin_rule`` unless it is 4 to 12 digits.
    """
    kept = normed(pin)
    if not (LEAST <= len(kept) <= MOST and kept.isascii() and kept.isdigit()):
        raise DataError("people.pin_rule", least=LEAST, most=MOST)
    return kept
