"""The layers of the map: shown or not, how strongly, and how old."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from widgets import pieces, words
from widgets import theme as look
from widgets.painted import Painted
from widgets.pieces import Fill, Frame, Piece, Run, Text

_ROW_PX = float(look.ROW_PX)
_BOX_PX = 14.0
_SLIDER_PX = 32.0
_AGE_PX = 66.0
_PERCENT_PX = 26.0
_NARROW_PX = 300.0
_STEP = 0.1

_NAMES = {
    "mosaic": QT_TRANSLATE_NOOP("LayerPanel", "Radar mosaic"),
    "ppi": QT_TRANSLATE_NOOP("LayerPanel", "Radar sweep"),
    "points": QT_TRANSLATE_NOOP("LayerPanel", "Hazard points"),
    "warnings": QT_TRANSLATE_NOOP("LayerPanel", "Warnings in force"),
    "draft": QT_TRANSLATE_NOOP("LayerPanel", "Draft"),
    "gauges": QT_TRANSLATE_NOOP("LayerPanel", "Rain gauges"),
    "radars": QT_TRANSLATE_NOOP("LayerPanel", "Radars"),
    "unseen": QT_TRANSLATE_NOOP("LayerPanel", "Not seen by any radar"),
    "age": QT_TRANSLATE_NOOP("LayerPanel", "Age of the mosaic"),
    "beam_height": QT_TRANSLATE_NOOP("LayerPanel", "Height of the beam"),
    "source": QT_TRANSLATE_NOOP("LayerPanel", "Which radar"),
    "count": QT_TRANSLATE_NOOP("LayerPanel", "How many radars"),
    "coverage": QT_TRANSLATE_NOOP("LayerPanel", "Radar coverage"),
    "county": QT_TRANSLATE_NOOP("LayerPanel", "County border"),
    "towns": QT_TRANSLATE_NOOP("LayerPanel", "Towns"),
    "villages": QT_TRANSLATE_NOOP("LayerPanel", "Villages"),
    "roads": QT_TRANSLATE_NOOP("LayerPanel", "Roads"),
    "rivers": QT_TRANSLATE_NOOP("LayerPanel", "Rivers"),
    "relief": QT_TRANSLATE_NOOP("LayerPanel", "Relief"),
    "outside": QT_TRANSLATE_NOOP("LayerPanel", "Outside dimmed"),
}
# What changes by the minute stands first, the ground last; other layers stand between.
_ORDER = {name: i for i, name in enumerate(_NAMES)}
_LOADED_AT = _ORDER["county"] - 0.5


class LayerEntry(Protocol):
    """One layer as the panel shows it; ``at`` is the time of its data, ``count`` its things."""

    @property
    def name(self) -> str: ...
    @property
    def visible(self) -> bool: ...
    @property
    def opacity(self) -> float: ...
    @property
    def at(self) -> datetime | None: ...
    @property
    def count(self) -> int | None: ...


def layer_name(name: str) -> str:
    """Return the operator's word for a layer; a loaded layer keeps its own name."""
    source = _NAMES.get(name)
    return name if source is None else QCoreApplication.translate("LayerPanel", str(source))


