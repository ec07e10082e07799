"""距下一级: how many millimeters each point is from its next level.

Minutes have no source yet, so none are shown: no number without a source.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from models.hazard.alarms import PointVerdict, WindowVerdict
from models.hazard.level import Level
from models.hazard.next_level import NEAR_MM, NearestPoints, nearest_of, past_mm
from widgets import pieces, words
from widgets import theme as look
from widgets.painted import Painted
from widgets.panel_head import HEIGHT_PX
from widgets.pieces import Fill, Mark, Piece, Run, Text
from widgets.row_list import Row, RowList

_FIGURES_PX = 64.0
_AXIS_SHARE = 0.30
_NARROW_AXIS_SHARE = 0.24


class _Head(Painted):
    """Name, count and the axis in millimeters."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, height_px=HEIGHT_PX)

    def pieces(self) -> list[Piece]:
        """Return what is painted."""
        width = float(self.width())
        left, right = axis(width)
        laid: list[Piece] = [Fill(QRectF(0, HEIGHT_PX - 1, width, 1), "line")]
        laid += pieces.line(look.EDGE_PX, left - 8, 23, [Run(self.tr("To next level"), elide=True)])
        for mm in (0, 10, 20, 30):
            x = left + (right - left) * mm / NEAR_MM
            laid.append(Text(QRectF(x - 12, 14, 24, 14), str(mm), look.KEY_PX, "quiet", "center"))
        laid += pieces.line(right, width - look.EDGE_PX, 23, [Run("mm", look.SECOND_PX, "quiet")], align="right")
        return laid


def axis(width: float) -> tuple[float, float]:
    """Return the left and right end of the millimeter axis in a row of this width."""
    right = width - look.EDGE_PX - _FIGURES_PX
    return right - width * (_AXIS_SHARE if width > 336 else _NARROW_AXIS_SHARE), right


