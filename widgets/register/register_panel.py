"""What stands under the map in place of the time line: a register's table, the form of an entry, or a page."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from models.register.rows import Order, Rows
from widgets import theme as look
from widgets.pieces import Run
from widgets.register.register_table import RegisterTable
from widgets.register.table_head import HairLine, TableHead


class RegisterPanel(QWidget):
    """A head with a chooser, and under it what was chosen.

    Signals
    -------
    page_requested(str)       the operator chose a register or a page by its key
    new_requested()           add a record to this register
    import_requested()        read a file into it
    export_requested()        write it to a file
    undo_requested()          take the last edit back
    time_line_requested()     the time line instead
    """

    page_requested = Signal(str)
    new_requested = Signal()
    import_requested = Signal()
    export_requested = Signal()
    undo_requested = Signal()
    time_line_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.head = TableHead(self)
        self.table = RegisterTable(self)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.table)
        self._rows: Rows | None = None
        self._can_undo = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (HairLine(self), self.head, HairLine(self)):
            column.addWidget(part)
        column.addWidget(self._stack, 1)
        self.setFocusProxy(self.table)
        self.head.chosen.connect(self.page_requested)
        self.head.add.clicked.connect(lambda _: self.new_requested.emit())
        self.head.import_.clicked.connect(lambda _: self.import_requested.emit())
        self.head.export.clicked.connect(lambda _: self.export_requested.emit())
        self.head.undo.clicked.connect(lambda _: self.undo_requested.emit())
        self.head.time_line.clicked.connect(lambda _: self.time_line_requested.emit())
        self.table.rows_seen.connect(self._show_counts)

    # values in

    def add_page(self, page: QWidget) -> None:
        """Put a page beside the table; `show_page` shows it."""
        self._stack.addWidget(page)

    def show_choices(self, choices: tuple[tuple[str, str], ...]) -> None:
        """Show which registers and pages there are: key and words."""
        self.head.show_choices(choices)

    def show_page(self, page: QWidget, key: str, left: tuple[Run, ...] = ()) -> None:
        """Show the table, a form or a page; ``left`` are its counts in the head."""
        self._stack.setCurrentWidget(page)
        self.head.show_chosen(key)
        self.setFocusProxy(page)
        self.head.show_acts(table=page is self.table, undo=self._can_undo)
        if page is self.table:
            self._show_counts()
        else:
            self.head.words.show_runs(left, ())

    @property
    def page(self) -> QWidget:
        """What is shown."""
        return self._stack.currentWidget()

    def show_rows(self, rows: Rows | None, order: Order | None, *, typed: Mapping[str, str] | None = None) -> None:
        """Show the rows of a register in an order, and what they are filtered by."""
        self._rows = rows
        typed = typed or {}
        self.table.filters.show_filters(typed)
        if rows is not None and not len(rows):
            self.table.area.show_empty(
                self.tr("No entry yet. Import reads a file (Excel, CSV, vector); New adds one at a place on the map.")
            )
        elif rows is not None:
            self.table.area.show_empty(self.tr("No entry passes the filters. Escape in a filter clears it."))
        else:
            self.table.area.show_empty(self.tr("The register is being read."))
        self.table.show_rows(rows, order)
        self._show_counts()

    def show_undo(self, *, possible: bool) -> None:
        """Show whether there is an edit that can be taken back."""
        self._can_undo = possible
        self.head.show_acts(table=self.page is self.table, undo=possible)

    def _show_counts(self) -> None:
        if self.page is not self.table:
            return
        rows, area = self._rows, self.table.area
        if rows is None:
            self.head.words.show_runs((), ())
            return
        left = [
            Run(self.tr("register"), tone="quiet", gap_px=10),
            Run(self.tr("{n} entries").format(n=len(rows)), tone="quiet", gap_px=12),
        ]
        if area.count != len(rows):
            left += [Run(self.tr("filtered"), tone="quiet"), Run(str(area.count))]
        first, last = area.seen()
        said = self.tr("rows {a}-{b} of {n}").format(a=first + 1, b=last + 1, n=area.count)
        right = (Run(said, tone="quiet"),) if area.count else ()
        self.head.words.show_runs(tuple(left), right)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.current().color("panel"))
        painter.end()
