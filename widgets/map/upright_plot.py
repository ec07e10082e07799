"""An upright picture with its axes: distance or time across, height upward, what is not seen hatched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from layers import color_table
from models.radar.quantity import NO_ECHO
from models.radar.upright import Heights
from widgets import pieces
from widgets import theme as look
from widgets.painted import Painted
from widgets.pieces import Fill, Piece, Run, Text
from widgets.theme import Theme
from widgets.warning.evidence_chart import nice_step

_LEFT_PX, _RIGHT_PX, _TOP_PX, _AXIS_PX = 40.0, 14.0, 8.0, 22.0
_TICK_ROOM_PX = 90.0
_LOW_TOP_KM = 12.0
_TABLE = "reflectivity"


@dataclass(frozen=True, slots=True, eq=False)
class Upright:
    """A picture to show: ``codes`` (heights, columns) uint8, the lowest row first, over ``span`` units from 0.

    ``unit`` stands at the end of the axis across; ``tick`` says a value of it in words, at steps of
    ``tick_step`` (round ones of its own if 0). ``ground_m`` (columns,) is the ground, NaN where unknown;
    ``left`` and ``right`` name the ends. ``missing`` (columns,) bool is where no volume came, which is
    neither seen nor not seen: a gap.
    """

    codes: NDArray[np.uint8]
    heights: Heights
    span: float
    unit: str = "km"
    tick: Callable[[float], str] | None = None
    tick_step: float = 0.0
    ground_m: NDArray[np.float32] | None = None
    left: str = ""
    right: str = ""
    missing: NDArray[np.bool_] | None = None


@lru_cache(maxsize=4)
def _colors(dark: bool, paper: str) -> NDArray[np.uint32]:
    """Return (256,) colors 0xAARRGGBB: nothing where not seen, else the table's color on the plot's ground."""
    table = color_table.load(_TABLE).on(dark=dark).astype(float)
    ground = QColor(paper)
    under = np.array([ground.red(), ground.green(), ground.blue()], float)
    share = table[:, 3:] / 255
    mixed = np.round(table[:, :3] * share + under * (1 - share)).astype(np.uint32)
    out = ((255 << 24) | (mixed[:, 0] << 16) | (mixed[:, 1] << 8) | mixed[:, 2]).astype(np.uint32)
    out[:NO_ECHO] = 0
    return out


class UprightPlot(Painted):
    """The plot; the cursor on it says where it is.

    Signals
    -------
    cursor_moved(float, float)  place across (in the picture's units) and height, m
    cursor_left()               the cursor is not on the picture
    """

    cursor_moved = Signal(float, float)
    cursor_left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=200)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self._picture: Upright | None = None
        self._hint = ""
        self._cursor: QPointF | None = None
        self.paints = 0

    def show_picture(self, picture: Upright | None, hint: str = "") -> None:
        """Show a picture; without one the words that say how to come to one."""
        self._picture, self._hint = picture, hint
        if picture is None:
            self._cursor = None
        self.update()

    def plot(self) -> QRectF:
        """Return where the picture stands, in the widget's own pixels."""
        width = max(1.0, self.width() - _LEFT_PX - _RIGHT_PX)
        return QRectF(_LEFT_PX, _TOP_PX, width, max(1.0, self.height() - _TOP_PX - _AXIS_PX))

    def pieces(self) -> list[Piece]:
        """Return ticks and their words, or the hint; the picture is painted over the ground."""
        picture = self._picture
        if picture is None:
            middle = self.height() / 2 + 4
            runs = [Run(self._hint, look.BODY_PX, "quiet", elide=True)]
            return list(pieces.line(look.EDGE_PX, self.width() - look.EDGE_PX, middle, runs))
        plot = self.plot()
        laid: list[Piece] = []
        top_km = picture.heights.top_m / 1000
        step_km = 3.0 if top_km <= _LOW_TOP_KM else 5.0
        for km in np.arange(0.0, top_km + 0.01, step_km).tolist():
            y = plot.bottom() - km / top_km * plot.height()
            laid.append(Text(QRectF(2, y - 8, _LEFT_PX - 10, 16), f"{km:g}", look.KEY_PX, "quiet", "right"))
            laid.append(Fill(QRectF(plot.left() - 4, round(y), 4, 1), "edge"))
        laid += self._across(picture, plot)
        return laid

    def _across(self, picture: Upright, plot: QRectF) -> list[Piece]:
        laid: list[Piece] = []
        base = plot.bottom() + 15
        ends = [Run(text, look.SECOND_PX) for text in (picture.left, picture.right)]
        laid += pieces.line(plot.left() - 14, plot.left() + 40, base, ends[:1])
        unit_left = plot.right() - pieces.width_of(picture.unit, look.KEY_PX) - 18
        laid += pieces.line(
            unit_left, plot.right() + _RIGHT_PX, base, [Run(picture.unit, look.KEY_PX, "quiet", gap_px=6), *ends[1:]]
        )
        if picture.span <= 0:
            return laid
        step = picture.tick_step or nice_step(picture.span, max(2, int(plot.width() // _TICK_ROOM_PX)))
        for number in range(1, int(picture.span / step + 1e-9) + 1):
            value = number * step
            said = picture.tick(value) if picture.tick is not None else f"{value:g}"
            x = plot.left() + value / picture.span * plot.width()
            wide = pieces.width_of(said, look.KEY_PX)
            laid.append(Fill(QRectF(round(x), plot.bottom(), 1, 4), "edge"))
            if x + wide / 2 < unit_left - 6:
                room = QRectF(x - wide / 2 - 2, plot.bottom() + 4, wide + 4, 15)
                laid.append(Text(room, said, look.KEY_PX, "quiet", "center"))
        return laid

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.paints += 1
        picture, theme = self._picture, look.current()
        if picture is None:
            return
        plot = self.plot()
        painter = QPainter(self)
        painter.fillRect(plot, theme.color("panel"))
        painter.fillRect(plot, hatch(theme))
        if picture.codes.size:
            painter.drawImage(plot, _image(picture, theme))
        self._paint_gaps(painter, picture, plot, theme)
        self._paint_ground(painter, picture, plot, theme)
        painter.setPen(QPen(theme.color("edge"), 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(plot.adjusted(-0.5, -0.5, 0.5, 0.5))
        if self._cursor is not None and plot.contains(self._cursor):
            painter.setPen(QPen(theme.color("text"), 1.0, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(self._cursor.x(), plot.top()), QPointF(self._cursor.x(), plot.bottom()))
            painter.drawLine(QPointF(plot.left(), self._cursor.y()), QPointF(plot.right(), self._cursor.y()))
        painter.end()

    def _paint_gaps(self, painter: QPainter, picture: Upright, plot: QRectF, theme: Theme) -> None:
        """Leave what is missing blank, with a word in it where there is room."""
        if picture.missing is None or not picture.missing.any():
            return
        wide = plot.width() / picture.missing.size
        edges = np.flatnonzero(np.diff(np.concatenate([[0], picture.missing.astype(np.int8), [0]])))
        painter.setFont(look.font(look.KEY_PX))
        painter.setPen(theme.color("quiet"))
        word = self.tr("gap")
        for first, last in edges.reshape(-1, 2).tolist():
            room = QRectF(plot.left() + first * wide, plot.top(), (last - first) * wide, plot.height())
            painter.fillRect(room, theme.color("panel"))
            if pieces.width_of(word, look.KEY_PX) + 2 <= room.width():
                painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), word)

    def _paint_ground(self, painter: QPainter, picture: Upright, plot: QRectF, theme: Theme) -> None:
        ground = picture.ground_m
        if ground is None or not np.isfinite(ground).any():
            return
        tall = np.clip(np.nan_to_num(ground) / picture.heights.top_m, 0, 1) * plot.height()
        x = plot.left() + (np.arange(tall.size) + 0.5) / tall.size * plot.width()
        places = [QPointF(float(a), plot.bottom() - float(b)) for a, b in zip(x, tall, strict=True)]
        places = [QPointF(plot.left(), places[0].y()), *places, QPointF(plot.right(), places[-1].y())]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("bar"))
        painter.drawPolygon(QPolygonF([plot.bottomLeft(), *places, plot.bottomRight()]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    # The hand

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        picture, plot, here = self._picture, self.plot(), event.position()
        if picture is None or not plot.contains(here):
            self._leave()
            return
        self._cursor = here
        across = (here.x() - plot.left()) / plot.width() * picture.span
        height_m = (plot.bottom() - here.y()) / plot.height() * picture.heights.top_m
        self.update()
        self.cursor_moved.emit(across, height_m)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._leave()

    def _leave(self) -> None:
        if self._cursor is not None:
            self._cursor = None
            self.update()
            self.cursor_left.emit()


def _image(picture: Upright, theme: Theme) -> QImage:
    """Return the picture in colors, its highest row above."""
    codes = np.ascontiguousarray(picture.codes[::-1])
    rows, columns = codes.shape
    colored = _colors(theme.is_dark, theme.paper).take(codes)  # opaque or nothing, so premultiplied as it is
    image = QImage(colored.data, columns, rows, columns * 4, QImage.Format.Format_ARGB32_Premultiplied)
    return image.copy()


def hatch(theme: Theme) -> QBrush:
    """Return the hatching of what is not seen."""
    return QBrush(theme.color("edge"), Qt.BrushStyle.BDiagPattern)
