"""How long a frame takes to the screen, what a loop of sixty weighs, and how quick the section follows the hand."""

from __future__ import annotations

import gc
import multiprocessing
from dataclasses import replace
from datetime import timedelta
from multiprocessing.connection import Connection

import numpy as np
from PySide6.QtWidgets import QApplication

from app.bench.measure.mosaic_rows import Desk
from app.bench.measure.own_process import resident_mb
from app.bench.measure.rows import NO_AIM, Aim, Clockwork, Row, Table
from app.bench.measure.scene import STARTED_AT
from app.radar.radar_loop import KEPT_FRAMES, RadarLoop, pack
from layers.drawing import Drawings
from layers.grid_layer import GridLayer
from layers.map_view import MapView
from models.radar.mosaic import Mosaic
from models.radar.section import Ground, section_of
from models.radar.stack_of_cuts import cuts_round
from widgets.map.canvas import MapCanvas
from widgets.map.section_panel import SectionPanel

WIDTH, HEIGHT = 1920, 1080
SECTION_RADARS = 3
SECTION_OVER = (110.5, 24.5, 115.5, 29.0)
"""The line runs from the upper left to the right side of this box (west, south, east, north)."""

_LIMIT_S = 300


def screen_rows(table: Table, clock: Clockwork, desk: Desk, *, frames: int = KEPT_FRAMES) -> None:
    """Measure what the eye waits for."""
    table.head(f"Screen: canvas of {WIDTH} x {HEIGHT}")
    for row in _frame_rows(clock, desk):
        table.add(row)
    table.add(_section_row(clock, desk))
    table.add(_loop_row(frames, desk.standing()))


def drifted(mosaic: Mosaic, step: int) -> Mosaic:
    """Return the frame some minutes on, as another array: the whole weather drifts east."""
    return replace(
        mosaic,
        at=mosaic.at + timedelta(minutes=6 * step),
        codes=np.ascontiguousarray(np.roll(mosaic.codes, 5 * step, axis=1)),
        heights=np.ascontiguousarray(np.roll(mosaic.heights, 5 * step, axis=1)),
        source=np.ascontiguousarray(np.roll(mosaic.source, 5 * step, axis=1)),
    )


def _frame_rows(clock: Clockwork, desk: Desk) -> tuple[Row, Row]:
    application = QApplication.instance() or QApplication([])
    canvas = MapCanvas()
    canvas.resize(WIDTH, HEIGHT)
    area, first = desk.area, desk.standing()
    middle_x, middle_y = area.west_m + area.columns * area.cell_m / 2, area.north_m - area.rows * area.cell_m / 2
    canvas.show_view(MapView(middle_x, middle_y, area.cell_m * area.rows / HEIGHT, WIDTH, HEIGHT))
    canvas.show()
    application.processEvents()
    frames = [drifted(first, step) for step in range(24)]
    turn = iter(range(10_000))

    def act() -> None:
        mosaic = frames[next(turn) % len(frames)]
        canvas.show_drawings(Drawings(GridLayer.of_mosaic(mosaic).draw(canvas.view(), 1.0)))
        canvas.repaint()

    loop = RadarLoop()
    for mosaic in frames:
        loop.put(mosaic, pack(mosaic))

    def step() -> None:
        mosaic = loop.frame(loop.times[next(turn) % len(frames)])
        if mosaic is not None:
            canvas.show_drawings(Drawings(GridLayer.of_mosaic(mosaic).draw(canvas.view(), 1.0)))
            canvas.repaint()

    size = f"{area.rows} x {area.columns}"
    rows = (
        clock.row(f"frame to screen, {size}", act, aim=Aim(8)),
        clock.row(f"step of the loop to screen, {size}, unpacked", step, aim=Aim(8)),
    )
    canvas.close()
    return rows


def _section_row(clock: Clockwork, desk: Desk) -> Row:
    """Return the row of a line that is dragged over the stacks of all radars: worked out, shown, painted."""
    application = QApplication.instance() or QApplication([])
    stacks = tuple(cuts_round(volume) for volume in desk.volumes)
    ground = Ground(desk.area, np.full(desk.area.shape, 100, np.float32))
    panel = SectionPanel()
    panel.resize(WIDTH, panel.sizeHint().height())
    panel.show_mode("section")
    panel.show()
    application.processEvents()
    west, south, east, north = SECTION_OVER
    turn = iter(range(10_000))

    def act() -> None:
        share = 0.5 + 0.4 * np.sin(next(turn) / 7)
        end = east, south + (north - south) * float(share)
        panel.show_section(section_of(stacks, (west, north), end, ground=ground), STARTED_AT)
        panel.repaint()

    row = clock.row(f"section redraw while dragging, {len(stacks)} radars", act, aim=Aim(16))
    panel.close()
    return row


def _loop_row(frames: int, first: Mosaic) -> Row:
    """Return what a loop adds to a process of its own, which knows its first frame and how to pack."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_weigh_loop, args=(theirs, frames, first))
    process.start()
    added_mb: float = ours.recv() if ours.poll(_LIMIT_S) else float("nan")
    process.join(_LIMIT_S)
    name = f"loop of {frames} frames adds to the process"
    return Row(name, "MB", (added_mb,), aim=Aim(80) if frames == KEPT_FRAMES else NO_AIM)


def _weigh_loop(answer: Connection, frames: int, first: Mosaic) -> None:
    for step in range(4):  # what any one frame needs for a while is no part of the loop
        pack(drifted(first, step))
    gc.collect()
    before = resident_mb()
    loop = RadarLoop()
    for step in range(frames):
        mosaic = drifted(first, step)
        loop.put(mosaic, pack(mosaic))
        del mosaic
    gc.collect()
    answer.send(resident_mb() - before)
    answer.close()
