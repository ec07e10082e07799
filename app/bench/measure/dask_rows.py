"""The console's own job on a Dask cluster of this machine: the same function, the same answer. No dependency."""

from __future__ import annotations

import importlib
import time
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from app.bench.measure.fmt_files import Files
from app.bench.measure.rows import Row
from app.bench.measure.scene import STEP
from app.worker.worker import RadarTaken, RadarWish, take_radar

NAME = "take_radar on 2 Dask workers, all files"


def wish() -> RadarWish:
    """Return what the console would ask for of a file."""
    return RadarWish(np.zeros(0), np.zeros(0), {}, STEP)


def dask_row(files: Sequence[Files]) -> Row:
    """Return the row of `app.worker.worker.take_radar` on a cluster, beside the same here; its note says whether they agree."""
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError:
        return Row(NAME, "s", (), note="Dask is not installed")
    work = partial(take_radar, wish=wish())
    paths = [one.packed for one in files]
    start = time.perf_counter()
    here = [work(path) for path in paths]
    here_s = time.perf_counter() - start
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        client.gather(client.map(work, paths, pure=False))  # workers load their modules
        start = time.perf_counter()
        there = client.gather(client.map(work, paths, pure=False))
        there_s = time.perf_counter() - start
    same = all(equal(a, b) for a, b in zip(here, there, strict=True))
    note = f"{len(paths)} files, Dask {distributed.__version__}, every cell {'equal' if same else 'NOT equal'}"
    return Row(NAME, "s", (there_s,), base=(here_s,), base_name="one after the other here", note=note)


def equal(one: RadarTaken, other: RadarTaken) -> bool:
    """Return whether two answers of the job say the same."""
    a, b = one.footprint, other.footprint
    if a is None or b is None:
        return a is b
    return (
        (one.site, one.started_at, one.at, one.sweeps) == (other.site, other.started_at, other.at, other.sweeps)
        and (a.source, a.quantity, a.geometry) == (b.source, b.quantity, b.geometry)
        and np.array_equal(a.cells, b.cells)
    )
