"""Who takes over the shift: a name and a PIN."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from models.warning.warning import Person
from widgets import theme as look
from widgets.action_button import ActionButton
from widgets.choice_box import ChoiceBox
from widgets.warning.pin_field import PinField

WIDTH_PX = 320


class SignIn(QWidget):
    """A card on the map as long as nobody is on duty.

    Signals
    -------
    sign_in_requested(str, str)  person id and PIN; the card has forgotten the PIN by then
    """

    sign_in_requested = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self._title = QLabel(self.tr("Nobody is on duty. Who takes over?"), self)
        self._note = QLabel("", self)
        self._note.setWordWrap(True)
        self._note.hide()
        self.who = ChoiceBox(self)
        self.who.setAccessibleName(self.tr("On duty"))
        self.pin = PinField(self)
        self.button = ActionButton(self.tr("Take over"), "Return", self, primary=True, scope=self)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(look.EDGE_PX, 12, look.EDGE_PX, 12)
        column.setSpacing(8)
        for part in (self._title, self.who, self.pin, self._note, self.button):
            column.addWidget(part)
        self.pin.sign_pressed.connect(self._on_pressed)
        self.button.clicked.connect(self._on_pressed)

    def sizeHint(self) -> QSize:
        column = self._column  # the refusal is wrapped, so the height depends on the width
        high = column.totalHeightForWidth(WIDTH_PX) if column.hasHeightForWidth() else column.sizeHint().height()
        return QSize(WIDTH_PX, high)

    def show_people(self, people: tuple[Person, ...]) -> None:
        """Show who has an account."""
        chosen = self.who.currentData()
        self.who.clear()
        for person in people:
            if person.active:
                self.who.addItem(person.name, person.id)
        self.who.setCurrentIndex(max(0, self.who.findData(chosen)))

    def show_refusal(self, sentence: str) -> None:
        """Say why nobody was signed in; an empty sentence takes it back."""
        self._note.setText(sentence)
        self._note.setVisible(bool(sentence))
        self.pin.clear()
        self.updateGeometry()

    def _on_pressed(self) -> None:
        pin = self.pin.take()
        if pin and self.who.currentData():
            self.sign_in_requested.emit(str(self.who.currentData()), pin)
