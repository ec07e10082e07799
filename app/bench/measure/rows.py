"""One line of a bench: many turns of an act, beside a baseline of the same minutes, and what is aimed at."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

WARM_UPS = 2
_HEAD = f"{'':<52}{'median':>10}{'p95':>10}{'least':>10}{'cpu':>10}{'x base':>9}{'aim':>12}  met"


@dataclass(frozen=True, slots=True)
class Aim:
    """The most that a median may be, in the row's unit, or its ratio to the baseline."""

    most: float | None = None
    is_ratio: bool = False


NO_AIM = Aim()


@dataclass(frozen=True, slots=True)
class Base:
    """What an act is measured beside."""

    name: str
    act: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured under one name.

    ``values`` are in ``unit`` (``ms``, ``ms/MB``, ``s``, ``MB``), one for each turn, and empty where the act
    is not there; ``note`` says why, or what else is to be known. ``cpu`` is the processor time of all threads
    for each turn. ``base`` holds the baseline's turns, measured in between.
    """

    name: str
    unit: str
    values: tuple[float, ...]
    cpu: tuple[float, ...] = ()
    base: tuple[float, ...] = ()
    base_name: str = ""
    aim: Aim = NO_AIM
    note: str = ""

    @property
    def median(self) -> float:
        return float(np.median(self.values)) if self.values else float("nan")

    @property
    def p95(self) -> float:
        return float(np.percentile(self.values, 95)) if self.values else float("nan")

    @property
    def least(self) -> float:
        return min(self.values, default=float("nan"))

    @property
    def ratio(self) -> float:
        """The median of the ratios turn by turn, so that a machine that slows down does so for both."""
        if not self.values or not self.base:
            return float("nan")
        if len(self.values) == len(self.base):
            return float(np.median(np.array(self.values) / np.array(self.base)))
        return self.median / float(np.median(self.base))

    @property
    def met(self) -> bool | None:
        """Whether the median is below the aim; None without an aim or a figure."""
        if self.aim.most is None or not self.values:
            return None
        return (self.ratio if self.aim.is_ratio else self.median) <= self.aim.most

    def line(self) -> str:
        """Return the row as it is printed."""
        if not self.values:
            return f"{self.name:<52}{self.note or 'not built':>10}"
        unit = "x" if self.aim.is_ratio else self.unit
        aim = "" if self.aim.most is None else f"< {self.aim.most:g} {unit}"
        met = {None: "", True: "yes", False: "NO"}[self.met]
        ratio = f"{self.ratio:.2f}" if self.base else ""
        cpu = f"{np.median(self.cpu):.2f}" if self.cpu else ""
        line = f"{self.name:<52}{self.median:>10.2f}{self.p95:>10.2f}{self.least:>10.2f}{cpu:>10}{ratio:>9}{aim:>12}  {met}"
        beside = f"  ({self.note})" if self.note else ""
        return line.rstrip() + beside

    def record(self) -> dict[str, Any]:
        """Return the row as plain values for a release's record."""
        return {
            "name": self.name,
            "unit": self.unit,
            "n": len(self.values),
            "median": _plain(self.median),
            "p95": _plain(self.p95),
            "least": _plain(self.least),
            "cpu_median": _plain(float(np.median(self.cpu))) if self.cpu else None,
            "base": self.base_name or None,
            "base_median": _plain(float(np.median(self.base))) if self.base else None,
            "ratio": _plain(self.ratio),
            "aim": self.aim.most,
            "aim_is_ratio": self.aim.is_ratio,
            "met": self.met,
            "note": self.note or None,
        }


@dataclass(slots=True)
class Table:
    """Rows under headings; each is printed as soon as it is there unless the bench is to be silent."""

    silent: bool = False
    rows: list[tuple[str, Row]] = field(default_factory=list)
    _heading: str = ""

    def head(self, heading: str) -> None:
        """Begin rows on another subject."""
        self._heading = heading
        self._say(f"\n{heading}\n{_HEAD}")

    def add(self, row: Row) -> Row:
        """Take a row, and print it."""
        self.rows.append((self._heading, row))
        self._say(row.line())
        return row

    def say(self, text: str) -> None:
        """Print a line between the rows."""
        self._say(text)

    def record(self) -> list[dict[str, Any]]:
        """Return all rows as plain values."""
        return [{"part": heading, **row.record()} for heading, row in self.rows]

    def _say(self, text: str) -> None:
        if not self.silent:
            print(text, flush=True)


@dataclass(frozen=True, slots=True)
class Clockwork:
    """Times acts: ``turns`` of each after two that do not count, its baseline before each turn."""

    turns: int

    def row(
        self,
        name: str,
        act: Callable[[], object],
        *,
        aim: Aim = NO_AIM,
        base: Base | None = None,
        unit: str = "ms",
        per: float = 1.0,
        fewer: int = 1,
    ) -> Row:
        """Return the row of an act: its times in ``unit``, divided by ``per``; ``fewer`` divides the turns."""
        factor = {"ms": 1000.0, "ms/MB": 1000.0, "s": 1.0}[unit] / per
        values: list[float] = []
        cpu: list[float] = []
        beside: list[float] = []
        turns = max(2, self.turns // fewer)
        for turn in range(-WARM_UPS if fewer == 1 else -1, turns):
            based = _timed(base.act)[0] if base is not None else 0.0
            wall, work = _timed(act)
            if turn >= 0:
                values.append(wall * factor)
                cpu.append(work * factor)
                if base is not None:
                    beside.append(based * factor)
        beside_name = base.name if base is not None else ""
        return Row(name, unit, tuple(values), tuple(cpu), tuple(beside), beside_name, aim)


def _timed(act: Callable[[], object]) -> tuple[float, float]:
    work, start = time.process_time(), time.perf_counter()
    kept = act()
    wall, work = time.perf_counter() - start, time.process_time() - work
    del kept
    return wall, work


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 4)
