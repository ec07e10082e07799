"""What lies over the free part of the map: cards in its corners, a panel over its foot, a second map beside it."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from widgets.map.card import MapCard

Corner = Literal["top_left", "top_right", "bottom_left", "bottom_right"]
MARGIN_PX = 16
LEAST_CARDS_PX = 520
_GAP_PX = 8


class OverMap:
    """Lays out what lies over the map; rooms are in the window's pixels."""

    def __init__(self) -> None:
        self._cards: list[tuple[QWidget, Corner, frozenset[str]]] = []
        self.lower: QWidget | None = None
        self.twin: QWidget | None = None

    def add_card(self, card: QWidget, corner: Corner, tasks: frozenset[str]) -> None:
        """Put a card into a corner; several in one corner stand one above the other."""
        self._cards.append((card, corner, tasks))

    @property
    def halves(self) -> bool:
        """Whether a second map takes the right half."""
        return self.twin is not None and not self.twin.isHidden()

    def place(self, room: QRect, task: str, *, covered: bool) -> None:
        """Lay everything out in the free part of the map; nothing is shown while the window is ``covered``."""
        lower = self._place_lower(room, covered=covered)
        self._place_twin(room, over_lower=lower, covered=covered)
        left = QRect(room.left(), room.top(), room.width() // 2 if self.halves else room.width(), room.height())
        left.adjust(MARGIN_PX, MARGIN_PX, -MARGIN_PX, -MARGIN_PX)
        used: dict[str, int] = {}
        # The upper corners first: a card at the foot that would lie on those above it stays away.
        for card, corner, tasks in sorted(self._cards, key=lambda one: one[1].startswith("bottom")):
            cramped = left.width() < LEAST_CARDS_PX and corner.endswith("right")
            hidden = covered or task not in tasks or bool(card.property("folded"))
            if hidden or cramped or (lower and corner.startswith("bottom")):
                card.hide()
                continue
            offset, side = used.get(corner, 0), corner.partition("_")[2]
            above = used.get(f"top_{side}", 0)
            if isinstance(card, MapCard):
                taken = offset + (above if corner.startswith("bottom") else 0)
                card.show_room(left.width(), max(0, left.height() - taken))
            size = card.sizeHint().expandedTo(card.minimumSize()).boundedTo(card.maximumSize()).boundedTo(left.size())
            if corner.startswith("bottom") and above + offset + size.height() > left.height():
                card.hide()
                continue
            card.show()
            x = left.left() if corner.endswith("left") else left.right() + 1 - size.width()
            top = left.top() + offset if corner.startswith("top") else left.bottom() + 1 - size.height() - offset
            card.setGeometry(x, top, size.width(), size.height())
            used[corner] = offset + size.height() + _GAP_PX

    def _place_lower(self, room: QRect, *, covered: bool) -> bool:
        """Lay the lower panel over the map's lower part; False if it is not shown."""
        panel = self.lower
        if panel is None or panel.isHidden() or covered:
            return False
        height = min(panel.sizeHint().height(), room.height() // 2)
        panel.setGeometry(room.left(), room.bottom() + 1 - height, room.width(), height)
        return True

    def _place_twin(self, room: QRect, *, over_lower: bool, covered: bool) -> None:
        """Lay the second map over the right half of the free one, above the lower panel."""
        if self.twin is None or self.twin.isHidden() or covered:
            return
        left = room.left() + room.width() // 2
        foot = self.lower.geometry().top() if over_lower and self.lower is not None else room.bottom() + 1
        self.twin.setGeometry(left, room.top(), room.right() + 1 - left, foot - room.top())
