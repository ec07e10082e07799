"""Zoning: which class of danger a word means, and in which neutral style its areas are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import resources

RANKS = 5
"""The worst class; 0 is the class of ground that is said to be free of the danger."""
_PLAIN_STYLES = 6


@dataclass(frozen=True, slots=True)
class Hazard:
    """One of the eight hazards with zoning maps of their own."""

    key: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class ZoneClass:
    """A class as the map names it, and the style of its areas."""

    word: str
    style: str


@cache
def hazards() -> tuple[Hazard, ...]:
    """Return the eight hazards in the order in which they are listed."""
    return tuple(Hazard(one["key"], one["zh"], one["en"]) for one in resources.table("zoning/classes")["hazard"])


def rank_of(word: str) -> int | None:
    """Return the class of a word, 0 to `RANKS`; None if the word says nothing of more or less.

    Examples
    --------
    >>> rank_of("较高风险区"), rank_of("高"), rank_of("II")
    (4, 5, None)
    """
    book = resources.table("zoning/classes")
    plain = word.strip().casefold()
    for ending in book["endings"]:
        if plain.endswith(ending) and plain != ending:
            plain = plain.removesuffix(ending)
    return next((int(one["rank"]) for one in book["rank"] if plain in one["words"]), None)


def classes_of(words: tuple[str, ...], rising: tuple[str, ...] = ()) -> tuple[ZoneClass, ...]:
    """Return the classes of a map, the least first.

    Parameters
    ----------
    words : tuple of str
        What occurs; each once.
    rising : tuple of str
        The classes from the least to the worst, where the office says so. Without it the words are
        known (`rank_of`), or else are drawn as kinds, none darker than another: an order is never guessed.
    """
    if rising:
        known = [word for word in rising if word in words]
        step = (RANKS - 1) / max(1, len(rising) - 1)
        found = [ZoneClass(word, f"zone.{1 + round(rising.index(word) * step)}") for word in known]
        return (*found, *_kinds([word for word in words if word not in rising]))
    ranked = {word: rank for word in words if (rank := rank_of(word)) is not None}
    first = [ZoneClass(word, f"zone.{ranked[word]}") for word in sorted(ranked, key=lambda w: (ranked[w], w))]
    return (*first, *_kinds([word for word in words if word not in ranked]))


def _kinds(words: list[str]) -> tuple[ZoneClass, ...]:
    return tuple(ZoneClass(word, f"kind.{i % _PLAIN_STYLES + 1}") for i, word in enumerate(sorted(words)))
