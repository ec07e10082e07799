"""The head of the layer panel: how many layers, its key, and what its columns are."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from widgets import pieces
from widgets import theme as look
from widgets.key_cap import key_piece, key_width
from widgets.map.layer_rows import NARROW_PX, slider_of
from widgets.painted import Painted
from widgets.panel_head import HEIGHT_PX
from widgets.pieces import Fill, Piece, Run


class LayerHead(Painted):
    """图层 22 L, then the names of the columns where they have room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=HEIGHT_PX)
        self._count = 0

    def show_count(self, count: int) -> None:
        """Show how many layers there are."""
        if count != self._count:
            self._count = count
            self.update()

    def pieces(self) -> list[Piece]:
        """Return what is painted."""
        width, base = float(self.width()), HEIGHT_PX / 2 + 5
        laid: list[Piece] = [Fill(QRectF(0, HEIGHT_PX - 1, width, 1), "line")]
        title = pieces.line(
            look.EDGE_PX, width, base, [Run(self.tr("Layers"), gap_px=8), Run(str(self._count or ""), tone="quiet")]
        )
        laid += title
        left = title[-1].rect.right() + 8
        laid.append(key_piece(left, HEIGHT_PX / 2, "L"))
        left += key_width("L") + 8
        age = pieces.line(
            0, width - look.EDGE_PX, base, [Run(self.tr("data of"), look.SECOND_PX, "quiet")], align="right"
        )
        laid += age
        if width >= NARROW_PX:
            opacity = Run(self.tr("opacity %"), look.SECOND_PX, "quiet")
            end = min(slider_of(width).right() + 30, age[0].rect.left() - 8)
            if end - pieces.total_width([opacity]) > left:
                laid += pieces.line(0, end, base, [opacity], align="right")
        return laid
