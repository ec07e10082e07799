"""All desks of one office, made but not wired: `console` wires them, views read them."""

from __future__ import annotations

from datetime import timedelta

from app.clock import Clock
from app.feed.archive_desk import ArchiveDesk
from app.feed.archive_roll import GB, Limits
from app.feed.feed_desk import FeedDesk
from app.feed.source_desk import SourceDesk
from app.jobs import Jobs
from app.map.map_desk import MapDesk
from app.office import Office
from app.radar.coverage_desk import CoverageDesk
from app.radar.oddity_desk import OddityDesk
from app.radar.radar_desk import RadarDesk
from app.radar.sweep_desk import SweepDesk
from app.search import SearchDesk
from app.warning.alarm_desk import AlarmDesk
from app.warning.duty_desk import DutyDesk
from app.warning.reach_desk import ReachDesk
from app.warning.warning_desk import WarningDesk
from layers import color_table
from models.hazard.alarms import RainSource
from models.radar.sight.horizon_shelf import SiteBlockage
from models.reach.channels import open_channel
from models.store.database import Store
from widgets import words


class Desks:
    """The desks of an office with what they share: store, clock, jobs."""

    def __init__(self, office: Office, store: Store, clock: Clock, *, look_ms: int | None = None) -> None:
        """Make every desk; ``look_ms`` is how often the inbox is looked into, the office's setting if None."""
        settings = office.settings
        self.office, self.store, self.clock = office, store, clock
        self.jobs = Jobs()
        look = look_ms if look_ms is not None else round(settings.inbox.look_s * 1000)
        folders = {"inbox": office.inbox, "archive": office.archive, "shelf": office.shelf}
        self.feed = FeedDesk(self.jobs, store, **folders, clock=clock, look_ms=look)
        radars = {r.code: (r.name, timedelta(minutes=r.step_min)) for r in settings.radar}
        max_age = timedelta(minutes=settings.mosaic.max_age_min)
        self.radar = RadarDesk(
            self.jobs,
            radars=radars,
            clock=clock,
            max_age=max_age,
            shelf=office.cache,
            follow_motion=office.settings.mosaic.follow_motion,
        )
        self.sweeps = SweepDesk(self.jobs)
        beams = {radar.code: radar.beam_width_deg for radar in settings.radar}
        self.blockage = SiteBlockage(office.cache, office.dem_path, beams)
        self.coverage = CoverageDesk(self.jobs, dem=office.dem_path, blockage=self.blockage)
        kept = settings.archive
        self.archive = ArchiveDesk(
            self.jobs,
            store,
            office=office.folder,
            clock=clock,
            limits=Limits(round(kept.cap_gb * GB), timedelta(days=kept.keep_days) if kept.keep_days else None),
            rgba=color_table.load("reflectivity").rgba if kept.frames else None,
        )
        gauge_name = words.rain_source(RainSource.GAUGE)
        self.sources = SourceDesk(self.jobs, store, radars=radars, gauge_name=gauge_name, clock=clock)
        self.oddities = OddityDesk(self.jobs, store, clock=clock)
        self.alarms = AlarmDesk(self.jobs, store, clock=clock)
        self.warnings = WarningDesk(self.jobs, store, clock=clock)
        self.reach = ReachDesk(
            self.jobs,
            store,
            channels={c.name: open_channel(c.kind, office.outbox) for c in settings.channel},
            clock=clock,
            receipt_wait=timedelta(minutes=settings.reach.receipt_wait_min),
        )
        self.duty = DutyDesk(self.jobs, store, clock=clock)
        self.map = MapDesk(self.jobs)
        self.search = SearchDesk(self.jobs, store, office.registers)
