"""Plays the exercise: moves the drill clock, lets files arrive when they are due, runs the gateway."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.clock import DrillClock
from app.console import Console
from app.demo.deliveries import Delivery, due
from app.startup import DRILL_CLOCK

STEP = timedelta(minutes=1)


class GatewayProcess:
    """The gateway stand-in, a process of its own; it ends with the one that began it."""

    def __init__(self, *, outbox: Path, inbox: Path, clock: Path, silent: bool) -> None:
        command = [sys.executable, "-m", "app.demo.gateway"]
        for name, path in (("--outbox", outbox), ("--inbox", inbox), ("--clock", clock)):
            command += [name, str(path.resolve())]  # it runs in the house's own folder
        root = Path(__file__).resolve().parents[2]
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            command + (["--silent"] if silent else []), stdin=subprocess.PIPE, cwd=root
        )

    @property
    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def close(self) -> None:
        """Let it end."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()


class Player(QObject):
    """Moves the drill on and delivers what is due.

    Signals
    -------
    moved(datetime)    the drill clock stands at another minute
    """

    moved = Signal(object)

    def __init__(self, console: Console, clock: DrillClock, *, silent_gateway: bool = False) -> None:
        super().__init__()
        self._console, self._clock = console, clock
        office = console.office
        self._clock_file = office.folder / DRILL_CLOCK
        self._note_clock()
        self._gateway = GatewayProcess(
            outbox=office.outbox, inbox=office.inbox, clock=self._clock_file, silent=silent_gateway
        )
        self._writing = 0
        self._failed: Exception | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_second)
        self._speed = 1.0
        self.delivered = 0

    @property
    def error(self) -> Exception | None:
        """Why a file could not be made, None if all went well."""
        return self._failed

    @property
    def settled(self) -> bool:
        """Whether everything that is due has been made, taken and worked on."""
        inbox = self._console.office.inbox
        return not self._writing and not any(_is_whole(p) for p in inbox.iterdir()) and self._console.settled

    def advance(self, to: datetime) -> None:
        """Move the drill clock on and let arrive what is due up to then."""
        before = self._clock.now()
        self._clock.set(to)
        self._note_clock()
        for delivery in due(before, to):
            self._deliver(delivery)
        self._console.tick()
        self.moved.emit(self._clock.now())

    def play(self, speed: float) -> None:
        """Let the drill run by itself, ``speed`` drill seconds a second."""
        self._speed = speed
        self._timer.start(1000)

    def close(self) -> None:
        """Stop playing and let the gateway end."""
        self._timer.stop()
        self._gateway.close()

    def _on_second(self) -> None:
        self.advance(self._clock.now() + timedelta(seconds=self._speed))

    def _deliver(self, delivery: Delivery) -> None:
        self._writing += 1
        work = partial(delivery.write, self._console.office.inbox)
        self._console.jobs.start(
            f"deliver:{delivery.name}", work, on_done=lambda _: self._on_delivered(), on_error=self._on_failed
        )

    def _on_delivered(self) -> None:
        self._writing -= 1
        self.delivered += 1

    def _on_failed(self, error: Exception) -> None:
        self._writing -= 1
        self._failed = error

    def _note_clock(self) -> None:
        part = self._clock_file.with_suffix(".part")
        part.write_text(self._clock.now().isoformat(), encoding="utf-8")
        part.replace(self._clock_file)


def _is_whole(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".") and path.suffix not in {".tmp", ".part"}
