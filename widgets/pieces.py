"""What the house's own widgets paint: texts, marks, grounds and lines, as values.

A widget that paints says by ``pieces()`` what it paints, so that a test can
measure every text against its room without reading pixels.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QAbstractScrollArea

from models.hazard.level import Level
from widgets import theme as look
from widgets.level_mark import paint_level
from widgets.theme import Theme

Align = Literal["left", "right", "center"]
_WIDTHS_KEPT = 4_096


@dataclass(frozen=True, slots=True)
class Text:
    """One text in its room.

    ``tone`` is a token of the theme, or ``level.red`` for the ink that stands on a
    level's fill; ``ground`` the token painted under it: ``tag`` for stale and changed,
    empty for none. ``elide`` allows the text to be cut, its whole is then the tooltip.
    ``hit`` names what a click on it means.
    """

    rect: QRectF
    text: str
    px: int = look.BODY_PX
    tone: str = "text"
    align: Align = "left"
    ground: str = ""
    italic: bool = False
    elide: bool = False
    tip: str = ""
    hit: str = ""
    underline: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A level's shape; ``hollow`` paints its outline only, in the ink that stands on its fill."""

    rect: QRectF
    level: Level
    hollow: bool = False
    tip: str = ""
    hit: str = ""


@dataclass(frozen=True, slots=True)
class Fill:
    """A ground, a bar or a hairline: a token's color, or ``fill.red`` for a level's."""

    rect: QRectF
    token: str
    radius: float = 0.0
    hit: str = ""
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """An empty frame in a token's color, dashed where it stands for something not there yet."""

    rect: QRectF
    token: str
    width_px: float = 1.0
    radius: float = 0.0
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """A key cap with its name."""

    rect: QRectF
    text: str
    tone: str = "quiet"
    edge: str = "edge"


Piece = Text | Mark | Fill | Frame | Key


@lru_cache(maxsize=64)
def metrics(px: int, italic: bool = False) -> QFontMetricsF:
    """Return the measures of the house font at a size."""
    return QFontMetricsF(look.font(px, italic=italic))


@lru_cache(maxsize=64)
def _heights(px: int, italic: bool) -> tuple[float, float]:
    """Return how far the house font at a size rises over its baseline, and how high its lines are, logical px."""
    measure = metrics(px, italic)
    return measure.ascent(), measure.height()


