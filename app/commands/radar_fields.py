"""What radar files say round their radars, for a command: the newest of each radar, and who is left out and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import numpy as np

import resources
from app.commands.radar_reading import each_of
from models.errors import ConsoleError, DataError
from models.geodesy import distance_m
from models.radar.decoders import read
from models.radar.footprint import Footprint, Source
from models.radar.mosaic import Rule
from models.radar.polar import footprint_of
from models.radar.product import Grid, Product, Reading
from models.radar.quantity import CR, Kind, Quantity
from models.radar.rays import reflectivity_of
from models.radar.register import ELSEWHERE_M, Register, check_site
from models.radar.sight.horizon_shelf import SiteBlockage
from models.radar.stack_of_cuts import Stack, cuts_round
from models.radar.volume import Site, Volume

LIMIT_S = 60.0
"""A horizon of the ground may have to be worked out first."""

STEP = timedelta(minutes=6)

MAX_AGE = timedelta(minutes=20)
"""A radar that spoke so long before the newest one takes no part."""


@dataclass(frozen=True, slots=True)
class FieldWish:
    """What is wanted of each file; ``echo`` asks for composite reflectivity too, for the motion of the echoes."""

    quantity: Quantity
    rule: Rule
    register: Register
    blockage: SiteBlockage | None = None
    echo: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class RadarField:
    """One file's field of the quantity; ``error`` names what is broken where only whole cuts were kept."""

    path: Path
    site: Site
    source: Source
    footprint: Footprint
    echo: Footprint | None = None
    error: ConsoleError | None = None
    notice: ConsoleError | None = None


@dataclass(frozen=True, slots=True, eq=False)
class RadarStack:
    """All cuts of one file; ``error`` names what is broken where only whole cuts were kept."""

    path: Path
    site: Site
    source: Source
    stack: Stack
    error: ConsoleError | None = None
    notice: ConsoleError | None = None


class OfOneRadar(Protocol):
    """What a file was made into."""

    @property
    def path(self) -> Path: ...
    @property
    def site(self) -> Site: ...
    @property
    def source(self) -> Source: ...
    @property
    def error(self) -> ConsoleError | None: ...
    @property
    def notice(self) -> ConsoleError | None: ...


R = TypeVar("R", bound=OfOneRadar)


class NoneUsableError(DataError):
    """Not one of several files can take part; the sentence says of each why."""

    def __init__(self, errors: tuple[ConsoleError, ...]) -> None:
        super().__init__("radar.none_usable", count=len(errors))
        self.errors = errors

    def sentence(self, language: str = "en") -> str:
        """Return one line for each file, and one for all."""
        return "\n".join([*(error.sentence(language) for error in self.errors), super().sentence(language)])


@dataclass(slots=True)
class Taken(Generic[R]):
    """What a set of files came to.

    ``newest`` is one of each radar, in the order of the files; ``older`` are earlier ones of
    these, newest first; ``refused`` are files that take no part, each with its reason.
    """

    newest: dict[str, R] = field(default_factory=dict)
    older: dict[str, list[R]] = field(default_factory=dict)
    refused: list[tuple[Path, ConsoleError]] = field(default_factory=list)

    @property
    def at(self) -> datetime:
        """The time of the newest file."""
        return max(one.source.at for one in self.newest.values())

    @property
    def current(self) -> list[R]:
        """The radars that are not too old beside the newest."""
        return [one for one in self.newest.values() if self.at - one.source.at <= MAX_AGE]

    @property
    def old(self) -> list[R]:
        """The radars that are too old."""
        return [one for one in self.newest.values() if self.at - one.source.at > MAX_AGE]

    @property
    def whole(self) -> bool:
        """Whether every file could be used, and all of it."""
        return not self.refused and all(one.error is None for one in self.newest.values())

    def told(self, language: str) -> list[str]:
        """Return a line for each file that takes no part or only in part, and for what is odd about its radar."""
        lines = [_say(language, "mosaic_refused", error=error.sentence(language)) for _, error in self.refused]
        for one in self.newest.values():
            if one.error is not None:
                lines.append(_say(language, "mosaic_partly", error=one.error.sentence(language)))
            if one.notice is not None:
                lines.append(_say(language, "mosaic_notice", error=one.notice.sentence(language)))
        return lines + [_say(language, "mosaic_older", code=c, count=len(older)) for c, older in self.older.items()]


def fields_of(files: list[Path], wish: FieldWish) -> Taken[RadarField]:
    """Read files into fields, each in a worker process.

    Raises
    ------
    DataError
        The file's own where there is one file and it cannot be used; `NoneUsableError` where none of several can.
    """
    return _taken(files, partial(field_of, wish=wish))


