"""A small county on paper: four towns in a row, its people, and one warning on each step of its life."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import shapely

from models.hazard.alarms import Alarm, RainSource
from models.hazard.level import Level
from models.hazard.register import Place
from models.warning import draft
from models.warning.area import TownFinder
from models.warning.draft import Draft
from models.warning.issuing_office import IssuingOffice
from models.warning.lifecycle import Step, advance
from models.warning.observed import TownRain
from models.warning.products import Products, make
from models.warning.recipient import Recipient
from models.warning.warning import Person, WeatherWarning

NOW = datetime(2026, 6, 17, 19, 12, 40, tzinfo=UTC)
OFFICE = IssuingOffice("青岚县气象台", "Qinglan Meteorological Office", "990001", exercise=True, drill_phones=("000-",))
REAL = replace(OFFICE, exercise=False)
AUTHOR = Person("p-zhou", "周岚", "1001", "000-1001", frozenset({"forecaster", "signer"}))
SIGNER = Person("p-shen", "沈知远", "1002", "000-1002", frozenset({"forecaster", "signer"}))
NAMES = ("石坑镇", "云台镇", "老鸦岭镇", "沙田镇")
TOWNS = tuple(
    Place(f"99000110{i}", name, "town", "990001", shapely.to_wkb(shapely.box(113 + i / 10, 24, 113.1 + i / 10, 24.1)))
    for i, name in enumerate(NAMES)
)
COUNTY = Place("990001", "青岚县", "county", "99", shapely.to_wkb(shapely.box(113, 24, 113.4, 24.1)))
FINDER = TownFinder(TOWNS)
ZHANG = Recipient("张三", "000-2001", (TOWNS[0].code,), ("石坑沟",))


def alarm(level: Level, town: int, *, named: bool = True, name: str = "石坑沟") -> Alarm:
    return Alarm(
        id=f"a-{town}-{level.value}",
        point_id=f"P{town}",
        point_name=name,
        kind="flash_flood",
        town=NAMES[town] if named else "",
        lon_deg=113.05 + town / 10,
        lat_deg=24.05,
        level=level,
        window_h=1,
        rain_mm=81.0,
        threshold_mm=80.0,
        at_least=False,
        raised_at=NOW,
        source=RainSource.RADAR,
        source_id="S",
    )


def town_rain(town: int, window_h: int, mm: float, *, at_least: bool = False) -> TownRain:
    return TownRain(TOWNS[town].code, NAMES[town], window_h, mm, at_least, "石坑沟")


OBSERVED = (town_rain(0, 3, 104.6), town_rain(1, 3, 55.5, at_least=True))


def from_alarms(
    *alarms: Alarm, observed: Sequence[TownRain] = (), finder: TownFinder = FINDER, signal_id: str = "rainstorm"
) -> Draft:
    return draft.from_alarms(
        alarms, finder=finder, observed=observed, office=OFFICE, author=AUTHOR, at=NOW, signal_id=signal_id
    )


def first_draft(
    *, office: IssuingOffice = OFFICE, observed: Sequence[TownRain] = OBSERVED, at: datetime = NOW
) -> Draft:
    """Red for 石坑镇, orange for 云台镇."""
    alarms = (alarm(Level.RED, 0), alarm(Level.BLUE, 1))
    return draft.from_alarms(alarms, finder=FINDER, observed=observed, office=office, author=AUTHOR, at=at)


def signed(warning: WeatherWarning, at: datetime = NOW) -> WeatherWarning:
    submitted, _ = advance(warning, Step.SUBMIT, AUTHOR, at, author=AUTHOR)
    return advance(submitted, Step.SIGN, SIGNER, at, author=AUTHOR)[0]


def products_of(
    warning: WeatherWarning,
    *,
    at: datetime = NOW,
    number: int = 3,
    office: IssuingOffice = OFFICE,
    previous: WeatherWarning | None = None,
    earlier: Sequence[WeatherWarning] = (),
    recipients: Sequence[Recipient] = (ZHANG,),
    observed: Sequence[TownRain] = OBSERVED,
) -> Products:
    return make(
        warning,
        office=office,
        places=TOWNS,
        at=at,
        number=number,
        recipients=recipients,
        previous=previous,
        earlier=earlier,
        observed=observed,
    )


def issued(
    working: Draft, *, at: datetime = NOW, number: int = 3, earlier: Sequence[WeatherWarning] = ()
) -> WeatherWarning:
    """The draft walked to its issue by two people."""
    ready = signed(working.warning, at)
    products = products_of(
        ready, at=at, number=number, office=working.office, previous=working.previous, earlier=earlier, recipients=()
    )
    return advance(ready, Step.ISSUE, AUTHOR, at, author=AUTHOR, products=products)[0]


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)
