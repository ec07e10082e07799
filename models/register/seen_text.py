"""Names without what nobody sees: line breaks, and signs that turn or hide the letters beside them."""

from __future__ import annotations

import re
import unicodedata

FIELDS = frozenset({"id", "name", "town", "village", "person"})
"""Fields of one line, that lists, maps and messages show."""
_BREAK = re.compile(r"[ \u3000]*[\t\n\v\f\r\x85\u2028\u2029]+[ \u3000]*")


def seen(text: str) -> str:
    r"""Return a text in one line, without signs of format: direction marks, zero-width signs, byte order marks.

    A break between two words of letters leaves a space. Control characters stay, as they are refused.

    Examples
    --------
    >>> seen("石坑\n沟\ufeff"), seen("Old\nmill \u202e7"), seen("B\x001")
    ('石坑沟', 'Old mill 7', 'B\x001')
    """
    if text.isprintable():
        return text
    shown = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    return _BREAK.sub(_between, shown.strip()).strip()


def _between(found: re.Match[str]) -> str:
    text, start, end = found.string, found.start(), found.end()
    return " " if text[start - 1].isascii() and text[end].isascii() else ""
