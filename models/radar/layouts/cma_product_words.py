"""The tables of standard products: rows of 4-byte words, read one table after the other to the end of the file."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

import numpy as np

from models.radar.layouts.cma_product_header import ProductHeader, utc
from models.radar.layouts.cma_radials import DamageError
from models.radar.oddity import Oddity
from models.radar.product import Cell, Table

MOST_ROWS = 5_000
"""Of one table; the largest known has 75."""
MOST_ROWS_IN_ALL = 20_000

_MOST_RANGE_M = 1_000_000

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """The tables of one product, and what they say of all their rows in ``parameters``.

    ``end`` is the byte after them. ``unproven`` is the part of the layout that no real
    file shows, as the last word of its key, empty where all of it was seen.
    """

    tables: tuple[Table, ...]
    end: int
    parameters: dict[str, Cell] = field(default_factory=dict)
    oddities: tuple[Oddity, ...] = ()
    unproven: str = ""


class Words:
    """Reads words from a byte on; every count is held against the bytes that are left.

    Forms of words: ``i`` integer, ``f`` float (None where not finite), ``a`` azimuth
    (float, refused if it is none), ``r`` range in m (integer, refused if it is none),
    ``t`` seconds since 1970 (ISO 8601 in UTC, None where 0), ``x`` a word that means nothing.

    Parameters
    ----------
    data : bytes
        The whole file.
    head : ProductHeader
        Its head; words are read from ``head.data_at`` on.
    """

    def __init__(self, data: bytes, head: ProductHeader) -> None:
        self._data = data
        self._started_at = head.started_at
        self._room = MOST_ROWS_IN_ALL
        self.parameters = head.parameters
        self.at = head.data_at

    @property
    def left(self) -> int:
        """Bytes to the end of the file."""
        return len(self._data) - self.at

    def one(self, form: str) -> list[Any]:
        """Return the next words, one per letter of the form, as they stand (``i`` and ``f`` alone)."""
        size = 4 * len(form)
        if self.left < size:
            raise DamageError("cut_off", len(self._data), expected=self.at + size)
        values = list(struct.unpack_from(f"<{form}", self._data, self.at))
        self.at += size
        return [finite(value) if isinstance(value, float) else value for value in values]

    def skip(self, size: int) -> None:
        """Pass over constants."""
        if self.left < size:
            raise DamageError("cut_off", len(self._data), expected=self.at + size)
        self.at += size

    def check(self, count: int, byte: int, table: str, row_bytes: int) -> int:
        """Return a count of rows if that many can be in the file.

        Raises
        ------
        DamageError
            ``bad_table_count`` for a count below 0, too large, or of more bytes than are left.
        """
        if not 0 <= count <= min(MOST_ROWS, self._room) or count * row_bytes > self.left:
            raise DamageError("bad_table_count", byte, table=table, rows=count, left=self.left)
        self._room -= count
        return count

    def rows(self, form: str, count: int, byte: int, table: str) -> list[Row]:
        """Return the next rows; ``byte`` is where their count stands.

        Raises
        ------
        DamageError
            ``bad_table_count``, ``bad_table_place`` for an azimuth or a range that cannot be.
        """
        size = 4 * len(form)
        self.check(count, byte, table, size)
        raw = np.frombuffer(self._data, _row(form), count, self.at).tolist()
        start = self.at
        self.at += count * size
        return [
            tuple(self._cells(row, form, start + number * size, table, number + 1)) for number, row in enumerate(raw)
        ]

    def minutes(self, when: str | None) -> float | None:
        """Return the minutes from the start of the volume to a time, None where there is none."""
        if when is None:
            return None
        return round((datetime.fromisoformat(when) - self._started_at).total_seconds() / 60, 1)

    def counts(self, count: int, byte: int, table: str) -> list[int]:
        """Return the next integers, ``count`` of them."""
        return [value for (value,) in self.rows("i", count, byte, table)]

    @staticmethod
    def _cells(row: Row, form: str, at: int, table: str, number: int) -> Iterable[Cell]:
        for index, (letter, value) in enumerate(zip(form, row, strict=True)):
            if letter == "x":
                continue
            azimuth_wrong = letter == "a" and not -1 <= value <= 361
            if azimuth_wrong or (letter == "r" and not 0 <= value <= _MOST_RANGE_M):
                raise DamageError("bad_table_place", at + 4 * index, table=table, row=number, value=f"{value:g}")
            if letter == "t":
                yield utc(value)
            elif letter in "fa":
                yield finite(value)
            else:
                yield value


@cache
def _row(form: str) -> np.dtype[Any]:
    return np.dtype([(f"w{index}", "<f4" if letter in "fa" else "<i4") for index, letter in enumerate(form)])


def finite(value: float) -> float | None:
    """Return a single-precision number without its tail, None where it is not finite."""
    return float(f"{value:.7g}") if math.isfinite(value) else None
