"""The column over a place: what each radar near it says at every height, of now or of the frame that is shown."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.clock import Clock
from app.jobs import Jobs
from app.radar.section_desk import KEPT_VOLUMES, KnownVolume
from app.worker.worker import RadarTaken
from app.worker.worker_section import column_in
from models.geodesy import distance_m
from models.radar.column_table import layers_over
from models.radar.register import Register
from models.radar.section import Place
from models.radar.stack_of_cuts import Column

_log = logging.getLogger(__name__)
MOST_RADARS = 6


class ColumnDesk(QObject):
    """Leads the table of a column; nothing is read before somebody asks.

    Signals
    -------
    column_changed(Place, tuple[Layer, ...], int)   what is known over the place, and how many radars are still read
    failed(Exception)                               a volume could not be read
    """

    column_changed = Signal(object, object, int)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, register: Register, *, clock: Clock, max_age: timedelta) -> None:
        """Place radars by ``register``; a column takes no volume that is older than ``max_age``."""
        super().__init__()
        self._jobs, self._register, self._clock, self._max_age = jobs, register, clock, max_age
        self._volumes: dict[str, dict[datetime, KnownVolume]] = {}
        self._wanted: tuple[Place, datetime | None] | None = None
        self._columns: dict[str, Column] = {}
        self._left: set[str] = set()

    def hear(self, taken: RadarTaken) -> None:
        """Note a volume that was read; a column that is shown takes the newer one."""
        if not taken.sweeps or taken.footprint is None:
            return
        reach_m = taken.footprint.geometry.reach_m
        known = KnownVolume(taken.path, taken.site, taken.started_at, taken.step, reach_m, len(taken.sweeps))
        of_radar = self._volumes.setdefault(taken.site.code, {})
        is_newest = known.at >= max(of_radar, default=known.at)
        of_radar[known.at] = known
        while len(of_radar) > KEPT_VOLUMES:
            del of_radar[min(of_radar)]
        if self._wanted is not None and self._wanted[1] is None and is_newest and known in self._near(*self._wanted):
            self._read(known)

    def show_place(self, place: Place | None, at: datetime | None = None) -> None:
        """Have the column over a place read; ``at`` is a past frame's time, None now; no place ends it."""
        self._columns.clear()
        self._left.clear()
        self._wanted = None if place is None else (place, at)
        if self._wanted is None:
            return
        near = self._near(*self._wanted)
        self._left.update(volume.site.code for volume in near)
        for volume in near:
            self._read(volume)
        self._tell()

    def _near(self, place: Place, at: datetime | None) -> list[KnownVolume]:
        """Return each radar's newest volume by then, of those that reach the place, the nearest first."""
        now, found = at or self._clock.now(), []
        lon, lat = np.array([place[0]]), np.array([place[1]])
        for of_radar in self._volumes.values():
            by_then = [moment for moment in of_radar if at is None or moment <= at]
            if not by_then:
                continue
            volume = of_radar[max(by_then)]
            away = float(distance_m(lon, lat, volume.site.lon_deg, volume.site.lat_deg)[0])
            if away < volume.reach_m and now - volume.at <= self._max_age:
                found.append((away, volume))
        return [volume for _, volume in sorted(found, key=lambda pair: pair[0])][:MOST_RADARS]

    def _read(self, volume: KnownVolume) -> None:
        if self._wanted is not None:
            place, code = self._wanted[0], volume.site.code
            self._jobs.start(
                f"column over:{code}",
                partial(column_in, volume.path, *place, self._register),
                on_done=partial(self._on_column, self._wanted, code),
                on_error=partial(self._on_no_column, self._wanted, code),
                where="process",
            )

    def _on_column(self, wanted: tuple[Place, datetime | None], code: str, column: Column) -> None:
        if wanted == self._wanted:
            self._columns[code] = column
            self._left.discard(code)
            self._tell()

    def _on_no_column(self, wanted: tuple[Place, datetime | None], code: str, error: Exception) -> None:
        _log.warning("column: %s", error)
        self.failed.emit(error)
        if wanted == self._wanted:
            self._left.discard(code)
            self._tell()

    def _tell(self) -> None:
        if self._wanted is not None:
            layers = layers_over(tuple(self._columns.values()))
            self.column_changed.emit(self._wanted[0], layers, len(self._left))
