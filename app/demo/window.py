"""``fengsui demo``: the exercise in a window, with the drill clock running."""

from __future__ import annotations

import queue
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

import resources
from app import startup
from app.clock import DrillClock
from app.console import Console
from app.demo.office import open_or_build
from app.demo.player import Player
from app.demo.scene import CLOSING_AT, OPENING_AT
from app.jobs import Jobs
from app.office import Office, default_folder
from models.errors import ConsoleError
from models.store import journal
from models.store.database import Store
from widgets import language as spoken
from widgets import words
from widgets.startup_page import StartupPage

PROGRESS_MS = 100
DEMO_FOLDER = "demo"


class DemoWindow(QObject):
    """Builds the demo office with progress shown, then opens the console on it and lets the drill run.

    Signals
    -------
    opened()    the console stands
    """

    opened = Signal()

    def __init__(self, folder: Path, *, speed: float) -> None:
        super().__init__()
        self._folder, self._speed = folder, speed
        self._jobs = Jobs(threads=1)
        self._steps: queue.SimpleQueue[tuple[str, float]] = queue.SimpleQueue()
        self._page = StartupPage()
        self._page.show_exercise(True)
        self._page.resize(1366, 768)
        self._page.quit_requested.connect(QApplication.quit)
        self._timer = QTimer(self)
        self._timer.setInterval(PROGRESS_MS)
        self._timer.timeout.connect(self._on_look)
        self.player: Player | None = None
        self.console: Console | None = None

    def open(self) -> None:
        """Show the page, and build in the background."""
        self._page.showMaximized()
        self._timer.start()
        steps, folder = self._steps, self._folder

        def build() -> Office:
            return open_or_build(folder, lambda step, done: steps.put((step, done)))

        self._jobs.start("build", build, on_done=self._on_built, on_error=self._on_failed)

    def close(self) -> None:
        """End gateway, console and jobs."""
        self._timer.stop()
        if self.player is not None:
            self.player.close()
        if self.console is not None:
            self.console.close()
        self._jobs.close()

    def _on_look(self) -> None:
        last = None
        while not self._steps.empty():
            last = self._steps.get()
        if last is not None:
            step = resources.phrase("demo", f"step.{last[0]}", spoken.current())
            title = self.tr("Making the exercise county")
            self._page.show_progress(title, step, last[1])

    def _on_built(self, office: Office) -> None:
        self._timer.stop()
        clock = DrillClock(_stands_at(office))
        try:
            self.console = startup.open_console(office, clock)
        except ConsoleError as error:
            self._on_failed(error)
            return
        self.player = Player(self.console, clock)
        window = self.console.rooms.window
        window.showMaximized()
        self._page.hide()
        self.player.play(self._speed)
        self.opened.emit()

    def _on_failed(self, error: Exception) -> None:
        self._timer.stop()
        self._page.show_failure(words.error(error), ())


def _stands_at(office: Office) -> datetime:
    """Return where the drill goes on: its opening, or the minute after the last journal line of an earlier run."""
    with Store.open(office.store_path) as store:
        lines = store.read(lambda db: journal.newest(db, limit=1))
    last = lines[0].entry.at if lines else OPENING_AT
    return min(max(last, OPENING_AT), CLOSING_AT)


def play_in_window(*, office: Path | None, speed: float, language: str, theme: str) -> int:
    """Open the exercise in a window; returns the exit code of the application."""
    folder = office or default_folder() / DEMO_FOLDER
    application = startup.make_application(language=language, theme=theme)
    demo = DemoWindow(folder, speed=speed)
    demo.open()
    code = application.exec()
    demo.close()
    return code
