"""The head of an import: into which register, what the file is, and how far the way from the file to the register is."""

from __future__ import annotations

from enum import IntEnum
from itertools import pairwise

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from widgets import pieces
from widgets import theme as look
from widgets.painted import Painted
from widgets.panel_head import HEIGHT_PX
from widgets.pieces import Fill, Piece, Run, Text

_DONE = "✓ "
_BETWEEN_PX = 20.0


class Step(IntEnum):
    """A step of an import: the one that is at hand has all before it done."""

    FILE = 0
    COLUMNS = 1
    CHECK = 2
    IMPORT = 3


class ImportHead(Painted):
    """Register and file at the left, the four steps at the right: what is done has a tick, what is at hand a line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=HEIGHT_PX)
        self._title = self._facts = ""
        self._step = Step.FILE

    def show_file(self, title: str, facts: str, step: Step) -> None:
        """Show into which register a file goes, what is known of it, and which step is at hand."""
        self._title, self._facts, self._step = title, facts, step
        self.update()

    def pieces(self) -> list[Piece]:
        """Return what is painted."""
        width, base = float(self.width()), HEIGHT_PX / 2 + 5
        laid: list[Piece] = [Fill(QRectF(0, HEIGHT_PX - 1, width, 1), "line")]
        words = (self.tr("File"), self.tr("Columns"), self.tr("Check"), self.tr("Import"))
        runs = []
        for step, word in zip(Step, words, strict=True):
            said = _DONE + word if step < self._step else word
            runs.append(Run(said, look.SECOND_PX, "text" if step <= self._step else "quiet", gap_px=_BETWEEN_PX))
        steps: list[Text] = pieces.line(0, width - look.EDGE_PX, base, runs, align="right")
        laid += steps
        for before, after in pairwise(steps):
            middle = (before.rect.right() + after.rect.left()) / 2
            laid.append(Fill(QRectF(middle - 4, HEIGHT_PX / 2, 8, 1), "quiet"))
        at_hand = steps[self._step].rect
        laid.append(Fill(QRectF(at_hand.left(), HEIGHT_PX - 4, at_hand.width(), 2), "text"))
        named = [
            Run(self._title, gap_px=16),
            Run(self._facts, look.SECOND_PX, "quiet", elide=True, tip=self._facts),
        ]
        laid += pieces.line(look.EDGE_PX, steps[0].rect.left() - 16, base, named)
        return laid
