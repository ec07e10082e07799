"""Paints signs of points: the kind as a glyph, the state as the shape round it.

Readable without color: a ring is no level, a dashed ring not judged, ● ▲ ◆ ■ are
levels; a stroke across says that the position is doubtful, a notch that something
is overdue, a small hollow ring that it is out of its period.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from layers.sign import ClusterSign, Sign
from models.hazard.level import Level
from widgets import theme as look
from widgets.level_mark import paint_level
from widgets.map.glyphs import paint_glyph
from widgets.theme import Theme

RING_RADIUS_PX = 10.0
"""Half of the neutral ring of 20 px."""
CLUSTER_REACH_PX = 16.0
_LEVEL_SIDE_PX = {Level.BLUE: 24.0, Level.YELLOW: 28.0, Level.ORANGE: 28.0, Level.RED: 23.0}
# Where the widest free circle of a shape lies below the shape's middle.
_GLYPH_DOWN_PX = {Level.YELLOW: 4.4}
_LEVEL_HALO_PX = 1.5
_HALO_PX = 1.5
_SMALL_RADIUS_PX = 4.5
_DASHES = 10
_STRIKE_FROM_PX, _STRIKE_TO_PX = 7.0, 14.0


def reach_of(sign: Sign | ClusterSign) -> float:
    """Return how far from its place a sign reaches, logical px."""
    if isinstance(sign, ClusterSign):
        return CLUSTER_REACH_PX
    if sign.level.is_alarm:
        return _LEVEL_SIDE_PX[sign.level] / 2 + _LEVEL_HALO_PX + 2.5
    if sign.inactive:
        return _SMALL_RADIUS_PX + 2.0
    return RING_RADIUS_PX + (5.0 if sign.doubtful else 2.5)


def paint_sign(painter: QPainter, sign: Sign | ClusterSign, center: QPointF, theme: Theme) -> None:
    """Paint a sign round a place, in logical pixels."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if isinstance(sign, ClusterSign):
        _cluster(painter, sign, center, theme)
    elif sign.level.is_alarm:
        _level(painter, sign, center, theme)
    elif sign.inactive:
        _inactive(painter, center, theme)
    else:
        _ring(painter, sign, center, theme)
    painter.restore()


def _level(painter: QPainter, sign: Sign, center: QPointF, theme: Theme) -> None:
    side = _LEVEL_SIDE_PX[sign.level]
    rect = QRectF(center.x() - side / 2, center.y() - side / 2, side, side)
    paint_level(painter, rect, sign.level, theme, ring_px=_LEVEL_HALO_PX)
    down = QPointF(0, _GLYPH_DOWN_PX.get(sign.level, 0.0))
    paint_glyph(painter, sign.glyph, center + down, theme.level_text(sign.level))
    _flags(painter, sign, center, theme)


def _ring(painter: QPainter, sign: Sign, center: QPointF, theme: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("panel"))
    painter.drawEllipse(center, RING_RADIUS_PX + _HALO_PX, RING_RADIUS_PX + _HALO_PX)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if sign.level is Level.NOT_JUDGED:
        painter.setPen(_dashed(theme.color("text"), 1.5, RING_RADIUS_PX - 0.25, _DASHES))
        painter.drawEllipse(center, RING_RADIUS_PX - 0.25, RING_RADIUS_PX - 0.25)
    else:
        painter.setPen(QPen(theme.color("text"), 1.0))
        painter.drawEllipse(center, RING_RADIUS_PX - 0.5, RING_RADIUS_PX - 0.5)
    paint_glyph(painter, sign.glyph, center, theme.color("text"))
    _flags(painter, sign, center, theme)


def _inactive(painter: QPainter, center: QPointF, theme: Theme) -> None:
    """Out of its period: small and hollow, what lies under it shows through."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for token, width in (("panel", 3.0), ("quiet", 1.2)):
        painter.setPen(QPen(theme.color(token), width))
        painter.drawEllipse(center, _SMALL_RADIUS_PX, _SMALL_RADIUS_PX)


def _flags(painter: QPainter, sign: Sign, center: QPointF, theme: Theme) -> None:
    text, panel = theme.color("text"), theme.color("panel")
    if sign.doubtful:  # struck at both ends, so that the glyph stays readable
        for color, width in ((panel, 4.2), (text, 1.8)):
            painter.setPen(QPen(color, width, c=Qt.PenCapStyle.FlatCap))
            for side in (-1, 1):
                ray = QPointF(side, -side) * math.sqrt(0.5)
                painter.drawLine(center + ray * _STRIKE_FROM_PX, center + ray * _STRIKE_TO_PX)
    if sign.overdue:  # a wedge cut into the upper left
        out = -RING_RADIUS_PX * math.sqrt(0.5)
        wedge = QPolygonF(
            [
                center + QPointF(out - 1.5, out + 4.5),
                center + QPointF(out + 4.5, out - 1.5),
                center + QPointF(out + 4, out + 4),
            ]
        )
        painter.setPen(QPen(panel, 1.6, j=Qt.PenJoinStyle.MiterJoin))
        painter.setBrush(text)
        painter.drawPolygon(wedge)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawPolygon(wedge)


def _cluster(painter: QPainter, sign: ClusterSign, center: QPointF, theme: Theme) -> None:
    text, panel = theme.color("text"), theme.color("panel")
    outer, inner = CLUSTER_REACH_PX - 2.0, CLUSTER_REACH_PX - 4.5
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(panel)
    painter.drawEllipse(center, outer + 1.0, outer + 1.0)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if sign.not_judged:
        painter.setPen(_dashed(text, 1.6, outer, _DASHES))
    else:
        painter.setPen(_dashed(theme.color("quiet"), 1.0, outer, 24))
    painter.drawEllipse(center, outer, outer)
    painter.setPen(QPen(text, 1.0))
    painter.drawEllipse(center, inner, inner)
    words = count_words(sign.count)
    font = look.font(look.KEY_PX)
    font.setPixelSize({1: 13, 2: 13, 3: 11}.get(len(words), 9))
    painter.setFont(font)
    painter.drawText(QRectF(center.x() - 16, center.y() - 9, 32, 18), Qt.AlignmentFlag.AlignCenter, words)


def count_words(count: int) -> str:
    """Return a count as it fits into a ring: to the thing below 1,000, rounded down to the thousand above."""
    return str(count) if count < 1000 else f"{count // 1000}k+"


def _dashed(color: QColor, width: float, radius: float, dashes: int) -> QPen:
    pen = QPen(color, width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    dash = 2 * math.pi * radius / dashes / width
    pen.setDashPattern([dash * 0.58, dash * 0.42])
    return pen