@lru_cache(maxsize=_WIDTHS_KEPT)
def width_of(text: str, px: int = look.BODY_PX, *, italic: bool = False) -> float:
    """Return the room a text needs, logical px; the same words are laid again and again, and measured once."""
    return metrics(px, italic).horizontalAdvance(text)


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a line; runs of several sizes share one baseline."""

    text: str
    px: int = look.BODY_PX
    tone: str = "text"
    tag: bool = False
    italic: bool = False
    elide: bool = False
    tip: str = ""
    hit: str = ""
    gap_px: float = 4.0


TAG_PAD_PX = 4.0


def _width(run: Run) -> float:
    return width_of(run.text, run.px, italic=run.italic) + (2 * TAG_PAD_PX if run.tag else 0.0)


def total_width(runs: Iterable[Run]) -> float:
    """Return the room a line of runs needs, logical px."""
    runs = tuple(run for run in runs if run.text)
    return sum(_width(run) + run.gap_px for run in runs) - (runs[-1].gap_px if runs else 0.0)


def line(
    left: float, right: float, baseline: float, runs: Iterable[Run], *, align: Literal["left", "right"] = "left"
) -> list[Text]:
    """Lay runs on one baseline between two edges.

    Where there is too little room, the runs that may be elided give way, the last first.
    """
    shown = [run for run in runs if run.text]
    widths = [_width(run) for run in shown]
    gaps_px = sum([run.gap_px for run in shown[:-1]])
    over = sum(widths) + gaps_px - (right - left)
    for index in reversed(range(len(shown))):
        if over <= 0:
            break
        if shown[index].elide:
            less = min(over, max(0.0, widths[index] - 2 * shown[index].px))
            widths[index] -= less
            over -= less
    x = left if align == "left" else right - sum(widths) - gaps_px
    laid: list[Text] = []
    for run, width in zip(shown, widths, strict=True):
        ascent, height = _heights(run.px, run.italic)
        laid.append(
            Text(
                QRectF(x, baseline - ascent, width, height),
                run.text,
                run.px,
                run.tone,
                "center" if run.tag else "left",
                "tag" if run.tag else "",
                run.italic,
                run.elide,
                run.tip or (run.text if run.elide else ""),
                run.hit,
            )
        )
        x += width + run.gap_px
    return laid


def thumb(area: QAbstractScrollArea, whole_px: float) -> list[Piece]:
    """Return what says at the right edge of an area how much of ``whole_px`` is seen, and which part."""
    bar, room = area.verticalScrollBar(), area.viewport().height()
    if bar.maximum() <= 0 or whole_px <= 0:
        return []
    height = max(24.0, room * room / whole_px)
    y = (room - height) * bar.value() / bar.maximum()
    return [Fill(QRectF(area.viewport().width() - 5, y + 2, 3, height - 4), "edge", 1.5)]


def moved(piece: Piece, dx: float, dy: float) -> Piece:
    """Return the piece at another place."""
    return replace(piece, rect=piece.rect.translated(dx, dy))


def shown_text(text: Text) -> str:
    """Return what of a text is seen: the whole, or its beginning with an ellipsis."""
    room = text.rect.width() - (2 * TAG_PAD_PX if text.ground else 0.0)
    if not text.elide or width_of(text.text, text.px, italic=text.italic) <= room + 0.5:
        return text.text
    return _elided(text.text, text.px, text.italic, room)


@lru_cache(maxsize=_WIDTHS_KEPT)
def _elided(text: str, px: int, italic: bool, room: float) -> str:
    return metrics(px, italic).elidedText(text, Qt.TextElideMode.ElideRight, room)


_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
FLAGS = {
    "left": int(Qt.AlignmentFlag.AlignLeft | _MIDDLE),
    "right": int(Qt.AlignmentFlag.AlignRight | _MIDDLE),
    "center": int(Qt.AlignmentFlag.AlignHCenter | _MIDDLE),
}
"""How a text is drawn in its room, by its `Align`."""


@lru_cache(maxsize=64)
def font_of(px: int, italic: bool = False, underline: bool = False) -> QFont:
    """Return the house font as a text is painted in it; the same object each time."""
    font = look.font(px, italic=italic)
    font.setUnderline(underline)
    return font


def paint(painter: QPainter, pieces: Iterable[Piece], theme: Theme) -> None:
    """Paint pieces in order."""
    for piece in pieces:
        match piece:
            case Fill():
                _paint_fill(painter, piece, theme)
            case Text():
                _paint_text(painter, piece, theme)
            case Mark():
                ink = theme.level_text(piece.level) if piece.hollow else None
                paint_level(painter, piece.rect, piece.level, theme, hollow=ink)
            case Frame():
                _paint_frame(painter, piece, theme)
            case Key():
                _paint_key(painter, piece, theme)


def _paint_fill(painter: QPainter, piece: Fill, theme: Theme) -> None:
    color = ink_of(piece.token, theme)
    if piece.radius:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(piece.rect, piece.radius, piece.radius)
        painter.restore()
    else:
        painter.fillRect(piece.rect, color)


def _paint_text(painter: QPainter, piece: Text, theme: Theme) -> None:
    if piece.ground:
        _paint_fill(painter, Fill(piece.rect, piece.ground, 2.0), theme)
    painter.setFont(font_of(piece.px, piece.italic, piece.underline))
    painter.setPen(ink_of(piece.tone, theme))
    room = piece.rect.adjusted(-1, 0, 1, 0) if piece.align == "center" else piece.rect
    painter.drawText(room, FLAGS[piece.align], shown_text(piece))


def _paint_frame(painter: QPainter, piece: Frame, theme: Theme) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, bool(piece.radius))
    pen = QPen(theme.color(piece.token), piece.width_px, j=Qt.PenJoinStyle.MiterJoin)
    if piece.dashed:
        pen.setDashPattern([3, 2])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    half = piece.width_px / 2
    painter.drawRoundedRect(piece.rect.adjusted(half, half, -half, -half), piece.radius, piece.radius)
    painter.restore()


def _paint_key(painter: QPainter, piece: Key, theme: Theme) -> None:
    _paint_frame(painter, Frame(piece.rect, piece.edge, 1.0, 3.0), theme)
    painter.setFont(look.font(look.KEY_PX))
    painter.setPen(ink_of(piece.tone, theme))
    painter.drawText(piece.rect, int(Qt.AlignmentFlag.AlignCenter), piece.text)


def ink_of(token: str, theme: Theme) -> QColor:
    """Return a token's color; ``level.red`` is the ink on a level's fill, ``fill.red`` the fill."""
    kind, _, name = token.partition(".")
    if kind == "level":
        return theme.level_text(Level(name))
    if kind == "fill":
        return theme.level_fill(Level(name))
    return theme.color(token)


def piece_at(pieces: Iterable[Piece], place: QPointF, *, want: Literal["tip", "hit"]) -> str:
    """Return the tooltip or the meaning of a click at a place, empty where there is none."""
    found = ""
    for piece in pieces:
        if isinstance(piece, (Text, Mark, Fill)) and getattr(piece, want) and piece.rect.contains(place):
            found = str(getattr(piece, want))
    return found
