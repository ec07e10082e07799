"""The column over a place wired: its key, the place under the cursor, the time that is shown."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QObject

from app.desks import Desks
from app.notices import Notices
from app.radar.column_desk import ColumnDesk
from app.radar.radar_register import register_of
from app.rooms import Rooms
from models.radar.column_table import Layer
from models.radar.section import Place
from widgets.map.column_card import KEY, ColumnCard


class ColumnTool(QObject):
    """Shows the column over the place under the cursor, else over the selected point; the key again takes it away."""

    def __init__(self, desks: Desks, rooms: Rooms, notices: Notices) -> None:
        super().__init__()
        self._desks, self._rooms = desks, rooms
        settings = desks.office.settings
        max_age = timedelta(minutes=settings.mosaic.max_age_min)
        self.desk = ColumnDesk(desks.jobs, register_of(settings.radar), clock=desks.clock, max_age=max_age)
        self.card = ColumnCard(rooms.window)
        self._cursor: Place | None = None
        self._shown: Place | None = None
        self._layers: tuple[Layer, ...] = ()
        self._left = 0
        self._at: datetime | None = None
        rooms.window.add_overlay(self.card, "bottom_right", ("watch", "issue"))
        for heard in (desks.feed.radar_taken, desks.feed.radar_recalled):
            heard.connect(self.desk.hear)
        rooms.canvas.cursor_moved.connect(self._on_cursor)
        rooms.canvas.cursor_left.connect(self._on_left)
        desks.radar.mosaic_changed.connect(lambda _: self._follow())
        self.desk.column_changed.connect(self._on_column)
        self.desk.failed.connect(notices.tell)
        rooms.window.keys.add(KEY, self.tr("Column over the place under the cursor: echo by height"), self.toggle)

    def toggle(self) -> None:
        """Show the column over the place that is meant now; take it away where it is shown already, or none is meant."""
        place = self._cursor or self._selected()
        self._shown = None if place == self._shown else place
        self._layers, self._left = (), 0
        if self._shown is None:
            self.desk.show_place(None)
            self._show()
        else:
            self._ask()

    def _selected(self) -> Place | None:
        """Return where the selected point stands, None if none is selected."""
        chosen = self._rooms.point_card.point_id
        point = next((p for p in self._desks.alarms.points if p.id == chosen), None)
        return None if point is None else (point.lon_deg, point.lat_deg)

    def _ask(self) -> None:
        """Have it read for the frame that is on the map."""
        radar = self._desks.radar
        back = radar.shown if radar.looking_back else None
        self._at = back.at if back is not None else None
        self.desk.show_place(self._shown, self._at)

    def _follow(self) -> None:
        """Go with the time line, once it rests; of now the desk itself takes what comes in, and ages grow."""
        radar = self._desks.radar
        if self._shown is None or radar.playing:
            return
        if (radar.shown.at if radar.looking_back and radar.shown is not None else None) != self._at:
            self._ask()
        else:
            self._show()

    def _on_column(self, place: Place, layers: tuple[Layer, ...], left: int) -> None:
        if place == self._shown and (layers or not left or not self._layers):  # the rows before stand while it is read
            self._layers, self._left = layers, left
            self._show()

    def _show(self) -> None:
        place = "" if self._shown is None else f"{self._shown[0]:.4f}  {self._shown[1]:.4f}"
        self.card.show_column(place, self._layers, self._left, self._desks.clock.now())

    def _on_cursor(self, lon_deg: float, lat_deg: float) -> None:
        self._cursor = (lon_deg, lat_deg)

    def _on_left(self) -> None:
        self._cursor = None
