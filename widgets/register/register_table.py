"""A register as a table: heads, filters and rows that move together."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from models.register.rows import Order, Rows
from models.register.table_columns import NAME
from widgets import language
from widgets.register.column_heads import MORE, ColumnHeads
from widgets.register.column_places import last_first, place_columns
from widgets.register.filter_row import FilterRow
from widgets.register.row_area import RowArea


class RegisterTable(QWidget):
    """Rows of one register.

    Signals
    -------
    record_selected(str, str)   the operator moved to a record: register and id
    record_activated(str, str)  Enter: show it on the map
    edit_requested(str, str)    change this record
    sort_requested(str, bool)   sort by the column of this key, descending or not
    filter_changed(str, str)    what was typed for a group of columns
    rows_seen()                 other rows are seen
    """

    record_selected = Signal(str, str)
    record_activated = Signal(str, str)
    edit_requested = Signal(str, str)
    sort_requested = Signal(str, bool)
    filter_changed = Signal(str, str)
    rows_seen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: Rows | None = None
        self._first, self._current = 1, NAME
        self._sort, self._descending = "", False
        self.heads = ColumnHeads(self)
        self.filters = FilterRow(self)
        self.area = RowArea(self)
        self.menu = QMenu(self)
        self.setFocusProxy(self.area)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.heads)
        column.addWidget(self.filters)
        column.addWidget(self.area, 1)
        self.heads.part_clicked.connect(self._on_head)
        self.filters.filter_changed.connect(self.filter_changed)
        self.filters.leave_requested.connect(lambda: self.area.setFocus(Qt.FocusReason.OtherFocusReason))
        self.area.row_selected.connect(lambda one: self.record_selected.emit(self.register, one))
        self.area.row_activated.connect(lambda one: self.record_activated.emit(self.register, one))
        self.area.edit_requested.connect(lambda one: self.edit_requested.emit(self.register, one))
        self.area.column_moved.connect(self._on_column_moved)
        self.area.sort_requested.connect(lambda: self._on_head(self._current))
        self.area.filter_requested.connect(self._on_filter)
        self.area.scrolled.connect(self.rows_seen)

    @property
    def register(self) -> str:
        """Name of the register that is shown, empty before any."""
        return self._rows.description.name if self._rows is not None else ""

    @property
    def current(self) -> str:
        """Key of the column that the keys act on."""
        return self._current

    def show_rows(self, rows: Rows | None, order: Order | None) -> None:
        """Show the rows of a register in an order; another register begins at its left edge."""
        if rows is None or rows.description.name != self.register:
            self._first, self._current = 1, NAME
        self._rows = rows
        self._lay_columns()
        self.area.show_rows(rows, order)

    def show_sort(self, key: str, *, descending: bool) -> None:
        """Show by which column the rows are sorted."""
        self._sort, self._descending = key, descending
        self.heads.show_sort(key, descending=descending)

    def show_selected(self, register: str, record_id: str) -> None:
        """Select a record; one of another register clears the selection."""
        self.area.show_selected(record_id if register == self.register else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_columns()

    def _lay_columns(self) -> None:
        if self._rows is None:
            self.heads.show_places(())
            self.filters.show_places(())
            self.area.show_places(())
            return
        places = place_columns(self._rows, float(self.width()), self._first)
        self.heads.show_places(places, hidden=len(self._rows.columns) - len(places))
        self.heads.show_current(self._current)
        self.filters.show_places(places)
        self.area.show_places(places)

    def _on_head(self, key: str) -> None:
        """Sort by a column: figures the largest first; a second time the other way, a third time as they came."""
        if key == MORE:
            self.choose_column()
            return
        column = self._rows.column(key) if self._rows is not None else None
        if column is None:
            return
        self._current = key
        self.heads.show_current(key)
        first = column.is_figure or key == "state"
        if self._sort != key:
            self.sort_requested.emit(key, first)
        elif self._descending is first:
            self.sort_requested.emit(key, not first)
        else:
            self.sort_requested.emit("", False)

    def _on_column_moved(self, by: int) -> None:
        if self._rows is None:
            return
        keys = [column.key for column in self._rows.columns]
        at = keys.index(self._current) if self._current in keys else 0
        self._go_to(min(len(keys) - 1, max(0, at + by)))

    def choose_column(self) -> None:
        """Open the list of the columns that have no room; the chosen one is gone to."""
        if self._rows is None:
            return
        seen = {one.column.key for one in place_columns(self._rows, float(self.width()), self._first)}
        self.menu.clear()
        for number, column in enumerate(self._rows.columns):
            if column.key not in seen:
                self.menu.addAction(column.title.of(language.current())).triggered.connect(partial(self._go_to, number))
        corner = QPoint(self.heads.width() - self.menu.sizeHint().width() - 8, self.heads.height())
        self.menu.popup(self.heads.mapToGlobal(corner))

    def _go_to(self, number: int, *_: object) -> None:
        """Let the keys act on the column of a number, and show it."""
        if self._rows is None or not 0 <= number < len(self._rows.columns):
            return
        self._current = self._rows.columns[number].key
        self._first = last_first(self._rows, float(self.width()), number, self._first)
        self._lay_columns()

    def _on_filter(self) -> None:
        column = self._rows.column(self._current) if self._rows is not None else None
        if column is not None:
            self.filters.begin(column.group)
