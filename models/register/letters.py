"""Names as somebody types them: in characters, in pinyin, by the initials alone.

A name is found from any of its syllables on, so it is kept as its *tails*:
石坑沟 as ``shikenggou kenggou gou`` and ``skg kg g``. A character that names
read in several ways is kept in each (重庆 as ``zhongqing`` and ``chongqing``).
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import resources

LONGEST = 24
"""So many letters of a tail are kept; whoever types more has long found it."""
_MOST_INITIALS = 8  # ways to read the initials of one tail
_LONGEST_NAME = 40  # characters of a name that are spelled out
_TOKEN = re.compile(r"[a-z0-9]+|[^\W_]")


@dataclass(frozen=True, slots=True)
class Letters:
    """Tails of a name in letters, the whole name first; ``whole`` are the ways to spell all of it."""

    full: tuple[str, ...] = ()
    initials: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()


def folded(text: str) -> str:
    """Return a text in one width and one case, without NUL and broken halves of characters."""
    if not text.isprintable():
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore").replace("\0", " ")
    return unicodedata.normalize("NFKC", text).casefold()


def tokens(text: str) -> list[str]:
    """Return the characters of a text, words and numbers in one piece.

    Examples
    --------
    >>> tokens("SH-0117 石坑3号")
    ['sh', '0117', '石', '坑', '3', '号']
    """
    return _TOKEN.findall(folded(text))


def squeezed(text: str) -> str:
    """Return a text without anything but characters, letters and digits.

    Examples
    --------
    >>> squeezed("SH-0117 石坑")
    'sh0117石坑'
    """
    return "".join(tokens(text))


@cache
def readings(token: str) -> tuple[str, ...]:
    """Return how a character is read in names, without tones, the usual way first; none if it has no pinyin.

    Examples
    --------
    >>> readings("重")
    ('zhong', 'chong')
    """
    if token.isascii():
        return ()
    several = resources.table("search/readings").get(token)
    if several:
        return tuple(several)
    first = _dictionary().get(ord(token), "").split(",")[0]
    bare = unicodedata.normalize("NFD", first.replace("ü", "v")).replace("u\u0308", "v")
    plain = "".join(sign for sign in bare if "a" <= sign <= "z")
    return (plain,) if plain else ()


@lru_cache(maxsize=2048)
def letters(name: str) -> Letters:
    """Return how a name is typed in letters; nothing for a name without a Chinese character.

    Examples
    --------
    >>> letters("重庆").full
    ('zhongqing', 'qing', 'chongqing')
    >>> letters("重庆").initials
    ('zq', 'cq', 'q')
    """
    parts = tokens(name)[:_LONGEST_NAME]
    read = [readings(part) for part in parts]
    if not any(read):
        return Letters()
    said = [one or (part,) for one, part in zip(read, parts, strict=True)]
    full, spelled = _full_tails(said)
    initials = _initial_tails(said)
    return Letters(tuple(dict.fromkeys(full)), tuple(dict.fromkeys(initials[0])), (*spelled, *initials[1]))


def rank(typed: str, name: str) -> int | None:
    """Return how well a typed text fits a name: 0 is the name, 1 begins it, 2 lies in it; None if it does not fit.

    Several words must all fit; the first one tells whether they begin the name.
    For lists of a few hundred names; the store has an index (`models.store.search`).

    Examples
    --------
    >>> rank("石坑", "大石坑沟"), rank("dsk", "大石坑沟"), rank("skg", "石坑沟"), rank("石田", "石坑沟")
    (2, 1, 0, None)
    """
    words = [squeezed(word) for word in folded(typed).split()]
    words = [word for word in words if word]
    plain, ways = squeezed(name), letters(name)
    if not words:
        return None
    if "".join(words) in {plain, *ways.whole}:
        return 0
    tails = (*ways.full, *ways.initials)
    for word in words:
        if word not in plain and not any(tail.startswith(word[:LONGEST]) for tail in tails):
            return None
    first = words[0]
    return 1 if plain.startswith(first) or any(way.startswith(first[:LONGEST]) for way in ways.whole) else 2


def _full_tails(said: Sequence[tuple[str, ...]]) -> tuple[list[str], list[str]]:
    """Return the tails in full and the ways to spell the whole; of characters read otherwise, one at a time."""
    begins = [0]
    for one in said:
        begins.append(begins[-1] + len(one[0]))
    usual = "".join([one[0] for one in said])
    out = [usual[begin : begin + LONGEST] for begin in begins[:-1]]
    spelled = [usual[:LONGEST]]
    for place, one in enumerate(said):
        for other in one[1:]:
            otherwise = usual[: begins[place]] + other + usual[begins[place + 1] :]
            near = [begin for begin in begins[: place + 1] if begins[place] - begin < LONGEST]
            out += [otherwise[begin : begin + LONGEST] for begin in near]
            spelled.append(otherwise[:LONGEST])
    return out, spelled


def _initial_tails(said: Sequence[tuple[str, ...]]) -> tuple[list[str], list[str]]:
    """Return the tails by initials, the longest first, and the ways to write those of the whole."""
    out: list[list[str]] = []
    ways = [""]
    for one in reversed(said):
        firsts = list(dict.fromkeys([reading[0] for reading in one]))
        if len(ways) * len(firsts) > _MOST_INITIALS:
            del firsts[1:]
        ways = [first + way for way in ways for first in firsts]
        out.append([way[:LONGEST] for way in ways])
    return [tail for tails in reversed(out) for tail in tails], out[-1]


@cache
def _dictionary() -> Mapping[int, str]:
    # The phrases would cost 43 MB and 0.15 s; readings of single characters are all that is needed here.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")
    from pypinyin.pinyin_dict import pinyin_dict  # noqa: PLC0415 - not before somebody searches

    return pinyin_dict
