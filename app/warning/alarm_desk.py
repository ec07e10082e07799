"""Rain at the points against their thresholds: verdicts, alarms, and what the operator did with them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.clock import Clock
from app.jobs import Jobs
from app.loading import RAIN_KEPT, Loaded, is_of_now
from app.warning.judgement import Judgement, judge_all
from app.warning.renewal import Renewal
from app.worker.worker import RadarTaken
from models.hazard.alarms import Alarm, AlarmState, PointVerdict
from models.hazard.next_level import NearestPoints
from models.hazard.point_table import PointTable
from models.hazard.raising import HeldLevel
from models.hazard.register import HazardPoint
from models.rain.late import AHEAD, ends_to_judge_again
from models.rain.observations import Gauge, GaugeReport, PointRates
from models.store import hazards, observations
from models.store.database import Database, Store
from models.warning.area import TownFinder
from models.warning.observed import TownRain

_log = logging.getLogger(__name__)
SUM_RADAR = "archive"
STALE_AFTER = timedelta(minutes=10)


class AlarmDesk(QObject):
    """Leads the alarms.

    Signals
    -------
    verdicts_changed(tuple[PointVerdict, ...])   every point, judged
    alarms_changed(tuple[Alarm, ...])            open, seen and shelved ones
    level_rose(tuple[Alarm, ...])                new alarms, the worst first: this sounds
    failed(Exception)                            rain could not be kept or judged
    """

    verdicts_changed = Signal(object)
    alarms_changed = Signal(object)
    level_rose = Signal(object)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, store: Store, *, clock: Clock) -> None:
        super().__init__()
        self._jobs, self._store, self._clock = jobs, store, clock
        self._table = PointTable()
        self._gauges: tuple[Gauge, ...] = ()
        self._reports: tuple[GaugeReport, ...] = ()
        self._rates: tuple[PointRates, ...] = ()
        self._held: Mapping[str, HeldLevel] = {}
        self._alarms: dict[str, Alarm] = {}
        self._verdicts: dict[str, PointVerdict] = {}
        self._levels: Mapping[str, str] = {}
        self._nearest = NearestPoints()
        self._finder = TownFinder(())
        self._towns: tuple[TownRain, ...] = ()
        self._data_at: datetime | None = None
        self._guessed_at: datetime | None = None  # a judgement without any data gives way to every other
        self._waiting: list[datetime] = []
        self._judging = False

    @property
    def points(self) -> tuple[HazardPoint, ...]:
        """The register of hazard points."""
        return self._table.points

    @property
    def table(self) -> PointTable:
        """The hazard points as they are judged."""
        return self._table

    def point(self, point_id: str) -> HazardPoint | None:
        """Return a point by its id."""
        return self._table.by_id.get(point_id)

    @property
    def gauges(self) -> tuple[Gauge, ...]:
        """The rain gauges."""
        return self._gauges

    @property
    def reports(self) -> tuple[GaugeReport, ...]:
        """What the gauges have reported in the hours that count."""
        return self._reports

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """All alarms of the last day, newest last."""
        return tuple(self._alarms.values())

    @property
    def standing(self) -> tuple[Alarm, ...]:
        """The alarms that stand: of each point only the highest, the newest of it."""
        best: dict[str, Alarm] = {}
        for alarm in self._alarms.values():
            other = best.get(alarm.point_id)
            if other is None or (alarm.level.rank, alarm.raised_at) > (other.level.rank, other.raised_at):
                best[alarm.point_id] = alarm
        return tuple(best.values())

    @property
    def judging(self) -> bool:
        """Whether a judgement is being made or waits."""
        return self._judging or bool(self._waiting)

    def verdict(self, point_id: str) -> PointVerdict | None:
        """Return how a point stands, None before the first judgement."""
        return self._verdicts.get(point_id)

    @property
    def verdicts(self) -> tuple[PointVerdict, ...]:
        """How every point stands."""
        return tuple(self._verdicts.values())

    @property
    def levels(self) -> Mapping[str, str]:
        """The word of each point's level, by id, as judged last."""
        return self._levels

    @property
    def nearest(self) -> NearestPoints:
        """The points nearest to their next level, as judged last."""
        return self._nearest

    @property
    def towns(self) -> tuple[TownRain, ...]:
        """What rain each town has had, for a draft."""
        return self._towns

    def alarm(self, alarm_id: str) -> Alarm | None:
        """Return an alarm by its id."""
        return self._alarms.get(alarm_id)

    @property
    def rates(self) -> tuple[PointRates, ...]:
        """Radar rates at the points, in their order, for the hours that count."""
        return self._rates

    def open(self, loaded: Loaded) -> None:
        """Begin with what the store knows."""
        self._table, self._finder = loaded.table, loaded.finder
        self._gauges, self._reports = loaded.gauges, loaded.reports
        self._rates = loaded.rates
        self._alarms = {a.id: a for a in loaded.alarms}
        self._held = {point_id: HeldLevel(level) for point_id, level in loaded.held.items()}
        now = self._clock.now()  # what claims to be of a later time says nothing of now
        times = [at for at in (f.at for f in self._rates) if at <= now] + [r.at for r in self._reports if r.at <= now]
        self._data_at = max(times, default=None)
        self.alarms_changed.emit(self.alarms)
        if self._data_at is None:
            self._guessed_at = now
        self._judge(self._data_at or now)

    def renew(self, found: Renewal) -> None:
        """Judge by other points from now on; what rained is kept for those that stay where they were."""
        self._table = found.table
        self._rates = tuple(found.in_order(frame) for frame in self._rates)
        if found.gone:
            self._verdicts = {id_: verdict for id_, verdict in self._verdicts.items() if id_ not in found.gone}
        self._judge(self._data_at or self._clock.now())

    def take_radar(self, taken: RadarTaken) -> None:
        """Count a radar frame's rain."""
        if taken.rates is None or len(taken.rates) != len(self._table.ids):
            return
        if not is_of_now(taken.at, self._clock.now()):
            return
        self._add_rates(PointRates(taken.site.code, taken.at, taken.step, taken.rates))

    def take_sum(self, answer: tuple[datetime, int, np.ndarray]) -> None:
        """Count an archived radar sum."""
        at, minutes, rain_mm = answer
        if not is_of_now(at, self._clock.now()):
            return
        rates = (rain_mm * (60.0 / minutes)).astype(np.float32)
        self._add_rates(PointRates(SUM_RADAR, at, timedelta(minutes=minutes), rates, is_sum=True))

    def take_reports(self, reports: tuple[GaugeReport, ...]) -> None:
        """Count gauge reports; what is too old for any window is kept in the store only."""
        now = self._clock.now()
        since = now - RAIN_KEPT
        reports = tuple(r for r in reports if r.at - now <= AHEAD)
        self._reports = tuple(
            {(r.gauge_id, r.at, r.minutes): r for r in (*self._reports, *reports) if r.at > since}.values()
        )
        self._jobs.follow(
            self._store.write(partial(observations.add_reports, reports=reports)),
            on_done=lambda _: None,
            on_error=self.failed.emit,
        )
        times = {r.at for r in reports if r.at > since}
        if times:
            self._arrived(min(times), max(times))

    def tick(self) -> None:
        """Look at the clock: when data has stopped, windows run empty and points become *not judged*."""
        now = self._clock.now()
        if self._data_at is not None and now - self._data_at > STALE_AFTER:
            self._judge(now)

    def set_state(self, alarm_id: str, state: AlarmState, actor: str) -> None:
        """Mark an alarm as seen or shelved, in the operator's name."""
        alarm = self._alarms.get(alarm_id)
        if alarm is None or alarm.state is state:
            return
        work = partial(hazards.set_alarm_state, alarm_id=alarm_id, state=state, actor=actor, at=self._clock.now())
        self._jobs.follow(
            self._store.write(work), on_done=lambda _: self._on_state(alarm_id, state), on_error=self.failed.emit
        )

    def _add_rates(self, frame: PointRates) -> None:
        since = self._clock.now() - RAIN_KEPT
        for before in self._rates:  # a second file of one moment hides nothing that the first one saw
            if (before.radar, before.at, before.is_sum) == (frame.radar, frame.at, frame.is_sum):
                frame = replace(frame, rates=np.where(np.isnan(frame.rates), before.rates, frame.rates))
        kept = (f for f in self._rates if f.at > since and (f.radar, f.at) != (frame.radar, frame.at))
        self._rates = (*kept, frame)
        self._jobs.follow(
            self._store.write(partial(observations.add_rates, rates=frame, point_ids=self._table.ids)),
            on_done=lambda _: None,
            on_error=self.failed.emit,
        )
        self._arrived(frame.at, frame.at)

    def _arrived(self, first_at: datetime, last_at: datetime) -> None:
        """Judge what data of these moments can change: late data calls earlier windows back."""
        now = self._clock.now()
        self._data_at = min(now, max(self._data_at or last_at, last_at))
        known = {frame.at for frame in self._rates} | {report.at for report in self._reports}
        for end in ends_to_judge_again(first_at, known, self._table.windows_h, now):
            self._judge(end)
        self._judge(self._data_at)

    def _judge(self, at: datetime) -> None:
        """Judge at a moment. Every moment that data arrived for has its turn: a backlog hides no red hour."""
        if self._table.points and at not in self._waiting:
            self._waiting.append(at)
            self._judge_next()

    def _judge_next(self) -> None:
        if self._judging or not self._waiting:
            return
        self._waiting.sort()
        at = self._waiting.pop(0)
        self._judging = True
        self._jobs.start(
            "judge",
            partial(judge_all, self._table, self._rates, self._gauges, self._reports, self._held, self._finder, at),
            on_done=self._on_judged,
            on_error=self._on_failed,
        )

    def _on_judged(self, judgement: Judgement) -> None:
        self._judging = False
        fallen = judgement.fallen
        self._held = judgement.held
        shown_at = next(iter(self._verdicts.values())).at if self._verdicts else judgement.at
        if judgement.at >= shown_at or shown_at == self._guessed_at:
            former = self._verdicts
            self._verdicts, self._levels = judgement.by_id, judgement.levels
            self._nearest, self._towns = judgement.nearest, judgement.towns
            self.verdicts_changed.emit(judgement.verdicts)
            self._jobs.let_go(former)
        self._judge_next()
        if judgement.alarms:
            self._raise(judgement)
        if fallen:
            self._jobs.follow(
                self._store.write(partial(hazards.note_let_go, levels=fallen, at=self._clock.now())),
                on_done=lambda _: None,
                on_error=self.failed.emit,
            )

    def _raise(self, judgement: Judgement) -> None:
        for alarm in judgement.alarms:
            self._alarms[alarm.id] = alarm
        alarms = judgement.alarms

        def work(db: Database) -> None:
            hazards.raise_alarms(db, alarms, at=judgement.at)

        self._jobs.follow(self._store.write(work), on_done=lambda _: None, on_error=self.failed.emit)
        self.level_rose.emit(alarms)
        self.alarms_changed.emit(self.alarms)

    def _on_state(self, alarm_id: str, state: AlarmState) -> None:
        self._alarms[alarm_id] = replace(self._alarms[alarm_id], state=state)
        self.alarms_changed.emit(self.alarms)

    def _on_failed(self, error: Exception) -> None:
        self._judging = False
        _log.error("judging: %s", error)
        self.failed.emit(error)
        self._judge_next()