class LayerPanel(Painted):
    """Rows with check box, opacity and age.

    Signals
    -------
    visible_requested(str, bool)     show or hide a layer
    opacity_changing(str, float)     the hand moves an opacity, 0..1
    opacity_requested(str, float)    the hand has let it go
    """

    visible_requested = Signal(str, bool)
    opacity_changing = Signal(str, float)
    opacity_requested = Signal(str, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=int(_ROW_PX))
        self._entries: tuple[LayerEntry, ...] = ()
        self._now: datetime | None = None
        self._at = 0
        self._drag = ""
        self._drag_opacity = 1.0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_layers(self, entries: Iterable[LayerEntry], now: datetime | None = None) -> None:
        """Show the layers; ages are counted at ``now``."""
        self._entries = tuple(sorted(entries, key=lambda entry: _ORDER.get(entry.name, _LOADED_AT)))
        self._now = now or self._now
        self._at = min(self._at, max(0, len(self._entries) - 1))
        self.show_height(max(1, len(self._entries)) * int(_ROW_PX))
        self.update()

    def show_now(self, now: datetime) -> None:
        """Count ages at another moment."""
        self._now = now
        self.update()

    def row_rect(self, name: str) -> QRectF:
        """Return the row of a layer, in the widget's own pixels; empty if there is none."""
        for i, entry in enumerate(self._entries):
            if entry.name == name:
                return QRectF(0, i * _ROW_PX, self.width(), _ROW_PX)
        return QRectF()

    def pieces(self) -> list[Piece]:
        """Return what is painted."""
        width = float(self.width())
        if not self._entries:
            note = self.tr("The layers of the map stand here once an office is open.")
            return list(
                pieces.line(look.EDGE_PX, width - look.EDGE_PX, 19, [Run(note, look.SECOND_PX, "quiet", elide=True)])
            )
        laid: list[Piece] = []
        for i, entry in enumerate(self._entries):
            laid += self._row(entry, i * _ROW_PX, width)
        if self.hasFocus():
            laid.append(Frame(QRectF(0, self._at * _ROW_PX, width, _ROW_PX), "outline", 2.0))
        return laid

    def _row(self, entry: LayerEntry, top: float, width: float) -> list[Piece]:
        base = top + 19
        box = QRectF(look.EDGE_PX, top + (_ROW_PX - _BOX_PX) / 2, _BOX_PX, _BOX_PX)
        tone = "text" if entry.visible else "quiet"
        laid: list[Piece] = [Frame(box, "quiet", 1.0, 2.0)]
        if entry.visible:
            laid.append(Text(box, "✓", look.SECOND_PX, "text", "center"))
        age_left = width - look.EDGE_PX - _AGE_PX
        slider = self._slider(width)
        opacity = self._drag_opacity if self._drag == entry.name else entry.opacity
        runs = [Run(layer_name(entry.name), tone=tone, elide=True, gap_px=6)]
        if entry.count is not None:
            runs.append(Run(words.number(entry.count, 0), look.SECOND_PX, "quiet"))
        wide = width >= _NARROW_PX
        laid += pieces.line(box.right() + 10, slider.left() - (_PERCENT_PX + 12 if wide else 8), base, runs)
        if wide:
            percent = [Run(f"{opacity * 100:.0f}", look.SECOND_PX, "quiet", tip=self.tr("opacity in percent"))]
            laid += pieces.line(slider.left() - _PERCENT_PX - 8, slider.left() - 8, base, percent, align="right")
        middle = round(top + _ROW_PX / 2)
        laid.append(Fill(QRectF(slider.left(), middle, slider.width(), 1), "edge"))
        laid.append(Fill(QRectF(slider.left(), middle, slider.width() * opacity, 1), tone))
        laid.append(Fill(QRectF(round(slider.left() + slider.width() * opacity) - 1, middle - 5, 3, 11), tone))
        if entry.at is not None and self._now is not None:
            age = words.age(self._now - entry.at)
            laid += pieces.line(
                age_left, width - look.EDGE_PX, base, [Run(age, look.SECOND_PX, "quiet", elide=True)], align="right"
            )
        return laid

    @staticmethod
    def _slider(width: float) -> QRectF:
        left = width - look.EDGE_PX - _AGE_PX - 8 - _SLIDER_PX
        return QRectF(left, 0, _SLIDER_PX, _ROW_PX)

    def _index_at(self, place: QPointF) -> int:
        index = int(place.y() // _ROW_PX)
        return index if 0 <= index < len(self._entries) else -1

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position())
        if index < 0 or event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._at = index
        entry = self._entries[index]
        slider = self._slider(float(self.width()))
        if slider.left() - 6 <= event.position().x() <= slider.right() + 6:
            self._drag = entry.name
            self._slide(event.position().x())
        else:
            self.visible_requested.emit(entry.name, not entry.visible)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag:
            self._slide(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        del event
        if self._drag:
            name, self._drag = self._drag, ""
            self.opacity_requested.emit(name, self._drag_opacity)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        entry = self._entries[self._at] if self._entries else None
        key = event.key()
        if entry is None:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 1 if key == Qt.Key.Key_Down else -1
            self._at = min(len(self._entries) - 1, max(0, self._at + step))
            self.update()
        elif key == Qt.Key.Key_Space:
            self.visible_requested.emit(entry.name, not entry.visible)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step_by = _STEP if key == Qt.Key.Key_Right else -_STEP
            self.opacity_requested.emit(entry.name, round(min(1.0, max(0.0, entry.opacity + step_by)), 2))
        else:
            super().keyPressEvent(event)

    def _slide(self, x: float) -> None:
        slider = self._slider(float(self.width()))
        self._drag_opacity = round(min(1.0, max(0.0, (x - slider.left()) / slider.width())), 2)
        self.opacity_changing.emit(self._drag, self._drag_opacity)
        self.update()
