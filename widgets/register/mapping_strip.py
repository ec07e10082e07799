"""One column of a file by hand: its first cells, the field it goes to, its unit; and how the whole file is read."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from models.register.description import FieldType, RegisterDescription
from models.register.mapping import (
    AS_IT_IS,
    LEFT_OUT,
    LEVELS,
    Column,
    How,
    column_words,
    fields_of,
    threshold_key,
    units_of,
    with_unit,
)
from models.register.table import Sheet
from widgets import language, pieces
from widgets import theme as look
from widgets.action_button import ActionButton
from widgets.choice_box import ChoiceBox
from widgets.map.crs_preview import crs_word
from widgets.painted import Painted
from widgets.pieces import Piece, Run

WINDOWS_H = (1, 3, 6, 12, 24)
_UNIT_PX = 78


class Caption(Painted):
    """A line of words over a box: a name, and quiet words behind it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=24)
        self._name = self._note = ""

    def show_words(self, name: str, note: str = "") -> None:
        """Show a name and what is to be known of it."""
        self._name, self._note = name, note
        self.update()

    def pieces(self) -> list[Piece]:
        """Return the line."""
        runs = [
            Run(self._name, elide=True, tip=self._name),
            Run(self._note, look.SECOND_PX, "quiet", gap_px=10, elide=True, tip=self._note),
        ]
        return list(pieces.line(0, self.width(), 17, runs))


