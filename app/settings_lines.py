"""On which line of a TOML file each key stands; the parser does not say."""

from __future__ import annotations

import re
import tomllib

KeyPath = tuple[str | int, ...]

_TABLE = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"^\s*((?:\"[^\"]*\"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:\"[^\"]*\"|'[^']*'|[A-Za-z0-9_-]+))*)\s*=")


def lines_of_keys(text: str) -> dict[KeyPath, int]:
    r"""Return the line, counted from 1, of every table and key.

    Members of an array of tables carry their index: ``("radar", 1, "code")``.
    The text must have passed a TOML parser.

    Examples
    --------
    >>> lines_of_keys("[office]\nname = 'x'\n")
    {('office',): 1, ('office', 'name'): 2}
    """
    found: dict[KeyPath, int] = {}
    counts: dict[KeyPath, int] = {}
    here: KeyPath = ()
    quote = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if quote:
            quote = "" if quote in line else quote
            continue
        table = _TABLE.match(line)
        key = _KEY.match(line)
        if table and not key:
            here = _parts(table[2])
            if table[1] == "[[":
                index = counts.get(here, -1) + 1
                counts[here] = index
                found.setdefault(here, number)
                here = (*here, index)
            found.setdefault(here, number)
        elif key:
            path = here
            for part in _parts(key[1]):
                path = (*path, part)
                found.setdefault(path, number)
            quote = _opens(line[key.end() :])
    return found


def _parts(dotted: str) -> KeyPath:
    """Return the parts of a dotted key; the parser itself knows how they are quoted."""
    parts: list[str | int] = []
    inner: object = tomllib.loads(f"{dotted} = 0")
    while isinstance(inner, dict):
        name, inner = next(iter(inner.items()))
        parts.append(name)
    return tuple(parts)


def _opens(value: str) -> str:
    """Return the quotes that a value leaves open at the end of its line."""
    for quote in ('"""', "'''"):
        if value.count(quote) == 1:
            return quote
    return ""
