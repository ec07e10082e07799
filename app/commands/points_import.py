"""`fengsui points import`: a file into one of the office's registers, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

import typer

from app.clock import SystemClock
from app.commands.cli_person import actor_of
from app.language import system_language
from app.office import Office, default_folder, open_office
from app.registers.import_merge import merged_with, source_of, write_judged
from app.registers.import_report import ImportReport
from app.registers.register_ground import ground_of
from app.settings import FILE_NAME
from app.worker import worker_table
from app.worker.process_pool import ProcessPool
from app.worker.worker_table import table_in
from models.errors import DataError
from models.hazard.points_template import template
from models.register import mends
from models.register.checks.ground import Ground
from models.register.description import HAZARD_POINTS, RegisterDescription, with_own
from models.register.field_values import choice_of, choice_words
from models.register.finding import Fact, Finding
from models.register.mapping import (
    AS_IT_IS,
    LEFT_OUT,
    SHAPE,
    column_words,
    field_and_unit,
    fields_of,
    map_columns,
    threshold_of_key,
    units_of,
)
from models.register.quality import Quality, judge, lines_to_leave_out
from models.register.record import Record
from models.register.table import Table
from models.store import registers
from models.store.database import Database, Store

OWN_REGISTERS = "registers"


@dataclass(frozen=True, slots=True)
class ImportChoices:
    """How a file is to be read, as somebody says it.

    ``crs`` is what coordinates rest on, ``columns`` field by header (`LEFT_OUT` leaves one out), ``mended`` the mends
    to make, by name or by the kind of finding, ``leave_out_refused`` imports the rows that pass without the others,
    ``strict`` lets every finding refuse its row.
    """

    register: str = HAZARD_POINTS
    kind: str = ""
    crs: str = ""
    sheet: str = ""
    columns: Mapping[str, str] | None = None
    mended: Sequence[str] = ()
    leave_out_refused: bool = False
    strict: bool = False


_AS_IT_IS = ImportChoices()


def import_points(
    file: Path,
    *,
    office: Path | None,
    kind: str = "",
    dry_run: bool = False,
    choices: ImportChoices = _AS_IT_IS,
    person: str = "",
) -> ImportReport:
    """Read a file and put its rows into a register of an office.

    Entries whose id the register knows are changed to what the file says, new ones are added, all others stay;
    fields that the file has no column for stay as they were. A dry run without an office looks at the file alone.
    ``person`` is who imports, see `cli_person.actor_of`.

    Raises
    ------
    ConsoleError
        If the office cannot be opened, its store refuses, or there is no such register, field or CRS.
    typer.BadParameter
        If ``kind`` is no kind of that register, or a mend is none.
    """
    choices = replace(choices, kind=kind or choices.kind)
    alone = dry_run and office is None and not (default_folder() / FILE_NAME).exists()
    at = None if alone else opened(office)
    description = described(choices.register, at)
    choices = _checked(choices, description)
    try:
        table, digest = _read(file, choices.sheet, at, description.name)
    except DataError as error:
        return ImportReport(file, None, (), 0, imported=False, total=None, unreadable=error)
    today = SystemClock().now().astimezone().date()
    if at is None or (dry_run and not at.store_path.exists()):
        quality, mended = examine(table, description, Ground(today=today), choices, look_only=dry_run)
        return ImportReport(file, quality, (), len(quality.records), imported=False, total=None, mended=mended)
    with Store.open(at.store_path) as store:
        known, ground, remembered = store.read(lambda db: _known(db, description.name, file, today))
        quality, mended = examine(table, description, ground, choices, remembered=remembered, look_only=dry_run)
        report = _compared(file, quality, known, mended)
        if dry_run or not quality.importable:
            return report
        actor, now = actor_of(store, person), SystemClock().now()

        def work(db: Database) -> tuple[int, str]:
            import_id, _ = write_judged(db, quality, known, file=file, digest=digest, actor=actor, at=now)
            if choices.sheet:
                registers.keep_sheet(db, description.name, source_of(file), choices.sheet)
            return registers.counts(db).get(description.name, 0), import_id

        total, import_id = store.write_now(work)
    return replace(report, imported=True, total=total, import_id=import_id)


def examine(
    table: Table,
    description: RegisterDescription,
    ground: Ground,
    choices: ImportChoices,
    *,
    remembered: Mapping[str, str] | None = None,
    look_only: bool = False,
    step: Callable[[float], None] | None = None,
) -> tuple[Quality, dict[str, int]]:
    """Return the report of a file after the mends that were asked for, and how many rows each of them changed.

    ``step`` is told which part is done, as `judge` tells it; what it raises ends the work.
    """
    mended: dict[str, int] = {}
    kind, crs = choices.kind, choices.crs
    wanted = mends.in_order(choices.mended)
    looks = 1 + len(wanted) + choices.leave_out_refused
    done = 0

    def part(of_look: float) -> None:
        if step is not None:
            step((done + of_look) / looks)

    def look(table: Table, left_out: frozenset[int] = frozenset()) -> Quality:
        mapping = map_columns(table, description, remembered=remembered, by_hand=choices.columns)
        return judge(
            table, mapping, description, ground, kind=kind, crs=crs, left_out=left_out, strict=choices.strict,
            look_only=look_only, step=part,
        )  # fmt: skip

    quality = look(table)
    for mend in wanted:
        done += 1
        found = mends.apply(mend, quality)
        if found.rows:
            mended[mend] = found.rows
            crs = found.crs or crs
            table = found.table
            quality = look(table)
    if choices.leave_out_refused and quality.refused_lines:
        quality = look(table, lines_to_leave_out(quality))
    return quality, mended


def described(name: str, office: Office | None) -> RegisterDescription:
    """Return the description of a register, the office's own first.

    Raises
    ------
    DataError
        ``register.unknown`` with the names there are; what the office's own files are refused with.
    """
    known = {one.name: one for one in with_own((office.folder if office else Path()) / OWN_REGISTERS)}
    if name not in known:
        raise DataError("register.unknown", name=name, names=", ".join(sorted(known)))
    return known[name]


def missing_from(quality: Quality, known: Mapping[str, Record]) -> int:
    """Return how many entries of the register the file does not name; they stay as they are."""
    named = set(quality.entries.texts.get("id", ()))
    return sum(id_ not in named for id_ in known)


def template_text() -> str:
    """Return an empty points file with header and one example line, in the system's language."""
    return template(system_language()).decode("utf-8")


