"""A console on duty beside a healthy radar: bad files are put in, and what is said of them is looked at."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from app import showing
from app.feed.feed_items import FeedItem, FeedState
from models.errors import ConsoleError
from models.radar.mosaic import Mosaic
from models.radar.oddity import Oddity
from models.radar.oddity_weight import matters
from tests.walks.open_console import OpenConsole
from tests.walks.small_radar import BESIDE, DBZ, HEALTHY, OPENED_AT, OTHER, STEP, name_of, packed, value_at, volume
from widgets.hazard.feed_list import FeedMark

TO_DO = re.compile(r"\b(fetch|look|see|have it set|set|enter|mend|ask|check|compare)\b", re.IGNORECASE)
FINAL = {FeedState.TAKEN, FeedState.INCOMPLETE, FeedState.REFUSED}


class Desk:
    """A console on duty beside a healthy radar; each bad file has a step of time of its own."""

    def __init__(self, opened: OpenConsole) -> None:
        self.opened, self.console = opened, opened.console
        self.at = OPENED_AT

    def next_step(self, by: timedelta = STEP) -> None:
        """Let time go on; the healthy radar speaks."""
        self.at += by
        self.opened.clock.set(self.at + timedelta(minutes=2))
        self.console.tick()
        assert self.put(name_of(HEALTHY, self.at), packed(volume(HEALTHY, self.at))).state is FeedState.TAKEN

    def put(self, name: str, data: bytes) -> FeedItem:
        """Let a file come in and return what the feed list says of it at last."""
        self.opened.put(name, data)
        self.opened.until(lambda: any(i.name == name and i.state in FINAL for i in self.console.feed.items))
        self.opened.settle()
        return self.item(name)

    def item(self, name: str) -> FeedItem:
        return next(i for i in self.console.feed.items if i.name == name)

    def good(self, code: str = OTHER) -> None:
        """See that the next good file of a radar is taken, without a word, and stands in the picture."""
        self.next_step()
        item = self.put(name_of(code, self.at), packed(volume(code, self.at)))
        assert (item.state, item.error) == (FeedState.TAKEN, None)
        assert self.mark(item.name) is FeedMark.NONE
        assert self.source(code) == self.at

    @property
    def frame(self) -> Mosaic:
        """The newest frame of the mosaic: the healthy radar stands in it, with its newest volume."""
        shown = self.console.radar.shown
        assert shown is not None
        assert shown.at == self.console.radar.frames[-1] == self.at
        assert value_at(shown, *BESIDE[HEALTHY]) == DBZ[HEALTHY]
        return shown

    def source(self, code: str) -> datetime | None:
        """Return the time of the volume by which a radar stands in the newest frame."""
        assert next(s.at for s in self.frame.sources if s.code == HEALTHY) == self.at
        return next((s.at for s in self.frame.sources if s.code == code), None)

    def value(self, code: str = OTHER) -> float:
        return value_at(self.frame, *BESIDE[code])

    @property
    def note(self) -> str:
        self.console.views.show_title()
        return self.console.rooms.title.note

    def mark(self, name: str) -> FeedMark:
        return next(row.mark for row in showing.feed_rows(self.console.feed.items) if row.file == name)

    def says(self, item: FeedItem, code: str) -> None:
        """See that a file's row says what is wrong and what to do, in both languages."""
        errors = [item.error] if isinstance(item.error, ConsoleError) else []
        told: list[ConsoleError | Oddity] = [*errors, *(oddity for oddity in item.oddities if matters(oddity))]
        found = next((one for one in told if one.code == code), None)
        assert found is not None, [one.code for one in told]
        assert "请" in found.sentence("zh")
        assert TO_DO.search(found.sentence("en")), found.sentence("en")
        row = next(row for row in self.console.rooms.feed.list._rows if row.id.endswith(f" {item.name}"))
        assert found.sentence("zh") in row.tip, "the console speaks Chinese"
        assert self.mark(item.name) is not FeedMark.NONE
