"""Where the columns of a table stand: the name is held at the left, the state at the right, the others move."""

from __future__ import annotations

from dataclasses import dataclass

from models.register.description import FieldType
from models.register.rows import Rows
from models.register.table_columns import NAME, STATE, Column
from widgets import language, pieces
from widgets import theme as look
from widgets.register import cells

GLYPH_PX = 44.0
END_PX = 12.0
GAP_PX, FIGURE_GAP_PX = 12.0, 20.0
_LEAST = {FieldType.DATE: 140.0, FieldType.THRESHOLDS: 52.0, FieldType.YES_NO: 56.0, FieldType.PHONE: 112.0}
_MOST_PX, _STATE_PX, _NAME_PX = 220.0, 132.0, 112.0
_BOX_PX = 76.0
"""What the box of a filter needs for one word, where there is room."""


@dataclass(frozen=True, slots=True)
class ColumnPlace:
    """One column as it is seen: its left edge and width in logical px."""

    column: Column
    left: float
    width: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.left + self.width

    @property
    def inner(self) -> float:
        """What its cells may use: all but the gap to the next column."""
        return self.width - (FIGURE_GAP_PX if self.column.is_figure else GAP_PX)


def natural_width(rows: Rows, column: Column) -> float:
    """Return the width a column would like, px."""
    if column.key == STATE:
        return _STATE_PX
    wide = rows.widths.get(column.key, 4.0) * look.BODY_PX + (FIGURE_GAP_PX if column.is_figure else GAP_PX) + 6
    if column.type is FieldType.DATE:
        wide = cells.DATE_PX + GAP_PX
    elif unit := column.unit_of(language.current()):
        wide += pieces.width_of(unit, look.SECOND_PX) + 4
    least = _NAME_PX if column.key == NAME else _LEAST.get(column.type, 60.0)
    return min(max(wide, least), _MOST_PX)


def whole_width(rows: Rows, column: Column) -> float:
    """Return the width in which no text of a column is cut, px."""
    return rows.longest.get(column.key, 0.0) * look.BODY_PX + GAP_PX + 6


def place_columns(rows: Rows, room: float, first: int = 1) -> tuple[ColumnPlace, ...]:
    """Return the columns that are seen in a width: the name, those from ``first`` on, and the state.

    What is left over goes to texts that are cut, from the left on, then to all texts alike; a column that finds less room than it would like is
    not shown, but for the first one after the name.
    """
    if not rows.columns:
        return ()
    name, *others, state = rows.columns
    taken = [(name, natural_width(rows, name))]
    left = room - GLYPH_PX - END_PX - taken[0][1] - natural_width(rows, state)
    for column in others[max(1, first) - 1 :]:
        width = natural_width(rows, column)
        if width > left and len(taken) > 1:
            break
        width = min(width, max(left, 40.0))
        taken.append((column, width))
        left -= width
    taken.append((state, natural_width(rows, state)))
    soft = [n for n, (column, _) in enumerate(taken) if column.type in {FieldType.TEXT, FieldType.LINK}]
    longer = dict.fromkeys(soft, 0.0)
    wholes = {number: min(whole_width(rows, taken[number][0]), _MOST_PX) for number in soft}
    for wanted in (dict.fromkeys(soft, _BOX_PX), wholes):
        for number in soft:
            given = min(max(0.0, wanted[number] - taken[number][1] - longer[number]), max(0.0, left))
            longer[number] += given
            left -= given
    more = max(0.0, left) / len(soft)
    places, x = [], GLYPH_PX
    for number, (column, width) in enumerate(taken):
        given = width + (longer[number] + more if number in soft else 0.0)
        places.append(ColumnPlace(column, x, given))
        x += given
    return tuple(places)


def last_first(rows: Rows, room: float, wanted: int, first: int) -> int:
    """Return from which column on must be shown, so that the column of number ``wanted`` is seen."""
    if wanted <= 0 or wanted == len(rows.columns) - 1:
        return first
    if wanted < first:
        return wanted
    while first < wanted and rows.columns[wanted] not in [one.column for one in place_columns(rows, room, first)]:
        first += 1
    return first
