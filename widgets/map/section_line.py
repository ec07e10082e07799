"""The line of a section on the map: picked by two clicks, dragged by its ends or as a whole."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QRegion
from PySide6.QtWidgets import QWidget

from layers.map_view import MapView
from models.geodesy import FloatArray, to_lonlat, to_mercator
from models.radar.section import Place, nodes_between
from widgets import theme as look
from widgets.map.canvas import MapCanvas
from widgets.theme import Theme

Pick = Literal["", "line", "place"]
Line = tuple[Place, Place]

HIT_PX = 12.0
_LINE_HIT_PX = 7.0
_DRAG_PX = 5.0
_HANDLE_PX = 18.0
_PARTS = 12
_AROUND = (-14.0, -14.0, 14.0, 14.0)


def paint_line(painter: QPainter, places: list[QPointF], theme: Theme) -> None:
    """Paint a cased line: the panel's color under the outline's."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for color, width in (("panel", 5.0), ("outline", 2.0)):
        pen = QPen(theme.color(color), width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF(places))


def paint_handle(painter: QPainter, place: QPointF, letter: str, theme: Theme) -> None:
    """Paint one end: a small square with its letter."""
    half = _HANDLE_PX / 2
    box = QRectF(place.x() - half, place.y() - half, _HANDLE_PX, _HANDLE_PX)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("outline"), 2.0))
    painter.setBrush(theme.color("panel"))
    painter.drawRoundedRect(box, look.RADIUS_PX, look.RADIUS_PX)
    painter.setFont(look.font(look.KEY_PX))
    painter.setPen(theme.color("text"))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), letter)


