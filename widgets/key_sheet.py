"""The list of keys: everything that a key does now."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from widgets import pieces
from widgets import theme as look
from widgets.key_cap import key_piece, key_width
from widgets.panel_head import HEIGHT_PX, PanelHead
from widgets.pieces import Piece, Run
from widgets.row_list import Row, RowList

_WIDTH_PX = 360


class KeySheet(QFrame):
    """Keys and what they do, over the map until Escape.

    Signals
    -------
    close_requested()  Escape or ? once more
    """

    close_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("keySheet")
        self._head = PanelHead(self.tr("Keys"), self, key="?")
        self.list = RowList(self, lines=False)
        self.list.setProperty("own_keys", ["Esc"])
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.list, 1)
        self.hide()

    def show_keys(self, keys: tuple[tuple[str, str], ...]) -> None:
        """Show (key, words) pairs; the same key twice is shown with both."""
        rows = tuple(self._row(f"{number}", key, told) for number, (key, told) in enumerate(keys))
        self.list.show_rows(rows)
        ink = look.current()
        self.setStyleSheet(f"QFrame#keySheet {{ border: 1px solid {ink.text}; background: {ink.panel}; }}")

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH_PX, HEIGHT_PX + self.list.content_height() + 10)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Question):
            self.close_requested.emit()
        else:
            super().keyPressEvent(event)

    def _row(self, row_id: str, key: str, told: str) -> Row:
        def lay(width: float) -> list[Piece]:
            del width
            cap = key_piece(look.EDGE_PX, look.ROW_PX / 2, key)
            left = max(look.EDGE_PX + 92.0, look.EDGE_PX + key_width(key) + 12)
            return [cap, *pieces.line(left, _WIDTH_PX - look.EDGE_PX, 19, [Run(told, elide=True)])]

        return Row(row_id, look.ROW_PX, lay, selectable=False)
