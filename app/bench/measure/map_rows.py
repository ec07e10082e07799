"""How long the hand and the eye wait for the map."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from itertools import count

import numpy as np
from PySide6.QtCore import QEvent, QPointF
from PySide6.QtWidgets import QApplication

from app.bench.measure.map_live import LiveMap
from app.bench.measure.map_peers import Scatter
from app.bench.measure.map_scene import HEIGHT, OVERVIEW, TOWNS, WIDTH, changed_states, scene
from app.bench.measure.rows import Aim, Base, Clockwork, Row, Table
from layers.drawing import Drawings, Symbols
from layers.map_view import MapView

PEER = "ScatterPlotItem"
P95_MS = 16.0
"""What the 95th percentile of a pan frame may be."""
_DRAG_PX, _DRAG_STEPS = 24.0, 36


def map_rows(table: Table, clock: Clockwork, sizes: tuple[int, ...]) -> None:
    """Measure pan, zoom, states, hits and frames; the peer draws the points alone, in the same minutes."""
    many = Clockwork(clock.turns * 6)
    table.head(f"Pan frame of {WIDTH} x {HEIGHT}: relief, 2,000 borders, names, radar and so many points")
    for size in sizes:
        for row in _pan_rows(many, clock, size):
            table.add(row)
    table.head("Wheel notch, as in the console: clusters, layers drawn in a job, planes in turns")
    for size in sizes:
        for row in _wheel_rows(clock, size):
            table.add(row)
    table.head(f"States, hits, radar frames ({sizes[-2]:,} and {sizes[-1]:,} points)")
    for row in _act_rows(clock, sizes[-2], sizes[-1]):
        table.add(row)


def symbols_of(live: LiveMap) -> Symbols:
    """Return the drawing of all points."""
    items = live.scene.drawings(live.canvas.view()).items
    return next(item for item in items if isinstance(item, Symbols))


def _pan_rows(many: Clockwork, clock: Clockwork, size: int) -> tuple[Row, ...]:
    """Every point stands for itself here, which is the most that a frame can ever have to move."""
    live = LiveMap(scene(size, clusters=False, frames=1))
    live.go_to(OVERVIEW)
    peer, steps, peer_steps = Scatter.of(symbols_of(live)), count(), count()
    middle = QPointF(WIDTH / 2, HEIGHT / 2)

    def drag() -> None:
        turn = next(steps) / 20
        live.mouse(QEvent.Type.MouseMove, middle + QPointF(220 * np.sin(turn), 140 * np.sin(1.7 * turn)))
        live.canvas.repaint()

    live.mouse(QEvent.Type.MouseButtonPress, middle)
    row = many.row(f"pan frame, {size:,} points", drag, aim=Aim(8), base=Base(PEER, lambda: peer.pan(next(peer_steps))))
    live.mouse(QEvent.Type.MouseButtonRelease, middle)
    peer.close()
    live.wait()
    out = (replace(row, note=_p95(row)), _long_drag(live, clock, size))
    live.close()
    return out


def _p95(row: Row) -> str:
    return f"p95 {'within' if row.p95 <= P95_MS else 'OVER'} {P95_MS:g} ms"


def _long_drag(live: LiveMap, clock: Clockwork, size: int) -> Row:
    """Return the frames of drags over half a screen and back, in which bare edges are filled meanwhile."""
    times: list[float] = []
    middle = QPointF(WIDTH / 2, HEIGHT / 2)
    for turn in range(max(2, clock.turns // 4)):
        live.mouse(QEvent.Type.MouseButtonPress, middle)
        for number in range(1, _DRAG_STEPS + 1):
            start = time.perf_counter()
            paints = live.canvas.paints
            live.mouse(QEvent.Type.MouseMove, middle + QPointF(_DRAG_PX * number * (-1) ** turn, 0))
            while live.canvas.paints == paints:
                QApplication.processEvents()
            times.append((time.perf_counter() - start) * 1000)
        live.mouse(QEvent.Type.MouseButtonRelease, middle)
    live.wait()
    row = Row(f"frame of a long drag, edges filled, {size:,} points", "ms", tuple(times), aim=Aim(8))
    return replace(row, note=_p95(row))


def _wheel_rows(clock: Clockwork, size: int) -> tuple[Row, ...]:
    live = LiveMap(scene(size, clusters=True, frames=1))
    live.go_to(TOWNS)
    for step in range(6):  # the simplified lines of these scales are kept from here on
        live.wheel(step)
        live.wait()
    first, whole, held, worked = [], [], [], []
    for step in range(max(6, clock.turns)):
        live.canvas.holds_s, live.canvas.worked_s = [], []
        start = time.perf_counter()
        live.wheel(step)
        live.canvas.repaint()
        live.wait(canvas_only=True)
        first.append((time.perf_counter() - start) * 1000)
        live.wait()
        whole.append((time.perf_counter() - start) * 1000)
        held.append(max(live.canvas.holds_s) * 1000)
        worked.append(max(live.canvas.worked_s) * 1000)
    live.close()
    return (
        Row(f"wheel notch to a sharp picture, {size:,} points", "ms", tuple(first), aim=Aim(200)),
        Row(f"the same, to the new scale's clusters and lines, {size:,}", "ms", tuple(whole)),
        Row(f"longest hold of the GUI thread meanwhile, {size:,}", "ms", tuple(held), tuple(worked), aim=Aim(8)),
    )


def _act_rows(clock: Clockwork, some: int, most: int) -> tuple[Row, ...]:
    out = []
    live = LiveMap(scene(some, clusters=False, frames=24))
    live.go_to(OVERVIEW)
    items = live.scene.drawings(OVERVIEW).items
    points, peer, steps, peer_steps = symbols_of(live), Scatter.of(symbols_of(live)), count(), count()

    def change() -> None:
        new = changed_states(points, next(steps))
        live.canvas.show_drawings(Drawings(tuple(new if item is points else item for item in items)))
        live.canvas.finish()
        live.canvas.repaint()

    def frame() -> None:
        live.canvas.show_drawings(live.scene.drawings(OVERVIEW, next(steps)))
        live.canvas.repaint()

    def anew() -> None:
        for plane in live.canvas.planes():
            plane.stale = True
        live.canvas.show_view(_nudged(next(steps)))
        live.canvas.finish()
        live.canvas.repaint()

    out.append(
        clock.row(
            f"{some:,} states changed",
            change,
            aim=Aim(30),
            base=Base(PEER, lambda: peer.change_states(next(peer_steps))),
        )
    )
    live.go_to(OVERVIEW)
    out.append(clock.row("radar frame to the screen", frame, aim=Aim(8)))
    out.append(clock.row("everything drawn anew at another scale, at one go", anew, fewer=2))
    peer.close()
    live.close()
    out.append(_hits(clock, most))
    return tuple(out)


def _nudged(step: int) -> MapView:
    return replace(OVERVIEW, meters_per_pixel=OVERVIEW.meters_per_pixel * (1 + step % 5 / 10))


def _hits(clock: Clockwork, size: int) -> Row:
    live = LiveMap(scene(size, clusters=False, frames=1, names=False))
    live.go_to(OVERVIEW)
    peer, steps, peer_steps = Scatter.of(symbols_of(live)), count(), count()

    def hit() -> str:
        step = next(steps)
        return live.canvas.symbol_at(step * 7 % WIDTH, step * 11 % HEIGHT)

    act: Callable[[], object] = hit
    row = clock.row(
        f"click to id, {size:,} points", act, aim=Aim(2), base=Base(PEER, lambda: peer.hit(next(peer_steps)))
    )
    peer.close()
    live.close()
    return row
