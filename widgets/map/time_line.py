"""One axis of time for radar, rain, alarms and warnings; gaps are seen as gaps."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from models.hazard.level import Level
from widgets import pieces, words
from widgets import theme as look
from widgets.action_button import ActionButton
from widgets.painted import Painted
from widgets.pieces import Fill, Frame, Mark, Piece, Run, Text

_AXIS_PX = 28.0
# A lane is as high as the room allows, within these; a warning takes this part of a lane.
_LANE_PX, _LEAST_LANE_PX = 30.0, 14.0
_WARNING_SHARE = 0.8
_HEAD_PX = 76.0
_TAIL_PX = 16.0
_TICK_PX = 80.0
_STEPS_MIN = (5, 10, 15, 30, 60, 120, 180, 360, 720, 1440)


@dataclass(frozen=True, slots=True)
class RainBar:
    """Rain of a span of time, in mm; NaN where nothing was reported."""

    start_at: datetime
    end_at: datetime
    rain_mm: float


@dataclass(frozen=True, slots=True)
class TimeMark:
    """A level at a moment, such as an alarm; ``words`` is its tooltip."""

    at: datetime
    level: Level
    words: str = ""


@dataclass(frozen=True, slots=True)
class TimeBar:
    """A warning: what it is called, and from when on which level holds, until it ends.

    ``levels`` are (from, level) pairs in order; ``draft`` is drawn as an empty frame.
    """

    name: str
    levels: tuple[tuple[datetime, Level], ...]
    end_at: datetime
    draft: bool = False


class TimeAxis(Painted):
    """The lanes; see `TimeLine`.

    Signals
    -------
    frame_requested(object)  the operator wants the radar frame of this time (datetime)
    """

    frame_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=round(_AXIS_PX + 3 * _LANE_PX + 8))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._start: datetime | None = None
        self._end: datetime | None = None
        self._now: datetime | None = None
        self._frames: tuple[datetime, ...] = ()
        self._step = timedelta(minutes=6)
        self._current: datetime | None = None
        self._rain: tuple[RainBar, ...] = ()
        self._marks: tuple[TimeMark, ...] = ()
        self._bars: tuple[TimeBar, ...] = ()

    def show_span(self, start: datetime, end: datetime, now: datetime) -> None:
        """Show the time from ``start`` to ``end``; ``now`` is the upright line."""
        self._start, self._end, self._now = start, max(end, now, start + timedelta(minutes=10)), now
        self.update()

    def show_frames(self, frames: Iterable[datetime], current: datetime | None, step: timedelta) -> None:
        """Show which radar frames are there, which of them lies on the map, and how often one is due."""
        self._frames, self._current, self._step = tuple(sorted(frames)), current, step
        self.update()

    def show_rain(self, bars: Iterable[RainBar]) -> None:
        """Show rain by spans of time."""
        self._rain = tuple(bars)
        self.update()

    def show_alarms(self, marks: Iterable[TimeMark]) -> None:
        """Show alarms when they were raised."""
        self._marks = tuple(sorted(marks, key=lambda mark: mark.level.rank))
        self.update()

    def show_warnings(self, bars: Iterable[TimeBar]) -> None:
        """Show warnings as bars, one lane each, as many as the room allows: the first ones."""
        self._bars = tuple(bars)
        self.update()

    @property
    def frames(self) -> tuple[datetime, ...]:
        """Times of the radar frames that are there, oldest first."""
        return self._frames

    def gaps(self) -> tuple[tuple[datetime, datetime], ...]:
        """Return spans in which a radar frame was due and none came: between the frames either side."""
        due = self._step * 1.5
        pairs = zip(self._frames, self._frames[1:], strict=False)
        gaps = [(before, after) for before, after in pairs if after - before > due]
        if self._frames and self._now is not None and self._now - self._frames[-1] > 2 * self._step:
            gaps.append((self._frames[-1], self._now))
        return tuple(gaps)

    def x_of(self, at: datetime) -> float:
        """Return where a time stands, in the widget's own pixels."""
        if self._start is None or self._end is None:
            return _HEAD_PX
        share = (at - self._start) / (self._end - self._start)
        return _HEAD_PX + share * (self.width() - _HEAD_PX - _TAIL_PX)

    def lane_px(self) -> float:
        """Return the height of a lane in the room there is."""
        lanes = 3 + _WARNING_SHARE * max(1, len(self._bars))
        return min(_LANE_PX, max(_LEAST_LANE_PX, (self.height() - _AXIS_PX - 4) / lanes))

    def pieces(self) -> list[Piece]:
        """Return what is painted."""
        lanes = (self.tr("Radar"), self.tr("Rain"), self.tr("Alarms"))
        laid: list[Piece] = []
        lane = self.lane_px()
        for i, word in enumerate(lanes):
            base = _AXIS_PX + (i + 0.5) * lane + 4.5
            laid += pieces.line(0, _HEAD_PX - 8, base, [Run(word, look.SECOND_PX, "quiet", elide=True)])
        if self._start is None or self._end is None or self._now is None:
            note = self.tr("Radar frames, rain, alarms and warnings stand here as they come.")
            return laid + list(
                pieces.line(_HEAD_PX, self.width() - 8.0, 19, [Run(note, look.SECOND_PX, "quiet", elide=True)])
            )
        laid += self._ticks()
        laid += self._radar_lane(_AXIS_PX, lane)
        laid += self._rain_lane(_AXIS_PX + lane, lane)
        for mark in self._marks:
            if self._inside(mark.at):
                rect = QRectF(self.x_of(mark.at) - 7, round(_AXIS_PX + 2.5 * lane - 7), 14, 14)
                laid.append(Mark(rect, mark.level, tip=mark.words))
        high = lane * _WARNING_SHARE
        top = _AXIS_PX + 3 * lane
        for i, bar in enumerate(self._bars[: max(0, int((self.height() - top) / high))]):
            laid += self._warning_lane(bar, round(top + (i + 0.5) * high))
        return laid + self._now_line()

    def _inside(self, at: datetime) -> bool:
        return self._start is not None and self._end is not None and self._start <= at <= self._end

    def _ticks(self) -> list[Piece]:
        start, end = self._start, self._end
        if start is None or end is None:
            return []
        room = self.width() - _HEAD_PX - _TAIL_PX
        minutes = (end - start).total_seconds() / 60
        step = next((s for s in _STEPS_MIN if s * room / minutes >= _TICK_PX), _STEPS_MIN[-1])
        local = start.astimezone(words.OFFICE_ZONE)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        at = midnight + timedelta(minutes=step * -(-((local - midnight).total_seconds() / 60) // step))
        laid: list[Piece] = []
        while at <= end:
            x = round(self.x_of(at))
            laid.append(Fill(QRectF(x, _AXIS_PX - 4, 1, self.height() - _AXIS_PX), "line"))
            if self._now is None or abs(x - self.x_of(self._now)) > 48:
                laid.append(Text(QRectF(x - 24, 8, 48, 16), words.clock(at), look.KEY_PX, "quiet", "center"))
            at += timedelta(minutes=step)
        return laid

    def _radar_lane(self, top: float, lane: float) -> list[Piece]:
        laid: list[Piece] = []
        middle = round(top + lane / 2)
        for at in self._frames:
            if self._inside(at):
                x = round(self.x_of(at))
                current = at == self._current
                laid.append(Fill(QRectF(x - 3, middle - 6, 7, 12), "text" if current else "bar", tip=words.clock(at)))
                if current:
                    laid.append(Frame(QRectF(x - 6, middle - 9, 13, 18), "outline", 1.0))
        for before, after in self.gaps():
            if self._inside(before) or self._inside(after):
                left, right = self.x_of(before) + 8, self.x_of(after) - 8
                tip = self.tr("no radar frame from {a} to {b}").format(a=words.clock(before), b=words.clock(after))
                room = QRectF((max(left, _HEAD_PX) + right) / 2 - 14, middle - 9, 28, 18)
                word = self.tr("gap") if right - left >= room.width() else ""  # a short one is seen without it
                if word:
                    laid.append(Fill(room.adjusted(2, 3, -2, -3), "panel"))  # no hour line goes through the word
                laid.append(Text(room, word, look.KEY_PX, "quiet", "center", tip=tip))
        return laid

    def _rain_lane(self, top: float, lane: float) -> list[Piece]:
        laid: list[Piece] = []
        most = max((bar.rain_mm for bar in self._rain if bar.rain_mm == bar.rain_mm), default=0.0)
        floor = round(top + lane - 2)
        for bar in self._rain:
            if not (self._inside(bar.start_at) or self._inside(bar.end_at)):
                continue
            left, right = max(_HEAD_PX, self.x_of(bar.start_at)), self.x_of(bar.end_at)
            if bar.rain_mm != bar.rain_mm:
                room = QRectF((left + right) / 2 - 14, floor - 16, 28, 16)
                laid.append(Text(room, self.tr("gap"), look.KEY_PX, "quiet", "center"))
                continue
            high = (lane - 5) * bar.rain_mm / most if most > 0 else 0.0
            span = f"{words.clock(bar.start_at)}-{words.clock(bar.end_at)}"
            tip = self.tr("{span}: {mm} mm").format(span=span, mm=words.number(bar.rain_mm))
            rect = QRectF(left + 0.5, floor - max(high, 1.0), max(1.0, right - left - 1), max(high, 1.0))
            laid.append(Fill(rect, "bar", tip=tip))
        return laid

    def _warning_lane(self, bar: TimeBar, middle: float) -> list[Piece]:
        laid: list[Piece] = list(
            pieces.line(0, _HEAD_PX - 8, middle + 4.5, [Run(bar.name, look.SECOND_PX, "quiet", elide=True)])
        )
        ends = [at for at, _ in bar.levels[1:]] + [bar.end_at]
        right_edge = self.width() - _TAIL_PX
        for (at, level), end in zip(bar.levels, ends, strict=True):
            left = max(_HEAD_PX, self.x_of(at))
            right = min(right_edge, self.x_of(end))
            if right <= left:
                continue
            rect = QRectF(left, middle - 3, right - left, 6)
            if not bar.draft:
                laid += [Fill(rect, "text"), Fill(rect.adjusted(0, 1, 0, -1), f"fill.{level.value}")]
            else:
                laid.append(Frame(rect, "text", dashed=True))
        for at, level in bar.levels:
            x = self.x_of(at)
            if x >= _HEAD_PX - 8:
                laid.append(Mark(QRectF(x - 7, middle - 7, 14, 14), level))
        until = self.tr("until {time}").format(time=words.clock(bar.end_at))
        room = pieces.width_of(until, look.KEY_PX) + 8
        left = self.x_of(bar.end_at) + 6
        if left + room <= self.width():
            laid += pieces.line(left, left + room, middle + 4, [Run(until, look.KEY_PX, "quiet")])
        return laid

    def _now_line(self) -> list[Piece]:
        if self._now is None:
            return []
        x = round(self.x_of(self._now))
        left = min(max(0.0, x - 24.0), self.width() - 48.0)
        return [
            Fill(QRectF(x, 24, 1, self.height() - 24), "text"),
            Fill(QRectF(left, 5, 48, 20), "text", 3.0),
            Text(QRectF(left, 5, 48, 20), words.clock(self._now), look.BODY_PX, "panel", "center"),
        ]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._frames:
            self.frame_requested.emit(self.frame_near(event.position()))
        else:
            event.ignore()

    def frame_near(self, place: QPointF) -> datetime:
        """Return the frame whose mark is nearest to a place, by its x."""
        xs = [self.x_of(at) for at in self._frames]
        i = bisect_left(xs, place.x())
        near = [k for k in (i - 1, i) if 0 <= k < len(xs)]
        return self._frames[min(near, key=lambda k: abs(xs[k] - place.x()))]


class TimeLine(QWidget):
    """Buttons at the left, the axis beside them.

    Signals
    -------
    frame_requested(object)  show the radar frame of this time (datetime)
    step_requested(int)      one frame back (-1) or on (+1)
    now_requested()          back to the newest frame
    play_requested(bool)     play the frames, or stop
    """

    frame_requested = Signal(object)
    step_requested = Signal(int)
    now_requested = Signal()
    play_requested = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.axis = TimeAxis(self)
        self.back = ActionButton("◀", "Left", self)
        self.on = ActionButton("▶", "Right", self)
        stop = ActionButton(self.tr("Stop"), "Space", self)
        self.play = ActionButton(self.tr("Play"), "Space", self)
        self.play.setMinimumWidth(max(stop.sizeHint().width(), self.play.sizeHint().width()))
        stop.deleteLater()
        self.play.setCheckable(True)
        self.now = ActionButton(self.tr("Now"), "Home", self)
        self.back.setAccessibleName(self.tr("one frame back"))
        self.on.setAccessibleName(self.tr("one frame on"))
        steps, play = QHBoxLayout(), QHBoxLayout()
        for row, buttons in ((steps, (self.back, self.on)), (play, (self.play, self.now))):
            row.setSpacing(2 * look.STEP_PX)
            for button in buttons:
                row.addWidget(button)
            row.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(2 * look.STEP_PX)
        column.addLayout(steps)
        column.addLayout(play)
        column.addStretch(1)
        room = QHBoxLayout(self)
        room.setContentsMargins(look.EDGE_PX, 8, 0, 0)
        room.setSpacing(look.EDGE_PX)
        room.addLayout(column)
        room.addWidget(self.axis, 1)
        self.axis.frame_requested.connect(self.frame_requested)
        self.back.clicked.connect(self._on_back)
        self.on.clicked.connect(self._on_on)
        self.now.clicked.connect(self._on_now)
        self.play.toggled.connect(self.play_requested)

    def show_playing(self, playing: bool) -> None:
        """Show whether the frames are running."""
        self.play.blockSignals(True)
        self.play.setChecked(playing)
        self.play.blockSignals(False)
        self.play.setText(self.tr("Stop") if playing else self.tr("Play"))
        self.play.updateGeometry()

    def _on_back(self) -> None:
        self.step_requested.emit(-1)

    def _on_on(self) -> None:
        self.step_requested.emit(1)

    def _on_now(self) -> None:
        self.now_requested.emit()
