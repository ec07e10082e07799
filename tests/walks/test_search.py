"""What Ctrl+K leads to, on the map of a real console."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.demo.scene import OPENING_AT
from app.office import Office
from tests.walks.open_console import OpenConsole, open_console

CTRL = Qt.KeyboardModifier.ControlModifier


def search(desk: OpenConsole, text: str) -> None:
    """Choose the first answer to a text."""
    desk.press(Qt.Key.Key_K, CTRL)
    box = desk.console.rooms.window.top_bar.search
    box.insert(text)
    desk.press(Qt.Key.Key_Return)
    desk.settle()


def test_a_place_is_gone_to_with_scale_and_names_of_that_view_and_0_shows_the_county_again(morning: Office) -> None:
    with open_console(morning, OPENING_AT) as desk:
        rooms = desk.console.rooms
        rooms.window.setFocus()
        whole, bar = rooms.canvas.view(), rooms.scale.words
        for text in ("石坑沟", "龙潭镇", "石坑 山洪"):
            search(desk, text)
            view = rooms.canvas.view()
            assert view.meters_per_pixel < whole.meters_per_pixel
            assert desk.console.map._view == view, "what is drawn is drawn for this view"
            assert rooms.scale.words != bar
            assert rooms.point_card.isVisible() is (text != "龙潭镇")
            rooms.window.setFocus()
            desk.press(Qt.Key.Key_Escape)
            assert not rooms.point_card.isVisible(), "the card's cap says Esc"
            desk.press(Qt.Key.Key_0)
            desk.settle()
            assert rooms.canvas.view() == whole
            assert rooms.scale.words == bar
