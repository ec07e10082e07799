"""Registers under the map: the table in place of the time line, the form, the pages, and one selection with the map."""

from __future__ import annotations

import shapely
from PySide6.QtCore import QObject, Qt, Signal

from app.console_views import ConsoleViews
from app.desks import Desks
from app.map.points_again import PointsAgain
from app.notices import Notices
from app.registers.form_wires import FormTool
from app.registers.register_book import Edit, Shown
from app.registers.register_desk import RegisterDesk
from app.rooms import Rooms
from layers.register_layer import id_on_map, of_map
from models.hazard.register import Place
from models.register.completeness import PlanLine, Six
from models.register.contacts import Contacts
from models.register.description import HAZARD_POINTS
from models.register.record import Record
from widgets import language
from widgets.pieces import Run
from widgets.register.completeness_page import CompletenessPage
from widgets.register.contacts_page import ContactsPage
from widgets.register.plan_page import PlanPage
from widgets.register.register_panel import RegisterPanel

SIX, PLAN, CONTACTS = "page:six", "page:plan", "page:contacts"
_GROUPS = ("hazards", "exposed", "people", "radar", "division", "base")
_AROUND_DEG = 0.02


class RegisterTool(QObject):
    """Opens on ``T``; pages on ``Ctrl+6`` to ``Ctrl+8``. Nothing of it stands over the map unasked.

    Signals
    -------
    record_selected(str, str)      register and id of the record that was selected in the table or on a page
    filtered_changed(str, object)  a register, and the ids that pass its filters; None for no filter
    changed(str)                   records of this register were written
    import_requested(str)          read a file into this register
    export_requested(str, object)  write this register, or of it these ids (a tuple), to a file
    """

    record_selected = Signal(str, str)
    filtered_changed = Signal(str, object)
    changed = Signal(str)
    import_requested = Signal(str)
    export_requested = Signal(str, object)

    def __init__(self, desks: Desks, rooms: Rooms, views: ConsoleViews, notices: Notices) -> None:
        super().__init__()
        self._desks, self._rooms, self._views = desks, rooms, views
        self.desk = RegisterDesk(desks.jobs, desks.store, desks.office.registers, clock=desks.clock)
        self.points_again = PointsAgain(desks, notices)
        self.panel = RegisterPanel()
        self.forms = FormTool(desks, self.desk, self.panel)
        self.form = self.forms.form
        self.six, self.plan, self.contacts = CompletenessPage(), PlanPage(), ContactsPage()
        self._is_open, self._high = False, False
        self._page: str = HAZARD_POINTS
        self._selected = ("", "")
        for page in (self.six, self.plan, self.contacts):
            self.panel.add_page(page)
        rooms.window.set_table(self.panel)
        self._wire_keys()
        self._wire_desk(notices)
        self._wire_panel()
        self._wire_map()

    # opening

    def open(self, places: tuple[Place, ...]) -> None:
        """Read the registers; ``places`` are the county's towns, villages and roads."""
        self.desk.show_actor(self._desks.duty.on_duty)
        self._on_verdicts()
        self.desk.open(places)

    @property
    def is_open(self) -> bool:
        """Whether the table, the form or a page stands under the map."""
        return self._is_open

    def show(self, page: str = "") -> None:
        """Stand under the map with a register's table or a page; with the one that was open if empty."""
        if page and not self._leave_form():
            return
        self._is_open = True
        if page:
            self._show_page(page)
        self._place()
        self.forms.follow(*self._selected)
        self.panel.page.setFocus(Qt.FocusReason.OtherFocusReason)

    def hide(self) -> None:
        """Give the place back to the time line."""
        self._is_open = False
        self.form.place_button.setChecked(False)
        self._place()
        self._rooms.window.setFocus(Qt.FocusReason.OtherFocusReason)

    def toggle(self) -> None:
        """Show the registers, or the time line."""
        if self._is_open:
            self.hide()
        else:
            self.show()

    def open_record(self, register: str, record_id: str) -> None:
        """Show a record in its register's table; filters that leave it out are taken away."""
        if register == self.desk.register and self.desk.leaves_out(record_id):
            self.desk.unfilter()
        self.show(register)
        self.show_selected(register, record_id)

    def open_form(self, register: str, record_id: str) -> None:
        """Show a record in the form, with its versions."""
        self.forms.open(register, record_id)
        self._show_chosen()

    def show_selected(self, register: str, record_id: str) -> None:
        """Select a record, as the map or a card does."""
        self._selected = (register, record_id)
        self.panel.table.show_selected(register, record_id)
        if self._is_open:
            self.forms.follow(register, record_id)

    def _place(self) -> None:
        high = self._high or self.forms.is_shown
        self._rooms.window.show_bottom("table" if self._is_open else "time", high=high)

    def _toggle_high(self) -> None:
        self._high = not self._high
        self._place()

    # wires

    def _wire_keys(self) -> None:
        keys = self._rooms.window.keys
        keys.add("T", self.tr("Registers as tables, or the time line"), self.toggle)
        keys.add("Shift+T", self.tr("Table higher or lower"), self._toggle_high)
        keys.add("Ctrl+6", self.tr("The six of each village"), lambda: self.show(SIX))
        keys.add("Ctrl+7", self.tr("Registers against the plan"), lambda: self.show(PLAN))
        keys.add("Ctrl+8", self.tr("Contacts that may fail"), lambda: self.show(CONTACTS))
        self._rooms.window.top_bar.search.chosen.connect(self._on_chosen)

    def _wire_desk(self, notices: Notices) -> None:
        desk = self.desk
        desk.registers_changed.connect(self._show_choices)
        desk.registers_changed.connect(self._refresh_page)
        desk.shown_changed.connect(self._on_shown)
        desk.filtered_changed.connect(self.filtered_changed)
        desk.changed.connect(self.changed)
        desk.changed.connect(lambda _: self._desks.duty.refresh_journal())
        desk.written.connect(self._on_written)
        desk.undo_changed.connect(lambda possible: self.panel.show_undo(possible=possible))
        desk.six_changed.connect(self._on_six)
        desk.plan_changed.connect(self._on_plan)
        desk.contacts_changed.connect(self._on_contacts)
        desk.failed.connect(notices.tell)
        desk.changed.connect(self.points_again.read)
        self._desks.duty.person_changed.connect(desk.show_actor)
        self._desks.alarms.verdicts_changed.connect(lambda _: self._on_verdicts())

    def _wire_panel(self) -> None:
        panel, table = self.panel, self.panel.table
        panel.page_requested.connect(self.show)
        panel.time_line_requested.connect(self.hide)
        panel.undo_requested.connect(self.desk.undo)
        panel.import_requested.connect(lambda: self.import_requested.emit(self.desk.register))
        panel.export_requested.connect(self._on_export)
        table.sort_requested.connect(self._on_sort)
        table.filter_changed.connect(self.desk.filter)
        table.record_selected.connect(self._on_selected)
        table.record_activated.connect(self.go_to)
        table.edit_requested.connect(self.open_form)
        self.forms.opened.connect(self._on_form)
        self.forms.left.connect(self._back_to_table)
        self.six.village_selected.connect(self._on_village)
        self.plan.register_requested.connect(self.show)
        self.contacts.record_selected.connect(self._on_selected)
        self.contacts.record_activated.connect(self.open_record)

    def _wire_map(self) -> None:
        self._rooms.canvas.point_clicked.connect(self._on_point_clicked)
        self._rooms.canvas.place_clicked.connect(self._on_place_clicked)
        self._rooms.next_level.point_selected.connect(lambda one: self.show_selected(HAZARD_POINTS, one))
        self._rooms.alarms.alarm_selected.connect(self._on_alarm_selected)

    # what is chosen

    def _on_chosen(self, entry: str) -> None:
        pages = {"act:registers": "", "act:six": SIX, "act:plan": PLAN, "act:contacts": CONTACTS}
        if entry in pages:
            self.show(pages[entry])

    def _show_page(self, page: str) -> None:
        self._page = page
        if page == SIX:
            self.panel.show_page(self.six, page, self.six.title())
            self.desk.look_at_six()
        elif page == PLAN:
            self.panel.show_page(self.plan, page, self.plan.title())
            self.desk.look_at_plan()
        elif page == CONTACTS:
            self.panel.show_page(self.contacts, page, self.contacts.title())
            self.desk.look_at_contacts()
        else:
            if page != self.desk.register:
                self.panel.show_rows(None, None)
            self.desk.choose(page)
            self.panel.show_page(self.panel.table, page)

    def _refresh_page(self) -> None:
        """Make an open page anew after the registers changed."""
        if self._is_open and self._page.startswith("page:") and not self.forms.is_shown:
            self._show_page(self._page)

    def _show_choices(self) -> None:
        spoken, book = language.current(), self.desk.book
        described = sorted(
            book.descriptions, key=lambda one: _GROUPS.index(one.group) if one.group in _GROUPS else len(_GROUPS)
        )
        registers = tuple(
            (one.name, f"{one.title.of(spoken)} {len(book.records.get(one.name, ()))}") for one in described
        )
        pages = (
            (SIX, self.tr("Six in each village")),
            (PLAN, self.tr("Against the plan")),
            (CONTACTS, self.tr("Contacts")),
        )
        self.panel.show_choices((*registers, *pages))
        self.panel.head.show_chosen(self._page)

    def _leave_form(self) -> bool:
        left = self.forms.leave()
        self._show_chosen()
        return left

    def _show_chosen(self) -> None:
        if self.forms.is_shown:
            self.panel.head.show_chosen(self._page)

    # the table

    def _on_shown(self, shown: Shown) -> None:
        self.panel.show_rows(shown.rows, shown.order, typed=shown.typed)
        self.panel.table.show_sort(shown.sort, descending=shown.descending)
        if self._selected[0] == shown.rows.description.name and not self.panel.table.area.selected:
            self.panel.table.show_selected(*self._selected)

    def _on_sort(self, key: str, descending: bool) -> None:
        self.desk.sort(key, descending)

    def _on_selected(self, register: str, record_id: str) -> None:
        self._selected = (register, record_id)
        if register == HAZARD_POINTS:
            self._views.select_point(record_id)
        else:
            self._rooms.canvas.show_selected_point(id_on_map(register, record_id))
        self.record_selected.emit(register, record_id)

    def go_to(self, register: str, record_id: str) -> None:
        """Show a record on the map: the whole of a line or an area, or what lies round a point."""
        record = self.desk.book.record(register, record_id)
        if record is None:
            return
        self._on_selected(register, record_id)
        bounds = _bounds(record)
        if bounds is not None:
            self._views.show_on_map(*bounds)

    def _on_verdicts(self) -> None:
        self.desk.show_levels(self._desks.alarms.levels)

    def _on_export(self) -> None:
        shown = self.desk.shown
        if shown is not None:
            ids = tuple(shown.rows.records[int(row)].id for row in shown.order)
            self.export_requested.emit(self.desk.register, ids)

    # the map

    def _on_point_clicked(self, map_id: str) -> None:
        self.show_selected(*of_map(map_id, [one.name for one in self.desk.book.descriptions]))

    def _on_alarm_selected(self, alarm_id: str) -> None:
        alarm = self._desks.alarms.alarm(alarm_id)
        if alarm is not None:
            self.show_selected(HAZARD_POINTS, alarm.point_id)

    def _on_place_clicked(self, lon_deg: float, lat_deg: float) -> None:
        if self._is_open:
            self.forms.take_place(lon_deg, lat_deg)

    def _on_village(self, town: str, village: str, record_id: str) -> None:
        bounds = self.desk.villages.bounds(town, village)
        if bounds is not None:
            self._views.show_on_map(*bounds)
        if record_id:
            self._on_selected("villages_six", record_id)

    # the form

    def _on_form(self, register: str) -> None:
        self._page, self._is_open = register, True
        self._place()

    def _on_written(self, edit: Edit) -> None:
        self.show_selected(*self.forms.take_written(edit))

    def _back_to_table(self, register: str) -> None:
        self._show_page(register)
        self._place()
        self.panel.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # pages

    def _on_six(self, six: Six | None) -> None:
        if six is not None:
            self.six.show_six(six)
        self._show_title(SIX, self.six.title())

    def _on_plan(self, lines: tuple[PlanLine, ...]) -> None:
        self.plan.show_lines(lines)
        self._show_title(PLAN, self.plan.title())

    def _on_contacts(self, contacts: Contacts | None) -> None:
        if contacts is not None:
            self.contacts.show_contacts(contacts)
        self._show_title(CONTACTS, self.contacts.title())

    def _show_title(self, page: str, title: tuple[Run, ...]) -> None:
        if self._page == page and not self.forms.is_shown:
            self.panel.head.words.show_runs(title, ())


def wire_registers(desks: Desks, rooms: Rooms, views: ConsoleViews, notices: Notices) -> RegisterTool:
    """Put the registers under the map; `RegisterTool.open` reads them once the office is loaded."""
    return RegisterTool(desks, rooms, views, notices)


def _bounds(record: Record) -> tuple[float, float, float, float] | None:
    if record.wkb:
        west, south, east, north = shapely.from_wkb(record.wkb).bounds
        return west, south, east, north
    if record.lon_deg is None or record.lat_deg is None:
        return None
    around = _AROUND_DEG
    lon, lat = record.lon_deg, record.lat_deg
    return lon - around, lat - around, lon + around, lat + around
