"""A list of painted rows: the one list of the console.

Rows are values with a function that lays them out for a width, so that a
thousand rows cost what is seen of them. A new row never moves the one under
the hand: as long as the pointer is over the list, that row keeps its place.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QSizePolicy, QToolTip, QWidget

from widgets import pieces
from widgets import theme as look
from widgets.pieces import Piece

_EMPTY_PX = 72
_MOST_KEPT = 200
Layout = Callable[[float], list[Piece]]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: ``lay(width)`` gives its pieces from its own upper left corner.

    A row that is not ``selectable`` is a heading or a note. ``paint_over(painter, y)`` paints what no
    piece says, such as a sign of the map, on the row whose top is at ``y``.
    """

    id: str
    height: int
    lay: Layout
    selectable: bool = True
    tip: str = ""
    paint_over: Callable[[QPainter, float], None] | None = None


class RowList(QAbstractScrollArea):
    """Painted rows with a selection; with ``hug`` the list is no higher than its rows.

    Signals
    -------
    row_selected(str)       the operator moved the selection to the row with this id
    row_activated(str)      double click or Enter on a row
    part_clicked(str, str)  a click on a part of a row: row id and the part's name
    """

    row_selected = Signal(str)
    row_activated = Signal(str)
    part_clicked = Signal(str, str)

    def __init__(
        self, parent: QWidget | None = None, *, empty: str = "", lines: bool = True, hug: bool = False
    ) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()
        self._tops: list[int] = [0]
        self._kept: dict[tuple[int, int], list[Piece]] = {}
        self._selected = ""
        self._under_hand = ""
        self._shift = 0
        self._empty = empty
        self._lines = lines
        self._hug = hug
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # The bar is painted over the rows: one that takes room would push the figures about.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    # values in

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Show other rows; selection and the row under the hand stay where they are."""
        held, held_at = self._under_hand, self._y_of(self._under_hand)
        self._rows = rows
        self._kept.clear()
        self._tops = [0]
        for row in rows:
            self._tops.append(self._tops[-1] + row.height)
        if self._selected and self._index_of(self._selected) < 0:
            self._selected = ""
        if self._hug:
            self.setMaximumHeight(self._tops[-1] if rows else _EMPTY_PX)
        self._measure()
        self._shift = 0
        now_at = self._y_of(held)
        if held and held_at is not None and now_at is not None and self.viewport().underMouse():
            self._shift = held_at - now_at
        self.viewport().update()

    def show_selected(self, row_id: str) -> None:
        """Select a row and bring it into sight; an unknown id clears the selection."""
        self._selected = row_id if self._index_of(row_id) >= 0 else ""
        self._bring_into_sight(self._selected)
        self.viewport().update()

    def show_empty(self, words: str) -> None:
        """Say what will appear here, and how to make it, while there are no rows."""
        self._empty = words
        self.viewport().update()

    @property
    def selected(self) -> str:
        """Id of the selected row, empty if none is."""
        return self._selected

    @property
    def row_ids(self) -> tuple[str, ...]:
        """Ids of all rows, top first."""
        return tuple(row.id for row in self._rows)

    def content_height(self) -> int:
        """Return the height of all rows, logical px."""
        return self._tops[-1]

    def row_rect(self, row_id: str) -> QRectF:
        """Return where a row stands in the viewport; empty if there is none."""
        y, index = self._y_of(row_id), self._index_of(row_id)
        if y is None:
            return QRectF()
        return QRectF(0, y, self.viewport().width(), self._rows[index].height)

    def pieces(self) -> list[Piece]:
        """Return what is painted, in pixels of the viewport: whole rows only."""
        height = self.viewport().height()
        laid: list[Piece] = []
        for index in self._visible():
            y = self._y(index)
            if y >= 0 and y + self._rows[index].height <= height:
                laid += [pieces.moved(p, 0, y) for p in self._laid(index)]
        return laid if self._rows else list(self._empty_pieces())

    def sizeHint(self) -> QSize:
        return QSize(240, max(look.ROW_PX, self._tops[-1]))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, look.ROW_PX)

    # places

    def _index_of(self, row_id: str) -> int:
        return next((i for i, row in enumerate(self._rows) if row.id == row_id), -1) if row_id else -1

    def _y(self, index: int) -> int:
        return self._tops[index] - self.verticalScrollBar().value() + self._shift

    def _y_of(self, row_id: str) -> int | None:
        index = self._index_of(row_id)
        return None if index < 0 else self._y(index)

    def _at(self, place: QPointF) -> int:
        offset = place.y() + self.verticalScrollBar().value() - self._shift
        if not 0 <= offset < self._tops[-1]:
            return -1
        return bisect_right(self._tops, offset) - 1

    def _visible(self) -> range:
        first = max(0, bisect_right(self._tops, self.verticalScrollBar().value() - self._shift) - 1)
        last = first
        while last < len(self._rows) and self._y(last) < self.viewport().height():
            last += 1
        return range(first, last)

    def _measure(self) -> None:
        room = self.viewport().height()
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, self._tops[-1] - room))
        bar.setPageStep(max(1, room))
        bar.setSingleStep(look.ROW_PX)

    def _bring_into_sight(self, row_id: str) -> None:
        index, bar = self._index_of(row_id), self.verticalScrollBar()
        if index < 0 or not self.isVisible():
            return
        top, bottom = self._tops[index], self._tops[index + 1]
        if top < bar.value():
            bar.setValue(top)
        elif bottom > bar.value() + self.viewport().height():
            bar.setValue(bottom - self.viewport().height())

    def _laid(self, index: int) -> list[Piece]:
        """Return a row's pieces, laid once for a width and as long as the row is shown."""
        key = (index, self.viewport().width())
        if key not in self._kept:
            if len(self._kept) > _MOST_KEPT:
                self._kept.clear()
            self._kept[key] = self._rows[index].lay(float(key[1]))
        return self._kept[key]

    # painting

    def _empty_pieces(self) -> list[Piece]:
        laid: list[Piece] = []
        y = 12.0
        room = self.viewport().width() - 2 * look.EDGE_PX
        for part in wrap(self._empty, room, look.SECOND_PX):
            height = pieces.metrics(look.SECOND_PX).height()
            laid.append(pieces.Text(QRectF(look.EDGE_PX, y, room, height), part, look.SECOND_PX, "quiet"))
            y += height
        return laid

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = look.current()
        painter = QPainter(self.viewport())
        width = self.viewport().width()
        painter.fillRect(self.viewport().rect(), theme.color("panel"))
        if not self._rows:
            pieces.paint(painter, self._empty_pieces(), theme)
        for index in self._visible():
            row, y = self._rows[index], self._y(index)
            if row.selectable and row.id == self._under_hand:
                painter.fillRect(QRectF(0, y, width, row.height), theme.color("hover"))
            if self._lines:
                painter.fillRect(QRectF(0, y + row.height - 1, width, 1), theme.color("line"))
            pieces.paint(painter, [pieces.moved(p, 0, y) for p in self._laid(index)], theme)
            if row.paint_over is not None:
                row.paint_over(painter, y)
            if row.id == self._selected and row.selectable:
                box = QRectF(0, y, width, row.height)
                pieces.paint(painter, [pieces.Frame(box, "outline" if self.hasFocus() else "quiet", 2.0)], theme)
        pieces.paint(painter, pieces.thumb(self, self._tops[-1]), theme)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        index, top = self._index_of(self._selected), self.verticalScrollBar().value()
        was_seen = index >= 0 and top <= self._tops[index] and self._tops[index + 1] <= top + event.oldSize().height()
        super().resizeEvent(event)
        self._measure()
        if was_seen:
            self._bring_into_sight(self._selected)

    def _on_scrolled(self) -> None:
        self.viewport().update()

    # the hand

    def viewportEvent(self, event: QEvent) -> bool:
        """Show the tooltip of the part under the pointer; let go of the held row when the hand leaves."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            words = self.tip_at(event.pos())
            if words:
                QToolTip.showText(event.globalPos(), words, self)
            else:
                QToolTip.hideText()
            return True
        if event.type() == QEvent.Type.Leave:
            self._under_hand = ""
            self._shift = 0
            self.viewport().update()
        return super().viewportEvent(event)

    def tip_at(self, place: QPoint) -> str:
        """Return the tooltip at a place of the viewport, empty where there is none."""
        index = self._at(QPointF(place))
        if index < 0:
            return ""
        row = self._rows[index]
        local = QPointF(place) - QPointF(0, self._y(index))
        return pieces.piece_at(self._laid(index), local, want="tip") or row.tip

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position())
        under = self._rows[index].id if index >= 0 else ""
        if under != self._under_hand:
            self._under_hand = under
            self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position())
        if index < 0 or event.button() != Qt.MouseButton.LeftButton:
            return
        row = self._rows[index]
        local = event.position() - QPointF(0, self._y(index))
        part = pieces.piece_at(self._laid(index), local, want="hit")
        if row.selectable:
            self._select(index)
        if part:
            self.part_clicked.emit(row.id, part)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position())
        if index >= 0 and self._rows[index].selectable:
            self.row_activated.emit(self._rows[index].id)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._shift = 0
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        able = [i for i, row in enumerate(self._rows) if row.selectable]
        key = event.key()
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or not able:
            event.ignore()
            return
        here = self._index_of(self._selected)
        place = able.index(here) if here in able else -1
        page = max(1, self.viewport().height() // look.TWO_LINE_ROW_PX)
        step = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
        }.get(Qt.Key(key))
        if step is not None:
            self._select(able[min(len(able) - 1, max(0, place + step))])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and place >= 0:
            self.row_activated.emit(self._selected)
        else:
            event.ignore()

    def _select(self, index: int) -> None:
        row_id = self._rows[index].id
        if row_id == self._selected:
            return
        self._selected = row_id
        self._bring_into_sight(row_id)
        self.viewport().update()
        self.row_selected.emit(row_id)


def wrap(text: str, width: float, px: int) -> list[str]:
    """Break a text into lines that fit a width: Chinese anywhere, words of letters whole."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        current = ""
        for word in _units(paragraph):
            if current and pieces.width_of((current + word).rstrip(), px) > width:
                lines.append(current.rstrip())
                current = word.lstrip()
            else:
                current += word
        lines.append(current.rstrip())
    return lines


def wrap_names(names: tuple[str, ...], width: float, px: int, most_lines: int) -> list[list[str]]:
    """Break names into lines without breaking a name; what finds no room is left out.

    The caller says how many there are: the sum of the lines may be less than ``names``.
    """
    gap = pieces.width_of("　", px)
    lines: list[list[str]] = [[]]
    used = 0.0
    for name in names:
        wide = pieces.width_of(name, px)
        if lines[-1] and used + gap + wide > width:
            if len(lines) == most_lines:
                break
            lines.append([])
            used = 0.0
        used += wide + (gap if lines[-1] else 0.0)
        lines[-1].append(name)
    return lines


def _units(paragraph: str) -> list[str]:
    units: list[str] = []
    for sign in paragraph:
        joins = bool(units) and sign.isascii() and not units[-1][-1].isspace() and units[-1][-1].isascii()
        if joins or (units and (sign.isspace() or sign in "，。；：、）】")):
            units[-1] += sign
        else:
            units.append(sign)
    return units
