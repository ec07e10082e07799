"""Brings a damaged store back from its newest good backup, and says what is missing since."""

from __future__ import annotations

import os
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from models.act import JournalEntry
from models.duty.log import JournalLine
from models.errors import StoreError
from models.store import audit, backup, journal, session
from models.store import head as head_file
from models.store.connection import open_reader
from models.store.database import Database, Store
from models.store.head import Head

STORE_NAME = "store.sqlite"


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What a restoring did, and what is missing since the backup.

    Attributes
    ----------
    restored_from : Path
        The backup.
    made_at : datetime
        When it was made: what came later is missing.
    kept_as : Path or None
        Where the damaged store lies now; None if there was no file.
    number : int
        The last journal line of the backup.
    lost_number : int or None
        The last line that the office is known to have had; None if no head could be read.
    lost_lines : tuple of JournalLine
        The lines after ``number`` that could still be read from the damaged store, each
        with its chain whole.
    unknown_messages : tuple of str
        Files in ``outbox/`` whose message the restored store does not know: they went
        out all the same.
    """

    restored_from: Path
    made_at: datetime
    kept_as: Path | None
    number: int
    lost_number: int | None
    lost_lines: tuple[JournalLine, ...]
    unknown_messages: tuple[str, ...]

    @property
    def lost_count(self) -> int | None:
        """How many journal lines are missing, None if that cannot be told."""
        return None if self.lost_number is None else max(0, self.lost_number - self.number)


def restore(office: Path, now: datetime, *, actor: str = "system", even_if_good: bool = False) -> RestoreReport:
    """Put the newest good backup in the place of an office's store; the damaged one is kept beside it.

    The restoring itself is a journal line that names
    the heads of what was lost.

    Parameters
    ----------
    office : Path
        The office's folder, with ``store.sqlite``, ``backup/`` and ``outbox/``.
    now : datetime
        Names the kept file.
    actor : str
        Who restores.
    even_if_good : bool
        Restore although nothing is wrong with the store.

    Raises
    ------
    StoreError
        ``backup.none`` (no good backup; nothing was changed), ``backup.not_needed``,
        ``store.in_use`` (somebody has it open), ``backup.failed``, or what opening the restored store says.
    """
    path, folder = office / STORE_NAME, office / "backup"
    findings = audit.check(path, folder)
    if not findings and not even_if_good:
        raise StoreError("backup.not_needed", path=path)
    chosen = backup.newest_good(folder)
    if chosen is None:
        raise StoreError("backup.none", folder=folder)
    heads = _known_heads(path, folder)
    fresh = path.with_name("store.restoring.sqlite")
    try:
        with session.alone(path):
            _copy_synced(chosen, fresh)
            kept = _set_aside(path, now)
            fresh.replace(path)
            head_file.sync_folder(office)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise StoreError("backup.failed", path=path, cause=str(error)) from error
    with Store.open(path) as store:
        last = store.read(journal.head)
        lost = store.read(lambda db: journal.contradicting(db, heads))
        lines = _still_readable(kept, last)
        unknown = store.read(lambda db: _unknown_messages(db, office / "outbox"))
        numbers = [head.number for head in lost] + [line.number for line in lines]
        report = RestoreReport(
            restored_from=chosen,
            made_at=backup.made_at(chosen),
            kept_as=kept,
            number=last.number,
            lost_number=max(numbers, default=last.number) if heads or lines else None,
            lost_lines=lines,
            unknown_messages=unknown,
        )
        store.write_now(lambda db: journal.append(db, _entry(report, lost, findings, actor, now)))
    return report


def _entry(
    report: RestoreReport, lost: tuple[Head, ...], findings: tuple[StoreError, ...], actor: str, now: datetime
) -> JournalEntry:
    return JournalEntry(
        actor,
        journal.RESTORED,
        "store",
        now,
        {
            "heads": [[head.number, head.sha] for head in lost],
            "findings": [finding.code for finding in findings],
            "lines": report.lost_number,
            "kept_as": report.kept_as.name if report.kept_as else None,
        },
        {
            "backup": report.restored_from.name,
            "made_at": report.made_at,
            "lines": report.number,
            "lost_acts": [
                [line.number, line.entry.at, line.entry.act, line.entry.subject] for line in report.lost_lines
            ],
            "unknown_messages": report.unknown_messages,
        },
    )


def _known_heads(path: Path, folder: Path) -> tuple[Head, ...]:
    """Return what the head file, those set aside and those of the backups say, as far as they can be read."""
    beside = path.with_name(head_file.FILE_NAME)
    heads = []
    for file in (beside, *head_file.kept_aside(beside), *sorted(folder.glob("*.head"))):
        try:
            found = head_file.read(file)
        except StoreError:
            continue
        if found is not None:
            heads.append(found)
    return tuple(heads)


def _set_aside(path: Path, now: datetime) -> Path | None:
    """Move the store with its ``-wal`` and ``-shm`` out of the way and return its new name."""
    if not path.exists():
        return None
    stem = f"store.damaged-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    kept, count = path.with_name(f"{stem}.sqlite"), 0
    while kept.exists():
        count += 1
        kept = path.with_name(f"{stem}-{count}.sqlite")
    for tail in ("-wal", "-shm"):
        beside = path.with_name(path.name + tail)
        if beside.exists():
            beside.replace(kept.with_name(kept.name + tail))
    path.replace(kept)
    return kept


def _still_readable(damaged: Path | None, after: Head) -> tuple[JournalLine, ...]:
    """Return the lines after a head that the damaged file still gives, as far as their chain holds."""
    if damaged is None:
        return ()
    lines: list[JournalLine] = []
    try:
        db = open_reader(damaged)
        try:
            for line in journal.each_after(db, after):
                lines.append(line)  # noqa: PERF402 (what was read before the file gives out counts)
        finally:
            db.close()
    except (sqlite3.Error, ValueError, TypeError):
        pass
    return tuple(lines)


def _unknown_messages(db: Database, outbox: Path) -> tuple[str, ...]:
    if not outbox.is_dir():
        return ()
    known = {row[0] for row in db.execute("SELECT id FROM outbox")}
    files = (file.name for file in outbox.iterdir() if file.is_file() and not file.name.startswith("."))
    return tuple(sorted(name for name in files if name.split(".")[0] not in known))


def _copy_synced(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    with target.open("rb+") as file:
        os.fsync(file.fileno())
