"""The card of the column over a place."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from models.radar.column_table import Layer
from models.radar.volume import Site
from tests.make import NOW
from tests.widgets.conftest import Look
from tests.widgets.fit import faults, texts_of
from widgets.map.column_card import ColumnCard

SITE = Site("QLX02", "枫香", 106.9, 29.1, 623.0)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_rows_say_height_echo_radar_and_age_and_where_nobody_sees(
    qtbot: QtBot, put_on: Look, theme: str, language: str
) -> None:
    put_on(theme, language)
    card = ColumnCard()
    qtbot.addWidget(card)
    assert card.size_needed() == (0.0, 0.0)
    at = NOW - timedelta(minutes=3)
    layers = (
        Layer(11_000.0, 12_000.0, -math.inf, 11_300.0, SITE, at, 1),
        Layer(1000.0, 2000.0),
        Layer(0.0, 1000.0, 47.0, 800.0, SITE, at, 2),
    )
    for low in (False, True):
        card.show_room(900, 400 if low else 900)
        card.show_column("106.9000  29.1000", layers, 0, NOW)
        card.show()
        assert not faults(card)
        said = texts_of(card)
        assert {"11–12", "1–2", "0–1", "47", "枫香"} <= set(said)
        assert len([text for text in said if text in {"not seen", "看不到"}]) == 1
    card.show_column("106.9000  29.1000", (), 0, NOW)
    assert len(card.content()) > 0
    card.show_column("", (), 0, NOW)
    assert card.size_needed() == (0.0, 0.0)
