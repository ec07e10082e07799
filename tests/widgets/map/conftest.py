"""A canvas in a known theme."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from widgets import language
from widgets import theme as look
from widgets.map.canvas import MapCanvas


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> Iterator[None]:
    """Light theme and English words, whatever other tests left."""
    look.apply(qapp, look.LIGHT)
    language.use(qapp, "en")
    yield
    look.apply(qapp, look.LIGHT)


@pytest.fixture
def canvas(qtbot: QtBot) -> MapCanvas:
    """A shown canvas of 400 x 300."""
    made = MapCanvas()
    qtbot.addWidget(made)
    made.resize(400, 300)
    with qtbot.waitExposed(made):
        made.show()
    return made
