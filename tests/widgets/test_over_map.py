"""What lies over the map gives way: to the table under it, and where the room is too low for all."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.widgets.scene import GrayMap, Scene
from widgets.over_map import MARGIN_PX, OverMap


class Card(QWidget):
    """A card of a fixed size."""

    def __init__(self, parent: QWidget, height: int) -> None:
        super().__init__(parent)
        self._height = height

    def sizeHint(self) -> QSize:
        return QSize(200, self._height)


def test_a_card_at_the_foot_stays_away_where_it_would_lie_on_one_above_it(qtbot: QtBot) -> None:
    window = QWidget()
    window.resize(1000, 700)
    qtbot.addWidget(window)
    over = OverMap()
    legend, title, scale = Card(window, 200), Card(window, 100), Card(window, 40)
    for card, corner in ((legend, "bottom_left"), (title, "top_left"), (scale, "bottom_right")):
        over.add_card(card, corner, frozenset({"watch"}))  # type: ignore[arg-type]
    window.show()
    assert QTest.qWaitForWindowExposed(window)
    over.place(QRect(0, 0, 1000, 700), "watch", covered=False)
    assert legend.geometry() == QRect(MARGIN_PX, 700 - MARGIN_PX - 200, 200, 200)
    over.place(QRect(0, 0, 1000, 320), "watch", covered=False)
    assert (legend.isVisible(), title.isVisible(), scale.isVisible()) == (False, True, True)
    over.place(QRect(0, 0, 1000, 700), "watch", covered=False)
    assert legend.isVisible()


@pytest.mark.parametrize(("size", "high_px"), [((1920, 1080), 330), ((1366, 768), 246)])
@pytest.mark.parametrize("task", ["watch", "issue", "call", "review"])
def test_the_table_stands_between_the_docks_and_the_map_does_not_move(
    qtbot: QtBot, size: tuple[int, int], high_px: int, task: str
) -> None:
    scene = Scene(size)
    qtbot.addWidget(scene.window)
    table = GrayMap()
    scene.window.set_table(table)
    free = scene.show(task)
    assert QTest.qWaitForWindowActive(scene.window)
    canvas = scene.window._map
    assert canvas is not None
    before = canvas.geometry()
    scene.window.show_bottom("table")
    assert canvas.geometry() == before
    assert not scene.window.bottom.isVisible()
    assert table.geometry() == QRect(free.left(), size[1] - high_px, free.width(), high_px)
    assert scene.window.right.geometry().bottom() == size[1] - 1
    assert scene.window.map_room().height() == size[1] - 48 - high_px
    scene.window.show_bottom("table", high=True)
    assert table.height() == size[1] // 2
    scene.window.show_bottom("time")
    assert (table.isVisible(), scene.window.bottom.isVisible(), scene.window.map_room()) == (False, True, free)
