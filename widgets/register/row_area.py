"""The rows of a register's table: only those that are seen are painted, however many there are."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QSizePolicy, QToolTip, QWidget

from layers.sign import Sign
from models.hazard.level import Level
from models.register.rows import Order, Rows
from widgets import pieces
from widgets import theme as look
from widgets.map.sign_painter import paint_sign
from widgets.pieces import Frame, Piece, Text
from widgets.register import cells, quick_text
from widgets.register.column_places import ColumnPlace
from widgets.row_list import wrap

ROW_PX = look.ROW_PX
OWN_KEYS = ("Up", "Down", "PgUp", "PgDown", "Home", "End", "Left", "Right", "Space", "/", "Return", "E")
_SIGN_SCALE = 0.84
_NO_ROWS: Order = np.zeros(0, np.intp)


class RowArea(QAbstractScrollArea):
    """Painted rows of a register with one selected.

    Signals
    -------
    row_selected(str)     the operator moved to the record with this id
    row_activated(str)    Enter or a double click: show it on the map
    edit_requested(str)   ``E``: change this record
    column_moved(int)     ``Left`` or ``Right``: another column is the one that is sorted by
    sort_requested()      ``Space``: sort by it
    filter_requested()    ``/``: type into the filter
    scrolled()            other rows are seen
    """

    row_selected = Signal(str)
    row_activated = Signal(str)
    edit_requested = Signal(str)
    column_moved = Signal(int)
    sort_requested = Signal()
    filter_requested = Signal()
    scrolled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: Rows | None = None
        self._order = _NO_ROWS
        self._place_in_order: dict[int, int] = {}
        self._places: tuple[ColumnPlace, ...] = ()
        self._selected = ""
        self._under_hand = -1
        self._empty = ""
        self.setProperty("own_keys", list(OWN_KEYS))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    # values in

    def show_rows(self, rows: Rows | None, order: Order | None) -> None:
        """Show rows in an order; the selected one stays selected, and in sight if it was."""
        was_seen = self.is_seen(self._selected)
        self._rows, self._order = rows, _NO_ROWS if order is None else order
        self._under_hand = -1
        self._measure()
        if was_seen:
            self._bring_into_sight(self.place_of(self._selected))
        self.viewport().update()
        self.scrolled.emit()

    def show_places(self, places: tuple[ColumnPlace, ...]) -> None:
        """Lay the columns elsewhere."""
        self._places = places
        self.viewport().update()

    def show_selected(self, record_id: str) -> None:
        """Select a record and bring it into sight; one that is filtered out is selected out of sight."""
        self._selected = record_id
        self._bring_into_sight(self.place_of(record_id))
        self.viewport().update()

    def show_empty(self, words: str) -> None:
        """Say what will appear here, and how to make it, while there are no rows."""
        self._empty = words
        self.viewport().update()

    @property
    def selected(self) -> str:
        """Id of the selected record, empty if none is."""
        return self._selected

    @property
    def count(self) -> int:
        """How many rows there are, seen or not."""
        return len(self._order)

    def seen(self) -> tuple[int, int]:
        """Return the places of the first and the last row that are wholly seen, counted from 0."""
        top, room = self.verticalScrollBar().value(), self.viewport().height()
        first = -(-top // ROW_PX)
        return first, min(self.count, max(first + 1, (top + room) // ROW_PX)) - 1

    def is_seen(self, record_id: str) -> bool:
        """Tell whether a record stands in a row that is seen."""
        first, last = self.seen()
        return first <= self.place_of(record_id) <= last

    def place_of(self, record_id: str) -> int:
        """Return the place of a record among the rows, -1 if it is not there."""
        if self._rows is None or not record_id:
            return -1
        found = np.flatnonzero(self._order == self._rows.row_of(record_id))
        return int(found[0]) if len(found) else -1

    def id_at(self, place: int) -> str:
        """Return the id of the record in a row, empty if there is no such row."""
        if self._rows is None or not 0 <= place < self.count:
            return ""
        return self._rows.records[int(self._order[place])].id

    def row_rect(self, record_id: str) -> QRectF:
        """Return where a record's row stands in the viewport; empty if it is not there."""
        place = self.place_of(record_id)
        return QRectF() if place < 0 else QRectF(0, self._y(place), self.viewport().width(), ROW_PX)

    def pieces(self) -> list[Piece]:
        """Return what is painted, in pixels of the viewport: whole rows only."""
        if not self.count:
            return self._empty_pieces()
        first, last = self.seen()
        return [piece for place in range(first, last + 1) for piece in self._laid(place)]

    # places

    def _y(self, place: int) -> int:
        return place * ROW_PX - self.verticalScrollBar().value()

    def _at(self, spot: QPointF) -> int:
        place = int(spot.y() + self.verticalScrollBar().value()) // ROW_PX
        return place if 0 <= place < self.count else -1

    def _measure(self) -> None:
        room, bar = self.viewport().height(), self.verticalScrollBar()
        bar.setRange(0, max(0, self.count * ROW_PX - room // ROW_PX * ROW_PX))
        bar.setPageStep(max(ROW_PX, room // ROW_PX * ROW_PX))
        bar.setSingleStep(ROW_PX)

    def _bring_into_sight(self, place: int) -> None:
        if place < 0:
            return
        bar, room = self.verticalScrollBar(), max(1, self.viewport().height() // ROW_PX) * ROW_PX
        if place * ROW_PX < bar.value():
            bar.setValue(place * ROW_PX)
        elif (place + 1) * ROW_PX > bar.value() + room:
            bar.setValue((place + 1) * ROW_PX - room)

    def _on_scrolled(self) -> None:
        self.viewport().update()
        self.scrolled.emit()

    # painting

    def _laid(self, place: int) -> list[Piece]:
        rows = self._rows
        if rows is None:
            return []
        row, y = int(self._order[place]), float(self._y(place))
        chosen = rows.records[row].id == self._selected
        laid: list[Piece] = []
        for one in self._places:
            laid += cells.cell(rows, row, one.column, one.left, one.left + one.inner, top=y, chosen=chosen)
        return laid

    def _empty_pieces(self) -> list[Piece]:
        laid: list[Piece] = []
        y, room = 12.0, self.viewport().width() - 2 * look.EDGE_PX
        for part in wrap(self._empty, room, look.SECOND_PX):
            height = pieces.metrics(look.SECOND_PX).height()
            laid.append(Text(QRectF(look.EDGE_PX, y, room, height), part, look.SECOND_PX, "quiet"))
            y += height
        return laid

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = look.current()
        painter = QPainter(self.viewport())
        width, height = self.viewport().width(), self.viewport().height()
        painter.fillRect(self.viewport().rect(), theme.color("panel"))
        if not self.count:
            pieces.paint(painter, self._empty_pieces(), theme)
        first = self.verticalScrollBar().value() // ROW_PX
        laid: list[Piece] = []
        line = theme.color("line")
        for place in range(first, min(self.count, first + height // ROW_PX + 2)):
            y = self._y(place)
            if place == self._under_hand:
                painter.fillRect(QRectF(0, y, width, ROW_PX), theme.color("hover"))
            painter.fillRect(QRectF(0, y + ROW_PX - 1, width, 1), line)
            painter.save()
            painter.translate(22, y + ROW_PX / 2)
            painter.scale(_SIGN_SCALE, _SIGN_SCALE)  # so that a level's shape keeps clear of the row above
            paint_sign(painter, self._sign(place), QPointF(), theme)
            painter.restore()
            laid += self._laid(place)
            if self.id_at(place) == self._selected:
                laid.append(Frame(QRectF(0, y, width, ROW_PX), "outline" if self.hasFocus() else "quiet", 2.0))
        quick_text.paint(painter, laid, theme)
        pieces.paint(painter, pieces.thumb(self, self.count * ROW_PX), theme)
        painter.end()

    def _sign(self, place: int) -> Sign:
        """Return the sign a record has on the map too."""
        rows = self._rows
        if rows is None:
            return Sign()
        row = int(self._order[place])
        kind, state = rows.description.kind(rows.records[row].kind), rows.state(row)
        glyph = (kind.glyph if kind is not None else "") or rows.description.glyph
        level = Level(state.level or "none")
        return Sign(glyph, level, state.no_place, state.overdue_days > 0, inactive=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        place, top = self.place_of(self._selected), self.verticalScrollBar().value()
        room = event.oldSize().height()  # less than a row before it is laid out: nothing could be seen then
        was_seen = room < ROW_PX or (top <= place * ROW_PX and (place + 1) * ROW_PX <= top + room)
        super().resizeEvent(event)
        self._measure()
        if was_seen:
            self._bring_into_sight(place)
        self.scrolled.emit()

    # the hand

    def viewportEvent(self, event: QEvent) -> bool:
        """Show the whole of an elided cell; forget the row under a hand that has left."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            said = self.tip_at(event.pos())
            if said:
                QToolTip.showText(event.globalPos(), said, self)
            else:
                QToolTip.hideText()
            return True
        if event.type() == QEvent.Type.Leave:
            self._under_hand = -1
            self.viewport().update()
        return super().viewportEvent(event)

    def tip_at(self, spot: QPoint) -> str:
        """Return the tooltip at a place of the viewport, empty where there is none."""
        place = self._at(QPointF(spot))
        return pieces.piece_at(self._laid(place), QPointF(spot), want="tip") if place >= 0 else ""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        under = self._at(event.position())
        if under != self._under_hand:
            self._under_hand = under
            self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._at(event.position())
        if place >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._select(place)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        record_id = self.id_at(self._at(event.position()))
        if record_id:
            self.row_activated.emit(record_id)

    def wheelEvent(self, event: QWheelEvent) -> None:
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            event.ignore()
            return
        key, place = Qt.Key(event.key()), self.place_of(self._selected)
        page = max(1, self.viewport().height() // ROW_PX)
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -page, Qt.Key.Key_PageDown: page}
        steps |= {Qt.Key.Key_Home: -self.count, Qt.Key.Key_End: self.count}
        if key in steps and self.count:
            start = place if place >= 0 else self.seen()[0] - (1 if steps[key] > 0 else 0)
            self._select(min(self.count - 1, max(0, start + steps[key])))
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.column_moved.emit(-1 if key == Qt.Key.Key_Left else 1)
        elif key == Qt.Key.Key_Space:
            self.sort_requested.emit()
        elif key == Qt.Key.Key_Slash:
            self.filter_requested.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and place >= 0:
            self.row_activated.emit(self._selected)
        elif key == Qt.Key.Key_E and place >= 0:
            self.edit_requested.emit(self._selected)
        else:
            event.ignore()

    def _select(self, place: int) -> None:
        record_id = self.id_at(place)
        self._bring_into_sight(place)
        if record_id != self._selected:
            self._selected = record_id
            self.viewport().update()
            self.row_selected.emit(record_id)
