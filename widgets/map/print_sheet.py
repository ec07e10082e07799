"""A map on paper: title, map, legend, scale bar, north arrow, source and date, and the mark of an exercise.

Painted with the same inks as the screen's light theme; on a vector device names, signs and lines stay text and lines.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPainterPath, QPen, QPolygonF

from layers.drawing import Areas, Drawing, Drawings, Labels, Lines, Raster, Symbols, Tiles
from layers.map_view import MapView
from models.geodesy import mercator_scale, to_lonlat
from widgets import pieces
from widgets import theme as look
from widgets.map.frame import Frame
from widgets.map.ink import Ink, ink_of
from widgets.map.label_painter import HALO_PX, LabelPlan, plan_labels
from widgets.map.legend import Legend
from widgets.map.legend_entry import LegendEntry
from widgets.map.line_painter import paint_areas, paint_lines
from widgets.map.raster_painter import paint_raster
from widgets.map.scale_bar import round_length
from widgets.map.symbol_painter import paint_sprite
from widgets.map.tile_painter import paint_tiles
from widgets.pieces import Run
from widgets.row_list import wrap

SCREEN_DPI = 96.0
MM = SCREEN_DPI / 25.4
"""Logical pixels in a millimeter of paper."""
PAGES_MM = {"A3": (420.0, 297.0), "A4": (297.0, 210.0)}
_MARGIN_PX, _TITLE_PX, _FOOT_PX = 10 * MM, 15 * MM, 12 * MM
_SCALE_PX = 125 * MM
_COLUMN_PX = 84 * MM
_HEAD_PX, _SOURCE_PX, _SOURCE_ROW_PX = 13 * MM, 11, 4.1 * MM
_LEGEND_PX = 420.0
_STRIPE_PX = 2.5 * MM
_LONGEST_BAR_PX = 60 * MM
_TITLE_SIZE, _LINE_SIZE = 26, 13
_SIGN_REACH_PX = 20.0


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Whose data a layer is, and of when; ``is_old`` stands on a tag, as does what nobody knows."""

    title: str
    source: str
    when: str
    is_old: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class PrintSheet:
    """Everything that stands on the paper. ``facts`` are lines of the foot: times and projection.

    ``view`` is in logical pixels of the map's part of the page (`map_room`), ``sources`` say of each layer
    where it comes from, ``others`` are signs besides those that the legend finds itself,
    ``foot_px`` is the height of what stands under the map.
    """

    title: str
    subtitle: str
    facts: tuple[str, ...]
    drawings: Drawings
    view: MapView
    exercise: bool = False
    page: str = "A3"
    sources: tuple[SourceLine, ...] = ()
    others: tuple[LegendEntry, ...] = ()
    foot_px: float = _FOOT_PX


def map_room(page: str = "A3", foot_px: float = _FOOT_PX) -> QRectF:
    """Return where the map stands on a page over a foot of some height, logical px."""
    width, height = (side * MM for side in PAGES_MM[page])
    top = _MARGIN_PX + _TITLE_PX
    return QRectF(_MARGIN_PX, top, width - 2 * _MARGIN_PX, height - top - foot_px - _MARGIN_PX)


def foot_of(sources: tuple[SourceLine, ...], page: str = "A3") -> float:
    """Return the height of the foot that names these sources, logical px."""
    rows = max((len(column) for column in _columns(sources, page)), default=0)
    return max(_FOOT_PX, 6 * MM + (rows + 1) * _SOURCE_ROW_PX)


def view_of(
    west: float, south: float, east: float, north: float, page: str = "A3", foot_px: float = _FOOT_PX
) -> MapView:
    """Return the view of a page's map that shows bounds in map meters as large as they fit."""
    room = map_room(page, foot_px)
    wide, high = round(room.width()), round(room.height())
    scale = max((east - west) / wide, (north - south) / high)
    return MapView((west + east) / 2, (south + north) / 2, scale, wide, high)


