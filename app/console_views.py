"""What the console shows of its desks: called when something changed, and once a second for ages."""

from __future__ import annotations

from functools import partial

import numpy as np
import shapely
from PySide6.QtCore import QObject, Signal

from app import showing, time_line_views
from app.desks import Desks
from app.feed.feed_items import FeedState
from app.feed.source_desk import SourceHealth
from app.loading import Loaded
from app.map.map_desk import LayerRow
from app.notices import Notices
from app.radar import radar_showing
from app.rooms import Rooms
from app.search import entries_of
from app.soon import Soon
from app.warning.sheet_views import SheetViews, radar_note
from models.duty.log import JournalLine
from models.errors import ConsoleError, DataError, IllegalStepError
from models.geodesy import to_lonlat
from models.hazard.level import Level
from models.hazard.register import HazardPoint
from models.radar.called import called
from models.radar.mosaic import Mosaic
from models.radar.ppi import PpiSweep
from models.warning.area import TownFinder
from models.warning.signals import signal
from models.warning.warning import Person, WarningState
from widgets import words
from widgets.map.layer_rows import layer_name
from widgets.map.time_line import RainBar

_ROUND_DEG = 0.05
"""How far round a point the map shows, once it goes there."""


class ConsoleViews(QObject):
    """Shows what the desks of a console hold; holds what is selected.

    Signals
    -------
    point_selected(str)  another point is selected, empty for none
    """

    point_selected = Signal(str)

    def __init__(self, desks: Desks, rooms: Rooms, notices: Notices) -> None:
        super().__init__()
        self._desks, self._rooms, self._notices = desks, rooms, notices
        self.soon = Soon(self)
        self._rain: tuple[RainBar, ...] = ()
        self._layers: tuple[LayerRow, ...] = ()
        self._point_id = ""
        self.sheet = SheetViews(desks, rooms, notices)
        self.sheet.opened.connect(lambda: self.go_to("issue"))
        self.sheet.shown.connect(self.show_warnings)
        self._finder = TownFinder(())
        self._ppi: PpiSweep | None = None
        self._cursor: tuple[float, float] | None = None
        self._refused = 0
        self._county = (105.0, 25.0, 110.0, 30.0)
        self._bounds: dict[str, bytes] = {}

    # Beginning

    def open(self, loaded: Loaded, bounds: tuple[float, float, float, float]) -> None:
        """Begin with an office: what can be searched, whose towns lie under the cursor, and its ``bounds`` in degrees."""
        self._finder = loaded.finder
        self._county = bounds
        self._bounds = {f"{place.kind}:{place.code}": place.wkb for place in loaded.places}
        self._rooms.window.top_bar.search.show_entries(entries_of(), asks=True)
        self.show_mosaic(None)
        self.show_feed(())
        self.sheet.show()

    # What changed

    def show_now(self) -> None:
        """Show the time, and every age anew."""
        now = self._desks.clock.now()
        self._rooms.window.top_bar.show_now(now)
        self._rooms.layers.show_layers(self._layers, now)
        self.show_title()
        self.show_warnings()
        self.show_time_line()

    def show_feed(self, items: object) -> None:
        """Show what came in and what was refused."""
        del items
        self.soon.call(self._show_feed)

    def _show_feed(self) -> None:
        now = self._desks.clock.now()
        self._rooms.feed.show_items(showing.feed_rows(self._desks.feed.items), now)
        refused = sum(1 for item in self._desks.feed.items if item.state is FeedState.REFUSED)
        if refused != self._refused:
            self._refused = refused
            self._desks.duty.refresh_journal()

    def show_mosaic(self, mosaic: Mosaic | None) -> None:
        """Show which frame is on the map."""
        del mosaic
        self.show_title()
        self.show_time_line()
        if self._cursor is not None:
            self.show_cursor(*self._cursor)

    def show_title(self) -> None:
        """Name the field on the map, with its time and age."""
        now = self._desks.clock.now()
        ppi = self._ppi
        if ppi is not None:
            name = called(ppi.site.name, ppi.site.code, brief=True)
            step = self._desks.radar.step_of(ppi.site.code)
            self._rooms.title.show_sweep(name, ppi.moment, ppi.elevation_deg, ppi.at, now, step=step)
            self._rooms.title.show_note(radar_showing.note_of_sweep(ppi))
            return
        if self._desks.map.hides_mosaic:
            self._rooms.title.show_hidden()
            return
        radar = self._desks.radar
        sides = () if self._desks.map.shows_mosaic else tuple(map(layer_name, self._desks.map.sides_shown))
        self._rooms.title.show_mosaic(radar.shown, now, back=radar.looking_back, sides=sides)
        notes = (radar_note() if radar.over_reads else "", radar_showing.note_of_mosaic(radar))
        self._rooms.title.show_note("\n".join(note for note in notes if note))

    def show_file(self, row_id: str) -> None:
        """Lay the lowest sweep of a volume of the feed list on the map."""
        name = row_id.partition(" ")[2]
        item = next((i for i in self._desks.feed.items if i.name == name), None)
        if item is not None and item.path is not None and item.state is not FeedState.REFUSED:
            self._desks.sweeps.show_file(item.path)

    def show_ppi(self, ppi: PpiSweep | None) -> None:
        """Show one sweep in place of the mosaic, where its radar stands."""
        self._ppi = ppi
        if ppi is not None and not self._in_view(ppi):
            self.show_on_map(*ppi.bounds_deg)
        self.show_title()

    def _in_view(self, ppi: PpiSweep) -> bool:
        """Whether the middle of the map lies within what a sweep reaches."""
        view = self._rooms.canvas.view()
        lon, lat = to_lonlat(np.array([view.center_x_m]), np.array([view.center_y_m]))
        west, south, east, north = ppi.bounds_deg
        return bool(west <= lon[0] <= east and south <= lat[0] <= north)

    @property
    def layers(self) -> tuple[LayerRow, ...]:
        """The layers of the map as the panel lists them."""
        return self._layers

    def show_layers(self, rows: tuple[LayerRow, ...]) -> None:
        """Show the layers of the map."""
        self._layers = rows
        self._rooms.layers.show_layers(rows, self._desks.clock.now())
        self.show_title()

    def show_health(self, health: object) -> None:
        """Show how many sources speak, and which are silent."""
        del health
        sources = self._desks.sources.health
        late = [s for s in sources if s.late]
        refusing = self._desks.reach.channels_refusing
        channels = len(self._desks.office.settings.channel)
        tip = "\n".join(
            f"{s.name}  {words.clock(s.last_at)}  {words.no_data_for(None if s.last_at is None else self._desks.clock.now() - s.last_at) if s.late else ''}"
            for s in sources
        )
        self._rooms.window.top_bar.show_health(
            (len(sources) - len(late), len(sources)), (channels if not refusing else channels - 1, channels), tip
        )

    def show_silence(self, source: SourceHealth) -> None:
        """Tell that a source has fallen silent; it stands until it is read or the source speaks again."""
        last = words.moment(source.last_at, self._desks.clock.now()) if source.last_at else words.MISSING
        silent = DataError("feed.silent", source=source.name, last=last)
        self._notices.tell(silent, id=f"silent:{source.code}")
        self._desks.duty.refresh_journal()

    def show_speech(self, source: SourceHealth) -> None:
        """Take the notice back: the source speaks again."""
        self._notices.take_back(f"silent:{source.code}")
        self._desks.duty.refresh_journal()

    def show_alarms(self) -> None:
        """Show the alarms that stand."""
        self.soon.call(self._show_alarms)
        self.show_time_line()

    def _show_alarms(self) -> None:
        now = self._desks.clock.now()
        self._rooms.alarms.show_alarms(self._desks.alarms.standing, now)

    def show_verdicts(self) -> None:
        """Show how far every point is from its next level, and the selected point's card."""
        self.soon.call(self._show_verdicts)
        self.show_time_line()

    def _show_verdicts(self) -> None:
        now = self._desks.clock.now()
        self._rooms.next_level.show_nearest(self._desks.alarms.nearest, now)
        self._show_point(come=self._rooms.right in {"next", "point"})

    def show_warnings(self) -> None:
        """Show what is in force, on the panel, on the map and on the time line."""
        self.soon.call(self._show_warnings)
        self.show_time_line()

    def _show_warnings(self) -> None:
        now = self._desks.clock.now()
        desk = self._desks.warnings
        alarms = {a.id: a for a in self._desks.alarms.alarms}
        standing = desk.in_force()
        may_act = desk.drafts.draft is None and self._desks.duty.on_duty is not None
        items = showing.in_force_items(standing, self._desks.reach.messages, alarms, may_act=may_act)
        self._rooms.in_force.show_warnings(items, now)
        levels: dict[str, Level] = {}
        for warning in reversed(standing):
            levels |= {t.code: t.level for t in warning.towns}
        draft = desk.drafts.draft
        drafted = {t.code: t.level for t in draft.warning.towns} if draft else {}
        self._desks.map.show_warnings(levels, drafted)

    def show_messages(self) -> None:
        """Show what was delivered to whom."""
        self.show_warnings()
        self.show_health(None)
        rows = self.sheet.latest_receipts()
        self._rooms.receipts.show_receipts(rows, self._desks.clock.now(), self.sheet.latest_named())
        self.sheet.show_messages()

    def show_journal(self, lines: tuple[JournalLine, ...]) -> None:
        """Show the newest journal lines."""
        names = {p.id: p.name for p in self._desks.duty.people}
        self._rooms.journal.show_lines(lines, names, self._desks.clock.now())

    def show_person(self, person: Person | None) -> None:
        """Show who is on duty; as long as nobody is, a card asks."""
        leads = [p.name for p in self._desks.duty.people if "leader" in p.roles and p.active]
        self._rooms.window.top_bar.show_people(person.name if person else "", leads[0] if leads else "")
        self._rooms.sign_in.setProperty("folded", person is not None)
        self._rooms.sign_in.show_refusal("")
        self._rooms.window.show_task(self._rooms.window.task)
        self.show_warnings()

    def show_time_line(self) -> None:
        """Lay radar frames, rain, alarms and warnings on the one axis."""
        self.soon.call(self._show_time_line)

    def show_rain(self) -> None:
        """Sum the gauges' rain for the time line, away from the GUI thread."""
        work = partial(time_line_views.rain_bars, self._desks.alarms.reports, self._desks.clock.now())
        self._desks.jobs.start("rain bars", work, on_done=self._on_rain, on_error=self._notices.tell)

    def _on_rain(self, bars: tuple[RainBar, ...]) -> None:
        self._rain = bars
        self.show_time_line()

    def _show_time_line(self) -> None:
        time_line_views.show(self._rooms.time_line, self._desks, self._rain)

    def show_task(self) -> None:
        """Show what the open task needs."""
        self.show_messages()
        self._desks.duty.refresh_journal()

    # What the hand selects

    def go_to(self, task: str) -> None:
        """Open a task."""
        if self._rooms.window.task != task:
            self._rooms.window.show_task(task)
            self.show_task()

    def show_cursor(self, lon_deg: float, lat_deg: float) -> None:
        """Say what lies under the cursor."""
        self._cursor = (lon_deg, lat_deg)
        place = self._finder.at(lon_deg, lat_deg)
        now = self._desks.clock.now()
        name = place.name if place else ""
        if self._ppi is not None:
            facts = radar_showing.of_sweep(self._ppi, lon_deg, lat_deg, name, now)
        else:
            facts = radar_showing.of_mosaic(self._desks.radar.shown, lon_deg, lat_deg, name, now)
        self._rooms.read_out.show_facts(facts)

    def select_point(self, point_id: str) -> None:
        """Select a point everywhere: map, list, card."""
        self._point_id = point_id
        self._rooms.canvas.show_selected_point(point_id)
        if not point_id:
            self._rooms.canvas.show_selected_area("")
        self._rooms.next_level.show_selected(point_id)
        self._rooms.alarms.show_selected_point(point_id)
        self._show_point()
        point = self._desks.alarms.point(point_id)
        if point is not None:
            self._desks.coverage.ask(point.id, point.name, point.lon_deg, point.lat_deg)
        self.point_selected.emit(point_id if point is not None else "")

    def select_alarm(self, alarm_id: str) -> None:
        """Select the point of an alarm, and bring it into view where it is not."""
        alarm = self._desks.alarms.alarm(alarm_id)
        if alarm is None:
            return
        self.select_point(alarm.point_id)
        point = self._desks.alarms.point(alarm.point_id)
        if point is not None and not self._rooms.canvas.sees(point.lon_deg, point.lat_deg):
            self._show_round(point)

    def choose(self, entry_id: str) -> None:
        """Go where a search result leads."""
        kind, _, name = entry_id.partition(":")
        if kind == "point":
            self.select_point(name)
            point = self._desks.alarms.point(name)
            if point is not None:
                self._show_round(point)
        elif kind == "place" and name in self._bounds:
            self.select_point("")
            self._rooms.canvas.show_selected_area(name.partition(":")[2])
            west, south, east, north = shapely.from_wkb(self._bounds[name]).bounds
            self.show_on_map(west, south, east, north)
        elif kind == "warning":
            self.sheet.show_card(name)
        elif kind == "signal":
            self._choose_signal(name)
        elif entry_id == "act:sign_out":
            self._desks.duty.sign_out()
        elif kind == "task":
            self.go_to(name)

    def _show_round(self, point: HazardPoint) -> None:
        self.show_on_map(
            point.lon_deg - _ROUND_DEG,
            point.lat_deg - _ROUND_DEG,
            point.lon_deg + _ROUND_DEG,
            point.lat_deg + _ROUND_DEG,
        )

    @property
    def county(self) -> tuple[float, float, float, float]:
        """The county's bounds in degrees."""
        return self._county

    def show_county(self) -> None:
        """Show the whole county on the map."""
        self.show_on_map(*self._county)

    def show_on_map(self, west: float, south: float, east: float, north: float) -> None:
        """Show bounds in degrees on the map, and draw them."""
        self._rooms.canvas.show_extent(west, south, east, north)
        self._desks.map.show_view(self._rooms.canvas.view())

    def _choose_signal(self, signal_id: str) -> None:
        """Go to where a signal is drafted; one that cannot be yet says so."""
        chosen = signal(signal_id)
        if chosen.ready:
            self.go_to("watch")
        else:
            self._notices.tell(DataError("draft.not_ready", signal=chosen.name_zh, signal_en=chosen.name_en))

    def _show_point(self, *, come: bool = True) -> None:
        """Show the selected point's card; it comes into the dock unless another panel is to stay there."""
        point = self._desks.alarms.point(self._point_id)
        if come:
            self._rooms.show_point_card(shown=point is not None)
        now = self._desks.clock.now()
        self._rooms.point_card.show_point(point, self._desks.alarms.verdict(self._point_id), now)

    # What is told

    def tell_refusal(self, error: Exception) -> None:
        """Tell why a step was refused: beside the PIN where somebody signs, else as a notice."""
        draft = self._desks.warnings.drafts.draft
        signing = draft is not None and draft.warning.state is WarningState.SUBMITTED
        if signing and self._rooms.sign.isVisible() and isinstance(error, ConsoleError):
            self._rooms.sign.show_refusal(words.error(error))
        else:
            self._notices.tell(error)

    def tell_sign_in(self, error: Exception) -> None:
        """Tell why nobody was signed in."""
        self._rooms.sign_in.show_refusal(words.error(error))

    def tell_nobody(self) -> None:
        """Tell that an act needs somebody on duty."""
        self._notices.tell(IllegalStepError("step.nobody_on_duty"))
