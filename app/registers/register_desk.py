"""The registers of an office: which one is looked at, in what order, and what is written into it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.clock import Clock
from app.jobs import Jobs
from app.registers import register_book
from app.registers.register_book import Book, Edit, Shown, VillageFinder, in_order
from models.errors import ConsoleError, IllegalStepError, StoreError
from models.hazard.register import Place
from models.register.description import HAZARD_POINTS, FieldType, RegisterDescription, faults_of
from models.register.mapping import column_words
from models.register.record import Record, RecordVersion
from models.register.rows import Rows
from models.store import registers
from models.store.database import Store
from models.warning.warning import Person
from widgets import language
from widgets.register.cells import state_words
from widgets.words import OFFICE_ZONE

_log = logging.getLogger(__name__)


class RegisterDesk(QObject):
    """Reads registers in jobs, sorts and filters them in jobs, writes by the store.

    Signals
    -------
    registers_changed()              which registers there are, or how many records they have
    shown_changed(object)            the `Shown` rows of the chosen register
    filtered_changed(str, object)    a register, and the ids that pass its filters; None for no filter
    changed(str)                     records of this register were written
    written(object)                  the `Edit` that was written
    undo_changed(bool)               whether the last edit can be taken back
    history_changed(object)          the `RecordVersion`s that were asked for
    six_changed(object), plan_changed(object), contacts_changed(object)
                                     the pages: `Six`, `PlanLine`s, `Contacts`
    failed(Exception)                what could not be read or written
    """

    registers_changed = Signal()
    shown_changed = Signal(object)
    filtered_changed = Signal(str, object)
    changed = Signal(str)
    written = Signal(object)
    undo_changed = Signal(bool)
    history_changed = Signal(object)
    six_changed = Signal(object)
    plan_changed = Signal(object)
    contacts_changed = Signal(object)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, store: Store, folder: Path, *, clock: Clock) -> None:
        """``folder`` is where the office describes registers of its own."""
        super().__init__()
        self._jobs, self._store, self._folder, self._clock = jobs, store, folder, clock
        self._book = Book()
        self._places: tuple[Place, ...] = ()
        self._actor: Person | None = None
        self._register = HAZARD_POINTS
        self._rows: Rows | None = None
        self._shown: Shown | None = None
        self._sort, self._descending = "", False
        self._typed: dict[str, str] = {}
        self._levels: Mapping[str, str] = {}
        self._last: Edit | None = None
        self._is_read = False
        self._told: set[str] = set()
        self._villages = VillageFinder()

    # what there is

    @property
    def book(self) -> Book:
        """All registers as they were read last."""
        return self._book

    @property
    def register(self) -> str:
        """Name of the chosen register."""
        return self._register

    @property
    def shown(self) -> Shown | None:
        """The rows that are shown, None before any."""
        return self._shown

    @property
    def is_read(self) -> bool:
        """Whether the registers have been read."""
        return self._is_read

    @property
    def villages(self) -> VillageFinder:
        """Finds the village of a place; nothing before it is made."""
        return self._villages

    def description(self) -> RegisterDescription | None:
        """Return what the chosen register is."""
        return self._book.description(self._register)

    # beginning

    def open(self, places: tuple[Place, ...]) -> None:
        """Read all registers; ``places`` are the county's towns, villages and roads."""
        self._places = places
        find = partial(VillageFinder, places)
        self._jobs.start("register villages", find, on_done=self._on_villages, on_error=self._on_failed)
        self.read()

    def read(self) -> None:
        """Read all registers, as after an import."""
        work = partial(register_book.read_book, self._store, self._folder, self._book)
        self._jobs.start("registers", work, on_done=self._on_book, on_error=self._on_failed)
        faults = partial(faults_of, self._folder)
        self._jobs.start("register faults", faults, on_done=self._on_faults, on_error=self._on_failed)

    def show_actor(self, person: Person | None) -> None:
        """Take who is on duty: they are named in every version."""
        self._actor = person

    def show_levels(self, levels: Mapping[str, str]) -> None:
        """Take the levels that points stand at, by id."""
        if levels != self._levels:
            self._levels = levels
            if self._register == HAZARD_POINTS:
                self._rows = None
                self._show()

    # looking

    def choose(self, register: str) -> None:
        """Look at another register: unsorted, unfiltered."""
        if register == self._register and self._shown is not None:
            self.shown_changed.emit(self._shown)
            return
        if self._typed:
            self.filtered_changed.emit(self._register, None)
        self._register, self._rows, self._shown = register, None, None
        self._sort, self._descending, self._typed = "", False, {}
        self._show()

    def sort(self, key: str, descending: bool) -> None:
        """Sort by a column."""
        self._sort, self._descending = key, descending
        self._show()

    def filter(self, group: str, typed: str) -> None:
        """Filter a group of columns by what was typed."""
        self._typed = {**self._typed, group: typed}
        self._show()

    def unfilter(self) -> None:
        """Show all rows again."""
        self._typed = {}
        self._show()

    def leaves_out(self, record_id: str) -> bool:
        """Tell whether the filters leave out a record of the chosen register."""
        return self._shown is not None and self._shown.ids is not None and record_id not in self._shown.ids

    def ask_history(self, register: str, record_id: str) -> None:
        """Read what a record was before."""

        def work() -> tuple[RecordVersion, ...]:
            return self._store.read(lambda db: registers.history(db, register, record_id))

        self._jobs.start("register history", work, on_done=self.history_changed.emit, on_error=self._on_failed)

    def look_at_six(self) -> None:
        """Make the 六个一 page."""
        work = partial(register_book.look_at_six, self._book, self._places, self._today())
        self._jobs.start("register six", work, on_done=self.six_changed.emit, on_error=self._on_failed)

    def look_at_plan(self) -> None:
        """Hold the registers against the plan."""
        work = partial(register_book.look_at_plan, self._book, self._places)
        self._jobs.start("register plan", work, on_done=self.plan_changed.emit, on_error=self._on_failed)

    def look_at_contacts(self) -> None:
        """Look for contacts that may fail."""
        work = partial(register_book.look_at_contacts, self._store, self._book, self._clock.now(), self._today())
        self._jobs.start("register contacts", work, on_done=self.contacts_changed.emit, on_error=self._on_failed)

    # writing

    def save(self, record: Record, opened: Record | None = None) -> None:
        """Keep a record as it was written into the form, over ``opened``: what stood there when the writing began."""
        if (actor := self._who()) is not None:
            at, before = self._clock.now(), opened if opened is not None and opened.id == record.id else None
            self._write(lambda db: register_book.put(db, record, actor=actor, at=at, opened=before), record.register)

    def take_out(self, opened: Record, reason: str) -> None:
        """Take a record out of its register, as it was looked at; its versions stay."""
        if (actor := self._who()) is not None:
            at = self._clock.now()
            self._write(lambda db: register_book.take_out(db, opened, reason, actor=actor, at=at), opened.register)

    def inspect(self, register: str, record_id: str, found: str) -> None:
        """Keep that who is on duty inspected a record today, and what was found."""
        description = self._book.description(register)
        if description is None or not description.inspected_on or (actor := self._who()) is None:
            return
        name, at = self._actor.name if self._actor is not None else "", self._clock.now()
        keep = partial(
            register_book.inspect,
            description=description,
            record_id=record_id,
            found=found,
            actor=actor,
            name=name,
            at=at,
        )
        self._write(keep)

    def undo(self) -> None:
        """Put back what stood before the last edit, as a new version; once more does it again."""
        last = self._last
        if last is not None and (actor := self._who()) is not None:
            at = self._clock.now()
            self._write(lambda db: register_book.undo(db, last, actor=actor, at=at))

    def _who(self) -> str | None:
        if self._actor is None:
            self.failed.emit(IllegalStepError("step.nobody_on_duty"))
            return None
        return self._actor.id

    def _write(self, work: register_book.Writing, register: str = "") -> None:
        failed = partial(self._on_refused, register)
        self._jobs.follow(self._store.write(work), on_done=self._on_written, on_error=failed)

    def _on_refused(self, register: str, error: Exception) -> None:
        """Tell why nothing was written, and show what others wrote meanwhile."""
        elsewhere = isinstance(error, StoreError) and error.code == "register.changed_elsewhere"
        self._on_failed(self._in_words(register, error) if elsewhere else error)
        if elsewhere:
            work = partial(register_book.read_again, self._store, register, self._book.records.get(register, ()))
            done = partial(self._on_changed_elsewhere, register)
            self._jobs.start(f"register again {register}", work, on_done=done, on_error=self._on_failed)

    def _in_words(self, register: str, error: Exception) -> Exception:
        """Return the error with fields called as people call them."""
        description, facts = self._book.description(register), getattr(error, "facts", {})
        if description is None:
            return error
        at = 0 if language.current() == "zh" else 1
        fields = [column_words(key, description)[at] for key in str(facts["fields"]).split(", ")]
        return StoreError("register.changed_elsewhere", name=facts["name"], fields=", ".join(fields))

    def _on_changed_elsewhere(self, register: str, records: tuple[Record, ...]) -> None:
        self._on_book(self._book.with_records(register, records, self._clock.now()))
        self.changed.emit(register)

    def _on_written(self, edit: Edit) -> None:
        self._last = edit
        work = partial(register_book.read_again, self._store, edit.register, self._book.records.get(edit.register, ()))
        done = partial(self._on_read_again, edit)
        self._jobs.start(f"register again {edit.register}", work, on_done=done, on_error=self._on_failed)

    def _on_read_again(self, edit: Edit, records: tuple[Record, ...]) -> None:
        self._on_book(self._book.with_records(edit.register, records, self._clock.now()))
        self.undo_changed.emit(True)
        self.changed.emit(edit.register)
        self.written.emit(edit)

    # jobs

    def _today(self) -> date:
        return self._clock.now().astimezone(OFFICE_ZONE).date()

    def _on_villages(self, villages: VillageFinder) -> None:
        self._villages = villages

    def _on_book(self, book: Book) -> None:
        before, self._book, self._is_read = self._book, book, True
        self._on_faults(book.damaged)
        shown = self._shown
        stands = shown is not None and shown.rows is self._rows and self._stands(shown.rows, before)
        if not stands:
            self._rows = None
        self.registers_changed.emit()
        if not stands:
            self._show()

    def _stands(self, rows: Rows, before: Book) -> bool:
        """Tell whether rows say what they would say if they were made anew: nothing they rest on is another than before."""
        book, now = self._book, self.description()
        if now is None or now != rows.description or rows.today != self._today():
            return False
        rests_on = {now.name, *(one.to for one in now.fields if one.type is FieldType.LINK)}
        return all(book.records.get(name, ()) is before.records.get(name, ()) for name in rests_on)

    def _on_faults(self, faults: tuple[ConsoleError, ...]) -> None:
        for fault in faults:
            if str(fault) not in self._told:
                self._told.add(str(fault))
                self._on_failed(fault)

    def _show(self) -> None:
        """Make the rows where they are not made yet, sort and filter them, in one job."""
        description = self.description()
        if description is None:
            return
        made, register = self._rows, self._register
        make = partial(
            Rows,
            description,
            self._book.records.get(register, ()),
            today=self._today(),
            language=language.current(),
            names=self._book.names,
            words=state_words(),
            levels=self._levels if register == HAZARD_POINTS else None,
        )
        sort, typed, descending = self._sort, dict(self._typed), self._descending

        def work() -> Shown:
            rows = made if made is not None else make()
            return in_order(rows, sort, typed, descending=descending)

        self._jobs.start("register rows", work, on_done=self._on_shown, on_error=self._on_failed)

    def _on_shown(self, shown: Shown) -> None:
        if shown.rows.description.name != self._register:
            return
        before, self._shown = self._shown, shown
        self._rows = shown.rows
        self.shown_changed.emit(shown)
        if shown.is_filtered or (before is not None and before.is_filtered):
            self.filtered_changed.emit(self._register, shown.ids)

    def _on_failed(self, error: Exception) -> None:
        _log.info("registers: %s", error)
        self.failed.emit(error)