def paint_print(painter: QPainter, sheet: PrintSheet, dpi: float) -> None:
    """Paint a sheet; the painter works in device pixels of ``dpi``, from the upper left corner of the paper."""
    ratio = dpi / SCREEN_DPI
    room = map_room(sheet.page, sheet.foot_px)
    ink = ink_of(look.LIGHT)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.save()
    painter.translate(round(room.left() * ratio), round(room.top() * ratio))
    frame = Frame.of_view(sheet.view, ratio)
    painter.setClipRect(QRectF(0, 0, frame.width, frame.height))
    painter.fillRect(QRectF(0, 0, frame.width, frame.height), ink.ground)
    for item in sheet.drawings.items:
        _paint_drawing(painter, item, frame, ink)
    _paint_names(painter, sheet.drawings, frame, ink, sheet.view.meters_per_pixel)
    painter.restore()
    painter.save()
    painter.scale(ratio, ratio)
    _paint_frame(painter, sheet, room)
    _paint_legend(painter, sheet, room)
    painter.restore()


def names_on(sheet: PrintSheet) -> tuple[str, ...]:
    """Return the names that are written into the map: for tests and for a look before the printing."""
    return _plan(sheet.drawings, ink_of(look.LIGHT), sheet.view.meters_per_pixel).texts


def _font(size_px: int) -> QFont:
    """Return the house font without exchanged glyphs: Qt gives those no sign in a PDF, and a date could not be found."""
    font = look.font(size_px)
    for feature in ("tnum", "locl", "ccmp", "calt", "liga"):
        font.setFeature(QFont.Tag(feature), 0)
    return font


def _paint_drawing(painter: QPainter, item: Drawing, frame: Frame, ink: Ink) -> None:
    steps: Iterator[None] = iter(())
    if isinstance(item, Raster):
        paint_raster(painter, item, frame, dark=False)
    elif isinstance(item, Tiles):
        paint_tiles(painter, item, frame, dark=False)
    elif isinstance(item, Lines):
        steps = paint_lines(painter, item, ink.line(item.style), frame)
    elif isinstance(item, Areas):
        area = ink.area(item.style)
        steps = paint_areas(painter, item, area, frame) if area is not None else steps
    elif isinstance(item, Symbols):
        _paint_signs(painter, item, frame)
    for _ in steps:
        pass


def _paint_signs(painter: QPainter, symbols: Symbols, frame: Frame) -> None:
    """Paint each sign as shapes: on the screen they are pictures, on paper they stay sharp."""
    x, y = frame.x_px(symbols.x_m), frame.y_px(symbols.y_m)
    reach = _SIGN_REACH_PX * frame.ratio
    with np.errstate(invalid="ignore"):
        shown = (x > -reach) & (x < frame.width + reach) & (y > -reach) & (y < frame.height + reach)
    for i in np.flatnonzero(shown).tolist():
        painter.save()
        painter.translate(float(x[i]), float(y[i]))
        painter.scale(frame.ratio, frame.ratio)
        painter.setOpacity(symbols.opacity)
        paint_sprite(painter, symbols.sprites[symbols.sprite[i]], QPointF(), look.LIGHT)
        painter.restore()


def _plan(drawings: Drawings, ink: Ink, meters_per_pixel: float) -> LabelPlan:
    labels = tuple(item for item in drawings.items if isinstance(item, Labels))
    symbols = tuple(item for item in drawings.items if isinstance(item, Symbols))
    return _run(plan_labels(labels, symbols, meters_per_pixel, ink))


def _run(steps: Generator[None, None, LabelPlan]) -> LabelPlan:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            plan: LabelPlan = end.value
            return plan


def _paint_names(painter: QPainter, drawings: Drawings, frame: Frame, ink: Ink, meters_per_pixel: float) -> None:
    """Write the names as text on a halo."""
    plan = _plan(drawings, ink, meters_per_pixel)
    x = frame.x_px(plan.x_m) + plan.dx_px * frame.ratio
    y = frame.y_px(plan.y_m) + plan.dy_px * frame.ratio
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for i, text in enumerate(plan.texts):
        label = ink.label(plan.styles[i])
        inside = -plan.width_px[i] * frame.ratio < x[i] < frame.width and -40 * frame.ratio < y[i] < frame.height
        if not inside:
            continue
        font = _font(label.size_px)
        font.setPixelSize(round(label.size_px * frame.ratio))
        baseline = QPointF(float(x[i]), float(y[i]) + (plan.height_px[i] * 0.5 + label.size_px * 0.37) * frame.ratio)
        painter.setOpacity(plan.opacities[i])
        halo = QPainterPath()
        halo.addText(baseline, font, text)
        pen = QPen(label.halo, HALO_PX * frame.ratio)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(halo, pen)
        painter.setFont(font)
        painter.setPen(label.color)
        painter.drawText(baseline, text)
    painter.setOpacity(1.0)


