"""Everything about one hazard point: rain against thresholds, source, who answers."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from models.hazard.alarms import PointVerdict, RainSource, WindowVerdict
from models.hazard.level import RISING, Level
from models.hazard.register import HazardPoint, Threshold
from models.radar.sight.blind_spot import BlindSpot
from widgets import language, pieces, words
from widgets import theme as look
from widgets.key_cap import key_piece, key_width
from widgets.painted import Painted
from widgets.pieces import Fill, Mark, Piece, Run, Text
from widgets.row_list import wrap

_EDGE = float(look.EDGE_PX)
_HEAD_PX, _SECTION_PX, _ROW_PX = 62.0, 32.0, 24.0
_WINDOW_PX = 58.0
_COLUMN_PX = 38.0
_LABEL_PX = 84.0


class PointCard(Painted):
    """The card of the selected point.

    Signals
    -------
    part_clicked(str)  ``close`` when the card's Esc cap is clicked
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=int(_HEAD_PX))
        self._point: HazardPoint | None = None
        self._verdict: PointVerdict | None = None
        self._now: datetime | None = None
        self._unseen: tuple[str, BlindSpot] | None = None

    def show_point(self, point: HazardPoint | None, verdict: PointVerdict | None, now: datetime | None) -> None:
        """Show a point with its verdict; None for the verdict says that it has not been judged yet."""
        self._point, self._verdict, self._now = point, verdict, now
        self.mend_height()

    def height_at(self, width: int) -> int:
        """Return the height of everything on the card at a width, px."""
        return round(self._lay(float(width))[1])

    def show_unseen(self, point_id: str, unseen: BlindSpot) -> None:
        """Say what the radars cannot see at a point; shown when it is the point on the card."""
        self._unseen = (point_id, unseen)
        self.show_point(self._point, self._verdict, self._now)

    @property
    def point_id(self) -> str:
        """Id of the point on the card, empty if there is none."""
        return self._point.id if self._point else ""

    def pieces(self) -> list[Piece]:
        """Return what is painted."""
        return self._lay(float(self.width()))[0]

    def _lay(self, width: float) -> tuple[list[Piece], float]:
        if self._point is None:
            words_empty = self.tr("Click a point on the map: its thresholds, rain and people stand here.")
            return list(
                pieces.line(_EDGE, width - _EDGE, 24, [Run(words_empty, look.SECOND_PX, "quiet", elide=True)])
            ), _HEAD_PX
        laid = self._head(self._point, width)
        y = _HEAD_PX
        for part in (self._windows, self._source, self._sight, self._people, self._attributes):
            made, y = part(self._point, width, y)
            laid += made
        return laid, y + 8

    def _head(self, point: HazardPoint, width: float) -> list[Piece]:
        level = self._verdict.level if self._verdict else Level.NOT_JUDGED
        laid: list[Piece] = [Mark(QRectF(_EDGE, 17, 18, 18), level, tip=words.level(level))]
        key_left = width - _EDGE - key_width("Escape")
        laid.append(key_piece(key_left, 22, "Escape"))
        laid.append(Text(QRectF(key_left, 12, width - key_left, 20), "", hit="close", tip=self.tr("close the card")))
        runs = [
            Run(point.name, look.TITLE_PX, elide=True, gap_px=8),
            Run(words.point_kind(point.kind), look.SECOND_PX, "quiet", gap_px=8),
            Run(point.id, look.SECOND_PX, "quiet", elide=True),
        ]
        laid += pieces.line(_EDGE + 28, key_left - 8, 28, runs)
        unit = self.tr("warning unit {name}").format(name=point.warn_unit) if point.warn_unit else ""
        where = [Run(point.town, look.SECOND_PX, "quiet"), Run(point.village, look.SECOND_PX, "quiet", gap_px=10)]
        laid += pieces.line(_EDGE + 28, width - _EDGE, 48, [*where, Run(unit, look.SECOND_PX, "quiet", elide=True)])
        laid.append(Fill(QRectF(0, _HEAD_PX - 1, width, 1), "line"))
        return laid

    def _windows(self, point: HazardPoint, width: float, y: float) -> tuple[list[Piece], float]:
        laid: list[Piece] = []
        title = [Run(self.tr("Thresholds"), gap_px=8), Run("mm", look.SECOND_PX, "quiet")]
        if any(t.design for t in point.thresholds):
            tip = self.tr("starter values, to be replaced by surveyed ones")
            title.append(Run(self.tr("design"), look.SECOND_PX, tag=True, tip=tip))
        base = y + 21
        laid += pieces.line(_EDGE, width - _EDGE, base, title)
        right = width - _EDGE
        for i, level in enumerate(RISING):
            x = right - (len(RISING) - i) * _COLUMN_PX + _COLUMN_PX - look.MARK_PX
            laid.append(Mark(QRectF(x, y + 10, look.MARK_PX, look.MARK_PX), level, tip=words.level(level)))
        y += _SECTION_PX
        verdicts = {w.window_h: w for w in self._verdict.windows} if self._verdict else {}
        longest = self._longest(point, verdicts.values())
        for window_h in point.windows_h:
            laid += self._window(point, window_h, verdicts.get(window_h), longest, width, y)
            y += _WINDOW_PX
        if not point.thresholds:
            laid += pieces.line(
                _EDGE, right, y + 14, [Run(self.tr("no thresholds: it is never judged"), look.SECOND_PX)]
            )
            y += _ROW_PX
        to_next = self._to_next()
        if to_next:
            laid += pieces.line(_EDGE, right, y + 15, to_next)
            y += _ROW_PX
        laid.append(Fill(QRectF(0, y + 5, width, 1), "line"))
        return laid, y + 6

    @staticmethod
    def _longest(point: HazardPoint, windows: Iterable[WindowVerdict]) -> float:
        """Return the end in mm of the one scale that all windows of a point share."""
        rain = [w.rain_mm for w in windows if math.isfinite(w.rain_mm)]
        return max([t.rain_mm for t in point.thresholds] + rain, default=1.0) * 1.04

    def _window(
        self,
        point: HazardPoint,
        window_h: int,
        window: WindowVerdict | None,
        longest: float,
        width: float,
        y: float,
    ) -> list[Piece]:
        right = width - _EDGE
        limits = sorted((t for t in point.thresholds if t.window_h == window_h), key=lambda t: t.level.rank)
        rain = window.rain_mm if window else math.nan
        figure = [Run(words.window(window_h), tone="quiet", gap_px=10), Run(words.number(rain), look.FIGURE_PX)]
        if window is not None and window.at_least:
            tip = self.tr("the window is not full; at least so much has fallen")
            figure.append(Run(self.tr("at least"), look.SECOND_PX, tag=True, tip=tip))
        columns = right - len(RISING) * _COLUMN_PX
        laid: list[Piece] = list(pieces.line(_EDGE, columns, y + 16, figure))
        for limit in limits:
            at = columns + limit.level.rank * _COLUMN_PX
            reached = rain >= limit.rain_mm
            text = words.millimeters(limit.rain_mm)
            laid += pieces.line(
                at - _COLUMN_PX, at, y + 16, [Run(text, tone="text" if reached else "quiet")], align="right"
            )
        laid += self._bar(limits, rain, longest, right - _EDGE, y + 25)
        laid += pieces.line(_EDGE, right, y + 48, self._window_words(window))
        return laid

    @staticmethod
    def _bar(limits: list[Threshold], rain: float, longest: float, room: float, y: float) -> list[Piece]:
        laid: list[Piece] = [Fill(QRectF(_EDGE, y + 3, room, 1), "line")]
        if math.isfinite(rain) and rain > 0:
            laid.append(Fill(QRectF(_EDGE, y, max(1.0, room * rain / longest), 7), "bar"))
        for limit in limits:
            x = round(_EDGE + room * limit.rain_mm / longest)
            reached = rain >= limit.rain_mm
            laid.append(Fill(QRectF(x - 1, y - 3, 3, 13), "panel"))
            laid.append(Fill(QRectF(x, y - 3, 1, 13), "text" if reached else "quiet"))
        return laid

    def _window_words(self, window: WindowVerdict | None) -> list[Run]:
        if window is None:
            return [Run(self.tr("not judged yet"), look.SECOND_PX, tag=True)]
        share = self.tr("data {percent} %").format(percent=math.floor(window.coverage * 100))
        runs = []
        if window.level is Level.NOT_JUDGED:
            tip = self.tr("below its thresholds so far, but less than 90 % of the window is there")
            runs.append(Run(words.level(Level.NOT_JUDGED), look.SECOND_PX, tag=True, tip=tip, gap_px=8))
        runs.append(Run(share, look.SECOND_PX, "quiet", gap_px=10))
        runs.append(Run(_source_words(window), look.SECOND_PX, "quiet", elide=True))
        return runs

    def _to_next(self) -> list[Run]:
        verdict = self._verdict
        if verdict is None or verdict.next_level is None or not math.isfinite(verdict.next_mm):
            return []
        return [
            Run(self.tr("to {level}").format(level=words.level(verdict.next_level)), look.SECOND_PX, "quiet"),
            Run(words.number(verdict.next_mm), gap_px=4),
            Run("mm", look.SECOND_PX, "quiet", gap_px=10),
            Run(words.window(verdict.next_window_h), look.SECOND_PX, "quiet"),
        ]

    def _source(self, point: HazardPoint, width: float, y: float) -> tuple[list[Piece], float]:
        del point
        verdict = self._verdict
        sources = (
            dict.fromkeys(_source_words(w) for w in verdict.windows if w.source is not RainSource.NONE)
            if verdict
            else {}
        )
        rows = [(self.tr("Rain from"), [Run(self.tr(", ").join(sources) or words.MISSING, elide=True)])]
        if verdict is not None:
            rows.append((self.tr("Judged"), [Run(words.clock(verdict.at), gap_px=8), *self._age(verdict.at)]))
            if verdict.silent_gauge:
                tag = Run(self.tr("no data"), look.SECOND_PX, tag=True)
                rows.append((self.tr("Silent gauge"), [Run(verdict.silent_gauge, elide=True, gap_px=8), tag]))
        return _section(self.tr("Source"), rows, width, y)

    def _age(self, at: datetime) -> list[Run]:
        return [] if self._now is None else [Run(words.age(self._now - at), look.SECOND_PX, "quiet")]

    def _sight(self, point: HazardPoint, width: float, y: float) -> tuple[list[Piece], float]:
        """Say what the radars cannot see here, in as many lines as it takes."""
        if self._unseen is None or self._unseen[0] != point.id:
            return [], y
        said = self._unseen[1].sentence(language.current()).removeprefix(point.name).lstrip("：: ")
        lines = wrap(said, width - 2 * _EDGE, look.SECOND_PX)
        rows = [("", [Run(line, look.SECOND_PX)]) for line in lines]
        return _section(self.tr("What the radars see here"), rows, width, y)

    def _people(self, point: HazardPoint, width: float, y: float) -> tuple[list[Piece], float]:
        if not point.person:
            return _section(self.tr("Who answers"), [("", [Run(self.tr("nobody is named"), tag=True)])], width, y)
        return _section(self.tr("Who answers"), [(point.person, [Run(point.phone or words.MISSING)])], width, y)

    def _attributes(self, point: HazardPoint, width: float, y: float) -> tuple[list[Piece], float]:
        position = f"{point.lon_deg:.5f}  {point.lat_deg:.5f}"
        rows = [(key, [Run(value, elide=True)]) for key, value in point.attributes.items() if value]
        rows.append((self.tr("Lon, lat"), [Run(position)]))
        return _section(self.tr("Register"), rows, width, y)


def _source_words(window: WindowVerdict) -> str:
    name = words.rain_source(window.source)
    return f"{name} {window.source_id}".strip()


def _section(title: str, rows: list[tuple[str, list[Run]]], width: float, y: float) -> tuple[list[Piece], float]:
    """Lay a title and rows of a word and its value; return them and where they end."""
    laid: list[Piece] = list(pieces.line(_EDGE, width - _EDGE, y + 21, [Run(title)]))
    y += _SECTION_PX - 4
    for word, runs in rows:
        if word:
            room = [Run(word, look.SECOND_PX, "quiet", elide=True)]
            laid += pieces.line(_EDGE, _EDGE + _LABEL_PX - 6, y + 16, room)
        laid += pieces.line(_EDGE + (_LABEL_PX if word else 0), width - _EDGE, y + 16, runs)
        y += _ROW_PX
    laid.append(Fill(QRectF(0, y + 3, width, 1), "line"))
    return laid, y + 4
