"""What came in: files that were taken, and files that were refused with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtWidgets import QVBoxLayout, QWidget

from widgets import pieces, words
from widgets import theme as look
from widgets.panel_head import PanelHead
from widgets.pieces import Piece, Run
from widgets.row_list import Row, RowList


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One file of the inbox: what it was taken as, or why it was refused.

    ``what`` is a few words ("radar Z9901, 14 cuts"); ``reason`` is empty for a
    file that was taken, else the whole sentence.
    """

    file: str
    at: datetime
    what: str
    reason: str = ""


class FeedList(QWidget):
    """Files of the inbox, the newest first; refused ones carry their reason."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._head = PanelHead(self.tr("Data in"), self)
        self.list = RowList(
            self, empty=self.tr("Nothing came in yet. Files put into the inbox of the office stand here.")
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.list, 1)

    def show_items(self, items: tuple[FeedItem, ...], now: datetime) -> None:
        """Show what came in, the newest first."""
        refused = sum(1 for item in items if item.reason)
        self._head.show_count(len(items))
        self._head.show_note(self.tr("{n} refused").format(n=refused) if refused else "")
        rows = sorted(items, key=lambda item: item.at, reverse=True)
        self.list.show_rows(tuple(self._row(item, now) for item in rows))

    def _row(self, item: FeedItem, now: datetime) -> Row:
        def lay(width: float) -> list[Piece]:
            right = width - look.EDGE_PX
            age = pieces.line(0, right, 19, [Run(words.age(now - item.at), look.SECOND_PX, "quiet")], align="right")
            tag = [Run(self.tr("refused"), look.SECOND_PX, tag=True, gap_px=8)] if item.reason else []
            name = pieces.line(look.EDGE_PX, age[0].rect.left() - 8, 19, [*tag, Run(item.file, elide=True)])
            said = Run(item.reason or item.what, look.SECOND_PX, "text" if item.reason else "quiet", elide=True)
            return [*name, *age, *pieces.line(look.EDGE_PX, right, 36, [said])]

        return Row(f"{item.at.isoformat()} {item.file}", look.TWO_LINE_ROW_PX, lay, tip=item.reason or item.what)
