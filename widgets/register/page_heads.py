"""Heads over the columns of a page's list, and the cells that stand under them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from widgets import pieces
from widgets import theme as look
from widgets.painted import Painted
from widgets.pieces import Align, Fill, Piece, Text, moved

HEIGHT_PX, TALL_PX = 30, 42
_GAPS_PX = {"left": 10.0, "center": 3.0, "right": 20.0}


@dataclass(frozen=True, slots=True)
class PageColumn:
    """A column of a page: its title and how much of the width it takes: px, or shares of what is left over."""

    title: str
    px: float = 0.0
    share: float = 0.0
    align: Align = "left"


def edges(columns: tuple[PageColumn, ...], width: float) -> tuple[tuple[float, float], ...]:
    """Return left and right of each column in a width, a gap between them."""
    shares = sum(one.share for one in columns) or 1.0
    rest = max(0.0, width - 2 * look.EDGE_PX - sum(one.px for one in columns))
    x, out = float(look.EDGE_PX), []
    for one in columns:
        wide = one.px + rest * one.share / shares
        out.append((x, x + wide - _GAPS_PX[one.align]))
        x += wide
    return tuple(out)


class PageHeads(Painted):
    """One line of titles over a list; centered ones that find no room stand on two lines by turns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=HEIGHT_PX, ground="paper")
        self._columns: tuple[PageColumn, ...] = ()

    def show_columns(self, columns: tuple[PageColumn, ...]) -> None:
        """Show other titles."""
        self._columns = columns
        self.mend_height()

    def height_at(self, width: int) -> int:
        """Return the height needed at a width, px."""
        return TALL_PX if self._by_turns(float(width)) else HEIGHT_PX

    def pieces(self) -> list[Piece]:
        """Return what is painted."""
        width, by_turns = float(self.width()), self._by_turns(float(self.width()))
        height = TALL_PX if by_turns else HEIGHT_PX
        laid: list[Piece] = [Fill(QRectF(0, height - 1, width, 1), "line")]
        turn = 0
        for one, (left, right) in zip(self._columns, edges(self._columns, width), strict=True):
            if by_turns and (one.align == "center" or turn):
                more = (right - left) * 0.6 if one.align == "center" else 0.0
                made = cell(one.title, left - more, right + more, 18, align=one.align, tone="quiet", px=look.SECOND_PX)
                laid.append(moved(made, 0, 3.0 + 18 * (turn % 2)))
                turn += 1
            else:
                laid.append(cell(one.title, left, right, height, align=one.align, tone="quiet", px=look.SECOND_PX))
        return laid

    def _by_turns(self, width: float) -> bool:
        placed = zip(self._columns, edges(self._columns, width), strict=True)
        return any(
            one.align == "center" and pieces.width_of(one.title, look.SECOND_PX) > right - left
            for one, (left, right) in placed
        )


def cell(
    text: str,
    left: float,
    right: float,
    height: float = look.ROW_PX,
    *,
    align: Align = "left",
    tone: str = "text",
    px: int = look.BODY_PX,
    ground: str = "",
) -> Text:
    """Return one text in its cell; a ``ground`` is as wide as the text needs."""
    if not ground:
        return Text(QRectF(left, 0, right - left, height), text, px, tone, align, elide=True, tip=text)
    wide = min(pieces.width_of(text, px) + 2 * pieces.TAG_PAD_PX, right - left)
    x = {"left": left, "right": right - wide, "center": (left + right - wide) / 2}[align]
    room = pieces.metrics(px).height()
    rect = QRectF(x, (height - room) / 2, wide, room)
    return Text(rect, text, px, tone, "center", ground, elide=True, tip=text)
