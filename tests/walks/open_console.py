"""A console on an office folder, opened as the program opens it, with the clock in the test's hand."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from app import startup
from app.clock import DrillClock
from app.console import Console
from app.office import Office
from widgets.language import current, use

SETTLE_S = 60.0


def receiver(window: QWidget) -> QWidget:
    """Return what a key goes to: what has the focus, else the window."""
    focus: QWidget | None = window.focusWidget()
    return window if focus is None else focus


class OpenConsole:
    """A console with its drill clock; waits are for states, never for a time."""

    def __init__(self, console: Console, clock: DrillClock) -> None:
        self.console, self.clock = console, clock

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key: it goes to what has the focus, as the system sends it."""
        QTest.keyClick(receiver(self.console.rooms.window), key, modifier)

    def type(self, text: str) -> None:
        """Type signs one after the other into what has the focus."""
        QTest.keyClicks(receiver(self.console.rooms.window), text)

    def commit(self, text: str) -> None:
        """Write a text as an input method does: all at once."""
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(receiver(self.console.rooms.window), event)

    def until(self, reached: Callable[[], object], *, timeout_s: float = SETTLE_S) -> None:
        """Let the console run until something is so."""
        assert startup.wait_until(lambda: bool(reached()), timeout_s=timeout_s), "it did not happen in time"

    def feed(self, *paths: Path, at: datetime | None = None) -> None:
        """Move the clock on, put copies of files into the inbox, wait until they are worked on."""
        if at is not None:
            self.clock.set(at)
        inbox = self.console.office.inbox
        for path in paths:
            hidden = inbox / f".{path.name}"
            shutil.copyfile(path, hidden)
            hidden.rename(inbox / path.name)
        self.console.tick()
        self.settle()

    def put(self, name: str, data: bytes) -> Path:
        """Let a file stand in the inbox in one blow, as a good sender does."""
        inbox = self.console.office.inbox
        part = inbox / ".part"
        part.write_bytes(data)
        return part.rename(inbox / name)

    def settle(self) -> None:
        """Wait until the inbox is empty and nothing is at work."""
        inbox = self.console.office.inbox

        def done() -> bool:
            waiting = any(p.is_file() and not p.name.startswith(".") for p in inbox.iterdir())
            return not waiting and self.console.settled

        assert startup.wait_until(done, timeout_s=SETTLE_S), "the console did not settle"


def end(console: Console) -> None:
    """Close a console and destroy its window and desks here.

    Left to the garbage collector they would be destroyed at any time, and in any
    thread: whichever of a later console's threads happens to set it off. A desk that
    is left keeps all it is wired to, 100 MB: Qt holds the functions that its signals call.
    """
    console.close()
    console.rooms.window.close()
    parts: dict[int, object] = {}
    _gather(console, parts)
    for part in parts.values():
        if isinstance(part, QObject) and isValid(part) and part.parent() is None:
            part.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _gather(thing: object, parts: dict[int, object]) -> None:
    """Note a thing of the console's own, and all that it keeps of this kind."""
    if id(thing) in parts or not type(thing).__module__.startswith(("app.", "widgets.")):
        return
    parts[id(thing)] = thing
    slots = (name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ()))
    for name in (*getattr(thing, "__dict__", ()), *slots):
        _gather(getattr(thing, name, None), parts)


@contextmanager
def open_console(office: Office, at: datetime, *, language: str = "zh", warm: bool = False) -> Iterator[OpenConsole]:
    """Open an office's console offscreen at a moment of the drill; closed at the end whatever happens.

    Most walks read no file of a stranger: the workers start with the first one, unless ``warm``.
    """
    spoken = current()
    application = startup.make_application(language=language, offscreen=True)
    clock = DrillClock(at)
    console = startup.open_console(office, clock, look_ms=20, loud=False, warm=warm)
    try:
        console.rooms.window.resize(1920, 1080)
        console.rooms.window.show()
        console.rooms.window.activateWindow()
        assert startup.wait_until(lambda: console.drawn and console.settled, timeout_s=SETTLE_S)
        yield OpenConsole(console, clock)
    finally:
        end(console)
        use(application, spoken)
