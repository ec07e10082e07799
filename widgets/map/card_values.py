"""What a point's card is shown besides its verdict: plain values, made in a job."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from models.hazard.level import Level


@dataclass(frozen=True, slots=True)
class RainHours:
    """Rain of ``step_min`` each up to ``end_at``: ``rain_mm`` oldest first, NaN where nothing has come in.

    ``thresholds`` are those of the whole span, ``shorter`` those of shorter windows, each with its hours; ``source``
    says where the rain comes from.
    """

    end_at: datetime
    step_min: int
    rain_mm: tuple[float, ...]
    thresholds: tuple[tuple[Level, float], ...] = ()
    source: str = ""
    shorter: tuple[tuple[int, Level, float], ...] = ()

    @property
    def total_mm(self) -> float:
        """What has come in altogether, NaN if nothing has."""
        known = [mm for mm in self.rain_mm if math.isfinite(mm)]
        return sum(known) if known else math.nan

    @property
    def whole(self) -> bool:
        """Whether every step has come in."""
        return all(math.isfinite(mm) for mm in self.rain_mm)


@dataclass(frozen=True, slots=True)
class GaugeLine:
    """A gauge near the point; NaN where an hour or a day is not there, ``at`` its last report, None if it never spoke."""

    name: str
    distance_m: float
    hour_mm: float
    day_mm: float
    at: datetime | None
    stale: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody who answers. ``overdue_days`` is how long ago the confirmation fell due, None while it holds."""

    role: str
    name: str
    phone: str
    confirmed_on: date | None = None
    overdue_days: int | None = None
    link: str = ""


@dataclass(frozen=True, slots=True)
class AtRisk:
    """Who lives under the hazard; None where nobody has counted."""

    households: int | None = None
    people: int | None = None
    helped: int | None = None


@dataclass(frozen=True, slots=True)
class ShelterLine:
    """The shelter to go to: ``by_route`` says that the way is a surveyed one, else it is the straight line."""

    name: str
    distance_m: float
    minutes: float
    by_route: bool = False
    places: int | None = None
    above_m: float = math.nan
    link: str = ""
    route_link: str = ""


@dataclass(frozen=True, slots=True)
class PastLine:
    """What happened here before."""

    on: str
    rain: str
    what: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Inspection:
    """When somebody last looked at the place, who, what was found, and when the next look is due.

    ``confirmed_on`` is when what the register says was last held against the place.
    """

    on: date | None = None
    by: str = ""
    found: str = ""
    next_on: date | None = None
    overdue_days: int | None = None
    photos: int = 0
    confirmed_on: date | None = None
    confirm_by: date | None = None
    confirm_overdue_days: int | None = None


@dataclass(frozen=True, slots=True)
class WarningLine:
    """A warning in force over the point's town."""

    level: Level
    signal: str
    until_at: datetime | None
    link: str = ""


@dataclass(frozen=True, slots=True)
class PointFacts:
    """Everything about one point that its verdict does not say.

    None says that the office has no such register or field; an empty tuple that nothing is entered for this point.
    ``forecast_mm`` is expected rain by window in hours, empty as long as there is no forecast; ``details`` are other
    fields of the register as word and value.
    """

    point_id: str
    rain: RainHours | None = None
    gauges: tuple[GaugeLine, ...] | None = None
    people: tuple[PersonLine, ...] | None = None
    at_risk: AtRisk | None = None
    shelter: ShelterLine | None = None
    has_shelters: bool = False
    past: tuple[PastLine, ...] | None = None
    inspection: Inspection | None = None
    warnings: tuple[WarningLine, ...] | None = None
    unit: str = ""
    unit_link: str = ""
    forecast_mm: Mapping[int, float] = field(default_factory=dict)
    details: tuple[tuple[str, str], ...] = ()
    source: str = ""
