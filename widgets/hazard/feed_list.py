"""What came in: files that were taken, and files that were refused with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from PySide6.QtWidgets import QVBoxLayout, QWidget

from widgets import pieces, words
from widgets import theme as look
from widgets.panel_head import PanelHead
from widgets.pieces import Piece, Run
from widgets.row_list import Row, RowList


class FeedMark(StrEnum):
    """What sets a file apart from those of which there is nothing to say."""

    NONE = ""
    REFUSED = "refused"
    INCOMPLETE = "incomplete"
    ODD = "odd"


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One file of the inbox: what it was taken as, or why it was refused.

    ``what`` is a few words ("radar Z9901, 14 cuts"); ``reason`` is the whole sentence about a file that was
    refused, that is not whole, or that was taken and needs a word. ``remarks`` are what is strange about it,
    what matters first; ``unproven`` says that its layout was never checked on a real file.
    """

    file: str
    at: datetime
    what: str
    reason: str = ""
    mark: FeedMark = FeedMark.NONE
    remarks: tuple[str, ...] = ()
    unproven: bool = False

    @property
    def said(self) -> str:
        """The second line: the reason without the name above it, else what matters of the remarks, else what became of it."""
        reason = self.reason.removeprefix(self.file).removeprefix(":").removeprefix("：").strip()
        return reason or (self.remarks[0] if self.mark is FeedMark.ODD and self.remarks else self.what)


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
        refused = sum(1 for item in items if item.mark is FeedMark.REFUSED)
        self._head.show_count(len(items))
        self._head.show_note(self.tr("{n} refused").format(n=refused) if refused else "")
        rows = sorted(items, key=lambda item: item.at, reverse=True)
        self.list.show_rows(tuple(self._row(item, now) for item in rows))

    def _row(self, item: FeedItem, now: datetime) -> Row:
        unproven = self.tr("Unproven: no real file of this layout was ever at hand. Compare it with another source.")
        told = (item.reason or item.what, *item.remarks, *([unproven] if item.unproven else ()))
        tip = "\n".join(told)

        def lay(width: float) -> list[Piece]:
            right = width - look.EDGE_PX
            age = pieces.line(0, right, 19, [Run(words.age(now - item.at), look.SECOND_PX, "quiet")], align="right")
            tags = [Run(text, look.SECOND_PX, tag=True, gap_px=8) for text in self._tags(item)]
            name = pieces.line(look.EDGE_PX, age[0].rect.left() - 8, 19, [*tags, Run(item.file, elide=True)])
            tone = "text" if item.mark else "quiet"
            said = Run(item.said, look.SECOND_PX, tone, elide=True, tip=tip)
            return [*name, *age, *pieces.line(look.EDGE_PX, right, 36, [said])]

        return Row(f"{item.at.isoformat()} {item.file}", look.TWO_LINE_ROW_PX, lay, tip=tip)

    def _tags(self, item: FeedItem) -> list[str]:
        marks = {
            FeedMark.REFUSED: self.tr("refused"),
            FeedMark.INCOMPLETE: self.tr("incomplete"),
            FeedMark.ODD: self.tr("odd"),
        }
        return [*([marks[item.mark]] if item.mark else []), *([self.tr("unproven")] if item.unproven else [])]
