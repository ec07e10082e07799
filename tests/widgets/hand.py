"""The operator's hand: keys go to what has the focus, as the system sends them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QMouseEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QWidget


def press(within: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key in the window of a widget."""
    window: QWidget = within.window()
    focus: QWidget | None = window.focusWidget()
    QTest.keyClick(window if focus is None else focus, key, modifier)


def move(widget: QWidget, spot: QPoint) -> None:
    """Move the pointer over a widget, whatever buttons are down.

    ``QTest.mouseMove`` moves the pointer of the whole screen: a window that an earlier test
    left there gets it instead, and a pointer that was here already does not move at all.
    """
    here, far = QPointF(spot), QPointF(widget.mapToGlobal(spot))
    if not widget.underMouse():
        QApplication.sendEvent(widget, QEnterEvent(here, here, far))
    buttons, none = QApplication.mouseButtons(), Qt.MouseButton.NoButton
    moved = QMouseEvent(QEvent.Type.MouseMove, here, far, none, buttons, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, moved)


def heard(spy: QSignalSpy) -> list[list[object]]:
    """Return what a signal said, once per emission."""
    return [list(spy.at(n)) for n in range(spy.count())]
