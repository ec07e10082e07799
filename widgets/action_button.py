"""A button that shows its key; the key acts exactly when the button could be clicked."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from widgets import pieces
from widgets import theme as look
from widgets.key_cap import key_piece, key_width

_PAD_PX = 10
_GAP_PX = 8
HEIGHT_PX = 28


class ActionButton(QAbstractButton):
    """An act with its key.

    ``key`` is a Qt key sequence such as ``D`` or ``Ctrl+Return``; `widgets.keys`
    presses the button when the key comes. ``scope`` is the widget that must hold
    the focus for the key to act; without one, the window. ``primary`` fills the
    button with the text color: one per panel at most.
    """

    def __init__(
        self,
        text: str,
        key: str = "",
        parent: QWidget | None = None,
        *,
        primary: bool = False,
        scope: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.key = key
        self.scope = scope
        self._primary = primary
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    @property
    def is_primary(self) -> bool:
        """Whether it is filled: what is most likely meant."""
        return self._primary

    def show_primary(self, primary: bool) -> None:
        """Fill the button, or do not."""
        self._primary = primary
        self.update()

    def sizeHint(self) -> QSize:
        key = key_width(self.key) + _GAP_PX - 4 if self.key else 0.0
        return QSize(round(2 * _PAD_PX + pieces.width_of(self.text()) + key + 0.5), HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def pieces(self) -> list[pieces.Piece]:
        """Return what is painted, in the button's own pixels."""
        room = QRectF(self.rect())
        filled = self._primary and self.isEnabled()
        pressed = self.isDown() or self.isChecked()
        tone = "panel" if filled else ("text" if self.isEnabled() else "quiet")
        ground = "text" if filled else ("tag" if pressed else ("hover" if self._hovered() else "panel"))
        key = key_width(self.key) if self.key else 0.0
        text_width = pieces.width_of(self.text())
        used = text_width + (key + _GAP_PX if key else 0.0)
        left = max(_PAD_PX - 4.0, (room.width() - used) / 2)
        laid: list[pieces.Piece] = [pieces.Fill(room, ground, look.RADIUS_PX)]
        if not filled:
            laid.append(pieces.Frame(room, "edge" if self.isEnabled() else "line", 1.0, look.RADIUS_PX))
        laid.append(
            pieces.Text(
                QRectF(left, 0, min(text_width + 1, room.width() - left), room.height()),
                self.text(),
                tone=tone,
                tip=self.toolTip(),
            )
        )
        if key:
            laid.append(
                key_piece(
                    left + text_width + _GAP_PX,
                    room.center().y(),
                    self.key,
                    tone="panel" if filled else "quiet",
                    edge="panel" if filled else "edge",
                )
            )
        if self.hasFocus():
            laid.append(pieces.Frame(room, "outline", 2.0, look.RADIUS_PX))
        return laid

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def _hovered(self) -> bool:
        return self.isEnabled() and self.underMouse()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        pieces.paint(painter, self.pieces(), look.current())
        painter.end()
