"""Which base map lies under the county and whose it is, small in a corner of the map."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from widgets import pieces
from widgets import theme as look
from widgets.map.card import MapCard
from widgets.pieces import Piece, Run

_PAD_PX = 8.0
_HEIGHT_PX = 21.0
_WIDEST_PX = 420.0


class BaseMapNote(MapCard):
    """One quiet line: name, source, and a mark where not all of it is here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs: tuple[Run, ...] = ()
        self.hide()

    @property
    def words(self) -> str:
        """The line as it is read."""
        return " · ".join(run.text for run in self._runs)

    def show_note(self, title: str, attribution: str, mark: str = "") -> None:
        """Show what lies there; without a title there is no base map and nothing to say."""
        runs = [Run(title, look.KEY_PX)] if title else []
        if title and attribution and attribution != title:
            runs.append(Run(attribution, look.KEY_PX, tone="quiet", elide=True, gap_px=8))
        if title and mark:
            runs.append(Run(mark, look.KEY_PX, tag=True, gap_px=8))
        if tuple(runs) != self._runs:
            self._runs = tuple(runs)
            self.setVisible(bool(runs))
            self.changed()

    def size_needed(self) -> tuple[float, float]:
        """Return the card's size, 0 if there is nothing to say."""
        if not self._runs:
            return 0.0, 0.0
        return min(_WIDEST_PX, pieces.total_width(self._runs) + 2 * _PAD_PX + 2), _HEIGHT_PX

    def content(self) -> list[Piece]:
        """Return the one line."""
        return list(pieces.line(_PAD_PX, self.width() - _PAD_PX + 1, 14.5, self._runs))
