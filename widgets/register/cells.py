"""What stands in the cells of a register's table."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from PySide6.QtCore import QCoreApplication, QRectF

from models.hazard.level import Level
from models.register.description import FieldType
from models.register.rows import Rows, RowState
from models.register.table_columns import KIND, NAME, STATE, VILLAGE, Column
from widgets import language, pieces, words
from widgets import theme as look
from widgets.pieces import TAG_PAD_PX, Mark, Piece, Run, Text

BASE_PX = 19.0
DATE_PX = 144.0
DAY_PX, LONG_DAY_PX = 62.0, 80.0
_MARK_PX = 12.0
_FAR_DAYS = 1000
translate = QCoreApplication.translate
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def state_words() -> dict[str, str]:
    """Return the operator's words for states, by which a table is filtered too."""
    return {
        "none": translate("RegisterTable", "no level"),
        "not_judged": translate("RegisterTable", "not judged"),
        **{level.value: words.level(level) for level in Level if level.is_alarm},
        "inactive": translate("RegisterTable", "inactive"),
        "overdue": translate("RegisterTable", "overdue"),
        "no_place": translate("RegisterTable", "no position"),
    }


def day(value: str, today: date) -> str:
    """Return 6月12日 / 12 Jun, with the year when that is another; as it is written if it is no day."""
    try:
        at = date.fromisoformat(value[:10])
    except ValueError:
        return value
    if at.year != today.year:
        return at.isoformat()
    if language.current() == "zh":
        return f"{at.month}月{at.day}日"
    return f"{at.day} {_MONTHS[at.month - 1]}"


def days_ago(days: int) -> str:
    """Return 今天, 5 天前 or 还有 3 天."""
    if days == 0:
        return translate("RegisterTable", "today")
    if days < 0:
        return translate("RegisterTable", "in {n} days").format(n=-days)
    return words.age(timedelta(days=days)) if days > 1 else translate("RegisterTable", "yesterday")


def overdue(days: int) -> str:
    """Return 逾期 8 天."""
    return translate("RegisterTable", "overdue {n} d").format(n=days)


def cell(
    rows: Rows, row: int, column: Column, left: float, right: float, *, top: float = 0.0, chosen: bool = False
) -> list[Piece]:
    """Return the pieces of a cell between two edges, ``top`` being that of its row.

    ``chosen`` says 图上已选 beside the state. Most cells are one text that is measured once, when it is painted:
    a screen of rows has to be laid and painted within a few milliseconds.
    """
    if column.key == STATE:
        return _state(rows.state(row), left, right, top, chosen=chosen)
    said = rows.text(row, column)
    if not said:
        return [_text(words.MISSING, left, right, top, tone="quiet", right_side=column.is_figure)]
    if column.type is FieldType.DATE:
        return _date(rows, row, column, said, left, right, top)
    if column.is_figure:
        return _figure(said, column, left, right, top)
    tone = "quiet" if column.key in {KIND, VILLAGE} or column.type is FieldType.PHONE else "text"
    return [_text(said, left, right, top, tone=tone)]


def _text(
    said: str,
    left: float,
    right: float,
    top: float,
    *,
    tone: str = "text",
    px: int = look.BODY_PX,
    right_side: bool = False,
) -> Text:
    align: pieces.Align = "right" if right_side else "left"
    return Text(QRectF(left, top, right - left, look.ROW_PX), said, px, tone, align, elide=True, tip=said)


@lru_cache(maxsize=64)
def _unit_px(unit: str) -> float:
    return pieces.width_of(unit, look.SECOND_PX) + 4.0 if unit else 0.0


def _figure(said: str, column: Column, left: float, right: float, top: float) -> list[Piece]:
    unit = "" if column.type is FieldType.THRESHOLDS else column.unit_of(language.current())
    wide = _unit_px(unit)
    laid: list[Piece] = [_text(said, left, right - wide, top, right_side=True)]
    if unit:
        laid.append(_text(unit, right - wide, right, top, tone="quiet", px=look.SECOND_PX, right_side=True))
    return laid


def _date(rows: Rows, row: int, column: Column, said: str, left: float, right: float, top: float) -> list[Piece]:
    age = rows.age_days(row, column)
    late = rows.overdue_days(row, column)
    shown = day(said, rows.today)
    edge = left + (DAY_PX if age is not None and len(shown) < len(said) else LONG_DAY_PX)
    laid: list[Piece] = [_text(shown, left, min(edge, right), top)]
    if late > 0:
        laid += pieces.line(edge, right, top + BASE_PX, [Run(overdue(late), look.SECOND_PX, tag=True, elide=True)])
    elif age is not None and abs(age) < _FAR_DAYS and edge < right:
        laid.append(_text(days_ago(age), edge + TAG_PAD_PX, right, top, tone="quiet", px=look.SECOND_PX))
    return laid


def _state(state: RowState, left: float, right: float, top: float, *, chosen: bool) -> list[Piece]:
    laid: list[Piece] = []
    said = state_words()
    runs: list[Run] = []
    if state.level:
        level = Level(state.level)
        if level.is_alarm:
            laid.append(Mark(QRectF(left, top + 8, _MARK_PX, _MARK_PX), level))
            left += _MARK_PX + 6
        runs.append(Run(said[state.level], gap_px=8, elide=True))
    if state.no_place:
        runs.append(Run(said["no_place"], look.SECOND_PX, tag=True, gap_px=8, elide=True))
    if state.inactive:
        runs.append(Run(said["inactive"], look.SECOND_PX, "quiet", gap_px=8, elide=True))
    if chosen:
        runs.append(Run(translate("RegisterTable", "on the map"), look.SECOND_PX, "quiet", elide=True))
    if len(runs) == 1 and not runs[0].tag:
        return [*laid, _text(runs[0].text, left, right, top, tone=runs[0].tone, px=runs[0].px)]
    return laid + list(pieces.line(left, right, top + BASE_PX, runs))


__all__ = ["BASE_PX", "DATE_PX", "NAME", "cell", "day", "days_ago", "overdue", "state_words"]
