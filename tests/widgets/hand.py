"""The operator's hand: keys go to what has the focus, as the system sends them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QWidget


def press(within: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key in the window of a widget."""
    window: QWidget = within.window()
    focus: QWidget | None = window.focusWidget()
    QTest.keyClick(window if focus is None else focus, key, modifier)


def heard(spy: QSignalSpy) -> list[list[object]]:
    """Return what a signal said, once per emission."""
    return [list(spy.at(n)) for n in range(spy.count())]
