"""The heads of a table's columns: names, the arrow of what it is sorted by, and which column the keys act on."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from widgets import language, pieces
from widgets import theme as look
from widgets.painted import Painted
from widgets.pieces import Fill, Piece, Run, Text
from widgets.register.column_places import ColumnPlace

HEIGHT_PX = 32
MORE = "+more"
"""What is clicked where columns have no room."""


class ColumnHeads(Painted):
    """Names over the columns.

    Signals
    -------
    part_clicked(str)  the head of the column with this key was clicked, or `MORE`
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=HEIGHT_PX)
        self._places: tuple[ColumnPlace, ...] = ()
        self._sort, self._descending = "", False
        self._current = ""
        self._hidden = 0

    def show_places(self, places: tuple[ColumnPlace, ...], *, hidden: int = 0) -> None:
        """Lay the heads where their columns stand; so many others have no room."""
        self._places, self._hidden = places, hidden
        self.update()

    def show_sort(self, key: str, *, descending: bool) -> None:
        """Show the arrow over a column; empty for the register's own order."""
        self._sort, self._descending = key, descending
        self.update()

    def show_current(self, key: str) -> None:
        """Underline the column that the keys act on; empty for none."""
        self._current = key
        self.update()

    def pieces(self) -> list[Piece]:
        """Return what is painted."""
        laid: list[Piece] = [Fill(QRectF(0, HEIGHT_PX - 1, self.width(), 1), "line")]
        for one in self._places:
            laid += self._head(one)
        if self._hidden:
            tip = self.tr("Columns that have no room: click to choose one, or go there with the arrow keys")
            said = self.tr("{n} more").format(n=self._hidden)
            run = Run(said, look.SECOND_PX, tip=tip, hit=MORE)
            line = pieces.line(0, self.width() - 8, 21, [run], align="right")
            laid += [replace(one, underline=True) for one in line]
        return laid

    def _head(self, one: ColumnPlace) -> list[Piece]:
        column = one.column
        sorted_by = column.key == self._sort
        arrow = ("↓" if self._descending else "↑") if sorted_by else ""
        tone = "text" if sorted_by or column.key == self._current else "quiet"
        runs = [Run(column.title.of(language.current()), tone=tone, elide=True), Run(arrow, tone=tone)]
        side: Literal["left", "right"] = "right" if column.is_figure else "left"
        laid: list[Piece] = [Text(QRectF(one.left, 0, one.width, HEIGHT_PX), "", hit=column.key)]
        texts = pieces.line(one.left, one.left + one.inner, 21, runs, align=side)
        laid += texts
        if column.key == self._current and texts:
            left, right = texts[0].rect.left(), texts[-1].rect.right()
            laid.append(Fill(QRectF(left, HEIGHT_PX - 3, right - left, 2), "text"))
        return laid
