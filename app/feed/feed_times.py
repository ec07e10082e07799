"""Data under a time that cannot be, or that is long past: named, and not counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.loading import is_of_now
from app.radar.radar_desk import LOOP_SPAN
from app.worker.worker import RadarTaken
from models.errors import DataError
from models.rain.late import AHEAD
from models.rain.observations import GaugeReport

LATE_STEPS = 2


def sum_of_now(file: str, at: datetime, now: datetime) -> None:
    """See that an archived rain sum can count now.

    Raises
    ------
    DataError
        ``feed.other_time`` if it is of another day or of a time to come.
    """
    if not is_of_now(at, now):
        raise DataError("feed.other_time", file=file, at=_utc(at), now=_utc(now))


class RadarTimes:
    """The newest time of each radar, to tell what comes after it and is older."""

    def __init__(self) -> None:
        self._newest: dict[str, datetime] = {}

    def hear(self, taken: RadarTaken, now: datetime) -> None:
        """Note when a radar spoke; a time to come is none."""
        if taken.at - now <= AHEAD:
            code, at = taken.site.code, taken.started_at
            self._newest[code] = max(at, self._newest.get(code, at))

    def of_now(self, taken: RadarTaken, file: str, now: datetime) -> RadarTaken:
        """Return a radar file with what is to be told of its time as its ``notice``.

        One that claims to be of a time to come loses picture and rain (``feed.other_time``). One
        that is older than the loop has no frame to stand in (``feed.too_old``), one that is over two
        steps older than the newest of its radar stands in its own (``feed.time_back``): two that
        were read at once may change places, no more.
        """
        newest = self._newest.get(taken.site.code)
        if taken.at - now > AHEAD:
            error = DataError("feed.other_time", file=file, at=_utc(taken.at), now=_utc(now))
            return replace(taken, footprint=None, rates=None, notice=error)
        if now - taken.started_at > LOOP_SPAN:
            hours = round(LOOP_SPAN.total_seconds() / 3600)
            error = DataError("feed.too_old", file=file, at=_utc(taken.started_at), now=_utc(now), hours=hours)
            return replace(taken, notice=error)
        if newest is not None and newest - taken.started_at > LATE_STEPS * taken.step:
            error = DataError("feed.time_back", file=file, at=_utc(taken.started_at), newest=_utc(newest))
            return replace(taken, notice=taken.notice or error)
        return taken


def reports_ahead(reports: tuple[GaugeReport, ...], file: str, now: datetime) -> DataError | None:
    """Return what is to be said of reports that claim to be of a time to come; they count for nothing."""
    ahead = [r for r in reports if r.at - now > AHEAD]
    if not ahead:
        return None
    first = ahead[0]
    facts = {"count": len(ahead), "of": len(reports), "station": first.gauge_id, "at": _utc(first.at)}
    return DataError("feed.reports_ahead", file=file, now=_utc(now), **facts)


def _utc(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
