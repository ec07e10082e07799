"""What the machine can do at all, so that runs on two machines compare: cores, versions, copying, unpacking."""

from __future__ import annotations

import bz2
import os
import platform
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

import cv2
import numpy as np

from app.bench.measure.mosaic_rows import THREADS, Desk
from models.radar.rays import ground_cut, reflectivity_of

_COPY_BYTES = 128 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Machine:
    """Cores and load, versions, GB/s read and written while copying on one thread and on two, MB/s out of bz2."""

    cores: int
    load: float
    python: str
    numpy: str
    opencv: str
    copy_gb_s: float
    copy_two_gb_s: float
    bz2_mb_s: float

    def line(self) -> str:
        """Return it in one line."""
        return (
            f"{self.cores} cores, load {self.load:.1f}, Python {self.python}, numpy {self.numpy}, OpenCV {self.opencv}; "
            f"copies {self.copy_gb_s:.1f} GB/s read and written on one thread, {self.copy_two_gb_s:.1f} on two; "
            f"bz2 gives {self.bz2_mb_s:.0f} MB/s"
        )

    def record(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {key: round(value, 2) if isinstance(value, float) else value for key, value in asdict(self).items()}


def probe(packed: bytes, *, turns: int, copy_bytes: int = _COPY_BYTES) -> Machine:
    """Measure the machine; the best of some turns counts."""
    source = np.ones(copy_bytes, np.uint8)
    target = np.empty_like(source)
    half = copy_bytes // 2

    def copy(part: slice) -> None:
        np.copyto(target[part], source[part])

    with ThreadPoolExecutor(2) as threads:
        one = min(_seconds(lambda: copy(slice(0, copy_bytes))) for _ in range(turns))
        two = min(
            _seconds(lambda: list(threads.map(copy, (slice(0, half), slice(half, copy_bytes))))) for _ in range(turns)
        )
    size = len(bz2.decompress(packed))
    unpack = min(_seconds(lambda: bz2.decompress(packed)) for _ in range(min(3, turns)))
    return Machine(
        os.cpu_count() or 1,
        os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan"),
        platform.python_version(),
        np.__version__,
        str(cv2.__version__),
        2 * copy_bytes / one / 1e9,
        2 * copy_bytes / two / 1e9,
        size / unpack / 1e6,
    )


def bound_ms(desk: Desk, copy_gb_s: float) -> tuple[float, float]:
    """Return MB that a composite has to move at the least (codes, tables, output), and the ms that takes."""
    codes = 0
    for volume, footprint in zip(desk.volumes, desk.footprints, strict=True):
        for sweep in volume.sweeps:
            moment = reflectivity_of(sweep)
            if moment is not None:
                codes += ground_cut(sweep, moment, footprint.geometry, volume.site.altitude_m).codes.size  # type: ignore[arg-type]
    tables = sum(tile.index.nbytes for table in desk.tables for tile in table.tiles)
    total = codes + tables + 3 * desk.area.rows * desk.area.columns
    return total / 1e6, total / (copy_gb_s * 1e9) * 1000


def traffic_line(desk: Desk, machine: Machine, median_ms: float) -> str:
    """Return the bound of the composite, and how far from it a figure is."""
    megabytes, least_ms = bound_ms(desk, machine.copy_two_gb_s)
    return (
        f"traffic bound of the composite: {megabytes:.0f} MB of codes, tables and output at copy speed on {THREADS} "
        f"threads = {least_ms:.1f} ms; measured {median_ms / least_ms:.1f} x that"
    )


def _seconds(act: Any) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start
