"""The second map wired: its key, its selector, its view, and the age of what it shows."""

from __future__ import annotations

import math
from datetime import timedelta

import numpy as np
from PySide6.QtCore import QObject, QTimer

from app.console_views import ConsoleViews
from app.desks import Desks
from app.notices import Notices
from app.radar.radar_register import register_of
from app.radar.twin_desk import QUANTITIES, TwinDesk, value_at
from app.rooms import Rooms
from app.worker.worker import RadarWish
from layers.map_view import MapView
from models.radar.mosaic import Mosaic
from models.radar.ppi import PpiSweep
from widgets import radar_words, words
from widgets.map.twin_pane import Choice, TwinPane

TICK_MS = 5000
DEFAULT_STEP = timedelta(minutes=6)
STALE_STEPS = 2


class TwinTool(QObject):
    """Opens and closes on ``Ctrl+2``; Esc closes it too."""

    def __init__(self, desks: Desks, rooms: Rooms, views: ConsoleViews, notices: Notices) -> None:
        super().__init__()
        self._desks, self._rooms = desks, rooms
        radars = desks.office.settings.radar
        nowhere = np.zeros(0)
        wish = RadarWish(
            lon_deg=nowhere,
            lat_deg=nowhere,
            steps={r.code: timedelta(minutes=r.step_min) for r in radars},
            default_step=DEFAULT_STEP,
            register=register_of(radars),
            blockage=desks.blockage,
        )
        self.desk = TwinDesk(desks, wish)
        self.pane = TwinPane(rooms.canvas, rooms.window)
        self._field: Mosaic | PpiSweep | None = None
        self._cursor: tuple[float, float] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._show_facts)
        rooms.window.set_over_map(twin=self.pane)
        self._wire(views, notices)

    def _wire(self, views: ConsoleViews, notices: Notices) -> None:
        desk, pane, window = self.desk, self.pane, self._rooms.window
        for heard in (self._desks.feed.radar_taken, self._desks.feed.radar_recalled):
            heard.connect(desk.hear)
        window.keys.add("Ctrl+2", self.tr("Two maps side by side"), self.toggle)
        window.top_bar.search.chosen.connect(self._on_chosen)
        desk.drawings_changed.connect(pane.show_drawings)
        desk.field_changed.connect(self._on_field)
        desk.failed.connect(notices.tell)
        pane.chosen.connect(desk.choose)
        pane.close_requested.connect(self.close)
        pane.canvas.view_changed.connect(self._on_view)
        pane.canvas.cursor_moved.connect(views.show_cursor)
        pane.canvas.cursor_left.connect(lambda: self._rooms.read_out.show_facts(None))
        for canvas in (pane.canvas, self._rooms.canvas):
            canvas.cursor_moved.connect(self._on_cursor)
            canvas.cursor_left.connect(self._on_left)
        pane.canvas.point_clicked.connect(views.select_point)
        self._desks.map.drawings_changed.connect(lambda _: self._join())

    @property
    def is_open(self) -> bool:
        """Whether the second map is there."""
        return not self.pane.isHidden()

    def toggle(self) -> None:
        """Open the second map, or close it."""
        if self.is_open:
            self.close()
            return
        self._rooms.window.show_over_map(self.pane, shown=True)
        self._timer.start()
        self.desk.open(self.desk.first_choice())
        self._show_choices()
        self._show_facts()
        self._join()

    def close(self) -> None:
        """Give the whole room back to the first map."""
        self._timer.stop()
        self.desk.close()
        self._rooms.window.show_over_map(self.pane, shown=False)

    def choices(self) -> tuple[Choice, ...]:
        """Return what the second map can show: every radar, and the mosaic's products."""
        radars = tuple((f"radar:{code}", code) for code in self.desk.radars)
        mosaics = tuple((f"mosaic:{quantity.word}", radar_words.quantity(quantity)) for quantity in QUANTITIES)
        return radars + mosaics

    def _join(self) -> None:
        if self.is_open:
            before = self.pane.canvas.view()
            self.pane.join()
            view = self.pane.canvas.view()
            if view != before:
                self.desk.show_view(view)

    def _on_view(self, _view: MapView) -> None:
        self.pane.join()
        self.desk.show_view(self.pane.canvas.view())

    def _show_choices(self) -> None:
        self.pane.show_choices(self.choices(), self.desk.choice)

    def _on_field(self, field: Mosaic | PpiSweep | None) -> None:
        self._field = field
        self._show_choices()
        self._show_facts()

    def _on_cursor(self, lon_deg: float, lat_deg: float) -> None:
        self._cursor = (lon_deg, lat_deg)
        self._show_facts()

    def _on_left(self) -> None:
        self._cursor = None
        self._show_facts()

    def _value(self) -> str:
        """Return what the second map says under the cursor, wherever that is."""
        if self._cursor is None or self._field is None:
            return ""
        value = value_at(self._field, *self._cursor)
        unit = self._field.unit if isinstance(self._field, PpiSweep) else self._field.quantity.unit
        if value == math.inf:
            return self.tr("folded")
        return f"{words.number(value)} {unit}" if math.isfinite(value) else words.MISSING

    def _show_facts(self) -> None:
        if not self.is_open:
            return
        now, field = self._desks.clock.now(), self._field
        if field is None:
            said = self.tr("being read") if self.desk.reading else self.tr("no data for it")
            self.pane.show_facts(said, None, None)
            return
        step = max((s.step for s in field.sources), default=DEFAULT_STEP) if isinstance(field, Mosaic) else None
        said = words.moment(field.at, now)
        if isinstance(field, PpiSweep):
            step = self._desks.radar.step_of(field.site.code)
            said = f"{field.moment} {field.elevation_deg:.1f}°  {said}"
        self.pane.show_facts(said, now - field.at, STALE_STEPS * (step or DEFAULT_STEP), value=self._value())

    def _on_chosen(self, entry_id: str) -> None:
        if entry_id == "act:twin" and not self.is_open:
            self.toggle()