def stacks_of(files: list[Path], register: Register) -> Taken[RadarStack]:
    """Read volumes into their cuts, each in a worker process; raises as `fields_of`."""
    return _taken(files, partial(stack_of, register=register))


def field_of(path: Path, wish: FieldWish) -> RadarField:
    """Return what one file says of a quantity; a worker's work.

    Raises
    ------
    DataError
        If it cannot be read, has no place, or can say nothing of the quantity: the sentence says what it is.
    """
    reading = read(path, register=wish.register)
    site, notice = _checked(reading, wish.register, path, wish.quantity)
    made = partial(footprint_of, step=STEP, blockage=wish.blockage, with_weights=wish.rule is Rule.WEIGHT)
    footprint = made(reading, quantity=wish.quantity)
    echo = None
    if wish.echo:
        echo = footprint if wish.quantity == CR else footprint_of(reading, step=STEP)
    return RadarField(path, site, footprint.source, footprint, echo, _error_of(reading), notice)


def stack_of(path: Path, register: Register) -> RadarStack:
    """Return all cuts of one file; a worker's work, which raises as `field_of`."""
    reading = read(path, register=register)
    site, notice = _checked(reading, register, path, None)
    assert isinstance(reading, Volume)  # noqa: S101 - all else is refused
    stack = cuts_round(reading)
    source = Source(site.code, site.name, reading.started_at, STEP)
    return RadarStack(path, site, source, stack, _error_of(reading), notice)


def _checked(
    reading: Reading, register: Register, path: Path, quantity: Quantity | None
) -> tuple[Site, DataError | None]:
    """Return the radar of a reading that can take part, and what to tell of it; ``quantity`` None asks for cuts."""
    if isinstance(reading, Grid):
        raise DataError("radar.no_one_radar", file=path.name, format=reading.format)
    if isinstance(reading, Product) and (quantity is None or quantity.kind is not Kind.COMPOSITE):
        raise DataError("radar.no_cuts", file=path.name, what=f"{reading.format} {reading.name}")
    if isinstance(reading, Volume):
        if reading.scan == "rhi":
            raise DataError("radar.no_cuts", file=path.name, what="RHI")
        if all(reflectivity_of(sweep) is None for sweep in reading.sweeps):
            raise DataError("radar.no_reflectivity", file=path.name)
    return reading.site, check_site(reading, register, path.name)


def _error_of(reading: Reading) -> ConsoleError | None:
    error = reading.error if isinstance(reading, Volume) else None
    return error if isinstance(error, ConsoleError) else None


def _taken(files: list[Path], work: Callable[[Path], R]) -> Taken[R]:
    taken: Taken[R] = Taken()
    for answer in each_of(files, work, limit_s=LIMIT_S):
        if answer.error is not None:
            taken.refused.append((answer.path, answer.error))
        else:
            _sort_in(taken, answer.result())
    if not taken.newest:
        errors = tuple(error for _, error in taken.refused)
        raise errors[0] if len(errors) == 1 else NoneUsableError(errors)
    for older in taken.older.values():
        older.sort(key=lambda one: one.source.at, reverse=True)
    return taken


def _sort_in(taken: Taken[R], one: R) -> None:
    """Put one radar's answer beside the others: the newest of a radar stands, one that stands elsewhere is refused."""
    code = one.source.code
    first = taken.newest.get(code)
    if first is None:
        taken.newest[code] = one
        return
    away_m = _apart_m(first.site, one.site)
    if away_m > ELSEWHERE_M:
        facts = {
            "file": one.path.name,
            "radar": code or "?",
            "other": first.path.name,
            "away_km": f"{away_m / 1000:.0f}",
        }
        taken.refused.append((one.path, DataError("radar.two_of_one_code", **facts)))
        return
    newer, older = (one, first) if _rank(one) > _rank(first) else (first, one)
    taken.newest[code] = newer
    taken.older.setdefault(code, []).append(older)


def _rank(one: OfOneRadar) -> tuple[datetime, bool]:
    """Later is better; of two files of one moment the whole one."""
    return one.source.at, one.error is None


def _apart_m(a: Site, b: Site) -> float:
    return float(distance_m(np.array([a.lon_deg]), np.array([a.lat_deg]), b.lon_deg, b.lat_deg)[0])


def _say(language: str, key: str, **facts: object) -> str:
    return resources.phrase("radar_info", key, language).format_map(facts)
