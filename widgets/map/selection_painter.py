"""Paints what is selected: an outline round an area, four corners round a point."""

from __future__ import annotations

import math
from collections.abc import Iterable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from layers.drawing import Areas, Drawing, Symbols
from widgets.map.frame import Frame
from widgets.map.ink import Ink
from widgets.map.line_painter import polyline

_OUTLINE_PX = 2.0
_CORNER_PX, _REACH_PX = 7.0, 15.0


def paint_selected_area(painter: QPainter, items: Iterable[Drawing], area_id: str, ink: Ink, frame: Frame) -> None:
    """Outline every ring of the area of that id; nothing for an empty id. The painter works in device pixels."""
    if not area_id:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(ink.theme.color("outline"), _OUTLINE_PX * frame.ratio)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    for item in items:
        if isinstance(item, Areas) and area_id in item.ids:
            for i in (i for i, ring_id in enumerate(item.ids) if ring_id == area_id):
                painter.drawPolyline(polyline(frame.pixels(item.xy[item.starts[i] : item.starts[i + 1]])))


def paint_selected_point(painter: QPainter, items: Iterable[Drawing], point_id: str, ink: Ink, frame: Frame) -> None:
    """Put four corners round the symbol of that id, where it is drawn; nothing for an empty id."""
    place = _place_of(items, point_id)
    if place is None:
        return
    x = math.floor((place[0] - frame.west_m) / frame.meters_per_pixel)
    y = math.floor((frame.north_m - place[1]) / frame.meters_per_pixel)
    reach, length = _REACH_PX * frame.ratio, _CORNER_PX * frame.ratio
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for color, width in ((ink.theme.color("panel"), 5.0), (ink.theme.color("outline"), _OUTLINE_PX)):
        pen = QPen(color, width * frame.ratio)
        pen.setCapStyle(Qt.PenCapStyle.SquareCap)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        for right in (-1, 1):
            for down in (-1, 1):
                corner = QPointF(x + right * reach, y + down * reach)
                painter.drawPolyline([corner - QPointF(right * length, 0), corner, corner - QPointF(0, down * length)])


def _place_of(items: Iterable[Drawing], point_id: str) -> tuple[float, float] | None:
    for item in items if point_id else ():
        if isinstance(item, Symbols) and point_id in item.ids:
            at = item.ids.index(point_id)
            return float(item.x_m[at]), float(item.y_m[at])
    return None
