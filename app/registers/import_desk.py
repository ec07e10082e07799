"""A file on its way into a register: read, judged, mended, judged anew, and written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.clock import Clock
from app.commands.points_import import (
    ImportChoices,
    changed_fields,
    examine,
    missing_from,
)
from app.jobs import Jobs
from app.registers.import_merge import merged_with, source_of, write_judged
from app.registers.import_preview import drawings_of, view_of
from app.registers.register_ground import ground_of
from app.registers.report_file import write_report
from app.worker.worker_table import READ_S, table_in
from layers.crs_question import plane_systems
from layers.read_own_layer import sheet_parts
from layers.read_raster import Field
from models.errors import DataError
from models.register.checks.ground import Ground
from models.register.description import RegisterDescription
from models.register.mapping import AS_IT_IS, LEFT_OUT, field_and_unit
from models.register.quality import Quality
from models.register.record import Record
from models.register.shift import PositionCheck
from models.register.table import Table
from models.register.table_file import sheets_in
from models.store import registers
from models.store.database import Database, Store
from widgets.register.import_page import ImportState
from widgets.words import OFFICE_ZONE

READING, JUDGING, WRITING = "read", "judge", "write"
Step = Callable[[float], None]


class StoppedError(Exception):
    """Somebody stopped the judging of a file."""


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A file that was read, and what it is held against."""

    file: Path
    description: RegisterDescription
    table: Table
    ground: Ground
    known: Mapping[str, Record]
    digest: str
    remembered: Mapping[str, str] = field(default_factory=dict)


def read_file(file: Path, sheet: str = "", usual: str = "") -> tuple[Table, str] | tuple[Field, ...]:
    """Return a file's table and its SHA-256, or the sheets to choose from; for a worker process, as it is a stranger's.

    Raises
    ------
    DataError
        What `read_table` says of a file that is none.
    """
    try:
        return table_in(file, sheet, usual)
    except DataError as error:
        if error.code != "table.several_sheets":
            raise
    return sheet_parts(sheets_in(file))


def held_of(store: Store, file: Path, read: tuple[Table, str], description: RegisterDescription, today: date) -> Held:
    """Return a file that was read with all that it is held against; for a job."""

    def known(db: Database) -> tuple[dict[str, Record], Ground, dict[str, str]]:
        records = {one.id: one for one in registers.records(db, description.name)}
        return records, ground_of(db, today), registers.column_map(db, description.name, source_of(file))

    records, ground, remembered = store.read(known)
    return Held(file, description, read[0], ground, records, read[1], remembered)


def judged(held: Held, choices: ImportChoices, step: Step | None = None) -> ImportState:
    """Judge a file after the mends that were chosen; for a job. ``step`` is told which part is done."""
    quality, mended = examine(held.table, held.description, held.ground, choices, remembered=held.remembered, step=step)
    merged = merged_with(held.known, quality)
    added = sum(record.id not in held.known for record in merged)
    changed = sum(record.id in held.known and bool(changed_fields(held.known[record.id], record)) for record in merged)
    before, after = drawings_of(quality, held.ground.surroundings)
    return ImportState(
        held.file.name, held.description, quality, mended, tuple(choices.mended), added, changed, before, after,
        view_of(quality, held.ground.surroundings), missing=missing_from(quality, held.known), crs=choices.crs,
        kind=choices.kind, systems=_systems(held), remembers=bool(held.remembered or choices.columns),
    )  # fmt: skip


def _systems(held: Held) -> tuple[str, ...]:
    """Return what coordinates of this county may rest on."""
    county = held.ground.surroundings.county
    return ("wgs84", "gcj02", "bd09", *(plane_systems(county.centroid.x) if county is not None else ()))


def written(store: Store, held: Held, quality: Quality, actor: str, at: datetime) -> tuple[str, int]:
    """Write what passes into the register, and return the import's id and how many rows; for a job.

    Raises
    ------
    DataError
        ``import.changed_since`` if somebody changed one of these records after the file was judged.
    """

    def transact(db: Database) -> tuple[str, int]:
        return write_judged(db, quality, held.known, file=held.file, digest=held.digest, actor=actor, at=at)

    return store.write_now(transact)


