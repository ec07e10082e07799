"""A cached picture of a part of the drawings, larger than the view, that is moved while the hand moves."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPixmap

from layers.drawing import Areas, Drawing, Labels, Lines, Raster, Symbols
from layers.map_view import MapView
from widgets.map.frame import Frame
from widgets.map.ink import Ink
from widgets.map.label_painter import LabelPlan, paint_labels, plan_labels, prepare_labels
from widgets.map.line_painter import paint_areas, paint_lines
from widgets.map.raster_painter import paint_raster
from widgets.map.symbol_painter import paint_symbols

# How much larger than the view a plane is, on each side.
MARGIN = 0.25


class Plane:
    """One picture and what it shows; drawn anew only when something in it has changed."""

    def __init__(self, *, opaque: bool) -> None:
        self._opaque = opaque
        self._items: tuple[Drawing, ...] = ()
        self._ink: Ink | None = None
        self._pixmap: QPixmap | None = None
        self._frame: Frame | None = None
        self._plan: tuple[float, LabelPlan] | None = None
        self.stale = True
        self.redraws = 0

    def show_items(self, items: tuple[Drawing, ...]) -> bool:
        """Take other drawings; return whether they differ from those there were."""
        if len(items) == len(self._items) and all(a is b for a, b in zip(items, self._items, strict=True)):
            return False
        self._items = items
        self._plan = None
        self.stale = True
        return True

    def show_ink(self, ink: Ink) -> None:
        """Take another theme's styles."""
        self._ink = ink
        self._plan = None
        self.stale = True

    def fits(self, view: MapView, ratio: float) -> bool:
        """Return whether the picture is sharp at the view's scale and covers it."""
        frame = self._frame
        if frame is None or self.stale or frame.ratio != ratio:
            return False
        sharp = abs(frame.meters_per_pixel * ratio / view.meters_per_pixel - 1) < 1e-9
        return sharp and self.covers(view)

    def covers(self, view: MapView) -> bool:
        """Return whether the picture, sharp or not, reaches over the whole view."""
        frame = self._frame
        if frame is None:
            return False
        need, slack = Frame.of_view(view, frame.ratio), frame.meters_per_pixel * 1e-3
        return (
            frame.west_m <= need.west_m + slack
            and frame.east_m >= need.east_m - slack
            and frame.north_m >= need.north_m - slack
            and frame.south_m <= need.south_m + slack
        )

    def prepare(self, view: MapView, ratio: float, ink: Ink, until: float) -> bool:
        """Get ready what is slow at first, the names, until the clock says ``until``; return whether all is ready."""
        frame = Frame.of_view(view, ratio, margin=MARGIN)
        return prepare_labels(self._planned(view.meters_per_pixel, ink), ink, frame, until)

    def redraw(self, view: MapView, ratio: float, ink: Ink) -> None:
        """Draw the picture sharp for a view."""
        frame = Frame.of_view(view, ratio, margin=MARGIN)
        pixmap = self._pixmap
        if pixmap is None or (pixmap.width(), pixmap.height()) != (frame.width, frame.height):
            pixmap = QPixmap(frame.width, frame.height)
        pixmap.fill(ink.ground if self._opaque else QColor(0, 0, 0, 0))
        painter = QPainter(pixmap)
        try:
            for item in self._items:
                self._paint(painter, item, frame, ink)
            paint_labels(painter, self._planned(view.meters_per_pixel, ink), ink, frame)
        finally:
            painter.end()  # Qt ends the process when a picture goes while it is painted on
        self._pixmap, self._frame, self._ink = pixmap, frame, ink
        self.stale = False
        self.redraws += 1

    def paint(self, painter: QPainter, view: MapView, ratio: float) -> None:
        """Put the picture where it belongs in a view: shifted, and scaled while the scale is changing."""
        if self._pixmap is None or self._frame is None:
            return
        need, frame = Frame.of_view(view, ratio), self._frame
        zoom = frame.meters_per_pixel / need.meters_per_pixel
        x = (frame.west_m - need.west_m) / need.meters_per_pixel
        y = (need.north_m - frame.north_m) / need.meters_per_pixel
        if abs(zoom - 1) < 1e-9:
            painter.drawPixmap(round(x), round(y), self._pixmap)
        else:
            painter.drawPixmap(
                QRectF(x, y, frame.width * zoom, frame.height * zoom), self._pixmap, QRectF(self._pixmap.rect())
            )

    def label_plan(self) -> LabelPlan | None:
        """Return the names that the picture shows, for tests and for what must not cover them."""
        return None if self._plan is None else self._plan[1]

    def _planned(self, meters_per_pixel: float, ink: Ink) -> LabelPlan:
        if self._plan is None or self._plan[0] != meters_per_pixel:
            labels = tuple(item for item in self._items if isinstance(item, Labels))
            symbols = tuple(item for item in self._items if isinstance(item, Symbols))
            self._plan = (meters_per_pixel, plan_labels(labels, symbols, meters_per_pixel, ink))
        return self._plan[1]

    @staticmethod
    def _paint(painter: QPainter, item: Drawing, frame: Frame, ink: Ink) -> None:
        if isinstance(item, Raster):
            paint_raster(painter, item, frame, dark=ink.theme.is_dark)
        elif isinstance(item, Lines):
            paint_lines(painter, item, ink.line(item.style), frame)
        elif isinstance(item, Areas):
            area = ink.area(item.style)
            if area is not None:
                paint_areas(painter, item, area, frame)
        elif isinstance(item, Symbols):
            paint_symbols(painter, item, ink.theme, frame)
