"""Over the acts of a form: that something else was selected meanwhile, and the way there."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from widgets import pieces
from widgets import theme as look
from widgets.action_button import ActionButton
from widgets.painted import Painted
from widgets.pieces import Fill, Piece, Run

_HIGH_PX, _EDGE_PX = 36, 12


class FormNotice(Painted):
    """Shown while the form keeps what was written of one record, and the map shows another."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=_HIGH_PX)
        self._said = ""
        self.go = ActionButton(self.tr("Discard and go there"), "Ctrl+G", self)
        self.hide()

    def show_other(self, name: str, mine: str) -> None:
        """Say that ``name`` is selected while ``mine`` has unsaved writing; an empty name says nothing."""
        said = self.tr("{name} is selected; this is still {mine}, and not saved yet.")
        self._said = said.format(name=name, mine=mine) if name else ""
        self.setVisible(bool(name))
        self.update()

    @property
    def said(self) -> str:
        """What is said, empty for nothing."""
        return self._said

    def pieces(self) -> list[Piece]:
        """Return what is painted."""
        ground = Fill(QRectF(0, 0, self.width(), self.height()), "tag")
        bar = Fill(QRectF(0, 0, 4, self.height()), "text")
        words = Run(self._said, elide=True, tip=self._said)
        return [ground, bar, *pieces.line(look.EDGE_PX, self.go.x() - 12.0, 23, [words])]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = self.go.sizeHint()
        self.go.setGeometry(self.width() - _EDGE_PX - size.width(), 4, size.width(), size.height())
