"""The map: shows drawings, and tells what the hand does on them."""

from __future__ import annotations

import math
import time
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from layers.drawing import Drawing, Drawings, Group, Raster
from layers.map_view import MapView
from models.geodesy import to_lonlat, to_mercator
from widgets import theme as look
from widgets.map.frame import Frame
from widgets.map.ink import Ink, ink_of
from widgets.map.plane import Plane, storeys
from widgets.map.raster_painter import paint_raster
from widgets.map.selection_painter import paint_selected_area, paint_selected_point
from widgets.map.symbol_hit import group_of, symbol_at
from widgets.theme import Theme

# The hand has come to rest when nothing has moved for so long; then the map is drawn sharp.
IDLE_MS = 70
# While the hand still moves, bare edges are filled at most so often.
FILL_MS = 80
# One turn of the event loop draws on the planes for so long; a step more may take a millisecond or two.
TURN_S = 0.004
_DRAG_PX = 4.0
_NOTCH = math.sqrt(2.0)
_ROUND_A_GROUP = 1.3
_FINEST_M, _COARSEST_M = 0.25, 20_000.0


class MapCanvas(QWidget):
    """The map canvas: one widget, two cached planes with the radar between them.

    While the hand moves, the planes are shifted and scaled; they are drawn sharp
    when it rests. Values come in by ``show_...``, which never emits.

    Signals
    -------
    view_changing(object)        the hand moves the map; carries the MapView
    view_changed(object)         the hand has come to rest, or the widget has another size
    cursor_moved(float, float)   lon and lat under the cursor, degrees
    cursor_left()                the cursor is no longer on the map
    pressed()                    a button went down on the map: this one is meant
    point_clicked(str)           id of the symbol under a click
    place_clicked(float, float)  lon and lat of a click beside all symbols
    cluster_clicked(object)      ids of what a cluster holds; the map goes to them by itself
    """

    view_changing = Signal(object)
    view_changed = Signal(object)
    cursor_moved = Signal(float, float)
    cursor_left = Signal()
    pressed = Signal()
    point_clicked = Signal(str)
    place_clicked = Signal(float, float)
    cluster_clicked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 120)
        self._ink: Ink = ink_of(look.current())
        self._themed: Theme | None = None
        spares: list[QPixmap] = []
        self._ground = Plane(spares, opaque=True)
        self._top = Plane(spares, opaque=False)
        self._fields: tuple[Raster, ...] = ()
        self._items: tuple[Drawing, ...] = ()
        self._view = MapView(0.0, 0.0, 1000.0, max(1, self.width()), max(1, self.height()))
        self._extent: tuple[float, float, float, float] | None = None
        self._room: QRect | None = None
        self._resized = False
        self._selected_point = ""
        self._selected_area = ""
        self._press: QPointF | None = None
        self._press_view = self._view
        self._dragged = False
        self._moving = False
        self.paints = 0
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE_MS)
        self._idle.timeout.connect(self._on_idle)
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._on_turn)

    # What is shown

    def view(self) -> MapView:
        """Return what part of the map is on the screen."""
        return self._view

    def show_view(self, view: MapView) -> None:
        """Show a part of the map; the size stays the widget's own."""
        self._extent = None
        self._set_view(view.center_x_m, view.center_y_m, view.meters_per_pixel)

    def show_extent(self, west: float, south: float, east: float, north: float, *, margin_px: int = 24) -> None:
        """Show bounds in degrees as large as they fit; kept in sight until the hand first moves the map."""
        self._extent = (west, south, east, north)
        x, y = to_mercator(np.array([west, east]), np.array([south, north]))
        room = self.free_room()
        wide, high = max(1, room.width() - 2 * margin_px), max(1, room.height() - 2 * margin_px)
        scale = max(float(x[1] - x[0]) / wide, float(y[1] - y[0]) / high)
        off_x, off_y = room.center().x() - self.width() / 2, room.center().y() - self.height() / 2
        self._set_view(float(x.mean()) - off_x * scale, float(y.mean()) + off_y * scale, scale)

    def show_room(self, room: QRect) -> None:
        """Take which part of the canvas no dock covers: bounds are fitted into it, keys zoom about its middle.

        What is shown stays where it is, but for bounds that the hand has not moved since.
        """
        if room != self._room:
            self._room = room
            if self._extent is not None and (self.paints == 0 or self._resized):
                self.show_extent(*self._extent)
            self._resized = False

    def show_drawings(self, drawings: Drawings) -> None:
        """Show other drawings; what is the same object as before is not drawn anew."""
        items = drawings.items
        ground, fields, above = storeys(items)
        changed = self._ground.show_items(ground)
        changed |= self._top.show_items(above)
        changed |= len(fields) != len(self._fields)
        changed |= any(new is not old for new, old in zip(fields, self._fields, strict=False))
        self._fields, self._items = fields, items
        if changed:
            self.update()

    def show_theme(self, theme: Theme) -> None:
        """Show the map in a theme's ink, whatever the application's theme is."""
        self._themed = theme
        self._use_ink(ink_of(theme))

    def show_selected_point(self, point_id: str) -> None:
        """Put four corners round the symbol of that id; an empty id takes them away."""
        if point_id != self._selected_point:
            self._selected_point = point_id
            self.update()

    def show_selected_area(self, area_id: str) -> None:
        """Outline the area of that id, 2 px wide; an empty id takes the outline away."""
        if area_id != self._selected_area:
            self._selected_area = area_id
            self.update()

    def zoom(self, factor: float, about: QPointF | None = None) -> None:
        """Enlarge by a factor about a place on the widget, the middle of its free part if None, as if by hand."""
        spot = about if about is not None else self.free_room().center()
        old = self._view
        scale = min(_COARSEST_M, max(_FINEST_M, old.meters_per_pixel / factor))
        x_m, y_m = old.to_map(spot.x(), spot.y())
        center_x = x_m + (old.width / 2 - spot.x()) * scale
        center_y = y_m - (old.height / 2 - spot.y()) * scale
        self._move_by_hand(replace(old, center_x_m=center_x, center_y_m=center_y, meters_per_pixel=scale))

    def follow_view(self, view: MapView) -> None:
        """Go where another map's hand goes: shifted at once, drawn sharp when it rests; the size stays its own."""
        self._extent = None
        self._shift_to(replace(view, width=max(1, self.width()), height=max(1, self.height())))

    def symbol_at(self, x_px: float, y_px: float) -> str:
        """Return the id of the symbol at a place on the widget, the topmost layer's; empty if there is none."""
        return symbol_at(self._items, self._view, x_px, y_px)

    @property
    def is_sharp(self) -> bool:
        """Whether what is on the screen is all that there is to show, sharp."""
        ratio = self.devicePixelRatioF()
        return all(plane.fits(self._view, ratio) for plane in self.planes())

    def finish(self) -> None:
        """Draw at one go what is still to be drawn, unless the hand moves the map: for pictures and the bench."""
        self._take_theme()
        ratio = self.devicePixelRatioF()
        for plane in self.planes():
            if not self._moving and not plane.fits(self._view, ratio):
                plane.redraw(self._view, ratio, self._ink)

    def grab(self, rectangle: QRect | None = None) -> QPixmap:
        """Return the finished picture."""
        self.finish()
        return super().grab() if rectangle is None else super().grab(rectangle)

    def planes(self) -> tuple[Plane, Plane]:
        """Return the two cached planes, ground first: for tests and the bench."""
        return self._ground, self._top

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        self.paints += 1
        self._take_theme()
        ratio = self.devicePixelRatioF()
        if any(plane.is_empty for plane in self.planes()):
            self.finish()
        elif not self._moving and not self._turn.isActive() and not self.is_sharp:
            self._turn.start(0)
        painter = QPainter(self)
        try:
            painter.scale(1 / ratio, 1 / ratio)
            self._paint(painter, Frame.of_view(self._view, ratio))
        finally:
            painter.end()

    def _paint(self, painter: QPainter, frame: Frame) -> None:
        if not self._ground.covers(self._view):
            painter.fillRect(QRectF(0, 0, frame.width + 1, frame.height + 1), self._ink.ground)
        self._ground.paint(painter, self._view, frame.ratio)
        for raster in self._fields:
            paint_raster(painter, raster, frame, dark=self._ink.theme.is_dark)
        self._top.paint(painter, self._view, frame.ratio)
        paint_selected_area(painter, self._items, self._selected_area, self._ink, frame)
        paint_selected_point(painter, self._items, self._selected_point, self._ink, frame)

    # The hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._press, self._press_view, self._dragged = event.position(), self._view, False
            event.accept()
            self.pressed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        here = event.position()
        if self._press is not None:
            moved = here - self._press
            if not self._dragged and math.hypot(moved.x(), moved.y()) < _DRAG_PX:
                return
            if not self._dragged:
                self._dragged = True
                self.setCursor(Qt.CursorShape.ClosedHandCursor)
            start = self._press_view
            scale = start.meters_per_pixel
            center_x, center_y = start.center_x_m - moved.x() * scale, start.center_y_m + moved.y() * scale
            self._move_by_hand(replace(self._view, center_x_m=center_x, center_y_m=center_y))
            return
        self.setCursor(
            Qt.CursorShape.PointingHandCursor if self.symbol_at(here.x(), here.y()) else Qt.CursorShape.ArrowCursor
        )
        self.cursor_moved.emit(*self._lonlat(here))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._press is None:
            return
        dragged, self._press = self._dragged, None
        self.setCursor(Qt.CursorShape.ArrowCursor)
        if dragged or event.button() != Qt.MouseButton.LeftButton:
            return
        here = event.position()
        hit = self.symbol_at(here.x(), here.y())
        group = group_of(self._items, hit) if hit else None
        if group is not None:
            self._zoom_to(group)
            self.cluster_clicked.emit(group.ids)
        elif hit:
            self.point_clicked.emit(hit)
        else:
            self.place_clicked.emit(*self._lonlat(here))

    def let_go(self) -> None:
        """Forget a press whose release a sheet over the map has taken for itself."""
        self._press = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._press = None
            self.zoom(2.0, event.position())

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / 120
        if notches:
            self.zoom(_NOTCH**notches, event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(_NOTCH)
        elif event.key() in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self.zoom(1 / _NOTCH)
        else:
            super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.cursor_left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        # The upper left corner stays: a dock that grows covers the map and moves nothing on it.
        del event
        old = self._view
        width, height = max(1, self.width()), max(1, self.height())
        center_x = old.west_m + width / 2 * old.meters_per_pixel
        center_y = old.north_m - height / 2 * old.meters_per_pixel
        self._view = MapView(center_x, center_y, old.meters_per_pixel, width, height)
        if self._extent is not None:  # another window, not another dock: bounds are fitted anew
            self._resized = True
            self.show_extent(*self._extent)
        self._idle.start()

    def _move_by_hand(self, view: MapView) -> None:
        self._extent = None
        self._shift_to(view)
        self.view_changing.emit(view)

    def _zoom_to(self, group: Group) -> None:
        """Show the members of a cluster as large as they fit, at least one octave nearer."""
        west, south, east, north = group.bounds_m
        room = self.free_room()
        scale = max((east - west) / room.width(), (north - south) / room.height()) * _ROUND_A_GROUP
        scale = max(_FINEST_M, min(scale, self._view.meters_per_pixel / 2))
        center_x = (west + east) / 2 - (room.center().x() - self.width() / 2) * scale
        center_y = (south + north) / 2 + (room.center().y() - self.height() / 2) * scale
        self._move_by_hand(replace(self._view, center_x_m=center_x, center_y_m=center_y, meters_per_pixel=scale))

    def _shift_to(self, view: MapView) -> None:
        self._moving = True
        self._view = view
        self._idle.start()
        if not self._turn.isActive() and not all(plane.covers(view) for plane in self.planes()):
            self._turn.start(FILL_MS)
        self.update()

    def _set_view(self, center_x_m: float, center_y_m: float, meters_per_pixel: float) -> None:
        view = MapView(center_x_m, center_y_m, meters_per_pixel, max(1, self.width()), max(1, self.height()))
        if view != self._view:
            self._view = view
            self._moving = False
            self.update()

    def _on_idle(self) -> None:
        self._turn.start(0)
        self.view_changed.emit(self._view)

    def _on_turn(self) -> None:
        """Draw on one plane for a few milliseconds; what is not done by then goes on in the next turn.

        While the hand moves, what was begun is brought to its end, so that bare edges are filled; when
        it rests, only what is sharp for the view is worth the time.
        """
        ratio, rests = self.devicePixelRatioF(), not self._idle.isActive()
        stale = next((plane for plane in self.planes() if not plane.fits(self._view, ratio)), None)
        if stale is None:
            self._moving = self._moving and not rests
            return
        if not stale.at_work or (rests and not stale.works_for(self._view, ratio)):
            stale.begin(self._view, ratio, self._ink)
        if not stale.advance(time.perf_counter() + TURN_S):
            self._turn.start(0)
            return
        self._turn.start(0 if rests else FILL_MS)
        self.update()

    def _take_theme(self) -> None:
        """Follow the application's theme, unless another one was shown."""
        if self._themed is None and self._ink.theme is not look.current():
            self._use_ink(ink_of(look.current()))

    def _use_ink(self, ink: Ink) -> None:
        self._ink = ink
        self._ground.show_ink(ink)
        self._top.show_ink(ink)
        self.update()

    def free_room(self) -> QRectF:
        """Return the part of the widget that no dock covers."""
        whole = QRectF(self.rect())
        free = whole if self._room is None else QRectF(self._room).intersected(whole)
        return whole if free.isEmpty() else free

    def sees(self, lon_deg: float, lat_deg: float) -> bool:
        """Whether a place lies in the part that no dock covers."""
        x, y = self._view.to_pixels(*to_mercator(np.array([lon_deg]), np.array([lat_deg])))
        return self.free_room().contains(QPointF(float(x[0]), float(y[0])))

    def _lonlat(self, spot: QPointF) -> tuple[float, float]:
        x_m, y_m = self._view.to_map(spot.x(), spot.y())
        lon_deg, lat_deg = to_lonlat(np.array([x_m]), np.array([y_m]))
        return float(lon_deg[0]), float(lat_deg[0])
