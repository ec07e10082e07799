"""Data under a time that cannot be: named, and not counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.loading import is_of_now
from app.worker import RadarTaken
from models.errors import DataError
from models.rain.late import AHEAD
from models.rain.observations import GaugeReport


def sum_of_now(file: str, at: datetime, now: datetime) -> None:
    """See that an archived rain sum can count now.

    Raises
    ------
    DataError
        ``feed.other_time`` if it is of another day or of a time to come.
    """
    if not is_of_now(at, now):
        raise DataError("feed.other_time", file=file, at=_utc(at), now=_utc(now))


def radar_of_now(taken: RadarTaken, file: str, now: datetime) -> tuple[RadarTaken, DataError | None]:
    """Return a radar file without picture and rain if it claims to be of a time to come, and why."""
    if taken.at - now <= AHEAD:
        return taken, None
    error = DataError("feed.other_time", file=file, at=_utc(taken.at), now=_utc(now))
    return replace(taken, footprint=None, rates=None), error


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
