"""Storms of the radars' own products: the newest list of each radar and kind, on the map and on a card."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QObject, QTimer

from app.desks import Desks
from app.rooms import Rooms
from app.worker.worker import RadarTaken
from layers.own_layer_hits import Hit
from layers.storm_layer import StormLayer, storms_of
from models.radar.called import called
from models.radar.storms import StormKind, StormList
from models.rain.late import AHEAD
from widgets import storm_words
from widgets.map.thing_card import ThingCard

KEPT = timedelta(hours=1)
TICK_MS = 30_000


class StormTool(QObject):
    """Keeps the newest list of each radar and kind for an hour; the layer is hidden until somebody asks for it."""

    def __init__(self, desks: Desks, rooms: Rooms) -> None:
        super().__init__()
        self._desks = desks
        self._lists: dict[tuple[str, StormKind], StormList] = {}
        self.card = ThingCard(rooms.window)
        rooms.window.add_overlay(self.card, "top_right", ("watch",))
        for heard in (desks.feed.radar_taken, desks.feed.radar_recalled):
            heard.connect(self.hear)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        rooms.canvas.point_clicked.connect(self.show_storm)
        rooms.canvas.place_clicked.connect(lambda *_: self.card.show_things(()))

    @property
    def lists(self) -> tuple[StormList, ...]:
        """The lists on the map, the newest last."""
        return tuple(sorted(self._lists.values(), key=lambda one: one.at))

    def hear(self, taken: RadarTaken) -> None:
        """Take a list that is the newest of its radar and kind; what has become too old goes."""
        new = taken.storms
        if new is None or not self._counts(new):
            return
        key = (new.site.code, new.kind)
        if key not in self._lists or self._lists[key].at <= new.at:
            self._lists[key] = new
        self._timer.start()
        self._drop_old()
        self._put()

    def tick(self) -> None:
        """Look at the clock: a list that has become too old leaves the map, though no newer one comes."""
        if self._drop_old():
            self._put()

    def _drop_old(self) -> bool:
        before = len(self._lists)
        self._lists = {key: one for key, one in self._lists.items() if self._counts(one)}
        return len(self._lists) != before

    def _counts(self, one: StormList) -> bool:
        """Return whether a list is of now: one of a time to come would stand there and keep the true ones away."""
        return -AHEAD <= self._desks.clock.now() - one.at <= KEPT

    def _put(self) -> None:
        lists, now = self.lists, self._desks.clock.now()
        texts = tuple(storm_words.label(one, storm, now) for _, one, storm in storms_of(lists))
        radars = dict.fromkeys(called(one.site.name, one.site.code) for one in lists)
        at = lists[-1].at if lists else None
        self._desks.map.show_storms(StormLayer(lists, texts), at, "、".join(radars))

    def show_storm(self, map_id: str) -> None:
        """Say on a card what the product says of a storm; of anything else the card goes."""
        now = self._desks.clock.now()
        found = next(((one, storm) for key, one, storm in storms_of(self.lists) if key == map_id), None)
        if found is None:
            self.card.show_things(())
            return
        one, storm = found
        title, rows = storm_words.title(one, storm), storm_words.rows(one, storm, now)
        self.card.show_things((Hit(title, rows, called(one.site.name, one.site.code)),))
