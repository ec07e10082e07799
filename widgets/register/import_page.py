"""The page of an import: columns at the left, findings by kind with their mends in the middle, the position at the right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from layers.drawing import Drawings
from layers.map_view import MapView
from layers.read_raster import Field
from models.register.description import RegisterDescription
from models.register.mapping import How
from models.register.quality import Quality
from models.register.shift import PositionCheck
from models.register.table import as_text
from widgets import language
from widgets.map.part_choice import PartChoice
from widgets.panel_head import PanelHead
from widgets.register.import_foot import ImportFoot
from widgets.register.import_head import ImportHead, Step
from widgets.register.import_rows import (
    Heads,
    column_places,
    column_row,
    finding_places,
    finding_row,
    heading_row,
    made_row,
    more_row,
)
from widgets.register.import_strip import UNKNOWN, ImportStrip
from widgets.register.mapping_strip import MappingStrip
from widgets.register.position_panel import PositionPanel
from widgets.row_list import Row, RowList

SHOWN_OF_A_KIND = 3
_SAMPLES = 3


@dataclass(frozen=True, slots=True, eq=False)
class ImportState:
    """A file as it stands: its report after the mends made so far, and its rows on the ground before and after.

    ``chosen`` are the mends that were made, ``mended`` how many rows each changed. ``added`` and ``changed`` count
    what the import would do to the register, ``missing`` the entries that the file does not name. ``first`` is how the
    rows fitted the ground before any mend. ``crs`` and ``kind`` are what somebody said of the file, ``systems`` what
    its coordinates may rest on; ``remembers`` says that columns are read otherwise than by their names.
    """

    file: str
    description: RegisterDescription
    quality: Quality
    mended: Mapping[str, int]
    chosen: tuple[str, ...]
    added: int
    changed: int
    as_read: Drawings
    as_taken: Drawings
    view: MapView | None = None
    leaves_out: bool = False
    first: PositionCheck | None = None
    missing: int = 0
    crs: str = ""
    kind: str = ""
    systems: tuple[str, ...] = ()
    remembers: bool = False


class ImportPage(QWidget):
    """The report of a file that is to become part of a register; nothing is imported until every row passes.

    Signals
    -------
    mend_requested(str)      make this mend, or take it back
    leave_out_requested(bool)  leave the rows out that do not pass, or take them back in
    column_requested(str, str)  read the column of this header as this field
    coordinates_requested(str)  take the coordinates to rest on this
    kind_requested(str)      take all rows to be of this kind
    sheet_requested(str)     read this sheet of the workbook; empty leaves it
    forget_requested()       read every column by its name again
    again_requested()        read the file once more
    report_requested()       write the report for the file's owner
    import_requested()       write what passes into the register
    stop_requested()         let go of what is at work
    close_requested()        leave the register as it is
    """

    mend_requested = Signal(str)
    leave_out_requested = Signal(bool)
    column_requested = Signal(str, str)
    coordinates_requested = Signal(str)
    kind_requested = Signal(str)
    sheet_requested = Signal(str)
    forget_requested = Signal()
    again_requested = Signal()
    report_requested = Signal()
    import_requested = Signal()
    stop_requested = Signal()
    close_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._state: ImportState | None = None
        self._mends: tuple[str, ...] = ()
        self._open: set[str] = set()
        self._names: dict[int, str] = {}
        self.head = ImportHead(self)
        self._columns_head = PanelHead(self.tr("Columns"), self)
        self._column_heads, self._finding_heads = Heads(self), Heads(self)
        self.columns = RowList(self, empty=self.tr("The columns of the file stand here."))
        self.mapping = MappingStrip(self)
        self._findings_head = PanelHead(self.tr("Findings"), self)
        self.findings = RowList(self, lines=False)
        self._position_head = PanelHead(self.tr("Position check"), self)
        self.position = PositionPanel(self)
        self.strip = ImportStrip(self)
        self.foot = ImportFoot(self)
        self.sheets = PartChoice(self, of_one=True)
        self._lay_out()
        self._connect()
        keys = tuple(str(n) for n in range(1, 10))
        for widget in (self, self.columns, self.findings):
            widget.setProperty("own_keys", keys)

    def _connect(self) -> None:
        self.findings.part_clicked.connect(self._on_part)
        self.findings.row_activated.connect(self._on_row)
        self.columns.row_selected.connect(lambda _: self._show_column())
        self.columns.row_activated.connect(lambda _: self._on_change())
        for listed in (self.columns, self.findings):
            listed.viewport().installEventFilter(self)
        mapping, foot = self.mapping, self.foot
        mapping.column_requested.connect(self._on_column)
        mapping.coordinates_requested.connect(self.coordinates_requested)
        mapping.kind_requested.connect(self.kind_requested)
        mapping.sheet_requested.connect(self.sheet_requested)
        self.sheets.chosen.connect(lambda parts: self._on_sheet(*parts))
        mapping.forget_requested.connect(self.forget_requested)
        mapping.change_requested.connect(self._on_change)
        self.strip.stop.clicked.connect(lambda _: self.stop_requested.emit())
        foot.leave.clicked.connect(lambda _: self.close_requested.emit())
        foot.again.clicked.connect(lambda _: self.again_requested.emit())
        foot.report.clicked.connect(lambda _: self.report_requested.emit())
        foot.leave_out.clicked.connect(self._on_leave_out)
        foot.write.clicked.connect(lambda _: self._on_write())

    def _lay_out(self) -> None:
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self.head)
        row = QHBoxLayout()
        row.setSpacing(1)
        for panels, stretch in (
            ((self._columns_head, self._column_heads, self.columns, self.mapping), 25),
            ((self._findings_head, self._finding_heads, self.findings), 47),
            ((self._position_head, self.position), 28),
        ):
            column = QVBoxLayout()
            column.setSpacing(0)
            for panel in panels:
                column.addWidget(panel, int(panel in {self.columns, self.findings, self.position}))
            row.addLayout(column, stretch)
        page.addLayout(row, 1)
        page.addWidget(self.strip)
        page.addWidget(self.foot)

    @property
    def mends(self) -> tuple[str, ...]:
        """The mends that keys 1 to 9 make, in their order."""
        return self._mends

    def show_reading(self, file: str, description: RegisterDescription) -> None:
        """Show that a file is being read; nothing is known of it yet."""
        self._state = None
        self._open.clear()
        self._mends = ()
        self.sheets.hide()
        self.head.show_file(self._said_title(description), file, Step.FILE)
        for head in (self._columns_head, self._findings_head):
            head.show_count("")
            head.show_note("")
        self.columns.show_rows(())
        self.findings.show_empty(self.tr("The rows are checked when the file is read."))
        self.findings.show_rows(())
        self.mapping.show_column(None, (), description)
        self.mapping.hide()
        self.foot.show_nothing()

    def show_state(self, state: ImportState) -> None:
        """Show where a file stands."""
        if self._state is None or self._state.file != state.file:
            self._open.clear()
        self._state = state
        quality = state.quality
        self._names = dict(zip(quality.entries.lines.tolist(), quality.entries.texts.get("name", ()), strict=False))
        facts = self.tr("{file}   sheet {sheet}   {rows} rows   {columns} columns").format(
            file=state.file,
            sheet=quality.table.sheet or "—",
            rows=quality.rows_read,
            columns=len(quality.table.headers),
        )
        self.head.show_file(self._said_title(state.description), facts, _step_of(quality))
        self._show_columns(state)
        self.findings.show_empty(self.tr("Nothing is wrong with this file: every row passes."))
        self._show_findings(state)
        self.position.show_state(state.first, state.as_read, state.as_taken, state.view, quality)
        self.foot.show_state(
            quality, added=state.added, changed=state.changed, missing=state.missing, leaves_out=state.leaves_out
        )
        self.strip.show_why("")

    def show_sheets(self, file: str, sheets: tuple[Field, ...]) -> None:
        """Ask which sheet of a workbook shall be read."""
        self.sheets.show_parts(file, sheets)
        self.sheets.place_in(self.rect())

    def show_work(self, said: str, part: float = UNKNOWN, *, can_stop: bool = True) -> None:
        """Show what is at work and which part is done, with a key that stops it; empty for nothing."""
        self.foot.leave.setEnabled(not said)
        if said:
            self.strip.show_work(said, part, can_stop=can_stop)
        else:
            self.strip.show_why("")

    def _said_title(self, description: RegisterDescription) -> str:
        return self.tr("Import into {register}").format(register=description.title.of(language.current()))

    # columns

    def _show_columns(self, state: ImportState) -> None:
        columns = state.quality.mapping.columns
        mapped = sum(one.field != "" for one in columns)
        out = sum(one.how is How.LEFT_OUT for one in columns)
        self._columns_head.show_count(len(columns))
        self._columns_head.show_note(
            self.tr("{n} mapped, {left} kept as they are").format(n=mapped, left=len(columns) - mapped)
            if not out
            else self.tr("{n} mapped, {left} kept, {out} left out").format(
                n=mapped, left=len(columns) - mapped - out, out=out
            )
        )
        self.columns.show_rows(
            tuple(column_row(one, " ".join(self._cells(one.index)[:1]), state.description) for one in columns)
        )
        if not self.columns.selected and columns:
            self.columns.show_selected(f"column:{columns[0].index}")
        self.mapping.show()
        self._show_column()
        has_kind = not state.description.kinds or state.quality.mapping.index("kind") is not None
        self.mapping.show_file(
            state.quality.table.crs, state.crs, state.systems, kind=None if has_kind else state.kind,
            can_forget=state.remembers,
        )  # fmt: skip
        self.mapping.show_sheets(state.quality.table.sheets, state.quality.table.sheet)

    def _show_column(self) -> None:
        state = self._state
        if state is None:
            return
        index = self.columns.selected.removeprefix("column:")
        column = next((one for one in state.quality.mapping.columns if str(one.index) == index), None)
        cells = self._cells(column.index) if column is not None else ()
        self.mapping.show_column(column, cells, state.description)

    def _cells(self, index: int) -> tuple[str, ...]:
        """Return the first cells of a column that hold anything, as text."""
        state, found = self._state, []
        if state is None:
            return ()
        for row in state.quality.table.rows[:200]:
            if index < len(row) and row[index] is not None:
                found.append(as_text(row[index]))
            if len(found) == _SAMPLES:
                break
        return tuple(found)

    # findings

    def _show_findings(self, state: ImportState) -> None:
        groups = state.quality.groups
        made = [one for one in state.chosen if not any(one in group.mends for group in groups)]
        self._mends = (*made, *dict.fromkeys(mend for group in groups for mend in group.mends))[:9]
        self._findings_head.show_count(self.tr("{n} kinds").format(n=len(groups)) if groups else "")
        self._findings_head.show_note(
            self.tr("{n} rows refused").format(n=len(state.quality.refused_lines)) if state.quality.refused else ""
        )
        width = float(self.findings.viewport().width())
        rows: list[Row] = [made_row(mend, state.mended.get(mend, 0), self._mends) for mend in made]
        for group in groups:
            rows.append(heading_row(group, self._mends))
            shown = group.findings if group.kind in self._open else group.findings[:SHOWN_OF_A_KIND]
            rows += [finding_row(group, n, one, self._names, width) for n, one in enumerate(shown)]
            if len(shown) < len(group.findings):
                rows.append(more_row(group, group.findings[len(shown) :]))
        self.findings.show_rows(tuple(rows))

    # acts

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.key() - Qt.Key.Key_1
        if event.modifiers() == Qt.KeyboardModifier.NoModifier and 0 <= number < len(self._mends):
            self.mend_requested.emit(self._mends[number])
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.sheets.place_in(self.rect())
        self.position.setMinimumWidth(min(420, self.width() * 27 // 100))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lay heads and rows anew when their list has another width."""
        if event.type() == QEvent.Type.Resize and isinstance(event, QResizeEvent):
            width = float(event.size().width())
            if watched is self.columns.viewport():
                self._column_heads.show_places(column_places(width))
            elif watched is self.findings.viewport():
                self._finding_heads.show_places(finding_places(width))
                if self._state is not None and event.oldSize().width() != event.size().width():
                    self._show_findings(self._state)
        return super().eventFilter(watched, event)

    def _on_sheet(self, name: str = "") -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.sheet_requested.emit(name)

    def _on_part(self, _row_id: str, part: str) -> None:
        kind, _, name = part.partition(":")
        if kind == "mend":
            self.mend_requested.emit(name)

    def _on_row(self, row_id: str) -> None:
        if row_id.startswith("more:") and self._state is not None:
            self._open.add(row_id.removeprefix("more:"))
            self._show_findings(self._state)

    def _on_column(self, header: str, said: str) -> None:
        self.columns.setFocus(Qt.FocusReason.OtherFocusReason)
        self.column_requested.emit(header, said)

    def _on_change(self) -> None:
        self._show_column()
        self.mapping.open_field()

    def _on_leave_out(self) -> None:
        if self._state is not None:
            self.leave_out_requested.emit(not self._state.leaves_out)

    def _on_write(self) -> None:
        """Import, or say why not and what to do."""
        if self._state is None:
            return
        why = self._why_not(self._state)
        if why:
            self.strip.show_why(why)
        else:
            self.import_requested.emit()

    def _why_not(self, state: ImportState) -> str:
        quality = state.quality
        if quality.importable:
            return ""
        whole = [one for one in quality.refused if one.line not in quality.entries.line_set]
        if whole:
            key = str(self._mends.index(whole[0].mend) + 1) if whole[0].mend in self._mends else ""
            do = {
                "crs": self.tr("Say below the columns what its coordinates rest on."),
                "columns": self.tr("Point a column at it with C, or choose the kind below the columns."),
            }.get(whole[0].kind, "")
            do = self.tr("Mend it with {key}.").format(key=key) if key else do or self.tr("Let its owner mend it.")
            said = self.tr("Nothing was imported: something stands against the whole file.")
            return " ".join((said, whole[0].reason(language.current()), do))
        refused = len(quality.refused_lines)
        if refused:
            said = self.tr(
                "Nothing was imported: {n} rows do not pass. Mend them with their keys 1 to 9, or leave them out with L;"
                " then Ctrl+Enter imports the rest."
            )
            return said.format(n=refused)
        return self.tr("Nothing was imported: no row is left. Take rows back in with L, or read another file.")


def _step_of(quality: Quality) -> Step:
    """Return what is to be done next: a column is missing, rows do not pass, or all may go in."""
    if any(one.kind == "columns" for one in quality.refused):
        return Step.COLUMNS
    return Step.IMPORT if quality.importable else Step.CHECK
