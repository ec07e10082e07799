"""One entry of a register to write in: a field per description, its versions beside it."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from models.register.description import FieldDescription, FieldType, GeometryType, RegisterDescription
from models.register.entry_form import FormFault, Names, key_of, linked_ids, record_of, texts_of
from models.register.record import Record, RecordVersion
from widgets import language
from widgets import theme as look
from widgets.action_button import ActionButton
from widgets.pieces import Run
from widgets.register.form_field import HEIGHT_PX, FormField
from widgets.register.form_notice import FormNotice
from widgets.register.table_head import HairLine
from widgets.register.version_list import VersionList

COLUMN_PX, EDGE_PX = 176, 10
_VERSIONS_PX = (200, 320)
_MOST_COLUMNS = 5
_WIDE = {FieldType.THRESHOLDS}


class RecordForm(QWidget):
    """A form; nothing is written before `save_requested` is answered.

    Signals
    -------
    save_requested(object)          keep this `Record`
    take_out_requested(str, str)    take the shown record out: its id and the reason
    place_requested(bool)           wait for a click on the map, or no longer
    close_requested()               back to the table
    follow_requested()              discard what was written, and show what is selected
    """

    save_requested = Signal(object)
    take_out_requested = Signal(str, str)
    place_requested = Signal(bool)
    close_requested = Signal()
    follow_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._record = Record("", "", "")
        self._description: RegisterDescription | None = None
        self._names: Names = {}
        self._taken: Collection[str] = ()
        self._fields: dict[str, FormField] = {}
        self._asked = False
        self._sheet = QWidget()
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._sheet)
        self._scroll.viewport().installEventFilter(self)
        self.versions = VersionList(self)
        self.save_button = ActionButton(self.tr("Save"), "Ctrl+S", self, primary=True)
        self.place_button = ActionButton(self.tr("Place on the map"), "Ctrl+L", self)
        self.place_button.setCheckable(True)
        self.reason = QLineEdit(self)
        self.reason.setPlaceholderText(self.tr("reason for taking it out"))
        self.reason.setToolTip(self.reason.placeholderText())
        self.reason.setAccessibleName(self.reason.placeholderText())
        self.take_out_button = ActionButton(self.tr("Take out"), "Ctrl+Delete", self)
        self.close_button = ActionButton(self.tr("Close"), "Escape", self)
        self.notice = FormNotice(self)
        self._lay_out()
        self.save_button.clicked.connect(lambda _: self._on_save())
        self.place_button.toggled.connect(self.place_requested)
        self.take_out_button.clicked.connect(lambda _: self._on_take_out())
        self.close_button.clicked.connect(lambda _: self._on_close())
        self.notice.go.clicked.connect(lambda _: self.follow_requested.emit())
        self.reason.textChanged.connect(lambda _: self._mend_buttons())

    def _lay_out(self) -> None:
        body = QHBoxLayout()
        body.setContentsMargins(EDGE_PX, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(self._scroll, 1)
        body.addWidget(self.versions)
        acts = QHBoxLayout()
        acts.setContentsMargins(look.EDGE_PX, 8, 12, 8)
        acts.setSpacing(6)
        for button in (self.save_button, self.place_button, self.close_button):
            acts.addWidget(button)
        acts.addStretch(1)
        acts.addWidget(self.reason, 2)
        acts.addWidget(self.take_out_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(body, 1)
        column.addWidget(HairLine(self))
        column.addWidget(self.notice)
        column.addLayout(acts)

    # values in

    def show_record(
        self,
        record: Record,
        description: RegisterDescription,
        *,
        names: Names,
        taken: Collection[str] = (),
        id_: str = "",
    ) -> None:
        """Show a record, or an empty one without an id, for which ``id_`` is proposed.

        ``names`` are those of the records that links may lead to, by register and id;
        ``taken`` the ids that a new record may not have.
        """
        self._record, self._description = record, description
        self._names, self._taken = names, taken
        self._make_fields(description)
        for key, text in texts_of(record, description, names).items():
            self._fields[key].show_text(text)
        if not record.id:
            self._fields["id"].show_text(id_, was="")
        self._fields["id"].show_fixed(fixed=bool(record.id))
        for key in ("lon", "lat"):
            self._fields[key].show_fixed(fixed=bool(record.wkb))
        placed = description.geometry in {GeometryType.POINT, GeometryType.ANY} and not record.wkb
        self.place_button.setVisible(placed)
        self.place_button.setChecked(False)
        self.reason.clear()
        self.notice.show_other("", "")
        self.versions.show_versions((), description, {}, None)
        for one in description.fields:
            self._note_link(key_of(one))
        self._place_fields()
        self._on_changed()

    def show_versions(self, versions: tuple[RecordVersion, ...], names: Mapping[str, str], now: datetime) -> None:
        """Show what the record was before."""
        self.versions.show_versions(versions, self._description, names, now)

    def show_place(self, lon_deg: float, lat_deg: float, *, town: str = "", village: str = "") -> None:
        """Write a place of the map into the form; town and village too, where they are known."""
        if not self._fields or self._record.wkb:
            return
        written = {"lon": f"{lon_deg:.6f}", "lat": f"{lat_deg:.6f}"}
        written |= {key: text for key, text in (("town", town), ("village", village)) if text}
        for key, text in written.items():
            self._fields[key].show_text(text, was=self._was(key))
            self._fields[key].show_fault("")
        self.place_button.setChecked(False)
        self._mend_buttons()

    def show_elsewhere(self, name: str) -> None:
        """Say that something else is selected now, by its name; the form keeps what was written. Empty for no longer."""
        self.notice.show_other(name, self._record.name or self._record.id)

    def show_faults(self, faults: tuple[FormFault, ...]) -> None:
        """Say in the fields what cannot be read, and go to the first."""
        by_key = {one.key: one.reason(language.current()) for one in faults}
        for key, one in self._fields.items():
            one.show_fault(by_key.get(key, ""))
        first = next((key for key in self._fields if key in by_key), "")
        if first:
            self._fields[first].setFocus(Qt.FocusReason.OtherFocusReason)
            self._scroll.ensureWidgetVisible(self._fields[first])

    @property
    def record(self) -> Record:
        """The record that is shown, as it was."""
        return self._record

    @property
    def is_changed(self) -> bool:
        """Whether something was written that is not saved."""
        return any(one.is_changed for one in self._fields.values())

    def field(self, key: str) -> FormField:
        """Return the field of a key."""
        return self._fields[key]

    def title(self) -> tuple[Run, ...]:
        """Return what the form is about, for the head."""
        if self._description is None:
            return ()
        if not self._record.id:
            said = self.tr("click its place on the map") if self.place_button.isChecked() else ""
            return (Run(self.tr("new entry"), gap_px=10), Run(said, tone="quiet", elide=True))
        return (Run(self._record.name, gap_px=10, elide=True), Run(self._record.id, tone="quiet", elide=True))

    # making

    def _was(self, key: str) -> str:
        if self._description is None or not self._record.id:
            return ""
        return texts_of(self._record, self._description, self._names)[key]

    def _make_fields(self, description: RegisterDescription) -> None:
        for old in self._fields.values():
            old.hide()
            old.deleteLater()
        spoken = language.current()
        kinds = (
            (("", "—"), *((one.key, one.title.of(spoken)) for one in description.kinds)) if description.kinds else ()
        )
        made = [
            FormField("name", self.tr("Name"), self._sheet, required=True),
            FormField("id", self.tr("Id"), self._sheet, required=True),
            FormField("kind", self.tr("Kind"), self._sheet, choices=kinds, required=bool(kinds)),
            FormField("town", self.tr("Town"), self._sheet),
            FormField("village", self.tr("Village"), self._sheet),
            FormField("lon", self.tr("Longitude"), self._sheet, unit="°"),
            FormField("lat", self.tr("Latitude"), self._sheet, unit="°"),
            *(self._described(one) for one in description.fields),
        ]
        self._fields = {one.key: one for one in made}
        places = ("lon", "lat") if description.geometry is GeometryType.NONE else ()
        unused = {*places, *(() if kinds else ("kind",))}
        for one in made:
            one.setVisible(one.key not in unused)  # what comes into a shown window is hidden at first
            one.changed.connect(self._on_written)

    def _described(self, one: FieldDescription) -> FormField:
        spoken = language.current()
        choices: tuple[tuple[str, str], ...] = ()
        if one.type is FieldType.CHOICE:
            choices = (("", "—"), *((each.key, each.title.of(spoken)) for each in one.choices))
        elif one.type is FieldType.YES_NO:
            choices = (("", "—"), ("yes", self.tr("yes")), ("no", self.tr("no")))
        hint = {
            FieldType.DATE: self.tr("YYYY-MM-DD"),
            FieldType.THRESHOLDS: "1h 15/20/24/30; 3h 25/32/40/50",
            FieldType.LINK: self.tr("name or id"),
        }.get(one.type, "")
        title, unit = one.title.of(spoken), one.unit_of(spoken)
        if one.unit_en and unit in title.casefold():
            unit = ""  # "People at risk" says already that they are people
        return FormField(key_of(one), title, self._sheet, unit=unit, hint=hint, choices=choices, required=one.required)

    def _place_fields(self) -> None:
        """Lay the fields in as many columns as find room; thresholds take two, a long text as many as it needs."""
        room = max(1, self._scroll.viewport().width())
        columns = min(_MOST_COLUMNS, max(1, room // COLUMN_PX))
        wide = room // columns
        at, row = 0, 0
        for one in self._fields.values():
            if one.isHidden():
                continue
            described = (
                self._description.field(one.key.removeprefix("field.")) if self._description is not None else None
            )
            takes = min(columns, 2 if described is not None and described.type in _WIDE else 1)
            takes = max(takes, min(columns, math.ceil(one.whole_px / wide)))
            if at + takes > columns:
                at, row = 0, row + 1
            one.setGeometry(QRect(at * wide, row * HEIGHT_PX, takes * wide, HEIGHT_PX))
            at += takes
        self._sheet.setFixedSize(room, (row + 1) * HEIGHT_PX + 8)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        least, most = _VERSIONS_PX
        self.versions.setFixedWidth(min(most, max(least, self.width() * 27 // 100)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lay the fields out again when their room has another size."""
        if watched is self._scroll.viewport() and event.type() == QEvent.Type.Resize:
            self._place_fields()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.current().color("panel"))
        painter.end()

    # the hand

    def _on_written(self, key: str) -> None:
        self._note_link(key)
        self._on_changed()

    def _note_link(self, key: str) -> None:
        """Say beside a link which ids the names in it mean."""
        fields = self._description.fields if self._description is not None else ()
        one = next((each for each in fields if each.type is FieldType.LINK and key_of(each) == key), None)
        if one is not None:
            self._fields[key].show_note(" ".join(linked_ids(self._fields[key].text, one, self._names)))

    def _on_changed(self) -> None:
        self._asked = False
        self.close_button.setText(self.tr("Close"))
        self._mend_buttons()

    def _mend_buttons(self) -> None:
        self.save_button.setEnabled(self.is_changed)
        self.reason.setVisible(bool(self._record.id))
        self.take_out_button.setVisible(bool(self._record.id))
        self.take_out_button.setEnabled(bool(self.reason.text().strip()))

    def _on_save(self) -> None:
        if self._description is None:
            return
        texts = {key: one.text for key, one in self._fields.items() if not one.isHidden()}
        made, faults = record_of(texts, self._record, self._description, names=self._names, taken=self._taken)
        self.show_faults(faults)
        if not faults:
            self.save_requested.emit(made)

    def _on_take_out(self) -> None:
        reason = self.reason.text().strip()
        if reason and self._record.id:
            self.take_out_requested.emit(self._record.id, reason)

    def leave(self) -> bool:
        """Leave the form; with unsaved writing only when this is asked a second time. Tell whether it was left."""
        if self.is_changed and not self._asked:
            self._asked = True
            self.close_button.setText(self.tr("Discard"))
            self.close_button.updateGeometry()
            return False
        self.place_button.setChecked(False)
        return True

    def _on_close(self) -> None:
        if self.leave():
            self.close_requested.emit()
