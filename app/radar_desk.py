"""The radar picture: the newest plane of each radar, the mosaics made of them, the loop."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.clock import Clock
from app.jobs import Jobs
from app.worker import RadarTaken, ppi_codes
from models.grid import GridArea
from models.radar.composite import compose
from models.radar.mosaic import Mosaic, Plane

_log = logging.getLogger(__name__)
KEPT_FRAMES = 60
PLAY_MS = 200


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """One source that the office expects: when it last spoke and whether it is late."""

    code: str
    name: str
    last_at: datetime | None
    late: bool


@dataclass(frozen=True, slots=True, eq=False)
class Ppi:
    """One sweep of one volume on the map's area, under its own time."""

    site_name: str
    at: datetime
    elevation_deg: float
    area: GridArea
    codes: object


class RadarDesk(QObject):
    """Leads the radar picture.

    Signals
    -------
    mosaic_changed(Mosaic | None)         the frame to show
    frames_changed(tuple[datetime, ...])  times of the loop, oldest first
    health_changed(tuple[SourceHealth])   which radars speak
    ppi_changed(Ppi | None)               one sweep was asked for and is here
    failed(Exception)                     something the operator should know
    """

    mosaic_changed = Signal(object)
    frames_changed = Signal(object)
    health_changed = Signal(object)
    ppi_changed = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        jobs: Jobs,
        *,
        area: GridArea,
        radars: Mapping[str, tuple[str, timedelta]],
        clock: Clock,
        max_age: timedelta,
    ) -> None:
        """Expect ``radars`` (code to name and step) over ``area``."""
        super().__init__()
        self._jobs, self._area, self._clock, self._max_age = jobs, area, clock, max_age
        self._radars = dict(radars)
        self._planes: dict[str, Plane] = {}
        self._frames: dict[datetime, Mosaic] = {}
        self._shown: datetime | None = None
        self._composing = 0
        self._health: tuple[SourceHealth, ...] = ()
        self._player = QTimer(self)
        self._player.setInterval(PLAY_MS)
        self._player.timeout.connect(partial(self.step, 1, wrap=True))

    @property
    def frames(self) -> tuple[Mosaic, ...]:
        """The loop, oldest first."""
        return tuple(self._frames[at] for at in sorted(self._frames))

    @property
    def shown(self) -> Mosaic | None:
        """The frame on the map: the newest unless the operator went back."""
        if self._shown in self._frames:
            return self._frames[self._shown]
        return self._frames[max(self._frames)] if self._frames else None

    @property
    def composing(self) -> bool:
        """Whether a mosaic is being made."""
        return self._composing > 0

    @property
    def playing(self) -> bool:
        """Whether the loop runs."""
        return self._player.isActive()

    @property
    def health(self) -> tuple[SourceHealth, ...]:
        """The expected radars, each with its last time."""
        return self._health

    def take(self, taken: RadarTaken) -> None:
        """Put a new plane into the mosaic if it is of now."""
        plane = taken.plane
        if plane is None or abs(self._clock.now() - plane.source.at) > self._max_age:
            return
        before = self._planes.get(plane.source.code)
        if before is not None and before.source.at > plane.source.at:
            return
        self._planes[plane.source.code] = plane
        self._composing += 1
        planes = tuple(self._planes.values())
        at = max(p.source.at for p in planes)
        self._jobs.start(
            f"mosaic:{plane.source.code}:{at.isoformat()}",
            partial(compose, planes, self._area, at=at, max_age=self._max_age),
            on_done=self._on_composed,
            on_error=self._on_not_composed,
        )

    def tick(self) -> None:
        """Look at the clock: which radars have fallen silent."""
        now = self._clock.now()
        health = []
        for code, (name, step) in self._radars.items():
            plane = self._planes.get(code)
            last_at = plane.source.at if plane else None
            health.append(SourceHealth(code, name, last_at, last_at is None or now - last_at > 2.5 * step))
        if tuple(health) != self._health:
            self._health = tuple(health)
            self.health_changed.emit(self._health)

    def step(self, by: int, *, wrap: bool = False) -> None:
        """Go ``by`` frames on or back."""
        times = sorted(self._frames)
        shown = self.shown
        if not times or shown is None:
            return
        index = times.index(shown.at) + by
        index = index % len(times) if wrap else min(max(index, 0), len(times) - 1)
        self._show(None if index == len(times) - 1 and not wrap else times[index])

    def go_to(self, at: datetime) -> None:
        """Show the frame nearest to a time."""
        if self._frames:
            self._show(min(self._frames, key=lambda t: abs(t - at)))

    def go_now(self) -> None:
        """Show the newest frame and stay with it."""
        self._player.stop()
        self._show(None)

    def play_or_pause(self) -> None:
        """Run the loop, or stop it where it is."""
        if self._player.isActive():
            self._player.stop()
        elif len(self._frames) > 1:
            self._player.start()

    def show_ppi(self, path: Path, sweep: int = 0, moment: str = "dBZ") -> None:
        """Lay one sweep of one volume on the map; see `hide_ppi`."""
        self._jobs.start(
            "ppi",
            partial(ppi_codes, path, sweep, moment, self._area),
            on_done=self._on_ppi,
            on_error=self._on_failed,
            where="process",
        )

    def hide_ppi(self) -> None:
        """Go back to the mosaic."""
        self.ppi_changed.emit(None)

    def _show(self, at: datetime | None) -> None:
        self._shown = at
        self.mosaic_changed.emit(self.shown)

    def _on_composed(self, mosaic: Mosaic) -> None:
        self._composing -= 1
        self._frames[mosaic.at] = mosaic
        while len(self._frames) > KEPT_FRAMES:
            del self._frames[min(self._frames)]
        self.frames_changed.emit(tuple(sorted(self._frames)))
        if self._shown is None:
            self.mosaic_changed.emit(mosaic)
        self.tick()

    def _on_ppi(self, answer: tuple[object, datetime, float, object]) -> None:
        site, at, elevation_deg, codes = answer
        name = getattr(site, "name", "") or getattr(site, "code", "")
        self.ppi_changed.emit(Ppi(name, at, elevation_deg, self._area, codes))

    def _on_not_composed(self, error: Exception) -> None:
        self._composing -= 1
        self._on_failed(error)

    def _on_failed(self, error: Exception) -> None:
        _log.warning("radar: %s", error)
        self.failed.emit(error)
