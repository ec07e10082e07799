"""Check: a row without id, name or place; the example row of the template; a row that is no row."""

from __future__ import annotations

import numpy as np

from models.register.checks.ground import Ground
from models.register.description import GeometryType
from models.register.entries import Entries
from models.register.finding import Finding

KINDS: tuple[str, ...] = ("empty",)
EXAMPLES = frozenset({"示例-1", "EXAMPLE-1"})


def find(entries: Entries, ground: Ground) -> list[Finding]:
    """Return the cells that must not be empty and are."""
    del ground
    found: list[Finding] = []
    for name in ("id", "name"):
        column = entries.texts.get(name)
        if column is not None:
            found += [Finding("empty", entries.line(n), name, "empty") for n, text in enumerate(column) if not text]
    ids = entries.texts.get("id", [])
    found += [
        Finding("empty", entries.line(n), "id", "example", {}, text) for n, text in enumerate(ids) if text in EXAMPLES
    ]
    if entries.description.geometry is GeometryType.NONE:
        return found
    if "wkt" in entries.texts or entries.shapes is not None:
        gone = np.flatnonzero(np.isnan(entries.read_x))
        found += [Finding("shapes", entries.line(int(n)), "wkt", "no_shape") for n in gone]
    elif "lon" in entries.texts and "lat" in entries.texts:
        for name in ("lon", "lat"):
            column = entries.texts[name]
            found += [Finding("empty", entries.line(n), name, "empty") for n, text in enumerate(column) if not text]
    return found


def missing(entries: Entries, ground: Ground) -> str:
    """Nothing is needed besides the rows."""
    del entries, ground
    return ""
