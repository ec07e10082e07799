"""Errors that somebody at the desk can do something about.

An error carries a code and facts; its sentence, in Chinese and in English,
stands in ``resources/phrases/errors.toml`` under that code, so that the
headless face and the console say the same without Qt.
"""

from __future__ import annotations

from typing import Any

import resources


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
        """Return the sentence for the operator; ``language`` is ``zh`` or ``en``."""
        return resources.phrase("errors", self.code, language).format_map(self.facts)

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
