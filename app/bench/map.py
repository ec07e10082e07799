"""How fast the map moves: ``python3 dev.py bench map``.

A scene from a seed (10,000 points, 2,000 polygons with 130,000 vertices, 1,000
names, 24 radar frames of 1000 x 1000) on the canvas at 1920 x 1080. Each time is
also given as a ratio to drawing the whole scene anew in the same run, which is
what every frame would cost without cached planes, so that runs on different
machines compare.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass

if not os.environ.get("QT_QPA_PLATFORM"):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from layers.color_table import load
from layers.drawing import Areas, Drawings, Labels, Lines, Raster, Symbols
from layers.map_view import MapView
from layers.point_layer import POINT_SPRITES
from models.grid import GridArea
from widgets import theme as look
from widgets.map.canvas import MapCanvas

SEED = 20260617
WIDTH, HEIGHT = 1920, 1080
POINTS, POLYGONS, VERTICES, NAMES, FRAMES = 10_000, 2_000, 130_000, 1_000, 24
_SIDE_M = 200_000.0
_STEPS = 240


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of many turns of one act."""

    name: str
    seconds: tuple[float, ...]

    def line(self, base_s: float) -> str:
        """Return name, median and 95th percentile in ms, and both as ratios to the base."""
        median, high = np.percentile(self.seconds, [50, 95])
        return f"{self.name:<28}{median * 1000:>9.2f}{high * 1000:>9.2f}{median / base_s:>10.2f}{high / base_s:>8.2f}"


def build_scene(seed: int = SEED) -> tuple[tuple[Raster, ...], Drawings]:
    """Return the radar frames, and the drawings with the first of them in place."""
    rng = np.random.default_rng(seed)
    area = GridArea(0.0, _SIDE_M, _SIDE_M / 1000, 1000, 1000)
    smooth = np.cumsum(np.cumsum(rng.normal(size=(1000, 1000)), axis=0), axis=1)
    field = np.interp(smooth, np.percentile(smooth, [0, 35, 100]), [-10, 12, 66]).astype(np.float32)
    codes = np.clip(field * 2 + 66, 1, 255).astype(np.uint8)
    frames = tuple(
        Raster("mosaic", area, np.ascontiguousarray(np.roll(codes, 7 * i, axis=1)), load("reflectivity"))
        for i in range(FRAMES)
    )
    corners = VERTICES // POLYGONS
    angle = np.linspace(0, 2 * np.pi, corners)
    centers = rng.uniform(0, _SIDE_M, (POLYGONS, 1, 2))
    wobble = rng.uniform(0.7, 1.0, (POLYGONS, corners, 1))
    wobble[:, -1] = wobble[:, 0]
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1)[None]
    xy = (centers + ring * wobble * _SIDE_M / 60).reshape(-1, 2)
    starts = (np.arange(POLYGONS + 1) * corners).astype(np.int64)
    ids = tuple(str(i) for i in range(POLYGONS))
    borders = Lines("villages", xy, starts, ids, "town")
    rings = Areas("villages.areas", xy, starts, ids, "")
    spots = rng.uniform(0, _SIDE_M, (POINTS, 2))
    state = np.sort(rng.integers(0, 5, POINTS)).astype(np.uint8)
    points = Symbols("points", spots[:, 0], spots[:, 1], state, POINT_SPRITES, tuple(f"P{i}" for i in range(POINTS)))
    at = rng.uniform(0, _SIDE_M, (NAMES, 2))
    texts = tuple(f"{'石坑云台马蹄白水'[i % 8]}{'沟岭坪湾'[i % 4]}{i}" for i in range(NAMES))
    names = Labels("names", at[:, 0], at[:, 1], texts, rng.integers(0, 9, NAMES), "point", dx_px=12)
    return frames, Drawings((frames[0], borders, rings, points, names))


