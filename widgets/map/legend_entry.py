"""One sign of the legend with its word: how wide it is, how it is painted, how entries stand in rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from layers.color_table import Rgba
from models.hazard.level import Level
from widgets import pieces
from widgets import theme as look
from widgets.map.ink import Ink, ink_of
from widgets.map.symbol_painter import paint_sprite

GAP_PX = 14.0
WIDEST_PX = 340.0
_LINE_SAMPLE_PX = 22.0
_RING_PX = 24.0
_HATCH_PX = 4.0
_CLUSTER_SCALE = 0.72


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One sign and its word: a level, a sprite of the map, a line or area in a style, or a swatch, hatched or plain.

    ``also`` is a second sprite of the same meaning. An entry without any sign is the heading of those behind it;
    ``hit`` names what a click on it asks for.
    """

    word: str
    level: Level | None = None
    sprite: str = ""
    line: str = ""
    swatch: Rgba | None = None
    hatch: str = ""
    ink: Rgba = (0, 0, 0, 0)
    area: str = ""
    also: str = ""
    hit: str = ""

    @property
    def has_sign(self) -> bool:
        """Whether something is painted before the word."""
        return bool(self.level or self.sprite or self.line or self.swatch or self.area)


def entry_width(entry: LegendEntry) -> float:
    """Return the room of sign and word, px."""
    return text_left(entry) + pieces.width_of(entry.word, look.SECOND_PX)


def text_left(entry: LegendEntry) -> float:
    """Return where the word begins, px from the sign's left edge."""
    return _sign_width(entry) + 5.0 if entry.has_sign else 0.0


def in_rows(entries: Iterable[LegendEntry], widest: float = WIDEST_PX) -> tuple[tuple[LegendEntry, ...], ...]:
    """Return entries in rows no wider than the card should be; a heading never ends a row."""
    rows: list[list[LegendEntry]] = []
    room = 0.0
    for entry in entries:
        width = entry_width(entry) + GAP_PX
        if not rows or room < width:
            rows.append([])
            room = widest
            if len(rows) > 1 and not rows[-2][-1].has_sign and len(rows[-2]) > 1:
                head = rows[-2].pop()
                rows[-1].append(head)
                room -= entry_width(head) + GAP_PX
        rows[-1].append(entry)
        room -= width
    return tuple(tuple(row) for row in rows)


def paint_entry(painter: QPainter, entry: LegendEntry, left: float, middle: float) -> None:
    """Paint an entry's sign; a level's shape is a piece and painted with the words."""
    if entry.swatch is not None or entry.area:
        half = look.MARK_PX / 2
        _paint_box(painter, QRectF(left + 0.5, middle - half + 0.5, look.MARK_PX - 1, look.MARK_PX - 1), entry)
    elif entry.line:
        _paint_line(painter, ink_of(look.current()), entry.line, QPointF(left, middle))
    else:
        for sprite in filter(None, (entry.sprite, entry.also)):
            wide = _sprite_width(sprite)
            painter.save()
            painter.translate(left + wide / 2, middle)
            if sprite.startswith("cluster"):
                painter.scale(_CLUSTER_SCALE, _CLUSTER_SCALE)
            paint_sprite(painter, sprite, QPointF(0, 0), look.current())
            painter.restore()
            left += wide


def _paint_line(painter: QPainter, ink: Ink, style: str, left: QPointF) -> None:
    line = ink.line(style)
    for color, width in ((line.case, line.case_width), (line.color, line.width)):
        if color is not None:
            pen = QPen(color, width)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            if line.dash:
                pen.setDashPattern([part / max(width, 1.0) for part in line.dash])
            painter.setPen(pen)
            painter.drawLine(left, left + QPointF(_LINE_SAMPLE_PX, 0))


def _paint_box(painter: QPainter, box: QRectF, entry: LegendEntry) -> None:
    """Paint a swatch of color or of an area's ink, with its hatching."""
    theme = look.current()
    area = ink_of(theme).area(entry.area)
    for brush in area.brushes() if area is not None else ():
        painter.fillRect(box, brush)
    if entry.swatch is not None:
        painter.fillRect(box, QColor(*entry.swatch))
    if entry.hatch:
        painter.setPen(QPen(QColor(*entry.ink), 1))
        painter.drawLines(_hatching(box, crossed=entry.hatch == "crossed"))
    painter.setPen(QPen(QColor(theme.quiet), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)


def _hatching(box: QRectF, *, crossed: bool) -> list[QLineF]:
    """Return diagonals inside of a box, as lines: a brush's pattern would be of the device's size on paper."""
    side, out = box.width(), []
    for step in range(1, round(2 * side / _HATCH_PX)):
        reach = step * _HATCH_PX
        low, high = max(0.0, reach - side), min(side, reach)
        out.append(QLineF(box.left() + low, box.top() + reach - low, box.left() + high, box.top() + reach - high))
        if crossed:
            out.append(QLineF(box.right() - low, box.top() + reach - low, box.right() - high, box.top() + reach - high))
    return out


def _sign_width(entry: LegendEntry) -> float:
    if entry.line:
        return _LINE_SAMPLE_PX
    return _sprite_width(entry.sprite) + (_sprite_width(entry.also) if entry.also else 0.0)


def _sprite_width(sprite: str) -> float:
    return _RING_PX if "/" in sprite else float(look.MARK_PX)
