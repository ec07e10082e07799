"""Who is to be told: the responsible persons of the hazard points in the towns of a warning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from models.hazard.register import HazardPoint
from models.warning.area import TownFinder
from models.warning.persons import plain_phone
from models.warning.recipient import Recipient
from models.warning.warning import WeatherWarning


@dataclass(frozen=True, slots=True)
class Audience:
    """``recipients`` one per phone, sorted; ``without_phone`` names points whose person cannot be reached."""

    recipients: tuple[Recipient, ...]
    without_phone: tuple[str, ...]


@dataclass(slots=True)
class _Found:
    name: str
    phone: str
    rank: int = 0
    towns: dict[str, None] = field(default_factory=dict)
    points: dict[str, None] = field(default_factory=dict)


def audience(
    warning: WeatherWarning,
    points: Iterable[HazardPoint],
    finder: TownFinder,
    *,
    previous: WeatherWarning | None = None,
) -> Audience:
    """Return the persons to tell.

    Those who answer for a point in a town of the warning, and in a town that
    the message it replaces had warned and this one drops. One message per
    phone, whatever way the number is written; the worst level first, then by
    name.
    """
    rank = {t.code: 0 for t in previous.towns} if previous else {}
    rank |= {t.code: t.level.rank for t in warning.towns}
    found: dict[str, _Found] = {}
    without_phone = []
    for point in points:
        town = finder.find(point.town, point.lon_deg, point.lat_deg)
        if town is None or town.code not in rank:
            continue
        key = plain_phone(point.phone)
        if not key:
            without_phone.append(point.name)
            continue
        person = found.setdefault(key, _Found(point.person, point.phone.strip()))
        person.rank = max(person.rank, rank[town.code])
        person.towns[town.code] = None
        person.points[point.name] = None
    listed = sorted(found.values(), key=lambda p: (-p.rank, p.name, p.phone))
    return Audience(
        tuple(Recipient(p.name, p.phone, tuple(p.towns), tuple(p.points)) for p in listed), tuple(without_phone)
    )
