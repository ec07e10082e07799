"""A card that lies on the map: panel ground, a hairline round it, as large as what it says."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.painted import Painted
from widgets.pieces import Frame, Piece

PAD_PX = 12.0


class MapCard(Painted):
    """Base of the cards on the map; a child says its size and lays its pieces inside."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def content(self) -> list[Piece]:
        """Return what stands on the card, in its own pixels."""
        return []

    def size_needed(self) -> tuple[float, float]:
        """Return width and height of the whole card; 0, 0 if there is nothing to say."""
        return 0.0, 0.0

    def show_room(self, width_px: float, height_px: float) -> None:
        """Take note of the free room of the map, for cards that say less where it is small."""

    def pieces(self) -> list[Piece]:
        """Return the content in its frame."""
        return [*self.content(), Frame(QRectF(self.rect()), "line")]

    def sizeHint(self) -> QSize:
        width, height = self.size_needed()
        return QSize(round(width + 0.5), round(height + 0.5))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changed(self) -> None:
        """Take the size that the content needs, none if there is nothing to say, and tell the parent."""
        size = self.sizeHint()
        if size != self.size():
            self.resize(size)
            self.updateGeometry()
        self.update()
