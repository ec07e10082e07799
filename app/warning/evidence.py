"""What an alarm rests on, as a curve with its sources, for the person who signs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from PySide6.QtCore import QCoreApplication

from models.geodesy import distance_m
from models.hazard.alarms import Alarm, RainSource
from models.hazard.register import HazardPoint
from models.rain.observations import Gauge, GaugeReport, PointRates
from models.rain.windows import RainWindows, rain_windows
from widgets.warning.sheet import Evidence, SourceLine

CURVE_SPAN = timedelta(hours=3)
CURVE_STEP = timedelta(minutes=10)
BAR_MINUTES = 10
_GAUGE_REACH_M = 3_000.0


@dataclass(frozen=True, slots=True, eq=False)
class RainAt:
    """All rain that one point knows: radar rates of just this point, and the gauges near it."""

    point: HazardPoint
    rates: tuple[PointRates, ...]
    gauges: tuple[Gauge, ...]
    reports: tuple[GaugeReport, ...]

    def windows(self, hours: Sequence[int], at: datetime) -> RainWindows:
        """Return the point's rain up to a moment; arrays have one row."""
        lonlat = np.array([[self.point.lon_deg, self.point.lat_deg]])
        return rain_windows(lonlat, hours, self.rates, self.gauges, self.reports, at)


def rain_at(
    point: HazardPoint,
    index: int,
    rates: Sequence[PointRates],
    gauges: Sequence[Gauge],
    reports: Sequence[GaugeReport],
) -> RainAt:
    """Return what is known of the rain at one point; ``index`` is its place in the frames."""
    near = tuple(gauges)
    if near:
        lon, lat = np.array([g.lon_deg for g in near]), np.array([g.lat_deg for g in near])
        far = distance_m(lon, lat, point.lon_deg, point.lat_deg) > _GAUGE_REACH_M
        near = tuple(g for g, is_far in zip(near, far.tolist(), strict=True) if not is_far)
    ids = {g.id for g in near}
    return RainAt(
        point,
        tuple(replace(frame, rates=frame.rates[index : index + 1]) for frame in rates),
        near,
        tuple(r for r in reports if r.gauge_id in ids),
    )


def evidence(alarm: Alarm, known: RainAt, radar_note: str, at: datetime) -> Evidence:
    """Return the evidence of an alarm as it looks at ``at``: curve, bars, sources; for a job.

    ``radar_note`` is the office's word of caution about its radar rain, empty if there is none.
    """
    hour, steps = alarm.window_h, round(CURVE_SPAN / CURVE_STEP)
    times = tuple(at - CURVE_STEP * (steps - i) for i in range(steps + 1))
    sums = [known.windows((hour,), t) for t in times]
    curve = tuple(float(w.rain_mm[0, 0]) for w in sums)
    last = sums[-1]
    return Evidence(
        point_name=alarm.point_name,
        kind=alarm.kind,
        level=alarm.level,
        window_h=hour,
        value_mm=alarm.rain_mm,
        threshold_mm=alarm.threshold_mm,
        at_least=alarm.at_least,
        times=times,
        rain_mm=curve,
        thresholds=tuple((t.level, t.rain_mm) for t in known.point.thresholds if t.window_h == hour),
        bars_mm=_bars(known, at),
        bar_minutes=BAR_MINUTES,
        sources=tuple(_sources(alarm, known, last)),
        caution=radar_note if alarm.source is RainSource.RADAR else "",
    )


def _bars(known: RainAt, at: datetime) -> tuple[float, ...]:
    """Return the rain of each ten minutes as the difference of running hours; NaN where an hour is not there."""
    steps = round(CURVE_SPAN / timedelta(minutes=BAR_MINUTES))
    bars = []
    for i in range(steps):
        end_at = at - timedelta(minutes=BAR_MINUTES) * (steps - 1 - i)
        bars.append(_ten_minutes(known, end_at))
    return tuple(bars)


def _ten_minutes(known: RainAt, end_at: datetime) -> float:
    begin_at = end_at - timedelta(minutes=BAR_MINUTES)
    by_radar: dict[str, float] = {}
    for frame in known.rates:
        rate = float(frame.rates[0])
        span = min(frame.at, end_at) - max(frame.at - frame.step, begin_at)
        if span > timedelta(0) and not math.isnan(rate):
            by_radar[frame.radar] = by_radar.get(frame.radar, 0.0) + rate * (span / timedelta(hours=1))
    reports = [r for r in known.reports if begin_at < r.at <= end_at and r.minutes <= BAR_MINUTES]
    if reports:
        nearest = known.gauges[0].id if known.gauges else reports[0].gauge_id
        of_one = [r.rain_mm for r in reports if r.gauge_id == nearest] or [reports[0].rain_mm]
        return float(sum(of_one))
    return max(by_radar.values(), default=math.nan)


def _sources(alarm: Alarm, known: RainAt, last: RainWindows) -> list[SourceLine]:
    """Return each source with what it says and from when."""
    lines = []
    amount = f"{alarm.rain_mm:.1f} mm"
    share = f"{round(100 * float(last.coverage[0, 0]))} %"
    if alarm.source is RainSource.GAUGE:
        gauge = next((g for g in known.gauges if g.id == alarm.source_id), None)
        name = gauge.name if gauge else alarm.source_id
        at = max((r.at for r in known.reports if r.gauge_id == alarm.source_id), default=None)
        lines.append(SourceLine(QCoreApplication.translate("Evidence", "Gauge"), f"{name}  {amount}", at))
    radars: dict[str, datetime] = {}
    for frame in known.rates:
        if not frame.is_sum and not math.isnan(frame.rates[0]) and frame.at <= last.at:
            radars[frame.radar] = max(frame.at, radars.get(frame.radar, frame.at))
    for code, at in sorted(radars.items(), key=lambda item: item[1], reverse=True)[:3]:
        said = amount if alarm.source is RainSource.RADAR and code in alarm.source_id else ""
        lines.append(SourceLine(QCoreApplication.translate("Evidence", "Radar"), f"{code}  {said}".strip(), at))
    begin_at = last.at - timedelta(hours=alarm.window_h)
    sums = [f.at for f in known.rates if f.is_sum and begin_at < f.at <= last.at and not math.isnan(f.rates[0])]
    if sums and alarm.source is RainSource.RADAR:
        lines.append(
            SourceLine(
                QCoreApplication.translate("Evidence", "Archive"),
                QCoreApplication.translate("Evidence", "hourly radar sums"),
                max(sums),
            )
        )
    coverage = QCoreApplication.translate("Evidence", "{share} of {hours} h").format(share=share, hours=alarm.window_h)
    lines.append(SourceLine(QCoreApplication.translate("Evidence", "Window"), coverage, last.at))
    return lines
