"""What is strange about a file without being wrong, in words for people."""

from __future__ import annotations

from typing import Any, Self

import resources


class Oddity(str):
    """A remark on a file: a plain English string that also knows its other language.

    Parameters
    ----------
    code : str
        Key of the sentence in ``resources/phrases/errors.toml``, such as ``radar.odd.blanked``.
    **facts : Any
        What the sentence names.
    """

    __slots__ = ("code", "facts")

    code: str
    facts: dict[str, Any]

    def __new__(cls, code: str, /, **facts: Any) -> Self:
        """Make the English sentence and keep what it was made of."""
        made = super().__new__(cls, resources.phrase("errors", code, "en").format_map(facts))
        made.code = code
        made.facts = facts
        return made

    def sentence(self, language: str = "en") -> str:
        """Return the remark in ``zh`` or ``en``."""
        return resources.phrase("errors", self.code, language).format_map(self.facts)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (self.code, self.facts))


def _rebuild(code: str, facts: dict[str, Any]) -> Oddity:
    return Oddity(code, **facts)
