"""The register of hazard points, and the towns and villages they lie in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from models.hazard.level import RISING, Level
from models.register.description import HAZARD_POINTS
from models.register.record import Record, Value


class PointKind(StrEnum):
    """Kinds of hazard points (隐患点)."""

    FLASH_FLOOD = "flash_flood"
    LANDSLIDE = "landslide"
    COLLAPSE = "collapse"
    DEBRIS_FLOW = "debris_flow"
    WATERLOGGING = "waterlogging"
    PLACE = "place"
    """A kind that only the office's own register knows: judged like every other."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """Rain of one window that reaches one level, in mm. ``design`` marks a starter value."""

    window_h: int
    level: Level
    rain_mm: float
    design: bool = False


@dataclass(frozen=True, slots=True)
class HazardPoint:
    """A named place that rain can make dangerous, and who answers for it.

    ``attributes`` keeps other columns of the register, such as the soil state.
    """

    id: str
    name: str
    kind: PointKind
    lon_deg: float
    lat_deg: float
    town: str = ""
    village: str = ""
    warn_unit: str = ""
    person: str = ""
    phone: str = ""
    thresholds: tuple[Threshold, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def windows_h(self) -> tuple[int, ...]:
        """The windows this point is judged in, shortest first."""
        return tuple(sorted({t.window_h for t in self.thresholds}))


@dataclass(frozen=True, slots=True)
class Place:
    """A county, town or village as an area; ``wkb`` is its (multi)polygon in WGS 84."""

    code: str
    name: str
    kind: str  # county, town, village, road, river
    parent: str
    wkb: bytes
    population: int | None = None


_OWN = ("warn_unit", "person", "phone")
_LEVELS = {level.value: level for level in RISING}
_KINDS = {kind.value: kind for kind in PointKind}


def as_record(point: HazardPoint, known: Record | None = None) -> Record:
    """Return a point as an entry of the register of hazard points.

    ``known`` is what the register has of it: other fields stay, and the outline as long as the point does not move.
    """
    values: dict[str, Value] = dict(known.values) if known is not None else {}
    for key, text in zip(_OWN, (point.warn_unit, point.person, point.phone), strict=True):
        if _text(values.get(key)) != text:
            values[key] = text or None
    values["thresholds"] = [
        {"window_h": t.window_h, "level": t.level.value, "rain_mm": t.rain_mm, "design": t.design}
        for t in point.thresholds
    ] or None
    kind = known.kind if known is not None and point.kind is PointKind.PLACE else point.kind.value
    stays = known is not None and (known.lon_deg, known.lat_deg) == (point.lon_deg, point.lat_deg)
    return Record(
        *(HAZARD_POINTS, point.id, point.name, kind, point.lon_deg, point.lat_deg),
        *(point.town, point.village),
        values={key: value for key, value in values.items() if value is not None},
        others=point.attributes,
        wkb=known.wkb if known is not None and stays else b"",
    )


def point_of(  # noqa: PLR0913 - the columns of a row
    id_: str,
    name: str,
    kind: str,
    lon_deg: float,
    lat_deg: float,
    town: str,
    village: str,
    *,
    values: Mapping[str, Any],
    others: Mapping[str, str],
) -> HazardPoint:
    """Return the point of an entry of the register of hazard points, without the fields that no verdict needs."""
    return HazardPoint(
        *(id_, name, _KINDS.get(kind, PointKind.PLACE), lon_deg, lat_deg, town, village),
        warn_unit=_text(values.get("warn_unit")),
        person=_text(values.get("person")),
        phone=_text(values.get("phone")),
        thresholds=tuple(
            [
                Threshold(int(t["window_h"]), _LEVELS[t["level"]], t["rain_mm"], t.get("design", False))
                for t in values.get("thresholds", ())
            ]
        ),
        attributes=others,
    )


def can_be_judged(thresholds: object) -> bool:
    """Return whether the thresholds of an entry are such that a verdict can rest on them; none at all are."""
    return thresholds is None or (isinstance(thresholds, list) and all(map(_is_threshold, thresholds)))


def _is_threshold(one: object) -> bool:
    if not isinstance(one, Mapping) or one.get("level") not in _LEVELS:
        return False
    window_h, rain_mm = one.get("window_h"), one.get("rain_mm")
    if not isinstance(window_h, int | float) or not isinstance(rain_mm, int | float):
        return False
    return math.isfinite(window_h) and math.isfinite(rain_mm) and 0 < window_h == int(window_h)


def _text(value: object) -> str:
    """Return a value as one text; several links stand beside one another."""
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    return "" if value is None else str(value)
