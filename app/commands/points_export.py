"""`fengsui points export`: a register into a file; `undo`: an import taken back; the report to a register's owner."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import resources
from app.clock import SystemClock
from app.commands.cli_person import actor_of
from app.commands.points_import import described, opened
from app.language import system_language
from app.registers.import_report import ImportReport
from app.registers.report_file import write_report
from models.errors import DataError
from models.register.description import HAZARD_POINTS
from models.register.export import FORMATS, export
from models.store import registers
from models.store.database import Store


@dataclass(frozen=True, slots=True)
class Done:
    """What was written or taken back, as one sentence and as JSON."""

    key: str
    facts: dict[str, object]

    def as_text(self, language: str = "") -> str:
        """Return the sentence."""
        return resources.phrase("points", f"report.{self.key}", language or system_language()).format_map(self.facts)

    def as_json(self) -> dict[str, object]:
        """Return the facts."""
        return dict(self.facts)


def export_points(out: Path, *, office: Path | None, register: str = HAZARD_POINTS, language: str = "") -> Done:
    """Write a register of an office into a file.

    Raises
    ------
    ConsoleError
        If the office cannot be opened, there is no such register, or the file cannot be written.
    """
    at = opened(office)
    description = described(register, at)
    if out.suffix.lower() not in FORMATS:
        raise DataError("export.format", file=out.name, formats=", ".join(FORMATS))
    with Store.open(at.store_path) as store:
        records = store.read(lambda db: registers.records(db, register))
    export(records, description, out, language=language or system_language())
    return Done("exported", {"file": str(out), "register": register, "records": len(records)})


def undo_import(import_id: str, *, office: Path | None, register: str = HAZARD_POINTS, person: str = "") -> Done:
    """Put every record back to what it was before an import; without an id, the newest of the register.

    ``person`` is who does it, see `cli_person.actor_of`.

    Raises
    ------
    ConsoleError
        If the office cannot be opened, there is no such import, or its records were changed since.
    """
    at = opened(office)
    with Store.open(at.store_path) as store:
        found = store.read(registers.imports)
        if not import_id:
            import_id = store.read(lambda db: registers.import_to_undo(db, register))
            if not import_id:
                title = described(register, at).title.of(system_language())
                raise DataError("register.nothing_to_undo", register=title)
        file = next((one.file for one in found if one.id == import_id), "")
        actor, now = actor_of(store, person), SystemClock().now()
        done = store.write_now(lambda db: registers.undo_import(db, import_id, actor=actor, at=now))
    restored, removed = len(done.added) + len(done.changed), len(done.removed)
    return Done("undone", {"import": import_id, "file": file, "restored": restored, "removed": removed})


def write_owner_report(report: ImportReport, out: Path, language: str = "") -> None:
    """Write the rows in question as a workbook for whoever sent the file; nothing where it could not be read.

    Raises
    ------
    DataError
        ``export.over_source`` or ``export.unwritable``.
    """
    if report.quality is None:
        return
    write_report(report.quality, out, language or system_language(), read_from=report.file)
