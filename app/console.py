"""The wiring: read this first. Desks know no widget, widgets know no desk; here they meet."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial

import shapely
from PySide6.QtCore import QObject, QTimer

from app import sound
from app.console_views import ConsoleViews
from app.desks import Desks
from app.feed.source_desk import GAUGES
from app.garbage import Garbage
from app.loading import Loaded, load
from app.map.map_desk import LayerFacts
from app.map.one_map import OneMap
from app.next_step import NextStep
from app.notices import Notices
from app.office import Office
from app.radar.column_wires import ColumnTool
from app.radar.radar_register import register_of
from app.radar.radar_wires import wire_radar
from app.radar.section_wires import SectionTool
from app.radar.storm_wires import StormTool
from app.radar.twin_wires import TwinTool
from app.rooms import Rooms
from app.warning.draft_desk import Writing
from app.worker.worker import RadarWish
from models.grid import GridArea
from models.hazard.alarms import Alarm, AlarmState
from models.hazard.level import Level
from models.radar.volume import Site
from models.warning import draft as drafting

_log = logging.getLogger(__name__)
TICK_MS = 1000
DEFAULT_STEP = timedelta(minutes=6)
MARGIN_SHARE = 0.35
ZOOM = 2**0.5


class Console(QObject):
    """One office, open: its desks, its window, and the wires between them."""

    def __init__(self, desks: Desks, *, loud: bool = True, looks_only: bool = False) -> None:
        """Wire desks and window; one that ``looks_only`` takes no file, sends nothing and lets nothing expire."""
        super().__init__()
        self._looks_only, self._loud = looks_only, loud
        self.desks = desks
        self.office, self.store, self.clock, self.jobs = desks.office, desks.store, desks.clock, desks.jobs
        self.feed, self.radar, self.alarms, self.sources = desks.feed, desks.radar, desks.alarms, desks.sources
        self.warnings, self.reach, self.duty, self.map = desks.warnings, desks.reach, desks.duty, desks.map
        self.area = GridArea.over((0.0, 0.0, 0.1, 0.1), 500.0)
        self.rooms = Rooms()
        self.notices = Notices(self.rooms.window.notices)
        self.views = ConsoleViews(desks, self.rooms, self.notices)
        self.next_step = NextStep(self.rooms)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._wire_data()
        self._wire_work()
        self.section = SectionTool(desks, self.rooms, self.notices)
        self.one_map = OneMap(desks, self.rooms, self.views, self.notices, looks_only=looks_only)
        self.storms = StormTool(desks, self.rooms)
        self.column = ColumnTool(desks, self.rooms, self.notices)
        self.twin = TwinTool(desks, self.rooms, self.views, self.notices)
        self.garbage = Garbage()

    @property
    def settled(self) -> bool:
        """Whether nothing is at work: what has come in so far is on the screen and in the store."""
        return self.settled_but()

    def settled_but(self, *jobs: str) -> bool:
        """Return whether nothing is at work besides jobs of these names."""
        return (
            self.feed.settled
            and not self.radar.composing
            and not self.alarms.judging
            and not self.warnings.busy
            and self.jobs.is_idle_but("inbox", *jobs)
            and self.views.soon.idle
            and self.one_map.settled
        )

    @property
    def drawn(self) -> bool:
        """Whether the map shows the county."""
        return self.map.drawn

    def open(self, *, warm: bool = True) -> None:
        """Load the office and begin to watch its inbox; ``warm`` starts the workers before there is work for them."""
        self.rooms.window.show_office(self.office.settings.office.name, exercise=self.office.exercise)
        self.garbage.open()
        if warm:
            self.jobs.warm()
        work = partial(load, self.store, self.clock.now())
        self.jobs.start("load", work, on_done=self._on_loaded, on_error=self.notices.tell)

    def close(self) -> None:
        """Stop watching, let what runs end, close the store."""
        self._timer.stop()
        self.feed.close()
        self.desks.archive.close()
        self.one_map.close()
        self.jobs.close()
        self.store.close()
        self.garbage.close()

    def tick(self) -> None:
        """Let every desk look at the clock."""
        for desk in (self.sources, self.alarms, self.warnings, self.reach):
            desk.tick()
        self.views.show_now()

    def _on_loaded(self, loaded: Loaded) -> None:
        county = [shapely.from_wkb(p.wkb) for p in loaded.places if p.kind == "county"]
        bounds = _bounds(county, self.office)
        self.area = GridArea.over(_wider(bounds), self.office.settings.mosaic.resolution_m)
        sites = [Site(r.code, r.name, r.lon_deg, r.lat_deg, r.altitude_m) for r in self.office.settings.radar]
        self.rooms.canvas.show_extent(*bounds)
        self.views.open(loaded, bounds)
        self.one_map.open(loaded.places, bounds)
        self.duty.open(loaded.people)
        ground = self.office.settings.ground
        facts = LayerFacts(source=ground.source, day=ground.on)
        self.map.open(loaded.places, self.office.dem_path, loaded.gauges, sites, facts)
        self.map.show_points(loaded.points, ())
        self.map.show_view(self.rooms.canvas.view())
        wish = self._wish(loaded)
        self.radar.open(self.area, wish)
        self.desks.sweeps.open(wish.register)
        self.desks.coverage.open(self.area)
        self.sources.open(has_gauges=bool(loaded.gauges))
        self.sources.hear(GAUGES, (r.at for r in loaded.reports))
        self.alarms.open(loaded)
        self.views.show_rain()
        writing = Writing(
            self.office.issuing,
            loaded.places,
            loaded.points,
            {p.id: p for p in loaded.people},
            tuple(c.name for c in self.office.settings.channel),
        )
        self.warnings.open(writing, loaded.warnings)
        self.reach.refresh()
        if self._looks_only:
            self.feed.recall(wish)
            self.views.show_now()
        else:
            self.reach.send()
            self.feed.open(wish)
            self.desks.archive.open()
            self._timer.start()
            self.tick()
        self.next_step.show_person(None)

    def _wish(self, loaded: Loaded) -> RadarWish:
        rain = self.office.settings.rain
        return RadarWish(
            lon_deg=loaded.table.lonlat[:, 0],
            lat_deg=loaded.table.lonlat[:, 1],
            steps={r.code: timedelta(minutes=r.step_min) for r in self.office.settings.radar},
            default_step=DEFAULT_STEP,
            register=register_of(self.office.settings.radar),
            zr_a=rain.zr_a,
            zr_b=rain.zr_b,
            cap_dbz=rain.cap_dbz,
            blockage=self.desks.blockage,
        )

    def _wire_data(self) -> None:
        """Data: inbox to radar and rain, rain to alarms, everything to the map."""
        views = self.views
        wire_radar(self.desks, self.rooms, views, looks_only=self._looks_only)
        self.feed.radar_taken.connect(self.alarms.take_radar)
        self.feed.reports_taken.connect(self.alarms.take_reports)
        self.feed.reports_taken.connect(lambda _: views.show_rain())
        self.feed.sum_taken.connect(self.alarms.take_sum)
        self.feed.receipt_taken.connect(self.reach.take_receipt)
        self.feed.feed_changed.connect(views.show_feed)
        self.feed.reports_taken.connect(lambda reports: self.sources.hear(GAUGES, (r.at for r in reports)))
        self.sources.health_changed.connect(views.show_health)
        self.sources.fell_silent.connect(views.show_silence)
        self.sources.spoke_again.connect(views.show_speech)
        self.desks.oddities.odd_found.connect(lambda error, notice_id: self.notices.tell(error, id=notice_id))
        self.desks.oddities.odd_over.connect(self.notices.take_back)
        self.desks.oddities.journal_written.connect(self.duty.refresh_journal)
        self.alarms.verdicts_changed.connect(lambda v: self.map.show_points(self.alarms.points, v))
        self.alarms.verdicts_changed.connect(lambda _: views.show_verdicts())
        self.alarms.alarms_changed.connect(lambda _: views.show_alarms())
        self.alarms.level_rose.connect(self._on_level_rose)
        self.map.drawings_changed.connect(self.rooms.canvas.show_drawings)
        self.map.drawings_changed.connect(self.rooms.legend.show_drawings)
        self.map.drawings_changed.connect(lambda _: self.rooms.scale.show_view(self.rooms.canvas.view()))
        self.map.drawings_changed.connect(lambda _: self.rooms.legend.show_view(self.rooms.canvas.view()))
        self.map.layers_changed.connect(views.show_layers)
        for desk in (
            self.feed,
            self.radar,
            self.desks.sweeps,
            self.desks.archive,
            self.desks.coverage,
            self.alarms,
            self.map,
            self.reach,
            self.sources,
            self.desks.oddities,
        ):
            desk.failed.connect(self.notices.tell)

    def _wire_work(self) -> None:
        """Work: what the operator asks for, and what comes of it."""
        rooms, views, window = self.rooms, self.views, self.rooms.window
        zoom_in, zoom_out = self.tr("Zoom in"), self.tr("Zoom out")
        window.keys.add("+", zoom_in, lambda: rooms.canvas.zoom(ZOOM))
        window.keys.add("=", zoom_in, lambda: rooms.canvas.zoom(ZOOM))
        window.keys.add("-", zoom_out, lambda: rooms.canvas.zoom(1 / ZOOM))
        window.keys.add("Escape", self.tr("Close the point's card"), lambda: views.select_point(""))
        window.keys.add("0", self.tr("Whole county"), views.show_county)
        rooms.canvas.view_changed.connect(self.map.show_view)
        rooms.canvas.cursor_moved.connect(views.show_cursor)
        rooms.canvas.point_clicked.connect(views.select_point)
        rooms.next_level.point_selected.connect(views.select_point)
        rooms.alarms.alarm_selected.connect(views.select_alarm)
        rooms.point_card.part_clicked.connect(lambda _: views.select_point(""))
        rooms.layers.visible_requested.connect(self.map.set_visible)
        rooms.layers.opacity_changing.connect(self.map.set_opacity)
        rooms.layers.opacity_requested.connect(self.map.set_opacity)
        rooms.feed.list.row_activated.connect(views.show_file)
        rooms.sign_in.sign_in_requested.connect(self.duty.sign_in)
        window.task_changed.connect(lambda _: views.show_task())
        window.task_changed.connect(self.next_step.show_task)
        window.closing.connect(self.feed.close)
        window.top_bar.health_requested.connect(lambda: views.go_to("review"))
        window.top_bar.search.chosen.connect(views.choose)
        self.duty.people_changed.connect(rooms.sign_in.show_people)
        self.duty.person_changed.connect(self.warnings.show_actor)
        self.duty.person_changed.connect(views.show_person)
        self.duty.person_changed.connect(self.next_step.show_person)
        self.duty.person_changed.connect(lambda _: self.garbage.look_at_all())
        self.duty.journal_changed.connect(views.show_journal)
        self.duty.refused.connect(views.tell_sign_in)
        rooms.alarms.acknowledged.connect(partial(self._mark, AlarmState.SEEN))
        rooms.alarms.shelve_requested.connect(partial(self._mark, AlarmState.SHELVED))
        rooms.alarms.draft_requested.connect(self.draft_from)
        rooms.in_force.continue_requested.connect(lambda w: self.warnings.update(w, self.alarms.towns, 0))
        rooms.in_force.raise_requested.connect(lambda w: self.warnings.update(w, self.alarms.towns, 1))
        rooms.in_force.lower_requested.connect(lambda w: self.warnings.update(w, self.alarms.towns, -1))
        rooms.in_force.lift_requested.connect(self.warnings.lift)
        rooms.in_force.warning_selected.connect(views.sheet.show_card)
        self._wire_sheet()
        self.warnings.sheet_changed.connect(views.sheet.show)
        self.warnings.drafts.begun.connect(lambda *_: views.sheet.begin())
        self.warnings.drafts.begun.connect(lambda *_: self.next_step.begin())
        self.warnings.sheet_changed.connect(self._on_sheet_changed)
        self.warnings.warnings_changed.connect(views.show_warnings)
        self.warnings.warnings_changed.connect(self.duty.refresh_journal)
        self.warnings.issued.connect(lambda _: self.reach.send())
        self.warnings.issued.connect(lambda answer: views.sheet.show_card(answer.warning.id))
        self.warnings.refused.connect(views.tell_refusal)
        self.reach.receipt_refused.connect(self.feed.note)
        self.reach.messages_changed.connect(lambda _: views.show_messages())

    def _wire_sheet(self) -> None:
        sheet, drafts, warnings = self.rooms.sheet, self.warnings.drafts, self.warnings
        sheet.town_level_chosen.connect(self._on_town_level)
        sheet.text_edited.connect(lambda text: drafts.edit(partial(drafting.with_text, text=text)))
        sheet.guide_edited.connect(lambda text: drafts.edit(partial(drafting.with_guide, lines=text.splitlines())))
        sheet.valid_hours_chosen.connect(lambda hours: drafts.edit(partial(drafting.with_valid_hours, hours=hours)))
        sheet.undo_requested.connect(lambda _: drafts.undo())
        sheet.submit_requested.connect(lambda _: warnings.submit())
        sheet.recall_requested.connect(lambda _: warnings.recall())
        sheet.withdraw_requested.connect(lambda _: warnings.withdraw())
        sheet.issue_requested.connect(lambda _: warnings.issue())
        sheet.close_requested.connect(lambda _: self.views.sheet.show_card(""))
        sheet.print_requested.connect(self.views.sheet.print_sheet)
        self.rooms.sign.sign_requested.connect(warnings.sign)
        self.rooms.sign.return_requested.connect(warnings.send_back)

    def _on_sheet_changed(self) -> None:
        draft = self.warnings.drafts.draft
        self.next_step.show_draft(draft.warning if draft is not None else None)

    def draft_from(self, alarm_id: str) -> None:
        """Begin a draft from an alarm, together with all that stand and nobody has looked at yet."""
        alarm = self.alarms.alarm(alarm_id)
        if alarm is None:
            return
        together = tuple(a for a in self.alarms.standing if a.state is AlarmState.OPEN)
        self.warnings.drafts.from_alarms((alarm, *(a for a in together if a.id != alarm_id)), self.alarms.towns)

    def _on_town_level(self, code: str, level: str) -> None:
        self.warnings.drafts.set_town(code, Level(level))

    def _mark(self, state: AlarmState, alarm_id: str) -> None:
        person = self.duty.on_duty
        if person is None:
            self.views.tell_nobody()
        else:
            self.alarms.set_state(alarm_id, state, person.id)

    def _on_level_rose(self, alarms: tuple[Alarm, ...]) -> None:
        if self._loud:
            worst = max(alarms, key=lambda a: a.level.rank).level
            self.jobs.start(
                "sound", partial(sound.play, worst), on_done=self.notices.note_sound, on_error=self.notices.tell
            )
        self.duty.refresh_journal()


def _bounds(county: list[shapely.Geometry], office: Office) -> tuple[float, float, float, float]:
    """Return the county's bounds in degrees; round the first radar where there is no outline."""
    if county:
        west, south, east, north = shapely.total_bounds(county)
        return float(west), float(south), float(east), float(north)
    for radar in office.settings.radar:
        return radar.lon_deg - 1, radar.lat_deg - 1, radar.lon_deg + 1, radar.lat_deg + 1
    return 105.0, 25.0, 110.0, 30.0


def _wider(bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    west, south, east, north = bounds
    dx, dy = (east - west) * MARGIN_SHARE, (north - south) * MARGIN_SHARE
    return west - dx, south - dy, east + dx, north + dy
