"""Everything about one hazard point: rain against thresholds, the day's curve, who answers, where they go."""

from __future__ import annotations

import math
from datetime import date, datetime

from PySide6.QtCore import QRectF
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from layers.sign import Sign
from models.hazard.alarms import PointVerdict, RainSource
from models.hazard.level import Level
from models.hazard.register import HazardPoint
from models.radar.sight.blind_spot import BlindSpot
from widgets import charts, language, pieces, words
from widgets import theme as look
from widgets.key_cap import key_piece, key_width
from widgets.map.card_checks import CheckLine, lay_checks
from widgets.map.card_links import LINK, NAME_LEFT_PX, Laid, LinkedCard
from widgets.map.card_parts import (
    EDGE,
    CardRow,
    Layout,
    distance,
    not_entered,
    quiet,
)
from widgets.map.card_people import lay_at_risk, lay_people, lay_warnings
from widgets.map.card_thresholds import lay_thresholds, source_words
from widgets.map.card_values import GaugeLine, Inspection, PastLine, PointFacts
from widgets.pieces import Fill, Run, Text
from widgets.row_list import wrap

_HEAD_PX = 62.0
_LOW_PX = 680.0
"""Where less of the card is seen than this, people and shelter stand before the curve."""
_LEAST_CURVE_PX = 96
_WAYS_KEPT = 8


