"""The bench of the radar: the same scene every time, a name and an aim in every row, and it runs to its end."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np

from app.bench.measure.fmt_files import volume_bytes
from app.bench.measure.rows import Aim, Base, Clockwork, Row
from app.bench.measure.scene import ECHO_SHARES, GATES, area_of, volumes
from models.radar.decoders import cma_base
from tests.data import ROOT

AIMS = {
    "composite with value, age, height, source": 25,
    "plain maximum": 15,
    "pixel stage alone": 8,
    "one new radar, polar stage included": 6,
    "plain file to codes, for each MB": 1.5,
    "bz2 file to codes": 1.15,
    "one bz2 volume on disk -> mosaic on screen": 1.5,
    "section redraw while dragging, 2 radars": 16,
}


def test_the_scene_is_the_same_every_time_and_is_what_its_file_says() -> None:
    (volume,) = volumes(1)
    data = volume_bytes(volume, 0)
    assert data == volume_bytes(volumes(1)[0], 0)
    read = cma_base.decode(data, "scene")
    assert read.complete
    assert [sweep.elevation_deg for sweep in read.sweeps] == [sweep.elevation_deg for sweep in volume.sweeps]
    for sweep, wanted, share in zip(read.sweeps, volume.sweeps, ECHO_SHARES, strict=True):
        codes = sweep.moments["dBZ"].codes
        assert np.array_equal(codes, wanted.moments["dBZ"].codes)
        assert np.array_equal(sweep.azimuth_deg, wanted.azimuth_deg)
        assert codes.shape == (720 if sweep.number <= 4 else 360, GATES)
        assert abs(np.count_nonzero(codes) / codes.size - share) < 0.001
    assert area_of(1000).shape == (1000, 1000)


def test_a_row_tells_an_aim_that_is_met_from_one_that_is_not() -> None:
    assert Row("slow", "ms", (3.0, 9.0, 4.0), aim=Aim(5)).met is True
    assert Row("slow", "ms", (3.0, 9.0, 6.0), aim=Aim(5)).met is False
    assert Row("slow", "ms", (30.0, 60.0), base=(10.0, 20.0), aim=Aim(3.5, is_ratio=True)).met is True
    assert Row("absent", "ms", (), aim=Aim(5)).met is None
    assert "not built" in Row("absent", "ms", (), aim=Aim(5)).line()


def test_the_baseline_is_measured_turn_by_turn() -> None:
    order: list[str] = []
    row = Clockwork(3).row("act", lambda: order.append("act"), base=Base("base", lambda: order.append("base")))
    assert order == ["base", "act"] * 5  # two turns to warm up
    assert (len(row.values), len(row.base)) == (3, 3)


def test_a_small_run_ends_well_and_every_row_has_its_name_and_aim() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app.bench.radar", "--quick", "--json"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    rows = {(row["part"], row["name"]): row for row in record["rows"]}
    assert len(rows) == len(record["rows"])
    aims = {row["name"]: row["aim"] for row in record["rows"] if row["aim"] is not None}
    assert {name: aims.get(name) for name in AIMS} == AIMS
    assert all(row["median"] is not None or row["note"] for row in record["rows"])
    assert record["machine"]["copy_gb_s"] > 0
