"""Ruler and lasso: corners clicked on the map, with length, bearing and area written beside them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QWidget

from models.geodesy import crosses_itself, leg, ring_area_m2, to_lonlat, to_mercator
from widgets import pieces, words
from widgets import theme as look
from widgets.action_button import ActionButton
from widgets.map.canvas import MapCanvas
from widgets.panel_head import PanelHead
from widgets.theme import Theme

Mode = Literal["", "ruler", "area", "pick"]
Corner = tuple[float, float]

_CLICK_PX = 5.0
_CORNER_PX = 7.0
_LABEL_OFF_PX = 10.0
_LABEL_HIGH_PX = 20.0
_KM_FROM_M = 1000.0
_FINE_BELOW_KM = 10.0
_LEAST_RING = 3
_BAR_TOP_PX, _BAR_GAP_PX, _BAR_END_PX = 76, 6, 8


def length_words(length_m: float) -> str:
    """Return a length: whole meters below one kilometer, then km with two places, from 10 km on with one."""
    if length_m < _KM_FROM_M:
        return f"{length_m:.0f} m"
    km = length_m / _KM_FROM_M
    return f"{words.number(km, 2 if km < _FINE_BELOW_KM else 1)} km"


def area_words(area_m2: float) -> str:
    """Return an area: hectares below one square kilometer, then km² with two places."""
    return f"{area_m2 / 1e4:.2f} ha" if area_m2 < 1e6 else f"{words.number(area_m2 / 1e6, 2)} km²"


class MeasureSheet(QWidget):
    """A sheet over the map that takes clicks while something is measured; a drag still moves the map below.

    Signals
    -------
    corners_changed(object)  the corners (lon, lat) so far
    area_set(object)         a closed area was drawn; carries its corners
    area_wanted(float, float)  the area at a place (lon, lat) is to be taken, or at the same place the next larger one
    pick_wanted()            an area that is there shall be taken, or drawn again
    ended()                  nothing is measured any more
    """

    corners_changed = Signal(object)
    area_set = Signal(object)
    area_wanted = Signal(float, float)
    pick_wanted = Signal()
    ended = Signal()

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._mode: Mode = ""
        self._corners: tuple[Corner, ...] = ()
        self._cursor: Corner | None = None
        self._done = False
        self._press: QPointF | None = None
        self._picked: tuple[tuple[Corner, ...], ...] = ()
        self._bar = QWidget(self)
        self._hint = PanelHead("", self._bar, line=False)
        self._pick = ActionButton(self.tr("Take an area"), "Q", self._bar)
        self._undo = ActionButton(self.tr("One back"), "Backspace", self._bar)
        self._finish = ActionButton(self.tr("Done"), "Return", self._bar)
        self._close = ActionButton(self.tr("Close"), "Escape", self._bar)
        self._fill_bar()
        self.setMouseTracking(True)
        self.setGeometry(canvas.rect())
        canvas.installEventFilter(self)
        canvas.view_changing.connect(lambda _: self.update())
        canvas.view_changed.connect(lambda _: self.update())
        self.hide()

    def _fill_bar(self) -> None:
        """Hang the strip with what to do, and its three keys, into the middle of the map's upper edge."""
        self._bar.setCursor(Qt.CursorShape.ArrowCursor)
        self._bar.setAutoFillBackground(True)
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(0, 4, _BAR_END_PX, 4)
        row.setSpacing(_BAR_GAP_PX)
        row.addWidget(self._hint, 1)
        acts = (
            (self._pick, self.pick_wanted.emit), (self._undo, self.back), (self._finish, self.finish),
            (self._close, self.end),
        )  # fmt: skip
        for button, act in acts:
            button.clicked.connect(act)
            row.addWidget(button)

    def _place_bar(self) -> None:
        free = self._canvas.free_room()
        buttons = [one for one in (self._pick, self._undo, self._finish, self._close) if not one.isHidden()]
        words = pieces.width_of(self._hint.title) + 2 * look.EDGE_PX
        wanted = words + sum(one.sizeHint().width() + _BAR_GAP_PX for one in buttons) + _BAR_END_PX
        wide = min(math.ceil(wanted), round(free.width()) - 24)
        high = self._bar.sizeHint().height()
        self._bar.setGeometry(round(free.center().x() - wide / 2), round(free.top()) + _BAR_TOP_PX, wide, high)

    @property
    def mode(self) -> Mode:
        """What is measured: ``ruler``, ``area``, an area to be taken (``pick``), or nothing."""
        return self._mode

    @property
    def corners(self) -> tuple[Corner, ...]:
        """The corners so far, (lon, lat) degrees."""
        return self._corners

    @property
    def done(self) -> bool:
        """Whether the last corner is set; the next click begins anew."""
        return self._done

    def begin(self, mode: Mode) -> None:
        """Wait for the first corner."""
        self._mode, self._corners, self._cursor, self._done = mode, (), None, False
        self._picked = ()
        hints = {
            "ruler": self.tr("Ruler: click corners"),
            "area": self.tr("Click corners; double click closes"),
            "pick": self.tr("Click a town, a zone, an area"),
        }
        self._hint.show_title(hints.get(mode, ""))
        self._pick.setVisible(mode in {"area", "pick"})
        self._pick.setText(self.tr("Draw") if mode == "pick" else self.tr("Take an area"))
        self._pick.updateGeometry()
        for button in (self._undo, self._finish):
            button.setVisible(mode != "pick")
        self._place_bar()
        self.setVisible(bool(mode))
        self.raise_()
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.update()

    def show_picked(self, rings: Iterable[Sequence[Corner]]) -> None:
        """Outline the area that was taken, (lon, lat) of its rings."""
        self._picked = tuple(tuple(ring) for ring in rings)
        self.update()

    def end(self) -> None:
        """Take everything away."""
        if self._mode:
            self.begin("")
            self.ended.emit()

    def finish(self) -> None:
        """Set what stands as the whole: an area is closed, a ruler keeps its corners."""
        if self._done or self._mode not in {"ruler", "area"}:
            return
        if self._mode == "area" and len(self._corners) < _LEAST_RING:
            return
        self._done, self._cursor = len(self._corners) > 1, None
        self.update()
        if self._mode == "area":
            self.area_set.emit(self._corners)

    def back(self) -> None:
        """Take the last corner away."""
        if self._corners:
            self._corners, self._done = self._corners[:-1], False
            self.corners_changed.emit(self._corners)
            self.update()

    # What is written

    def labels(self) -> list[tuple[QPointF, str]]:
        """Return what is written beside the corners: the way so far, at the end with the last leg's bearing."""
        path = self._path()
        out: list[tuple[QPointF, str]] = []
        total = 0.0
        for i in range(1, len(path)):
            length, bearing = leg(path[i - 1], path[i])
            total += length
            last = i == len(path) - 1
            said = length_words(total)
            if last:
                said += f"  {bearing:.0f}°"
                if i > 1:
                    said = "  ".join((said, self.tr("leg"), length_words(length)))
            if last or self._mode == "ruler":
                out.append((self._pixel(path[i]), said))
        if self._mode == "area" and len(path) >= _LEAST_RING:
            spots = [self._pixel(corner) for corner in path]
            middle = QPointF(sum(s.x() for s in spots) / len(spots), sum(s.y() for s in spots) / len(spots))
            said = area_words(ring_area_m2(list(path)))
            if crosses_itself(list(path)):
                said = "  ".join((said, self.tr("crosses itself")))
            out.append((middle, said))
        return out

    def _path(self) -> tuple[Corner, ...]:
        return self._corners if self._cursor is None or self._done else (*self._corners, self._cursor)

    def paintEvent(self, _event: QPaintEvent) -> None:
        path = self._path()
        if not path and not self._picked:
            return
        theme = look.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for ring in self._picked:
            self._paint_ring(painter, ring, theme)
        if not path:
            painter.end()
            return
        spots = [self._pixel(corner) for corner in path]
        closed = self._mode == "area" and len(spots) >= _LEAST_RING
        outline = QPolygonF([*spots, spots[0]] if closed else spots)
        for color, width in (("panel", 5.0), ("outline", 2.0)):
            painter.setPen(QPen(theme.color(color), width))
            painter.drawPolyline(outline)
        painter.setPen(QPen(theme.color("outline"), 1.5))
        painter.setBrush(theme.color("panel"))
        for spot in spots[: len(self._corners)]:
            half = _CORNER_PX / 2
            painter.drawRect(QRectF(spot.x() - half, spot.y() - half, _CORNER_PX, _CORNER_PX))
        for spot, said in self.labels():
            self._paint_label(painter, spot, said, theme)
        painter.end()

    def _paint_ring(self, painter: QPainter, ring: tuple[Corner, ...], theme: Theme) -> None:
        lon, lat = np.array(ring).T
        x, y = self._canvas.view().to_pixels(*to_mercator(lon, lat))
        outline = QPolygonF([QPointF(*spot) for spot in zip(x.tolist(), y.tolist(), strict=True)])
        for color, width in (("panel", 5.0), ("outline", 2.0)):
            painter.setPen(QPen(theme.color(color), width))
            painter.drawPolyline(outline)

    def _paint_label(self, painter: QPainter, spot: QPointF, said: str, theme: Theme) -> None:
        wide = pieces.width_of(said, look.SECOND_PX) + 10
        left = spot.x() + _LABEL_OFF_PX
        if left + wide > self.width():
            left = spot.x() - _LABEL_OFF_PX - wide
        box = QRectF(left, spot.y() - _LABEL_HIGH_PX / 2, wide, _LABEL_HIGH_PX)
        painter.setPen(QPen(theme.color("line"), 1.0))
        painter.setBrush(theme.color("panel"))
        painter.drawRoundedRect(box, look.RADIUS_PX, look.RADIUS_PX)
        painter.setFont(look.font(look.SECOND_PX))
        painter.setPen(theme.color("text"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), said)

    # The hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._press = event.position()
        event.ignore()  # a drag moves the map

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._corners and not self._done and not event.buttons():
            self._cursor = self._lonlat(event.position())
            self.update()
        event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        press, self._press = self._press, None
        here = event.position()
        if press is not None and math.hypot(here.x() - press.x(), here.y() - press.y()) < _CLICK_PX:
            self._click(here)
            event.accept()
            self._canvas.let_go()
            return
        event.ignore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.finish()
        event.accept()

    def _click(self, here: QPointF) -> None:
        if self._mode == "pick":
            self.area_wanted.emit(*self._lonlat(here))
            return
        if self._done:
            self._corners, self._done = (), False
        first = self._corners[0] if self._corners else None
        if self._mode == "area" and first is not None and len(self._corners) >= _LEAST_RING:
            start = self._pixel(first)
            if math.hypot(here.x() - start.x(), here.y() - start.y()) < 2 * _CORNER_PX:
                self.finish()
                return
        self._corners = (*self._corners, self._lonlat(here))
        self.corners_changed.emit(self._corners)
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the map."""
        if event.type() == QEvent.Type.Resize and watched is self._canvas:
            self.setGeometry(self._canvas.rect())
            self._place_bar()
        return False

    def _lonlat(self, spot: QPointF) -> Corner:
        x_m, y_m = self._canvas.view().to_map(spot.x(), spot.y())
        lon, lat = to_lonlat(np.array([x_m]), np.array([y_m]))
        return float(lon[0]), float(lat[0])

    def _pixel(self, corner: Corner) -> QPointF:
        x, y = self._canvas.view().to_pixels(*to_mercator(np.array([corner[0]]), np.array([corner[1]])))
        return QPointF(float(x[0]), float(y[0]))
