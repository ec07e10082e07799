"""The risk one map: base maps, cards, search, ruler, what lies inside, the web map; made and wired together."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.ask_wires import AskTool
from app.base_map_wires import wire_base_maps
from app.console_views import ConsoleViews
from app.desks import Desks
from app.map_view_wires import wire_cards
from app.notices import Notices
from app.rooms import Rooms
from app.web_wires import WebMapTool


class OneMap(QObject):
    """What the operator does on the map beside watching: every part opens by a key or from the search."""

    def __init__(self, desks: Desks, rooms: Rooms, views: ConsoleViews, notices: Notices) -> None:
        super().__init__()
        self._desks, self._rooms = desks, rooms
        self.base_maps = wire_base_maps(desks, rooms, views)
        self.cards = wire_cards(desks, rooms, views, notices)
        self.ask = AskTool(desks, rooms, notices)
        self.web = WebMapTool(desks, rooms, notices)
        for desk in (self.base_maps, desks.search):
            desk.failed.connect(notices.tell)
        box = rooms.window.top_bar.search
        box.chosen.connect(self._on_chosen)
        box.find_requested.connect(desks.search.find)
        desks.search.found.connect(box.show_found)
        self.ask.record_chosen.connect(self.cards.show_record)

    def open(self) -> None:
        """Begin, once the office is read."""
        self._desks.search.open()
        self.base_maps.open()

    def close(self) -> None:
        """End what holds files."""
        self.base_maps.close()

    def _on_chosen(self, entry: str) -> None:
        kind, _, rest = entry.partition(":")
        if kind == "record":
            register, _, record_id = rest.partition(":")
            self.cards.show_record(register, record_id)