class NextLevelPanel(QWidget):
    """The same points as the alarms, against the threshold that comes next.

    Signals
    -------
    point_selected(str)  the operator moved to the point with this id
    """

    point_selected = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._head = _Head(self)
        self.list = RowList(
            self,
            empty=self.tr(
                "Nothing near a threshold. Points stand here when rain has brought them within 30 mm of their next "
                "level; points without enough data come last."
            ),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.list, 1)
        self.list.row_selected.connect(self.point_selected)

    def show_verdicts(
        self, verdicts: tuple[PointVerdict, ...], now: datetime, silent_since: Mapping[str, datetime] | None = None
    ) -> None:
        """Show how far each point is.

        Parameters
        ----------
        verdicts : tuple of PointVerdict
            All points of the office as judged last.
        now : datetime, aware
            For ages.
        silent_since : Mapping of point id to datetime, aware
            When data last came for points that are not judged; absent where none ever came.
        """
        self.show_nearest(nearest_of(verdicts), now, silent_since)

    def show_nearest(
        self, nearest: NearestPoints, now: datetime, silent_since: Mapping[str, datetime] | None = None
    ) -> None:
        """Show what `nearest_of` has chosen of all points; the rest as in `show_verdicts`."""
        rows = [self._near_row(v) for v in nearest.near]
        rest = nearest.count - len(nearest.near) - nearest.unjudged_count
        if rest and (nearest.near or nearest.unjudged_count):
            rows.append(self._note_row("rest", self.tr("{n} more are further away").format(n=rest)))
        rows += [self._unjudged_row(v, now, (silent_since or {}).get(v.point.id)) for v in nearest.unjudged]
        if nearest.unjudged_count > len(nearest.unjudged):
            rows.append(self._unjudged_rest(nearest))
        self.list.show_rows(tuple(rows))

    def show_selected(self, point_id: str) -> None:
        """Move to a point."""
        self.list.show_selected(point_id)

    def _near_row(self, verdict: PointVerdict) -> Row:
        def lay(width: float) -> list[Piece]:
            return self._lay_near(verdict, width)

        return Row(verdict.point.id, look.TWO_LINE_ROW_PX, lay, tip=self._tip(verdict))

    def _lay_near(self, verdict: PointVerdict, width: float) -> list[Piece]:
        left, right = axis(width)
        laid = self._lay_point(verdict, left - 8, self._second_line(verdict))
        laid.append(Fill(QRectF(left, 0, 1, look.TWO_LINE_ROW_PX - 1), "bar"))
        for mm in (10, 20, 30):
            tick = round(left + (right - left) * mm / NEAR_MM)
            laid.append(Fill(QRectF(tick, 0, 1, look.TWO_LINE_ROW_PX - 1), "line"))
        past = past_mm(verdict)
        if verdict.next_level is None or not math.isfinite(verdict.next_mm):
            laid.append(Fill(QRectF(left - 2, 16, 4, 12), "text"))
            laid += pieces.line(left + 6, right, 27, [Run(self.tr("past red"), look.SECOND_PX)])
            figure = "+" + words.number(past) if math.isfinite(past) else words.MISSING
        else:
            x = left + (right - left) * min(verdict.next_mm, NEAR_MM) / NEAR_MM
            laid.append(Fill(QRectF(left, 21, max(0.0, x - left), 2), "bar"))
            laid.append(Fill(QRectF(x - 2, 16, 4, 12), "text"))
            figure = words.number(verdict.next_mm)
        laid += pieces.line(right, width - look.EDGE_PX, 28, [Run(figure, look.FIGURE_PX)], align="right")
        return laid

    def _lay_point(self, verdict: PointVerdict, right: float, second: str) -> list[Piece]:
        left = look.EDGE_PX + look.MARK_PX + 8
        return [
            Mark(QRectF(look.EDGE_PX - 2, 15, look.MARK_PX, look.MARK_PX), verdict.level),
            *pieces.line(left, right, 19, [Run(verdict.point.name, elide=True)]),
            *pieces.line(left, right, 36, [Run(second, look.SECOND_PX, "quiet", elide=True)]),
        ]

    def _second_line(self, verdict: PointVerdict) -> str:
        window_h = verdict.next_window_h
        if verdict.next_level is None or not math.isfinite(verdict.next_mm):
            deciding = verdict.deciding
            if deciding is None:
                return ""
            return self._value(deciding, deciding.rain_mm - past_mm(verdict))
        found = next((w for w in verdict.windows if w.window_h == window_h), None)
        if found is None:
            return ""
        rain_mm = found.rain_mm if math.isfinite(found.rain_mm) else 0.0
        return self._value(found, rain_mm + verdict.next_mm)

    def _value(self, window: WindowVerdict, threshold_mm: float) -> str:
        rain, threshold = words.number(window.rain_mm), words.millimeters(round(threshold_mm, 2))
        return f"{rain} / {threshold} mm {words.window(window.window_h)}"

    def _unjudged_row(self, verdict: PointVerdict, now: datetime, silent_since: datetime | None) -> Row:
        span = None if silent_since is None else now - silent_since
        missing = _windows(w.window_h for w in verdict.windows if w.level is Level.NOT_JUDGED)

        def lay(width: float) -> list[Piece]:
            tag = pieces.line(
                0,
                width - look.EDGE_PX,
                28,
                [Run(words.no_data_for(span), look.SECOND_PX, tag=True)],
                align="right",
            )
            second = self.tr("{windows} not judged").format(windows=missing)
            return [*self._lay_point(verdict, tag[0].rect.left() - 8, second), *tag]

        return Row(verdict.point.id, look.TWO_LINE_ROW_PX, lay, tip=self._tip(verdict))

    def _unjudged_rest(self, nearest: NearestPoints) -> Row:
        count, missing = nearest.unjudged_count - len(nearest.unjudged), _windows(nearest.lacking_h)
        note = self.tr("{n} more not judged: {windows} lack data").format(n=count, windows=missing)
        return self._note_row("unjudged", note, Level.NOT_JUDGED)

    def _note_row(self, row_id: str, note: str, level: Level | None = None) -> Row:
        def lay(width: float) -> list[Piece]:
            left: float = look.EDGE_PX
            laid: list[Piece] = []
            if level is not None:
                laid.append(Mark(QRectF(left - 2, 7, look.MARK_PX, look.MARK_PX), level))
                left += look.MARK_PX + 8
            run = Run(note, look.SECOND_PX, "quiet", elide=True)
            return laid + list(pieces.line(left, width - look.EDGE_PX, 19, [run]))

        return Row(row_id, look.ROW_PX, lay, selectable=False, tip=note)

    def _tip(self, verdict: PointVerdict) -> str:
        lines = [f"{verdict.point.name} {words.point_kind(verdict.point.kind)}"]
        for window in verdict.windows:
            share = self.tr("{share} % of the window").format(share=words.number(window.coverage * 100, 0))
            source = f"{words.rain_source(window.source)} {window.source_id}".strip()
            lines.append(
                f"{words.window(window.window_h)}  {words.number(window.rain_mm)} mm  {share}  {source}  "
                f"{words.level(window.level)}"
            )
        if verdict.silent_gauge:
            lines.append(self.tr("Gauge {gauge} is silent").format(gauge=verdict.silent_gauge))
        lines.append(self.tr("Minutes to the next level: {missing} (no forecast yet)").format(missing=words.MISSING))
        return "\n".join(lines)


def _windows(hours: Iterable[int]) -> str:
    return " ".join(words.window(h) for h in sorted(set(hours)))
