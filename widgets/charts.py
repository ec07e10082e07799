"""Curves of pyqtgraph in the house's look: no frame, no menu, no antialiasing."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from models.hazard.level import Level
from widgets import pieces, words
from widgets import theme as look
from widgets.map.card_values import RainHours
from widgets.painted import Painted
from widgets.pieces import Fill, Mark, Piece, Run, Text
from widgets.theme import Theme

HEIGHT_PX = 150
_LEFT_PX, _RIGHT_PX, _TOP_PX, _AXIS_PX = 52.0, 36.0, 8.0, 20.0
_BARS_SHARE = 0.30
_MARK_PX = 14.0
_LEAST_GAP_PX = 12.0
_DOT_PX = 7
_LEAST_LINE_H = 4
_SPARE_PX = 5
"""The view reaches so far beyond its axes, or the mark at the curve's end would be cut."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A threshold as a line over the curve: where the curve reaches ``at_mm``, the rain of ``window_h`` reaches ``mm``.

    The line of the whole span goes from end to end, that of a shorter window over its hours only: it stands on what
    had come in before them.
    """

    level: Level
    mm: float
    at_mm: float
    window_h: int = 0


class RainCurve(Painted):
    """The rain of a day: how much has come in altogether, against the thresholds of the day, and each hour as a bar.

    Where nobody has entered thresholds of the day, the window that is nearest to the next level has its lines.

    Words and figures are painted by the house; curve, bars and lines by pyqtgraph, which is loaded at the first
    curve or by `warm`.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=HEIGHT_PX)
        self._rain: RainHours | None = None
        self._plot: _Plot | None = None
        self._making: Iterator[_Plot | None] | None = None

    def show_rain(self, rain: RainHours | None) -> None:
        """Show the rain of a day, None for nothing known."""
        self._rain = rain
        if rain is not None and self._known():
            self.warm()
        self._draw()
        self.update()

    def _draw(self) -> None:
        rain = self._rain
        if self._plot is not None:
            self._plot.view.setVisible(self._known())
            if self._known() and rain is not None:
                self._plot.show_rain(rain, self._top(), self._shown_thresholds())

    def warm(self) -> None:
        """Make the plot before it is asked for."""
        while not self.warm_some():
            pass

    def warm_some(self) -> bool:
        """Make a part of the plot, a few milliseconds of it; return whether all of it is there."""
        if self._plot is None:
            if self._making is None:
                self._making = _Plot.made(self)
            self._plot = next(self._making)
            if self._plot is not None:
                self._making = None
                self._place()
                self._plot.view.setVisible(False)
        return self._plot is not None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
        self._draw()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._plot is not None:
            self._plot.show_theme(look.current())
        super().paintEvent(event)

    def pieces(self) -> list[Piece]:
        """Return figures, times and marks; the curve lies in the middle of them."""
        rain = self._rain
        if rain is None or not self._known():
            text = QCoreApplication.translate("RainCurve", "No rain has come in for this place.")
            return list(
                pieces.line(
                    look.EDGE_PX, self.width() - look.EDGE_PX, 20, [Run(text, look.SECOND_PX, "quiet", elide=True)]
                )
            )
        room, top = self._room(), self._top()
        laid: list[Piece] = [
            _at_left("0", self._y(0.0), room),
            Fill(QRectF(room.left() - 4, self._y(0.0), 4, 1), "line"),
        ]
        shown = self._shown_thresholds()
        free = self._y(0.0) - 4
        for limit in shown:
            y = self._y(limit.at_mm)
            said = words.millimeters(limit.mm)
            tip = f"{words.level_name(limit.level)} {said} mm"
            if limit.window_h:
                said, tip = (f"{words.window(limit.window_h)} {each}" for each in (said, tip))
            if y < free - _LEAST_GAP_PX / 2:
                laid.append(_at_left(said, y, room))
                free = y - _LEAST_GAP_PX
            laid.append(Mark(QRectF(room.right() + 8, y - _MARK_PX / 2, _MARK_PX, _MARK_PX), limit.level, tip=tip))
        if not shown:
            laid.append(_at_left(words.number(top, 0), self._y(top), room))
        laid += self._foot(rain, room)
        return laid

    def _foot(self, rain: RainHours, room: QRectF) -> list[Piece]:
        step = words.window(rain.step_min / 60)
        foot = room.bottom()
        laid: list[Piece] = [Text(QRectF(2, foot - 15, room.left() - 8, 14), step, look.KEY_PX, "quiet", "right")]
        most = max((mm for mm in rain.rain_mm if math.isfinite(mm)), default=0.0)
        if most > 0:
            tip = QCoreApplication.translate("RainCurve", "the most of one step, mm")
            place = QRectF(room.right() + 6, foot - self._bars_px() * 0.66 - 8, _RIGHT_PX - 6, 14)
            laid.append(Text(place, words.number(most), look.KEY_PX, "quiet", tip=tip))
        span = timedelta(minutes=rain.step_min) * len(rain.rain_mm)
        ticks = 4 if room.width() >= 220 else 2
        for i in range(ticks + 1):
            x = room.left() + room.width() * i / ticks
            clock = words.clock(rain.end_at - span * (1 - i / ticks))
            laid.append(Text(QRectF(x - 20, foot + 3, 40, 14), clock, look.KEY_PX, "quiet", "center"))
        return laid

    def _known(self) -> bool:
        return self._rain is not None and any(math.isfinite(mm) for mm in self._rain.rain_mm)

    def _top(self) -> float:
        """Return the upper end of the scale in mm: the next threshold, or what has come in."""
        total = self._rain.total_mm if self._rain is not None and math.isfinite(self._rain.total_mm) else 0.0
        limits = [limit.at_mm for limit in self._limits()]
        following = [mm for mm in limits if mm > total]
        return max([total, *following[:1], *(mm for mm in limits if mm <= total), 1.0]) * 1.12

    def _limits(self) -> list[Limit]:
        """Return the thresholds of the whole span, else those of the window that is nearest to the next level."""
        rain = self._rain
        if rain is None:
            return []
        if rain.thresholds:
            return sorted((Limit(level, mm, mm) for level, mm in rain.thresholds), key=lambda limit: limit.mm)
        windows = {window_h: _within(rain, window_h) for window_h, _, _ in rain.shorter}
        reached = max((level.rank for h, level, mm in rain.shorter if mm <= windows[h][1]), default=0)
        ahead = [
            (mm - windows[h][1], h) for h, level, mm in rain.shorter if mm > windows[h][1] and level.rank > reached
        ]
        worst = [(0.0, h) for h, level, mm in rain.shorter if level.rank == reached and mm <= windows[h][1]]
        _, window_h = min(ahead or worst, default=(0.0, 0))
        before, within = windows.get(window_h, (0.0, 0.0))
        its = sorted((mm, level) for h, level, mm in rain.shorter if h == window_h)
        shown = [(mm, level) for mm, level in its if mm <= within or level.rank > reached]
        return [Limit(level, mm, before + mm, window_h) for mm, level in shown]

    def _shown_thresholds(self) -> list[Limit]:
        """Return the thresholds that were reached and the next one, the lowest first; of those too close the higher."""
        top = self._top()
        room = self._room().height() * (1 - _BARS_SHARE)
        out: list[Limit] = []
        for limit in self._limits():
            if limit.at_mm > top:
                break
            if out and (limit.at_mm - out[-1].at_mm) / top * room < _LEAST_GAP_PX:
                out.pop()
            out.append(limit)
        return out

    def _room(self) -> QRectF:
        return QRectF(_LEFT_PX, _TOP_PX, self.width() - _LEFT_PX - _RIGHT_PX, self.height() - _TOP_PX - _AXIS_PX)

    def _bars_px(self) -> float:
        return self._room().height() * _BARS_SHARE

    def _y(self, mm: float) -> float:
        room = self._room()
        curve_px = room.height() - self._bars_px()
        return room.top() + curve_px * (1 - mm / self._top())

    def _place(self) -> None:
        if self._plot is not None:
            self._plot.view.setGeometry(self._room().adjusted(-_SPARE_PX, 0, _SPARE_PX, 0).toRect())


