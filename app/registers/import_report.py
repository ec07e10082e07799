"""What came of an import: as JSON for programs, as lines for people."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import resources
from app.language import system_language
from models.errors import DataError, one_line
from models.register.finding import Finding, mend_title
from models.register.mapping import column_words
from models.register.quality import Quality
from models.register.shift import CURVE_M, PositionFigures
from models.register.table import Guess

SHOWN = 40


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What was read and what came of it.

    ``updates`` are entries of the register that the file changes. ``unreadable`` is why the file could not be read
    as a table at all; ``quality`` is None then. ``total`` counts the register after the import; None where there was
    no office to compare with. ``mended`` says how many rows each mend changed, ``missing`` how
    many entries of the register the file does not name.
    """

    file: Path
    quality: Quality | None
    updates: tuple[Finding, ...]
    added: int
    imported: bool
    total: int | None
    unreadable: DataError | None = None
    mended: Mapping[str, int] = field(default_factory=dict)
    import_id: str = ""
    missing: int = 0

    @property
    def refused(self) -> bool:
        """Whether anything stands against the import."""
        return self.quality is None or bool(self.quality.refused)

    def as_json(self, language: str = "") -> dict[str, object]:
        """Return ``rows_read``, ``accepted``, ``imported``, ``refused``, ``warnings``, ``guesses`` and what came of it."""
        language = language or system_language()
        document: dict[str, object] = {"file": str(self.file)}
        quality = self.quality
        if quality is None:
            sentence = self.unreadable.sentence(language) if self.unreadable else ""
            nothing: dict[str, object] = {"rows_read": 0, "accepted": 0, "imported": 0, "warnings": [], "guesses": []}
            refused = [{"line": 0, "field": "", "reason": sentence}]
            return document | nothing | {
                "error": sentence, "refused": refused, "added": 0, "updated": 0, "register": self.total
            }  # fmt: skip
        document |= {
            "rows_read": quality.rows_read,
            "accepted": quality.accepted,
            "imported": quality.accepted if self.imported else 0,
            "refused": _plain(quality.refused, language),
            "warnings": _plain(self._warnings(quality), language),
            "guesses": _plain(quality.guesses, language),
            "left_out": sorted(quality.left_out),
            "mended": dict(self.mended),
            "not_judged": [resources.phrase("register", f"not_judged.{code}", language) for code in quality.not_judged],
            "position": _position_json(quality),
        }
        same = max(0, len(quality.records) - self.added - len(self.updates))
        document |= {"added": self.added, "updated": len(self.updates), "same": same, "missing": self.missing}
        document |= {"register": self.total}
        return document | ({"import": self.import_id} if self.import_id else {})

    def as_text(self, language: str = "") -> str:
        """Return the report as lines for people."""
        language = language or system_language()
        quality = self.quality
        if quality is None:
            sentence = self.unreadable.sentence(language) if self.unreadable else ""
            return sentence if one_line(str(self.file)) in sentence else f"{one_line(str(self.file))}: {sentence}"

        def say(key: str, **facts: object) -> str:
            return resources.phrase("points", f"report.{key}", language).format_map(facts)

        same = quality.accepted - self.added - len(self.updates)
        facts = {"file": self.file, "rows_read": quality.rows_read, "accepted": quality.accepted, "added": self.added}
        facts |= {"updated": len(self.updates), "same": same, "total": self.total, "imported": quality.accepted}
        outcome = "refused" if quality.refused else "imported" if self.imported else "dry_run"
        lines = [say(outcome, **facts, count=len(quality.refused))]
        if outcome == "dry_run" and self.total is not None:
            lines.append(say("would", **facts))
        if self.missing:
            lines.append(say("missing", count=self.missing))
        if quality.left_out:
            lines.append(say("left_out", count=len(quality.left_out), lines=_some(sorted(quality.left_out))))
        lines += [say("mended", mend=mend_title(mend, language), count=count) for mend, count in self.mended.items()]
        if self.imported:
            lines += [say("restart"), say("undo", id=self.import_id)]
        elif self.total is None:
            lines.append(say("no_office"))
        lines += [resources.phrase("register", f"not_judged.{code}", language) for code in quality.not_judged
                  if self.total is not None]  # fmt: skip
        found: tuple[tuple[str, Sequence[Finding | Guess]], ...] = (
            ("refusals", quality.refused),
            ("warnings", (*quality.warnings, *self.updates)),  # what is odd first, then what changes
            ("guesses", quality.guesses),
        )
        for title, findings in found:
            if findings:
                lines.append(say(title))
                lines += [
                    say(
                        "line" if f.line else "whole",
                        line=f.line,
                        field=_word(f.field, quality, language),
                        reason=f.reason(language),
                    )
                    for f in findings[:SHOWN]
                ]
            if len(findings) > SHOWN:
                lines.append(say("more", count=len(findings) - SHOWN))
        if not self.imported and quality.mends:
            lines.append(say("can_mend"))
            lines += [
                say("mend", mend=mend, title=mend_title(mend, language), count=count)
                for mend, count in quality.mends.items()
            ]
        return "\n".join(lines)

    def _warnings(self, quality: Quality) -> tuple[Finding, ...]:
        """Return the warnings with the updates among them, by line."""
        return tuple(sorted((*quality.warnings, *self.updates), key=lambda finding: finding.line))


def _word(field: str, quality: Quality, language: str) -> str:
    """Return what people call a field."""
    return column_words(field, quality.description)[0 if language == "zh" else 1] if field else ""


def _plain(findings: Sequence[Finding | Guess], language: str) -> list[dict[str, object]]:
    out = []
    for one in findings:
        entry: dict[str, object] = {"line": one.line, "field": one.field, "reason": one.reason(language)}
        if isinstance(one, Finding):
            more = {"kind": one.kind, "in_file": one.in_file, "gives": one.gives, "mend": one.mend}
            entry |= {key: value for key, value in more.items() if value}
        out.append(entry)
    return out


def _some(lines: Sequence[int]) -> str:
    return ", ".join(map(str, lines[:12])) + (" …" if len(lines) > 12 else "")


def _position_json(quality: Quality) -> dict[str, object] | None:
    position = quality.position
    if position is None:
        return None
    out: dict[str, object] = {"suspected": position.suspected, "as_read": _figures_json(position.as_read)}
    if position.suspected is not None:
        out["converted"] = _figures_json(position.converted[position.suspected])
        out["shift_m"] = round(position.shift_m, 1)
    return out


def _figures_json(figures: PositionFigures) -> dict[str, object]:
    def number(value: float) -> float | None:
        return None if math.isnan(value) else round(value, 1)

    return {
        "rows": figures.rows,
        "way_m": number(figures.way_m),
        "within": [[meters, round(part, 4)] for meters, part in zip(CURVE_M, figures.curve, strict=False)],
        "in_water": figures.in_water,
        "village_named": figures.village_named,
        "village_agrees": figures.village_agrees,
        "inside_county": figures.inside_county,
        "offset_m": number(figures.offset_m),
        "bearing_deg": number(figures.bearing_deg),
    }
