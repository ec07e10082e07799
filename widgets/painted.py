"""Widgets that paint pieces: the base of heads, cards and strips."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from widgets import pieces
from widgets import theme as look
from widgets.pieces import Piece


class Painted(QWidget):
    """A widget of a fixed height that paints what ``pieces`` lays out for its width.

    Signals
    -------
    part_clicked(str)  a click on the part of this name
    """

    part_clicked = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, height_px: int = 36, ground: str = "panel") -> None:
        super().__init__(parent)
        self._height_px = height_px
        self._ground = ground
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def pieces(self) -> list[Piece]:
        """Return what is painted, in the widget's own pixels."""
        return []

    def show_height(self, height_px: int) -> None:
        """Take another height."""
        if height_px != self._height_px:
            self._height_px = height_px
            self.updateGeometry()

    def height_at(self, width: int) -> int:
        """Return the height needed at a width, px; the fixed one unless a widget says otherwise."""
        del width
        return self._height_px

    def mend_height(self) -> None:
        """Take the height that the present width needs."""
        self.show_height(self.height_at(self.width()))
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.mend_height()

    def sizeHint(self) -> QSize:
        return QSize(120, self._height_px)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self._height_px)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = look.current()
        painter = QPainter(self)
        if self._ground:
            painter.fillRect(self.rect(), theme.color(self._ground))
        pieces.paint(painter, self.pieces(), theme)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Show the tooltip of the part under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            words = pieces.piece_at(self.pieces(), QPointF(event.pos()), want="tip") or self.toolTip()
            if words:
                QToolTip.showText(event.globalPos(), words, self)
                return True
            QToolTip.hideText()
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        part = pieces.piece_at(self.pieces(), event.position(), want="hit")
        if part and event.button() == Qt.MouseButton.LeftButton:
            self.part_clicked.emit(part)
        else:
            event.ignore()
