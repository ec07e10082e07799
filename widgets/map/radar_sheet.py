"""A chart of a radar file as one picture: title, field, rings or axes, colors with their unit, notes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPolygonF

from layers.color_table import ColorTable
from layers.radar_chart import Chart, MapChart, UprightChart
from models.geodesy import from_plane, mercator_scale, to_lonlat, to_mercator
from models.grid import GridArea
from models.radar.quantity import NOT_SEEN
from widgets import pieces
from widgets import theme as look
from widgets.map.scale_bar import round_length
from widgets.pieces import Fill, Piece, Run, Text
from widgets.theme import Theme
from widgets.warning.evidence_chart import nice_step

_TOP_PX, _FOOT_PX, _LEGEND_PX = 64.0, 50.0, 84.0
_AXIS_LEFT_PX, _AXIS_FOOT_PX = 34.0, 24.0
_BOX_PX, _MOST_BOX_PX = 18.0, 26.0
_RINGS, _CIRCLE = 4, 181
_SCALE_PX = 140.0


@dataclass(frozen=True, slots=True)
class SheetWords:
    """What stands on a sheet: title, facts under it, ``notes`` at the foot, what hatching means, the axes' words."""

    title: str
    facts: tuple[str, ...]
    notes: tuple[str, ...]
    unseen: str
    distance: str = "km"
    height: str = "km"


