"""Warnings: the draft on the sheet, its steps, and what is in force."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.clock import Clock
from app.issuing import Issued, IssueOrder, issue
from app.jobs import Jobs
from models.duty.log import JournalEntry
from models.errors import ConsoleError, IllegalStepError
from models.hazard.alarms import Alarm
from models.hazard.level import Level
from models.hazard.register import HazardPoint, Place
from models.reach.audience import audience
from models.store import journal, people, warnings
from models.store.database import Database, Store
from models.warning import draft as drafting
from models.warning.area import TownFinder
from models.warning.draft import Draft
from models.warning.issuing_office import IssuingOffice
from models.warning.lifecycle import Step, advance, expire, is_in_force, steps_open_to
from models.warning.observed import TownRain
from models.warning.products import Products, make
from models.warning.recipient import Recipient
from models.warning.warning import Person, WarningState, WeatherWarning

_log = logging.getLogger(__name__)
OPEN_STATES = (WarningState.DRAFT, WarningState.SUBMITTED, WarningState.SIGNED)


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """What the warning desk was opened with: who issues, where, and whom it concerns."""

    office: IssuingOffice
    places: tuple[Place, ...]
    points: tuple[HazardPoint, ...]
    people: tuple[Person, ...]
    channels: tuple[str, ...]


class WarningDesk(QObject):
    """Leads warnings from draft to end; every step is a transaction with its journal line.

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
        self._desk: Desk | None = None
        self._finder = TownFinder(())
        self._warnings: dict[str, WeatherWarning] = {}
        self._draft: Draft | None = None
        self._undo: tuple[Draft, ...] = ()
        self._products: Products | None = None
        self._product_error: Exception | None = None
        self._recipients: tuple[Recipient, ...] = ()
        self._actor: Person | None = None
        self._busy = 0

    # What stands

    @property
    def draft(self) -> Draft | None:
        """The draft on the sheet."""
        return self._draft

    @property
    def products(self) -> Products | None:
        """What the draft would be sent as; None while it is made or where it cannot be."""
        return self._products

    @property
    def product_error(self) -> Exception | None:
        """Why the products cannot be made, None if they can."""
        return self._product_error

    @property
    def recipients(self) -> tuple[Recipient, ...]:
        """Who would get a message."""
        return self._recipients

    @property
    def can_undo(self) -> bool:
        """Whether an edit can be taken back."""
        return bool(self._undo)

    @property
    def busy(self) -> bool:
        """Whether a step is being written."""
        return self._busy > 0

    @property
    def warnings(self) -> tuple[WeatherWarning, ...]:
        """Every warning of the office, oldest first."""
        return tuple(self._warnings.values())

    @property
    def finder(self) -> TownFinder:
        """Finds the town of a place."""
        return self._finder

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
        if self._desk is None:
            return None
        return next((p for p in self._desk.people if p.id == person_id), None)

    def steps(self) -> frozenset[Step]:
        """Return the steps of the draft that the person on duty may take now."""
        if self._draft is None or self._actor is None:
            return frozenset()
        author = self.person(self._draft.warning.author_id)
        open_steps = steps_open_to(self._draft.warning, self._actor, author) if author else frozenset()
        return open_steps if self._products is not None else open_steps - {Step.ISSUE}

    # Beginning

    def open(self, desk: Desk, known: tuple[WeatherWarning, ...]) -> None:
        """Begin with the office's warnings; a draft left open comes back on the sheet."""
        self._desk = desk
        self._finder = TownFinder(desk.places)
        self._warnings = {w.id: w for w in known}
        left = [w for w in known if w.state in OPEN_STATES]
        if left:
            newest = max(left, key=lambda w: w.created_at)
            previous = self._warnings.get(newest.previous_id)
            self._put_on_sheet(drafting.resume(newest, desk.office, previous=previous))
        self.warnings_changed.emit()

    def show_actor(self, person: Person | None) -> None:
        """Work for another person on duty."""
        self._actor = person
        self.sheet_changed.emit()

    # Drafts

    def draft_from(self, alarms: tuple[Alarm, ...], observed: tuple[TownRain, ...]) -> None:
        """Begin a draft from alarms, unless one is on the sheet."""
        desk, author = self._desk, self._may_draft()
        if desk is None or author is None:
            return
        try:
            draft = drafting.from_alarms(
                alarms,
                finder=self._finder,
                observed=observed,
                office=desk.office,
                author=author,
                at=self._clock.now(),
            )
        except ConsoleError as error:
            self.refused.emit(error)
            return
        self._begin(draft, f"from {len(alarms)} alarms")

    def draft_update(self, warning_id: str, observed: tuple[TownRain, ...], step: int) -> None:
        """Begin an update of a warning in force: continue (0), one level up (1) or down (-1)."""
        self._draft_after(
            warning_id,
            lambda previous, office, author: drafting.update_of(
                previous, office=office, author=author, at=self._clock.now(), observed=observed, step=step
            ),
        )

    def draft_lift(self, warning_id: str) -> None:
        """Begin the lifting of a warning in force."""
        self._draft_after(
            warning_id,
            lambda previous, office, author: drafting.lift_of(
                previous, office=office, author=author, at=self._clock.now()
            ),
        )

    def edit(self, change: Callable[[Draft], Draft]) -> None:
        """Make an edit; it is kept at once and can be undone."""
        if self._draft is None:
            return
        try:
            edited = change(self._draft)
        except ConsoleError as error:
            self.refused.emit(error)
            return
        if edited != self._draft:
            self._undo = (*self._undo, self._draft)
            self._keep_edit(edited)

    def undo(self) -> None:
        """Take the last edit back."""
        if self._undo and self._draft is not None and self._draft.warning.state is WarningState.DRAFT:
            *rest, last = self._undo
            self._undo = tuple(rest)
            self._keep_edit(last)

    def place(self, code: str) -> Place | None:
        """Return the town with a code."""
        return next((p for p in self._finder.towns if p.code == code), None)

    def set_town(self, code: str, level: Level) -> None:
        """Set a town's level in the draft; none takes the town out."""
        place = self.place(code)
        if place is None:
            return
        if level.is_alarm:
            self.edit(lambda d: drafting.with_town(d, place, level))
        else:
            self.edit(lambda d: drafting.without_town(d, code))

    # Steps

    def submit(self) -> None:
        """Hand the draft to the second person."""
        self._step(Step.SUBMIT)

    def recall(self) -> None:
        """Take the draft back to change it."""
        self._step(Step.RECALL)

    def withdraw(self) -> None:
        """Give the draft up."""
        self._step(Step.WITHDRAW)

    def sign(self, person_id: str, pin: str) -> None:
        """Sign as the second person: the PIN is the signature."""
        self._second_person(person_id, pin, Step.SIGN, "")

    def send_back(self, person_id: str, reason: str) -> None:
        """Send the draft back to its author with a reason."""
        if self._draft is None:
            return
        actor, warning = self.person(person_id), self._draft.warning
        author = self.person(warning.author_id)
        if actor is None or author is None:
            return
        try:
            after, entry = advance(warning, Step.RETURN, actor, self._clock.now(), author=author, note=reason)
        except ConsoleError as error:
            self.refused.emit(error)
            return
        self._write(partial(_save, warning=after, entry=entry), after)

    def issue(self) -> None:
        """Issue the signed warning: one transaction."""
        draft, desk, actor = self._draft, self._desk, self._actor
        if draft is None or desk is None or actor is None or self._busy:
            return
        author = self.person(draft.warning.author_id)
        if author is None:
            return
        order = IssueOrder(
            warning=draft.warning,
            actor=actor,
            author=author,
            office=desk.office,
            places=self._finder.towns,
            recipients=self._recipients,
            observed=draft.observed,
            channels=desk.channels,
            at=self._clock.now().replace(microsecond=0),
        )
        self._busy += 1
        self._jobs.follow(
            self._store.write(partial(issue, order=order)), on_done=self._on_issued, on_error=self._on_refused
        )

    def tick(self) -> None:
        """Look at the clock: what has run out expires."""
        now = self._clock.now()
        for warning in self._warnings.values():
            if warning.state is WarningState.ISSUED and warning.expires_at and warning.expires_at <= now:
                after, entry = expire(warning, now)
                self._write(partial(_save, warning=after, entry=entry), after)

    # Inside

    def _may_draft(self) -> Person | None:
        if self._actor is None:
            self.refused.emit(IllegalStepError("step.nobody_on_duty"))
        elif self._draft is not None:
            self.refused.emit(IllegalStepError("step.draft_open"))
        else:
            return self._actor
        return None

    def _draft_after(
        self, warning_id: str, make_draft: Callable[[WeatherWarning, IssuingOffice, Person], Draft]
    ) -> None:
        desk, author, previous = self._desk, self._may_draft(), self._warnings.get(warning_id)
        if desk is None or author is None or previous is None:
            return
        try:
            draft = make_draft(previous, desk.office, author)
        except ConsoleError as error:
            self.refused.emit(error)
            return
        self._begin(draft, f"after {previous.identifier}")

    def _begin(self, draft: Draft, why: str) -> None:
        w = draft.warning
        entry = JournalEntry(
            w.author_id,
            "warning.draft",
            f"warning:{w.id}",
            w.created_at,
            after={"state": w.state.value, "why": why, "alarms": list(w.alarm_ids), "towns": _towns(w)},
        )
        self._undo = ()
        self._put_on_sheet(draft)
        self._write(partial(_save, warning=w, entry=entry), w)

    def _keep_edit(self, edited: Draft) -> None:
        before, after = self._draft, edited
        if before is None:
            return
        entry = JournalEntry(
            before.warning.author_id,
            "warning.edit",
            f"warning:{after.warning.id}",
            self._clock.now(),
            before={"text": before.warning.text, "towns": _towns(before.warning), "hours": before.warning.valid_hours},
            after={"text": after.warning.text, "towns": _towns(after.warning), "hours": after.warning.valid_hours},
        )
        self._put_on_sheet(edited)
        self._write(partial(_save, warning=after.warning, entry=entry), after.warning)

    def _step(self, step: Step) -> None:
        if self._draft is None or self._actor is None or self._busy:
            return
        warning = self._draft.warning
        author = self.person(warning.author_id)
        if author is None:
            return
        try:
            after, entry = advance(warning, step, self._actor, self._clock.now(), author=author)
        except ConsoleError as error:
            self.refused.emit(error)
            return
        self._write(partial(_save, warning=after, entry=entry), after)

    def _second_person(self, person_id: str, pin: str, step: Step, note: str) -> None:
        if self._draft is None or self._busy:
            return
        warning, signer = self._draft.warning, self.person(person_id)
        author, at = self.person(warning.author_id), self._clock.now()
        if signer is None or author is None:
            return
        try:
            after, entry = advance(warning, step, signer, at, author=author, note=note)
        except ConsoleError as error:
            self.refused.emit(error)
            refused = JournalEntry(person_id, f"warning.{step.value}_refused", f"warning:{warning.id}", at)
            self._jobs.follow(
                self._store.write(lambda db: journal.append(db, refused)),
                on_done=lambda _: None,
                on_error=self.refused.emit,
            )
            return
        self._busy += 1

        def work(db: Database) -> WeatherWarning | None:
            if not people.check_pin(db, person_id, pin, at=at):
                return None  # the wrong try is a journal line: the transaction stands
            warnings.save(db, after, entry)
            return after

        self._jobs.follow(self._store.write(work), on_done=self._on_signed, on_error=self._on_refused)

    def _write(self, work: Callable[[Database], None], after: WeatherWarning) -> None:
        self._busy += 1

        def done(_: object) -> None:
            self._busy -= 1
            self._stands(after)

        self._jobs.follow(self._store.write(work), on_done=done, on_error=self._on_refused)

    def _on_signed(self, after: WeatherWarning | None) -> None:
        self._busy -= 1
        if after is None:
            self.refused.emit(IllegalStepError("people.wrong_pin"))
        else:
            self._stands(after)

    def _on_issued(self, answer: Issued) -> None:
        self._busy -= 1
        if answer.ended is not None:
            self._warnings[answer.ended.id] = answer.ended
        self._stands(answer.warning)
        self.issued.emit(answer)

    def _on_refused(self, error: Exception) -> None:
        self._busy -= 1
        _log.warning("warning: %s", error)
        self.refused.emit(error)
        self.sheet_changed.emit()

    def _stands(self, warning: WeatherWarning) -> None:
        """Take what the store holds now as what stands."""
        self._warnings[warning.id] = warning
        if self._draft is not None and self._draft.warning.id == warning.id:
            if warning.state not in OPEN_STATES:
                self._draft, self._products, self._undo = None, None, ()
            elif warning.state is not self._draft.warning.state:
                self._put_on_sheet(replace(self._draft, warning=warning))
        self.sheet_changed.emit()
        self.warnings_changed.emit()

    def _put_on_sheet(self, draft: Draft) -> None:
        desk = self._desk
        if desk is None:
            return
        self._draft, self._products, self._product_error = draft, None, None
        self._recipients = audience(
            draft.warning, desk.points, self._finder, previous=draft.previous
        ).recipients
        self.sheet_changed.emit()
        self._jobs.start(
            "products",
            partial(
                make,
                draft.warning,
                office=desk.office,
                places=self._finder.towns,
                at=self._clock.now(),
                number=0,
                recipients=self._recipients,
                previous=draft.previous,
                observed=draft.observed,
            ),
            on_done=self._on_products,
            on_error=self._on_no_products,
        )

    def _on_products(self, products: Products) -> None:
        if self._draft is not None and products.made_from == self._draft.warning:
            self._products = products
            self.sheet_changed.emit()

    def _on_no_products(self, error: Exception) -> None:
        self._product_error = error
        self.sheet_changed.emit()


def _save(db: Database, warning: WeatherWarning, entry: JournalEntry) -> None:
    warnings.save(db, warning, entry)


def _towns(warning: WeatherWarning) -> list[dict[str, str]]:
    return [{"name": t.name, "level": t.level.value} for t in warning.towns]