def timed(name: str, act: Callable[[int], None], steps: int) -> Times:
    """Return how long each of ``steps`` turns of an act takes."""
    seconds = []
    for step in range(steps):
        start = time.perf_counter()
        act(step)
        seconds.append(time.perf_counter() - start)
    return Times(name, tuple(seconds))


def run(canvas: MapCanvas) -> tuple[float, tuple[Times, ...]]:
    """Return the median seconds of drawing all anew, and the times of all acts on a canvas of the full size."""
    frames, drawings = build_scene()
    rest = drawings.items[1:]
    overview = MapView(_SIDE_M / 2, _SIDE_M / 2, _SIDE_M / HEIGHT, WIDTH, HEIGHT)
    canvas.show_drawings(drawings)
    canvas.show_view(overview)
    canvas.repaint()

    def drag(step: int) -> None:
        turn = step / 20
        spot = QPointF(WIDTH / 2 + 220 * np.sin(turn), HEIGHT / 2 + 140 * np.sin(1.7 * turn))
        QTest.mouseMove(canvas, spot.toPoint())
        canvas.repaint()

    def show_frame(step: int) -> None:
        canvas.show_drawings(Drawings((frames[step % FRAMES], *rest)))
        canvas.repaint()

    def redraw(step: int) -> None:
        canvas.show_view(
            MapView(overview.center_x_m, overview.center_y_m, overview.meters_per_pixel * (1 + step % 5), WIDTH, HEIGHT)
        )
        canvas.repaint()

    def anew(_step: int) -> None:
        for plane in canvas.planes():
            plane.stale = True
        canvas.update()
        canvas.repaint()

    def change_states(step: int) -> None:
        old = next(item for item in rest if isinstance(item, Symbols))
        state = np.sort((old.sprite + step) % 5).astype(np.uint8)
        new = Symbols(old.name, old.x_m, old.y_m, state, old.sprites, old.ids)
        canvas.show_drawings(Drawings((frames[0], *(new if item is old else item for item in rest))))
        canvas.repaint()

    def hit(step: int) -> None:
        canvas.symbol_at(step * 7 % WIDTH, step * 11 % HEIGHT)

    def pan(name: str, view: MapView) -> Times:
        canvas.show_view(view)
        canvas.repaint()
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPointF(WIDTH / 2, HEIGHT / 2).toPoint())
        times = timed(name, drag, _STEPS)
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton)
        return times

    timed("warm up", show_frame, FRAMES)
    near = MapView(overview.center_x_m, overview.center_y_m, 5.0, WIDTH, HEIGHT)
    pans = (pan("pan step", overview), pan("pan step, cells of 40 px", near))
    canvas.show_view(overview)
    canvas.repaint()
    out = (
        *pans,
        timed("radar frame to screen", show_frame, 5 * FRAMES),
        timed("change 10,000 states", change_states, 20),
        timed("sharp redraw, new scale", redraw, 20),
        timed("click to id", hit, 200),
    )
    return float(np.median(timed("all anew", anew, 20).seconds)), out


def main() -> None:
    """Measure and print."""
    app = QApplication.instance() or QApplication([])
    if isinstance(app, QApplication):
        look.apply(app, look.LIGHT)
    canvas = MapCanvas()
    canvas.resize(WIDTH, HEIGHT)
    canvas.show()
    app.processEvents()
    base_s, times = run(canvas)
    print(f"map, {WIDTH}x{HEIGHT}: {POINTS} points, {POLYGONS} polygons ({VERTICES} vertices), {NAMES} names, "
          f"{FRAMES} radar frames, seed {SEED}")  # fmt: skip
    print(f"{'':<28}{'median':>9}{'p95 ms':>9}{'x base':>10}{'p95':>8}")
    print(f"{'all drawn anew (base)':<28}{base_s * 1000:>9.2f}")
    for entry in times:
        print(entry.line(base_s))
    canvas.close()


if __name__ == "__main__":
    main()
