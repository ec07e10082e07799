"""The second map wired: its key, its selector, its view, and the age of what it shows."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, QRect, QTimer

from app.console_views import ConsoleViews
from app.desks import Desks
from app.notices import Notices
from app.radar.radar_register import register_of
from app.radar.radar_wires import keys_of
from app.radar.twin_desk import QUANTITIES, TwinDesk, value_at
from app.rooms import Rooms
from app.worker.worker import RadarWish
from layers.map_view import MapView
from models.radar.mosaic import Mosaic
from models.radar.ppi import PpiSweep
from widgets import radar_words, words
from widgets.map.key_ring import KeyRing
from widgets.map.twin_pane import Choice, TwinPane

TICK_MS = 5000
DEFAULT_STEP = timedelta(minutes=6)
STALE_STEPS = 2


class TwinTool(QObject):
    """Opens and closes on ``Ctrl+2``; Esc closes it too.

    While it is open the radar's keys belong to the map that was clicked last, which has a ring round it.
    """

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
        self._has_keys = False
        self._rings = KeyRing(rooms.canvas), KeyRing(self.pane.canvas)
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
        window.keys.add("Shift+O", self.tr("Of two maps, the other one takes the radar keys"), self._swap_keys)
        window.map_room_changed.connect(self._show_rings)
        self._rooms.canvas.pressed.connect(lambda: self.give_keys(second=False))
        pane.canvas.pressed.connect(lambda: self.give_keys(second=True))
        pane.chosen.connect(lambda _: self.give_keys(second=True))
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
        self.give_keys(second=True)

    def close(self) -> None:
        """Give the whole room back to the first map."""
        self._timer.stop()
        self.desk.close()
        self._rooms.window.show_over_map(self.pane, shown=False)
        self.give_keys(second=False)

    # Whose keys

    @property
    def has_keys(self) -> bool:
        """Whether the radar's keys go to the second map."""
        return self._has_keys

    def give_keys(self, *, second: bool) -> None:
        """Let the radar's keys act on the second map, or on the first; the list of keys says on which."""
        self._has_keys = second and self.is_open
        desk, keys = self.desk, self._rooms.window.keys
        own: dict[str, Callable[[], None]] = {
            "P": partial(desk.step_product, 1),
            "Shift+P": partial(desk.step_product, -1),
            "O": desk.next_radar,
            "E": partial(desk.step_moment, 1),
            "Shift+E": partial(desk.step_moment, -1),
            "PgUp": partial(desk.higher, 1),
            "PgDown": partial(desk.higher, -1),
        }
        for key, said, act in keys_of(self._desks):
            if key in own:
                on = self.tr("{act}, right map") if self._has_keys else self.tr("{act}, left map")
                words_of = on.format(act=said) if self.is_open else said
                keys.add(key, words_of, own[key] if self._has_keys else act)
        self._show_rings()

    def _swap_keys(self) -> None:
        self.give_keys(second=not self._has_keys)

    def _show_rings(self) -> None:
        first, second = self._rings
        first.show_room(self._rooms.window.map_room(), shown=self.is_open and not self._has_keys)
        size = self.pane.canvas.size()
        second.show_room(QRect(0, 0, size.width(), size.height()), shown=self._has_keys)

    def choices(self) -> tuple[Choice, ...]:
        """Return what the second map can show: every radar, and the mosaic's products."""
        radars = tuple((f"radar:{code}", self.desk.called(code)) for code in self.desk.radars)
        own = {quantity.kind: quantity for quantity in (*QUANTITIES, self.desk.quantity)}  # a CAPPI at its own height
        mosaics = tuple((f"mosaic:{quantity.word}", radar_words.quantity(quantity)) for quantity in own.values())
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
        self._show_rings()

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
