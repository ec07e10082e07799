"""Wires of what stands beside the map: cards and their links, the layer panel, saved views, printing."""

from __future__ import annotations

from datetime import UTC
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication, QObject, QUrl
from PySide6.QtGui import QDesktopServices

from app.console_views import ConsoleViews
from app.desks import Desks
from app.map.card_views import CardViews
from app.map.map_desk import LayerRow
from app.map.map_view_desk import MapViewDesk
from app.map.map_views import MOST_VIEWS, Bounds, MapSession, SavedView, SavedViews
from app.map.print_map import MapPrinter, PrintFacts
from app.map.print_sources import PrintSource
from app.notices import Notices
from app.rooms import Rooms
from layers.arrangement import Arrangement
from layers.facet_layer import Facet
from layers.relations import NAME as RELATIONS
from layers.stack import Stack
from layers.unseen_layer import NAME as UNSEEN
from models.geodesy import to_lonlat
from widgets.main_window import LOW_PX
from widgets.map.layer_rows import title_of
from widgets.notice_bar import Notice
from widgets.words import OFFICE_ZONE

WATCH = "watch"
_ROOMY_PX = 1200
"""From this height of the window on the groups of layers stand one under the other, each with its rows."""
PRINTS, PRINTED = "prints", "printed"
# What Shift makes of a number on the keyboards that offices have.
_SHIFTED = "!@#$%^&*("
translate = QCoreApplication.translate


def wire_cards(desks: Desks, rooms: Rooms, views: ConsoleViews, notices: Notices) -> CardViews:
    """Wire the cards of points and records; the answer is to be kept as long as the window."""
    cards = CardViews(desks, rooms, views, notices)
    views.point_selected.connect(cards.show_point)
    desks.map.drawings_changed.connect(lambda _: cards.warm())
    desks.alarms.verdicts_changed.connect(lambda _: views.soon.call(cards.refresh))
    desks.warnings.warnings_changed.connect(lambda *_: views.soon.call(cards.refresh))
    rooms.point_card.link_requested.connect(cards.follow)
    cards.record_card.link_requested.connect(cards.follow)
    cards.record_card.part_clicked.connect(cards.close_record)
    return cards


def wire_map_views(
    desks: Desks, rooms: Rooms, views: ConsoleViews, notices: Notices, *, keeps: bool = True
) -> MapViewTool:
    """Wire layer panel, saved views and printing; the answer is to be kept as long as the window.

    ``keeps`` False looks only: nothing is written into the office's folder.
    """
    return MapViewTool(desks, rooms, views, notices, keeps=keeps)


