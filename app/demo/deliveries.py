"""What comes into the inbox and when: a pure schedule, played by `play`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from app.demo import gauge_writer
from app.demo.cma_writer import file_name, write_volume
from app.demo.radars import RADARS, volume_starts
from app.demo.scene import EARLIER_RAIN_AT, HISTORY_AT

_GAUGE_DELAY = timedelta(minutes=1)


class DeliveryKind(StrEnum):
    """Kinds of files that arrive."""

    VOLUME = "volume"
    GAUGES = "gauges"
    RAIN_SUM = "rain_sum"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file: it lies in the inbox at ``at`` and tells of ``valid_at``; small and picklable.

    ``radar`` is the radar's code for volumes, else empty.
    """

    at: datetime
    valid_at: datetime
    kind: DeliveryKind
    name: str
    radar: str = ""

    def write(self, folder: Path) -> Path:
        """Make the file in ``folder``, under a hidden name first; return its path."""
        if self.kind is DeliveryKind.VOLUME:
            return write_volume(next(r for r in RADARS if r.code == self.radar), self.valid_at, folder)
        if self.kind is DeliveryKind.RAIN_SUM:
            return gauge_writer.write_hour_sum(self.valid_at, folder)
        if self.valid_at <= HISTORY_AT:
            return gauge_writer.write_earlier_reports(folder)
        return gauge_writer.write_reports(self.valid_at, folder)


def earlier() -> tuple[Delivery, ...]:
    """Return what tells of the hours before the first volumes: one gauge file and six archived sums."""
    name = f"gauges_{EARLIER_RAIN_AT:%Y%m%dT%H%MZ}_{HISTORY_AT:%Y%m%dT%H%MZ}.csv"
    sums = [
        Delivery(HISTORY_AT, end, DeliveryKind.RAIN_SUM, gauge_writer.sum_name(end)) for end in gauge_writer.hour_ends()
    ]
    return Delivery(HISTORY_AT, HISTORY_AT, DeliveryKind.GAUGES, name), *sums


def due(after: datetime, until: datetime) -> tuple[Delivery, ...]:
    """Return what arrives after ``after`` up to and with ``until``, in the order of arrival.

    Volumes from `HISTORY_AT` on; gauge reports a minute after their time.
    """
    found = [
        Delivery(
            started_at.replace(second=0) + radar.delay,
            started_at,
            DeliveryKind.VOLUME,
            file_name(radar, started_at),
            radar.code,
        )
        for radar in RADARS
        for started_at in volume_starts(radar, max(after, HISTORY_AT), until)
        if started_at >= HISTORY_AT
    ]
    found += [
        Delivery(at + _GAUGE_DELAY, at, DeliveryKind.GAUGES, gauge_writer.reports_name(at))
        for at in gauge_writer.report_times(max(after - _GAUGE_DELAY, HISTORY_AT), until - _GAUGE_DELAY)
    ]
    return tuple(sorted(found, key=lambda d: (d.at, d.kind, d.name)))
