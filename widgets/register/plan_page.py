"""Registers against the plan's numbers: what there should be, what there is, what is missing, and where."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from models.register.completeness import COUNTY, PEOPLE, ROAD, TOWN, VILLAGE, PlanLine
from widgets import language, words
from widgets import theme as look
from widgets.pieces import Frame, Piece, Run
from widgets.register.page_heads import PageColumn, PageHeads, cell, edges
from widgets.row_list import Row, RowList


class PlanPage(QWidget):
    """One row for each number of the plan, those with most missing first.

    Signals
    -------
    register_requested(str)  the operator wants to see this register's table
    """

    register_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[PlanLine, ...] = ()
        self._heads = PageHeads(self)
        empty = self.tr("No register names a number of the plan (plan_per in its file under registers/).")
        self.list = RowList(self, empty=empty)
        self.setFocusProxy(self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._heads)
        column.addWidget(self.list, 1)
        self.list.row_activated.connect(self._on_row)

    def show_lines(self, lines: tuple[PlanLine, ...]) -> None:
        """Show the plan's numbers."""
        self._lines = tuple(sorted(lines, key=_worst))
        self._heads.show_columns(self._columns())
        self.list.show_rows(tuple(self._row(number, one) for number, one in enumerate(self._lines)))

    def title(self) -> tuple[Run, ...]:
        """Return the counts for the head."""
        short = sum(one.missing > 0 for one in self._lines)
        unknown = sum(math.isnan(one.wanted) for one in self._lines)
        return (
            Run(self.tr("{n} numbers").format(n=len(self._lines)), tone="quiet", gap_px=12),
            Run(self.tr("too few in {n}").format(n=short), gap_px=12),
            Run(self.tr("not known in {n}").format(n=unknown) if unknown else "", tone="quiet"),
        )

    def _columns(self) -> tuple[PageColumn, ...]:
        return (
            PageColumn(self.tr("Register"), share=1.7),
            PageColumn(self.tr("Plan"), share=1.8),
            PageColumn(self.tr("Wanted"), px=70, align="right"),
            PageColumn(self.tr("There"), px=64, align="right"),
            PageColumn(self.tr("Missing"), px=86, align="right"),
            PageColumn(self.tr("Where too few"), share=0.8),
        )

    def _row(self, number: int, one: PlanLine) -> Row:
        spoken = language.current()
        title = one.title.of(spoken) + (f"  {one.kind.of(spoken)}" if one.kind is not None else "")

        def lay(width: float) -> list[Piece]:
            places = edges(self._columns(), width)
            wanted = words.MISSING if math.isnan(one.wanted) else f"{one.wanted:g}"
            laid: list[Piece] = [
                cell(title, *places[0]),
                cell(self._plan(one), *places[1], tone="quiet", px=look.SECOND_PX),
                cell(wanted, *places[2], align="right"),
                cell(str(one.present), *places[3], align="right"),
            ]
            left, right = places[4]
            if math.isnan(one.missing):
                laid.append(cell(words.MISSING, left, right, align="right", tone="quiet"))
            elif one.missing == 0:
                laid.append(cell("✓", left, right, align="right"))
            else:
                laid.append(Frame(QRectF(right - 44, 4, 50, 20), "quiet", 1.0, 3.0, dashed=True))
                laid.append(cell(f"{one.missing:g}", left, right, align="right"))
            where = "、".join(one.short) if spoken == "zh" else ", ".join(one.short)
            return [*laid, cell(where, *places[5], tone="quiet", px=look.SECOND_PX)]

        return Row(f"{number}:{one.register}", look.ROW_PX, lay)

    def _plan(self, one: PlanLine) -> str:
        said = {
            COUNTY: self.tr("{n} in the county"),
            TOWN: self.tr("{n} in each town"),
            VILLAGE: self.tr("{n} in each village"),
            PEOPLE: self.tr("{n} for each 1000 people"),
            ROAD: self.tr("{n} for each 100 km of road"),
        }.get(one.unit, f"{{n}} / {one.unit}")
        base = "" if math.isnan(one.base) else f" × {one.base:.3g}"
        return said.format(n=f"{one.per:g}") + base

    def _on_row(self, row_id: str) -> None:
        self.register_requested.emit(row_id.partition(":")[2])


def _worst(one: PlanLine) -> tuple[bool, float]:
    """Order by the share that is missing, what is not known after what is, what is complete last."""
    share = one.missing / one.wanted if one.wanted and not math.isnan(one.wanted) else 0.0
    return one.missing == 0, -share
