"""The filters under the heads of a table: a box for each column, and one field that goes to the box in hand."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from models.register.description import FieldType
from models.register.table_columns import NAME, Column
from widgets import pieces
from widgets import theme as look
from widgets.key_cap import key_piece, key_width
from widgets.painted import Painted
from widgets.pieces import Fill, Frame, Piece, Run, Text
from widgets.register.column_places import ColumnPlace

HEIGHT_PX = 32
_TOP, _BOX_PX = 4.0, 24.0


class FilterRow(Painted):
    """What each column is filtered by.

    Words part by spaces and mean one of several; ``>= 100``, ``10..20``, ``empty`` and ``overdue`` are understood.

    Signals
    -------
    filter_changed(str, str)  a column's group and what was typed for it
    leave_requested()         the hand goes back to the rows
    """

    filter_changed = Signal(str, str)
    leave_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=HEIGHT_PX, ground="paper")
        self._places: tuple[ColumnPlace, ...] = ()
        self._typed: dict[str, str] = {}
        self._group = ""
        self.field = QLineEdit(self)
        self.field.hide()
        self.field.installEventFilter(self)
        self.field.textEdited.connect(self._on_typed)
        self.setToolTip(
            self.tr(
                "Words parted by spaces: one of them. Also: >= 100, 10..20, >= 2026-05, empty, * (filled), overdue."
            )
        )

    def show_places(self, places: tuple[ColumnPlace, ...]) -> None:
        """Lay the boxes where their columns stand."""
        self._places = places
        self._place_field()
        self.update()

    def show_filters(self, typed: Mapping[str, str]) -> None:
        """Show what each group is filtered by."""
        self._typed = {group: text for group, text in typed.items() if text}
        if not self.field.hasFocus():
            self.field.setText(self._typed.get(self._group, ""))
        self.update()

    def begin(self, group: str) -> None:
        """Put the cursor into the box of a group of columns."""
        if self._box(group).isEmpty():
            return
        self._group = group
        self.field.setText(self._typed.get(group, ""))
        self.field.setAccessibleName(group)
        self._place_field()
        self.field.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups whose boxes are seen, from the left."""
        return tuple(dict.fromkeys(one.column.group for one in self._places))

    def pieces(self) -> list[Piece]:
        """Return what is painted."""
        laid: list[Piece] = [Fill(QRectF(0, HEIGHT_PX - 1, self.width(), 1), "line")]
        for group in self.groups:
            box = self._box(group)
            laid += [Fill(box, "panel", 3.0, hit=group), Frame(box, "edge", 1.0, 3.0)]
            if group == self._group and self.field.isVisible():
                continue
            typed, right = self._typed.get(group, ""), box.right() - 8
            if group == NAME and not typed:
                right -= key_width("/")
                laid.append(key_piece(box.right() - key_width("/") - 3, box.center().y(), "/"))
                right -= 4
            column = next(one.column for one in self._places if one.column.group == group)
            run = Run(typed, elide=True) if typed else Run(self._hint(column), look.SECOND_PX, "quiet", elide=True)
            laid += pieces.line(box.left() + 7, max(right, box.left() + 12), 20, [run])
            laid.append(Text(box, "", hit=group))
        return laid

    def mousePressEvent(self, event: QMouseEvent) -> None:
        group = pieces.piece_at(self.pieces(), event.position(), want="hit")
        if group and event.button() == Qt.MouseButton.LeftButton:
            self.begin(group)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the field with Enter, Escape or an arrow down; Tab goes to the next box."""
        if watched is self.field and event.type() == QEvent.Type.FocusOut:
            self.field.hide()
            self.update()
        elif watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._pressed(Qt.Key(event.key()))
        return super().eventFilter(watched, event)

    def _pressed(self, key: Qt.Key) -> bool:
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.leave_requested.emit()
        elif key == Qt.Key.Key_Escape:
            self.field.clear()
            self._on_typed("")
            self.leave_requested.emit()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            groups = self.groups
            step = 1 if key == Qt.Key.Key_Tab else -1
            self.begin(groups[(groups.index(self._group) + step) % len(groups)] if self._group in groups else groups[0])
        else:
            return False
        return True

    def _on_typed(self, typed: str) -> None:
        self._typed[self._group] = typed
        self.filter_changed.emit(self._group, typed)
        self.update()

    def _hint(self, column: Column) -> str:
        if column.group == NAME:
            return self.tr("has …")
        if column.type is FieldType.THRESHOLDS:
            return self.tr("red, mm: any")
        return "≥ …" if column.is_figure else self.tr("all")

    def _box(self, group: str) -> QRectF:
        mine = [one for one in self._places if one.column.group == group]
        if not mine:
            return QRectF()
        left, right = mine[0].left, mine[-1].right
        return QRectF(left - 8 if mine[0].column.key == NAME else left - 6, _TOP, right - left - 2, _BOX_PX)

    def _place_field(self) -> None:
        box = self._box(self._group)
        if box.isEmpty():
            self.field.hide()
        else:
            self.field.setGeometry(box.toRect().adjusted(0, -2, 0, 2))
