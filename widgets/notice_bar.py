"""What happened, what it means, what to do: said in the window, never by a dialog."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from widgets import pieces
from widgets import theme as look
from widgets.action_button import ActionButton
from widgets.painted import Painted
from widgets.pieces import Fill, Piece, Run
from widgets.row_list import wrap


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell. ``act`` is the word of the button that does something about it, empty for none."""

    id: str
    what: str
    meaning: str = ""
    do: str = ""
    act: str = ""
    key: str = ""


class NoticeBar(Painted):
    """The newest notice in full; how many more wait.

    Signals
    -------
    dismissed(str)    the operator has read the notice with this id
    act_requested(str)  the operator wants what the notice offers
    """

    dismissed = Signal(str)
    act_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=0)
        self._notices: tuple[Notice, ...] = ()
        self._act = ActionButton("", "", self)
        self._close = ActionButton(self.tr("Read"), "Escape", self)
        self._act.clicked.connect(lambda: self._notices and self.act_requested.emit(self._notices[0].id))
        self._close.clicked.connect(lambda: self._notices and self.dismissed.emit(self._notices[0].id))
        self.hide()

    def show_notices(self, notices: tuple[Notice, ...]) -> None:
        """Show notices, the newest first; none hides the bar."""
        self._notices = notices
        first = notices[0] if notices else Notice("", "")
        self._act.setText(first.act)
        self._act.key = first.key
        self._act.setVisible(bool(first.act))
        self._place()
        parent: QWidget | None = self.parentWidget()
        if parent is not None:  # it places the bar, and must hear of another height even while the bar is hidden
            QCoreApplication.postEvent(parent, QEvent(QEvent.Type.LayoutRequest))

    def height_for(self, width: int) -> int:
        """Return the height the newest notice needs at a width, px."""
        return 16 + 18 * max(1, len(self._lines(width))) if self._notices else 0

    def pieces(self) -> list[Piece]:
        """Return what is painted."""
        height = float(self.height())
        laid: list[Piece] = [
            Fill(QRectF(0, 0, self.width(), height), "tag"),
            Fill(QRectF(0, 0, 4, height), "text"),
            Fill(QRectF(0, height - 1, self.width(), 1), "line"),
        ]
        y = 8.0
        for number, words in enumerate(self._lines(self.width())):
            more = self.tr("{n} more").format(n=len(self._notices) - 1) if len(self._notices) > 1 and not number else ""
            laid += pieces.line(
                look.EDGE_PX,
                self._room(self.width()) + look.EDGE_PX,
                y + 14,
                [Run(words, gap_px=12), Run(more, tag=False)],
            )
            y += 18
        return laid

    def _room(self, width: int) -> float:
        buttons = self._close.sizeHint().width() + (self._act.sizeHint().width() + 8 if self._act.text() else 0)
        return float(width - buttons - 3 * look.EDGE_PX)

    def _lines(self, width: int) -> list[str]:
        if not self._notices:
            return []
        first = self._notices[0]
        said = " ".join(part for part in (first.what, first.meaning, first.do) if part)
        return wrap(said, self._room(width) - 72, look.BODY_PX)

    def _place(self) -> None:
        close, act = self._close.sizeHint(), self._act.sizeHint()
        x = self.width() - look.EDGE_PX - close.width()
        top = max(4, (min(self.height(), 36) - close.height()) // 2)
        self._close.setGeometry(x, top, close.width(), close.height())
        self._act.setGeometry(x - 8 - act.width(), top, act.width(), act.height())
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        pieces.paint(painter, self.pieces(), look.current())
        painter.end()
        event.accept()
