"""The register of hazard points, and the towns and villages they lie in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from models.hazard.level import Level


class PointKind(StrEnum):
    """Kinds of hazard points (隐患点)."""

    FLASH_FLOOD = "flash_flood"
    LANDSLIDE = "landslide"
    COLLAPSE = "collapse"
    DEBRIS_FLOW = "debris_flow"
    WATERLOGGING = "waterlogging"


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
