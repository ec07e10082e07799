"""The sources along the foot of a picture: layers of one source together, nothing cut, none left out."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tests.widgets.map.test_cards import assert_fits, said
from widgets.map.print_sheet import SourceLine
from widgets.map.source_card import SourceCard

SOURCES = (
    SourceLine("Radar mosaic", "青岚山、柳塘", "2026-06-18 02:28"),
    SourceLine("Roads", "county survey", "2018-06-01  8 years old", is_old=True),
    SourceLine("Rivers", "county survey", "2018-06-01  8 years old", is_old=True),
    SourceLine("Shelters", "source not entered", "day not entered", is_old=True),
)


@pytest.mark.parametrize(("width", "lines"), [(1888.0, 1), (760.0, 2), (200.0, 11)])
def test_every_source_stands_there_with_its_time_whatever_the_width(qtbot: QtBot, width: float, lines: int) -> None:
    card = SourceCard()
    qtbot.addWidget(card)
    card.show_sources(SOURCES, width)
    assert card.width() <= width + 3
    assert (card.height() - 8) // 18 <= lines
    words = " ".join(said(card))
    wanted = (
        "Sources Radar mosaic 青岚山 2026-06-18 02:28 Roads, Rivers county survey 8 years old Shelters day not entered"
    )
    assert [word for word in wanted.split() if word not in words] == []
    assert words.count("survey") == 1
    assert_fits(card)


def test_without_a_source_there_is_no_card(qtbot: QtBot) -> None:
    card = SourceCard()
    qtbot.addWidget(card)
    card.show_sources((), 800.0)
    assert card.size().isEmpty()
