"""A card whose parts lead elsewhere: by a click, or by Tab and Enter."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from widgets import pieces
from widgets import theme as look
from widgets.map.symbol_painter import paint_sprite
from widgets.painted import Painted
from widgets.pieces import Fill, Frame, Mark, Piece, Text

LINK = "link:"
SIGN_X_PX, SIGN_Y_PX = look.EDGE_PX + 11.0, 29.0
NAME_LEFT_PX = look.EDGE_PX + 32.0
_FORWARD = frozenset({Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason})
_SEEN_PX = 24
_WIDTHS_KEPT = 3


@dataclass(frozen=True, slots=True)
class Laid:
    """What stands on a card at a width: its pieces and how high they are.

    ``room`` is what they leave free for another widget or a picture; empty for none.
    """

    pieces: list[Piece] = field(default_factory=list)
    high_px: float = 0.0
    room: QRectF = field(default_factory=QRectF)


class LinkedCard(Painted):
    """The base of the cards: what hits ``link:...`` is reached by Tab and opened by Enter.

    A card says by `lay_out` what it looks like at a width, and calls `changed` when it would look otherwise; it is
    laid out once for each of them.

    Signals
    -------
    link_requested(str)  what a part leads to, such as ``gauge:Q0117`` or ``record:shelters:S-3``
    """

    link_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, height_px: int = 36) -> None:
        super().__init__(parent, height_px=height_px)
        self._link_at = -1
        self._under_hand = ""
        self._laid: dict[float, Laid] = {}
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setProperty("own_keys", ("Return",))

    def lay_out(self, width: float) -> Laid:
        """Return what stands on the card at a width, in its own pixels."""
        del width
        return Laid(high_px=float(self._height_px))

    def changed(self) -> None:
        """Be laid out anew, as high as that needs."""
        self._laid.clear()
        self.mend_height()

    def laid_at(self, width: float) -> Laid:
        """Return what stands on the card at a width, as it was laid out last."""
        if width not in self._laid:  # a scroll bar that comes and goes asks for two widths in turn
            if len(self._laid) >= _WIDTHS_KEPT:
                self._laid.clear()
            self._laid[width] = self.lay_out(width)
        return self._laid[width]

    @property
    def laid(self) -> Laid:
        """What stands on the card as wide as it is now."""
        return self.laid_at(float(self.width()))

    def height_at(self, width: int) -> int:
        """Return the height of everything on the card at a width, px."""
        return round(self.laid_at(float(width)).high_px)

    def content(self) -> list[Piece]:
        """Return what is painted, in the card's own pixels."""
        return list(self.laid.pieces)

    def pieces(self) -> list[Piece]:
        """Return the content; links are underlined, the one with the keyboard is framed."""
        laid = [
            replace(p, underline=True) if isinstance(p, Text) and p.hit and p.hit.startswith(LINK) else p
            for p in self.content()
        ]
        if self.hasFocus() and 0 <= self._link_at < len(links := _links_of(laid)):
            laid.append(Frame(_room_of(laid, links[self._link_at]).adjusted(-3, -1, 3, 1), "outline", 2.0, 3.0))
        return laid

    def sprite(self) -> str:
        """Return the key of the sign that stands in the card's head, empty for none."""
        return ""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.sprite():
            painter = QPainter(self)
            paint_sprite(painter, self.sprite(), QPointF(SIGN_X_PX, SIGN_Y_PX), look.current())
            painter.end()

    def links(self) -> list[str]:
        """Return what the parts lead to, in the order of Tab."""
        return [hit.removeprefix(LINK) for hit in _links_of(self.content())]

    @property
    def link(self) -> str:
        """What the keyboard stands on, empty for nothing."""
        links = self.links()
        return links[self._link_at] if self.hasFocus() and 0 <= self._link_at < len(links) else ""

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802 - Qt's own name
        """Go to the next link, and out of the card after the last."""
        links = _links_of(self.content())
        at = self._link_at + (1 if forward else -1)
        if self.hasFocus() and 0 <= at < len(links):
            self._go_to(at)
            return True
        self._link_at = -1
        return super().focusNextPrevChild(forward)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        links = _links_of(self.content())
        if links and event.reason() in _FORWARD:
            self._go_to(0 if event.reason() == Qt.FocusReason.TabFocusReason else len(links) - 1)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.link:
            self.link_requested.emit(self.link)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        part = pieces.piece_at(self.content(), event.position(), want="hit")
        if part.startswith(LINK) and event.button() == Qt.MouseButton.LeftButton:
            self._link_at = _links_of(self.content()).index(part)
            self.link_requested.emit(part.removeprefix(LINK))
            self.update()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        part = pieces.piece_at(self.content(), event.position(), want="hit")
        if part != self._under_hand:
            self._under_hand = part
            self.setCursor(Qt.CursorShape.PointingHandCursor if part else Qt.CursorShape.ArrowCursor)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._under_hand = ""

    def _go_to(self, at: int) -> None:
        self._link_at = at
        laid = self.content()
        room = _room_of(laid, _links_of(laid)[at])
        area = self._scroll_area()
        if area is not None:
            middle = room.center().toPoint()
            area.ensureVisible(middle.x(), middle.y(), 0, _SEEN_PX)
        self.update()

    def _scroll_area(self) -> QScrollArea | None:
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        return above


def _links_of(laid: list[Piece]) -> list[str]:
    hits = (p.hit for p in laid if isinstance(p, (Text, Mark, Fill)))
    return list(dict.fromkeys(hit for hit in hits if hit.startswith(LINK)))


def _room_of(laid: list[Piece], link: str) -> QRectF:
    room = QRectF()
    for piece in laid:
        if isinstance(piece, (Text, Mark, Fill)) and piece.hit == link:
            room = room.united(piece.rect)
    return room
