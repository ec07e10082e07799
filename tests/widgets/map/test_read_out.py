"""The read-out under the cursor: what is unknown is told from what is seen to be nothing."""

from __future__ import annotations

import math

from pytestqt.qtbot import QtBot

from tests.widgets.map.test_cards import said
from widgets.map.read_out import CursorFacts, ReadOut


def test_a_place_that_no_radar_sees_is_said_in_words(qtbot: QtBot) -> None:
    card = ReadOut()
    qtbot.addWidget(card)
    card.show_facts(CursorFacts(107.0, 29.0, radars=0))
    assert "not seen" in said(card)
    card.show_facts(CursorFacts(107.0, 29.0, radars=2, value=-math.inf))
    assert "not seen" not in said(card)
    assert "none" in said(card)
