"""Whose data the layers of a picture are and of when, in a line along its foot."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from widgets import pieces
from widgets import theme as look
from widgets.map.card import PAD_PX, MapCard
from widgets.map.print_sheet import SourceLine
from widgets.pieces import Piece, Run
from widgets.row_list import wrap

_LINE_PX, _BETWEEN_PX = 18.0, 16.0


class SourceCard(MapCard):
    """The sources one behind another, layers of one source and time together; as many lines as they need."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[list[Run]] = []

    def show_sources(self, sources: Iterable[SourceLine], width_px: float) -> None:
        """Show sources on a card that is no wider than this."""
        head = Run(QCoreApplication.translate("PrintMap", "Sources"), look.KEY_PX, gap_px=_BETWEEN_PX)
        room, lines = width_px - 2 * PAD_PX, [[head]]
        for item in _items(sources):
            for n, runs in enumerate(_fitted(item, room - pieces.total_width([head]))):
                if n or pieces.total_width([*lines[-1], *runs]) > room:
                    lines.append([])
                lines[-1] += runs
        self._lines = lines if len(lines) > 1 or len(lines[0]) > 1 else []
        self.changed()

    def size_needed(self) -> tuple[float, float]:
        """Return the card's size, 0 if there is nothing to say."""
        if not self._lines:
            return 0.0, 0.0
        return max(map(pieces.total_width, self._lines)) + 2 * PAD_PX + 2, 8 + _LINE_PX * len(self._lines)

    def content(self) -> list[Piece]:
        """Return the lines."""
        right = self.width() - PAD_PX + 1
        laid: list[Piece] = []
        for n, runs in enumerate(self._lines):
            laid += pieces.line(PAD_PX, right, 17 + n * _LINE_PX, runs)
        return laid


def _items(sources: Iterable[SourceLine]) -> list[list[Run]]:
    """Return what is said of each source: its layers, whose they are, of when."""
    layers: dict[tuple[str, str, bool], list[str]] = {}
    for one in sources:
        layers.setdefault((one.source, one.when, one.is_old), []).append(one.title)
    comma = QCoreApplication.translate("PrintMap", ", ")
    return [
        [
            Run(comma.join(titles), look.KEY_PX, gap_px=5),
            Run(source, look.KEY_PX, "quiet", gap_px=5),
            Run(when, look.KEY_PX, "text" if is_old else "quiet", tag=is_old, gap_px=_BETWEEN_PX),
        ]
        for (source, when, is_old), titles in layers.items()
    ]


def _fitted(item: list[Run], room: float) -> list[list[Run]]:
    """Return an item on one line, on several where it is longer than the room."""
    if pieces.total_width(item) <= room:
        return [item]
    said = wrap(f"{item[0].text} {item[1].text}", room - pieces.total_width(item[2:]), look.KEY_PX)
    return [*([Run(part, look.KEY_PX)] for part in said[:-1]), [Run(said[-1], look.KEY_PX, gap_px=5), item[2]]]
