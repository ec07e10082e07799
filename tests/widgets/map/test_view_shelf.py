"""The tiles of saved views: shown, chosen, kept under a name, by mouse and by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.widgets.conftest import Look
from tests.widgets.map.test_cards import assert_fits, said
from widgets.map.view_shelf import ViewShelf
from widgets.pieces import Frame

NAMES = {1: "全县", 2: "石坑三镇", 3: "龙潭水库", 4: "城关易涝", 8: "普查核对"}


def shelf(qtbot: QtBot, width: int = 320) -> ViewShelf:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(width, 200)
    made = ViewShelf(host)
    made.setGeometry(0, 0, width, made.sizeHint().height())
    made.show_views(NAMES, 2)
    made.host = host  # type: ignore[attr-defined]
    with qtbot.waitExposed(host):
        host.show()
    return made


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("spoken", ["zh", "en"])
@pytest.mark.parametrize("width", [272, 320])
def test_every_tile_fits(qtbot: QtBot, put_on: Look, look: str, spoken: str, width: int) -> None:
    put_on(look, spoken)
    assert_fits(shelf(qtbot, width))


def test_nine_tiles_the_empty_ones_dashed_and_the_shown_one_framed(qtbot: QtBot) -> None:
    made = shelf(qtbot)
    made.clearFocus()
    assert {"石坑三镇", "empty", "9"} <= set(said(made))
    tiles = [p for p in made.pieces() if isinstance(p, Frame)]
    assert len(tiles) == 9
    assert sum(tile.dashed for tile in tiles) == 4
    assert [tile.rect for tile in tiles if tile.width_px == 2.0] == [made.tile(2)]


def test_a_click_shows_a_view_and_on_an_empty_tile_asks_for_a_name(qtbot: QtBot) -> None:
    made = shelf(qtbot)
    with qtbot.waitSignal(made.view_requested) as caught:
        QTest.mouseClick(made, Qt.MouseButton.LeftButton, pos=made.tile(3).center().toPoint())
    assert caught.args == [3]
    with qtbot.assertNotEmitted(made.view_requested):
        QTest.mouseClick(made, Qt.MouseButton.LeftButton, pos=made.tile(9).center().toPoint())
    assert made.asking == 9
    assert made._field.isVisible()


def test_a_name_is_typed_in_the_tile_and_enter_keeps_it(qtbot: QtBot) -> None:
    made = shelf(qtbot)
    made.ask_name(2)
    assert made._field.text() == "石坑三镇"
    made._field.setText("石坑")
    with qtbot.waitSignal(made.save_requested) as caught:
        QTest.keyClick(made._field, Qt.Key.Key_Return)
    assert caught.args == [2, "石坑"]
    assert made.asking == 0
    assert not made._field.isVisible()


def test_esc_leaves_the_name(qtbot: QtBot) -> None:
    made = shelf(qtbot)
    made.ask_name(5)
    with qtbot.assertNotEmitted(made.save_requested):
        QTest.keyClick(made._field, Qt.Key.Key_Escape)
    assert made.asking == 0
    assert not made._field.isVisible()


def test_arrows_enter_and_delete(qtbot: QtBot) -> None:
    made = shelf(qtbot)
    made.setFocus()
    QApplication.processEvents()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Left):
        QTest.keyClick(made, key)
    with qtbot.waitSignal(made.view_requested) as caught:
        QTest.keyClick(made, Qt.Key.Key_Return)
    assert caught.args == [3]
    with qtbot.waitSignal(made.remove_requested) as removed:
        QTest.keyClick(made, Qt.Key.Key_Delete)
    assert removed.args == [3]


@pytest.mark.parametrize("spoken", ["zh", "en"])
def test_in_a_low_window_the_tiles_are_one_row_of_numbers(qtbot: QtBot, put_on: Look, spoken: str) -> None:
    put_on("light", spoken)
    made = shelf(qtbot, 272)
    high = made.sizeHint().height()
    made.show_compact(compact=True)
    made.resize(272, made.sizeHint().height())
    assert made.sizeHint().height() == high - 68
    assert {made.tile(n).top() for n in range(1, 10)} == {made.tile(1).top()}
    assert_fits(made)
    made.ask_name(4)
    assert made._field.width() > 200, "a name needs room"