def _paint_frame(painter: QPainter, sheet: PrintSheet, room: QRectF) -> None:
    """Paint what stands round the map: title, frame, foot, scale, north."""
    theme = look.LIGHT
    text, quiet = theme.color("text"), theme.color("quiet")
    width, height = (side * MM for side in PAGES_MM[sheet.page])
    if sheet.exercise:
        _paint_stripe(painter, QRectF(0, 0, width, _STRIPE_PX))
        _paint_stripe(painter, QRectF(0, height - _STRIPE_PX, width, _STRIPE_PX))
    painter.setPen(QPen(text, 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(room)
    mark = QCoreApplication.translate("PrintMap", "[Exercise] ") if sheet.exercise else ""
    baseline = room.top() - 5 * MM
    painter.setFont(_font(_TITLE_SIZE))
    painter.drawText(QPointF(room.left(), baseline), mark + sheet.title)
    left = room.left() + pieces.width_of(mark + sheet.title, _TITLE_SIZE) + 16
    painter.setFont(_font(_LINE_SIZE + 3))
    painter.setPen(quiet)
    painter.drawText(QPointF(left, baseline), sheet.subtitle)
    painter.setFont(_font(_LINE_SIZE))
    y = room.bottom() + 5 * MM
    for line in sheet.facts:
        painter.drawText(QPointF(room.left(), y), line)
        y += 5 * MM
    _paint_sources(painter, sheet, QPointF(room.left(), y))
    _paint_scale(painter, sheet.view, room, text)


def _columns(sources: tuple[SourceLine, ...], page: str) -> list[list[list[Run]]]:
    """Return the lines of the sources in columns of like height; a line that is too long goes on in the next."""
    wide = PAGES_MM[page][0] * MM - 2 * _MARGIN_PX - _SCALE_PX - _HEAD_PX
    count = max(1, int(wide // _COLUMN_PX))
    lines: list[list[Run]] = []
    for one in sources:
        runs = [Run(one.title, _SOURCE_PX, gap_px=6), Run(one.source, _SOURCE_PX, "quiet", gap_px=6)]
        when = Run(one.when, _SOURCE_PX, "text" if one.is_old else "quiet", tag=one.is_old)
        if pieces.total_width([*runs, when]) <= _COLUMN_PX - 4 * MM:
            lines.append([*runs, when])
            continue
        first, *rest = wrap(f"{one.title}  {one.source}", _COLUMN_PX - 4 * MM, _SOURCE_PX)
        tail = "".join(rest)
        lines.append([Run(first, _SOURCE_PX)])
        lines.append([Run("　" + tail, _SOURCE_PX, "quiet", elide=True, gap_px=6), when])
    rows = math.ceil(len(lines) / count)
    return [lines[i : i + rows] for i in range(0, len(lines), rows)] if rows else []


def _paint_sources(painter: QPainter, sheet: PrintSheet, corner: QPointF) -> None:
    """Write under the map whose data each layer is."""
    columns = _columns(sheet.sources, sheet.page)
    head = QCoreApplication.translate("PrintMap", "Sources") if columns else ""
    for text in pieces.line(corner.x(), corner.x() + _HEAD_PX, corner.y(), [Run(head, _SOURCE_PX, "quiet")]):
        _write(painter, text)
    for column, lines in enumerate(columns):
        left = corner.x() + _HEAD_PX + column * _COLUMN_PX
        for row, runs in enumerate(lines):
            base = corner.y() + row * _SOURCE_ROW_PX
            for text in pieces.line(left, left + _COLUMN_PX - 4 * MM, base, runs):
                if text.ground:
                    painter.fillRect(text.rect, pieces.ink_of(text.ground, look.LIGHT))
                _write(painter, replace(text, text=pieces.shown_text(text)))


def _paint_stripe(painter: QPainter, room: QRectF) -> None:
    """Paint the hatched strip of an exercise."""
    painter.fillRect(room, QBrush(QColor(look.LIGHT.panel)))
    painter.save()
    painter.setClipRect(room)
    painter.setPen(QPen(look.LIGHT.color("text"), room.height() * 0.5))
    x = room.left() - room.height()
    while x < room.right() + room.height():
        painter.drawLine(QPointF(x, room.bottom() + 2), QPointF(x + room.height() + 4, room.top() - 2))
        x += room.height() * 1.6
    painter.restore()


def bar_of(view: MapView) -> tuple[float, float]:
    """Return the length of the scale bar in m on the ground, and in logical px, at the map's middle."""
    _, lat = to_lonlat(np.array([view.center_x_m]), np.array([view.center_y_m]))
    ground_m = view.meters_per_pixel / mercator_scale(float(lat[0]))
    length_m = round_length(ground_m * _LONGEST_BAR_PX)
    return length_m, length_m / ground_m


def _paint_scale(painter: QPainter, view: MapView, room: QRectF, ink: QColor) -> None:
    """Paint the scale bar in four parts with the scale's number, and the arrow to the north."""
    length_m, bar_px = bar_of(view)
    arrow = room.right() - 4 * MM
    right, top = arrow - 8 * MM, room.bottom() + 4.5 * MM
    left = right - bar_px
    painter.setPen(QPen(ink, 1.0))
    for part in range(4):
        painter.setBrush(ink if part % 2 == 0 else Qt.GlobalColor.white)
        painter.drawRect(QRectF(left + bar_px * part / 4, top, bar_px / 4, 1.6 * MM))
    painter.setFont(_font(_LINE_SIZE))
    unit, by = ("km", 1000.0) if length_m >= 1000 else ("m", 1.0)
    for share in (0.0, 0.5, 1.0):
        said = f"{length_m * share / by:g}" + (f" {unit}" if share == 1.0 else "")
        place = QRectF(left + bar_px * share - 40, top + 2 * MM, 80, 18)
        painter.drawText(place, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, said)
    number = length_m / (bar_px / MM / 1000.0)
    step = 10.0 ** max(0, math.floor(math.log10(number)) - 1)
    scale = f"1:{round(number / step) * step:,.0f}".replace(",", " ")
    painter.drawText(QRectF(left - 60 * MM, top - 1.5 * MM, 55 * MM, 20), Qt.AlignmentFlag.AlignRight, scale)
    tip, half, low = QPointF(arrow, top - 1.5 * MM), 2 * MM, 6 * MM
    painter.setBrush(ink)
    painter.drawPolygon(QPolygonF([tip, tip + QPointF(half, low), tip + QPointF(0, low * 0.78)]))
    painter.setBrush(Qt.GlobalColor.white)
    painter.drawPolygon(QPolygonF([tip, tip + QPointF(-half, low), tip + QPointF(0, low * 0.78)]))
    north = QCoreApplication.translate("PrintMap", "N")
    painter.drawText(QRectF(arrow - 20, tip.y() + low - 2, 40, 18), Qt.AlignmentFlag.AlignHCenter, north)


def _paint_legend(painter: QPainter, sheet: PrintSheet, room: QRectF) -> None:
    """Paint the legend of what the map shows into its lower left corner, a quarter larger than on the screen."""
    legend = Legend()
    legend.show_width(_LEGEND_PX)
    legend.show_others(sheet.others)
    legend.show_drawings(sheet.drawings)
    legend.show_view(sheet.view)
    size = legend.sizeHint()
    if size.isEmpty():
        return
    legend.resize(size)
    painter.save()
    painter.translate(room.left() + 3 * MM, room.bottom() - 3 * MM - size.height() * 1.25)
    painter.scale(1.25, 1.25)
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), look.LIGHT.color("panel"))
    for piece in legend.pieces():
        if isinstance(piece, pieces.Text):
            _write(painter, piece)
        else:
            pieces.paint(painter, [piece], look.LIGHT)
    legend.paint_signs(painter)
    painter.restore()


def _write(painter: QPainter, text: pieces.Text) -> None:
    painter.setFont(_font(text.px))
    painter.setPen(pieces.ink_of(text.tone, look.LIGHT))
    align = {"left": Qt.AlignmentFlag.AlignLeft, "right": Qt.AlignmentFlag.AlignRight}.get(
        text.align, Qt.AlignmentFlag.AlignHCenter
    )
    painter.drawText(
        text.rect.adjusted(-4, 0, 4, 0) if text.align == "center" else text.rect,
        align | Qt.AlignmentFlag.AlignVCenter,
        text.text,
    )
