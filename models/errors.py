"""Errors that somebody at the desk can do something about.

An error carries a code and facts; its sentence, in Chinese and in English,
stands in ``resources/phrases/errors.toml`` under that code, so that the
headless face and the console say the same without Qt.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Any

import resources

_FILES = frozenset({"file", "path", "folder", "target", "source", "other"})
# Line breaks, other control characters, and what turns or hides the letters beside it; half letters.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def one_line(text: str) -> str:
    r"""Return a name as one line that can be trusted: a mark stands for each sign that nobody sees.

    Examples
    --------
    >>> one_line("a\nERROR.csv")
    'a�ERROR.csv'
    """
    return _UNSEEN.sub("\ufffd", text)


class ConsoleError(Exception):
    """Something that a person can mend.

    Parameters
    ----------
    code : str
        Key of the sentence in ``resources/phrases/errors.toml``, such as ``radar.cut_off``.
    **facts : Any
        What the sentence names: file, byte, line, cause.
    """

    def __init__(self, code: str, /, **facts: Any) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    def sentence(self, language: str = "en") -> str:
        """Return the sentence for the operator; ``language`` is ``zh`` or ``en``. Names of files stand on one line."""
        facts = {
            key: one_line(str(fact))
            if isinstance(fact, PurePath) or (key in _FILES and isinstance(fact, str))
            else fact
            for key, fact in self.facts.items()
        }
        return resources.phrase("errors", self.code, language).format_map(facts)

    def __str__(self) -> str:
        return self.sentence("en")

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), self.code, self.facts))


class DataError(ConsoleError):
    """Input that is broken, incomplete or of a kind this house does not read."""


class StoreError(ConsoleError):
    """The store cannot be opened, read or written as it stands."""


class DeliveryError(ConsoleError):
    """A channel could not hand a message over."""


class SettingsError(ConsoleError):
    """A setting of the office is wrong."""


class IllegalStepError(ConsoleError):
    """A step that the life of a warning does not allow, or not to this person."""


def _rebuild(kind: type[ConsoleError], code: str, facts: dict[str, Any]) -> ConsoleError:
    return kind(code, **facts)
