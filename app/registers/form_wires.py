"""The form of one entry under the map: what stands in it, what it follows, and what becomes of what is written."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal

from app.desks import Desks
from app.registers.register_book import Edit
from app.registers.register_desk import RegisterDesk
from models.register.entry_form import next_id
from models.register.record import Record, RecordVersion
from widgets.register.record_form import RecordForm
from widgets.register.register_panel import RegisterPanel


class FormTool(QObject):
    """Shows records in the form; one with unsaved writing stays there until somebody says what becomes of that.

    Signals
    -------
    opened(str)  the form stands in the panel, with a record of this register
    left(str)    the table of this register is to stand there again
    """

    opened = Signal(str)
    left = Signal(str)

    def __init__(self, desks: Desks, desk: RegisterDesk, panel: RegisterPanel) -> None:
        super().__init__()
        self._desks, self._desk, self._panel = desks, desk, panel
        self.form = RecordForm()
        self._selected = ("", "")
        panel.add_page(self.form)
        panel.new_requested.connect(self._on_new)
        desk.history_changed.connect(self._on_history)
        form = self.form
        form.save_requested.connect(lambda record: desk.save(record, form.record))
        form.take_out_requested.connect(lambda _, why: desk.take_out(form.record, why))
        form.close_requested.connect(self.back)
        form.place_requested.connect(lambda _: self._show_title())
        form.follow_requested.connect(lambda: self._show_kept(*self._selected))

    @property
    def is_shown(self) -> bool:
        """Whether the form stands in the panel."""
        return self._panel.page is self.form

    def writes(self, register: str, record_id: str) -> bool:
        """Tell whether a record stands in the form with unsaved writing."""
        return self.is_shown and self.form.is_changed and self._is_of(register, record_id)

    def open(self, register: str, record_id: str) -> None:
        """Show a record with its versions, unless something unsaved stands there and nobody asked twice."""
        if self._desk.book.has(register, record_id) and self.leave():
            self._show_kept(register, record_id)

    def leave(self) -> bool:
        """Leave the form if it is open; not with unsaved writing unless asked twice. Tell whether it is left."""
        return not self.is_shown or self.form.leave()

    def back(self) -> None:
        """Give the place back to the table."""
        self.left.emit(self.form.record.register or self._desk.register)

    def follow(self, register: str, record_id: str) -> None:
        """Show what was selected elsewhere; with unsaved writing stay, and say so. A new entry follows nothing."""
        self._selected = (register, record_id)
        form = self.form
        if not self.is_shown or not form.record.id or not self._desk.book.has(register, record_id):
            return
        if self._is_of(register, record_id):
            form.show_elsewhere("")
        elif form.is_changed:
            form.show_elsewhere(self._desk.book.names[register][record_id] or record_id)
        else:
            self._show_kept(register, record_id, take_focus=False)

    def take_written(self, edit: Edit) -> tuple[str, str]:
        """Leave the form once what it asked for is on the disk; return which record is to be selected now.

        What another act wrote into its record, such as an inspection, is shown in the form.
        """
        form, written = self.form, (edit.register, edit.id)
        if not self.is_shown:
            return written
        chosen = self._selected if form.notice.said else written
        if written == (form.record.register, form.record.id or form.field("id").text.strip()):
            if form.is_changed or not self._desk.book.has(*written):
                self.back()
            else:
                self._show_kept(*written, take_focus=False)
        return chosen

    def take_place(self, lon_deg: float, lat_deg: float) -> None:
        """Write a place that was clicked on the map into the form, while it waits for one."""
        if self.is_shown and self.form.place_button.isChecked():
            town, village = self._desk.villages.at(lon_deg, lat_deg)
            self.form.show_place(lon_deg, lat_deg, town=town, village=village)
            self._show_title()

    def _is_of(self, register: str, record_id: str) -> bool:
        return (self.form.record.register, self.form.record.id) == (register, record_id)

    def _show_kept(self, register: str, record_id: str, *, take_focus: bool = True) -> None:
        record = self._desk.book.record(register, record_id)
        if record is not None:
            self._show(record, take_focus=take_focus)
            self._desk.ask_history(register, record_id)

    def _on_new(self) -> None:
        description = self._desk.description()
        if description is not None:
            self._show(Record(description.name, "", ""))
            self.form.place_button.setChecked(not self.form.place_button.isHidden())
            self._show_title()

    def _show(self, record: Record, *, take_focus: bool = True) -> None:
        description = self._desk.book.description(record.register)
        if description is None:
            return
        names = self._desk.book.names
        taken = names.get(record.register, {})
        self.form.show_record(record, description, names=names, taken=taken, id_=next_id(tuple(taken)))
        self._panel.show_page(self.form, record.register, self.form.title())
        self.opened.emit(record.register)
        if take_focus:
            self.form.field("name").setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_title(self) -> None:
        if self.is_shown:
            self._panel.head.words.show_runs(self.form.title(), ())

    def _on_history(self, versions: tuple[RecordVersion, ...]) -> None:
        if versions and self._is_of(versions[0].record.register, versions[0].record.id):
            names = {person.id: person.name for person in self._desks.duty.people}
            self.form.show_versions(versions, names, self._desks.clock.now())
