"""Paints points: one sprite a sign, thousands of points in one call."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import shiboken6
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from layers.drawing import Symbols
from layers.sign import is_alarm, sign_of
from models.geodesy import FloatArray
from models.hazard.level import Level
from widgets.level_mark import paint_level
from widgets.map.frame import Frame
from widgets.map.sign_painter import paint_sign, reach_of
from widgets.map.sprite_atlas import atlas_of
from widgets.theme import Theme

LEVEL_PX = 16
MOST_REACH_PX = 18.0
RING_PX = 3.0
# So many points are painted in one call: about a millisecond.
BATCH = 1000
_RADIUS_PX = 3.0

_LEVEL_SPRITES = {f"level.{level.value}": level for level in Level if level.is_alarm}


def paint_symbols(
    painter: QPainter, symbols: Symbols, theme: Theme, frame: Frame, *, alarms: bool | None = None
) -> Iterator[None]:
    """Paint all points of a drawing that the frame shows, batch by batch; the painter works in device pixels.

    ``alarms``: only those that stand for a level, or only the others; all if None.
    """
    wanted = np.ones(len(symbols.sprites), bool)
    if alarms is not None:
        wanted = np.array([is_alarm(sprite) is alarms for sprite in symbols.sprites] or [False], bool)
        if not wanted.any():
            return
    x, y = frame.x_px(symbols.x_m), frame.y_px(symbols.y_m)
    reach = MOST_REACH_PX * frame.ratio
    with np.errstate(invalid="ignore"):
        inside = (x > -reach) & (x < frame.width + reach) & (y > -reach) & (y < frame.height + reach)
    shown = np.flatnonzero(inside if alarms is None else inside & wanted[symbols.sprite])
    if len(shown) == 0:
        return
    used = np.zeros(len(symbols.sprites), bool)
    used[symbols.sprite[shown]] = True
    which = np.flatnonzero(used)
    atlas = atlas_of(theme.name, frame.ratio, reach_of_sprite, paint_sprite)
    slots = np.zeros((len(used), 3))
    slots[which] = atlas.slots([symbols.sprites[i] for i in which.tolist()])
    yield
    for start in range(0, len(shown), BATCH):
        at = shown[start : start + BATCH]
        fragments = _fragments(x[at], y[at], slots[symbols.sprite[at]], symbols.opacity)
        first: Any = shiboken6.wrapInstance(fragments.ctypes.data, QPainter.PixmapFragment)
        painter.drawPixmapFragments(first, len(at), atlas.pixmap)
        yield


def _fragments(x: FloatArray, y: FloatArray, slots: FloatArray, opacity: float) -> FloatArray:
    """Return (n, 10) what Qt calls pixmap fragments: place, source, scale, turn, opacity."""
    out = np.zeros((len(x), 10))
    # An odd square has its middle on half a pixel; so it is put there, and stays sharp.
    half = slots[:, 2] % 2 / 2
    out[:, 0] = np.floor(x) + half
    out[:, 1] = np.floor(y) + half
    out[:, 2:4] = slots[:, :2]
    out[:, 4] = out[:, 5] = slots[:, 2]
    out[:, 6:8] = 1.0
    out[:, 9] = opacity
    return out


def paint_sprite(painter: QPainter, sprite: str, center: QPointF, theme: Theme) -> None:
    """Paint one sprite round a place, in logical pixels: for legends and rows of a list."""
    paint = _SPRITES.get(sprite)
    if paint is not None:
        paint[1](painter, center, theme)
        return
    if sprite in _LEVEL_SPRITES:
        rect = QRectF(center.x() - LEVEL_PX / 2, center.y() - LEVEL_PX / 2, LEVEL_PX, LEVEL_PX)
        paint_level(painter, rect, _LEVEL_SPRITES[sprite], theme, ring_px=RING_PX)
        return
    sign = sign_of(sprite)
    if sign is not None:
        paint_sign(painter, sign, center, theme)


@lru_cache(maxsize=4096)
def reach_of_sprite(sprite: str) -> float:
    """Return how far from its place a sprite reaches, logical px; 0 for one that is not known."""
    paint = _SPRITES.get(sprite)
    if paint is not None:
        return paint[0]
    if sprite in _LEVEL_SPRITES:
        return MOST_REACH_PX - 4
    sign = sign_of(sprite)
    return 0.0 if sign is None else reach_of(sign)


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


# How far each reaches from its place, and what paints it.
_SPRITES: dict[str, tuple[float, Callable[[QPainter, QPointF, Theme], None]]] = {
    "point.none": (5.0, _ring),
    "point.not_judged": (9.0, _not_judged),
    "point.not_judged.crowd": (6.0, _crowd),
    "gauge": (8.0, _gauge),
    "gauge.silent": (9.0, _silent_gauge),
    "radar": (10.0, _radar),
    "place": (7.0, _place),
}
