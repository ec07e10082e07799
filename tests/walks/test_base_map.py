"""M in the console: hillshade, the exercise's own map sharp at once, none; and the same one after a restart."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.demo.scene import OPENING_AT
from app.map.base_map_list import NONE, RELIEF
from app.office import Office
from layers.tile_layer import TileLayer
from tests.walks.open_console import OpenConsole, open_console
from widgets.map.base_map_note import BaseMapNote


def note(opened: OpenConsole) -> str:
    found = opened.console.rooms.window.findChild(BaseMapNote)
    assert isinstance(found, BaseMapNote)
    return found.words if not found.isHidden() else ""


def sharp_tiles(opened: OpenConsole) -> tuple[int, int]:
    """Return how many tiles of the view's own zoom lie on the map, and how many it needs."""
    item = opened.console.map.stack.find("base_map")
    if item is None or not isinstance(item.layer, TileLayer):
        return 0, -1
    needed = item.layer.range.needed(opened.console.rooms.canvas.view())
    return sum(key in item.layer.tiles for key in needed), len(needed)


def test_the_key_changes_the_base_map_and_a_restart_keeps_it(morning: Office) -> None:
    with open_console(morning, OPENING_AT) as opened:
        console, desk = opened.console, opened.console.one_map.base_maps
        console.rooms.window.setFocus()
        opened.settle()
        relief = console.map.stack.find("relief")
        assert relief is not None
        assert relief.visible
        assert desk.chosen.id == RELIEF
        opened.press(Qt.Key.Key_M)
        opened.until(lambda: sharp_tiles(opened)[0] == sharp_tiles(opened)[1] > 0)
        relief = console.map.stack.find("relief")
        assert relief is not None
        assert not relief.visible
        assert "演练底图" in note(opened)
        assert "演练数据" in note(opened)
        console.rooms.canvas.zoom(4.0)
        opened.until(lambda: desk.settled and sharp_tiles(opened)[0] == sharp_tiles(opened)[1] > 0)
        assert desk.reads_on_gui_thread == 0
        opened.settle()
    with open_console(morning, OPENING_AT) as opened:
        opened.until(lambda: sharp_tiles(opened)[0] == sharp_tiles(opened)[1] > 0)
        opened.console.rooms.window.setFocus()
        opened.press(Qt.Key.Key_M)
        opened.until(lambda: opened.console.map.stack.find("base_map") is None)
        assert opened.console.one_map.base_maps.chosen.id == NONE
        assert note(opened) == ""
        opened.settle()
