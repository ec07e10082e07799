"""What the reading of a points file found: points, refused lines, warnings, guesses."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import resources
from models.hazard.register import HazardPoint


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: the line in the file (1 is the header), the field, and a code with its facts."""

    line: int
    field: str
    code: str
    facts: Mapping[str, str | int] = dataclasses.field(default_factory=dict)

    def reason(self, language: str = "en") -> str:
        """Return the sentence in ``zh`` or ``en``."""
        return resources.phrase("points", self.code, language).format_map(self.facts)


@dataclass(frozen=True, slots=True)
class PointsReport:
    """``points`` are the rows that pass, empty where their kind is not known yet; ``accepted`` counts them.

    ``lines`` says for each point in which line of the file it stands. Nothing
    may be imported while a line is refused: all or nothing.
    """

    rows_read: int
    accepted: int
    points: tuple[HazardPoint, ...]
    refused: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    guesses: tuple[Finding, ...]
    lines: tuple[int, ...] = ()

    @property
    def importable(self) -> bool:
        """Whether every line passes and there is something to import."""
        return not self.refused and bool(self.points)

    def as_json(self, language: str = "en", *, imported: bool = False) -> dict[str, object]:
        """Return the report as ``points import --json`` prints it."""

        def plain(findings: tuple[Finding, ...]) -> list[dict[str, object]]:
            return [{"line": f.line, "field": f.field, "reason": f.reason(language)} for f in findings]

        return {
            "rows_read": self.rows_read,
            "accepted": self.accepted,
            "imported": self.accepted if imported else 0,
            "refused": plain(self.refused),
            "warnings": plain(self.warnings),
            "guesses": plain(self.guesses),
        }
