"""The map with the cards that lie on it, each in its corner."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from layers.drawing import Drawings
from widgets.map.canvas import MapCanvas
from widgets.map.legend import Legend
from widgets.map.read_out import ReadOut
from widgets.map.scale_bar import ScaleBar
from widgets.map.title_card import TitleCard

_EDGE_PX = 16


class MapRoom(QWidget):
    """Canvas, title, scale, legend and read-out; its owner connects the canvas and fills the cards."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = MapCanvas(self)
        self.title = TitleCard(self.canvas)
        self.scale = ScaleBar(self.canvas)
        self.legend = Legend(self.canvas)
        self.read_out = ReadOut(self.canvas)
        self.scale.show_view(self.canvas.view())
        self.canvas.view_changing.connect(self.scale.show_view)
        self.canvas.view_changed.connect(self.scale.show_view)
        self.canvas.cursor_left.connect(self._on_cursor_left)
        for card in self._cards():
            card.installEventFilter(self)

    def show_drawings(self, drawings: Drawings) -> None:
        """Show drawings on the canvas, and in the legend what they mean."""
        self.canvas.show_drawings(drawings)
        self.legend.show_drawings(drawings)
        self.scale.show_view(self.canvas.view())

    def resizeEvent(self, event: QResizeEvent) -> None:
        del event
        self.canvas.setGeometry(self.rect())
        self._place_cards()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep a card in its corner when its content gives it another size."""
        if event.type() == QEvent.Type.Resize and watched in self._cards():
            self._place_cards()
        return False

    def _cards(self) -> tuple[QWidget, ...]:
        return self.title, self.scale, self.legend, self.read_out

    def _place_cards(self) -> None:
        right, bottom = self.width() - _EDGE_PX, self.height() - _EDGE_PX
        self.title.move(_EDGE_PX, _EDGE_PX)
        self.scale.resize(self.scale.sizeHint())
        self.scale.move(right - self.scale.width(), _EDGE_PX)
        self.legend.move(_EDGE_PX, bottom - self.legend.height())
        self.read_out.move(right - self.read_out.width(), bottom - self.read_out.height())
        # In a narrow room the scale stands under the title.
        if self.title.geometry().right() + _EDGE_PX > self.scale.x():
            self.scale.move(self.scale.x(), self.title.geometry().bottom() + _EDGE_PX // 2)

    def _on_cursor_left(self) -> None:
        self.read_out.show_facts(None)
