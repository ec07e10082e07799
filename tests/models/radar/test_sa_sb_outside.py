"""The real SB volume against the figures of two readers that nobody of this project wrote.

How their rows lie over ours is told in ``tests/reference/README.md``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from models.radar.decoders import read
from models.radar.volume import Sweep, Volume
from tests import data

REFERENCE = Path(__file__).resolve().parents[2] / "reference"
CINRAD_SHIFTED = {9, 10, 11}
"""Cuts whose V and W cinrad takes from where the Z gates end, not from where the pointers lead."""


@pytest.fixture(name="volume", scope="module")
def _volume() -> Volume:
    volume = read(next(data.need("radar/cinrad_base").glob("*Z9398*")))
    assert isinstance(volume, Volume)
    return volume


def figures_of(reader: str) -> dict[str, Any]:
    figures: dict[str, Any] = json.loads((REFERENCE / f"z9398_{reader}.json").read_text(encoding="utf-8"))
    return figures


def laid_over(volume: Volume, cut: dict[str, Any], name: str) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return our values of a moment on the rows and gates of another reader, and where our file says folded."""
    seen = cut["moments"][name]
    sweep, theirs = volume.sweeps[seen["cut"] - 1], volume.sweeps[cut["cut"] - 1]
    moment = sweep.moments[name]
    values, folded = moment.values().astype(float), moment.codes == 1
    rows = np.arange(values.shape[0]) if sweep is theirs else nearest_rays(sweep, theirs)
    gates = (np.arange(seen["gates"]) + seen.get("ahead", 0)) // seen.get("every", 1)
    inside = gates < values.shape[1]
    out = np.full((rows.size, gates.size), np.nan)
    out[:, inside] = values[np.ix_(rows, gates[inside])]
    marks = np.zeros(out.shape, np.bool_)
    marks[:, inside] = folded[np.ix_(rows, gates[inside])]
    return out, marks


def nearest_rays(sweep: Sweep, wanted: Sweep) -> NDArray[np.intp]:
    apart = np.abs((wanted.azimuth_deg[:, None] - sweep.azimuth_deg[None, :] + 180) % 360 - 180)
    nearest: NDArray[np.intp] = apart.argmin(axis=1)
    return nearest


def agrees(ours: NDArray[np.float64], seen: dict[str, Any], *, also: int = 0) -> int:
    """Compare counts, sum, extremes and the picked gates; return how many gates were looked at."""
    assert int(np.isfinite(ours).sum()) + also == seen["values"]
    assert np.nansum(ours) == pytest.approx(seen["sum"])
    assert (np.nanmin(ours), np.nanmax(ours)) == (seen["lowest"], seen["highest"])
    for ray, gate, value in seen["picked"]:
        assert ours[ray, gate] == pytest.approx(np.nan if value is None else value, nan_ok=True)
    return len(seen["picked"])


def test_pycwr_sees_the_same_values_where_its_rows_lie_over_ours(volume: Volume) -> None:
    figures = figures_of("pycwr")
    site = figures["site"]
    assert (volume.site.lat_deg, volume.site.lon_deg, volume.site.altitude_m) == (
        site["lat"], site["lon"], site["altitude_m"],
    )  # fmt: skip
    looked = 0
    for cut in figures["cuts"]:
        sweep = volume.sweeps[cut["cut"] - 1]
        assert (cut["rays"], cut["first_range_m"]) == (sweep.azimuth_deg.size, 250.0)
        assert float(sweep.azimuth_deg[0]) == pytest.approx(cut["first_azimuth_deg"], abs=2e-3)
        assert float(sweep.azimuth_deg[-1]) == pytest.approx(cut["last_azimuth_deg"], abs=2e-3)
        assert sweep.elevation_deg == pytest.approx(cut["median_elevation_deg"], abs=1e-3)
        assert f"{sweep.started_at:%Y-%m-%dT%H:%M:%S.%f}"[:-3] == cut["first_ray_at"]
        for name, seen in cut["moments"].items():
            ours, _ = laid_over(volume, cut, name)
            looked += agrees(ours, seen)
    assert looked == 20 * 3 * 9


def test_cinrad_sees_the_same_values_but_for_its_two_faults(volume: Volume) -> None:
    figures = figures_of("cinrad")
    assert figures["site"] == {"lat": 0.0, "lon": 0.0, "altitude_m": 0.0}, "it does not know the radar, and says so"
    assert len(figures["cuts"]) == 11
    looked = shifted = 0
    for cut in figures["cuts"]:
        sweep = volume.sweeps[cut["cut"] - 1]
        assert cut["rays"] == sweep.azimuth_deg.size
        assert set(cut["moments"]) == set(sweep.moments)
        for name, seen in cut["moments"].items():
            ours, folded = laid_over(volume, cut, name)
            if name == "dBZ":
                ours[folded] = 0.0  # a fault: range folded, shown as 0 dBZ
                looked += agrees(ours, seen)
            elif cut["cut"] in CINRAD_SHIFTED:
                assert seen["from"] > 2, "a fault: V and W begin two or three gates too early"
                assert abs(int(np.isfinite(ours).sum()) - seen["values"]) <= 1
                for ray, gate, value in seen["picked"]:
                    assert ours[ray, gate] == pytest.approx(np.nan if value is None else value, nan_ok=True)
                    shifted += 1
            else:
                looked += agrees(ours, seen)
    assert (looked, shifted) == (20 * (9 + 2 * 6), 20 * 2 * 3)
    assert {int(seen["from"]) for cut in figures["cuts"] for seen in cut["moments"].values()} == {0, 2, 4, 5}
