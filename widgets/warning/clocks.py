"""The clocks of a warning: 警 alarm, 发 issue, 达 delivered, 应 answered, 动 acted."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from widgets import pieces, words
from widgets import theme as look
from widgets.pieces import Piece, Run

HEIGHT_PX = 44
_SHARES = (0.2, 0.2, 0.26, 0.17, 0.17)
translate = QCoreApplication.translate


def clock_pieces(
    left: float,
    right: float,
    top: float,
    alarmed_at: datetime | None,
    issued_at: datetime | None,
    delivered: tuple[int, int],
) -> list[Piece]:
    """Lay the five clocks side by side; what nothing counts yet stands as "—" with the reason as tooltip."""
    no_answers = translate("Clocks", "Answers are not counted yet: call-out comes with a later version")
    no_acts = translate("Clocks", "Acts are not counted yet: reports from the place come with a later version")
    no_alarm = "" if alarmed_at else translate("Clocks", "No alarm came before this warning")
    columns = (
        (translate("Clocks", "alarm"), words.clock(alarmed_at), no_alarm),
        (translate("Clocks", "issue"), words.clock(issued_at), ""),
        (translate("Clocks", "reach"), f"{delivered[0]}/{delivered[1]}" if delivered[1] else words.MISSING, ""),
        (translate("Clocks", "reply"), words.MISSING, no_answers),
        (translate("Clocks", "act"), words.MISSING, no_acts),
    )
    laid: list[Piece] = []
    x = left
    for (name, figure, tip), share in zip(columns, _SHARES, strict=True):
        step = (right - left) * share
        laid += pieces.line(x, x + step - 4, top + 14, [Run(name, look.SECOND_PX, "quiet", elide=True, tip=tip)])
        size = look.FIGURE_PX if pieces.width_of(figure, look.FIGURE_PX) <= step - 4 else look.SECOND_PX
        laid += pieces.line(x, x + step - 2, top + 35, [Run(figure, size, tip=tip)])
        x += step
    return laid
