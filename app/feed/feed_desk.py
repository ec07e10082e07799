"""The inbox: files are seen, taken when whole, and put away or set aside with the reason."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.clock import Clock
from app.feed.archive_files import PutAway, newest_volumes
from app.feed.feed_items import FeedItem, FeedState, receipt_in, reports_in
from app.feed.feed_times import RadarTimes, reports_ahead, sum_of_now
from app.feed.inbox_look import Look, Seen, look_into, put_away_unchanged
from app.feed.refusals import Refusals
from app.feed.set_aside import set_aside, unless_set_aside
from app.jobs import Jobs
from app.worker.process_pool import failed_in_worker
from app.worker.worker import RadarTaken, RadarWish, free_place, take_radar
from models.errors import ConsoleError, DataError
from models.geodesy import FloatArray
from models.radar.called import called
from models.radar.quantity import Quantity
from models.radar.register import check_place
from models.rain.observations import GaugeReport
from models.rain.sum_grid import read_rain_sum
from models.reach.outbox import Receipt
from models.store.archive import ArchiveKind
from models.store.database import Store

_log = logging.getLogger(__name__)
KEPT_ITEMS = 200
RECALL_SPAN = timedelta(hours=1)


class FeedDesk(QObject):
    """Leads what comes in through the inbox.

    Signals
    -------
    feed_changed(tuple[FeedItem, ...])   newest first
    radar_taken(RadarTaken)              a radar file was read
    radar_recalled(RadarTaken)           a radar file of the archive was read again after a start
    reports_taken(tuple[GaugeReport])    gauge reports were read
    sum_taken(tuple)                     (at, minutes, mm at the points) of an archived radar sum
    put_away(PutAway)                    a file lies in the archive now
    receipt_taken(Receipt, str)          an answer from the other side, and the name of its file
    failed(Exception)                    the inbox cannot be read, or a refusal not be written down
    """

    feed_changed = Signal(object)
    radar_taken = Signal(object)
    radar_recalled = Signal(object)
    reports_taken = Signal(object)
    sum_taken = Signal(object)
    put_away = Signal(object)
    receipt_taken = Signal(object, str)
    failed = Signal(object)

    def __init__(
        self, jobs: Jobs, store: Store, *, inbox: Path, archive: Path, shelf: Path, clock: Clock, look_ms: int
    ) -> None:
        """``shelf`` is the list of contents that were set aside after two tries."""
        super().__init__()
        self._jobs, self._store, self._clock = jobs, store, clock
        self._inbox, self._archive, self._shelf = inbox, archive, shelf
        self._sizes: dict[Path, Seen] = {}
        self._in_hand: dict[Path, Seen] = {}
        self._odd: set[Path] = set()
        self._gone: set[Path] = set()
        self._stuck: dict[Path, Seen] = {}  # read, but not to be moved out of the inbox
        self._looking = False
        self._sees = True
        self._items: dict[str, FeedItem] = {}
        self._wish: RadarWish | None = None
        self._times = RadarTimes()
        self._refusals = Refusals(jobs, store, clock, self._on_failed)
        self._timer = QTimer(self)
        self._timer.setInterval(look_ms)
        self._timer.timeout.connect(self.look)

    def open(self, wish: RadarWish) -> None:
        """Begin to watch the inbox."""
        self.recall(wish)
        self._timer.start()
        self.look()

    def show_points(self, lon_deg: FloatArray, lat_deg: FloatArray) -> None:
        """Have the rain of what comes in from now on taken at other points, degrees."""
        if self._wish is not None:
            self._wish = replace(self._wish, lon_deg=lon_deg, lat_deg=lat_deg)

    def show_quantity(self, quantity: Quantity) -> None:
        """Have what comes in from now on made into another quantity."""
        if self._wish is not None:
            self._wish = replace(self._wish, quantity=quantity)

    def recall(self, wish: RadarWish) -> None:
        """Read the newest archived radar files again, so that the loop is there; the inbox stays untouched."""
        self._wish = wish
        self._jobs.start(
            "recall",
            partial(newest_volumes, self._store, self._archive.parent, self._clock.now(), RECALL_SPAN),
            on_done=self._on_archived,
            on_error=self._on_lost,
        )

    def close(self) -> None:
        """Stop watching."""
        self._timer.stop()

    @property
    def items(self) -> tuple[FeedItem, ...]:
        """The feed list, newest first."""
        return tuple(reversed(self._items.values()))

    @property
    def settled(self) -> bool:
        """Whether no file is in hand and none was waiting at the last look, but for what cannot be moved out."""
        return not self._in_hand and self._sizes.keys() <= self._stuck.keys()

    def note(self, name: str, error: Exception) -> None:
        """Name a file that was read well, and whose content was refused later on."""
        self._tell(FeedItem(name, FeedState.REFUSED, self._clock.now(), error))

    def look(self) -> None:
        """Look into the inbox once, unless a look is still under way."""
        if self._looking:
            return
        self._looking = True
        self._gone.clear()
        self._jobs.start(
            "inbox", partial(look_into, self._inbox, self._sizes), on_done=self._on_looked, on_error=self._on_no_look
        )

    def _on_looked(self, look: Look) -> None:
        self._looking, self._sees = False, True
        # What was put away while the look was under way is not there any more.
        self._sizes = {path: size for path, size in look.sizes.items() if path not in self._gone}
        self._stuck = {path: size for path, size in self._stuck.items() if self._sizes.get(path) == size}
        for path in look.odd:
            if path not in self._odd:
                self._refuse_odd(path)
        self._odd = set(look.odd)
        still = {path for path, _ in look.still}
        changed = False
        for path in self._sizes:
            if path not in still and path not in self._in_hand and path not in self._stuck:
                changed |= self._note_item(FeedItem(path.name, FeedState.ARRIVING, self._clock.now()))
        for path, kind in look.still:
            if path in self._in_hand or path in self._gone or path in self._stuck:
                continue
            state = FeedState.LOCKED if kind == "locked" else FeedState.READING
            changed |= self._note_item(FeedItem(path.name, state, self._clock.now()))
            if kind != "locked":
                self._take(path, kind)
        if changed:  # once a look: thousands of files at once are one change of the list
            self.feed_changed.emit(self.items)

    def _refuse_odd(self, path: Path) -> None:
        error = DataError("feed.not_a_file", file=path.name)
        self._tell(FeedItem(path.name, FeedState.REFUSED, self._clock.now(), error))
        self._refusals.note(path, error)

    def _take(self, path: Path, kind: str) -> None:
        wish = self._wish
        if wish is None:
            return
        self._in_hand[path] = self._sizes[path]
        error = partial(self._on_refused, path)
        name = f"take:{path.name}"
        if kind == "radar":
            self._take_apart(path, partial(take_radar, path, wish), partial(self._on_radar, path))
        elif kind == "gauges":
            self._jobs.start(
                name,
                partial(reports_in, path),
                on_done=partial(self._on_reports, path),
                on_error=error,
            )
        elif kind == "rain_sum":
            work = partial(read_rain_sum, path, wish.lon_deg, wish.lat_deg)
            self._take_apart(path, work, partial(self._on_sum, path))
        else:
            self._jobs.start(
                name,
                partial(receipt_in, path),
                on_done=partial(self._on_receipt, path),
                on_error=error,
            )

    def _take_apart(
        self, path: Path, work: Callable[[], Any], on_done: Callable[[Any], None], *, again: bool = False
    ) -> None:
        """Have bytes of strangers parsed in a worker process; what costs it its life is tried once more, in a fresh one."""
        self._jobs.start(
            f"take:{path.name}",
            partial(unless_set_aside, self._shelf, path, work),
            on_done=on_done,
            on_error=partial(self._on_not_taken, path, work, on_done, again),
            where="process",
            fresh=again,
        )

    def _on_not_taken(
        self, path: Path, work: Callable[[], Any], on_done: Callable[[Any], None], again: bool, error: Exception
    ) -> None:
        now = self._clock.now()
        if not failed_in_worker(error):
            self._on_refused(path, error)
        elif not again:
            self._tell(FeedItem(path.name, FeedState.READING, now, error))
            self._take_apart(path, work, on_done, again=True)
        else:
            self._jobs.start(
                f"aside:{path.name}",
                partial(set_aside, self._shelf, path, error, now, as_seen=self._in_hand.get(path)),
                on_done=partial(self._on_refused, path),
                on_error=partial(self._on_not_listed, path, error),
            )

    def _on_not_listed(self, path: Path, error: Exception, cause: Exception) -> None:
        self._on_lost(cause)
        self._on_refused(path, error)

    def _on_archived(self, paths: tuple[Path, ...]) -> None:
        if self._wish is None:
            return
        for path in paths:
            work = partial(take_radar, path, self._wish)
            self._jobs.start(
                f"recall:{path.name}",
                work,
                on_done=self._on_recalled,
                on_error=self._on_lost,
                where="process",
            )

    def _on_recalled(self, taken: RadarTaken) -> None:
        self._know(taken)
        self.radar_recalled.emit(taken)

    def _know(self, taken: RadarTaken) -> None:
        """Remember where a radar stands and when it spoke: another one may come under its code."""
        self._times.hear(taken, self._clock.now())
        if self._wish is not None:
            self._wish = replace(self._wish, register=self._wish.register.knowing(taken.site))

    def _on_radar(self, path: Path, taken: RadarTaken) -> None:
        state = FeedState.TAKEN if taken.error is None else FeedState.INCOMPLETE
        now = self._clock.now()
        try:  # once more: another radar of this code may have been read at the same time, in another process
            notice = check_place(taken.site, self._wish.register, path.name) if self._wish is not None else None
        except DataError as error:
            self._on_refused(path, error)
            return
        taken = self._times.of_now(replace(taken, notice=notice), path.name, now)
        self._know(taken)
        self.radar_taken.emit(replace(taken, path=free_place(path, self._archive / self._day(taken.at))))
        told = taken.error or taken.notice
        radar = called(taken.site.name, taken.site.code)
        item = FeedItem(path.name, state, now, told, None, taken.oddities, taken.unproven, radar)
        facts = {"radar": taken.site.code, "format": taken.format, "layout": taken.layout}
        file = PutAway(path, ArchiveKind.RADAR, taken.started_at, now, **facts, complete=taken.error is None)
        self._put_away(file, item, self._day(taken.at))

    def _on_reports(self, path: Path, reports: tuple[GaugeReport, ...]) -> None:
        now = self._clock.now()
        ahead = reports_ahead(reports, path.name, now)
        state = FeedState.TAKEN if ahead is None else FeedState.INCOMPLETE
        self.reports_taken.emit(reports)
        file = PutAway(path, ArchiveKind.GAUGES, now, now, complete=ahead is None)
        item = FeedItem(path.name, state, now, ahead)
        if ahead is None:
            self._put_away(file, item, self._day(now))
        else:
            self._refusals.note_content(path, ahead, lambda _: self._put_away(file, item, self._day(now)))

    def _on_sum(self, path: Path, answer: tuple[datetime, int, object]) -> None:
        now = self._clock.now()
        try:
            sum_of_now(path.name, answer[0], now)
        except DataError as error:
            self._on_refused(path, error)
            return
        self.sum_taken.emit(answer)
        file = PutAway(path, ArchiveKind.RAIN_SUM, answer[0], now)
        self._put_away(file, FeedItem(path.name, FeedState.TAKEN, now), self._day(now))

    def _on_receipt(self, path: Path, receipt: Receipt) -> None:
        now = self._clock.now()
        self.receipt_taken.emit(receipt, path.name)
        file = PutAway(path, ArchiveKind.RECEIPT, now, now)
        self._put_away(file, FeedItem(path.name, FeedState.TAKEN, now), self._day(now))

    def _on_refused(self, path: Path, error: Exception) -> None:
        if not isinstance(error, ConsoleError | OSError):
            _log.error("file %s met a fault of ours", path.name, exc_info=error)
        now = self._clock.now()
        file = PutAway(path, ArchiveKind.REFUSED, now, now)
        item = FeedItem(path.name, FeedState.REFUSED, now, error)
        self._refusals.note_content(
            path, error, lambda times: self._put_away(file, replace(item, times=times), "refused")
        )

    def _put_away(self, file: PutAway, item: FeedItem, folder: str) -> None:
        """Move a file out of the inbox once the store holds what it said, and show what became of it.

        Whoever took the file's content has written it by now: the store has one
        writer, so an empty transaction ends after theirs. A console that is
        killed before that finds the file in its inbox again.
        """
        path = file.path

        def done(target: Path | None) -> None:
            self._in_hand.pop(path, None)
            if target is None:  # another file stands there under the same name: its turn comes
                self._tell(FeedItem(item.name, FeedState.ARRIVING, item.at))
            else:
                self._gone.add(path)
                self.put_away.emit(replace(file, path=target))
                self._sizes.pop(path, None)
                known = self._items.get(item.name)
                refused = known is not None and known.state is FeedState.REFUSED  # by whom it was for
                self._tell(replace(known if refused and known is not None else item, path=target))

        def lost(error: Exception) -> None:
            self._in_hand.pop(path, None)
            if path in self._sizes:
                self._stuck[path] = self._sizes[path]
            stuck = DataError("feed.stuck", file=path.name, folder=folder, cause=str(error))
            self._tell(replace(item, state=FeedState.REFUSED, error=stuck))
            self._on_lost(stuck)

        def move(_: object) -> None:
            work = partial(put_away_unchanged, path, self._archive / folder, self._in_hand.get(path))
            self._jobs.start(f"put:{path.name}", work, on_done=done, on_error=lost)

        self._jobs.follow(self._store.write(lambda _db: None), on_done=move, on_error=move)

    def _tell(self, item: FeedItem) -> None:
        if self._note_item(item):
            self.feed_changed.emit(self.items)

    def _note_item(self, item: FeedItem) -> bool:
        """Keep a line of the feed list; False if it says nothing new."""
        before = self._items.get(item.name)
        if before is not None and before.state is item.state and before.error is item.error:
            return False
        self._items.pop(item.name, None)
        self._items[item.name] = item
        while len(self._items) > KEPT_ITEMS:
            self._items.pop(next(iter(self._items)))
        return True

    def _on_no_look(self, error: Exception) -> None:
        self._looking = False
        if self._sees:
            self._sees = False
            self._on_failed(DataError("feed.no_inbox", folder=self._inbox, cause=str(error)))

    def _on_failed(self, error: Exception) -> None:
        self._on_lost(error)
        self.failed.emit(error)

    def _on_lost(self, error: Exception) -> None:
        _log.error("inbox: %s", error)

    @staticmethod
    def _day(at: datetime) -> str:
        return f"{at:%Y%m%d}"
