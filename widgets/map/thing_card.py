"""What a file says of the thing that was clicked, on a card over the map."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from layers.own_layer_hits import Hit
from widgets import pieces
from widgets import theme as look
from widgets.map.card import PAD_PX, MapCard
from widgets.pieces import Piece, Run

_WIDTH_PX = 300.0
_ROW_PX = 20.0
_NAME_PX = 96.0
_MOST_HITS, _MOST_ROWS = 3, 7


class ThingCard(MapCard):
    """Layer, source, then column and text of each thing; nothing to say is no card. A click takes it away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hits: tuple[Hit, ...] = ()
        self.changed()

    def show_things(self, hits: tuple[Hit, ...]) -> None:
        """Show things; none takes the card away."""
        if hits != self._hits:
            self._hits = hits
            self.changed()

    @property
    def hits(self) -> tuple[Hit, ...]:
        """What is shown."""
        return self._hits

    def size_needed(self) -> tuple[float, float]:
        """Return the card's size."""
        if not self._hits:
            return 0.0, 0.0
        shown = self._hits[:_MOST_HITS]
        rows = sum(1 + len(_rows(hit)) for hit in shown) + (len(self._hits) > _MOST_HITS)
        return _WIDTH_PX, rows * _ROW_PX + 8.0 * (len(shown) - 1) + 2 * PAD_PX - 4

    def content(self) -> list[Piece]:
        """Return the things, one under the other."""
        laid: list[Piece] = []
        left, right = PAD_PX, _WIDTH_PX - PAD_PX
        base = PAD_PX + 12.0
        for hit in self._hits[:_MOST_HITS]:
            head = [Run(hit.layer, elide=True, gap_px=8), Run(hit.source, look.SECOND_PX, "quiet", elide=True)]
            laid += pieces.line(left, right, base, head if hit.source else head[:1])
            base += _ROW_PX
            for name, text in _rows(hit):
                laid += pieces.line(left, left + _NAME_PX - 6, base, [Run(name, look.SECOND_PX, "quiet", elide=True)])
                start = left + _NAME_PX if name else left
                laid += pieces.line(start, right, base, [Run(text, look.SECOND_PX, elide=True, tip=text)])
                base += _ROW_PX
            base += 8.0
        if len(self._hits) > _MOST_HITS:
            more = self.tr("{n} more here").format(n=len(self._hits) - _MOST_HITS)
            laid += pieces.line(left, right, base - 8.0, [Run(more, look.SECOND_PX, "quiet")])
        return laid

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.show_things(())


def _rows(hit: Hit) -> tuple[tuple[str, str], ...]:
    return hit.rows[:_MOST_ROWS]
