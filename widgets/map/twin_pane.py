"""A second map beside the first: the same place, another field; the hand on one moves both."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from layers.drawing import Drawings, Raster
from layers.map_view import MapView
from models.geodesy import to_mercator
from widgets import pieces, words
from widgets import theme as look
from widgets.action_button import ActionButton
from widgets.choice_box import ChoiceBox
from widgets.map.canvas import MapCanvas
from widgets.map.legend import Legend
from widgets.map.section_line import paint_tick
from widgets.painted import Painted
from widgets.pieces import Piece, Run

_HEAD_PX = 40
_MARK_PX = 17
_BOX_PX = 132
_MARGIN_PX = 16

Choice = tuple[str, str]
"""An id, and what the operator calls it."""


class PaneFacts(Painted):
    """What stands on the second map, from when, and how old it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=_HEAD_PX)
        self._runs: tuple[Run, ...] = ()

    def show_runs(self, runs: tuple[Run, ...]) -> None:
        """Show the facts."""
        if runs != self._runs:
            self._runs = runs
            self.update()

    def pieces(self) -> list[Piece]:
        """Return the one line; where it is too long, facts before the last give way and stand in its tooltip."""
        runs, room = list(self._runs), self.width() - 8
        said = "  ".join(run.text for run in runs)
        while len(runs) > 1 and pieces.total_width(runs) > room:
            del runs[-2]
            runs[-1] = replace(runs[-1], tip=said)
        return list(pieces.line(4, self.width() - 4, _HEAD_PX / 2 + 5, runs))


class PlaceMark(QWidget):
    """A small ring on a map where the cursor stands on the other one."""

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.resize(_MARK_PX, _MARK_PX)
        self._canvas = canvas
        self.hide()

    def show_place(self, lon_deg: float, lat_deg: float) -> None:
        """Stand at a place, if it is on this map."""
        x, y = self._canvas.view().to_pixels(*to_mercator(lon_deg, lat_deg))  # type: ignore[arg-type]
        self.move(round(float(x)) - _MARK_PX // 2, round(float(y)) - _MARK_PX // 2)
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_tick(painter, QRectF(self.rect()).center(), look.current())
        painter.end()


class TwinPane(QFrame):
    """Selector, facts, and a map that shows what the left one shows in its left half.

    Signals
    -------
    chosen(str)         another field shall stand here
    close_requested()   the pane shall go
    """

    chosen = Signal(str)
    close_requested = Signal()

    def __init__(self, first: MapCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._first = first
        self.canvas = MapCanvas(self)
        self.box = ChoiceBox(self)
        self.box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.box.setAccessibleName(self.tr("What the second map shows"))
        self.box.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(4)
        self.box.setFixedWidth(_BOX_PX)
        self.box.activated.connect(self._on_activated)
        self.legend = Legend(self.canvas)
        self.legend.move(_MARGIN_PX, _MARGIN_PX)
        self.facts = PaneFacts(self)
        self.close_button = ActionButton(self.tr("Close"), "Escape", self)
        self.close_button.clicked.connect(self.close_requested)
        self._marks = (PlaceMark(first), PlaceMark(self.canvas))
        head = QHBoxLayout()
        head.setContentsMargins(8, 0, 8, 0)
        head.setSpacing(6)
        head.addWidget(self.box)
        head.addWidget(self.facts, 1)
        head.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.canvas, 1)
        first.view_changing.connect(self._on_first_moved)
        self.canvas.view_changing.connect(self._on_own_moved)
        first.cursor_moved.connect(self._marks[1].show_place)
        first.cursor_left.connect(self._marks[1].hide)
        self.canvas.cursor_moved.connect(self._on_cursor)
        self.canvas.cursor_left.connect(self._marks[0].hide)
        self.hide()

    # What is shown

    def show_choices(self, choices: tuple[Choice, ...], chosen: str) -> None:
        """Show what can stand here, and what does."""
        known = tuple((str(self.box.itemData(i)), self.box.itemText(i)) for i in range(self.box.count()))
        if known != choices:
            self.box.clear()
            for name, said in choices:
                self.box.addItem(said, name)
        self.box.setCurrentIndex(next((i for i, (name, _) in enumerate(choices) if name == chosen), -1))
        self.box.setToolTip(self.box.currentText())

    def show_drawings(self, drawings: Drawings) -> None:
        """Show what lies on the second map, and the colors of its field where they are not those of the first."""
        self.canvas.show_drawings(drawings)
        fields = tuple(item for item in drawings.items if isinstance(item, Raster) and not item.smooth)
        self.legend.show_drawings(Drawings(fields))
        self._place_legend()

    def _place_legend(self) -> None:
        room, size = self.canvas.size(), self.legend.sizeHint()
        self.legend.setVisible(size.height() > 0 and size.width() + 2 * _MARGIN_PX <= room.width())
        self.legend.setGeometry(_MARGIN_PX, room.height() - _MARGIN_PX - size.height(), size.width(), size.height())

    def show_facts(self, facts: str, age: timedelta | None, stale_after: timedelta | None, *, value: str = "") -> None:
        """Say what stands under the cursor, and of when the field is; what is too old stands on a gray tag."""
        runs = [Run(value, gap_px=8)] if value else []
        runs += [Run(fact, tone="quiet", elide=True, gap_px=8) for fact in facts.split("  ")]
        if age is not None:
            stale = stale_after is not None and age > stale_after
            runs.append(Run(words.age(age), tone="text" if stale else "quiet", tag=stale))
        self.facts.show_runs(tuple(runs))

    def wanted_view(self) -> MapView:
        """Return the view that lies over the other map as this one does: as far right of it as half the room."""
        first, own, corner = self._first.view(), self.canvas, self._corner()
        scale = first.meters_per_pixel
        west = first.west_m + corner.x() * scale
        north = first.north_m - corner.y() * scale
        width, height = max(1, own.width()), max(1, own.height())
        return MapView(west + width / 2 * scale, north - height / 2 * scale, scale, width, height)

    def join(self) -> None:
        """Show what the first map shows."""
        wanted = self.wanted_view()
        if self.isVisible() and wanted != self.canvas.view():
            self.canvas.show_view(wanted)

    def _corner(self) -> QPoint:
        """Return which pixel of the first map shows what this map's upper left corner does: as far into its half."""
        corner = self._first.mapFrom(self.window(), self.canvas.mapTo(self.window(), QPoint(0, 0)))
        return corner - QPoint(self.width(), 0)

    # The hand

    def _on_activated(self, index: int) -> None:
        self.chosen.emit(str(self.box.itemData(index)))

    def _on_first_moved(self, _view: MapView) -> None:
        if self.isVisible():
            self.canvas.follow_view(self.wanted_view())

    def _on_own_moved(self, view: MapView) -> None:
        first, scale, corner = self._first.view(), view.meters_per_pixel, self._corner()
        west, north = view.west_m - corner.x() * scale, view.north_m + corner.y() * scale
        center_x = west + first.width / 2 * scale
        center_y = north - first.height / 2 * scale
        self._first.follow_view(replace(first, center_x_m=center_x, center_y_m=center_y, meters_per_pixel=scale))

    def _on_cursor(self, lon_deg: float, lat_deg: float) -> None:
        self._marks[0].show_place(lon_deg, lat_deg)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_legend()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        for mark in self._marks:
            mark.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = look.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("panel"))
        painter.fillRect(QRectF(0, 0, 1, self.height()), theme.color("outline"))
        painter.end()
