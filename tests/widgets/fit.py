"""Walk every visible text of a window: does it fit, can it be read, does it lie on another.

``faults(window)`` returns one sentence per fault. Painted widgets tell what they
paint by ``pieces()``; Qt's own are measured with their fonts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QComboBox,
    QLabel,
    QLineEdit,
    QTabBar,
    QWidget,
)

from widgets import theme as look
from widgets.pieces import TAG_PAD_PX, Fill, Key, Piece, Text, ink_of, metrics
from widgets.warning.pin_field import PinField

LEAST_CONTRAST = 4.5
_SLACK_PX = 1.0


@dataclass(frozen=True, slots=True)
class SeenText:
    """One text as it stands in the window, in the window's pixels."""

    owner: str
    text: str
    rect: QRectF


def faults(window: QWidget) -> list[str]:
    """Return what is wrong with the texts that can be seen in a window now."""
    return faults_and_texts(window)[0]


def faults_and_texts(window: QWidget) -> tuple[list[str], list[str]]:
    """Return what is wrong with the texts that can be seen in a window now, and those that were seen whole."""
    found: list[str] = []
    seen: list[SeenText] = []
    for widget in [window, *window.findChildren(QWidget)]:
        if not widget.isVisible() or widget.width() <= 0 or widget.height() <= 0:
            continue
        if isinstance(widget, (QAbstractButton, QLineEdit, QComboBox, PinField)):
            _check_whole(widget, found)
        if callable(getattr(widget, "pieces", None)):
            _walk_painted(window, widget, found, seen)
        else:
            _walk_qt(window, widget, found, seen)
    found += _overlaps(seen)
    return found, [s.text for s in seen]


def texts_of(window: QWidget) -> list[str]:
    """Return every text that can be seen, for tests of what must not be there."""
    seen: list[SeenText] = []
    for widget in [window, *window.findChildren(QWidget)]:
        if widget.isVisible():
            if callable(getattr(widget, "pieces", None)):
                _walk_painted(window, widget, [], seen)
            else:
                _walk_qt(window, widget, [], seen)
    return [s.text for s in seen]


def _check_whole(widget: QWidget, found: list[str]) -> None:
    """A thing to press or to type in is seen whole, or not at all."""
    seen = widget.visibleRegion().boundingRect()
    least = widget.minimumSizeHint()
    if not seen.isEmpty() and seen != widget.rect():
        found.append(f"{type(widget).__name__}: {_name_of(widget)!r} is cut off")
    if widget.height() < least.height() or widget.width() < least.width():
        found.append(f"{type(widget).__name__}: {_name_of(widget)!r} is squeezed")


def _name_of(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QAbstractButton) else widget.accessibleName()


def _surface(widget: QWidget) -> QWidget:
    return widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget


def _walk_painted(window: QWidget, widget: Any, found: list[str], seen: list[SeenText]) -> None:
    theme = look.current()
    surface = _surface(widget)
    name = type(widget).__name__
    room = QRectF(surface.rect())
    laid: list[Piece] = list(widget.pieces())
    for place, piece in enumerate(laid):
        if isinstance(piece, Key):
            if metrics(look.KEY_PX).horizontalAdvance(piece.text) > piece.rect.width():
                found.append(f"{name}: key {piece.text!r} is wider than its cap")
            if not room.adjusted(-1, -1, 1, 1).contains(piece.rect):
                found.append(f"{name}: key {piece.text!r} lies outside its widget")
            _note(window, surface, name, f"[{piece.text}]", piece.rect, found, seen)
        elif isinstance(piece, Text) and piece.text.strip():
            needed = metrics(piece.px, piece.italic).horizontalAdvance(piece.text)
            inner = piece.rect.width() - (2 * TAG_PAD_PX if piece.ground else 0)
            if needed > inner + _SLACK_PX and not (piece.elide and piece.tip):
                found.append(f"{name}: {piece.text!r} needs {needed:.0f} px, has {inner:.0f}")
            if inner < min(needed, 2 * piece.px) - _SLACK_PX and not (piece.elide and piece.tip):
                found.append(f"{name}: nothing is left of {piece.text!r}")
            ink_rect = _ink_rect(piece, min(needed, inner))
            if not room.adjusted(-1, -3, 1, 3).contains(ink_rect):
                found.append(f"{name}: {piece.text!r} lies outside its widget")
            ratio = look.contrast(ink_of(piece.tone, theme), _ground(laid[:place], piece, surface))
            if ratio < LEAST_CONTRAST:
                found.append(f"{name}: {piece.text!r} has contrast {ratio:.1f}")
            _note(window, surface, name, piece.text, ink_rect, found, seen)


def _ink_rect(piece: Text, width: float) -> QRectF:
    """Return where the letters stand: the middle of the line's height, as wide as the text."""
    left = piece.rect.left() + (TAG_PAD_PX if piece.ground else 0)
    if piece.align == "right":
        left = piece.rect.right() - width
    elif piece.align == "center":
        left = piece.rect.center().x() - width / 2
    return QRectF(left, piece.rect.center().y() - piece.px * 0.5, width, piece.px)


