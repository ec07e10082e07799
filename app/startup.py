"""From a command to an open console: Qt, look, language, office, store."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app import input_method
from app.clock import Clock, DrillClock, SystemClock
from app.commands.office_cli import report_lines
from app.console import Console
from app.desks import Desks
from app.language import system_language
from app.office import Office, default_folder, open_office
from models.errors import ConsoleError, DataError, StoreError
from models.store import backup
from models.store.database import Store
from models.store.restore import restore
from widgets import language as spoken
from widgets import theme as look
from widgets import words
from widgets.map.canvas import MapCanvas
from widgets.startup_page import StartupPage

_log = logging.getLogger(__name__)
SETTLE_MS = 20
SMOKE_S = 30.0
LAYER_JOB = "layer:"
LAYOUT_TURNS = 3
SHOWN_LINES = 12
# A store that a newer program wrote, or whose laws were taken out, is whole: going back would only lose what it holds.
MENDED_BY_A_BACKUP = frozenset({"store.damaged", "store.missing", "store.not_ours", "store.disk"})
DRILL_CLOCK = "drill_clock"


def make_application(*, language: str = "", theme: str = "light", offscreen: bool = False) -> QApplication:
    """Return the application with font, look and language; offscreen where there is no display."""
    has_display = sys.platform in {"win32", "darwin"} or any(os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY"))
    if offscreen or not has_display or not os.environ.get("QT_QPA_PLATFORM", "x"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    input_method.prepare()
    if find_spec("pyqtlet2") is not None:  # the web map's engine asks for it before there is an application
        QApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    look.load_fonts()
    spoken.use(application, language or system_language())
    look.apply(application, look.DARK if theme == "dark" else look.LIGHT)
    return application


def clock_of(office: Office) -> Clock:
    """Return the clock to look at an office with: a drill that was played stands where it was left."""
    try:
        text = (office.folder / DRILL_CLOCK).read_text(encoding="utf-8")
        return DrillClock(datetime.fromisoformat(text.strip()))
    except (OSError, ValueError):
        return SystemClock()


def open_store(office: Office, clock: Clock) -> Store:
    """Open the office's store and back it up, as at every start.

    Raises
    ------
    StoreError
        If the store is damaged, newer than this program, or cannot be written.
    """
    store = Store.open(office.store_path)
    try:
        backup.make(store, office.backup, clock.now())
    except StoreError as error:
        _log.error("no backup was made: %s", error)
    return store


def open_console(
    office: Office,
    clock: Clock,
    *,
    look_ms: int | None = None,
    loud: bool = True,
    looks_only: bool = False,
    warm: bool = True,
) -> Console:
    """Open store and console of an office; its window is not shown yet. To look only makes no backup."""
    store = Store.open(office.store_path) if looks_only else open_store(office, clock)
    console = Console(Desks(office, store, clock, look_ms=look_ms), loud=loud, looks_only=looks_only)
    console.open(warm=warm)
    return console


def wait_until(reached: Callable[[], bool], *, timeout_s: float) -> bool:
    """Let the event loop run until a condition has held once; False after the time limit."""
    if reached():
        return True
    loop, limit = QEventLoop(), time.monotonic() + timeout_s
    timer = QTimer()
    timer.setInterval(SETTLE_MS)
    held = False

    def look() -> None:
        nonlocal held
        held = reached()
        if held or time.monotonic() > limit:
            loop.quit()

    timer.timeout.connect(look)
    timer.start()
    while not held and time.monotonic() <= limit:
        loop.exec()  # somebody else may end it, such as a window that closed before
    timer.stop()
    return held


def run_console(folder: Path | None, *, language: str, theme: str, smoke_test: bool, timing: bool) -> int:
    """Open the console on an office; returns the exit code."""
    begun = time.perf_counter()
    office = open_office(folder or default_folder())
    application = make_application(language=language or office.settings.office.language, theme=theme)
    keeper = Keeper(office)
    if not keeper.open():
        return 1 if smoke_test else application.exec()
    console = keeper.console
    if smoke_test and console is not None:
        say = language or office.settings.office.language or system_language()
        console.one_map.layers.desk.failed.connect(lambda error: _tell(error, say))
        drawn = wait_until(lambda: console.settled and console.drawn, timeout_s=SMOKE_S)
        drawn = drawn or drawn_but_layers(console, say)
        if timing:
            age_s = _age_of_process_s()
            taken_s = time.perf_counter() - begun if age_s is None else age_s
            sys.stdout.write(f"cold start to a usable map: {taken_s:.2f} s\n")
        console.close()
        return 0 if drawn else 1
    code = application.exec()
    if keeper.console is not None:
        keeper.console.close()
    return code


def drawn_but_layers(console: Console, language: str) -> bool:
    """Say which layers are not read yet, and return whether they are all that is missing."""
    late = [job for job in console.jobs.at_work if job.startswith(LAYER_JOB)]
    for job in late:
        _tell(DataError("layers.late", name=job.removeprefix(LAYER_JOB), limit_s=f"{SMOKE_S:g}"), language)
    return bool(late) and console.settled_but(*late) and console.drawn


def _tell(error: Exception, language: str) -> None:
    sys.stderr.write((error.sentence(language) if isinstance(error, ConsoleError) else str(error)) + "\n")


def take_screenshot(
    folder: Path | None, *, out: Path, size: tuple[int, int], task: str, language: str, theme: str
) -> None:
    """Draw an office's console as it stands into a PNG."""
    office = open_office(folder or default_folder())
    make_application(language=language or office.settings.office.language, theme=theme, offscreen=True)
    console = open_console(office, clock_of(office), loud=False, looks_only=True)
    picture(console, out, size=size, task=task)
    console.close()


