"""六个一: every town with what its villages have, and beside it the villages of the chosen town."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from models.register.completeness import Six, SixRow, Tick, TownSix
from widgets import language
from widgets import theme as look
from widgets.pieces import Frame, Piece, Run, Text
from widgets.register.page_heads import PageColumn, PageHeads, cell, edges
from widgets.row_list import Row, RowList

_NAME_PX, _WHOLE_PX = 66.0, 58.0
_VILLAGE_PX, _NO_ENTRY_PX = 106.0, 52.0
_BOX_PX, _COUNT_PX, _BETWEEN_PX = 16.0, 42.0, 4.0
_SHARES = (54, 46)
"""Counts of towns need more of the width than the ticks of villages."""


class CompletenessPage(QWidget):
    """Towns at the left, villages at the right; a tick is there, a dashed cell is a gap.

    Signals
    -------
    village_selected(str, str, str)  the operator moved to a village: town, village (empty for the town), id or ""
    """

    village_selected = Signal(str, str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._six: Six | None = None
        self._villages: dict[str, SixRow] = {}
        self._town_heads, self._village_heads = PageHeads(self), PageHeads(self)
        empty = self.tr(
            "No town is known. Load the county's towns and villages, then import the register of the six, or add entries."
        )
        self.towns = RowList(self, empty=empty)
        self.villages = RowList(self, empty=self.tr("Choose a town: its villages stand here."))
        self.setFocusProxy(self.towns)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        lists = ((self._town_heads, self.towns), (self._village_heads, self.villages))
        for (heads, listed), share in zip(lists, _SHARES, strict=True):
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(heads)
            column.addWidget(listed, 1)
            row.addLayout(column, share)
        row.insertSpacing(1, 1)
        self.towns.row_selected.connect(self._on_town)
        self.towns.row_activated.connect(self._on_into)
        self.villages.row_selected.connect(self._on_village)
        self.villages.row_activated.connect(self._on_village)

    def show_six(self, six: Six) -> None:
        """Show the page; the chosen town stays chosen."""
        self._six = six
        spoken = language.current()
        titles = tuple(PageColumn(one.title.of(spoken), share=1.0, align="center") for one in six.elements)
        whole = PageColumn(self.tr("all six"), px=_WHOLE_PX, align="right")
        self._town_heads.show_columns((PageColumn(self.tr("Town"), px=_NAME_PX), *titles, whole))
        self._village_heads.show_columns((PageColumn(self.tr("Village"), px=_VILLAGE_PX), *titles))
        chosen = self.towns.selected
        self.towns.show_rows(tuple(self._town_row(one) for one in six.towns))
        self.towns.show_selected(chosen or (six.towns[0].town if six.towns else ""))
        self._show_villages()

    def title(self) -> tuple[Run, ...]:
        """Return the counts for the head."""
        if self._six is None:
            return ()
        counts = self._six.counts
        said = (
            (Tick.GAP, self.tr("missing {n}")),
            (Tick.OVERDUE, self.tr("overdue {n}")),
            (Tick.UNKNOWN, self.tr("not written down {n}")),
        )
        whole, rows = sum(one.whole for one in self._six.towns), sum(len(one.rows) for one in self._six.towns)
        all_six = Run(self.tr("all six {n} of {m}").format(n=whole, m=rows), gap_px=12)
        return (all_six, *(Run(word.format(n=counts.get(tick, 0)), tone="quiet", gap_px=12) for tick, word in said))

    def _town(self) -> TownSix | None:
        towns = self._six.towns if self._six is not None else ()
        return next((one for one in towns if one.town == self.towns.selected), None)

    def _show_villages(self) -> None:
        town = self._town()
        rows = town.rows if town is not None else ()
        self._villages = {f"{row.town}/{row.village}": row for row in rows}
        self.villages.show_rows(tuple(self._village_row(key, row) for key, row in self._villages.items()))

    def _columns(self, first_px: float, *, last: bool) -> tuple[PageColumn, ...]:
        count = len(self._six.elements) if self._six is not None else 0
        end = (PageColumn("", px=_WHOLE_PX, align="right"),) if last else ()
        return (PageColumn("", px=first_px), *(PageColumn("", share=1.0, align="center") for _ in range(count)), *end)

    def _town_row(self, town: TownSix) -> Row:
        def lay(width: float) -> list[Piece]:
            places = edges(self._columns(_NAME_PX, last=True), width)
            laid: list[Piece] = [cell(town.town, *places[0])]
            for element, (left, right) in enumerate(places[1:-1]):
                there, rows = town.there(element), len(town.rows)
                if there == rows:
                    laid.append(cell("✓", left, right, align="center"))
                else:
                    wide = min(_COUNT_PX, right - left - _BETWEEN_PX)
                    laid.append(Frame(QRectF((left + right - wide) / 2, 4, wide, 20), "quiet", 1.0, 3.0, dashed=True))
                    laid.append(cell(f"{there}/{rows}", left, right, align="center", px=look.SECOND_PX))
            said = f"{town.whole}/{len(town.rows)}"
            return [*laid, cell(said, *places[-1], align="right", tone="quiet")]

        return Row(town.town, look.ROW_PX, lay)

    def _village_row(self, key: str, row: SixRow) -> Row:
        name = row.village or self.tr("the town itself")
        unknown = all(tick is Tick.UNKNOWN for tick in row.ticks)

        def lay(width: float) -> list[Piece]:
            places = edges(self._columns(_VILLAGE_PX, last=False), width)
            left, right = places[0]
            laid: list[Piece] = [cell(name, left, right - (_NO_ENTRY_PX if unknown else 0))]
            if unknown:
                laid.append(cell(self.tr("no entry"), left, right, align="right", px=look.SECOND_PX, ground="tag"))
            for tick, (cell_left, cell_right) in zip(row.ticks, places[1:], strict=True):
                laid += self._tick(tick, cell_left, cell_right)
            return laid

        return Row(key, look.ROW_PX, lay)

    def _tick(self, tick: Tick, left: float, right: float) -> list[Piece]:
        if tick is Tick.THERE:
            return [cell("✓", left, right, align="center")]
        if tick is Tick.OVERDUE:
            return [cell(self.tr("late"), left, right, align="center", px=look.SECOND_PX, ground="tag")]
        if tick is Tick.UNKNOWN:
            return [cell("—", left, right, align="center", tone="quiet")]
        x, y = (left + right - _BOX_PX) / 2, (look.ROW_PX - _BOX_PX) / 2
        box = QRectF(x, y, _BOX_PX, _BOX_PX)
        return [Frame(box, "text", 1.0, 2.0, dashed=True), Text(box, "", tip=self.tr("missing"))]

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.current().color("line"))
        painter.end()

    def _on_town(self, _town: str) -> None:
        self._show_villages()

    def _on_into(self, _town: str) -> None:
        """Enter on a town: on to its villages."""
        self.villages.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._villages and not self.villages.selected:
            self.villages.show_selected(next(iter(self._villages)))

    def _on_village(self, key: str) -> None:
        row = self._villages.get(key)
        if row is not None:
            self.village_selected.emit(row.town, row.village, row.id)
