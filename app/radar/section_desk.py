"""Upright pictures: which volumes stand in them, and the newest line, place or RHI that was asked for."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from app.clock import Clock
from app.jobs import Jobs
from app.worker.worker import RadarTaken
from app.worker.worker_section import column_in, rhi_in, stack_in
from models.errors import DataError
from models.geodesy import distance_m
from models.grid import GridArea
from models.radar.profile import Profile, profile_of
from models.radar.register import Register
from models.radar.section import Ground, Place, Section, nodes_between, section_of
from models.radar.sight.heights import heights_on
from models.radar.stack_of_cuts import Column, Stack
from models.radar.volume import Site

_log = logging.getLogger(__name__)
KEPT_VOLUMES = 60
MOST_STACKS = 12
REACH_M = 460_000.0
TRIES, AGAIN_MS = 4, 700
REFLECTIVITY = frozenset({"dBZ", "Zc", "dBT"})

Line = tuple[Place, Place]


@dataclass(frozen=True, slots=True)
class KnownVolume:
    """A volume that can be asked for."""

    path: Path
    site: Site
    at: datetime
    step: timedelta
    reach_m: float
    sweeps: int


class SectionDesk(QObject):
    """Leads section, RHI and the column over time.

    Cuts are held only from `open` to `close`. A line that moves is worked out one at a
    time: while one is at work only the newest that was asked for waits, so that a dragged
    line is always answered and never falls behind.

    Signals
    -------
    section_changed(Section)        the section of the newest line, or an RHI
    profile_changed(Profile, int)   the column over time, and how many volumes are still to be read
    volumes_changed()               other volumes are known
    failed(Exception)               a volume could not be read
    """

    section_changed = Signal(object)
    profile_changed = Signal(object, int)
    volumes_changed = Signal()
    failed = Signal(object)

    def __init__(self, jobs: Jobs, register: Register, dem: Path | None, *, clock: Clock, max_age: timedelta) -> None:
        """Place radars by ``register``; a section takes no volume that is older than ``max_age``."""
        super().__init__()
        self._clock, self._max_age = clock, max_age
        self._jobs, self._register, self._dem = jobs, register, dem
        self._volumes: dict[str, dict[datetime, KnownVolume]] = {}
        self._rhis: dict[datetime, KnownVolume] = {}
        self._is_open = False
        self._ground: Ground | None = None
        self._ground_area: GridArea | None = None
        self._line: Line | None = None
        self._at: datetime | None = None
        self._stacks: dict[str, Stack] = {}
        self._read_at: dict[str, datetime] = {}
        self._asked: dict[str, datetime] = {}
        self._lost: set[str] = set()
        self._busy = self._waiting = False
        self._drawn: tuple[Stack, ...] = ()
        self._place: Place | None = None
        self._columns: dict[datetime, Column] = {}
        self._to_read: list[KnownVolume] = []
        self._rhi = 0

    # What is known

    def hear(self, taken: RadarTaken) -> None:
        """Note a volume that was read; a picture that needs it is made anew."""
        if not taken.sweeps:
            return
        reach_m = REACH_M if taken.footprint is None else taken.footprint.geometry.reach_m
        known = KnownVolume(taken.path, taken.site, taken.started_at, taken.step, reach_m, len(taken.sweeps))
        if taken.footprint is not None:
            of_radar = self._volumes.setdefault(taken.site.code, {})
        elif any(REFLECTIVITY & set(moments) for _, moments in taken.sweeps):
            of_radar = self._rhis
        else:
            return
        of_radar[known.at] = known
        while len(of_radar) > KEPT_VOLUMES:
            del of_radar[min(of_radar)]
        if not self._is_open:
            return
        self.volumes_changed.emit()
        if self._line is not None and of_radar is not self._rhis:
            self._ask_stacks()
        if self._place is not None and known.site.code == self._radar_over(self._place):
            idle = not self._to_read
            self._to_read.append(known)
            if idle:
                self._read_next()

    def show_area(self, area: GridArea) -> None:
        """Take the ground of this part of the map, once the tool is open."""
        if area != self._ground_area:
            self._ground_area, self._ground = area, None
            self._ask_ground()

    @property
    def has_volumes(self) -> bool:
        """Whether any volume is known."""
        return bool(self._volumes)

    @property
    def step(self) -> timedelta:
        """The slowest rhythm of the known radars."""
        return max(
            (max(v.values(), key=lambda k: k.at).step for v in self._volumes.values()), default=timedelta(minutes=6)
        )

    @property
    def rhis(self) -> tuple[tuple[KnownVolume, int], ...]:
        """Every known RHI sweep, the newest volume first."""
        known = [self._rhis[at] for at in sorted(self._rhis, reverse=True)]
        return tuple((volume, sweep) for volume in known for sweep in range(volume.sweeps))

    # The tool

    def open(self) -> None:
        """Begin to hold cuts."""
        self._is_open = True
        self._ask_ground()

    def close(self) -> None:
        """Let go of everything but the list of volumes."""
        self._is_open = False
        self._ground = None
        self._stacks.clear()
        self._read_at.clear()
        self._asked.clear()
        self.forget()

    def forget(self) -> None:
        """Let go of line and place."""
        self._line = self._place = None
        self._columns.clear()
        self._to_read.clear()

    @property
    def held(self) -> tuple[str, ...]:
        """Codes of the radars whose cuts are held."""
        return tuple(self._stacks)

    @property
    def reading(self) -> bool:
        """Whether a volume that the picture needs is still being read."""
        asked = ((code, at) for code, at in self._asked.items() if code not in self._lost)
        return any(self._read_at.get(code) != at for code, at in asked) or bool(self._to_read)

    # Section

    def show_line(self, line: Line) -> None:
        """Show the section along a line; the newest line wins."""
        if self._is_open:
            self._line = line
            self._ask_stacks()
            self._redraw()

    @property
    def at(self) -> datetime | None:
        """The past moment whose volumes stand in the section; None while it goes with the newest."""
        return self._at

    def show_time(self, at: datetime | None) -> None:
        """Take the volumes that were the newest at a past moment, as the frame of it does; None: the newest of now."""
        if at != self._at:
            self._at = at
            self._ask_stacks()
            if not self.reading:  # else the picture before stands, under its own times, until the first volume is read
                self._redraw()

    def _near(self) -> list[KnownVolume]:
        """Return the newest volume by now, or by the moment shown, of each radar that reaches the line, nearest first."""
        if self._line is None:
            return []
        lon, lat, _ = nodes_between(*self._line)
        now, found = self._at or self._clock.now(), []
        for of_radar in self._volumes.values():
            by_then = [at for at in of_radar if self._at is None or at <= self._at]
            if not by_then:
                continue
            newest = of_radar[max(by_then)]
            away = float(distance_m(lon, lat, newest.site.lon_deg, newest.site.lat_deg).min())
            if away < newest.reach_m and now - newest.at <= self._max_age:
                found.append((away, newest))
        return [volume for _, volume in sorted(found, key=lambda pair: pair[0])][:MOST_STACKS]

    def _ask_stacks(self) -> None:
        for volume in self._near():
            if self._asked.get(volume.site.code) != volume.at:
                self._asked[volume.site.code] = volume.at
                self._lost.discard(volume.site.code)
                self._ask_stack(volume, TRIES)

    def _ask_stack(self, volume: KnownVolume, tries: int) -> None:
        if self._asked.get(volume.site.code) == volume.at:
            self._jobs.start(
                f"stack:{volume.site.code}",
                partial(stack_in, volume.path, self._register),
                on_done=partial(self._on_stack, volume),
                on_error=partial(self._on_no_stack, volume, tries),
                where="process",
            )

    def _on_stack(self, volume: KnownVolume, stack: Stack) -> None:
        code = volume.site.code
        if self._is_open and self._asked.get(code) == volume.at:
            self._stacks[code], self._read_at[code] = stack, volume.at
            while len(self._stacks) > MOST_STACKS:
                first = next(iter(self._stacks))
                del self._stacks[first], self._read_at[first], self._asked[first]
            self._redraw()

    def _on_no_stack(self, volume: KnownVolume, tries: int, error: Exception) -> None:
        unopened = isinstance(error, DataError) and error.code == "radar.unreadable"
        if tries > 1 and (unopened or not volume.path.exists()):  # it is on its way into the archive
            QTimer.singleShot(AGAIN_MS, self, partial(self._ask_stack, volume, tries - 1))
            return
        self._lost.add(volume.site.code)
        self._on_failed(error)
        self._redraw()

    def _redraw(self) -> None:
        if self._line is None:
            return
        if self._busy:
            self._waiting = True
            return
        stacks = self._drawn = self._standing()
        self._busy = True
        work = partial(section_of, stacks, *self._line, ground=self._ground)
        self._jobs.start("section", work, on_done=self._on_section, on_error=self._on_no_section)

    def _standing(self) -> tuple[Stack, ...]:
        """Return the cuts that a section is made of now, those of the nearest radar first."""
        near = [volume.site.code for volume in self._near() if volume.site.code in self._stacks]
        oldest = (self._at or self._clock.now()) - self._max_age  # the newest volume may be one that cannot be read
        if self._at is not None:
            near = [code for code in near if self._read_at[code] <= self._at]
        return tuple(self._stacks[code] for code in near if self._read_at[code] >= oldest)

    def tick(self) -> None:
        """Look at the clock: a radar that has been silent too long leaves the section."""
        if self._line is not None and self._standing() != self._drawn:
            self._redraw()

    def _on_section(self, section: Section) -> None:
        self._busy = False
        if self._is_open and self._line is not None:
            self.section_changed.emit(section)
        if self._waiting:
            self._waiting = False
            self._redraw()

    def _on_no_section(self, error: Exception) -> None:
        self._busy = self._waiting = False
        self._on_failed(error)

    # Ground

    def _ask_ground(self) -> None:
        area, dem = self._ground_area, self._dem
        if self._is_open and self._ground is None and area is not None and dem is not None and dem.exists():
            work = partial(_ground_of, dem, area)
            self._jobs.start("section ground", work, on_done=self._on_ground, on_error=self._on_failed)

    def _on_ground(self, ground: Ground) -> None:
        if self._is_open:
            self._ground = ground
            self._redraw()

    # The column over time

    def show_place(self, place: Place) -> None:
        """Read what the nearest radar saw above a place, the newest volume first."""
        if not self._is_open:
            return
        self._place = place
        self._columns.clear()
        code = self._radar_over(place)
        of_radar = self._volumes.get(code, {})
        idle = not self._to_read
        self._to_read[:] = [of_radar[at] for at in sorted(of_radar, reverse=True)]
        if idle:
            self._read_next()

    def _radar_over(self, place: Place) -> str:
        """Return the code of the nearest radar that reaches a place, empty if none does."""
        best = (float("inf"), "")
        for code, of_radar in self._volumes.items():
            newest = of_radar[max(of_radar)]
            lon, lat = np.array([place[0]]), np.array([place[1]])
            away = float(distance_m(lon, lat, newest.site.lon_deg, newest.site.lat_deg)[0])
            if away < newest.reach_m:
                best = min(best, (away, code))
        return best[1]

    def covers(self, place: Place) -> bool:
        """Return whether any radar reaches a place."""
        return bool(self._radar_over(place))

    def _read_next(self) -> None:
        """Read one volume at a time, so that what comes in new never waits behind a whole loop."""
        if self._place is None or not self._to_read:
            return
        volume, place = self._to_read[0], self._place
        self._jobs.start(
            "column",
            partial(column_in, volume.path, *place, self._register),
            on_done=partial(self._on_column, volume, place),
            on_error=partial(self._on_no_column, volume, place),
            where="process",
        )

    def _on_column(self, volume: KnownVolume, place: Place, column: Column) -> None:
        if self._is_open and place == self._place:
            self._columns[volume.at] = column
            self._done_with(volume)
            left = len(self._to_read)
            work = partial(profile_of, tuple(self._columns.values()), step=volume.step)
            self._jobs.start("profile", work, on_done=partial(self._on_profile, place, left), on_error=self._on_failed)
        self._read_next()

    def _on_no_column(self, volume: KnownVolume, place: Place, error: Exception) -> None:
        if place == self._place:
            self._done_with(volume)
        self._on_failed(error)
        self._read_next()

    def _done_with(self, volume: KnownVolume) -> None:
        self._to_read[:] = [other for other in self._to_read if other != volume]

    def _on_profile(self, place: Place, left: int, profile: Profile) -> None:
        if self._is_open and place == self._place:
            self.profile_changed.emit(profile, left)

    # RHI

    def show_rhi(self, number: int = 0) -> None:
        """Show one of the known RHI sweeps; numbers go round."""
        known = self.rhis
        if self._is_open and known:
            volume, sweep = known[number % len(known)]
            self._jobs.start(
                "rhi",
                partial(rhi_in, volume.path, sweep, self._register),
                on_done=self._on_rhi,
                on_error=self._on_failed,
                where="process",
            )

    def _on_rhi(self, section: Section) -> None:
        if self._is_open and self._line is None:
            self.section_changed.emit(section)

    def _on_failed(self, error: Exception) -> None:
        _log.warning("section: %s", error)
        self.failed.emit(error)


def _ground_of(dem: Path, area: GridArea) -> Ground:
    return Ground(area, heights_on(dem, area))