class PointCard(LinkedCard):
    """The card of the selected point.

    Signals
    -------
    part_clicked(str)    ``close`` when the card's Esc cap is clicked
    link_requested(str)  ``record:REGISTER:ID``, ``gauge:ID``, ``warning:ID``: where a part leads
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=int(_HEAD_PX))
        self._point: HazardPoint | None = None
        self._verdict: PointVerdict | None = None
        self._now: datetime | None = None
        self._unseen: tuple[str, BlindSpot] | None = None
        self._facts: PointFacts | None = None
        self._seen_px = math.inf
        self._ways: dict[tuple[float, int, bool], tuple[Laid, float]] = {}
        self._curve = charts.RainCurve(self)
        self._curve.hide()

    def show_point(self, point: HazardPoint | None, verdict: PointVerdict | None, now: datetime | None) -> None:
        """Show a point with its verdict; None for the verdict says that it has not been judged yet."""
        self._point, self._verdict, self._now = point, verdict, now
        self.changed()

    def show_facts(self, facts: PointFacts | None) -> None:
        """Show what else is known of a point; shown as long as that is the point on the card."""
        self._facts = facts
        self._curve.show_rain(facts.rain if facts is not None else None)
        self.changed()

    def show_unseen(self, point_id: str, unseen: BlindSpot) -> None:
        """Say what the radars cannot see at a point; shown when it is the point on the card."""
        self._unseen = (point_id, unseen)
        self.changed()

    @property
    def point_id(self) -> str:
        """Id of the point on the card, empty if there is none."""
        return self._point.id if self._point else ""

    @property
    def is_full(self) -> bool:
        """Whether what is known of the point on the card is there, not its verdict alone."""
        return self._point is not None and self._facts is not None and self._facts.point_id == self._point.id

    @property
    def curve(self) -> charts.RainCurve:
        """The curve of the last day."""
        return self._curve

    def show_seen(self, height_px: float) -> None:
        """Take note of how much of the card is seen without scrolling: people and shelter stand within that."""
        if height_px != self._seen_px:
            self._seen_px = height_px
            self._lay_again()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_curve()

    def changed(self) -> None:
        """Be laid out anew, with the curve in its place."""
        self._ways.clear()
        self._lay_again()

    def _lay_again(self) -> None:
        """Be laid out for another height: what it says is as before, so that a way it was laid before serves again."""
        super().changed()
        self._place_curve()

    def _place_curve(self) -> None:
        room = self.laid.room
        self._curve.setVisible(not room.isEmpty())
        if not room.isEmpty():
            self._curve.setGeometry(room.toRect())

    def lay_out(self, width: float) -> Laid:
        """Return the point with everything that is known of it; the curve has its room."""
        point = self._point
        if point is None:
            said = self.tr("Click a point on the map: its thresholds, rain and people stand here.")
            empty = pieces.line(EDGE, width - EDGE, 24, [Run(said, look.SECOND_PX, "quiet", elide=True)])
            return Laid(list(empty), _HEAD_PX)
        low = self._seen_px < _LOW_PX
        laid, end_px = self._way(width, point, charts.HEIGHT_PX, low=low)
        over_px = end_px - self._seen_px
        if over_px > 0 and not low:
            curve_px = max(_LEAST_CURVE_PX, charts.HEIGHT_PX - math.ceil(over_px))
            laid, _ = self._way(width, point, curve_px, low=low)
        return laid

    def _way(self, width: float, point: HazardPoint, curve_px: int, *, low: bool) -> tuple[Laid, float]:
        """Return the card laid one way, as it was the last time: a scroll bar and a foot ask for two ways in turn."""
        key = width, curve_px, low
        if key not in self._ways:
            if len(self._ways) >= _WAYS_KEPT:
                self._ways.clear()
            self._ways[key] = self._lay(width, point, curve_px, low=low)
        return self._ways[key]

    def _lay(self, width: float, point: HazardPoint, curve_px: int, *, low: bool) -> tuple[Laid, float]:
        """Return everything, and how far down the shelter ends; minus infinity as long as that is not known."""
        facts = self._facts if self._facts is not None and self._facts.point_id == point.id else None
        at = Layout(width)
        self._head(at, point, facts)
        if facts is not None:
            self._checks(at, facts.inspection)
        lay_thresholds(at, point, self._verdict, facts.forecast_mm if facts else {}, self._moment(), close=low)
        if facts is None:
            lay_people(at, point, None, self._today())
            self._sight(at, point)
            self._register(at, point, facts)
            return Laid(at.laid, at.y + 8), -math.inf
        if facts.warnings or not low:
            lay_warnings(at, facts.warnings, self._now)
        room = QRectF() if low else self._rain(at, facts, curve_px)
        lay_people(at, point, facts.people, self._today())
        end = lay_at_risk(at, facts, shelter_first=low)
        if low:
            room = self._rain(at, facts, curve_px)
            if not facts.warnings:
                lay_warnings(at, facts.warnings, self._now)
        self._past(at, facts.past)
        self._sight(at, point)
        self._register(at, point, facts)
        return Laid(at.laid, at.y + 8, room), end

    def _head(self, at: Layout, point: HazardPoint, facts: PointFacts | None) -> None:
        tip = words.level(self._level())
        at.laid.append(Text(QRectF(EDGE, 16, 26, 26), "", tip=tip))
        key_left = at.right - key_width("Escape")
        at.laid.append(key_piece(key_left, 22, "Escape"))
        close = self.tr("close the card")
        at.laid.append(Text(QRectF(key_left, 12, at.width - key_left, 20), "", hit="close", tip=close))
        runs = [
            Run(point.name, look.TITLE_PX, elide=True, gap_px=8),
            quiet(words.point_kind(point.kind)),
            quiet(point.id, elide=True),
        ]
        at.laid += pieces.line(NAME_LEFT_PX, key_left - 8, 28, runs)
        unit = (facts.unit if facts else "") or point.warn_unit
        where = [quiet(point.town), quiet(point.village, gap_px=10)]
        if unit:
            hit = f"{LINK}{facts.unit_link}" if facts and facts.unit_link else ""
            said = self.tr("warning unit {name}").format(name=unit.removesuffix("预警单元"))
            where.append(Run(said, look.SECOND_PX, "quiet", elide=True, hit=hit))
        at.laid += pieces.line(NAME_LEFT_PX, at.right, 48, where)
        at.laid.append(Fill(QRectF(0, _HEAD_PX - 1, at.width, 1), "line"))
        at.y = _HEAD_PX

    def sprite(self) -> str:
        """Return the point's sign: its kind, and its level."""
        return Sign(self._point.kind, self._level()).key if self._point else ""

    def _level(self) -> Level:
        return self._verdict.level if self._verdict else Level.NOT_JUDGED

    def _moment(self) -> list[Run]:
        """Return where the rain comes from, from when it is, and which gauge is silent."""
        verdict = self._verdict
        if verdict is None:
            return []
        known = self._facts.gauges or () if self._facts is not None else ()
        names = {line.link.partition(":")[2]: line.name for line in known}
        sources = dict.fromkeys(source_words(w, names) for w in verdict.windows if w.source is not RainSource.NONE)
        runs = [quiet(self.tr(", ").join(sources) or words.MISSING, elide=True), quiet(words.clock(verdict.at))]
        if self._now is not None:
            runs.append(quiet(words.age(self._now - verdict.at)))
        if verdict.silent_gauge:
            runs.append(Run(verdict.silent_gauge, look.SECOND_PX, gap_px=4, elide=True))
            runs.append(Run(self.tr("no data"), look.SECOND_PX, tag=True))
        return runs

    def _rain(self, at: Layout, facts: PointFacts, curve_px: int) -> QRectF:
        """Lay the day's rain with its gauges; return where the curve stands."""
        rain = facts.rain
        total = (
            []
            if rain is None
            else [
                quiet(self.tr("in all"), gap_px=4),
                Run(words.number(rain.total_mm), look.FIGURE_PX, gap_px=3),
                quiet("mm"),
            ]
        )
        if rain is not None and math.isfinite(rain.total_mm) and not rain.whole:
            tip = self.tr("hours are missing; at least so much has fallen")
            total.insert(0, Run(self.tr("at least"), look.SECOND_PX, tag=True, tip=tip, gap_px=6))
        at.title([Run(self.tr("Rain of 24 h"), elide=True)], total)
        room = QRectF(0, round(at.y), at.width, curve_px)
        at.y += curve_px + 4
        for gauge in facts.gauges or ():
            self._gauge(at, gauge)
        if not facts.gauges:
            none = self.tr("no gauge within 10 km") if facts.gauges is not None else self.tr("no gauges in this office")
            at.row(CardRow([quiet(none)]))
        at.rule()
        return room

    def _gauge(self, at: Layout, gauge: GaugeLine) -> None:
        base = at.y + 16
        age = self.tr("never") if gauge.at is None or self._now is None else words.age(self._now - gauge.at)
        age_run = Run(age, look.SECOND_PX, "text" if gauge.stale else "quiet", tag=gauge.stale)
        placed = pieces.line(EDGE, at.right, base, [age_run], align="right")
        at.laid += placed
        end = placed[0].rect.left() - 8
        for hours, mm in (("24 h", gauge.day_mm), ("1 h", gauge.hour_mm)):
            figures = pieces.line(
                EDGE, end, base, [quiet(hours, gap_px=4), Run(words.number(mm), italic=gauge.stale)], align="right"
            )
            at.laid += figures
            end = min(figures[0].rect.left() - 8, end - 62)
        far, unit = distance(gauge.distance_m)
        hit = f"{LINK}{gauge.link}" if gauge.link else ""
        at.laid += pieces.line(
            EDGE, end, base, [Run(gauge.name, elide=True, hit=hit, gap_px=6), quiet(f"{far} {unit}")]
        )
        at.y += 24

    def _past(self, at: Layout, past: tuple[PastLine, ...] | None) -> None:
        title = [Run(self.tr("Past"), gap_px=8)]
        if past is None or not past:
            none = not_entered() if past is None else quiet(self.tr("nothing is entered for this place"))
            at.title([*title, none])
            at.rule()
            return
        at.title([*title, Run(str(len(past)), tone="quiet")])
        for line in past[:3]:
            hit = f"{LINK}{line.link}" if line.link else ""
            runs = [Run(line.on, look.SECOND_PX, hit=hit, gap_px=8), quiet(line.rain)]
            runs.append(Run(line.what, look.SECOND_PX, elide=True))
            at.row(CardRow(runs))
        at.rule()

    def _register(self, at: Layout, point: HazardPoint, facts: PointFacts | None) -> None:
        """Lay what was found, the source and what else the register says."""
        at.y += 5
        if facts is not None:
            self._finding(at, facts.inspection)
        rows = list(facts.details) if facts is not None else list(point.attributes.items())
        for word, value in rows:
            if value:
                at.row(CardRow([Run(value, look.SECOND_PX, elide=True)], word))
        position = f"{point.lon_deg:.5f}  {point.lat_deg:.5f}"
        at.row(CardRow([Run(position, look.SECOND_PX, gap_px=8), quiet("WGS 84")], self.tr("Lon, lat")))
        if facts is not None:
            source = Run(facts.source, look.SECOND_PX, elide=True) if facts.source else not_entered()
            at.row(CardRow([source], self.tr("Source")))

    def _checks(self, at: Layout, seen: Inspection | None) -> None:
        """Lay when somebody looked at the place and at what is written of it, where that is seen at once."""
        seen = seen or Inspection()
        looked = CheckLine(self.tr("Inspected"), seen.on, seen.next_on, seen.overdue_days, seen.by)
        held = CheckLine(self.tr("Confirmed"), seen.confirmed_on, seen.confirm_by, seen.confirm_overdue_days)
        lay_checks(at, (looked, held), self._today())

    def _finding(self, at: Layout, seen: Inspection | None) -> None:
        if seen is None or not (seen.found or seen.photos):
            return
        photos = [quiet(self.tr("{n} photos").format(n=seen.photos))] if seen.photos else []
        found = Run(seen.found or words.MISSING, look.SECOND_PX, elide=True, gap_px=8)
        at.row(CardRow([found], self.tr("Found"), photos))

    def _sight(self, at: Layout, point: HazardPoint) -> None:
        """Say what the radars cannot see here, in as many lines as it takes."""
        if self._unseen is None or self._unseen[0] != point.id:
            return
        said = self._unseen[1].sentence(language.current()).removeprefix(point.name).lstrip("：: ")
        at.title([Run(self.tr("What the radars see here"))])
        for line in wrap(said, at.width - 2 * EDGE, look.SECOND_PX):
            at.row(CardRow([Run(line, look.SECOND_PX)]))
        at.rule()

    def _today(self) -> date:
        return self._now.astimezone(words.OFFICE_ZONE).date() if self._now is not None else date.max
