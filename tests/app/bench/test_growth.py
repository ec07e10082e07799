"""The bench of growth: what an office of some radars costs, and that the job's answers are compared in full."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np

from app.bench.growth import needed
from app.bench.measure.dask_rows import equal, wish
from app.bench.measure.fmt_files import write_files
from app.bench.measure.growth_cost import Task, cost_of, keep
from app.bench.measure.scene import volumes
from app.worker.worker import take_radar


def test_an_office_of_two_radars_costs_time_and_memory(tmp_path: Path) -> None:
    cost = cost_of(Task(keep(volumes(1), tmp_path), 2, 120, 2))
    assert (cost.radars, cost.side) == (2, 120)
    assert all(value > 0 for value in (cost.frame_ms, cost.pixels_ms, cost.one_new_ms, cost.table_s, cost.peak_mb))
    # two tables of eight bytes a cell, two planes of two
    assert math.isclose(cost.tables_mb, 4 * cost.planes_mb)
    assert 0 < cost.planes_mb <= 2 * 120 * 120 * 2 / 1e6


def test_what_a_province_needs_is_said_for_each_map(tmp_path: Path) -> None:
    cost = cost_of(Task(keep(volumes(1), tmp_path), 1, 100, 2))
    said = needed(30, [replace(cost, radars=30, one_new_ms=6.0, tables_mb=1000.0, planes_mb=500.0, side=2000)], 0.354)
    assert "30 radars, 4 M pixels: a volume every 12.0 s needs 3.0 % of one core (0.05 % for the map)" in said
    assert "1.8 GB" in said


def test_two_answers_of_the_job_are_equal_only_cell_by_cell(tmp_path: Path) -> None:
    (files,) = write_files(volumes(1), tmp_path)
    one, other = take_radar(files.plain, wish()), take_radar(files.packed, wish())
    assert equal(one, other)
    assert one.footprint is not None
    cells = one.footprint.cells.copy()
    cells[np.flatnonzero(cells)[0]] += 1
    assert not equal(one, replace(other, footprint=replace(one.footprint, cells=cells)))
    assert not equal(one, replace(other, footprint=None))
