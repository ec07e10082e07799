"""Where the rows of a file lie: as read and as taken, two maps, the figures of both, and how far the roads are."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from layers.drawing import Drawings
from layers.map_view import MapView
from models.register.quality import Quality
from models.register.shift import CURVE_M, PositionCheck, PositionFigures
from widgets import pieces, words
from widgets import theme as look
from widgets.map.canvas import MapCanvas
from widgets.map.scale_bar import ScaleBar
from widgets.painted import Painted
from widgets.pieces import Fill, Piece, Run

_LINE_PX = 26.0
_ROWS = 5
_CURVE_PX = 170
_CAPTION_PX = 28
_GAP_PX = 12.0
_STRIP_PX = 240
"""A map that is not so wide is a strip: it lies above the other then."""


class Figures(Painted):
    """The figures of both readings side by side.

    How many lie in water is not among them: floods and debris flows do by nature, whatever the datum.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=round(_ROWS * _LINE_PX))
        self._before: PositionFigures | None = None
        self._after: PositionFigures | None = None
        self._heads = ("", "")

    def show_figures(
        self, before: PositionFigures | None, after: PositionFigures | None, heads: tuple[str, str]
    ) -> None:
        """Show how the rows fit, each reading under its head; None for a reading that is not in question."""
        self._before, self._after, self._heads = before, after, heads
        self.update()

    def pieces(self) -> list[Piece]:
        """Return a line for each figure."""
        width, edge = float(self.width()), float(look.EDGE_PX)
        if self._before is None:
            said = self.tr("No roads, villages or borders are registered here: the position is not judged.")
            return list(pieces.line(edge, width - edge, 18, [Run(said, look.SECOND_PX, "quiet", elide=True, tip=said)]))
        lines = [("", self._heads[0], self._heads[1] if self._after is not None else "")]
        for word, of in (
            (self.tr("Village agrees with the map"), _village),
            (self.tr("Rows inside the county"), _inside),
            (self.tr("Fits best when moved by"), _offset),
            (self.tr("Middle distance to a road or house"), _way),
        ):
            lines.append((word, of(self._before), "" if self._after is None else of(self._after)))
        one_px, other_px = (max(pieces.width_of(line[n], look.SECOND_PX) for line in lines) for n in (1, 2))
        last = width - edge - other_px - (_GAP_PX if other_px else 0)
        first = last - one_px
        laid: list[Piece] = []
        for number, (word, one, other) in enumerate(lines):
            base = number * _LINE_PX + 18
            tone = "text" if number else "quiet"
            laid += pieces.line(edge, first - _GAP_PX, base, [Run(word, look.SECOND_PX, elide=True, tip=word)])
            laid += pieces.line(first - 1, last, base, [Run(one, look.SECOND_PX, tone)], align="right")
            laid += pieces.line(
                last + _GAP_PX - 1, width - edge, base, [Run(other, look.SECOND_PX, tone)], align="right"
            )
            laid.append(Fill(QRectF(edge, (number + 1) * _LINE_PX - 1, width - 2 * edge, 1), "line"))
        return laid


