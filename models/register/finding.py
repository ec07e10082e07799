"""One thing that is wrong with a register that was handed in, or odd about it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import resources

Fact = str | int


@dataclass(frozen=True, slots=True)
class Finding:
    """What stands where, why it does not pass, and what a mend would give.

    ``kind`` groups findings (a key of ``phrases/register.toml`` under ``kind``), ``code`` is the reason (under
    ``found``). ``line`` is the line as the owner counts, 1 the header, 0 the whole file. ``refuses`` says that the
    row does not pass as it is; others warn. ``mend`` names the mend that would help and ``gives`` what it puts
    there; both are empty where only the owner can say.
    """

    kind: str
    line: int
    field: str
    code: str
    facts: Mapping[str, Fact] = dataclasses.field(default_factory=dict)
    in_file: str = ""
    gives: str = ""
    refuses: bool = True
    mend: str = ""

    def reason(self, language: str = "en") -> str:
        """Return the sentence in ``zh`` or ``en``."""
        return resources.phrase("register", f"found.{self.code}", language).format_map(self.facts)


def kind_title(kind: str, language: str = "en") -> str:
    """Return what a group of findings is called."""
    return resources.phrase("register", f"kind.{kind}", language)


def mend_title(mend: str, language: str = "en") -> str:
    """Return what a mend is called."""
    return resources.phrase("register", f"mend.{mend}", language)
