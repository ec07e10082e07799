"""What stands in the layer panel besides its rows: marks of groups, and of an opened layer words, signs and colors."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from widgets import pieces
from widgets import theme as look
from widgets.map import layer_rows as rows
from widgets.map.layer_rows import LayerEntry, Line
from widgets.map.symbol_painter import paint_sprite
from widgets.pieces import Piece, Run, Text


def paint_marks(painter: QPainter, lines: Iterable[Line], folded: Collection[str], width: float) -> None:
    """Paint the marks of lines; of an opened layer the signs of its kinds, or the colors of its field."""
    theme = look.current()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for line in lines:
        if line.entry is None:
            painter.setPen(QPen(theme.color("quiet"), 1.2))
            _paint_fold(painter, line, is_folded=line.group in folded)
        elif line.detail:
            _paint_legend(painter, line, line.entry, width)
        elif rows.glyph_of(line.entry):
            place = QPointF(look.EDGE_PX + rows.BOX_PX + 10 + rows.GLYPH_PX / 2, line.top + rows.ROW_PX / 2)
            painter.setOpacity(1.0 if line.entry.visible else 0.55)
            paint_sprite(painter, f"point.none/{rows.glyph_of(line.entry)}", place, theme)
            painter.setOpacity(1.0)


def detail_pieces(line: Line, entry: LayerEntry, width: float, ground_share: float) -> list[Piece]:
    """Return what is said of an opened layer: its source, day and scales, and the values of its colors."""
    laid: list[Piece] = []
    left = look.EDGE_PX + rows.BOX_PX + 10
    for n, said in enumerate(rows.detail_words(entry, width, ground_share)):
        run = Run(said, look.SECOND_PX, "quiet")
        laid += pieces.line(left, width - look.EDGE_PX + 1, line.top + 14 + n * 20, [run])
    ramp, boxes = rows.ramp_of(entry), rows.ramp_boxes(entry, width)
    top = line.top + line.high - rows.LEGEND_PX
    for (value, _), (box, _) in zip(ramp[::2], boxes[::2], strict=True):
        room = QRectF(box.left() - 12, top + 12, 24, 14)
        laid.append(Text(room, f"{value:g}", look.KEY_PX, "quiet", "center"))
    return laid


def _paint_legend(painter: QPainter, line: Line, entry: LayerEntry, width: float) -> None:
    corner = QPointF(0, line.top + line.high - rows.LEGEND_PX)
    for sign, place in rows.signs_of(entry, width):
        paint_sprite(painter, sign, corner + place, look.current())
    for box, color in rows.ramp_boxes(entry, width):
        painter.fillRect(box.translated(corner), QColor(*color))


def _paint_fold(painter: QPainter, line: Line, *, is_folded: bool) -> None:
    """Paint the mark of a group's head: down while it is open, to the right while it is folded."""
    x, y = (line.left or look.EDGE_PX) + (5 if line.wide else rows.BOX_PX / 2), line.top + line.high / 2
    if is_folded:
        painter.drawPolyline(QPolygonF([QPointF(x - 2, y - 4), QPointF(x + 2, y), QPointF(x - 2, y + 4)]))
    else:
        painter.drawPolyline(QPolygonF([QPointF(x - 4, y - 2), QPointF(x, y + 2), QPointF(x + 4, y - 2)]))
