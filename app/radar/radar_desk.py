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
from app.radar.radar_frames import Composed, FrameWish, frame_of, place, too_many
from app.radar.radar_loop import KEPT_FRAMES, RadarLoop
from app.worker.worker import RadarTaken, RadarWish, field_in
from models.errors import DataError
from models.grid import GridArea
from models.radar.called import called
from models.radar.compose import Plane
from models.radar.footprint import Footprint
from models.radar.mosaic import Mosaic, Rule
from models.radar.motion import Motion, motion_between
from models.radar.quantity import CR, Quantity
from models.radar.rain_rate import round_to_step
from models.rain.late import AHEAD

_log = logging.getLogger(__name__)
KEPT_PLANES_BYTES = 150_000_000
LOOP_SPAN = timedelta(hours=3)
PLAY_MS = (800, 400, 200, 100, 50)
USUAL_SPEED = 2
DWELL_MS = 1200
KEPT_FILES = 400
TRIES, AGAIN_MS = 4, 700
DEFAULT_STEP = timedelta(minutes=6)
FileKey = tuple[datetime, str]
MOTION_FROM, MOTION_TO = timedelta(minutes=4), timedelta(minutes=13)
MOTION_LASTS = timedelta(minutes=30)


class RadarDesk(QObject):
    """Leads the radar picture.

    Signals
    -------
    mosaic_changed(Mosaic | None)         the frame to show
    newest_made(Mosaic)                   the newest frame was made, whichever is looked at
    frames_changed(tuple[datetime, ...])  times of the loop, oldest first
    quantity_changed(Quantity)            the mosaic shows something else from now on
    failed(Exception)                     something the operator should know
    """

    mosaic_changed = Signal(object)
    newest_made = Signal(object)
    frames_changed = Signal(object)
    quantity_changed = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        jobs: Jobs,
        *,
        radars: Mapping[str, tuple[str, timedelta]],
        clock: Clock,
        max_age: timedelta,
        shelf: Path,
        follow_motion: bool = True,
    ) -> None:
        """Expect ``radars`` (code to name and step); ``shelf`` keeps the tables from radar to map."""
        super().__init__()
        self._jobs, self._clock, self._max_age, self._shelf = jobs, clock, max_age, shelf
        self._area: GridArea | None = None
        self._radars = dict(radars)
        self._planes: dict[str, dict[datetime, Plane]] = {}
        self._products: set[str] = set()
        self._loop = RadarLoop()
        self._motion: Motion | None = None
        self._last: Composed | None = None
        self._dropped_until: datetime | None = None
        self._follow_motion = follow_motion
        self._shown: datetime | None = None
        self._quantity = CR
        self._wish: RadarWish | None = None
        self._files: dict[FileKey, Path] = {}
        self._unproven: set[FileKey] = set()
        self._incomplete: set[FileKey] = set()
        self._placing: set[str] = set()
        self._composing: set[datetime] = set()
        self._player = QTimer(self)
        self._speed = USUAL_SPEED
        self._player.setInterval(PLAY_MS[self._speed])
        self._player.timeout.connect(self._play_on)

    @property
    def frames(self) -> tuple[datetime, ...]:
        """Times of the loop, oldest first."""
        return self._loop.times

    @property
    def shown(self) -> Mosaic | None:
        """The frame on the map: the newest unless the operator went back."""
        times = self._loop.times
        if not times:
            return None
        return self._loop.frame(self._shown if self._shown in times else times[-1])

    @property
    def looking_back(self) -> bool:
        """Whether an older frame than the newest is on the map."""
        times = self._loop.times
        return self._shown in times and self._shown != times[-1]

    @property
    def heard(self) -> tuple[str, ...]:
        """Codes of the radars that stand in the picture."""
        return tuple(self._planes)

    def step_of(self, code: str) -> timedelta:
        """The rhythm of one radar."""
        return self._radars[code][1] if code in self._radars else DEFAULT_STEP

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
    def unproven(self) -> tuple[str, ...]:
        """Names of the radars in the frame on the map whose file is of a layout that no real file proves."""
        return self._named(self._unproven)

    @property
    def incomplete(self) -> tuple[str, ...]:
        """Names of the radars in the frame on the map of whose volume only whole cuts could be kept."""
        return self._named(self._incomplete)

    def _named(self, keys: set[FileKey]) -> tuple[str, ...]:
        shown = self.shown
        return (
            tuple(called(s.name, s.code, brief=True) for s in shown.sources if (s.at, s.code) in keys)
            if shown is not None
            else ()
        )

    @property
    def composing(self) -> bool:
        """Whether a mosaic is being made."""
        return bool(self._placing or self._composing)

    @property
    def playing(self) -> bool:
        """Whether the loop runs."""
        return self._player.isActive()

    @property
    def quantity(self) -> Quantity:
        """What the mosaic shows."""
        return self._quantity

    def open(self, area: GridArea, wish: RadarWish) -> None:
        """Compose over an area from now on, from files that are read as wished."""
        self._area, self._wish = area, wish

    def show_quantity(self, quantity: Quantity) -> None:
        """Make the loop anew of another quantity, from the volumes as they came, the newest first."""
        if self._wish is None or quantity == self._quantity:
            return
        self._quantity = quantity
        self._wish = replace(self._wish, quantity=quantity)
        self._planes.clear()
        self._last = self._dropped_until = None
        self._loop.clear()
        self._placing.clear()
        self.frames_changed.emit(())
        self.mosaic_changed.emit(None)
        self.quantity_changed.emit(quantity)
        for path in [self._files[key] for key in sorted(self._files, reverse=True)]:
            self._ask_field(path, TRIES)

    def _ask_field(self, path: Path, tries: int) -> None:
        """Have one file read again for the quantity of now."""
        if self._wish is None:
            return
        name = f"field:{self._quantity.word}:{path.name}"
        self._placing.add(name)
        self._jobs.start(
            name,
            partial(field_in, path, self._wish),
            on_done=partial(self._on_field, name),
            on_error=partial(self._on_no_field, name, path, tries),
            where="process",
        )

    def _on_no_field(self, name: str, path: Path, tries: int, error: Exception) -> None:
        unopened = isinstance(error, DataError) and error.code == "radar.unreadable"
        if unopened and tries > 1 and name in self._placing:  # it is on its way into the archive
            QTimer.singleShot(AGAIN_MS, self, partial(self._ask_field, path, tries - 1))
        else:
            self._on_not_placed(name, error)

    def _on_field(self, name: str, footprint: Footprint | None) -> None:
        self._placing.discard(name)
        if footprint is not None and footprint.quantity == self._quantity:
            self._place(footprint)

    def take(self, taken: RadarTaken) -> None:
        """Put what a radar says into every frame that it belongs to; what is too old for the loop stays out."""
        footprint = taken.footprint
        now = self._clock.now()
        if abs(now - taken.started_at) > LOOP_SPAN or taken.at - now > AHEAD:
            return
        key = taken.started_at, taken.site.code
        if taken.error is not None and key in self._files and key not in self._incomplete:
            return  # the same volume came whole before
        if footprint is None and key in self._files:
            return  # another file of this moment, such as velocity or an RHI, takes nothing away
        self._files[key] = taken.path
        for marked, is_so in ((self._unproven, taken.unproven), (self._incomplete, taken.error is not None)):
            (marked.add if is_so else marked.discard)(key)
        while len(self._files) > KEPT_FILES:
            oldest = min(self._files)
            del self._files[oldest]
            self._unproven.discard(oldest)
            self._incomplete.discard(oldest)
        if footprint is None:
            return
        (self._products.discard if taken.sweeps else self._products.add)(taken.site.code)
        if footprint.quantity == self._quantity:
            self._place(footprint)
        else:
            self._ask_field(taken.path, TRIES)  # it was read for the product before

    def _place(self, footprint: Footprint) -> None:
        code = footprint.source.code
        if self._area is None:
            return
        if code in self._radars:  # the office's own name, where the file has only a code
            footprint = replace(footprint, source=replace(footprint.source, name=self._radars[code][0]))
        name = f"plane:{code}:{footprint.source.at.isoformat()}"
        self._placing.add(name)
        self._jobs.start(
            name,
            partial(place, footprint, self._area, self._shelf, self._jobs.spread),
            on_done=partial(self._on_placed, name),
            on_error=partial(self._on_not_placed, name),
        )

    def _on_placed(self, name: str, plane: Plane) -> None:
        self._placing.discard(name)
        if plane.quantity != self._quantity:
            return  # asked for before another quantity was
        at = plane.source.at
        self._planes.setdefault(plane.source.code, {})[at] = plane
        self._drop_planes()
        for frame_at in self._frame_times()[-KEPT_FRAMES:]:  # the loop holds no more
            if at <= frame_at < at + self._max_age:
                self._compose(frame_at, plane.area)

    def _frame_times(self) -> list[datetime]:
        """Return when frames are due: once a step of the quickest radar, at the newest word in it."""
        newest: dict[datetime, datetime] = {}
        for at in sorted({t for planes in self._planes.values() for t in planes}):
            newest[self._step_number(at)] = at
        return sorted(newest.values())

    def _on_not_placed(self, name: str, error: Exception) -> None:
        self._placing.discard(name)
        self._on_failed(error)

    def _drop_planes(self) -> None:
        """Let the oldest planes go when all of them need too much room; the newest of each radar stays."""
        for code, at in too_many(self._planes, KEPT_PLANES_BYTES):
            del self._planes[code][at]
            self._dropped_until = max(at, self._dropped_until or at)

    def _compose(self, frame_at: datetime, area: GridArea) -> None:
        """Make the frame of a moment from the newest plane that each radar had by then."""
        dropped = self._dropped_until
        if dropped is not None and frame_at - dropped < self._max_age and frame_at in self._loop.times:
            return  # a radar's word of then is gone: the frame that was made with it stays
        planes = tuple(
            planes[max(t for t in planes if t <= frame_at)]
            for planes in self._planes.values()
            if any(t <= frame_at for t in planes)
        )
        motion = self._motion if self._follow_motion else None
        if motion is not None and abs(frame_at - motion.at) > MOTION_LASTS:
            motion = None
        wish = FrameWish(area, frame_at, self._max_age, Rule.MAXIMUM, motion)
        self._composing.add(frame_at)
        self._jobs.start(
            f"mosaic:{frame_at.isoformat()}",
            partial(frame_of, planes, wish, self._jobs.spread, self._last),
            on_done=self._on_composed,
            on_error=partial(self._on_not_composed, frame_at),
        )

    def step(self, by: int, *, wrap: bool = False) -> None:
        """Go ``by`` frames on or back."""
        times = self._loop.times
        if not times:
            return
        index = times.index(self._shown if self._shown in times else times[-1]) + by
        index = index % len(times) if wrap else min(max(index, 0), len(times) - 1)
        self._show(None if index == len(times) - 1 and not wrap else times[index])

    def go_to(self, at: datetime) -> None:
        """Show the frame nearest to a time."""
        if self._loop.times:
            self._show(min(self._loop.times, key=lambda t: abs(t - at)))

    def go_now(self) -> None:
        """Show the newest frame and stay with it."""
        self._player.stop()
        self._show(None)

    def play_or_pause(self) -> None:
        """Run the loop, or stop it where it is."""
        if self._player.isActive():
            self._player.stop()
        elif len(self._loop.times) > 1:
            self._player.start()

    def change_speed(self, by: int) -> None:
        """Let the loop run faster (1) or slower (-1), from 0.8 s a frame to 0.05 s; it begins to run if it stood."""
        self._speed = min(max(self._speed + by, 0), len(PLAY_MS) - 1)
        self._player.setInterval(PLAY_MS[self._speed])
        if not self._player.isActive():
            self.play_or_pause()

    def _play_on(self) -> None:
        """Show the next frame; the newest one stays a little longer, so that the eye finds the end."""
        self.step(1, wrap=True)
        times = self._loop.times
        self._player.setInterval(DWELL_MS if times and self._shown == times[-1] else PLAY_MS[self._speed])

    def _show(self, at: datetime | None) -> None:
        self._shown = at
        self.mosaic_changed.emit(self.shown)

    def _on_composed(self, composed: Composed) -> None:
        mosaic = composed.mosaic
        self._composing.discard(mosaic.at)
        if mosaic.quantity != self._quantity:
            return
        same = [t for t in self._loop.times if self._step_number(t) == self._step_number(mosaic.at)]
        if any(t > mosaic.at for t in same):
            return  # a newer word of the same step came meanwhile
        for t in same:
            self._loop.drop(t)
            self._shown = mosaic.at if self._shown == t else self._shown
        self._loop.put(mosaic, composed.kept)
        if self._last is None or mosaic.at >= self._last.mosaic.at:
            self._last = composed
        times = self._loop.times
        self.frames_changed.emit(times)
        shown_at = self._shown if self._shown in times else times[-1]
        if shown_at == mosaic.at:
            self.mosaic_changed.emit(self.shown)
        if mosaic.at == times[-1]:
            self.newest_made.emit(mosaic)
            self._learn_motion(mosaic)

    def _step_number(self, at: datetime) -> datetime:
        return round_to_step(at, self.step_of_frames)

    def _learn_motion(self, newest: Mosaic) -> None:
        """See how the echoes moved since a frame some minutes before; later frames are made with it."""
        before = [t for t in self._loop.times if MOTION_FROM <= newest.at - t <= MOTION_TO]
        if not self._follow_motion or len(self._planes) < 2 or not before or self._quantity != CR:
            return
        first = self._loop.light(before[-1])
        if first is not None:
            self._jobs.start(
                "motion",
                partial(motion_between, first, newest),
                on_done=self._on_motion,
                on_error=self._on_failed,
            )

    def _on_motion(self, motion: Motion | None) -> None:
        self._motion = motion

    def _on_not_composed(self, frame_at: datetime, error: Exception) -> None:
        self._composing.discard(frame_at)
        self._on_failed(error)

    def _on_failed(self, error: Exception) -> None:
        _log.warning("radar: %s", error)
        self.failed.emit(error)
