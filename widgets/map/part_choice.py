"""Which layers or fields of a file shall lie on the map: one, several by and by, or all."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from layers.read_raster import Field
from widgets import pieces, words
from widgets import theme as look
from widgets.action_button import ActionButton
from widgets.button_bar import ButtonBar
from widgets.over_map import MARGIN_PX
from widgets.panel_head import HEIGHT_PX, PanelHead
from widgets.pieces import Piece, Run
from widgets.row_list import Row, RowList

_BUTTONS_PX = 60
_WIDEST_PX, _HIGHEST_PX = 520, 380
MOST_AT_ONCE = 24
"""More of them are chosen one by one: a forecast has hundreds of fields."""


class PartChoice(QFrame):
    """The list of what a file holds; ``of_one`` for what takes a single sheet, such as a register.

    Signals
    -------
    chosen(object)  parts that shall be taken, tuple of str; none if the file is left alone
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, of_one: bool = False) -> None:
        super().__init__(parent)
        self._parts: tuple[Field, ...] = ()
        self.setFrameShape(QFrame.Shape.Box)
        self.setAutoFillBackground(True)
        self._head = PanelHead("", self)
        self.list = RowList(self)
        take = self.tr("Read this sheet") if of_one else self.tr("Put on the map")
        self._take = ActionButton(take, "Return", self, primary=True, scope=self)
        self._all = ActionButton(self.tr("All of them"), "Ctrl+A", self, scope=self)
        self._leave = ActionButton(self.tr("Leave the file"), "Escape", self, scope=self)
        self._take.clicked.connect(self._on_take)
        self.list.row_activated.connect(lambda _: self._on_take())
        self._all.clicked.connect(self._on_all)
        self._leave.clicked.connect(lambda: self._end(()))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.list, 1)
        self._all.setVisible(not of_one)
        left = (self._take,) if of_one else (self._take, self._all)
        column.addWidget(ButtonBar(self, left=left, right=(self._leave,)))
        self.hide()

    def show_parts(self, file: str, parts: tuple[Field, ...]) -> None:
        """Show what a file holds; what was taken last is selected, else the first that is neither hidden nor empty."""
        self._parts = tuple(one for one in parts if one.part)
        more = sum(one.more for one in parts)
        self._head.show_title(file)
        self._head.show_count(len(self._parts) + more)
        self._all.setEnabled(len(self._parts) + more <= MOST_AT_ONCE)
        rest = (self._rest(more),) if more else ()
        self.list.show_rows((*(self._row(one) for one in self._parts), *rest))
        first = next((one for one in parts if one.is_usual), next(filter(_is_offered, parts), parts[0]))
        self.list.show_selected(first.part)
        self.show()
        self.raise_()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def height_needed(self) -> int:
        """Return the height of head, rows and buttons, px."""
        return HEIGHT_PX + len(self._parts) * look.ROW_PX + _BUTTONS_PX

    def place_in(self, room: QRect) -> None:
        """Lie in the middle of a room, no larger than it has place for."""
        wide = min(_WIDEST_PX, room.width() - 2 * MARGIN_PX)
        high = min(_HIGHEST_PX, self.height_needed(), room.height() - 2 * MARGIN_PX)
        self.setGeometry(room.center().x() - wide // 2, room.center().y() - high // 2, wide, high)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_take()
        elif event.key() == Qt.Key.Key_Escape:
            self._end(())
        else:
            super().keyPressEvent(event)

    def _row(self, one: Field) -> Row:
        at = f"{one.valid_at.astimezone(words.OFFICE_ZONE):%m-%d %H:%M}" if one.valid_at is not None else ""
        known = (one.unit, at, self._extent(one), one.part if one.title != one.part else "")
        aside = "  ".join(part for part in known if part)

        def lay(width: float) -> list[Piece]:
            edge = float(look.EDGE_PX)
            title = one.title or one.part
            right = pieces.line(
                width * 0.5, width - edge, 19, [Run(aside, look.SECOND_PX, "quiet", elide=True)], align="right"
            )
            end = right[0].rect.left() - 8 if right else width - edge
            return [*pieces.line(edge, end, 19, [Run(title, elide=True)]), *right]

        return Row(one.part, look.ROW_PX, lay)

    def _extent(self, one: Field) -> str:
        """Say how large a sheet is, and why it is not offered."""
        if one.rows < 0:
            return ""
        size = self.tr("{rows} rows × {columns} columns").format(rows=f"{one.rows:,}", columns=one.columns)
        hidden = self.tr("hidden") if one.is_hidden else ""
        return "  ".join(part for part in (hidden, size if one.rows else self.tr("empty")) if part)

    def _rest(self, more: int) -> Row:
        """Say how many are not offered; the row takes nothing."""
        text = self.tr("{n} more are not listed; name one as part in office.toml").format(n=f"{more:,}")

        def lay(width: float) -> list[Piece]:
            edge = float(look.EDGE_PX)
            return [*pieces.line(edge, width - edge, 19, [Run(text, look.SECOND_PX, "quiet", elide=True)])]

        return Row("", look.ROW_PX, lay)

    def _on_take(self) -> None:
        if self.list.selected:
            self._end((self.list.selected,))

    def _on_all(self) -> None:
        self._end(tuple(one.part for one in self._parts if _is_offered(one)))

    def _end(self, parts: tuple[str, ...]) -> None:
        self.hide()
        self.chosen.emit(parts)


def _is_offered(one: Field) -> bool:
    """Return whether a part is meant by all: no hidden sheet, none without rows, no column of notes."""
    return not one.is_hidden and (one.rows < 0 or (one.rows > 0 and one.columns > 1))
