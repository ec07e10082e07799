"""The one time axis: radar frames, rain of the county, alarms, warnings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from app import showing
from app.desks import Desks
from models.hazard.level import Level
from models.rain.observations import GaugeReport
from models.warning.warning import MessageType, WarningState, WeatherWarning
from widgets.map.time_line import RainBar, TimeBar, TimeLine, TimeMark

SPAN = timedelta(hours=3)
AHEAD = timedelta(minutes=30)
BAR = timedelta(minutes=10)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHOWN = {WarningState.ISSUED, WarningState.REPLACED, WarningState.LIFTED, WarningState.EXPIRED}


def show(line: TimeLine, desks: Desks, rain: tuple[RainBar, ...]) -> None:
    """Lay what the desks hold on the axis; ``rain`` is made by `rain_bars`."""
    now = desks.clock.now()
    begin = now - SPAN
    axis = line.axis
    axis.show_span(begin, now + AHEAD, now)
    frames = desks.radar.frames
    shown = desks.radar.shown
    axis.show_frames(frames, shown.at if shown else None, desks.radar.step_of_frames)
    axis.show_rain(bar for bar in rain if bar.start_at >= begin)
    axis.show_alarms(TimeMark(a.raised_at, a.level, a.point_name) for a in desks.alarms.alarms if a.raised_at >= begin)
    axis.show_warnings(warning_bars(desks, now))
    line.show_playing(desks.radar.playing)


def rain_bars(reports: Sequence[GaugeReport], now: datetime) -> tuple[RainBar, ...]:
    """Return the mean of all gauges in steps of ten minutes; a step without a report is a gap. For a job."""
    total: dict[datetime, list[float]] = defaultdict(list)
    longest = BAR / timedelta(minutes=1)
    for report in reports:
        if now - SPAN - BAR < report.at <= now and report.minutes <= longest:
            end_at = report.at + (_EPOCH - report.at) % BAR
            total[end_at].append(report.rain_mm * longest / report.minutes)
    return tuple(RainBar(end - BAR, end, sum(values) / len(values)) for end, values in sorted(total.items()))


def warning_bars(desks: Desks, now: datetime) -> tuple[TimeBar, ...]:
    """Return one bar for each chain of warnings, with the level at each message, and the draft's."""
    chains: dict[str, list[WeatherWarning]] = defaultdict(list)
    for warning in desks.warnings.warnings:
        if warning.state in _SHOWN and warning.issued_at is not None:
            chains[warning.chain_id].append(warning)
    bars = []
    for chain in chains.values():
        chain.sort(key=lambda w: w.issued_at or now)
        last = chain[-1]
        lifted = last.message_type is MessageType.CANCEL  # a lifting ends the bar and has no level of its own
        levels = tuple(
            (w.issued_at, w.level)
            for w in chain
            if w.issued_at is not None and w.message_type is not MessageType.CANCEL
        )
        end = last.issued_at if lifted else (last.ended_at or last.expires_at)
        bars.append(TimeBar(showing.signal_name(last), levels, end or now))
    draft = desks.warnings.drafts.draft
    if draft is not None and draft.warning.level is not Level.NONE:
        end_at = now + timedelta(hours=draft.warning.valid_hours)
        bars.append(TimeBar(showing.signal_name(draft.warning), ((now, draft.warning.level),), end_at, draft=True))
    return tuple(bars)
