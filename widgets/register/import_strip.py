"""A strip over the foot of an import: how far the work is, with a key that stops it; or why nothing was imported."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QHBoxLayout, QWidget

from widgets import pieces
from widgets import theme as look
from widgets.action_button import ActionButton
from widgets.painted import Painted
from widgets.pieces import Fill, Frame, Piece, Run
from widgets.row_list import wrap

_BAR_PX = 220.0
_LINE_PX = 20
UNKNOWN = -1.0


class Words(Painted):
    """Words in as many lines as they need, or words with a bar behind them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=40, ground="tag")
        self._said = ""
        self._part: float | None = None

    def show_words(self, said: str, part: float | None = None) -> None:
        """Show words; with ``part`` (0 to 1, `UNKNOWN`) a bar beside them."""
        self._said, self._part = said, part
        self.mend_height()

    def height_at(self, width: int) -> int:
        """Return the height that the words need."""
        return 20 + _LINE_PX * len(self._lines(width))

    def _lines(self, width: int) -> list[str]:
        return wrap(self._said, max(40.0, width - 2 * look.EDGE_PX), look.BODY_PX) if self._part is None else [""]

    def pieces(self) -> list[Piece]:
        """Return what is painted."""
        edge, width = float(look.EDGE_PX), float(self.width())
        if self._part is None:
            laid: list[Piece] = []
            for n, said in enumerate(self._lines(self.width())):
                laid += pieces.line(edge, width - edge, 25 + n * _LINE_PX, [Run(said, elide=True, tip=self._said)])
            return laid
        right = width - edge
        left = right - _BAR_PX
        laid = list(pieces.line(edge, left - 12, 25, [Run(self._said, elide=True, tip=self._said)]))
        done = max(0.0, self._part) * (right - left)
        laid.append(Frame(QRectF(left, 16, right - left, 8), "edge", dashed=self._part < 0))
        laid.append(Fill(QRectF(left, 16, done, 8), "text"))
        return laid


class ImportStrip(QWidget):
    """Shown while something is at work, or after an import that could not be."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self.words = Words(self)
        self.stop = ActionButton(self.tr("Stop"), "Escape", self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.words, 1)
        row.addWidget(self.stop)
        self.hide()

    def show_work(self, said: str, part: float, *, can_stop: bool = True) -> None:
        """Say what is at work, and which part is done."""
        self.words.show_words(said, part)
        self.stop.setVisible(can_stop)
        self.setContentsMargins(0, 0, 12 if can_stop else 0, 0)
        self.show()

    def show_why(self, said: str) -> None:
        """Say why nothing was done; empty to say nothing any more."""
        self.stop.hide()
        self.setContentsMargins(0, 0, 0, 0)
        self.words.show_words(said)
        self.setVisible(bool(said))
