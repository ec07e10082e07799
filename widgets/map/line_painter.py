"""Paints lines and areas: one call a line, never one path of them all, in steps of about a millisecond."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from layers.drawing import Areas, Lines
from models.geodesy import FloatArray
from widgets.map.frame import Frame
from widgets.map.ink import HAIRLINE, AreaInk, LineInk

# So far outside the frame a line is still painted, for its width.
_REACH_PX = 16.0
# So many vertices make one step: about a millisecond.
_STEP_VERTICES = 2000
_PORTION_VERTICES = 16_000


def paint_lines(painter: QPainter, lines: Lines, ink: LineInk, frame: Frame) -> Iterator[None]:
    """Paint all lines of a drawing that the frame shows, in steps; the painter works in device pixels."""
    painter.save()
    try:
        painter.setOpacity(lines.opacity)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        polygons: list[QPolygonF] = []
        for first, last in _portions(lines.starts):
            polygons += _visible(lines.xy, lines.starts[first : last + 1], frame)
            yield
        if ink.halo is not None:
            yield from _stroke(painter, polygons, _pen(ink.halo, ink.halo_width, frame.ratio))
        if ink.case is not None:
            yield from _stroke(painter, polygons, _pen(ink.case, ink.case_width, frame.ratio, ink.dash))
        yield from _stroke(painter, polygons, _pen(ink.color, ink.width, frame.ratio, ink.dash))
    finally:  # whoever drops the work in the middle leaves the painter as it was
        painter.restore()


def paint_areas(painter: QPainter, areas: Areas, ink: AreaInk, frame: Frame) -> Iterator[None]:
    """Paint all areas of a drawing, in steps; rings of one id make one area with holes."""
    painter.save()
    try:
        painter.setOpacity(areas.opacity)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        brushes = ink.brushes()
        painter.setPen(Qt.PenStyle.NoPen if ink.edge is None else _pen(ink.edge.color, ink.edge.width, frame.ratio))
        first = 0
        while first < len(areas.ids):
            last = first + 1
            while last < len(areas.ids) and areas.ids[last] == areas.ids[first]:
                last += 1
            rings = list(_visible(areas.xy, areas.starts[first : last + 1], frame))
            path = QPainterPath()
            path.setFillRule(Qt.FillRule.OddEvenFill)
            for ring in rings if len(rings) > 1 else ():
                path.addPolygon(ring)
            for brush in brushes if rings else ():
                painter.setBrush(brush)
                if len(rings) == 1:
                    painter.drawPolygon(rings[0])
                else:
                    painter.drawPath(path)
            first = last
            if rings:
                yield
    finally:  # whoever drops the work in the middle leaves the painter as it was
        painter.restore()


def polyline(xy: FloatArray) -> QPolygonF:
    """Return (n, 2) pixels as Qt's polyline, copied in one go."""
    made = QPolygonF()
    made.resize(len(xy))
    if len(xy):
        memory: Any = shiboken6.VoidPtr
        np.frombuffer(memory(made.data(), xy.size * 8, True), np.float64).reshape(-1, 2)[:] = xy
    return made


def _visible(xy: FloatArray, starts: NDArray[np.int64], frame: Frame) -> Iterator[QPolygonF]:
    """Yield the lines whose bounds touch the frame, in device pixels."""
    counts = np.diff(starts)
    firsts = starts[:-1][counts > 0]
    if len(firsts) == 0:
        return
    pixels = frame.pixels(xy[starts[0] : starts[-1]])
    at = firsts - starts[0]
    low = np.minimum.reduceat(pixels, at, axis=0)
    high = np.maximum.reduceat(pixels, at, axis=0)
    size = np.array([frame.width, frame.height])
    shown = ((high >= -_REACH_PX) & (low <= size + _REACH_PX)).all(axis=1)
    ends = np.append(at[1:], len(pixels))
    for first, last in zip(at[shown].tolist(), ends[shown].tolist(), strict=True):
        yield polyline(pixels[first:last])


def _portions(starts: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Yield first and last line of portions of so many vertices that one takes about a millisecond."""
    first, count = 0, len(starts) - 1
    while first < count:
        last = int(np.searchsorted(starts, starts[first] + _PORTION_VERTICES))
        last = max(first + 1, min(last, count))
        yield first, last
        first = last


def _stroke(painter: QPainter, polygons: list[QPolygonF], pen: QPen) -> Iterator[None]:
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    vertices = 0
    for polygon in polygons:
        painter.drawPolyline(polygon)
        vertices += polygon.size()
        if vertices > _STEP_VERTICES:
            vertices = 0
            yield


def _pen(color: QColor, width: float, ratio: float, dash: tuple[float, ...] = ()) -> QPen:
    """Return a pen of logical pixels; a hairline is one device pixel."""
    device = 1.0 if width == HAIRLINE else width * ratio
    pen = QPen(color, device)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    if dash:
        # Dashes are given in logical pixels; Qt counts them in widths of the pen.
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([part * ratio / device for part in dash])
    return pen
