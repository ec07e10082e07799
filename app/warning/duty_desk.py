"""Who is on duty, and the journal as it grows."""

from __future__ import annotations

import logging
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.clock import Clock
from app.jobs import Jobs
from models.act import JournalEntry
from models.duty.log import JournalLine
from models.store import journal, people
from models.store.database import Database, Store
from models.warning.warning import Person

_log = logging.getLogger(__name__)
SHOWN_LINES = 2000  # one issue alone can be a hundred messages


class DutyDesk(QObject):
    """Leads the shift: who sits here, and what has been written down.

    Signals
    -------
    person_changed(Person | None)               who is on duty
    people_changed(tuple[Person, ...])          everybody with an account
    journal_changed(tuple[JournalLine, ...])    newest first
    refused(Exception)                          a wrong PIN, a locked account
    """

    person_changed = Signal(object)
    people_changed = Signal(object)
    journal_changed = Signal(object)
    refused = Signal(object)

    def __init__(self, jobs: Jobs, store: Store, *, clock: Clock) -> None:
        super().__init__()
        self._jobs, self._store, self._clock = jobs, store, clock
        self._people: tuple[Person, ...] = ()
        self._on_duty: Person | None = None

    @property
    def on_duty(self) -> Person | None:
        """Who is signed in, None if nobody."""
        return self._on_duty

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody with an account at this office."""
        return self._people

    def person(self, person_id: str) -> Person | None:
        """Return the person with an id."""
        return next((p for p in self._people if p.id == person_id), None)

    def open(self, everybody: tuple[Person, ...]) -> None:
        """Begin with the accounts of the office."""
        self._people = everybody
        self.people_changed.emit(everybody)
        self.refresh_journal()

    def sign_in(self, person_id: str, pin: str) -> None:
        """Take over the shift; a wrong PIN is refused and written down."""
        at = self._clock.now()

        def work(db: Database) -> bool:
            right = people.check_pin(db, person_id, pin, at=at)
            if right:
                journal.append(db, JournalEntry(person_id, "duty.signed_in", f"people:{person_id}", at))
            return right

        self._jobs.follow(
            self._store.write(work), on_done=partial(self._on_checked, person_id), on_error=self.refused.emit
        )

    def sign_out(self) -> None:
        """Leave the shift."""
        if self._on_duty is None:
            return
        entry = JournalEntry(self._on_duty.id, "duty.signed_out", f"people:{self._on_duty.id}", self._clock.now())
        self._on_duty = None
        self.person_changed.emit(None)
        self._jobs.follow(
            self._store.write(lambda db: journal.append(db, entry)),
            on_done=lambda _: self.refresh_journal(),
            on_error=self.refused.emit,
        )

    def refresh_journal(self) -> None:
        """Read the newest journal lines."""
        self._jobs.start(
            "journal",
            partial(self._store.read, partial(journal.newest, limit=SHOWN_LINES)),
            on_done=self._on_journal,
            on_error=self.refused.emit,
        )

    def _on_checked(self, person_id: str, right: bool) -> None:
        if right:
            self._on_duty = self.person(person_id)
            self.person_changed.emit(self._on_duty)
        else:
            from models.errors import IllegalStepError  # noqa: PLC0415

            self.refused.emit(IllegalStepError("people.wrong_pin"))
        self.refresh_journal()

    def _on_journal(self, lines: tuple[JournalLine, ...]) -> None:
        self.journal_changed.emit(lines)
