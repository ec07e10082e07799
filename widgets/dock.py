"""A dock: panels one above the other, opaque over the map's edge."""

from __future__ import annotations

from typing import Literal, Protocol, runtime_checkable

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from widgets import theme as look

Edge = Literal["left", "right", "top"]


@runtime_checkable
class Reserving(Protocol):
    """A panel that can keep the right end of its head free."""

    def show_reserved(self, width_px: int) -> None:
        """Keep so many pixels free."""


class Dock(QWidget):
    """Panels in a column; ``edge`` is the side whose hairline parts it from the map."""

    def __init__(self, parent: QWidget, edge: Edge) -> None:
        super().__init__(parent)
        self._edge = edge
        self._tasks: dict[QWidget, frozenset[str]] = {}
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._column = QVBoxLayout(self)
        margins = {"left": (1, 0, 0, 0), "right": (0, 0, 1, 0), "top": (0, 1, 0, 0)}[edge]
        self._column.setContentsMargins(*margins)
        self._column.setSpacing(0)

    def add_panel(self, panel: QWidget, tasks: frozenset[str], stretch: int) -> None:
        """Put a panel under the others; it shows itself in its tasks only."""
        self._tasks[panel] = tasks
        self._column.addWidget(panel, stretch)

    def show_task(self, task: str) -> None:
        """Show the panels of a task."""
        for panel, tasks in self._tasks.items():
            panel.setVisible(task in tasks)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = look.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("panel"))
        box = self.rect()
        line = theme.color("line")
        if self._edge == "left":
            painter.fillRect(0, 0, 1, box.height(), line)
        elif self._edge == "right":
            painter.fillRect(box.width() - 1, 0, 1, box.height(), line)
        else:
            painter.fillRect(0, 0, box.width(), 1, line)
        painter.end()
