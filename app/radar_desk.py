"""The radar picture: the newest plane of each radar, the mosaics made of them, the loop."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.clock import Clock
from app.jobs import Jobs
from app.worker import Ppi, RadarTaken, ppi_codes
from models.grid import GridArea
from models.radar.composite import compose
from models.radar.mosaic import Mosaic, Plane

_log = logging.getLogger(__name__)
KEPT_FRAMES = 60
KEPT_PLANES = 90
LOOP_SPAN = timedelta(hours=3)
PLAY_MS = 200
DEFAULT_STEP = timedelta(minutes=6)


class RadarDesk(QObject):
    """Leads the radar picture.

    Signals
    -------
    mosaic_changed(Mosaic | None)         the frame to show
    frames_changed(tuple[datetime, ...])  times of the loop, oldest first
    ppi_changed(Ppi | None)               one sweep was asked for and is here
    failed(Exception)                     something the operator should know
    """

    mosaic_changed = Signal(object)
    frames_changed = Signal(object)
    ppi_changed = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        jobs: Jobs,
        *,
        radars: Mapping[str, tuple[str, timedelta]],
        clock: Clock,
        max_age: timedelta,
    ) -> None:
        """Expect ``radars`` (code to name and step)."""
        super().__init__()
        self._jobs, self._clock, self._max_age = jobs, clock, max_age
        self._area: GridArea | None = None
        self._radars = dict(radars)
        self._planes: dict[str, dict[datetime, Plane]] = {}
        self._products: set[str] = set()
        self._ppi: Ppi | None = None
        self._frames: dict[datetime, Mosaic] = {}
        self._shown: datetime | None = None
        self._composing: set[datetime] = set()
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
    def step_of_frames(self) -> timedelta:
        """The rhythm in which frames are expected: that of the quickest radar."""
        return min((step for _, step in self._radars.values()), default=DEFAULT_STEP)

    @property
    def over_reads(self) -> bool:
        """Whether the frame on the map is composite reflectivity of legacy products only."""
        shown = self.shown
        return shown is not None and bool(shown.sources) and all(s.code in self._products for s in shown.sources)

    @property
    def composing(self) -> bool:
        """Whether a mosaic is being made."""
        return bool(self._composing)

    @property
    def playing(self) -> bool:
        """Whether the loop runs."""
        return self._player.isActive()

    def open(self, area: GridArea) -> None:
        """Compose over an area from now on."""
        self._area = area

    def take(self, taken: RadarTaken) -> None:
        """Put a new plane into every frame that it belongs to; what is too old for the loop stays out."""
        plane = taken.plane
        if plane is None or self._area is None or abs(self._clock.now() - plane.source.at) > LOOP_SPAN:
            return
        at, code = plane.source.at, plane.source.code
        if code in self._radars:  # the office's own name, where the file has only a code
            plane = replace(plane, source=replace(plane.source, name=self._radars[code][0]))
        of_radar = self._planes.setdefault(plane.source.code, {})
        of_radar[at] = plane
        while len(of_radar) > KEPT_PLANES:
            del of_radar[min(of_radar)]
        if not taken.sweeps:
            self._products.add(plane.source.code)
        times = {t for planes in self._planes.values() for t in planes}
        for frame_at in sorted(t for t in times if at <= t < at + self._max_age):
            self._compose(frame_at, self._area)

    def _compose(self, frame_at: datetime, area: GridArea) -> None:
        """Make the frame of a moment from the newest plane that each radar had by then."""
        planes = tuple(
            planes[max(t for t in planes if t <= frame_at)]
            for planes in self._planes.values()
            if any(t <= frame_at for t in planes)
        )
        self._composing.add(frame_at)
        self._jobs.start(
            f"mosaic:{frame_at.isoformat()}",
            partial(compose, planes, area, at=frame_at, max_age=self._max_age),
            on_done=self._on_composed,
            on_error=partial(self._on_not_composed, frame_at),
        )

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
        """Show the newest frame and stay with it; a single sweep gives way to the mosaic."""
        self._player.stop()
        self.hide_ppi()
        self._show(None)

    def play_or_pause(self) -> None:
        """Run the loop, or stop it where it is."""
        if self._player.isActive():
            self._player.stop()
        elif len(self._frames) > 1:
            self._player.start()

    def show_ppi(self, path: Path, sweep: int = 0, moment: str = "dBZ") -> None:
        """Lay one sweep of one volume on the map, round its own radar if that stands elsewhere; see `hide_ppi`."""
        self._jobs.start(
            "ppi",
            partial(ppi_codes, path, sweep, moment),
            on_done=self._on_ppi,
            on_error=self._on_failed,
            where="process",
        )

    def hide_ppi(self) -> None:
        """Go back to the mosaic."""
        if self._ppi is not None:
            self._ppi = None
            self.ppi_changed.emit(None)

    def _show(self, at: datetime | None) -> None:
        self._shown = at
        self.mosaic_changed.emit(self.shown)

    def _on_composed(self, mosaic: Mosaic) -> None:
        self._composing.discard(mosaic.at)
        self._frames[mosaic.at] = mosaic
        while len(self._frames) > KEPT_FRAMES:
            del self._frames[min(self._frames)]
        self.frames_changed.emit(tuple(sorted(self._frames)))
        shown = self.shown
        if shown is not None and shown.at == mosaic.at:
            self.mosaic_changed.emit(shown)

    def _on_ppi(self, ppi: Ppi) -> None:
        self._ppi = ppi
        self.ppi_changed.emit(ppi)

    def _on_not_composed(self, frame_at: datetime, error: Exception) -> None:
        self._composing.discard(frame_at)
        self._on_failed(error)

    def _on_failed(self, error: Exception) -> None:
        _log.warning("radar: %s", error)
        self.failed.emit(error)