def picture(console: Console, out: Path, *, size: tuple[int, int], task: str = "") -> None:
    """Draw a console's window into a PNG once nothing is at work.

    Raises
    ------
    DataError
        ``screenshot.not_written``.
    """
    window = console.rooms.window
    window.resize(*size)
    if task:
        console.views.go_to(task)
    window.show()
    wait_until(lambda: console.settled and console.drawn, timeout_s=30)
    turns = iter(range(LAYOUT_TURNS))
    wait_until(lambda: next(turns, None) is None, timeout_s=5)  # layouts that others asked for come a turn later
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError("screenshot.not_written", file=out) from error
    for canvas in window.findChildren(MapCanvas):
        canvas.finish()
    if not window.grab().save(str(out)):
        raise DataError("screenshot.not_written", file=out)


class Keeper:
    """Holds the window while the office opens, or says why it does not."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self.page = StartupPage()
        self.page.show_exercise(office.exercise)
        self.page.resize(1366, 768)
        self.page.restore_requested.connect(self._restore)
        self.page.go_on_requested.connect(self.open)
        self.page.quit_requested.connect(QApplication.quit)
        self.console: Console | None = None

    def open(self) -> bool:
        """Open the console; where the store is damaged, show the page that can restore it."""
        clock = SystemClock()
        try:
            self.console = open_console(self._office, clock)
        except StoreError as error:
            self.page.show()
            newest = backup.newest_good(self._office.backup) if error.code in MENDED_BY_A_BACKUP else None
            if newest is not None:
                made_at = words.moment(backup.made_at(newest), clock.now())
                self.page.show_damage(words.error(error), newest.name, made_at)
            else:
                self.page.show_failure(words.error(error), ())
            return False
        self.page.hide()
        window = self.console.rooms.window
        window.resize(1600, 900)
        window.showMaximized()
        return True

    def _restore(self) -> None:
        try:
            report = restore(self._office.folder, SystemClock().now())
        except StoreError as error:
            self.page.show_failure(words.error(error), ())
        else:
            lines = report_lines(report, spoken.current())
            # What fills more than the page stands in the journal line of the restoring.
            shown = lines if len(lines) <= SHOWN_LINES else [*lines[: SHOWN_LINES - 2], "…", lines[-1]]
            self.page.show_restored(tuple(shown))


def _age_of_process_s() -> float | None:
    """Return how long this process has run, None where the system does not say."""
    try:
        with Path("/proc/self/stat").open(encoding="ascii") as stat:
            started_ticks = int(stat.read().rsplit(")", 1)[1].split()[19])
        with Path("/proc/uptime").open(encoding="ascii") as uptime:
            up_s = float(uptime.read().split()[0])
    except OSError:
        return None
    return up_s - started_ticks / os.sysconf("SC_CLK_TCK")
