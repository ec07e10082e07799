"""The data-quality report of a register that was handed in: what passes, what does not, why, and what would mend it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from models.datum import Datum
from models.register.checks import CHECKS
from models.register.checks.ground import Ground
from models.register.description import GeometryType, RegisterDescription
from models.register.entries import Entries, entries_of
from models.register.finding import Finding
from models.register.mapping import ColumnMapping
from models.register.record import Record
from models.register.records import records_of
from models.register.shift import PositionCheck, check_position
from models.register.table import Guess, Table

WHOLE_FILE = 0
_DATUM_NAMES = {Datum.GCJ02: "GCJ-02", Datum.BD09: "BD-09", Datum.WGS84: "WGS 84"}


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one kind, in the order of lines. ``mends`` are the mends that help and how many rows each."""

    kind: str
    findings: tuple[Finding, ...]
    rows: int
    refuses: bool
    mends: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Quality:
    """What a file holds and how good it is.

    ``records`` are the rows that pass, ``lines`` where each stands; both are empty while the file as a whole does
    not pass. ``left_out`` are the lines that somebody left out. ``not_judged`` are codes of what could not be
    looked at, a key under ``not_judged`` in ``phrases/register.toml``.
    """

    table: Table
    mapping: ColumnMapping
    description: RegisterDescription
    entries: Entries
    findings: tuple[Finding, ...]
    records: tuple[Record, ...]
    lines: tuple[int, ...]
    accepted: int
    left_out: frozenset[int] = frozenset()
    position: PositionCheck | None = None
    not_judged: tuple[str, ...] = ()
    strict: bool = False

    @property
    def rows_read(self) -> int:
        """How many rows the file has."""
        return len(self.table.rows)

    @property
    def refused(self) -> tuple[Finding, ...]:
        """What stands against the import, of rows that are not left out."""
        return tuple(one for one in self.findings if self._refuses(one))

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What is odd but stands against nothing, of rows that are not left out."""
        return tuple(one for one in self.findings if not self._refuses(one) and one.line not in self.left_out)

    @property
    def refused_lines(self) -> frozenset[int]:
        """The lines of rows that do not pass."""
        rows = set(self.table.lines)
        return frozenset(one.line for one in self.refused if one.line in rows and one.kind != "columns")

    @property
    def guesses(self) -> tuple[Guess, ...]:
        """What was settled by looking: of the file, then of its columns."""
        line = max(1, self.table.header_line)
        return (*self.table.guesses, *(replace(one, line=line) for one in self.mapping.guesses))

    @property
    def importable(self) -> bool:
        """Whether every row passes or is left out, and there is something to import."""
        return not self.refused and bool(self.records)

    @property
    def groups(self) -> tuple[Group, ...]:
        """The findings by kind: the whole file's first, then in the order of the shelf."""
        order: dict[str, list[Finding]] = {kind: [] for kind in _ORDER}
        for one in self.findings:
            order.setdefault(one.kind, []).append(one)
        out = []
        for kind, findings in order.items():
            if findings:
                mends = _counted(findings)
                rows = len({one.line for one in findings})
                refuses = any(self._refuses(one) for one in findings)
                out.append(Group(kind, tuple(findings), rows, refuses, mends))
        return tuple(out)

    @property
    def mends(self) -> dict[str, int]:
        """The mends that help, each with how many rows; a mend of the whole file counts all."""
        found = _counted(self.findings)
        whole = {one.mend for one in self.findings if one.line == WHOLE_FILE}
        return {mend: self.rows_read if mend in whole else count for mend, count in found.items()}

    def _refuses(self, one: Finding) -> bool:
        if one.line in self.left_out:
            return False
        # Under strict reading every finding of a row refuses it, as long as it is not the whole file's.
        return one.refuses or (self.strict and one.line != WHOLE_FILE and one.line in self.entries.line_set)


def _counted(findings: Sequence[Finding]) -> dict[str, int]:
    """Return how many rows each mend helps, in the order of findings."""
    return dict(Counter(mend for _, mend in dict.fromkeys((one.line, one.mend) for one in findings if one.mend)))


_ORDER = ("columns", "shift", "crs", *dict.fromkeys(kind for check in CHECKS for kind in check.KINDS))


_FIELD_ORDER = {name: n for n, name in enumerate(("id", "name", "lon", "lat", "kind"))}