def _ground(before: list[Piece], text: Text, surface: QWidget) -> QColor:
    theme = look.current()
    if text.ground:
        return ink_of(text.ground, theme)
    for piece in reversed(before):
        if isinstance(piece, Fill) and piece.rect.contains(text.rect.center()) and piece.rect.height() > 4:
            return ink_of(piece.token, theme)
    token = getattr(surface, "_ground", "") or "panel"
    return theme.color(token if isinstance(token, str) else "panel")


def _walk_qt(window: QWidget, widget: QWidget, found: list[str], seen: list[SeenText]) -> None:
    name = type(widget).__name__
    measure = QFontMetricsF(widget.font())
    for text, rect in _qt_texts(widget):
        if not text.strip():
            continue
        wrapped = isinstance(widget, QLabel) and widget.wordWrap()
        needed = measure.horizontalAdvance(text)
        if not wrapped and needed > rect.width() + _SLACK_PX and not widget.toolTip():
            found.append(f"{name}: {text!r} needs {needed:.0f} px, has {rect.width():.0f}")
        if wrapped and widget.heightForWidth(widget.width()) > widget.height() + _SLACK_PX:
            found.append(f"{name}: {text!r} needs more lines than it has")
        palette = widget.palette()
        group = QPalette.ColorGroup.Normal if widget.isEnabled() else QPalette.ColorGroup.Disabled
        ratio = look.contrast(
            palette.color(group, QPalette.ColorRole.WindowText), palette.color(group, QPalette.ColorRole.Window)
        )
        if ratio < LEAST_CONTRAST:
            found.append(f"{name}: {text!r} has contrast {ratio:.1f}")
        _note(window, widget, name, text, rect, found, seen)


def _qt_texts(widget: QWidget) -> list[tuple[str, QRectF]]:
    if isinstance(widget, QLabel):
        return [(widget.text(), QRectF(widget.contentsRect()))]
    if isinstance(widget, QLineEdit):
        margins = widget.textMargins()
        room = QRectF(widget.rect()).adjusted(9 + margins.left(), 2, -9 - margins.right(), -2)
        return [] if widget.text() else [(widget.placeholderText(), room)]
    if isinstance(widget, QComboBox):
        return [(widget.currentText(), QRectF(widget.rect()).adjusted(9, 2, -24, -2))]
    if isinstance(widget, QAbstractButton):
        return [(widget.text(), QRectF(widget.rect()))]
    if isinstance(widget, QTabBar):
        return [(widget.tabText(i), QRectF(widget.tabRect(i)).adjusted(6, 0, -6, 0)) for i in range(widget.count())]
    if isinstance(widget, QAbstractItemView):
        return _cells(widget)
    return []


def _cells(view: QAbstractItemView) -> list[tuple[str, QRectF]]:
    model = view.model()
    cells: list[tuple[str, QRectF]] = []
    for row in range(model.rowCount(QModelIndex())):
        for column in range(model.columnCount(QModelIndex())):
            index = model.index(row, column, QModelIndex())
            rect = QRectF(view.visualRect(index))
            told = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
            if rect.intersects(QRectF(view.viewport().rect())) and not index.data(Qt.ItemDataRole.ToolTipRole):
                cells.append((told, rect.adjusted(2, 0, -2, 0)))
    return cells


def _note(
    window: QWidget, surface: QWidget, name: str, text: str, rect: QRectF, found: list[str], seen: list[SeenText]
) -> None:
    """Keep a text that can be seen; half covered ones are a fault, hidden ones are not seen."""
    shift = QPointF(surface.mapTo(window, QPoint(0, 0))) if surface is not window else QPointF()
    there = rect.translated(shift)
    spots = [QPointF(there.left() + there.width() * share, there.center().y()) for share in (0.05, 0.5, 0.95)]
    free = [_is_seen(window, surface, spot) for spot in spots]
    if all(free):
        seen.append(SeenText(name, text, there))
    elif any(free):
        found.append(f"{name}: {text!r} is partly covered")


def _is_seen(window: QWidget, surface: QWidget, spot: QPointF) -> bool:
    place = spot.toPoint()
    if not window.rect().contains(place):
        return False
    at: QWidget | None = window.childAt(place)
    if at is None:
        return surface is window
    transparent = surface.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return at is surface or transparent or at.isAncestorOf(surface)


def _overlaps(seen: list[SeenText]) -> list[str]:
    found: list[str] = []
    by_top = sorted(seen, key=lambda s: s.rect.top())
    for place, one in enumerate(by_top):
        for other in by_top[place + 1 :]:
            if other.rect.top() >= one.rect.bottom() - 1:
                break
            if one.rect.adjusted(1, 1, -1, -1).intersects(other.rect.adjusted(1, 1, -1, -1)):
                found.append(f"{one.owner}: {one.text!r} lies on {other.owner}: {other.text!r}")
    return found
