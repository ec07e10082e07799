"""Threshold rows of a card: each window on a linear scale up to red, with the rain as a bar."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from PySide6.QtCore import QCoreApplication, QRectF

from models.hazard.alarms import PointVerdict, WindowVerdict
from models.hazard.level import RISING, Level
from models.hazard.register import HazardPoint, Threshold
from models.rain.windows import FULL
from widgets import pieces, words
from widgets import theme as look
from widgets.map.card_parts import EDGE, LINE_PX, ROW_PX, Layout, quiet
from widgets.pieces import Fill, Frame, Mark, Piece, Run

_WINDOW_PX = 38.0
_WORDS_PX = 19.0
_CLOSE_PX = 8.0
_FIGURE_RIGHT_PX = 104.0
_BAR_LEFT_PX = 116.0
_LABEL_GAP_PX = 5.0
translate = QCoreApplication.translate


def lay_thresholds(
    at: Layout,
    point: HazardPoint,
    verdict: PointVerdict | None,
    forecast_mm: Mapping[int, float],
    moment: Sequence[Run],
    *,
    close: bool = False,
) -> None:
    """Lay the thresholds of a point with the rain that has come, and the rain that is expected where there is any.

    ``moment`` says where the rain comes from and how old it is; it stands under the rows, which are ``close``
    where the card has little height. A bar that has come in is full, one that is expected is hollow and stands behind
    it; that nobody expects any is said.
    """
    title = [Run(translate("PointCard", "Thresholds"), gap_px=8), quiet("mm")]
    if any(t.design for t in point.thresholds):
        tip = translate("PointCard", "starter values, to be replaced by surveyed ones")
        title.append(Run(translate("PointCard", "design"), look.SECOND_PX, tag=True, tip=tip))
    levels = [level for level in RISING if any(t.level is level for t in point.thresholds)]
    room = at.right - EDGE - pieces.total_width(title) - 12
    wide = sum(pieces.width_of(words.level(level), look.SECOND_PX) + 22 for level in levels) <= room
    end = at.right
    for level in reversed(levels):
        at.laid.append(Mark(QRectF(end - 12, at.y + 11, 12, 12), level, tip=words.level(level)))
        end -= 22
        if wide:
            word = pieces.line(0, end + 7, at.y + 21, [Run(words.level(level), look.SECOND_PX)], align="right")
            at.laid += word
            end = word[0].rect.left() - 7
    at.laid += pieces.line(EDGE, at.right, at.y + 21, title)
    at.y += 30
    windows = {w.window_h: w for w in verdict.windows} if verdict else {}
    for window_h in point.windows_h:
        expected = forecast_mm.get(window_h, math.nan)
        lower_px = 0.0 if not close else _CLOSE_PX / 2 if forecast_mm else _CLOSE_PX
        _lay_window(at, point, window_h, windows.get(window_h), expected, lower_px, says_forecast=bool(forecast_mm))
    if not point.thresholds:
        at.said(translate("PointCard", "no thresholds: it is never judged"))
    left_px = _lay_foot(at, verdict, moment)
    if point.thresholds and not forecast_mm:
        tip = translate("PointCard", "nothing in this office says yet what rain is to come")
        none = Run(translate("PointCard", "no forecast"), look.SECOND_PX, tag=True, tip=tip)
        runs = [quiet(translate("PointCard", "Rain to come")), none]
        if EDGE + left_px + 12 + pieces.total_width(runs) <= at.right:
            at.laid += pieces.line(EDGE, at.right, at.y - ROW_PX + 15, runs, align="right")
        else:
            at.laid += pieces.line(EDGE, at.right, at.y + 13, runs)
            at.y += LINE_PX
    at.rule()


def _lay_window(
    at: Layout,
    point: HazardPoint,
    window_h: int,
    window: WindowVerdict | None,
    forecast: float,
    lower_px: float,
    *,
    says_forecast: bool,
) -> None:
    limits = sorted((t for t in point.thresholds if t.window_h == window_h), key=lambda t: t.level.rank)
    rain = window.rain_mm if window else math.nan
    base, bar_y = at.y + 14, at.y + 24 - lower_px / 2
    at.laid += pieces.line(EDGE, EDGE + 40, base, [quiet(words.window(window_h))])
    at.laid += pieces.line(EDGE, _FIGURE_RIGHT_PX, base + 1, [Run(words.number(rain), look.FIGURE_PX)], align="right")
    room = at.right - _BAR_LEFT_PX
    known = [t.rain_mm for t in limits] + [mm for mm in (rain, rain + forecast) if math.isfinite(mm)]
    longest = max(known, default=1.0) or 1.0
    at.laid.append(Fill(QRectF(_BAR_LEFT_PX, bar_y + 5, room, 1), "line"))
    if math.isfinite(rain) and rain > 0:
        at.laid.append(Fill(QRectF(_BAR_LEFT_PX, bar_y, max(1.0, room * rain / longest), 6), "bar"))
    if math.isfinite(forecast) and forecast > 0:
        from_x = _BAR_LEFT_PX + room * (rain if math.isfinite(rain) else 0.0) / longest
        tip = translate("PointCard", "expected: {mm} mm more").format(mm=words.number(forecast))
        hollow = QRectF(from_x, bar_y, max(3.0, room * forecast / longest), 6)
        at.laid += [Fill(hollow, "panel", tip=tip), Frame(hollow, "bar")]
    if says_forecast:
        more = f"+{words.number(forecast)}" if math.isfinite(forecast) else words.MISSING
        expected = [quiet(translate("PointCard", "expected"), gap_px=4), quiet(more)]
        at.laid += pieces.line(EDGE, _FIGURE_RIGHT_PX, bar_y + 7, expected, align="right")
    at.laid += _ticks(limits, rain, longest, room, base, bar_y)
    at.y += _WINDOW_PX - lower_px
    said = _window_words(window)
    if said:
        at.laid += pieces.line(EDGE, at.right, at.y + 11, said)
        at.y += _WORDS_PX


def _ticks(limits: list[Threshold], rain: float, longest: float, room: float, base: float, bar_y: float) -> list[Piece]:
    """Return the thresholds as ticks with their figures; figures that would touch are pushed apart to the left."""
    laid: list[Piece] = []
    free = _BAR_LEFT_PX + room + _LABEL_GAP_PX
    for limit in reversed(limits):
        x = round(_BAR_LEFT_PX + room * limit.rain_mm / longest)
        reached = rain >= limit.rain_mm
        laid.append(Fill(QRectF(x - 2, bar_y - 2, 3, 8), "panel"))
        laid.append(Fill(QRectF(x - 1, bar_y - 2, 1, 8), "text" if reached else "quiet"))
        text = words.millimeters(limit.rain_mm)
        right = min(float(x), free - _LABEL_GAP_PX)
        run = Run(text, tone="text" if reached else "quiet", tip=f"{words.level_name(limit.level)} {text} mm")
        word = pieces.line(0, right, base, [run], align="right")
        laid += word
        free = word[0].rect.left()
    return laid


def _window_words(window: WindowVerdict | None) -> list[Run]:
    if window is None:
        return [Run(translate("PointCard", "not judged yet"), look.SECOND_PX, tag=True)]
    runs = []
    if window.level is Level.NOT_JUDGED:
        tip = translate("PointCard", "below its thresholds so far, but less than 90 % of the window is there")
        runs.append(Run(words.level(Level.NOT_JUDGED), look.SECOND_PX, tag=True, tip=tip, gap_px=8))
    if window.at_least:
        tip = translate("PointCard", "the window is not full; at least so much has fallen")
        runs.append(Run(translate("PointCard", "at least"), look.SECOND_PX, tag=True, tip=tip, gap_px=8))
    if runs or window.coverage < FULL:
        share = translate("PointCard", "data {percent} %").format(percent=math.floor(window.coverage * 100))
        runs.append(quiet(share, gap_px=10))
    if runs and words.rain_source(window.source):
        runs.append(quiet(words.rain_source(window.source), elide=True))  # which one stands under the rows, by name
    return runs


def _lay_foot(at: Layout, verdict: PointVerdict | None, moment: Sequence[Run]) -> float:
    """Lay where the rain comes from at the left, and how far the next level is at the right.

    Return how much of the last row is taken, px: infinite if all of it is.
    """
    right = _to_next(verdict)
    end = at.right
    both = pieces.total_width(moment) + 12 + pieces.total_width(right) <= at.right - EDGE
    if moment:
        at.laid += pieces.line(EDGE, at.right, at.y + 15, moment)
        at.y += 0 if both and right else ROW_PX
    if right:
        at.laid += pieces.line(EDGE, end, at.y + 15, right, align="right" if both else "left")
        at.y += ROW_PX
    if both and right:
        return math.inf
    runs = right or list(moment)
    return pieces.total_width(runs) if runs else math.inf


def _to_next(verdict: PointVerdict | None) -> list[Run]:
    if verdict is None or verdict.next_level is None or not math.isfinite(verdict.next_mm):
        return []
    return [
        quiet(words.window(verdict.next_window_h), gap_px=4),
        quiet(translate("PointCard", "to {level}").format(level=words.level(verdict.next_level)), gap_px=4),
        Run(words.number(verdict.next_mm), gap_px=3),
        quiet("mm"),
    ]


def source_words(window: WindowVerdict, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return where the rain of a window comes from: 雨量站 石坑站, by its id where ``names`` does not know it."""
    return f"{words.rain_source(window.source)} {names.get(window.source_id, window.source_id)}".strip()
