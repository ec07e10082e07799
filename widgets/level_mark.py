"""A level as a shape: ● blue, ▲ yellow, ◆ orange, ■ red, ○ none, a dashed ring for not judged.

Every shape has a 1 px edge in the text color, or yellow is lost on white and
blue on black.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from models.hazard.level import Level
from widgets import theme as look
from widgets.theme import Theme


def paint_level(
    painter: QPainter, rect: QRectF, level: Level, theme: Theme, *, hollow: QColor | None = None, ring_px: float = 0.0
) -> None:
    """Paint a level's shape into a square, centered.

    Parameters
    ----------
    painter : QPainter
        Left as it was.
    rect : QRectF, logical px
        Room for the shape; the larger side is not used.
    level : Level
        ``NONE`` is a thin hollow ring, ``NOT_JUDGED`` a dashed one.
    theme : Theme
        Gives fill and edge.
    hollow : QColor | None
        Outline only, in this color: for a mark that stands on its own level's fill.
    ring_px : float, logical px
        Width of a ring of panel color under the shape, for marks on the map.
    """
    side = min(rect.width(), rect.height())
    center = rect.center()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if ring_px > 0:
        painter.setPen(QPen(theme.color("panel"), 2 * ring_px + 1, j=Qt.PenJoinStyle.RoundJoin))
        painter.setBrush(theme.color("panel"))
        _draw(painter, center, side, level)
    pen = QPen(hollow or theme.color("text"), 1.0 if hollow is None else 1.5, j=Qt.PenJoinStyle.MiterJoin)
    painter.setBrush(Qt.BrushStyle.NoBrush if hollow or not level.is_alarm else theme.level_fill(level))
    if level is Level.NOT_JUDGED:
        pen.setWidthF(1.5)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([1.6, 1.5])
    painter.setPen(pen)
    _draw(painter, center, side, level)
    painter.restore()


def _draw(painter: QPainter, center: QPointF, side: float, level: Level) -> None:
    half = side / 2 - 0.5
    x, y = center.x(), center.y()
    if level is Level.YELLOW:
        high = half * 0.92
        painter.drawPolygon(QPolygonF([QPointF(x, y - high), QPointF(x + half, y + high), QPointF(x - half, y + high)]))
    elif level is Level.ORANGE:
        painter.drawPolygon(
            QPolygonF([QPointF(x, y - half), QPointF(x + half, y), QPointF(x, y + half), QPointF(x - half, y)])
        )
    elif level is Level.RED:
        cut = round(half * 0.86)
        painter.drawRect(QRectF(x - cut, y - cut, 2 * cut, 2 * cut))
    else:
        radius = half * (0.9 if level.is_alarm or level is Level.NOT_JUDGED else 0.7)
        painter.drawEllipse(center, radius, radius)


class LevelMark(QWidget):
    """A level's shape as a small widget."""

    def __init__(
        self, level: Level = Level.NONE, parent: QWidget | None = None, *, size_px: int = look.MARK_PX
    ) -> None:
        super().__init__(parent)
        self._level = level
        self._size_px = size_px
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_level(self, level: Level) -> None:
        """Show another level."""
        self._level = level
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._size_px, self._size_px)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_level(painter, QRectF(self.rect()), self._level, look.current())
        painter.end()
