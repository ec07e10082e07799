"""What so many points cost in time and memory; measured in a process of its own."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count

import numpy as np
from PySide6.QtWidgets import QApplication

from app.bench.measure.map_scene import OVERVIEW, TOWNS, scene
from app.bench.measure.own_process import in_own_process, resident_mb
from widgets import theme as look
from widgets.map.canvas import MapCanvas

_TURNS = 9


@dataclass(frozen=True, slots=True)
class Cost:
    """Least milliseconds of each act; ``memory_mb`` is the whole process with map, radar and points on it."""

    points: int
    build_s: float
    draw_ms: float
    finish_ms: float
    pan_ms: float
    hit_ms: float
    near_ms: float
    memory_mb: float

    def line(self) -> str:
        """Return the row as it is printed."""
        return (
            f"{self.points:>10,}{self.build_s:>9.2f}{self.draw_ms:>11.1f}{self.finish_ms:>11.1f}{self.pan_ms:>9.2f}"
            f"{self.hit_ms:>9.2f}{self.near_ms:>11.1f}{self.memory_mb:>9.0f}"
        )


HEAD = (
    f"{'points':>10}{'build s':>9}{'layers ms':>11}{'sharp ms':>11}{'pan ms':>9}{'hit ms':>9}{'near ms':>11}{'MB':>9}"
)
"""``layers``: drawn for another octave; ``sharp``: all planes at the overview; ``near``: planes at 20 m a pixel."""


def cost_of(points: int) -> Cost:
    """Return the cost of so many points, measured in a process of its own, so that its memory is its own."""
    return in_own_process(measure, points)


def measure(points: int) -> Cost:
    """Measure in this process."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication([])
    if isinstance(application, QApplication):
        look.apply(application, look.LIGHT)
    start = time.perf_counter()
    made = scene(points, clusters=True, frames=1)
    build_s = time.perf_counter() - start
    start = time.perf_counter()
    drawings = made.drawings(OVERVIEW)
    draw_ms = (time.perf_counter() - start) * 1000
    canvas = MapCanvas()
    canvas.resize(OVERVIEW.width, OVERVIEW.height)
    canvas.show_view(OVERVIEW)
    canvas.show_drawings(drawings)
    canvas.show()
    QApplication.processEvents()
    steps = count()

    def anew() -> None:
        view = canvas.view()  # a hair nearer or farther, so that nothing of the last picture serves again
        scale = view.meters_per_pixel * (1.001 if next(steps) % 2 else 1 / 1.001)
        canvas.show_view(replace(view, meters_per_pixel=scale))
        canvas.finish()

    def hit() -> None:
        step = next(steps)
        canvas.symbol_at(step * 7 % OVERVIEW.width, step * 11 % OVERVIEW.height)

    finish_ms, pan_ms, hit_ms = _least(anew), _least(canvas.repaint), _least(hit)
    canvas.show_drawings(made.drawings(TOWNS))
    canvas.show_view(TOWNS)
    near_ms = _least(anew)
    del drawings
    gc.collect()
    return Cost(points, build_s, draw_ms, finish_ms, pan_ms, hit_ms, near_ms, resident_mb())


def _least(act: Callable[[], object]) -> float:
    times = []
    for _ in range(_TURNS):
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return float(np.min(times)) * 1000
