"""Wires of the base maps: the view to their tiles, their tiles to the map, and the keys that switch them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.console_views import ConsoleViews
from app.desks import Desks
from app.map.base_map_desk import BaseMapDesk, BaseNote
from app.map.base_map_list import RELIEF, base_maps_of
from app.rooms import Rooms
from widgets import language
from widgets.map.base_map_note import BaseMapNote

CHOICE = "base_map.txt"
translate = QCoreApplication.translate


def wire_base_maps(desks: Desks, rooms: Rooms, views: ConsoleViews) -> BaseMapDesk:
    """Connect the base maps with map and window; the console tells what `failed`, opens the desk and closes it.

    `BaseMapDesk.open` shows the one chosen last.
    """
    del views  # a base map tells no panel anything
    desk = BaseMapDesk(desks.jobs, base_maps_of(desks.office), choice=desks.office.cache / CHOICE)
    note = BaseMapNote(rooms.window)
    rooms.window.add_overlay(note, "bottom_right")
    desk.base_changed.connect(desks.map.show_base)
    desk.note_changed.connect(lambda said: note.show_note(*words_of(said)))
    rooms.canvas.view_changing.connect(desk.look_ahead)
    rooms.canvas.view_changed.connect(desk.show_view)
    # Bounds that the program sets move no hand, but they are drawn.
    desks.map.drawings_changed.connect(lambda _: desk.show_view(rooms.canvas.view()))
    rooms.window.keys.add("M", translate("BaseMaps", "Next base map"), desk.next_map)
    rooms.window.keys.add("Shift+M", translate("BaseMaps", "Base map in color or in grays"), desk.toggle_color)
    return desk


def words_of(said: BaseNote) -> tuple[str, str, str]:
    """Return title, source and mark of a base map, in the operator's language."""
    chosen = said.map
    title = chosen.title(language.current())
    if chosen.open is None:
        title = translate("BaseMaps", "Hillshade") if chosen.id == RELIEF else ""
    mark = ""
    if said.fault is not None:
        mark = translate("BaseMaps", "from the cache") if chosen.over_line else translate("BaseMaps", "not whole")
        if said.fault.code == "tiles.service_silent":
            mark = translate("BaseMaps", "no line, from the cache")
        elif not said.opened:
            mark = translate("BaseMaps", "cannot be opened")
    english = chosen.attribution_en if language.current() == "en" else ""
    return title, english or said.attribution, mark
