"""The name of a group of layers, asked for in the place of the row or the head that goes there."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtWidgets import QWidget

from widgets.brief_field import BriefField

_NAME_MOST = 24


class GroupField(BriefField):
    """Asks into which group layers go: Enter takes the name, Esc leaves them; no name takes them back to their own.

    Signals
    -------
    named(object, str)  the layers' names, tuple[str, ...], and what was written
    """

    named = Signal(object, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._panel = parent
        self._names: tuple[str, ...] = ()
        self.setMaxLength(_NAME_MOST)
        self.setPlaceholderText(self.tr("group; empty: its own"))
        self.setAccessibleName(self.tr("Group of the layer"))
        self.returnPressed.connect(self._on_named)
        self.left.connect(self._close)
        self.hide()

    def ask(self, names: tuple[str, ...], name: str, place: QRectF) -> None:
        """Ask for the group of these layers, ``name`` is where they are."""
        self._names = names
        self.setText(name)
        self.selectAll()
        self.setGeometry(place.toRect())
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_named(self) -> None:
        names, said = self._names, self.text()
        self._close()
        self.named.emit(names, said)

    def _close(self) -> None:
        self.hide()
        self._panel.setFocus(Qt.FocusReason.OtherFocusReason)
