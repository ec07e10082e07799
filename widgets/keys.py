"""Keys of the window: one filter decides whether a key acts.

Single keys and Enter act only outside text fields; nothing acts while an input
method composes, because Chinese input commits with Space and Enter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from widgets.action_button import ActionButton

# What a text field does itself with these; outside of one they are free.
_EDITING = frozenset({"Ctrl+Z", "Ctrl+Y", "Ctrl+Shift+Z", "Ctrl+C", "Ctrl+V", "Ctrl+X", "Ctrl+A"})
# A key held too long must not take the next step as well.
_ONCE = frozenset({"Return", "Ctrl+Return", "Ctrl+Delete", "D", "U", "X"})
_KEEP = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


@dataclass(frozen=True, slots=True)
class KeyAct:
    """A key that has no button: what it does, in words for the list of keys."""

    key: str
    words: str
    act: Callable[[], None]


def is_text_field(widget: QWidget | None) -> bool:
    """Tell whether typing goes into this widget."""
    if isinstance(widget, (QLineEdit, QTextEdit, QPlainTextEdit)):
        return not widget.isReadOnly()
    if isinstance(widget, QComboBox):
        return widget.isEditable()
    if isinstance(widget, QAbstractSpinBox):
        return True
    return bool(widget is not None and widget.property("takes_text"))


def named(key: str) -> str:
    """Return a key as Qt names it, so that ``Escape`` and ``Esc`` are one."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)


def sequence_of(event: QKeyEvent) -> str:
    """Return a key event as text such as ``Shift+Up``; the pad's Enter is Return, "?" has no Shift."""
    code = Qt.Key(event.key())
    if code == Qt.Key.Key_Enter:
        code = Qt.Key.Key_Return
    modifiers = event.modifiers() & _KEEP
    if code == Qt.Key.Key_Question:
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier
    return QKeySequence(modifiers.value | code.value).toString(QKeySequence.SequenceFormat.PortableText)


class Keys(QObject):
    """The keys of one window, those of its buttons and those without one."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._acts: dict[str, KeyAct] = {}
        self._composing = False
        self._settling = False
        self._watched: QWidget | None = None
        window.installEventFilter(self)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    def add(self, key: str, words: str, act: Callable[[], None]) -> None:
        """Give a key without a button its act; the same key again replaces it."""
        self._acts[named(key)] = KeyAct(key, words, act)

    def listed(self) -> tuple[tuple[str, str], ...]:
        """Return key and words of everything that can act now, buttons first, for the list of keys."""
        return self.buttons_listed() + self.acts_listed()

    def buttons_listed(self) -> tuple[tuple[str, str], ...]:
        """Return key and words of the buttons that are seen."""
        return tuple((b.key, _said(b)) for b in self._buttons())

    def acts_listed(self) -> tuple[tuple[str, str], ...]:
        """Return key and words of what has no button."""
        acts = {a.words: a.key for a in reversed(self._acts.values())}  # one act on two keys is listed with the first
        return tuple((key, words) for words, key in reversed(acts.items()))

    def act(self, key: str) -> None:
        """Do what a key does now, as if it were pressed."""
        button = self._button_for(named(key), self._receiver())
        if button is not None:
            button.click()
        elif named(key) in self._acts:
            self._acts[named(key)].act()

    @property
    def composing(self) -> bool:
        """Whether an input method has letters that are not committed yet."""
        return self._composing or self._settling

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Watch composing, and let a key act when it may."""
        if isinstance(event, QInputMethodEvent):
            self._note_composing(event)
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and watched is self._receiver():
            return self._press(self._receiver(), event)
        return False

    def _receiver(self) -> QWidget:
        focus: QWidget | None = self._window.focusWidget()
        return self._window if focus is None else focus

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        if not hasattr(self, "_watched"):
            return  # a window that is being destroyed loses its Python half first
        # Only what has the focus is watched: a filter on the application would see every event of the map.
        if self._watched is not None and self._watched is not self._window:
            self._watched.removeEventFilter(self)
        self._watched = new if new is not None and new.window() is self._window else None
        self._composing = False
        if self._watched is not None and self._watched is not self._window:
            self._watched.installEventFilter(self)

    def _note_composing(self, event: QInputMethodEvent) -> None:
        composing = bool(event.preeditString())
        if self._composing and not composing:
            # The key that commits may still come as a press of its own, in this turn of the loop.
            self._settling = True
            QTimer.singleShot(0, self._settle)
        self._composing = composing

    def _settle(self) -> None:
        self._settling = False

    def _press(self, focus: QWidget, event: QKeyEvent) -> bool:
        if self.composing:
            return False
        key = sequence_of(event)
        if isinstance(focus, QAbstractButton) and key in {"Space", "Return"}:
            return False
        if key in (focus.property("own_keys") or ()):
            return False
        if is_text_field(focus) and not self._acts_in_text(key, event):
            return False
        if event.isAutoRepeat() and key in _ONCE:
            return True
        button = self._button_for(key, focus)
        if button is not None:
            button.click()
            return True
        act = self._acts.get(key)
        if act is not None:
            act.act()
            return True
        return False

    def _acts_in_text(self, key: str, event: QKeyEvent) -> bool:
        if key in _EDITING:
            return False
        if key == named("Escape"):  # a field has no use for it, but those that take it themselves
            return self._button_for(key, self._receiver()) is not None
        control = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        return bool(control) or Qt.Key.Key_F1.value <= event.key() <= Qt.Key.Key_F12.value

    def _buttons(self) -> list[ActionButton]:
        found = self._window.findChildren(ActionButton)
        return [b for b in found if b.key and b.isEnabled() and b.isVisibleTo(self._window)]

    def _button_for(self, key: str, focus: QWidget) -> ActionButton | None:
        able = [
            b
            for b in self._buttons()
            if named(b.key) == key and (b.scope is None or b.scope is focus or b.scope.isAncestorOf(focus))
        ]
        near = [b for b in able if _shares_panel(b, focus)]
        return next(iter(near or able), None)


def _said(button: ActionButton) -> str:
    """A button's words, those for the ear where its face is only a sign."""
    text: str = button.text()
    return text if any(sign.isalnum() for sign in text) else button.accessibleName()


def _shares_panel(button: ActionButton, focus: QWidget) -> bool:
    panel = button.parentWidget()
    return panel is not None and (panel is focus or panel.isAncestorOf(focus))
