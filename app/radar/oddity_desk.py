"""What is strange about the radars: told once per radar and kind, until it changes or is over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, Signal

from app.clock import Clock
from app.jobs import Jobs
from app.worker.worker import RadarTaken
from models.act import JournalEntry
from models.errors import ConsoleError, DataError
from models.radar.called import called
from models.radar.oddity_weight import SAID_BY, by_kind, kind_of, matters
from models.store import journal
from models.store.database import Store

OVER_AFTER = timedelta(minutes=30)
"""A radar that has been heard for so long without it is in order again; what comes and goes stands."""

MOVED_DEG = 0.02
"""A radar that is said to have moved is told again where its place differs by so much, about 2 km."""

UNTOLD = frozenset({"feed.time_back"})
"""What comes late is named in the feed list; a clock that went back lets its radar fall silent, and that is told."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One kind of strange thing about one radar: where it was told to stand, 0, 0 for other kinds, and when last seen."""

    place: tuple[float, float]
    last_at: datetime


class OddityDesk(QObject):
    """Leads what those on duty are told of data that was taken and is not as it should be.

    A radar repeats its faults in every volume. The first is a notice and a line in the
    journal; those after it are nothing new. When the radar has been heard without it for
    half an hour, the notice is taken back and the journal says so.

    Signals
    -------
    odd_found(ConsoleError, str)   what is strange, and the id of its notice
    odd_over(str)                  the id of a notice that holds no longer
    journal_written()              the journal has a new line
    failed(Exception)              the journal could not be written
    """

    odd_found = Signal(object, str)
    odd_over = Signal(str)
    journal_written = Signal()
    failed = Signal(object)

    def __init__(self, jobs: Jobs, store: Store, *, clock: Clock) -> None:
        super().__init__()
        self._jobs, self._store, self._clock = jobs, store, clock
        self._standing: dict[tuple[str, str], Standing] = {}

    def hear(self, taken: RadarTaken) -> None:
        """Look at a radar file that was just taken."""
        self._look(taken, into_journal=True)

    def hear_again(self, taken: RadarTaken) -> None:
        """Look at a file that was read again after a start: it stands in the journal already."""
        self._look(taken, into_journal=False)

    def _look(self, taken: RadarTaken, *, into_journal: bool) -> None:
        now, code = self._clock.now(), taken.site.code
        found = dict(told_of(taken))
        for kind, error in found.items():
            before, place = self._standing.get((code, kind)), _place_in(error)
            changed = before is not None and _apart(before.place, place)
            self._standing[code, kind] = Standing(place if before is None or changed else before.place, now)
            if before is None or changed:
                self.odd_found.emit(error, f"odd:{code}:{kind}")
                if into_journal:
                    self._note("feed.odd", code, {"kind": kind, "reason": str(error)})
        for (radar, kind), standing in tuple(self._standing.items()):
            if radar == code and kind not in found and now - standing.last_at > OVER_AFTER:
                del self._standing[radar, kind]
                self.odd_over.emit(f"odd:{radar}:{kind}")
                if into_journal:
                    self._note("feed.odd_over", radar, {"kind": kind})

    def _note(self, act: str, code: str, after: dict[str, object]) -> None:
        entry = JournalEntry("system", act, f"feed:{code}", self._clock.now(), after=after)
        self._jobs.follow(
            self._store.write(lambda db: journal.append(db, entry)),
            on_done=lambda _: self.journal_written.emit(),
            on_error=self.failed.emit,
        )


def told_of(taken: RadarTaken) -> Iterator[tuple[str, ConsoleError]]:
    """Yield what is to be told of a radar file, by kind: what broke it, what its code, place or time is, what is odd."""
    said: set[str] = set()
    for error in (taken.error, taken.notice):
        if isinstance(error, ConsoleError) and error.code not in UNTOLD:
            said.add(SAID_BY.get(error.code, ""))
            yield error.code, error
    for oddity, _ in by_kind(taken.oddities):
        if matters(oddity) and oddity.code not in said:
            facts = {"remark_zh": oddity.sentence("zh"), "remark_en": oddity.sentence("en")}
            yield (
                kind_of(oddity),
                DataError("feed.odd", radar=called(taken.site.name, taken.site.code), file=taken.path.name, **facts),
            )


def _place_in(error: ConsoleError) -> tuple[float, float]:
    """Return where an error has its radar, 0, 0 where it speaks of something else."""
    return float(error.facts.get("lon", 0)), float(error.facts.get("lat", 0))


def _apart(before: tuple[float, float], after: tuple[float, float]) -> bool:
    return max(abs(a - b) for a, b in zip(before, after, strict=True)) > MOVED_DEG