def judge(  # noqa: PLR0913 - what somebody may say of a file
    table: Table,
    mapping: ColumnMapping,
    description: RegisterDescription,
    ground: Ground | None = None,
    *,
    kind: str = "",
    crs: str = "",
    left_out: frozenset[int] = frozenset(),
    strict: bool = False,
    look_only: bool = False,
    step: Callable[[float], None] | None = None,
) -> Quality:
    """Judge every row of a file.

    Parameters
    ----------
    table, mapping, description
        What the file holds, which column is what, and what the fields are.
    ground : Ground, optional
        Places, people and the day it is held against.
    kind : str, optional
        Key of the kind of every row where the file has no such column.
    crs : str, optional
        What somebody says the coordinates rest on; it is believed.
    left_out : frozenset of int
        Lines that are left out.
    strict : bool
        Every finding refuses its row, also those that only warn.
    look_only : bool
        The kind may be missing: then nothing is importable.
    step : callable, optional
        Is told which part is done, 0 to 1, after each check; what it raises ends the judging.

    Raises
    ------
    DataError
        ``table.crs``.
    """
    ground = ground or Ground()
    no_columns = any(one.code == "missing_column" for one in mapping.findings)
    tell = step or _tell_nobody
    tell(0.0)
    entries = entries_of(table, mapping, description, kind=kind, crs=crs)
    tell(0.2)
    file_findings = [*mapping.findings, *_kind_findings(table, mapping, description, kind, look_only=look_only)]
    file_findings += _crs_findings(table, description, crs)
    if not table.rows:
        file_findings.append(Finding("columns", max(1, table.header_line), "", "no_rows"))
    rows: list[Finding] = []
    position, missing = None, []
    if not no_columns:
        position, shifted = _position(entries, ground, crs)
        file_findings += shifted
        judged = entries
        if position is not None and position.suspected is not None and shifted and shifted[0].code == "shifted":
            # Held against the ground as it would lie when converted, so that no row is blamed for the file.
            judged = entries_of(table, mapping, description, kind=kind, crs=position.suspected.value)
        rows = list(entries.faults)
        for number, check in enumerate(CHECKS):
            tell(0.3 + 0.6 * number / len(CHECKS))
            rows += check.find(judged, ground)
            if lacking := check.missing(judged, ground):
                missing.append(lacking)
    rows.sort(key=lambda one: (one.line, _FIELD_ORDER.get(one.field, len(_FIELD_ORDER))))
    findings = (*file_findings, *rows)
    whole = any(one.refuses and one.line not in entries.line_set for one in findings)
    tell(0.9)
    draft = Quality(
        table, mapping, description, entries, findings, (), (), 0, left_out, position, tuple(missing), strict
    )
    bad = draft.refused_lines | left_out
    good = [] if no_columns else [row for row, line in enumerate(table.lines) if line not in bad]
    file_stands = not any(one.refuses and one.kind == "columns" for one in findings)
    accepted = len(good) if file_stands else 0
    has_kind = not description.kinds or "kind" in entries.texts or bool(kind)
    records = () if whole or not has_kind else records_of(entries, table, good, ground.ids)
    return Quality(
        table,
        mapping,
        description,
        entries,
        findings,
        records,
        tuple(table.lines[row] for row in good) if records else (),
        accepted,
        left_out,
        position,
        tuple(missing),
        strict,
    )


def _tell_nobody(_part: float) -> None:
    pass


def _kind_findings(
    table: Table, mapping: ColumnMapping, description: RegisterDescription, kind: str, *, look_only: bool
) -> list[Finding]:
    if not description.kinds or kind or mapping.index("kind") is not None:
        return []
    line = max(1, table.header_line)
    if look_only:
        return [Finding("columns", line, "kind", "kind_not_checked", refuses=False)]
    return [Finding("columns", line, "kind", "no_kind")]


_NO_CRS = {".shp": "no_crs_shp", ".gpkg": "no_crs_gpkg", ".fgb": "no_crs_fgb"}
"""What is said of a file without a system, by its kind."""


def _crs_findings(table: Table, description: RegisterDescription, crs: str) -> list[Finding]:
    """A file of shapes that does not say what they rest on is asked about, never guessed."""
    needs = description.geometry is not GeometryType.NONE
    if needs and table.wkbs and not table.crs and not crs:
        return [Finding("crs", WHOLE_FILE, "", _NO_CRS.get(PurePath(table.source).suffix.casefold(), "no_crs"))]
    return []


def _position(entries: Entries, ground: Ground, crs: str) -> tuple[PositionCheck | None, list[Finding]]:
    """Return how the rows fit the ground, and the finding of a whole file that is shifted."""
    if entries.description.geometry is GeometryType.NONE:
        return None, []
    position = check_position(entries, ground.surroundings)
    if position is None or position.suspected is None or entries.crs.casefold() in {"gcj02", "bd09"}:
        return position, []
    after = position.converted[position.suspected]
    facts: dict[str, str | int] = {
        "datum": _DATUM_NAMES[position.suspected],
        "meters": round(position.shift_m),
        "before": position.as_read.village_agrees or position.as_read.inside_county,
        "after": after.village_agrees or after.inside_county,
        "rows": after.village_named or after.rows,
    }
    code = "shifted" if not crs else "shifted_though_said"
    return position, [
        Finding("shift", WHOLE_FILE, "lon", code, facts, entries.place_text(0), "", refuses=not crs,
                mend=f"convert_{position.suspected.value}")
    ]  # fmt: skip


def lines_to_leave_out(quality: Quality) -> frozenset[int]:
    """Return the lines that would have to be left out so that the rest can be imported."""
    return quality.left_out | quality.refused_lines


def rows_of(findings: Sequence[Finding]) -> tuple[int, ...]:
    """Return the lines that findings speak of, rising, each once."""
    return tuple(sorted({one.line for one in findings if one.line != WHOLE_FILE}))
