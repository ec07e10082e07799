"""Boxes for a PIN. What is typed is never shown, named or kept."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from models.warning import pin as rule
from widgets import pieces
from widgets import theme as look
from widgets.pieces import Fill, Frame, Piece

_BOXES = 6
_BOX_PX = 40


class PinField(QWidget):
    """One box per sign, a dot in each that is filled.

    Signals
    -------
    filled_changed(bool)  there are enough signs to sign, or no longer
    sign_pressed()        Enter
    leave_pressed()       Escape
    """

    filled_changed = Signal(bool)
    sign_pressed = Signal()
    leave_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._typed = bytearray()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setProperty("takes_text", True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("PIN"))

    @property
    def is_enough(self) -> bool:
        """Whether as many signs are there as the shortest PIN has."""
        return len(self._typed) >= rule.LEAST

    def take(self) -> str:
        """Return what was typed, once, and forget it."""
        pin = self._typed.decode("ascii")
        self.clear()
        return pin

    def clear(self) -> None:
        """Forget what was typed."""
        for place in range(len(self._typed)):
            self._typed[place] = 0
        self._typed = bytearray()
        self.filled_changed.emit(False)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_BOXES * (_BOX_PX + 8), 44)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 44)

    def pieces(self) -> list[Piece]:
        """Return what is painted: boxes and dots, never a sign."""
        count = max(_BOXES, min(rule.MOST, len(self._typed) + 1))
        gap = 8.0 if count == _BOXES else 4.0
        wide = min(float(_BOX_PX), (self.width() - gap * (count - 1)) / count)
        laid: list[Piece] = []
        for number in range(count):
            box = QRectF(number * (wide + gap), 1, wide, 42)
            here = self.hasFocus() and number == len(self._typed)
            laid.append(Frame(box, "outline" if here else "quiet", 2.0 if here else 1.0, look.RADIUS_PX))
            if number < len(self._typed):
                laid.append(Fill(QRectF(box.center().x() - 3, box.center().y() - 3, 6, 6), "text", 3.0))
            elif here:
                laid.append(Fill(QRectF(box.center().x() - 0.5, box.center().y() - 10, 1, 20), "text"))
        return laid

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        pieces.paint(painter, self.pieces(), look.current())
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        sign = event.text() if event.text() == " " else rule.normed(event.text())  # a blank may stand in an older PIN
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.sign_pressed.emit()
        elif key == Qt.Key.Key_Escape:
            self.clear()
            self.leave_pressed.emit()
        elif key == Qt.Key.Key_Backspace:
            if self._typed:
                self._typed[-1] = 0
                del self._typed[-1]
        elif event.matches(QKeySequence.StandardKey.Paste):
            self._take_in(QGuiApplication.clipboard().text())
        elif len(sign) == 1 and rule.can_be_typed(sign) and len(self._typed) < rule.MOST:
            self._typed += sign.encode("ascii")
        else:
            event.ignore()
            return
        self.filled_changed.emit(self.is_enough)
        self.update()

    def _take_in(self, pasted: str) -> None:
        """Take a PIN from elsewhere in place of what is typed, without the blanks round it; what can be none is left out."""
        pin = rule.normed(pasted)
        if rule.can_be_typed(pin) and len(pin) <= rule.MOST:
            self.clear()
            self._typed += pin.encode("ascii")

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
