"""``dev.py bench loop``: how long the GUI thread is held while the exercise plays.

A timer that wants to come every 5 ms notes how late it is. The same measure
without any load, in the same run, is the baseline.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import numpy as np
from PySide6.QtCore import QTimer

EVERY_MS = 5
MINUTES = 15
IDLE_S = 2.0


class Lateness:
    """Notes how late a timer of the GUI thread comes, in ms."""

    def __init__(self) -> None:
        self.late_ms: list[float] = []
        self._timer = QTimer()
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._on_time)
        self._last = 0.0

    def start(self) -> None:
        """Begin to note."""
        self.late_ms, self._last = [], time.perf_counter()
        self._timer.start()

    def stop(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """End, and return what was noted."""
        self._timer.stop()
        return np.array(self.late_ms)

    def _on_time(self) -> None:
        now = time.perf_counter()
        self.late_ms.append(max(0.0, (now - self._last) * 1000 - EVERY_MS))
        self._last = now


def main() -> int:
    """Play some minutes of the exercise and print the figures."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from app import startup  # noqa: PLC0415
    from app.clock import DrillClock  # noqa: PLC0415
    from app.demo.office import open_or_build  # noqa: PLC0415
    from app.demo.player import STEP, Player  # noqa: PLC0415
    from app.demo.scene import OPENING_AT  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        office = open_or_build(Path(folder) / "office", lambda _step, _done: None)
        startup.make_application(language="zh", offscreen=True)
        clock = DrillClock(OPENING_AT)
        console = startup.open_console(office, clock, look_ms=100, loud=False)
        player = Player(console, clock)
        console.rooms.window.resize(1920, 1080)
        console.rooms.window.show()
        startup.wait_until(lambda: player.settled and console.drawn, timeout_s=60)
        late = Lateness()
        late.start()
        end = time.perf_counter() + IDLE_S
        startup.wait_until(lambda: time.perf_counter() > end, timeout_s=IDLE_S + 1)
        idle = late.stop()
        late.start()
        until = clock.now() + timedelta(minutes=MINUTES)
        while clock.now() < until:
            player.advance(clock.now() + STEP)
            startup.wait_until(lambda: player.settled, timeout_s=30)
        busy = late.stop()
        player.close()
        console.close()
    _print("idle", idle, idle)
    _print(f"{MINUTES} drill minutes", busy, idle)
    return 0


def _print(
    name: str, late: np.ndarray[tuple[int], np.dtype[np.float64]], base: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> None:
    p50, p95, p99 = (float(np.percentile(late, p)) for p in (50, 95, 99))
    ratio = p99 / max(0.1, float(np.percentile(base, 99)))
    over8, over50 = int((late > 8).sum()), int((late > 50).sum())
    sys.stdout.write(
        f"{name:>18}: median {p50:.1f}  p95 {p95:.1f}  p99 {p99:.1f}  max {late.max():.1f} ms late; "
        f"over 8 ms {over8}, over 50 ms {over50} of {len(late)}; p99 / idle p99 {ratio:.1f}\n"
    )


if __name__ == "__main__":
    raise SystemExit(main())
