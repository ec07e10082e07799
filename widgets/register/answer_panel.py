"""What lies inside the area that was drawn: counts, people, kilometers, and every thing by name."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from models.hazard.area_totals import Figure, Totals
from models.hazard.level import Level
from models.register.ask import Answer, Inside
from models.register.description import RegisterDescription
from models.register.record import Record
from widgets import language, pieces, words
from widgets import theme as look
from widgets.action_button import ActionButton
from widgets.button_bar import ButtonBar
from widgets.map.measure_sheet import area_words
from widgets.panel_head import PanelHead
from widgets.pieces import Fill, Mark, Piece, Run
from widgets.row_list import Row, RowList

_HEADING_PX = 34
_LINE_PX = 22
_STATE_GAP_PX, _NARROWEST_PX = 10.0, 288.0
_FIRST = ("hazard_points", "hazard_zones", "people", "shelters", "key_units")
"""What is asked about first; the other registers stand after them in their own order."""
_NO_LEVELS: Mapping[str, Level] = MappingProxyType({})
_MOST_NAMED = 500
"""So many things of one register are named; of more the count is said, and the export has them all."""


class AnswerPanel(QWidget):
    """The answer to "what lies in here?".

    Signals
    -------
    record_selected(str, str)  register and id of the row the operator moved to
    export_requested()         the list is wanted as a file
    close_requested()          the answer is not needed any more
    """

    record_selected = Signal(str, str)
    export_requested = Signal()
    close_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answer: Answer | None = None
        self._registers: Mapping[str, RegisterDescription] = {}
        self._levels = _NO_LEVELS
        self._head = PanelHead(self.tr("Inside the area"), self)
        self.list = RowList(
            self, empty=self.tr("Click corners on the map, close with a double click: what lies inside stands here.")
        )
        self._export = ActionButton(self.tr("Export"), "Ctrl+S", self)
        self._export.clicked.connect(self.export_requested)
        self._close = ActionButton(self.tr("Close"), "Escape", self)
        self._close.clicked.connect(self.close_requested)
        self.list.row_selected.connect(self._on_row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.list, 1)
        column.addWidget(ButtonBar(self, left=(self._export,), right=(self._close,)))
        self.show_answer(None, {})

    def show_answer(
        self,
        answer: Answer | None,
        registers: Mapping[str, RegisterDescription],
        totals: Totals | None = None,
        title: str = "",
        levels: Mapping[str, Level] = _NO_LEVELS,
    ) -> None:
        """Show what lies inside, what it adds up to first; None while nothing was asked.

        ``title`` names the area; ``levels`` are those of the hazard points by id, and the worst stand first.
        """
        self._head.show_title(title or self.tr("Inside the area"))
        self._answer, self._registers, self._levels = answer, registers, levels
        self._export.setEnabled(answer is not None and answer.count > 0)
        if answer is None:
            self._head.show_count("")
            self._head.show_note("")
            self.list.show_rows(())
            return
        self._head.show_count(self.tr("{n} entries").format(n=words.number(answer.count, 0)))
        self._head.show_note(area_words(answer.area_km2 * 1e6))
        rows: list[Row] = [] if totals is None else [self._totals(totals)]
        for inside in sorted(answer.registers, key=_rank):
            rows.append(self._heading(inside))
            rows += [self._row(inside, record) for record in self._worst_first(inside)[:_MOST_NAMED]]
            if len(inside.records) > _MOST_NAMED:
                more = self.tr("and {n} more, all in the export").format(n=len(inside.records) - _MOST_NAMED)
                rows.append(self._note(f"more:{inside.register}", more))
        if lost := sum(answer.without_place.values()):
            rows.append(self._note("lost", self.tr("{n} without a place: neither in nor out").format(n=lost)))
        self.list.show_rows(tuple(rows))
        if not answer.count:
            self.list.show_empty(self.tr("Nothing that is registered lies in here."))

    def _worst_first(self, inside: Inside) -> tuple[Record, ...]:
        if inside.register != _FIRST[0] or not self._levels:
            return inside.records
        return tuple(sorted(inside.records, key=lambda record: -self._level(record).rank))

    def _level(self, record: Record) -> Level:
        return self._levels.get(record.id, Level.NOT_JUDGED)

    def _title(self, register: str) -> str:
        known = self._registers.get(register)
        return known.title.of(language.current()) if known is not None else register

    def sums(self, inside: Inside) -> str:
        """Return the sums of a register in words: people, households, kilometers, and what is not known."""
        known = self._registers.get(inside.register)
        parts = []
        for key, value in inside.sums.items():
            field = known.field(key) if known is not None else None
            title = field.title.of(language.current()) if field is not None else key
            least = self.tr("at least ") if inside.unknown.get(key) else ""
            if inside.cut:  # an area of which a part lies inside counts whole
                least = self.tr("about ") if least else self.tr("at most ")
            unit = field.unit_of(language.current()) if field is not None else ""
            parts.append(f"{title} {least}{words.number(value, 0)} {unit}".rstrip())
        if inside.length_km:
            parts.append(f"{words.number(inside.length_km, 1)} km")
        return "  ".join(parts)

    def _totals(self, totals: Totals) -> Row:
        """Return the block of sums: who is at risk, points by level, units and shelters, km of road."""
        at_risk = [
            [Run(self.tr("At risk"), look.SECOND_PX, "quiet", gap_px=10), *self._figure(totals.people, "people")],
            [
                Run(self.tr("Their homes"), look.SECOND_PX, "quiet", gap_px=10),
                *self._figure(totals.households, "households"),
            ],
        ]
        points = [
            Run(self.tr("Points"), look.SECOND_PX, "quiet", gap_px=10),
            Run(words.number(totals.points, 0), gap_px=10),
        ]
        rows = _in_rows(
            (level, Run(f"{words.level(level)} {words.number(count, 0)}", look.SECOND_PX))
            for level, count in totals.levels.items()
        )
        counts = [
            *(Run(self.tr("Units"), look.SECOND_PX, "quiet", gap_px=10), Run(words.number(totals.units, 0), gap_px=16)),
            *(
                Run(self.tr("Shelters"), look.SECOND_PX, "quiet", gap_px=10),
                Run(words.number(totals.shelters, 0), gap_px=8),
            ),
            *((Run("·", look.SECOND_PX, "quiet", gap_px=8),) if totals.shelters else ()),
            *(self._figure(totals.shelter_places, "places") if totals.shelters else ()),
        ]
        road = words.MISSING if math.isnan(totals.road_km) else f"{words.number(totals.road_km, 1)} km"
        roads = [Run(self.tr("Roads"), look.SECOND_PX, "quiet", gap_px=10), Run(road)]
        height = 5 * _LINE_PX + 8 + _LINE_PX * len(rows)

        def lay(width: float) -> list[Piece]:
            edge, base = float(look.EDGE_PX), 19.0 - _LINE_PX
            laid: list[Piece] = []
            for runs in at_risk:
                base += _LINE_PX
                laid += pieces.line(edge, width - edge, base, runs)
            base += _LINE_PX
            laid += pieces.line(edge, width - edge, base, points)
            for row in rows:
                base, x = base + _LINE_PX, edge
                for level, run in row:
                    laid.append(Mark(QRectF(x, base - 11, look.MARK_PX, look.MARK_PX), level))
                    laid += pieces.line(x + look.MARK_PX + 4, width - edge, base, [run])
                    x = laid[-1].rect.right() + _STATE_GAP_PX
            for runs in (counts, roads):
                base += _LINE_PX
                laid += pieces.line(edge, width - edge, base, runs)
            return laid

        return Row("totals", height, lay, selectable=False)

    def _figure(self, figure: Figure, unit: str) -> list[Run]:
        """Return a sum with its unit; where nobody has entered it for some, for how many."""
        units = {"people": self.tr("people"), "households": self.tr("households"), "places": self.tr("places")}
        said = words.number(figure.total, 0) if figure.total or not figure.unknown else words.MISSING
        runs = [Run(said, gap_px=3), Run(units[unit], look.SECOND_PX, "quiet", gap_px=6)]
        if figure.unknown:
            unknown = self.tr("not known for {n}").format(n=figure.unknown)
            runs.append(Run(unknown, look.SECOND_PX, tag=True, gap_px=10))
        return runs

    def _heading(self, inside: Inside) -> Row:
        title, sums = self._title(inside.register), self.sums(inside)

        def lay(width: float) -> list[Piece]:
            edge = float(look.EDGE_PX)
            left = pieces.line(
                edge, width - edge, 22, [Run(title), Run(words.number(len(inside.records), 0), gap_px=6)]
            )
            right = left[-1].rect.right() + 10
            line = Fill(QRectF(0, _HEADING_PX - 1, width, 1), "line")
            said = pieces.line(
                right, width - edge, 22, [Run(sums, look.SECOND_PX, "quiet", elide=True, tip=sums)], align="right"
            )
            return [line, *left, *said]

        return Row(f"head:{inside.register}", _HEADING_PX, lay, selectable=False, tip=sums)

    def _row(self, inside: Inside, record: Record) -> Row:
        known = self._registers.get(inside.register)
        kind = known.kind(record.kind) if known is not None else None
        what = kind.title.of(language.current()) if kind is not None else ""
        level = self._level(record) if inside.register == _FIRST[0] and self._levels else None
        partly = self.tr("partly") if record.id in inside.cut else ""
        where = "  ".join(part for part in (partly, what, record.town, record.village) if part)

        def lay(width: float) -> list[Piece]:
            edge = float(look.EDGE_PX)
            mark = [Mark(QRectF(edge, 8, look.MARK_PX, look.MARK_PX), level)] if level is not None else []
            left = edge + (look.MARK_PX + 6 if mark else 0)
            name = pieces.line(left, width * 0.5, 19, [Run(record.name or record.id, elide=True)])
            side = pieces.line(
                name[-1].rect.right() + 10 if name else left,
                width - edge,
                19,
                [Run(where, look.SECOND_PX, "quiet", elide=True)],
                align="right",
            )
            return [*mark, *name, *side]

        return Row(f"{inside.register}\x1f{record.id}", look.ROW_PX, lay)

    def _note(self, row_id: str, said: str) -> Row:
        def lay(width: float) -> list[Piece]:
            edge = float(look.EDGE_PX)
            return list(pieces.line(edge, width - edge, 19, [Run(said, look.SECOND_PX, "quiet", elide=True)]))

        return Row(row_id, look.ROW_PX, lay, selectable=False, tip=said)

    def _on_row(self, row_id: str) -> None:
        register, _, record_id = row_id.partition("\x1f")
        if record_id:
            self.record_selected.emit(register, record_id)


def _rank(inside: Inside) -> int:
    return _FIRST.index(inside.register) if inside.register in _FIRST else len(_FIRST)


def _in_rows(states: Iterable[tuple[Level, Run]]) -> list[list[tuple[Level, Run]]]:
    """Return levels with their counts in lines that the narrowest dock has room for."""
    rows: list[list[tuple[Level, Run]]] = []
    room = 0.0
    for level, run in states:
        wide = look.MARK_PX + 4 + pieces.total_width([run]) + _STATE_GAP_PX
        if not rows or room < wide - _STATE_GAP_PX:
            rows.append([])
            room = _NARROWEST_PX
        rows[-1].append((level, run))
        room -= wide
    return rows
