"""Two people at one desk, and what they do with its keys."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox

from app.demo.people import EXERCISE_PINS, FORECASTER, SIGNER
from app.demo.scene import OPENING_AT
from app.office import Office
from models.store import journal
from models.warning.warning import Person, WarningState, WeatherWarning
from tests.walks.open_console import OpenConsole, open_console

CTRL = Qt.KeyboardModifier.ControlModifier


class Duty:
    """Two people at one desk, and what they do with its keys."""

    def __init__(self, desk: OpenConsole) -> None:
        self.desk, self.console, self.rooms = desk, desk.console, desk.console.rooms

    @property
    def draft(self) -> WeatherWarning:
        draft = self.console.warnings.drafts.draft
        assert draft is not None
        return draft.warning

    def choose(self, box: QComboBox, person: Person) -> None:
        """Choose somebody in a box by its keys, and go on to the PIN beside it."""
        box.setFocus()
        QTest.keyClick(box, Qt.Key.Key_Home)
        for _ in range(box.count()):
            if box.currentData() == person.id:
                return
            QTest.keyClick(box, Qt.Key.Key_Down)
        raise AssertionError(f"{person.name} is not offered")

    def sign_in(self, person: Person = FORECASTER) -> None:
        self.choose(self.rooms.sign_in.who, person)
        self.rooms.sign_in.pin.setFocus()
        self.desk.type(EXERCISE_PINS[person.id])
        self.desk.press(Qt.Key.Key_Return)
        self.desk.until(lambda: self.console.duty.on_duty is not None)

    def begin_from_alarm(self) -> None:
        """D on the alarm that stands first."""
        self.desk.press(Qt.Key.Key_D)
        self.desk.until(lambda: self.console.warnings.drafts.products is not None and not self.console.warnings.busy)

    def submit(self) -> None:
        self.desk.until(lambda: self.rooms.sheet.submit_button.isEnabled() and not self.console.warnings.busy)
        self.desk.press(Qt.Key.Key_Return, CTRL)
        self.desk.until(lambda: self.draft.state is WarningState.SUBMITTED)

    def sign(self, person: Person = SIGNER, pin: str = "") -> None:
        """The second person chooses the own name and types the PIN."""
        self.choose(self.rooms.sign.signer, person)
        self.rooms.sign.pin.setFocus()
        self.desk.type(pin or EXERCISE_PINS[person.id])
        self.desk.press(Qt.Key.Key_Return)
        self.desk.until(lambda: not self.console.warnings.busy)

    def issue(self) -> WeatherWarning:
        """Enter on the sheet; returns what went out."""
        self.desk.until(self.rooms.sheet.issue_button.isEnabled)
        warning_id = self.draft.id
        self.desk.press(Qt.Key.Key_Return)
        self.desk.until(lambda: self.console.warnings.drafts.draft is None)
        self.desk.settle()
        issued = self.console.warnings.find(warning_id)
        assert issued is not None
        assert issued.state is WarningState.ISSUED
        return issued

    def send_out(self) -> WeatherWarning:
        """Submit, sign and issue what is on the sheet."""
        self.submit()
        self.sign()
        assert self.draft.state is WarningState.SIGNED
        return self.issue()

    def acts(self) -> list[tuple[str, str]]:
        """Return actor and act of every journal line."""
        self.desk.settle()
        return [(line.entry.actor, line.entry.act) for line in self.console.store.read(journal.lines)]

    def refusal(self) -> str:
        """Return the sentence beside the second person's PIN."""
        return self.rooms.sign._said  # what is painted there


@contextmanager
def on_duty(office: Office, at: datetime = OPENING_AT) -> Iterator[Duty]:
    with open_console(office, at) as desk:
        duty = Duty(desk)
        duty.sign_in()
        yield duty