def room_of(size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return left, top, width and height of the field in a sheet of so many pixels."""
    width, height = size
    left, top = look.EDGE_PX, int(_TOP_PX)
    return left, top, int(width - left - _LEGEND_PX - look.EDGE_PX), int(height - top - _FOOT_PX)


def sheet_of(chart: Chart, words: SheetWords, size: tuple[int, int], theme: Theme) -> QImage:
    """Return the picture of a chart."""
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(theme.color("panel"))
    room = QRectF(*room_of(size))
    painter = QPainter(image)
    try:
        pieces.paint(painter, _head(words, size), theme)
        if isinstance(chart, MapChart):
            _paint_map(painter, chart, room, theme)
        else:
            room = room.adjusted(_AXIS_LEFT_PX, 0, 0, -_AXIS_FOOT_PX)
            _paint_upright(painter, chart, words, room, theme)
        _paint_legend(
            painter,
            chart.colors,
            chart.facts.unit,
            QRectF(size[0] - _LEGEND_PX - 4, _TOP_PX, _LEGEND_PX, room.height()),
            theme,
        )
        _paint_foot(painter, words, size, theme)
    finally:
        painter.end()  # Qt ends the process when a picture goes while it is painted on
    return image


def _head(words: SheetWords, size: tuple[int, int]) -> list[Piece]:
    right = size[0] - look.EDGE_PX
    laid: list[Piece] = list(pieces.line(look.EDGE_PX, right, 28, [Run(words.title, look.TITLE_PX, elide=True)]))
    facts = "  ·  ".join(words.facts)
    laid += pieces.line(look.EDGE_PX, right, 50, [Run(facts, look.BODY_PX, "quiet", elide=True)])
    return laid


def _paint_foot(painter: QPainter, words: SheetWords, size: tuple[int, int], theme: Theme) -> None:
    top = size[1] - _FOOT_PX + 10
    sample = QRectF(look.EDGE_PX, top, 22, 12)
    _hatch(painter, sample, theme)
    painter.setPen(QPen(theme.color("edge"), 1.0))
    painter.drawRect(sample)
    right = size[0] - look.EDGE_PX
    runs = [
        Run(words.unseen, look.SECOND_PX, "quiet", gap_px=16),
        Run(words.notes[0] if words.notes else "", look.SECOND_PX, "quiet", elide=True),
    ]
    laid: list[Piece] = list(pieces.line(look.EDGE_PX + 30, right, top + 11, runs))
    rest = "  ·  ".join(words.notes[1:])
    laid += pieces.line(look.EDGE_PX, right, top + 30, [Run(rest, look.SECOND_PX, elide=True)])
    pieces.paint(painter, laid, theme)


def _paint_legend(painter: QPainter, colors: ColorTable, unit: str, room: QRectF, theme: Theme) -> None:
    """Paint the steps, the highest above; a number stands at the lower edge of its color."""
    steps = colors.steps_on(dark=theme.is_dark)
    if not steps:
        return
    high = max(3.0, min(_MOST_BOX_PX, (room.height() - 24) / len(steps)))
    laid: list[Piece] = list(
        pieces.line(room.left(), room.right(), room.top() + 12, [Run(unit, look.SECOND_PX, "quiet")])
    )
    every = math.ceil(13 / high)
    for number, (value, rgba) in enumerate(reversed(steps)):
        box = QRectF(room.left(), room.top() + 20 + number * high, _BOX_PX, high)
        painter.fillRect(box, QColor(*rgba))
        if (len(steps) - 1 - number) % every == 0:
            base = box.bottom() + 4
            laid += pieces.line(box.right() + 6, room.right(), base, [Run(f"{value:g}", look.KEY_PX, "quiet")])
    pieces.paint(painter, laid, theme)


# On the map


def _paint_map(painter: QPainter, chart: MapChart, room: QRectF, theme: Theme) -> None:
    painter.save()
    painter.setClipRect(room)
    _hatch(painter, room, theme)
    painter.drawImage(room, _ground(chart.codes, theme))
    painter.drawImage(room, _colored(chart.codes, chart.colors, theme))
    to_px = _Places(chart.area, room)
    _paint_graticule(painter, to_px, theme)
    if chart.site is not None and chart.site.placed:
        _paint_rings(painter, chart, to_px, theme)
    _paint_scale(painter, to_px, theme)
    painter.restore()
    painter.setPen(QPen(theme.color("edge"), 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(room.adjusted(-0.5, -0.5, 0.5, 0.5))


@dataclass(frozen=True, slots=True)
class _Places:
    """From the map to a picture's pixels."""

    area: GridArea
    room: QRectF

    def x(self, x_m: float) -> float:
        return self.room.left() + (x_m - self.area.west_m) / self.area.cell_m

    def y(self, y_m: float) -> float:
        return self.room.top() + (self.area.north_m - y_m) / self.area.cell_m

    @property
    def ground_m(self) -> float:
        """Ground meters a pixel in the middle."""
        _, lat = to_lonlat(np.zeros(1), np.array([(self.area.north_m + self.area.south_m) / 2]))
        return self.area.cell_m / mercator_scale(float(lat[0]))


def _paint_graticule(painter: QPainter, to_px: _Places, theme: Theme) -> None:
    area, room = to_px.area, to_px.room
    lon, lat = to_lonlat(np.array([area.west_m, area.east_m]), np.array([area.south_m, area.north_m]))
    pen = QPen(_thin(theme, 70), 1.0)
    laid: list[Piece] = []
    for low, high, upright in ((lon[0], lon[1], True), (lat[0], lat[1], False)):
        step = nice_step(float(high - low), max(2, int((room.width() if upright else room.height()) // 130)))
        for number in range(math.ceil(low / step), math.floor(high / step) + 1):
            value = number * step
            x_m, y_m = to_mercator(np.array([value if upright else 0.0]), np.array([0.0 if upright else value]))
            painter.setPen(pen)
            text = _degrees(value, "EW" if upright else "NS")
            wide = pieces.width_of(text, look.KEY_PX)
            if upright:
                x = to_px.x(float(x_m[0]))
                painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
                label = QRectF(x - wide / 2, room.bottom() - 16, wide, 14)
            else:
                y = to_px.y(float(y_m[0]))
                painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
                label = QRectF(room.left() + 4, y - 7, wide, 14)
            if room.contains(label) and not label.intersects(_scale(to_px)[2]):
                laid += _label(label, text)
    pieces.paint(painter, laid, theme)


def _paint_rings(painter: QPainter, chart: MapChart, to_px: _Places, theme: Theme) -> None:
    """Paint circles round the radar at round distances, each with its number above it."""
    site = chart.site
    assert site is not None  # noqa: S101 - asked for by the caller
    center = (site.lon_deg, site.lat_deg)
    reach_m = chart.range_m if math.isfinite(chart.range_m) else to_px.ground_m * to_px.room.height() / 2
    step_m = nice_step(reach_m / 1000, _RINGS) * 1000
    turn = np.radians(np.linspace(0, 360, _CIRCLE))
    laid: list[Piece] = []
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for number in range(1, int(reach_m / step_m + 1e-6) + 1):
        away_m = number * step_m
        x_m, y_m = to_mercator(*from_plane(away_m * np.sin(turn), away_m * np.cos(turn), center=center))
        painter.setPen(QPen(_thin(theme, 150), 1.0))
        painter.drawPolyline(
            QPolygonF([QPointF(to_px.x(a), to_px.y(b)) for a, b in zip(x_m.tolist(), y_m.tolist(), strict=True)])
        )
        text = f"{away_m / 1000:g} km"
        wide = pieces.width_of(text, look.KEY_PX)
        label = QRectF(to_px.x(float(x_m[0])) - wide / 2, to_px.y(float(y_m[0])) - 7, wide, 14)
        if to_px.room.contains(label):
            laid += _label(label, text)
    x_m, y_m = to_mercator(np.array([site.lon_deg]), np.array([site.lat_deg]))
    x, y = to_px.x(float(x_m[0])), to_px.y(float(y_m[0]))
    painter.setPen(QPen(theme.color("text"), 1.4))
    painter.drawLine(QPointF(x - 6, y), QPointF(x + 6, y))
    painter.drawLine(QPointF(x, y - 6), QPointF(x, y + 6))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    pieces.paint(painter, laid, theme)


def _scale(to_px: _Places) -> tuple[str, float, QRectF]:
    """Return the words of the scale bar, its length in pixels, and the room it needs."""
    length_m = round_length(to_px.ground_m * _SCALE_PX)
    text = f"{length_m / 1000:g} km" if length_m >= 1000 else f"{length_m:g} m"
    wide, room = length_m / to_px.ground_m, to_px.room
    needed = wide + pieces.width_of(text, look.SECOND_PX) + 24
    return text, wide, QRectF(room.right() - needed - 8, room.bottom() - 32, needed, 24)


def _paint_scale(painter: QPainter, to_px: _Places, theme: Theme) -> None:
    text, wide, card = _scale(to_px)
    if not to_px.room.contains(card):
        return
    painter.fillRect(card, theme.color("panel"))
    left, base = card.right() - 8 - wide, card.bottom() - 7
    laid: list[Piece] = list(pieces.line(card.left(), left - 6, base, [Run(text, look.SECOND_PX)], align="right"))
    laid += [Fill(QRectF(left, base, wide, 1), "text")]
    laid += [Fill(QRectF(round(left + wide * share), base - 5, 1, 6), "text") for share in (0.0, 0.5, 1.0)]
    pieces.paint(painter, laid, theme)


# Upright


def _paint_upright(painter: QPainter, chart: UprightChart, words: SheetWords, room: QRectF, theme: Theme) -> None:
    _hatch(painter, room, theme)
    painter.drawImage(room, _ground(chart.codes[::-1], theme))
    painter.drawImage(room, _colored(chart.codes[::-1], chart.colors, theme))
    left_km, right_km = (meters / 1000 for meters in chart.span_m)
    top_km = chart.top_m / 1000
    laid: list[Piece] = []
    step = nice_step(top_km, max(2, int(room.height() // 60)))
    for number in range(int(top_km / step + 1e-6) + 1):
        y = room.bottom() - number * step / top_km * room.height()
        laid.append(Text(QRectF(0, y - 8, room.left() - 8, 16), f"{number * step:g}", look.KEY_PX, "quiet", "right"))
        laid.append(Fill(QRectF(room.left() - 4, round(y), 4, 1), "edge"))
        painter.fillRect(QRectF(room.left(), round(y), room.width(), 1), _thin(theme, 70))
    step = nice_step(right_km - left_km, max(2, int(room.width() // 100)))
    for number in range(math.ceil(left_km / step - 1e-6), math.floor(right_km / step + 1e-6) + 1):
        x = room.left() + (number * step - left_km) / (right_km - left_km) * room.width()
        laid.append(
            Text(QRectF(x - 30, room.bottom() + 5, 60, 15), f"{number * step:g}", look.KEY_PX, "quiet", "center")
        )
        laid.append(Fill(QRectF(round(x), room.bottom(), 1, 4), "edge"))
        painter.fillRect(QRectF(round(x), room.top(), 1, room.height()), _thin(theme, 70))
    laid += pieces.line(room.left() + 6, room.right(), room.top() + 15, [Run(words.height, look.KEY_PX, "quiet")])
    laid += pieces.line(
        room.left(), room.right() - 6, room.bottom() - 6, [Run(words.distance, look.KEY_PX, "quiet")], align="right"
    )
    _paint_ground_line(painter, chart, room, theme)
    pieces.paint(painter, laid, theme)
    painter.setPen(QPen(theme.color("edge"), 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(room.adjusted(-0.5, -0.5, 0.5, 0.5))


def _paint_ground_line(painter: QPainter, chart: UprightChart, room: QRectF, theme: Theme) -> None:
    if chart.ground_m is None:
        return
    tall = np.clip(np.nan_to_num(chart.ground_m) / chart.top_m, 0, 1) * room.height()
    x = room.left() + (np.arange(tall.size) + 0.5) / tall.size * room.width()
    line = [QPointF(a, room.bottom() - b) for a, b in zip(x.tolist(), tall.tolist(), strict=True)]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("bar"))
    ends = QPointF(room.left(), line[0].y()), QPointF(room.right(), line[-1].y())
    painter.drawPolygon(QPolygonF([room.bottomLeft(), ends[0], *line, ends[1], room.bottomRight()]))
    painter.restore()


# What both need


def _colored(codes: NDArray[np.uint8], colors: ColorTable, theme: Theme) -> QImage:
    """Return codes in colors of the theme's ground."""
    rgba = colors.on(dark=theme.is_dark).astype(np.uint32)
    table = (rgba[:, 3] << 24) | (rgba[:, 0] << 16) | (rgba[:, 1] << 8) | rgba[:, 2]
    return _image(codes, table.tolist())


def _ground(codes: NDArray[np.uint8], theme: Theme) -> QImage:
    """Return the plain ground wherever something was seen, and nothing elsewhere."""
    table = [theme.color("panel").rgba()] * 256
    table[NOT_SEEN] = 0
    return _image(codes, table)


def _image(codes: NDArray[np.uint8], table: list[int]) -> QImage:
    kept = np.ascontiguousarray(codes)
    rows, columns = kept.shape
    image = QImage(kept.data, columns, rows, columns, QImage.Format.Format_Indexed8)
    image.setColorTable(table)
    return image.convertToFormat(QImage.Format.Format_ARGB32)


def _hatch(painter: QPainter, room: QRectF, theme: Theme) -> None:
    painter.fillRect(room, theme.color("paper"))
    painter.fillRect(room, QBrush(theme.color("edge"), Qt.BrushStyle.BDiagPattern))


def _thin(theme: Theme, alpha: int) -> QColor:
    color = theme.color("quiet")
    color.setAlpha(alpha)
    return color


def _label(room: QRectF, text: str) -> list[Piece]:
    return [Fill(room.adjusted(-2, 0, 2, 0), "panel", 2.0), Text(room, text, look.KEY_PX, "quiet", "center")]


def _degrees(value: float, sides: str) -> str:
    side = "" if value == 0 else sides[0] if value > 0 else sides[1]
    return f"{abs(value):g}°{side}"
