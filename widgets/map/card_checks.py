"""What is done to a place again and again, under the head of its card: done when, due when, overdue by how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QCoreApplication

from widgets import pieces
from widgets import theme as look
from widgets.map.card_parts import EDGE, CardRow, Layout, days_ago, not_entered, on_day, overdue, quiet
from widgets.pieces import Run

CHECK_PX = 22.0
translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class CheckLine:
    """An inspection, a confirmation, a drill: the day it was done last, by whom, and when it is due again.

    ``overdue_days`` is how long ago it fell due, None while it holds; ``on`` is None where nothing is entered.
    """

    word: str
    on: date | None = None
    next_on: date | None = None
    overdue_days: int | None = None
    by: str = ""


def lay_checks(at: Layout, checks: Sequence[CheckLine], today: date) -> None:
    """Lay a row for each; what is overdue stands on a tag at the right edge, where else the next day stands."""
    if not checks:
        return
    at.y += 4
    for check in checks:
        _lay_check(at, check, today)
    at.rule()


def _lay_check(at: Layout, check: CheckLine, today: date) -> None:
    right: list[Run] = overdue(check.overdue_days)
    due = on_day(check.next_on, today) if check.next_on is not None else ""
    if right:
        right = [Run(right[0].text, right[0].px, tag=True, tip=_due_words(due))]
    elif due:
        right = [quiet(translate("Cards", "next"), gap_px=4), Run(due, look.SECOND_PX)]
    if check.on is None:
        at.row(CardRow([not_entered()] if not due else [], check.word, right, CHECK_PX))
        return
    room = at.right - EDGE - at.label_px - pieces.total_width(right) - 8
    runs = [Run(on_day(check.on, today), gap_px=8)]
    ago = quiet(days_ago(check.on, today))
    if pieces.total_width([*runs, ago]) <= room:
        runs.append(ago)
    if check.by and pieces.total_width([*runs, quiet(check.by)]) <= room:
        runs.append(quiet(check.by))
    at.row(CardRow(runs, check.word, right, CHECK_PX))


def _due_words(due: str) -> str:
    return translate("Cards", "was due {day}").format(day=due) if due else ""
