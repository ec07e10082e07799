"""The head of the layer panel fits both docks and both languages."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tests.widgets.conftest import Look
from tests.widgets.map.test_cards import assert_fits, said
from widgets.map.layer_head import LayerHead


@pytest.mark.parametrize("spoken", ["zh", "en"])
@pytest.mark.parametrize("width", [272, 320])
def test_the_head_says_how_many_layers_and_its_key(qtbot: QtBot, put_on: Look, spoken: str, width: int) -> None:
    put_on("light", spoken)
    head = LayerHead()
    qtbot.addWidget(head)
    head.resize(width, 36)
    head.show_count(42)
    assert "42" in said(head)
    assert_fits(head)