class Curve(QWidget):
    """Which part of the rows lies within so many meters of a road or a house: dashed as read, solid as taken."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(_CURVE_PX)
        self._before: tuple[float, ...] = ()
        self._after: tuple[float, ...] = ()

    def show_curves(self, before: tuple[float, ...], after: tuple[float, ...]) -> None:
        """Show the curves; an empty one is not drawn."""
        self._before, self._after = before, after
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = look.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("panel"))
        if self._before or self._after:
            room = QRectF(self.rect()).adjusted(52, 30, -20, -24)
            painter.setFont(look.font(look.SECOND_PX))
            painter.setPen(theme.color("text"))
            painter.drawText(
                QRectF(16, 6, self.width() - 32, 18), self.tr("Rows within so many meters of a road or house")
            )
            painter.setFont(look.font(look.KEY_PX))
            for share in (0.0, 0.5, 1.0):
                y = room.bottom() - share * room.height()
                painter.setPen(theme.color("line"))
                painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
                painter.setPen(theme.color("quiet"))
                painter.drawText(
                    QRectF(4, y - 8, 42, 16), int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter),
                    f"{share:.0%}",
                )  # fmt: skip
            most = CURVE_M[-1]
            for meters in (0, most // 5 * 2, most // 5 * 4, most):
                x = room.left() + meters / most * room.width()
                painter.drawText(
                    QRectF(x - 24, room.bottom() + 4, 48, 16), int(Qt.AlignmentFlag.AlignCenter), f"{meters:.0f} m"
                )
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for values, dashed in ((self._before, bool(self._after)), (self._after, False)):
                pen = QPen(theme.color("quiet" if dashed else "text"), 1.8)
                if dashed:
                    pen.setStyle(Qt.PenStyle.DashLine)
                painter.setPen(pen)
                spots = [QPointF(room.left(), room.bottom())] if values else []
                for meters, part in zip(CURVE_M, values, strict=False):
                    spots.append(
                        QPointF(room.left() + meters / most * room.width(), room.bottom() - part * room.height())
                    )
                painter.drawPolyline(QPolygonF(spots))
        painter.end()


class PositionPanel(QWidget):
    """Two small maps, `Figures`, `Curve`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.maps = (MapCanvas(self), MapCanvas(self))
        self.figures = Figures(self)
        self.curve = Curve(self)
        self._room = QWidget(self)
        self._view: MapView | None = None
        self._scales = tuple(ScaleBar(canvas) for canvas in self.maps)
        for canvas, other in (self.maps, self.maps[::-1]):
            canvas.view_changing.connect(other.follow_view)
            canvas.view_changed.connect(lambda _: self._place_scales())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._room, 1)
        column.addWidget(self.figures)
        column.addWidget(self.curve)
        self._words = ("", "")

    def show_state(
        self,
        first: PositionCheck | None,
        as_read: Drawings,
        as_taken: Drawings,
        view: MapView | None,
        quality: Quality,
    ) -> None:
        """Show a file's rows on the ground; the right map only where the file is, or seems, in another datum.

        ``first`` is the check of the rows as they were read; after a conversion the report holds that of the rest.
        """
        position = quality.position
        crs = _named(quality.entries.crs)
        two = as_read.items[-1] is not as_taken.items[-1] and len(as_taken.items) > len(as_read.items)
        suspected = position.suspected if position is not None else None
        before = first.as_read if first is not None else None
        after = position.converted.get(suspected) if position is not None and suspected is not None else None
        if crs in {"GCJ-02", "BD-09"} and position is not None:
            after = position.as_read
        heads = (self.tr("as it stands"), self.tr("as {crs}").format(crs=crs or _named(suspected or "")))
        self.figures.show_figures(before, after, heads)
        # Where even the middle row is far from any road, nearness to roads says nothing of the datum.
        tells = before is not None and before.way_m <= CURVE_M[-1]
        self.curve.setVisible(tells)
        self.curve.show_curves(before.curve if before else (), after.curve if after else ())
        for canvas, drawings in zip(self.maps, (as_read, as_taken), strict=True):
            canvas.show_drawings(drawings)
        self.maps[1].setVisible(two)
        self._words = (heads[0], heads[1] if two else "")
        self._view = view
        self._place()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        """Lay the maps beside each other, or below each other where they would be strips."""
        room = self._room.geometry().adjusted(16, _CAPTION_PX, -16, -8)
        count = 2 if not self.maps[1].isHidden() else 1
        wide, high = (room.width() - 12 * (count - 1)) // count, room.height()
        right, down = wide + 12, 0
        if wide < _STRIP_PX < room.width():
            wide, high = room.width(), (room.height() - _CAPTION_PX * (count - 1)) // count
            right, down = 0, high + _CAPTION_PX
        for number, canvas in enumerate(self.maps[:count]):
            canvas.setGeometry(room.left() + number * right, room.top() + number * down, wide, high)
            canvas.raise_()
            if self._view is not None:
                canvas.show_view(replace(self._view, width=canvas.width(), height=canvas.height()))
        self._place_scales()

    def _place_scales(self) -> None:
        for canvas, scale in zip(self.maps, self._scales, strict=True):
            scale.setVisible(self._view is not None)
            scale.show_view(canvas.view())
            scale.move(8, canvas.height() - scale.height() - 8)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = look.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("panel"))
        laid: list[Piece] = []
        for canvas, said in zip(self.maps, self._words, strict=True):
            if said:
                box = canvas.geometry()
                laid += pieces.line(box.left(), box.right(), box.top() - 8, [Run(said, look.SECOND_PX, elide=True)])
        pieces.paint(painter, laid, theme)
        painter.end()


def _named(crs: str) -> str:
    return crs.upper().replace("GCJ02", "GCJ-02").replace("BD09", "BD-09")


def _way(figures: PositionFigures) -> str:
    """Return the distance; that points lie far from all roads is a fact too."""
    return words.MISSING if math.isnan(figures.way_m) else f"{figures.way_m:,.0f} m"


def _village(figures: PositionFigures) -> str:
    return f"{figures.village_agrees} / {figures.village_named}" if figures.village_named else words.MISSING


def _inside(figures: PositionFigures) -> str:
    return f"{figures.inside_county} / {figures.rows}"


def _offset(figures: PositionFigures) -> str:
    if math.isnan(figures.offset_m):
        return words.MISSING
    return f"{figures.offset_m:.0f} m  {figures.bearing_deg:.0f}°"
