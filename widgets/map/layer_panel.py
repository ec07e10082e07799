"""The layers of the map in groups: shown or not, how strongly, in which order, at which scales, and how old."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from layers.arrangement import OWN_GROUP, is_group, may_change_group
from layers.map_view import MapView
from models.geodesy import mercator_scale, to_lonlat
from widgets import pieces
from widgets import theme as look
from widgets.map import layer_rows as rows
from widgets.map.group_field import GroupField
from widgets.map.layer_marks import detail_pieces, paint_marks
from widgets.map.layer_rows import LayerEntry, Line, layer_name
from widgets.painted import Painted
from widgets.pieces import Fill, Frame, Piece, Run

_STEP = 0.1
_DRAG_PX = 6.0
_SLIDER_REACH_PX = 6.0
_FIRST = "points"
"""The group of this layer is the open one where there is little room."""
__all__ = ["LayerEntry", "LayerPanel", "layer_name"]


class LayerPanel(Painted):
    """Groups of rows with check box, glyph, opacity and age.

    Up and down go from row to row, Space shows or hides, left and right set the opacity or fold a group, Alt with up
    and down moves the layer, Alt with left and right takes it into the group before or behind, G or the right button
    into one of another name (on a group's own head: names it anew), Enter says more of it, ``[`` and ``]`` bound its
    scales by the present one. In a low window the heads stand side by side, and one group is open at a time.

    Signals
    -------
    visible_requested(str, bool)         show or hide a layer
    opacity_changing(str, float)         the hand moves an opacity, 0..1
    opacity_requested(str, float)        the hand has let it go
    move_requested(str, str)             take a layer to the place of another one of its group
    group_requested(object, str)         take layers, tuple[str, ...], into a group; empty: back into their own
    scales_requested(str, float, float)  draw a layer between two scales, map meters a pixel
    folded_changed(object)               groups that are folded, frozenset[str]
    """

    visible_requested = Signal(str, bool)
    opacity_changing = Signal(str, float)
    opacity_requested = Signal(str, float)
    move_requested = Signal(str, str)
    group_requested = Signal(object, str)
    scales_requested = Signal(str, float, float)
    folded_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=int(rows.ROW_PX))
        self._groups: dict[str, list[LayerEntry]] = {}
        self._lines: list[Line] = []
        self._painted = QRectF()
        self._now: datetime | None = None
        self._view_m, self._ground_share = math.nan, 1.0
        self._folded: frozenset[str] | None = None
        self._is_low, self._open_low = False, ""
        self._at = ""
        self._opened = ""
        self._slid = ""
        self._slid_opacity = 1.0
        self._pressed: tuple[str, QPointF] | None = None
        self._target = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.field = GroupField(self)
        self.field.named.connect(self._on_named)
        arrows = ("Left", "Right", "Up", "Down")
        self.setProperty("own_keys", ("Return", "Space", "[", "]", "G", *arrows, *(f"Alt+{one}" for one in arrows)))

    # values in

    def show_layers(self, entries: Iterable[LayerEntry], now: datetime | None = None) -> None:
        """Show the layers, the lowest of the map first; ages are counted at ``now``."""
        ages, groups = rows.ages_of(self._groups, self._now), rows.in_groups(entries)
        same = groups == self._groups
        self._groups, self._now = groups, now or self._now
        if not same:
            self._lay()
        elif rows.ages_of(groups, self._now) != ages:  # most seconds say nothing new
            self.update()

    def show_view(self, view: MapView) -> None:
        """Take the present scale, for layers that are not drawn at every one."""
        _, lat = to_lonlat(np.array([view.center_x_m]), np.array([view.center_y_m]))
        self._view_m, self._ground_share = view.meters_per_pixel, 1.0 / mercator_scale(float(lat[0]))
        self.update()

    def show_folded(self, folded: Iterable[str]) -> None:
        """Fold these groups and no others."""
        self._folded = frozenset(filter(is_group, folded))
        self._lay()

    def show_low(self, *, low: bool) -> None:
        """Say whether the panel has little height: then one group is open at a time, that of the hazards first."""
        if low is not self._is_low:
            self._is_low = low
            self._lay()

    @property
    def folded(self) -> frozenset[str]:
        """The groups that are folded; as long as nobody chose, those of which nothing is shown, in a low panel all but one."""
        if self._is_low:
            first = next((g for g, its in self._groups.items() if any(e.name == _FIRST for e in its)), "")
            return frozenset(self._groups) - {self._open_low or first}
        if self._folded is not None:
            return self._folded
        return frozenset(g for g, its in self._groups.items() if not any(e.visible for e in its))

    @property
    def count(self) -> int:
        """How many layers there are."""
        return sum(len(its) for its in self._groups.values())

    def row_rect(self, name: str) -> QRectF:
        """Return the row of a layer or a group, in the widget's own pixels; empty if there is none."""
        line = self._line(name)
        return line.room(float(self.width())) if line else QRectF()

    # what is painted

    def pieces(self) -> list[Piece]:
        """Return what is painted; marks of groups and glyphs are painted over it."""
        width = float(self.width())
        if not self._groups:
            note = self.tr("The layers of the map stand here once an office is open.")
            run = Run(note, look.SECOND_PX, "quiet", elide=True)
            return list(pieces.line(look.EDGE_PX, width - look.EDGE_PX, 19, [run]))
        laid: list[Piece] = []
        for line in self._seen():
            entry = line.entry
            if entry is None and line.wide:
                laid += rows.head_pieces(line, self._groups[line.group], is_open=line.group not in self.folded)
            elif entry is None:
                laid += rows.group_pieces(line, self._groups[line.group], width)
            elif line.detail:
                laid += detail_pieces(line, entry, width, self._ground_share)
            else:
                opacity = self._slid_opacity if self._slid == entry.name else entry.opacity
                scale = self._view_m if math.isfinite(self._view_m) else rows.scales_of(entry)[0]
                laid += rows.layer_pieces(line, entry, width, opacity, self._now, scale)
        line_at = self._line(self._at)
        if self.hasFocus() and line_at is not None:
            laid.append(Frame(line_at.room(width), "outline", 2.0))
        target = self._line(self._target)
        if target is not None and self._pressed is not None:
            held = self._line(self._pressed[0])
            below = held is not None and held.top < target.top
            if held is not None and held.group != target.group:
                return [*laid, Frame(target.room(width), "outline", 2.0, look.RADIUS_PX)]
            laid.append(Fill(QRectF(look.EDGE_PX, target.top + (rows.ROW_PX if below else 0) - 1, width, 2), "outline"))
        return laid

    def _seen(self) -> tuple[Line, ...]:
        """Return the lines that are being painted, all of them at any other time: most are scrolled out of sight."""
        part = self._painted
        if part.isNull():
            return tuple(self._lines)
        return tuple(one for one in self._lines if one.top < part.bottom() + 1 and one.top + one.high > part.top())

    def paintEvent(self, event: QPaintEvent) -> None:
        self._painted = QRectF(event.rect())
        super().paintEvent(event)
        painter = QPainter(self)
        paint_marks(painter, self._seen(), self.folded, float(self.width()))
        painter.end()
        self._painted = QRectF()

    def _lay(self) -> None:
        width, share = float(self.width()), self._ground_share
        self._lines = rows.lines_of(self._groups, self.folded, self._opened, width, share, side_by_side=self._is_low)
        if self._line(self._at) is None:
            self._at = ""
        self.show_height(self.height_at(self.width()))
        self.update()

    def height_at(self, width: int) -> int:
        """Return the height of all lines at a width, px."""
        del width
        return round(max((line.top + line.high for line in self._lines), default=rows.ROW_PX))

    def mend_height(self) -> None:
        """Lay the lines out for another width."""
        self._lay()

    @staticmethod
    def _key(line: Line) -> str:
        return line.entry.name if line.entry else f"group:{line.group}"

    def _line(self, key: str) -> Line | None:
        return next((line for line in self._lines if not line.detail and self._key(line) == key), None)

    def _line_at(self, place: QPointF) -> Line | None:
        return next((line for line in self._lines if line.room(float(self.width())).contains(place)), None)

    # the hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        line = self._line_at(event.position())
        if line is None or line.detail or event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._at = self._key(line)
        slider = rows.slider_of(float(self.width()))
        on_slider = slider.left() - _SLIDER_REACH_PX <= event.position().x() <= slider.right() + _SLIDER_REACH_PX
        if line.entry is not None and on_slider:
            self._slid = line.entry.name
            self._slide(event.position().x())
        else:
            self._pressed = (self._at, event.position())
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._slid:
            self._slide(event.position().x())
        elif self._pressed is not None and abs(event.position().y() - self._pressed[1].y()) > _DRAG_PX:
            under = self._line_at(event.position())
            held = self._line(self._pressed[0])
            movable = under is not None and held is not None and (_may_pass(held, under) or _may_join(held, under))
            self._target = self._key(under) if movable and under is not None else ""
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._slid:
            name, self._slid = self._slid, ""
            self.update()
            self.opacity_requested.emit(name, self._slid_opacity)
            return
        pressed, target = self._pressed, self._target
        self._pressed, self._target = None, ""
        self.unsetCursor()
        if pressed is None:
            return
        line = self._line(pressed[0])
        if abs(event.position().y() - pressed[1].y()) > _DRAG_PX:
            under = self._line(target)
            if under is not None and line is not None and line.entry is not None:
                if under.group != line.group:
                    self.group_requested.emit((line.entry.name,), under.group)
                else:
                    self.move_requested.emit(line.entry.name, target)
        elif line is not None and line.entry is None:
            self._fold(line.group)
        elif line is not None and line.entry is not None:
            self.visible_requested.emit(line.entry.name, not line.entry.visible)
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        line = self._line_at(QPointF(event.pos()))
        if line is not None and not line.detail:
            self._ask_group(line)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        line = self._line(self._at)
        key = event.key()
        if line is None:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 1 if key == Qt.Key.Key_Down else -1
            if event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self._move(line, step)
            else:
                self._step(step)
        elif key == Qt.Key.Key_G:
            self._ask_group(line)
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._join_next(line, 1 if key == Qt.Key.Key_Right else -1)
        elif line.entry is None and key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_Return):
            folded = line.group in self.folded
            if key in (Qt.Key.Key_Space, Qt.Key.Key_Return) or folded is (key == Qt.Key.Key_Right):
                self._fold(line.group)
        elif line.entry is not None:
            self._act_on(line.entry, event)
        else:
            super().keyPressEvent(event)

    def _act_on(self, entry: LayerEntry, event: QKeyEvent) -> None:
        key = event.key()
        least, most = rows.scales_of(entry)
        if key == Qt.Key.Key_Space:
            self.visible_requested.emit(entry.name, not entry.visible)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step_by = _STEP if key == Qt.Key.Key_Right else -_STEP
            self.opacity_requested.emit(entry.name, round(min(1.0, max(0.0, entry.opacity + step_by)), 2))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._opened = "" if self._opened == entry.name else entry.name
            self._lay()
            QTimer.singleShot(0, self, self._see)  # the room for it is there in the next turn
        elif key == Qt.Key.Key_BracketLeft and math.isfinite(self._view_m):
            free = math.isfinite(most)
            self.scales_requested.emit(entry.name, least, math.inf if free else max(self._view_m * 1.001, least))
        elif key == Qt.Key.Key_BracketRight and math.isfinite(self._view_m):
            self.scales_requested.emit(entry.name, 0.0 if least > 0 else min(self._view_m * 0.999, most), most)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        first = next((line for line in self._lines if line.entry), next(iter(self._lines), None))
        self._at = self._at or (self._key(first) if first is not None else "")
        self._see()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _slide(self, x: float) -> None:
        slider = rows.slider_of(float(self.width()))
        self._slid_opacity = round(min(1.0, max(0.0, (x - slider.left()) / slider.width())), 2)
        self.opacity_changing.emit(self._slid, self._slid_opacity)
        self.update()

    def _step(self, step: int) -> None:
        stops = [self._key(line) for line in self._lines if not line.detail]
        at = stops.index(self._at) if self._at in stops else 0
        self._at = stops[min(len(stops) - 1, max(0, at + step))]
        self._see()
        self.update()

    def _see(self) -> None:
        """Scroll the row with the keyboard into sight."""
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        line = self._line(self._at)
        if isinstance(above, QScrollArea) and line is not None:
            said = next((d for d in self._lines if d.detail and d.entry is line.entry), None)
            if said is not None:
                above.ensureVisible(0, round(said.top + said.high), 0, 4)
            above.ensureVisible(0, round(line.top + line.high / 2), 0, round(line.high))

    def _fold(self, group: str) -> None:
        if self._is_low:  # one of them is open; which, is not kept
            self._open_low = group
            self._lay()
            return
        self._folded = self.folded ^ {group}
        self._lay()
        self.folded_changed.emit(self._folded)

    def _move(self, line: Line, step: int) -> None:
        """Move the layer past its neighbor, where the map lets it."""
        if line.entry is None:
            return
        its = [one for one in self._lines if one.entry is not None and not one.detail and one.group == line.group]
        at = its.index(line) + step
        if 0 <= at < len(its) and _may_pass(line, its[at]):
            other = its[at].entry
            if other is not None:
                self.move_requested.emit(line.entry.name, other.name)

    def _join_next(self, line: Line, step: int) -> None:
        """Take a layer into the group before or behind, of all that there are."""
        groups = list(rows.all_groups(self._groups))
        at = groups.index(line.group) + step
        if line.entry is not None and may_change_group(line.entry.name) and 0 <= at < len(groups):
            self.group_requested.emit((line.entry.name,), groups[at])

    def _ask_group(self, line: Line) -> None:
        """Ask for the group of a layer, or for the name of a group that the operator made."""
        if line.entry is None and not line.group.startswith(OWN_GROUP):
            return
        entries = self._groups[line.group] if line.entry is None else [line.entry]
        if all(may_change_group(entry.name) for entry in entries):
            self._at = self._key(line)
            place = line.room(float(self.width()))
            self.field.ask(tuple(entry.name for entry in entries), rows.group_word(line.group), place)

    def _on_named(self, names: tuple[str, ...], said: str) -> None:
        self.group_requested.emit(names, rows.group_named(said))


def _may_pass(held: Line, under: Line) -> bool:
    """Whether a layer may take another's place: of one group, and of one storey of the map."""
    if held.entry is None or under.entry is None or under.detail or held.group != under.group:
        return False
    return int(getattr(held.entry, "storey", 0)) == int(getattr(under.entry, "storey", 0))


def _may_join(held: Line, under: Line) -> bool:
    """Whether a layer may be laid into another group."""
    return held.entry is not None and held.group != under.group and may_change_group(held.entry.name)
