"""Who was reached: each message with its state and when that came."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QVBoxLayout, QWidget

from widgets import pieces, words
from widgets import theme as look
from widgets.panel_head import PanelHead
from widgets.pieces import Piece, Run
from widgets.row_list import Row, RowList
from widgets.warning.sheet import ReceiptRow


class ReceiptList(QWidget):
    """Messages of a warning: those without a good receipt first, then the newest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._head = PanelHead(self.tr("Receipts"), self)
        self.list = RowList(
            self, empty=self.tr("No message yet. At issue every recipient gets one; its receipt stands here.")
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.list, 1)

    def show_receipts(self, receipts: tuple[ReceiptRow, ...], now: datetime, about: str = "") -> None:
        """Show the messages as they stand at ``now``; ``about`` names the warning that they carry."""
        self._head.show_note(about)
        done = sum(1 for r in receipts if r.done)
        self._head.show_count(f"{done}/{len(receipts)}" if receipts else "")
        open_first = sorted(
            receipts, key=lambda r: (r.done, not r.failed, -(r.at.timestamp() if r.at else 0.0), r.recipient)
        )
        self.list.show_rows(tuple(self._row(r, now) for r in open_first))

    def _row(self, receipt: ReceiptRow, now: datetime) -> Row:
        def lay(width: float) -> list[Piece]:
            right = width - look.EDGE_PX
            tick = "✓" if receipt.done else ("✗" if receipt.failed else "○")
            laid: list[Piece] = list(pieces.line(look.EDGE_PX, look.EDGE_PX + 18, 19, [Run(tick)]))
            time = pieces.line(0, right, 19, [Run(words.moment(receipt.at, now))], align="right")
            state_x = width * 0.62
            state = Run(receipt.state, tone="text" if receipt.failed else "quiet", tag=receipt.failed, elide=True)
            laid += pieces.line(state_x, time[0].rect.left() - 8, 19, [state])
            who = [Run(receipt.recipient, elide=True, gap_px=8), Run(receipt.note, tone="quiet", elide=True)]
            laid += pieces.line(look.EDGE_PX + 22, state_x - 8, 19, who)
            return laid + list(time)

        tip = f"{receipt.recipient}  {receipt.note}\n{receipt.channel}  {receipt.state}"
        return Row(receipt.id, look.ROW_PX, lay, tip=tip)