class MapViewTool(QObject):
    """Layer panel, saved views and the printer, with their keys: L, 1-9, Shift and 1-9, Ctrl+P in the watch."""

    def __init__(
        self,
        desks: Desks,
        rooms: Rooms,
        views: ConsoleViews,
        notices: Notices,
        *,
        keeps: bool = True,
    ) -> None:
        super().__init__()
        self._desks, self._rooms, self._views, self._notices = desks, rooms, views, notices
        self._shelf = rooms.view_shelf
        self.desk = MapViewDesk(desks.jobs, desks.office.folder, keeps=keeps)
        self.printer = MapPrinter(desks.jobs)
        self._shown = 0
        self._printed: Path | None = None
        self._wire_layers()
        self._wire_views()
        self._add_keys()
        self.printer.printed.connect(self._on_printed)
        self.printer.failed.connect(notices.tell)
        rooms.window.notices.act_requested.connect(self._on_act)
        self.desk.failed.connect(notices.tell)
        self.desk.open()

    def _wire_layers(self) -> None:
        panel, desk = self._rooms.layers, self._desks.map
        panel.move_requested.connect(desk.move)
        panel.scales_requested.connect(desk.set_scales)
        panel.folded_changed.connect(self.desk.note_folded)
        panel.group_requested.connect(self._on_group)
        for changed in (panel.visible_requested, panel.opacity_requested, panel.move_requested, panel.scales_requested):
            changed.connect(lambda *_: self.desk.note_layers(desk.arrangement))
        desk.layers_changed.connect(lambda _: self._rooms.layers_head.show_count(panel.count))
        self._rooms.canvas.view_changing.connect(panel.show_view)
        self._rooms.canvas.view_changed.connect(panel.show_view)
        self.desk.session_read.connect(self._on_session)

    def _wire_views(self) -> None:
        self._shelf.view_requested.connect(self.show_view)
        self._shelf.save_requested.connect(self.keep_view)
        self._shelf.remove_requested.connect(self.desk.remove)
        self.desk.views_changed.connect(self._on_views)
        self._rooms.canvas.view_changing.connect(lambda _: self._show_number(0))
        self._rooms.window.map_room_changed.connect(self._on_room)
        self._on_room()

    def _add_keys(self) -> None:
        keys = self._rooms.window.keys
        keys.add("L", self.tr("Layers"), self._focus_layers)
        keys.add("Ctrl+P", self.tr("Print the map"), partial(self._print, ".pdf"))
        keys.add("Ctrl+Shift+P", self.tr("Print the map as a picture"), partial(self._print, ".png"))
        show, keep = self.tr("Saved view 1 to 9"), self.tr("Keep the view as 1 to 9")
        for number in range(1, MOST_VIEWS + 1):
            keys.add(str(number), show, partial(self._on_number, number))
        for number, sign in enumerate(_SHIFTED, 1):
            keys.add(f"Shift+{number}", keep, partial(self._on_keep, number))
            keys.add(f"Shift+{sign}", keep, partial(self._on_keep, number))

    # views

    def show_view(self, number: int) -> None:
        """Show a saved view: its place, its layers, its time."""
        view = self.desk.views.find(number)
        if view is None:
            return
        self._desks.map.arrange(view.layers)
        self.desk.note_layers(self._desks.map.arrangement)
        self._rooms.canvas.show_extent(*view.bounds_deg, margin_px=0)
        self._desks.map.show_view(self._rooms.canvas.view())
        self._rooms.layers.show_view(self._rooms.canvas.view())
        frames = self._desks.radar.frames
        if view.at is not None and frames and frames[0] <= view.at <= frames[-1]:
            self._desks.radar.go_to(view.at)
        elif self._desks.radar.looking_back:
            self._desks.radar.go_now()
        self._show_number(number)

    def keep_view(self, number: int, name: str) -> None:
        """Keep what the map shows now under a number."""
        radar = self._desks.radar
        at = radar.shown.at.astimezone(UTC) if radar.looking_back and radar.shown is not None else None
        self.desk.keep(SavedView(number, name, self.bounds(), self._desks.map.arrangement, at))
        self._show_number(number)

    def bounds(self) -> Bounds:
        """Return what part of the map no dock covers, in degrees."""
        view, room = self._rooms.canvas.view(), self._rooms.window.map_room(WATCH)
        west, north = view.to_map(room.left(), room.top())
        east, south = view.to_map(room.right() + 1, room.bottom() + 1)
        lon, lat = to_lonlat(np.array([west, east]), np.array([south, north]))
        return float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])

    def _on_number(self, number: int) -> None:
        if self._rooms.window.task == WATCH:
            if self.desk.views.find(number) is None:
                self._shelf.show_empty(number)
            else:
                self.show_view(number)

    def _on_keep(self, number: int) -> None:
        if self._rooms.window.task == WATCH:
            self._shelf.ask_name(number)

    def _on_room(self) -> None:
        low = self._rooms.window.height() < LOW_PX
        self._shelf.show_compact(compact=low)
        self._rooms.layers.show_low(low=self._rooms.window.height() < _ROOMY_PX)

    def _on_views(self, views: SavedViews) -> None:
        self._shelf.show_views({view.number: view.name for view in views.views}, self._shown)

    def _show_number(self, number: int) -> None:
        if number != self._shown:
            self._shown = number
            self._on_views(self.desk.views)

    # layers

    def _on_session(self, session: MapSession) -> None:
        if session.layers != Arrangement():
            self._desks.map.arrange(session.layers)
        self._desks.map.place(session.placed)
        if session.folded is not None:
            self._rooms.layers.show_folded(session.folded)

    def _on_group(self, names: tuple[str, ...], group: str) -> None:
        self._desks.map.place(dict.fromkeys(names, group))
        self.desk.note_placed(self._desks.map.placed)

    def _focus_layers(self) -> None:
        if self._rooms.layers.isVisible():
            self._rooms.layers.setFocus()

    # paper

    def _print(self, suffix: str) -> None:
        if self._rooms.window.task == WATCH:
            self.print_to(self._path(suffix))

    def print_to(self, path: Path, bounds: Bounds | None = None) -> None:
        """Print what the map shows, or other bounds in degrees, into a file."""
        stack = self._desks.map.stack.without(RELATIONS)  # drawn round a selection, which is not on paper
        self.printer.print_map(stack, bounds or self.bounds(), self.facts(stack), path)

    def facts(self, stack: Stack) -> PrintFacts:
        """Return what is said round a print of a stack: what is shown in it are its sources."""
        office, radar = self._desks.office, self._desks.radar
        shown = {item.layer.name for item in stack.items if item.visible}
        rows = [row for row in self._views.layers if row.name in shown]
        view = self.desk.views.find(self._shown)
        return PrintFacts(
            title=view.name if view is not None else translate("PrintMap", "Risks on one map"),
            office=office.settings.office.name,
            sources=tuple(self._source(row) for row in rows),
            data_at=radar.shown.at if radar.shown is not None else None,
            made_at=self._desks.clock.now(),
            exercise=office.exercise,
        )

    def _source(self, row: LayerRow) -> PrintSource:
        """Return whose a layer is; what is made of the mosaic is of its radars and time, warnings are the office's."""
        rows = {one.name: one for one in self._views.layers}
        mosaic = rows.get("mosaic")
        if mosaic is not None and row.name in {UNSEEN, *Facet}:
            return PrintSource(row.name, title_of(row), mosaic.source, mosaic.at)
        if row.name in {"warnings", "draft"}:
            return PrintSource(
                row.name, title_of(row), self._desks.office.settings.office.name, self._desks.clock.now()
            )
        levels_only = row.name == "points" and row.day is not None  # its time is that of the levels, not of the list
        return PrintSource(row.name, title_of(row), row.source, None if levels_only else row.at, row.day)

    def _path(self, suffix: str) -> Path:
        at = self._desks.clock.now().astimezone(OFFICE_ZONE)
        return self._desks.office.folder / PRINTS / f"map_{at:%Y%m%d_%H%M%S}{suffix}"

    def _on_printed(self, path: Path) -> None:
        self._printed = path
        said = translate("PrintMap", "The map was printed: {file}").format(file=path)
        self._notices.offer(Notice(PRINTED, said, act=translate("PrintMap", "Open folder"), key="Ctrl+Shift+F"))

    def _on_act(self, notice_id: str) -> None:
        if notice_id == PRINTED and self._printed is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._printed.parent)))
            self._notices.take_back(PRINTED)
