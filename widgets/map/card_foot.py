"""The foot of a card: what can be done with the thing on it, each act with its key; refused ones say why."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets import theme as look
from widgets.action_button import HEIGHT_PX as BUTTON_PX
from widgets.action_button import ActionButton
from widgets.brief_field import BriefField

EDIT, INSPECT, CALL, TABLE = "edit", "inspect", "call", "table"
KEYS = {EDIT: "G", INSPECT: "I", CALL: "H", TABLE: "B"}
"""E and P of the radar's picture act while a card is open, so that the card has others."""
_PAD_PX, _GAP_PX, _LESS_PX = 8, 5, 8
_EDGE_PX = 10
_WORD_MOST = 200


class CardFoot(QWidget):
    """Four acts under a card; the word of an inspection is asked for in their place.

    Signals
    -------
    act_requested(str)      ``edit``, ``call`` or ``table``
    inspect_requested(str)  record an inspection of today with this word, which may be empty
    """

    act_requested = Signal(str)
    inspect_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        said = {
            EDIT: self.tr("Edit"),
            INSPECT: self.tr("Inspected"),
            CALL: self.tr("Call"),
            TABLE: self.tr("Table"),
        }
        self.buttons = {act: _Act(said[act], KEYS[act], self) for act in (EDIT, INSPECT, CALL, TABLE)}
        for act, button in self.buttons.items():
            button.clicked.connect(lambda _=False, one=act: self._on_act(one))
        self.word = BriefField(self)
        self.word.setMaxLength(_WORD_MOST)
        self.word.setPlaceholderText(self.tr("what was found? Enter keeps, Esc leaves"))
        self.word.setToolTip(self.word.placeholderText())
        self.word.setAccessibleName(self.word.placeholderText())
        self.word.returnPressed.connect(self._on_word)
        self.word.left.connect(self.leave_word)
        self.word.hide()
        self._subject = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_high(1))

    def show_acts(self, subject: str, acts: Mapping[str, str], tips: Mapping[str, str] | None = None) -> None:
        """Show what can be done with a thing.

        ``acts`` goes from an act to why it cannot be done now, empty if it can; ``tips`` says more of those that can.
        A word that was begun for another thing is dropped.
        """
        if subject != self._subject:
            self._subject = subject
            self.leave_word()
        for act, button in self.buttons.items():
            why = acts.get(act, "")
            button.setEnabled(not why)
            said = why or (tips or {}).get(act, "")
            button.setToolTip(said)
            button.setAccessibleDescription(said)
        if self.asks and acts.get(INSPECT):
            self.leave_word()

    @property
    def asks(self) -> bool:
        """Whether the word of an inspection is being asked for."""
        return not self.word.isHidden()

    def leave_word(self) -> None:
        """Keep no inspection."""
        if self.asks:
            self._show_word(shown=False)

    def _on_act(self, act: str) -> None:
        if act == INSPECT:
            self._show_word(shown=True)
        else:
            self.act_requested.emit(act)

    def _on_word(self) -> None:
        word = self.word.text().strip()
        self._show_word(shown=False)
        self.inspect_requested.emit(word)

    def _show_word(self, *, shown: bool) -> None:
        had_focus = self.word.hasFocus()
        self.word.clear()
        self.word.setVisible(shown)
        for button in self.buttons.values():
            button.setVisible(not shown)
        if shown:
            self.word.setFocus(Qt.FocusReason.OtherFocusReason)
        elif had_focus:
            self.window().setFocus(Qt.FocusReason.OtherFocusReason)

    # places

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def sizeHint(self) -> QSize:
        return QSize(240, self.height())

    def _place(self) -> None:
        """Stand in one row, a little narrower where the dock is; in two rows where even that is too wide."""
        room = self.width() - 2 * _EDGE_PX
        widths = self._widths(0)
        if sum(widths) > room - _GAP_PX * (len(widths) - 1):
            widths = self._widths(_LESS_PX)
        rows = 1 if sum(widths) <= room - _GAP_PX * (len(widths) - 1) else 2
        self.setFixedHeight(_high(rows))
        x, y, half = _EDGE_PX, _PAD_PX + 1, (room - _GAP_PX) // 2
        for number, (button, width) in enumerate(zip(self.buttons.values(), widths, strict=True)):
            if rows == 2:
                column, row = number % 2, number // 2
                x, y = _EDGE_PX + column * (half + _GAP_PX), _PAD_PX + 1 + row * (BUTTON_PX + _GAP_PX)
            button.setGeometry(x, y, half if rows == 2 else width, BUTTON_PX)
            x += width + _GAP_PX
        self.word.setGeometry(_EDGE_PX, _PAD_PX + 1, room, BUTTON_PX)

    def _widths(self, less_px: int) -> list[int]:
        for button in self.buttons.values():
            button.less_px = less_px
        return [button.sizeHint().width() for button in self.buttons.values()]

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = look.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("panel"))
        painter.fillRect(0, 0, self.width(), 1, theme.color("line"))
        painter.end()


class _Act(ActionButton):
    """A button that can stand with less room beside its words."""

    less_px = 0

    def sizeHint(self) -> QSize:
        size = super().sizeHint()
        return QSize(size.width() - self.less_px, size.height())


def _high(rows: int) -> int:
    return 2 * _PAD_PX + 1 + rows * BUTTON_PX + (rows - 1) * _GAP_PX
