"""What a check of a CAP message found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import resources


@dataclass(frozen=True, slots=True)
class CapFinding:
    """One finding: the rule, where in the message, and the facts of its sentence."""

    rule: str
    where: str
    facts: Mapping[str, str] = field(default_factory=dict)

    def message(self, language: str = "en") -> str:
        """Return the sentence in ``zh`` or ``en``."""
        return resources.phrase("cap", self.rule, language).format_map(self.facts)


@dataclass(frozen=True, slots=True)
class CapReport:
    """``schema_valid`` is the schema's verdict alone, None where there was no CAP 1.2 message to show it."""

    schema_valid: bool | None
    errors: tuple[CapFinding, ...]
    warnings: tuple[CapFinding, ...]

    @property
    def valid(self) -> bool:
        """Whether the message is CAP 1.2 by the schema and by the standard's prose."""
        return not self.errors

    def as_json(self, language: str = "en") -> dict[str, object]:
        """Return ``valid``, ``errors`` and ``warnings`` as plain data for ``cap check --json``."""

        def plain(findings: tuple[CapFinding, ...]) -> list[dict[str, str]]:
            return [{"rule": f.rule, "where": f.where, "message": f.message(language)} for f in findings]

        return {"valid": self.valid, "errors": plain(self.errors), "warnings": plain(self.warnings)}
