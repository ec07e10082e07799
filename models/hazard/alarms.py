"""Alarms: a level reached at a point, with the evidence it rests on, frozen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from models.hazard.level import Level
from models.hazard.register import HazardPoint


class RainSource(StrEnum):
    """Where a point's rain comes from."""

    GAUGE = "gauge"
    RADAR = "radar"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class WindowVerdict:
    """One window of one point, judged.

    ``rain_mm`` is what has arrived, NaN if nothing has; ``coverage`` 0..1 is the
    part of the window that has data. ``at_least`` says 至少: rain has reached a
    level although the window is not full. ``level`` is ``NOT_JUDGED`` where no
    level is reached and less than 90 % is there.
    """

    window_h: int
    rain_mm: float
    coverage: float
    level: Level
    at_least: bool
    source: RainSource
    source_id: str = ""


@dataclass(frozen=True, slots=True)
class PointVerdict:
    """A point's level at a moment: the highest that any window reached.

    ``deciding`` is the window that gives the level; ``silent_gauge`` names a
    near gauge that should have spoken. ``next_level``/``next_mm`` say how many
    millimeters the nearest higher threshold is away, in ``next_window_h``;
    ``next_level`` is None at red and where nothing can be said.
    """

    point: HazardPoint
    at: datetime
    level: Level
    windows: tuple[WindowVerdict, ...]
    deciding: WindowVerdict | None
    next_level: Level | None = None
    next_mm: float = float("nan")
    next_window_h: int = 0
    silent_gauge: str = ""


class AlarmState(StrEnum):
    """Open until seen; shelved ones come back at the next level; closed when a draft took them up or the rain fell."""

    OPEN = "open"
    SEEN = "seen"
    SHELVED = "shelved"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Alarm:
    """A level-up at a point. ``evidence`` is the verdict as it stood, never changed.

    ``sources`` says what the rain rests on, in plain words of data (radar and
    time, gauge and time); ``threshold_mm`` is the one crossed.
    """

    id: str
    point_id: str
    point_name: str
    kind: str
    town: str
    lon_deg: float
    lat_deg: float
    level: Level
    window_h: int
    rain_mm: float
    threshold_mm: float
    at_least: bool
    raised_at: datetime
    source: RainSource
    source_id: str
    state: AlarmState = AlarmState.OPEN
    evidence: dict[str, object] = field(default_factory=dict)