class ImportDesk(QObject):
    """Leads the import of one file.

    Signals
    -------
    state_changed(object)   the ImportState to show, None when nothing is imported
    sheets_asked(str, tuple[Field, ...])  which sheet of this file shall be read
    busy_changed(str, float)  what is at work (`READING`, `JUDGING`, `WRITING`, empty) and which part is done; -1 unknown
    imported(str, str, int) register, id of the import, and how many rows
    failed(Exception)       a file could not be read, or the store refused
    """

    state_changed = Signal(object)
    sheets_asked = Signal(str, object)
    busy_changed = Signal(str, float)
    imported = Signal(str, str, int)
    failed = Signal(object)
    _went_on = Signal(int, float)

    def __init__(self, jobs: Jobs, store: Store, clock: Clock) -> None:
        super().__init__()
        self._jobs, self._store, self._clock = jobs, store, clock
        self._held: Held | None = None
        self._asked: tuple[Path, RegisterDescription] | None = None
        self._choices = self._judged_with = ImportChoices()
        self._state: ImportState | None = None
        self._first: PositionCheck | None = None
        self._at_work = ""
        self._run = 0  # what was begun later makes an answer late
        self._went_on.connect(self._on_went_on)

    @property
    def state(self) -> ImportState | None:
        """What is shown; None while no file is on its way."""
        return self._state

    @property
    def at_work(self) -> str:
        """What is at work, empty if nothing is."""
        return self._at_work

    def begin(self, file: Path, description: RegisterDescription) -> None:
        """Read a file for a register and judge it."""
        self._held, self._state, self._first = None, None, None
        self._choices = self._judged_with = ImportChoices(register=description.name)
        self._read(file, description)

    def take_sheet(self, name: str) -> None:
        """Read this sheet of the file, and of the next one of its source; empty leaves a file of which was asked."""
        asked = (self._held.file, self._held.description) if self._held is not None else self._asked
        if asked is None or self._at_work == WRITING:
            return
        if not name:
            self.close()
            return
        self._choices = replace(self._choices, sheet=name, mended=(), columns=None)
        self._read(*asked)

    def mend(self, name: str) -> None:
        """Make a mend, or take it back if it was made."""
        made = self._choices.mended
        wanted = tuple(one for one in made if one != name) if name in made else (*made, name)
        self._judge(replace(self._choices, mended=wanted))

    def leave_out(self, *, left: bool) -> None:
        """Leave the rows out that do not pass, or take them back in."""
        self._judge(replace(self._choices, leave_out_refused=left))

    def map_column(self, header: str, said: str) -> None:
        """Take a column for a field (``height_m``, ``height_m[cm]``), keep it beside the fields, or leave it out.

        It is judged anew, and the next file of this source is read so. Another column that was pointed at the same
        field is read by its name again.
        """
        field_ = field_and_unit(said)[0]
        others = {
            title: told
            for title, told in (self._choices.columns or {}).items()
            if title != header and (field_and_unit(told)[0] != field_ or field_ in {LEFT_OUT, AS_IT_IS})
        }
        self._judge(replace(self._choices, columns={**others, header: said}), remember=True)

    def forget_mapping(self) -> None:
        """Read every column by its name again, and the next file of this source too."""
        if self._held is not None:
            self._held = replace(self._held, remembered={})
            self._judge(replace(self._choices, columns=None), remember=True)

    def take_coordinates(self, crs: str) -> None:
        """Say what the coordinates rest on; empty for what the file says."""
        self._judge(replace(self._choices, crs=crs))

    def take_kind(self, kind: str) -> None:
        """Say of which kind all rows are, where the file has no such column."""
        self._judge(replace(self._choices, kind=kind))

    def again(self) -> None:
        """Read the file once more, as its owner may have mended it; what was chosen stays."""
        if self._held is not None and self._at_work != WRITING:
            self._read(self._held.file, self._held.description)

    def stop(self) -> None:
        """Let go of what is at work; what was shown before stays, and without that the file is left."""
        if self._at_work in {"", WRITING}:
            return
        self._run += 1
        self._choices = self._judged_with
        self._show_busy("")
        if self._state is None:
            self.close()

    def write(self, actor: str) -> None:
        """Write every row that passes into the register, all of them or none."""
        held, state = self._held, self._state
        if held is None or state is None or self._at_work or not state.quality.importable:
            return
        self._show_busy(WRITING)
        at, store, quality = self._clock.now(), self._store, state.quality

        work = partial(written, store, held, quality, actor, at)
        self._jobs.start("import write", work, on_done=self._on_written, on_error=self._on_failed)

    def report(self, path: Path, language: str) -> None:
        """Write the rows in question as a workbook for whoever sent the file."""
        if self._state is not None and self._held is not None:
            work = partial(write_report, self._state.quality, path, language, read_from=self._held.file)
            self._jobs.start("import report", work, on_done=lambda _: None, on_error=self.failed.emit)

    def close(self) -> None:
        """Let go of the file."""
        self._held, self._state, self._asked = None, None, None
        self._run += 1
        self._show_busy("")
        self.state_changed.emit(None)

    def _read(self, file: Path, description: RegisterDescription) -> None:
        self._run += 1
        self._asked = file, description
        self._show_busy(READING)
        store, source = self._store, source_of(file)
        self._jobs.start(
            "import usual",
            lambda: store.read(lambda db: registers.kept_sheet(db, description.name, source)),
            on_done=partial(self._on_usual, self._run, file, description),
            on_error=partial(self._on_failed, run=self._run),
        )

    def _on_usual(self, run: int, file: Path, description: RegisterDescription, usual: str) -> None:
        if run != self._run:
            return
        self._jobs.start(
            "import read",
            partial(read_file, file, self._choices.sheet, usual),
            where="process",
            limit_s=READ_S,
            on_done=partial(self._on_file, run, file, description),
            on_error=partial(self._on_failed, run=run),
        )

    def _on_file(
        self, run: int, file: Path, description: RegisterDescription, read: tuple[Table, str] | tuple[Field, ...]
    ) -> None:
        if run != self._run:
            return
        if not isinstance(read[0], Table):
            self._show_busy("")
            self.sheets_asked.emit(file.name, read)
            return
        table, digest = read[0], str(read[1])
        today = self._clock.now().astimezone(OFFICE_ZONE).date()
        store, choices, step = self._store, self._choices, self._step(run)

        def work() -> tuple[Held, ImportState]:
            if choices.sheet:
                store.write_now(lambda db: registers.keep_sheet(db, description.name, source_of(file), choices.sheet))
            held = held_of(store, file, (table, digest), description, today)
            return held, judged(held, choices, step)

        done, failed = partial(self._on_read, run), partial(self._on_failed, run=run)
        self._jobs.start("import hold", work, on_done=done, on_error=failed)

    def _judge(self, choices: ImportChoices, *, remember: bool = False) -> None:
        held = self._held
        if held is None or self._at_work in {READING, WRITING}:
            return
        self._run += 1
        self._choices = choices
        self._show_busy(JUDGING)
        store, step = self._store, self._step(self._run)

        def work() -> ImportState:
            state = judged(held, choices, step)
            if remember:
                keep = state.quality.mapping.as_map() if choices.columns else {}
                name, source = held.description.name, source_of(held.file)
                store.write_now(lambda db: registers.keep_column_map(db, name, source, keep))
            return state

        done, failed = partial(self._on_judged, self._run), partial(self._on_failed, run=self._run)
        self._jobs.start("import judge", work, on_done=done, on_error=failed)

    def _step(self, run: int) -> Step:
        """Return what the judging calls in its thread: it tells how far it is, and ends when it is not wanted any more."""

        def step(part: float) -> None:
            if run != self._run:
                raise StoppedError
            self._went_on.emit(run, part)

        return step

    def _on_went_on(self, run: int, part: float) -> None:
        if run == self._run and self._at_work:
            self.busy_changed.emit(self._at_work, part)

    def _on_read(self, run: int, made: tuple[Held, ImportState]) -> None:
        if run != self._run:
            return
        self._held = made[0]
        if not self._choices.mended:
            self._first = made[1].quality.position
        self._on_judged(run, made[1])

    def _on_judged(self, run: int, state: ImportState) -> None:
        if run != self._run:
            return
        self._judged_with = self._choices
        self._show_busy("")
        self._state = replace(state, leaves_out=self._choices.leave_out_refused, first=self._first)
        self.state_changed.emit(self._state)

    def _on_written(self, done: tuple[str, int]) -> None:
        register = self._choices.register
        self.close()
        self.imported.emit(register, *done)

    def _on_failed(self, error: Exception, run: int | None = None) -> None:
        if isinstance(error, StoppedError) or (run is not None and run != self._run):
            return
        self._choices = self._judged_with
        self._show_busy("")
        if self._state is None:
            self.close()
        self.failed.emit(error)

    def _show_busy(self, what: str) -> None:
        self._at_work = what
        self.busy_changed.emit(what, -1.0 if what != JUDGING else 0.0)
