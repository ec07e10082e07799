"""Paints points: one sprite a state, all points of a drawing in one call."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import shiboken6
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from layers.drawing import Symbols
from models.hazard.level import Level
from widgets.level_mark import paint_level
from widgets.map.frame import Frame
from widgets.theme import THEMES, Theme

# Every sprite has a square of this size in the atlas; its place is the square's middle.
SPRITE_PX = 28
LEVEL_PX = 16
RING_PX = 3.0
_RADIUS_PX = 3.0

_LEVEL_SPRITES = {f"level.{level.value}": level for level in Level if level.is_alarm}


def paint_symbols(painter: QPainter, symbols: Symbols, theme: Theme, frame: Frame) -> None:
    """Paint all points of a drawing that the frame shows; the painter works in device pixels."""
    x, y = frame.x_px(symbols.x_m), frame.y_px(symbols.y_m)
    reach = SPRITE_PX * frame.ratio
    with np.errstate(invalid="ignore"):
        shown = (x > -reach) & (x < frame.width + reach) & (y > -reach) & (y < frame.height + reach)
    count = int(shown.sum())
    if count == 0:
        return
    side = round(SPRITE_PX * frame.ratio)
    fragments = np.zeros((count, 10))
    # An odd square has its middle on half a pixel; so it is put there, and stays sharp.
    half = side % 2 / 2
    fragments[:, 0] = np.floor(x[shown]) + half
    fragments[:, 1] = np.floor(y[shown]) + half
    fragments[:, 2] = symbols.sprite[shown] * float(side)
    fragments[:, 4:6] = side
    fragments[:, 6:8] = 1.0
    fragments[:, 9] = symbols.opacity
    atlas = _atlas(symbols.sprites, theme.name, frame.ratio)
    first: Any = shiboken6.wrapInstance(fragments.ctypes.data, QPainter.PixmapFragment)
    painter.drawPixmapFragments(first, count, atlas)


def paint_sprite(painter: QPainter, sprite: str, center: QPointF, theme: Theme) -> None:
    """Paint one sprite round a place, in logical pixels: for legends and rows of a list."""
    paint = _SPRITES.get(sprite)
    if paint is not None:
        paint(painter, center, theme)
    elif sprite in _LEVEL_SPRITES:
        rect = QRectF(center.x() - LEVEL_PX / 2, center.y() - LEVEL_PX / 2, LEVEL_PX, LEVEL_PX)
        paint_level(painter, rect, _LEVEL_SPRITES[sprite], theme, ring_px=RING_PX)


@lru_cache(maxsize=32)
def _atlas(sprites: tuple[str, ...], theme_name: str, ratio: float) -> QPixmap:
    """Return all sprites of a drawing side by side, in device pixels."""
    side = round(SPRITE_PX * ratio)
    atlas = QPixmap(side * max(1, len(sprites)), side)
    atlas.fill(QColor(0, 0, 0, 0))
    painter = QPainter(atlas)
    for i, sprite in enumerate(sprites):
        painter.save()
        painter.translate(i * side, 0)
        painter.setClipRect(QRectF(0, 0, side, side))
        painter.scale(ratio, ratio)
        paint_sprite(painter, sprite, QPointF(side / ratio / 2, side / ratio / 2), THEMES[theme_name])
        painter.restore()
    painter.end()
    return atlas


def _ring(painter: QPainter, center: QPointF, theme: Theme) -> None:
    """A point without a level: a hollow ring of 6 px on panel color."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(theme.color("panel"))
    painter.setPen(QPen(theme.color("text"), 1.0))
    painter.drawEllipse(center, _RADIUS_PX, _RADIUS_PX)


def _not_judged(painter: QPainter, center: QPointF, theme: Theme) -> None:
    """A point that could not be judged: a dashed ring, never to be taken for a safe one."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(theme.color("panel"))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawEllipse(center, 7.5, 7.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    width, radius, dashes = 1.4, 6.0, 9
    pen = QPen(theme.color("text"), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    dash = 2 * math.pi * radius / dashes / width
    pen.setDashPattern([dash * 0.58, dash * 0.42])
    painter.setPen(pen)
    painter.drawEllipse(center, radius, radius)


def _crowd(painter: QPainter, center: QPointF, theme: Theme) -> None:
    """One of very many points that could not be judged: dashed and hollow, the field shows through it."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    radius, dashes = 3.5, 5
    for token, width in (("panel", 2.6), ("text", 1.1)):
        pen = QPen(theme.color(token), width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        dash = 2 * math.pi * radius / dashes / width
        pen.setDashPattern([dash * 0.6, dash * 0.4])
        painter.setPen(pen)
        painter.drawEllipse(center, radius, radius)


def _gauge(painter: QPainter, center: QPointF, theme: Theme) -> None:
    """A rain gauge: a small open cup."""
    x, y = center.x(), center.y()
    cup = QPolygonF(
        [QPointF(x - 3.5, y - 4.5), QPointF(x - 2.5, y + 3.5), QPointF(x + 2.5, y + 3.5), QPointF(x + 3.5, y - 4.5)]
    )
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("panel"), 3.0))
    painter.setBrush(theme.color("panel"))
    painter.drawPolygon(cup)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.color("quiet"), 1.2))
    painter.drawPolyline(cup)
    painter.drawLine(QPointF(x - 2.9, y), QPointF(x + 2.9, y))


def _silent_gauge(painter: QPainter, center: QPointF, theme: Theme) -> None:
    """A gauge that has fallen silent: the cup struck out."""
    _gauge(painter, center, theme)
    painter.setPen(QPen(theme.color("text"), 1.2))
    painter.drawLine(center + QPointF(-5.5, 5.5), center + QPointF(5.5, -5.5))


def _radar(painter: QPainter, center: QPointF, theme: Theme) -> None:
    """A radar: a mast with two waves."""
    x, y = center.x(), center.y()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((theme.color("panel"), 4.0), (theme.color("text"), 1.2)):
        painter.setPen(QPen(color, width))
        painter.drawLine(QPointF(x, y - 1), QPointF(x, y + 6))
        painter.drawLine(QPointF(x - 3, y + 6), QPointF(x + 3, y + 6))
        painter.drawArc(QRectF(x - 4, y - 5, 8, 8), -50 * 16, 100 * 16)
        painter.drawArc(QRectF(x - 4, y - 5, 8, 8), 130 * 16, 100 * 16)
        painter.drawEllipse(center + QPointF(0, -1), 1.0, 1.0)


def _place(painter: QPainter, center: QPointF, theme: Theme) -> None:
    """Any other place: a small cross."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for color, width in ((theme.color("panel"), 3.5), (theme.color("quiet"), 1.3)):
        painter.setPen(QPen(color, width))
        painter.drawLine(center + QPointF(-3.5, -3.5), center + QPointF(3.5, 3.5))
        painter.drawLine(center + QPointF(-3.5, 3.5), center + QPointF(3.5, -3.5))


_SPRITES: dict[str, Callable[[QPainter, QPointF, Theme], None]] = {
    "point.none": _ring,
    "point.not_judged": _not_judged,
    "point.not_judged.crowd": _crowd,
    "gauge": _gauge,
    "gauge.silent": _silent_gauge,
    "radar": _radar,
    "place": _place,
}
