"""Towns of the draft: level in force → level in the draft, and the rain so far."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from models.hazard.level import RISING, Level
from widgets import pieces, words
from widgets import theme as look
from widgets.painted import Painted
from widgets.pieces import Fill, Mark, Piece, Run
from widgets.row_list import Row, RowList
from widgets.warning.sheet import TownRow

_CHOICES = (Level.NONE, *RISING)
_KEYS = {
    Qt.Key.Key_0: Level.NONE,
    Qt.Key.Key_1: Level.BLUE,
    Qt.Key.Key_2: Level.YELLOW,
    Qt.Key.Key_3: Level.ORANGE,
    Qt.Key.Key_4: Level.RED,
}
_REST = "rest"
HEAD_PX = 26


def columns(width: float) -> tuple[float, float, float, float]:
    """Return the left edges of town, in force and draft, and the right edge of the rain."""
    return look.EDGE_PX + 20, width * 0.30, width * 0.49, width - look.EDGE_PX


class _Head(Painted):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, height_px=HEAD_PX)
        self.window_h = 3
        self.issued = False
        self.rain_known = True

    def pieces(self) -> list[Piece]:
        town, force, draft, right = columns(float(self.width()))
        laid: list[Piece] = [Fill(QRectF(0, HEAD_PX - 1, self.width(), 1), "line")]
        for x, end, name in (
            (town, force, self.tr("town")),
            (force, draft, self.tr("before") if self.issued else self.tr("in force")),
            (draft, right - 96, self.tr("issued") if self.issued else self.tr("this draft")),
        ):
            laid += pieces.line(x, end - 4, 17, [Run(name, look.SECOND_PX, "quiet", elide=True)])
        if not self.rain_known:
            return laid
        rain = self.tr("{window} rain mm").format(window=words.window(self.window_h))
        laid += pieces.line(right - 96, right, 17, [Run(rain, look.SECOND_PX, "quiet")], align="right")
        return laid


class TownTable(QWidget):
    """Each town a row; the chosen row offers the levels, by click or by 0 to 4.

    Signals
    -------
    level_chosen(str, str)  town code and the value of the level
    """

    level_chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._towns: dict[str, TownRow] = {}
        self._editable = False
        self._all = False
        self._first = False
        self._head = _Head(self)
        self.list = _List(self)
        self.list.setProperty("own_keys", ["0", "1", "2", "3", "4", "+", "-"])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.list, 1)
        self.list.row_selected.connect(lambda _code: self._fill())
        self.list.part_clicked.connect(self._on_part)
        self.list.level_pressed.connect(self._on_level)
        self.list.level_moved.connect(self._on_moved)

    def show_towns(self, towns: tuple[TownRow, ...], *, editable: bool, issued: bool = False) -> None:
        """Show the towns: those of the draft or in force first, the others behind one row.

        ``issued`` says that the levels are those of a message that has gone out.
        """
        self._head.issued = issued
        self._towns = {t.code: t for t in sorted(towns, key=lambda t: -max(t.draft.rank, t.in_force.rank))}
        self._editable = editable
        self._head.rain_known = any(math.isfinite(t.rain_mm) for t in towns)
        self._first = not any(t.in_force.is_alarm for t in towns)
        if towns:
            self._head.window_h = towns[0].window_h
            self._head.update()
        self._fill()

    def wanted_height(self, most_rows: int = 8) -> int:
        """Return the height that shows the rows of the draft, px."""
        return HEAD_PX + max(2, min(most_rows, len(self.list.row_ids))) * look.ROW_PX

    def _fill(self) -> None:
        touched = [t for t in self._towns.values() if t.draft.is_alarm or t.in_force.is_alarm]
        others = [t for t in self._towns.values() if not (t.draft.is_alarm or t.in_force.is_alarm)]
        shown = touched + (others if self._all else [])
        rows = [self._row(t) for t in shown]
        if others and self._editable:
            rows.append(self._rest_row(len(others)))
        self.list.show_rows(tuple(rows))

    def _row(self, town: TownRow) -> Row:
        def lay(width: float) -> list[Piece]:
            return self._lay(town, width)

        return Row(town.code, look.ROW_PX, lay)

    def _lay(self, town: TownRow, width: float) -> list[Piece]:
        name_x, force_x, draft_x, right = columns(width)
        # In a first issue every town is new: marking all would mark none.
        plain = self._head.issued or self._first
        changed = town.draft is not town.in_force and not plain
        laid: list[Piece] = [Fill(QRectF(look.EDGE_PX, 7, 3, 14), "text")] if changed else []
        laid += pieces.line(name_x, force_x - 8, 19, [Run(town.name, elide=True)])
        laid += _level_pieces(force_x, draft_x - 8, town.in_force, "quiet")
        figure = words.number(town.rain_mm) if self._head.rain_known else ""
        rain = pieces.line(right - 64, right, 19, [Run(figure)], align="right")
        if self._editable and town.code == self.list.selected:
            for number, level in enumerate(_CHOICES):
                box = QRectF(draft_x + number * 26, 2, 24, 24)
                laid.append(Fill(box, "panel", 3.0, hit=f"level.{level.value}", tip=words.level_name(level)))
                laid.append(Mark(box.adjusted(5, 5, -5, -5), level))
                if level is town.draft:
                    laid.append(pieces.Frame(box, "outline", 1.5, 3.0))
        elif plain:
            laid += _level_pieces(draft_x, right - 68, town.draft, "text")
        elif changed:
            laid += pieces.line(draft_x, draft_x + 20, 19, [Run("→", tone="quiet")])
            laid += _level_pieces(draft_x + 22, right - 68, town.draft, "text")
        else:
            laid += pieces.line(draft_x + 22, right - 68, 19, [Run(self.tr("unchanged"), tone="quiet", elide=True)])
        return laid + list(rain)

    def _rest_row(self, count: int) -> Row:
        def lay(width: float) -> list[Piece]:
            said = self.tr("Fewer towns") if self._all else self.tr("{n} more towns").format(n=count)
            room = QRectF(0, 0, width, look.ROW_PX)
            words_at = pieces.line(look.EDGE_PX + 20, width - look.EDGE_PX, 19, [Run(said, tone="quiet")])
            return [Fill(room, "panel", hit=_REST), *words_at]

        return Row(_REST, look.ROW_PX, lay)

    def _on_part(self, code: str, part: str) -> None:
        if part == _REST:
            self._all = not self._all
            self._fill()
        elif part.startswith("level."):
            self._choose(code, Level(part.removeprefix("level.")))

    def _on_level(self, level: Level) -> None:
        if self.list.selected == _REST:
            return
        self._choose(self.list.selected, level)

    def _on_moved(self, step: int) -> None:
        town = self._towns.get(self.list.selected)
        if town is not None:
            place = _CHOICES.index(town.draft) if town.draft in _CHOICES else 0
            self._choose(town.code, _CHOICES[min(len(_CHOICES) - 1, max(0, place + step))])

    def _choose(self, code: str, level: Level) -> None:
        town = self._towns.get(code)
        if self._editable and town is not None and town.draft is not level:
            self.level_chosen.emit(code, level.value)


class _List(RowList):
    """Rows that take the keys of levels."""

    level_pressed = Signal(object)
    level_moved = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _KEYS and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.level_pressed.emit(_KEYS[key])
        elif event.text() in {"+", "-"}:
            self.level_moved.emit(1 if event.text() == "+" else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.selected == _REST:
            self.part_clicked.emit(_REST, _REST)
        else:
            super().keyPressEvent(event)


def _level_pieces(left: float, right: float, level: Level, tone: str) -> list[Piece]:
    if not level.is_alarm:
        return list(pieces.line(left, right, 19, [Run(words.MISSING, tone="quiet")]))
    return [
        Mark(QRectF(left, 7, look.MARK_PX, look.MARK_PX), level),
        *pieces.line(left + look.MARK_PX + 6, right, 19, [Run(words.level(level), tone=tone, elide=True)]),
    ]