def opened(folder: Path | None) -> Office:
    """Return the office that is named, or the user's own."""
    return open_office(folder or default_folder())


def _known(db: Database, register: str, file: Path, today: date) -> tuple[dict[str, Record], Ground, dict[str, str]]:
    known = {record.id: record for record in registers.records(db, register)}
    return known, ground_of(db, today), registers.column_map(db, register, source_of(file))


def _read(file: Path, sheet: str, office: Office | None, register: str) -> tuple[Table, str]:
    """Return a file's table and its SHA-256, read in a worker process with the limits that the console sets it.

    Of a workbook with several sheets it is the one that was named, or that of this source's last file.
    """
    with ProcessPool(1, imports=(worker_table.__name__,)) as pool:

        def read(sheet: str, usual: str = "") -> tuple[Table, str]:
            work = partial(table_in, file, sheet, usual)
            return pool.submit(file.name, work, limit_s=worker_table.READ_S).result()

        try:
            return read(sheet)
        except DataError as error:
            if error.code != "table.several_sheets" or office is None or not office.store_path.exists():
                raise
        with Store.open(office.store_path) as store:
            usual = store.read(lambda db: registers.kept_sheet(db, register, source_of(file)))
        return read("", usual)


def _checked(choices: ImportChoices, description: RegisterDescription) -> ImportChoices:
    """Return the choices with the key of the kind; refuse what is none."""
    kind = choices.kind
    if kind:
        found = choice_of(kind, description.kinds)
        if found is None:
            words = choice_words(description.kinds)[0 if system_language() == "zh" else 1]
            raise typer.BadParameter(f"{kind}: none of {words}", param_hint="--kind")
        kind = found.key
    if unknown := [one for one in choices.mended if not mends.in_order([one])]:
        raise typer.BadParameter(f"{unknown[0]}: none of {', '.join(mends.names())}", param_hint="--mend")
    for said in (choices.columns or {}).values():
        field, unit = field_and_unit(said)
        if field not in {*fields_of(description), LEFT_OUT, AS_IT_IS} and threshold_of_key(field) is None:
            names = ", ".join(fields_of(description))
            raise DataError("register.no_field", register=description.name, field=field, names=names)
        if unit and unit not in units_of(field, description):
            units = ", ".join(units_of(field, description)) or "—"
            raise DataError("register.no_unit", field=field, unit=unit, units=units)
    return replace(choices, kind=kind)


def _compared(file: Path, quality: Quality, known: Mapping[str, Record], mended: dict[str, int]) -> ImportReport:
    updates = tuple(
        Finding("update", line, "id", "update", {"value": one.id, "name": known[one.id].name,
                **_said(fields, quality.description)}, refuses=False)
        for line, one in zip(quality.lines, merged_with(known, quality), strict=True)
        if one.id in known and (fields := changed_fields(known[one.id], one))
    )  # fmt: skip
    added = sum(record.id not in known for record in quality.records)
    missing = missing_from(quality, known)
    return ImportReport(file, quality, updates, added, imported=False, total=len(known), mended=mended, missing=missing)


def changed_fields(before: Record, after: Record) -> tuple[str, ...]:
    """Return the keys of the fields in which two records differ, thresholds last."""
    names = [key for key, part in _PARTS.items() if getattr(before, part) != getattr(after, part)]
    keys = sorted({*before.values, *after.values}, key=lambda key: (key == "thresholds", key))
    return (*names, *(key for key in keys if before.values.get(key) != after.values.get(key)))


_PARTS = {"name": "name", "kind": "kind", "lon": "lon_deg", "lat": "lat_deg", "town": "town", "village": "village",
          SHAPE: "wkb", "others": "others"}  # fmt: skip


def _said(fields: Sequence[str], description: RegisterDescription) -> dict[str, Fact]:
    words = [column_words(key, description) for key in fields]
    return {"fields": "、".join(zh for zh, _ in words), "fields_en": ", ".join(en for _, en in words)}