class MappingStrip(QWidget):
    """Boxes for the selected column and for the file; each choice is told at once.

    Signals
    -------
    column_requested(str, str)  header, and what it goes to: ``height_m``, ``height_m[cm]``, `AS_IT_IS`, `LEFT_OUT`
    coordinates_requested(str)  what the coordinates rest on, empty for what the file says
    kind_requested(str)         the kind of all rows
    sheet_requested(str)        read this sheet of the workbook
    forget_requested()          read every column by its name again
    change_requested()          go to the selected column's field
    """

    column_requested = Signal(str, str)
    coordinates_requested = Signal(str)
    kind_requested = Signal(str)
    sheet_requested = Signal(str)
    forget_requested = Signal()
    change_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self._column: Column | None = None
        self._description: RegisterDescription | None = None
        self.caption = Caption(self)
        self.field = self._box(self.tr("Field of the column"))
        self.unit = self._box(self.tr("Unit of the column"))
        self.unit.setFixedWidth(_UNIT_PX)
        self._crs_caption, self._kind_caption, self._sheet_caption = Caption(self), Caption(self), Caption(self)
        self.sheet = self._box(self.tr("Sheet of the workbook"))
        self.coordinates = self._box(self.tr("Coordinates of the file"))
        self.kind = self._box(self.tr("Kind of all rows"))
        self.change = ActionButton(self.tr("Change the column"), "C", self)
        self.forget = ActionButton(self.tr("By name again"), "Shift+F", self)
        self._lay_out()
        self.field.activated.connect(lambda _: self._on_field())
        self.unit.activated.connect(lambda _: self._on_unit())
        self.coordinates.activated.connect(lambda _: self.coordinates_requested.emit(_chosen(self.coordinates)))
        self.kind.activated.connect(lambda _: self.kind_requested.emit(_chosen(self.kind)))
        self.sheet.activated.connect(lambda _: self.sheet_requested.emit(_chosen(self.sheet)))
        self.change.clicked.connect(lambda _: self.change_requested.emit())
        self.forget.clicked.connect(lambda _: self.forget_requested.emit())

    def _box(self, name: str) -> ChoiceBox:
        box = ChoiceBox(self)
        box.setAccessibleName(name)
        box.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return box

    def _lay_out(self) -> None:
        page = QVBoxLayout(self)
        page.setContentsMargins(look.EDGE_PX, 6, look.EDGE_PX, 10)
        page.setSpacing(4)
        page.addWidget(self.caption)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.field, 1)
        row.addWidget(self.unit)
        page.addLayout(row)
        page.addWidget(self._sheet_caption)
        page.addWidget(self.sheet)
        page.addWidget(self._crs_caption)
        page.addWidget(self.coordinates)
        page.addWidget(self._kind_caption)
        page.addWidget(self.kind)
        acts = QHBoxLayout()
        acts.setContentsMargins(0, 6, 0, 0)
        acts.setSpacing(6)
        acts.addWidget(self.change)
        acts.addWidget(self.forget)
        acts.addStretch(1)
        page.addLayout(acts)

    def show_column(self, column: Column | None, cells: Sequence[str], description: RegisterDescription) -> None:
        """Show one column with its first cells; None for none."""
        self._column, self._description = column, description
        self.field.clear()
        self.unit.clear()
        self.field.setEnabled(column is not None)
        self.unit.setVisible(False)
        if column is None:
            self.caption.show_words(self.tr("Choose a column above"))
            return
        self.caption.show_words(column.header, "  ".join(cells) or "—")
        for key, title in _fields(description):
            self.field.addItem(title, key)
        for key, title in ((AS_IT_IS, self.tr("keep beside the fields")), (LEFT_OUT, self.tr("leave out"))):
            self.field.addItem(title, key)
        without = LEFT_OUT if column.how is How.LEFT_OUT else AS_IT_IS
        self.field.setCurrentIndex(self._index_of(column.field or without))
        units = units_of(column.field, description) if column.field else ()
        for unit in units:
            self.unit.addItem(unit, unit)
        self.unit.setVisible(len(units) > 1)
        self.unit.setCurrentIndex(max(0, self.unit.findData(column.unit) if column.unit else 0))

    def show_file(self, said: str, crs: str, systems: Sequence[str], *, kind: str | None, can_forget: bool) -> None:
        """Show how the file is read.

        Parameters
        ----------
        said, crs : str
            What the file says its coordinates rest on, and what somebody says.
        systems : sequence of str
            What may be said; empty for a register without places.
        kind : str or None
            The kind that somebody said for all rows; None where the file has a column of its own or there are none.
        can_forget : bool
            Whether any column is not read by its name.
        """
        self.coordinates.clear()
        shown = bool(systems)
        self._crs_caption.setVisible(shown)
        self.coordinates.setVisible(shown)
        self._crs_caption.show_words(self.tr("Coordinates"))
        self.coordinates.addItem(self.tr("as the file says: {crs}").format(crs=said or "WGS 84"), "")
        for one in dict.fromkeys((*systems, *((crs,) if crs else ()))):
            self.coordinates.addItem(crs_word(one), one)
        self.coordinates.setCurrentIndex(max(0, self.coordinates.findData(crs)))
        self._kind_caption.setVisible(kind is not None)
        self.kind.setVisible(kind is not None)
        self._kind_caption.show_words(self.tr("Kind of all rows"), self.tr("the file has no such column"))
        self.kind.clear()
        if kind is not None and self._description is not None:
            self.kind.addItem("—", "")
            for choice in self._description.kinds:
                self.kind.addItem(choice.title.of(language.current()), choice.key)
            self.kind.setCurrentIndex(max(0, self.kind.findData(kind)))
        self.forget.setEnabled(can_forget)

    def show_sheets(self, sheets: Sequence[Sheet], taken: str) -> None:
        """Show which sheet of a workbook is read, and what others it has; nothing for a file without."""
        self._sheet_caption.setVisible(bool(sheets))
        self.sheet.setVisible(bool(sheets))
        self._sheet_caption.show_words(self.tr("Sheet"), self.tr("one of {n}").format(n=len(sheets)))
        self.sheet.clear()
        for one in sheets:
            hidden = self.tr("hidden") if one.is_hidden else ""
            self.sheet.addItem(f"{one.name}  {one.rows} × {one.columns}  {hidden}".rstrip(), one.name)
        self.sheet.setCurrentIndex(max(0, self.sheet.findData(taken)))

    def open_field(self) -> None:
        """Go to the field's box and open its list."""
        if self._column is not None:
            self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.field.showPopup()

    def _index_of(self, key: str) -> int:
        index = self.field.findData(key)
        if index < 0 and self._description is not None:
            self.field.insertItem(0, _title(key, self._description), key)
            return 0
        return index

    def _on_field(self) -> None:
        if self._column is not None:
            self.column_requested.emit(self._column.header, _chosen(self.field))

    def _on_unit(self) -> None:
        if self._column is not None:
            self.column_requested.emit(self._column.header, with_unit(_chosen(self.field), _chosen(self.unit)))


def _fields(description: RegisterDescription) -> list[tuple[str, str]]:
    """Return every field a column can go to with its title: what all entries have, the register's own, thresholds."""
    own = [one.key for one in description.fields if one.type is not FieldType.THRESHOLDS]
    base = [
        key for key in ("id", "name", "kind", "lon", "lat", "town", "village") if key != "kind" or description.kinds
    ]
    rest = sorted(set(fields_of(description)) - {*own, *base, "kind"})
    thresholds = [
        threshold_key(window_h, level)
        for one in description.fields
        if one.type is FieldType.THRESHOLDS
        for window_h in WINDOWS_H
        for level in LEVELS
    ]
    return [(key, _title(key, description)) for key in (*base, *own, *thresholds, *rest)]


def _title(key: str, description: RegisterDescription) -> str:
    return column_words(key, description)[0 if language.current() == "zh" else 1]


def _chosen(box: ChoiceBox) -> str:
    return str(box.currentData() or "")
