"""How far it is on the map, and where north is."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from layers.map_view import MapView
from models.geodesy import mercator_scale, to_lonlat
from widgets import pieces
from widgets import theme as look
from widgets.map.card import PAD_PX, MapCard
from widgets.pieces import Fill, Piece, Run

_LONGEST_PX = 150.0
_HEIGHT_PX = 31.0
_ARROW_PX = 22.0


def round_length(longest_m: float) -> float:
    """Return the greatest of 1, 2, 5, 10, 20 ... m that is not longer than ``longest_m``."""
    power = 10.0 ** math.floor(math.log10(longest_m))
    return next(step * power for step in (5.0, 2.0, 1.0) if step * power <= longest_m * (1 + 1e-9))


class ScaleBar(MapCard):
    """A bar of a round length with its middle marked, true at the middle of the view, and an arrow to the north."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._length_m = 1000.0
        self._bar_px = 100.0

    def show_view(self, view: MapView) -> None:
        """Show the scale of a view."""
        _, lat = to_lonlat(np.array([view.center_x_m]), np.array([view.center_y_m]))
        ground_m = view.meters_per_pixel / mercator_scale(float(lat[0]))
        length_m = round_length(ground_m * _LONGEST_PX)
        if (length_m, length_m / ground_m) != (self._length_m, self._bar_px):
            self._length_m, self._bar_px = length_m, length_m / ground_m
            self.changed()

    @property
    def words(self) -> str:
        """The bar's length as it is written: ``5 km``, ``200 m``."""
        return f"{self._length_m / 1000:g} km" if self._length_m >= 1000 else f"{self._length_m:g} m"

    def size_needed(self) -> tuple[float, float]:
        """Return the card's size: that of the bar."""
        return PAD_PX * 2 + pieces.width_of(self.words, look.SECOND_PX) + 8 + round(
            self._bar_px
        ) + _ARROW_PX, _HEIGHT_PX

    def content(self) -> list[Piece]:
        """Return length and bar; the arrow is painted over them."""
        right = self.width() - PAD_PX - _ARROW_PX
        left = right - self._bar_px
        base = 20.0
        laid: list[Piece] = list(pieces.line(PAD_PX, left - 6, 20.5, [Run(self.words, look.SECOND_PX)], align="right"))
        laid.append(Fill(QRectF(left, base, self._bar_px, 1), "text"))
        for x, high in ((left, 8.0), (left + self._bar_px / 2, 4.0), (left + self._bar_px - 1, 8.0)):
            laid.append(Fill(QRectF(round(x), base - high, 1, high + 1), "text"))
        return laid

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        theme = look.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("text"), 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        x, top = self.width() - PAD_PX - 4.5, 14.5
        painter.setBrush(theme.color("text"))
        painter.drawPolygon(QPolygonF([QPointF(x, top), QPointF(x + 4, top + 11), QPointF(x, top + 8.5)]))
        painter.setBrush(theme.color("panel"))
        painter.drawPolygon(QPolygonF([QPointF(x, top), QPointF(x - 4, top + 11), QPointF(x, top + 8.5)]))
        font = look.font(look.KEY_PX)
        font.setPixelSize(9)
        painter.setFont(font)
        painter.drawText(QRectF(x - 8, 3, 16, 11), Qt.AlignmentFlag.AlignCenter, "N")
        painter.end()
