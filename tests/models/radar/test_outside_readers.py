"""Our decoder against the figures of readers that nobody of this project wrote."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.demo.cma_writer import write_volume
from app.demo.radars import RADARS
from models.radar.decoders import read
from models.radar.volume import Sweep, Volume
from tests import data

REFERENCE = Path(__file__).resolve().parents[2] / "reference"
FOLDERS = {
    "zg170": "radar/cinrad_base",
    "zk001": "radar/fmt_converted_nexrad",
    "zs140": "radar/fmt_converted_sweden",
    "zs146": "radar/fmt_converted_sweden",
    "zs150": "radar/fmt_converted_sweden",
}
REAL = [(f"{name}_{reader}.json", folder) for name, folder in FOLDERS.items() for reader in ("pycwr", "cinrad")]


def agree(volume: Volume, figures: dict[str, Any]) -> int:
    """Assert that a volume is as an outside reader saw it; return how many gates were compared."""
    compared = 0
    assert volume.site.lat_deg == pytest.approx(figures["site"]["lat"], abs=1e-4)
    assert volume.site.lon_deg == pytest.approx(figures["site"]["lon"], abs=1e-4)
    assert len(volume.sweeps) == len(figures["cuts"])
    for sweep, cut in zip(volume.sweeps, figures["cuts"], strict=True):
        assert sweep.elevation_deg == pytest.approx(cut["elevation_deg"], abs=2e-3)
        assert sweep.azimuth_deg.size == cut["rays"]
        assert float(sweep.azimuth_deg[0]) == pytest.approx(cut["first_azimuth_deg"], abs=2e-3)
        assert float(sweep.azimuth_deg[-1]) == pytest.approx(cut["last_azimuth_deg"], abs=2e-3)
        seen_at(volume, sweep, cut)
        decoded = {name: moment.values().astype(float) for name, moment in sweep.moments.items()}
        assert {name for name, values in decoded.items() if np.isfinite(values).any()} == set(cut["moments"])
        for name, seen in cut["moments"].items():
            values = decoded[name]
            assert int(np.isfinite(values).sum()) == seen["values"]
            assert np.nansum(values) == pytest.approx(seen["sum"], rel=1e-6, abs=0.5)
            assert np.nanmin(values) == pytest.approx(seen["lowest"], abs=1e-3)
            assert np.nanmax(values) == pytest.approx(seen["highest"], abs=1e-3)
            for ray, gate, value in seen["picked"]:
                if gate < values.shape[1]:  # cinrad fills up to the range it was asked for
                    assert values[ray, gate] == pytest.approx(np.nan if value is None else value, abs=1e-3, nan_ok=True)
                    compared += 1
    return compared


def seen_at(volume: Volume, sweep: Sweep, cut: dict[str, Any]) -> None:
    """Assert time and gates of a cut, where the reader said them; it names a gate by its far edge and leaves out the start."""
    if "first_ray_at" not in cut:
        return
    first = datetime.fromisoformat(cut["first_ray_at"]).replace(tzinfo=UTC)
    assert abs((sweep.started_at - first).total_seconds()) < 0.001
    for moment in sweep.moments.values():
        assert moment.gate_m == cut["first_gate_m"]
        assert moment.gate_m * moment.codes.shape[1] == cut["last_gate_m"]
    assert volume.started_at.tzinfo is UTC


@pytest.mark.parametrize(("reference", "folder"), REAL)
def test_real_volumes_are_as_the_outside_readers_saw_them(reference: str, folder: str) -> None:
    figures = json.loads((REFERENCE / reference).read_text(encoding="utf-8"))
    volume = read(data.need(f"{folder}/{figures['file']}"))
    assert isinstance(volume, Volume)
    assert f"{volume.started_at:%Y-%m-%dT%H:%M:%S}" == figures["started_at"]
    assert agree(volume, figures) >= 14 * sum(len(cut["moments"]) for cut in figures["cuts"])


@pytest.mark.parametrize("reference", ["demo_volume.json", "demo_volume_cinrad.json"])
def test_the_demo_offices_volume_is_as_the_outside_readers_saw_it(reference: str) -> None:
    figures = json.loads((REFERENCE / reference).read_text(encoding="utf-8"))
    volume = read(REFERENCE / "demo_volume.bin.bz2")
    assert isinstance(volume, Volume)
    assert volume.complete
    assert agree(volume, figures) == 20 * sum(len(cut["moments"]) for cut in figures["cuts"])


def test_what_the_demo_writes_today_is_laid_out_as_what_the_outside_readers_read(tmp_path: Path) -> None:
    """The storm may be tuned; site, cuts, gates and coding may only change with new figures."""
    kept = read(REFERENCE / "demo_volume.bin.bz2")
    assert isinstance(kept, Volume)
    radar = next(radar for radar in RADARS if radar.code == kept.site.code)
    today = read(write_volume(radar, kept.started_at, tmp_path))
    assert isinstance(today, Volume)
    assert today.complete
    assert (today.site, today.started_at, today.announced) == (kept.site, kept.started_at, kept.announced)
    assert (today.task, today.scan, today.frequency_mhz) == (kept.task, kept.scan, kept.frequency_mhz)
    for new, old in zip(today.sweeps, kept.sweeps, strict=True):
        assert (new.number, new.elevation_deg, new.nyquist_ms) == (old.number, old.elevation_deg, old.nyquist_ms)
        assert set(new.moments) == set(old.moments)
        for name, moment in new.moments.items():
            then = old.moments[name]
            assert moment.codes.shape == then.codes.shape
            assert (moment.scale, moment.offset, moment.gate_m, moment.start_m) == (
                then.scale,
                then.offset,
                then.gate_m,
                then.start_m,
            )
    assert max(float(np.nanmax(sweep.moments["dBZ"].values())) for sweep in today.sweeps) > 35
