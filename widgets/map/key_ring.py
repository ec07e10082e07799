"""The ring round the one of two maps that takes the radar's keys."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from widgets import theme as look

WIDTH_PX = 3


class KeyRing(QWidget):
    """A line along the inner edge of a map's room; the hand goes through it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_room(self, room: QRect, *, shown: bool) -> None:
        """Stand round this part of the map, in its own pixels, or be gone."""
        self.setGeometry(room)
        self.setVisible(shown)
        self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        half = WIDTH_PX // 2
        pen = QPen(look.current().color("text"), WIDTH_PX)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawRect(self.rect().adjusted(half, half, -half - 1, -half - 1))
        painter.end()
