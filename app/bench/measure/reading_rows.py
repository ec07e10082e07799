"""How long files take: to codes, and through two worker processes and the radar's desk onto the map."""

from __future__ import annotations

import bz2
import os
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from app.bench.measure.fmt_files import Files
from app.bench.measure.rows import NO_AIM, Aim, Base, Clockwork, Row, Table
from app.bench.measure.scene import STARTED_AT, STEP, area_of
from app.clock import DrillClock
from app.jobs import Jobs
from app.radar.radar_desk import RadarDesk
from app.worker.worker import RadarTaken, RadarWish, take_radar
from layers.drawing import Drawings
from layers.grid_layer import GridLayer
from layers.map_view import MapView
from models.grid import GridArea
from models.radar.decoders import read
from models.radar.mosaic import Mosaic
from widgets.map.canvas import MapCanvas

WIDTH, HEIGHT = 1920, 1080
WORKERS = 2
_LIMIT_MS, _LOOK_MS = 120_000, 2


def reading_rows(table: Table, clock: Clockwork, files: Sequence[Files]) -> None:
    """Measure reading, and the way from the disk to the screen."""
    one = files[0]
    table.head(f"Reading: FMT of {one.megabytes:.1f} MB unpacked, {one.packed.stat().st_size / 1e6:.1f} MB as bz2")
    packed = one.packed.read_bytes()
    table.add(
        clock.row(
            "plain file to codes, for each MB", lambda: read(one.plain), unit="ms/MB", per=one.megabytes, aim=Aim(1.5)
        )
    )
    table.add(
        clock.row(
            "bz2 file to codes",
            lambda: read(one.packed),
            base=Base("bz2.decompress", lambda: bz2.decompress(packed)),
            aim=Aim(1.15, is_ratio=True),
            fewer=3,
        )
    )
    table.head(f"From the disk to the screen: {WORKERS} worker processes, frame of 1000 x 1000")
    for row in to_screen(files, turns=max(2, clock.turns // 6)):
        table.add(row)


def to_screen(files: Sequence[Files], *, turns: int, cells: int = 1000) -> tuple[Row, Row]:
    """Return the rows of all volumes onto an empty map, and of one onto the map where the others stand."""
    radar = _Radar(area_of(cells))
    try:
        radar.take([files[0].packed], 1)  # workers are up, and every table is there once all have been
        radar.forget()
        radar.take([one.packed for one in files], len(files))
        all_s, one_s = [], []
        for _ in range(turns):
            radar.forget()
            all_s.append(radar.take([one.packed for one in files], len(files)))
        for turn in range(turns):
            radar.forget()
            new = turn % len(files)
            rest = [one.packed for index, one in enumerate(files) if index != new]
            if rest:
                radar.take(rest, len(rest))
            one_s.append(radar.take([files[new].packed], len(files)))
    finally:
        radar.close()
    many = f"{len(files)} bz2 volumes on disk -> painted frame"
    return (
        Row(many, "s", tuple(all_s), aim=Aim(1.9) if len(files) == 9 else NO_AIM),
        Row("one bz2 volume on disk -> mosaic on screen", "s", tuple(one_s), aim=Aim(1.5)),
    )


class _Radar:
    """The console's own radar desk, jobs and canvas."""

    def __init__(self, area: GridArea) -> None:
        self._application = QApplication.instance() or QApplication([])
        self._area = area
        self._jobs = Jobs(processes=WORKERS)
        self._jobs.warm()
        self._canvas = MapCanvas()
        self._canvas.resize(WIDTH, HEIGHT)
        middle_x, middle_y = area.west_m + area.columns * area.cell_m / 2, area.north_m - area.rows * area.cell_m / 2
        self._canvas.show_view(MapView(middle_x, middle_y, area.cell_m * area.rows / HEIGHT, WIDTH, HEIGHT))
        self._canvas.show()
        self._application.processEvents()
        self._wish = RadarWish(np.zeros(0), np.zeros(0), {}, STEP)
        self._painted = 0
        self._failed: list[Exception] = []
        self._desk = self._new_desk()

    def forget(self) -> None:
        """Begin with an empty map."""
        self._wait(lambda: self._jobs.idle)
        self._desk = self._new_desk()
        self._canvas.show_drawings(Drawings(()))
        self._painted = 0

    def take(self, paths: Sequence[Path], until: int) -> float:
        """Take files as the feed does; return the s until a frame of so many radars is painted."""
        start = time.perf_counter()
        for path in paths:
            self._jobs.start(
                f"radar:{path.name}",
                partial(take_radar, path, self._wish),
                on_done=self._on_taken,
                on_error=self._failed.append,
                where="process",
            )
        self._wait(lambda: self._painted >= until)
        return time.perf_counter() - start

    def close(self) -> None:
        """End the workers."""
        self._jobs.close()
        self._canvas.close()

    def _new_desk(self) -> RadarDesk:
        clock = DrillClock(STARTED_AT + timedelta(minutes=3))
        shelf = Path(os.devnull)  # a shelf that cannot be written to: the tables stay in memory, nothing is left behind
        desk = RadarDesk(self._jobs, radars={}, clock=clock, max_age=2 * STEP, shelf=shelf)
        desk.open(self._area, self._wish)
        desk.mosaic_changed.connect(self._on_mosaic)
        desk.failed.connect(self._failed.append)
        return desk

    def _on_taken(self, taken: RadarTaken) -> None:
        self._desk.take(taken)

    def _on_mosaic(self, mosaic: Mosaic | None) -> None:
        if mosaic is None:
            return
        self._canvas.show_drawings(Drawings(GridLayer.of_mosaic(mosaic).draw(self._canvas.view(), 1.0)))
        self._canvas.repaint()
        self._painted = len(mosaic.sources)

    def _wait(self, done: Callable[[], bool]) -> None:
        """Let the event loop run, asleep between events, until it is done."""
        loop = QEventLoop()
        look, late = QTimer(), QTimer()
        look.setInterval(_LOOK_MS)
        look.timeout.connect(lambda: loop.quit() if done() or self._failed else None)
        late.setSingleShot(True)
        late.timeout.connect(loop.quit)
        look.start()
        late.start(_LIMIT_MS)
        if not done():
            loop.exec()
        if self._failed:
            raise self._failed[0]
        if not done():
            raise TimeoutError
