"""The card of who takes over: it grows with what it has to say."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from models.errors import IllegalStepError
from widgets import words
from widgets.duty.sign_in import SignIn


@pytest.mark.parametrize("spoken", ["zh", "en"])
def test_a_refusal_is_read_whole(qtbot: QtBot, put_on: Callable[[str, str], None], spoken: str) -> None:
    put_on("light", spoken)
    card = SignIn()
    qtbot.addWidget(card)
    card.show_refusal(words.error(IllegalStepError("people.wrong_pin")))
    card.resize(card.sizeHint())
    card.show()
    note = next(label for label in card.findChildren(QLabel) if label.wordWrap())
    assert note.height() >= note.heightForWidth(note.width())
    assert card.pin.height() >= card.pin.sizeHint().height()
