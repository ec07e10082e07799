"""The report to whoever sent a register: the rows in question in their own columns, why, and what is proposed."""

from __future__ import annotations

import resources
from models.register.export import Sheet, as_excel
from models.register.finding import Finding, kind_title, mend_title
from models.register.mapping import column_words
from models.register.quality import Quality
from models.register.table import Cell


def owner_report(quality: Quality, language: str = "zh") -> bytes:
    """Return an Excel workbook with the rows that do not pass or are odd, refused ones marked as such.

    Left out rows are in it too: their owner is to mend them.
    """

    def say(key: str) -> str:
        return resources.phrase("register", f"owner.{key}", language)

    by_line: dict[int, list[Finding]] = {}
    for one in quality.findings:
        by_line.setdefault(one.line, []).append(one)
    rows = dict(zip(quality.table.lines, quality.table.rows, strict=True))
    refused = {one.line for one in quality.findings if one.refuses} | quality.refused_lines
    width = len(quality.table.headers)
    out: list[tuple[Cell, ...]] = []
    for line in sorted(by_line):
        findings = by_line[line]
        own = rows.get(line, ())[:width] if line not in {0, quality.table.header_line} else ()
        out.append((
            line or say("whole_file"),
            say("refused" if line in refused else "please_look"),
            "\n".join(_why(one, quality, language) for one in findings),
            "\n".join(dict.fromkeys(_proposal(one, language) for one in findings if one.mend or one.gives)) or say("ask"),
            *own,
            *(None,) * (width - len(own)),
        ))  # fmt: skip
    titles = (*(say(key) for key in ("line", "state", "why", "proposal")), *quality.table.headers)
    return as_excel(Sheet(titles, tuple(out)), say("title"), widths=(8, 10, 52, 40), wrapped=True)


def _why(one: Finding, quality: Quality, language: str) -> str:
    head = kind_title(one.kind, language)
    words = column_words(one.field, quality.description)
    place = f" [{words[0 if language == 'zh' else 1]}]" if one.field else ""
    return f"{head}{place}: {one.reason(language)}"


def _proposal(one: Finding, language: str) -> str:
    title = mend_title(one.mend, language) if one.mend else ""
    return ": ".join(part for part in (title, one.gives) if part)
