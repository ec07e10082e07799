"""The sources that the office expects: when each last spoke, and an alarm when one falls silent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, Signal

from app.clock import Clock
from app.jobs import Jobs
from models.act import JournalEntry
from models.radar.called import called
from models.store import journal
from models.store.database import Store

GAUGES = "gauges"
GAUGE_STEP = timedelta(minutes=5)
RADAR_STEP = timedelta(minutes=6)  # of a radar that the settings do not name
LATE_AFTER_STEPS = 2.5


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """One source that the office expects: when it last spoke and whether it is late."""

    code: str
    name: str
    last_at: datetime | None
    late: bool


class SourceDesk(QObject):
    """Leads the watch over the sources.

    A source is late when it has said nothing for two and a half of its steps. When
    one that was given that much time since the opening falls silent, it is an alarm
    and a journal line, and another line when it speaks again. An office that has
    entered no radar expects those it has once heard.

    Signals
    -------
    health_changed(tuple[SourceHealth])   which sources speak
    fell_silent(SourceHealth)             an alarm
    spoke_again(SourceHealth)             it is over
    failed(Exception)                     the journal could not be written
    """

    health_changed = Signal(object)
    fell_silent = Signal(object)
    spoke_again = Signal(object)
    failed = Signal(object)

    def __init__(
        self, jobs: Jobs, store: Store, *, radars: Mapping[str, tuple[str, timedelta]], gauge_name: str, clock: Clock
    ) -> None:
        """Expect ``radars`` (code to name and step) and, once there are gauges, their feed."""
        super().__init__()
        self._jobs, self._store, self._clock = jobs, store, clock
        self._sources = {code: (called(name, code), step) for code, (name, step) in radars.items()}
        self._entered = bool(radars)
        self._gauge_name = gauge_name
        self._last_at: dict[str, datetime] = {}
        self._opened_at: datetime | None = None
        self._silent: set[str] = set()
        self._health: tuple[SourceHealth, ...] = ()

    @property
    def health(self) -> tuple[SourceHealth, ...]:
        """The expected sources, each with its last time."""
        return self._health

    def open(self, *, has_gauges: bool) -> None:
        """Begin to expect them from now on."""
        if has_gauges:
            self._sources[GAUGES] = (self._gauge_name, GAUGE_STEP)
        self._opened_at = self._clock.now()
        self.tick()

    def hear(self, code: str, times: Iterable[datetime], name: str = "") -> None:
        """Note that a source spoke of these moments; one that nobody expects is left out."""
        now = self._clock.now()
        heard = [at for at in times if at - now <= GAUGE_STEP]
        fresh = [at for at in heard if now - at <= LATE_AFTER_STEPS * RADAR_STEP]
        if fresh and code not in self._sources and code != GAUGES and not self._entered:
            self._sources[code] = (called(name, code), RADAR_STEP)
        if code in self._sources and heard:
            self._last_at[code] = max([*heard, self._last_at.get(code, heard[0])])
            self.tick()

    def tick(self) -> None:
        """Look at the clock: who has fallen silent, who speaks again."""
        if self._opened_at is None:
            return
        now, health = self._clock.now(), []
        for code, (name, step) in self._sources.items():
            last_at, wait = self._last_at.get(code), LATE_AFTER_STEPS * step
            late = last_at is None or now - last_at > wait
            health.append(SourceHealth(code, name, last_at, late))
            if late and code not in self._silent and now - self._opened_at > wait:
                self._silent.add(code)
                self._note("feed.silent", code, last_at)
                self.fell_silent.emit(health[-1])
            elif not late and code in self._silent:
                self._silent.discard(code)
                self._note("feed.back", code, last_at)
                self.spoke_again.emit(health[-1])
        if tuple(health) != self._health:
            self._health = tuple(health)
            self.health_changed.emit(self._health)

    def _note(self, act: str, code: str, last_at: datetime | None) -> None:
        after: dict[str, object] = {"last_at": last_at.isoformat() if last_at else None}
        entry = JournalEntry("system", act, f"feed:{code}", self._clock.now(), after=after)
        self._jobs.follow(
            self._store.write(lambda db: journal.append(db, entry)), on_done=lambda _: None, on_error=self.failed.emit
        )
