"""What one office of so many radars on one map costs in time and memory; measured in a process of its own."""

from __future__ import annotations

import pickle
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import cv2
import numpy as np

from app.bench.measure.mosaic_rows import THREADS
from app.bench.measure.scene import STARTED_AT, STEP, area_of
from models.radar.compose import Plane, compose, plane_of, recompose
from models.radar.footprint import Footprint
from models.radar.polar import footprint_of
from models.radar.tables import PixelTable, pixel_table
from models.radar.volume import Volume

_AT = STARTED_AT + timedelta(minutes=3)
_FOOTPRINTS = "footprints.pickle"
MOST_GEOMETRIES = 9


@dataclass(frozen=True, slots=True)
class Task:
    """How many radars on a map of ``side`` x ``side``; ``folder`` holds the footprints, and keeps the tables."""

    folder: Path
    radars: int
    side: int
    turns: int


@dataclass(frozen=True, slots=True)
class Cost:
    """Medians in ms, and MB. ``tables_mb`` is what so many different radars need; here nine are repeated."""

    radars: int
    side: int
    frame_ms: float
    pixels_ms: float
    one_new_ms: float
    table_s: float
    loaded_ms: float
    tables_mb: float
    planes_mb: float
    peak_mb: float


def keep(volumes: Sequence[Volume], folder: Path) -> Path:
    """Put the footprints of some volumes into a folder; return it."""
    footprints = tuple(footprint_of(volume, step=STEP) for volume in volumes)
    (folder / _FOOTPRINTS).write_bytes(pickle.dumps(footprints))
    return folder


def cost_of(task: Task) -> Cost:
    """Measure one office."""
    cv2.setNumThreads(1)
    data = (task.folder / _FOOTPRINTS).read_bytes()
    known: tuple[Footprint, ...] = pickle.loads(data)  # noqa: S301 - this bench wrote it a moment ago
    area = area_of(task.side)
    make: Callable[..., PixelTable] = pixel_table.__wrapped__
    table_s = _median(lambda: make(known[0].geometry, area), 1)
    tables = [make(one.geometry, area, task.folder) for one in known[: min(task.radars, MOST_GEOMETRIES)]]
    loaded_ms = 1000 * _median(lambda: make(known[0].geometry, area, task.folder), task.turns)
    footprints = [
        replace(one, source=replace(one.source, code=f"R{number}"))
        for number in range(task.radars)
        for one in (known[number % len(known)],)
    ]
    with ThreadPoolExecutor(THREADS) as threads:

        def gather() -> tuple[Plane, ...]:
            return tuple(
                plane_of(one, tables[number % len(tables)], spread=threads.map) for number, one in enumerate(footprints)
            )

        planes = gather()
        standing = compose(planes, area, at=_AT, max_age=STEP, spread=threads.map)
        middle = min(len(tables) // 2, task.radars - 1)

        def one_new() -> object:
            plane = plane_of(footprints[middle], tables[middle], spread=threads.map)
            return recompose(
                standing, (*planes[:middle], plane, *planes[middle + 1 :]), plane.source.code, spread=threads.map
            )

        frame_s = _median(lambda: compose(planes, area, at=_AT, max_age=STEP, spread=threads.map), task.turns)
        pixels_s = frame_s + _median(gather, task.turns)
        one_new_s = _median(one_new, task.turns)
    size = sum(tile.index.nbytes for table in tables for tile in table.tiles) / len(tables)
    return Cost(
        task.radars,
        task.side,
        1000 * frame_s,
        1000 * pixels_s,
        1000 * one_new_s,
        table_s,
        loaded_ms,
        size * task.radars / 1e6,
        sum(tile.cells.nbytes for plane in planes for tile in plane.tiles) / 1e6,
        peak_mb(),
    )


def peak_mb() -> float:
    """Return the most memory that this process ever had, MB; not known outside of Linux and macOS."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return float("nan")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def _median(act: Callable[[], object], turns: int) -> float:
    seconds = []
    for _ in range(turns):
        start = time.perf_counter()
        kept = act()
        seconds.append(time.perf_counter() - start)
        del kept
    return float(np.median(seconds))
