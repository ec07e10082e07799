"""The import of a file into a register: asked for from a table, shown as a page, taken back by one key."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from app.desks import Desks
from app.notices import Notices
from app.registers.import_desk import JUDGING, READING, WRITING, ImportDesk
from app.registers.register_desk import RegisterDesk
from app.rooms import Rooms
from models.errors import DataError
from models.register.export import FORMATS, export
from models.store import registers
from widgets import language
from widgets.notice_bar import Notice
from widgets.register.import_page import ImportPage, ImportState

READABLE = "*.xlsx *.xls *.et *.csv *.txt *.gpkg *.shp *.geojson *.json *.kml *.fgb"
_UNDO = "import.undo:"


class ImportTool(QObject):
    """Reads files into registers, and writes registers into files.

    Signals
    -------
    register_changed(str)  an import or its undoing changed this register
    """

    register_changed = Signal(str)

    def __init__(self, desks: Desks, rooms: Rooms, notices: Notices, books: RegisterDesk) -> None:
        super().__init__()
        self._desks, self._rooms, self._notices, self._books = desks, rooms, notices, books
        self.desk = ImportDesk(desks.jobs, desks.store, desks.clock)
        self.page = ImportPage(rooms.window)
        rooms.window.set_page(self.page)
        page, desk = self.page, self.desk
        page.mend_requested.connect(desk.mend)
        page.leave_out_requested.connect(lambda left: desk.leave_out(left=left))
        page.column_requested.connect(desk.map_column)
        page.coordinates_requested.connect(desk.take_coordinates)
        page.kind_requested.connect(desk.take_kind)
        page.sheet_requested.connect(desk.take_sheet)
        desk.sheets_asked.connect(page.show_sheets)
        page.forget_requested.connect(desk.forget_mapping)
        page.stop_requested.connect(desk.stop)
        page.again_requested.connect(desk.again)
        page.report_requested.connect(self._ask_report)
        page.import_requested.connect(self._write)
        page.close_requested.connect(desk.close)
        desk.state_changed.connect(self._on_state)
        desk.busy_changed.connect(self._on_busy)
        desk.imported.connect(self._on_imported)
        desk.failed.connect(notices.tell)
        rooms.window.notices.act_requested.connect(self._on_act)

    def ask_file(self, register: str) -> None:
        """Ask which file shall go into a register."""
        path, _ = QFileDialog.getOpenFileName(
            self._rooms.window,
            self.tr("Import a file"),
            "",
            self.tr("Tables and layers ({kinds})").format(kinds=READABLE),
        )
        if path:
            self.begin(Path(path), register)

    def begin(self, path: Path, register: str) -> None:
        """Read a file for a register."""
        description = self._books.book.description(register)
        if description is not None:
            self.page.show_reading(path.name, description)
            self._rooms.window.show_page(shown=True)
            self.page.setFocus()
            self.desk.begin(path, description)

    def ask_where(self, register: str, ids: tuple[str, ...]) -> None:
        """Ask for a file, and write these records of a register there."""
        description = self._books.book.description(register)
        if description is None:
            return
        name = f"{description.title.of(language.current())}.xlsx"
        formats = " ".join(f"*{ending}" for ending in FORMATS)
        path, _ = QFileDialog.getSaveFileName(self._rooms.window, self.tr("Export"), name, f"({formats})")
        if path:
            chosen = frozenset(ids)
            records = tuple(one for one in self._books.book.records.get(register, ()) if one.id in chosen)
            work = partial(export, records, description, Path(path), language=language.current())
            self._desks.jobs.start("export", work, on_done=lambda _: None, on_error=self._notices.tell)

    def undo(self, import_id: str) -> None:
        """Take an import back: every record is again what it was before."""
        person, at, store = self._desks.duty.on_duty, self._desks.clock.now(), self._desks.store
        if person is None:
            self._notices.tell(DataError("import.nobody"))
            return

        def work() -> str:
            found = {one.id: one.register for one in store.read(registers.imports)}
            store.write_now(lambda db: registers.undo_import(db, import_id, actor=person.id, at=at))
            return found[import_id]

        self._desks.jobs.start("import undo", work, on_done=self._on_undone, on_error=self._notices.tell)

    def _write(self) -> None:
        person = self._desks.duty.on_duty
        if person is None:
            self._notices.tell(DataError("import.nobody"))
            return
        self.desk.write(person.id)

    def _ask_report(self) -> None:
        state = self.desk.state
        if state is None:
            return
        name = Path(state.file).stem + "-" + self.tr("report") + ".xlsx"
        path, _ = QFileDialog.getSaveFileName(self.page, self.tr("Report to the owner"), name, "(*.xlsx)")
        if path:
            self.desk.report(Path(path), language.current())

    def _on_state(self, state: ImportState | None) -> None:
        if state is not None:
            self.page.show_state(state)
        else:
            self._rooms.window.show_page(shown=False)

    def _on_busy(self, what: str, part: float) -> None:
        said = {
            READING: self.tr("Reading the file"),
            JUDGING: self.tr("Checking every row"),
            WRITING: self.tr("Writing into the register"),
        }.get(what, "")
        self.page.show_work(said, part, can_stop=what != WRITING)

    def _on_imported(self, register: str, import_id: str, count: int) -> None:
        said = self.tr("{n} rows are in the register.").format(n=count)
        do = self.tr("The import can be taken back as long as nobody has changed its records.")
        self._notices.offer(Notice(f"{_UNDO}{import_id}", said, "", do, self.tr("Take it back"), "Ctrl+Shift+Z"))
        self._changed(register)

    def _on_undone(self, register: str) -> None:
        self._changed(register)

    def _changed(self, register: str) -> None:
        self._books.read()
        self._desks.duty.refresh_journal()
        self.register_changed.emit(register)

    def _on_act(self, notice_id: str) -> None:
        if notice_id.startswith(_UNDO):
            self._notices.take_back(notice_id)
            self.undo(notice_id.removeprefix(_UNDO))
