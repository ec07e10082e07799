"""Puts the keyboard where the next step is done: D, Ctrl+Enter, the PIN, Enter, without a mouse between them."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from app.rooms import Rooms
from models.warning.warning import Person, WarningState, WeatherWarning


class NextStep(QObject):
    """Moves the focus once at each step, and never while nothing has changed."""

    def __init__(self, rooms: Rooms) -> None:
        super().__init__()
        self._rooms = rooms
        self._at: tuple[str, WarningState] | None = None

    def show_person(self, person: Person | None) -> None:
        """Ask for a PIN while nobody is on duty; then the alarms are next."""
        self._focus(self._rooms.sign_in.pin if person is None else self._rooms.alarms.list)

    def show_task(self, task: str) -> None:
        """A task was opened: no button that the last one left behind keeps the keyboard."""
        if task == "issue" and self._at is not None and self._at[1] is WarningState.SUBMITTED:
            self._rooms.window.show_second(True)
            self._focus(self._rooms.sign.pin)
            return
        self._focus({"watch": self._rooms.alarms.list, "issue": self._rooms.sheet}.get(task, self._rooms.window))

    def begin(self) -> None:
        """A draft was begun: its towns are next."""
        self._rooms.window.show_second(False)
        self._focus(self._rooms.sheet.towns.list)

    def show_draft(self, warning: WeatherWarning | None) -> None:
        """Follow the warning on the sheet: its towns, the second person's PIN, the sheet that issues."""
        at = None if warning is None else (warning.id, warning.state)
        if at == self._at:
            return
        self._at = at
        if warning is None:
            self._rooms.window.show_second(False)
            self._focus(self._rooms.sheet)
            return
        self._rooms.window.show_second(warning.state is WarningState.SUBMITTED)
        if warning.state is WarningState.SUBMITTED:
            self._focus(self._rooms.sign.pin)
        else:
            self._focus(self._rooms.sheet.towns.list if warning.state is WarningState.DRAFT else self._rooms.sheet)

    def _focus(self, widget: QWidget) -> None:
        if widget.isVisible():
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
