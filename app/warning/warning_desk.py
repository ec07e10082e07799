"""Warnings: the steps of the one on the sheet, and what is in force."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.clock import Clock
from app.jobs import Jobs
from app.warning import warning_entries as entries
from app.warning.draft_desk import DraftDesk, Writing
from app.warning.issuing import Issued, IssueOrder, issue
from models.errors import ConsoleError, IllegalStepError
from models.store import journal, people
from models.store.database import Database, Store
from models.warning.draft import Draft
from models.warning.lifecycle import Step, advance, expire, is_in_force, steps_open_to
from models.warning.observed import TownRain
from models.warning.warning import Person, WarningState, WeatherWarning

_log = logging.getLogger(__name__)
OPEN_STATES = (WarningState.DRAFT, WarningState.SUBMITTED, WarningState.SIGNED)


class WarningDesk(QObject):
    """Leads warnings from draft to end; every step is a transaction with its journal line.

    ``drafts`` is the desk of the draft on the sheet.

    Signals
    -------
    sheet_changed()               the draft, its products or the steps open to it changed
    warnings_changed()            what is in force, or any warning, changed
    issued(Issued)                a warning went out
    refused(Exception)            a step was not possible, and why
    """

    sheet_changed = Signal()
    warnings_changed = Signal()
    issued = Signal(object)
    refused = Signal(object)

    def __init__(self, jobs: Jobs, store: Store, *, clock: Clock) -> None:
        super().__init__()
        self._jobs, self._store, self._clock = jobs, store, clock
        self._writing: Writing | None = None
        self._warnings: dict[str, WeatherWarning] = {}
        self._actor: Person | None = None
        self._writes = 0
        self._stepping = False
        self.drafts = DraftDesk(jobs, clock=clock)
        self.drafts.changed.connect(self.sheet_changed)
        self.drafts.refused.connect(self.refused)
        self.drafts.begun.connect(self._on_begun)
        self.drafts.edited.connect(self._on_edited)

    @property
    def busy(self) -> bool:
        """Whether something is being written."""
        return self._writes > 0 or self._stepping

    @property
    def warnings(self) -> tuple[WeatherWarning, ...]:
        """Every warning of the office, oldest first."""
        return tuple(self._warnings.values())

    def in_force(self) -> tuple[WeatherWarning, ...]:
        """What is in force, the worst first."""
        now = self._clock.now()
        standing = [w for w in self._warnings.values() if is_in_force(w, now)]
        return tuple(sorted(standing, key=lambda w: (-w.level.rank, w.issued_at or now)))

    def find(self, warning_id: str) -> WeatherWarning | None:
        """Return a warning by its id."""
        return self._warnings.get(warning_id)

    def person(self, person_id: str) -> Person | None:
        """Return somebody with an account."""
        return self._writing.people.get(person_id) if self._writing else None

    def steps(self) -> frozenset[Step]:
        """Return the steps of the draft that the person on duty may take now."""
        draft = self.drafts.draft
        if draft is None or self._actor is None:
            return frozenset()
        author = self.person(draft.warning.author_id)
        open_steps = steps_open_to(draft.warning, self._actor, author) if author else frozenset()
        return open_steps if self.drafts.products is not None else open_steps - {Step.SUBMIT, Step.ISSUE}

    def open(self, writing: Writing, known: tuple[WeatherWarning, ...]) -> None:
        """Begin with the office's warnings; a draft left open comes back on the sheet."""
        self._writing = writing
        self.drafts.open(writing)
        self._warnings = {w.id: w for w in known}
        left = [w for w in known if w.state in OPEN_STATES]
        if left:
            newest = max(left, key=lambda w: w.created_at)
            self.drafts.resume(newest, self._warnings.get(newest.previous_id))
        self.warnings_changed.emit()

    def show_actor(self, person: Person | None) -> None:
        """Work for another person on duty."""
        self._actor = person
        self.drafts.show_author(person)
        self.sheet_changed.emit()

    def update(self, warning_id: str, observed: tuple[TownRain, ...], step: int) -> None:
        """Begin an update of a warning in force: continue (0), one level up (1) or down (-1)."""
        if previous := self._warnings.get(warning_id):
            self.drafts.update_of(previous, observed, step)

    def lift(self, warning_id: str) -> None:
        """Begin the lifting of a warning in force."""
        if previous := self._warnings.get(warning_id):
            self.drafts.lift_of(previous)

    def submit(self) -> None:
        """Hand the draft to the second person."""
        self._step(Step.SUBMIT, self._actor)

    def recall(self) -> None:
        """Take the draft back to change it."""
        self._step(Step.RECALL, self._actor)

    def withdraw(self) -> None:
        """Give the draft up."""
        self._step(Step.WITHDRAW, self._actor)

    def send_back(self, person_id: str, reason: str, pin: str) -> None:
        """Send the draft back to its author with a reason, in the name of the person whose PIN this is."""
        self._step(Step.RETURN, self.person(person_id), note=reason, pin=pin)

    def sign(self, person_id: str, pin: str) -> None:
        """Sign as the second person: the PIN is the signature."""
        self._step(Step.SIGN, self.person(person_id), pin=pin)

    def issue(self) -> None:
        """Issue the signed warning: one transaction."""
        draft, writing, actor = self.drafts.draft, self._writing, self._actor
        author = self.person(draft.warning.author_id) if draft else None
        if draft is None or writing is None or actor is None or author is None or self._stepping:
            return
        order = IssueOrder(
            warning=draft.warning,
            actor=actor,
            author=author,
            office=writing.office,
            places=self.drafts.towns,
            recipients=self.drafts.recipients,
            observed=draft.observed,
            channels=writing.channels,
            at=self._clock.now().replace(microsecond=0),
        )
        self._stepping = True
        self._jobs.follow(
            self._store.write(partial(issue, order=order)), on_done=self._on_issued, on_error=self._on_refused
        )

    def tick(self) -> None:
        """Look at the clock: what has run out expires."""
        now = self._clock.now()
        for warning in self._warnings.values():
            if warning.state is WarningState.ISSUED and warning.expires_at and warning.expires_at <= now:
                after, entry = expire(warning, now)
                self._write(partial(entries.save, warning=after, entry=entry), after)

    def _step(self, step: Step, actor: Person | None, *, note: str = "", pin: str | None = None) -> None:
        """Take a step in one transaction, by the people as the store knows them then; a ``pin`` is asked of the actor.

        A refusal is told and, if it was about the person, written down.
        """
        draft = self.drafts.draft
        author = self.person(draft.warning.author_id) if draft else None
        if draft is None or actor is None or author is None or self._stepping:
            return
        at, warning = self._clock.now(), draft.warning

        def work(db: Database) -> WeatherWarning | None:
            if pin is not None and not people.check_pin(db, actor.id, pin, at=at):
                return None  # the wrong try is a journal line of its own: the transaction stands
            return entries.step(db, warning, step, actor.id, at, note=note)

        def refused(error: Exception) -> None:
            self._on_refused(error)
            if isinstance(error, IllegalStepError):
                self._note_refusal(warning, actor, step, at, error)

        try:
            advance(warning, step, actor, at, author=author, note=note)  # in thought: no PIN is tried in vain
        except ConsoleError as error:
            self.refused.emit(error)
            self._note_refusal(warning, actor, step, at, error)
            return
        self._stepping = True
        self._jobs.follow(self._store.write(work), on_done=self._on_stepped, on_error=refused)

    def _note_refusal(self, warning: WeatherWarning, actor: Person, step: Step, at: datetime, error: Exception) -> None:
        line = entries.refused(warning, actor.id, step.value, at, str(error))
        self._jobs.follow(
            self._store.write(lambda db: journal.append(db, line)), on_done=_nothing, on_error=self.refused.emit
        )

    def _on_begun(self, draft: Draft, why: str) -> None:
        warning = draft.warning
        self._write(partial(entries.save, warning=warning, entry=entries.begun(warning, why)), warning)

    def _on_edited(self, before: Draft, after: Draft) -> None:
        entry = entries.edited(before, after, self._clock.now())
        self._write(partial(entries.save_edit, warning=after.warning, entry=entry), after.warning)

    def _write(self, work: Callable[[Database], None], after: WeatherWarning) -> None:
        """Write what is no step of the person at the desk: a beginning, an edit, an expiry."""
        self._writes += 1

        def done(_: object) -> None:
            self._writes -= 1
            self._stands(after)

        def lost(error: Exception) -> None:
            self._writes -= 1
            self._tell(error)

        self._jobs.follow(self._store.write(work), on_done=done, on_error=lost)

    def _on_stepped(self, after: WeatherWarning | None) -> None:
        self._stepping = False
        if after is None:
            self.refused.emit(IllegalStepError("people.wrong_pin"))
        else:
            self._stands(after)

    def _on_issued(self, answer: Issued) -> None:
        self._stepping = False
        if answer.ended is not None:
            self._warnings[answer.ended.id] = answer.ended
        self._stands(answer.warning)
        self.issued.emit(answer)

    def _on_refused(self, error: Exception) -> None:
        self._stepping = False
        self._tell(error)

    def _tell(self, error: Exception) -> None:
        _log.warning("warning: %s", error)
        self.sheet_changed.emit()
        self.refused.emit(error)

    def _stands(self, warning: WeatherWarning) -> None:
        """Take what the store holds now as what stands."""
        self._warnings[warning.id] = warning
        draft = self.drafts.draft
        if draft is not None and draft.warning.id == warning.id:
            if warning.state not in OPEN_STATES:
                self.drafts.clear()
            elif warning.state is not draft.warning.state:
                self.drafts.show_state(warning)
        self.sheet_changed.emit()
        self.warnings_changed.emit()


def _nothing(_: object) -> None:
    """Take an answer that nobody waits for."""
