"""The head of a panel: its name, its count, and what stands at the right."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from models.hazard.level import RISING, Level
from widgets import pieces
from widgets import theme as look
from widgets.key_cap import key_piece, key_width
from widgets.painted import Painted
from widgets.pieces import Fill, Mark, Piece, Run

HEIGHT_PX = 36


class PanelHead(Painted):
    """Name and count at the left; level counts, words or a key at the right."""

    def __init__(self, title: str, parent: QWidget | None = None, *, key: str = "", line: bool = True) -> None:
        super().__init__(parent, height_px=HEIGHT_PX)
        self._title = title
        self._count = ""
        self._note = ""
        self._counts: tuple[tuple[Level, int], ...] = ()
        self._key = key
        self._line = line

    @property
    def title(self) -> str:
        """Its name."""
        return self._title

    def show_title(self, title: str) -> None:
        """Show another name."""
        self._title = title
        self.update()

    def show_count(self, count: int | str) -> None:
        """Show how many things the panel holds."""
        self._count = str(count)
        self.update()

    def show_note(self, note: str) -> None:
        """Show quiet words at the right."""
        self._note = note
        self.update()

    def show_level_counts(self, counts: dict[Level, int]) -> None:
        """Show how many stand at each level, the worst first; levels without any are left out."""
        self._counts = tuple((level, counts[level]) for level in reversed(RISING) if counts.get(level))
        self.update()

    def pieces(self) -> list[Piece]:
        """Return what is painted."""
        width, middle = float(self.width()), HEIGHT_PX / 2
        baseline = middle + 5
        right = width - look.EDGE_PX
        laid: list[Piece] = []
        if self._line:
            laid.append(Fill(QRectF(0, HEIGHT_PX - 1, width, 1), "line"))
        if self._key:
            right -= key_width(self._key)
            laid.append(key_piece(right, middle, self._key))
            right -= 8
        for level, count in reversed(self._counts):
            figure = pieces.line(0, right, baseline, [Run(str(count))], align="right")
            laid += figure
            right = figure[0].rect.left() - 4 - look.MARK_PX
            laid.append(Mark(QRectF(right, middle - look.MARK_PX / 2, look.MARK_PX, look.MARK_PX), level))
            right -= 10
        if self._note:
            note = pieces.line(
                look.EDGE_PX + pieces.width_of(self._title) + 8,
                right,
                baseline,
                [Run(self._note, look.SECOND_PX, "quiet", elide=True)],
                align="right",
            )
            laid += note
            right = note[0].rect.left() - 8
        runs = [Run(self._title, elide=True, gap_px=8), Run(self._count, tone="quiet")]
        laid += pieces.line(look.EDGE_PX, right, baseline, runs)
        return laid
