"""All desks of one office, made but not wired: `console` wires them, views read them."""

from __future__ import annotations

from datetime import timedelta

from app.alarm_desk import AlarmDesk
from app.clock import Clock
from app.duty_desk import DutyDesk
from app.feed_desk import FeedDesk
from app.jobs import Jobs
from app.map_desk import MapDesk
from app.office import Office
from app.radar_desk import RadarDesk
from app.reach_desk import ReachDesk
from app.source_desk import SourceDesk
from app.warning_desk import WarningDesk
from models.hazard.alarms import RainSource
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
        gauge_name = words.rain_source(RainSource.GAUGE)
        self.sources = SourceDesk(self.jobs, store, radars=radars, gauge_name=gauge_name, clock=clock)
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
