"""The risk one map: base maps, cards, search, ruler, what lies inside, the web map; made and wired together."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.console_views import ConsoleViews
from app.desks import Desks
from app.map.ask_wires import AskTool
from app.map.base_map_wires import wire_base_maps
from app.map.card_acts import CardActs
from app.map.layer_wires import wire_layers
from app.map.map_view_wires import wire_cards, wire_map_views
from app.map.point_relations import PointRelations
from app.map.web_wires import WebMapTool
from app.notices import Notices
from app.registers.import_wires import ImportTool
from app.registers.register_layers import RegisterLayers
from app.registers.register_wires import wire_registers
from app.rooms import Rooms
from app.search import more_entries
from layers.register_layer import id_on_map
from models.hazard.register import Place
from models.register.description import HAZARD_POINTS
from widgets.words import OFFICE_ZONE


class OneMap(QObject):
    """What the operator does on the map beside watching: every part opens by a key or from the search."""

    def __init__(
        self, desks: Desks, rooms: Rooms, views: ConsoleViews, notices: Notices, *, looks_only: bool = False
    ) -> None:
        """Make and wire all parts; one that ``looks_only`` writes nothing into the office's folder."""
        super().__init__()
        self._desks, self._rooms, self._views = desks, rooms, views
        self.base_maps = wire_base_maps(desks, rooms, views)
        self.cards = wire_cards(desks, rooms, views, notices)
        self.map_views = wire_map_views(desks, rooms, views, notices, keeps=not looks_only)
        self.layers = wire_layers(desks, rooms, views, notices)
        self.ask = AskTool(desks, rooms, notices)
        self.web = WebMapTool(desks, rooms, notices)
        self.registers = wire_registers(desks, rooms, views, notices)
        self.acts = CardActs(desks, rooms, self.cards, self.registers, notices)
        self.imports = ImportTool(desks, rooms, notices, self.registers.desk)
        self.register_layers = RegisterLayers(desks.jobs, desks.map)
        self.relations = PointRelations(desks.jobs, desks.map)
        views.point_selected.connect(self._on_point)
        for desk in (self.base_maps, desks.search, self.register_layers, self.relations):
            desk.failed.connect(notices.tell)
        self._wire_registers()
        box = rooms.window.top_bar.search
        box.chosen.connect(self._on_chosen)
        box.find_requested.connect(self._find)
        desks.search.found.connect(box.show_found)
        self.ask.record_chosen.connect(self.cards.show_record)

    def open(self, places: tuple[Place, ...], bounds_deg: tuple[float, float, float, float]) -> None:
        """Begin, once the office is read; ``places`` are the county's towns, villages, roads and rivers."""
        self._desks.search.open()
        self.base_maps.open()
        self.registers.open(places)
        self.layers.open(places, bounds_deg)

    def _wire_registers(self) -> None:
        """One selection in tables, on the map and on cards; what is filtered in a table is filtered on the map."""
        tool, cards = self.registers, self.cards
        tool.desk.registers_changed.connect(self._show_registers)
        tool.filtered_changed.connect(self.register_layers.show_filter)
        tool.record_selected.connect(cards.show_record)
        tool.record_selected.connect(self._on_record_selected)
        tool.import_requested.connect(self.imports.ask_file)
        tool.export_requested.connect(self.imports.ask_where)
        self.imports.register_changed.connect(tool.points_again.read)
        cards.record_shown.connect(self._on_record_shown)
        cards.history_requested.connect(tool.open_form)

    def _show_registers(self) -> None:
        today = self._desks.clock.now().astimezone(OFFICE_ZONE).date()
        self.register_layers.show_book(self.registers.desk.book, today)
        self.cards.show_book(self.registers.desk.book)

    def _on_point(self, point_id: str) -> None:
        self.relations.show(point_id, self.registers.desk.book, self._desks.alarms.gauges)
        if point_id:
            self._outline("", "")
            self.registers.show_selected(HAZARD_POINTS, point_id)

    def _on_record_selected(self, register: str, record_id: str) -> None:
        """Show the layer of what is selected in a table: a selection that is not on the map would be none."""
        self._outline(register, record_id)
        item = self._desks.map.stack.find(register)
        if item is not None and not item.visible:
            self._desks.map.set_visible(register, True)

    def _outline(self, register: str, record_id: str) -> None:
        """Outline a record that is an area; another one takes the outline away."""
        record = self.registers.desk.book.record(register, record_id)
        is_shape = record is not None and bool(record.wkb)
        self._rooms.canvas.show_selected_area(id_on_map(register, record_id) if is_shape else "")

    def _on_record_shown(self, register: str, record_id: str) -> None:
        self._outline(register, record_id)
        if register:
            self.registers.show_selected(register, record_id)

    @property
    def settled(self) -> bool:
        """Whether all tiles of the view are here."""
        return self.base_maps.settled

    def close(self) -> None:
        """End what holds files."""
        self.base_maps.close()
        self.layers.desk.close()

    def _find(self, typed: str) -> None:
        window = self._rooms.window
        window.top_bar.search.show_more(more_entries(window.keys.listed(), self._views.layers))
        self._desks.search.find(typed)

    def _on_chosen(self, entry: str) -> None:
        kind, _, rest = entry.partition(":")
        if kind == "key":
            self._rooms.window.keys.act(rest)
        elif kind == "layer":
            item = self._desks.map.stack.find(rest)
            self._desks.map.set_visible(rest, item is not None and not item.visible)
        if kind == "record":
            register, _, record_id = rest.partition(":")
            if self.registers.desk.book.record(register, record_id) is None:
                self.cards.show_record(register, record_id)
            else:
                self.registers.go_to(register, record_id)
        if kind == "place":
            self.cards.close_record()
