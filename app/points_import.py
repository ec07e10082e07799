"""`fengsui points import`: a points file into the office's register, all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import shapely
import typer

import resources
from app.clock import SystemClock
from app.language import system_language
from app.office import Office, default_folder, open_office
from app.settings import FILE_NAME
from models.errors import DataError
from models.hazard.points_columns import kind_of, kind_words
from models.hazard.points_csv import LARGEST_BYTES, read_points, template
from models.hazard.points_report import Finding, PointsReport
from models.hazard.register import HazardPoint, PointKind
from models.store import hazards
from models.store import places as place_rows
from models.store.database import Database, Store

SHOWN = 40


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What was read and what came of it.

    ``updates`` are points of the register that the file changes. ``unreadable``
    is why the file could not be read as a table at all. ``total`` counts the
    register after the import; None where there was no office to compare with.
    """

    file: Path
    report: PointsReport
    updates: tuple[Finding, ...]
    added: int
    imported: bool
    total: int | None
    unreadable: DataError | None = None

    @property
    def refused(self) -> bool:
        """Whether anything stands against the import."""
        return self.unreadable is not None or bool(self.report.refused)

    def as_json(self, language: str = "") -> dict[str, object]:
        """Return ``rows_read``, ``accepted``, ``imported``, ``refused``, ``warnings``, ``guesses`` and what came of it."""
        language = language or system_language()
        document: dict[str, object] = {"file": str(self.file)}
        document |= self._whole().as_json(language, imported=self.imported)
        if self.unreadable is not None:
            document["error"] = self.unreadable.sentence(language)
            document["refused"] = [{"line": 0, "field": "", "reason": document["error"]}]
        return document | {"added": self.added, "updated": len(self.updates), "register": self.total}

    def as_text(self, language: str = "") -> str:
        """Return the report as lines for people."""
        language = language or system_language()
        if self.unreadable is not None:
            sentence = self.unreadable.sentence(language)
            return sentence if str(self.file) in sentence else f"{self.file}: {sentence}"

        def say(key: str, **facts: object) -> str:
            return resources.phrase("points", f"report.{key}", language).format_map(facts)

        report = self._whole()
        same = report.accepted - self.added - len(self.updates)
        facts = {"file": self.file, "rows_read": report.rows_read, "accepted": report.accepted, "added": self.added}
        facts |= {"updated": len(self.updates), "same": same, "total": self.total, "imported": report.accepted}
        outcome = "refused" if report.refused else "imported" if self.imported else "dry_run"
        lines = [say(outcome, **facts, count=len(report.refused))]
        if self.imported:
            lines.append(say("restart"))
        elif self.total is None:
            lines.append(say("no_office"))
        for title, findings in (
            ("refusals", report.refused),
            ("warnings", report.warnings),
            ("guesses", report.guesses),
        ):
            if findings:
                lines.append(say(title))
                lines += [say("line", line=f.line, field=f.field, reason=f.reason(language)) for f in findings[:SHOWN]]
            if len(findings) > SHOWN:
                lines.append(say("more", count=len(findings) - SHOWN))
        return "\n".join(lines)

    def _whole(self) -> PointsReport:
        """Return the report with the updates among its warnings, by line."""
        r = self.report
        warnings = tuple(sorted((*r.warnings, *self.updates), key=lambda finding: finding.line))
        return PointsReport(r.rows_read, r.accepted, r.points, r.refused, warnings, r.guesses, r.lines)


def import_points(file: Path, *, office: Path | None, kind: str = "", dry_run: bool = False) -> ImportReport:
    """Read a points file and put its points into the register of an office.

    Points whose id the register knows are changed to what the file says, new
    ones are added, all others stay. A dry run without an office looks at the
    file alone.

    Raises
    ------
    ConsoleError
        If the office cannot be opened, or its store refuses.
    typer.BadParameter
        If ``kind`` is no kind of hazard point.
    """
    point_kind = kind_of(kind) if kind else None
    if kind and point_kind is None:
        raise typer.BadParameter(f"{kind}: none of {kind_words()}", param_hint="--kind")
    at = None if dry_run and office is None and not (default_folder() / FILE_NAME).exists() else opened(office)
    try:
        with file.open("rb") as source:
            data = source.read(LARGEST_BYTES + 1)  # what never ends is not read to its end
    except OSError as error:
        return _unread(file, DataError("points_csv.unreadable", file=file, cause=error.strerror or str(error)))
    if at is None or (dry_run and not at.store_path.exists()):
        return _read(file, data, point_kind, {}, None, dry_run=True, known_total=None)
    with Store.open(at.store_path) as store:
        register, area = store.read(_register_and_area)
        known = {point.id: point for point in register}
        report = _read(file, data, point_kind, known, area, dry_run=dry_run, known_total=len(known))
        if dry_run or report.refused:
            return report
        now, read = SystemClock().now(), {point.id: point for point in report.report.points}

        def work(db: Database) -> int:
            merged = {point.id: point for point in hazards.points(db)} | read
            hazards.replace_points(db, tuple(merged.values()), actor="system", at=now)
            return len(merged)

        total = store.write_now(work)
    return ImportReport(file, report.report, report.updates, report.added, imported=True, total=total)


def template_text() -> str:
    """Return an empty points file with header and one example line, in the system's language."""
    return template(system_language()).decode("utf-8")


def opened(folder: Path | None) -> Office:
    """Return the office that is named, or the user's own."""
    return open_office(folder or default_folder())


def _register_and_area(db: Database) -> tuple[tuple[HazardPoint, ...], bytes | None]:
    shapes = [shapely.from_wkb(place.wkb) for place in place_rows.of_kind(db, "county")]
    return hazards.points(db), shapely.to_wkb(shapely.union_all(shapes)) if shapes else None


def _read(
    file: Path,
    data: bytes,
    kind: PointKind | None,
    known: Mapping[str, HazardPoint],
    area: bytes | None,
    *,
    dry_run: bool,
    known_total: int | None,
) -> ImportReport:
    try:
        report = read_points(data, kind=kind, area=area, dry_run=dry_run)
    except DataError as error:
        return _unread(file, error)
    updates = tuple(
        Finding(line, "id", "warned.update", {"value": point.id, "name": known[point.id].name, "fields": changed})
        for line, point in zip(report.lines, report.points, strict=True)
        if point.id in known and (changed := _changed(known[point.id], point))
    )
    added = sum(point.id not in known for point in report.points)
    return ImportReport(file, report, updates, added, imported=False, total=known_total)


def _unread(file: Path, error: DataError) -> ImportReport:
    return ImportReport(file, PointsReport(0, 0, (), (), (), ()), (), 0, imported=False, total=None, unreadable=error)


def _changed(before: HazardPoint, after: HazardPoint) -> str:
    names = (field.name for field in fields(HazardPoint))
    return ", ".join(name for name in names if getattr(before, name) != getattr(after, name))
