"""The console's window: the map is the room, docks stand on its edges.

The map fills everything between the top bar and the time line and never moves;
docks are siblings over it. A task changes what stands in the docks and how wide
they are, nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from widgets import theme as look
from widgets.action_button import ActionButton
from widgets.dock import Dock, Reserving
from widgets.key_sheet import KeySheet
from widgets.keys import Keys
from widgets.map.canvas import MapCanvas
from widgets.notice_bar import NoticeBar
from widgets.over_map import MARGIN_PX, Corner, OverMap
from widgets.top_bar import HEIGHT_PX as TOP_PX
from widgets.top_bar import TASKS, TopBar

Side = Literal["left", "right"]
Bottom = Literal["time", "table"]
WIDE_PX = 1600
BOTTOM_PX = 156
LOW_BOTTOM_PX = 120
LOW_PX = 900
TABLE_ROWS, LOW_TABLE_ROWS, TABLE_HEAD_PX = 8, 5, 106

# Widths of the left and right dock by task; 0 is no dock.
_WIDE = {"watch": (320, 352), "issue": (320, 520), "call": (320, 592), "review": (320, 592)}
_NARROW = {"watch": (272, 320), "issue": (0, 592), "call": (0, 592), "review": (0, 592)}


class MainWindow(QWidget):
    """Top bar, map, docks, time line, notices.

    Signals
    -------
    task_changed(str)     the operator went to another task
    map_room_changed()    `map_room` has another answer
    closing()             the window is being closed
    """

    task_changed = Signal(str)
    map_room_changed = Signal()
    closing = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Fengsui"))
        self.setMinimumSize(1024, 640)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._task = TASKS[0]
        self._map: QWidget | None = None
        self._startup: QWidget | None = None
        self._page: QWidget | None = None
        self._second: QWidget | None = None
        self._over = OverMap()
        self._table: QWidget | None = None
        self._table_shown = self._table_high = False
        self._second_open = False
        self._before_keys: QWidget | None = None
        self._before_second: QWidget | None = None
        self._room = QRect()
        self.keys = Keys(self)
        self.top_bar = TopBar(self)
        self.notices = NoticeBar(self)
        self.left = Dock(self, "right")
        self.right = Dock(self, "left")
        self.bottom = Dock(self, "top")
        self._switch = ActionButton("", "Ctrl+E", self)
        self._switch.hide()
        self._key_sheet = KeySheet(self)
        self.top_bar.task_requested.connect(self._on_task)
        self._switch.clicked.connect(self._on_switch)
        self._key_sheet.close_requested.connect(self._on_keys)
        self._add_keys()

    def _add_keys(self) -> None:
        names = (self.tr("Watch"), self.tr("Issue"), self.tr("Call"), self.tr("Review"))
        for number, (task, name) in enumerate(zip(TASKS, names, strict=True), 1):
            self.keys.add(f"F{number}", name, lambda t=task: self._on_task(t))  # type: ignore[misc]
        self.keys.add("Ctrl+K", self.tr("Search or command"), self.top_bar.search.begin)
        self.keys.add("?", self.tr("Keys"), self._on_keys)

    # what stands in the window

    def set_map(self, canvas: QWidget) -> None:
        """Give the window its map, once."""
        self._map = canvas
        canvas.setParent(self)
        canvas.lower()
        canvas.show()
        self._place()

    def set_time_line(self, time_line: QWidget) -> None:
        """Give the window its time line, once."""
        self.bottom.add_panel(time_line, frozenset(TASKS), 1)
        self._place()

    def set_table(self, table: QWidget) -> None:
        """Give the window what stands between the docks in place of the time line when `show_bottom` shows it."""
        self._table = table
        table.setParent(self)
        table.hide()
        self._stack_up()

    def show_bottom(self, bottom: Bottom, *, high: bool = False) -> None:
        """Show the time line or the table under the map, a ``high`` one over half of it; the map does not move."""
        self._table_shown, self._table_high = bottom == "table" and self._table is not None, high
        self._place()

    def add_panel(self, panel: QWidget, side: Side, tasks: Iterable[str], *, stretch: int = 1) -> None:
        """Put a panel under the others of a dock; it stands there in its tasks.

        ``stretch`` 0 keeps the panel at its own height.
        """
        dock = self.left if side == "left" else self.right
        dock.add_panel(panel, frozenset(tasks), stretch)
        self._place()

    def set_second_person(self, panel: QWidget) -> None:
        """Give the second person's panel: the left dock of the issue task, or the other side of its one dock."""
        self._second = panel
        panel.setParent(self)
        self._place()

    def set_over_map(self, *, lower: QWidget | None = None, twin: QWidget | None = None) -> None:
        """Give what covers the ``lower`` part of the free map, or its right half, while `show_over_map` shows it."""
        self._over.lower, self._over.twin = lower or self._over.lower, twin or self._over.twin
        for panel in (lower, twin):
            if panel is not None:
                panel.setParent(self)
                panel.hide()
        self._stack_up()

    def show_over_map(self, panel: QWidget, *, shown: bool) -> None:
        """Show or hide what covers a part of the map; the map itself does not move."""
        panel.setVisible(shown)
        self._place()

    def add_overlay(self, card: QWidget, corner: Corner, tasks: Iterable[str] = TASKS) -> None:
        """Put a card into a corner of the free map; several in one corner stand one above the other."""
        card.setParent(self)
        self._over.add_card(card, corner, frozenset(tasks))
        card.show()
        self._stack_up()
        self._place()

    def grab(self, rectangle: QRect | None = None) -> QPixmap:
        """Return the picture of the window with every map in it finished."""
        for canvas in self.findChildren(MapCanvas):
            canvas.finish()
        return super().grab() if rectangle is None else super().grab(rectangle)

    def set_page(self, page: QWidget) -> None:
        """Give what covers everything under the top bar while `show_page` shows it."""
        self._page = page
        page.setParent(self)
        page.hide()

    def show_page(self, *, shown: bool) -> None:
        """Show or hide the page; what lies under it stays as it is."""
        if self._page is not None:
            self._page.setVisible(shown)
            self._page.raise_()
            self.notices.raise_()
            self._place()

    def show_startup(self, page: QWidget | None) -> None:
        """Cover the window with a page until the console can be used; None uncovers it."""
        if self._startup is not None and self._startup is not page:
            self._startup.hide()
        self._startup = page
        if page is not None:
            page.setParent(self)
            page.show()
            page.raise_()
        self._place()

    def show_office(self, name: str, *, exercise: bool) -> None:
        """Name the office; an exercise is said in the title too."""
        self.top_bar.show_office(name, exercise=exercise)
        said = self.tr("[Exercise] {office}") if exercise else "{office}"
        self.setWindowTitle(said.format(office=name))

    def show_task(self, task: str) -> None:
        """Lay the docks out for a task; the map stays."""
        self._task = task
        self._second_open = False
        self.top_bar.show_task(task)
        self._place()

    def show_second(self, is_open: bool) -> None:
        """Turn the one dock of a narrow window to the second person's side, or back to the sheet."""
        if is_open is not self._second_open:
            self._second_open = is_open
            self._place()

    @property
    def task(self) -> str:
        """The open task."""
        return self._task

    @property
    def is_narrow(self) -> bool:
        """Whether the issue task has one dock for both persons."""
        return self.width() < WIDE_PX

    def map_room(self, task: str = "") -> QRect:
        """Return the part of the map that neither a dock nor the pane beside it covers, in the map's own pixels."""
        room = self._free_room(task)
        if self._over.halves:
            room.setWidth(room.width() // 2)
        return room

    def _free_room(self, task: str = "") -> QRect:
        left, right = self._widths(task or self._task)
        area = self._map_area()
        return QRect(left, 0, max(0, area.width() - left - right), min(area.height(), self._floor() - TOP_PX))

    # the hand

    def _on_task(self, task: str) -> None:
        if task != self._task:
            self.show_task(task)
            self.task_changed.emit(task)

    def _on_switch(self) -> None:
        if not self._second_open:
            self._before_second = self.focusWidget()
        self.show_second(not self._second_open)
        if self._second_open and self._second is not None:
            self._second.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._give_back(self._before_second)

    def _on_keys(self) -> None:
        if self._key_sheet.isVisible():
            self._key_sheet.hide()
            self._give_back(self._before_keys)
            return
        self._before_keys = self.focusWidget()
        self._key_sheet.show_keys(self.keys.buttons_listed(), self.keys.acts_listed())
        self._place_key_sheet()
        self._key_sheet.show()
        self._key_sheet.raise_()
        self._key_sheet.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _give_back(self, widget: QWidget | None) -> None:
        """Give the keyboard back to who had it, to the window if that one is gone."""
        back = widget if widget is not None and isValid(widget) and widget.isVisible() else self
        back.setFocus(Qt.FocusReason.OtherFocusReason)

    # places

    def _widths(self, task: str) -> tuple[int, int]:
        return (_NARROW if self.is_narrow else _WIDE)[task]

    def _bottom_px(self) -> int:
        return LOW_BOTTOM_PX if self.height() < LOW_PX else BOTTOM_PX

    def _floor(self) -> int:
        """Return where the free part of the map ends: at the table, or at the time line."""
        if not self._table_shown:
            return self.height() - self._bottom_px()
        rows = LOW_TABLE_ROWS if self.height() < LOW_PX else TABLE_ROWS
        wanted = self.height() // 2 if self._table_high else TABLE_HEAD_PX + rows * look.ROW_PX
        return self.height() - max(wanted, self._bottom_px())

    def _map_area(self) -> QRect:
        return QRect(0, TOP_PX, self.width(), max(0, self.height() - TOP_PX - self._bottom_px()))

    def _place(self) -> None:
        covered = self._startup is not None
        area = self._map_area()
        left, right = self._widths(self._task)
        one_dock = self._task == "issue" and self.is_narrow and self._second is not None
        self.top_bar.setVisible(not covered)
        self.left.setVisible(not covered and left > 0)
        self.right.setVisible(not covered and not (one_dock and self._second_open))
        self.bottom.setVisible(not covered and not self._table_shown)
        foot = self.height() if self._table_shown else area.bottom() + 1
        if self._startup is not None:
            self._startup.setGeometry(self.rect())
        if self._page is not None:
            self._page.setGeometry(0, TOP_PX, self.width(), self.height() - TOP_PX)
        if self._map is not None:
            self._map.setVisible(not covered)
            self._map.setGeometry(area)
        self.top_bar.setGeometry(0, 0, self.width(), TOP_PX)
        self.bottom.setGeometry(0, area.bottom() + 1, self.width(), self.height() - area.bottom() - 1)
        self.left.show_task(self._task)
        self.right.show_task(self._task)
        self.left.setGeometry(0, area.top(), left, foot - TOP_PX)
        dock = QRect(self.width() - right, area.top(), right, foot - TOP_PX)
        self.right.setGeometry(dock)
        if self._table is not None:
            self._table.setVisible(self._table_shown and not covered)
            self._table.setGeometry(left, self._floor(), self.width() - left - right, self.height() - self._floor())
        self._place_second(left, dock, one_dock=one_dock, covered=covered)
        self._place_notices()
        self._place_overlays()
        if self._key_sheet.isVisible():
            self._place_key_sheet()
        room = self.map_room()
        if room != self._room:
            self._room = room
            self.map_room_changed.emit()
        self.update()

    def _place_second(self, left: int, dock: QRect, *, one_dock: bool, covered: bool) -> None:
        panel = self._second
        self._switch.setVisible(one_dock and not covered)
        self._switch.setText(self.tr("To the sheet") if self._second_open else self.tr("Evidence and review"))
        reserved = self._switch.sizeHint().width() + 12 if one_dock else 0
        for head in (panel, *self.right.findChildren(QWidget)):
            if isinstance(head, Reserving):
                head.show_reserved(reserved)
        if panel is None:
            return
        panel.setVisible(not covered and self._task == "issue" and (not one_dock or self._second_open))
        if one_dock:
            panel.setGeometry(dock)
            size = self._switch.sizeHint()
            self._switch.setGeometry(
                self.width() - MARGIN_PX - size.width(), dock.top() + 5, size.width(), size.height()
            )
            self._switch.raise_()
        else:
            panel.setGeometry(0, TOP_PX, left - 1, dock.height())
            panel.raise_()

    def _place_notices(self) -> None:
        left, right = self._widths(self._task)
        area = self._map_area()
        width = area.width() - left - right
        height = self.notices.height_for(width)
        self.notices.setGeometry(left, self._floor() - height, width, height)
        self.notices.setVisible(height > 0 and self._startup is None)

    def _place_key_sheet(self) -> None:
        room = self.map_room().translated(0, TOP_PX)
        size = self._key_sheet.sizeHint()
        height = min(size.height(), room.height() - 2 * MARGIN_PX)
        self._key_sheet.setGeometry(
            room.center().x() - size.width() // 2, room.center().y() - height // 2, size.width(), height
        )

    def _place_overlays(self) -> None:
        room = self._free_room().translated(0, TOP_PX)
        room.setBottom(room.bottom() - self.notices.height_for(room.width()))
        self._over.place(room, self._task, covered=self._startup is not None)

    def _stack_up(self) -> None:
        docks = (self._over.twin, self._over.lower, self.left, self.right, self._second, self.bottom, self._table)
        for widget in (*docks, self.top_bar, self.notices, self._key_sheet):
            if widget is not None:
                widget.raise_()

    # Qt's calls

    def event(self, event: QEvent) -> bool:
        """Place cards and notices again when one of them wants another size."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._place_notices()
            self._place_overlays()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = look.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("paper"))
        painter.end()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)
