"""The curve of a point's rain against its thresholds, and the rain of each step under it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from models.hazard.level import Level
from widgets import pieces, words
from widgets import theme as look
from widgets.painted import Painted
from widgets.pieces import Fill, Mark, Piece, Text
from widgets.warning.sheet import Evidence

_LEFT_PX = 44.0
_RIGHT_PX = 28.0
_TOP_PX = 22.0
_BARS_PX = 34.0
_AXIS_PX = 20.0
_MARK_ROOM_PX = 15.0
_LEAST_PX = 132


def nice_step(most: float, ticks: int = 4) -> float:
    """Return a round step that divides 0..most into about so many parts."""
    raw = max(most, 1e-9) / ticks
    power = 10.0 ** math.floor(math.log10(raw))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= raw)


class EvidenceChart(Painted):
    """Rain summed over the window, with gaps where nothing came in."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=210)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._evidence: Evidence | None = None

    def minimumSizeHint(self) -> QSize:
        return QSize(120, _LEAST_PX)

    def show_evidence(self, evidence: Evidence | None) -> None:
        """Show the curve of one alarm."""
        self._evidence = evidence
        self.update()

    def _plot(self) -> QRectF:
        height = self.height() - _TOP_PX - _BARS_PX - _AXIS_PX - 8
        return QRectF(_LEFT_PX, _TOP_PX, self.width() - _LEFT_PX - _RIGHT_PX, height)

    def _top_mm(self, evidence: Evidence) -> float:
        values = [v for v in evidence.rain_mm if math.isfinite(v)]
        highest = max([*values, evidence.value_mm if math.isfinite(evidence.value_mm) else 0.0, 1.0])
        above = [mm for _, mm in evidence.thresholds if mm >= highest]
        known = [mm for _, mm in evidence.thresholds if mm <= highest]
        return max([highest, *known, *sorted(above)[:2]]) * 1.12

    def pieces(self) -> list[Piece]:
        """Return texts, ticks, thresholds and bars; the curve is painted over them."""
        evidence = self._evidence
        if evidence is None or not evidence.times:
            room = QRectF(look.EDGE_PX, 20, self.width() - 2 * look.EDGE_PX, 18)
            return [Text(room, self.tr("No curve: this alarm has no series of rain."), look.SECOND_PX, "quiet")]
        plot, top = self._plot(), self._top_mm(evidence)
        title = self.tr("{window} sum mm").format(window=words.window(evidence.window_h))
        laid: list[Piece] = list(
            pieces.line(_LEFT_PX, plot.right(), 14, [pieces.Run(title, look.SECOND_PX, "quiet", elide=True)])
        )
        step = nice_step(top, max(1, min(4, int(plot.height() // 20))))
        value = 0.0
        while value <= top:
            y = self._y(value, plot, top)
            laid.append(
                Text(QRectF(4, y - 8, _LEFT_PX - 10, 16), words.number(value, 0), look.KEY_PX, "quiet", "right")
            )
            laid.append(Fill(QRectF(plot.left(), y, plot.width(), 1), "line"))
            value += step
        laid += self._bars(evidence, plot)
        laid += self._hours(evidence, plot)
        low = float(self.height())
        for level, mm in self._shown_thresholds(evidence, plot, top):
            if mm <= top:
                y = self._y(mm, plot, top)
                laid.append(Fill(QRectF(plot.left(), y - 1, plot.width(), 2), f"fill.{level.value}"))
                # Marks of close thresholds are moved apart, their lines stay.
                low = y = min(y, low - _MARK_ROOM_PX)
                laid.append(Mark(QRectF(plot.right() + 6, y - 7, 14, 14), level, tip=self._threshold_tip(level, mm)))
        return laid

    def _shown_thresholds(self, evidence: Evidence, plot: QRectF, top: float) -> list[tuple[Level, float]]:
        """Return all thresholds, or the one crossed and the next where their marks would lie on each other."""
        shown = sorted((t for t in evidence.thresholds if t[1] <= top), key=lambda t: t[1])
        close = any((b - a) / top * plot.height() < _MARK_ROOM_PX for (_, a), (_, b) in pairwise(shown))
        if not close:
            return shown
        crossed = [t for t in shown if t[1] <= evidence.threshold_mm]
        above = [t for t in shown if t[1] > evidence.threshold_mm]
        return crossed[-1:] + above[:1]

    def _threshold_tip(self, level: Level, mm: float) -> str:
        return f"{words.level_name(level)} {words.millimeters(mm)} mm"

    def _bars(self, evidence: Evidence, plot: QRectF) -> list[Piece]:
        bars = [v if math.isfinite(v) else math.nan for v in evidence.bars_mm]
        known = [v for v in bars if math.isfinite(v)]
        foot = self.height() - _AXIS_PX
        label = self.tr("{n} min").format(n=evidence.bar_minutes)
        laid: list[Piece] = [Text(QRectF(2, foot - 14, _LEFT_PX - 8, 14), label, look.KEY_PX, "quiet", "right")]
        laid.append(Fill(QRectF(plot.left(), foot, plot.width(), 1), "line"))
        if not known or max(known) <= 0:
            return laid
        wide = plot.width() / max(1, len(bars))
        for number, mm in enumerate(bars):
            if math.isfinite(mm) and mm > 0:
                high = max(1.0, mm / max(known) * (_BARS_PX - 6))
                x = plot.left() + number * wide
                laid.append(Fill(QRectF(x + 0.5, foot - high, max(1.0, wide - 1.5), high), "bar"))
        return laid

    def _hours(self, evidence: Evidence, plot: QRectF) -> list[Piece]:
        first, last = evidence.times[0], evidence.times[-1]
        laid: list[Piece] = []
        places = (0.0, 0.5, 1.0) if plot.width() < 320 else (0.0, 1 / 3, 2 / 3, 1.0)
        for share in places:
            at = first + (last - first) * share
            x = plot.left() + plot.width() * share
            rect = QRectF(x - 22, self.height() - _AXIS_PX + 3, 44, 16)
            laid.append(Text(rect, words.clock(at), look.KEY_PX, "quiet", "center"))
            laid.append(Fill(QRectF(x, plot.top(), 1, self.height() - _AXIS_PX - plot.top()), "line"))
        return laid

    def _y(self, mm: float, plot: QRectF, top: float) -> float:
        return plot.bottom() - mm / top * plot.height()

    def _stretches(self, evidence: Evidence, plot: QRectF, top: float) -> Iterator[list[QPointF]]:
        """Yield the stretches of the curve between gaps, px."""
        first, last = evidence.times[0], evidence.times[-1]
        whole = (last - first) or timedelta(seconds=1)
        stretch: list[QPointF] = []
        for at, mm in zip(evidence.times, evidence.rain_mm, strict=True):
            if math.isfinite(mm):
                stretch.append(QPointF(plot.left() + _share(at - first, whole) * plot.width(), self._y(mm, plot, top)))
            elif stretch:
                yield stretch
                stretch = []
        if stretch:
            yield stretch

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        evidence = self._evidence
        if evidence is None or not evidence.times:
            return
        theme, plot, top = look.current(), self._plot(), self._top_mm(evidence)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("text"), 2.0))
        end: QPointF | None = None
        for stretch in self._stretches(evidence, plot, top):
            path = QPainterPath(stretch[0])
            for place in stretch[1:]:
                path.lineTo(place)
            painter.drawPath(path)
            end = stretch[-1]
        if end is not None:
            painter.setBrush(theme.color("text"))
            painter.drawEllipse(end, 3.5, 3.5)
        painter.end()


def _share(part: timedelta, whole: timedelta) -> float:
    return part / whole
