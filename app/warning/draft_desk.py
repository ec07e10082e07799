"""The draft on the sheet: how it begins, its edits with undo, and what it would be sent as."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.clock import Clock
from app.jobs import Jobs
from models.errors import ConsoleError, IllegalStepError
from models.hazard.alarms import Alarm
from models.hazard.level import Level
from models.hazard.register import HazardPoint, Place
from models.reach.audience import audience
from models.warning import draft as drafting
from models.warning.area import TownFinder
from models.warning.draft import Draft
from models.warning.issuing_office import IssuingOffice
from models.warning.observed import TownRain
from models.warning.products import Products, make
from models.warning.recipient import Recipient
from models.warning.warning import MessageType, Person, WarningState, WeatherWarning


@dataclass(frozen=True, slots=True, eq=False)
class Writing:
    """What drafts are written with: who issues, the towns and points, the accounts, the ways out."""

    office: IssuingOffice
    places: tuple[Place, ...]
    points: tuple[HazardPoint, ...]
    people: Mapping[str, Person]
    channels: tuple[str, ...]


class DraftDesk(QObject):
    """Holds the one draft that is being written.

    Signals
    -------
    changed()                       draft or products changed
    begun(Draft, str)               a draft was begun, and why
    edited(Draft, Draft)            an edit: before and after
    refused(Exception)              it could not be begun or edited, and why
    """

    changed = Signal()
    begun = Signal(object, str)
    edited = Signal(object, object)
    refused = Signal(object)

    def __init__(self, jobs: Jobs, *, clock: Clock) -> None:
        super().__init__()
        self._jobs, self._clock = jobs, clock
        self._writing: Writing | None = None
        self._finder = TownFinder(())
        self._undo: tuple[Draft, ...] = ()
        self._author: Person | None = None
        self.draft: Draft | None = None
        self.products: Products | None = None
        self.product_error: Exception | None = None
        self.recipients: tuple[Recipient, ...] = ()

    @property
    def can_undo(self) -> bool:
        """Whether an edit can be taken back."""
        return bool(self._undo) and self.is_own and self.draft is not None

    @property
    def is_own(self) -> bool:
        """Whether the draft can be written: it is one, and its author is on duty."""
        warning = self.draft.warning if self.draft else None
        return (
            warning is not None
            and warning.state is WarningState.DRAFT
            and self._author is not None
            and self._author.id == warning.author_id
        )

    @property
    def is_open(self) -> bool:
        """Whether towns of the draft can be set: it is the author's, and no lifting."""
        return self.is_own and self.draft is not None and self.draft.warning.message_type is not MessageType.CANCEL

    @property
    def towns(self) -> tuple[Place, ...]:
        """What a warning can name: the towns, or the county where there are none."""
        return self._finder.towns

    @property
    def finder(self) -> TownFinder:
        """Finds the town of a place."""
        return self._finder

    def open(self, writing: Writing) -> None:
        """Begin with the office."""
        self._writing, self._finder = writing, TownFinder(writing.places)

    def renew(self, points: tuple[HazardPoint, ...]) -> None:
        """Take other hazard points: from the next edit on, messages go to who answers for them."""
        if self._writing is not None:
            self._writing = replace(self._writing, points=points)

    def show_author(self, person: Person | None) -> None:
        """Let drafts be written by another person."""
        self._author = person

    def from_alarms(self, alarms: tuple[Alarm, ...], observed: tuple[TownRain, ...]) -> None:
        """Begin a draft from alarms, unless one is on the sheet."""

        def begin(office: IssuingOffice, author: Person) -> Draft:
            return drafting.from_alarms(
                alarms, finder=self._finder, observed=observed, office=office, author=author, at=self._clock.now()
            )

        self._begin(begin, "alarm")

    def update_of(self, previous: WeatherWarning, observed: tuple[TownRain, ...], step: int) -> None:
        """Begin an update of a warning in force: continue (0), one level up (1) or down (-1)."""

        def begin(office: IssuingOffice, author: Person) -> Draft:
            return drafting.update_of(
                previous, office=office, author=author, at=self._clock.now(), observed=observed, step=step
            )

        self._begin(begin, f"update of {previous.identifier}")

    def lift_of(self, previous: WeatherWarning) -> None:
        """Begin the lifting of a warning in force."""

        def begin(office: IssuingOffice, author: Person) -> Draft:
            return drafting.lift_of(previous, office=office, author=author, at=self._clock.now())

        self._begin(begin, f"lifting of {previous.identifier}")

    def resume(self, warning: WeatherWarning, previous: WeatherWarning | None) -> None:
        """Put a draft that was left open back on the sheet."""
        if self._writing is not None:
            self._put(drafting.resume(warning, self._writing.office, previous=previous))

    def edit(self, change: Callable[[Draft], Draft]) -> None:
        """Make an edit, by its author only; it can be undone as long as the draft is the author's."""
        if self.draft is None:
            return
        try:
            self._check_hand(self.draft.warning)
            after = change(self.draft)
        except ConsoleError as error:
            self.refused.emit(error)
            self.changed.emit()  # the sheet shows again what stands
            return
        if after != self.draft:
            self._undo = (*self._undo, self.draft)
            self._exchange(after)

    def set_town(self, code: str, level: Level) -> None:
        """Set a town's level in the draft; a level that is none takes the town out."""
        place = next((p for p in self._finder.towns if p.code == code), None)
        if place is None:
            return
        if level.is_alarm:
            self.edit(lambda d: drafting.with_town(d, place, level))
        else:
            self.edit(lambda d: drafting.without_town(d, code))

    def undo(self) -> None:
        """Take the last edit back."""
        if self.can_undo:
            *rest, last = self._undo
            self._undo = tuple(rest)
            self._exchange(last)

    def show_state(self, warning: WeatherWarning) -> None:
        """Follow the draft through its steps: the sheet holds what the store holds."""
        if self.draft is not None and warning != self.draft.warning:
            self._put(replace(self.draft, warning=warning))

    def clear(self) -> None:
        """Take the draft off the sheet: it was issued or given up."""
        self.draft, self.products, self.product_error = None, None, None
        self._undo, self.recipients = (), ()
        self.changed.emit()

    def _begin(self, begin: Callable[[IssuingOffice, Person], Draft], why: str) -> None:
        if self._writing is None:
            return
        try:
            if self._author is None:
                raise IllegalStepError("step.nobody_on_duty")
            if self.draft is not None:
                raise IllegalStepError("step.draft_open")
            draft = begin(self._writing.office, self._author)
        except ConsoleError as error:
            self.refused.emit(error)
            return
        self._undo = ()
        self._put(draft)
        self.begun.emit(draft, why)

    def _check_hand(self, warning: WeatherWarning) -> None:
        """Refuse an edit by anybody but the author, in whose name the journal will keep it."""
        if self._author is None:
            raise IllegalStepError("step.nobody_on_duty")
        if self._author.id != warning.author_id:
            people = self._writing.people if self._writing is not None else {}
            author = people.get(warning.author_id)
            raise IllegalStepError("step.not_yours", author=author.name if author else warning.author_id)

    def _exchange(self, after: Draft) -> None:
        before = self.draft
        self._put(after)
        self.edited.emit(before, after)

    def _put(self, draft: Draft) -> None:
        writing = self._writing
        if writing is None:
            return
        self.draft, self.products, self.product_error = draft, None, None
        self.recipients = audience(draft.warning, writing.points, self._finder, previous=draft.previous).recipients
        self.changed.emit()
        work = partial(
            make,
            draft.warning,
            office=writing.office,
            places=self._finder.towns,
            at=self._clock.now(),
            number=0,
            recipients=self.recipients,
            previous=draft.previous,
            observed=draft.observed,
        )
        self._jobs.start("products", work, on_done=self._on_products, on_error=self._on_no_products)

    def _on_products(self, products: Products) -> None:
        if self.draft is not None and products.made_from == self.draft.warning:
            self.products = products
            self.changed.emit()

    def _on_no_products(self, error: Exception) -> None:
        self.product_error = error
        self.changed.emit()
