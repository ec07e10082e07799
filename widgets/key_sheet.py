"""The list of keys: everything that a key does now."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from widgets import pieces
from widgets import theme as look
from widgets.key_cap import key_piece, key_width
from widgets.panel_head import HEIGHT_PX, PanelHead
from widgets.pieces import Fill, Piece, Run
from widgets.row_list import Row, RowList

_WIDTH_PX = 360
_HEADING_PX = 34
_RADAR = frozenset({"P", "Shift+P", "O", "E", "Shift+E", ".", ",", "PgUp", "PgDown", "C", "V", "Ctrl+2", "Shift+O"})
_MAP = frozenset(
    {
        "+",
        "-",
        "0",
        "M",
        "Shift+M",
        "L",
        "1",
        "Shift+1",
        "R",
        "Q",
        "Shift+Q",
        "Ctrl+O",
        "Ctrl+P",
        "Ctrl+Shift+P",
        "Ctrl+M",
    }
)
_REGISTERS = frozenset({"T", "Shift+T", "Ctrl+6", "Ctrl+7", "Ctrl+8"})


class KeySheet(QFrame):
    """Keys and what they do by task, over the map until Escape; first those of the buttons that are seen.

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

    def show_keys(self, buttons: tuple[tuple[str, str], ...], acts: tuple[tuple[str, str], ...]) -> None:
        """Show (key, words) pairs of buttons and of what has none; the same key twice is shown with both."""
        tasks = {self.tr("Map"): _MAP, self.tr("Radar"): _RADAR, self.tr("Registers"): _REGISTERS}
        known = frozenset().union(*tasks.values())
        groups = {
            self.tr("What stands here"): buttons,
            self.tr("Everywhere"): tuple(one for one in acts if one[0] not in known),
            **{title: tuple(one for one in acts if one[0] in its) for title, its in tasks.items()},
        }
        rows: list[Row] = []
        for title, pairs in groups.items():
            if pairs:
                rows.append(self._heading(title))
                rows += [self._row(f"{title}:{number}", key, told) for number, (key, told) in enumerate(pairs)]
        self.list.show_rows(tuple(rows))
        ink = look.current()
        self.setStyleSheet(f"QFrame#keySheet {{ border: 1px solid {ink.text}; background: {ink.panel}; }}")

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH_PX, HEIGHT_PX + self.list.content_height() + 10)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Question):
            self.close_requested.emit()
        else:
            super().keyPressEvent(event)

    @staticmethod
    def _heading(title: str) -> Row:
        def lay(width: float) -> list[Piece]:
            line = Fill(QRectF(look.EDGE_PX, _HEADING_PX - 3, width - 2 * look.EDGE_PX, 1), "line")
            return [line, *pieces.line(look.EDGE_PX, width - look.EDGE_PX, 23, [Run(title, look.SECOND_PX, "quiet")])]

        return Row(f"head:{title}", _HEADING_PX, lay, selectable=False)

    def _row(self, row_id: str, key: str, told: str) -> Row:
        def lay(width: float) -> list[Piece]:
            del width
            cap = key_piece(look.EDGE_PX, look.ROW_PX / 2, key)
            left = max(look.EDGE_PX + 92.0, look.EDGE_PX + key_width(key) + 12)
            return [cap, *pieces.line(left, _WIDTH_PX - look.EDGE_PX, 19, [Run(told, elide=True)])]

        return Row(row_id, look.ROW_PX, lay, selectable=False)
