"""The open shelf of checks on a register that was handed in: one module each, one line here.

A check module has ``find(entries, ground) -> list[Finding]`` and ``KINDS``, the groups its findings come in. Ground
that is not known is not judged: ``missing(entries, ground) -> str`` returns the code of what is lacking, a key of
``phrases/register.toml`` under ``not_judged``, or an empty text. To add a check, write the module and add it to
`CHECKS`; nothing else has to change.
"""

from __future__ import annotations

from typing import Protocol

from models.register.checks import (
    coordinates,
    duplicates,
    empty,
    formulas,
    future,
    known_ids,
    known_twins,
    levels,
    links,
    persons,
    phones,
    position_names,
    shapes,
    thresholds,
    unseen,
)
from models.register.checks.ground import Ground
from models.register.entries import Entries
from models.register.finding import Finding


class Check(Protocol):
    """What a module on this shelf offers."""

    KINDS: tuple[str, ...]

    def find(self, entries: Entries, ground: Ground) -> list[Finding]:
        """Return what is wrong or odd."""
        ...

    def missing(self, entries: Entries, ground: Ground) -> str:
        """Return the code of what is lacking to judge this, an empty text if nothing is."""
        ...


CHECKS: tuple[Check, ...] = (
    empty,
    duplicates,
    unseen,
    known_ids,
    known_twins,
    coordinates,
    shapes,
    position_names,
    thresholds,
    levels,
    links,
    persons,
    phones,
    future,
    formulas,
)