def _within(rain: RainHours, window_h: int) -> tuple[float, float]:
    """Return how much had come in before the last hours, and within them."""
    steps = round(window_h * 60 / rain.step_min)
    parts = (rain.rain_mm[:-steps], rain.rain_mm[-steps:])
    before, within = (sum(mm for mm in part if math.isfinite(mm)) for part in parts)
    return before, within


def _from_step(limit: Limit, rain: RainHours) -> float:
    """Return at which step a limit's line begins: with its window, but never too short to be seen."""
    hours = max(limit.window_h, _LEAST_LINE_H) if limit.window_h else math.inf
    return max(0.0, len(rain.rain_mm) - hours * 60 / rain.step_min)


def _at_left(text: str, y: float, room: QRectF) -> Text:
    return Text(QRectF(2, y - 8, room.left() - 8, 16), text, look.KEY_PX, "quiet", "right")


class _Plot:
    """pyqtgraph's part: one view whose items are kept and get other data."""

    def __init__(self, pg: Any, view: Any, box: Any, items: dict[str, Any]) -> None:
        self._pg, self.view, self._box = pg, view, box
        self._grid, self._bars, self._curve, self._end = (items[name] for name in ("grid", "bars", "curve", "end"))
        self._lines = {level: items[level.value] for level in Level if level.is_alarm}
        self._theme: Theme | None = None
        self.show_theme(look.current())

    @classmethod
    def made(cls, parent: QWidget) -> Iterator[_Plot | None]:
        """Yield None after each part, and the plot at last: the first plot of a program takes 40 ms in all."""
        import pyqtgraph as pg  # noqa: PLC0415 - a third of a second that a start need not wait for

        yield None
        view = pg.GraphicsView(parent, useOpenGL=False)
        yield None
        view.setFrameStyle(0)
        view.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        view.setVisible(False)
        yield None
        box = pg.ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0.0)
        yield None
        view.setCentralItem(box)
        items: dict[str, Any] = {"grid": pg.PlotCurveItem(antialias=False)}
        yield None
        items["bars"] = pg.BarGraphItem(x=[0], height=[0], width=0.8)
        yield None
        items |= {level.value: pg.PlotCurveItem(antialias=False) for level in Level if level.is_alarm}
        items["curve"] = pg.PlotCurveItem(antialias=False)
        yield None
        items["end"] = pg.PlotCurveItem(antialias=True)
        yield None
        for item in items.values():
            box.addItem(item, ignoreBounds=True)
        yield cls(pg, view, box, items)

    def show_theme(self, theme: Theme) -> None:
        """Take a theme's inks."""
        if theme is self._theme:
            return
        self._theme, pg = theme, self._pg
        self.view.setBackground(theme.color("panel"))
        self._grid.setPen(pg.mkPen(theme.color("line"), width=1))
        self._bars.setOpts(brush=pg.mkBrush(theme.color("bar")), pen=pg.mkPen(None))
        self._curve.setPen(pg.mkPen(theme.color("text"), width=1.6))
        # A line without length and with a round end is a dot: pyqtgraph's own takes 50 ms to make the first time.
        dot = pg.mkPen(theme.color("text"), width=_DOT_PX)
        dot.setCapStyle(Qt.PenCapStyle.RoundCap)
        self._end.setPen(dot)
        for level, line in self._lines.items():
            line.setPen(pg.mkPen(theme.level_fill(level), width=2))

    def show_rain(self, rain: RainHours, top_mm: float, limits: list[Limit]) -> None:
        """Show other rain: the curve above zero, the bars under it on a scale of their own."""
        steps = len(rain.rain_mm)
        fallen = np.array(rain.rain_mm, float)
        known = np.isfinite(fallen)
        total = np.concatenate([[0.0], np.cumsum(np.where(known, fallen, 0.0))])
        # A gap stays a gap: the curve ends where data end and goes on, level, where they come again.
        total[1:][~known] = np.nan
        if not known[0]:
            total[0] = np.nan
        x = np.arange(steps + 1, dtype=float)
        low = -top_mm * _BARS_SHARE / (1 - _BARS_SHARE)
        spare = _SPARE_PX * steps / max(1.0, self.view.width() - 2 * _SPARE_PX)
        self._box.setRange(xRange=(-spare, steps + spare), yRange=(low, top_mm), padding=0, disableAutoRange=True)
        ticks = np.repeat(np.linspace(0, steps, 5), 2)
        grid_x = np.concatenate([ticks, [0, steps, 0, steps]])
        grid_y = np.concatenate([np.tile([low, top_mm], 5), [0, 0, low, low]])
        self._grid.setData(grid_x, grid_y, connect="pairs")
        self._curve.setData(x, total, connect="finite")
        most = float(np.nanmax(fallen)) if known.any() else 0.0
        height = np.where(known, fallen, 0.0) / max(most, 0.1) * -low * 0.66
        self._bars.setOpts(x=x[:-1] + 0.5, height=height, y0=np.full(steps, low), width=0.8)
        last = int(np.flatnonzero(known)[-1]) + 1
        self._end.setData([x[last], x[last] + 1e-6 * steps], [total[last]] * 2)
        shown = {limit.level: limit for limit in limits}
        for level, line in self._lines.items():
            limit = shown.get(level)
            line.setData(
                [] if limit is None else [_from_step(limit, rain), float(steps)],
                [] if limit is None else [limit.at_mm, limit.at_mm],
            )