def paint_tick(painter: QPainter, place: QPointF, theme: Theme) -> None:
    """Paint where on the line the cursor of the picture stands: a small cased ring."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in (("panel", 5.0), ("outline", 2.0)):
        painter.setPen(QPen(theme.color(color), width))
        painter.drawEllipse(place, 5.0, 5.0)


class SectionLine(QWidget):
    """A sheet over the map that holds the line; what does not touch the line goes to the map below.

    Signals
    -------
    line_changing(object)  the hand moves the line; carries (A, B), each (lon, lat)
    line_set(object)       the hand has let go
    place_picked(object)   a place was clicked while one is asked for; carries (lon, lat)
    """

    line_changing = Signal(object)
    line_set = Signal(object)
    place_picked = Signal(object)

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._picking: Pick = ""
        self._line: Line | None = None
        self._place: Place | None = None
        self._share: float | None = None
        self._fixed = False
        self._grip: Literal["", "new", "A", "B", "whole", "place"] = ""
        self._press = QPointF()
        self._press_line: tuple[QPointF, QPointF] = (QPointF(), QPointF())
        self.setMouseTracking(True)
        self.setGeometry(canvas.rect())
        canvas.installEventFilter(self)
        self._painted = QRegion()
        canvas.view_changing.connect(lambda _: self.update())
        canvas.view_changed.connect(lambda _: self.update())
        self.hide()

    # What is shown

    @property
    def line(self) -> Line | None:
        """The ends A and B."""
        return self._line

    def ask(self, pick: Pick) -> None:
        """Wait for a line (two clicks), or for a place (one click); empty for neither."""
        self._picking, self._grip = pick, ""
        self.setVisible(bool(pick) or self._line is not None or self._place is not None)
        self._show_hand(None)
        self._changed()

    def show_line(self, line: Line | None, *, fixed: bool = False) -> None:
        """Show a line; None takes it away. A ``fixed`` one, that of an RHI, has no ends to drag."""
        self._line, self._fixed = line, fixed
        self.setVisible(line is not None or bool(self._picking) or self._place is not None)
        self._changed()

    def show_place(self, place: Place | None) -> None:
        """Mark a place; None takes the mark away."""
        self._place = place
        self.setVisible(place is not None or bool(self._picking) or self._line is not None)
        self._changed()

    def show_share(self, share: float | None) -> None:
        """Mark where on the line the picture's cursor stands, 0..1 from A; None for nowhere."""
        if share != self._share:
            self._share = share
            self._changed()

    # Painting

    def _changed(self) -> None:
        """Paint anew where something stood and where something stands: the map under all the rest stays as it is."""
        region = QRegion()
        if self._line is not None:
            ends = (self._pixel(self._line[0]), self._pixel(self._line[1]))
            step = (ends[1] - ends[0]) * (1.0 / _PARTS)
            for part in range(_PARTS):
                first = ends[0] + step * float(part)
                region += QRectF(first, first + step).normalized().adjusted(*_AROUND).toAlignedRect()
        if self._place is not None:
            spot = self._pixel(self._place)
            region += QRectF(spot, spot).adjusted(*_AROUND).toAlignedRect()
        self.update(region.united(self._painted))
        self._painted = region

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = look.current()
        painter = QPainter(self)
        if self._line is not None:
            start, end = self._line
            lon, lat, _ = nodes_between(start, end)
            places = _pixels(self._canvas.view(), lon, lat)
            paint_line(painter, places, theme)
            if self._share is not None:
                at = min(max(self._share, 0.0), 1.0) * (len(places) - 1)
                left = min(int(at), len(places) - 2)
                paint_tick(painter, places[left] + (places[left + 1] - places[left]) * (at - left), theme)
            if not self._fixed:
                paint_handle(painter, places[0], "A", theme)
                paint_handle(painter, places[-1], "B", theme)
        if self._place is not None:
            spot = self._pixel(self._place)
            paint_tick(painter, spot, theme)
        painter.end()

    # The hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        here = event.position()
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._press = here
        if self._grip == "new":
            self._finish(here)
        elif self._picking == "line":
            self._grip = "new"
            place = self._lonlat(here)
            self._line, self._fixed = (place, place), False
            self._changed()
        elif self._picking == "place":
            self._grip = "place"
            event.ignore()  # the map may be dragged while a place is asked for
        else:
            self._grip = self._part_at(here)
            if self._line is not None:
                self._press_line = (self._pixel(self._line[0]), self._pixel(self._line[1]))
            if not self._grip:
                event.ignore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._picking == "line" or self._grip or self._part_at(event.position()):
            self.mousePressEvent(event)
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        here = event.position()
        held = bool(event.buttons() & Qt.MouseButton.LeftButton)
        if self._grip == "new" or (held and self._grip in {"A", "B", "whole"}):
            self._move_to(here)
            return
        if not held:
            self._show_hand(here)
        event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        here = event.position()
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
        elif self._grip == "new":
            if _far(here, self._press):
                self._finish(here)  # pressed at A, let go at B
        elif self._grip == "place":
            self._grip = ""
            if not _far(here, self._press):
                self.place_picked.emit(self._lonlat(here))
            event.ignore()
        elif self._grip:
            self._grip = ""
            if self._line is not None and _far(here, self._press):
                self.line_set.emit(self._line)
        else:
            event.ignore()

    def _finish(self, here: QPointF) -> None:
        if self._line is None or not _far(here, self._pixel(self._line[0])):
            return  # the second click of a double click: B is still to come
        self._picking, self._grip = "", ""
        self._line = (self._line[0], self._lonlat(here))
        self._show_hand(here)
        self._changed()
        self.line_set.emit(self._line)

    def _move_to(self, here: QPointF) -> None:
        if self._line is None:
            return
        start, end = self._line
        moved = here - self._press
        if self._grip == "A":
            self._line = (self._lonlat(self._press_line[0] + moved), end)
        elif self._grip == "B":
            self._line = (start, self._lonlat(self._press_line[1] + moved))
        elif self._grip == "whole":
            self._line = (self._lonlat(self._press_line[0] + moved), self._lonlat(self._press_line[1] + moved))
        else:
            self._line = (start, self._lonlat(here))
        self._changed()
        self.line_changing.emit(self._line)

    def _part_at(self, here: QPointF) -> Literal["", "A", "B", "whole"]:
        """Return what of the line lies under a place."""
        if self._line is None or self._fixed:
            return ""
        start, end = self._pixel(self._line[0]), self._pixel(self._line[1])
        if not _far(here, end, HIT_PX):
            return "B"
        if not _far(here, start, HIT_PX):
            return "A"
        along, off = end - start, here - start
        length = along.x() ** 2 + along.y() ** 2
        share = min(max(QPointF.dotProduct(along, off) / length, 0.0), 1.0) if length else 0.0
        return "" if _far(here, start + along * share, _LINE_HIT_PX) else "whole"

    def _show_hand(self, here: QPointF | None) -> None:
        """Show by the cursor what a press would do."""
        if self._picking:
            self.setCursor(Qt.CursorShape.CrossCursor)
            return
        part = self._part_at(here) if here is not None else ""
        if part:
            self.setCursor(Qt.CursorShape.SizeAllCursor)
        else:
            self.unsetCursor()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the map."""
        if event.type() == QEvent.Type.Resize and watched is self._canvas:
            self.setGeometry(self._canvas.rect())
        return False

    def _lonlat(self, spot: QPointF) -> Place:
        x_m, y_m = self._canvas.view().to_map(spot.x(), spot.y())
        lon, lat = to_lonlat(np.array([x_m]), np.array([y_m]))
        return float(lon[0]), float(lat[0])

    def _pixel(self, place: Place) -> QPointF:
        return _pixels(self._canvas.view(), np.array([place[0]]), np.array([place[1]]))[0]


def _pixels(view: MapView, lon_deg: FloatArray, lat_deg: FloatArray) -> list[QPointF]:
    x, y = view.to_pixels(*to_mercator(lon_deg, lat_deg))
    return [QPointF(float(a), float(b)) for a, b in zip(x, y, strict=True)]


def _far(one: QPointF, other: QPointF, px: float = _DRAG_PX) -> bool:
    return math.hypot(one.x() - other.x(), one.y() - other.y()) >= px
