"""What cards are laid out of: titled sections, rows of a word and its value, days and distances in words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from PySide6.QtCore import QCoreApplication, QRectF

from widgets import language, pieces, words
from widgets import theme as look
from widgets.pieces import Fill, Piece, Run
from widgets.row_list import wrap

EDGE = float(look.EDGE_PX)
TITLE_PX, ROW_PX, LINE_PX = 30.0, 24.0, 20.0
LABEL_PX = 84.0
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class CardRow:
    """One row of a section: a quiet ``word``, its value at the left, and what stands at the right edge."""

    runs: Sequence[Run] = ()
    word: str = ""
    right: Sequence[Run] = ()
    high_px: float = ROW_PX


@dataclass(slots=True)
class Layout:
    """Pieces laid from top to bottom at a width; ``y`` is where the next part begins."""

    width: float
    y: float = 0.0
    laid: list[Piece] = field(default_factory=list)
    label_px: float = LABEL_PX

    @property
    def right(self) -> float:
        """The right edge of what is written."""
        return self.width - EDGE

    def title(self, runs: Iterable[Run], right: Iterable[Run] = ()) -> None:
        """Lay the title of a section; what stands at its right is never cut."""
        at_right = list(right)
        end = self.right
        if at_right:
            placed = pieces.line(EDGE, end, self.y + 21, at_right, align="right")
            self.laid += placed
            end = placed[0].rect.left() - 8
        self.laid += pieces.line(EDGE, end, self.y + 21, runs)
        self.y += TITLE_PX

    def row(self, row: CardRow) -> None:
        """Lay one row."""
        base, end = self.y + 16, self.right
        if row.right:
            placed = pieces.line(EDGE, end, base, row.right, align="right")
            self.laid += placed
            end = placed[0].rect.left() - 8
        left = EDGE
        if row.word:
            word = [Run(row.word, look.SECOND_PX, "quiet", elide=True)]
            self.laid += pieces.line(EDGE, EDGE + self.label_px - 6, base, word)
            left += self.label_px
        self.laid += pieces.line(left, end, base, row.runs)
        self.y += row.high_px

    def said(self, text: str, *, tone: str = "text", left: float = EDGE) -> None:
        """Lay a sentence in as many lines as it takes."""
        for part in wrap(text, self.right - left, look.SECOND_PX):
            self.laid += pieces.line(left, self.right + 1, self.y + 14, [Run(part, look.SECOND_PX, tone)])
            self.y += LINE_PX

    def rule(self) -> None:
        """End a section with a hairline."""
        self.laid.append(Fill(QRectF(0, round(self.y + 5), self.width, 1), "line"))
        self.y = round(self.y + 6)


def not_entered() -> Run:
    """Return 未登记, on a tag."""
    return Run(translate("Cards", "not entered"), look.SECOND_PX, tag=True)


def quiet(text: str, *, gap_px: float = 8.0, elide: bool = False) -> Run:
    """Return small gray words."""
    return Run(text, look.SECOND_PX, "quiet", gap_px=gap_px, elide=elide)


def figure(text: str, unit: str, *, gap_px: float = 10.0) -> tuple[Run, Run]:
    """Return a figure with its unit in small gray words."""
    return Run(text, gap_px=3.0), quiet(unit, gap_px=gap_px)


def on_day(day: date, today: date) -> str:
    """Return 6月11日 / 11 Jun, with the year where that is another: 2025-06-11."""
    if day.year != today.year:
        return f"{day:%Y-%m-%d}"
    month = day.month if language.current() == "zh" else _MONTHS[day.month - 1]
    return translate("Cards", "{day} {month}").format(day=day.day, month=month)


def days_ago(day: date, today: date) -> str:
    """Return 5 天前 / 5 days ago, 今天 / today."""
    days = (today - day).days
    if days == 0:
        return translate("Cards", "today")
    if days == 1:
        return translate("Cards", "yesterday")
    return translate("Cards", "{n} days ago").format(n=days) if days > 0 else on_day(day, today)


def overdue(days: int | None) -> list[Run]:
    """Return 逾期 51 天 on a tag; nothing while it is not overdue."""
    if days is None:
        return []
    return [Run(translate("Cards", "overdue {n} d").format(n=days), look.SECOND_PX, tag=True, gap_px=8)]


def distance(meters: float) -> tuple[str, str]:
    """Return a distance and its unit: 850 m, 2.6 km."""
    if not math.isfinite(meters):
        return words.MISSING, "m"
    return (f"{round(meters / 10) * 10:.0f}", "m") if meters < 995 else (f"{meters / 1000:.1f}", "km")


def count(value: int | None) -> str:
    """Return a number of things, "—" where nobody has counted."""
    return words.MISSING if value is None else words.number(float(value), 0)
