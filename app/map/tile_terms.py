"""What is to be known of a tile service without loading what asks it: 20 MB that an office without one never needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from models.errors import DataError


@dataclass(frozen=True, slots=True)
class Terms:
    """A service: where its tiles are, and what may be taken of them.

    ``urls`` are templates with ``{z} {x} {y}``, ``{key}`` and ``{s}``, bottom first; those after the
    first lie over it. ``tiles_a_day`` is 0 where the terms name no number.
    """

    name: str
    urls: tuple[str, ...] = field(repr=False)
    key: str = field(default="", repr=False)
    subdomains: str = ""
    zooms: tuple[int, int] = (0, 18)
    attribution: str = ""
    prefetch: bool = False
    tiles_a_day: int = 0
    cache_mb: int = 500
    keep_days: int = 30


@runtime_checkable
class OverLine(Protocol):
    """A base map that comes over a line: what went wrong there last, None if nothing did."""

    fault: DataError | None

    def close(self) -> None:
        """Let go of the line."""
