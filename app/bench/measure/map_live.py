"""A map that lives as in the console: the layers are drawn in jobs, the planes in turns, and every hold is timed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from PySide6.QtCore import QEvent, QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from app.bench.measure.map_scene import HEIGHT, WIDTH, Scene
from app.jobs import Jobs
from layers.drawing import Drawings
from layers.map_view import MapView
from widgets.map.canvas import MapCanvas

_GUARD_MS = 20_000


class TimedCanvas(MapCanvas):
    """A canvas that writes down how long each of its turns and paintings holds the GUI thread.

    ``holds_s`` are seconds of the clock, ``worked_s`` of the processor: on a loaded machine the first also
    counts what others do meanwhile.
    """

    def __init__(self) -> None:
        super().__init__()
        self.holds_s: list[float] = []
        self.worked_s: list[float] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint, timed."""
        with self._timed():
            super().paintEvent(event)

    def show_drawings(self, drawings: Drawings) -> None:
        """Take drawings, timed."""
        with self._timed():
            super().show_drawings(drawings)

    def _on_turn(self) -> None:
        with self._timed():
            super()._on_turn()

    @contextmanager
    def _timed(self) -> Iterator[None]:
        start, work = time.perf_counter(), time.thread_time()
        try:
            yield
        finally:
            self.holds_s.append(time.perf_counter() - start)
            self.worked_s.append(time.thread_time() - work)


class LiveMap:
    """A canvas of the bench's size on a scene, with jobs of its own."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.canvas = TimedCanvas()
        self.canvas.resize(WIDTH, HEIGHT)
        self._jobs = Jobs(threads=1, processes=1)
        self._drawn_for: MapView | None = None
        self.canvas.view_changed.connect(self._draw)
        self.canvas.show()

    def go_to(self, view: MapView) -> None:
        """Show a view and wait until everything of it is there."""
        self.canvas.show_view(view)
        self._draw(view)
        self.wait()

    @property
    def is_sharp(self) -> bool:
        """Whether the layers are drawn for the view, and the canvas shows them sharp."""
        return self._jobs.idle and self._drawn_for == self.canvas.view() and self.canvas.is_sharp

    def wait(self, *, canvas_only: bool = False) -> None:
        """Let the event loop run until the map is sharp; the first picture may still have the former scale's lines."""
        guard = QTimer()
        guard.setSingleShot(True)
        guard.start(_GUARD_MS)
        while not (self.canvas.is_sharp if canvas_only else self.is_sharp):
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            if not guard.isActive():
                raise TimeoutError("the map does not become sharp")
        self.canvas.repaint()

    def wheel(self, step: int) -> None:
        """Turn the wheel by one notch: three times nearer, three times farther, and so on."""
        spot = QPointF(WIDTH * 0.45, HEIGHT * 0.55)
        delta = QPoint(0, 120 if step % 6 < 3 else -120)
        event = QWheelEvent(
            spot, self.canvas.mapToGlobal(spot), QPoint(), delta, Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(self.canvas, event)

    def mouse(self, kind: QEvent.Type, spot: QPointF) -> None:
        """Send one event of the left button."""
        held = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
        button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
        globally = QPointF(self.canvas.mapToGlobal(spot))
        event = QMouseEvent(kind, spot, globally, button, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self.canvas, event)

    def close(self) -> None:
        """End the jobs and take the canvas away."""
        self._jobs.close()
        self.canvas.close()

    def _draw(self, view: MapView) -> None:
        self._jobs.start("draw", partial(_drawn, self.scene, view), on_done=self._show, on_error=_fail)

    def _show(self, answer: tuple[Drawings, MapView]) -> None:
        drawings, self._drawn_for = answer
        self.canvas.show_drawings(drawings)


def _drawn(scene: Scene, view: MapView) -> tuple[Drawings, MapView]:
    return scene.drawings(view), view


def _fail(error: Exception) -> None:
    raise error
