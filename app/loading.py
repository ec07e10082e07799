"""What the console reads from its store at the start, in one go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.hazard.alarms import Alarm
from models.hazard.level import Level
from models.hazard.point_table import PointTable
from models.hazard.register import HazardPoint, Place
from models.rain.late import AHEAD
from models.rain.observations import Gauge, GaugeReport, PointRates
from models.rain.windows import align
from models.store import hazards, observations, people, places, warnings
from models.store.database import Database, Store
from models.warning.area import TownFinder
from models.warning.warning import Person, WeatherWarning

RAIN_KEPT = timedelta(hours=13)
ALARMS_KEPT = timedelta(hours=24)
LEVELS_KEPT = timedelta(days=7)
"""A level may be held through a storm of days; a restart raises none of its alarms anew."""


def is_of_now(at: datetime, now: datetime) -> bool:
    """Return whether rain of a moment can count in a window that is judged now."""
    return -RAIN_KEPT <= at - now <= AHEAD


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """The office as its store knows it; ``rates`` are in the order of the points, ``finder`` knows the places."""

    people: tuple[Person, ...]
    places: tuple[Place, ...]
    table: PointTable
    finder: TownFinder
    gauges: tuple[Gauge, ...]
    reports: tuple[GaugeReport, ...]
    rates: tuple[PointRates, ...]
    alarms: tuple[Alarm, ...]
    held: Mapping[str, Level]
    warnings: tuple[WeatherWarning, ...]

    @property
    def points(self) -> tuple[HazardPoint, ...]:
        """The hazard points."""
        return self.table.points


PLACE_KINDS = ("county", "town", "village", "river", "road")


def load(store: Store, now: datetime) -> Loaded:
    """Read everything the desks begin with; runs in a job."""

    def work(db: Database) -> Loaded:
        known = tuple(p for kind in PLACE_KINDS for p in places.of_kind(db, kind))
        table = PointTable(hazards.points(db)).made()
        return Loaded(
            people=people.everybody(db),
            places=known,
            table=table,
            finder=TownFinder(known),
            gauges=observations.gauges(db),
            reports=observations.reports(db, now - RAIN_KEPT),
            rates=tuple(align(*frame, table.ids) for frame in observations.rates(db, now - RAIN_KEPT)),
            alarms=hazards.alarms(db, since=now - ALARMS_KEPT),
            held=hazards.held_levels(db, now - LEVELS_KEPT),
            warnings=warnings.all_warnings(db),
        )

    return store.read(work)
